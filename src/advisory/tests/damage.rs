//! A damaged store is an error or gives the identical answers: never a panic, never another answer.

use std::fs;
use std::io::Write;

use super::{Database, Flaw, record, store_with};
use crate::advisory::Error;
use crate::advisory::encode::table::TableKind;
use crate::advisory::store::{Store, checksum};
use crate::model::{PackageName, Version};

/// Small, and with everything in it: notes, texts, intervals, leftovers, several sources, both kinds of tables with
/// more than one page.
fn small() -> Vec<u8> {
    let details = r#""summary": "Reads files", "details": "Long words about it.", "aliases": ["CVE-2026-0001"],
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "references": [{"type": "FIX", "url": "https://example.org/1"}], "modified": "2026-01-01T00:00:00Z","#;
    let mut scores =
        String::from("#model_version:v1,score_date:2026-01-02T00:00:00+0000\ncve,epss,percentile\n");
    (1..=256).for_each(|number| scores.push_str(&format!("CVE-2025-{number:04},0.5,\n")));
    scores.push_str("CVE-2026-0001,0.94,0.99\n");
    let catalogue = r#"{"catalogVersion": "2026.01.03", "vulnerabilities": [
        {"cveID": "CVE-2026-0001", "dateAdded": "2026-01-02", "dueDate": "2026-02-01", "knownRansomwareCampaignUse": "Known"}]}"#;
    let tables = [("epss.csv", scores.as_str()), ("kev.json", catalogue)];
    let records = [
        record("PYSEC-2026-1", details, "+0 -1.2 +2 =2.1"),
        record("GHSA-a", r#""aliases": ["CVE-2026-0001"], "published": "2025-01-01T00:00:00.5Z","#, "+0 -1.3"),
        r#"{"id": "MAL-2026-1", "aliases": ["CVE-2025-0001"], "affected": [{"package": {"ecosystem": "PyPI", "name": "bad"}, "versions": ["1.0", "x-y"]}]}"#
            .to_owned(),
    ];
    store_with(&records, &tables)
}

type Answers = (Vec<Vec<Flaw>>, Vec<Flaw>, Vec<PackageName>);

/// Everything that an audit asks.
fn ask(database: &Database) -> Result<Answers, Error> {
    let ask =
        |(name, version): &(&str, &str)| database.flaws(&PackageName::new(name), &Version::new(version));
    let pins =
        [("shop", "1.0"), ("shop", "2.1"), ("shop", "3"), ("bad", "1.0"), ("bad", "x-y"), ("other", "1")];
    let versions = pins.iter().map(ask).collect::<Result<_, _>>()?;
    Ok((versions, database.flaws_by_name(&PackageName::new("bad"))?, database.names()?))
}

#[test]
fn every_flipped_bit_is_an_error_or_changes_nothing() {
    let good = small();
    let expected = ask(&Database::from_bytes(good.clone()).unwrap()).unwrap();
    assert_eq!(expected.0.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 0, 1, 1, 0]);
    let mut unseen = 0;
    for bit in 0..good.len() * 8 {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let Ok(database) = Database::from_bytes(bytes) else { continue };
        if let Ok(answers) = ask(&database) {
            assert_eq!(answers, expected, "bit {bit}");
            unseen += 1;
        }
        assert!(database.verify().is_err(), "bit {bit} is not seen by `verify`");
    }
    // Details are not asked for by an audit, so flips in them may pass; most of the file is not details.
    assert!(unseen < good.len() * 2, "{unseen} of {}", good.len() * 8);
}

#[test]
fn every_cut_is_an_error_that_says_what_to_do() {
    let good = small();
    for length in 0..good.len() {
        let error = Database::from_bytes(good[..length].to_vec()).unwrap_err().to_string();
        assert!(error.contains("audit db import"), "{length}: {error}");
    }
    let longer = [&good[..], b"x"].concat();
    assert!(matches!(Database::from_bytes(longer), Err(Error::Damaged { .. })));
}

#[test]
fn a_file_that_is_cut_after_it_was_opened() {
    let good = small();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&good).unwrap();
    let database = Database::open(file.path()).unwrap();
    file.as_file().set_len(good.len() as u64 / 2).unwrap();
    let error = ask(&database).unwrap_err().to_string();
    assert!(error.contains(&file.path().display().to_string()) && error.contains("import"), "{error}");
    fs::write(file.path(), b"").unwrap();
    assert!(matches!(Database::open(file.path()), Err(Error::NotAStore { .. })));
}

#[test]
fn a_newer_format_says_what_to_do() {
    let mut bytes = small();
    bytes[8] += 1;
    let error = Database::from_bytes(bytes).unwrap_err();
    assert!(matches!(error, Error::NewerFormat { format, known, .. } if format == known + 1));
    let text = error.to_string();
    assert!(text.contains("update `audit`") && text.contains("audit db import"), "{text}");
}

/// A region with a true checksum and false contents is no accident, but must be no panic either.
#[test]
fn a_forged_region_is_damage() {
    let good = small();
    let store = Store::from_bytes(good.clone(), "it").unwrap();
    let package = store.package("shop").unwrap().unwrap().into_owned();
    let scores = store.table(TableKind::Epss).unwrap().unwrap();
    // A record, the index of a table, and the whole of its second page, which has one row.
    for region in [package, scores.index_for_tests(), scores.page_for_tests(1)] {
        forge(&good, store.body_for_tests(), &region);
    }
}

fn forge(good: &[u8], body: u64, region: &[u8]) {
    let at = good.windows(region.len()).position(|window| window == region).unwrap();
    for place in 0..region.len() {
        for byte in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bytes = good.to_vec();
            bytes[at + place] = byte;
            let sum = checksum(at as u64 - body, &bytes[at..at + region.len()]);
            bytes[at + region.len()..at + region.len() + 8].copy_from_slice(&sum.to_le_bytes());
            let database = Database::from_bytes(bytes).unwrap();
            let _ = ask(&database);
            let _ = database.verify();
            let _ = database.export();
        }
    }
}
