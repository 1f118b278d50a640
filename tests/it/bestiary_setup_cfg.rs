//! The odd things that `setup.cfg` holds: see [`super::bestiary`].

use super::rows::{assert_graph, assert_graph_and_skips, skipped_in_audit};

#[test]
fn requirements_of_setuptools() {
    assert_graph_and_skips(
        "setup_cfg/options",
        "setup.cfg",
        &[
            "9 *setuptools-scm <>=8> {setup}",
            "9 *wheel {setup}",
            "11 *harbour <>=2,<3> {main}",
            r#"13 *mast[oak-wood,tall] <~= 1.4> {main} if python_version < "3.12""#,
            "15 *pier (url https://files.example.com/pier-3.0.tar.gz) {main}",
            "16 *pytest-galley {tests}",
            "19 *quay 0.4 <==0.4> {extra:Web} optional",
            "20 *chartbook {extra:docs} if platform_system != 'Windows' optional",
            "23 *tide-shop[docs] {extra:all} optional",
        ],
        &[(22, "expected a package name")],
    );
    let (_, skipped) = skipped_in_audit("setup_cfg/options", "setup.cfg");
    assert!(!skipped.iter().any(|row| row.starts_with("setup.cfg:23")), "the project itself: {skipped:?}");
}

#[test]
fn extras_of_pbr() {
    assert_graph(
        "setup_cfg/pbr",
        "setup.cfg",
        &["10 *wick <>=1.0> {extra:signal} optional", "11 *oil <!=1.1> {extra:signal} optional"],
    );
    assert_eq!(skipped_in_audit("setup_cfg/pbr", "."), (0, vec![]), "found: its requirements are weighed");
}

#[test]
fn requirements_that_stand_elsewhere() {
    assert_graph_and_skips(
        "setup_cfg/elsewhere",
        "setup.cfg",
        &[],
        &[(5, "they are listed in requirements.txt: audit that")],
    );
    assert_eq!(
        skipped_in_audit("setup_cfg/elsewhere", "requirements.txt"),
        (0, vec![]),
        "the path is a project of its own, audited through its setup.cfg"
    );
}

#[test]
fn settings_of_linters_only() {
    assert_graph("setup_cfg/linters-only", "setup.cfg", &[]);
    assert_eq!(
        skipped_in_audit("setup_cfg/linters-only", "setup.cfg"),
        (0, vec![]),
        "read, and asks for nothing"
    );
    let folder = super::common::top().join("fixtures/inputs/setup_cfg/linters-only");
    let report = super::common::audit(&folder, &["--no-config", "--format", "json", "--root", "."]).json();
    assert_eq!(report["summary"]["inputs"], 1, "not found by itself");
}
