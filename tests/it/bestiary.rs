//! The odd things that real dependency files hold, one fixture for each: see `fixtures/inputs/README.md`. How an entry
//! becomes a row of text says [`rows`](super::rows); locks other than Poetry's stand in `bestiary_locks`.

use super::rows::{assert_graph, assert_graph_and_skips, skipped_in_audit};

#[test]
fn case_01_utf_16_with_crlf() {
    assert_graph(
        "requirements_txt/01-utf-16",
        "requirements.txt",
        &["2 *flask 2.2.0 <==2.2.0>", r#"3 *idna 3.10 <==3.10> if python_version >= "3.8""#],
    );
}

#[test]
fn case_02_branches_by_python() {
    assert_graph(
        "requirements_txt/02-branches-by-python",
        "requirements.txt",
        &[
            r#"1 *harbour 1.4.0 <==1.4.0> if python_version < "3.8""#,
            r#"2 *harbour 2.0.1 <==2.0.1> if python_version == "3.8""#,
            r#"3 *harbour 2.3.0 <==2.3.0> if python_version >= "3.9""#,
            r#"4 *lantern 0.9 <==0.9> if python_version < "3.8""#,
            r#"5 *lantern 1.0 <==1.0> if python_version >= "3.8""#,
        ],
    );
}

#[test]
fn case_03_a_bare_folder_with_extras() {
    assert_graph(
        "requirements_txt/03-bare-folder",
        "requirements.txt",
        &["1 *(none)[trace,web] (path engine)", "2 *(none) (path worker)"],
    );
    let (code, skipped) = skipped_in_audit("requirements_txt/03-bare-folder", "requirements.txt");
    assert_eq!((code, skipped.len()), (3, 1), "engine is ours, worker is not there: {skipped:?}");
    assert!(skipped[0].starts_with("requirements.txt:2 a path that leads outside the root or to nothing"));
}

#[test]
fn case_04_option_text_inside_a_comment() {
    assert_graph("requirements_txt/04-option-in-a-comment", "requirements.txt", &["1 *(none) (path .)"]);
    let (code, skipped) = skipped_in_audit("requirements_txt/04-option-in-a-comment", "requirements.txt");
    assert_eq!(
        (code, &*skipped),
        (3, &["requirements.txt:1 a path without a manifest: what it needs is not audited".to_owned()][..])
    );
}

#[test]
fn case_05_a_dotted_name_extras_and_a_short_commit() {
    assert_graph(
        "requirements_txt/05-dotted-name-with-url",
        "requirements.txt",
        &["1 *tide-clock[fast,local] (git https://git.example.com/tide/clock@9f31c02)"],
    );
}

#[test]
fn case_06_a_branch_and_an_egg() {
    assert_graph(
        "requirements_txt/06-branch-and-egg",
        "requirements.txt",
        &["1 *almanac (git https://git.example.com/tide/almanac.git@next)"],
    );
}

#[test]
fn case_07_a_url_without_a_name() {
    assert_graph(
        "requirements_txt/07-url-without-a-name",
        "requirements.txt",
        &["1 *(none) (git https://git.example.com/tide/buoy.git)"],
    );
    let (code, skipped) = skipped_in_audit("requirements_txt/07-url-without-a-name", "requirements.txt");
    assert!(
        code == 3 && skipped[0].starts_with("requirements.txt:1 gives neither name nor version"),
        "{skipped:?}"
    );
}

#[test]
fn case_08_extras_in_the_egg_fragment() {
    assert_graph(
        "requirements_txt/08-extras-in-the-egg",
        "requirements.txt",
        &[
            "1 *tide-base[auth,rest-filters] (git https://git.example.com/tide/base.git@devel)",
            "2 *tide-log (git https://git.example.com/tide/log.git@devel)",
        ],
    );
}

#[test]
fn case_09_a_user_in_the_url() {
    assert_graph(
        "requirements_txt/09-user-in-the-url",
        "requirements.txt",
        &[
            "1 *chart (git https://git@git.example.com/tide/chart.git)",
            "2 *mast (git ssh://git@git.example.com/tide/mast.git@v2)",
        ],
    );
}

#[test]
fn case_10_spellings_of_names() {
    assert_graph(
        "requirements_txt/10-spelling-of-names",
        "requirements.txt",
        &[
            "1 *tide-plugins-interfaces (git https://git.example.com/tide/plugins.git)",
            "2 *tide-plugins-extra 1.0 <==1.0>",
        ],
    );
}

#[test]
fn case_11_a_dot_and_a_folder_with_slashes() {
    assert_graph("requirements_txt/11-a-dot", "requirements.txt", &["1 *(none) (path .)"]);
    assert_graph("requirements_txt/11-a-dot", "inner/requirements.in", &["1 *(none) (path ./tool-build/)"]);
}

#[test]
fn case_12_no_space_before_the_at() {
    assert_graph(
        "requirements_txt/12-no-space-before-at",
        "requirements.txt",
        &["1 *orchard (git https://git.example.com/tide/orchard.git@v1)"],
    );
}

#[test]
fn case_13_an_archive_with_a_local_version() {
    assert_graph(
        "requirements_txt/13-archive-with-local-version",
        "requirements.txt",
        &[
            "1 *(none) (url https://files.example.com/ledger-2.1.0+eu.1.tar.gz)",
            "2 *ledger2 (url https://files.example.com/ledger2-2.1.0%2Beu.1.tar.gz)",
        ],
    );
    let (code, skipped) =
        skipped_in_audit("requirements_txt/13-archive-with-local-version", "requirements.txt");
    assert_eq!((code, skipped.len()), (3, 1), "the name of the second tells its version: {skipped:?}");
}

#[test]
fn case_14_arbitrary_equality() {
    assert_graph(
        "requirements_txt/14-arbitrary-equality",
        "upper-constraints.txt",
        &[
            "1 ?harbour 2.3.0 <===2.3.0> constraint",
            "2 ?lantern 1.0.0.0rc1 <===1.0.0.0rc1> constraint",
            "3 ?old-rope 0.1-NA <===0.1-NA> constraint",
        ],
    );
    let (code, skipped) = skipped_in_audit("requirements_txt/14-arbitrary-equality", "upper-constraints.txt");
    assert!(
        code == 3
            && skipped.len() == 1
            && skipped[0].starts_with("upper-constraints.txt:3 no version that PEP 440"),
        "{skipped:?}"
    );
}

#[test]
fn case_15_the_same_pin_under_two_markers() {
    assert_graph(
        "requirements_txt/15-same-pin-twice",
        "constraints.txt",
        &[
            "1 ?jib 1.6.4 <===1.6.4> if python_version=='3.4' constraint",
            "2 ?jib 1.6.4 <===1.6.4> if python_version=='3.5' constraint",
        ],
    );
}

#[test]
fn case_16_a_wildcard_pins_nothing() {
    assert_graph(
        "requirements_txt/16-wildcard",
        "dev-requirements.txt",
        &["1 *keel <==0.5.*>", "2 *keel-lint 1.0 <== 1.0>"],
    );
}

#[test]
fn case_17_the_same_pin_plain_and_with_an_extra() {
    assert_graph(
        "requirements_txt/17-plain-and-with-an-extra",
        "requirements.txt",
        &["1 *sail 6.7.0 <==6.7.0>", "2 *sail[brotli] 6.7.0 <==6.7.0>"],
    );
}

#[test]
fn case_18_two_versions_by_marker() {
    assert_graph(
        "requirements_txt/18-two-versions-by-marker",
        "requirements.txt",
        &[
            "2 docks 0.21.2 <==0.21.2> if python_full_version < '3.11'",
            "5 docks 0.22.4 <==0.22.4> if python_full_version >= '3.11'",
            "8 *pier 8.1.3 <==8.1.3> -> docks",
        ],
    );
}

#[test]
fn case_19_index_options_beside_hashes() {
    assert_graph(
        "requirements_txt/19-index-options-beside-hashes",
        "requirements.txt",
        &["6 *oar 2.2.0 <==2.2.0>"],
    );
}

#[test]
fn case_20_hashes_on_one_line() {
    assert_graph(
        "requirements_txt/20-hashes-on-one-line",
        "requirements.txt",
        &["1 *oar 2.2.0 <==2.2.0>", "2 *rudder (git https://git.example.com/tide/mono.git@v3)"],
    );
}

#[test]
fn case_21_via_names_the_project() {
    assert_graph(
        "requirements_txt/21-via-names-the-project",
        "requirements.txt",
        &["1 *boom 1.2 <==1.2> -> gaff", "5 gaff 0.4 <==0.4>"],
    );
}

#[test]
fn case_22_via_names_what_is_elsewhere() {
    assert_graph(
        "requirements_txt/22-via-names-what-is-elsewhere",
        "requirements.txt",
        &["1 *anchor 3.0 <==3.0> -> chain", "5 chain 1.1 <==1.1>"],
    );
}

#[test]
fn case_23_a_requirement_that_is_commented_out() {
    assert_graph("requirements_txt/23-commented-out", "requirements.txt", &["1 *capstan 1.0 <==1.0>"]);
}

#[test]
fn case_24_spaces_round_operators() {
    assert_graph(
        "requirements_txt/24-spaces-round-operators",
        "requirements.in",
        &["1 *proxy-boat <>= 2.4.4rc5>", "2 *skiff <~= 1.0 , != 1.0.3>", "3 *dinghy <>=1,<2>"],
    );
}

#[test]
fn case_25_single_quotes() {
    assert_graph(
        "requirements_txt/25-single-quotes",
        "requirements.in",
        &["1 *uvboat <>= 0.9> if platform_system != 'Windows' and implementation_name == 'cpython'"],
    );
}

#[test]
fn case_26_a_comment_beyond_ascii() {
    assert_graph("requirements_txt/26-not-ascii", "requirements.txt", &["1 *flag 1.0 <==1.0>"]);
}

#[test]
fn case_27_includes_relative_to_the_including_file() {
    assert_graph("requirements_txt/27-includes", "requirements/base.txt", &["1 *compass 1.0 <==1.0>"]);
    assert_graph(
        "requirements_txt/27-includes",
        "requirements/docs.txt",
        &[
            "requirements/base.txt:1 *compass 1.0 <==1.0>",
            "requirements/extras/database.txt:2 *logbook[async] 2.0 <==2.0>",
            "2 *chartbook 3.1 <==3.1>",
        ],
    );
    assert_graph(
        "requirements_txt/27-includes",
        "requirements/extras/database.txt",
        &["requirements/base.txt:1 *compass 1.0 <==1.0>", "2 *logbook[async] 2.0 <==2.0>"],
    );
}

#[test]
fn case_28_a_name_like_an_operator() {
    assert_graph(
        "requirements_txt/28-name-like-an-operator",
        "requirements.txt",
        &["1 *click-extra 7.5.3 <==7.5.3>", "2 *extra 1.0 <==1.0>"],
    );
}

#[test]
fn case_29_templates() {
    assert_graph_and_skips(
        "requirements_txt/29-template",
        "requirements.txt",
        &["4 *raft 1.0 <==1.0>"],
        &[
            (1, "a template: render it first, then audit the result"),
            (2, "a template: render it first, then audit the result"),
            (3, "a template: render it first, then audit the result"),
        ],
    );
    assert_graph_and_skips(
        "requirements_txt/29-template",
        "{{cookiecutter.slug}}/pyproject.toml",
        &[],
        &[(3, "this is a template (`{{` or `{%`): render it and audit the result")],
    );
}

#[test]
fn case_30_a_file_without_requirements() {
    assert_graph("requirements_txt/30-no-requirement", "upper-constraints-xfails.txt", &[]);
    assert_eq!(
        skipped_in_audit("requirements_txt/30-no-requirement", "upper-constraints-xfails.txt"),
        (0, vec![])
    );
}

#[test]
fn case_31_poetry_before_1_0() {
    assert_graph(
        "poetry_lock/31-before-1.0",
        "poetry.lock",
        &["1 *lantern 0.9.1 {main} -> wick *", "12 ?wick 1.0 {dev} if python_version < '3.8'"],
    );
    assert_graph("poetry_lock/31-files-by-name", "poetry.lock", &["1 *lantern 1.0 {main}"]);
}

#[test]
fn case_32_dotted_keys_and_33_sub_tables() {
    assert_graph(
        "poetry_lock/32-dotted-keys",
        "poetry.lock",
        &[
            r#"1 *rig-core 2.0 {main} -> rig-yaml * -> lockfile[filecache] >=0.9 if extra == "cache""#,
            "18 ?rig-yaml 1.3 {main}",
            "26 ?lockfile 0.12 {main} optional",
        ],
    );
}

#[test]
fn case_34_markers_by_group() {
    assert_graph(
        "poetry_lock/34-markers-by-group",
        "poetry.lock",
        &[
            r#"1 *buoy 1.0 {dev,main} if (sys_platform == "win32") or (os_name == "nt")"#,
            "10 *cleat 2.0 {dev,main}",
            r#"19 *deck 3.0 {main} if python_version < "3.12""#,
        ],
    );
}

#[test]
fn case_35_two_versions_of_one_package_and_36_a_list_of_constraints() {
    assert_graph(
        "poetry_lock/35-two-versions",
        "poetry.lock",
        &[
            r#"1 ?tidal-status 1.62.3 {main} if python_version < "3.10""#,
            r#"10 ?tidal-status 1.80.0 {main} if python_version >= "3.10""#,
            r#"19 *tidal 5.0 {main} -> tidal-status >=1.49.1,<2.0.0 if python_version < "3.10" -> tidal-status >=1.75.1,<2.0.0 if python_version >= "3.14" -> tidal-status[fast-path] >=1.65"#,
        ],
    );
}

#[test]
fn case_37_capitals() {
    assert_graph(
        "poetry_lock/37-capitals",
        "poetry.lock",
        &["1 *cachebox 0.12.6 {main} -> pykelp >=5", "12 ?pykelp 6.0 {main}"],
    );
}

#[test]
fn case_38_an_edge_to_the_project_itself() {
    assert_graph(
        "poetry_lock/38-edge-to-the-project",
        "poetry.lock",
        &["1 *pytest-galley 1.0 {dev} -> galley >=0.28 -> pytest *", "13 pytest 9.0.3 {dev}"],
    );
}

#[test]
fn case_39_a_cycle() {
    assert_graph(
        "poetry_lock/39-cycle",
        "poetry.lock",
        &["1 ?rope 5.0 {main} -> rope-clean *", "12 ?rope-clean 0.4 {main} -> rope *"],
    );
}

#[test]
fn case_40_other_sources() {
    assert_graph(
        "poetry_lock/40-other-sources",
        "poetry.lock",
        &[
            "1 *mirrored 1.0 (index https://index.example.com/simple@mirror) {main}",
            "14 *branch 2.0 (git https://git.example.com/tide/branch.git@main) {main}",
            "29 *archive 3.0 (url https://files.example.com/archive-3.0.tar.gz) {main}",
        ],
    );
}

#[test]
fn case_41_paths_to_nothing_and_a_newer_lock() {
    assert_graph_and_skips(
        "poetry_lock/41-newer-lock",
        "poetry.lock",
        &[],
        &[(
            4,
            "lock-version 999.0 is newer than this program reads (up to 2.1): update this program, or lock with an older Poetry",
        )],
    );
    assert_graph(
        "poetry_lock/41-path-to-nothing",
        "poetry.lock",
        &["1 *shed 1.0 (path ../gone/shed) {main}"],
    );
    let (code, skipped) = skipped_in_audit("poetry_lock/41-path-to-nothing", "poetry.lock");
    assert!(
        code == 3 && skipped[0].starts_with("poetry.lock:2 a path that leads outside the root or to nothing"),
        "{skipped:?}"
    );
}

#[test]
fn case_42_python_of_two_lines() {
    assert_graph(
        "pyproject/42-python-of-two-lines",
        "pyproject.toml",
        &[
            "7 *ferry-yaml <*> {main}",
            "8 *lantern <^0.9> {main}",
            r#"9 *wick <~1.2> {extra:light,main} if python_version >= "2.7" and python_version < "2.8" optional"#,
            r#"11 *pier <<3> {main} if python_version < "3.6""#,
            "12 *pier <>=3> {main} if python_version >= '3.6'",
            "14 *dock[deep-water] (git https://git.example.com/tide/dock.git@main) {main}",
            "15 *shed (path ../shed) {main}",
            "16 *oil 1.0.2 <1.0.2> {main}",
            "22 *pytest <^9> {dev}",
            "28 *chartbook <3.*> {docs} optional",
            "31 *poetry-core <>=1> {build-system}",
        ],
    );
}

#[test]
fn case_43_an_empty_lock() {
    assert_graph("poetry_lock/43-an-empty-lock", "poetry.lock", &[]);
    let (code, skipped) = skipped_in_audit("poetry_lock/43-an-empty-lock", ".");
    let wanted = ["pyproject.toml:4 no version, and poetry.lock does not list it: lock again"];
    assert_eq!((code, &*skipped), (3, &wanted.map(str::to_owned)[..]));
    assert_eq!(skipped_in_audit("poetry_lock/43-an-empty-lock", "poetry.lock").0, 3, "not even by itself");
}

#[test]
fn case_57_pdm_tables() {
    assert_graph(
        "pyproject/57-pdm-tables",
        "pyproject.toml",
        &[
            "6 *pytest <*> {dev}",
            "7 *ruff 0.5.0 <==0.5.0> {lint}",
            "7 *sloop-plugin (path file:///${PROJECT_ROOT}/plugin) {lint}",
            "10 *lantern <>=1.0> {main}",
        ],
    );
}

#[test]
fn case_63_the_project_itself() {
    assert_graph(
        "pyproject/63-the-project-itself",
        "pyproject.toml",
        &[
            "4 *idna 3.20 <==3.20> {main}",
            "7 *cloudboat 1.0 <==1.0> {extra:aws} optional",
            "8 *flotilla[aws] {extra:all} optional",
            r#"8 *flotilla[gcp] {extra:all} if python_version >= "3.9" optional"#,
        ],
    );
    assert_eq!(skipped_in_audit("pyproject/63-the-project-itself", "."), (0, vec![]));
}

#[test]
fn case_64_groups() {
    assert_graph(
        "pyproject/64-groups",
        "pyproject.toml",
        &[
            "6 *pytest 9.0.3 <==9.0.3> {dev}",
            "6 *pytest 9.0.3 <==9.0.3> {test}",
            "7 *mypy <>=1> {dev}",
            "7 *mypy <>=1> {test}",
            "7 *mypy <>=1> {type-check}",
            "8 *ruff 0.5.0 <==0.5.0> {dev}",
        ],
    );
}

#[test]
fn case_65_setup_that_reads_files() {
    assert_graph(
        "requirements_txt/65-setup-reads-files",
        "requirements/default.txt",
        &["1 *tender 1.0 <==1.0>"],
    );
    let (code, skipped) = skipped_in_audit("requirements_txt/65-setup-reads-files", ".");
    let wanted = "setup.py:1 setup.py is never executed: audit a lock, or what is installed";
    assert_eq!((code, &*skipped), (3, &[wanted.to_owned()][..]));
}
