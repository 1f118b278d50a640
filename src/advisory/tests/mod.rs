//! Tests of the whole way: records in, answers out.

mod damage;
mod embedded;
mod hostile_records;
mod hostile_zips;
mod matching;
mod risk;
mod safety_db;
mod yaml;

use std::fs;

use super::{Database, Flaw, ImportOptions, import};
use crate::model::{PackageName, Version};

/// The day of these tests.
const TODAY: &str = "2026-11-20";

/// A store of records, given as JSON.
fn store<T: AsRef<str>>(records: &[T]) -> Vec<u8> {
    store_with(records, &[])
}

/// The same with more files, which are named on their own.
fn store_with<T: AsRef<str>>(records: &[T], files: &[(&str, &str)]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("records")).unwrap();
    for (number, record) in records.iter().enumerate() {
        fs::write(folder.path().join(format!("records/{number:06}.json")), record.as_ref()).unwrap();
    }
    let mut inputs = vec![folder.path().join("records")];
    for (name, text) in files {
        inputs.push(folder.path().join(name));
        fs::write(folder.path().join(name), text).unwrap();
    }
    let (bytes, report) = import(&inputs, &ImportOptions::new(TODAY)).unwrap();
    assert_eq!(report.refused, []);
    bytes
}

/// A database of records, given as JSON.
fn database<T: AsRef<str>>(records: &[T]) -> Database {
    let database = Database::from_bytes(store(records)).unwrap();
    database.verify().unwrap();
    database
}

/// A record about the package `shop`: its id, more fields, and the events of one range (`+0 -1.2 =1.3 <2`).
fn record(id: &str, more: &str, events: &str) -> String {
    let event = |word: &str| {
        let (sign, version) = word.split_at(1);
        let kind = match sign {
            "+" => "introduced",
            "-" => "fixed",
            "=" => "last_affected",
            _ => "limit",
        };
        format!(r#"{{"{kind}": "{version}"}}"#)
    };
    let events: Vec<_> = events.split_whitespace().map(event).collect();
    format!(
        r#"{{"id": "{id}", {more} "affected": [{{"package": {{"ecosystem": "PyPI", "name": "shop"}},
            "ranges": [{{"type": "ECOSYSTEM", "events": [{}]}}]}}]}}"#,
        events.join(", ")
    )
}

/// The flaws of a version of `shop`.
fn flaws(database: &Database, version: &str) -> Vec<Flaw> {
    database.flaws(&PackageName::new("shop"), &Version::new(version)).unwrap()
}
