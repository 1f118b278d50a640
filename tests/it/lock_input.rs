//! Bad input for the locks of uv and PDM and for `pylock.toml`: nothing that was lost looks clean, and nothing panics.

use std::fs;

use serde_json::Value;

use super::common::{Ran, audit, folder, top, write};
use super::hostile::{assert_sane, skips};

pub(crate) const NEVER: [&str; 5] = ["--no-config", "--fail-on", "never", "--format", "json"];
pub(crate) const SOURCE: &str = "source = { registry = \"https://index.example.com/simple\" }";

/// Audits a folder with one file in it.
pub(crate) fn run(name: &str, bytes: &[u8]) -> Ran {
    run_beside(name, bytes, &[])
}

fn run_beside(name: &str, bytes: &[u8], others: &[(&str, &str)]) -> Ran {
    let folder = folder(others);
    fs::create_dir(folder.path().join(".git")).unwrap();
    write(folder.path(), name, bytes);
    let ran = audit(folder.path(), &NEVER);
    assert_sane(&ran);
    ran
}

/// How many entries the one lock has, in an audit of a folder.
fn entries(ran: &Ran, name: &str) -> u64 {
    let document = ran.json();
    let inputs = document["inputs"].as_array().unwrap();
    inputs.iter().find(|input| input["path"] == name).unwrap()["packages"].as_u64().unwrap()
}

#[track_caller]
fn assert_refused(name: &str, bytes: &[u8], line: usize, words: &str) {
    let ran = run(name, bytes);
    let text = String::from_utf8_lossy(bytes);
    assert_eq!((ran.code, entries(&ran, name)), (3, 0), "{name}: {text}");
    let rows = skips(&ran);
    assert_eq!(rows.len(), 1, "{name}: {text}\n{rows:#?}");
    assert!(
        rows[0].starts_with(&format!("{name}:{line}: ")) && rows[0].contains(words),
        "{name}: {text}\n{}\nis not line {line}: {words}",
        rows[0]
    );
}

#[test]
fn empty_files_and_files_that_are_no_text() {
    for (name, words) in [
        ("uv.lock", "no `version`, with which uv begins a lock: lock again"),
        ("row.py.lock", "no `version`, with which uv begins a lock: lock again"),
        ("pdm.lock", "no [metadata], which every lock of PDM has: the file may be cut off; lock again"),
        ("pylock.toml", "no `lock-version`, which a pylock.toml must have: lock again"),
        ("pylock.dev.toml", "no `lock-version`, which a pylock.toml must have: lock again"),
    ] {
        assert_refused(name, b"", 1, words);
        assert_refused(name, b"# nothing\n", 1, words);
        assert_refused(name, b"\xff\xfe[\0", 1, "line 1 is not UTF-8");
        assert_refused(name, b"x = 1\n# J\xf6rg\n", 2, "line 2 is not UTF-8");
        assert_refused(name, b"x = 1\ny = \"a\0\"\n", 2, "not valid TOML");
        assert_refused(name, b"x = 1\nx = 2\n", 2, "not valid TOML: the key is already defined");
        assert_refused(name, b"[a]\nb = 1\n[a]\n", 3, "not valid TOML: the table is already defined");
        assert_refused(
            name,
            b"<<<<<<< HEAD\nversion = 1\n=======\n>>>>>>> x\n",
            1,
            "merge conflict: resolve it",
        );
        assert_refused(name, b"version = 1\n=======\n>>>>>>> x\n", 2, "merge conflict: resolve it");
        assert_refused(name, b"version = 1\n{% if x %}\n", 2, "not valid TOML");
    }
}

#[test]
fn formats_of_another_time() {
    let newer = "is newer than this program reads";
    for (name, text, line, words) in [
        ("uv.lock", "version = 2\n", 1, newer),
        ("uv.lock", "version = 99999999999999999999\n", 1, "expected a version such as 1"),
        ("uv.lock", "version = -1\n", 1, "expected a version such as 1, found -1"),
        ("uv.lock", "version = 0\n", 1, "expected a version such as 1, found 0"),
        ("uv.lock", "version = \"1\"\n", 1, "expected a version such as 1, found \"1\""),
        ("row.py.lock", "\nversion = 2\n", 2, newer),
        ("pdm.lock", "[metadata]\nlock_version = \"5.0\"\n", 2, newer),
        ("pdm.lock", "[metadata]\nlock_version = 4.5\n", 2, "expected lock_version as a string"),
        ("pdm.lock", "[metadata]\nlock_version = \"four\"\n", 2, "expected a lock_version such as \"4.5\""),
        ("pylock.toml", "lock-version = \"2.0\"\npackages = []\n", 1, newer),
        ("pylock.toml", "lock-version = 1.0\npackages = []\n", 1, "expected lock-version as a string"),
        ("pylock.toml", "lock-version = \"one\"\n", 1, "expected a lock-version such as \"1.0\""),
    ] {
        assert_refused(name, text.as_bytes(), line, words);
    }
    // A newer minor version or revision is compatible, and may hold more than is read: that is said.
    for (name, text, note) in [
        ("uv.lock", "version = 1\nrevision = 99\n", false),
        ("pdm.lock", "[metadata]\nlock_version = \"4.99\"\n", true),
        ("pylock.toml", "lock-version = \"1.7\"\npackages = []\n", true),
    ] {
        let folder = folder(&[(name, text)]);
        let ran = audit(folder.path(), &["--no-config", "--root", ".", "-v", name]);
        assert_eq!((ran.code, ran.out.contains(newer)), (0, note), "{name}: {}", ran.out);
    }
}

#[test]
fn lists_of_packages_under_another_name() {
    let package = "name = \"jinja2\"\nversion = \"2.0\"\n";
    for (name, text, line, words) in [
        ("uv.lock", format!("version = 1\n[[packages]]\n{package}"), 2, "[[packages]] is not read"),
        (
            "uv.lock",
            format!("version = 1\npackage = []\n[[distribution]]\n{package}"),
            3,
            "[[distribution]] is not read",
        ),
        (
            "uv.lock",
            format!("version = 1\n[package]\n{package}"),
            2,
            "expected a list of packages, found a table",
        ),
        ("pdm.lock", format!("[metadata]\n[[packages]]\n{package}"), 2, "[[packages]] is not read"),
        (
            "pdm.lock",
            "package = 1\n[metadata]\n".to_owned(),
            1,
            "expected a list of packages, found an integer",
        ),
        ("pylock.toml", format!("lock-version = \"1.0\"\n[[package]]\n{package}"), 4, "no `packages`"),
        (
            "pylock.toml",
            format!("lock-version = \"1.0\"\npackages = []\n[[package]]\n{package}"),
            3,
            "[[package]] is not read",
        ),
        (
            "pylock.toml",
            "lock-version = \"1.0\"\n[packages.a]\n".to_owned(),
            2,
            "expected a list of packages",
        ),
    ] {
        assert_refused(name, text.as_bytes(), line, words);
    }
}

/// Locks that tools made, cut off at every third line and in the middle of the next. A cut between two entries leaves a
/// whole file behind; whatever else is called clean has an entry with a version for each head that is left.
#[test]
fn locks_that_are_cut_off() {
    for (case, name) in [
        ("uv", "uv.lock"),
        ("uv-distribution", "uv.lock"),
        ("uv-script", "tool.py.lock"),
        ("pdm", "pdm.lock"),
        ("pdm-3.1", "pdm.lock"),
        ("pip", "pylock.toml"),
    ] {
        let text = fs::read_to_string(top().join("fixtures/tools").join(case).join(name)).unwrap();
        let folder = folder(&[("pyproject.toml", "[project]\nname = \"port-authority\"\nversion = \"1\"\n")]);
        let (mut runs, mut clean) = (0, 0);
        for (start, line) in text.match_indices('\n').step_by(3) {
            for cut in [start + line.len(), (start + 9).min(text.len() - 1)] {
                write(folder.path(), name, &text.as_bytes()[..cut]);
                let ran = audit(folder.path(), &[&NEVER[..], &["--root", ".", name]].concat());
                assert_sane(&ran);
                runs += 1;
                if ran.code == 0 {
                    clean += 1;
                    let heads = ["[[package]]", "[[packages]]", "[[distribution]]"];
                    let heads = text[..cut].lines().filter(|line| heads.contains(line)).count();
                    assert_eq!(entries(&ran, name), heads as u64, "{case}: cut at {cut}");
                }
            }
        }
        assert!(runs >= 50 && clean * 2 < runs, "{case}: {clean} of {runs} cuts are clean");
    }
}

/// uv lists all that it names: a lock that does not is damaged.
#[test]
fn a_lock_of_uv_that_does_not_list_what_it_names() {
    let entry = |name: &str, needs: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"1\"\n{SOURCE}\ndependencies = [{{ name = \"{needs}\" }}]\n\n"
        )
    };
    let ran = run(
        "uv.lock",
        format!("version = 1\n\n{}{}", entry("sail", "mast"), entry("boom", "sail")).as_bytes(),
    );
    let wanted = "uv.lock:7: sail: needs mast, which the lock does not list: lock again";
    assert_eq!((ran.code, skips(&ran)), (3, vec![wanted.to_owned()]));
    // PDM leaves out what the Pythons of a project never need.
    let needs = "dependencies = [\"mast; python_version < '3'\"]";
    let pdm = format!("[metadata]\n[[package]]\nname = \"sail\"\nversion = \"1\"\n{needs}\n");
    assert_eq!(run("pdm.lock", pdm.as_bytes()).code, 0);
}

const UV: &str = r#"version = 1
requires-python = @">=3.9"@
resolution-markers = @["python_version > '3'"]@

[manifest]
members = @["shop"]@

[[package]]
name = @"shop"@
version = @"1"@
source = @{ virtual = "." }@
dependencies = @[{ name = "idna" }]@
optional-dependencies = @{ a = [{ name = "wick" }] }@
dev-dependencies = @{ dev = [{ name = "wick" }] }@

[[package]]
name = @"idna"@
version = @"3.10"@
source = @{ registry = "https://index.example.com/simple" }@
resolution-markers = @["python_version > '3'"]@
sdist = @{ url = "x", hash = "sha256:00" }@
wheels = @[{ url = "x", hash = "sha256:00" }]@
dependencies = [
    { name = @"wick"@, version = @"1"@, marker = @"os_name == 'nt'"@, extra = @["x"]@, source = @{ url = "x" }@ },
]

[[package]]
name = "wick"
version = "1"
source = { registry = "https://index.example.com/simple" }
"#;

const PDM: &str = r#"[metadata]
groups = @["default"]@
strategy = @["cross_platform"]@
lock_version = @"4.5.0"@
content_hash = @"sha256:00"@

[[metadata.targets]]
requires_python = @">=3.9"@

[[package]]
name = @"idna"@
version = @"3.10"@
extras = @["a"]@
requires_python = @">=3.9"@
groups = @["default"]@
marker = @"os_name == 'nt'"@
editable = @false@
git = @""@
ref = @""@
dependencies = @["wick>=1"]@
files = @[{ file = "x", hash = "sha256:00" }]@

[[package]]
name = "wick"
version = "1"
groups = ["default"]
"#;

const PYLOCK: &str = r#"lock-version = @"1.0"@
created-by = @"x"@
requires-python = @">=3.9"@
environments = @["os_name == 'nt'"]@

[[packages]]
name = @"idna"@
version = @"3.10"@
marker = @"os_name == 'nt'"@
index = @"https://index.example.com/simple"@
dependencies = @[{ name = "wick" }]@
sdist = @{ name = "x", hashes = { sha256 = "00" } }@
wheels = @[{ name = "x", hashes = { sha256 = "00" } }]@
tool = @{ x = 1 }@

[[packages]]
name = "wick"
version = "1"
"#;

const WRONG: [&str; 13] = [
    "1",
    "1.5",
    "true",
    "2026-01-01",
    "\"x y\"",
    "\"\"",
    "[]",
    "[1]",
    "[\"a\", 1]",
    "[[]]",
    "{}",
    "{ x = 1 }",
    "[{ }]",
];

/// A template with every value that stands between two `@` put in, and the one at `wrong` replaced.
fn filled(template: &str, wrong: Option<(usize, &str)>) -> String {
    let parts = template.split('@').enumerate();
    parts.map(|(index, part)| wrong.filter(|(at, _)| *at == index).map_or(part, |(_, value)| value)).collect()
}

/// Every key of a format, with values of every other type. Either something is said, or both packages are still there.
#[test]
fn keys_of_the_wrong_type() {
    let manifest = [("pyproject.toml", "[project]\nname = \"shop\"\nversion = \"1\"\n")];
    let mut runs = 0;
    for (name, template, others, whole) in
        [("uv.lock", UV, &manifest[..], 3), ("pdm.lock", PDM, &[], 2), ("pylock.toml", PYLOCK, &[], 2)]
    {
        let good = run_beside(name, filled(template, None).as_bytes(), others);
        assert_eq!((good.code, entries(&good, name)), (0, whole), "{name}: {:?}", skips(&good));
        for at in (1..template.split('@').count()).step_by(2) {
            for value in WRONG {
                let text = filled(template, Some((at, value)));
                let ran = run_beside(name, text.as_bytes(), others);
                runs += 1;
                if ran.code == 0 {
                    let graph = listed(name, &text);
                    for package in ["idna 3.10", "wick 1"] {
                        assert!(
                            graph.contains(&package.to_owned()),
                            "{name}: clean without {package}\n{text}"
                        );
                    }
                } else {
                    assert_eq!(ran.code, 3, "{name}: {text}");
                }
            }
        }
    }
    assert_eq!(runs, RUNS);
}

/// The number of keys times that of the wrong values.
const RUNS: usize = 624;

fn listed(name: &str, text: &str) -> Vec<String> {
    let ran = audit(folder(&[(name, text)]).path(), &["graph", "--format", "json", "--root", ".", name]);
    let packages = ran.json()["inputs"][0]["packages"].take();
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    packages.as_array().unwrap().iter().map(|one| word(&one["name"]) + " " + &word(&one["version"])).collect()
}

#[test]
fn lists_of_the_wrong_type_are_said() {
    let uv = format!("version = 1\n[[package]]\nname = \"sail\"\nversion = \"1\"\n{SOURCE}\n");
    let pdm = "[metadata]\n[[package]]\nname = \"sail\"\nversion = \"1\"\n";
    let pylock = "lock-version = \"1.0\"\n[[packages]]\nname = \"sail\"\nversion = \"1\"\n";
    for (name, head) in [("uv.lock", uv.as_str()), ("pdm.lock", pdm), ("pylock.toml", pylock)] {
        for value in ["1", "\"mast\"", "true", "[1]", "[{ }]"] {
            let ran = run(name, format!("{head}dependencies = {value}\n").as_bytes());
            assert_eq!((ran.code, skips(&ran).len(), entries(&ran, name)), (3, 1, 1), "{name}: {value}");
        }
    }
    for key in ["optional-dependencies", "dev-dependencies"] {
        for value in ["1", "[]", "{ a = 1 }", "{ a = [1] }"] {
            let ran = run("uv.lock", format!("{uv}{key} = {value}\n").as_bytes());
            assert_eq!((ran.code, skips(&ran).len()), (3, 1), "{key} = {value}");
        }
    }
}
