//! The source of the embedded snapshot, `advisory-db/`, made from records.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::encode::facts::Record;
use super::import::{self, ImportOptions, RefusedRecord};
use super::{Error, lines};

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SnapshotReport {
    /// Name, day and number of records of each source.
    pub sources: Vec<(String, String, usize)>,
    /// The records that could not be read.
    pub refused: Vec<RefusedRecord>,
}

/// Writes the diffable form of the snapshot into `folder`: the facts of the records of those sources that the
/// folder's `sources.json` lists. That file names origin, commit and license of each source and is kept by people;
/// dates and counts in it are updated.
pub fn write_snapshot_source(
    inputs: &[PathBuf],
    folder: &Path,
    options: &ImportOptions<'_>,
) -> Result<SnapshotReport, Error> {
    let path = folder.join(lines::SOURCES);
    let failed = |error| Error::io("read", &path, error);
    let list = fs::read(&path).map_err(failed)?;
    let mut list: Value = serde_json::from_slice(&list).map_err(|error| failed(error.into()))?;
    let (facts, refused) = import::facts(inputs, options)?;
    let (found, records) = (facts.sources, facts.records);
    let mut report = SnapshotReport { sources: Vec::new(), refused };
    let mut chosen: BTreeMap<&str, &Record> = BTreeMap::new();
    for listed in list.get_mut("sources").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = listed.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(number) = found.iter().position(|source| source.name == name) else { continue };
        let own: Vec<_> = records.iter().filter(|(source, _)| *source == number).collect();
        let published = found.get(number).map(|source| source.published.clone()).unwrap_or_default();
        chosen.extend(own.iter().map(|(_, record)| (record.id.as_str(), record)));
        if let Some(object) = listed.as_object_mut() {
            object.insert("published".to_owned(), published.clone().into());
            object.insert("records".to_owned(), own.len().into());
        }
        report.sources.push((name, published, own.len()));
    }
    for old in lines::files(folder).map_err(|error| Error::io("list", folder, error))? {
        fs::remove_file(&old).map_err(|error| Error::io("write", &old, error))?;
    }
    let mut files = lines::write(chosen.into_values());
    let text = serde_json::to_string_pretty(&list).unwrap_or_default() + "\n";
    files.insert(lines::SOURCES.to_owned(), text);
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| Error::io("write", &path, error))?;
    }
    Ok(report)
}
