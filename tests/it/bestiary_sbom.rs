//! The odd things that bills of materials hold: see [`super::bestiary`].

use super::rows::{assert_graph, assert_graph_and_skips, skipped_in_audit};

#[test]
fn components_with_a_graph() {
    assert_graph(
        "sbom/graph",
        "ship.cdx.json",
        &[
            "18 *harbour 2.3.0 -> quay #0.4+eu.1",
            "25 quay 0.4+eu.1",
            "30 branch 1.0 (git https://git.example.com/tide/branch.git@0f31c02) optional",
            "34 archive 3.0 (url https://files.example.com/archive-3.0.tar.gz)",
            "35 mirrored 1.0 (index https://index.example.com/simple)",
            "36 open",
        ],
    );
    let (code, skipped) = skipped_in_audit("sbom/graph", "ship.cdx.json");
    assert!(
        code == 3 && skipped.len() == 1 && skipped[0].starts_with("ship.cdx.json:36 no version"),
        "{skipped:?}"
    );
}

#[test]
fn nested_components_and_those_of_others() {
    assert_graph_and_skips(
        "sbom/nested",
        "image.json",
        &["13 ?harbour 2.3.0", "14 ?quay 0.4", "20 ?mast 1.4"],
        &[
            (6, "4 components that are no Python packages (container, deb, file, npm): not audited"),
            (17, "a component without a `purl`: what it is cannot be told"),
        ],
    );
}

#[test]
fn circles_doubles_and_references_to_nothing() {
    assert_graph(
        "sbom/odd-graph",
        "bom.json",
        &[
            "6 ship 1.0 (virtual -) -> anchor #1.0",
            "7 *anchor 1.0 -> chain #3.0 -> anchor #1.0",
            "8 buoy 2.0",
            "9 chain 3.0 -> anchor #1.0",
        ],
    );
    assert_eq!(skipped_in_audit("sbom/odd-graph", "bom.json"), (0, vec![]));
}
