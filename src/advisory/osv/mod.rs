//! Records of the Open Source Vulnerability format, read leniently: what is unknown is ignored, what is odd is
//! counted, what can be used is used. <https://ossf.github.io/osv-schema/>
//!
//! `build.rs` includes this folder by path next to `encode`, so that `advisory-db/` and imports have one reader.

mod lenient;

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;

use super::encode::facts::{Affected, Event, EventKind, Record, Reference, normalised_name};
use super::encode::interval::{Cover, fold};
use super::encode::version_key::key_of_text;
use lenient::{List, Object, Present, Text};

/// The longest id that is believed.
const ID_LIMIT: usize = 256;
/// So many other ids of a record are believed. Real records have three.
const ALIAS_LIMIT: usize = 64;
/// The longest version that is believed: longer ones are no versions but an attack on memory.
const VERSION_LIMIT: usize = 1024;

/// A record that was read.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) record: Record,
    /// How many fields were not what the schema says.
    pub(crate) odd: usize,
}

/// Why a text is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Not JSON, or not an object; with the reader's words.
    Json(String),
    /// No usable id.
    Id,
    /// No package, and no list of them.
    Affected,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(why) => write!(formatter, "not an OSV record: {why}"),
            Self::Id => {
                formatter.write_str("expected an `id` of 1 to 256 characters without control characters")
            }
            Self::Affected => formatter.write_str("expected a list `affected`"),
        }
    }
}

/// Reads one record. Entries of other ecosystems, and GIT ranges, are left out.
pub(crate) fn read(json: &[u8]) -> Result<Reading, Refusal> {
    let raw: Object<RawRecord<'_>> =
        serde_json::from_slice(json).map_err(|error| Refusal::Json(error.to_string()))?;
    // A plain struct would take `[]` for its fields in order.
    let raw = raw.only().ok_or_else(|| Refusal::Json("expected a JSON object".to_owned()))?;
    let mut count = 0;
    let odd = &mut count;
    let id = raw.id.get(odd).into_owned();
    if id.is_empty() || id.len() > ID_LIMIT || id.chars().any(char::is_control) {
        return Err(Refusal::Id);
    }
    let Some(affected) = raw.affected else { return Err(Refusal::Affected) };
    let details = raw.details.get(odd).into_owned();
    let summary = raw.summary.get(odd).into_owned();
    let specific = raw.database_specific.get(odd);
    let mut malicious = specific.says_malicious(odd) || summary.starts_with("Malicious code in ");
    let mut entries = Vec::new();
    for entry in affected.get(odd) {
        let entry = entry.get(odd);
        malicious |= entry.database_specific.clone().get(&mut 0).says_malicious(&mut 0);
        entries.extend(entry.read(odd));
    }
    let ids = |texts: List<Text<'_>>, odd: &mut usize| {
        let mut ids: Vec<String> = texts.texts(odd).map(Cow::into_owned).collect();
        let count = ids.len();
        ids.retain(|id| id.len() <= ID_LIMIT);
        ids.truncate(ALIAS_LIMIT);
        *odd += count - ids.len();
        ids
    };
    let references = raw.references.get(odd).into_iter().map(|reference| {
        let reference = reference.get(odd);
        Reference { kind: reference.kind.get(odd).into_owned(), url: reference.url.get(odd).into_owned() }
    });
    let references = references.filter(|reference| !reference.url.is_empty()).collect();
    let record = Record {
        aliases: ids(raw.aliases, odd),
        related: ids(raw.related, odd),
        published: raw.published.get(odd).into_owned(),
        modified: raw.modified.get(odd).into_owned(),
        withdrawn: raw.withdrawn.get(odd).into_owned(),
        vectors: vectors(raw.severity, odd),
        word: specific.severity.get(odd).into_owned(),
        malicious,
        affected: entries,
        references,
        summary,
        details,
        credits: raw
            .credits
            .get(odd)
            .into_iter()
            .map(|credit| credit.get(odd).name.get(odd).into_owned())
            .collect(),
        id,
    };
    Ok(Reading { record, odd: count })
}

/// The vectors of a list of severities, whatever their type says: the vector names its version itself.
fn vectors(list: List<Object<RawSeverity<'_>>>, odd: &mut usize) -> Vec<String> {
    let mut vectors = Vec::new();
    for severity in list.get(odd) {
        let severity = severity.get(odd);
        // OSV schema, "severity[].type": the others (Ubuntu, urgency words) are no CVSS.
        if severity.kind.get(odd).starts_with("CVSS") {
            vectors.extend(Some(severity.score.get(odd).into_owned()).filter(|vector| !vector.is_empty()));
        }
    }
    vectors
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawRecord<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    aliases: List<Text<'a>>,
    related: List<Text<'a>>,
    published: Text<'a>,
    modified: Text<'a>,
    withdrawn: Text<'a>,
    summary: Text<'a>,
    details: Text<'a>,
    severity: List<Object<RawSeverity<'a>>>,
    affected: Option<List<Object<RawAffected<'a>>>>,
    references: List<Object<RawReference<'a>>>,
    credits: List<Object<RawCredit<'a>>>,
    database_specific: Object<RawSpecific<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawSeverity<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    score: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawReference<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    url: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawCredit<'a> {
    #[serde(borrow)]
    name: Text<'a>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct RawSpecific<'a> {
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(rename = "malicious-packages-origins")]
    origins: Present,
    cwe_ids: List<Text<'a>>,
    cwes: List<Object<RawWeakness<'a>>>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct RawWeakness<'a> {
    #[serde(borrow, rename = "cweId")]
    id: Text<'a>,
}

impl RawSpecific<'_> {
    /// CWE-506 is "Embedded Malicious Code".
    fn says_malicious(&self, odd: &mut usize) -> bool {
        let weakness = |text: &str| text == "CWE-506";
        self.origins.0
            || self.cwe_ids.clone().texts(odd).any(|id| weakness(&id))
            || self.cwes.clone().get(odd).into_iter().any(|cwe| weakness(&cwe.get(&mut 0).id.get(&mut 0)))
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawAffected<'a> {
    #[serde(borrow)]
    package: Object<RawPackage<'a>>,
    severity: List<Object<RawSeverity<'a>>>,
    ranges: List<Object<RawRange<'a>>>,
    versions: List<Text<'a>>,
    database_specific: Object<RawSpecific<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawPackage<'a> {
    #[serde(borrow)]
    ecosystem: Text<'a>,
    name: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawRange<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    events: List<Object<RawEvent<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawEvent<'a> {
    #[serde(borrow)]
    introduced: Text<'a>,
    /// Not of the schema, but of ours: see [`EventKind::After`].
    after: Text<'a>,
    fixed: Text<'a>,
    last_affected: Text<'a>,
    limit: Text<'a>,
}

impl RawAffected<'_> {
    /// The entry, when it is about a Python package.
    fn read(self, odd: &mut usize) -> Option<Affected> {
        let package = self.package.get(odd);
        let name = package.name.get(odd);
        if package.ecosystem.get(odd) != "PyPI" {
            return None;
        }
        if name.is_empty() || name.len() > ID_LIMIT {
            *odd += 1;
            return None;
        }
        let mut ranges = Vec::new();
        for range in self.ranges.get(odd) {
            let range = range.get(odd);
            let kind = range.kind.get(odd);
            // OSV schema, "affected[].ranges[].type". A SEMVER range on a Python package breaks the schema; its
            // versions are versions all the same, and leaving them out would hide an advisory.
            if kind == "ECOSYSTEM" || kind == "SEMVER" {
                *odd += usize::from(kind == "SEMVER");
                ranges.push(
                    range.events.get(odd).into_iter().flat_map(|event| event.get(odd).read(odd)).collect(),
                );
            } else if kind != "GIT" {
                *odd += 1;
            }
        }
        let cover = Cover::new(ranges.iter().flat_map(|range: &Vec<Event>| fold(range)));
        let covered = |version: &str| !cover.is_empty() && cover.contains(&key_of_text(version));
        let usable = |version: &Cow<'_, str>| version.len() <= VERSION_LIMIT && !covered(version);
        let versions = self.versions.texts(odd).filter(usable).map(Cow::into_owned).collect();
        let vectors = vectors(self.severity, odd);
        Some(Affected { name: normalised_name(&name), vectors, ranges, versions })
    }
}

impl RawEvent<'_> {
    /// The events of an object; the schema allows one, and more than one are taken as one each.
    fn read(self, odd: &mut usize) -> Vec<Event> {
        let parts = [
            (EventKind::Introduced, self.introduced),
            (EventKind::After, self.after),
            (EventKind::Fixed, self.fixed),
            (EventKind::LastAffected, self.last_affected),
            (EventKind::Limit, self.limit),
        ];
        let mut events = Vec::new();
        for (kind, version) in parts {
            let version = version.get(odd).into_owned();
            if version.len() > VERSION_LIMIT {
                *odd += 1;
            } else if !version.is_empty() {
                events.push(Event { kind, version });
            }
        }
        *odd += usize::from(events.len() != 1);
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(json: &str) -> Reading {
        read(json.as_bytes()).unwrap()
    }

    #[test]
    fn a_whole_record() {
        let reading = read_text(
            r#"{"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "modified": "2026-01-01T00:00:00Z", "unknown": {"a": [1]},
                "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}, {"type": "Ubuntu", "score": "low"}],
                "database_specific": {"severity": "HIGH", "cwe_ids": ["CWE-79"]},
                "affected": [
                  {"package": {"ecosystem": "PyPI", "name": "Web_Shop"}, "versions": ["0.9", "1.5", "2.0-NA"],
                   "ranges": [{"type": "GIT", "repo": "x", "events": [{"introduced": "0"}]},
                              {"type": "ECOSYSTEM", "events": [{"introduced": "1.0"}, {"fixed": "2.0"}]}]},
                  {"package": {"ecosystem": "npm", "name": "shop"}, "versions": ["1.0"]}],
                "references": [{"type": "FIX", "url": "https://example.org/1"}], "credits": [{"name": "Ada"}]}"#,
        );
        assert_eq!(reading.odd, 0);
        let [entry] = &reading.record.affected[..] else { panic!() };
        assert_eq!(entry.name, "web-shop");
        assert_eq!(entry.versions, ["0.9", "2.0-NA"], "covered ones are dropped");
        assert_eq!(entry.ranges.len(), 1);
        assert_eq!(reading.record.vectors, ["CVSS:3.1/AV:N"]);
        assert!(!reading.record.is_malicious());
        assert_eq!(reading.record.credits, ["Ada"]);
    }

    #[test]
    fn odd_fields_are_counted_and_the_rest_is_used() {
        let reading = read_text(
            r#"{"id": "X-1", "aliases": "CVE-2026-2", "modified": 5, "summary": ["no"], "severity": {"type": "CVSS_V2"},
                "affected": [{"package": {"ecosystem": "PyPI", "name": "a"}, "versions": [1.5, 2, null, "3"],
                              "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": 4, "fixed": "5"}, {}, "x"]},
                                         {"type": "SEMVER", "events": [{"introduced": "7"}]}, {"type": "?"}]},
                             {"package": {"ecosystem": "PyPI"}}, 7]}"#,
        );
        assert_eq!(reading.record.aliases, ["CVE-2026-2"]);
        let [entry] = &reading.record.affected[..] else { panic!() };
        assert_eq!(entry.versions, ["1.5", "2", "3"]);
        assert_eq!(entry.ranges[0].len(), 2);
        assert!(reading.odd >= 8, "{}", reading.odd);
    }

    #[test]
    fn what_is_no_record_is_refused_with_the_reason() {
        assert!(matches!(read(b"{").unwrap_err(), Refusal::Json(_)));
        for other in ["[]", r#"["A-1", [], []]"#, "7", r#""A-1""#] {
            assert!(matches!(read(other.as_bytes()).unwrap_err(), Refusal::Json(_)), "{other}");
        }
        assert_eq!(read(b"null").unwrap_err(), Refusal::Id);
        assert_eq!(read(br#"{"affected": []}"#).unwrap_err(), Refusal::Id);
        assert_eq!(read(b"{\"id\": \"a\\u001b\", \"affected\": []}").unwrap_err(), Refusal::Id);
        assert_eq!(read(br#"{"id": "A-1"}"#).unwrap_err(), Refusal::Affected);
        let deep = format!("{{\"id\": \"A\", \"affected\": {}", "[".repeat(100_000));
        assert!(read(deep.as_bytes()).is_err());
    }

    #[test]
    fn malware_is_recognised() {
        let says = |extra: &str| {
            read_text(&format!(r#"{{"id": "GHSA-1", "affected": [], {extra}}}"#)).record.is_malicious()
        };
        assert!(says(r#""aliases": ["MAL-2024-1"]"#));
        assert!(says(r#""database_specific": {"cwe_ids": ["CWE-506"]}"#));
        assert!(says(r#""database_specific": {"malicious-packages-origins": []}"#));
        assert!(says(r#""summary": "Malicious code in abc (PyPI)""#));
        assert!(!says(r#""database_specific": {"malicious-packages-origins": null}"#));
        assert!(!says(r#""summary": "A proxy is not malicious""#));
    }
}
