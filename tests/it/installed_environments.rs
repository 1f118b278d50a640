//! What is installed: the odd things that `site-packages` folders hold. The folders are made here, since most of it
//! (bytes that are no text, links, empty folders) is nothing to keep in a repository.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::common::{audit, folder, top, write};
use super::hostile::{assert_sane, skips};
use super::rows::row;

const SITE: &str = "venv/lib/python3.12/site-packages";
const NEVER: [&str; 5] = ["--no-config", "--fail-on", "never", "--format", "json"];

/// A virtual environment with these files in its `site-packages`.
fn environment(files: &[(&str, &[u8])]) -> TempDir {
    let made = folder(&[("venv/pyvenv.cfg", "home = /usr/bin\n")]);
    fs::create_dir(made.path().join(".git")).unwrap();
    fs::create_dir_all(made.path().join(SITE)).unwrap();
    for (path, bytes) in files {
        write(made.path(), &format!("{SITE}/{path}"), bytes);
    }
    made
}

/// The entries of the environment as rows, without the folder that all of them lie in, and what was skipped.
#[track_caller]
fn read(folder: &Path) -> (Vec<String>, Vec<String>) {
    let ran = audit(folder, &["graph", "--format", "json", "venv"]);
    assert_sane(&ran);
    let document = ran.json();
    let input = &document["inputs"][0];
    assert_eq!((&input["path"], &input["kind"]), (&SITE.into(), &"installed".into()), "{}", ran.out);
    let own = |row: String| row.replace(&format!("{SITE}/"), "");
    let packages = input["packages"].as_array().unwrap();
    let rows = packages.iter().map(|entry| own(row(entry, SITE))).collect();
    let skipped: Vec<_> = input["skipped"].as_array().unwrap().iter().map(said).collect();
    assert_eq!(ran.code, if skipped.is_empty() { 0 } else { 3 });
    (rows, skipped)
}

fn said(skip: &serde_json::Value) -> String {
    let text = |key: &str| skip[key].as_str().unwrap().to_owned();
    format!("{}: {}: {}", skip["line"], text("what"), text("why"))
}

/// One package with this metadata: its rows and what was skipped.
#[track_caller]
fn one(metadata: &[u8]) -> (Vec<String>, Vec<String>) {
    read(environment(&[("a-1.dist-info/METADATA", metadata)]).path())
}

fn owned<const N: usize>(rows: [&str; N]) -> Vec<String> {
    rows.map(str::to_owned).to_vec()
}

#[test]
fn metadata_of_every_age() {
    let made = environment(&[
        (
            "harbour-1.0.dist-info/METADATA",
            b"Metadata-Version: 2.1\nName: Harbour\nVersion: 1.0\n\nName: body\n",
        ),
        ("jib-1.dist-info/METADATA", b"metadata-version: 2.1\r\nNAME: Jib.Sail\r\nversion:1\r\n\r\n"),
        ("older.egg-info", b"Metadata-Version: 1.0\nName: older\nVersion: 0.2\n"),
        ("old.egg-info/PKG-INFO", b"Metadata-Version: 1.1\nName: old\nVersion: 0.3\n"),
        ("zipped-1.0-py3.12.egg/EGG-INFO/PKG-INFO", b"Name: zipped\nVersion: 1.0\n"),
        ("harbour/__init__.py", b""),
    ]);
    assert_eq!(
        read(made.path()),
        (
            owned([
                "harbour-1.0.dist-info/METADATA:2 ?harbour 1.0",
                "jib-1.dist-info/METADATA:2 ?jib-sail 1",
                "old.egg-info/PKG-INFO:2 ?old 0.3",
                "older.egg-info:2 ?older 0.2",
                "zipped-1.0-py3.12.egg/EGG-INFO/PKG-INFO:1 ?zipped 1.0",
            ]),
            vec![]
        )
    );
}

#[test]
fn metadata_with_odd_headers() {
    assert_eq!(
        one(b"Name: lantern\nVersion: 1.0\nAuthor: J\xf6rg\nRequires-Dist: wick\n"),
        (owned(["a-1.dist-info/METADATA:1 ?lantern 1.0 -> wick"]), vec![]),
        "bytes that are no UTF-8"
    );
    assert_eq!(
        one(b"Name: twice\nVersion: 1.0\nVersion: 2.0\nName: other\n"),
        (owned(["a-1.dist-info/METADATA:1 ?twice 1.0"]), vec![]),
        "the first counts"
    );
    assert_eq!(
        one(b"Name:\n folded\nVersion: 1.0\nSummary: of\n  many\n Version: 9\n\tName: no\n\
              Requires-Dist: wick>=1\n ; python_version < '3'\n"),
        (owned(["a-1.dist-info/METADATA:2 ?folded 1.0 -> wick >=1 if python_version < '3'"]), vec![]),
        "a line that begins with a space goes on"
    );
    assert_eq!(
        one(b"Name: old\nVersion: 1\nRequires-Dist: wick (>=2,<3)\nRequires-Dist: lantern[bright] ; os_name == 'nt'\n"),
        (
            owned(["a-1.dist-info/METADATA:1 ?old 1 -> wick >=2,<3 -> lantern[bright] if os_name == 'nt'"]),
            vec![]
        ),
        "parentheses"
    );
}

#[test]
fn metadata_that_says_too_little() {
    let again = |what: &str| format!("1: a-1.dist-info: its metadata has no {what}: install it again");
    assert_eq!(one(b"Version: 1\n"), (vec![], vec![again("Name")]));
    assert_eq!(one(b"Name: a\n\nVersion: 1\n"), (vec![], vec![again("Version")]));
    assert_eq!(one(b"Name:   \nVersion: 1\n"), (vec![], vec![again("Name")]));
    assert_eq!(one(b""), (vec![], vec![again("Name")]));
    assert_eq!(one(b"\xff\xfeN\0a\0m\0e\0"), (vec![], vec![again("Name")]));
    assert_eq!(
        one(b"Name: a\nVersion: 1\nRequires-Dist: >=1\nRequires-Dist: wick>=2,<x\nRequires-Dist: oil\n"),
        (
            owned(["a-1.dist-info/METADATA:1 ?a 1 -> oil"]),
            owned([
                "3: >=1: expected a package name, found `>=1`",
                "4: wick>=2,<x: `x` is no version that PEP 440 knows",
            ])
        )
    );
    let made = environment(&[("a-1.dist-info/RECORD", b""), ("plugin.egg-link", b"/srv/plugin\n.\n")]);
    let (rows, skipped) = read(made.path());
    assert!(rows.is_empty(), "{rows:?}");
    assert_eq!(
        skipped,
        [
            "1: a-1.dist-info: its metadata cannot be read: there is no such file",
            "1: plugin.egg-link: an installation in place without metadata: what it needs is not audited",
        ]
    );
}

#[test]
fn where_a_package_was_taken_from() {
    let metadata = |name: &str| format!("Name: {name}\nVersion: 1\n").into_bytes();
    let git = br#"{"url": "https://git.example.com/tide/gig.git", "subdirectory": "py",
        "vcs_info": {"vcs": "git", "requested_revision": "main", "commit_id": "5555"}}"#;
    let folder = br#"{"url": "file:///srv/nowhere/skiff", "dir_info": {"editable": true}}"#;
    let wheel = br#"{"url": "https://files.example.com/raft-1-py3-none-any.whl", "archive_info": {}}"#;
    let made = environment(&[
        ("gig-1.dist-info/METADATA", &metadata("gig")),
        ("gig-1.dist-info/direct_url.json", git),
        ("raft-1.dist-info/METADATA", &metadata("raft")),
        ("raft-1.dist-info/direct_url.json", wheel),
        ("skiff-1.dist-info/METADATA", &metadata("skiff")),
        ("skiff-1.dist-info/direct_url.json", folder),
        ("tub-1.dist-info/METADATA", &metadata("tub")),
        ("tub-1.dist-info/direct_url.json", b"{\"url\": 1}"),
    ]);
    let (rows, skipped) = read(made.path());
    assert_eq!(
        rows,
        [
            "gig-1.dist-info/METADATA:1 ?gig 1 (git https://git.example.com/tide/gig.git@main)",
            "raft-1.dist-info/METADATA:1 ?raft 1 (url https://files.example.com/raft-1-py3-none-any.whl)",
            "skiff-1.dist-info/METADATA:1 ?skiff 1 (path file:///srv/nowhere/skiff)",
            "tub-1.dist-info/METADATA:1 ?tub 1",
        ]
    );
    assert_eq!(skipped, ["1: tub-1.dist-info: its direct_url.json is not what PEP 610 says"]);
    // What is installed in place is audited where it lies, and this lies nowhere.
    let ran = audit(made.path(), &[&NEVER[..], &["venv"]].concat());
    let rows = skips(&ran);
    assert_eq!((ran.code, rows.len()), (3, 2), "{rows:?}");
    assert!(
        rows.iter().any(|row| row.contains("skiff-1.dist-info/METADATA:1: skiff: a path that leads outside"))
    );
}

#[test]
fn who_asked_for_a_package() {
    let harbour = b"Name: harbour\nVersion: 1\nRequires-Dist: wick\nRequires-Dist: oil; extra == 'bright'\n";
    let wick = b"Name: wick\nVersion: 2\n";
    let oil = b"Name: oil\nVersion: 3\n";
    let files: [(&str, &[u8]); 4] = [
        ("harbour-1.dist-info/METADATA", harbour),
        ("harbour-1.dist-info/REQUESTED", b""),
        ("oil-3.dist-info/METADATA", oil),
        ("wick-2.dist-info/METADATA", wick),
    ];
    // Nobody asks for the extra, so what only it brings is no edge.
    assert_eq!(
        read(environment(&files).path()).0,
        [
            "harbour-1.dist-info/METADATA:1 *harbour 1 -> wick",
            "oil-3.dist-info/METADATA:1 oil 3",
            "wick-2.dist-info/METADATA:1 wick 2",
        ]
    );
    let asks = b"Name: oil\nVersion: 3\nRequires-Dist: harbour[Bright]\n";
    let asked = [files[0], files[1], ("oil-3.dist-info/METADATA", asks), files[3]];
    assert_eq!(
        read(environment(&asked).path()).0[0],
        "harbour-1.dist-info/METADATA:1 *harbour 1 -> wick -> oil if extra == 'bright' with extra:bright"
    );
    // An installer that marks everything says nothing.
    let all = [files[0], files[1], ("wick-2.dist-info/METADATA", wick), ("wick-2.dist-info/REQUESTED", b"")];
    assert!(read(environment(&all).path()).0.iter().all(|row| row.contains(" ?")));
}

#[cfg(unix)]
#[test]
fn metadata_behind_a_link() {
    let elsewhere = folder(&[("out-1.dist-info/METADATA", "Name: out\nVersion: 1+s3cret\n")]);
    let made = environment(&[("in-1.dist-info/METADATA", b"Name: in\nVersion: 1\n")]);
    let site = made.path().join(SITE);
    let link = |target: &Path, name: &str| std::os::unix::fs::symlink(target, site.join(name)).unwrap();
    link(&elsewhere.path().join("out-1.dist-info"), "out-1.dist-info");
    link(&site.join("in-1.dist-info"), "same-1.dist-info");
    link(&site.join("nowhere"), "gone-1.dist-info");
    let (rows, skipped) = read(made.path());
    assert_eq!(
        rows,
        ["in-1.dist-info/METADATA:1 ?in 1", "in-1.dist-info/METADATA:1 ?in 1"],
        "one of them through a link that stays inside"
    );
    assert_eq!(skipped.len(), 2, "{skipped:?}");
    assert!(skipped[0].starts_with("1: gone-1.dist-info: its metadata cannot be read"), "{skipped:?}");
    assert!(skipped[1].contains("is a link that leads outside the root and is not read"), "{skipped:?}");
    for arguments in
        [&["venv"][..], &["-v", "venv"], &["graph", "--format", "json", "venv"], &["why", "in", "venv"]]
    {
        let ran = audit(made.path(), arguments);
        assert!(!format!("{}{}", ran.out, ran.err).contains("s3cret"), "{arguments:?}: {}", ran.out);
    }
}

#[test]
fn a_folder_without_packages_is_an_error() {
    let made = environment(&[("harbour/__init__.py", b"")]);
    for folder in [SITE, "venv", "nowhere"] {
        let ran = audit(made.path(), &["--no-config", "--site-packages", folder]);
        assert_eq!(ran.code, 2, "{folder}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("cannot audit what is installed in"), "{folder}: {}", ran.err);
    }
    let ran = audit(made.path(), &["--no-config", "venv"]);
    assert_eq!(ran.code, 2, "an empty environment is no clean one: {}{}", ran.out, ran.err);
}

/// Whoever writes a merge request may write a `pyvenv.cfg` into the project.
#[test]
fn a_planted_environment_hides_nothing() {
    let made = folder(&[
        ("pyvenv.cfg", "home = /usr/bin\n"),
        ("lib/python3.12/site-packages/a-1.dist-info/METADATA", "Name: a\nVersion: 1\n"),
        ("lib/python3.12/site-packages/requirements.txt", "jinja2==2.0\n"),
        ("lib/python3.12/requirements.txt", "jinja2==2.0\n"),
        ("lib/requirements.txt", "jinja2==2.0\n"),
        ("requirements.txt", "jinja2==2.0\n"),
        ("app/deep/requirements.txt", "jinja2==2.0\n"),
        ("app/pyvenv.cfg", ""),
        ("app/uv.lock", "version = 2\n"),
    ]);
    fs::create_dir(made.path().join(".git")).unwrap();
    let ran = audit(made.path(), &NEVER);
    let document = ran.json();
    let inputs = document["inputs"].as_array().unwrap();
    let paths: Vec<_> = inputs.iter().map(|input| input["path"].as_str().unwrap()).collect();
    assert_eq!(
        paths,
        [
            "app/deep/requirements.txt",
            "app/uv.lock",
            "lib/python3.12/requirements.txt",
            "lib/python3.12/site-packages",
            "lib/python3.12/site-packages/requirements.txt",
            "lib/requirements.txt",
            "requirements.txt",
        ]
    );
    let found = document["findings"].to_string();
    for path in paths.iter().filter(|path| path.ends_with(".txt")) {
        assert!(found.contains(path), "nothing found in {path}");
    }
    assert_eq!(ran.code, 3, "{}", ran.err);
}

/// Environments that pip and uv filled, as real metadata has it.
#[test]
fn environments_of_pip_and_uv() {
    let installed = |case: &str, options: &[&str]| {
        let folder = top().join("fixtures/tools").join(case);
        let ran = audit(&folder, &[&["graph", "--format", "json", "--root", ".", ".venv"], options].concat());
        let document = ran.json();
        let input = &document["inputs"][0];
        assert_eq!((ran.code, &input["skipped"]), (0, &serde_json::json!([])), "{case}: {}", ran.err);
        let rows = input["packages"].as_array().unwrap().iter();
        let short =
            |row: String| row.rsplit_once("METADATA:").unwrap().1.split_once(' ').unwrap().1.to_owned();
        rows.map(|entry| short(row(entry, ""))).collect::<Vec<_>>()
    };
    let wheel = "http://index.example.com/files/sextant_arc-1.1.0-py3-none-any.whl";
    let sextant = format!("*sextant-arc 1.1.0 (url {wheel}) -> tide-base >=1.0");
    let chain = "anchor-chain >=3.0 if sys_platform == 'win32'";
    assert_eq!(
        installed("venv", &[]),
        [
            "beacon-lamp 1.4.0",
            "*harbour-wall 1.2.0 -> tide-base <2,>=1.0 -> quay-side >=2.0",
            "keel-plate 1.0.1 -> rudder-post >=1.0",
            "lantern-glass 0.3.2 -> spyglass >=0.2 if python_version < '3.11'",
            "mooring-line 1.5.0",
            "*port-authority 0.1.0 (path file:///srv/venv/port-authority) -> keel-plate -> tug",
            &format!("quay-side 2.1.0 -> lantern-glass >=0.3 -> {chain}"),
            "rudder-post 1.1.0 -> keel-plate >=1.0",
            &sextant,
            "tide-base 1.1",
            "*tug 0.1.0 (path file:///srv/venv/libs/tug) -> mooring-line",
            "*winch-drum 2.1.0 -> mooring-line >=1.0 -> tide-base >=1.0",
        ]
    );
    // uv marks all of them.
    let uv = installed("venv-uv", &[]);
    assert_eq!(uv.len(), 9);
    assert!(uv.iter().all(|row| row.starts_with('?')), "{uv:#?}");
    assert!(uv.contains(&sextant.replacen('*', "?", 1)), "{uv:#?}");
}

/// A chain in which each package asks for an extra of the next, from the last name to the first: followed once.
#[test]
fn a_long_chain_of_extras() {
    let folder = tempfile::tempdir().unwrap();
    let count = 3_000;
    for number in 0..count {
        let info = folder.path().join(format!("p{number:05}-1.0.dist-info"));
        std::fs::create_dir(&info).unwrap();
        let condition = if number + 1 == count { "" } else { " ; extra == \"x\"" };
        let next = if number == 0 {
            String::new()
        } else {
            format!("Requires-Dist: p{:05}[x]{condition}\n", number - 1)
        };
        let text = format!("Metadata-Version: 2.1\nName: p{number:05}\nVersion: 1.0\n{next}\n");
        std::fs::write(info.join("METADATA"), text).unwrap();
    }
    let start = std::time::Instant::now();
    let site = folder.path().to_str().unwrap();
    let ran = audit(folder.path(), &["graph", "--format", "json", "--site-packages", site]);
    let took = start.elapsed();
    let document = ran.json();
    let packages = document["inputs"][0]["packages"].as_array().unwrap();
    let edges = packages.iter().map(|package| {
        let conditional = package["conditional"].as_array().map_or(0, Vec::len);
        package["dependencies"].as_array().unwrap().len() + conditional
    });
    assert_eq!(edges.sum::<usize>(), count - 1, "every extra of the chain is asked for");
    assert!(took < std::time::Duration::from_secs(5), "{took:?}");
}
