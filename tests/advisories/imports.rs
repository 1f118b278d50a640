//! Real data in full, imported with the counts that its own descriptions give.

use std::path::PathBuf;

use depaudit::advisory::{
    Change, Database, ImportOptions, ImportReport, SourceDifference, difference, import,
};
use depaudit::model::{PackageName, Version};

use crate::shared::{TODAY, scratch, shared};

/// Imports files of `../shared`, with a present store or without.
fn imported(paths: &[&str], keep: Option<&PathBuf>) -> (Vec<u8>, ImportReport) {
    let inputs: Vec<PathBuf> = paths.iter().map(|path| shared(path)).collect();
    let mut options = ImportOptions::new(TODAY);
    options.keep = keep.map(PathBuf::as_path);
    import(&inputs, &options).unwrap()
}

/// Name and number of records of each source.
fn sources(report: &ImportReport) -> Vec<(&str, usize)> {
    report.sources.iter().map(|source| (source.name.as_str(), source.records)).collect()
}

fn database(bytes: Vec<u8>) -> Database {
    let database = Database::from_bytes(bytes).unwrap();
    database.verify().unwrap();
    database
}

fn count(difference: &SourceDifference, change: Change) -> usize {
    difference.records.iter().filter(|record| record.change == change).count()
}

const ALL: &str = "data/advisories/PyPI/all.zip";
const OLDER: &str = "data/advisories/older/PYSEC-2024-10-10.zip";
const KEV: &str = "data/risk/known_exploited_vulnerabilities.json";
const EPSS: &str = "data/risk/epss-partial-2025-07-05.csv";

#[test]
fn an_update_of_the_older_state() {
    let folder = scratch("update");
    let (old, report) = imported(&[OLDER], None);
    assert_eq!(sources(&report), [("pypa", 2_661)]);
    assert_eq!(report.refused, []);
    let file = folder.join("advisories.store");
    std::fs::write(&file, &old).unwrap();
    let (new, report) = imported(&[ALL], Some(&file));
    assert_eq!(sources(&report), [("github", 13), ("openssf", 4_596), ("pypa", 7_080)]);
    assert_eq!((report.records, report.refused.len(), report.other), (11_689, 0, 0));
    assert_eq!(report.kept, Vec::<String>::new());
    let (fresh, _) = imported(&[ALL], None);
    assert!(new == fresh, "an update holds what a new import holds, byte for byte");
    let (old, new) = (database(old), database(new));
    assert_eq!(new.inventory().unwrap().sources[2].withdrawn, 269);
    let found = difference(&old, &new).unwrap();
    let counts: Vec<_> = found
        .iter()
        .map(|source| (source.name.as_str(), Change::ALL.map(|change| count(source, change))))
        .collect();
    println!("from the older state: {counts:?}");
    let added: usize = found.iter().map(|source| count(source, Change::Added)).sum();
    let removed: usize = found.iter().map(|source| count(source, Change::Removed)).sum();
    assert_eq!(2_661 + added - removed, 11_689);
    let same = difference(&new, &database(fresh)).unwrap();
    assert!(same.iter().all(|source| source.records.is_empty()));
}

#[test]
fn records_about_no_package_are_passed_over_and_counted() {
    let (_, report) = imported(&[ALL, "data/advisories/psf-2024-09-07.zip"], None);
    assert_eq!((report.records, report.other, report.refused.len()), (11_689, 132, 0));
    let alone = import(&[shared("data/advisories/psf-2024-09-07.zip")], &ImportOptions::new(TODAY));
    assert!(alone.unwrap_err().to_string().contains("no advisory about a Python package"));
}

/// Ids such as `pypi/campaign/name` break the schema, and are ids all the same.
#[test]
fn ids_that_the_schema_refuses() {
    let (bytes, report) = imported(&["data/advisories/kam193-2026-08-22.zip"], None);
    assert_eq!(
        (report.records, report.other, report.refused.len()),
        (2_025, 0, 0),
        "{:?}",
        report.refused.first()
    );
    assert_eq!(sources(&report), [("other", 2_025)]);
    let database = database(bytes);
    let names = database.names().unwrap();
    let id = names
        .iter()
        .find_map(|name| database.flaws_by_name(name).unwrap().pop())
        .unwrap()
        .evidence
        .id
        .clone();
    let found = database.find(&id.to_uppercase()).unwrap();
    assert!(id.starts_with("pypi/") && found[0].id == id, "{id}");
}

#[test]
fn known_exploitation_and_scores() {
    let (bytes, report) = imported(&[ALL, KEV, EPSS], None);
    assert_eq!(
        sources(&report),
        [("epss", 110), ("github", 13), ("kev", 1_404), ("openssf", 4_596), ("pypa", 7_080)]
    );
    assert_eq!((report.risks, report.refused.len()), (1_514, 0));
    let days: Vec<_> = report.sources.iter().map(|source| source.published.as_str()).collect();
    assert_eq!((days[0], days[2]), ("2025-07-05", "2025-08-25"));
    let database = database(bytes);
    // The folder's own join: nine CVE ids of the catalogue occur in advisories about Python packages.
    let text = std::fs::read_to_string(shared("data/risk/pypi-kev.csv")).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for line in text.lines().skip(1) {
        let fields: Vec<_> = line.split(',').collect();
        let records = database.find(fields[0]).unwrap();
        let record = records.iter().find(|record| record.id == fields[1]).unwrap();
        let kev = record.kev.as_ref().unwrap();
        assert_eq!((kev.added.as_str(), kev.ransomware), (fields[3], fields[4] == "Known"), "{line}");
        assert!(record.affected.iter().any(|affected| affected.name == fields[2]), "{line}");
        ids.insert(fields[0].to_owned());
    }
    assert_eq!(ids.len(), 9);
    let flaws = database.flaws(&PackageName::new("apache-airflow"), &Version::new("1.10.10")).unwrap();
    let exploited = flaws.iter().take_while(|flaw| flaw.evidence.kev.is_some()).count();
    assert!(exploited > 0 && flaws.iter().skip(exploited).all(|flaw| flaw.evidence.kev.is_none()));
    let scored = std::fs::read_to_string(shared(EPSS)).unwrap();
    for line in scored.lines().skip(1) {
        let (id, rest) = line.split_once(',').unwrap();
        let probability: f64 = rest.split(',').next().unwrap().parse().unwrap();
        for record in database.find(id).unwrap() {
            let found = record.epss.unwrap();
            assert!(found.probability >= probability - 1e-9 && found.percentile.is_none(), "{line}");
        }
    }
}

/// As large as the real file: a row for each of 300,000 CVE ids.
#[test]
fn a_full_file_of_scores() {
    let folder = scratch("scores");
    let mut text =
        String::from("#model_version:v2025.03.14,score_date:2026-11-19T00:00:00+0000\ncve,epss,percentile\n");
    for number in 0..300_000 {
        text.push_str(&format!(
            "CVE-{}-{:04},0.{:05},0.{:05}\n",
            1999 + number % 27,
            number / 27 + 1,
            number % 99_999,
            number % 99_991
        ));
    }
    let file = folder.join("epss_scores-2026-11-19.csv");
    std::fs::write(&file, &text).unwrap();
    let (bytes, report) = import(&[file], &ImportOptions::new(TODAY)).unwrap();
    assert_eq!((report.risks, report.refused.len()), (300_000, 0));
    println!("300,000 scores: {} bytes of CSV, {} bytes in the store", text.len(), bytes.len());
    database(bytes);
}
