//! `audit graph` and `audit why`: the formats, the part that is asked about, and every shortest way.

use super::common::{audit, top};

const LOCK: &str = "uv.lock";

fn webshop(arguments: &[&str]) -> super::common::Ran {
    audit(&top().join("fixtures/projects/webshop-uv"), &[arguments, &["--root", "."]].concat())
}

/// Names and versions that `audit graph` lists of the lock, with these options.
fn listed(options: &[&str]) -> Vec<String> {
    let ran = webshop(&[&["graph", "--format", "json", LOCK], options].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let document = ran.json();
    let packages = document["inputs"][0]["packages"].as_array().unwrap().clone();
    packages.iter().map(|package| package["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn groups_extras_pythons_and_platforms_leave_out_what_they_do_not_reach() {
    let all = listed(&[]);
    let has = |names: &[String], name: &str| names.iter().any(|known| known == name);
    for (options, with, without) in [
        (
            ["--no-dev"].as_slice(),
            ["django", "django-prometheus", "click"].as_slice(),
            ["pytest", "mkdocs"].as_slice(),
        ),
        (&["--group", "dev"], &["pytest", "iniconfig"], &["django-prometheus", "mkdocs", "celery"]),
        (&["--group", "main"], &["django", "celery"], &["django-prometheus", "pytest", "mkdocs"]),
        (
            &["--group", "main", "--extra", "monitoring"],
            &["django", "prometheus-client"],
            &["pytest", "mkdocs"],
        ),
        (&["--python", "3.12"], &["django", "pytest", "tzdata"], &["async-timeout"]),
        (&["--python", "3.11.4", "--no-dev"], &["django", "celery"], &["async-timeout", "pytest"]),
        (&["--platform", "linux", "--group", "dev"], &["pytest"], &["colorama"]),
        (&["--platform", "windows", "--group", "dev"], &["pytest", "colorama"], &["celery"]),
    ] {
        let names = listed(options);
        assert!(names.len() < all.len(), "{options:?} leaves nothing out");
        for name in with {
            assert!(has(&names, name), "{options:?} must keep {name}");
        }
        for name in without {
            assert!(has(&all, name), "{name} is in the lock");
            assert!(!has(&names, name), "{options:?} must leave out {name}");
        }
    }
}

#[test]
fn an_audit_says_what_it_was_asked_about() {
    let ran = webshop(&["--no-dev", "--python", "3.12", "--platform", "linux", "--no-config"]);
    assert!(
        ran.out.contains("asked about: no development groups, Python 3.12, linux; "),
        "the closing lines\n{}",
        ran.out
    );
    let report = webshop(&["--group", "dev", "--no-config", "--format", "json"]).json();
    assert_eq!(report["selection"]["groups"], serde_json::json!(["dev"]));
    assert!(report["selection"]["left_out"].as_u64().unwrap() > 50);
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["package"]["name"] == "pytest"));
    assert!(!findings.iter().any(|finding| finding["package"]["name"] == "django"));
    let all = webshop(&["--no-config", "--format", "json"]).json();
    assert!(all.get("selection").is_none(), "nothing is said when nothing was left out");
}

#[test]
fn a_typing_error_is_no_empty_group() {
    for (options, words) in [
        (["--group", "dve"], "no file has the group dve"),
        (["--group", "tset"], "there are: dev, docs, main"),
        (["--extra", "moitoring"], "did you mean `--extra monitoring`?"),
        (["--python", "3"], "expected a version like 3.12"),
        (["--python", "py312"], "expected a version like 3.12"),
        (["--platform", "lnux"], "expected linux, macos or windows"),
    ] {
        for command in [&[][..], &["graph"], &["why", "click"]] {
            let ran = webshop(&[command, &options[..], &["."]].concat());
            assert_eq!(ran.code, 2, "{command:?} {options:?}");
            assert!(ran.err.contains(words), "{command:?} {options:?}: {}", ran.err);
        }
    }
}

#[test]
fn every_shortest_way_with_its_conditions() {
    let ran = webshop(&["why", "six"]);
    insta::assert_snapshot!(ran.out);
    let ran = audit(&top().join("fixtures/graphs/diamond"), &["why", "keel", "--root", "."]);
    insta::assert_snapshot!(ran.out);
    let ran = webshop(&["why", "colorama", "--platform", "linux"]);
    assert!(
        ran.out.contains("mkdocs-material") && !ran.out.contains("pytest"),
        "only on Windows\n{}",
        ran.out
    );
}

#[test]
fn the_graph_as_a_picture() {
    for (name, arguments) in [
        ("tree", ["graph"].as_slice()),
        ("tree_to_depth_1", &["graph", "--depth", "1"]),
        ("tree_inverted", &["graph", "--invert"]),
        ("dot", &["graph", "--format", "dot"]),
        ("dot_inverted_to_depth_1", &["graph", "--format", "dot", "--invert", "--depth", "1"]),
        ("mermaid", &["graph", "--format", "mermaid"]),
    ] {
        let ran =
            audit(&top().join("fixtures/graphs/diamond"), &[arguments, &["--root", ".", "uv.lock"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        insta::assert_snapshot!(name, ran.out);
    }
    let ran = webshop(&["graph", "--format", "json", "--invert"]);
    assert_eq!(ran.code, 2, "json has both ends of every edge");
}

#[test]
fn names_do_not_speak_to_dot_or_mermaid() {
    let folder = tempfile::tempdir().unwrap();
    let lock = "version = 1\n\n[[package]]\nname = \"a\\\"]; b [label=\\\"x\"\nversion = \"1\\u001b[31m\\n\"\n\
                source = { registry = \"https://index.example.com/simple\" }\n";
    std::fs::write(folder.path().join("uv.lock"), lock).unwrap();
    let dot = audit(folder.path(), &["graph", "--format", "dot", "uv.lock"]).out;
    assert!(dot.contains(r#"label="a\"]; b [label=\"x 1"#), "{dot}");
    let mermaid = audit(folder.path(), &["graph", "--format", "mermaid", "uv.lock"]).out;
    assert!(mermaid.contains("#34;#93;#59; b #91;label=#34;x 1"), "{mermaid}");
    for text in [dot, mermaid] {
        assert!(!text.contains('\u{1b}') && !text.contains("31m\n"), "{text:?}");
    }
}

#[test]
fn a_group_that_may_be_an_extra_stays() {
    let folder = tempfile::tempdir().unwrap();
    let entry = |name: &str, group: &str| {
        format!("[[package]]\nname = \"{name}\"\nversion = \"1.0\"\ngroups = [\"{group}\"]\n\n")
    };
    let lock = format!(
        "[metadata]\ngroups = [\"default\", \"dev\", \"lights\"]\nlock_version = \"4.5.0\"\n\n{}{}{}",
        entry("keel", "default"),
        entry("beacon", "lights"),
        entry("spyglass", "dev")
    );
    std::fs::write(folder.path().join("pdm.lock"), lock).unwrap();
    let names = |folder: &std::path::Path| {
        let ran = audit(folder, &["graph", "--format", "json", "--no-dev", "pdm.lock"]);
        let packages = ran.json()["inputs"][0]["packages"].as_array().unwrap().clone();
        packages.iter().map(|package| package["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(folder.path()), ["keel", "beacon"], "nobody says that lights is not an extra");
    let manifest = "[project]\nname = \"harbour\"\nversion = \"1\"\ndependencies = [\"keel\"]\n\n\
                    [dependency-groups]\nlights = [\"beacon\"]\ndev = [\"spyglass\"]\n";
    std::fs::write(folder.path().join("pyproject.toml"), manifest).unwrap();
    assert_eq!(names(folder.path()), ["keel"]);
}
