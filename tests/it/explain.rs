//! `audit explain ADVISORY [PATH]...`

use std::time::Instant;

use super::common::{Ran, audit, folder, project, test_database, top, write};

/// Explains an id for one requirement file, with our own advisories.
fn explain(id: &str, requirements: &str) -> Ran {
    let folder = folder(&[("requirements.txt", requirements)]);
    audit(folder.path(), &["explain", id, "--db", test_database()])
}

#[test]
fn what_the_records_of_one_flaw_say() {
    let ran = explain("pysec-0000-1", "shoplib==1.4.1\n");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!(ran.out);
    for id in ["GHSA-0000-0000-0001", "cve-0000-0001"] {
        let other = explain(id, "shoplib==1.4.1\n");
        assert_eq!(other.code, 0);
        let behind =
            |text: &str| text.split_once("\nshoplib\n").unwrap().1.split("records").next().unwrap().len();
        assert_eq!(behind(&other.out), behind(&ran.out), "the same records by any id");
        assert!(other.out.starts_with(&id.to_uppercase()), "{}", other.out);
    }
}

#[test]
fn why_not() {
    for (id, requirement, words) in [
        ("PYSEC-0000-1", "shoplib==1.4.2", "why:       GHSA-0000-0000-0001: fixed in 1.4.2"),
        ("PYSEC-0000-2", "shoplib==1.1", "shoplib 1.1 is not affected: introduced in 1.2"),
        ("PYSEC-0000-2", "shoplib==1.5.0", "shoplib 1.5.0 is not affected: fixed in 1.5.0rc1"),
        ("PYSEC-0000-3", "invoicer==3", "invoicer 3 is not affected: 2.7 is the last affected"),
        ("MAL-0000-5", "parcelbox==2.3", "parcelbox 2.3 is not affected: not the one version that it lists"),
        ("PYSEC-0000-6", "shoplib==1", "shoplib 1 is not affected: withdrawn, so it affects nothing"),
        ("CVE-0000-0009", "twocves==3", "twocves 3 is not affected: fixed in 3"),
    ] {
        let ran = explain(id, requirement);
        assert_eq!(ran.code, 0, "{}", ran.out);
        assert!(ran.out.contains(words), "{words}:\n{}", ran.out);
        assert!(ran.out.contains("requirements.txt:1:"), "{}", ran.out);
    }
    let listed = explain("MAL-0000-5", "parcelbox==2.3.1");
    assert!(listed.out.contains("parcelbox 2.3.1 is affected\n  why:       MAL-0000-5: it lists 2.3.1\n"));
    let named = explain("CVE-0000-0007", "deadlib\n");
    assert_eq!(named.code, 3, "no version, no answer");
    assert!(named.out.contains("deadlib has no version that could be compared"), "{}", named.out);
    let absent = explain("CVE-0000-0007", "shoplib==1\n");
    assert!(absent.out.ends_with("\ndeadlib is not in 1 file here\n"), "{}", absent.out);
}

#[test]
fn without_dependency_files() {
    let empty = folder(&[]);
    let ran = audit(empty.path(), &["explain", "CVE-0000-0003", "--db", test_database()]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(
        ran.out.ends_with("PYSEC-0000-3 of pypa, changed 2026-11-01, also CVE-0000-0003\n"),
        "{}",
        ran.out
    );
    let named = audit(empty.path(), &["explain", "CVE-0000-0003", ".", "--db", test_database()]);
    assert_eq!(named.code, 2, "a folder that is named must hold some");
}

#[test]
fn an_unknown_id_has_neighbours() {
    let ran = explain("CVE-0000-0014", "");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("there is no rule and no advisory CVE-0000-0014: did you mean CVE-0000-0001,"));
    let ran = explain("PYSEC-000-1", "");
    assert!(ran.err.contains("did you mean PYSEC-0000-1,"), "{}", ran.err);
    let ran = explain("known-vulnerabilty", "");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("did you mean known-vulnerability?"), "{}", ran.err);
    let ran = explain("\u{1b}[31mred", "");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("\\x1b[31mred: `audit rules` lists the rules"), "{}", ran.err);
}

/// The embedded data carries no prose: the words are ours, and the way to the package is that of the finding.
#[test]
fn a_flaw_of_the_webshop() {
    let began = Instant::now();
    let ran = audit(top(), &["explain", "PYSEC-2026-52", "fixtures/projects/webshop"]);
    let took = began.elapsed();
    assert_eq!(ran.code, 0, "{}", ran.err);
    for words in [
        "over the network, no login, no click; reads and changes data, stops the service",
        "severity:  critical 9.8, CVSS:3.1/",
        "\ndjango 4.2.28 is affected\n",
        "fixtures/projects/webshop/pyproject.toml:11:11 (required here)",
        "fixtures/projects/webshop/poetry.lock:862:12 (locked here)",
        "path:      django-storages > django",
        "go to:     4.2.30, which no known advisory affects",
    ] {
        assert!(ran.out.contains(words), "{words}:\n{}", ran.out);
    }
    // A tenth of a second is the budget of a release build on an idle machine.
    assert!(took.as_secs() < 3, "{took:?}");
    let inside = audit(&project("webshop"), &["explain", "cve-2019-10906"]);
    assert!(inside.out.contains("jinja2 3.1.4 is not affected: fixed in 2.10.1"), "{}", inside.out);
}

#[test]
fn hostile_records_say_nothing_to_the_terminal() {
    let folder = folder(&[]);
    let record = serde_json::json!({
        "id": "CVE-0000-0066", "aliases": ["GHSA-\u{202e}x"], "summary": "a\u{1b}[2Jb\n\nc",
        "published": "\u{1b}]0;owned\u{7}", "modified": "\u{e9}".repeat(12),
        "references": [{"type": "\u{1b}[31m", "url": "https://user:hunter2secret@x.example/\u{1b}"}],
        "affected": [{"package": {"ecosystem": "PyPI", "name": "shop\u{1b}lib"},
            "versions": (0..3000).map(|number| format!("{number}\u{7}")).collect::<Vec<_>>()}]
    });
    write(folder.path(), "records/1.json", record.to_string().as_bytes());
    let imported = audit(folder.path(), &["db", "import", "records", "--db", "s"]);
    assert_eq!(imported.code, 0, "{}", imported.err);
    let ran = audit(folder.path(), &["explain", "cve-0000-0066", "--db", "s"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let shown = |character: char| character != '\n' && character.is_control();
    assert!(!ran.out.contains(shown) && !ran.out.contains('\u{202e}'), "{:?}", ran.out);
    assert!(!ran.out.contains("hunter2secret") && ran.out.contains("and 2988 more"), "{}", ran.out);
}
