//! What a change brings: `--since`, `--baseline`, `audit diff`.
//!
//! The advisories of the fixtures are of 2026-10-01: commits before that day know nothing of them.

use std::fs;

use super::common::{Ran, audit, audit_with_input, folder, test_database};
use super::repository::Repository;

/// A day after the advisories.
const LATER: &str = "2026-11-01";

/// A repository whose `main` has these files, committed after the advisories were published.
fn on_main(files: &[(&str, &str)]) -> Repository {
    let repository = Repository::new();
    repository.write(files);
    repository.commit_on(LATER, "first");
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    repository
}

/// Of each finding its status, its rule and its package.
fn statuses(ran: &Ran) -> Vec<(String, String, String)> {
    let json = ran.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let findings = json["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| (text(&finding["status"]), text(&finding["rule"]), text(&finding["package"]["name"])))
        .filter(|(_, rule, _)| rule != "unlocked-dependencies")
        .collect()
}

fn count(ran: &Ran, status: &str) -> usize {
    statuses(ran).iter().filter(|(found, _, _)| found == status).count()
}

#[test]
fn moved_lines_and_renamed_files_are_not_new() {
    let repository = on_main(&[("requirements.txt", "shoplib==1.4.1\ninvoicer==2.5\n")]);
    repository.git(&["mv", "requirements.txt", "requirements-shop.txt"]);
    repository.write(&[("requirements-shop.txt", "# moved\n\ninvoicer==2.5\nshoplib==1.4.1  # here\n")]);
    let ran = repository.audit(&["--since", "main", "--format", "json"]);
    assert_eq!((ran.code, count(&ran, "new")), (0, 0), "{}", ran.out);
    assert!(count(&ran, "known") >= 3);
    assert_eq!(ran.json()["change"]["packages"].as_array().unwrap().len(), 0);
    assert_eq!(ran.json()["verdict"], "clean");
    assert_eq!(repository.audit(&[]).code, 1, "without --since everything counts");
}

#[test]
fn what_the_change_brings_is_new_and_alone_decides() {
    let repository = on_main(&[("requirements.txt", "shoplib==1.4.1\nharmless==1.0\ngone==1.0\n")]);
    repository.write(&[("requirements.txt", "shoplib==1.4.1\nharmless==2.0\ninvoicer==2.5\n")]);
    let ran = repository.audit(&["--since", "main", "--format", "json"]);
    assert_eq!(ran.code, 1);
    let new: Vec<_> = statuses(&ran).into_iter().filter(|(status, _, _)| status == "new").collect();
    let one = |rule: &str, name: &str| ("new".to_owned(), rule.to_owned(), name.to_owned());
    assert_eq!(new, [one("known-vulnerability", "invoicer")]);
    let json = ran.json();
    let known = json["findings"].as_array().unwrap().iter().filter(|finding| finding["status"] == "known");
    assert!(known.clone().count() > 0 && known.into_iter().all(|finding| finding["level"] == "note"));
    let packages: Vec<_> = json["change"]["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["name"].as_str().unwrap(), package["change"].as_str().unwrap()))
        .collect();
    assert_eq!(packages, [("gone", "removed"), ("harmless", "moved"), ("invoicer", "added")]);
    assert_eq!(json["change"]["base"], "main");
    assert_eq!(json["change"]["new"], 1);
    insta::assert_snapshot!(
        repository
            .audit(&["--since", "main"])
            .out
            .replace(&repository.git(&["rev-parse", "main"])[..10], "<commit>")
    );
}

#[test]
fn a_second_project_with_the_same_flaw_is_new() {
    let repository = on_main(&[("one/requirements.txt", "invoicer==2.5\n")]);
    repository.write(&[("two/requirements.txt", "invoicer==2.5\n")]);
    let ran = repository.audit(&["--since", "main", "--format", "json"]);
    assert_eq!((ran.code, count(&ran, "new"), count(&ran, "known")), (1, 1, 1), "{}", ran.out);
    let new =
        ran.json()["findings"].as_array().unwrap().iter().find(|found| found["status"] == "new").cloned();
    assert_eq!(new.unwrap()["location"]["path"], "two/requirements.txt");
}

#[test]
fn what_a_change_ends_is_told() {
    let repository = on_main(&[("requirements.txt", "invoicer==2.5\n")]);
    repository.write(&[("requirements.txt", "\n# mended\ninvoicer==2.8\n")]);
    let ran = repository.audit(&["--since", "main", "--format", "json"]);
    let ended = &ran.json()["change"]["ended"];
    assert_eq!(
        (ended[0]["id"].as_str(), ended[0]["location"]["line"].as_u64()),
        (Some("PYSEC-0000-3"), Some(1))
    );
    assert_eq!(ran.code, 0);
}

#[test]
fn an_advisory_that_appeared_since_is_news() {
    // The first commit is of January, the advisories of October.
    let repository = Repository::with(&[("requirements.txt", "invoicer==2.5\n")]);
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    repository.write(&[("README.md", "words\n")]);
    let ran = repository.audit(&["--since", "main", "--format", "json"]);
    assert_eq!((ran.code, count(&ran, "news"), count(&ran, "known")), (0, 1, 0), "{}", ran.out);
    let json = ran.json();
    let news = json["findings"].as_array().unwrap().iter().find(|finding| finding["status"] == "news");
    assert_eq!(news.unwrap()["level"], "warn");
    for (level, code) in [("deny", 1), ("note", 0), ("allow", 0), ("warn", 0)] {
        repository.git(&["checkout", "--quiet", "main"]);
        repository.write(&[("audit.toml", &format!("[since]\nnews = \"{level}\"\n"))]);
        repository.commit(level);
        repository.git(&["checkout", "--quiet", "-B", "feature"]);
        assert_eq!(repository.audit(&["--since", "main"]).code, code, "{level}");
    }
}

#[test]
fn the_target_branch_judges() {
    let repository = on_main(&[("requirements.txt", "harmless==1.0\n")]);
    // Each of these would let the change through, were it asked.
    let policies = [
        "[[ignore]]\nid = \"CVE-0000-0003\"\nreason = \"trust me\"\n",
        "fail-on = \"never\"\n",
        "[rules]\nknown-vulnerability = \"allow\"\n",
        "[since]\nnews = \"allow\"\n",
    ];
    for policy in policies {
        repository.write(&[("requirements.txt", "harmless==1.0\ninvoicer==2.5\n"), ("audit.toml", policy)]);
        repository.git(&["add", "--all"]);
        let ran = repository.audit(&["--since", "main"]);
        assert_eq!(ran.code, 1, "{policy}{}", ran.out);
        assert!(ran.out.contains("audit.toml: differs from that of main"), "{}", ran.out);
        let named = repository.audit(&["--since", "main", "--config", "audit.toml"]);
        assert_eq!(named.code, 1, "{}", named.out);
        assert!(named.out.contains("audit.toml: not used") || !named.out.contains("ignored: 1"));
        fs::remove_file(repository.join("audit.toml")).unwrap();
        let tool = policy.replace("[[ignore", "[[tool.audit.ignore").replace("\n[", "\n[tool.audit.");
        let tool = if tool.starts_with("fail-on") { format!("[tool.audit]\n{tool}") } else { tool };
        let tool = if tool.starts_with("[r") || tool.starts_with("[s") {
            tool.replacen('[', "[tool.audit.", 1)
        } else {
            tool
        };
        repository.write(&[("pyproject.toml", &tool)]);
        assert_eq!(repository.audit(&["--since", "main"]).code, 1, "{tool}");
        fs::remove_file(repository.join("pyproject.toml")).unwrap();
    }
}

#[test]
fn an_ignore_of_the_target_counts_and_one_of_the_change_is_named() {
    let ignore = |id: &str| format!("[[ignore]]\nid = \"{id}\"\nreason = \"looked at\"\n");
    let repository =
        on_main(&[("audit.toml", &ignore("CVE-0000-0003")), ("requirements.txt", "harmless==1.0\n")]);
    repository.write(&[("requirements.txt", "invoicer==2.5\n")]);
    let ran = repository.audit(&["--since", "main", "--format", "json"]);
    assert_eq!((ran.code, ran.json()["summary"]["ignored"].as_u64()), (0, Some(1)), "{}", ran.out);
    // The change itself adds another one.
    repository.write(&[
        ("requirements.txt", "invoicer==2.5\ndeadlib==1.0\n"),
        ("audit.toml", &format!("{}\n{}", ignore("CVE-0000-0003"), ignore("CVE-0000-0007"))),
    ]);
    let ran = repository.audit(&["--since", "main", "--format", "json"]);
    assert_eq!((ran.code, ran.json()["summary"]["ignored"].as_u64()), (1, Some(1)), "{}", ran.out);
    let json = ran.json();
    let untrusted: Vec<_> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|found| found["rule"] == "untrusted-ignore")
        .collect();
    assert_eq!(untrusted.len(), 1, "{}", ran.out);
    assert_eq!(untrusted[0]["location"]["path"], "audit.toml");
    assert_eq!(untrusted[0]["location"]["line"], 6);
    assert_eq!(untrusted[0]["level"], "warn");
    // Once it is merged, it counts.
    repository.commit_on(LATER, "second");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["merge", "--quiet", "feature"]);
    let merged = repository.audit(&["--format", "json"]);
    assert_eq!((merged.code, merged.json()["summary"]["ignored"].as_u64()), (0, Some(2)));
}

#[test]
fn an_inline_ignore_of_the_change_hides_nothing() {
    let repository = on_main(&[
        ("requirements.txt", "invoicer==2.5  # audit: ignore[CVE-0000-0003] no invoices here\n"),
        ("other/requirements.txt", "harmless==1.0\n"),
    ]);
    assert_eq!(repository.audit(&[]).code, 0, "on the branch itself it counts");
    repository.write(&[(
        "other/requirements.txt",
        "harmless==1.0\ninvoicer==2.5  # audit: ignore[CVE-0000-0003] no invoices here either\n",
    )]);
    let ran = repository.audit(&["--since", "main", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    let json = ran.json();
    let untrusted: Vec<_> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|found| found["rule"] == "untrusted-ignore")
        .collect();
    assert_eq!(untrusted.len(), 1, "{}", ran.out);
    assert_eq!(untrusted[0]["location"]["path"], "other/requirements.txt");
}

#[test]
fn a_vex_document_of_the_target_counts_and_one_of_the_change_does_not() {
    let statement = r#"{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://vex.example/1", "author": "us",
        "timestamp": "2026-01-01T00:00:00Z", "version": 1, "statements": [{"vulnerability": {"name": "CVE-0000-0003"},
        "products": [{"@id": "pkg:pypi/invoicer"}], "status": "not_affected",
        "justification": "vulnerable_code_not_present"}]}"#;
    let repository = on_main(&[("ours.vex.json", statement), ("requirements.txt", "harmless==1.0\n")]);
    repository.write(&[("requirements.txt", "invoicer==2.5\n"), ("new.vex.json", statement)]);
    repository.git(&["add", "--all"]);
    let known = repository.audit(&["--since", "main", "--vex", "ours.vex.json"]);
    assert_eq!(known.code, 0, "{}{}", known.out, known.err);
    let new = repository.audit(&["--since", "main", "--vex", "new.vex.json"]);
    assert_eq!(new.code, 1, "{}{}", new.out, new.err);
    assert!(new.out.contains("new.vex.json: not used: the change under review adds it"), "{}", new.out);
    // Rewritten by the change, that of the target still holds.
    repository.write(&[("ours.vex.json", "{}")]);
    assert_eq!(repository.audit(&["--since", "main", "--vex", "ours.vex.json"]).code, 0);
    // What git does not know, a job may have written.
    let outside = folder(&[("job.vex.json", statement)]);
    let path = outside.path().join("job.vex.json");
    assert_eq!(repository.audit(&["--since", "main", "--vex", path.to_str().unwrap()]).code, 0);
}

#[test]
fn advisories_of_the_target_are_used_and_those_of_the_change_are_not() {
    let advisory = "{\"id\":\"OWN-1\",\"modified\":\"2026-01-01T00:00:00Z\",\"affected\":[{\"package\":{\"ecosystem\":\
                    \"PyPI\",\"name\":\"ours\"},\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"}]}]}]}";
    let repository = on_main(&[
        ("audit.toml", "[database]\nextra = [\"advisories/\"]\n"),
        ("advisories/OWN-1.json", advisory),
        ("requirements.txt", "harmless==1.0\n"),
    ]);
    fs::remove_file(repository.join("advisories/OWN-1.json")).unwrap();
    repository.write(&[("requirements.txt", "ours==1.0\n"), ("advisories/note.txt", "gone")]);
    let ran = repository.audit(&["--since", "main", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("OWN-1"));
}

#[test]
fn revisions_as_people_write_them() {
    let repository = on_main(&[("requirements.txt", "harmless==1.0\n")]);
    let first = repository.git(&["rev-parse", "main"]).trim().to_owned();
    repository.git(&["tag", "plain"]);
    repository.git(&["tag", "-a", "-m", "words", "v1.0"]);
    repository.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    repository.write(&[("requirements.txt", "invoicer==2.5\n")]);
    repository.commit_on(LATER, "second");
    repository.write(&[("more.txt", "")]);
    repository.commit_on(LATER, "third");
    let short = &first[..8];
    let all = [
        "main",
        "refs/heads/main",
        "heads/main",
        "origin/main",
        "plain",
        "v1.0",
        "v1.0^{commit}",
        "HEAD~2",
        "HEAD^^",
        "feature~2",
        "@~2",
        "HEAD~1^1",
        &first,
        short,
    ];
    for packed in [false, true] {
        for revision in all {
            let ran = repository.audit(&["--since", revision, "--format", "json"]);
            assert_eq!((ran.code, count(&ran, "new")), (1, 1), "{revision}: {}", ran.err);
            assert_eq!(ran.json()["change"]["base_commit"], first.as_str(), "{revision}");
        }
        if !packed {
            repository.git(&["gc", "--quiet", "--aggressive", "--prune=now"]);
            repository.git(&["pack-refs", "--all"]);
        }
    }
}

#[test]
fn a_revision_that_is_not_there_names_the_command_that_fetches_it() {
    let repository = on_main(&[("requirements.txt", "harmless==1.0\n")]);
    let cases = [
        ("nope", "git fetch origin nope"),
        ("origin/release-1", "git fetch origin release-1"),
        (
            "0123456789012345678901234567890123456789",
            "git fetch origin 0123456789012345678901234567890123456789",
        ),
        ("main~7", "main~7"),
        ("main^2", "main^2"),
        ("main^x", "`x` is not understood"),
        ("@{u}", "only names, ids"),
        ("main:requirements.txt", "only names, ids"),
        ("", "git fetch"),
        ("../x", "git fetch"),
        ("-x", "git fetch"),
    ];
    for (revision, words) in cases {
        let ran = repository.audit(&[&format!("--since={revision}")]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{revision}");
        assert!(ran.err.contains(words), "{revision}: {}", ran.err);
    }
    let tree = repository.git(&["rev-parse", "main^{tree}"]).trim().to_owned();
    assert!(repository.audit(&["--since", &tree]).err.contains("it is a tree, not a commit"));
    let empty = Repository::new();
    empty.write(&[("requirements.txt", "harmless==1.0\n")]);
    for revision in ["HEAD", "@", "HEAD~1"] {
        let ran = empty.audit(&["--since", revision]);
        assert!(ran.code == 2 && ran.err.contains("has no commit yet"), "{revision}: {}", ran.err);
    }
    let nowhere = folder(&[("requirements.txt", "harmless==1.0\n")]);
    let ran = audit(nowhere.path(), &["--since", "main"]);
    assert!(ran.code == 2 && ran.err.contains("in no git repository"), "{}", ran.err);
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let repository = on_main(&[("requirements.txt", "harmless==1.0\n")]);
    repository.write(&[("requirements.txt", "invoicer==2.5\n")]);
    repository.commit_on(LATER, "second");
    let clone = Repository::shallow(&repository, "feature");
    let ran = clone.audit(&["--since", "origin/main"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("this clone is shallow") && ran.err.contains("git fetch origin main"),
        "{}",
        ran.err
    );
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&[("words.txt", "main goes on\n")]);
    repository.commit_on(LATER, "main goes on");
    // The branch alone is not enough: where they parted is not there.
    clone.git(&[
        "-c",
        "protocol.file.allow=always",
        "fetch",
        "--quiet",
        "--depth=1",
        "origin",
        "main:refs/remotes/origin/main",
    ]);
    let ran = clone.audit(&["--since", "origin/main"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("no common ancestor") && ran.err.contains("git fetch --unshallow"),
        "{}",
        ran.err
    );
    clone.git(&["-c", "protocol.file.allow=always", "fetch", "--quiet", "--unshallow", "origin"]);
    let ran = clone.audit(&["--since", "origin/main", "--format", "json"]);
    assert_eq!((ran.code, count(&ran, "new")), (1, 1), "{}", ran.err);
}

#[test]
fn the_comparison_is_with_where_the_branch_left() {
    let repository = on_main(&[("requirements.txt", "harmless==1.0\n")]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&[("requirements.txt", "harmless==1.0\ndeadlib==1.0\n")]);
    repository.commit_on(LATER, "main goes on");
    repository.git(&["checkout", "--quiet", "feature"]);
    repository.write(&[("requirements.txt", "harmless==1.0\ninvoicer==2.5\n")]);
    let ran = repository.audit(&["--since", "main", "--format", "json"]);
    assert_eq!((count(&ran, "new"), ran.json()["change"]["ended"].as_array().unwrap().len()), (1, 0));
    // `diff` compares the two trees themselves.
    let ran = repository.audit(&["diff", "main", "--format", "json"]);
    assert_eq!((count(&ran, "new"), ran.json()["change"]["ended"].as_array().unwrap().len()), (1, 1));
}

#[test]
fn two_revisions_two_folders_two_files() {
    let repository =
        on_main(&[("requirements.txt", "harmless==1.0\n"), ("old/requirements.txt", "shoplib==2.0\n")]);
    repository.write(&[("requirements.txt", "invoicer==2.5\n"), ("new/requirements.txt", "invoicer==2.5\n")]);
    repository.commit_on(LATER, "second");
    repository.git(&["checkout", "--quiet", "main"]);
    let ran = repository.audit(&["diff", "main", "feature", "--format", "json"]);
    assert_eq!((ran.code, count(&ran, "new")), (1, 2), "{}", ran.err);
    assert_eq!(ran.json()["change"]["head"], "feature");
    let back = repository.audit(&["diff", "feature", "main", "--format", "json"]);
    let json = back.json();
    let ended = json["change"]["ended"].as_array().unwrap().iter();
    let flaws = ended.filter(|ended| ended["rule"] == "known-vulnerability").count();
    assert_eq!((back.code, flaws), (0, 2));
    repository.git(&["checkout", "--quiet", "feature"]);
    for (base, head) in [("old", "new"), ("old/requirements.txt", "new/requirements.txt"), ("./old", "new/")]
    {
        let ran = repository.audit(&["diff", base, head, "--format", "json"]);
        assert_eq!((ran.code, count(&ran, "new")), (1, 1), "{base} {}", ran.err);
    }
    let alone = repository.audit(&["diff", "old"]);
    assert!(alone.code == 2 && alone.err.contains("audit diff old PATH"), "{}", alone.err);
    repository.git(&["branch", "old"]);
    let both = repository.audit(&["diff", "old"]);
    assert!(both.code == 2 && both.err.contains("./old or refs/heads/old"), "{}", both.err);
}

#[test]
fn links_and_submodules_in_a_commit() {
    let repository = on_main(&[("real/requirements.txt", "invoicer==2.5\n")]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("real/requirements.txt", repository.join("requirements.txt")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", repository.join("requirements-out.txt")).unwrap();
        std::os::unix::fs::symlink("loop-requirements.txt", repository.join("loop-requirements.txt"))
            .unwrap();
        std::os::unix::fs::symlink("../../../../etc", repository.join("up")).unwrap();
    }
    repository.git(&[
        "update-index",
        "--add",
        "--cacheinfo",
        "160000,0123456789012345678901234567890123456789,sub",
    ]);
    repository.commit_on(LATER, "links");
    let disk = repository.audit(&["--format", "json"]);
    let commit = repository.audit(&["diff", "HEAD", "HEAD", "--format", "json"]);
    assert_eq!(count(&commit, "new"), 0);
    assert_eq!(commit.json()["inputs"], disk.json()["inputs"]);
    let skipped = |ran: &Ran| -> Vec<(String, String)> {
        let json = ran.json();
        let skips = json["skipped"].as_array().unwrap().iter();
        skips.map(|skip| (skip["path"].to_string(), skip["what"].to_string())).collect()
    };
    assert_eq!(skipped(&commit), skipped(&disk), "{}{}", commit.out, disk.out);
    assert_eq!(skipped(&commit).len(), 2);
    assert!(!commit.out.contains("root:x:"));
}

#[test]
fn a_baseline_does_it_without_git() {
    let place = folder(&[("requirements.txt", "invoicer==2.5\nharmless==1.0\n")]);
    let run = |arguments: &[&str]| {
        let mut all = vec!["--db", test_database()];
        all.extend(arguments);
        audit(place.path(), &all)
    };
    assert_eq!(run(&["--report", "baseline=before.json"]).code, 1);
    let same = run(&["--baseline", "before.json", "--format", "json"]);
    assert_eq!((same.code, count(&same, "known")), (0, 1), "{}", same.out);
    assert_eq!(
        run(&["--format", "baseline"]).out,
        fs::read_to_string(place.path().join("before.json")).unwrap()
    );
    fs::write(place.path().join("requirements.txt"), "invoicer==2.5\nharmless==1.0\ndeadlib==1.0\n").unwrap();
    let more = run(&["--baseline", "before.json", "--format", "json"]);
    assert_eq!((more.code, count(&more, "new"), count(&more, "known")), (1, 1, 1));
    // What an older database did not know of an untouched package is news.
    let text = fs::read_to_string(place.path().join("before.json")).unwrap();
    fs::write(
        place.path().join("before.json"),
        text.replace("0000-3", "9999-3").replace("0000-0003", "9999-0003"),
    )
    .unwrap();
    fs::write(place.path().join("requirements.txt"), "invoicer==2.5\n").unwrap();
    let news = run(&["--baseline", "before.json", "--format", "json"]);
    assert_eq!((news.code, count(&news, "news"), count(&news, "new")), (0, 1, 0), "{}", news.out);
}

#[test]
fn a_baseline_that_is_none_is_refused_with_its_place() {
    let place = folder(&[("requirements.txt", "harmless==1.0\n")]);
    let cases: [(&[u8], &str); 7] = [
        (b"", "EOF"),
        (b"{\n  \"version\": 1,\n  \"findings\": 3\n}", "before.json:3:"),
        (b"{\"version\": 2, \"findings\": [], \"packages\": []}", "its version is 2, not 1"),
        (b"[]", "before.json:1:"),
        (b"\xff\xfe", "is not UTF-8"),
        ("[[[[".repeat(100_000).leak().as_bytes(), "before.json:1:"),
        ("{\"version\":1,\"findings\":\"\u{1b}[31m\"}".as_bytes(), "before.json:1:"),
    ];
    for (bytes, words) in cases {
        fs::write(place.path().join("before.json"), bytes).unwrap();
        let ran = audit(place.path(), &["--db", test_database(), "--baseline", "before.json"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains(words) && !ran.err.contains('\u{1b}'), "{words}: {}", ran.err);
    }
    let missing = audit(place.path(), &["--db", test_database(), "--baseline", "none.json"]);
    assert!(
        missing.code == 2 && missing.err.contains("none.json") && missing.err.contains("--report baseline=")
    );
    let both = audit(place.path(), &["--baseline", "a", "--since", "b"]);
    assert_eq!(both.code, 2);
}

#[test]
fn standard_input_has_no_past() {
    let repository = on_main(&[("requirements.txt", "harmless==1.0\n")]);
    let ran = audit_with_input(repository.path(), &["-", "--since", "main"], b"invoicer==2.5\n");
    assert!(ran.code == 2 && ran.err.contains("standard input"), "{}", ran.err);
    repository.audit(&["--report", "baseline=b.json"]);
    let ran = audit_with_input(
        repository.path(),
        &["-", "--baseline", "b.json", "--db", test_database(), "--format", "json"],
        b"invoicer==2.5\n",
    );
    assert_eq!((ran.code, count(&ran, "new")), (1, 1), "{}", ran.err);
}

#[test]
fn a_damaged_repository_is_said_and_never_clean() {
    let repository = on_main(&[("requirements.txt", "harmless==1.0\n")]);
    let tree = repository.git(&["rev-parse", "main:requirements.txt"]);
    let object = repository.join(&format!(".git/objects/{}/{}", &tree[..2], tree[2..].trim()));
    let mut permissions = fs::metadata(&object).unwrap().permissions();
    #[expect(clippy::permissions_set_readonly_false, reason = "a file of the test")]
    permissions.set_readonly(false);
    fs::set_permissions(&object, permissions).unwrap();
    fs::write(&object, b"damaged").unwrap();
    repository.write(&[("requirements.txt", "invoicer==2.5\n")]);
    let ran = repository.audit(&["--since", "main", "--format", "json"]);
    assert_eq!((ran.code, count(&ran, "new")), (1, 1), "{}{}", ran.out, ran.err);
    let head = repository.audit(&["diff", "main", "main", "--format", "json"]);
    assert_eq!(head.code, 3, "{}", head.out);
    fs::write(repository.join(".git/refs/heads/main"), "no id\n").unwrap();
    assert_eq!(repository.audit(&["--since", "main"]).code, 2);
}
