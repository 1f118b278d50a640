//! `[database] extra`: advisories of one's own, beside the policy.

use std::path::Path;

use super::common::{Ran, audit, folder, test_database, write};

const POLICY: (&str, &str) = ("audit.toml", "[database]\nextra = [\"advisories/\"]\n");

/// A record of our own about `inhouse` before 2.0.
const RECORD: &str = r#"{"id": "ACME-0000-1", "aliases": ["CVE-0000-0099"], "summary": "Salaries are shown",
    "modified": "2020-01-02T00:00:00Z", "affected": [{"package": {"ecosystem": "PyPI", "name": "inhouse"},
    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}]}]}"#;

const MALWARE: &str = "id: MAL-0000-77\nmodified: 2026-01-02T00:00:00Z\naffected:\n- package: {ecosystem: PyPI, name: evilpkg}\n  \
                       versions: ['6.6']\n";

const REQUIREMENTS: (&str, &str) = ("requirements.txt", "inhouse==1.0\nevilpkg==6.6\nshoplib==1.5.0\n");

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let mut all = vec!["--db", test_database()];
    all.extend(arguments);
    audit(folder, &all)
}

fn ids(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter_map(|finding| finding["advisory"]["id"].as_str()).map(str::to_owned).collect()
}

#[test]
fn advisories_of_our_own() {
    let folder = folder(&[
        REQUIREMENTS,
        POLICY,
        ("advisories/1.json", RECORD),
        ("advisories/deep/er/mal.yaml", MALWARE),
        ("advisories/README.md", "no record"),
    ]);
    let ran = run(folder.path(), &["--format", "json"]);
    assert_eq!(ran.code, 1);
    let mut found = ids(&ran);
    found.sort();
    assert_eq!(found, ["CVE-0000-0099", "MAL-0000-77"]);
    let report = ran.json();
    let sources = report["database"]["sources"].as_array().unwrap();
    let extra = sources.iter().find(|source| source["name"] == "extra:advisories/").unwrap();
    assert_eq!((&extra["records"], &extra["published"]), (&2.into(), &"2026-01-02".into()));
    assert!(sources.iter().any(|source| source["name"] == "pypa"), "beside the others");

    let digest = |ran: &Ran| ran.json()["database"]["sha256"].as_str().unwrap().to_owned();
    let without = run(folder.path(), &["--format", "json", "--no-config"]);
    assert_eq!((without.code, ids(&without)), (0, Vec::new()));
    write(folder.path(), "advisories/1.json", RECORD.replace("2.0", "2.1").as_bytes());
    let changed = run(folder.path(), &["--format", "json"]);
    assert!(digest(&ran) != digest(&without) && digest(&ran) != digest(&changed));

    let ignores = ["acme-0000-1", "MAL-0000-77"]
        .map(|id| format!("[[ignore]]\nid = \"{id}\"\nreason = \"r\"\n"))
        .concat();
    write(folder.path(), "audit.toml", format!("{}{ignores}", POLICY.1).as_bytes());
    assert_eq!(run(folder.path(), &[]).code, 0, "ignored by their own ids");

    let explained = audit(folder.path(), &["explain", "acme-0000-1", "--db", test_database()]);
    assert_eq!(explained.code, 0, "{}", explained.err);
    for words in ["ACME-0000-1 of extra:advisories/", "Salaries are shown", "inhouse 1.0 is affected"] {
        assert!(explained.out.contains(words), "{words}:\n{}", explained.out);
    }
    let unknown = audit(folder.path(), &["explain", "ACME-0000-1", "--no-config", "--db", test_database()]);
    assert_eq!(unknown.code, 1);
}

/// Old records of our own are as good as new ones, and new ones do not make the rest fresh.
#[test]
fn they_have_no_age() {
    let stale = |files: &[(&str, &str)], arguments: &[&str]| {
        let folder = folder(files);
        let report = run(folder.path(), &[&["--format", "json"], arguments].concat()).json();
        let findings = report["findings"].as_array().unwrap().iter();
        findings.filter(|finding| finding["rule"] == "stale-database").count()
    };
    let plain = ("requirements.txt", "shoplib==1.5.0\n");
    let fresh = RECORD.replace("2020-01-02", "2027-12-30");
    let old = [plain, POLICY, ("advisories/1.json", RECORD)];
    assert_eq!(stale(&old, &[]), 0);
    let day = &["--today", "2027-12-31"][..];
    assert_eq!(stale(&[plain], day), stale(&[plain, POLICY, ("advisories/1.json", &fresh)], day));
    assert!(stale(&[plain], day) > 0);
}

#[test]
fn bad_records_are_named_and_counted() {
    let folder = folder(&[
        REQUIREMENTS,
        POLICY,
        ("advisories/1.json", RECORD),
        ("advisories/2.json", "{\"id\": \"X\u{7}\", \"affected\": []}"),
        ("advisories/3.yaml", "id: [\n"),
        ("advisories/4.json", &"[".repeat(100_000)),
        ("advisories/5\u{1b}[2J.json", ""),
        (
            "advisories/6.json",
            r#"{"id": "N-1", "affected": [{"package": {"ecosystem": "npm", "name": "x"}}]}"#,
        ),
        ("advisories/7.yaml", &format!("a: &a x\n{}", "b: [*a, *a]\n".repeat(1000))),
    ]);
    let ran = run(folder.path(), &[]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    for words in [
        "advisories/3.yaml: this advisory is not used: line 2, column 1",
        "advisories/7.yaml: this advisory is not used: line 2, column 5: aliases are not followed",
        "5 of its advisories could not be read, 1 could",
        "1 of its advisories are about no Python package",
    ] {
        assert!(ran.out.replace("\n  ", " ").contains(words), "{words}:\n{}", ran.out);
    }
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{7}'));
    let many: Vec<_> = (0..30).map(|number| (format!("advisories/{number}.json"), "{".to_owned())).collect();
    let mut files: Vec<(&str, &str)> =
        many.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.extend([REQUIREMENTS, POLICY]);
    let folder = super::common::folder(&files);
    let ran = run(folder.path(), &[]);
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert_eq!(ran.out.matches("this advisory is not used").count(), 10, "{}", ran.out);
    assert!(ran.out.contains("30 of its advisories could not be read, 0 could"), "{}", ran.out);
    assert!(ran.out.contains("adds no advisory"), "{}", ran.out);
    let json = run(folder.path(), &["--format", "json"]);
    assert_eq!(json.code, 3, "{}", json.out);
    assert!(json.out.contains("30 advisories"), "{}", json.out);
}

#[test]
fn paths_that_cannot_be_used_stop_the_run() {
    let policy = |path: &str| format!("[database]\nextra = [\"advisories/\", \"{path}\"]\n");
    for (path, why) in [
        ("../outside", "leads outside the root"),
        ("/etc", "leads outside the root"),
        ("missing", "there is no such file"),
    ] {
        let text = policy(path);
        let folder = folder(&[
            ("project/requirements.txt", REQUIREMENTS.1),
            ("project/audit.toml", &text),
            ("project/advisories/1.json", RECORD),
            ("outside/1.json", RECORD),
        ]);
        std::fs::create_dir(folder.path().join("project/.git")).unwrap();
        for arguments in
            [&["--db", test_database()][..], &["explain", "CVE-0000-0001", "--db", test_database()]]
        {
            let ran = audit(&folder.path().join("project"), arguments);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{path}");
            assert!(ran.err.contains(why) && ran.err.contains("audit.toml:2:25"), "{path}: {}", ran.err);
        }
    }
    for wrong in ["extra = \"advisories\"", "extra = [1]", "extra = [\" \"]", "extra = [\"a\\u001b\"]"] {
        let text = format!("[database]\n{wrong}\n");
        let folder = folder(&[REQUIREMENTS, ("audit.toml", &text)]);
        let ran = run(folder.path(), &[]);
        assert_eq!(ran.code, 2, "{wrong}");
        assert!(ran.err.contains("`database.extra` must be a list of paths"), "{}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out() {
    use std::os::unix::fs::symlink;
    let folder = folder(&[
        ("project/requirements.txt", REQUIREMENTS.1),
        ("project/audit.toml", POLICY.1),
        ("outside/1.json", RECORD),
        ("project/kept/1.json", RECORD),
    ]);
    let project = folder.path().join("project");
    std::fs::create_dir(project.join(".git")).unwrap();
    symlink("../outside", project.join("advisories")).unwrap();
    let ran = run(&project, &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("is a link that leads outside the root"), "{}", ran.err);
    std::fs::remove_file(project.join("advisories")).unwrap();
    std::fs::create_dir(project.join("advisories")).unwrap();
    symlink("../../outside/1.json", project.join("advisories/1.json")).unwrap();
    let ran = run(&project, &[]);
    assert_eq!(ran.code, 3, "a link in the folder is not followed");
    assert!(
        ran.out.contains("advisories/1.json: this advisory is not used: links are not followed"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("adds no advisory"), "{}", ran.out);
}
