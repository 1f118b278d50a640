//! Licenses: what the policy says of an expression, where evidence is found, and what hostile evidence cannot do.

use depaudit::license;
use depaudit::model::{PackageName, SourceFile, Sources, Version};
use depaudit::policy::{self, Dialect, LicenseStanding, LicenseSubject, Policy};
use depaudit::rules;
use serde_json::Value;

use super::common::{audit, folder, test_database, write};

fn policy(text: &str) -> Policy {
    let source = Sources::new(0).add(SourceFile::new("audit.toml", text.to_owned()));
    let read = policy::read(text, source, Dialect::AuditToml, &rules::all(), license::wording());
    read.unwrap_or_else(|complaints| panic!("{complaints:#?}")).unwrap()
}

fn complaints(text: &str) -> Vec<(std::ops::Range<usize>, String, Option<String>)> {
    let source = Sources::new(0).add(SourceFile::new("audit.toml", text.to_owned()));
    let read = policy::read(text, source, Dialect::AuditToml, &rules::all(), license::wording());
    let complaints = read.err().unwrap_or_default();
    complaints.into_iter().map(|one| (one.span.range(), one.message, one.help)).collect()
}

/// What a policy says of an expression for a package of these groups.
fn judged(policy: &Policy, expression: &str, package: (&str, &str), groups: &[&str]) -> LicenseStanding {
    let expression = license::parse(expression).unwrap();
    let (name, version) = (PackageName::new(package.0), Version::new(package.1));
    let groups: Vec<_> = groups
        .iter()
        .map(|group| policy.groups.get(*group).and_then(|group| group.licenses.as_ref()))
        .collect();
    let subject = LicenseSubject { package: &name, version: Some(&version), groups: &groups };
    policy.licenses.judge(&expression, &subject).0
}

#[test]
fn expressions_are_evaluated() {
    use LicenseStanding::{Allowed, Denied, Unlisted};
    for (lists, expression, expected) in [
        // One license, whatever its case and age.
        (r#"allow = ["MIT"]"#, "MIT", Allowed),
        (r#"allow = ["mit"]"#, "Mit", Allowed),
        (r#"allow = ["MIT"]"#, "ISC", Unlisted),
        ("allow = []", "MIT", Unlisted),
        (r#"allow = ["GPL-3.0"]"#, "GPL-3.0-only", Allowed),
        (r#"allow = ["MIT"]"#, "LicenseRef-Acme", Unlisted),
        (r#"allow = ["LicenseRef-Acme"]"#, "LicenseRef-Acme", Allowed),
        // Without a list of what is allowed everything is that is not denied.
        (r#"deny = ["ISC"]"#, "MIT", Allowed),
        (r#"deny = ["ISC"]"#, "ISC", Denied),
        // OR takes the best part, AND the worst.
        (r#"allow = ["MIT"]"#, "MIT OR GPL-3.0-only", Allowed),
        (r#"allow = ["MIT"]"#, "MIT AND GPL-3.0-only", Unlisted),
        (
            r#"allow = ["MIT"]
            deny = ["GPL-3.0-only"]"#,
            "MIT AND GPL-3.0-only",
            Denied,
        ),
        (
            r#"allow = ["MIT"]
            deny = ["GPL-3.0-only"]"#,
            "ISC OR GPL-3.0-only",
            Unlisted,
        ),
        (
            r#"allow = ["MIT", "ISC"]
            deny = ["GPL-3.0-only"]"#,
            "(MIT OR GPL-3.0-only) AND (ISC OR Zlib)",
            Allowed,
        ),
        (
            r#"allow = ["MIT"]
            deny = ["GPL-3.0-only", "AGPL-3.0-only"]"#,
            "GPL-3.0-only OR AGPL-3.0-only",
            Denied,
        ),
        // Versions are a choice.
        (r#"allow = ["GPL-3.0-only"]"#, "GPL-2.0-or-later", Allowed),
        (r#"allow = ["GPL-2.0-only"]"#, "GPL-3.0-or-later", Unlisted),
        (r#"allow = ["GPL-2.0-or-later"]"#, "GPL-3.0-only", Allowed),
        (r#"allow = ["GPL-3.0-or-later"]"#, "GPL-2.0-only", Unlisted),
        (r#"allow = ["Apache-2.0"]"#, "Apache-1.1+", Allowed),
        (r#"deny = ["AGPL-3.0-or-later"]"#, "AGPL-3.0-only", Denied),
        (r#"deny = ["AGPL-3.0-only"]"#, "AGPL-3.0-or-later", Denied),
        (r#"deny = ["GPL-3.0-or-later"]"#, "GPL-2.0-or-later", Allowed),
        (r#"deny = ["GPL-2.0-or-later"]"#, "LGPL-2.1-only", Allowed),
        // An exception has to be allowed by name; what is denied is denied with it as well.
        (r#"allow = ["GPL-2.0-only"]"#, "GPL-2.0-only WITH Classpath-exception-2.0", Unlisted),
        (
            r#"allow = ["GPL-2.0-only WITH Classpath-exception-2.0"]"#,
            "GPL-2.0-only WITH Classpath-exception-2.0",
            Allowed,
        ),
        (r#"allow = ["GPL-2.0-only WITH Classpath-exception-2.0"]"#, "GPL-2.0-only", Unlisted),
        (r#"deny = ["GPL-2.0-only"]"#, "GPL-2.0-only WITH Classpath-exception-2.0", Denied),
        (
            r#"allow = ["GPL-2.0-only WITH Classpath-exception-2.0"]
            deny = ["GPL-2.0-only"]"#,
            "GPL-2.0-only WITH Classpath-exception-2.0",
            Allowed,
        ),
        // Properties; a license that is named says more.
        (r#"allow = ["osi-approved"]"#, "MIT", Allowed),
        (r#"allow = ["osi-approved"]"#, "CC-BY-NC-4.0", Unlisted),
        (r#"allow = ["fsf-libre"]"#, "GPL-3.0-only", Allowed),
        (
            r#"allow = ["osi-approved"]
            deny = ["copyleft"]"#,
            "GPL-3.0-only",
            Denied,
        ),
        (
            r#"allow = ["LGPL-3.0-only"]
            deny = ["copyleft"]"#,
            "LGPL-3.0-only",
            Allowed,
        ),
        (
            r#"allow = ["osi-approved"]
            deny = ["MIT"]"#,
            "MIT",
            Denied,
        ),
        (
            r#"allow = ["MIT"]
            deny = ["MIT"]"#,
            "MIT",
            Denied,
        ),
        (r#"deny = ["copyleft"]"#, "MPL-2.0", Denied),
        (r#"deny = ["copyleft"]"#, "MIT AND BSD-3-Clause", Allowed),
        (r#"allow = ["osi-approved", "fsf-libre", "copyleft"]"#, "LicenseRef-Acme", Unlisted),
    ] {
        let policy = policy(&format!("[licenses]\n{lists}\n"));
        assert_eq!(judged(&policy, expression, ("acme", "1"), &[]), expected, "{lists}: {expression}");
    }
}

#[test]
fn exceptions_are_for_a_package_and_its_versions() {
    let policy = policy(
        "[licenses]\nallow = [\"MIT\"]\ndeny = [\"copyleft\"]\n\
         exceptions = [{ package = \"Chardet\", version = \"<6\", allow = [\"LGPL-2.1-or-later\"], reason = \"not linked\" }]\n",
    );
    let of = |package, expression| judged(&policy, expression, package, &[]);
    assert_eq!(of(("chardet", "5.2.0"), "LGPL-2.1-or-later"), LicenseStanding::Allowed);
    assert_eq!(of(("chardet", "5.2.0"), "LGPL-2.1-or-later AND MIT"), LicenseStanding::Allowed);
    assert_eq!(of(("chardet", "5.2.0"), "LGPL-2.1-or-later AND GPL-3.0-only"), LicenseStanding::Denied);
    assert_eq!(of(("chardet", "6.0"), "LGPL-2.1-or-later"), LicenseStanding::Denied, "another version");
    assert_eq!(of(("charset", "5.2.0"), "LGPL-2.1-or-later"), LicenseStanding::Denied, "another package");
}

#[test]
fn groups_may_be_laxer_and_the_strictest_counts() {
    let policy = policy(
        "[licenses]\nallow = [\"MIT\"]\ndeny = [\"copyleft\"]\n[groups.dev.licenses]\nallow = [\"GPL-3.0-only\", \"copyleft\"]\n",
    );
    let of = |groups: &[&str], expression| judged(&policy, expression, ("acme", "1"), groups);
    assert_eq!(of(&["dev"], "GPL-3.0-only"), LicenseStanding::Allowed);
    assert_eq!(of(&["dev"], "MPL-2.0"), LicenseStanding::Allowed, "the group is asked first");
    assert_eq!(of(&["dev"], "MIT"), LicenseStanding::Allowed, "then what holds for all");
    assert_eq!(of(&["dev", "main"], "GPL-3.0-only"), LicenseStanding::Denied);
    assert_eq!(of(&["docs"], "GPL-3.0-only"), LicenseStanding::Denied);
    assert_eq!(of(&[], "GPL-3.0-only"), LicenseStanding::Denied);
}

#[test]
fn what_is_wrong_in_the_policy_is_said_with_its_place() {
    let text = "[licenses]\nallow = [\"MIT\", \"Apache 2.0\", 3]\n";
    let found = complaints(text);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_eq!(&text[found[0].0.clone()], "Apache 2.0");
    assert!(found[0].2.as_deref().is_some_and(|help| help.contains("Apache-2.0")), "{found:#?}");
    for (text, what) in [
        ("[licenses]\nallow = \"MIT\"\n", "must be a list"),
        ("[licenses]\nallow = [\"MIT OR ISC\"]\n", "is no license"),
        ("[licenses]\nallows = [\"MIT\"]\n", "unknown key `allows`"),
        ("[licenses]\nexceptions = [{ allow = [\"MIT\"], reason = \"x\" }]\n", "must name a `package`"),
        ("[licenses]\nexceptions = [{ package = \"a\", reason = \"x\" }]\n", "must say what it allows"),
        (
            "[licenses]\nexceptions = [{ package = \"a\", allow = [], version = \"new\" }]\n",
            "must be a version",
        ),
        ("[licenses]\nclarify = [{ package = \"a\", reason = \"x\" }]\n", "must say which `expression`"),
        ("[licenses]\nclarify = [{ package = \"a\", expression = \"MIT or\" }]\n", "no license expression"),
        ("[licenses]\nclarify = { package = \"a\" }\n", "must be a list of tables"),
        ("[groups.dev.licenses]\nallowed = []\n", "unknown key `allowed`"),
        ("licenses = 3\n", "must be a table"),
    ] {
        let found = complaints(text);
        assert!(found.iter().any(|(_, message, _)| message.contains(what)), "{text}: {found:#?}");
    }
}

/// `audit licenses --format json` in a folder of these files.
fn report(files: &[(&str, &str)], arguments: &[&str]) -> (i32, Value) {
    let folder = folder(files);
    let mut all = vec!["licenses", "--format", "json", "--root", "."];
    all.extend(arguments);
    let ran = audit(folder.path(), &all);
    (ran.code, ran.json())
}

fn row<'a>(report: &'a Value, name: &str) -> &'a Value {
    let rows = report["packages"].as_array().unwrap();
    rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name} in {report:#}"))
}

const SITE: &str = ".venv/lib/python3.12/site-packages";

fn metadata(name: &str, version: &str, rest: &str) -> String {
    format!("Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{rest}\n")
}

#[test]
fn evidence_is_found_beside_the_project() {
    let path = format!("{SITE}/quayside-2.1.dist-info/METADATA");
    let text = metadata("Quayside", "2.1.0", "License-Expression: mit or apache-2.0");
    let (code, report) = report(&[("requirements.txt", "quayside==2.1\n"), (&path, &text)], &[]);
    let row = row(&report, "quayside");
    assert_eq!(
        (code, &row["expression"], &row["decision"]),
        (0, &"MIT OR Apache-2.0".into(), &"undecided".into())
    );
    assert_eq!(row["evidence"][0]["source"], "license-expression");
    assert_eq!((&row["evidence"][0]["path"], &row["evidence"][0]["line"]), (&path.into(), &4.into()));
}

#[test]
fn another_version_is_evidence_of_that_version_only() {
    let old = format!("{SITE}/quayside-1.0.dist-info/METADATA");
    let new = format!("{SITE}/quayside-3.0.dist-info/METADATA");
    let files = [
        ("requirements.txt", "quayside==2.1\n"),
        (&*old, &*metadata("quayside", "1.0", "License-Expression: ISC")),
        (&*new, &*metadata("quayside", "3.0", "License-Expression: MIT")),
    ];
    let (_, report) = report(&files, &[]);
    let evidence = &row(&report, "quayside")["evidence"][0];
    assert_eq!(
        (&evidence["about"], &evidence["strength"]),
        (&"1.0".into(), &"fallback".into()),
        "{report:#}"
    );
}

#[test]
fn folders_of_metadata_are_given() {
    let files = [
        ("requirements.txt", "quayside==2.1\nharbourmaster==1\n"),
        ("meta/quayside-2.1-py3-none-any.whl.metadata", &metadata("quayside", "2.1", "License: MIT")),
        (
            "meta/harbourmaster-1.dist-info/METADATA",
            &metadata("harbourmaster", "1", "License-Expression: ISC"),
        ),
    ];
    let (_, report) = report(&files, &["--metadata", "meta"]);
    assert_eq!(row(&report, "quayside")["expression"], "MIT");
    assert_eq!(row(&report, "harbourmaster")["expression"], "ISC");
}

#[test]
fn a_folder_without_metadata_is_an_error() {
    let folder = folder(&[("requirements.txt", "a==1\n"), ("meta/readme", "")]);
    for given in ["meta", "missing"] {
        let ran = audit(folder.path(), &["licenses", "--metadata", given]);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains(&format!("cannot read metadata from {given}")), "{}", ran.err);
    }
}

/// A wheel of stored entries.
fn wheel(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
    for (name, content) in entries {
        let (mut entry, config) =
            archive.new_file(name).compression_method(rawzip::CompressionMethod::STORE).start().unwrap();
        let mut writer = config.wrap(&mut entry);
        std::io::Write::write_all(&mut writer, content).unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

#[test]
fn wheels_are_read_in_place_and_broken_ones_are_said() {
    let text = metadata("quayside", "2.1", "License-Expression: MIT\nLicense-File: LICENSE");
    let good = wheel(&[
        ("quayside/__init__.py", b"raise SystemExit"),
        ("quayside-2.1.dist-info/METADATA", text.as_bytes()),
        (
            "quayside-2.1.dist-info/licenses/LICENSE",
            b"Copyright (c) 2020 Ada Quay\n\nAll terms are in the harbour.\n",
        ),
    ]);
    let twice =
        wheel(&[("a-1.dist-info/METADATA", text.as_bytes()), ("b-1.dist-info/METADATA", text.as_bytes())]);
    let folder = folder(&[("requirements.txt", "quayside==2.1\nmooring==1\nbuoy==1\nfender==1\n")]);
    write(folder.path(), "meta/quayside-2.1-py3-none-any.whl", &good);
    write(folder.path(), "meta/mooring-1-py3-none-any.whl", &good[..good.len() / 2]);
    write(folder.path(), "meta/buoy-1-py3-none-any.whl", &twice);
    write(folder.path(), "meta/fender-1-py3-none-any.whl", &good);
    let ran = audit(folder.path(), &["licenses", "--format", "json", "--metadata", "meta", "--root", "."]);
    let report = ran.json();
    let row = row(&report, "quayside");
    assert_eq!(row["expression"], "MIT");
    for name in ["mooring", "buoy", "fender"] {
        assert!(super::licenses::row(&report, name)["expression"].is_null(), "{name}: {report:#}");
    }
    let said = audit(folder.path(), &["licenses", "--metadata", "meta", "--root", "."]);
    let all = format!("{}{}", said.out, said.err).split_whitespace().collect::<Vec<_>>().join(" ");
    for (name, what) in [
        ("mooring-1-py3-none-any.whl", "no whole wheel"),
        ("buoy-1-py3-none-any.whl", "more than one METADATA"),
        ("fender-1-py3-none-any.whl", "another name"),
    ] {
        assert!(all.contains(name) && all.contains(what), "{name}: {all}");
    }
}

#[test]
#[cfg(unix)]
fn links_out_of_the_environment_are_not_followed() {
    let outside = folder(&[
        ("METADATA", &metadata("quayside", "2.1", "License-Expression: MIT")),
        ("LICENSE", "SECRET-CONTENT Copyright (c) 2020 Outside"),
    ]);
    let inside = folder(&[("requirements.txt", "quayside==2.1\nmooring==1\n")]);
    let site = inside.path().join(SITE);
    std::fs::create_dir_all(site.join("mooring-1.dist-info")).unwrap();
    std::os::unix::fs::symlink(outside.path(), site.join("quayside-2.1.dist-info")).unwrap();
    write(
        &site,
        "mooring-1.dist-info/METADATA",
        metadata("mooring", "1", "License-Expression: MIT\nLicense-File: LICENSE\nLicense-File: ../../x")
            .as_bytes(),
    );
    std::os::unix::fs::symlink(outside.path().join("LICENSE"), site.join("mooring-1.dist-info/LICENSE"))
        .unwrap();
    for format in ["json", "table", "notice", "html"] {
        let ran = audit(inside.path(), &["licenses", "--format", format, "--root", "."]);
        assert!(!ran.out.contains("SECRET-CONTENT"), "{format}: {}", ran.out);
    }
    let elsewhere = folder(&[("requirements.txt", "quayside==2.1\n")]);
    std::os::unix::fs::symlink(inside.path().join(".venv"), elsewhere.path().join(".venv")).unwrap();
    let said = audit(elsewhere.path(), &["licenses", "--root", "."]);
    assert!(said.out.contains("note: .venv: is a link that leads outside the root"), "{}", said.out);
    let report = audit(inside.path(), &["licenses", "--format", "json", "--root", "."]).json();
    assert!(row(&report, "quayside")["expression"].is_null(), "{report:#}");
    assert_eq!(row(&report, "mooring")["expression"], "MIT");
    let said = audit(inside.path(), &["licenses", "--root", "."]);
    assert!(
        format!("{}{}", said.out, said.err).contains("leads out of the folder"),
        "{}{}",
        said.out,
        said.err
    );
}

#[test]
fn broken_metadata_is_no_license_and_no_crash() {
    let cases: [(&str, &[u8]); 6] = [
        ("bad-utf8", b"Name: quayside\nVersion: 2.1\nLicense: \xff\xfe MIT\n"),
        ("no-name", b"Version: 2.1\nLicense-Expression: MIT\n"),
        ("folded", b"Name: quayside\nVersion: 2.1\nLicense-Expression: MIT\n  OR\n\tISC\n"),
        ("twice", b"Name: quayside\nVersion: 2.1\nLicense: MIT\nLicense: GPL-3.0-only\n"),
        ("body", b"Name: quayside\nVersion: 2.1\n\nLicense-Expression: MIT\n"),
        ("empty", b""),
    ];
    let mut seen = Vec::new();
    for (name, bytes) in cases {
        let folder = folder(&[("requirements.txt", "quayside==2.1\n")]);
        write(folder.path(), &format!("{SITE}/quayside-2.1.dist-info/METADATA"), bytes);
        let ran = audit(folder.path(), &["licenses", "--format", "json", "--root", "."]);
        let report = ran.json();
        seen.push((name, row(&report, "quayside")["expression"].as_str().map(str::to_owned), ran.code));
    }
    let expected = [None, Some("MIT"), Some("MIT OR ISC"), Some("MIT"), None, None];
    for ((name, expression, code), expected) in seen.iter().zip(expected) {
        assert_eq!((expression.as_deref(), *code), (expected, 0), "{name}");
    }
}

#[test]
fn a_clarification_of_a_private_name_and_its_groups() {
    let policy = "[names]\nprivate = [\"acme-*\"]\n[licenses]\nallow = [\"LicenseRef-Acme\"]\n\
                  clarify = [{ package = \"acme-core\", expression = \"LicenseRef-Acme\", reason = \"ours\" }]\n";
    let (code, report) = report(&[("audit.toml", policy), ("requirements.txt", "acme-core==1\n")], &[]);
    let row = row(&report, "acme-core");
    assert_eq!((code, &row["decision"]), (0, &"allowed".into()), "{report:#}");
    assert_eq!(row["reason"], "allowed by \"LicenseRef-Acme\" in audit.toml:4");
}

#[test]
fn entries_that_nothing_needs_and_entries_without_a_reason() {
    let policy = "[licenses]\nallow = [\"MIT\"]\nexceptions = [{ package = \"quayside\", allow = [\"ISC\"] }]\n\
                  clarify = [{ package = \"gone\", expression = \"MIT\", reason = \"x\" }]\n";
    let files = [
        ("audit.toml", policy),
        ("requirements.txt", "quayside==2.1\n"),
        ("meta/quayside-2.1.dist-info/METADATA", &metadata("quayside", "2.1", "License-Expression: MIT")),
    ];
    let folder = folder(&files);
    let ran = audit(
        folder.path(),
        &["--format", "json", "--db", test_database(), "--root", ".", "--metadata", "meta"],
    );
    let report = ran.json();
    let found: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"].as_str().is_some_and(|rule| rule.contains("ignore")))
        .map(|finding| {
            format!(
                "{} {} {}",
                finding["level"],
                finding["location"]["line"],
                finding["message"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "\"deny\" 3 the exception for quayside gives no reason",
            "\"note\" 3 the exception for quayside is not needed",
            "\"note\" 4 the clarification for gone matched nothing",
        ]
    );
}

#[test]
fn silent_until_there_is_a_policy_about_licenses() {
    let files = [
        ("requirements.txt", "quayside==2.1\n"),
        (&*format!("{SITE}/quayside-2.1.dist-info/METADATA"), &*metadata("quayside", "2.1", "License: GPL")),
    ];
    let folder = folder(&files);
    let rules = |arguments: &[&str]| -> Vec<String> {
        let mut all = vec!["--format", "json", "--db", test_database(), "--root", "."];
        all.extend(arguments);
        let report = audit(folder.path(), &all).json();
        let findings = report["findings"].as_array().unwrap().iter();
        let ids = findings.filter_map(|finding| finding["rule"].as_str().map(str::to_owned));
        ids.filter(|id| id.starts_with("license-")).collect()
    };
    assert!(rules(&[]).is_empty());
    assert_eq!(rules(&["--deny", "license-ambiguous"]), ["license-ambiguous"]);
}

#[test]
fn every_starting_policy_is_a_policy() {
    for stance in ["", "permissive", "weak-copyleft", "any-osi"] {
        let folder = folder(&[("requirements.txt", "quayside==2.1\n")]);
        let arguments: Vec<&str> =
            if stance.is_empty() { vec!["init"] } else { vec!["init", "--licenses", stance] };
        let ran = audit(folder.path(), &arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let text = std::fs::read_to_string(folder.path().join("audit.toml")).unwrap();
        assert_eq!(complaints(&text), [], "{stance}");
        assert_eq!(policy(&text).licenses.span.is_some(), !stance.is_empty());
        let again = audit(folder.path(), &arguments);
        assert_eq!(again.code, 2, "what somebody wrote stays");
        assert!(again.err.contains("there is one already"), "{}", again.err);
        let run = audit(folder.path(), &["--db", test_database(), "--root", "."]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    }
}

#[test]
fn starting_policies_decide_as_they_say() {
    use LicenseStanding::{Allowed, Denied, Unlisted};
    let of = |stance: &str| {
        let folder = folder(&[]);
        let ran = audit(folder.path(), &["init", "--stdout", "--licenses", stance]);
        policy(&ran.out)
    };
    for (stance, expected) in [
        ("permissive", [Allowed, Denied, Denied, Denied]),
        ("weak-copyleft", [Allowed, Allowed, Denied, Denied]),
        ("any-osi", [Allowed, Allowed, Allowed, Allowed]),
    ] {
        let policy = of(stance);
        let licenses =
            ["MIT OR GPL-3.0-only", "LGPL-2.1-only AND MPL-2.0", "GPL-3.0-or-later", "AGPL-3.0-only"];
        let found = licenses.map(|license| judged(&policy, license, ("acme", "1"), &[]));
        assert_eq!(found, expected, "{stance}");
        assert_eq!(judged(&policy, "LicenseRef-Proprietary", ("acme", "1"), &[]), Unlisted, "{stance}");
    }
}

#[test]
fn a_license_file_of_fifty_megabytes_costs_nothing() {
    let text = metadata("quayside", "2.1", "License-Expression: MIT\nLicense-File: LICENSE");
    let folder = folder(&[
        ("requirements.txt", "quayside==2.1\n"),
        (&format!("{SITE}/quayside-2.1.dist-info/METADATA"), &text),
    ]);
    let file = folder.path().join(SITE).join("quayside-2.1.dist-info/licenses/LICENSE");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let line = "All rights of the harbour are reserved by the harbour.\n".repeat(20_000);
    let mut bytes = line.into_bytes();
    bytes.resize(50 * 1024 * 1024, b'x');
    std::fs::write(&file, &bytes).unwrap();
    let ran = audit(folder.path(), &["licenses", "--root", ".", "--format", "json"]);
    assert_eq!(row(&ran.json(), "quayside")["expression"], "MIT");
    let notice = audit(folder.path(), &["licenses", "--root", ".", "--format", "notice"]);
    assert!(notice.out.len() < 3 * 1024 * 1024, "{} bytes", notice.out.len());
    let table = audit(folder.path(), &["licenses", "--root", "."]);
    let said = table.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("longer than 1 MiB"), "{said}");
    assert!(notice.out.contains("[the rest of this file is left out"), "a cut text says so");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(256))]

    /// What is allowed besides never makes a verdict worse, what is denied besides never better.
    #[test]
    fn lists_are_monotonous(
        expression in "(MIT|ISC|GPL-3\\.0-only|GPL-2\\.0-or-later|LGPL-2\\.1-only|Apache-2\\.0)( (AND|OR) (MIT|ISC|MPL-2\\.0|GPL-2\\.0-only|AGPL-3\\.0-only)){0,3}",
        allow in proptest::collection::vec("MIT|ISC|osi-approved|GPL-3\\.0-or-later|copyleft|Apache-2\\.0", 0..3),
        deny in proptest::collection::vec("copyleft|AGPL-3\\.0-only|GPL-2\\.0-only|fsf-libre", 0..3),
        more in "MIT|copyleft|LGPL-2\\.1-or-later|GPL-2\\.0-only|fsf-libre|MPL-2\\.0",
    ) {
        let lists = |allow: &[String], deny: &[String]| policy(&format!("[licenses]\nallow = {allow:?}\ndeny = {deny:?}\n"));
        let judge = |policy: &Policy| judged(policy, &expression, ("acme", "1"), &[]);
        let before = judge(&lists(&allow, &deny));
        let mut wider = allow.clone();
        wider.push(more.clone());
        proptest::prop_assert!(judge(&lists(&wider, &deny)) >= before);
        let mut narrower = deny.clone();
        narrower.push(more);
        proptest::prop_assert!(judge(&lists(&allow, &narrower)) <= before);
    }
}

#[test]
fn a_notice_is_checked() {
    let path = format!("{SITE}/quayside-2.1.dist-info/METADATA");
    let text = metadata("quayside", "2.1", "License-Expression: GPL-3.0-only");
    let folder = folder(&[
        ("requirements.txt", "quayside==2.1\n"),
        ("audit.toml", "[licenses]\ndeny = [\"copyleft\"]\n"),
        (&path, &text),
    ]);
    let notice = audit(folder.path(), &["licenses", "--root", ".", "--format", "notice"]);
    assert_eq!(notice.code, 1, "the policy denies it");
    write(folder.path(), "NOTICE", notice.out.as_bytes());
    let check = || audit(folder.path(), &["licenses", "--root", ".", "--check", "NOTICE"]);
    let same = check();
    assert_eq!((same.code, same.out.as_str(), same.err.as_str()), (0, "", "NOTICE is up to date\n"));
    write(folder.path(), "requirements.txt", b"quayside==2.2\n");
    let differs = check();
    assert_eq!(differs.code, 1);
    assert!(differs.err.starts_with("NOTICE is out of date: line "), "{}", differs.err);
    assert!(differs.err.contains("quayside 2.2") && !differs.err.contains("\\x"), "{}", differs.err);
    write(
        folder.path(),
        "requirements.txt",
        b"quayside==2.1\nother @ git+https://git.example.com/other.git\n",
    );
    write(
        folder.path(),
        "NOTICE",
        audit(folder.path(), &["licenses", "--root", ".", "--format", "notice"]).out.as_bytes(),
    );
    assert_eq!(check().code, 3, "what was not read is not in the notice: {}", check().err);
    assert_eq!(audit(folder.path(), &["licenses", "--root", ".", "--check", "missing"]).code, 2);
}

#[test]
fn what_is_installed_elsewhere_tells_about_a_lock() {
    let text = metadata("quayside", "2.1", "License-Expression: MIT");
    let files =
        [("app/requirements.txt", "quayside==2.1\n"), ("env/quayside-2.1.dist-info/METADATA", &*text)];
    let (_, report) = report(&files, &["app", "--site-packages", "env"]);
    assert_eq!(row(&report, "quayside")["expression"], "MIT", "{report:#}");
    assert_eq!(report["packages"].as_array().unwrap().len(), 1, "one package, twice listed: {report:#}");
}

#[test]
fn metadata_without_a_version_is_about_an_unknown_one() {
    let path = format!("{SITE}/quayside-2.1.dist-info/METADATA");
    let files = [("requirements.txt", "quayside==2.1\n"), (&*path, "Name: quayside\nLicense: MIT\n")];
    let (_, report) = report(&files, &[]);
    let evidence = &row(&report, "quayside")["evidence"][0];
    assert_eq!(
        (&evidence["about"], &evidence["strength"]),
        (&"unknown version".into(), &"fallback".into()),
        "{report:#}"
    );
}
