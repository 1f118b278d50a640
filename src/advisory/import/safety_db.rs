//! The safety-db format, both generations, as records: `name -> [specifier]` (`insecure.json`) and
//! `name -> [{id, cve, advisory, specs}]` (`insecure_full.json`).
//!
//! Specifiers are ranges of affected versions and become the events of an OSV range. Bounds compare as versions do:
//! `<2.0` takes the pre-releases of 2.0 along, because a fix need not be in them, where PEP 440 would leave them out.

use std::cmp::Ordering;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::advisory::encode::facts::{Affected, Event, EventKind, Record, normalised_name};
use crate::advisory::encode::version_key::key_of_text;

/// The key under which a file says what it is.
const META: &str = "$meta";
/// The longest id, name or specifier that is believed.
const TEXT_LIMIT: usize = 256;
/// So many ids of one entry are believed.
const ALIAS_LIMIT: usize = 64;
/// What the ids of the full file start with.
const PREFIX: &str = "pyup.io-";

/// Whether a text may be of this format: what decides is whether it reads.
pub(super) fn is_likely(json: &[u8]) -> bool {
    memchr::memmem::find(json, b"\"$meta\"").is_some()
}

/// What one file gave.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The records.
    pub(super) records: Vec<Record>,
    /// Entries that are none, each with its name and why.
    pub(super) refused: Vec<(String, String)>,
}

/// Reads a file; `None` when it is of another format.
///
/// # Errors
/// What is wrong with the file as a whole.
pub(super) fn read(json: &[u8]) -> Option<Result<Reading, String>> {
    let root: Map<String, Value> = serde_json::from_slice(json).ok()?;
    let meta = root.get(META)?;
    let stamp = meta.get("timestamp").and_then(Value::as_i64);
    let Some(stamp) = stamp.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok()) else {
        // Without a day, old data would look as if it were of today.
        return Some(Err("expected `$meta.timestamp`, the seconds of the day it is of".to_owned()));
    };
    let modified = stamp.to_string();
    let mut reading = Reading::default();
    for (name, entries) in root.iter().filter(|(name, _)| *name != META) {
        let mut refuse = |why: String| reading.refused.push((name.clone(), why));
        if name.is_empty() || name.len() > TEXT_LIMIT {
            refuse("expected a name of 1 to 256 characters".to_owned());
            continue;
        }
        let Some(entries) = entries.as_array() else {
            refuse("expected a list of specifiers or records".to_owned());
            continue;
        };
        for entry in entries {
            match record(name, entry) {
                Ok((record, unused)) => {
                    reading.records.push(Record { modified: modified.clone(), ..record });
                    let partly = |why| (name.clone(), format!("{why}; the rest of the record is kept"));
                    reading.refused.extend(unused.into_iter().map(partly));
                }
                Err(why) => reading.refused.push((name.clone(), why)),
            }
        }
    }
    Some(Ok(reading))
}

/// One specifier, or one record; with it why some of its specifiers say nothing.
fn record(name: &str, entry: &Value) -> Result<(Record, Vec<String>), String> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
    let (id, aliases, details, specifiers): (String, _, _, Vec<&str>) = match entry {
        Value::String(specifier) => (own_id(name, specifier), Vec::new(), String::new(), vec![specifier]),
        Value::Object(_) => {
            let id = text("id");
            if id.is_empty() || id.len() > TEXT_LIMIT || id.chars().any(char::is_control) {
                return Err("expected an `id` of 1 to 256 characters without control characters".to_owned());
            }
            let Some(specifiers) = entry.get("specs").and_then(Value::as_array) else {
                return Err(format!("{id}: expected a list `specs`"));
            };
            let specifiers: Option<Vec<&str>> = specifiers.iter().map(Value::as_str).collect();
            let specifiers = specifiers.ok_or_else(|| format!("{id}: expected texts in `specs`"))?;
            // An id of another form must not pass for a record of another source.
            let id = if id.starts_with(PREFIX) { id.to_owned() } else { format!("{PREFIX}{id}") };
            (id, aliases(text("cve")), text("advisory").to_owned(), specifiers)
        }
        _ => return Err("expected a specifier or a record".to_owned()),
    };
    if specifiers.is_empty() {
        return Err(format!("{id} names no version"));
    }
    let mut affected = Affected { name: normalised_name(name), ..Affected::default() };
    let mut unused = Vec::new();
    for specifier in &specifiers {
        if let Err(why) = add(specifier, &mut affected) {
            unused.push(format!("{id}: {why}"));
        }
    }
    if affected.ranges.is_empty() && affected.versions.is_empty() {
        return Err(unused.join("; "));
    }
    // The format has no mark for malware. Its own words count only where every release is meant.
    let every_version = specifiers.iter().any(|specifier| matches!(specifier.trim(), ">=0" | ">0"));
    let malicious = every_version && details.to_ascii_lowercase().contains("malicious package");
    let record = Record { id, aliases, details, malicious, affected: vec![affected], ..Record::default() };
    Ok((record, unused))
}

/// The ids of the field `cve`: `CVE-…` or `PVE-…`, several with commas between them.
fn aliases(text: &str) -> Vec<String> {
    let ids = text.split(',').map(str::trim).filter(|id| !id.is_empty() && id.len() <= TEXT_LIMIT);
    ids.take(ALIAS_LIMIT).map(str::to_owned).collect()
}

/// An id for an entry that has none: the same for the same name and specifier.
fn own_id(name: &str, specifier: &str) -> String {
    let digest = Sha256::digest(format!("{}\0{specifier}", normalised_name(name)));
    digest.iter().take(6).fold("SAFETYDB-".to_owned(), |id, byte| id + &format!("{byte:02x}"))
}

/// A bound: its version, and whether it lies just before that version or just after it.
struct Bound<'a> {
    version: &'a str,
    key: Vec<u8>,
    after: bool,
}

impl Bound<'_> {
    fn compare(&self, other: &Self) -> Ordering {
        (&self.key, self.after).cmp(&(&other.key, other.after))
    }
}

/// Adds the versions of a specifier: clauses joined by commas, which must all hold.
fn add(specifier: &str, affected: &mut Affected) -> Result<(), String> {
    let short = |text: &str| text.chars().take(40).collect::<String>();
    if specifier.len() > TEXT_LIMIT {
        return Err(format!("`{}…` is too long", short(specifier)));
    }
    let (mut lower, mut upper): (Option<Bound<'_>>, Option<Bound<'_>>) = (None, None);
    for clause in specifier.split(',').map(str::trim) {
        let at = clause.find(|character: char| !"<>=!~".contains(character)).unwrap_or(clause.len());
        let (operator, version) = clause.split_at(at);
        let version = version.trim();
        let plain = |character: char| character.is_ascii_alphanumeric() || "._-+!".contains(character);
        if version.is_empty() || !version.chars().all(plain) {
            return Err(format!("`{}` is no range of versions", short(clause)));
        }
        let bound = |after| Bound { version, key: key_of_text(version), after };
        match operator {
            ">=" | ">" => {
                let bound = bound(operator == ">");
                if lower.as_ref().is_none_or(|old| old.compare(&bound).is_lt()) {
                    lower = Some(bound);
                }
            }
            "<" | "<=" => {
                let bound = bound(operator == "<=");
                if upper.as_ref().is_none_or(|old| old.compare(&bound).is_gt()) {
                    upper = Some(bound);
                }
            }
            "==" | "===" if !specifier.contains(',') => {
                affected.versions.push(version.to_owned());
                return Ok(());
            }
            _ => return Err(format!("`{}` is no range of versions", short(clause))),
        }
    }
    // An OSV range would read `>=2,<1` as two stretches.
    if let (Some(lower), Some(upper)) = (&lower, &upper)
        && lower.compare(upper).is_ge()
    {
        return Err(format!("`{}` holds no version", short(specifier)));
    }
    let event = |kind, version: &str| Event { kind, version: version.to_owned() };
    let start = match lower {
        None => event(EventKind::Introduced, "0"),
        Some(Bound { version, after: true, .. }) => event(EventKind::After, version),
        Some(Bound { version, .. }) => event(EventKind::Introduced, version),
    };
    let end = upper.map(|bound| {
        event(if bound.after { EventKind::LastAffected } else { EventKind::Fixed }, bound.version)
    });
    affected.ranges.push(std::iter::once(start).chain(end).collect());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::encode::interval::fold;
    use pep440_rs::Version;
    use proptest::prelude::*;
    use std::str::FromStr;

    const VERSIONS: [&str; 14] = [
        "0.dev0",
        "0.1",
        "1.0a1",
        "1.0",
        "1.0.post1",
        "1.0.5",
        "1.0.5+cpu",
        "1.1rc1",
        "1.1",
        "2.0rc1",
        "2.0",
        "2.0.1",
        "10",
        "1!0",
    ];

    fn holds(specifier: &str, version: &str) -> bool {
        let mut affected = Affected::default();
        if add(specifier, &mut affected).is_err() {
            return false;
        }
        let key = key_of_text(version);
        affected.versions.iter().any(|listed| key_of_text(listed) == key)
            || affected.ranges.iter().flat_map(|range| fold(range)).any(|interval| interval.contains(&key))
    }

    #[test]
    fn specifiers() {
        assert!(!holds(">1.0.5", "1.0.5") && holds(">1.0.5", "1.0.5.post1") && holds(">1.0.5,<=2.0", "2.0"));
        assert!(holds("<2.0", "2.0rc1") && !holds("<2.0", "2.0") && holds("< 2.0", "0.dev0"));
        assert!(holds("==1.0", "1.0.0") && !holds("==1.0", "1.0.1"));
        assert!(holds(">=0", "0.1") && holds("<=1.0,>=1.0", "1.0"));
        for wrong in [
            "", ",", "1.0", "==1.*", "!=1.0", "~=1.0", "==1.0,<2", ">=2,<1", ">1,<=1", "<", ">=1,",
            "<1 or >2",
        ] {
            assert!(add(wrong, &mut Affected::default()).is_err(), "{wrong}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]
        #[test]
        fn clauses_hold_as_versions_compare(
            clauses in proptest::collection::vec((0..4_usize, proptest::sample::select(&VERSIONS[..])), 1..4)
        ) {
            let signs = ["<", "<=", ">", ">="];
            let texts: Vec<_> = clauses.iter().map(|(sign, version)| format!("{}{version}", signs[*sign])).collect();
            for version in VERSIONS {
                let this = Version::from_str(version).unwrap();
                let obvious = clauses.iter().all(|(sign, bound)| {
                    let bound = Version::from_str(bound).unwrap();
                    [this < bound, this <= bound, this > bound, this >= bound][*sign]
                });
                prop_assert_eq!(holds(&texts.join(","), version), obvious, "{} in {:?}", version, texts);
            }
        }

        #[test]
        fn whatever_stands_there(specifier in "[<>=!~,. 0-9a-z*]{0,20}") {
            let _ = add(&specifier, &mut Affected::default());
        }
    }
}
