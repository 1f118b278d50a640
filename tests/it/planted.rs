//! Trees in which somebody planted something so that a vulnerable pin is not seen: it is seen all the same, and what was
//! planted is named where docs/security.md says so. Links, pipes and odd file names need a Unix.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::common::{Ran, TODAY, audit, finish, folder, program, test_database};
use super::hostile::limited;
use super::repository::Repository;

/// The pin that every tree holds: one flaw, PYSEC-0000-3.
pub(crate) const PIN: &str = "invoicer==2.5\n";

/// A policy that would let everything through.
pub(crate) const WEAK: &str =
    "fail-on = \"never\"\n[[ignore]]\nid = \"CVE-0000-0003\"\nreason = \"planted\"\n";

/// No tree may cost the program more processor time (seconds) and memory (MiB of addresses), in a build for tests.
const PATIENCE: (u64, u64) = (2, 2048);

/// A repository that tracks the pin, and what was planted besides.
fn tree(planted: &[(&str, &str)]) -> Repository {
    let repository = Repository::with(&[("requirements.txt", PIN)]);
    repository.write(planted);
    repository
}

/// What a report says, without its line breaks.
fn words(ran: &Ran) -> String {
    ran.out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The pin is found, what was planted is named, and that did not take long: whether git tracks what was planted or not.
#[track_caller]
fn assert_seen(what: &str, repository: &Repository, named: &[&str]) {
    for is_tracked in [false, true] {
        if is_tracked {
            repository.git(&["add", "--all", "--force"]);
        }
        let (seconds, memory) = PATIENCE;
        let mut command = limited(repository.path(), memory, seconds);
        let ran = finish(command.args(["--db", test_database(), "--today", TODAY]));
        let said = words(&ran);
        assert_eq!(ran.code, 1, "{what}, tracked: {is_tracked}\n{}{}", ran.out, ran.err);
        assert!(said.contains("invoicer 2.5 is affected by PYSEC-0000-3"), "{what}: {said}");
        assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "{what}: {said}");
        for name in named {
            assert!(said.contains(name), "{what}, tracked: {is_tracked}: {name} is not named\n{said}");
        }
    }
}

#[test]
fn policies_that_are_not_that_of_the_working_directory() {
    let manifest = "[project]\nname = 'other'\nversion = '1'\n";
    let unused = "this policy is not used";
    for (what, planted, named) in [
        ("vendored", vec![("vendor/a/audit.toml", WEAK)], format!("vendor/a/audit.toml: {unused}")),
        (
            "a submodule",
            vec![("sub/.git", "gitdir: ../.git/modules/sub\n"), ("sub/audit.toml", WEAK)],
            format!("sub/audit.toml: {unused}"),
        ),
        (
            "beside a dependency file",
            vec![("service/requirements.txt", PIN), ("service/audit.toml", WEAK)],
            format!("service/audit.toml: {unused}"),
        ),
        (
            "in a manifest and in a file",
            vec![("vendor/pyproject.toml", manifest), ("vendor/audit.toml", WEAK)],
            format!("vendor/audit.toml: {unused}"),
        ),
        (
            "under another name",
            vec![(".audit.toml", WEAK), ("Audit.toml", WEAK), ("audit.yml", WEAK)],
            String::new(),
        ),
        ("in a folder that git does not read", vec![(".git/audit.toml", WEAK)], String::new()),
        ("broken", vec![("vendor/audit.toml", "fail-on = \n[[[")], format!("vendor/audit.toml: {unused}")),
        ("a folder", vec![("audit.toml/audit.toml", WEAK)], format!("audit.toml/audit.toml: {unused}")),
    ] {
        assert_seen(what, &tree(&planted), &[&named]);
    }
    // Named, such a folder brings no policy either.
    let repository = tree(&[("service/requirements.txt", PIN), ("service/audit.toml", WEAK)]);
    for path in ["service", "service/requirements.txt", "./service/../service"] {
        let ran = repository.audit(&[path]);
        assert_eq!(ran.code, 1, "{path}");
        assert!(words(&ran).contains(&format!("service/audit.toml: {unused}")), "{path}: {}", ran.out);
    }
}

#[test]
fn a_table_of_a_manifest_however_it_is_spelled() {
    for table in [
        "[tool.audit]\nfail-on = 'never'\n",
        "[ tool . audit ]\nfail-on = 'never'\n",
        "[\"tool\".'audit']\nfail-on = 'never'\n",
        "[tool]\naudit.fail-on = 'never'\n",
        "[tool]\naudit = { fail-on = 'never' }\n",
        "[tool]\n\"audit\".\"fail-on\" = 'never'\n",
        "[[tool.audit.ignore]]\nid = 'CVE-0000-0003'\nreason = 'planted'\n",
        "[tool.audit.rules]\nknown-vulnerability = 'allow'\n",
        "[\"to\\u006fl\".\"\\u0061udit\"]\nfail-on = 'never'\n",
        "[\"to\\x6fl\".\"\\U00000061udit\"]\nfail-on = 'never'\n",
    ] {
        let manifest = format!("[project]\nname = 'other'\nversion = '1'\n{table}");
        let top = "tool.audit.fail-on = 'never'\n[project]\nname = 'other'\nversion = '1'\n".to_owned();
        for manifest in [manifest, top] {
            let planted = [("vendor/other/pyproject.toml", manifest.as_str())];
            assert_seen(
                &manifest,
                &tree(&planted),
                &["vendor/other/pyproject.toml: its [tool.audit] is not used"],
            );
            // Where it is the policy, each spelling is one: not some of them are passed over in silence.
            let own = folder(&[("requirements.txt", PIN), ("pyproject.toml", &manifest)]);
            let ran = audit(own.path(), &["--db", test_database()]);
            assert_eq!(ran.code, 0, "{manifest}{}{}", ran.out, ran.err);
            let wrong =
                manifest.replace("fail-on", "failon").replace("id =", "it =").replace("'allow'", "'off'");
            let own = folder(&[("requirements.txt", PIN), ("pyproject.toml", &wrong)]);
            let ran = audit(own.path(), &["--db", test_database()]);
            assert_eq!(ran.code, 2, "{wrong}{}{}", ran.out, ran.err);
            assert!(ran.err.contains("pyproject.toml:"), "{}", ran.err);
        }
    }
    let without = [(
        "vendor/pyproject.toml",
        "[project]\nname = 'o'\nversion = '1'\ndependencies = ['pip-audit>=2']\n[tool.x]\n",
    )];
    let ran = tree(&without).audit(&[]);
    assert!(ran.code == 1 && !ran.out.contains("[tool.audit]"), "both words are no policy: {}", ran.out);
}

#[test]
fn a_policy_that_is_no_plain_file() {
    let outside = folder(&[("policy.toml", WEAK)]);
    let target = outside.path().join("policy.toml");
    for (what, to) in [
        ("inside", Path::new("elsewhere/policy.toml")),
        ("outside", &target),
        ("endless", Path::new("/dev/zero")),
        ("dangling", Path::new("nowhere")),
        ("itself", Path::new("audit.toml")),
    ] {
        let repository = tree(&[("elsewhere/policy.toml", WEAK)]);
        symlink(to, repository.join("audit.toml")).unwrap();
        assert_seen(what, &repository, &["audit.toml: this policy is a link and is not used"]);
    }
    let repository = tree(&[(
        "elsewhere/p.toml",
        "[project]\nname = 'x'\nversion = '1'\n[tool.audit]\nfail-on = 'never'\n",
    )]);
    symlink("elsewhere/p.toml", repository.join("pyproject.toml")).unwrap();
    assert_seen("a manifest", &repository, &["pyproject.toml: its [tool.audit] is not used"]);
    let repository = tree(&[]);
    pipe(&repository.join("audit.toml"));
    let ran = repository.audit(&[]);
    assert!(ran.code == 1 && words(&ran).contains("audit.toml: this policy is not used"), "{}", ran.out);
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn ignore_files_of_all_tools() {
    let repository = tree(&[("services/api/requirements.txt", "deadlib==1.0\n")]);
    repository.commit("a service");
    for name in [
        ".auditignore",
        ".ignore",
        ".rgignore",
        ".dockerignore",
        ".fdignore",
        ".gitignore",
        "services/.gitignore",
    ] {
        repository.write(&[(name, "*\n**\n/requirements.txt\nservices\nservices/**\n!nothing\n")]);
    }
    repository.write(&[(".git/info/exclude", "*\n"), ("everything", "*\n")]);
    repository.git(&["config", "core.excludesFile", "everything"]);
    repository.git(&["config", "core.attributesFile", "everything"]);
    repository.git(&["update-index", "--assume-unchanged", "services/api/requirements.txt"]);
    repository.git(&["update-index", "--skip-worktree", "requirements.txt"]);
    assert_seen("all of them", &repository, &["deadlib 1.0"]);
}

/// Patterns that are slow to match, or many: in time, and nothing that git tracks is left out.
#[test]
fn ignore_files_that_take_for_ever() {
    let name = "a".repeat(200);
    let deep = format!("{0}/{0}/{0}/requirements.txt", &name);
    for (what, text) in [
        ("nested globs", format!("{}requirements.txt\n", "**/".repeat(5000))),
        ("a MiB of stars", "*".repeat(1024 * 1024)),
        ("more than a MiB of stars", "*".repeat(2 * 1024 * 1024)),
        ("many lines", "**/a*b\n".repeat(100_000)),
        ("many slow lines", "*a*a*a*a*a*a*a*b\n".repeat(2000)),
        ("many slow paths", "**/a*a*/**/a*b*/x\n".repeat(2000)),
        ("brackets", "[[[[[[!a-z\n!!\\\n[]\n**[".repeat(10_000)),
        ("bytes", "\u{0}\u{1b}[2J\n\u{feff}*\r\n*\r".repeat(1000)),
    ] {
        let repository = tree(&[(&deep, "deadlib==1.0\n")]);
        repository.commit("deep");
        repository.write(&[(".gitignore", &text), (&format!("{name}/.gitignore"), &text)]);
        assert_seen(what, &repository, &["deadlib 1.0"]);
    }
}

#[test]
fn environments_that_are_none() {
    let metadata = "Metadata-Version: 2.4\nName: invoicer\nVersion: 2.8\nLicense-Expression: MIT\n";
    let site = "lib/python3.12/site-packages";
    let fake = format!("{site}/invoicer-2.8.dist-info/METADATA");
    for (what, planted) in [
        ("at the root", vec![("pyvenv.cfg".to_owned(), "home = /usr/bin\n"), (fake.clone(), metadata)]),
        ("in a folder", vec![("sub/pyvenv.cfg".to_owned(), "home = /\n"), (format!("sub/{fake}"), metadata)]),
        (
            "named as one",
            vec![(".venv/pyvenv.cfg".to_owned(), "home = /\n"), (format!(".venv/{fake}"), metadata)],
        ),
        ("packages alone", vec![("site-packages/invoicer-2.8.dist-info/METADATA".to_owned(), metadata)]),
    ] {
        let planted: Vec<_> = planted.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        assert_seen(what, &tree(&planted), &[]);
    }
    // Links of an environment lead nowhere.
    let outside = folder(&[("site-packages/harmless-1.0.dist-info/METADATA", metadata)]);
    let repository = tree(&[("pyvenv.cfg", "home = /usr/bin\n"), ("lib/python3.12/keep", "")]);
    symlink(outside.path().join("site-packages"), repository.join(site)).unwrap();
    assert_seen("a link out", &repository, &[]);
    // What is committed says nothing about a license.
    let repository =
        tree(&[(&format!(".venv/{}", fake.replace("2.8", "2.5")), &metadata.replace("2.8", "2.5"))]);
    repository.write(&[
        (".venv/pyvenv.cfg", "home = /usr/bin\n"),
        ("audit.toml", "[licenses]\nallow = [\"MIT\"]\n"),
    ]);
    repository.commit("an environment");
    let ran = repository.audit(&["--format", "json"]);
    let json = ran.json();
    let rules: Vec<_> =
        json["findings"].as_array().unwrap().iter().map(|found| found["rule"].as_str()).collect();
    assert_eq!(ran.code, 1);
    assert!(
        rules.contains(&Some("license-unknown")) && rules.contains(&Some("known-vulnerability")),
        "{rules:?}"
    );
}

/// The lock and the manifest beside it, of which one says less than the other.
#[test]
fn locks_that_resolve_nothing() {
    let manifest = "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['invoicer==2.5']\n";
    let poetry = "package = []\n\n[metadata]\nlock-version = \"2.1\"\npython-versions = \"*\"\ncontent-hash = \"00\"\n";
    let uv = "version = 1\nrequires-python = \">=3.9\"\n";
    let other = "[[package]]\nname = \"invoicer\"\nversion = \"2.8\"\n\n[metadata]\nlock-version = \"2.1\"\n\
                 python-versions = \"*\"\ncontent-hash = \"00\"\n";
    let virtual_uv = "version = 1\nrequires-python = \">=3.9\"\n[[package]]\nname = \"shop\"\nversion = \"1\"\n\
                      source = { virtual = \".\" }\n";
    let poetry_manifest =
        "[tool.poetry]\nname = 'shop'\nversion = '1'\n[tool.poetry.dependencies]\ninvoicer = '2.5'\n";
    let pylock = "lock-version = \"1.0\"\ncreated-by = \"pip\"\npackages = []\n";
    for (what, planted) in [
        ("an empty poetry.lock", vec![("pyproject.toml", poetry_manifest), ("poetry.lock", poetry)]),
        ("an empty uv.lock", vec![("pyproject.toml", manifest), ("uv.lock", uv)]),
        ("a uv.lock of the project alone", vec![("pyproject.toml", manifest), ("uv.lock", virtual_uv)]),
        ("an empty pylock.toml", vec![("pyproject.toml", manifest), ("pylock.toml", pylock)]),
        ("an empty file", vec![("pyproject.toml", manifest), ("uv.lock", "")]),
        ("two that disagree", vec![("pyproject.toml", manifest), ("poetry.lock", other), ("uv.lock", uv)]),
    ] {
        let repository = Repository::with(&planted);
        let ran = repository.audit(&[]);
        assert_eq!(ran.code, 1, "{what}: {}{}", ran.out, ran.err);
        assert!(words(&ran).contains("PYSEC-0000-3"), "{what}: {}", ran.out);
    }
    // A lock of another tool, of another version or of another project takes nothing from what is pinned elsewhere.
    for (what, planted) in [
        ("another lock", vec![("poetry.lock", other)]),
        (
            "a lock and its manifest",
            vec![("poetry.lock", other), ("pyproject.toml", "[tool.poetry]\nname = 'x'\n")],
        ),
        (
            "a Pipfile.lock",
            vec![(
                "Pipfile.lock",
                "{\"_meta\": {}, \"default\": {\"invoicer\": {\"version\": \"==2.8\"}}, \"develop\": {}}",
            )],
        ),
        ("constraints", vec![("constraints.txt", "invoicer==2.8\n")]),
        (
            "a compiled file",
            vec![("requirements.in", "invoicer\n"), ("dev-requirements.txt", "invoicer==2.8\n")],
        ),
    ] {
        assert_seen(what, &tree(&planted), &[]);
    }
}

#[test]
fn files_that_are_none() {
    for what in ["folder", "pipe", "loop", "out", "dangling", "device"] {
        let repository = tree(&[("service/keep", "")]);
        let file = repository.join("service/requirements.txt");
        match what {
            "folder" => std::fs::create_dir(&file).unwrap(),
            "pipe" => pipe(&file),
            "loop" => symlink("requirements.txt", &file).unwrap(),
            "out" => symlink("/etc/passwd", &file).unwrap(),
            "device" => symlink("/dev/zero", &file).unwrap(),
            _ => symlink("nowhere.txt", &file).unwrap(),
        }
        let ran = repository.audit(&[]);
        assert_eq!(ran.code, 1, "{what}: {}{}", ran.out, ran.err);
        assert!(
            words(&ran).contains("not audited: 1") && ran.out.contains("service/requirements.txt"),
            "{what}: {}",
            ran.out
        );
        assert!(!ran.out.contains("root:x"), "{}", ran.out);
        // Nothing else there: never clean.
        let alone = repository.audit(&["service"]);
        assert_eq!(alone.code, 3, "{what}: {}{}", alone.out, alone.err);
    }
    // In the place of the pin itself.
    let repository = Repository::with(&[("real/requirements.txt", PIN)]);
    symlink("real/requirements.txt", repository.join("requirements.txt")).unwrap();
    symlink("real", repository.join("linked")).unwrap();
    assert_eq!(repository.audit(&[]).code, 1);
}

#[test]
fn names_that_speak_to_a_terminal() {
    for name in [
        "requirements\n.txt",
        "requirements\u{1b}[2K.txt",
        "requirements\u{202e}txt.txt",
        "requirements-\u{200b}.txt",
        "a folder \u{1b}]0;x\u{7}/requirements.txt",
        " requirements.txt",
        "-requirements.txt",
        "::error::requirements.txt",
        "requirements/\r\u{8}.txt",
    ] {
        let repository = tree(&[]);
        repository.write(&[(name, "deadlib==1.0\n")]);
        let ran = repository.audit(&[]);
        assert_eq!(ran.code, 1, "{name:?}");
        assert!(ran.out.contains("deadlib 1.0"), "{name:?}: {}", ran.out);
        for odd in ['\u{1b}', '\u{202e}', '\u{200b}', '\u{7}', '\r', '\u{8}'] {
            assert!(!ran.out.contains(odd), "{name:?}: {}", ran.out);
        }
    }
    // What is not called so is not read, as no tool reads it; named, it is.
    let repository = tree(&[("requirements.txt ", "deadlib==1.0\n")]);
    assert_eq!(repository.audit(&[]).code, 1);
    assert!(repository.audit(&["requirements.txt "]).code != 0);
}

#[test]
fn includes_and_options_that_lead_elsewhere() {
    let outside = folder(&[("secret.txt", "harmless==1.0\ntoken-4711==1.0\n")]);
    let secret = outside.path().join("secret.txt");
    let secret = secret.to_str().unwrap();
    let depth = "../".repeat(40);
    for line in [
        format!("-r {secret}"),
        format!("-c {secret}"),
        format!("-r file://{secret}"),
        format!("--requirement=file:{secret}"),
        format!("-r {depth}{secret}"),
        "-r link.txt".to_owned(),
        "-c folder-link/secret.txt".to_owned(),
        "-r ${AUDIT_TEST_FILE}".to_owned(),
    ] {
        let repository = tree(&[("requirements.txt", &format!("{line}\n{PIN}"))]);
        symlink(secret, repository.join("link.txt")).unwrap();
        symlink(outside.path(), repository.join("folder-link")).unwrap();
        let mut command = program(repository.path());
        command.env("AUDIT_TEST_FILE", secret).args(["--db", test_database(), "--today", TODAY]);
        let ran = finish(&mut command);
        assert_eq!(ran.code, 1, "{line}: {}{}", ran.out, ran.err);
        assert!(
            words(&ran).contains("PYSEC-0000-3") && words(&ran).contains("not audited: 1"),
            "{line}: {}",
            ran.out
        );
        assert!(!ran.out.contains("4711"), "{line}: {}", ran.out);
    }
    // Options and variables change nothing about a pin, whatever they are set to.
    for (before, variable) in [
        ("--find-links /\n--no-index\n", ""),
        ("--config-settings x=y\n", ""),
        ("--pre\n--prefer-binary\n--use-feature=fast-deps\n", ""),
        ("--index-url https://${AUDIT_TEST_HOST}/simple\n", "index.example.com"),
        ("other @ https://index.example.com/${AUDIT_TEST_HOST}.whl\n", "invoicer-2.8-py3-none-any"),
        ("${AUDIT_TEST_HOST}\n", "invoicer==2.8"),
    ] {
        let repository = tree(&[("requirements.txt", &format!("{before}{PIN}"))]);
        let run = |value: &str| {
            let mut command = program(repository.path());
            finish(command.env("AUDIT_TEST_HOST", value).args(["--db", test_database(), "--today", TODAY]))
        };
        let ran = run(variable);
        assert!(ran.code == 1 && words(&ran).contains("PYSEC-0000-3"), "{before}: {}{}", ran.out, ran.err);
        assert_eq!(ran.out, run("something else").out, "{before}");
    }
    // The version itself out of the environment: nothing is expanded, and nothing is clean.
    let repository = Repository::with(&[("requirements.txt", "invoicer==${AUDIT_TEST_VERSION}\n")]);
    let mut command = program(repository.path());
    command.env("AUDIT_TEST_VERSION", "2.8").args(["--db", test_database(), "--today", TODAY]);
    let ran = finish(&mut command);
    assert!(matches!(ran.code, 1 | 3), "{}{}", ran.out, ran.err);
}

/// What surrounds the program decides nothing about what is found.
#[test]
fn the_environment_of_the_program() {
    let repository = tree(&[("home/.config/audit/audit.toml", WEAK), ("audit/advisories.store", "no store")]);
    repository.write(&[(".local/share/audit/advisories.store", "no store"), (".config/audit.toml", WEAK)]);
    let other = Repository::with(&[("README.md", "nothing\n")]);
    let run = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = program(repository.path());
        command
            .envs(variables.iter().copied())
            .args(["--db", test_database(), "--today", TODAY])
            .args(arguments);
        finish(&mut command)
    };
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    repository.write(&[("more/requirements.txt", "deadlib==1.0\n")]);
    let (here, git) = (repository.path().to_str().unwrap(), other.join(".git"));
    let (git, objects) = (git.to_str().unwrap(), other.join(".git/objects"));
    let objects = objects.to_str().unwrap();
    let index = other.join(".git/index");
    let weak = repository.join("home/.config/audit/audit.toml");
    let weak = weak.to_str().unwrap();
    let variables = [
        ("AUDIT_CONFIG", weak),
        ("AUDIT_FAIL_ON", "never"),
        ("AUDIT_IGNORE", "CVE-0000-0003,CVE-0000-0007"),
        ("AUDIT_DB", "/dev/null"),
        ("AUDIT_ALLOW_INCOMPLETE", "1"),
        ("AUDIT_WRITE_DOCS", "1"),
        ("GIT_DIR", git),
        ("GIT_WORK_TREE", "/"),
        ("GIT_INDEX_FILE", index.to_str().unwrap()),
        ("GIT_OBJECT_DIRECTORY", objects),
        ("GIT_ALTERNATE_OBJECT_DIRECTORIES", objects),
        ("GIT_CEILING_DIRECTORIES", here),
        ("GIT_NAMESPACE", "other"),
        ("GIT_COMMON_DIR", git),
        ("GIT_SHALLOW_FILE", weak),
        ("GIT_GRAFT_FILE", weak),
        ("GIT_REPLACE_REF_BASE", "refs/heads/"),
        ("GIT_CONFIG", weak),
        ("GIT_CONFIG_GLOBAL", weak),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "core.excludesFile"),
        ("GIT_CONFIG_VALUE_0", weak),
        ("PIP_CONFIG_FILE", weak),
        ("PIP_INDEX_URL", "https://index.example.com/simple"),
        ("PIP_CONSTRAINT", weak),
        ("UV_CONFIG_FILE", weak),
        ("UV_INDEX_URL", "https://index.example.com/simple"),
        ("POETRY_VIRTUALENVS_PATH", here),
        ("PYTHONPATH", here),
        ("VIRTUAL_ENV", here),
        ("CONDA_PREFIX", here),
        ("CI", "true"),
        ("CLICOLOR", "1"),
        ("TERM", "xterm-256color"),
        ("HOME", here),
        ("XDG_CONFIG_HOME", here),
        ("XDG_DATA_HOME", here),
        ("XDG_CACHE_HOME", here),
        ("TMPDIR", here),
        ("RAYON_NUM_THREADS", "1"),
        ("RUST_BACKTRACE", "full"),
        ("RUST_LOG", "trace"),
        ("LC_ALL", "tr_TR.UTF-8"),
    ];
    for arguments in [&[][..], &["--since", "main"]] {
        let plain = run(&[], arguments);
        assert_eq!(plain.code, 1, "{}{}", plain.out, plain.err);
        assert!(plain.out.contains("deadlib 1.0"));
        let all = run(&variables, arguments);
        assert_eq!((all.code, all.out, all.err), (plain.code, plain.out.clone(), plain.err.clone()));
        for variable in variables {
            let one = run(&[variable], arguments);
            assert_eq!((one.code, &one.out, &one.err), (plain.code, &plain.out, &plain.err), "{variable:?}");
        }
    }
}

/// The database of the user lies where the user says: in the audited tree only when that is said, and then a file that is
/// none ends the run.
#[test]
fn a_database_in_the_tree() {
    let repository = tree(&[("audit/advisories.store", "no store"), ("advisories.store", "no store")]);
    repository.write(&[(".local/share/audit/advisories.store", "no store")]);
    let mut command = program(repository.path());
    assert_ne!(finish(command.args(["--today", TODAY])).code, 2, "not read");
    let mut command = program(repository.path());
    let ran = finish(command.env("XDG_DATA_HOME", repository.path()).args(["--today", TODAY]));
    assert!(ran.code == 2 && ran.err.contains("audit/advisories.store"), "{}{}", ran.out, ran.err);
}
