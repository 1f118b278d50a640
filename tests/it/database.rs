//! `audit db`: what is in a database, whether it is whole, one file of all of it, one record, what changed.

use std::path::Path;

use serde_json::json;

use super::common::{Ran, TODAY, audit, finish, folder, program, test_database, top, write};
use super::risk::risk_database;

/// Runs a command with a data folder of its own.
fn with_home(home: &Path, arguments: &[&str]) -> Ran {
    finish(program(home).env("XDG_DATA_HOME", home).env("SOURCE_DATE_EPOCH", "1795219200").args(arguments))
}

/// A record about a package, with an id of any kind.
fn record(id: &str, package: &str, more: &str) -> String {
    json!({
        "id": id, "modified": "2026-11-02T00:00:00Z", "summary": format!("About {package}. {more}"),
        "aliases": [format!("CVE-0000-1{}", id.len())],
        "affected": [{"package": {"ecosystem": "PyPI", "name": package},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2"}]}]}]
    })
    .to_string()
}

/// A store of these records (file name and text) in a folder.
fn store(folder: &Path, name: &str, records: &[(&str, String)]) -> String {
    let records_folder = format!("{name}-records");
    for (file, text) in records {
        write(folder, &format!("{records_folder}/{file}.json"), text.as_bytes());
    }
    let ran = audit(folder, &["db", "import", &records_folder, "--db", name]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    name.to_owned()
}

#[test]
fn status_of_a_file() {
    let ran = audit(top(), &["db", "status", "--db", risk_database(), "--today", TODAY]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report = audit(top(), &["db", "status", "--db", risk_database(), "--format", "json"]).json();
    let digest = report["sha256"].as_str().unwrap();
    insta::assert_snapshot!(ran.out.replace(risk_database(), "<database>").replace(digest, "<digest>"));
    assert_eq!(
        (&report["version"], &report["store"]),
        (&json!(1), &json!({"path": risk_database(), "exists": true}))
    );
    let sources = report["sources"].as_array().unwrap();
    let names: Vec<_> = sources.iter().map(|source| source["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["epss", "github", "kev", "openssf", "pypa"]);
    assert_eq!(
        (&sources[4]["kind"], &sources[4]["published"], &sources[4]["records"], &sources[4]["origin"]),
        (&json!("vulnerabilities"), &json!("2026-11-01"), &json!(6), &json!("file"))
    );
    assert_eq!(
        (&sources[4]["withdrawn"], &sources[4]["packages"], &sources[4]["age_days"]),
        (&json!(1), &json!(4), &json!(20))
    );
    assert_eq!((&sources[2]["kind"], &sources[0]["kind"]), (&json!("exploited"), &json!("probability")));
    assert_eq!(sources[0]["sha256"].as_str().unwrap().len(), 64);
    let of_a_report =
        audit(&top().join("fixtures/projects/clean"), &["--db", risk_database(), "--format", "json"]).json();
    assert_eq!(
        of_a_report["database"]["sha256"], report["sha256"],
        "a report names the same data by the same digest"
    );
}

#[test]
fn status_of_a_user() {
    let home = folder(&[]);
    let before = with_home(home.path(), &["db", "status", "--format", "json"]).json();
    assert_eq!(before["store"]["exists"], false);
    assert!(before["store"]["path"].as_str().unwrap().ends_with("audit/advisories.store"));
    assert!(before["sources"].as_array().unwrap().iter().all(|source| source["origin"] == "built-in"));
    let kev = top().join("fixtures/risk/known_exploited_vulnerabilities.json");
    assert_eq!(with_home(home.path(), &["db", "import", kev.to_str().unwrap()]).code, 0);
    let after = with_home(home.path(), &["db", "status", "--format", "json"]).json();
    let origins: Vec<_> = after["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| format!("{} {}", source["name"].as_str().unwrap(), source["origin"].as_str().unwrap()))
        .collect();
    assert_eq!(origins, ["kev user", "openssf built-in", "pypa built-in"]);
    assert_eq!(after["store"]["exists"], true);
    assert_ne!(before["sha256"], after["sha256"]);
    let human = with_home(home.path(), &["db", "status"]);
    assert!(human.out.contains("the user's database: format 1"), "{}", human.out);
    assert_eq!(with_home(home.path(), &["db", "status", "--db", "missing.store"]).code, 2);
}

#[test]
fn verify_tells_whole_from_damaged_from_none() {
    let folder = folder(&[("text.store", "no store at all"), ("empty.store", "")]);
    let whole = audit(folder.path(), &["db", "verify", risk_database()]);
    assert_eq!(whole.code, 0, "{}", whole.err);
    assert!(
        whole.out.contains(": whole: 13 records of epss, github, kev, openssf, pypa; sha256 "),
        "{}",
        whole.out
    );
    let built_in = audit(folder.path(), &["db", "verify"]);
    assert_eq!(built_in.code, 0);
    assert!(built_in.out.starts_with("what is built in: whole: "), "{}", built_in.out);
    for none in ["missing.store", "text.store", "empty.store", "."] {
        assert_eq!(audit(folder.path(), &["db", "verify", none]).code, 2, "{none}");
    }
    let bytes = std::fs::read(risk_database()).unwrap();
    for at in [30, bytes.len() / 3, bytes.len() / 2, bytes.len() - 40, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        write(folder.path(), "damaged.store", &damaged);
        let ran = audit(folder.path(), &["db", "verify", "damaged.store"]);
        assert_eq!(ran.code, 1, "byte {at}: {}{}", ran.out, ran.err);
        assert!(ran.out.starts_with("damaged.store: NOT whole: "), "{}", ran.out);
    }
    write(folder.path(), "cut.store", &bytes[..bytes.len() - 1]);
    assert_eq!(audit(folder.path(), &["db", "verify", "cut.store"]).code, 1);
}

#[test]
fn verify_looks_at_the_users_database_too() {
    let home = folder(&[]);
    let kev = top().join("fixtures/risk/known_exploited_vulnerabilities.json");
    with_home(home.path(), &["db", "import", kev.to_str().unwrap()]);
    let file = home.path().join("audit/advisories.store");
    let both = with_home(home.path(), &["db", "verify"]);
    assert_eq!((both.code, both.out.lines().count()), (0, 2), "{}", both.out);
    let mut bytes = std::fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let damaged = with_home(home.path(), &["db", "verify"]);
    assert_eq!(damaged.code, 1);
    assert!(
        damaged.out.contains("NOT whole") && damaged.out.contains("what is built in: whole"),
        "{}",
        damaged.out
    );
}

#[test]
fn an_export_audits_as_what_it_was_made_of() {
    let home = folder(&[("requirements.txt", "shoplib==1.4.1\njinja2==3.1.2\nh11==0.14.0\n")]);
    let advisories = top().join("fixtures/advisories/GHSA-0000-0000-0001.json");
    let epss = top().join("fixtures/risk/epss_scores-2026-11-10.csv");
    let imported =
        with_home(home.path(), &["db", "import", advisories.to_str().unwrap(), epss.to_str().unwrap()]);
    assert_eq!(imported.code, 0, "{}", imported.err);
    let exported = with_home(home.path(), &["db", "export", "all.store"]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    let here = with_home(home.path(), &["requirements.txt", "--format", "json"]);
    let there = audit(home.path(), &["requirements.txt", "--format", "json", "--db", "all.store"]);
    // But for the name of the database, in a finding about its age, the same bytes.
    let there = there.out.replace("\"all.store\"", "\"<advisory database>\"");
    assert!(here.code == 1 && here.out == there, "{}", here.out.len());
    assert!(
        here.out.contains("PYSEC-")
            && here.out.contains("GHSA-0000-0000-0001")
            && here.out.contains("0.00043")
    );
    assert_eq!(audit(home.path(), &["db", "verify", "all.store"]).code, 0);
    // What it prints is what `sha256sum` says, and the same data gives the same bytes.
    let bytes = std::fs::read(home.path().join("all.store")).unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
    let digest = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    assert!(exported.out.contains(&format!("sha256 of the file: {digest}")), "{}", exported.out);
    let database = here.json()["database"]["sha256"].as_str().unwrap().to_owned();
    assert!(exported.out.contains(&format!("sha256 of what it holds: {database}")), "{}", exported.out);
    with_home(home.path(), &["db", "export", "again.store"]);
    assert_eq!(bytes, std::fs::read(home.path().join("again.store")).unwrap());
    assert_eq!(audit(home.path(), &["db", "diff", "all.store", "again.store"]).code, 0);
    assert_eq!(with_home(home.path(), &["db", "export", "."]).code, 2, "a folder is no file");
}

#[test]
fn show_a_record_by_any_id() {
    let ran = audit(top(), &["db", "show", "cve-0000-0002", "--db", risk_database()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    insta::assert_snapshot!(ran.out.replace(risk_database(), "<database>"));
    let both =
        audit(top(), &["db", "show", "GHSA-0000-0000-0001", "--db", risk_database(), "--format", "json"])
            .json();
    let ids: Vec<_> =
        both["records"].as_array().unwrap().iter().map(|record| record["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["GHSA-0000-0000-0001", "PYSEC-0000-1"], "the record itself, then those that name it");
    let one = &both["records"][1];
    assert_eq!((&one["severity"], &one["score"]), (&json!("critical"), &json!(9.8)));
    assert_eq!(
        one["affected"][0],
        json!({"package": "shoplib", "every_version": false, "versions": [], "fixed": [],
            "ranges": [{"introduced": "0", "fixed": "1.4.2", "last_affected": null, "limit": null}]})
    );
    assert_eq!(one["epss"]["probability"], 0.00043);
    let withdrawn = audit(top(), &["db", "show", "PYSEC-0000-6", "--db", risk_database()]);
    assert!(withdrawn.out.contains("it never matches"), "{}", withdrawn.out);
    let malware = audit(top(), &["db", "show", "mal-0000-4", "--db", risk_database()]);
    assert!(
        malware.out.contains("malware") && malware.out.contains("shoplibb: every version"),
        "{}",
        malware.out
    );
    let excerpt =
        audit(top(), &["db", "show", "PYSEC-0000-3", "--db", risk_database(), "--format", "json"]).json();
    assert!(excerpt["records"][0]["summary"].is_null() && excerpt["records"][0]["excerpt"].is_string());
    let built_in = audit(top(), &["db", "show", "CVE-2025-43859"]);
    assert!(built_in.code == 0 && built_in.out.contains("h11: "), "{}", built_in.out);
}

#[test]
fn show_an_unknown_id() {
    let unknown = audit(top(), &["db", "show", "PYSEC-0000-22", "--db", risk_database()]);
    assert_eq!((unknown.code, unknown.out.as_str()), (1, ""));
    assert!(
        unknown.err.contains("no record in use has the id PYSEC-0000-22: did you mean PYSEC-0000-2"),
        "{}",
        unknown.err
    );
    let report = audit(top(), &["db", "show", "nothing", "--db", risk_database(), "--format", "json"]);
    assert_eq!((report.code, &report.json()["records"], &report.json()["near"]), (1, &json!([]), &json!([])));
    let long = "PYSEC-".repeat(20_000);
    assert_eq!(audit(top(), &["db", "show", &long, "--db", risk_database()]).code, 1);
    let hostile = audit(top(), &["db", "show", "CVE\u{1b}[31m-1\u{202e}", "--db", risk_database()]);
    assert!(!hostile.err.contains('\u{1b}') && hostile.err.contains("\\x1b"), "{}", hostile.err);
}

/// Prose, ids, URLs and versions of a record speak to no terminal, and show no password.
#[test]
fn hostile_records_are_shown_escaped() {
    let folder = folder(&[]);
    let hostile = json!({
        "id": "PYSEC-0000-\u{202e}[2J", "aliases": ["CVE-0000-0001\u{1b}[2J"], "modified": "2026-11-02T00:00:00Z",
        "summary": "one\u{1b}]0;title\u{7}\nline", "details": "first\r\n\u{1b}[1A::error::x\n# second\u{9b}31m",
        "references": [{"type": "WEB\u{1b}", "url": "https://user:hunter2@example.org/\u{1b}[31m"}],
        "credits": [{"name": "\u{1b}[31mme"}],
        "affected": [{"package": {"ecosystem": "PyPI", "name": "shop\u{1b}"}, "versions": ["1\u{1b}[0m"],
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2\u{1b}[8m"}]}]}]
    });
    let old = store(folder.path(), "old.store", &[("a", record("PYSEC-0000-9", "shop", ""))]);
    let new = store(folder.path(), "new.store", &[("a", hostile.to_string())]);
    let commands: [&[&str]; 6] = [
        &["db", "show", "PYSEC-0000-\u{202e}[2J", "--db", &new],
        &["db", "show", "PYSEC-0000-\u{202e}[2J", "--db", &new, "--format", "json"],
        &["db", "show", "PYSEC-0000-\u{1b}[3J", "--db", &new],
        &["db", "diff", &old, &new],
        &["db", "diff", &old, &new, "--format", "json"],
        &["db", "status", "--db", &new],
    ];
    for arguments in commands {
        let ran = audit(folder.path(), arguments);
        let text = format!("{}{}", ran.out, ran.err);
        let bad = |character: char| character != '\n' && depaudit::report::sanitize::is_unsafe(character);
        assert!(!text.contains(bad), "{arguments:?}: {text:?}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    let shown = audit(folder.path(), commands[0]);
    assert!(
        shown.code == 0
            && shown.out.contains("PYSEC-0000-\\u{202e}[2J")
            && shown.out.contains("CVE-0000-0001\\x1b[2J"),
        "{}{}",
        shown.out,
        shown.err
    );
}

#[test]
fn diff_counts_and_lists() {
    let folder = folder(&[]);
    let withdrawn =
        record("PYSEC-0000-14", "cart", "").replacen('{', r#"{"withdrawn": "2026-11-03T00:00:00Z","#, 1);
    let old = store(
        folder.path(),
        "old.store",
        &[
            ("1", record("PYSEC-0000-1", "shop", "")),
            ("2", record("PYSEC-0000-2", "shop", "")),
            ("3", record("PYSEC-0000-3", "till", "")),
            ("4", record("PYSEC-0000-14", "cart", "")),
        ],
    );
    let new = store(
        folder.path(),
        "new.store",
        &[
            ("1", record("PYSEC-0000-1", "shop", "")),
            ("2", record("PYSEC-0000-2", "shop", "More words.")),
            ("4", withdrawn),
            ("5", record("PYSEC-0000-5", "shop", "")),
            ("6", record("MAL-0000-6", "bad", "")),
        ],
    );
    let ran = audit(folder.path(), &["db", "diff", &old, &new]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    insta::assert_snapshot!(ran.out);
    let report = audit(folder.path(), &["db", "diff", &old, &new, "--format", "json"]).json();
    assert_eq!(
        report["sources"][1],
        json!({"name": "pypa", "old": "2026-11-02", "new": "2026-11-02", "added": 1, "removed": 1, "changed": 1, "withdrawn": 1})
    );
    assert_eq!(
        report["records"][0],
        json!({"source": "openssf", "id": "MAL-0000-6", "change": "added", "packages": ["bad"]})
    );
    let same = audit(folder.path(), &["db", "diff", &old, &old]);
    assert_eq!(same.code, 0);
    assert!(same.out.contains("say the same"), "{}", same.out);
    assert_eq!(audit(folder.path(), &["db", "diff", &old, "missing.store"]).code, 2);
    let back = audit(folder.path(), &["db", "diff", &new, &old, "--format", "json"]).json();
    assert_eq!((&back["sources"][0]["removed"], &back["sources"][0]["new"]), (&json!(1), &json!(null)));
}

#[test]
fn diff_for_dependency_files() {
    let folder = folder(&[
        ("app/requirements.txt", "shop==1.0\ncart==1.0\ntill==3\n"),
        ("other/requirements.txt", "nothing==1\n"),
    ]);
    let old = store(
        folder.path(),
        "old.store",
        &[("3", record("PYSEC-0000-3", "till", "")), ("4", record("PYSEC-0000-4", "cart", ""))],
    );
    let new = store(
        folder.path(),
        "new.store",
        &[
            ("3", record("PYSEC-0000-3", "till", "More words.")),
            ("5", record("PYSEC-0000-5", "shop", "")),
            ("6", record("PYSEC-0000-6", "elsewhere", "")),
        ],
    );
    let run = |arguments: &[&str]| {
        let mut all = vec!["db", "diff", &old, &new];
        all.extend(arguments);
        audit(folder.path(), &all)
    };
    let report = run(&["app", "--format", "json"]);
    assert_eq!(report.code, 1, "{}", report.err);
    let records = report.json()["records"].clone();
    let locked = |number: usize| records[number]["locked"][0].clone();
    assert_eq!(records.as_array().unwrap().len(), 3, "{records}");
    assert_eq!(locked(0), json!({"name": "shop", "version": "1.0", "affected": true, "was_affected": false}));
    assert_eq!(locked(1), json!({"name": "cart", "version": "1.0", "affected": false, "was_affected": true}));
    assert_eq!(locked(2), json!({"name": "till", "version": "3", "affected": false, "was_affected": false}));
    let human = run(&["app"]);
    assert!(human.out.contains("shop 1.0 is affected now, and was not"), "{}", human.out);
    let nothing = run(&["other"]);
    assert_eq!(nothing.code, 0, "{}", nothing.out);
    assert!(nothing.out.contains("nothing that differs concerns"), "{}", nothing.out);
    assert_eq!(run(&["missing"]).code, 2);
}

#[test]
fn diff_of_scores_counts_all_and_lists_what_is_about_packages() {
    let folder = folder(&[
        (
            "a.csv",
            "cve,epss,percentile\nCVE-0000-0001,0.5,0.5\nCVE-1999-0001,0.5,0.5\nCVE-1999-0003,0.1,0.1\n",
        ),
        (
            "b.csv",
            "cve,epss,percentile\nCVE-0000-0001,0.6,0.5\nCVE-1999-0002,0.5,0.5\nCVE-1999-0003,0.1,0.1\n",
        ),
    ]);
    let advisories = top().join("fixtures/advisories");
    for name in ["a", "b"] {
        let scores = format!("{name}.csv");
        let file = format!("{name}.store");
        let ran =
            audit(folder.path(), &["db", "import", advisories.to_str().unwrap(), &scores, "--db", &file]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let report = audit(folder.path(), &["db", "diff", "a.store", "b.store", "--format", "json"]);
    assert_eq!(report.code, 1);
    let report = report.json();
    let epss = &report["sources"][0];
    assert_eq!((&epss["added"], &epss["removed"], &epss["changed"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(
        report["records"],
        json!([{"source": "epss", "id": "CVE-0000-0001", "change": "changed", "packages": ["shoplib"]}])
    );
    assert_eq!(audit(folder.path(), &["db", "diff", "a.store", test_database()]).code, 1, "scores are gone");
}
