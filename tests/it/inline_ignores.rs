//! Ignores in the comments of dependency files.

use super::common::{Ran, audit, folder, test_database};

const BOTH: &str = "# audit: ignore[CVE-0000-0001, PYSEC-0000-2] no baskets, until 2026-12-31";

fn run(files: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let folder = folder(files);
    let mut all = vec!["--db", test_database()];
    all.extend(arguments);
    audit(folder.path(), &all)
}

/// How many vulnerabilities are denied and how many findings ignored, then the rules of all that is said about ignores.
fn said(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut all = vec!["--format", "json"];
    all.extend(arguments);
    let report = run(files, &all).json();
    let findings = report["findings"].as_array().unwrap().iter();
    let rules = findings.filter_map(|finding| finding["rule"].as_str());
    let denied = rules.clone().filter(|rule| *rule == "known-vulnerability").count();
    let rules: Vec<_> = rules.filter(|rule| rule.ends_with("-ignore")).collect();
    let ignored = report["ignored"].as_array().unwrap();
    assert!(ignored.iter().all(|ignored| ignored["by"] == "inline"));
    format!("{denied} {} {}", ignored.len(), rules.join(" ")).trim_end().to_owned()
}

const MANIFEST: &str =
    "[project]\nname = 'x'\ndependencies = [\n  'shoplib==1.4.1',  COMMENT\n  'invoicer==3.0',\n]\n";

#[test]
fn behind_the_requirement_in_every_file_that_people_write() {
    for (name, text) in [
        ("requirements.txt", "shoplib==1.4.1  COMMENT\n"),
        ("requirements.txt", "shoplib==1.4.1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11  COMMENT\n"),
        ("requirements.in", "shoplib==1.4.1  # see #12 COMMENT\n"),
        ("pyproject.toml", MANIFEST),
        ("pyproject.toml", "[project]\nname = 'x'\ndependencies = ['shoplib==1.4.1']  COMMENT\n"),
        (
            "pyproject.toml",
            "[tool.poetry]\nname='x'\n[tool.poetry.dependencies]\nshoplib = '1.4.1' COMMENT\n",
        ),
        ("Pipfile", "[packages]\nshoplib = '==1.4.1'  COMMENT\n"),
        ("Pipfile", "[packages]\nshoplib = {version = '==1.4.1'}  COMMENT\n"),
        ("setup.cfg", "[options]\ninstall_requires =\n  shoplib==1.4.1  COMMENT\n"),
        ("environment.yml", "dependencies:\n- pip:\n  - shoplib==1.4.1  COMMENT\n"),
        ("tool.py", "# /// script\n# dependencies = [\n#   'shoplib==1.4.1',  COMMENT\n# ]\n# ///\n"),
    ] {
        let ignored = text.replace("COMMENT", BOTH);
        assert_eq!(said(&[(name, &ignored)], &[name]), "0 2", "{ignored}");
        let late = said(&[(name, &ignored)], &[name, "--today", "2027-01-01"]);
        assert_eq!(late, "2 0 expired-ignore expired-ignore", "{ignored}");
        let bare = text.replace("COMMENT", "# audit: ignore[CVE-0000-0001]");
        assert_eq!(said(&[(name, &bare)], &[name]), "1 1 unreasoned-ignore", "{bare}");
    }
}

#[test]
fn no_more_than_the_line_says() {
    let file = |text: &str| said(&[("requirements.txt", &text.replace("COMMENT", BOTH))], &[]);
    let unused = "2 0 unused-ignore unused-ignore";
    assert_eq!(file("shoplib==1.4.1\ninvoicer==3.0  COMMENT\n"), unused);
    assert_eq!(file("COMMENT\nshoplib==1.4.1\n"), unused, "on a line of its own");
    assert_eq!(file("-i https://index.example.com/simple  COMMENT\nshoplib==1.4.1\n"), unused);
    let include = format!("-r base.txt  {BOTH}\n");
    assert_eq!(said(&[("requirements.txt", &include), ("base.txt", "shoplib==1.4.1\n")], &[]), unused);
    let text = "[project]\nname = 'x'\ndescription = \"\"\"\n# audit: ignore[CVE-0000-0001] x\"\"\"\n\
                dependencies = ['shoplib==1.4.1']\n";
    assert_eq!(said(&[("pyproject.toml", text)], &[]), "2 0", "a text is no comment");
    assert_eq!(file("shoplib==1.4.1  # audit: ignore[known-vulnerability] all of them\n"), "0 2");
    assert_eq!(file("shoplib==1.4.1  # audit: ignore[outdated-lock] none of them\n"), "2 0 unused-ignore");
    assert_eq!(file("shoplib==1.4.1  # audit: ignore[missing-hash] a rule that is off\n"), "2 0");
}

#[test]
fn every_file_that_asks_for_it_has_to_say_so() {
    let with = format!("shoplib==1.4.1  {BOTH}\n");
    let bare = "shoplib==1.4.1\n";
    assert_eq!(said(&[("dev-requirements.txt", &with), ("requirements.txt", bare)], &[]), "2 0");
    assert_eq!(said(&[("dev-requirements.txt", &with), ("requirements.txt", &with)], &[]), "0 2");
    let ran = run(&[("dev-requirements.txt", &with), ("requirements.txt", bare)], &[]);
    assert!(ran.out.contains("this ignore does not speak for the other files"), "{}", ran.out);
    let compiled = "shoplib==1.4.1\n    # via -r requirements.in\n";
    let source = format!("shoplib  {BOTH}\n");
    let both = [("requirements.in", source.as_str()), ("requirements.txt", compiled)];
    assert_eq!(said(&both, &[]), "0 2", "what is compiled from it goes with it");
    let constrained =
        [("constraints.txt", with.as_str()), ("requirements.txt", "-c constraints.txt\nshoplib\n")];
    assert_eq!(said(&constrained, &[]), "0 2", "the line that a finding points at");
}

/// The lock was resolved; the line to edit stands in the manifest, which is read for its lines alone.
#[test]
fn what_a_line_brings_in() {
    let lock = "[[package]]\nname = \"basket\"\nversion = \"1.0\"\n\n[package.dependencies]\nshoplib = \"*\"\n\n\
                [[package]]\nname = \"shoplib\"\nversion = \"1.4.1\"\n\n\
                [metadata]\nlock-version = \"2.1\"\npython-versions = \"*\"\n";
    let manifest = |comment: &str| {
        format!("[tool.poetry]\nname = 'x'\n[tool.poetry.dependencies]\nbasket = '1.0'  {comment}\n")
    };
    let said = |comment: &str, path: &str| {
        said(&[("pyproject.toml", &manifest(comment)), ("poetry.lock", lock)], &[path])
    };
    assert_eq!(said("", "."), "2 0");
    assert_eq!(said(BOTH, "."), "0 2", "the flaws of what it brings in");
    assert_eq!(said(BOTH, "poetry.lock"), "0 2");
    let rule = "# audit: ignore[known-vulnerability] r";
    assert_eq!(said(rule, "."), "2 0 unused-ignore", "a rule: only about the package of the line");
    assert_eq!(
        said(rule, "poetry.lock"),
        "2 0",
        "of a file read for its lines alone nothing is called unused"
    );
}

#[test]
fn what_is_said_about_them() {
    let ran = run(
        &[(
            "requirements.txt",
            "shoplib==1.4.1  # audit: ignore[CVE-0000-0001]\n\
             invoicer==2.7  # audit: ignore[CVE-0000-0003] not\u{1b}[31m ours until 2026-11-20\n\
             shoplib[x]==1.4.1  # audit: ingore[CVE-0000-0001] typing error\n\
             # audit: ignore[typosquat] alone\n",
        )],
        &[],
    );
    assert_eq!(ran.code, 1);
    assert!(!ran.out.contains('\u{1b}'), "{}", ran.out);
    insta::assert_snapshot!(ran.out);
}
