//! Ignores and policies that are written to be misread: what counts is listed, what does not count hides nothing, and a
//! policy that cannot be read ends the run.

use super::common::{Ran, audit, finish, folder, test_database, write};
use super::hostile::limited;
use super::planted::{PIN, WEAK};

fn run(files: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let folder = folder(files);
    let mut all = vec!["--db", test_database()];
    all.extend(arguments);
    audit(folder.path(), &all)
}

/// How many findings are about the pin, and how many ignored ones.
fn seen(ran: &Ran) -> (usize, usize) {
    let json = ran.json();
    let count = |list: &serde_json::Value| {
        let list = list.as_array().unwrap().iter();
        list.filter(|found| found["package"]["name"] == "invoicer" && found["rule"] == "known-vulnerability")
            .count()
    };
    (count(&json["findings"]), count(&json["ignored"]))
}

#[test]
fn comments_that_hide_nothing() {
    let spaces = " ".repeat(10_000);
    for line in [
        "# audit: ignore[CVE-0000-0003] above\ninvoicer==2.5",
        "invoicer==2.5\n# audit: ignore[CVE-0000-0003] below",
        "invoicer==2.5\n    # audit: ignore[CVE-0000-0003] below and indented",
        "invoicer==2.5  # audit: ignore[*] all",
        "invoicer==2.5  # audit: ignore[CVE-*] all of a kind",
        "invoicer==2.5  # audit: ignore[CVE-0000] the beginning",
        "invoicer==2.5  # audit: ignore[] none",
        "invoicer==2.5  # audit: ignore[,] a comma",
        "invoicer==2.5  # audit: ignore[,,,] commas",
        "invoicer==2.5  # audit: ignore",
        "invoicer==2.5  # audit: ignore[CVE-0000-0003 no end",
        "invoicer==2.5  # audit: ignore[CVE-0000-0003] late until 9999-12-32",
        "invoicer==2.5  # audit: ignore[CVE-0000-0003] late until 10000-01-01",
        "invoicer==2.5  # audit: ignore[CVE-0000-0003] late until never",
        "invoicer==2.5  # audit: ignore[CVE-0000-0003] over until 2026-11-20",
        "invoicer==2.5  # aud\u{200b}it: ignore[CVE-0000-0003] zero width",
        "invoicer==2.5  # audit: ignore[CVE-0000-0003\u{200b}] zero width",
        "invoicer==2.5  # \u{430}udit: ignore[CVE-0000-0003] another alphabet",
        "invoicer==2.5  # audit: ignore[\u{202e}3000-0000-EVC] the other way round",
        "invoicer==2.5  # audit: ignore[shoplib] another package",
        "invoicer==2.5  # audit: ignore[unsupported-input] another rule",
        "invoicer==2.5  # noqa  # nosec  # type: ignore  # audit: skip",
        "-r other.txt  # audit: ignore[CVE-0000-0003] of what is included\ninvoicer==2.5",
        "--hash=sha256:00  # audit: ignore[CVE-0000-0003] of an option\ninvoicer==2.5",
        "harmless==1.0  # audit: ignore[CVE-0000-0003] of the neighbour\ninvoicer==2.5",
        "# audit: ignore[CVE-0000-0003] of the next, which pip does not join \\\ninvoicer==2.5",
        "harmless==1.0  # audit: ignore[CVE-0000-0003] of the next\u{2028}invoicer==2.5\ninvoicer==2.5",
        &format!("harmless==1.0{spaces}# audit: ignore[CVE-0000-0003] far away\ninvoicer==2.5"),
    ] {
        let ran =
            run(&[("requirements.txt", &format!("{line}\n")), ("other.txt", "")], &["--format", "json"]);
        assert_eq!((ran.code, seen(&ran)), (1, (1, 0)), "{line}: {}", ran.err);
        let human = run(&[("requirements.txt", &format!("{line}\n")), ("other.txt", "")], &[]);
        for odd in ['\u{200b}', '\u{202e}', '\u{2028}'] {
            assert!(!human.out.contains(odd), "{line}: {}", human.out);
        }
    }
    let toml =
        |requirement: &str| format!("[project]\nname = 'x'\nversion = '1'\ndependencies = [{requirement}]\n");
    for text in [
        toml("'invoicer==2.5', '# audit: ignore[CVE-0000-0003] a text'"),
        toml("\"\"\"\\\n  invoicer==2.5\"\"\", ")
            + "description = '''\n# audit: ignore[CVE-0000-0003] x\n'''\n",
        toml("\n  # audit: ignore[CVE-0000-0003] above\n  'invoicer==2.5',\n"),
        toml("\n  'invoicer==2.5',\n] # audit: ignore[CVE-0000-0003] behind the bracket\n#"),
        format!("# audit: ignore[CVE-0000-0003] at the top\n{}", toml("'invoicer==2.5'")),
    ] {
        let ran = run(&[("pyproject.toml", &text)], &["--format", "json"]);
        assert_eq!((ran.code, seen(&ran)), (1, (1, 0)), "{text}: {}", ran.err);
    }
}

/// An ignore that holds can be written so that nobody sees it in the file: every report lists it, with its place.
#[test]
fn comments_that_hold_are_listed() {
    for comment in [
        format!("{}# audit: ignore[CVE-0000-0003] far away", " ".repeat(10_000)),
        "\u{a0}\u{3000}\u{2003}# audit: ignore[CVE-0000-0003] odd spaces".to_owned(),
        "  # Audit: Ignore[cve-0000-0003] in other letters".to_owned(),
        "  # AUDIT: IGNORE[CVE-0000-0003] in capitals".to_owned(),
        "  # audit: ignore[CVE-0000-0003] for ever until 9999-12-31".to_owned(),
        "  # audit: ignore[CVE-0000-0003] \u{202e}backwards\u{200b}".to_owned(),
        format!("  # {} # audit: ignore[CVE-0000-0003] behind much", "words ".repeat(2000)),
    ] {
        let text = format!("invoicer==2.5{comment}\n");
        let ran = run(&[("requirements.txt", &text)], &["--format", "json"]);
        assert_eq!((ran.code, seen(&ran)), (0, (0, 1)), "{comment:?}: {}", ran.err);
        let ignored = &ran.json()["ignored"][0];
        assert_eq!((ignored["location"]["line"].as_u64(), ignored["by"].as_str()), (Some(1), Some("inline")));
        let human = run(&[("requirements.txt", &text)], &[]);
        assert!(human.out.contains("ignored: 1") && human.out.contains("PYSEC-0000-3"), "{}", human.out);
        assert!(!human.out.contains(['\u{202e}', '\u{200b}']), "{}", human.out);
    }
}

/// A comment speaks for its line alone: that of a vendored file for that one, not for the same pin elsewhere.
#[test]
fn a_comment_of_another_file() {
    let with = "invoicer==2.5  # audit: ignore[CVE-0000-0003] vendored\n";
    let files = [("requirements.txt", PIN), ("vendor/requirements.txt", with)];
    let ran = run(&files, &["--format", "json"]);
    assert_eq!((ran.code, seen(&ran)), (1, (1, 1)), "{}", ran.out);
    assert_eq!(ran.json()["ignored"][0]["location"]["path"], "vendor/requirements.txt");
    for include in ["-r", "-c"] {
        let text = format!("{include} vendor/requirements.txt\n{PIN}");
        let ran =
            run(&[("requirements.txt", &text), ("vendor/requirements.txt", with)], &["--format", "json"]);
        assert!(ran.code == 1 && seen(&ran).0 >= 1, "{include}: {}", ran.out);
    }
}

#[test]
fn ignores_of_a_policy_that_name_no_flaw() {
    for entry in [
        "id = \"*\"",
        "id = \"CVE-*\"",
        "id = \"\"",
        "id = \" CVE-0000-0003\\u200b\"",
        "id = \"CVE-0000-0003\"\npackage = \"*\"",
        "id = \"CVE-0000-0003\"\npackage = \"invoice\"",
        "id = \"CVE-0000-0003\"\nversion = \"<2.5\"",
        "id = \"CVE-0000-0003\"\npath = \"vendor/..\"",
        "id = \"CVE-0000-0003\"\npath = \"require\"",
        "id = \"CVE-0000-0003\"\nuntil = 2026-11-20",
    ] {
        let policy = format!("[[ignore]]\n{entry}\nreason = \"planted\"\n");
        let ran = run(&[("requirements.txt", PIN), ("audit.toml", &policy)], &[]);
        assert!(matches!(ran.code, 1 | 2), "{entry}: {}{}", ran.out, ran.err);
        assert!(ran.code == 2 || ran.out.contains("PYSEC-0000-3"), "{entry}: {}", ran.out);
    }
}

/// A policy that cannot be read is never taken for none.
#[test]
fn policies_that_cannot_be_read() {
    let filler = "# a comment of some length, again and again and again\n";
    let many = |count: usize| "[[ignore]]\nid = \"CVE-0000-0003\"\nreason = \"planted\"\n".repeat(count);
    let deep = |open: &str, close: &str| format!("x = {}1{}\n", open.repeat(10_000), close.repeat(10_000));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("50 MB", filler.repeat(1_000_000).into_bytes(), "audit.toml: it is larger than 4 MiB"),
        ("100,000 ignores", many(100_000).into_bytes(), "audit.toml: it is larger than 4 MiB"),
        ("nested arrays", deep("[", "]").into_bytes(), "audit.toml:1:"),
        ("nested tables", deep("{a=", "}").into_bytes(), "audit.toml:1:"),
        ("a deep header", format!("[{}a]\nx = 1\n", "a.".repeat(10_000)).into_bytes(), "audit.toml:1:"),
        ("a key twice", b"fail-on = \"low\"\nfail-on = \"never\"\n".to_vec(), "audit.toml:2:1"),
        ("a table twice", b"[rules]\n[since]\n[rules]\n".to_vec(), "audit.toml:3:"),
        ("NUL", b"fail-on = \"never\"\n\0\n".to_vec(), "audit.toml:2:"),
        ("bytes", b"fail-on = \"never\"\n# J\xf6rg\n".to_vec(), "audit.toml:2: it is not UTF-8"),
        ("UTF-16", b"\xff\xfef\0a\0i\0l\0".to_vec(), "audit.toml:1: it is not UTF-8"),
        ("a conflict", b"<<<<<<< HEAD\nfail-on = \"low\"\n=======\n".to_vec(), "audit.toml:1:"),
        ("ESC", b"\"\\u001b[2Jx\" = 1\n".to_vec(), "audit.toml:1:1"),
        ("a date that is none", format!("{WEAK}until = 2026-02-30\n").into_bytes(), "audit.toml:5:"),
    ];
    for (what, bytes, place) in cases {
        let place_of = |name: &str| place.replace("audit.toml", name);
        let folder = folder(&[("requirements.txt", PIN)]);
        write(folder.path(), "audit.toml", &bytes);
        let ran = finish(limited(folder.path(), 2048, 2).args(["--db", test_database()]));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{what}: {}", ran.err);
        assert!(ran.err.contains(&place_of("audit.toml")), "{what}: {}", ran.err);
        assert!(ran.err.len() < 20_000 && !ran.err.contains('\u{1b}'), "{what}: {}", ran.err.len());
    }
    // A mark at the beginning is none of the policy, and as many ignores as fit are read in time.
    let ran = run(&[("requirements.txt", PIN), ("audit.toml", &format!("\u{feff}{WEAK}"))], &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let folder = folder(&[("requirements.txt", "deadlib==1.0\n"), ("audit.toml", &many(20_000))]);
    let ran = finish(limited(folder.path(), 2048, 10).args(["--db", test_database()]));
    assert!(ran.code == 1 && ran.out.contains("PYSEC-0000-7"), "{}", ran.err);
}
