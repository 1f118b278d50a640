//! safety-db, both generations, as a second source. The files are our own: the real ones may not be copied.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{TODAY, flaws, record};
use crate::advisory::store::Store;
use crate::advisory::{Database, Error, ImportOptions, ImportReport, Limits, import};
use crate::model::{PackageName, Version};

/// 2026-04-01.
const META: &str = r#""$meta": {"timestamp": 1775023247}"#;

const PLAIN: &str = r#""shop": [">1.0.5,<2", "==0.1", "~=3.0"], "Big_Shop": [">=0", 7], "odd": "<1""#;

const FULL: &str = r#""shop": [
    {"id": "pyup.io-1", "cve": "CVE-0000-1, PVE-0000-7", "advisory": "A basket runs code.", "specs": [">1.0.5,<2", "==3.1"], "v": "x"},
    {"id": "2", "cve": null, "advisory": "x", "specs": ["<0.5"]},
    {"id": "pyup.io-3", "specs": []}, {"cve": "CVE-0000-3", "specs": ["<1"]}, {"id": "pyup.io-4", "specs": [">=2,<1"]},
    {"id": "pyup.io-6", "specs": ["~=7", "==7.7"]}],
    "evil": [{"id": "pyup.io-5", "advisory": "Evil is a malicious package.", "specs": [">=0"]}]"#;

fn file(folder: &Path, name: &str, content: &str) {
    fs::write(folder.join(name), format!("{{{META}, {content}}}")).unwrap();
}

fn read(folder: &Path) -> (Database, ImportReport) {
    let (bytes, report) = import(&[folder.to_owned()], &ImportOptions::new(TODAY)).unwrap();
    let store = Store::from_bytes(bytes.clone(), "the store").unwrap();
    let facts = store.facts().unwrap();
    let again = crate::advisory::encode::writer::write(&facts, &crate::advisory::tools::TOOLS);
    assert!(again == bytes, "facts are kept whole");
    (Database::from_bytes(bytes).unwrap(), report)
}

#[test]
fn names_with_specifiers() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "insecure.json", PLAIN);
    let (database, report) = read(folder.path());
    let [source] = &report.sources[..] else { panic!("{report:?}") };
    assert_eq!(
        (source.name.as_str(), source.published.as_str(), source.records),
        ("safety", "2026-04-01", 3)
    );
    let reasons: Vec<_> = report.refused.iter().map(|refused| refused.reason.as_str()).collect();
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert_eq!(reasons[0], "expected a specifier or a record");
    assert_eq!(reasons[1], "expected a list of specifiers or records");
    assert!(reasons[2].starts_with("SAFETYDB-") && reasons[2].ends_with("`~=3.0` is no range of versions"));
    for (version, hit) in [
        ("1.0.5", false),
        ("1.0.5.1", true),
        ("2.0rc1", true),
        ("2.0", false),
        ("0.1", true),
        ("0.1.1", false),
    ] {
        let found = flaws(&database, version);
        assert_eq!(!found.is_empty(), hit, "{version}");
        assert!(found.iter().all(|flaw| flaw.evidence.id.starts_with("SAFETYDB-")));
    }
    let matched = flaws(&database, "1.5")[0].evidence.matched[0].clone();
    assert_eq!((matched.introduced.as_deref(), matched.fixed.as_deref()), (Some(">1.0.5"), Some("2")));
    assert_eq!(database.flaws_by_name(&PackageName::new("big-shop")).unwrap().len(), 1);
}

#[test]
fn records_packed_and_plain() {
    let folder = tempfile::tempdir().unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(format!("\u{feff}{{{FULL}, {META}}}").as_bytes()).unwrap();
    fs::write(folder.path().join("insecure_full.json.gz"), packed.finish().unwrap()).unwrap();
    let (database, report) = read(folder.path());
    assert_eq!((report.records, report.refused.len()), (4, 4), "{report:?}");
    let partly = "pyup.io-6: `~=7` is no range of versions; the rest of the record is kept";
    assert!(report.refused.iter().any(|refused| refused.reason == partly), "{report:?}");
    assert_eq!(flaws(&database, "7.7").len(), 1);
    let found = flaws(&database, "3.1");
    let ids: Vec<_> = found[0].ids().collect();
    assert_eq!(ids, ["CVE-0000-1", "PVE-0000-7", "pyup.io-1"]);
    assert_eq!(found[0].evidence.summary.as_deref(), Some("A basket runs code."));
    assert_eq!(flaws(&database, "0.4")[0].evidence.id, "pyup.io-2", "a bare number gets the prefix");
    let evil = database.flaws(&PackageName::new("evil"), &Version::new("1")).unwrap();
    assert!(evil[0].malicious && !found[0].malicious);
}

/// One flaw that both sources know is one finding, with all ids.
#[test]
fn joined_with_the_other_sources() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "insecure_full.json", FULL);
    let pysec = record("PYSEC-0000-1", r#""aliases": ["CVE-0000-1"],"#, "+0 -2");
    fs::write(folder.path().join("1.json"), pysec).unwrap();
    let (database, _) = read(folder.path());
    let found = flaws(&database, "1.5");
    let [flaw] = &found[..] else { panic!("{found:?}") };
    assert_eq!(flaw.ids().collect::<Vec<_>>(), ["PYSEC-0000-1", "CVE-0000-1", "PVE-0000-7", "pyup.io-1"]);
    assert_eq!(flaw.evidence.matched.len(), 2);
    assert_eq!(flaws(&database, "1.0")[0].evidence.matched.len(), 1);
}

#[test]
fn what_is_no_such_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), record("PYSEC-0000-1", r#""summary": "\"$meta\"", "#, "+0"))
        .unwrap();
    fs::write(folder.path().join("b.json"), r#"{"$meta": {}, "shop": ["<1"]}"#).unwrap();
    fs::write(folder.path().join("c.json"), r#"{"$meta": {"timestamp": 1775023247}, "shop": ["<1""#).unwrap();
    let (_, report) = read(folder.path());
    assert_eq!(report.records, 1);
    assert!(report.refused[0].reason.starts_with("expected `$meta.timestamp`"), "{report:?}");
    assert_eq!(report.refused.len(), 2);
}

#[test]
fn a_bomb_is_not_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json.gz");
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&vec![b' '; 8 << 20]).unwrap();
    fs::write(&path, packed.finish().unwrap()).unwrap();
    let refused = |limits| {
        let options = ImportOptions { limits, ..ImportOptions::new(TODAY) };
        let Err(Error::Archive { why, .. }) = import(std::slice::from_ref(&path), &options) else { panic!() };
        why
    };
    assert_eq!(refused(Limits::default()), "unpacks to more than 200 times its size");
    let whole = Limits { file: 1 << 20, ratio: 5000, ..Limits::default() };
    assert_eq!(refused(whole), "larger than 1 MiB");
    fs::write(&path, [0x1f, 0x8b, 8, 0, 1]).unwrap();
    assert!(refused(Limits::default()).starts_with("cannot be unpacked"));
}

/// The diffable form has an event of our own for `>1.0.5`, which is read back.
#[test]
fn exclusive_bounds_survive_as_lines() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "insecure.json", r#""shop": [">1.0.5,<2"]"#);
    let (bytes, _) = import(&[folder.path().to_owned()], &ImportOptions::new(TODAY)).unwrap();
    let records = Store::from_bytes(bytes, "the store").unwrap().facts().unwrap().records;
    let lines = crate::advisory::lines::write(records.iter().map(|(_, record)| record));
    let line = lines.values().next().unwrap().trim();
    assert!(line.contains(r#"[{"after":"1.0.5"},{"fixed":"2"}]"#), "{line}");
    let reading = crate::advisory::osv::read(line.as_bytes()).unwrap();
    assert_eq!((reading.odd, &reading.record.affected), (0, &records[0].1.affected));
}
