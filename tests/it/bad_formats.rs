//! Bad files of every format, one table for all: whatever the bytes, each reader ends, names a place for what it lost,
//! and no lock is read in part. What single formats say about single flaws stands below.

use depaudit::inputs::{Files, Included, Reading, Refusal, by_kind};
use depaudit::model::{Input, Role, SourceFile, Sources, Span};

use super::bad_input::{assert_rows, incomplete};

/// A small file of each format, whole.
const SAMPLES: &[(&str, &str, &str)] = &[
    (
        "Pipfile",
        "Pipfile",
        "[packages]\nharbour = \"*\"\nmast = {version = \"==1.4\", extras = [\"té\"]}\n\n[dev-packages.pier]\nversion = \"~=3\"\n",
    ),
    (
        "Pipfile.lock",
        "Pipfile.lock",
        "{\"_meta\": {\"pipfile-spec\": 6, \"sources\": []},\n \"default\": {\"harbour\": {\"hashes\": [\"sha256:01\"],\n \
         \"markers\": \"os_name == '\\u00e9'\", \"version\": \"==2.3.0\"}},\n \"develop\": {\"jetty\": {\"path\": \"./é\"}}}\n",
    ),
    (
        "setup.cfg",
        "setup.cfg",
        "[options]\ninstall_requires =\n    harbour>=2 ; os_name == 'posix'\n    # é\n    mast[tall]\n[extras]\nweb = \
         pier==3 # é\n",
    ),
    (
        "environment.yml",
        "environment.yml",
        "name: ship # é\ndependencies:\n  - conda-forge::keel=1.2\n  - pip:\n    - harbour==2.3.0 ; os_name == 'é'\n    - \
         \"mast[tall]\"\n",
    ),
    (
        "pep723",
        "tool.py",
        "# /// script\n# dependencies = [ # é\n#   \"harbour==2.3.0\",\n#   \"mast; os_name == 'é'\",\n# ]\n# ///\n",
    ),
    (
        "cyclonedx",
        "ship.json",
        "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\",\n \"components\": [{\"bom-ref\": \"é\", \"name\": \"x\", \"purl\": \
         \"pkg:pypi/harbour@2.3.0\"},\n {\"bom-ref\": \"b\", \"purl\": \"pkg:pypi/mast@1\"}],\n \"dependencies\": [{\"ref\": \"b\", \
         \"dependsOn\": [\"\\u00e9\"]}]}\n",
    ),
    ("constraints.txt", "constraints.txt", "harbour==2.3.0 # é\nmast[tall]>=1.4 ; os_name == 'posix'\n"),
    (
        "pdm.lock",
        "pdm.lock",
        r#"[metadata]
groups = ["default"]
lock_version = "4.5.0"
content_hash = "sha256:01"

[[package]]
name = "harbour"
version = "2.3.0"
summary = "é"
groups = ["default"]
dependencies = [
    "mast>=1.4",
]

[[package]]
name = "mast"
version = "1.4"
"#,
    ),
    (
        "poetry.lock",
        "poetry.lock",
        r#"[[package]]
name = "harbour"
version = "2.3.0"
description = "é"
optional = false
files = [
    {file = "h.whl", hash = "sha256:01"},
]

[package.dependencies]
mast = ">=1.4"

[[package]]
name = "mast"
version = "1.4"
optional = false
files = []

[metadata]
lock-version = "2.1"
python-versions = ">=3.9"
content-hash = "01"
"#,
    ),
    (
        "pylock.toml",
        "pylock.toml",
        r#"lock-version = "1.0"
created-by = "é"

[[packages]]
name = "harbour"
version = "2.3.0"
dependencies = [{ name = "mast" }]

[[packages]]
name = "mast"
version = "1.4"
"#,
    ),
    (
        "pyproject.toml",
        "pyproject.toml",
        r#"[project]
name = "ship"
version = "1"
dependencies = [
  "harbour==2.3.0", # é
  "mast[tall]",
]

[dependency-groups]
dev = ["pier", {include-group = "docs"}]
docs = ["jetty"]
"#,
    ),
    (
        "requirements.txt",
        "requirements.txt",
        r"# é
--no-binary :all:
harbour==2.3.0 \
    --hash=sha256:01
    # via mast
mast[tall]>=1.4 ; os_name == 'posix'
-e ./pier
",
    ),
    (
        "uv.lock",
        "uv.lock",
        r#"version = 1
requires-python = ">=3.9"

[[package]]
name = "harbour"
version = "2.3.0"
source = { registry = "https://é.example" }
dependencies = [
    { name = "mast", extra = ["tall"] },
]

[[package]]
name = "mast"
version = "1.4"
source = { registry = "https://é.example" }
"#,
    ),
];

/// Locks that end with what every lock has: one that is cut is always seen.
const SHOW_THEIR_END: [&str; 3] = ["Pipfile.lock", "cyclonedx", "poetry.lock"];

struct NoFiles;

impl Files for NoFiles {
    fn include(&mut self, _from: &str, _target: &str) -> Result<Included, Refusal> {
        Err(Refusal { why: "there is no such file".to_owned() })
    }

    fn list(&mut self, _folder: &str) -> Result<Vec<String>, Refusal> {
        Err(Refusal { why: "there is no such folder".to_owned() })
    }
}

/// Reads bytes as a format; whatever they are, every place lies in its text and every skip has words.
#[track_caller]
fn read(kind: &str, path: &str, bytes: &[u8]) -> Input {
    let mut sources = Sources::new(1);
    let format = by_kind(kind).unwrap();
    let reading = Reading { path, bytes: bytes.to_vec(), sources: &mut sources, files: &mut NoFiles };
    let input = (format.read)(reading);
    let text = |span: Span| sources.get(span.source).map_or("", SourceFile::text);
    let holds = |span: Span| text(span).get(span.range()).is_some();
    for package in &input.packages {
        assert!(holds(package.span) && holds(package.name_span), "{kind}: {package:?}");
        assert!(package.version_span.is_none_or(holds), "{kind}: {package:?}");
        assert!(package.dependencies.iter().all(|edge| holds(edge.span)), "{kind}: {package:?}");
    }
    for skipped in &input.skipped {
        assert!(skipped.span.is_some_and(holds), "{kind}: {skipped:?}");
        assert!(!skipped.why.is_empty() && !skipped.what.is_empty(), "{kind}: {skipped:?}");
    }
    input
}

/// How many skips a whole sample has: no source covers conda.
fn lost(kind: &str) -> usize {
    usize::from(kind == "environment.yml")
}

/// Lost everything, and says so.
#[track_caller]
fn assert_lost(kind: &str, input: &Input) {
    assert!(input.packages.is_empty() && !input.skipped.is_empty(), "{kind}: {input:?}");
}

fn names(input: &Input) -> Vec<String> {
    input.packages.iter().map(|package| package.written.clone()).collect()
}

#[test]
fn cut_at_every_byte() {
    for (kind, path, text) in SAMPLES {
        let whole = read(kind, path, text.as_bytes());
        assert!(
            !whole.packages.is_empty() && whole.skipped.len() == lost(kind),
            "{kind}: {:?}",
            whole.skipped
        );
        for end in 0..text.trim_end().len() {
            let input = read(kind, path, &text.as_bytes()[..end]);
            let is_lock = by_kind(kind).unwrap().role == Role::Lock;
            if is_lock && input.skipped.is_empty() {
                let (found, all) = (names(&input), names(&whole));
                assert!(all.starts_with(&found), "{kind} cut at {end}: {found:?}");
                assert!(found == all || !SHOW_THEIR_END.contains(kind), "{kind} cut at {end}: {found:?}");
            } else if SHOW_THEIR_END.contains(kind) {
                assert_lost(kind, &input);
            }
            assert!(input.packages.len() <= whole.packages.len(), "{kind} cut at {end}");
        }
    }
}

#[test]
fn what_is_empty_has_a_name() {
    for (kind, text) in
        [("constraints.txt", "ship --requirement= # é\n"), ("environment.yml", "dependencies:\n- \"\"\n")]
    {
        let input = read(kind, kind, text.as_bytes());
        assert!(input.skipped.iter().any(|skipped| skipped.what == "an empty entry"), "{kind}: {input:?}");
    }
}

#[test]
fn a_line_twice_or_not_at_all() {
    for (kind, path, text) in SAMPLES {
        let whole = read(kind, path, text.as_bytes());
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for at in 0..lines.len() {
            let mut more = lines.clone();
            more.insert(at, lines[at]);
            let input = read(kind, path, more.concat().as_bytes());
            assert!(input.packages.len() <= whole.packages.len() + 2, "{kind}, line {at} twice: {input:?}");
            assert!(
                input.packages.len() >= whole.packages.len() || !input.skipped.is_empty(),
                "{kind}, line {at} twice: {input:?}"
            );
            let mut less = lines.clone();
            less.remove(at);
            let input = read(kind, path, less.concat().as_bytes());
            assert!(input.packages.len() <= whole.packages.len(), "{kind}, line {at} gone: {input:?}");
        }
    }
}

#[test]
fn a_byte_replaced_anywhere() {
    for (kind, path, text) in SAMPLES {
        for at in 0..text.len() {
            for byte in [0, b'\n', b' ', b'"', b'\\', b'{', b']', b':', b'#', b'-', b'\t', 0xff] {
                let mut bytes = text.as_bytes().to_vec();
                bytes[at] = byte;
                let input = read(kind, path, &bytes);
                // Requirement files are read as Latin-1 then, with a note.
                let named = !input.skipped.is_empty() || !input.notes.is_empty();
                assert!(byte != 0xff || named, "{kind}: a bad byte at {at} was not named");
            }
        }
    }
}

#[test]
fn conflicts_and_other_notations() {
    for (kind, path, text) in SAMPLES {
        let line = text.find('\n').unwrap() + 1;
        let conflict = format!("{}<<<<<<< HEAD\n=======\n>>>>>>> other\n{}", &text[..line], &text[line..]);
        let input = read(kind, path, conflict.as_bytes());
        assert!(!input.skipped.is_empty(), "{kind}");
        let first = input.skipped.iter().map(|skipped| skipped.span.unwrap().start).min();
        assert!(first <= u32::try_from(line).ok(), "{kind}: the place is that of the conflict");
        for open in ["[", "{", "(", "- ", "\"", "{\"a\":", "[\"a\","] {
            read(kind, path, open.repeat(10_000).as_bytes());
            read(kind, path, format!("{}{}", &text[..line], open.repeat(10_000)).as_bytes());
        }
    }
}

#[test]
fn line_ends_and_marks_do_not_matter() {
    for (kind, path, text) in SAMPLES {
        let whole = names(&read(kind, path, text.as_bytes()));
        for other in [format!("\u{feff}{text}"), text.replace('\n', "\r\n"), text.trim_end().to_owned()] {
            let input = read(kind, path, other.as_bytes());
            assert_eq!(
                (names(&input), input.skipped.len()),
                (whole.clone(), lost(kind)),
                "{kind}: {:?}",
                input.skipped
            );
        }
    }
}

#[test]
fn files_of_pipenv() {
    let lock =
        |entries: &str| format!("{{\"_meta\": {{\"pipfile-spec\": 6}},\n\"default\": {{\n{entries}}}}}\n");
    let rows = incomplete(&[
        ("a/Pipfile.lock", ""),
        ("b/Pipfile.lock", "{\"default\": {}}"),
        ("c/Pipfile.lock", &lock("\"idna\": {\"version\": \"==3.10\"},\n")),
        (
            "d/Pipfile.lock",
            &lock("\"idna\": {\"version\": \"==3.10\"},\n\"idna\": {\"version\": \"==3.7\"}\n"),
        ),
        (
            "e/Pipfile.lock",
            &lock("\"idna\": {\"version\": 3},\n\"\": {\"version\": \"==1\"},\n\"click\": []\n"),
        ),
        ("f/Pipfile.lock", "{\"_meta\": {\"pipfile-spec\": \"six\"}}"),
        ("g/Pipfile.lock", "{\"_meta\": {},\n\"default\": [\"idna\"]}"),
        ("h/Pipfile.lock", "[]"),
        ("i/Pipfile.lock", &lock("<<<<<<< HEAD\n=======\n>>>>>>> other\n")),
        ("j/Pipfile", "[packages]\nidna = \"==3.10\"\nidna = \"*\"\n"),
        (
            "k/Pipfile",
            "packages = [\"idna\"]\n[dev-packages]\nidna = \"banana\"\nclick = 8\nattrs = {version = 1}\n\"\" = \"*\"\n",
        ),
        ("l/Pipfile", "[packages]\n{% if web %}\nidna = \"*\"\n"),
        ("m/Pipfile", "[packages]\nidna = \"{{ version }}\"\n"),
    ]);
    assert_rows(
        &rows,
        &[
            (
                "a/Pipfile.lock:1:1",
                "not valid JSON: expected a value, found the end; the file may be cut off",
            ),
            ("b/Pipfile.lock:1:1", "no `_meta`, with which Pipenv begins a lock"),
            ("c/Pipfile.lock:4:1", "not valid JSON: a comma before `}`: take it out"),
            ("d/Pipfile.lock:4:1", "the key \"idna\" stands in this object twice"),
            ("e/Pipfile.lock:3:21", "expected a version as a string, found a number"),
            ("e/Pipfile.lock:4:1", "the package has no name"),
            ("e/Pipfile.lock:5:10", "expected a version as a string or a table, found a list"),
            ("f/Pipfile.lock:1:28", "expected pipfile-spec as a number such as 6"),
            ("g/Pipfile.lock:2:12", "expected an object of packages, found a list"),
            ("h/Pipfile.lock:1:1", "expected an object with `_meta`, found a list"),
            ("i/Pipfile.lock:3:1", "merge conflict: resolve it and lock again"),
            ("j/Pipfile:3:1", "not valid TOML"),
            ("k/Pipfile:1:12", "expected a table of packages, found a list"),
            ("k/Pipfile:3:9", "expected `*` or a version specifier"),
            ("k/Pipfile:4:9", "expected a version as a string or a table, found an integer"),
            ("k/Pipfile:5:20", "expected a version as a string, found an integer"),
            ("k/Pipfile:6:1", "the package has no name"),
            ("l/Pipfile:2:1", "this is a template"),
            ("m/Pipfile:2:9", "this is a template"),
        ],
    );
}

#[test]
fn files_of_setuptools() {
    let rows = incomplete(&[
        ("a/setup.cfg", "install_requires = idna==3.10\n[options]\nlonely\nsetup_requires = attrs==26.1.0\n"),
        ("b/setup.cfg", "[options]\ninstall_requires =\n  idna==3.10\n  idna=3\n  click 8\n\tattrs==\n"),
        (
            "c/setup.cfg",
            "[options]\ninstall_requires = file: a.txt, b.txt\ntests_require = attr: shop.tests\n",
        ),
        ("d/setup.cfg", "[options.extras_require]\ntest:python_version < '3.8' = idna==3.10\n"),
        (
            "e/setup.cfg",
            "[options]\ninstall_requires = idna==3.10\ninstall_requires = click==8.4.2\n[options]\nx = 1\n",
        ),
        ("f/setup.cfg", "[options]\ninstall_requires =\n  idna=={{ version }}\n{% if web %}\n"),
        ("g/setup.cfg", "[options]\n<<<<<<< HEAD\ninstall_requires = idna\n=======\n>>>>>>> other\n"),
        ("h/setup.cfg", "[options]\ninstall_requires = idna\0==3\n"),
    ]);
    assert_rows(
        &rows,
        &[
            ("a/setup.cfg:1:1", "expected a section such as [options] before the first option"),
            ("a/setup.cfg:3:1", "expected `name = value`, or a value that is indented"),
            ("b/setup.cfg:4:7", "a single `=` is no operator"),
            ("b/setup.cfg:5:9", "expected a version specifier"),
            ("b/setup.cfg:6:9", "expected a version after `==`"),
            ("c/setup.cfg:2:20", "they are listed in a.txt, b.txt: audit that"),
            ("c/setup.cfg:3:17", "shop.tests computes them, which is not run"),
            ("d/setup.cfg:2:23", "the name of an extra ends at its first `:`"),
            ("e/setup.cfg:3:1", "stands in [options] twice, and setuptools refuses that"),
            ("e/setup.cfg:4:1", "the section [options] stands here twice"),
            ("f/setup.cfg:3:9", "this is a template"),
            ("f/setup.cfg:4:1", "this is a template"),
            ("g/setup.cfg:2:1", "merge conflict: resolve it"),
            ("h/setup.cfg:2:24", "expected"),
        ],
    );
}

#[test]
fn files_of_conda() {
    let rows = incomplete(&[
        ("a/environment.yml", "dependencies: numpy\n"),
        ("b/environment.yml", "dependencies:\n  numpy: 1\n"),
        ("c/environment.yml", "dependencies:\n  - [numpy]\n  - =1\n  - npm:\n    - left\n  - pip: idna\n"),
        ("d/environment.yml", "dependencies:\n- pip:\n  - idna=3 # é\n  - {a: b}\n  - 'click=='\n"),
        ("e/environment.yml", "x: &x [numpy]\ndependencies: *x\n"),
        (
            "f/environment.yml",
            "dependencies:\n- pip:\n  - -r gone.txt\n  - \"idna==\\u0078\"\n  - --nonsense\n",
        ),
        ("g/environment.yml", "dependencies:\n- pip: [idna==3.10]\ndependencies:\n- pip: [attrs==26.1.0]\n"),
        ("h/environment.yml", "x: &base {}\n<<: *base\ndependencies: []\n"),
        ("i/environment.yml", "dependencies:\n{% if gpu %}\n- cuda\n{% endif %}\n"),
        ("j/environment.yml", "dependencies:\n<<<<<<< HEAD\n- a\n=======\n- b\n>>>>>>> other\n"),
        ("k/environment.yml", "dependencies: [\n"),
    ]);
    assert_rows(
        &rows,
        &[
            ("a/environment.yml:1:15", "expected a list of packages, found a text"),
            ("b/environment.yml:2:3", "expected a list of packages, found a mapping"),
            ("c/environment.yml:2:5", "expected a package or `pip:`, found a list"),
            ("c/environment.yml:3:5", "expected a conda package such as"),
            ("c/environment.yml:4:5", "expected `pip`: what other installers bring is not audited"),
            ("c/environment.yml:6:10", "expected a list of requirements, found a text"),
            ("d/environment.yml:3:9", "a single `=` is no operator"),
            ("d/environment.yml:4:5", "expected a requirement as a text"),
            ("d/environment.yml:5:13", "expected a version after `==`"),
            ("e/environment.yml:2:15", "aliases are not followed"),
            ("f/environment.yml:3:8", "the included file cannot be read: there is no such file"),
            ("f/environment.yml:4:5", "`x` is no version"),
            ("f/environment.yml:5:5", "nonsense"),
            ("g/environment.yml:3:1", "`dependencies` stands here twice"),
            ("h/environment.yml:2:1", "merge keys are not followed"),
            ("i/environment.yml:2:2", "this is a template"),
            ("j/environment.yml:2:1", "merge conflict: resolve it"),
            ("k/environment.yml:2:1", "not valid YAML"),
        ],
    );
}

#[test]
fn scripts() {
    let place = |text: &str| {
        let input = read("pep723", "tool.py", text.as_bytes());
        let skips = input.skipped.iter().map(|skipped| {
            let span = skipped.span.unwrap();
            (text.get(span.range()).unwrap().to_owned(), skipped.why.clone())
        });
        (input.packages.len(), skips.collect::<Vec<_>>())
    };
    for (text, packages, cut, words) in [
        ("# /// script\n# dependencies = [\"idna==3.10\",\n# ///\n", 0, "", "not valid TOML"),
        (
            "# /// script\n# dependencies = \"idna\"\n# ///\n",
            0,
            "\"idna\"",
            "expected a list of requirements",
        ),
        ("x\n# /// script\n#\n# dependencies = [\"idna=3\", \"six==1\", 7]\n# ///\n", 1, "=", "single `=`"),
        (
            "# /// script\n# dependencies = []\n# dependencies = []\n# ///",
            0,
            "dependencies",
            "already defined",
        ),
        ("# /// script\n# dependencies = [\"idna\"]\n", 0, "# /// script", "the block is not closed"),
    ] {
        let (count, skips) = place(text);
        assert_eq!(count, packages, "{text}");
        let (found, why) = &skips[0];
        assert!(found.starts_with(cut) && why.contains(words), "{text}: {skips:?}");
    }
}

#[test]
fn bills_of_materials() {
    let first = |text: &str| {
        let input = read("cyclonedx", "ship.json", text.as_bytes());
        let skipped = &input.skipped[0];
        let start = skipped.span.unwrap().start as usize;
        (input.packages.len(), text.get(start..).unwrap().to_owned(), skipped.why.clone())
    };
    let of = |version: &str, rest: &str| {
        format!("{{\"bomFormat\": \"CycloneDX\", \"specVersion\": {version}, \"components\": {rest}}}")
    };
    for (text, cut, words) in [
        (
            String::from("{\"name\": \"left\", \"lockfileVersion\": 3}"),
            "{",
            "is no dependency file that audit knows",
        ),
        (String::from("[1]"), "[1]", "is no dependency file that audit knows"),
        (String::from("{\"bomFormat\": \"SPDX\"}"), "\"SPDX\"", "is no dependency file that audit knows"),
        (String::from("{\"bomFormat\": \"CycloneDX\"}"), "{", "no `specVersion`"),
        (of("\"1.3\"", "[]"), "\"1.3\"", "specVersion 1.3 is older than what is read"),
        (of("\"1.8\"", "[]"), "\"1.8\"", "specVersion 1.8 is newer than what is read"),
        (of("\"2.0\"", "[]"), "\"2.0\"", "expected specVersion as \"1.4\" to \"1.7\""),
        (of("1.5", "[]"), "1.5", "expected specVersion as"),
        (of("\"1.5\"", "{}"), "{}", "expected a list of components, found an object"),
        (of("\"1.5\"", "[7]"), "7]", "expected a component, found a number"),
        (of("\"1.5\"", "[], \"dependencies\": {}"), "{}", "expected a list of dependencies"),
        (of("\"1.5\"", "[{\"purl\": 7}]"), "7}", "its `purl` is no package URL"),
        (of("\"1.5\"", "[{\"purl\": \"pkg:pypi/%zz\"}]"), "pkg:pypi/%zz", "its `purl` is no package URL"),
        (of("\"1.5\"", "[{\"purl\": \"pkg:pypi/a/b@1\"}]"), "pkg:pypi/a/b", "has no namespace"),
        (of("\"1.5\"", "[{\"name\": \"raft\"}]"), "raft", "without a `purl`: what it is cannot be told"),
    ] {
        let (packages, place, why) = first(&text);
        assert!(packages == 0 && place.starts_with(cut) && why.contains(words), "{text}: {place}: {why}");
    }
}

/// A hostile document: every component under one reference, everything needs everything that it can name.
#[test]
fn a_large_bill_of_materials_takes_linear_time() {
    let components: Vec<_> = (0..20_000)
        .map(|number| format!("{{\"bom-ref\": \"r\", \"purl\": \"pkg:pypi/p{number}@1\"}}"))
        .collect();
    let wanted = vec!["\"r\""; 20_000].join(",");
    let text = format!(
        "{{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": [{}], \"dependencies\": [{{\"ref\": \
         \"r\", \"dependsOn\": [{wanted}]}}, {{\"ref\": \"r\", \"dependsOn\": [{wanted}]}}]}}",
        components.join(",")
    );
    let input = read("cyclonedx", "ship.json", text.as_bytes());
    assert_eq!((input.packages.len(), input.packages[0].dependencies.len()), (20_000, 1));
}

#[test]
fn an_empty_file_is_no_lock_and_asks_for_nothing() {
    for (kind, path, _) in SAMPLES {
        for text in ["", "\n", "\n# é\n"] {
            let input = read(kind, path, text.as_bytes());
            let is_lock = by_kind(kind).unwrap().role == Role::Lock;
            assert!(
                input.packages.is_empty() && input.skipped.is_empty() != is_lock,
                "{kind}: {:?}",
                input.skipped
            );
        }
    }
}

/// Ten thousand entries, and as many under one name, take no square of the time.
#[test]
fn ten_thousand_entries() {
    let many = |line: &dyn Fn(usize) -> String| (0..10_000).map(line).collect::<Vec<_>>();
    for (kind, path, text) in [
        ("Pipfile", "Pipfile", format!("[packages]\n{}", many(&|n| format!("p{n} = \"==1\"\n")).concat())),
        (
            "Pipfile.lock",
            "Pipfile.lock",
            format!(
                "{{\"_meta\": {{}}, \"default\": {{{}}}}}",
                many(&|n| format!("\"p{n}\": {{\"version\": \"==1\"}}")).join(",")
            ),
        ),
        (
            "setup.cfg",
            "setup.cfg",
            format!("[options]\ninstall_requires =\n{}", many(&|_| "  harbour==2.3.0\n".to_owned()).concat()),
        ),
        (
            "environment.yml",
            "environment.yml",
            format!("dependencies:\n- pip:\n{}", many(&|n| format!("  - p{n}==1\n")).concat()),
        ),
        (
            "pep723",
            "tool.py",
            format!(
                "# /// script\n# dependencies = [\n{}# ]\n# ///\n",
                many(&|n| format!("#   \"p{n}==1\",\n")).concat()
            ),
        ),
        (
            "cyclonedx",
            "ship.json",
            format!(
                "{{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": [{}]}}",
                many(&|n| format!("{{\"bom-ref\": \"r{n}\", \"purl\": \"pkg:pypi/p{n}@1\"}}")).join(",")
            ),
        ),
    ] {
        let input = read(kind, path, text.as_bytes());
        assert_eq!(
            (input.packages.len(), input.skipped.len()),
            (10_000, 0),
            "{kind}: {:?}",
            input.skipped.first()
        );
    }
}
