//! What changed between two databases, record by record.

use crate::model::Arrange as _;
use crate::model::set_of;
use std::collections::{BTreeMap, BTreeSet};

use super::encode::facts::Facts;
use super::encode::table::{CveKey, KEY, Table, cve_key, cve_of};
use super::encode::writer::source_digest;
use super::tools::TOOLS;
use super::{Database, Error};

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
    /// It was withdrawn, and never matches any more.
    Withdrawn,
}

impl Change {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Added, Self::Removed, Self::Changed, Self::Withdrawn];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A record, or what is known about the exploitation of a CVE id, that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedRecord {
    /// What became of it.
    pub change: Change,
    /// Its id. Untrusted text.
    pub id: String,
    /// The packages that it is about, before or now. Empty for a CVE id that no record names.
    pub packages: Vec<String>,
}

/// What differs in one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDifference {
    /// Its name.
    pub name: String,
    /// The day of its data before; `None` when it was not there.
    pub old: Option<String>,
    /// The day of its data now; `None` when it is gone.
    pub new: Option<String>,
    /// Its rows are about CVE ids; it holds no records.
    pub is_table: bool,
    /// What differs, by change and id.
    pub records: Vec<ChangedRecord>,
}

/// What a record is compared by.
struct Print {
    digest: [u8; 32],
    withdrawn: bool,
    packages: BTreeSet<String>,
}

/// Compares all that is in use in two databases, by source and id. Each source of either is listed, also when nothing in
/// it differs. The day of a source is told, and is no difference by itself.
pub fn difference(old: &Database, new: &Database) -> Result<Vec<SourceDifference>, Error> {
    let (old, new) = (old.facts()?, new.facts()?);
    let names: BTreeSet<&str> =
        old.sources.iter().chain(&new.sources).map(|source| source.name.as_str()).collect();
    let mut packages = packages_by_cve(&old);
    for (key, names) in packages_by_cve(&new) {
        packages.entry(key).or_default().extend(names);
    }
    let mut differences = Vec::with_capacity(names.len());
    for name in names {
        let day = |facts: &Facts| {
            let source = facts.sources.iter().find(|source| source.name == name);
            source.map(|source| source.published.clone())
        };
        let tables = (table(&old, name), table(&new, name));
        let is_table = tables.0.is_some() || tables.1.is_some();
        let mut records = if is_table {
            rows(tables.0, tables.1, &packages)
        } else {
            changes(&prints(&old, name), &prints(&new, name))
        };
        records.arrange();
        differences.push(SourceDifference {
            name: name.to_owned(),
            old: day(&old),
            new: day(&new),
            is_table,
            records,
        });
    }
    Ok(differences)
}

fn table<'a>(facts: &'a Facts, name: &str) -> Option<&'a Table> {
    facts.tables.iter().find(|table| table.kind.source() == name)
}

/// The records of a source, by id.
fn prints<'a>(facts: &'a Facts, name: &str) -> BTreeMap<&'a str, Print> {
    let number = facts.sources.iter().position(|source| source.name == name);
    let own = facts.records.iter().filter(|(source, _)| Some(*source) == number);
    let print = |(_, record): &'a (usize, super::encode::facts::Record)| {
        let packages = record.affected.iter().map(|affected| affected.name.clone()).collect();
        let digest = source_digest(&[record], &TOOLS);
        (record.id.as_str(), Print { digest, withdrawn: !record.withdrawn.is_empty(), packages })
    };
    own.map(print).collect()
}

fn changes(old: &BTreeMap<&str, Print>, new: &BTreeMap<&str, Print>) -> Vec<ChangedRecord> {
    let ids: BTreeSet<&str> = set_of(old.keys().chain(new.keys()).copied());
    let mut found = Vec::new();
    for id in ids {
        let change = match (old.get(id), new.get(id)) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            (Some(before), Some(now)) if before.digest == now.digest => continue,
            (Some(before), Some(now)) if now.withdrawn && !before.withdrawn => Change::Withdrawn,
            _ => Change::Changed,
        };
        let both = [old.get(id), new.get(id)].into_iter().flatten();
        let packages: BTreeSet<&String> = set_of(both.flat_map(|print| &print.packages));
        found.push(ChangedRecord {
            change,
            id: id.to_owned(),
            packages: packages.into_iter().cloned().collect(),
        });
    }
    found
}

/// The packages that records with a CVE id are about.
fn packages_by_cve(facts: &Facts) -> BTreeMap<CveKey, BTreeSet<String>> {
    let mut packages: BTreeMap<CveKey, BTreeSet<String>> = BTreeMap::new();
    for (_, record) in &facts.records {
        for key in std::iter::once(&record.id).chain(&record.aliases).filter_map(|id| cve_key(id)) {
            packages
                .entry(key)
                .or_default()
                .extend(record.affected.iter().map(|affected| affected.name.clone()));
        }
    }
    packages
}

/// Walks two tables side by side: both are in order, and too large to be turned into maps.
fn rows(
    old: Option<&Table>,
    new: Option<&Table>,
    packages: &BTreeMap<CveKey, BTreeSet<String>>,
) -> Vec<ChangedRecord> {
    let (mut old, mut new) = (each_row(old).peekable(), each_row(new).peekable());
    let key = |row: &&[u8]| row.first_chunk::<KEY>().copied().unwrap_or_default();
    let mut found = Vec::new();
    loop {
        let (before, now) = (old.peek().map(key), new.peek().map(key));
        let (id, change) = match (before, now) {
            (None, None) => return found,
            (Some(before), Some(now)) if before == now => {
                if old.next() == new.next() {
                    continue;
                }
                (before, Change::Changed)
            }
            (Some(before), now) if now.is_none_or(|now| before < now) => {
                old.next();
                (before, Change::Removed)
            }
            (before, now) => {
                new.next();
                (now.or(before).unwrap_or_default(), Change::Added)
            }
        };
        let packages = packages.get(&id).into_iter().flatten().cloned().collect();
        found.push(ChangedRecord { change, id: cve_of(id), packages });
    }
}

fn each_row(table: Option<&Table>) -> std::slice::ChunksExact<'_, u8> {
    let width = table.map_or(1, |table| table.kind.width());
    table.map(|table| table.rows.as_slice()).unwrap_or_default().chunks_exact(width)
}
