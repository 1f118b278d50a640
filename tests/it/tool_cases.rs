//! What the one manifest of `same_graph` does not show, in locks that tools made of other ones.

use super::common::{audit, top};
use super::rows::row;

/// The entries of a lock of `fixtures/tools` as rows, without the address of the index.
fn rows(case: &str, file: &str, options: &[&str]) -> Vec<String> {
    let folder = top().join("fixtures/tools").join(case);
    let ran = audit(&folder, &[&["graph", "--format", "json", "--root", ".", file], options].concat());
    assert_eq!(ran.code, 0, "{case}: {}{}", ran.out, ran.err);
    let document = ran.json();
    let packages = document["inputs"][0]["packages"].as_array().unwrap().iter();
    let index = " (index http://index.example.com/simple)";
    let plain = |row: String| row.replace(&index.replace(')', "@harbour)"), "").replace(index, "");
    packages.map(|entry| plain(row(entry, file))).collect()
}

/// The name and the version of a row.
fn pin(row: &str) -> String {
    let words: Vec<&str> = row.split(' ').skip(1).take(2).collect();
    words.join(" ").trim_start_matches(['*', '?']).to_owned()
}

/// Leading zeros, an epoch and a local version, of which PDM keeps only the public part.
#[test]
fn versions_that_few_write() {
    let mut wanted = vec!["ferry-line 1!2.0", "hull-paint 1.0+harbour.3", "tide-table 2024.1.5"];
    for (case, file) in [
        ("odd-versions/uv", "uv.lock"),
        ("odd-versions/poetry", "poetry.lock"),
        ("odd-versions/pip", "pylock.toml"),
        ("odd-versions/pip", "requirements.txt"),
        ("odd-versions/pipenv", "Pipfile.lock"),
        ("odd-versions/pdm", "pdm.lock"),
    ] {
        let mut found: Vec<String> = rows(case, file, &[]).iter().map(|row| pin(row)).collect();
        found.retain(|pin| !pin.starts_with("port-authority"));
        if file == "pdm.lock" {
            wanted[1] = "hull-paint 1.0";
        }
        assert_eq!(found, wanted, "{case}/{file}");
    }
}

/// Extras and groups that exclude each other: which version an edge leads to says the lock.
#[test]
fn conflicts_of_uv() {
    let case = "uv-conflicts";
    let all: Vec<String> = rows(case, "uv.lock", &[]).iter().map(|row| pin(row)).collect();
    assert_eq!(
        all,
        [
            "mooring-line 1.5.0",
            "pilot-boat 5.3",
            "pilot-boat 6.0",
            "port-authority 0.1.0",
            "tide-base 1.0",
            "tide-base 1.1",
            "winch-drum 1.9.0",
            "winch-drum 2.1.0",
        ]
    );
    for (options, wanted) in [
        (&["--group", "old"][..], &["pilot-boat 5.3", "port-authority 0.1.0"][..]),
        (&["--group", "new"], &["pilot-boat 6.0", "port-authority 0.1.0"]),
        (&["--group", "main", "--platform", "windows"], &["port-authority 0.1.0", "tide-base 1.0"]),
        (
            &["--group", "main", "--extra", "steam", "--platform", "linux"],
            &["mooring-line 1.5.0", "port-authority 0.1.0", "tide-base 1.1", "winch-drum 1.9.0"],
        ),
        (
            &["--group", "main", "--extra", "diesel", "--platform", "linux"],
            &["mooring-line 1.5.0", "port-authority 0.1.0", "tide-base 1.1", "winch-drum 2.1.0"],
        ),
    ] {
        let found: Vec<String> = rows(case, "uv.lock", options).iter().map(|row| pin(row)).collect();
        assert_eq!(found, wanted, "{options:?}");
    }
}

/// What is overridden is what the lock lists, and a constraint asks for nothing.
#[test]
fn overrides_and_constraints_of_uv() {
    let found = rows("uv-overrides", "uv.lock", &[]);
    assert_eq!(
        found,
        [
            "15 anchor-chain 3.1.0",
            "23 *harbour-wall 1.2.0 {main} -> quay-side -> tide-base",
            "35 lantern-glass 0.3.1",
            "43 mooring-line 1.5.0",
            "51 port-authority 0.1.0 (virtual .) -> harbour-wall -> winch-drum",
            "66 quay-side 2.1.0 -> anchor-chain if sys_platform == 'win32' -> lantern-glass",
            "78 tide-base 1.0",
            "86 *winch-drum 1.9.0 {main} -> mooring-line",
        ]
    );
}

/// A project in place, another beside it, and the wheel behind an address, as `pip lock` and Pipenv write them.
#[test]
fn projects_and_addresses() {
    let wheel = "http://index.example.com/files/sextant_arc-1.1.0-py3-none-any.whl";
    let pip = rows("pip-lock-project", "pylock.toml", &[]);
    let own: Vec<&String> = pip.iter().filter(|row| row.contains(" (")).collect();
    let sextant = format!("44 ?sextant-arc (url {wheel})");
    assert_eq!(own, ["26 ?port-authority (path .)", &sextant, "64 ?tug (path libs/tug)"]);
    assert_eq!(pip.len(), 7);
    let pipenv = rows("pipenv-project", "Pipfile.lock", &[]);
    let own: Vec<&String> = pipenv.iter().filter(|row| row.contains(" (")).collect();
    assert_eq!(own, ["34 *port-authority (path .) {default}", "45 *tug (path ./libs/tug) {default}"]);
    // Pipenv resolved on Linux, and keeps what Windows needs without a version.
    assert_eq!(pipenv[0], "17 *anchor-chain {default}");
    let folder = top().join("fixtures/tools/pipenv-project");
    // The index that these locks were made with was not encrypted.
    let allowed = ["--no-config", "--allow", "insecure-index"];
    let ran = audit(&folder, &[&allowed[..], &["--format", "json", "--root", ".", "Pipfile.lock"]].concat());
    let rows = super::hostile::skips(&ran);
    assert_eq!((ran.code, rows.len()), (3, 1), "{rows:?}");
    assert!(rows[0].starts_with("Pipfile.lock:17: anchor-chain: no version"), "{rows:?}");
}
