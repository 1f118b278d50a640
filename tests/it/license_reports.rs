//! The license report in all its formats, from one sample with a bit of everything.
//!
//! The documents are written to `target/tmp/licenses` as well, where `.ci/license_reports.py` holds them to the
//! standards that they claim to follow.

use std::fs;
use std::path::{Path, PathBuf};

use depaudit::model::{LicenseReport, SourceMap, SubjectKind};
use depaudit::report::Style;
use depaudit::report::licenses::{FORMATS, differs, find};

use super::license_sample::{SECRETS, license, report, row, sample};

const STYLE: Style = Style { width: 80, color: false, detail: 0 };

pub(crate) fn render_with(format: &str, report: &LicenseReport, sources: &SourceMap, style: Style) -> String {
    let mut out = Vec::new();
    (find(format).unwrap().render)(report, sources, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn render(format: &str) -> String {
    let (report, sources) = sample();
    render_with(format, &report, &sources, STYLE)
}

/// A folder for what the validators read.
fn documents() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("licenses");
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_table_of_formats_is_sorted() {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    assert!(names.is_sorted(), "{names:?}");
}

/// Writes every document, for the validators, and holds all of them to what every output owes.
#[test]
fn every_format_is_safe_and_the_same_again() {
    for format in FORMATS {
        let text = render(format.name);
        fs::write(documents().join(format!("sample.{}", format.name)), &text).unwrap();
        assert_eq!(text, render(format.name), "{}", format.name);
        assert!(text.ends_with('\n') && !text.is_empty(), "{}", format.name);
        for secret in SECRETS {
            assert!(!text.contains(secret), "{} of {}", secret, format.name);
        }
        let unsafe_one = text.chars().find(|character| {
            !matches!(character, '\n' | '\r') && depaudit::report::sanitize::is_unsafe(*character)
        });
        assert_eq!(unsafe_one, None, "{}", format.name);
        assert!(format.name == "csv" || !text.contains('\r'), "{}", format.name);
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{}", format.name);
    }
}

/// Bills of material of what is out of the ordinary, for the validators.
#[test]
fn bills_of_odd_projects() {
    let read = |text: &str| depaudit::license::parse(text).unwrap();
    let mut expressions: Vec<_> = [
        "Apache-2.0+",
        "GPL-2.0+ WITH Bison-exception-2.2",
        "LicenseRef-Proprietary.2",
        "MIT OR Apache-2.0",
        "LicenseRef-a OR 0BSD OR BSD-3-Clause",
        "MIT AND (Apache-2.0 OR GPL-3.0-or-later) AND Zlib",
        "MIT OR (ISC AND LicenseRef-a)",
    ]
    .map(read)
    .into();
    // Every license and every exception of the list, which has two words that stand for none.
    let listed = spdx::identifiers::LICENSES.iter().map(|license| license.name);
    let listed: Vec<_> = listed.filter(|name| !["NONE", "NOASSERTION"].contains(name)).collect();
    expressions.extend(listed.iter().map(|name| read(name)));
    let exceptions: Vec<_> = spdx::identifiers::EXCEPTIONS.iter().map(|exception| exception.name).collect();
    expressions.extend(exceptions.iter().map(|name| read(&format!("GPL-2.0-or-later WITH {name}"))));
    fs::write(documents().join("list.txt"), [listed, exceptions].concat().join("\n") + "\n").unwrap();
    let rows =
        expressions.iter().enumerate().map(|(number, one)| row(&format!("p{number}"), "1", one.clone()));
    let mut every = report(rows.collect());
    every.skipped.clear();
    let words: Vec<_> = expressions.iter().map(ToString::to_string).collect();
    fs::write(documents().join("expressions.txt"), words.join("\n") + "\n").unwrap();
    let mut empty = report(Vec::new());
    empty.project = None;
    // Another document would have to define the reference; two rows are the same.
    let mut twice = report(vec![
        row("same", "1", license("MIT")),
        row("same", "1", license("DocumentRef-x:LicenseRef-y")),
    ]);
    twice.project = None;
    twice.root_name = "https://user:hunter2@index.example.com/".to_owned();
    twice.rows[0].kind = SubjectKind::FirstParty;
    for (name, report) in [("expressions", every), ("empty", empty), ("twice", twice)] {
        for format in ["cyclonedx", "spdx"] {
            let text = render_with(format, &report, &SourceMap::default(), STYLE);
            assert!(!text.contains("hunter2"));
            fs::write(documents().join(format!("{name}.{format}")), text).unwrap();
        }
    }
}

/// The document of a format, and the only one of `list` with this name.
fn found<'a>(document: &'a serde_json::Value, list: &str, name: &str) -> &'a serde_json::Value {
    document[list].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()
}

#[test]
fn spdx_says_what_is_known() {
    let text = render("spdx");
    insta::assert_snapshot!(text);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["creationInfo"]["created"], "2026-11-21T00:00:00Z");
    let recipe = found(&document, "packages", "old-timer");
    assert_eq!(
        (&recipe["licenseConcluded"], &recipe["licenseDeclared"]),
        (&"BSD-3-Clause".into(), &"NOASSERTION".into())
    );
    let git = found(&document, "packages", "cart-git")["downloadLocation"].as_str().unwrap();
    assert!(git.starts_with("git+https://ada:****@git.example.com/shop/cart.git@0123456789abcdef"), "{git}");
    let relations = document["relationships"].as_array().unwrap();
    let of = |kind: &str| relations.iter().filter(|relation| relation["relationshipType"] == kind).count();
    assert_eq!(
        (of("DESCRIBES"), of("DEV_DEPENDENCY_OF")),
        (1, 2),
        "a group with any other name is for development"
    );
    assert_eq!(document["hasExtractedLicensingInfos"][0]["licenseId"], "LicenseRef-Acme");
    assert!(document["comment"].as_str().unwrap().starts_with("incomplete, not audited: requirements.txt"));
}

#[test]
fn cyclonedx_says_what_is_known() {
    let text = render("cyclonedx");
    insta::assert_snapshot!(text);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let licenses = |name: &str| found(&document, "components", name)["licenses"][0].clone();
    assert_eq!(
        licenses("attrs"),
        serde_json::json!({"license": {"id": "MIT", "acknowledgement": "declared"}})
    );
    assert_eq!(licenses("old-timer")["license"]["acknowledgement"], "concluded");
    assert_eq!(licenses("left")["expression"], "MIT OR Apache-2.0");
    assert_eq!(found(&document, "components", "tests-only")["scope"], "excluded");
    assert_eq!(found(&document, "components", "mystery")["scope"], "optional");
    let git = found(&document, "components", "cart-git")["purl"].as_str().unwrap();
    assert_eq!(
        git,
        "pkg:pypi/cart-git@0.9?vcs_url=git%2Bhttps://ada:%2A%2A%2A%2A%40git.example.com/shop/cart.git\
         %400123456789abcdef0123456789abcdef01234567%23python"
    );
    let cycle = document["dependencies"].as_array().unwrap();
    let of = |name: &str| cycle.iter().find(|one| one["ref"].as_str().unwrap().contains(name)).unwrap();
    assert_eq!(of("pypi/right")["dependsOn"][0], "pkg:pypi/left@1.0");
    assert_eq!(of("pypi/left")["dependsOn"][0], "pkg:pypi/right@2.0%2Bcpu");
}

/// What we write we read: the packages with their versions, but not what has none, and the edges.
#[test]
fn our_own_bill_of_material_can_be_audited() {
    let (mut report, sources) = sample();
    tame(&mut report);
    let text = render_with("cyclonedx", &report, &sources, STYLE);
    let folder = super::common::folder(&[("bom.cdx.json", &text)]);
    let ran =
        super::common::audit(folder.path(), &["graph", "--format", "json", "--root", ".", "bom.cdx.json"]);
    let graph = ran.json();
    let packages = graph["inputs"][0]["packages"].as_array().unwrap();
    let versions: Vec<_> =
        packages.iter().map(|one| format!("{} {}", one["name"], one["version"]).replace('"', "")).collect();
    for package in ["attrs 25.3.0", "cart-git 0.9", "right 2.0+cpu", "tests-only 8.0"] {
        assert!(versions.iter().any(|version| version == package), "{package} of {versions:?}");
    }
}

/// An identity stands for one content: any change of it gives another one.
#[test]
fn identities_follow_the_content() {
    let (mut changed, sources) = sample();
    changed.rows[0].reason.push('!');
    for (format, key) in [("spdx", "documentNamespace"), ("cyclonedx", "serialNumber")] {
        let of = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()[key].clone();
        assert_ne!(of(&render(format)), of(&render_with(format, &changed, &sources, STYLE)), "{format}");
    }
}

#[test]
fn json_is_the_contract() {
    let text = render("json");
    insta::assert_snapshot!(text);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["version"], 1);
    let packages = document["packages"].as_array().unwrap();
    assert_eq!(packages.len(), 12, "first-party code is not listed");
    let attrs = packages.iter().find(|package| package["name"] == "attrs").unwrap();
    assert_eq!((&attrs["expression"], &attrs["decision"]), (&"MIT".into(), &"allowed".into()));
    assert_eq!(attrs["evidence"][0]["line"], 3);
    let unknown = packages.iter().find(|package| package["name"] == "mystery").unwrap();
    assert!(
        unknown["version"].is_null()
            && unknown["expression"].is_null()
            && unknown["rule"] == "license-unknown"
    );
}

#[test]
fn csv_has_a_line_for_each_package() {
    let text = render("csv");
    insta::assert_snapshot!(text);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let width = reader.headers().unwrap().len();
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), 12);
    for cell in records.iter().flatten() {
        assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?} is a formula");
    }
    assert!(records.iter().all(|record| record.len() == width));
}

#[test]
fn markdown_keeps_its_table() {
    let text = render("markdown");
    insta::assert_snapshot!(text);
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(lines.len(), 14, "a head, a rule and 12 packages");
    for line in lines {
        assert_eq!(line.matches('|').count(), 8, "{line}");
    }
}

fn table(change: impl FnOnce(&mut LicenseReport), style: Style) -> String {
    let (mut report, sources) = sample();
    change(&mut report);
    render_with("table", &report, &sources, style)
}

fn widest(text: &str) -> usize {
    text.lines().map(|line| line.chars().count()).max().unwrap_or(0)
}

/// Without the row that tries everything, whose words are wider than any window.
fn tame(report: &mut LicenseReport) {
    report.rows.retain(|row| !row.name.as_str().starts_with("zz-hostile"));
    report.skipped[1].what = "git+https://git.example.com/x.git".into();
}

#[test]
fn the_table_shows_what_needs_attention_first() {
    let text = table(tame, STYLE);
    insta::assert_snapshot!(text);
    assert!(widest(&text) <= 80, "{}", widest(&text));
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} is missing"));
    assert!(at("denied: 1 package") < at("unlisted: 1") && at("unknown: 1") < at("allowed: "));
    assert!(
        text.ends_with("findings: 1 denied in 12 packages (4 warnings)\n"),
        "the verdict is the last line"
    );
    let wide = table(tame, Style { width: 120, ..STYLE });
    assert!(wide.lines().count() < text.lines().count() && widest(&wide) <= 120);
    let coloured = table(tame, Style { color: true, ..STYLE });
    assert!(coloured.contains("\u{1b}[1;31mdenied: 1 package\u{1b}[0m"));
}

#[test]
fn the_table_with_everything() {
    insta::assert_snapshot!(table(tame, Style { width: 100, color: false, detail: 1 }));
}

#[test]
fn the_quiet_table_shows_what_is_not_allowed() {
    let text = table(tame, Style { detail: -1, ..STYLE });
    assert!(text.contains("cart-git") && text.contains("mystery") && text.contains("not audited: 1"));
    assert!(!text.contains("allowed:") && !text.contains("attrs") && !text.contains("findings:"));
    let clean = |report: &mut LicenseReport| {
        report.rows.retain(|row| row.name.as_str() == "attrs");
        report.skipped.clear();
    };
    assert_eq!(table(clean, Style { detail: -1, ..STYLE }), "");
}

#[test]
fn without_a_policy_the_table_is_by_license() {
    let text = table(
        |report| {
            tame(report);
            report.has_policy = false;
            report.verdict = depaudit::model::Verdict::Clean;
            (report.summary.skipped, report.summary.deny, report.summary.warn) = (0, 0, 0);
            report.skipped.clear();
            for row in &mut report.rows {
                (row.decision, row.rule) = (depaudit::model::LicenseDecision::Undecided, None);
                row.reason.clear();
            }
        },
        STYLE,
    );
    insta::assert_snapshot!(text);
    assert!(text.starts_with("MIT: 3 packages\n"));
}

#[test]
fn hostile_text_stays_in_the_window_or_in_its_line() {
    let text = table(|_| (), Style { width: 60, ..STYLE });
    assert!(!text.contains('\u{1b}') && text.contains("\\x1b[31m"));
}

#[test]
fn the_page_is_one_file_of_text() {
    let page = render("html");
    assert!(page.len() < 40_000, "{}", page.len());
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (body, script) = rest.split_once("<script>").unwrap();
    insta::assert_snapshot!(body);
    assert!(head.contains("default-src 'none'; style-src 'sha256-"));
    assert_eq!(body.matches("<tr data-decision=").count(), 12);
    assert_eq!(script.matches("</script>").count(), 1, "the script ends where it is meant to");
    for outside in ["<script", "<img", "<link", "<iframe", "src=\"", " style=", " on", "javascript:\""] {
        let tags = body.split('<').map(|tag| format!("<{}", tag.split('>').next().unwrap_or("")));
        assert!(!tags.into_iter().any(|tag| tag.contains(outside)), "{outside}");
    }
    assert!(body.contains("&lt;script&gt;document.title=&#39;run&#39;"));
}

#[test]
fn the_notice_leaves_nothing_out() {
    let text = render("notice");
    insta::assert_snapshot!(text);
    let (report, _) = sample();
    let listed = report.rows.iter().filter(|row| row.kind == SubjectKind::Dependency);
    for row in listed.filter(|row| !row.name.as_str().starts_with("zz-hostile")) {
        let version = row.version.as_ref().map_or(row.specifier.as_str(), |version| version.as_str());
        let heading = format!("{} {version}", row.name);
        assert!(text.lines().any(|line| line == heading), "{heading}");
    }
    assert_eq!(
        text.matches("Permission is hereby granted").count(),
        1,
        "a text that two packages have stands once"
    );
    assert!(text.contains("    attrs 25.3.0 (licenses/LICENSE)\n    left 1.0 (LICENSE.txt)\n"));
    assert!(text.contains("\n    bsdish 4.0 (BSD-2-Clause or BSD-3-Clause)\n"), "it has no text");
}

#[test]
fn a_notice_that_is_out_of_date_says_what_changed() {
    let (report, sources) = sample();
    let old = render_with("notice", &report, &sources, STYLE);
    assert_eq!(differs(&old, &old), None);
    let changed = |change: &dyn Fn(&mut LicenseReport)| {
        let mut changed = report.clone();
        change(&mut changed);
        differs(&old, &render_with("notice", &changed, &sources, STYLE))
    };
    let at = |report: &LicenseReport, name: &str| {
        report.rows.iter().position(|row| row.name.as_str() == name).unwrap()
    };
    let moved = changed(&|report| {
        let index = at(report, "attrs");
        report.rows[index].version = Some(depaudit::model::Version::new("26.1"));
    });
    let moved = moved.unwrap();
    assert_eq!(
        (&moved.changed[..], moved.added.len(), moved.removed.len()),
        (&["attrs 25.3.0 -> 26.1".to_owned()][..], 0, 0)
    );
    assert_eq!(old.lines().nth(moved.line - 1), moved.old.as_deref());
    let added = changed(&|report| report.rows.push(row("zzz", "1.0", license("MIT")))).unwrap();
    assert_eq!(
        (&added.added[..], added.removed.len(), added.changed.len()),
        (&["zzz 1.0".to_owned()][..], 0, 0)
    );
    let removed = changed(&|report| {
        let index = at(report, "bsdish");
        report.rows.remove(index);
    });
    assert_eq!(removed.unwrap().removed, ["bsdish 4.0"]);
    let license = changed(&|report| {
        let index = at(report, "two-faced");
        report.rows[index].conclusion.expression = Some(license("ISC"));
    });
    assert_eq!(
        license.unwrap().to_string(),
        "line 41: \"    License: MIT\" should be \"    License: ISC\"\nchanged: two-faced 5"
    );
    let text = changed(&|report| {
        let index = at(report, "left");
        report.rows[index].texts[1].text.push_str("more\n");
    });
    assert_eq!(text.unwrap().changed, ["left 1.0"]);
}
