//! Never clean by mistake: folders in which something is not audited, however it is hidden.

use std::fs;

use super::common::{audit, folder};
use super::hostile::{assert_sane, skips};

const LOCK_END: &str = "[metadata]\nlock-version = \"2.1\"\npython-versions = \"*\"\ncontent-hash = \"00\"\n";

fn locked(name: &str, version: &str) -> String {
    format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n")
}

fn project(dependencies: &str) -> String {
    format!("[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [{dependencies}]\n")
}

/// The one thing that a run over a folder (or over `named` in it) skips.
#[track_caller]
fn assert_skip(files: &[(&str, &str)], named: &str, wanted: &str) {
    let folder = folder(files);
    fs::create_dir(folder.path().join(".git")).unwrap();
    let ran = audit(folder.path(), &["--no-config", "--fail-on", "never", "--format", "json", named]);
    assert_sane(&ran);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    let rows = skips(&ran);
    assert!(rows.len() == 1 && rows[0].contains(wanted), "{rows:#?}\nis not {wanted}");
}

#[track_caller]
fn assert_clean(files: &[(&str, &str)], named: &str) {
    let folder = folder(files);
    fs::create_dir(folder.path().join(".git")).unwrap();
    let ran = audit(folder.path(), &["--no-config", "--fail-on", "never", "--format", "json", named]);
    assert_eq!((ran.code, skips(&ran)), (0, Vec::new()), "{}", ran.err);
}

#[test]
fn a_setup_script_behind_a_manifest_without_a_project() {
    let tools = ("pyproject.toml", "[tool.black]\nline-length = 99\n\n[build-system]\nrequires = []\n");
    let script = ("setup.py", "from setuptools import setup\nsetup(install_requires=['jinja2==2.0'])\n");
    let never = "setup.py:1: setup.py: setup.py is never executed";
    assert_skip(&[tools, script], ".", never);
    assert_skip(&[tools, script, ("requirements.txt", "-e .\n")], "requirements.txt", never);
    assert_skip(
        &[("lib/pyproject.toml", tools.1), ("lib/setup.py", script.1), ("requirements.txt", "./lib\n")],
        "requirements.txt",
        "lib/setup.py:1",
    );
    let checkout = "[options]\ninstall_requires = jinja2 @ git+https://git.example.com/jinja2\n";
    assert_skip(&[tools, ("setup.cfg", checkout)], ".", "setup.cfg:2");
    // A project that lists its dependencies leaves none to the script; a script without any lists none.
    assert_clean(&[("pyproject.toml", &project("")), script], ".");
    assert_clean(&[tools, ("setup.py", "from setuptools import setup\nsetup()\n")], ".");
}

#[test]
fn a_lock_that_lacks_what_the_manifest_asks_for() {
    let manifest = project("\"jinja2>=2\", \"idna\"");
    let manifest = ("pyproject.toml", manifest.as_str());
    let lock = locked("idna", "3.10") + LOCK_END;
    for named in [".", "poetry.lock", "pyproject.toml"] {
        assert_skip(
            &[manifest, ("poetry.lock", &lock)],
            named,
            "pyproject.toml:4: jinja2>=2: no version, and poetry.lock does not list it: lock again",
        );
    }
    let empty = format!("package = []\n\n{LOCK_END}");
    let one = project("\"jinja2==3.1.6\"");
    let does_not = "pyproject.toml:4: jinja2==3.1.6: poetry.lock does not list it: lock again";
    assert_skip(&[("pyproject.toml", &one), ("poetry.lock", &empty)], "poetry.lock", does_not);
    // Whatever the spelling, and the project itself is not in its lock.
    let spelled = project("\"Zope.Interface>5\", \"shop[web]\"");
    let lock = locked("zope_interface", "9.0") + LOCK_END;
    for named in [".", "poetry.lock"] {
        assert_clean(&[("pyproject.toml", &spelled), ("poetry.lock", &lock)], named);
    }
}

#[test]
fn a_lock_of_a_version_that_the_manifest_does_not_admit() {
    let lock = locked("idna", "3.10") + LOCK_END;
    let admits = "pyproject.toml:4: idna<3: poetry.lock lists 3.10, which this does not admit: lock again";
    assert_skip(&[("pyproject.toml", &project("\"idna<3\"")), ("poetry.lock", &lock)], ".", admits);
    let branch = project("\"idna<3 ; python_version < '3'\", \"idna>=3 ; python_version >= '3'\"");
    assert_clean(&[("pyproject.toml", &branch), ("poetry.lock", &lock)], ".");
    let poetry = "[tool.poetry]\nname = \"shop\"\n[tool.poetry.dependencies]\nidna = \"^2.1 || ^3.1\"\n";
    assert_clean(&[("pyproject.toml", poetry), ("poetry.lock", &lock)], ".");
}

#[test]
fn a_lock_with_odd_entries() {
    for (lock, wanted) in [
        ("[[packages]]\nname = \"jinja2\"\nversion = \"2.0\"\n\n", "no [[package]] and no `package = []`"),
        ("[package]\nname = \"jinja2\"\nversion = \"2.0\"\n\n", "expected a list of packages, found a table"),
        ("package = [\"jinja2\"]\n\n", "the package has no name"),
        ("[[package]]\nname = \"jinja2\"\nversion = 2\n\n", "jinja2: expected a version such as"),
        ("[[package]]\nname = [\"jinja2\"]\nversion = \"2.0\"\n\n", "the package has no name"),
        ("[[package]]\nname = \"jinja2\"\n\n", "jinja2: the package has no version"),
        ("[[package]]\nname = \"jinja2\"\nversion = \"\"\n\n", "jinja2: expected a version such as"),
        ("[[package]]\nname = \"\\u006aаzzband\"\nversion = \"1\"\n\n", "no index has such a name"),
        ("[[package]]\nname = \"idna \"\nversion = \"1\"\n\n", "no index has such a name"),
        ("[[package]]\nname = \"idna\"\nversion = \"banana\"\n\n", "no version that PEP 440 knows"),
    ] {
        assert_skip(&[("poetry.lock", &format!("{lock}{LOCK_END}"))], ".", wanted);
    }
}

#[test]
fn constraints_that_do_not_pin() {
    let pinned = ("limits.txt", "idna==3.10 ; python_version < '3'");
    let wanted = "idna: pinned by a constraint only when python_version < '3'";
    assert_skip(&[("requirements.txt", "-c limits.txt\nidna\n"), pinned], ".", wanted);
    // What has no version is weighed as a whole, within the limits of a constraint that always holds.
    for (constraint, denied) in [
        ("idn<0.9", false),
        ("idna<4", false),
        ("idna==3.*", false),
        ("idna<3.7", true),
        ("idna<3.7 ; python_version < '3'", false),
    ] {
        let files = [("requirements.txt", "-c limits.txt\nidna>=3\n"), ("limits.txt", constraint)];
        let ran = audit(folder(&files).path(), &["."]);
        assert_eq!(
            (ran.code, ran.out.contains("not audited")),
            (i32::from(denied), false),
            "{constraint}: {}",
            ran.out
        );
    }
    let branches = "idna==3.10 ; python_version < '3.9'\nIDNA===3.11 ; python_version >= '3.9'\n";
    for limits in [branches, "Idna==3.10\n"] {
        assert_clean(&[("requirements.txt", "-c limits.txt\nidna\n"), ("limits.txt", limits)], ".");
    }
}

#[test]
fn a_compiled_file_that_lacks_what_was_asked_for() {
    let lacks = "requirements.in:1: click: no version, and requirements.txt does not list it: lock again";
    let compiled = ("requirements.txt", "idna==3.10\n    # via -r requirements.in\n");
    assert_skip(&[("requirements.in", "click\nidna\n"), compiled], ".", lacks);
    assert_clean(&[("requirements.in", "idna\n"), compiled], ".");
    let shop = ("requirements.txt", "idna==3.10\n    # via shop (pyproject.toml)\n");
    assert_skip(&[("pyproject.toml", &project("\"click\"")), shop], ".", "does not list it: lock again");
}

#[test]
fn a_name_like_the_projects_own() {
    let url = "[project]\nname = \"idna\"\ndependencies = [\"idna @ https://index.example.com/main.zip\"]\n";
    assert_skip(&[("pyproject.toml", url)], ".", "an archive whose URL tells no version");
    let build = "[project]\nname = \"idna\"\ndependencies = []\n[build-system]\nrequires = [\"idna<3.7\"]\n";
    let ran = audit(folder(&[("pyproject.toml", build)]).path(), &["."]);
    assert!(ran.code == 1 && ran.out.contains("idna<3.7 admits only versions"), "{}", ran.out);
    let own = "[project]\nname = \"idna\"\n[project.optional-dependencies]\nall = [\"idna[web]\"]\n";
    assert_clean(&[("pyproject.toml", own)], ".");
}

#[test]
fn paths() {
    let lib = (
        "lib/pyproject.toml",
        "[project]\nname = \"lib\"\ndependencies = [\"click @ git+https://git.example.com/click\"]\n",
    );
    let asks = "lib/pyproject.toml:3: click: a git checkout without a version";
    assert_skip(&[("requirements.txt", "./lib\n"), lib], "requirements.txt", asks);
    assert_skip(&[("sub/requirements.txt", "-e ../lib[x]\n"), lib], "sub/requirements.txt", asks);
    let lock = format!(
        "{}[package.source]\ntype = \"directory\"\nurl = \"lib\"\n\n{LOCK_END}",
        locked("lib", "1").trim_end().to_owned() + "\n"
    );
    assert_skip(&[("poetry.lock", &lock), lib], "poetry.lock", asks);
    for path in ["../outside", "./missing", "/etc", "git+file:///etc"] {
        let text = format!("{path}\n");
        assert_skip(&[("requirements.txt", text.as_str())], ".", "requirements.txt:1");
    }
}

#[test]
fn what_a_manifest_leaves_to_others() {
    for (text, wanted) in [
        ("[project]\nname = \"shop\"\ndynamic = [\"dependencies\"]\n", "setup.cfg or setup.py decides"),
        (
            "[project]\nname = \"shop\"\ndynamic = [\"dependencies\"]\n[tool.setuptools.dynamic]\ndependencies = { file = [\"deps.txt\"] }\n",
            "they are listed in deps.txt",
        ),
        ("[project]\nname = \"shop\"\ndependencies = \"click==8.1.7\"\n", "expected a list of requirements"),
        ("[project]\nname = \"shop\"\ndependencies = [1]\n", "expected a requirement as a string"),
        ("[dependency-groups]\na = [{ include-group = \"b\" }]\n", "there is no dependency group b"),
        ("[dependency-groups]\na = [{ include-group = \"a\" }]\n", "includes itself"),
        ("project = 1\n", "expected a table"),
        (
            "[project]\nname = \"shop\"\ndynamic = [\"dependencies\"]\n[tool.poetry.dependencies]\n[build-system]\nrequires = []\nbuild-backend = \"setuptools.build_meta\"\n",
            "setup.cfg or setup.py decides",
        ),
        ("[tool.pixi.pypi-dependencies]\nidna = \"*\"\n", "this table is not read yet"),
    ] {
        assert_skip(&[("pyproject.toml", text)], ".", wanted);
    }
}
