//! Options, exit codes, standard input: what a shell and a CI job see.

use std::process::Stdio;

use super::common::{
    Ran, audit, audit_with_input, finish, folder, program, project, test_database, top, write,
};

/// Audits one requirement file with our own advisories.
fn requirements(text: &str, arguments: &[&str]) -> Ran {
    let folder = folder(&[("requirements.txt", text)]);
    let mut all = vec!["--db", test_database()];
    all.extend(arguments);
    audit(folder.path(), &all)
}

/// Nothing says which version this is: it is skipped.
const UNKNOWN: &str = "shoplib @ git+https://git.example.com/shoplib.git\n";

#[test]
fn exit_codes() {
    assert_eq!(requirements("shoplib==1.5.0\n", &[]).code, 0, "clean");
    assert_eq!(requirements("shoplib==1.4.1\n", &[]).code, 1, "findings");
    assert_eq!(requirements(UNKNOWN, &[]).code, 3, "incomplete");
    assert_eq!(requirements("shoplib\n", &[]).code, 0, "a requirement without a version is answered");
    assert_eq!(requirements("shoplib<1.4\n", &[]).code, 1, "and may be a finding");
    let both = format!("invoicer==2.7\n{UNKNOWN}");
    assert_eq!(requirements(&both, &[]).code, 1, "findings and a skip: findings");
    assert_eq!(requirements("# nothing is asked for\n", &[]).code, 0, "a file without requirements is clean");
    let empty = folder(&[("notes.md", "nothing here")]);
    let nothing = audit(empty.path(), &[]);
    assert_eq!(nothing.code, 2);
    insta::assert_snapshot!(nothing.err, @r"
      × no dependency file in this folder
      help: name a requirements.txt, poetry.lock or pyproject.toml, or a folder that holds one
    ");
    let missing = audit(empty.path(), &["missing.txt"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("cannot audit missing.txt: there is no such file"), "{}", missing.err);
}

#[test]
fn an_incomplete_run_says_so_whatever_it_exits_with() {
    let ran = requirements(UNKNOWN, &["--allow-incomplete"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.out.contains("incomplete: nothing denied in 0 packages from 1 file, but 1 thing was not audited"),
        "{}",
        ran.out
    );
    let json = requirements(UNKNOWN, &["--allow-incomplete", "--format", "json"]).json();
    assert_eq!(json["verdict"], "incomplete");
    assert_eq!(requirements("shoplib==1.4.1\n", &["--allow-incomplete"]).code, 1, "findings stay findings");
}

#[test]
fn levels_and_thresholds() {
    let low = "shoplib==1.4.2\n"; // PYSEC-0000-2 alone, low
    assert_eq!(requirements(low, &[]).code, 1, "fail-on is low by default");
    assert_eq!(requirements(low, &["--fail-on", "medium"]).code, 0);
    assert_eq!(requirements("shoplib==1.4.1\n", &["--fail-on", "medium"]).code, 1);
    assert_eq!(requirements("shoplib==1.4.1\n", &["--fail-on", "never"]).code, 0);
    assert_eq!(
        requirements("parcelbox==2.3.1\n", &["--fail-on", "never"]).code,
        1,
        "malware denies all the same"
    );
    assert_eq!(requirements(low, &["--allow", "known-vulnerability"]).code, 0);
    let always = "shoplib>=1.4.2,<1.5\n"; // PYSEC-0000-2 alone, low
    assert_eq!(requirements(always, &[]).code, 1);
    assert_eq!(requirements(always, &["--fail-on", "medium"]).code, 0);
    assert_eq!(requirements(always, &["--fail-on", "never", "--deny", "vulnerable-range"]).code, 0);
    assert_eq!(requirements(always, &["--warn", "vulnerable-range"]).code, 0);
    assert_eq!(requirements("shoplib>=1.4.2\n", &["--deny", "vulnerable-range"]).code, 1, "for every degree");
    assert_eq!(requirements("parcelbox>=2.3.1,<2.3.2,!=2.3.1.*\n", &["--fail-on", "never"]).code, 0);
    assert_eq!(requirements("parcelbox>=2.3.1,<=2.3.1\n", &["--fail-on", "never"]).code, 1, "malware");
    assert_eq!(requirements(low, &["--warn", "known-vulnerability"]).code, 0);
    assert_eq!(requirements("shoplib==1.5.0\n", &["--deny", "unlocked-dependencies"]).code, 1);
    assert_eq!(requirements("invoicer==2.5\n", &["--fail-on", "high"]).code, 1, "unknown counts as high");
    assert_eq!(requirements("invoicer==2.5\n", &["--fail-on", "critical"]).code, 0);
    let unknown = requirements(low, &["--deny", "known-vulnerabilty"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean known-vulnerability?"), "{}", unknown.err);
    let fixed = requirements(low, &["--allow", "unsupported-input"]);
    assert_eq!(fixed.code, 2, "nothing turns skips off");
}

#[test]
fn the_last_level_of_a_rule_counts() {
    let low = "shoplib==1.4.2\n"; // PYSEC-0000-2 alone, low
    for (levels, code) in [
        (&["--deny", "--warn"][..], 0),
        (&["--warn", "--deny"], 1),
        (&["--deny", "--allow"], 0),
        (&["--allow", "--deny"], 1),
        (&["--deny", "--allow", "--deny"], 1),
        (&["--deny", "--deny", "--warn", "--allow", "--warn"], 0),
    ] {
        let options: Vec<&str> = levels.iter().flat_map(|level| [*level, "known-vulnerability"]).collect();
        assert_eq!(requirements(low, &options).code, code, "{levels:?}");
    }
    let found = |options: &[&str]| {
        let report = requirements(low, options).json();
        let findings = report["findings"].as_array().unwrap().iter();
        findings.filter(|finding| finding["rule"] == "known-vulnerability").count()
    };
    let [warn, allow] = ["--warn=known-vulnerability", "--allow=known-vulnerability"];
    assert_eq!(found(&[warn, allow, "--format", "json"]), 0);
    assert_eq!(found(&[allow, warn, "--format", "json"]), 1);
    assert_eq!(found(&[allow, "--warn", "stale-database", "--format", "json"]), 0, "of another rule");
}

#[test]
fn ignores_on_the_command_line() {
    let both = &["--ignore", "CVE-0000-0001", "--ignore", "cve-0000-0002", "--reason", "looked at"];
    let ran = requirements("shoplib==1.4.1\n", both);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("ignored: 2") && ran.out.contains("looked at"), "{}", ran.out);
    assert_eq!(requirements("shoplib==1.4.1\n", &both[..2]).code, 2, "an ignore needs a reason");
    assert_eq!(requirements("shoplib==1.4.1\n", &["--ignore", "X", "--reason", "  "]).code, 2);
    let one = requirements(
        "twocves==2\n",
        &["--ignore", "CVE-0000-0008", "--reason", "looked at", "--format", "json"],
    );
    let report = one.json();
    assert_eq!(
        (one.code, &report["summary"]["ignored"]),
        (1, &1.into()),
        "the other CVE of the record stays"
    );
    assert!(report["findings"].to_string().contains("CVE-0000-0009"));
    let unused =
        requirements("shoplib==1.5.0\n", &["--ignore", "CVE-1", "--reason", "r", "--format", "json"]);
    let found = &unused.json()["findings"][0];
    assert_eq!(
        (&found["rule"], &found["location"]["path"]),
        (&"unused-ignore".into(), &"<command line>".into())
    );
}

#[test]
fn old_data() {
    let age = |arguments: &[&str]| requirements("shoplib==1.5.0\n", arguments);
    assert_eq!(age(&["--max-db-age", "20d"]).code, 0);
    let old = age(&["--max-db-age", "19d"]);
    assert_eq!(old.code, 1);
    assert!(old.out.contains("error[stale-database]: the advisory data is 20 days old"), "{}", old.out);
    assert_eq!(age(&["--today", "2030-01-01"]).code, 0, "old data warns");
    assert_eq!(age(&["--max-db-age", "soon"]).code, 2);
    assert_eq!(age(&["--today", "2026-02-30"]).code, 2);
    let folder = folder(&[("requirements.txt", "shoplib==1.5.0\n")]);
    let mut command = program(folder.path());
    let ran = finish(command.args(["--db", test_database()]).env("SOURCE_DATE_EPOCH", "4102444800"));
    assert!(ran.out.contains("warning[stale-database]") && ran.code == 0, "{}", ran.out);
    let wrong = finish(program(folder.path()).env("SOURCE_DATE_EPOCH", "yesterday"));
    assert_eq!(wrong.code, 2);
}

#[test]
fn standard_input_is_a_requirement_file_unless_it_has_a_name() {
    let empty = folder(&[]);
    let read = |arguments: &[&str], text: &str| audit_with_input(empty.path(), arguments, text.as_bytes());
    let frozen =
        read(&["-", "--db", test_database(), "--format", "json"], "shoplib==1.4.1\nparcelbox==2.4\n");
    assert_eq!(frozen.code, 1);
    assert_eq!(frozen.json()["findings"][1]["location"]["path"], "requirements.txt");
    let manifest = "[project]\nname = 'x'\ndependencies = ['shoplib==1.4.1']\n";
    let named =
        read(&["-", "--stdin-name", "pyproject.toml", "--db", test_database(), "--format", "json"], manifest);
    assert_eq!(named.json()["inputs"][0]["kind"], "pyproject.toml");
    let odd = read(&["-", "--stdin-name", "photo.png", "--db", test_database()], "x");
    assert_eq!(odd.code, 3, "{}", odd.out);
    assert_eq!(
        read(&["graph", "-", "--format", "json"], "shoplib==1\n").json()["inputs"][0]["packages"][0]["line"],
        1
    );
}

#[test]
fn typing_errors_are_met_halfway() {
    let unknown = audit(top(), &["--formt", "json"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    assert!(unknown.err.contains("'--format'"), "{}", unknown.err);
    assert_eq!(audit(top(), &["--format", "yaml"]).code, 2);
    let command = audit(top(), &["rule"]);
    assert_eq!(command.code, 2);
    assert_eq!(audit(top(), &["explain", "known-vulnerabilities"]).code, 1);
    let help = audit(top(), &["-h"]);
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    assert!(!help.out.contains("fix "), "`audit fix` does not work yet");
    assert!(audit(top(), &["--version"]).out.starts_with("audit 0."));
}

#[test]
fn one_typing_error_hint_for_a_command_taken_for_a_path() {
    let ran = audit(top(), &["explian"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `audit explain`?"), "{}", ran.err);
}

#[test]
fn rules_and_their_explanations() {
    let rules = audit(top(), &["rules"]);
    assert_eq!(rules.code, 0);
    insta::assert_snapshot!(rules.out);
    let explained = audit(top(), &["explain", "stale-database"]);
    assert_eq!(explained.code, 0);
    let page = std::fs::read_to_string(top().join("docs/rules/stale-database.md")).unwrap();
    assert_eq!(explained.out, page);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = program(top())
        .args(["fixtures/projects/webshop", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), &b""[..]));
}

#[test]
fn a_database_that_cannot_be_used_stops_the_run() {
    let folder = folder(&[("requirements.txt", "shoplib==1.5.0\n"), ("old.store", "not a store")]);
    let missing = audit(folder.path(), &["--db", "missing.store"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("missing.store"), "{}", missing.err);
    let other = audit(folder.path(), &["--db", "old.store"]);
    assert_eq!((other.code, other.out.as_str()), (2, ""));
    assert!(other.err.contains("is not an advisory store"), "{}", other.err);
    let mut bytes = std::fs::read(test_database()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    write(folder.path(), "damaged.store", &bytes);
    let damaged = audit(folder.path(), &["--db", "damaged.store", "--format", "json"]);
    assert!(damaged.code == 2 || damaged.json()["verdict"] == "clean", "{}{}", damaged.out, damaged.err);
}

#[test]
fn a_users_store_adds_to_what_is_built_in() {
    let home = folder(&[("requirements.txt", "shoplib==1.4.1\njinja2==3.1.4\n")]);
    let run =
        |arguments: &[&str]| finish(program(home.path()).env("XDG_DATA_HOME", home.path()).args(arguments));
    assert_eq!(run(&["--format", "json"]).json()["summary"]["ignored"], 0);
    let imported =
        run(&["db", "import", top().join("fixtures/advisories/GHSA-0000-0000-0001.json").to_str().unwrap()]);
    assert_eq!(imported.code, 0, "{}", imported.err);
    assert!(home.path().join("audit/advisories.store").is_file());
    let report = run(&["--format", "json"]).json();
    let packages: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["package"]["name"].as_str())
        .collect();
    assert!(packages.contains(&"shoplib") && packages.contains(&"jinja2"), "{packages:?}");
}

#[test]
fn paths_are_relative_to_the_root_and_the_root_is_where_people_think() {
    let folder = folder(&[
        ("a/b/requirements.txt", "shoplib==1.4.1\n"),
        ("a/pyproject.toml", "[project]\nname='a'\n"),
    ]);
    let place = |from: &str, arguments: &[&str]| {
        let mut all = vec!["--format", "json", "--db", test_database()];
        all.extend(arguments);
        let report = audit(&folder.path().join(from), &all).json();
        let found = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|finding| finding["rule"] == "known-vulnerability");
        found.unwrap()["location"]["path"].as_str().unwrap().to_owned()
    };
    assert_eq!(place(".", &[]), "a/b/requirements.txt", "the working directory");
    assert_eq!(place("a", &["b/requirements.txt"]), "b/requirements.txt");
    assert_eq!(place("a", &["--root", ".."]), "a/b/requirements.txt");
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(place("a/b", &[]), "a/b/requirements.txt", "the repository");
    let outside = audit(&folder.path().join("a"), &["--root", "b", "pyproject.toml"]);
    assert_eq!(outside.code, 2);
    assert!(outside.err.contains("lies outside the root"), "{}", outside.err);
}

#[test]
fn every_fixture_project_is_read_whole() {
    for name in [
        "clean",
        "layered",
        "legacy-poetry",
        "legacy-poetry-1.1",
        "malware",
        "pip-compiled",
        "uv-compiled",
        "webshop",
        "webshop-pip-compile",
        "webshop-pipenv",
        "webshop-uv",
    ] {
        let report = audit(&project(name), &["--root", ".", "--format", "json"]).json();
        assert_eq!(report["summary"]["skipped"], 0, "{name}: {}", report["skipped"]);
    }
}

/// `-h` is for a look, `--help` for reading.
#[test]
fn the_short_help_fits_a_screen() {
    let help = |argument: &str| {
        let mut command = super::common::program(top());
        super::common::finish(command.env("COLUMNS", "80").arg(argument))
    };
    let (short, long) = (help("-h"), help("--help"));
    assert!(short.out.lines().count() <= 44, "{}", short.out.lines().count());
    assert!(short.out.lines().all(|line| line.chars().count() <= 80), "{}", short.out);
    for option in
        ["--since", "--format", "--report", "--fail-on", "--ignore", "--config", "--no-dev", "--quiet"]
    {
        assert!(short.out.contains(option), "{option}");
    }
    for heading in ["What is asked about:", "Reports:", "Policy:", "Advisories:", "Examples:"] {
        assert!(long.out.contains(heading), "{heading}");
    }
    for option in ["--vex", "--baseline", "--db ", "--max-db-age", "--stdin-name", "--no-progress"] {
        assert!(long.out.contains(option) && !short.out.contains(option), "{option}");
    }
    // Every format is named.
    for format in depaudit::report::audit::FORMATS {
        assert!(long.out.contains(format.name), "{}", format.name);
    }
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = audit(top(), &["completions", shell]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell}");
        for word in ["since", "licenses", "fail-on"] {
            assert!(ran.out.contains(word), "{shell} lacks {word}");
        }
        // These two know no values of options.
        let has_values = ran.out.contains("sarif");
        assert!(has_values || matches!(shell, "powershell" | "elvish"), "{shell} lacks the formats");
    }
    assert_eq!(audit(top(), &["completions", "tcsh"]).code, 2);
    let bash = audit(top(), &["completions", "bash"]).out;
    let folder = super::common::folder(&[("audit.bash", &bash)]);
    let check = std::process::Command::new("bash").arg("-n").arg(folder.path().join("audit.bash")).status();
    assert!(check.map_or(true, |status| status.success()), "bash does not read it");
}
