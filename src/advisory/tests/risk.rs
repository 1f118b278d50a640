//! Known exploitation and its probability: what is read, kept, found and ordered.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Database, TODAY, flaws, record, store_with};
use crate::advisory::encode::table::{ROWS_PER_PAGE, TableKind};
use crate::advisory::store::Store;
use crate::advisory::{Error, ImportOptions, Limits, SourceKind, import};

const KEV: &str = r#"{"title": "T", "catalogVersion": "2026.01.03", "dateReleased": "2026-01-03T17:04:19.9Z", "count": 2,
    "vulnerabilities": [
        {"cveID": "CVE-2026-0001", "dateAdded": "2026-01-02", "dueDate": "2026-02-01", "knownRansomwareCampaignUse": "Known"},
        {"cveID": "cve-2026-0003", "dateAdded": "2025-12-31", "knownRansomwareCampaignUse": "Unknown"}]}"#;
const EPSS: &str = "#model_version:v2025.03.14,score_date:2026-01-05T00:00:00+0000\ncve,epss,percentile\n\
    CVE-2026-0001,0.94321,0.99871\nCVE-2026-0002,0.00043,0.10001\n";

fn records() -> Vec<String> {
    let with = |id: &str, cve: &str, severity: &str| {
        let more = format!(
            r#""aliases": ["{cve}"], "modified": "2026-01-01T00:00:00Z", "database_specific": {{"severity": "{severity}"}},"#
        );
        record(id, &more, "+0 -2")
    };
    vec![
        with("PYSEC-2026-1", "CVE-2026-0001", "LOW"),
        with("PYSEC-2026-2", "CVE-2026-0002", "LOW"),
        with("PYSEC-2026-3", "CVE-2026-0003", "MODERATE"),
        with("PYSEC-2026-4", "CVE-2026-0004", "CRITICAL"),
        with("PYSEC-2026-5", "CVE-2026-0005", "LOW"),
    ]
}

fn folder(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (name, bytes) in files {
        paths.push(folder.path().join(name));
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    (folder, paths)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn evidence_and_order() {
    let database =
        Database::from_bytes(store_with(&records(), &[("kev.json", KEV), ("epss.csv", EPSS)])).unwrap();
    database.verify().unwrap();
    let found = flaws(&database, "1");
    let ids: Vec<_> = found.iter().map(|flaw| flaw.evidence.id.as_str()).collect();
    // Exploited ones first, by severity; then the others by severity, probability and id.
    assert_eq!(ids, ["PYSEC-2026-3", "PYSEC-2026-1", "PYSEC-2026-4", "PYSEC-2026-2", "PYSEC-2026-5"]);
    let kev = found[1].evidence.kev.clone().unwrap();
    assert_eq!(
        (kev.added.as_str(), kev.due.as_deref(), kev.ransomware),
        ("2026-01-02", Some("2026-02-01"), true)
    );
    let other = found[0].evidence.kev.clone().unwrap();
    assert_eq!((other.added.as_str(), other.due, other.ransomware), ("2025-12-31", None, false));
    let epss = found[1].evidence.epss.clone().unwrap();
    assert_eq!(
        (epss.probability, epss.percentile, epss.published.as_str()),
        (0.94321, Some(0.99871), "2026-01-05")
    );
    assert!(found[2].evidence.kev.is_none() && found[2].evidence.epss.is_none());
    let days: Vec<_> = database.oldest().into_iter().map(|oldest| (oldest.kind, oldest.published)).collect();
    let expected = [
        (SourceKind::Vulnerabilities, "2026-01-01".to_owned()),
        (SourceKind::Exploited, "2026-01-03".to_owned()),
        (SourceKind::Probability, "2026-01-05".to_owned()),
    ];
    assert_eq!(days, expected);
}

#[test]
fn importing_one_replaces_that_one() {
    let (scratch, paths) = folder(&[
        ("all.store", &store_with(&records(), &[("kev.json", KEV), ("epss.csv", EPSS)])),
        ("epss_scores-2026-02-01.csv.gz", &gzip(b"cve,epss,percentile\nCVE-2026-0002,0.5,0.5\n")),
    ]);
    let mut options = ImportOptions::new(TODAY);
    options.keep = Some(&paths[0]);
    let (bytes, report) = import(&paths[1..], &options).unwrap();
    assert_eq!((report.records, report.risks, report.kept.join(" ")), (0, 1, "kev pypa".to_owned()));
    let database = Database::from_bytes(bytes).unwrap();
    database.verify().unwrap();
    let sources: Vec<_> =
        database.info().sources.into_iter().map(|one| (one.name, one.published, one.records)).collect();
    let expected = [("epss", "2026-02-01", 1), ("kev", "2026-01-03", 2), ("pypa", "2026-01-01", 5)];
    assert_eq!(sources, expected.map(|(name, day, count)| (name.to_owned(), day.to_owned(), count)));
    let found = flaws(&database, "1");
    let second = found.iter().find(|flaw| flaw.evidence.id == "PYSEC-2026-2").unwrap();
    assert_eq!(second.evidence.epss.as_ref().unwrap().parts(), 500_000);
    assert!(found.iter().all(|flaw| flaw.evidence.id != "PYSEC-2026-1" || flaw.evidence.epss.is_none()));
    drop(scratch);
}

#[test]
fn a_table_of_many_pages_answers_for_each_id() {
    let count = 3 * ROWS_PER_PAGE + 7;
    let mut text = String::from("cve,epss,percentile\n");
    (1..=count)
        .rev()
        .for_each(|number| text.push_str(&format!("CVE-2020-{:04},0.{number:05},0.1\n", 2 * number)));
    let store = Store::from_bytes(store_with(&records(), &[("epss.csv", &text)]), "it").unwrap();
    store.verify().unwrap();
    let table = store.table(TableKind::Epss).unwrap().unwrap();
    for number in 0..=2 * count + 1 {
        let key = crate::advisory::encode::table::cve_key(&format!("CVE-2020-{number:04}")).unwrap();
        let row = table.find(key).unwrap();
        let expected = (number > 0 && number % 2 == 0).then(|| u32::try_from(number / 2 * 10).unwrap());
        assert_eq!(row.map(|row| u32::from_le_bytes(*row.first_chunk().unwrap())), expected, "{number}");
    }
    assert!(store.table(TableKind::Kev).unwrap().is_none());
}

#[test]
fn bad_rows_are_listed_and_left_out() {
    let scores = "cve,cvss,epss\nCVE-2026-0001,9,0.5\nGHSA-a,9,0.5\nCVE-2026-0002,9,2\nCVE-2026-0004\n\
        CVE-2026-0005,\"9\n,8\",NaN\nCVE-2026-0006,1,1.0,more\n\x1b[31mCVE\n";
    let catalogue = r#"{"vulnerabilities": [{"cveID": "CVE-2026-0001", "dateAdded": "2026-01-02"}, {"cveID": "x", "dateAdded": "2026-01-02"},
        {"cveID": "CVE-2026-0002", "dateAdded": "soon"}, 7, {}]}"#;
    let (_scratch, paths) = folder(&[("some.csv", scores.as_bytes()), ("list.json", catalogue.as_bytes())]);
    let (bytes, report) = import(&paths, &ImportOptions::new(TODAY)).unwrap();
    assert_eq!((report.risks, report.refused.len()), (3, 9), "{:?}", report.refused);
    let sources = Database::from_bytes(bytes).unwrap().info().sources;
    let days: Vec<_> = sources
        .iter()
        .map(|source| (source.name.as_str(), source.published.as_str(), source.records))
        .collect();
    assert_eq!(days, [("epss", "", 2), ("kev", "", 1)], "no day was said");
    assert!(
        report.refused.iter().any(|refused| refused.place.ends_with("some.csv:3")),
        "{:?}",
        report.refused
    );
}

#[test]
fn what_is_no_such_file_is_said() {
    let bomb = gzip(&vec![b'\n'; 65 << 20]);
    let refused = |name: &str, bytes: &[u8]| {
        let (_scratch, paths) = folder(&[(name, bytes)]);
        import(&paths, &ImportOptions::new(TODAY)).unwrap_err()
    };
    assert!(matches!(refused("epss.csv.gz", &bomb), Error::Archive { why, .. } if why.contains("64 MiB")));
    assert!(matches!(refused("epss.csv.gz", &gzip(b"cve,epss\n")[..9]), Error::Archive { .. }));
    assert!(matches!(refused("epss.csv", b"name,price\nx,1\n"), Error::NothingToImport { .. }));
    assert!(matches!(
        refused("kev.json", br#"{"vulnerabilities": [{"cveID": "x"}]}"#),
        Error::NothingToImport { .. }
    ));
    let (_scratch, paths) = folder(&[("epss.csv", EPSS.as_bytes())]);
    let mut options = ImportOptions::new(TODAY);
    options.limits = Limits { entries: 1, ..Limits::default() };
    assert!(matches!(import(&paths, &options), Err(Error::Archive { why, .. }) if why == "more than 1 rows"));
    let mut future = ImportOptions::new("2026-01-04");
    future.keep = None;
    let (_, report) = import(&paths, &future).unwrap();
    assert_eq!(report.sources[0].published, "2026-01-04", "a day in the future is not believed");
}
