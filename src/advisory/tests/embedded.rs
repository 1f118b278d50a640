//! The store in the program is what `audit db import advisory-db` makes, but for the packing of texts.

use std::fs;
use std::path::Path;

use crate::advisory::encode::writer::{Tools, write};
use crate::advisory::encode::{layout, table};
use crate::advisory::import::facts;
use crate::advisory::tools::TOOLS;
use crate::advisory::{Database, ImportOptions, import};

/// A day on which every date in the records has passed: the days of `sources.json` decide.
const LATER: &str = "2040-01-01";

/// architecture.md, Embedding: `build.rs` and the import have one encoder, "a test compares its bytes".
#[test]
fn its_bytes_are_those_of_an_import() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("advisory-db");
    let (facts, refused) = facts(std::slice::from_ref(&folder), &ImportOptions::new(LATER)).unwrap();
    assert_eq!(refused, []);
    let written = write(&facts, &Tools { deflate: None, ..TOOLS });
    let embedded = fs::read(concat!(env!("OUT_DIR"), "/advisories.store")).unwrap();
    assert!(written == embedded, "build.rs and the import disagree");

    let (bytes, report) = import(&[folder], &ImportOptions::new(LATER)).unwrap();
    assert_eq!((report.odd_fields, report.other), (0, 0));
    let (imported, embedded) = (Database::from_bytes(bytes).unwrap(), Database::embedded().unwrap());
    assert_eq!(imported.info().sources, embedded.info().sources);
    assert_eq!(imported.source_digests(), embedded.source_digests());
    assert!(imported.names().unwrap() == embedded.names().unwrap());
    embedded.verify().unwrap();
}

/// Issue: facts only, of two sources.
#[test]
fn it_holds_facts_of_two_sources_and_no_prose() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("advisory-db");
    let known = [
        "affected",
        "aliases",
        "database_specific",
        "id",
        "modified",
        "published",
        "references",
        "severity",
        "withdrawn",
    ];
    let mut count = 0;
    for file in crate::advisory::lines::files(&folder).unwrap() {
        for line in fs::read_to_string(file).unwrap().lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let id = record["id"].as_str().unwrap();
            assert!(id.starts_with("PYSEC-") || id.starts_with("MAL-"), "{id}");
            assert!(record.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{line}");
            assert!(record["references"].as_array().is_none_or(|list| list.len() == 1), "{line}");
            count += 1;
        }
    }
    let sources = Database::embedded().unwrap().info().sources;
    assert_eq!(sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>(), ["openssf", "pypa"]);
    assert_eq!(sources.iter().map(|source| source.records).sum::<usize>(), count);
}

/// `docs/store-format.md` says what the code does, as far as numbers go.
#[test]
fn the_format_is_described() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/store-format.md")).unwrap();
    let magic: Vec<_> = layout::MAGIC.iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = |tag: [u8; 4]| format!("| `{}` |", String::from_utf8_lossy(&tag));
    for fact in [
        format!("magic: `{}`", magic.join(" ")),
        format!("`u32`: format, {}", layout::FORMAT),
        format!("| {} | fields of the header |", layout::PREFIX),
        format!(
            "{} bytes and a region, packed or not, longer than {}",
            layout::HEADER_LIMIT,
            layout::REGION_LIMIT
        ),
        format!(
            "flags: {} withdrawn (never matches), {} malware, {} affects every version",
            layout::WITHDRAWN,
            layout::MALICIOUS,
            layout::EVERY_VERSION
        ),
        format!("{} when the", layout::NO_SCORE),
        tag(layout::SECTION_PROSE),
        tag(layout::SECTION_PACKAGES),
        tag(layout::SECTION_PAGES),
        tag(layout::SECTION_BUILD),
        format!("in regions of {} rows", table::ROWS_PER_PAGE),
        format!("{} for a percentile that is not known", table::NO_SHARE),
    ] {
        assert!(text.replace('\n', " ").contains(&fact), "docs/store-format.md does not say: {fact}");
    }
}
