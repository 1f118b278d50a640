//! The report of an audit in all its formats, from one sample with a bit of everything.
//!
//! The documents are written to `target/tmp/reports` as well, where `.ci/reports.py` holds them to the standards that
//! they claim to follow.

use std::fs;
use std::path::{Path, PathBuf};

use depaudit::model::{Report, SourceMap};
use depaudit::report::Style;
use depaudit::report::audit::{FORMATS, find};
use depaudit::report::sanitize::is_unsafe;

use super::license_sample::SECRETS;
use super::report_sample::{benign, sample};

pub(crate) const STYLE: Style = Style { width: 80, color: false, detail: 1 };

pub(crate) fn render_with(format: &str, report: &Report, sources: &SourceMap) -> String {
    let mut out = Vec::new();
    (find(format).unwrap().render)(report, sources, STYLE, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A folder for what the validators read.
pub(crate) fn documents() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports");
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_table_of_formats_is_sorted() {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    assert!(names.is_sorted(), "{names:?}");
}

/// The page of the reports has a section for each, with a command.
#[test]
fn every_format_is_documented() {
    let page = fs::read_to_string(super::common::top().join("docs/reports.md")).unwrap();
    for format in FORMATS {
        let heading = format!("\n## `{}`\n", format.name);
        let (_, section) =
            page.split_once(&heading).unwrap_or_else(|| panic!("{} has no section", format.name));
        let section = section.split("\n## ").next().unwrap();
        let command = format!("audit --format {}", format.name);
        assert!(format.name == "human" || section.contains(&command), "{} has no command", format.name);
        assert!(page.contains(&format!("\n| `{}` | ", format.name)), "{} is not in the table", format.name);
    }
}

/// One run writes all of them, and ends as it would have ended.
#[test]
fn one_run_writes_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = vec!["fixtures/projects/webshop".to_owned(), "--quiet".to_owned()];
    for format in FORMATS {
        arguments.push(format!("--report={}={}", format.name, folder.path().join(format.name).display()));
    }
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let ran = super::common::audit(super::common::top(), &arguments);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(FORMATS.iter().all(|format| !read(format.name).is_empty()));
    let json: serde_json::Value = serde_json::from_str(&read("json")).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&read("sarif")).unwrap();
    let count = |value: &serde_json::Value| value.as_array().unwrap().len();
    assert_eq!(count(&json["findings"]), count(&sarif["runs"][0]["results"]));
    let bill: serde_json::Value = serde_json::from_str(&read("cyclonedx")).unwrap();
    assert!(count(&bill["components"]) > 80, "the packages are known");
    let alone =
        super::common::audit(super::common::top(), &["fixtures/projects/webshop", "--format", "sarif"]);
    assert_eq!((alone.code, &alone.out), (1, &read("sarif")));
}

/// Writes every document, for the validators, and holds all of them to what every output owes.
#[test]
fn every_format_is_safe_and_the_same_again() {
    for format in FORMATS {
        for (name, (report, sources)) in [("sample", sample()), ("benign", benign())] {
            let text = render_with(format.name, &report, &sources);
            fs::write(documents().join(format!("{name}.{}", format.name)), &text).unwrap();
            assert_eq!(text, render_with(format.name, &report, &sources), "{}", format.name);
            assert!(text.ends_with('\n'), "{}", format.name);
            for secret in SECRETS {
                assert!(!text.contains(secret), "{} of {}", secret, format.name);
            }
            let unsafe_one = text.chars().find(|one| !matches!(one, '\n' | '\r') && is_unsafe(*one));
            assert_eq!(unsafe_one, None, "{}", format.name);
            assert!(format.name == "csv" || !text.contains('\r'), "{}", format.name);
            if format.name != "github" {
                assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{}", format.name);
            }
        }
    }
}

/// What is out of the ordinary: nothing found, nothing read, no packages known.
#[test]
fn every_format_of_a_report_with_nothing_in_it() {
    let (mut report, sources) = benign();
    report.findings.clear();
    report.ignored.clear();
    report.skipped.clear();
    report.notes.clear();
    report.inputs.clear();
    report.projects.clear();
    (report.project, report.change, report.selection) = (None, None, None);
    report.licenses = report.licenses.map(|mut licenses| {
        licenses.rows.clear();
        licenses
    });
    report.summary = depaudit::model::Summary::default();
    report.verdict = depaudit::model::Verdict::Clean;
    for format in FORMATS {
        let text = render_with(format.name, &report, &sources);
        assert!(!text.is_empty(), "{}", format.name);
        fs::write(documents().join(format!("empty.{}", format.name)), &text).unwrap();
    }
}

fn json_of(format: &str) -> serde_json::Value {
    let (report, sources) = benign();
    serde_json::from_str(&render_with(format, &report, &sources)).unwrap()
}

/// The text of a list of values.
fn texts(values: &serde_json::Value) -> Vec<String> {
    let one = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    values.as_array().unwrap().iter().map(one).collect()
}

#[test]
fn sarif_says_what_is_known() {
    let (report, sources) = benign();
    let document = json_of("sarif");
    let run = &document["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), report.findings.len() + report.ignored.len());
    let of_rule = |rule: &str| results.iter().filter(|one| one["ruleId"] == rule).collect::<Vec<_>>();
    let first = of_rule("known-vulnerability")[0];
    insta::assert_snapshot!(serde_json::to_string_pretty(first).unwrap());
    let finding = report.findings.iter().find(|one| one.rule.id == "known-vulnerability").unwrap();
    let place = sources.location(finding.primary.span);
    let region = &first["locations"][0]["physicalLocation"]["region"];
    assert_eq!((region["startLine"].as_u64(), region["startColumn"].as_u64()), (Some(4), Some(12)));
    assert_eq!((place.line, place.column, place.end_column), (4, 12, 16));
    assert_eq!(region["endColumn"], 16, "one past the last character");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    // The same flaw in two projects: one fingerprint, two results, of which the change brings one.
    let same = of_rule("known-vulnerability")
        .into_iter()
        .filter(|one| one["properties"]["purl"] == "pkg:pypi/shoplib@1.4.1")
        .collect::<Vec<_>>();
    let prints =
        |key: &str| same.iter().map(|one| one["partialFingerprints"][key].clone()).collect::<Vec<_>>();
    let [left, right] = &prints("auditFinding/v1")[..] else { panic!() };
    assert_eq!(left, right);
    assert!(prints("primaryLocationLineHash")[1].as_str().unwrap().ends_with(":2"));
    assert_eq!((&same[0]["baselineState"], &same[1]["baselineState"]), (&"new".into(), &"unchanged".into()));
    assert_eq!(
        same[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "services/pay%20desk/requirements.txt"
    );
    // What stands in no file stands at the first one, and says so.
    let stale = &of_rule("stale-database")[0]["locations"][0];
    assert_eq!(stale["logicalLocations"][0]["name"], "the advisory database");
    assert_eq!(stale["physicalLocation"]["region"], serde_json::json!({"startLine": 1}));
    let severity = |rule: &str| {
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        rules.iter().find(|one| one["id"] == rule).unwrap()["properties"]["security-severity"].clone()
    };
    assert_eq!(severity("known-vulnerability"), "9.8", "the highest of its findings");
    assert_eq!(severity("malicious-package"), "10.0");
    assert!(severity("license-denied").is_null(), "a license is no matter of security");
    let kinds: Vec<_> = results.iter().flat_map(|one| one["suppressions"].as_array().unwrap()).collect();
    assert_eq!(kinds.len(), 6);
    assert_eq!(kinds.iter().filter(|one| one["kind"] == "inSource").count(), 1);
    assert_eq!(kinds[0]["properties"]["until"], "2026-12-31");
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false, "something was not audited");
    let notes = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notes.iter().filter(|one| one["level"] == "error").count(), 1);
}

/// No folder of the machine is told, and whoever names no file below the root gets none.
#[test]
fn sarif_knows_no_absolute_path() {
    let (mut report, _) = benign();
    let mut texts = depaudit::model::Sources::new(0);
    let file = depaudit::model::SourceFile::new("/home/ada/secret/own.store", "pypa\n".to_owned());
    let span = depaudit::model::Span::new(texts.add(file), 0..4);
    let sources = SourceMap::new(vec![texts]);
    report.findings.truncate(1);
    report.findings[0].primary.span = span;
    report.ignored.clear();
    report.skipped = vec![depaudit::model::Skipped::file("/home/ada/secret/x", "x", "not read")];
    let text = render_with("sarif", &report, &sources);
    assert!(!text.contains("/home/ada"), "{text}");
    let vulnerable = benign().0.findings.into_iter().find(|one| one.advisory().is_some()).unwrap();
    report.findings.push(vulnerable);
    report.findings[1].primary.span = span;
    report.findings[1].related.clear();
    let inputs = std::mem::take(&mut report.inputs);
    let gitlab: serde_json::Value = serde_json::from_str(&render_with("gitlab", &report, &sources)).unwrap();
    assert_eq!(gitlab["vulnerabilities"][0]["location"]["file"], "own.store", "it is not lost");
    report.inputs = inputs;
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let place = &document["runs"][0]["results"][0]["locations"][0];
    assert_eq!(place["logicalLocations"][0]["name"], "own.store");
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "poetry.lock");
}

/// A link in a message would be clickable where alerts are read (SARIF 3.11.6).
#[test]
fn sarif_messages_hold_no_links() {
    let (report, sources) = sample();
    let document: serde_json::Value = serde_json::from_str(&render_with("sarif", &report, &sources)).unwrap();
    let results = document["runs"][0]["results"].as_array().unwrap();
    let hostile: Vec<_> = results
        .iter()
        .map(|one| one["message"]["text"].as_str().unwrap())
        .filter(|text| text.contains("javascript:"))
        .collect();
    assert!(!hostile.is_empty());
    assert!(hostile.iter().all(|text| text.contains("\\[x\\](") && !text.contains(" [x](")), "{hostile:?}");
}

#[test]
fn gitlab_gets_vulnerabilities_and_malware() {
    let document = json_of("gitlab");
    let all = document["vulnerabilities"].as_array().unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&all[0]).unwrap());
    let of = |id: &str| {
        let named = |one: &&serde_json::Value| one["name"].as_str().unwrap().starts_with(id);
        all.iter().filter(named).collect::<Vec<_>>()
    };
    assert_eq!(all.len(), 14, "7 of resolved packages, 2 of a requirement, 5 that are ignored for good");
    assert_eq!(of("PYSEC-2026-101").len(), 2, "in two projects");
    assert_eq!(
        of("PYSEC-2026-101")[0]["location"]["file"],
        "poetry.lock",
        "what is installed stands in the lock"
    );
    assert_eq!(of("MAL-2026-7")[0]["severity"], "Critical");
    assert_eq!(of("PYSEC-2026-110")[0]["severity"], "Unknown");
    assert_eq!(of("PYSEC-2026-112")[0]["location"]["dependency"]["version"], ">=2.0");
    let vectors = |id: &str| of(id)[0]["cvss_vectors"][0]["vector"].as_str().map(str::to_owned);
    assert_eq!(vectors("PYSEC-2026-102").unwrap(), "AV:N/AC:L/Au:N/C:P/I:N/A:N");
    assert_eq!(vectors("GHSA-dddd-eeee-ffff"), None, "the schema refuses CVSS 4");
    assert_eq!(of("PYSEC-2026-103").len(), 0, "accepted until a day: real, and named below");
    assert_eq!(of("PYSEC-2026-104")[0]["flags"][0]["description"], "ignored (policy): never called");
    let messages = document["scan"]["messages"].as_array().unwrap();
    let level = |level: &str| messages.iter().filter(|one| one["level"] == level).count();
    assert_eq!((level("warn"), level("info")), (1, 2));
    assert!(messages[2]["value"].as_str().unwrap().starts_with("ignored until 2026-12-31: parcelbox"));
    assert_eq!(document["scan"]["start_time"], "2026-11-21T00:00:00");
    let ids: std::collections::BTreeSet<_> = all.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), all.len());
}

/// A requirement whose newest versions are fine is no vulnerability, although it admits older ones.
#[test]
fn only_requirements_that_resolve_to_a_flaw_are_vulnerabilities() {
    let (mut report, sources) = benign();
    let count = |report: &Report| {
        ["gitlab", "cyclonedx"].map(|format| {
            let text = render_with(format, report, &sources);
            serde_json::from_str::<serde_json::Value>(&text).unwrap()["vulnerabilities"]
                .as_array()
                .unwrap()
                .len()
        })
    };
    let before = count(&report);
    for finding in &mut report.findings {
        if let Some(depaudit::model::Evidence::Range(range)) = &mut finding.evidence {
            range.degree = depaudit::model::Degree::Some;
        }
    }
    assert_eq!(count(&report), before.map(|count| count - 2));
}

#[test]
fn gitlab_limits_hold_for_long_texts() {
    let (mut report, sources) = benign();
    let index = report.findings.iter().position(|one| one.advisory().is_some()).unwrap();
    let finding = &mut report.findings[index];
    finding.help = Some("ä".repeat(8000));
    let mut evidence = finding.advisory().unwrap().clone();
    evidence.summary = Some("ö".repeat(400));
    finding.evidence = Some(depaudit::model::Evidence::Advisory(std::sync::Arc::new(evidence)));
    let document: serde_json::Value =
        serde_json::from_str(&render_with("gitlab", &report, &sources)).unwrap();
    let first = &document["vulnerabilities"][0];
    let count = |key: &str| first[key].as_str().unwrap().chars().count();
    assert_eq!((count("name"), count("solution")), (255, 7000));
}

#[test]
fn code_quality_has_an_issue_for_everything() {
    let (report, _) = benign();
    let document = json_of("codequality");
    let issues = document.as_array().unwrap();
    assert_eq!(issues.len(), report.findings.len() + 1, "and one thing that was not audited");
    let line = |one: &serde_json::Value| {
        let place = &one["location"];
        let place = format!("{}:{}", place["path"], place["lines"]["begin"]);
        format!("{} {} {place} {}", one["severity"], one["check_name"], one["description"])
    };
    insta::assert_snapshot!(issues.iter().map(line).collect::<Vec<_>>().join("\n"));
    let prints: std::collections::BTreeSet<_> =
        issues.iter().map(|one| one["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), issues.len());
}

#[test]
fn junit_is_never_green_when_something_was_skipped() {
    let (mut report, sources) = benign();
    insta::assert_snapshot!(render_with("junit", &report, &sources));
    report.findings.retain(|finding| finding.level < depaudit::model::Level::Deny);
    let text = render_with("junit", &report, &sources);
    assert_eq!((text.matches("<failure ").count(), text.matches("<error ").count()), (0, 1));
    report.allow_incomplete = true;
    let text = render_with("junit", &report, &sources);
    assert_eq!(text.matches("<error ").count(), 0, "--allow-incomplete");
    assert!(text.contains("<skipped message=\"not audited: outside the root\"/>"));
}

#[test]
fn csv_has_a_line_for_everything() {
    for (report, sources) in [sample(), benign()] {
        let text = render_with("csv", &report, &sources);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let width = reader.headers().unwrap().len();
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), report.findings.len() + report.ignored.len() + report.skipped.len());
        assert!(records.iter().all(|record| record.len() == width));
        for cell in records.iter().flatten() {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?} is a formula");
        }
    }
    let (report, sources) = benign();
    insta::assert_snapshot!(render_with("csv", &report, &sources).replace("\r\n", "\n"));
}

#[test]
fn cyclonedx_has_the_vulnerabilities() {
    let document = json_of("cyclonedx");
    let all = document["vulnerabilities"].as_array().unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&all[0]).unwrap());
    let of = |id: &str| all.iter().find(|one| one["id"] == id).unwrap();
    let rating = |id: &str| of(id)["ratings"][0].clone();
    assert_eq!(rating("PYSEC-2026-102")["method"], "CVSSv2");
    assert_eq!(rating("GHSA-dddd-eeee-ffff")["method"], "CVSSv4");
    assert_eq!(rating("CVE-2026-0109")["method"], "CVSSv3");
    assert_eq!(rating("PYSEC-2026-110"), serde_json::json!({"severity": "unknown"}));
    assert_eq!(rating("MAL-2026-7"), serde_json::json!({"severity": "critical"}));
    assert_eq!(of("PYSEC-2026-101")["affects"], serde_json::json!([{"ref": "pkg:pypi/shoplib@1.4.1"}]));
    assert_eq!(
        of("PYSEC-2026-111")["affects"],
        serde_json::json!([{"ref": "project:shop"}]),
        "no row has it"
    );
    assert_eq!(all.iter().filter(|one| one["id"] == "PYSEC-2026-101").count(), 1, "of two projects");
    let state = |id: &str| of(id)["analysis"]["state"].clone();
    assert_eq!(state("PYSEC-2026-103"), "exploitable", "accepted until a day");
    assert_eq!(state("PYSEC-2026-104"), "not_affected");
    assert_eq!(of("PYSEC-2026-106")["analysis"]["justification"], "code_not_reachable");
    assert_eq!(state("PYSEC-2026-113"), "resolved");
    let property = |list: &serde_json::Value, name: &str| {
        let found = list.as_array().unwrap().iter().find(|one| one["name"] == name);
        found.map(|one| one["value"].as_str().unwrap().to_owned())
    };
    assert_eq!(property(&document["metadata"]["properties"], "gitlab:meta:schema_version").unwrap(), "1");
    assert_eq!(property(&document["metadata"]["properties"], "audit:verdict").unwrap(), "findings");
    let components = document["components"].as_array().unwrap();
    let shoplib = components.iter().find(|one| one["name"] == "shoplib").unwrap();
    let of_gitlab =
        |name: &str| property(&shoplib["properties"], &format!("gitlab:dependency_scanning:{name}")).unwrap();
    assert_eq!(of_gitlab("input_file:path"), "poetry.lock", "a lock before a requirement");
    assert_eq!(of_gitlab("package_manager:name"), "poetry");
    assert_eq!(of_gitlab("category"), "production");
}

/// Without vulnerabilities and what GitLab wants, the bill is that of the license report.
#[test]
fn cyclonedx_is_the_bill_of_the_license_report() {
    let (report, sources) = benign();
    let mut licenses = Vec::new();
    let bill = report.licenses.as_ref().unwrap();
    let style = Style { width: 80, color: false, detail: 0 };
    (depaudit::report::licenses::find("cyclonedx").unwrap().render)(bill, &sources, style, &mut licenses)
        .unwrap();
    let mut alone: serde_json::Value = serde_json::from_slice(&licenses).unwrap();
    let mut whole = json_of("cyclonedx");
    assert_ne!(whole["serialNumber"], alone["serialNumber"], "another document");
    whole.as_object_mut().unwrap().remove("vulnerabilities");
    for document in [&mut alone, &mut whole] {
        document["serialNumber"] = serde_json::Value::Null;
        document["metadata"]["properties"] = serde_json::Value::Null;
        document["compositions"] = serde_json::Value::Null;
        for component in document["components"].as_array_mut().unwrap() {
            let properties = component["properties"].as_array_mut().unwrap();
            properties.retain(|one| !one["name"].as_str().unwrap().starts_with("gitlab:"));
        }
    }
    assert_eq!(alone, whole);
}

#[test]
fn openvex_has_a_statement_for_each_flaw_of_a_product() {
    let document = json_of("openvex");
    insta::assert_snapshot!(serde_json::to_string_pretty(&document["statements"]).unwrap());
    let all = document["statements"].as_array().unwrap();
    assert_eq!(all.len(), 11, "5 found, one of them twice; 6 ignored; neither malware nor a requirement");
    let of = |name: &str| all.iter().find(|one| one["vulnerability"]["name"] == name).unwrap();
    assert_eq!(of("CVE-2026-0101")["action_statement"], "raise shoplib to 1.4.3, then run `poetry lock`");
    assert_eq!(of("CVE-2026-0103")["status"], "affected");
    assert_eq!(of("CVE-2026-0103")["action_statement"], "accepted until 2026-12-31: the template is ours");
    assert_eq!(
        (&of("CVE-2026-0104")["status"], &of("CVE-2026-0104")["impact_statement"]),
        (&"not_affected".into(), &"never called".into())
    );
    assert_eq!(of("CVE-2026-0106")["justification"], "vulnerable_code_not_in_execute_path");
    assert_eq!(of("CVE-2026-0113")["status"], "fixed");
    assert!(texts(&of("CVE-2026-0101")["vulnerability"]["aliases"]).contains(&"PYSEC-2026-101".to_owned()));
}

/// What is ignored in one project only is not said of the product.
#[test]
fn openvex_says_affected_when_one_project_is() {
    let (mut report, sources) = benign();
    let finding = report.findings.iter().find(|one| one.advisory().is_some()).unwrap().clone();
    report.ignored[1].finding = finding;
    let document: serde_json::Value =
        serde_json::from_str(&render_with("openvex", &report, &sources)).unwrap();
    let all = document["statements"].as_array().unwrap();
    let statuses: Vec<_> = all
        .iter()
        .filter(|one| one["vulnerability"]["name"] == "CVE-2026-0101")
        .map(|one| one["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["affected"]);
}

/// An identity stands for one content: any change of it gives another one.
#[test]
fn identities_follow_the_content() {
    let (mut changed, sources) = benign();
    changed.ignored[0].reason.push('!');
    for (format, key) in [("cyclonedx", "serialNumber"), ("openvex", "@id")] {
        let other: serde_json::Value =
            serde_json::from_str(&render_with(format, &changed, &sources)).unwrap();
        assert_ne!(json_of(format)[key], other[key], "{format}");
    }
}

/// What we write we read: a flaw that is ignored for good is ignored by the document, what is found stays found.
#[test]
fn our_own_statements_can_be_read() {
    let run = |arguments: &[&str]| {
        let mut all = vec!["fixtures/projects/webshop", "--format", "json"];
        all.extend(arguments);
        super::common::audit(super::common::top(), &all).json()
    };
    let ids = |document: &serde_json::Value, list: &str| {
        let of_flaws = document[list].as_array().unwrap().iter().filter(|one| !one["advisory"].is_null());
        of_flaws.map(|one| one["advisory"]["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.openvex.json").display().to_string();
    let report = format!("--report=openvex={file}");
    let id = ids(&run(&[]), "findings").remove(0);
    let first = run(&["--ignore", &id, "--reason", "we do not use it", &report]);
    assert_eq!(ids(&first, "ignored"), [id]);
    let second = run(&["--vex", &file]);
    assert_eq!(
        (ids(&second, "ignored"), ids(&second, "findings")),
        (ids(&first, "ignored"), ids(&first, "findings"))
    );
    let ignored = &second["ignored"][0];
    assert_eq!((&ignored["by"], &ignored["vex"]["status"]), (&"vex".into(), &"not_affected".into()));
    assert!(ignored["reason"].as_str().unwrap().contains("we do not use it"));
}
