//! Pins and hashes: what the fixtures of the rules cannot say.

use serde_json::Value;

use super::common::{audit, folder, test_database};

const HASH: &str = "--hash=sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// Audits files; the findings of one rule.
fn findings(files: &[(&str, &str)], rule: &str, arguments: &[&str]) -> Vec<Value> {
    let folder = folder(files);
    let mut all = vec!["--db", test_database(), "--format", "json"];
    all.extend(arguments);
    let report = audit(folder.path(), &all).json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["rule"] == rule).cloned().collect()
}

fn place(finding: &Value) -> String {
    let location = &finding["location"];
    format!("{}:{}:{}", location["path"].as_str().unwrap(), location["line"], location["column"])
}

#[test]
fn rules_that_are_off_are_on_when_somebody_says_so() {
    let files = [("requirements.txt", "tidepool\nquaylib==3.1\n")];
    for rule in ["missing-hash", "unpinned-requirement"] {
        assert!(findings(&files, rule, &[]).is_empty(), "{rule} is off");
        assert_eq!(findings(&files, rule, &["--warn", rule]).len(), 1, "{rule} by the command line");
        let policy = format!("[rules]\n{rule} = \"deny\"\n");
        let with_policy = [files[0], ("audit.toml", policy.as_str())];
        let found = findings(&with_policy, rule, &[]);
        assert_eq!((found.len(), &found[0]["level"]), (1, &"deny".into()));
        assert_eq!(findings(&with_policy, rule, &["--allow", rule]).len(), 0);
    }
}

#[test]
fn an_ignore_of_a_rule_that_is_off_is_not_called_unused() {
    let ignore = "[[ignore]]\nid = \"missing-hash\"\npath = \"requirements.txt\"\nreason = \"later\"\n";
    let files = [("requirements.txt", "tidepool==1.0\n"), ("audit.toml", ignore)];
    assert!(findings(&files, "unused-ignore", &[]).is_empty());
    let on = ["--warn", "missing-hash"];
    assert!(
        findings(&files, "missing-hash", &on).is_empty() && findings(&files, "unused-ignore", &on).is_empty()
    );
    let hashed = format!("tidepool==1.0 {HASH}\n");
    let files = [("requirements.txt", hashed.as_str()), files[1]];
    assert_eq!(findings(&files, "unused-ignore", &[]).len(), 1, "there it is");
}

#[test]
fn a_file_that_several_include_is_told_once() {
    let base = format!("tidepool==1.0 {HASH}\nquaylib==3.1\n");
    let files = [
        ("base-requirements.txt", base.as_str()),
        ("dev-requirements.txt", "-r base-requirements.txt\n-r base-requirements.txt\nropework==1.2\n"),
        ("docs-requirements.txt", "-r base-requirements.txt\n"),
    ];
    let found = findings(&files, "partial-hashes", &[]);
    let places: Vec<_> = found.iter().map(place).collect();
    assert_eq!(places, ["base-requirements.txt:2:8", "dev-requirements.txt:3:9"]);
    assert_eq!(found[0]["message"], "1 of 2 requirements has no hash: pip refuses to install such a file");
    assert_eq!(found[1]["message"], "its only requirement has no hash: pip refuses to install such a file");
}

#[test]
fn many_lines_are_counted_and_some_are_shown() {
    let lines: Vec<String> = (0..40).map(|number| format!("tidepool{number}==1.0")).collect();
    let text = format!("{}\nquaylib==3.1 {HASH}\n", lines.join("\n"));
    let found = findings(&[("requirements.txt", &text)], "partial-hashes", &[]);
    assert_eq!(place(&found[0]), "requirements.txt:1:10");
    assert!(found[0]["message"].as_str().unwrap().starts_with("40 of 41 requirements have no hash"));
    assert_eq!(found[0]["related"].as_array().unwrap().len(), 4);
}

#[test]
fn what_pip_does_with_hashes() {
    let partial = |text: &str| findings(&[("requirements.txt", text)], "partial-hashes", &[]).len();
    for (text, expected, why) in [
        (format!("a1==1 {HASH}\nb1==1\n"), 1, "one has none"),
        (format!("a1==1 {HASH}\n./b1-1.0.tar.gz\n"), 1, "an archive can have one"),
        (format!("a1==1 {HASH}\n./b1-1.0.tar.gz {HASH}\n"), 0, "and has one"),
        (format!("a1==1 {HASH}\nb1 @ https://files.example.com/b1.zip#sha256=00\n"), 0, "in its URL"),
        (format!("a1==1 {HASH}\nb1 @ https://files.example.com/b1.zip#egg=b1\n"), 1, "no digest"),
        (format!("a1==1 {HASH}\nb1 @ git+https://git.example.com/b1#sha256=00\n"), 1, "a checkout has none"),
        ("a1==1\nb1 @ https://files.example.com/b1.zip#sha256=00\n".to_owned(), 0, "a URL asks for nothing"),
        ("--require-hashes\n".to_owned(), 0, "nothing to install"),
        (format!("--require-hashes\na1==1 {HASH}\n"), 0, "all have one"),
        ("--require-hash\na1==1\n".to_owned(), 1, "options may be cut short"),
    ] {
        assert_eq!(partial(&text), expected, "{why}: {text}");
    }
}

#[test]
fn a_command_is_safe_to_copy() {
    let name = "$(reboot) requirements.txt";
    let found =
        findings(&[(name, "tidepool\n")], "unpinned-requirement", &["--warn", "unpinned-requirement"]);
    let help = found[0]["help"].as_str().unwrap();
    assert_eq!(
        help,
        "copy it to $(reboot) requirements.in and run `uv pip compile '$(reboot) requirements.in' -o \
         '$(reboot) requirements.txt'`"
    );
}

#[test]
fn many_moving_references_take_linear_time() {
    const COUNT: usize = 5_000;
    let line = |number| format!("tide{number} @ git+https://git.example.com/tide{number}.git@main\n");
    let text: String = (0..COUNT).map(line).collect();
    let start = std::time::Instant::now();
    assert_eq!(findings(&[("requirements.txt", &text)], "mutable-reference", &[]).len(), COUNT);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
