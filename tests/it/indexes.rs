//! The indexes that files name: every format and every tool, with exact places.

use depaudit::inputs::{Files, Included, Reading, Refusal, by_kind};
use depaudit::model::{Input, SourceMap, Sources};

use super::common::{audit, test_database, top};

struct OneFile(&'static str);

impl Files for OneFile {
    fn include(&mut self, _: &str, target: &str) -> Result<Included, Refusal> {
        Ok(Included { path: target.to_owned(), bytes: self.0.into() })
    }

    fn list(&mut self, _: &str) -> Result<Vec<String>, Refusal> {
        Ok(Vec::new())
    }
}

fn read(kind: &str, text: &str, included: &'static str) -> (Input, Sources) {
    let mut sources = Sources::new(0);
    let format = by_kind(kind).unwrap();
    let reading =
        Reading { path: kind, bytes: text.into(), sources: &mut sources, files: &mut OneFile(included) };
    ((format.read)(reading), sources)
}

/// `line:column text-at-the-place tool kind when [replaces]`, then what packages name.
fn rows(kind: &str, text: &str, included: &'static str) -> Vec<String> {
    let (input, sources) = read(kind, text, included);
    assert!(input.skipped.is_empty(), "{kind}: {:?}", input.skipped);
    let map = SourceMap::new(vec![sources.clone()]);
    let at = |span| {
        let place = map.location(span);
        format!("{}:{} {}", place.line, place.column, sources.slice(span))
    };
    let mut rows = Vec::new();
    for index in &input.indexes {
        let replaces = if index.replaces_public { " replaces" } else { "" };
        let named = index.name.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
        rows.push(format!("{} {:?} {:?}{replaces}{named}", at(index.span), index.kind, index.when));
    }
    for package in &input.packages {
        if let Some(pinned) = &package.index {
            let address = pinned.address.as_deref().unwrap_or("-");
            let partly = if pinned.partly { " partly" } else { "" };
            rows.push(format!("{} from {} {address}{partly}", package.written, at(pinned.span)));
        }
        if let Some(span) = package.source_span {
            rows.push(format!("{} at {}", package.written, at(span)));
        }
    }
    rows.extend(input.redirects.iter().map(|redirect| format!("{} at {}", redirect.name, at(redirect.span))));
    rows
}

#[test]
fn requirement_files() {
    let text = "-i https://a.example.com/simple\n--extra-index https://b.example.com --trusted-host b.example.com\n\
                -r base.txt\n--find-links=./wheels \\\n  --no-index\n-e git+https://git.example.com/tide.git@v1#egg=tide\n\
                quay @ https://files.example.com/quay-1.0.tar.gz ; python_version > '3'\nharbour==1.0\n";
    insta::assert_snapshot!(
        "indexes_requirements",
        rows("requirements.txt", text, "--extra-index-url ${INDEX}\n").join("\n")
    );
    let text = "dependencies:\n  - pip:\n    - --extra-index-url https://b.example.com\n    - harbour==1.0\n";
    assert_eq!(rows("environment.yml", text, ""), ["3:25 https://b.example.com Index Together"]);
}

#[test]
fn uv_of_projects_and_scripts() {
    let tables = "\
[tool.uv]
extra-index-url = [\"https://x.example.com\"]
index-url = 'https://i.example.com'
find-links = [\"./wheels\"]
allow-insecure-host = [\"x.example.com\"]
no-index = true

[[tool.uv.index]]
name = \"first\"
url = \"https://f.example.com\"

[[tool.uv.index]]
name = \"own\"
url = \"https://o.example.com\"
explicit = true

[[tool.uv.index]]
url = \"https://d.example.com\"
default = true

[tool.uv.sources]
harbour = { index = \"own\" }
quay = [{ index = \"own\", marker = \"sys_platform == 'linux'\" }, { index = \"first\" }]
tide = { git = \"https://git.example.com/tide.git\", branch = \"main\" }
";
    let project =
        format!("[project]\nname = \"shop\"\ndependencies = [\"harbour\", \"quay\", \"tide\"]\n{tables}");
    insta::assert_snapshot!("indexes_uv", rows("pyproject.toml", &project, "").join("\n"));
    let script: String =
        std::iter::once("# /// script\n# dependencies = [\"harbour\", \"quay\", \"tide\"]\n".to_owned())
            .chain(tables.lines().map(|line| format!("# {line}\n")))
            .chain(["# ///\n".to_owned()])
            .collect();
    let shifted = |row: &String| row.split_once(' ').map(|(_, rest)| rest.to_owned());
    let of_script: Vec<_> = rows("pep723", &script, "").iter().map(shifted).collect();
    let of_project: Vec<_> = rows("pyproject.toml", &project, "").iter().map(shifted).collect();
    assert_eq!(of_script.len(), of_project.len());
    for (script, project) in of_script.iter().zip(&of_project).take(7) {
        assert_eq!(script, project, "the same but for the places");
    }
    let strategies = |strategy: &str| {
        let text = format!(
            "[tool.uv]\nindex-strategy = \"{strategy}\"\n[[tool.uv.index]]\nname = \"a\"\nurl = \"https://a.example.com\"\n"
        );
        rows("pyproject.toml", &text, "").concat()
    };
    assert!(strategies("first-index").contains("FirstWithName"));
    assert!(strategies("unsafe-first-match").contains("FirstThatFits"));
    assert!(strategies("unsafe-best-match").contains("Together"));
}

#[test]
fn poetry_of_both_generations() {
    let text = "\
[project]
dependencies = [\"harbour\"]
[[tool.poetry.source]]
name = \"PyPI\"
priority = \"primary\"
[[tool.poetry.source]]
name = \"more\"
url = \"https://m.example.com/simple\"
priority = \"supplemental\"
[[tool.poetry.source]]
name = \"own\"
url = \"https://o.example.com/simple\"
priority = \"explicit\"
[tool.poetry.dependencies]
harbour = { source = \"own\" }
quay = { version = \"^1\", source = \"pypi\" }
tide = { git = \"https://git.example.com/tide.git\", rev = \"main\" }
";
    insta::assert_snapshot!("indexes_poetry", rows("pyproject.toml", text, "").join("\n"));
    let former = "\
[[tool.poetry.source]]
name = \"a\"
url = \"https://a.example.com\"
[[tool.poetry.source]]
name = \"b\"
url = \"https://b.example.com\"
secondary = true
";
    insta::assert_snapshot!("indexes_poetry_former", rows("pyproject.toml", former, "").join("\n"));
}

#[test]
fn pdm_and_pipenv() {
    let text = "\
[tool.pdm.resolution]
respect-source-order = true
[[tool.pdm.source]]
name = \"pypi\"
url = \"http://p.example.com/simple\"
verify_ssl = false
[[tool.pdm.source]]
name = \"wheels\"
url = \"https://w.example.com\"
type = \"find_links\"
";
    insta::assert_snapshot!("indexes_pdm", rows("pyproject.toml", text, "").join("\n"));
    let text = "\
[[source]]
name = \"pypi\"
url = \"https://pypi.org/simple\"
verify_ssl = true
[[source]]
name = \"own\"
url = \"https://o.example.com/simple\"
verify_ssl = false
[packages]
harbour = {version = \"*\", index = \"own\"}
quay = \"*\"
tide = {git = \"https://git.example.com/tide.git\", ref = \"main\"}
";
    insta::assert_snapshot!("indexes_pipfile", rows("Pipfile", text, "").join("\n"));
    let text = r#"{"_meta": {"pipfile-spec": 6, "sources": [
  {"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": true},
  {"name": "own", "url": "https://o.example.com/simple", "verify_ssl": false}]},
 "default": {"harbour": {"index": "own", "version": "==1.0"},
  "tide": {"git": "https://git.example.com/tide.git", "ref": "0123"}}}"#;
    insta::assert_snapshot!("indexes_pipfile_lock", rows("Pipfile.lock", text, "").join("\n"));
}

#[test]
fn setup_cfg_and_locks() {
    let text = "[easy_install]\nindex-url = https://i.example.com\nfind_links = ./a\n  https://b.example.com\n\
                [options]\ninstall_requires = quay @ https://files.example.com/quay.zip\n\
                dependency_links = https://d.example.com/quay-1.tar.gz\n";
    insta::assert_snapshot!("indexes_setup_cfg", rows("setup.cfg", text, "").join("\n"));
    let uv = "version = 1\n[[package]]\nname = \"harbour\"\nversion = \"1.0\"\n\
              source = { registry = \"https://o.example.com/simple\" }\n";
    assert_eq!(rows("uv.lock", uv, ""), ["harbour at 5:24 https://o.example.com/simple"]);
    let poetry = "[[package]]\nname = \"harbour\"\nversion = \"1.0\"\n[package.source]\ntype = \"legacy\"\n\
                  url = \"https://o.example.com/simple\"\nreference = \"own\"\n[metadata]\nlock-version = \"2.0\"\n";
    assert_eq!(rows("poetry.lock", poetry, ""), ["harbour at 6:8 https://o.example.com/simple"]);
    let pdm = "[metadata]\nlock_version = \"4.5\"\n[[package]]\nname = \"harbour\"\nversion = \"1.0\"\n\
               git = \"https://git.example.com/harbour.git\"\nrevision = \"0123\"\n";
    assert_eq!(rows("pdm.lock", pdm, ""), ["harbour at 6:8 https://git.example.com/harbour.git"]);
    let pylock = "lock-version = \"1.0\"\n[[packages]]\nname = \"harbour\"\nversion = \"1.0\"\n\
                  index = \"https://o.example.com/simple\"\n[[packages]]\nname = \"tide\"\n\
                  vcs = { type = \"git\", url = \"https://git.example.com/tide.git\", commit-id = \"0123\" }\n";
    assert_eq!(
        rows("pylock.toml", pylock, ""),
        ["harbour at 5:10 https://o.example.com/simple", "tide at 8:30 https://git.example.com/tide.git"]
    );
}

#[test]
fn what_has_the_wrong_type_is_no_index() {
    for text in [
        "[tool]\nuv = 1\npoetry = []\npdm = \"x\"\n",
        "[tool.uv]\nindex = 1\nextra-index-url = 2\nindex-url = []\nsources = 3\n",
        "[tool.uv]\nindex = [1, {url = 2}, {name = \"a\"}]\n",
        "[tool.poetry]\nsource = [1, {url = 2}]\n[tool.poetry.dependencies]\na = {source = 1, git = 2}\n",
        "[tool.pdm]\nsource = {url = \"x\"}\nresolution = 1\n",
    ] {
        let (input, _) = read("pyproject.toml", text, "");
        assert!(input.indexes.is_empty() && input.redirects.is_empty(), "{text}: {:?}", input.indexes);
    }
}

/// The fixture in which every URL carries `hunter2`.
fn secrets() -> std::path::PathBuf {
    top().join("fixtures/rules/embedded-credential/flagged")
}

#[test]
fn no_output_ever_shows_a_secret() {
    let base = ["--root", ".", "--db", test_database(), "--no-config"];
    let audits: [&[&str]; 4] = [
        &["--pip-config", "pip.conf"],
        &["--pip-config", "pip.conf", "-v"],
        &["--pip-config", "pip.conf", "--format", "json"],
        &["-q", "--deny", "extra-index", "--deny", "unpinned-requirement", "--deny", "missing-hash"],
    ];
    let mut outputs: Vec<_> = audits.iter().map(|more| audit(&secrets(), &[&base, *more].concat())).collect();
    assert!(outputs.iter().all(|ran| ran.code == 1));
    for format in ["tree", "json", "dot", "mermaid"] {
        outputs.push(audit(&secrets(), &["graph", "--root", ".", "--format", format]));
    }
    for name in ["tide", "harbour", "quay"] {
        outputs.push(audit(&secrets(), &["why", name, "--root", "."]));
    }
    for ran in outputs {
        let all = format!("{}{}", ran.out, ran.err);
        assert!(!all.is_empty() && !all.contains("hunter2") && !all.contains("40secret"), "{all}");
    }
}

#[test]
fn a_configuration_that_pip_refuses_ends_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).unwrap();
    write("requirements.txt", b"harbour==2.0\n");
    write("twice.conf", b"[global]\nindex-url = a\nindex-url = b\n");
    write("bytes.conf", b"[global]\nindex-url = \xff\n");
    for (name, words) in [
        ("twice.conf", "twice.conf:3:1"),
        ("bytes.conf", "is not UTF-8"),
        ("missing.conf", "there is no such file"),
        (".", "is a folder"),
    ] {
        let ran = audit(folder.path(), &["--no-config", "--db", test_database(), "--pip-config", name]);
        assert_eq!(ran.code, 2, "{name}: {}", ran.err);
        assert!(ran.err.contains(words), "{name}: {}", ran.err);
        assert_eq!(ran.out, "", "nothing was audited");
    }
}

#[test]
fn a_configuration_is_told_once_whatever_the_number_of_projects() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        std::fs::write(folder.path().join(name).join("requirements.txt"), "harbour==2.0\n").unwrap();
    }
    let text = "[global]\nindex-url = http://build:hunter2@index.example.com/simple\nprogress-bar = off\n";
    std::fs::write(folder.path().join("pip.conf"), text).unwrap();
    let arguments =
        ["--no-config", "--db", test_database(), "--format", "json", "--pip-config", "pip.conf", "."];
    let ran = audit(folder.path(), &arguments);
    let report = ran.json();
    let rules: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["location"]["path"] == "pip.conf")
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(rules, ["embedded-credential", "insecure-index"]);
    assert!(!ran.out.contains("hunter2"));
}

#[test]
fn urls_of_any_shape_are_judged() {
    let long = format!("http://index.example.com/{}", "a@:".repeat(40_000));
    let shapes = [
        "http://",
        "http://@",
        "http://:@:@::/",
        "http://[::1",
        "HTTP://[2001:db8::1]:x/",
        "http://user:p@ss:w@rd@index.example.com:99999/",
        "http://%75ser:%70ass@index.example.com/",
        "http://ex\u{202e}ample.com/",
        "http:index.example.com",
        "://",
        "git+http:",
        long.as_str(),
    ];
    for shape in shapes {
        let folder = tempfile::tempdir().unwrap();
        let quoted = shape.replace('\'', "");
        let requirements = format!("--index-url '{quoted}'\n--trusted-host '{quoted}'\nharbour @ {quoted}\n");
        std::fs::write(folder.path().join("requirements.txt"), requirements).unwrap();
        let project = format!(
            "[project]\nname = 'shop'\ndependencies = ['quay @ {quoted}']\n[[tool.uv.index]]\nurl = '{quoted}'\n\
             [[tool.pdm.source]]\nname = 'a'\nurl = '{quoted}'\nverify_ssl = false\n"
        );
        std::fs::write(folder.path().join("pyproject.toml"), project).unwrap();
        for format in ["json", "human"] {
            let ran =
                audit(folder.path(), &["--no-config", "--db", test_database(), "--format", format, "."]);
            assert!(matches!(ran.code, 0 | 1 | 3), "{shape}: {} {}", ran.code, ran.err);
            assert!(!ran.out.contains("p@ss") && !ran.out.contains("%70ass"), "{shape}: {}", ran.out);
        }
    }
}
