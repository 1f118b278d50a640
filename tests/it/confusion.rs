//! Private names: who may answer for them, tool by tool.

use serde_json::Value;

use super::common::{audit, folder, test_database};

const POLICY: &str =
    "[names]\nprivate = [\"acme-*\"]\n[indexes]\n\"https://index.example.com/simple\" = { private = true }\n";
const HASH: &str = "--hash=sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// Audits files under a policy; the findings of the rule.
fn findings(policy: &str, files: &[(&str, &str)]) -> Vec<Value> {
    let mut all = vec![("audit.toml", policy)];
    all.extend(files);
    let folder = folder(&all);
    let ran = audit(folder.path(), &["--db", test_database(), "--format", "json"]);
    let report = ran.json();
    let all = report["findings"].as_array().unwrap().iter();
    all.filter(|finding| finding["rule"] == "dependency-confusion").cloned().collect()
}

/// The one finding, as `path:line:column`, its message and its help.
fn only(files: &[(&str, &str)]) -> (String, String, String) {
    let found = findings(POLICY, files);
    assert_eq!(found.len(), 1, "{found:#?}");
    let finding = &found[0];
    assert_eq!(finding["level"], "deny");
    let related = finding["related"].as_array().unwrap();
    let policy = related.iter().filter(|place| place["path"] == "audit.toml").count();
    assert!(policy >= 1, "the line of the policy is shown: {related:#?}");
    let place = &finding["location"];
    let text = |key: &str| finding[key].as_str().unwrap().to_owned();
    (
        format!("{}:{}:{}", place["path"].as_str().unwrap(), place["line"], place["column"]),
        text("message"),
        text("help"),
    )
}

fn is_quiet(files: &[(&str, &str)]) {
    let found = findings(POLICY, files);
    assert!(found.is_empty(), "{files:?}: {found:#?}");
}

#[test]
fn silent_without_a_policy() {
    let files = [("requirements.txt", "--extra-index-url https://index.example.com/simple\nacme-billing\n")];
    assert!(findings("", &files).is_empty());
    assert!(findings("[names]\nprivate = []\n", &files).is_empty());
    assert!(findings("[names]\ntrusted = [\"acme-*\"]\n", &files).is_empty());
    assert_eq!(findings(POLICY, &files).len(), 1);
    let off = format!("{POLICY}[rules]\ndependency-confusion = \"allow\"\n");
    assert!(findings(&off, &files).is_empty());
}

#[test]
fn pip_compares_all_indexes() {
    let (place, message, help) = only(&[(
        "requirements.txt",
        "--extra-index-url https://index.example.com/simple\nacme-billing>=1\n",
    )]);
    assert_eq!(place, "requirements.txt:2:1");
    assert_eq!(
        message,
        "acme-billing is private by your policy, but may come from the public index https://pypi.org/simple as well \
         as from https://index.example.com/simple"
    );
    assert!(
        help.contains("write `--index-url https://index.example.com/simple` as the only index option"),
        "{help}"
    );
    for quiet in [
        "--index-url https://index.example.com/simple\nacme-billing\n",
        "-i HTTPS://u:p@Index.Example.com:443/simple/\nacme-billing\n",
        "--no-index\n--find-links ./wheels\nacme-billing\n",
        &format!("--extra-index-url https://index.example.com/simple\nacme-billing==1 {HASH}\n"),
        "acme-billing @ https://files.example.com/acme_billing-1.0.tar.gz\n",
        "acme\nacmebilling\nnot-acme-billing\n",
    ] {
        is_quiet(&[("requirements.txt", quiet)]);
    }
}

#[test]
fn an_index_that_the_policy_does_not_name_is_no_private_one() {
    let (place, message, help) =
        only(&[("requirements.txt", "--index-url https://mirror.example.com/simple\nacme-billing==1\n")]);
    assert_eq!(place, "requirements.txt:2:1");
    assert_eq!(
        message,
        "acme-billing 1 is private by your policy, but nothing keeps it from https://mirror.example.com/simple (not \
         called private by your policy)"
    );
    assert!(
        help.starts_with(
            "if that index is yours, write `\"https://mirror.example.com/simple\" = { private = true }` under \
             `[indexes]` of the policy; otherwise "
        ),
        "{help}"
    );
    let placeholder = only(&[("requirements.txt", "--index-url ${INDEX}\nacme-billing==1\n")]);
    assert!(placeholder.1.contains("an index whose address cannot be read"), "{}", placeholder.1);
}

#[test]
fn no_credential_comes_out() {
    let policy = POLICY.replace("https://index", "https://user:hunter2secret@index");
    let text = "--index-url https://deploy:hunter2secret@mirror.example.com/simple?token=hunter2secret\n\
                --extra-index-url https://deploy:hunter2secret@index.example.com/simple\n\
                --extra-index-url 'https://deploy:hunter2 secret@third.example.com/simple'\nacme-billing==1\n";
    let folder = folder(&[("audit.toml", &policy), ("requirements.txt", text)]);
    for format in ["human", "json"] {
        let ran = audit(folder.path(), &["--db", test_database(), "--format", format]);
        assert!(ran.out.contains("dependency-confusion"), "{}", ran.out);
        assert!(!ran.out.contains("hunter2secret") && !ran.err.contains("hunter2secret"), "{}", ran.out);
    }
    for finding in findings(&policy, &[("requirements.txt", text)]) {
        for key in ["message", "help"] {
            assert!(!finding[key].as_str().unwrap().contains("hunter2"), "{finding:#?}");
        }
    }
}

#[test]
fn an_ignore_with_a_path_covers_it() {
    let policy = format!(
        "{POLICY}[[ignore]]\nid = \"dependency-confusion\"\npackage = \"acme-billing\"\npath = \"old/\"\n\
         reason = \"r\"\n"
    );
    let text = "acme-billing==1\n";
    assert!(findings(&policy, &[("old/requirements.txt", text)]).is_empty());
    assert_eq!(findings(&policy, &[("new/requirements.txt", text)]).len(), 1);
}

#[test]
fn one_name_is_told_once() {
    let text = "acme-billing>=1\nacme-billing>=1 ; python_version < '3.12'\nacme-core\n";
    let found = findings(POLICY, &[("requirements.txt", text)]);
    assert_eq!(found.len(), 2, "{found:#?}");
    let related = found[0]["related"].as_array().unwrap();
    assert!(related.iter().any(|place| place["line"] == 2 && place["message"] == "and here"), "{related:#?}");
}

#[test]
fn the_project_itself_is_not_taken_from_an_index() {
    is_quiet(&[(
        "pyproject.toml",
        "[project]\nname = \"acme-app\"\nversion = \"1\"\n\
         [project.optional-dependencies]\nall = [\"acme-app[cli]\"]\ncli = []\n",
    )]);
}

#[test]
fn a_source_that_holds_under_a_marker_leaves_the_index_open() {
    let manifest = |source: &str| {
        format!(
            "[project]\nname = \"app\"\nversion = \"1\"\ndependencies = [\"acme-core\"]\n[[tool.uv.index]]\n\
             name = \"internal\"\nurl = \"https://index.example.com/simple\"\nexplicit = true\n[tool.uv.sources]\nacme-core = {source}\n"
        )
    };
    for (source, expected) in [
        ("{ index = \"internal\" }", 0),
        ("{ path = \"../core\" }", 0),
        ("{ workspace = true }", 0),
        ("{ git = \"https://git.example.com/core\" }", 0),
        ("{ workspace = false }", 1),
        ("{ path = \"../core\", marker = \"sys_platform == 'linux'\" }", 1),
        ("[{ index = \"internal\", marker = \"sys_platform == 'linux'\" }]", 1),
    ] {
        let text = manifest(source);
        assert_eq!(findings(POLICY, &[("pyproject.toml", &text)]).len(), expected, "{source}");
    }
}

/// What each tool is told to write.
#[test]
fn the_help_is_the_text_of_that_very_tool() {
    let flagged = super::common::top().join("fixtures/rules/dependency-confusion/flagged");
    let ran = audit(&flagged, &["--root", ".", "--format", "json", "--db", test_database()]);
    let report = ran.json();
    let mut told = String::new();
    for finding in report["findings"].as_array().unwrap() {
        if finding["rule"] == "dependency-confusion" {
            let place = &finding["location"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            told += &format!("{}:{}\n{}\n", text(&place["path"]), place["line"], text(&finding["help"]));
            for related in finding["related"].as_array().unwrap() {
                told += &format!(
                    "  {}:{} {}\n",
                    text(&related["path"]),
                    related["line"],
                    text(&related["message"])
                );
            }
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn an_index_without_slashes_is_no_folder() {
    for (registry, is_found) in [
        ("https:/other.example.com/simple", true),
        ("HTTPS:other.example.com/simple", true),
        ("https:\\\\\\\\other.example.com/simple", true),
        ("//other.example.com/simple", true),
        ("https://index.example.com@other.example.com/simple", true),
        ("https://index.example.com/simple", false),
        ("./wheels", false),
    ] {
        let lock = format!(
            "version = 1\nrequires-python = \">=3.9\"\n\n[[package]]\nname = \"acme-billing\"\nversion = \"1.0\"\n\
             source = {{ registry = \"{registry}\" }}\n"
        );
        assert_eq!(findings(POLICY, &[("uv.lock", &lock)]).len(), usize::from(is_found), "{registry}");
    }
}
