//! Running the real program in an environment of our own: no home, no colours, no width but what a test asks for.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The day on which every test runs, unless it says otherwise.
pub(crate) const TODAY: &str = "2026-11-21";

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.out, self.err))
    }
}

/// The top of the project.
pub(crate) fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A project of `fixtures/projects`.
pub(crate) fn project(name: &str) -> PathBuf {
    top().join("fixtures/projects").join(name)
}

/// The program in a folder, with nothing of the machine around it. An empty home is part of the folder's path, so
/// that no store of a user is ever read.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_audit"));
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-home");
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", &home)
        .env("XDG_DATA_HOME", &home)
        .env("COLUMNS", "100");
    command
}

/// Runs the program and waits.
pub(crate) fn finish(command: &mut Command) -> Ran {
    ran(&command.stdin(Stdio::null()).output().unwrap())
}

fn ran(output: &Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let ran = Ran {
        code: output.status.code().unwrap_or(-1),
        out: text(&output.stdout),
        err: text(&output.stderr),
    };
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

/// Runs `audit ARGUMENTS` in a folder, on the day of all tests.
pub(crate) fn audit(folder: &Path, arguments: &[&str]) -> Ran {
    finish(program(folder).env("SOURCE_DATE_EPOCH", epoch()).args(arguments))
}

/// The same with a text as standard input.
pub(crate) fn audit_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = program(folder);
    command.env("SOURCE_DATE_EPOCH", epoch()).args(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    ran(&child.wait_with_output().unwrap())
}

/// [`TODAY`] in seconds.
fn epoch() -> String {
    let day: jiff::civil::Date = TODAY.parse().unwrap();
    day.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second().to_string()
}

/// A folder with these files, gone at the end.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(folder.path(), path, text.as_bytes());
    }
    folder
}

/// Writes a file below a folder.
pub(crate) fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let file = folder.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, bytes).unwrap();
}

/// A database of `fixtures/advisories` alone, made once.
pub(crate) fn test_database() -> &'static str {
    static FILE: OnceLock<String> = OnceLock::new();
    FILE.get_or_init(|| {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("our-own.store");
        let file = file.to_str().unwrap().to_owned();
        let imported = audit(top(), &["db", "import", "fixtures/advisories", "--db", &file]);
        assert_eq!(imported.code, 0, "{}", imported.err);
        file
    })
}
