//! Which folders a walk leaves out: what git tracks is read, whatever an ignore file says.

use super::common::{Ran, audit, folder};
use super::repository::Repository;

const PIN: &str = "harmless==1.0\n";

/// The files that were read.
fn inputs(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    let paths =
        json["inputs"].as_array().unwrap().iter().map(|input| input["path"].as_str().unwrap().to_owned());
    paths.collect()
}

#[test]
fn an_ignored_folder_is_left_out_and_said() {
    let repository = Repository::with(&[("requirements.txt", PIN), (".gitignore", "scratch/\n*.log\n")]);
    repository.write(&[("scratch/requirements.txt", PIN), ("scratch/deep/requirements.txt", PIN)]);
    let ran = repository.audit(&["--format", "json"]);
    assert_eq!(inputs(&ran), ["requirements.txt"]);
    let human = repository.audit(&[]);
    assert!(human.out.contains("scratch: passed over: holds requirements.txt"), "{}", human.out);
    // One that is named is entered.
    assert_eq!(inputs(&repository.audit(&["scratch", "--format", "json"])).len(), 2);
}

#[test]
fn a_tracked_file_is_read_whatever_ignore_files_and_names_say() {
    let repository = Repository::with(&[
        ("requirements.txt", PIN),
        (".gitignore", "*\n/services/\nrequirements*.txt\n"),
        (".ignore", "*\n"),
        ("services/api/requirements.txt", PIN),
        ("services/.gitignore", "*\n"),
        ("build/requirements.txt", PIN),
        ("venv/lock/poetry.lock", "package = []\n[metadata]\nlock-version = \"2.1\"\ncontent-hash = \"x\"\n"),
    ]);
    repository.git(&["config", "core.excludesFile", "everything"]);
    repository.write(&[("everything", "*\n"), (".git/info/exclude", "*\n")]);
    let ran = repository.audit(&["--format", "json"]);
    assert_eq!(
        inputs(&ran),
        [
            "build/requirements.txt",
            "requirements.txt",
            "services/api/requirements.txt",
            "venv/lock/poetry.lock"
        ]
    );
}

#[test]
fn ignored_files_in_a_folder_that_is_read_are_read() {
    let repository = Repository::with(&[("requirements.txt", PIN), (".gitignore", "requirements-*.txt\n")]);
    repository.write(&[("requirements-local.txt", PIN)]);
    assert_eq!(inputs(&repository.audit(&["--format", "json"])).len(), 2);
}

#[test]
fn negated_and_nested_patterns_count_as_git_reads_them() {
    let repository = Repository::with(&[
        ("requirements.txt", PIN),
        (".gitignore", "/out-*\n!/out-kept\n"),
        ("sub/.gitignore", "/inner\n"),
        ("sub/requirements.txt", PIN),
    ]);
    for folder in ["out-a", "out-kept", "sub/inner", "inner", "sub/out-a"] {
        repository.write(&[(&format!("{folder}/requirements.txt"), PIN)]);
    }
    assert_eq!(
        inputs(&repository.audit(&["--format", "json"])),
        [
            "inner/requirements.txt",
            "out-kept/requirements.txt",
            "requirements.txt",
            "sub/out-a/requirements.txt",
            "sub/requirements.txt"
        ]
    );
    // From below, the ignore files above count as well.
    let below = audit(&repository.join("sub"), &["--format", "json", "--db", super::common::test_database()]);
    assert_eq!(inputs(&below), ["sub/out-a/requirements.txt", "sub/requirements.txt"]);
}

#[test]
fn without_an_index_no_ignore_file_counts() {
    let files = [("requirements.txt", PIN), (".gitignore", "sub\n"), ("sub/requirements.txt", PIN)];
    let plain = folder(&files);
    let ran = audit(plain.path(), &["--format", "json", "--db", super::common::test_database()]);
    assert_eq!(inputs(&ran), ["requirements.txt", "sub/requirements.txt"]);
    let repository = Repository::new();
    repository.write(&files);
    assert_eq!(inputs(&repository.audit(&["--format", "json"])).len(), 2, "nothing was ever added");
    repository.git(&["add", "requirements.txt"]);
    assert_eq!(inputs(&repository.audit(&["--format", "json"])).len(), 1);
    std::fs::write(repository.join(".git/index"), b"DIRC, but no index").unwrap();
    assert_eq!(inputs(&repository.audit(&["--format", "json"])).len(), 2);
}

#[test]
fn an_ignore_file_that_nobody_wrote_by_hand_is_not_honoured() {
    for text in ["*a".repeat(30), format!("/sub\n{}", "x".repeat(5000)), "/sub\n".repeat(400_000)] {
        let repository = Repository::with(&[("requirements.txt", PIN)]);
        let name = "a".repeat(200);
        repository.write(&[
            (".gitignore", &text),
            ("sub/requirements.txt", PIN),
            (&format!("{name}/requirements.txt"), PIN),
        ]);
        let ran = repository.audit(&["--format", "json"]);
        assert_eq!(inputs(&ran).len(), 3);
        assert!(repository.audit(&[]).out.contains(".gitignore: not honoured"));
    }
}

#[test]
fn a_committed_environment_is_none() {
    let metadata = "Metadata-Version: 2.1\nName: harmless\nVersion: 1.0\nLicense-Expression: MIT\n";
    let installed = "lib/python3.12/site-packages/harmless-1.0.dist-info/METADATA";
    let deep = "lib/python3.12/site-packages/vendored/deep/requirements.txt";
    let repository = Repository::with(&[
        ("pyvenv.cfg", "home = /usr/bin\n"),
        (installed, metadata),
        (deep, "harmless==2.0\n"),
        (&format!(".venv/{installed}"), metadata),
        ("requirements.txt", PIN),
    ]);
    let ran = repository.audit(&["--format", "json"]);
    assert_eq!(inputs(&ran), ["lib/python3.12/site-packages", deep, "requirements.txt"]);
    assert!(repository.audit(&[]).out.contains("pyvenv.cfg: git tracks it"));
    let licenses = audit(repository.path(), &["licenses"]);
    assert!(licenses.out.contains("0 with a license"), "{}", licenses.out);
    assert!(licenses.out.contains(".venv: git tracks files in it"), "{}", licenses.out);
}

#[test]
fn a_linked_worktree_has_the_index_of_its_own() {
    let repository = Repository::with(&[("requirements.txt", PIN), (".gitignore", "sub\n")]);
    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("tree");
    repository.git(&["worktree", "add", "--quiet", "-b", "other", path.to_str().unwrap()]);
    super::common::write(&path, "sub/requirements.txt", PIN.as_bytes());
    let read = || inputs(&audit(&path, &["--format", "json", "--db", super::common::test_database()]));
    assert_eq!(read(), ["requirements.txt"]);
    let add =
        std::process::Command::new("git").current_dir(&path).args(["add", "-f", "sub"]).status().unwrap();
    assert!(add.success());
    assert_eq!(read(), ["requirements.txt", "sub/requirements.txt"]);
}
