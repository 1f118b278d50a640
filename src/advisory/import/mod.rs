//! OSV records from zips, folders and files into a store, with what is known about exploitation.
//!
//! A record that cannot be read is listed with the reason and left out; it never stops the import and is never
//! passed over in silence. An archive that is made to do harm stops it.

mod archive;
mod extra;
mod gather;
mod origin;
mod risk;
mod safety_db;
mod yaml;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Error;
use super::encode::facts::{Facts, Source};
use super::encode::table::{Table, TableKind};
use super::encode::writer;
use super::store::Store;
use super::tools::TOOLS;
use crate::model::AdvisorySource;
pub(crate) use extra::EXTRA;
pub use extra::Extra;
use gather::Gathered;
pub use gather::Limits;

/// How to import.
#[derive(Debug, Clone, Copy)]
pub struct ImportOptions<'a> {
    /// Today (`2026-11-20`): no source is younger than that, whatever a record says.
    pub today: &'a str,
    /// A store whose other sources are kept: importing a source replaces that source only.
    pub keep: Option<&'a Path>,
    /// What an input may cost.
    pub limits: Limits,
}

impl<'a> ImportOptions<'a> {
    /// The usual limits, and nothing kept.
    pub fn new(today: &'a str) -> Self {
        Self { today, keep: None, limits: Limits::default() }
    }
}

/// A record that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRecord {
    /// Where it stands: a path, or an archive's path and the entry's name. Untrusted text.
    pub place: String,
    /// Why; lower case, no full stop.
    pub reason: String,
}

/// What an import found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// The sources of the new store, by name.
    pub sources: Vec<AdvisorySource>,
    /// The names of those among them that came from the store that was kept.
    pub kept: Vec<String>,
    /// How many records were read and are about a Python package.
    pub records: usize,
    /// How many of these are withdrawn.
    pub withdrawn: usize,
    /// How many records were read and are about no Python package.
    pub other: usize,
    /// How many CVE ids were read with what is known about their exploitation.
    pub risks: usize,
    /// How many fields were not what the schema says; what could be used of them was.
    pub odd_fields: usize,
    /// The records that were left out.
    pub refused: Vec<RefusedRecord>,
}

/// Reads records and writes a store. The bytes depend on the records alone: not on their order, nor on where they
/// came from.
pub fn import(inputs: &[PathBuf], options: &ImportOptions<'_>) -> Result<(Vec<u8>, ImportReport), Error> {
    let (mut facts, mut report) = gather(inputs, options)?;
    if let Some(path) = options.keep {
        keep(path, &mut facts, &mut report)?;
    }
    let bytes = writer::write(&facts, &TOOLS);
    let store = Store::from_bytes(bytes.clone(), "the new store")?;
    report.sources = store.sources().iter().map(super::database::to_model).collect();
    Ok((bytes, report))
}

/// Sources and records, for the diffable form of the snapshot.
pub(super) fn facts(
    inputs: &[PathBuf],
    options: &ImportOptions<'_>,
) -> Result<(Facts, Vec<RefusedRecord>), Error> {
    let (facts, report) = gather(inputs, options)?;
    Ok((facts, report.refused))
}

/// Reads all inputs; gives what was counted on the way as well.
pub(super) fn gather(
    inputs: &[PathBuf],
    options: &ImportOptions<'_>,
) -> Result<(Facts, ImportReport), Error> {
    let mut gathered = Gathered::new(options);
    for input in inputs {
        gathered.add(input)?;
    }
    let mut report = std::mem::take(&mut gathered.report);
    let tables = tables(gathered.risks, options.today);
    report.risks = tables.iter().map(|(_, table)| table.len()).sum();
    if gathered.records.is_empty() && tables.is_empty() {
        let what: Vec<_> = inputs.iter().map(|input| format!("`{}`", input.display())).collect();
        return Err(Error::NothingToImport { what: what.join(", ") });
    }
    report.records = gathered.records.len();
    report.withdrawn = gathered.records.iter().filter(|found| !found.record.withdrawn.is_empty()).count();
    let mut facts = origin::attribute(gathered.records);
    for (source, table) in tables {
        facts.sources.push(source);
        facts.tables.push(table);
    }
    Ok((facts, report))
}

/// One table of each kind, with its source. A day in the future is not believed, as with advisories.
fn tables(found: Vec<risk::Found>, today: &str) -> Vec<(Source, Table)> {
    let mut kinds: BTreeMap<TableKind, (String, Vec<Vec<u8>>)> = BTreeMap::new();
    for risk::Found { kind, day, rows } in found {
        if rows.is_empty() {
            continue;
        }
        let (newest, all) = kinds.entry(kind).or_default();
        if day > *newest {
            *newest = day.min(today.to_owned());
        }
        all.extend(rows);
    }
    let table = |(kind, (published, rows)): (TableKind, (String, Vec<Vec<u8>>))| {
        (Source { name: kind.source().to_owned(), published }, Table::new(kind, rows))
    };
    kinds.into_iter().map(table).collect()
}

/// Adds the sources of a store that were not imported now.
fn keep(path: &Path, facts: &mut Facts, report: &mut ImportReport) -> Result<(), Error> {
    let imported: Vec<String> = facts.sources.iter().map(|source| source.name.clone()).collect();
    facts.add(Store::open(path)?.facts()?, |_, source| !imported.contains(&source.name));
    report.kept = facts.sources.iter().skip(imported.len()).map(|source| source.name.clone()).collect();
    Ok(())
}
