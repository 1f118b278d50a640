//! rules.md, "Matching", sentence by sentence.

use std::slice::from_ref;

use super::{Database, TODAY, database, flaws, record, store};
use crate::advisory::{Flaw, ImportOptions, import};
use crate::model::{PackageName, Severity, Version};

fn affected(records: &[String], version: &str) -> bool {
    let database = database(records);
    let by_record = database.is_affected(&PackageName::new("shop"), &Version::new(version)).unwrap();
    assert_eq!(by_record, !flaws(&database, version).is_empty(), "every question has one answer");
    by_record
}

fn ids(found: &[Flaw]) -> Vec<Vec<&str>> {
    found.iter().map(|flaw| flaw.ids().collect()).collect()
}

/// "ECOSYSTEM ranges and `versions` lists both read; GIT ranges ignored".
#[test]
fn ranges_and_lists() {
    let text = r#"{"id": "PYSEC-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "Shop"},
        "versions": ["0.5", "3.0a1"], "ranges": [
            {"type": "GIT", "repo": "r", "events": [{"introduced": "0"}]},
            {"type": "ECOSYSTEM", "events": [{"fixed": "2"}, {"introduced": "1"}]}]}]}"#;
    for (version, expected) in [
        ("0.5", true),
        ("0.5.0", true),
        ("0.6", false),
        ("1", true),
        ("1.9", true),
        ("2", false),
        ("3a1", true),
        ("3", false),
    ] {
        assert_eq!(affected(&[text.to_owned()], version), expected, "{version}");
    }
}

/// "versions and events that PEP 440 refuses sort below every proper one and match as exact strings".
#[test]
fn what_pep_440_refuses() {
    let text = record("PYSEC-1", "", "+2.0 -3.0").replacen(
        r#""ranges""#,
        r#""versions": ["2.9.0-NA"], "ranges""#,
        1,
    );
    for (version, expected) in [("2.9.0-NA", true), ("2.9.0-na", false), ("2.8.0-NA", false), ("2.9", true)] {
        assert_eq!(affected(from_ref(&text), version), expected, "{version}");
    }
    assert!(affected(&[record("PYSEC-1", "", "+0 -1.0")], "any-thing"), "below every proper version");
    assert!(!affected(&[record("PYSEC-1", "", "+0 =2.0-NA")], "0.1"));
}

/// "a local version (`2.0.0+cpu`) is affected when it or its public version is".
#[test]
fn local_versions() {
    assert!(affected(&[record("PYSEC-1", "", "+0 =2.0.0")], "2.0.0+cpu"));
    assert!(affected(&[record("PYSEC-1", "", "+2.0.0+cpu -2.0.1")], "2.0.0+cpu"));
    assert!(!affected(&[record("PYSEC-1", "", "+0 -2.0.0")], "2.0.0+cpu"));
}

/// "pre-releases count as PEP 440 orders them".
#[test]
fn pre_releases() {
    for (version, expected) in [("1.2rc1", true), ("1.2.dev3", true), ("1.2", false), ("1.2.post1", false)] {
        assert_eq!(affected(&[record("PYSEC-1", "", "+0 -1.2")], version), expected, "{version}");
    }
}

/// known-vulnerability: "an advisory that is not withdrawn".
#[test]
fn withdrawn_records_never_match() {
    let withdrawn = record("PYSEC-1", r#""withdrawn": "2026-01-01T00:00:00Z", "aliases": ["GHSA-1"],"#, "+0");
    assert!(!affected(from_ref(&withdrawn), "1"));
    // It does not speak of other flaws either, and its fixed versions and ranges bind nobody.
    let database = database(&[withdrawn, record("GHSA-1", "", "+0 -2")]);
    assert_eq!(ids(&flaws(&database, "1")), [["GHSA-1"]]);
    assert_eq!(flaws(&database, "1")[0].evidence.safe_version.as_deref(), Some("2"));
    assert!(database.flaws_by_name(&PackageName::new("shop")).unwrap().is_empty());
}

/// "aliases merged to their transitive closure, but never two different CVE ids of one package into one".
#[test]
fn one_finding_per_flaw() {
    let alias = |id: &str, aliases: &str| record(id, &format!(r#""aliases": [{aliases}],"#), "+0 -2");
    let chained = database(&[
        alias("PYSEC-1", r#""X""#),
        alias("GHSA-1", r#""X", "Y""#),
        alias("OSV-1", r#""Y", "CVE-2026-1""#),
    ]);
    assert_eq!(ids(&flaws(&chained, "1")), [["PYSEC-1", "CVE-2026-1", "GHSA-1", "OSV-1", "X", "Y"]]);
    let two = database(&[
        alias("PYSEC-1", r#""CVE-2026-1", "GHSA-1""#),
        alias("PYSEC-2", r#""CVE-2026-2", "GHSA-1""#),
        record("PYSEC-3", r#""aliases": ["CVE-2026-3"],"#, "+5"),
    ]);
    assert_eq!(
        ids(&flaws(&two, "1")),
        [["PYSEC-1", "CVE-2026-1", "GHSA-1"], ["PYSEC-2", "CVE-2026-2", "GHSA-1"]]
    );
}

/// "id shown PYSEC > GHSA > CVE, all ids kept".
#[test]
fn the_shown_id() {
    let alias = |id: &str, alias: &str| record(id, &format!(r#""aliases": ["{alias}"],"#), "+0 -2");
    for (records, expected) in [
        (vec![alias("GHSA-1", "PYSEC-9")], vec!["PYSEC-9", "GHSA-1"]),
        (vec![alias("CVE-1", "GHSA-1")], vec!["GHSA-1", "CVE-1"]),
        (vec![alias("CVE-1", "A-1")], vec!["CVE-1", "A-1"]),
    ] {
        assert_eq!(ids(&flaws(&database(&records), "1")), [expected]);
    }
}

/// "the highest score of any complete CVSS 4.0, 3.1, 3.0 or 2.0 vector of the merged records, shown with its version;
/// else the record's own word; else `unknown`".
#[test]
fn severity() {
    let vector = |score: &str| format!(r#""severity": [{{"type": "CVSS_V3", "score": "{score}"}}],"#);
    let word = r#""database_specific": {"severity": "HIGH"},"#;
    let incomplete = vector("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H");
    let medium = "AV:N/AC:L/Au:N/C:N/I:N/A:P";
    for (more, severity, cvss) in [
        (vector(medium) + word, Severity::Medium, Some(medium)),
        (incomplete.clone() + word, Severity::High, None),
        (incomplete, Severity::Unknown, None),
        (String::new(), Severity::Unknown, None),
    ] {
        let found = flaws(&database(&[record("PYSEC-1", &more, "+0")]), "1");
        assert_eq!((found[0].severity, found[0].evidence.cvss.as_deref()), (severity, cvss), "{more}");
    }
    // Merged: the record that scores highest need not be the one that is shown, nor the one that matched.
    let critical = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H";
    let merged = database(&[
        record("PYSEC-1", &format!(r#""aliases": ["GHSA-1"], {}"#, vector(medium)), "+0 -2"),
        record("GHSA-1", &vector(critical), "+0 -0.5"),
    ]);
    let found = flaws(&merged, "1");
    assert_eq!((found[0].severity, found[0].evidence.score), (Severity::Critical, Some(10.0)));
    assert_eq!(found[0].evidence.cvss.as_deref(), Some(critical));
}

/// "`safe_version`: the smallest `fixed` event above the present version that no known advisory affects, final before
/// pre-release unless the present one is a pre-release; else null, and the last affected version is named."
#[test]
fn the_safe_version() {
    let safe = |records: &[String], version: &str| {
        let found = flaws(&database(records), version);
        (found[0].evidence.safe_version.clone(), found[0].evidence.last_affected.clone())
    };
    let safe_only = |records: &[String], version: &str| safe(records, version).0.unwrap_or_default();
    let one = |events: &str| [record("PYSEC-1", "", events)];
    assert_eq!(safe_only(&one("+0 -1.2 +2 -2.3"), "1"), "1.2");
    assert_eq!(safe_only(&one("+0 -1.2 +2 -2.3"), "2"), "2.3", "a fix below the present version is no step");
    let other = |id: &str, events: &str| record(id, "", events);
    assert_eq!(safe_only(&[other("PYSEC-1", "+0 -1.2"), other("PYSEC-2", "+1.1 -1.4")], "1"), "1.4");
    assert_eq!(safe_only(&[other("PYSEC-1", "+0 -1.2rc1"), other("PYSEC-2", "+0 -1.5")], "1"), "1.5");
    assert_eq!(safe_only(&one("+0 -1.2rc1"), "1"), "1.2rc1", "better than nothing");
    assert_eq!(safe_only(&[other("PYSEC-1", "+0 -1.2rc1"), other("PYSEC-2", "+0 -1.1")], "1.0a1"), "1.2rc1");
    let listed = other("PYSEC-2", "+7 -8").replacen(r#""ranges""#, r#""versions": ["1.2"], "ranges""#, 1);
    assert_eq!(safe_only(&[other("PYSEC-1", "+0 -1.2 +1.3 -1.4"), listed], "1"), "1.4");
    assert_eq!(safe(&one("+0 =1.9"), "1"), (None, Some("1.9".to_owned())));
    assert_eq!(safe(&one("+0"), "1"), (None, None));
    assert_eq!(safe(&[other("PYSEC-1", "+0 -2"), other("PYSEC-2", "+0")], "1").0, None);
    assert_eq!(flaws(&database(&one("+0 -1.2 +2 -2.3")), "1")[0].evidence.fixed, ["1.2", "2.3"]);
}

/// "Records that affect every version match by name alone; a compromised release of a good project by version only,
/// never by name" (malicious-package); the rest of the first sentence holds for vulnerabilities as well.
#[test]
fn by_name_alone() {
    let by_name = |records: &[String]| -> Vec<(String, bool)> {
        let found = database(records).flaws_by_name(&PackageName::new("shop")).unwrap();
        found.into_iter().map(|flaw| (flaw.evidence.id.clone(), flaw.malicious)).collect()
    };
    let release = record("MAL-2", "", "").replacen(r#""ranges""#, r#""versions": ["8.3.41"], "ranges""#, 1);
    assert_eq!(by_name(&[record("MAL-1", "", "+0")]), [("MAL-1".to_owned(), true)]);
    assert_eq!(by_name(&[record("PYSEC-1", "", "+0")]), [("PYSEC-1".to_owned(), false)]);
    assert_eq!(by_name(from_ref(&release)), []);
    assert!(affected(from_ref(&release), "8.3.41") && !affected(&[release], "8.3.42"));
    for events in ["+0 -9", "+0 =9", "+0.0.1", "+0 <9"] {
        assert_eq!(by_name(&[record("PYSEC-1", "", events)]), [], "{events}");
    }
}

/// The day of a source is that of the newest change of its records, never one in the future.
#[test]
fn the_day_of_a_source() {
    let modified = |id: &str, day: &str| record(id, &format!(r#""modified": "{day}T00:00:00Z","#), "+0");
    let bytes = store(&[
        modified("PYSEC-1", "2026-07-01"),
        modified("PYSEC-2", "2027-07-09"),
        modified("GHSA-1", "2027-01-01"),
        modified("MAL-1", "2025-05-28"),
    ]);
    let sources = Database::from_bytes(bytes).unwrap().info().sources;
    let days: Vec<_> = sources
        .iter()
        .map(|source| (source.name.as_str(), source.published.as_str(), source.records))
        .collect();
    // Nothing is known of the day of `github` but that it is not later than the import.
    assert_eq!(days, [("github", TODAY, 1), ("openssf", "2025-05-28", 1), ("pypa", "2026-07-01", 2)]);
}

/// cli.md, "The database that is used": "importing a source replaces that source only".
#[test]
fn an_import_keeps_the_other_sources() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old.store"), folder.path().join("new.json"));
    std::fs::write(&old, store(&[record("PYSEC-1", "", "+0"), record("MAL-1", "", "+0")])).unwrap();
    std::fs::write(&new, record("PYSEC-2", "", "+0")).unwrap();
    let options = ImportOptions { keep: Some(&old), ..ImportOptions::new(TODAY) };
    let (bytes, report) = import(&[new], &options).unwrap();
    assert_eq!((report.kept.as_slice(), report.records), (&["openssf".to_owned()][..], 1));
    let database = Database::from_bytes(bytes).unwrap();
    let found = database.matching_records(&PackageName::new("shop"), &Version::new("1")).unwrap();
    assert_eq!(found, ["MAL-1", "PYSEC-2"]);
}
