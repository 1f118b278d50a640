//! Locks of uv and PDM and `pylock.toml` that are nested or repeated beyond measure.

use super::common::{audit, finish, folder};
use super::hostile::{assert_sane, limited};
use super::lock_input::{NEVER, SOURCE, run};

#[test]
fn ten_thousand_open_brackets() {
    for open in ["[", "(", "{"] {
        let many = open.repeat(10_000);
        for (name, text) in [
            ("uv.lock", format!("version = 1\nx = {many}\n")),
            ("pdm.lock", format!("x = {many}\n")),
            ("pylock.toml", format!("x = {many}\n")),
            ("uv.lock", format!("version = 1\n[[package]]\nname = \"{many}\"\nversion = \"1\"\n{SOURCE}\n")),
            ("uv.lock", format!("version = 1\n[[package]]\nname = \"a\"\nversion = \"{many}\"\n{SOURCE}\n")),
            (
                "pdm.lock",
                format!(
                    "[metadata]\n[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"a{many}\"]\n"
                ),
            ),
            (
                "pdm.lock",
                format!(
                    "[metadata]\n[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"a; {many}\"]\n"
                ),
            ),
            (
                "pylock.toml",
                format!("lock-version = \"1.0\"\n[[packages]]\nname = \"{many}\"\nversion = \"1\"\n"),
            ),
        ] {
            let ran = run(name, text.as_bytes());
            assert_eq!(ran.code, 3, "{name} {open}");
        }
        // A marker that cannot be read limits nothing.
        let markers = format!(
            "version = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\n{SOURCE}\nresolution-markers = [\"{many}\"]\n\
             dependencies = [{{ name = \"a\", marker = \"{many}\" }}]\n"
        );
        let folder = folder(&[("uv.lock", &markers)]);
        for arguments in
            [&["graph", "--python", "3.12", "uv.lock"][..], &["why", "a", "--platform", "linux", "uv.lock"]]
        {
            let ran = audit(folder.path(), arguments);
            assert_sane(&ran);
            assert_eq!(ran.code, 0, "{arguments:?}");
        }
    }
}

/// Twenty thousand entries of one name, each of which needs all others: within a minute, without squares of them.
#[test]
fn twenty_thousand_entries_of_one_name() {
    let many = |entry: &dyn Fn(usize) -> String| (0..20_000).map(entry).collect::<String>();
    let uv = |at: usize| {
        let needs = "dependencies = [{ name = \"oar\" }, { name = \"wick\" }]";
        format!("[[package]]\nname = \"oar\"\nversion = \"3.{at}\"\n{SOURCE}\n{needs}\n\n")
    };
    let pdm = |at: usize| {
        format!(
            "[[package]]\nname = \"oar\"\nversion = \"3.{at}\"\ndependencies = [\"oar\", \"wick>=1\"]\n\n"
        )
    };
    let pylock = |at: usize| {
        let needs = "dependencies = [{ name = \"oar\" }, { name = \"wick\" }]";
        format!("[[packages]]\nname = \"oar\"\nversion = \"3.{at}\"\n{needs}\n\n")
    };
    let wick = format!(
        "[[package]]\nname = \"wick\"\nversion = \"1\"\n{SOURCE}\ndependencies = [{{ name = \"oar\" }}]\n"
    );
    for (name, text) in [
        ("uv.lock", format!("version = 1\n\n{}{wick}", many(&uv))),
        ("pdm.lock", format!("[metadata]\n\n{}[[package]]\nname = \"wick\"\nversion = \"1\"\n", many(&pdm))),
        (
            "pylock.toml",
            format!(
                "lock-version = \"1.0\"\n\n{}[[packages]]\nname = \"wick\"\nversion = \"1\"\n",
                many(&pylock)
            ),
        ),
    ] {
        let folder = folder(&[(name, &text)]);
        for arguments in [
            &NEVER[..],
            &["graph", "--depth", "2"],
            &["why", "wick"],
            &["graph", "--python", "3.12", "--no-dev"],
        ] {
            let mut command = limited(folder.path(), 2 * 1024, 60);
            let ran = finish(command.args(arguments).args(["--root", ".", name]));
            assert_sane(&ran);
            assert_eq!(ran.code, 0, "{name} {arguments:?}: {}", ran.err);
        }
    }
}

/// As many lines that ask for one name as its lock has versions of it.
#[test]
fn thousands_of_lines_for_thousands_of_versions() {
    let many = |line: &dyn Fn(usize) -> String| (0..20_000).map(line).collect::<String>();
    let lines = many(&|at| format!("    \"oar=={at}; python_version < '3.{at}'\",\n"));
    let manifest = format!("[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [\n{lines}]\n");
    let entries = many(&|at| format!("[[package]]\nname = \"oar\"\nversion = \"{at}\"\n\n"));
    let folder = folder(&[("pyproject.toml", &manifest), ("pdm.lock", &format!("[metadata]\n{entries}"))]);
    for arguments in [&["graph", "--python", "3.12", "--depth", "0"][..], &["why", "oar", "--no-dev"]] {
        let mut command = limited(folder.path(), 2 * 1024, 30);
        let ran = finish(command.args(arguments).args(["--root", ".", "pdm.lock"]));
        assert_sane(&ran);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    }
}
