//! Records that are made to cost much: what they may say is bounded, and what is read stays near linear.

use std::time::{Duration, Instant};

use super::{Database, TODAY, database, flaws, record, store};
use crate::advisory::osv;
use crate::advisory::{ImportOptions, import};
use crate::model::{PackageName, Version};

/// Far above what these cases take in a debug build, far below what a square of their size would.
const PATIENCE: Duration = Duration::from_mins(1);

#[test]
fn what_is_no_record_is_listed_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let huge = format!(r#"{{"id": "{}", "affected": []}}"#, "A".repeat(100_000));
    let deep = format!(r#"{{"id": "A", "affected": {}"#, "[".repeat(100_000));
    let good = record("PYSEC-1", "", "+0");
    let control = "{\"id\": \"PYSEC-\\u001b[2J\", \"affected\": []}".to_owned();
    for (name, text) in [("a", &huge), ("b", &deep), ("c", &good), ("d", &control)] {
        std::fs::write(folder.path().join(format!("{name}.json")), text).unwrap();
    }
    let (_, report) = import(&[folder.path().to_owned()], &ImportOptions::new(TODAY)).unwrap();
    assert_eq!((report.records, report.refused.len()), (1, 3));
    let reasons: Vec<_> = report.refused.iter().map(|refused| refused.reason.as_str()).collect();
    assert!(
        reasons[0].contains("expected an `id`") && reasons[1].contains("not an OSV record"),
        "{reasons:?}"
    );
}

#[test]
fn a_hundred_thousand_aliases_are_an_oddity() {
    let aliases: Vec<_> = (0..100_000).map(|number| format!("\"CVE-2026-{number}\"")).collect();
    let text = record("PYSEC-1", &format!(r#""aliases": [{}],"#, aliases.join(",")), "+0");
    let reading = osv::read(text.as_bytes()).unwrap();
    assert_eq!((reading.record.aliases.len(), reading.odd), (64, 100_000 - 64));
}

#[test]
fn a_hundred_thousand_events_and_versions() {
    let start = Instant::now();
    let events: Vec<_> = (0..50_000).map(|number| format!("+{number}.1 -{number}.5")).collect();
    let mut text = record("PYSEC-1", "", &events.join(" "));
    let versions: Vec<_> = (0..100_000).map(|number| format!("\"{number}.7\"")).collect();
    text = text.replacen(r#""ranges""#, &format!(r#""versions": [{}], "ranges""#, versions.join(",")), 1);
    let database = database(&[text]);
    assert_eq!(flaws(&database, "7.7")[0].evidence.safe_version.as_deref(), Some("8.5"));
    assert_eq!(flaws(&database, "49999.2")[0].evidence.safe_version.as_deref(), Some("49999.5"));
    assert!(flaws(&database, "49999.5").is_empty());
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

#[test]
fn alias_graphs_of_every_shape() {
    let start = Instant::now();
    let count = 3_000;
    let name = |number: usize| format!("PYSEC-{number}");
    let aliases = |ids: &[String]| {
        format!(r#""aliases": [{}],"#, ids.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(","))
    };
    // A chain: each record names the next one.
    let chain: Vec<_> =
        (0..count).map(|number| record(&name(number), &aliases(&[name(number + 1)]), "+0")).collect();
    let found = flaws(&database(&chain), "1");
    assert_eq!((found.len(), found[0].ids().count()), (1, count + 1));
    // A star with a CVE id each: as many flaws as CVE ids.
    let star: Vec<_> = (0..count)
        .map(|number| {
            record(&name(number), &aliases(&["GHSA-x".to_owned(), format!("CVE-2026-{number}")]), "+0")
        })
        .collect();
    assert_eq!(flaws(&database(&star), "1").len(), count);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

#[test]
fn of_one_id_the_record_that_was_changed_last_stays_whatever_the_order() {
    let old = record("PYSEC-1", r#""modified": "2026-01-01T00:00:00Z","#, "+0");
    let new = record("PYSEC-1", r#""modified": "2026-01-01T00:00:00.5Z","#, "+0 -1");
    let other = record("PYSEC-2", r#""aliases": ["B", "A"],"#, "+0 -2");
    let [first, second] = [store(&[&old, &new, &other]), store(&[&other, &new, &old])];
    assert!(first == second, "the order of records must not matter");
    let database = Database::from_bytes(first).unwrap();
    let ids = |version| database.matching_records(&PackageName::new("shop"), &Version::new(version)).unwrap();
    assert_eq!(ids("0.5"), ["PYSEC-1", "PYSEC-2"]);
    assert_eq!(ids("1.5"), ["PYSEC-2"], "the newer record says that 1 is fixed");
}
