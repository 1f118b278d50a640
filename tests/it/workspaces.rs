//! Several projects in one tree: workspaces, projects beside one another, and whose lock resolves whose manifest.

use super::common::{audit, folder, top};
use super::hostile::{assert_sane, skips};

/// What an audit says as a whole: the exit code, each input as `path (entries)`, what was skipped, and how many package
/// versions were looked up.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    code: i32,
    inputs: Vec<String>,
    skipped: Vec<String>,
    packages: u64,
}

fn said(folder: &std::path::Path, named: &str) -> Said {
    let ran = audit(
        folder,
        &["--no-config", "--allow", "insecure-index", "--format", "json", "--root", ".", named],
    );
    assert_sane(&ran);
    let document = ran.json();
    let inputs = document["inputs"].as_array().unwrap().iter();
    let inputs = inputs.map(|input| format!("{} ({})", input["path"].as_str().unwrap(), input["packages"]));
    Said {
        code: ran.code,
        inputs: inputs.collect(),
        skipped: skips(&ran),
        packages: document["summary"]["packages"].as_u64().unwrap(),
    }
}

#[track_caller]
fn assert_said(said: &Said, code: i32, inputs: &[&str], skipped: &[&str], packages: u64) {
    assert_eq!((said.code, said.packages), (code, packages), "{said:#?}");
    assert_eq!(said.inputs, inputs);
    assert_eq!(said.skipped, skipped);
}

fn tool(case: &str) -> std::path::PathBuf {
    top().join("fixtures/tools").join(case)
}

#[test]
fn a_workspace_of_two_members_without_a_project() {
    let inputs = [
        "boats/ferry/pyproject.toml (2)",
        "boats/tug/pyproject.toml (2)",
        "pyproject.toml (1)",
        "uv.lock (12)",
    ];
    // Of twelve entries two are members.
    assert_said(&said(&tool("uv-workspace"), "."), 0, &inputs, &[], 10);
    assert_said(&said(&tool("uv-workspace"), "uv.lock"), 0, &[inputs[0], inputs[1], inputs[3]], &[], 10);
}

#[test]
fn a_workspace_with_a_project_and_another_beside_it() {
    let inputs = [
        "barge/pyproject.toml (1)",
        "dinghy/pyproject.toml (1)",
        "pyproject.toml (8)",
        "tug/pyproject.toml (2)",
        "uv.lock (13)",
    ];
    // Four of the entries are our own.
    assert_said(&said(&tool("uv-workspace-root"), "."), 0, &inputs, &[], 9);
    // A member alone: its lock lies above and was not named.
    assert_said(&said(&tool("uv-workspace-root"), "tug"), 0, &[inputs[3]], &[], 2);
}

#[test]
fn a_monorepo_of_poetry() {
    let inputs = [
        "libs/ferry/pyproject.toml (1)",
        "libs/tug/pyproject.toml (2)",
        "poetry.lock (13)",
        "pyproject.toml (4)",
    ];
    assert_said(&said(&tool("poetry-monorepo"), "."), 0, &inputs, &[], 11);
    let named = [inputs[0], inputs[1], inputs[2]];
    assert_said(&said(&tool("poetry-monorepo"), "poetry.lock"), 0, &named, &[], 11);
}

fn project(name: &str, dependencies: &str, more: &str) -> String {
    format!("[project]\nname = \"{name}\"\nversion = \"1\"\ndependencies = [{dependencies}]\n{more}")
}

fn own(name: &str, source: &str, needs: &str) -> String {
    format!(
        "[[package]]\nname = \"{name}\"\nversion = \"1\"\nsource = {{ {source} }}\n\
         dependencies = [{{ name = \"{needs}\" }}]\n\n"
    )
}

fn oar(version: &str) -> String {
    let source = "{ registry = \"https://index.example.com/simple\" }";
    format!("[[package]]\nname = \"oar\"\nversion = \"{version}\"\nsource = {source}\n\n")
}

fn lock(members: &str, entries: &[String]) -> String {
    format!("version = 1\n\n[manifest]\nmembers = [{members}]\n\n{}", entries.concat())
}

fn in_folder(files: &[(&str, &str)], named: &str) -> Said {
    let folder = folder(files);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    said(folder.path(), named)
}

#[test]
fn a_member_with_a_lock_of_its_own_is_a_project_of_its_own() {
    let root = lock(
        "\"fleet\", \"tug\"",
        &[own("fleet", "virtual = \".\"", "tug"), own("tug", "editable = \"tug\"", "oar"), oar("1.0")],
    );
    let tug = lock("", &[own("tug", "virtual = \".\"", "oar"), oar("2.0")]);
    let fleet = project("fleet", "\"tug\"", "");
    let member = project("tug", "\"oar\"", "");
    let files = [
        ("uv.lock", root.as_str()),
        ("pyproject.toml", &fleet),
        ("tug/uv.lock", &tug),
        ("tug/pyproject.toml", &member),
    ];
    let inputs = ["pyproject.toml (1)", "tug/pyproject.toml (1)", "tug/uv.lock (2)", "uv.lock (3)"];
    assert_said(&in_folder(&files, "."), 0, &inputs, &[], 2);
    assert_said(&in_folder(&files, "tug"), 0, &[inputs[1], inputs[2]], &[], 1);
    // A version that the member does not admit stands in the lock above, which is held to what it lists.
    let strict = project("tug", "\"oar>=1.5\"", "");
    let files = [files[0], files[1], files[2], ("tug/pyproject.toml", &strict)];
    let skipped = "tug/pyproject.toml:4: oar>=1.5: uv.lock lists 1.0, which this does not admit: lock again";
    assert_said(&in_folder(&files, "."), 3, &inputs, &[skipped], 2);
    assert_said(&in_folder(&files, "tug"), 0, &[inputs[1], inputs[2]], &[], 1);
    let above = [files[0], files[1], files[3]];
    assert_said(&in_folder(&above, "."), 3, &[inputs[0], inputs[1], inputs[3]], &[skipped], 1);
}

#[test]
fn a_lock_outside_the_folder_of_its_member() {
    let lock = lock("\"tug\"", &[own("tug", "editable = \"../tug\"", "oar"), oar("1.0")]);
    let tug = project("tug", "\"oar\", \"missing\"", "");
    let files = [("locks/uv.lock", lock.as_str()), ("tug/pyproject.toml", &tug)];
    let missing = "tug/pyproject.toml:4: missing: no version, and uv.lock does not list it: lock again";
    let inputs = ["locks/uv.lock (2)", "tug/pyproject.toml (2)"];
    for named in [".", "locks"] {
        assert_said(&in_folder(&files, named), 3, &inputs, &[missing], 1);
    }
    // Nobody knows where the lock of a manifest lies that is named alone: its lines are answered as they stand.
    assert_said(&in_folder(&files, "tug"), 0, &inputs[1..], &[], 2);
}

#[test]
fn two_locks_that_list_one_member() {
    let of = |version| lock("\"tug\"", &[own("tug", "editable = \"../tug\"", "oar"), oar(version)]);
    let (first, second) = (of("1.0"), of("2.0"));
    let tug = project("tug", "\"oar\", \"missing\"", "");
    let files = [("a/uv.lock", first.as_str()), ("b/uv.lock", &second), ("tug/pyproject.toml", &tug)];
    let missing = "tug/pyproject.toml:4: missing: no version, and uv.lock does not list it: lock again";
    let inputs = ["a/uv.lock (2)", "b/uv.lock (2)", "tug/pyproject.toml (2)"];
    assert_said(&in_folder(&files, "."), 3, &inputs, &[missing], 2);
}

/// A lock that only depends on a project resolves neither its groups nor its unused extras.
#[test]
fn a_lock_that_uses_a_project_does_not_resolve_all_of_it() {
    let using = lock(
        "",
        &[own("app", "virtual = \".\"", "tug"), own("tug", "directory = \"../tug\"", "oar"), oar("1.0")],
    );
    let app = project("app", "\"tug\"", "");
    let tug = project("tug", "\"oar\"", "[dependency-groups]\ndev = [\"chain\"]\n");
    let files = [("a/uv.lock", using.as_str()), ("a/pyproject.toml", &app), ("tug/pyproject.toml", &tug)];
    let inputs = ["a/pyproject.toml (1)", "a/uv.lock (3)", "tug/pyproject.toml (2)"];
    // The version of oar, and whatever version of chain there is.
    assert_said(&in_folder(&files, "."), 0, &inputs, &[], 2);
    // With a lock of its own that leaves the group out, it is that lock that does not list it.
    let own_lock = lock("", &[own("tug", "editable = \".\"", "oar"), oar("2.0")]);
    let files = [files[0], files[1], files[2], ("tug/uv.lock", &own_lock)];
    let chain = "tug/pyproject.toml:6: chain: no version, and uv.lock does not list it: lock again";
    let inputs = [inputs[0], inputs[1], inputs[2], "tug/uv.lock (2)"];
    assert_said(&in_folder(&files, "."), 3, &inputs, &[chain], 2);
}

/// A script's lock in the folder of a project is no lock of the project.
#[test]
fn the_lock_of_a_script_is_not_that_of_the_project() {
    let tug = project("tug", "\"oar\"", "");
    let uses = "version = 1\n\n[manifest]\nrequirements = [{ name = \"tug\", directory = \"../\" }]\n\n"
        .to_owned()
        + &own("tug", "directory = \"../\"", "oar")
        + &oar("1.0");
    let empty = "version = 1\nrequires-python = \">=3.12\"\n";
    let files = [("pyproject.toml", tug.as_str()), ("tools/row.py.lock", &uses), ("clean.py.lock", empty)];
    let inputs = ["clean.py.lock (0)", "pyproject.toml (1)", "tools/row.py.lock (2)"];
    assert_said(&in_folder(&files, "."), 0, &inputs, &[], 1);
}

/// A `pylock.NAME.toml` is made from any part of a project, or from another project.
#[test]
fn a_pylock_with_a_name_is_no_lock_of_the_whole_project() {
    let inputs = ["libs/tug/pyproject.toml (1)", "pylock.tug.toml (2)"];
    assert_said(&said(&tool("pip-lock-project"), "pylock.tug.toml"), 0, &inputs, &[], 1);
    let shop = project("shop", "\"oar\", \"chain\"", "");
    let lock = "lock-version = \"1.0\"\n[[packages]]\nname = \"oar\"\nversion = \"1.0\"\n";
    let missing = "pyproject.toml:4: chain: no version, and pylock.toml does not list it: lock again";
    for (name, code, skipped, packages) in
        [("pylock.toml", 3, &[missing][..], 1), ("pylock.sea.toml", 0, &[], 2)]
    {
        let files = [("pyproject.toml", shop.as_str()), (name, lock)];
        let mut inputs = [format!("{name} (1)"), "pyproject.toml (2)".to_owned()];
        inputs.sort();
        assert_said(&in_folder(&files, "."), code, &inputs.each_ref().map(String::as_str), skipped, packages);
    }
}
