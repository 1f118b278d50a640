//! The license report in all its formats, from one sample with a bit of everything.
//!
//! The documents are written to `target/tmp/licenses` as well, where `.ci/license_reports.py` holds them to the
//! standards that they claim to follow.

use std::fs;
use std::path::{Path, PathBuf};

use depaudit::model::{LicenseExpression, LicenseReport, SourceMap, SubjectKind};
use depaudit::report::Style;
use depaudit::report::licenses::{FORMATS, find};

use super::license_sample::{SECRETS, any, license, report, row, sample};

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
    let expressions = [
        license("MIT"),
        license("Apache-2.0+"),
        license("GPL-2.0-only WITH Classpath-exception-2.0"),
        license("GPL-2.0+ WITH Bison-exception-2.2"),
        license("LicenseRef-Proprietary.2"),
        any(&["MIT", "Apache-2.0"]),
        any(&["LicenseRef-a", "0BSD", "BSD-3-Clause"]),
        LicenseExpression::And(vec![
            license("MIT"),
            any(&["Apache-2.0", "GPL-3.0-or-later"]),
            license("Zlib"),
        ]),
        LicenseExpression::Or(vec![
            license("MIT"),
            LicenseExpression::And(vec![license("ISC"), license("LicenseRef-a")]),
        ]),
    ];
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
