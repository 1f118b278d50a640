//! Git repositories made for a test: by git itself, with nothing of the machine's configuration.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::common::{Ran, audit, test_database, write};

/// A repository, gone at the end.
pub(crate) struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    /// An empty one, on the branch `main`.
    pub(crate) fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// One whose first commit has these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let repository = Self::new();
        repository.write(files);
        repository.commit("first");
        repository
    }

    /// A clone of another one with some of its history.
    pub(crate) fn shallow(of: &Self, branch: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("file://{}", of.path().display());
        let into = folder.path().to_str().unwrap();
        run(of.path(), "2026-02-01", &["clone", "--quiet", "--depth=1", "--branch", branch, &url, into]);
        Self { folder }
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A path in it.
    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes files.
    pub(crate) fn write(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            write(self.path(), path, text.as_bytes());
        }
    }

    /// Commits everything that is there; what it printed.
    pub(crate) fn commit(&self, message: &str) {
        self.commit_on("2026-01-01", message);
    }

    /// The same, on a day.
    pub(crate) fn commit_on(&self, day: &str, message: &str) {
        run(self.path(), day, &["add", "--all", "--force"]);
        run(self.path(), day, &["commit", "--quiet", "--allow-empty", "-m", message]);
    }

    /// Runs git in it.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        run(self.path(), "2026-01-01", arguments)
    }

    /// Audits it with the advisories of the fixtures.
    pub(crate) fn audit(&self, arguments: &[&str]) -> Ran {
        let mut all = arguments.to_vec();
        all.extend(["--db", test_database()]);
        audit(self.path(), &all)
    }
}

fn run(folder: &Path, day: &str, arguments: &[&str]) -> String {
    let date = format!("{day}T12:00:00Z");
    let output = Command::new("git")
        .current_dir(folder)
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("the tests of repositories need git: {error}"));
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
