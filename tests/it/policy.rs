//! The policy: where it is found, what it decides, and what is said about a wrong one.

use super::common::{Ran, audit, folder, test_database};

const VULNERABLE: (&str, &str) = ("requirements.txt", "shoplib==1.4.1\n");

fn run(folder: &std::path::Path, arguments: &[&str]) -> Ran {
    let mut all = vec!["--db", test_database()];
    all.extend(arguments);
    audit(folder, &all)
}

/// Audits a vulnerable requirement under a policy.
fn with_policy(policy: &str) -> Ran {
    let folder = folder(&[VULNERABLE, ("audit.toml", policy)]);
    run(folder.path(), &[])
}

#[test]
fn every_complaint_has_its_place_and_the_nearest_key() {
    let ran = with_policy(
        "fail-on = \"hihg\"\nrequire_lock = true\n\n[rules]\nknown-vulnerabilty = \"deny\"\nstale-database = \"off\"\n\
         unsupported-input = \"allow\"\n\n[database]\nmax-age = 90\n\n[[ignore]]\nid = \"CVE-1\"\nuntil = 2026-02-30\n",
    );
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    insta::assert_snapshot!("a_broken_date_is_no_toml", ran.err);
    let ran = with_policy(
        "fail-on = \"hihg\"\nrequire_lock = true\n\n[rules]\nknown-vulnerabilty = \"deny\"\nstale-database = \"off\"\n\
         unsupported-input = \"allow\"\n\n[database]\nmax-age = 90\n\n[vulnerabilities]\nunknown-severity = \"unknown\"\n\n\
         [groups.dev]\nfail-no = \"high\"\n\n[[ignore]]\nid = \"CVE-1\"\nuntil = \"31.12.2026\"\nversion = \"kaputt\"\n\n\
         [[ignore]]\nreason = \"for no id\"\n\n[[ignore]]\nid = \"unsupported-input\"\nreason = \"all of them\"\n\n[licences]\n",
    );
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    insta::assert_snapshot!(ran.err);
}

#[test]
fn names_and_indexes_are_read_strictly() {
    let ran = with_policy(
        "[names]\nprivate = [\"acme-*\", \"*\", \"acme[x]\", \"-acme\", 7]\ntrusted = [\"odd_Name\", \"*\", \"\", \"?-*\"]\n\
         privat = []\n\n[indexes]\n\"https://user:hunter2secret@index.example.com/simple\" = { private = true }\n\
         \"HTTPS://Index.example.com:443/simple/\" = { private = false }\n\"mirror.example.com/simple\" = { private = true }\n\
         \"https://user:hunter2secret@a b/\" = { private = true }\n\"ftp://index.example.com\" = { private = true }\n\
         \"https://user:hunter2secret@one.example.com\" = { privat = true }\n\"https://two.example.com\" = { private = \"yes\" }\n\
         \"https://three.example.com\" = true\n\"https://four.example.com\" = {}\n",
    );
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
    insta::assert_snapshot!(ran.err);
    let ran = with_policy("names = []\nindexes = \"https://index.example.com\"\n");
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("`names` must be a table") && ran.err.contains("`indexes` must be a table"),
        "{}",
        ran.err
    );
    let ran = with_policy("[indexes]\n\"https://pypi.org/simple\" = { private = true }\n");
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("the public index is not private") && ran.err.contains("audit.toml:2:41"),
        "{}",
        ran.err
    );
    let fine = "fail-on = \"never\"\n[names]\nprivate = [\"*\"]\ntrusted = [\"odd_Name\"]\n[indexes]\n\
                \"https://index.example.com/simple/\" = { private = true }\n";
    assert_ne!(with_policy(fine).code, 2, "an index with any spelling, a bare star for private names");
}

#[test]
fn thresholds_and_levels() {
    assert_eq!(with_policy("fail-on = \"never\"\n").code, 0);
    assert_eq!(with_policy("[rules]\nknown-vulnerability = \"note\"\n").code, 0);
    assert_eq!(with_policy("require-lock = true\nfail-on = \"never\"\n").code, 1, "a lock is required");
    let folder = folder(&[VULNERABLE, ("audit.toml", "fail-on = \"never\"\n")]);
    assert_eq!(run(folder.path(), &["--fail-on", "low"]).code, 1, "the command line decides");
    assert_eq!(run(folder.path(), &["--no-config"]).code, 1);
    assert_eq!(run(folder.path(), &["--config", "audit.toml"]).code, 0);
    assert_eq!(run(folder.path(), &["--config", "missing.toml"]).code, 2);
}

#[test]
fn a_package_in_several_groups_takes_the_strictest() {
    let manifest =
        "[project]\nname = 'x'\n[dependency-groups]\ndev = ['shoplib==1.4.1']\ndocs = ['shoplib==1.4.1']\n";
    let policy = |groups: &str| {
        let folder = folder(&[("pyproject.toml", manifest), ("audit.toml", groups)]);
        run(folder.path(), &[]).code
    };
    assert_eq!(policy("[groups.dev]\nfail-on = \"never\"\n"), 1, "docs takes the default");
    assert_eq!(policy("[groups.dev]\nfail-on = \"never\"\n[groups.docs]\nfail-on = \"never\"\n"), 0);
}

#[test]
fn news_have_a_level_of_their_own() {
    assert_eq!(with_policy("fail-on = \"never\"\n[since]\nnews = \"deny\"\n").code, 0);
    for (policy, place, help) in [
        ("[since]\nnews = \"worn\"\n", "audit.toml:2:8", "one of allow, note, warn, deny"),
        ("[since]\nnews = 1\n", "audit.toml:2:8", "one of allow, note, warn, deny"),
        ("[since]\nnew = \"warn\"\n", "audit.toml:2:1", "did you mean `news`?"),
        ("since = \"main\"\n", "audit.toml:1:9", "`since` must be a table, not a string"),
    ] {
        let ran = with_policy(policy);
        assert_eq!(ran.code, 2, "{policy}");
        assert!(ran.err.contains(place) && ran.err.contains(help), "{}", ran.err);
    }
}

#[test]
fn an_age_in_the_policy_denies() {
    let ran = with_policy("fail-on = \"never\"\n[database]\nmax-age = \"2w\"\n");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("error[stale-database]") && ran.out.contains("audit.toml:3:11"), "{}", ran.out);
}

#[test]
fn the_nearest_policy_from_the_working_directory_upwards() {
    let folder = folder(&[
        ("audit.toml", "fail-on = \"never\"\n"),
        ("service/requirements.txt", "shoplib==1.4.1\n"),
        ("service/src/keep", ""),
    ]);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(run(&folder.path().join("service/src"), &[".."]).code, 0, "found two folders up");
    std::fs::write(folder.path().join("service/audit.toml"), "fail-on = \"low\"\n").unwrap();
    assert_eq!(run(&folder.path().join("service"), &[]).code, 1, "the nearer one");
}

#[test]
fn a_policy_in_pyproject() {
    let manifest = "[project]\nname = 'x'\ndependencies = ['shoplib==1.4.1']\n";
    let with = |table: &str| folder(&[("pyproject.toml", &format!("{manifest}{table}"))]);
    assert_eq!(run(with("[tool.audit]\nfail-on = 'never'\n").path(), &[]).code, 0);
    assert_eq!(run(with("[tool]\naudit.fail-on = 'never'\n").path(), &[]).code, 0, "however it is spelled");
    let wrong = run(with("[tool.audit]\nfailon = 'never'\n").path(), &[]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.err.contains("did you mean `fail-on`?") && wrong.err.contains("pyproject.toml:5:1"),
        "{}",
        wrong.err
    );
    let both = with("[tool.audit]\nfail-on = 'never'\n");
    std::fs::write(both.path().join("audit.toml"), "").unwrap();
    let ran = run(both.path(), &[]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("two policies in one folder: audit.toml and [tool.audit] in pyproject.toml"),
        "{}",
        ran.err
    );
}

/// What a hostile change to a repository could add: none of it hides a finding, and what is not used is named.
#[test]
fn planted_policies_hide_nothing() {
    let folder = folder(&[
        VULNERABLE,
        (
            "vendor/audit.toml",
            "fail-on = \"never\"\n[[ignore]]\nid = \"CVE-0000-0001\"\nreason = \"planted\"\n",
        ),
        ("vendor/requirements.txt", "shoplib==1.4.1\n"),
        ("tool/pyproject.toml", "[project]\nname = 'tool'\n[tool.audit]\nfail-on = 'never'\n"),
        (".audit.toml", "fail-on = \"never\"\n"),
        (".ignore", "*\n"),
        (".gitignore", "requirements.txt\n"),
    ]);
    let ran = run(folder.path(), &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("vendor/audit.toml: this policy is not used"), "{}", ran.out);
    assert!(ran.out.contains("tool/pyproject.toml: its [tool.audit] is not used"), "{}", ran.out);
    assert!(ran.out.contains("findings: 4 denied"), "{}", ran.out);
    let named = run(folder.path(), &["vendor/requirements.txt"]);
    assert_eq!(named.code, 1);
    assert!(named.out.contains("vendor/audit.toml: this policy is not used"), "{}", named.out);
}

#[cfg(unix)]
#[test]
fn a_policy_that_is_a_link_is_not_followed() {
    let folder = folder(&[VULNERABLE, ("elsewhere/policy.toml", "fail-on = \"never\"\n")]);
    std::os::unix::fs::symlink("elsewhere/policy.toml", folder.path().join("audit.toml")).unwrap();
    let ran = run(folder.path(), &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("audit.toml: this policy is a link and is not used"), "{}", ran.out);
}

#[test]
fn an_accepted_skip_is_counted_and_shown() {
    let policy = "[[ignore]]\nid = \"unsupported-input\"\npackage = \"acme-x\"\nreason = \"reviewed\"\n";
    let files = [
        (
            "requirements.txt",
            "acme-x @ git+https://git.example.com/x.git@0123456789abcdef0123456789abcdef01234567\n",
        ),
        ("audit.toml", policy),
    ];
    let accepted = folder(&files);
    let ran = run(accepted.path(), &[]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.out.contains("not audited, accepted by the policy: 1")
            && ran.out.contains("(accepted: reviewed)"),
        "{}",
        ran.out
    );
    let report = run(accepted.path(), &["--format", "json"]).json();
    assert_eq!((&report["summary"]["accepted"], &report["summary"]["skipped"]), (&1.into(), &0.into()));
    let expired = policy.to_owned() + "until = 2026-11-20\n";
    let late = folder(&[files[0], ("audit.toml", expired.as_str())]);
    assert_eq!(run(late.path(), &[]).code, 3, "an ignore that ended accepts nothing");
}

#[test]
fn an_ignore_takes_out_no_more_than_it_names() {
    let manifest = ("a/requirements.txt", "shoplib==1.4.1\n");
    let other = ("b/requirements.txt", "shoplib==1.4.1\n");
    let left = |policy: &str| {
        let folder = folder(&[manifest, other, ("audit.toml", policy)]);
        run(folder.path(), &["--format", "json"]).json()["summary"]["deny"].as_u64().unwrap()
    };
    assert_eq!(left(""), 4);
    assert_eq!(
        left("[[ignore]]\nid = \"GHSA-0000-0000-0001\"\nreason = \"r\"\n"),
        2,
        "any alias, everywhere"
    );
    assert_eq!(left("[[ignore]]\nid = \"CVE-0000-0001\"\npath = \"a/\"\nreason = \"r\"\n"), 3);
    assert_eq!(
        left("[[ignore]]\nid = \"CVE-0000-0001\"\npath = \"a/req\"\nreason = \"r\"\n"),
        4,
        "a path is whole names"
    );
    assert_eq!(left("[[ignore]]\nid = \"CVE-0000-0001\"\nversion = \">=1.4.2\"\nreason = \"r\"\n"), 4);
    assert_eq!(left("[[ignore]]\nid = \"known-vulnerability\"\npackage = \"shoplib\"\nreason = \"r\"\n"), 0);
}

#[test]
fn a_range_goes_when_all_its_flaws_are_ignored() {
    let run = |requirement: &str, ids: &[&str]| {
        let entry =
            |id: &&str| format!("[[ignore]]\nid = \"{id}\"\npackage = \"shoplib\"\nreason = \"looked at\"\n");
        let policy: String = ids.iter().map(entry).collect();
        let folder = folder(&[("requirements.txt", requirement), ("audit.toml", &policy)]);
        let ran = run(folder.path(), &["--format", "json"]);
        let report = ran.json();
        let unused = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["rule"] == "unused-ignore")
            .count();
        (ran.code, report["summary"]["ignored"].as_u64().unwrap(), unused)
    };
    let both = "shoplib>=1.2,<1.4\n";
    assert_eq!(run(both, &["cve-0000-0001"]), (1, 0, 0), "one of two, and it is not called unused");
    assert_eq!(run(both, &["GHSA-0000-0000-0001", "CVE-0000-0002"]), (0, 1, 0));
    assert_eq!(run(both, &["vulnerable-range"]), (0, 1, 0));
    assert_eq!(run("shoplib>=1.4.2,<1.5\n", &["CVE-0000-0002", "CVE-0000-0001"]), (0, 1, 1));
}
