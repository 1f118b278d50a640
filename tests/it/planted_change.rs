//! What somebody who proposes a change can plant in a repository so that `--since` does not call a flaw new: it is new all
//! the same.

use std::fs;
use std::process::Command;

use super::common::{Ran, audit, folder, test_database};
use super::planted::{PIN, WEAK};
use super::repository::Repository;

/// A day after the advisories of the fixtures.
const LATER: &str = "2026-11-01";

/// A repository on the branch `feature`, which adds the pin; `main` has nothing that is vulnerable.
fn change() -> Repository {
    let repository = Repository::new();
    repository.write(&[("requirements.txt", "harmless==1.0\n")]);
    repository.commit_on(LATER, "first");
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    repository.write(&[("requirements.txt", "harmless==1.0\ninvoicer==2.5\n")]);
    repository.commit_on(LATER, "second");
    repository
}

/// The ids of a revision.
fn id(repository: &Repository, revision: &str) -> String {
    repository.git(&["rev-parse", revision]).trim().to_owned()
}

/// The findings with this status about invoicer.
fn about_the_pin(ran: &Ran, status: &str) -> usize {
    let json = ran.json();
    let findings = json["findings"].as_array().unwrap().iter();
    findings.filter(|found| found["status"] == status && found["package"]["name"] == "invoicer").count()
}

#[track_caller]
fn assert_new(what: &str, repository: &Repository, revision: &str) {
    let ran = repository.audit(&["--since", revision, "--format", "json"]);
    assert_eq!(ran.code, 1, "{what}: {}{}", ran.out, ran.err);
    assert_eq!((about_the_pin(&ran, "new"), about_the_pin(&ran, "known")), (1, 0), "{what}: {}", ran.out);
}

#[test]
fn whatever_the_change_adds_to_the_tree() {
    let baseline =
        "{\"version\":1,\"findings\":[],\"packages\":[{\"name\":\"invoicer\",\"version\":\"2.5\"}]}";
    for (what, planted) in [
        ("a policy", vec![("audit.toml", WEAK)]),
        ("a table", vec![("pyproject.toml", "[tool]\naudit.fail-on = 'never'\n")]),
        (
            "a comment",
            vec![("requirements.txt", "harmless==1.0\ninvoicer==2.5  # audit: ignore[CVE-0000-0003] x\n")],
        ),
        ("a baseline", vec![("baseline.json", baseline), (".audit-baseline.json", baseline)]),
        (
            "attributes",
            vec![(
                ".gitattributes",
                "* binary export-ignore filter=none -diff merge=ours\n*.txt ident eol=crlf\n",
            )],
        ),
        ("a mailmap", vec![(".mailmap", "Test <a@example.com> <test@example.com>\n")]),
        ("ignore files", vec![(".gitignore", "*\n"), (".auditignore", "*\n")]),
        ("submodules", vec![(".gitmodules", "[submodule \"x\"]\n\tpath = requirements.txt\n\turl = ../x\n")]),
        (
            "a repository",
            vec![("objects/info/alternates", "/\n"), ("HEAD", "ref: refs/heads/main\n"), ("refs/x", "")],
        ),
    ] {
        for is_committed in [false, true] {
            let repository = change();
            repository.write(&planted);
            if is_committed {
                repository.commit_on(LATER, what);
            }
            assert_new(what, &repository, "main");
        }
    }
}

/// git itself would show another history or other files: the objects are read as they are.
#[test]
fn replaced_and_cut_histories() {
    let repository = change();
    let (base, head) = (id(&repository, "main"), id(&repository, "feature"));
    repository.git(&["replace", &base, &head]);
    let shown = repository.git(&["show", "main:requirements.txt"]);
    assert!(shown.contains("invoicer"), "git believes it: {shown}");
    assert_new("a replaced commit", &repository, "main");
    repository.git(&["replace", "--delete", &base]);
    repository.git(&["replace", "-f", &id(&repository, "main^{tree}"), &id(&repository, "feature^{tree}")]);
    assert_new("a replaced tree", &repository, "main");
    let repository = change();
    let (old, new) = (id(&repository, "main:requirements.txt"), id(&repository, "feature:requirements.txt"));
    repository.git(&["replace", &old, &new]);
    assert_new("a replaced file", &repository, "main");
    repository.git(&["pack-refs", "--all"]);
    assert_new("packed", &repository, "main");

    // A graft makes the change an ancestor of its target: then nothing would be new.
    let repository = change();
    fs::create_dir_all(repository.join(".git/info")).unwrap();
    fs::write(repository.join(".git/info/grafts"), format!("{base} {head}\n")).unwrap();
    assert_eq!(repository.git(&["merge-base", "main", "feature"]).trim(), head, "git believes it");
    assert_new("a graft", &repository, "main");
    fs::remove_file(repository.join(".git/info/grafts")).unwrap();
    for text in [format!("{base}\n"), format!("{head}\n"), "no id\n".to_owned()] {
        fs::write(repository.join(".git/shallow"), text).unwrap();
        assert_new("a list of cut commits", &repository, "main");
    }
    fs::remove_file(repository.join(".git/shallow")).unwrap();
    let elsewhere = Repository::with(&[("requirements.txt", PIN)]);
    for text in
        [format!("{}\n", elsewhere.join(".git/objects").display()), "../objects\n/nowhere\n".repeat(50)]
    {
        fs::write(repository.join(".git/objects/info/alternates"), text).unwrap();
        let ran = repository.audit(&["--since", "main", "--format", "json"]);
        assert!(ran.code == 2 || about_the_pin(&ran, "new") == 1, "{}{}", ran.out, ran.err);
    }
    repository.git(&["config", "core.worktree", "/"]);
    repository.git(&["config", "extensions.partialClone", "origin"]);
    fs::remove_file(repository.join(".git/objects/info/alternates")).unwrap();
    assert_new("configuration", &repository, "main");
}

/// Git takes a tag before a branch of the same name: whoever may push tags could choose what a change is compared with.
#[test]
fn names_that_mean_two_things_are_refused() {
    let repository = change();
    repository.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    let refused = |written: &str, words: &[&str]| {
        let ran = repository.audit(&["--since", written]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{written}: {}", ran.err);
        for word in words {
            assert!(ran.err.contains(word), "{written}: {}", ran.err);
        }
    };
    repository.git(&["tag", "main", "main"]);
    assert_new("a tag at the same commit", &repository, "main");
    for tag in ["main", "origin/main", "heads/main", "refs/heads/main", "HEAD", "remotes/origin/main"] {
        repository.git(&["update-ref", &format!("refs/tags/{tag}"), "feature"]);
    }
    repository.git(&["update-ref", "refs/heads/HEAD", "main"]);
    for packed in [false, true] {
        refused("main", &["several things are called so", "refs/tags/main", "write refs/heads/main"]);
        refused("main~0", &["write refs/heads/main~0"]);
        refused("origin/main", &["refs/tags/origin/main", "write refs/remotes/origin/main"]);
        refused("heads/main", &["write refs/heads/main"]);
        // A whole name is what it says, and HEAD is what is checked out.
        for whole in ["refs/heads/main", "refs/remotes/origin/main", "HEAD~1"] {
            assert_new(whole, &repository, whole);
        }
        if !packed {
            repository.git(&["pack-refs", "--all"]);
        }
    }
    let diff = repository.audit(&["diff", "main", "feature"]);
    assert!(diff.code == 2 && diff.err.contains("several things"), "{}", diff.err);
}

#[test]
fn branches_that_are_called_as_commits_are() {
    let repository = change();
    let base = id(&repository, "main");
    let branch = |name: &str, to: &str| repository.git(&["update-ref", &format!("refs/heads/{name}"), to]);
    branch(&base, "feature");
    assert_new("the whole id", &repository, &base);
    let short = &base[..9];
    branch(short, "feature");
    let ran = repository.audit(&["--since", short]);
    assert!(ran.code == 2 && ran.err.contains(&format!("write refs/heads/{short}")), "{}", ran.err);
    branch(short, "main");
    assert_new("both at the same commit", &repository, short);
    // An id that is not here is not the branch of that name.
    let missing = "0123456789012345678901234567890123456789";
    branch(missing, "feature");
    let ran = repository.audit(&["--since", missing]);
    assert!(ran.code == 2 && ran.err.contains("git fetch"), "{}{}", ran.out, ran.err);
}

/// `audit diff WORD`: a folder of the change that is called as a branch is not taken for it.
#[test]
fn folders_that_are_called_as_revisions_are() {
    let repository = change();
    repository.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    repository.git(&["tag", "v1.0", "main"]);
    for (word, place) in [("main", "heads"), ("origin/main", "remotes"), ("v1.0", "heads")] {
        repository.write(&[(&format!("{word}/requirements.txt"), "harmless==1.0\ninvoicer==2.5\n")]);
        let ran = repository.audit(&["diff", word, "."]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{word}: {}", ran.err);
        assert!(ran.err.contains(&format!("write ./{word} or refs/{place}/{word}")), "{word}: {}", ran.err);
    }
    let plain = repository.audit(&["diff", "./main", ".", "--format", "json"]);
    assert_eq!(plain.code, 1, "{}", plain.err);
}

/// A baseline is what the command line names: what it lists is known, so it must not come from the change. The report says
/// which file it was.
#[test]
fn a_baseline_is_named() {
    let place = folder(&[("requirements.txt", PIN)]);
    let ran = audit(place.path(), &["--db", test_database(), "--report", "baseline=before.json"]);
    assert_eq!(ran.code, 1);
    let ran = audit(place.path(), &["--db", test_database(), "--baseline", "before.json"]);
    assert!(ran.code == 0 && ran.out.contains("before.json"), "{}", ran.out);
}

/// A link in the tree does not lead a report over another file.
#[test]
fn a_report_does_not_follow_a_link() {
    let outside = folder(&[("precious.txt", "mine\n")]);
    let place = folder(&[("requirements.txt", PIN)]);
    for (link, target) in
        [("report.json", outside.path().join("precious.txt")), ("other.json", outside.path().join("new"))]
    {
        std::os::unix::fs::symlink(&target, place.path().join(link)).unwrap();
        let ran = audit(place.path(), &["--db", test_database(), "--report", &format!("json={link}")]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(fs::read_to_string(place.path().join(link)).unwrap().contains("PYSEC-0000-3"));
    }
    assert_eq!(fs::read_to_string(outside.path().join("precious.txt")).unwrap(), "mine\n");
    assert!(!outside.path().join("new").exists());
    let through = Command::new("sh")
        .args(["-c", "\"$0\" \"$@\" 2>errors", env!("CARGO_BIN_EXE_audit")])
        .args(["--db", test_database(), "--report", "json=/dev/stderr"])
        .current_dir(place.path())
        .output()
        .unwrap();
    assert_eq!(through.status.code(), Some(1));
    assert!(fs::read_to_string(place.path().join("errors")).unwrap().contains("PYSEC-0000-3"));
}
