//! Files that cannot be read, or not as a whole: each is named with its place and what to do, the others are audited
//! all the same, and the run is incomplete.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::common::{Ran, audit, finish, folder, write};
use super::hostile::{assert_sane, limited, skips};

/// A file beside every bad one, which must be audited all the same.
const GOOD: (&str, &str) = ("good/requirements.txt", "flask==2.2.0\n");

const LOCK_END: &str = "[metadata]\nlock-version = \"2.1\"\npython-versions = \"*\"\ncontent-hash = \"00\"\n";

/// Audits a folder that holds `files` and a good one. What was skipped, as the human report names it.
pub(crate) fn incomplete(files: &[(&str, &str)]) -> Vec<String> {
    let folder = folder(files);
    fs::create_dir_all(folder.path().join(".git")).unwrap();
    write(folder.path(), GOOD.0, GOOD.1.as_bytes());
    incomplete_in(folder.path())
}

fn incomplete_in(folder: &Path) -> Vec<String> {
    let never = ["--no-config", "--fail-on", "never", "--format", "json"];
    let ran = audit(folder, &never);
    assert_sane(&ran);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    let findings = ran.json()["findings"].to_string();
    assert!(findings.contains(GOOD.0), "the good file was not audited: {findings}");
    let human = audit(folder, &["--no-config", "--fail-on", "never"]);
    assert_eq!(human.code, 3);
    let list = human.out.split_once("\nnot audited: ").map_or("", |(_, list)| list);
    let list = list.split_once("\n\n").map_or(list, |(list, _)| list);
    // A long reason goes on in the next line, indented.
    let mut rows: Vec<String> = Vec::new();
    for line in list.lines().skip(1) {
        match (rows.last_mut(), line.strip_prefix("   ")) {
            (Some(row), Some(rest)) => *row = format!("{row} {}", rest.trim()),
            _ => rows.push(line.trim().to_owned()),
        }
    }
    assert_eq!(rows.len(), skips(&ran).len(), "{}", human.out);
    rows
}

/// Each row starts with a place and holds words.
#[track_caller]
pub(crate) fn assert_rows(rows: &[String], wanted: &[(&str, &str)]) {
    assert_eq!(rows.len(), wanted.len(), "{rows:#?}");
    for (row, (place, words)) in rows.iter().zip(wanted) {
        assert!(
            row.starts_with(&format!("{place} ")) && row.contains(words),
            "{row}\nis not {place}: {words}"
        );
    }
}

#[test]
fn what_is_no_toml() {
    let rows = incomplete(&[
        ("a/poetry.lock", "[[package]]\nname = \"a\"\nversion = = \"1\"\n"),
        ("b/pyproject.toml", "[project]\ndependencies = [\"a\"\nname = \"shop\"\n"),
        ("c/poetry.lock", "[[package]]\nname = \"a\"\nversion = \"1\"\n"),
        ("d/poetry.lock", "[metadata]\nlock-version = \"2.1\"\n"),
        ("e/pyproject.toml", "[project]\nname = \"a\"\nname = \"b\"\n"),
    ]);
    assert_rows(
        &rows,
        &[
            ("a/poetry.lock:3:11", "not valid TOML: extra `=`"),
            ("b/pyproject.toml:3:1", "not valid TOML: missing comma"),
            ("c/poetry.lock:3:14", "the file may be cut off; lock again"),
            ("d/poetry.lock:1:1", "no [[package]] and no `package = []`"),
            ("e/pyproject.toml:3:1", "not valid TOML: duplicate key"),
        ],
    );
}

#[test]
fn a_merge_conflict() {
    let conflict = "<<<<<<< HEAD\nname = \"b\"\n=======\nname = \"c\"\n>>>>>>> other\n";
    let rows = incomplete(&[
        ("a/poetry.lock", &format!("[[package]]\n{conflict}version = \"1\"\n\n{LOCK_END}")),
        ("b/requirements.txt", "click==8.1.7\n<<<<<<< HEAD\n=======\nidna==3.7\n>>>>>>> other\n"),
    ]);
    assert_rows(
        &rows,
        &[
            ("a/poetry.lock:2:1", "merge conflict: resolve it and lock again"),
            ("b/requirements.txt:2:1", "a merge conflict: resolve it first"),
            ("b/requirements.txt:3:1", "a merge conflict: resolve it first"),
            ("b/requirements.txt:5:1", "a merge conflict: resolve it first"),
        ],
    );
}

#[test]
fn a_template() {
    let rows = incomplete(&[
        ("a/pyproject.toml", "[project]\nname = \"{{ name }}\"\n{% if x %}\n"),
        ("b/pyproject.toml", "[project]\ndependencies = [\"{{ name }}==1\"]\n"),
        ("b/requirements.txt", "idna==3.10\n{% if web %}\n  click=={{ version }}\n"),
    ]);
    assert_rows(
        &rows,
        &[
            ("a/pyproject.toml:3:1", "this is a template"),
            ("b/pyproject.toml:2:18", "this is a template"),
            ("b/requirements.txt:2:1", "a template: render it first"),
            ("b/requirements.txt:3:10", "a template: render it first"),
        ],
    );
}

#[test]
fn includes_that_lead_nowhere_or_in_a_circle() {
    let rows = incomplete(&[
        (
            "requirements.txt",
            "idna==3.10\n-r missing.txt\n  --constraint=gone.txt\n-r more.txt\n-r https://index.example.com/a.txt\n",
        ),
        ("more.txt", "click==8.1.7\n-r requirements.txt\n-r more.txt\n"),
        ("sub/requirements.in", "-r ./\n-r ${HOME}/x.txt\n"),
    ]);
    assert_rows(
        &rows,
        &[
            ("more.txt:2:4", "an include cycle: requirements.txt includes itself"),
            ("more.txt:3:4", "an include cycle: more.txt includes itself"),
            ("requirements.txt:2:4", "there is no such file"),
            ("requirements.txt:3:16", "there is no such file"),
            ("requirements.txt:5:4", "a remote file is not fetched"),
            ("sub/requirements.in:1:4", "is a folder where a file was expected"),
            ("sub/requirements.in:2:4", "environment variables are not expanded"),
        ],
    );
}

/// A hostile merge request must not print other files of the machine that audits it.
#[test]
fn nothing_outside_the_root_is_read() {
    let outside =
        folder(&[("secret.txt", "s3cret-t0ken==1 oops\n"), ("pyproject.toml", "s3cret-t0ken = oops\n")]);
    let secret = outside.path().join("secret.txt");
    let above = format!("../{}/secret.txt", outside.path().file_name().unwrap().to_string_lossy());
    let inside = folder(&[
        GOOD,
        (
            "sub/requirements.txt",
            &format!(
                "-r {}\n-r file://{}\n-c ../{above}\n-r link.txt\n-e {}\n",
                secret.display(),
                secret.display(),
                outside.path().display()
            ),
        ),
    ]);
    fs::create_dir(inside.path().join(".git")).unwrap();
    let link = |target: &Path, name: &str| symlink(target, &inside.path().join(name));
    link(&secret, "sub/link.txt");
    link(&secret, "constraints.txt");
    link(&outside.path().join("pyproject.toml"), "pyproject.toml");
    link(&inside.path().join("nowhere"), "poetry.lock");
    let rows = incomplete_in(inside.path());
    assert_rows(
        &rows,
        &[
            ("constraints.txt", "is a link that leads outside the root"),
            ("poetry.lock", "is a link that leads nowhere"),
            ("pyproject.toml", "is a link that leads outside the root"),
            ("sub/requirements.txt:1:4", "leads outside the root and is not read"),
            ("sub/requirements.txt:2:4", "leads outside the root and is not read"),
            ("sub/requirements.txt:3:4", "leads outside the root and is not read"),
            ("sub/requirements.txt:4:4", "is a link that leads outside the root"),
            ("sub/requirements.txt:5:4", "outside the root"),
        ],
    );
    for arguments in
        [&["--format", "json"][..], &["-v"], &["graph"], &["graph", "--format", "json"], &["why", "flask"]]
    {
        let ran = audit(inside.path(), arguments);
        assert!(
            !format!("{}{}", ran.out, ran.err).contains("s3cret"),
            "{arguments:?}: {}{}",
            ran.out,
            ran.err
        );
    }
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) {
    std::os::unix::fs::symlink(target, link).unwrap();
}

#[cfg(windows)]
fn symlink(target: &Path, link: &Path) {
    std::os::windows::fs::symlink_file(target, link).unwrap();
}

#[test]
fn a_folder_in_the_place_of_a_file() {
    let rows = incomplete(&[("requirements.txt/inner.txt", ""), ("poetry.lock/x", "")]);
    assert_rows(
        &rows,
        &[
            ("poetry.lock", "is a folder where a file was expected"),
            ("requirements.txt", "is a folder where a file was expected"),
        ],
    );
}

/// A pipe must not be waited for; a file without permission must be said. Root reads everything: then a socket, which
/// nobody can open, stands for it.
#[cfg(unix)]
#[test]
fn what_cannot_be_opened() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder(&[GOOD, ("a/requirements.txt", "idna==3.10\n")]);
    let path = |name: &str| folder.path().join(name);
    let made = std::process::Command::new("mkfifo").arg(path("requirements.txt")).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo is missing");
    fs::set_permissions(path("a/requirements.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    let words = if fs::read(path("a/requirements.txt")).is_ok() {
        fs::remove_file(path("a/requirements.txt")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(path("a/requirements.txt")).unwrap();
        "is not a regular file"
    } else {
        "no permission to read it"
    };
    let rows = incomplete_in(folder.path());
    assert_rows(&rows, &[("a/requirements.txt", words), ("requirements.txt", "is not a regular file")]);
}

#[test]
fn versions_that_are_none() {
    let rows = incomplete(&[
        (
            "a/requirements.txt",
            "idna==one\nclick >= 2.*\nattrs==1.2.x ; os_name == 'nt'\nsix==18446744073709551616\n",
        ),
        (
            "b/pyproject.toml",
            "[tool.poetry.dependencies]\nidna = \"banana\"\nclick = { version = \">>1\" }\nattrs = 1\n",
        ),
        (
            "c/poetry.lock",
            &format!(
                "[[package]]\nname = \"idna\"\nversion = \"18446744073709551616\"\n\n[[package]]\nname = \"click\"\nversion = \" \"\n\n[[package]]\nname = 1\nversion = \"1\"\n\n{LOCK_END}"
            ),
        ),
    ]);
    assert_rows(
        &rows,
        &[
            ("a/requirements.txt:1:7", "`one` is no version that PEP 440 knows"),
            ("a/requirements.txt:2:10", "`.*` goes with `==` and `!=` only"),
            ("a/requirements.txt:3:8", "`1.2.x` is no version"),
            ("a/requirements.txt:4:6", "no version that PEP 440 knows"),
            ("b/pyproject.toml:2:9", "expected a version constraint"),
            ("b/pyproject.toml:3:22", "expected a version constraint"),
            ("b/pyproject.toml:4:9", "expected a version or a table, found an integer"),
            ("c/poetry.lock:3:12", "only its text was compared"),
            ("c/poetry.lock:7:11", "expected a version such as \"1.2.3\": lock again"),
            ("c/poetry.lock:9:1", "the package has no name: lock again"),
        ],
    );
}

#[test]
fn a_lock_of_another_time() {
    let of = |version: &str| format!("package = []\n\n[metadata]\nlock-version = {version}\n");
    let rows = incomplete(&[
        ("a/poetry.lock", &of("\"999.0\"")),
        ("b/poetry.lock", &of("2.1")),
        ("c/poetry.lock", &of("\"two\"")),
    ]);
    assert_rows(
        &rows,
        &[
            ("a/poetry.lock:4:16", "is newer than this program reads (up to 2.1): update this program"),
            ("b/poetry.lock:4:16", "expected lock-version as a string"),
            ("c/poetry.lock:4:16", "expected a lock-version such as \"2.1\""),
        ],
    );
}

#[test]
fn bytes_that_are_no_text() {
    let folder = folder(&[GOOD]);
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (path, bytes) in [
        ("a/requirements.txt", &b"\xff\xfei\0d\0n"[..]),
        ("b/requirements.txt", b"\xff\xfe\0\0i\0"),
        ("c/requirements.txt", b"# coding: klingon\nidna==3.10\n"),
        ("d/requirements.txt", b"idna==3.10\nclick\0==8.1.7\n"),
        ("e/pyproject.toml", b"[project]\nname = '\xe4'\n"),
        ("f/poetry.lock", b"\xff\xfe[\0"),
        ("g/pyproject.toml", b"[project]\nname = \"a\0\"\n"),
    ] {
        write(folder.path(), path, bytes);
    }
    assert_rows(
        &incomplete_in(folder.path()),
        &[
            ("a/requirements.txt:1:1", "UTF-16 but is damaged: save it as UTF-8"),
            ("b/requirements.txt:1:1", "UTF-32 but is damaged: save it as UTF-8"),
            ("c/requirements.txt:1:1", "no known encoding: save it as UTF-8"),
            ("d/requirements.txt:2:6", "holds a NUL character"),
            ("e/pyproject.toml:2:9", "line 2 is not UTF-8"),
            ("f/poetry.lock:1:1", "line 1 is not UTF-8"),
            ("g/pyproject.toml:2:10", "not valid TOML"),
        ],
    );
}

#[test]
fn ten_thousand_open_brackets() {
    for open in ["[", "(", "{"] {
        let many = open.repeat(10_000);
        let rows = incomplete(&[
            ("a/requirements.txt", &format!("idna{many}\nidna; {many}\n{many}\nidna @ {many}\n")),
            ("b/pyproject.toml", &format!("x = {many}\n")),
            ("c/poetry.lock", &format!("x = {many}\n")),
            (
                "d/pyproject.toml",
                &format!("[project]\nname = \"shop\"\ndependencies = [\"idna{many}\", \"idna; {many}\"]\n"),
            ),
            ("e/pyproject.toml", &format!("[tool.poetry.dependencies]\nidna = \"{many}\"\n")),
            ("f/poetry.lock", &format!("[[package]]\nname = \"{many}\"\nversion = \"1\"\n{LOCK_END}")),
        ]);
        let places: Vec<_> = rows.iter().map(|row| row.split(' ').next().unwrap()).collect();
        for file in [
            "a/requirements.txt:1:",
            "a/requirements.txt:2:7",
            "a/requirements.txt:3:1",
            "b/pyproject.toml:1:",
            "c/poetry.lock:1:",
            "d/pyproject.toml:3:",
            "e/pyproject.toml:2:",
            "f/poetry.lock:2:",
        ] {
            assert!(places.iter().any(|place| place.starts_with(file)), "{open}: {file}: {places:?}");
        }
    }
}

#[test]
fn long_names_and_numbers_are_read() {
    let name = "a".repeat(10_000);
    let long = format!("9.{}1", "1.".repeat(5_000));
    let files = [
        (
            "requirements.txt",
            format!("{name}==1\nidna=={long}\nclick==2000000000.4294967296.18446744073709551615\n"),
        ),
        ("poetry.lock", format!("[[package]]\nname = \"{name}\"\nversion = \"{long}\"\n{LOCK_END}")),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    let ran = audit(folder(&files).path(), &["--no-config", "--format", "json"]);
    assert_sane(&ran);
    assert_eq!((ran.code, ran.json()["summary"]["packages"].as_u64()), (0, Some(4)), "{}", ran.out);
}

#[test]
fn a_file_that_asks_for_nothing_is_clean() {
    for (path, text) in [
        ("requirements.txt", ""),
        ("requirements.txt", "# only\n   # comments\n\n"),
        ("requirements.txt", "--index-url https://index.example.com/simple\n"),
        ("constraints.txt", "\n"),
        ("pyproject.toml", ""),
        ("poetry.lock", &format!("package = []\n\n{LOCK_END}")),
    ] {
        let ran = audit(folder(&[(path, text)]).path(), &["--no-config", "--format", "json"]);
        assert_eq!(ran.code, 0, "{path}: {}{}", ran.out, ran.err);
    }
}

/// One run over a line of 200 MB and a file of 300 MB, within bounds.
#[test]
fn files_of_hundreds_of_megabytes() {
    let folder = folder(&[GOOD]);
    fs::create_dir(folder.path().join(".git")).unwrap();
    for name in ["line/requirements.txt", "lock/poetry.lock", "project/pyproject.toml"] {
        let size = if name.starts_with("line") { 200 } else { 300 };
        write(folder.path(), name, b"idna==3.10 # ");
        let mut file = fs::OpenOptions::new().append(true).open(folder.path().join(name)).unwrap();
        if size == 200 {
            let block = vec![b'x'; 1 << 20];
            (0..size).for_each(|_| file.write_all(&block).unwrap());
            continue;
        }
        file.set_len(size << 20).unwrap(); // sparse
    }
    let mut command = limited(folder.path(), 3 * 1024, 60);
    let ran = finish(command.args(["--no-config", "--fail-on", "never", "--format", "json"]));
    assert_sane(&ran);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let rows = skips(&ran);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(
        rows[0].starts_with("lock/poetry.lock:1") && rows[0].contains("is larger than 256 MiB"),
        "{rows:?}"
    );
    assert!(rows[1].starts_with("project/pyproject.toml:1"), "{rows:?}");
    assert_eq!(ran.json()["summary"]["packages"], 2, "the comment is long, the requirement is not");
}

/// Passwords, wherever they stand and whatever is written about them.
#[test]
fn passwords_never_come_out() {
    let secret = "https://user:hunter2secret@index.example.com";
    let files = [
        (
            "requirements.txt",
            format!(
                "--index-url {secret}/simple\nidna @ {secret}/a.zip\n-e git+{secret}/b.git\n-r {secret}/r.txt\n{secret}/c 1\nfoo {secret}/d\nclick==8.1.7 --nonsense {secret}\n-r x{secret}\n{secret}/w-1.0-py3-none-any.whl\n"
            ),
        ),
        (
            "pyproject.toml",
            format!(
                "[project]\nname = \"shop\"\ndependencies = [\"idna @ {secret}/a.zip\", \"b {secret}\"]\n[tool.poetry.dependencies]\nc = {{ git = \"{secret}/c.git\" }}\nd = \"{secret}\"\n[[tool.poetry.source]]\nname = \"x\"\nurl = \"{secret}\"\n[tool.uv.sources]\ne = {{ path = \"{secret}\" }}\n"
            ),
        ),
        (
            "poetry.lock",
            format!(
                "[[package]]\nname = \"idna\"\nversion = \"3.7\"\n[package.source]\ntype = \"git\"\nurl = \"{secret}/a\"\nreference = \"{secret}\"\n\n[[package]]\nname = \"{secret}\"\nversion = \"{secret}\"\nmarkers = \"{secret}\"\ngroups = [\"{secret}\"]\n[package.source]\ntype = \"{secret}\"\nurl = \"{secret}\"\n[package.dependencies]\n\"{secret}\" = \"{secret}\"\n{LOCK_END}"
            ),
        ),
        ("broken/poetry.lock", format!("x = {secret}\n")),
        ("broken/pyproject.toml", format!("x = {secret}\n")),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    let folder = folder(&files);
    fs::create_dir(folder.path().join(".git")).unwrap();
    let shown = |ran: &Ran| format!("{}{}", ran.out, ran.err);
    for arguments in [
        &["-v"][..],
        &["--format", "json"],
        &["graph"],
        &["graph", "--format", "json"],
        &["why", "idna"],
        &["why", "nothing"],
        &["why", &secret.to_lowercase()],
        &["explain", "unsupported-input", "."],
    ] {
        let ran = audit(folder.path(), arguments);
        assert!(!shown(&ran).contains("hunter2secret"), "{arguments:?}:\n{}", shown(&ran));
        assert!(arguments[0] == "explain" || shown(&ran).contains("****") || ran.code == 1, "{arguments:?}");
    }
}
