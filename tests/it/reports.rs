//! What people and programs read: one project with a bit of everything, in every format.

use std::fs;

use super::common::{Ran, TODAY, audit, finish, program, project, test_database, top};

fn market(arguments: &[&str]) -> Ran {
    let folder = top().join("fixtures/reports/market");
    let mut all = vec!["--root", ".", "--db", test_database()];
    all.extend(arguments);
    audit(&folder, &all)
}

/// The market with a width.
fn market_at(columns: &str, arguments: &[&str]) -> Ran {
    let mut command = program(&top().join("fixtures/reports/market"));
    command.env("COLUMNS", columns).args(["--root", ".", "--today", TODAY, "--db", test_database()]);
    finish(command.args(arguments))
}

fn widest(text: &str) -> usize {
    text.lines().map(|line| line.chars().count()).max().unwrap_or(0)
}

#[test]
fn human_at_80_columns() {
    let ran = market_at("80", &[]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.err, "");
    assert!(widest(&ran.out) <= 80, "{}", widest(&ran.out));
    insta::assert_snapshot!(ran.out);
}

#[test]
fn human_at_160_columns_with_everything() {
    let ran = market_at("160", &["-v"]);
    assert!(widest(&ran.out) <= 160, "{}", widest(&ran.out));
    insta::assert_snapshot!(ran.out);
}

#[test]
fn human_in_a_narrow_window() {
    assert!(widest(&market_at("40", &[]).out) <= 60, "words longer than the window are kept whole");
}

#[test]
fn human_quiet_says_findings_and_skips_only() {
    let ran = market_at("80", &["-q"]);
    assert!(ran.out.contains("shoplib 1.4.1 has 2 known") && ran.out.contains("not audited: 1"));
    assert!(!ran.out.contains("advisories:") && !ran.out.contains("findings:"));
    let quiet = audit(
        &top().join("fixtures/rules/stale-database/clean"),
        &["--root", ".", "--db", test_database(), "-q"],
    );
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (0, "", ""));
}

#[test]
fn colours_add_nothing_and_can_be_turned_off() {
    let plain = market_at("80", &["--color", "never"]).out;
    let coloured = market_at("80", &["--color=always"]).out;
    assert!(coloured.contains("\u{1b}[") && !plain.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut escaped = false;
    for character in coloured.chars() {
        match (escaped, character) {
            (false, '\u{1b}') => escaped = true,
            (false, character) => stripped.push(character),
            (true, 'm') => escaped = false,
            (true, _) => {}
        }
    }
    assert_eq!(stripped, plain);
    let mut command = program(top());
    command.env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1").arg("fixtures/projects/clean");
    assert!(!finish(&mut command).out.contains('\u{1b}'), "NO_COLOR is honoured, and a pipe has no colours");
}

#[test]
fn json_is_the_contract() {
    let ran = market(&["--format", "json"]);
    assert_eq!(ran.code, 1);
    let report = ran.json();
    let digest = report["database"]["sha256"].as_str().unwrap();
    assert_eq!(digest.len(), 64);
    insta::assert_snapshot!(ran.out.replace(test_database(), "<database>").replace(digest, "<digest>"));
    assert_eq!(report["version"], 1);
    assert_eq!(report["verdict"], "findings");
    let summary = &report["summary"];
    let count = |list: &str, level: &str| {
        let findings = report[list].as_array().unwrap().iter();
        findings.filter(|finding| finding["level"] == level).count() as u64
    };
    for level in ["deny", "warn", "note"] {
        assert_eq!(summary[level].as_u64().unwrap(), count("findings", level), "{level}");
    }
    assert_eq!(summary["ignored"].as_u64().unwrap(), report["ignored"].as_array().unwrap().len() as u64);
    assert_eq!(summary["skipped"].as_u64().unwrap(), report["skipped"].as_array().unwrap().len() as u64);
    let manifest = fs::read_to_string(top().join("fixtures/reports/market/pyproject.toml")).unwrap();
    let shoplib =
        report["findings"].as_array().unwrap().iter().find(|finding| finding["package"]["name"] == "shoplib");
    let place = &shoplib.unwrap()["location"];
    let number = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
    let line = manifest.lines().nth(number("line") - 1).unwrap();
    let (start, end) = (number("column"), number("end_column"));
    assert_eq!(&line[start - 1..end - 1], "^4.1", "the label covers what a person edits");
    assert_eq!(
        shoplib.unwrap()["paths"],
        serde_json::json!([["basket", "shoplib"], ["shelf", "shoplib"]][..1])
    );
}

#[test]
fn graphs_of_the_market() {
    let folder = top().join("fixtures/reports/market");
    let tree = audit(&folder, &["graph", "--root", "."]);
    assert_eq!(tree.code, 3, "an include leads outside the root");
    insta::assert_snapshot!(tree.out);
    let json = audit(&folder, &["graph", "--root", ".", "--format", "json"]);
    assert_eq!(json.code, 3);
    insta::assert_snapshot!("graphs_of_the_market_json", json.out);
    let why = audit(&folder, &["why", "ShopLib", "--root", "."]);
    insta::assert_snapshot!("why_shoplib", why.out);
    let unknown = audit(&folder, &["why", "shoplip", "--root", "."]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("shoplip comes in nowhere: did you mean shoplib?"), "{}", unknown.err);
}

#[test]
fn no_output_shows_a_password_or_what_lies_outside() {
    let folder = top().join("fixtures/reports/market");
    let mut outputs = vec![market(&[]), market(&["-v"]), market(&["--format", "json"])];
    for arguments in
        [&["graph", "--root", "."][..], &["graph", "--root", ".", "--format", "json"], &["why", "acme-tools"]]
    {
        outputs.push(audit(&folder, arguments));
    }
    for ran in outputs {
        assert!(!ran.out.contains("hunter2") && !ran.err.contains("hunter2"), "{}{}", ran.out, ran.err);
    }
}

#[test]
fn many_reports_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep.json");
    let text = folder.path().join("report.txt");
    let ran = market(&[
        "--report",
        &format!("json={}", file.display()),
        "--report",
        &format!("human={}", text.display()),
        "--format",
        "json",
    ]);
    assert_eq!(fs::read_to_string(&file).unwrap(), ran.out);
    assert!(fs::read_to_string(&text).unwrap().contains("findings: 5 denied"));
    let nowhere = market(&["--report", "json=/nowhere/at/all.json"]);
    assert_eq!(
        (nowhere.code, nowhere.out.as_str()),
        (2, ""),
        "a report that cannot be written is no success"
    );
    assert!(nowhere.err.contains("cannot write the report /nowhere/at/all.json"), "{}", nowhere.err);
}

/// The lines that a developer edits, with the data in the program: ids may come and go, places may not.
#[test]
fn the_webshop_points_at_its_manifest() {
    let folder = project("webshop");
    let ran = audit(&folder, &["--root", ".", "--format", "json"]);
    assert_eq!(ran.code, 1);
    let report = ran.json();
    let findings = report["findings"].as_array().unwrap();
    let vulnerable: Vec<_> =
        findings.iter().filter(|finding| finding["rule"] == "known-vulnerability").collect();
    assert!(vulnerable.len() >= 20, "{}", vulnerable.len());
    for finding in &vulnerable {
        assert_eq!(finding["location"]["path"], "pyproject.toml", "{}", finding["message"]);
        assert_eq!(finding["related"][0]["path"], "poetry.lock", "{}", finding["message"]);
    }
    let h11 = vulnerable.iter().find(|finding| finding["package"]["name"] == "h11").unwrap();
    assert_eq!(h11["paths"], serde_json::json!([["httpx", "httpcore", "h11"]]));
    assert_eq!(h11["advisory"]["blocked_by"], serde_json::json!(["httpcore"]));
    assert_eq!(report["summary"]["skipped"], 0);
    assert_eq!(audit(&project("clean"), &["--root", "."]).code, 0);
    assert_eq!(
        audit(&project("malware"), &["--root", ".", "--fail-on", "never"]).code,
        1,
        "malware denies all the same"
    );
}
