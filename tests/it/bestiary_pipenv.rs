//! The odd things that files of Pipenv hold: see [`super::bestiary`].

use super::common::{audit, top};
use super::rows::{assert_graph, assert_graph_and_skips, skipped_in_audit};

#[test]
fn case_59_a_key_that_is_a_hash() {
    assert_graph(
        "pipenv/59-a-key-that-is-a-hash",
        "Pipfile.lock",
        &["19 *harbour 2.3.0 <==2.3.0> {default}", "28 *e1839a8 (path .) {develop}"],
    );
    assert_graph(
        "pipenv/59-a-key-that-is-a-hash",
        "Pipfile",
        &["2 *harbour {default}", "5 *e1839a8 (path .) {develop}"],
    );
    assert_eq!(skipped_in_audit("pipenv/59-a-key-that-is-a-hash", "."), (0, vec![]), "the path is our own");
}

#[test]
fn case_60_odd_markers() {
    assert_graph(
        "pipenv/60-odd-markers",
        "Pipfile.lock",
        &[
            "4 ?anchor 1.0 <==1.0> {default} if 'dev' in dependency_groups",
            "8 ?buoy 2.0 <==2.0> {default} if python_version >= '2.7' and python_version not in '3.0, 3.1, 3.2, 3.3'",
            "12 ?capstan[steel-cable] 3.0 <==3.0> {default} if python_version >= '3' and (platform_machine == 'aarch64' or (platform_machine == 'ppc64le' or (platform_machine == 'x86_64' or (platform_machine == 'amd64' or (platform_machine == 'AMD64' or (platform_machine == 'win32' or platform_machine == 'WIN32'))))))",
        ],
    );
    assert_eq!(skipped_in_audit("pipenv/60-odd-markers", "Pipfile.lock"), (0, vec![]));
}

#[test]
fn case_61_a_category_of_its_own() {
    assert_graph(
        "pipenv/61-a-category-of-its-own",
        "Pipfile.lock",
        &[
            "4 *harbour 2.3.0 <==2.3.0> {default}",
            "5 quay 0.4 <==0.4> {default}",
            "9 *types-harbour 2.3.0.1 <==2.3.0.1> {typing-dev}",
        ],
    );
    assert_graph(
        "pipenv/61-a-category-of-its-own",
        "Pipfile",
        &["7 *harbour 2.3.0 <==2.3.0> {default}", "10 *types-harbour <~=2.3> {typing-dev}"],
    );
    assert_eq!(skipped_in_audit("pipenv/61-a-category-of-its-own", "."), (0, vec![]));
    assert_eq!(skipped_in_audit("pipenv/61-a-category-of-its-own", "Pipfile"), (0, vec![]), "with its lock");
}

#[test]
fn locks_of_old_specifications() {
    assert_graph("pipenv/old-locks", "spec-2/Pipfile.lock", &["10 ?lantern 0.9 <==0.9> {default}"]);
    assert_graph(
        "pipenv/old-locks",
        "no-spec/Pipfile.lock",
        &["3 ?lantern 0.9 <==0.9> {default}", "4 ?wick 1.0 <==1.0> {develop}"],
    );
}

#[test]
fn a_newer_lock() {
    assert_graph_and_skips(
        "pipenv/newer-lock",
        "Pipfile.lock",
        &[],
        &[(4, "pipfile-spec 7 is newer than this program reads (up to 6): update this program")],
    );
}

#[test]
fn other_sources() {
    assert_graph_and_skips(
        "pipenv/other-sources",
        "Pipfile.lock",
        &[
            "12 ?archive (url https://files.example.com/archive-3.0.tar.gz) {default}",
            "13 ?branch (git https://git.example.com/tide/branch.git@0f31c02) {default}",
            "14 ?mirrored 1.0 <==1.0> (index https://index.example.com/simple) {default}",
            "15 ?public 2.0 <===2.0> {default}",
            "16 ?shed (path ../gone/shed) {default}",
            "17 ?vendored (path ./vendor/vendored-1.5.tar.gz) {default}",
            "21 ?old-ship (hg https://hg.example.com/old-ship@tip) {develop}",
        ],
        &[(18, "expected a version, a path or an address: lock again")],
    );
    let (code, skipped) = skipped_in_audit("pipenv/other-sources", "Pipfile.lock");
    assert_eq!((code, skipped.len()), (3, 4), "void, branch, shed, old-ship: {skipped:?}");
}

#[test]
fn tables_of_a_pipfile() {
    assert_graph(
        "pipenv/pipfile-tables",
        "Pipfile",
        &[
            "7 *harbour {default}",
            "8 *lantern <>=0.9, <2> {default}",
            "9 *keel <1.*> {default}",
            "10 *mast[oak-wood,tall] 1.4 <==1.4> (index https://index.example.com/simple) {default}",
            "11 *uvboat <>=2.0> {default} if (python_version < '3.12') and platform_system != 'Windows'",
            "12 *branch (git https://git.example.com/tide/branch.git@main) {default}",
            "13 *jetty (path .) {default}",
            "15 *pier <~=3.1> {default} if sys_platform == 'linux'",
            "20 *pytest-galley {develop}",
        ],
    );
}

/// Groups may be asked for under the names of the lock or under those of other formats.
#[test]
fn groups_of_pipenv_by_any_name() {
    let folder = top().join("fixtures/inputs/pipenv/groups");
    let packages = |arguments: &[&str]| {
        let ran = audit(&folder, &[&["--no-config", "--format", "json", "--root", "."], arguments].concat());
        let inputs = ran.json()["inputs"].clone();
        let lock =
            inputs.as_array().unwrap().iter().find(|input| input["kind"] == "Pipfile.lock").unwrap().clone();
        lock["packages"].as_u64().unwrap()
    };
    for (arguments, count) in [
        (&[][..], 3),
        (&["--no-dev"], 2),
        (&["--group", "main"], 2),
        (&["--group", "default"], 2),
        (&["--group", "dev"], 1),
        (&["--group", "develop"], 1),
    ] {
        assert_eq!(packages(arguments), count, "{arguments:?}");
    }
}
