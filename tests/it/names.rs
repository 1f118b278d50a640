//! `audit name`, and the rules about names.

use serde_json::Value;

use depaudit::names::Kind;

use super::common::{Ran, audit, audit_with_input, folder, top};

fn here() -> tempfile::TempDir {
    folder(&[])
}

/// Judges names, one JSON object a line.
fn judged(names: &[&str]) -> (i32, Vec<Value>) {
    let folder = here();
    let mut arguments = vec!["name", "--no-config", "--format", "json", "--"];
    arguments.extend(names);
    let ran = audit(folder.path(), &arguments);
    (ran.code, lines(&ran))
}

fn lines(ran: &Ran) -> Vec<Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn verdict_kind_and_target_of_each_sort() {
    for (name, verdict, kind, target) in [
        ("requests", "ok", None, None),
        ("Flask", "ok", None, None),
        ("zope.interface", "ok", None, None),
        ("completely-unheard-of-thing", "ok", None, None),
        ("reqeusts", "deceptive", Some("transposition"), Some("requests")),
        ("requestss", "deceptive", Some("repeated-letter"), Some("requests")),
        ("requets", "deceptive", Some("missing-letter"), Some("requests")),
        ("numoy", "deceptive", Some("neighbouring-key"), Some("numpy")),
        ("coloramma", "deceptive", Some("repeated-letter"), Some("colorama")),
        ("django-filters", "suspect", Some("plural"), Some("django-filter")),
        ("elasticsearch2", "suspect", Some("number"), Some("elasticsearch")),
        ("useragents", "suspect", Some("separator"), Some("user-agents")),
        ("nacos-python-sdk", "suspect", Some("word-order"), Some("nacos-sdk-python")),
        ("requests-dev", "suspect", Some("affix"), Some("requests")),
        ("r3quests", "deceptive", Some("look-alike"), Some("requests")),
        ("requ\u{435}sts", "deceptive", Some("confusable"), Some("requests")),
        ("pi\u{200b}llow", "deceptive", Some("confusable"), Some("pillow")),
        ("\u{8336}\u{9053}", "suspect", Some("confusable"), None),
        ("cv2", "suspect", Some("import-name"), Some("opencv-python")),
        ("skimage", "suspect", Some("import-name"), Some("scikit-image")),
        ("json", "suspect", Some("standard-library"), None),
        ("py_compile", "suspect", Some("standard-library"), None),
        ("", "suspect", Some("invalid"), None),
        ("a b", "suspect", Some("invalid"), None),
        ("requests==2", "suspect", Some("invalid"), None),
        ("-x", "suspect", Some("invalid"), None),
    ] {
        let (code, lines) = judged(&[name]);
        let [line] = &lines[..] else { panic!("{name}: {lines:?}") };
        let text = |key: &str| line[key].as_str();
        assert_eq!((text("name"), text("verdict")), (Some(name), Some(verdict)), "{line}");
        assert_eq!((text("kind"), text("target")), (kind, target), "{line}");
        assert_eq!(code, i32::from(verdict != "ok"), "{name}");
        let score = line["score"].as_f64().unwrap();
        assert_eq!(score >= 0.5, verdict != "ok", "{line}");
        assert!((0.0..=1.0).contains(&score) && !line["reasons"].as_array().unwrap().is_empty(), "{line}");
        let mut keys: Vec<&String> = line.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["kind", "name", "reasons", "score", "target", "verdict"]);
    }
}

#[test]
fn the_page_about_names_has_every_kind() {
    let page = std::fs::read_to_string(top().join("docs/names.md")).unwrap();
    for (_, word, meaning) in Kind::ALL {
        let row = format!("| `{word}` | {meaning} |\n");
        assert!(page.contains(&row), "docs/names.md lacks {row}");
    }
}

#[test]
fn the_human_report() {
    let folder = here();
    let names = ["requests", "dequests", "python3-dateutil", "requ\u{435}sts", "cv2", "json", "a b"];
    let ran = audit(folder.path(), &[&["name", "--no-config"], &names[..]].concat());
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.out);
    let quiet = audit(folder.path(), &["name", "--no-config", "-q", "requests", "flask"]);
    assert_eq!((quiet.code, quiet.out.as_str()), (0, ""));
}

#[test]
fn names_come_on_standard_input_too() {
    let folder = here();
    let input = "\u{feff}requests\r\n\n  reqeusts \nflask";
    let ran = audit_with_input(folder.path(), &["name", "--no-config", "--format", "json"], input.as_bytes());
    let names: Vec<String> =
        lines(&ran).iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        (ran.code, names),
        (1, vec!["requests".to_owned(), "reqeusts".to_owned(), "flask".to_owned()])
    );

    let empty = audit_with_input(folder.path(), &["name", "--no-config"], b"\n \n");
    assert_eq!(empty.code, 2);
    assert!(empty.err.contains("holds no name"), "{}", empty.err);
    let unreadable =
        audit_with_input(folder.path(), &["name", "--no-config", "--format", "json"], b"re\xffquests\n");
    assert_eq!(
        (unreadable.code, lines(&unreadable).len()),
        (1, 1),
        "a name that is no UTF-8 is judged as it reads"
    );
}

#[test]
fn hostile_names_are_judged_and_shown_escaped() {
    let folder = here();
    let long = "x".repeat(10_000);
    let hostile =
        format!("re\u{202e}quests\n\u{1b}[31mrequests\nreq\0uests\n{long}\n-\n___\n\u{435}\u{200b}\n");
    for format in ["human", "json"] {
        let ran =
            audit_with_input(folder.path(), &["name", "--no-config", "--format", format], hostile.as_bytes());
        assert_eq!(ran.code, 1, "{}", ran.err);
        let odd =
            ran.out.chars().find(|c| c.is_control() && *c != '\n' || matches!(c, '\u{202e}' | '\u{200b}'));
        assert_eq!(odd, None, "{format}");
    }
    let ran =
        audit_with_input(folder.path(), &["name", "--no-config", "--format", "json"], hostile.as_bytes());
    let verdicts: Vec<Value> = lines(&ran).into_iter().map(|line| line["verdict"].clone()).collect();
    assert_eq!(verdicts, ["deceptive", "suspect", "suspect", "suspect", "suspect", "suspect", "suspect"]);
    assert_eq!(lines(&ran)[3]["name"].as_str().map(str::len), Some(10_000), "nothing is cut off in JSON");
}

#[test]
fn the_policy_of_the_folder_counts() {
    let policy = "[names]\nprivate = [\"acme-billing\", \"reqeusts\"]\ntrusted = [\"hrequests\"]\n";
    let folder = folder(&[("audit.toml", policy)]);
    let names =
        ["name", "--format", "json", "acme-billing", "acme-biling", "reqeusts", "hrequests", "Acme_Billing"];
    let ran = audit(folder.path(), &names);
    let rows: Vec<(Value, Value)> =
        lines(&ran).into_iter().map(|line| (line["verdict"].clone(), line["target"].clone())).collect();
    let ok = (Value::from("ok"), Value::Null);
    let near = (Value::from("deceptive"), Value::from("acme-billing"));
    assert_eq!(rows, [ok.clone(), near, ok.clone(), ok.clone(), ok]);
    let without = audit(folder.path(), &["name", "--no-config", "acme-biling", "hrequests"]);
    assert!(without.out.contains("ok: acme-biling") && without.out.contains(": hrequests may be"));
    let broken = audit(folder.path(), &["name", "--config", "missing.toml", "requests"]);
    assert_eq!(broken.code, 2);
}

#[test]
fn a_finding_points_at_the_name_and_carries_the_judgement() {
    let folder = folder(&[("requirements.txt", "requests==2.32.3\n  reqeusts [socks]  >=1\n")]);
    let ran = audit(folder.path(), &["--no-config", "--format", "json"]);
    let report = ran.json();
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["rule"] == "typosquat").unwrap();
    let place = &finding["location"];
    assert_eq!(
        (place["line"].as_u64(), place["column"].as_u64(), place["end_column"].as_u64()),
        (Some(2), Some(3), Some(11))
    );
    assert_eq!((finding["level"].as_str(), finding["confidence"].as_str()), (Some("deny"), Some("high")));
    assert_eq!(finding["name"]["target"], "requests");
    assert_eq!(finding["name"]["kind"], "transposition");
    assert!(finding["name"]["score"].as_f64().unwrap() > 0.9);
    assert_eq!(ran.code, 1);
}

#[test]
fn a_lock_cannot_call_a_name_its_own_that_it_takes_from_an_index() {
    let lock = |members: &str| {
        format!(
            "version = 1\nrequires-python = \">=3.9\"\n\n[manifest]\nmembers = [{members}]\n\n[[package]]\nname = \"own\"\n\
             version = \"0.1.0\"\nsource = {{ virtual = \".\" }}\ndependencies = [{{ name = \"reqeusts\" }}]\n\n\
             [[package]]\nname = \"reqeusts\"\nversion = \"2.32.3\"\n\
             source = {{ registry = \"https://index.example.com/simple\" }}\n"
        )
    };
    for members in ["\"own\"", "\"own\", \"reqeusts\""] {
        let folder = folder(&[("uv.lock", &lock(members))]);
        let report = audit(folder.path(), &["--no-config", "--format", "json"]).json();
        let findings = report["findings"].as_array().unwrap().iter();
        let found: Vec<_> = findings.filter(|finding| finding["rule"] == "typosquat").collect();
        assert_eq!(found.len(), 1, "{members}");
        assert_eq!(found[0]["level"], "deny", "{members}");
    }
}

#[test]
fn a_project_cannot_call_itself_by_the_name_that_it_takes_from_an_index() {
    let manifest = "[project]\nname = \"reqeusts\"\nversion = \"1\"\ndependencies = [\"reqeusts==2.32.3\"]\n";
    let folder = folder(&[("pyproject.toml", manifest), ("requirements.txt", "reqeusts==2.32.3\n")]);
    let ran = audit(folder.path(), &["--no-config", "--format", "json"]);
    let report = ran.json();
    let findings = report["findings"].as_array().unwrap();
    assert!(
        findings.iter().any(|finding| finding["rule"] == "typosquat" && finding["level"] == "deny"),
        "{}",
        ran.out
    );
}
