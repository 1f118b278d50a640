//! What a record says, as plain values: no JSON, no store.

use super::table::Table;

/// One source of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// `pypa`, `openssf`, `github`, `safety`, `other`; `kev`, `epss`; `extra:PATH` for what a policy adds.
    pub(crate) name: String,
    /// The day its data is of (`2026-07-23`).
    pub(crate) published: String,
}

/// All that a store says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Facts {
    pub(crate) sources: Vec<Source>,
    /// Records with the number of their source.
    pub(crate) records: Vec<(usize, Record)>,
    /// At most one of a kind; the source is the one with the kind's name.
    pub(crate) tables: Vec<Table>,
}

impl Facts {
    /// Adds the sources of other facts that are wanted, with all that they say.
    pub(crate) fn add(&mut self, other: Self, wanted: impl Fn(usize, &Source) -> bool) {
        let mut numbers = Vec::with_capacity(other.sources.len());
        for (number, source) in other.sources.into_iter().enumerate() {
            let place = wanted(number, &source).then_some(self.sources.len());
            numbers.push(place);
            if place.is_some() {
                self.tables
                    .extend(other.tables.iter().filter(|table| table.kind.source() == source.name).cloned());
                self.sources.push(source);
            }
        }
        let place =
            |(number, record): (usize, Record)| Some((numbers.get(number).copied().flatten()?, record));
        self.records.extend(other.records.into_iter().filter_map(place));
    }
}

/// One advisory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) related: Vec<String>,
    /// RFC 3339, as written; empty when the record has none. The same for the next two.
    pub(crate) published: String,
    pub(crate) modified: String,
    /// Not empty: the record is kept and never matches.
    pub(crate) withdrawn: String,
    /// CVSS vectors that hold for every package of the record.
    pub(crate) vectors: Vec<String>,
    /// The record's own word for its severity; empty when it has none.
    pub(crate) word: String,
    /// The record says that the release is malware.
    pub(crate) malicious: bool,
    pub(crate) affected: Vec<Affected>,
    pub(crate) references: Vec<Reference>,
    /// Prose; empty when the record has none.
    pub(crate) summary: String,
    pub(crate) details: String,
    pub(crate) credits: Vec<String>,
}

/// What one record says about one package.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Affected {
    /// The name in PEP 503 form; see [`normalised_name`].
    pub(crate) name: String,
    /// CVSS vectors for this package alone.
    pub(crate) vectors: Vec<String>,
    /// Events of each range, in the order of the record.
    pub(crate) ranges: Vec<Vec<Event>>,
    /// Listed versions; those that a range covers may be left out.
    pub(crate) versions: Vec<String>,
}

/// What happens at a version of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EventKind {
    Introduced,
    /// Affected above this version, which itself is not. OSV has no such event: safety-db has `>1.0`.
    After,
    Fixed,
    LastAffected,
    Limit,
}

/// One event of a range, with its version as the record writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) kind: EventKind,
    pub(crate) version: String,
}

/// A link of a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reference {
    /// `ADVISORY`, `FIX`, `WEB`, …
    pub(crate) kind: String,
    pub(crate) url: String,
}

/// Normalises a package name. Source: PEP 503, "Normalized Names". The library's own type for names cannot be
/// used here; a test holds the two together.
pub(crate) fn normalised_name(written: &str) -> String {
    let mut normalised = String::with_capacity(written.len());
    let mut separator = false;
    for character in written.chars() {
        if matches!(character, '-' | '_' | '.') {
            if !separator {
                normalised.push('-');
            }
            separator = true;
        } else {
            separator = false;
            normalised.extend(character.to_lowercase());
        }
    }
    normalised
}

/// Whether an id is one of the malicious-packages database.
pub(crate) fn is_malware_id(id: &str) -> bool {
    id.starts_with("MAL-")
}

/// The name of a record's source, from its id.
pub(crate) fn source_name(id: &str) -> &'static str {
    match id.split_once('-').map(|(prefix, _)| prefix) {
        Some("PYSEC") => "pypa",
        Some("MAL") => "openssf",
        Some("GHSA") => "github",
        Some("pyup.io" | "SAFETYDB") => "safety",
        _ => "other",
    }
}

impl Record {
    /// Whether it says, by its ids or otherwise, that what it names is malware.
    pub(crate) fn is_malicious(&self) -> bool {
        self.malicious || is_malware_id(&self.id) || self.aliases.iter().any(|alias| is_malware_id(alias))
    }
}
