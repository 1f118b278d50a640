//! The odd things that scripts with inline metadata hold: see [`super::bestiary`].

use super::rows::{assert_graph, assert_graph_and_skips, skipped_in_audit};

#[test]
fn metadata_among_the_comments() {
    assert_graph(
        "script/inline",
        "tide.py",
        &[
            "8 *harbour 2.3.0 <==2.3.0> {main}",
            r#"9 *mast[tall] <~= 1.4> {main} if python_version < "3.12""#,
            "11 *tide-clock (git https://git.example.com/tide/clock@9f31c02) {main}",
        ],
    );
    let folder = super::common::top().join("fixtures/inputs/script/inline");
    let found = super::common::audit(&folder, &["--no-config", "--root", "."]);
    assert_eq!(found.code, 2, "read when it is named, not found: {}", found.err);
}

#[test]
fn two_blocks_are_an_error() {
    assert_graph_and_skips(
        "script/two-blocks",
        "tide.py",
        &[],
        &[(5, "a second `script` block, and PEP 723 allows one")],
    );
}

#[test]
fn a_script_without_metadata_asks_for_nothing() {
    assert_graph("script/no-block", "tide.py", &[]);
    assert_eq!(skipped_in_audit("script/no-block", "tide.py"), (0, vec![]));
}
