//! The odd things that environments of conda hold: see [`super::bestiary`].

use super::rows::{assert_graph, assert_graph_and_skips, skipped_in_audit};

#[test]
fn packages_of_conda_and_a_list_for_pip() {
    assert_graph_and_skips(
        "environment_yml/pip",
        "environment-dev.yaml",
        &[
            "8 *python <python>=3.9,<3.13> (conda -)",
            "9 *keel-base <conda-forge::Keel_Base=1.2=py39h06a4308_0> (conda -)",
            "10 *mast <mast[build=oak]> (conda -)",
            "11 *pip <pip> (conda -)",
            "13 *harbour 2.3.0 <==2.3.0>",
            r#"14 *lantern <>=1> if python_version < "3.12""#,
            "15 *pier[deep]",
            "16 *jib (git https://git.example.com/tide/jib.git@main)",
            "requirements/base.txt:1 *oil 1.1 <==1.1>",
            "20 *quay 1.0 <==1.0>",
            "20 *wick 2.0 <==2.0>",
        ],
        &[(8, "no advisory source covers conda packages: 4 not audited")],
    );
    let (code, skipped) = skipped_in_audit("environment_yml/pip", ".");
    assert_eq!((code, skipped.len()), (3, 2), "conda, jib: {skipped:?}");
}

#[test]
fn packages_of_conda_only() {
    let row = "environment.yml:2 no advisory source covers conda packages: 2 not audited; audit what is installed \
               from the index";
    assert_eq!(skipped_in_audit("environment_yml/conda-only", "."), (3, vec![row.to_owned()]));
}

#[test]
fn several_documents_and_yaml_of_something_else() {
    assert_graph(
        "environment_yml/documents",
        "environment.yml",
        &["4 *harbour 2.3.0 <==2.3.0>", "8 *mast 1.4 <==1.4>"],
    );
    assert_graph("environment_yml/documents", "environments.yml", &[]);
}
