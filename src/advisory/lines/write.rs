//! Records to lines.

use crate::model::Arrange as _;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::advisory::encode::facts::{Affected, Event, EventKind, Record, is_malware_id};

/// The text of each file, by name.
pub(crate) fn write<'a>(records: impl IntoIterator<Item = &'a Record>) -> BTreeMap<String, String> {
    let mut sorted: Vec<_> = records.into_iter().map(|record| (first_name(record), record)).collect();
    sorted.arrange_by(|left, right| left.0.cmp(right.0).then_with(|| left.1.id.cmp(&right.1.id)));
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
        aliases.arrange();
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
    fn new(affected: &'a Affected) -> Self {
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
        EventKind::After => "after",
        EventKind::Fixed => "fixed",
        EventKind::LastAffected => "last_affected",
        EventKind::Limit => "limit",
    }
}
