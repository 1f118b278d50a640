//! The odd things that locks of uv and PDM and `pylock.toml` hold, one fixture for each: see
//! `fixtures/inputs/README.md`, and [`rows`](super::rows) for the text of an entry.

use super::common::{audit, top};
use super::rows::{assert_graph, assert_graph_and_skips, skipped_in_audit};

/// Names and versions that `audit graph` lists of a file, with these options.
fn listed(case: &str, file: &str, options: &[&str]) -> Vec<String> {
    let folder = top().join("fixtures/inputs").join(case);
    let ran = audit(&folder, &[&["graph", "--format", "json", "--root", ".", file], options].concat());
    assert_eq!(ran.code, 0, "{case} {options:?}: {}", ran.err);
    let document = ran.json();
    let packages = document["inputs"][0]["packages"].as_array().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    packages.iter().map(|package| text(&package["name"]) + " " + &text(&package["version"])).collect()
}

#[test]
fn case_44_distributions() {
    assert_graph(
        "uv_lock/44-distributions",
        "uv.lock",
        &[
            "8 flotilla 0.1.0 (path .) -> lantern[bright] -> sounding with extra:deep -> caulk with dev",
            "26 *caulk 3.0 (index https://index.example.com/simple) {dev}",
            "32 *lantern 1.2 (index https://index.example.com/simple) {main} -> wick if sys_platform == \
         'linux' -> oil with extra:bright",
            "49 oil 0.9 (url https://files.example.com/oil-0.9.tar.gz)",
            "54 *sounding 2.0 (git \
         https://git.example.com/tide/sounding.git?tag=v2#0000000000000000000000000000000000000000@v2) \
         {extra:deep}",
            "59 wick 1.0 (path wheels/wick-1.0-py3-none-any.whl)",
        ],
    );
    // The project of the lock itself is not there, and that is all.
    assert_eq!(
        skipped_in_audit("uv_lock/44-distributions", "uv.lock"),
        (3, vec!["uv.lock:9 a path without a manifest: what it needs is not audited".to_owned()])
    );
}

#[test]
fn case_45_dynamic_versions() {
    assert_graph(
        "uv_lock/45-dynamic-versions",
        "uv.lock",
        &[
            "11 flotilla (path .) -> sail -> tender",
            "25 *sail 1.4.0 (index https://index.example.com/simple) {main}",
            "33 *tender (path tender) {main} -> sail",
        ],
    );
    assert_eq!(skipped_in_audit("uv_lock/45-dynamic-versions", "."), (0, vec![]), "our own has no version");
    assert_eq!(skipped_in_audit("uv_lock/45-dynamic-versions", "uv.lock"), (0, vec![]));
}

#[test]
fn case_46_versions_by_resolution_marker() {
    let case = "uv_lock/46-resolution-markers";
    assert_graph(
        case,
        "uv.lock",
        &[
            "9 chartbook 1.0 (virtual .) -> gallery #0.7.16 if python_full_version < '3.11' -> gallery \
         #1.0.0 if python_full_version >= '3.11' -> theme",
            "19 *gallery 0.7.16 (index https://index.example.com/simple) {main} if python_full_version \
         < '3.11'",
            "30 *gallery 1.0.0 (index https://index.example.com/simple) {main} if python_full_version \
         >= '3.11' and sys_platform == 'win32' or python_full_version >= '3.11' and sys_platform != \
         'win32'",
            "42 *theme 2.1 (index https://index.example.com/simple) {main} -> gallery #0.7.16 if \
         python_full_version < '3.11' -> gallery #1.0.0 if python_full_version >= '3.11'",
        ],
    );
    let old = listed(case, "uv.lock", &["--python", "3.10"]);
    assert_eq!(old, ["chartbook 1.0", "gallery 0.7.16", "theme 2.1"]);
    let new = listed(case, "uv.lock", &["--python", "3.11"]);
    assert_eq!(new, ["chartbook 1.0", "gallery 1.0.0", "theme 2.1"]);
}

#[test]
fn case_47_twice_with_another_url() {
    let case = "uv_lock/47-twice-by-url";
    assert_graph(
        case,
        "uv.lock",
        &[
            "8 *dock-c 3.2.0 (url https://files.example.com/dock_c-3.2.0-cp311-cp311-win_amd64.whl) \
         {main} if sys_platform == 'win32'",
            "19 *dock-c 3.2.0 (url \
         https://files.example.com/dock_c-3.2.0-cp311-cp311-manylinux_2_28_x86_64.whl) {main} if \
         sys_platform == 'linux'",
            "30 pier 0.1.0 (virtual .) -> dock-c #3.2.0 if sys_platform == 'linux' -> dock-c #3.2.0 if \
         sys_platform == 'win32'",
        ],
    );
    let one = listed(case, "uv.lock", &["--platform", "linux"]);
    assert_eq!(one, ["dock-c 3.2.0", "pier 0.1.0"]);
}

#[test]
fn case_48_a_local_version_of_another_registry() {
    assert_graph(
        "uv_lock/48-local-version",
        "uv.lock",
        &[
            "8 *furnace 2.13.0 (index https://index.example.com/simple) {main} if sys_platform == 'darwin'",
            "19 *furnace 2.13.0+cpu (index https://wheels.example.com/cpu) {main} if sys_platform != \
         'darwin'",
            "30 steamer 1.0 (virtual .) -> furnace #2.13.0 if sys_platform == 'darwin' -> furnace \
         #2.13.0+cpu if sys_platform != 'darwin'",
        ],
    );
}

#[test]
fn case_49_conflicts_and_options() {
    let case = "uv_lock/49-conflicts";
    assert_graph(
        case,
        "uv.lock",
        &[
            "20 *boiler 1.0 (index https://index.example.com/simple) {coal,wood}",
            "25 *boiler 2.0 (index https://index.example.com/simple) {coal,wood}",
            "30 *propeller 1.5 (index https://index.example.com/simple) {extra:screw}",
            "35 steamer 0.1.0 (virtual .) -> wheel-house with extra:paddle -> propeller with \
         extra:screw -> boiler #1.0 if extra == 'group-7-steamer-coal' or extra != \
         'group-7-steamer-wood' with coal -> boiler #2.0 with wood",
            "56 *wheel-house 1.0 (index https://index.example.com/simple) {extra:paddle}",
        ],
    );
    for (options, wanted) in [
        (["--group", "coal"], ["boiler 1.0", "steamer 0.1.0"]),
        (["--group", "wood"], ["boiler 2.0", "steamer 0.1.0"]),
    ] {
        assert_eq!(listed(case, "uv.lock", &options), wanted, "{options:?}");
    }
    let main = listed(case, "uv.lock", &["--group", "main", "--extra", "screw"]);
    assert_eq!(main, ["propeller 1.5", "steamer 0.1.0"]);
}

#[test]
fn case_50_a_workspace_without_a_project() {
    let case = "uv_lock/50-manifest-without-a-project";
    assert_graph(
        case,
        "uv.lock",
        &[
            "19 *hull 1.3 (index https://index.example.com/simple) {dev} -> plate -> rivet -> weld",
            "29 *inspector 0.4 (index https://index.example.com/simple) {lint}",
            "34 plate 1.0 (index https://index.example.com/simple)",
            "39 rivet 2.9 (index https://index.example.com/simple)",
            "44 weld 0.0.1 (git \
         https://git.example.com/tide/weld.git?rev=main#1111111111111111111111111111111111111111@main)",
        ],
    );
    // What overrides, constraints and build constraints ask for is no requirement of anybody.
    assert_eq!(skipped_in_audit(case, "."), (0, vec![]));
    assert_eq!(listed(case, "uv.lock", &["--group", "lint"]), ["inspector 0.4"]);
}

#[test]
fn case_51_internal_registries() {
    let case = "uv_lock/51-internal-registry";
    assert_graph(
        case,
        "uv.lock",
        &[
            "4 *idna 3.10 (index https://artifacts.corp.example.com/artifactory/api/python/all/simple/) \
         {main}",
            "10 *jinja2 3.1.0 (index \
         https://user:****@artifacts.corp.example.com/artifactory/api/python/all/simple/) {main}",
            "15 *tide-kept 0.2 (index ../wheels) {main}",
            "20 wharf 1.0 (virtual .) -> idna -> jinja2 -> tide-kept",
        ],
    );
    let folder = top().join("fixtures/inputs").join(case);
    let ran = audit(&folder, &["--no-config", "--root", ".", "uv.lock"]);
    assert_eq!(ran.code, 1, "matched by its name: {}", ran.out);
    for words in ["jinja2 3.1.0", "matched as if it came from the public index"] {
        assert!(ran.out.contains(words), "{words}\n{}", ran.out);
    }
    assert!(!ran.out.contains("letmein"), "{}", ran.out);
}

#[test]
fn case_52_wildcards_in_markers() {
    let case = "uv_lock/52-wildcard-markers";
    assert_graph(
        case,
        "uv.lock",
        &[
            "9 graph-boat 1.0 (virtual .) -> matrix #1.26.4 if python_full_version < '3.12' -> matrix \
         #2.0.1 if python_full_version == '3.12.*'",
            "18 *matrix 1.26.4 (index https://index.example.com/simple) {main} if python_full_version < \
         '3.12'",
            "26 *matrix 2.0.1 (index https://index.example.com/simple) {main} if python_full_version >= \
         '3.13' or python_full_version == '3.12.*'",
        ],
    );
    for (python, wanted) in [
        ("3.11", &["graph-boat 1.0", "matrix 1.26.4"][..]),
        ("3.12", &["graph-boat 1.0", "matrix 2.0.1"]),
        ("3.12.7", &["graph-boat 1.0", "matrix 2.0.1"]),
        ("3.13", &["graph-boat 1.0"]),
    ] {
        assert_eq!(listed(case, "uv.lock", &["--python", python]), wanted, "{python}");
    }
}

#[test]
fn case_53_git_with_a_revision_and_a_commit() {
    assert_graph(
        "uv_lock/53-git-with-rev-and-commit",
        "uv.lock",
        &[
            "4 messenger 1.0 (virtual .) -> pigeon -> raven -> signal",
            "14 *pigeon 3.0.0 (git \
         https://git.example.com/tide/pigeon.git?rev=6a2f0b1#6a2f0b1c00000000000000000000000000000000@6a2f0b1) \
         {main}",
            "19 *raven 0.4 (git ssh://git@git.example.com/tide/birds.git?subdirectory=raven&branch=next\
             #2222222222222222222222222222222222222222@next) {main}",
            "24 *signal 1.1 (git \
         https://git.example.com/tide/signal.git#3333333333333333333333333333333333333333) {main}",
        ],
    );
    assert_eq!(skipped_in_audit("uv_lock/53-git-with-rev-and-commit", "uv.lock"), (0, vec![]));
}

#[test]
fn case_54_scripts() {
    let case = "uv_lock/54-scripts";
    assert_graph(
        case,
        "examples/tools/beacon.py.lock",
        &[
            "11 *flotilla 0.1.0 (path ../../) -> wick",
            "22 *lantern 1.2 (index https://index.example.com/simple)",
            "27 wick 1.0 (index https://index.example.com/simple)",
        ],
    );
    assert_graph(case, "nothing.py.lock", &[]);
    assert_eq!(skipped_in_audit(case, "nothing.py.lock"), (0, vec![]), "a script that needs nothing");
    for named in ["examples/tools/beacon.py.lock", "."] {
        assert_eq!(skipped_in_audit(case, named), (0, vec![]), "{named}");
    }
}

#[test]
fn case_55_a_merge_conflict() {
    let case = "pdm_lock/55-merge-conflict";
    let conflict = "merge conflict: resolve it and lock again";
    assert_graph_and_skips(case, "pdm.lock", &[], &[(12, conflict)]);
    let skipped = [
        format!("pdm.lock:12 {conflict}"),
        "pyproject.toml:4 no version, and pdm.lock does not list it: lock again".to_owned(),
    ];
    assert_eq!(skipped_in_audit(case, "."), (3, skipped.to_vec()));
    assert_eq!(skipped_in_audit(case, "pdm.lock"), (3, skipped.to_vec()));
}

#[test]
fn case_56_an_entry_for_extras() {
    let case = "pdm_lock/56-extras-entry";
    assert_graph(
        case,
        "pdm.lock",
        &[
            "7 *parsnip 5.3.1 {default} -> barrow <6.0,>=5.2",
            "17 *parsnip[redis,time-limit] 5.3.1 {default} -> barrow[redis] <6.0 -> parsnip ==5.3.1",
            "29 barrow 5.3 {default}",
        ],
    );
    assert_eq!(skipped_in_audit(case, "."), (0, vec![]));
    // The entry that depends on itself is no step of a way, and nothing goes round in a circle.
    let folder = top().join("fixtures/inputs").join(case);
    let ran = audit(&folder, &["why", "barrow", "--root", ".", "pdm.lock"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.out.contains("==5.3.1") && ran.out.matches("barrow").count() == 3, "{}", ran.out);
}

#[test]
fn case_57_sections() {
    assert_graph(
        "pdm_lock/57-sections",
        "pdm.lock",
        &[
            "1 *harbour 1.4.0 {default} if python_version >= '3.7' -> lantern <2,>=1 -> \
         wick-oil[clear,scented] >=0.1 if sys_platform == 'win32' -> anything *",
            "13 *lantern 1.9 {default,dev}",
            "18 wick-oil 0.3 {default}",
            "23 anything 7 {default}",
        ],
    );
    assert_eq!(skipped_in_audit("pdm_lock/57-sections", "."), (0, vec![]));
}

#[test]
fn case_58_edges_to_what_is_left_out() {
    assert_graph(
        "pdm_lock/58-edges-to-what-is-left-out",
        "pdm.lock",
        &[
            "7 ?anyboat 4.0 -> backports-tide >=1 if python_version < \"3.9\" -> exception-raft >=1.0.2 \
         if python_version < \"3.11\" -> idle >=2.8",
            "21 ?idle 3.6",
        ],
    );
    assert_eq!(skipped_in_audit("pdm_lock/58-edges-to-what-is-left-out", "."), (0, vec![]));
}

#[test]
fn case_62_pylock_without_versions() {
    let case = "pylock/62-vcs-without-version";
    assert_graph(
        case,
        "pylock.toml",
        &[
            "6 ?ledger (git https://git.example.com/tide/ledger.git@main)",
            "10 ?shed (path shed)",
            "14 ?crate (url https://files.example.com/crate-2.1.0.tar.gz)",
            "18 ?barrel 1.0 (index https://index.example.com/simple) {cellar,extra:wet} if \
         python_version < '3.11' and ('cellar' in dependency_groups or 'wet' in extras) -> ledger \
         -> hoop #2.0",
            "26 ?hoop 1.0",
            "30 ?hoop 2.0",
        ],
    );
    let skipped = [
        "pylock.toml:7 a git checkout without a version: audit a lock that records it".to_owned(),
        "pylock.toml:11 a path that leads outside the root or to nothing: what it holds is not audited"
            .to_owned(),
    ];
    assert_eq!(skipped_in_audit(case, "."), (3, skipped.to_vec()), "the name of the crate tells its version");
}

#[test]
fn case_62_pylock_without_its_own_version() {
    let words = "no `lock-version`, which a pylock.toml must have: lock again";
    assert_graph_and_skips("pylock/62-no-lock-version", "pylock.toml", &[], &[(1, words)]);
    assert_eq!(skipped_in_audit("pylock/62-no-lock-version", ".").0, 3);
}

#[test]
fn case_62_pylock_in_single_quotes() {
    assert_graph(
        "pylock/62-single-quotes",
        "pylock.spec-example.toml",
        &["6 ?attributes 25.1.0", "19 ?cat-tools 24.1.2 -> attributes"],
    );
}

#[test]
fn case_62_other_names_of_pylock() {
    assert_graph("pylock/62-other-names", "pylock.minimal.toml", &["4 ?harbour 2.3.0"]);
    assert_graph("pylock/62-other-names", "pylock.two.parts.toml", &[]);
    let folder = top().join("fixtures/inputs/pylock/62-other-names");
    let ran = audit(&folder, &["--no-config", "--root", ".", "--format", "json"]);
    let inputs = ran.json()["inputs"].clone();
    let paths: Vec<_> =
        inputs.as_array().unwrap().iter().map(|input| input["path"].as_str().unwrap()).collect();
    assert_eq!(
        (ran.code, &paths[..]),
        (0, &["pylock.minimal.toml", "pylock.two.parts.toml"][..]),
        "both are found"
    );
}
