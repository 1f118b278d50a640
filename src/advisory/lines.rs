//! The diffable form of the snapshot, `advisory-db/`: facts only, one record a line, a file per first letter.
//!
//! Each line is an OSV record that holds ids, ranges, vectors, dates and one reference, and no prose, so the one
//! reader of OSV reads it too. `build.rs` includes this file by path, next to `encode` and `osv`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::encode::facts::{Event, EventKind, Record, Source, is_malware_id};
use super::osv;

/// The file that names the sources.
pub(crate) const SOURCES: &str = "sources.json";

/// The sources and the records of a folder, in a stable order.
pub(crate) type Folder = (Vec<Source>, Vec<(usize, Record)>);

#[derive(Deserialize)]
struct SourceList {
    sources: Vec<SourceLine>,
}

#[derive(Deserialize)]
struct SourceLine {
    name: String,
    published: String,
    prefix: String,
}

/// The files of a folder that hold records, sorted.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a folder. It is our own, so anything odd in it is an error.
pub(crate) fn read(folder: &Path) -> io::Result<Folder> {
    let list: SourceList = serde_json::from_slice(&fs::read(folder.join(SOURCES))?)?;
    let mut records = Vec::new();
    for path in files(folder)? {
        let text = fs::read(&path)?;
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let wrong = |why: String| io::Error::other(format!("{}: {why}", path.display()));
            let reading = osv::read(line).map_err(|why| wrong(why.to_string()))?;
            let id = &reading.record.id;
            let source = list.sources.iter().position(|source| id.starts_with(&source.prefix));
            let source = source.filter(|_| reading.odd == 0).ok_or_else(|| wrong(format!("{id} is odd")))?;
            records.push((source, reading.record));
        }
    }
    let source = |line: SourceLine| Source { name: line.name, published: line.published };
    Ok((list.sources.into_iter().map(source).collect(), records))
}

/// The text of each file, by name.
pub(crate) fn write<'a>(records: impl IntoIterator<Item = &'a Record>) -> BTreeMap<String, String> {
    let mut sorted: Vec<_> = records.into_iter().map(|record| (first_name(record), record)).collect();
    sorted.sort_by(|left, right| left.0.cmp(right.0).then_with(|| left.1.id.cmp(&right.1.id)));
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for (name, record) in sorted {
        let letter = match name.chars().next() {
            Some(letter) if letter.is_ascii_lowercase() => letter,
            _ => '0',
        };
        let file = files.entry(format!("{letter}.jsonl")).or_default();
        // Writing plain structs of texts cannot fail.
        file.push_str(&serde_json::to_string(&Line::new(record)).unwrap_or_default());
        file.push('\n');
    }
    files
}

fn first_name(record: &Record) -> &str {
    record.affected.iter().map(|affected| affected.name.as_str()).min().unwrap_or("")
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    published: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    modified: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    withdrawn: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    severity: Vec<LineSeverity<'a>>,
    affected: Vec<LineAffected<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<LineReference<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    database_specific: Option<LineSpecific<'a>>,
}

#[derive(Serialize)]
struct LineSeverity<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    score: &'a str,
}

#[derive(Serialize)]
struct LineReference<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct LineSpecific<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    severity: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cwe_ids: Vec<&'static str>,
}

#[derive(Serialize)]
struct LineAffected<'a> {
    package: LinePackage<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    severity: Vec<LineSeverity<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ranges: Vec<LineRange<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<&'a str>,
}

#[derive(Serialize)]
struct LinePackage<'a> {
    ecosystem: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
struct LineRange<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    events: Vec<BTreeMap<&'static str, &'a str>>,
}

impl<'a> Line<'a> {
    fn new(record: &'a Record) -> Self {
        let told_by_ids =
            is_malware_id(&record.id) || record.aliases.iter().any(|alias| is_malware_id(alias));
        let said = record.malicious && !told_by_ids;
        let mut aliases: Vec<_> = record.aliases.iter().map(String::as_str).collect();
        aliases.sort_unstable();
        aliases.dedup();
        let specific =
            LineSpecific { severity: &record.word, cwe_ids: if said { vec!["CWE-506"] } else { Vec::new() } };
        Self {
            id: &record.id,
            aliases,
            published: &record.published,
            modified: &record.modified,
            withdrawn: &record.withdrawn,
            severity: severities(&record.vectors),
            affected: record.affected.iter().map(LineAffected::new).collect(),
            references: record
                .references
                .iter()
                .take(1)
                .map(|one| LineReference { kind: &one.kind, url: &one.url })
                .collect(),
            database_specific: (said || !record.word.is_empty()).then_some(specific),
        }
    }
}

impl<'a> LineAffected<'a> {
    fn new(affected: &'a super::encode::facts::Affected) -> Self {
        let range = |events: &'a Vec<Event>| LineRange {
            kind: "ECOSYSTEM",
            events: events
                .iter()
                .map(|event| BTreeMap::from([(word(event.kind), event.version.as_str())]))
                .collect(),
        };
        Self {
            package: LinePackage { ecosystem: "PyPI", name: &affected.name },
            severity: severities(&affected.vectors),
            ranges: affected.ranges.iter().map(range).collect(),
            versions: affected.versions.iter().map(String::as_str).collect(),
        }
    }
}

fn severities(vectors: &[String]) -> Vec<LineSeverity<'_>> {
    let kind = |vector: &str| match vector.get(..6) {
        Some("CVSS:4") => "CVSS_V4",
        Some("CVSS:3") => "CVSS_V3",
        _ => "CVSS_V2",
    };
    vectors.iter().map(|vector| LineSeverity { kind: kind(vector), score: vector }).collect()
}

fn word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Introduced => "introduced",
        EventKind::Fixed => "fixed",
        EventKind::LastAffected => "last_affected",
        EventKind::Limit => "limit",
    }
}
