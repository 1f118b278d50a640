//! The versions to ask about: what records and the corpus name, and what lies just beside.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::str::FromStr;

use flate2::read::GzDecoder;
use pep440_rs::Version;
use serde_json::Value;

use crate::shared::shared;

/// Versions by normalised name.
#[derive(Default)]
pub(crate) struct Pins {
    by_name: BTreeMap<String, BTreeSet<String>>,
}

impl Pins {
    /// All versions that records name, and the neighbours of each range edge.
    pub(crate) fn of_records(records: &BTreeMap<String, Value>) -> Self {
        let mut pins = Self::default();
        for entry in records.values().flat_map(|record| list(&record["affected"])) {
            if entry["package"]["ecosystem"] != "PyPI" {
                continue;
            }
            let name = normalised(entry["package"]["name"].as_str().unwrap());
            let versions = pins.by_name.entry(name).or_default();
            versions.extend(["0", "0.dev0", "0.0.1", "99999.0", "1!0", "not a version"].map(str::to_owned));
            versions.extend(list(&entry["versions"]).map(text));
            for range in list(&entry["ranges"]).filter(|range| range["type"] == "ECOSYSTEM") {
                for event in list(&range["events"]) {
                    for edge in event.as_object().unwrap().values() {
                        versions.extend(around(&text(edge)));
                    }
                }
            }
        }
        pins
    }

    /// Adds all versions that occur in the corpus of dependency files.
    pub(crate) fn add_corpus(&mut self) {
        let bytes = std::fs::read(shared("oracle/corpus-expected.jsonl.gz")).unwrap();
        let mut lines = String::new();
        GzDecoder::new(&bytes[..]).read_to_string(&mut lines).unwrap();
        for line in lines.lines() {
            let file: Value = serde_json::from_str(line).unwrap();
            for entry in list(&file["entries"]) {
                if let (Some(name), Some(version)) = (entry["name"].as_str(), entry["version"].as_str()) {
                    self.by_name.entry(normalised(name)).or_default().insert(version.to_owned());
                }
            }
        }
    }

    /// Name and version of each pin.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        let pairs = self.by_name.iter();
        pairs
            .flat_map(|(name, versions)| {
                versions.iter().map(move |version| (name.as_str(), version.as_str()))
            })
            .collect()
    }

    /// How many names there are.
    pub(crate) fn names(&self) -> usize {
        self.by_name.len()
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// PEP 503, "Normalized Names", written once more: the test must not lean on what it tests.
fn normalised(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}

/// A version, and others just below and above it.
fn around(edge: &str) -> Vec<String> {
    let mut versions = vec![edge.to_owned(), format!("{edge}+cpu"), format!("v{edge}")];
    for suffix in ["a1", "rc1", ".dev1", ".post1", ".post1.dev1", ".post1+cpu.1", ".0", ".0.0", ".1"] {
        versions.push(format!("{edge}{suffix}"));
    }
    let Ok(version) = Version::from_str(edge) else { return versions };
    let release = version.release().to_vec();
    for place in 0..release.len() {
        for next in [release[place].checked_add(1), release[place].checked_sub(1)].into_iter().flatten() {
            let mut other = release.clone();
            other[place] = next;
            let other: Vec<_> = other.iter().map(u64::to_string).collect();
            let epoch = if version.epoch() > 0 { format!("{}!", version.epoch()) } else { String::new() };
            versions.push(format!("{epoch}{}", other.join(".")));
            versions.push(format!("{epoch}{}.dev3", other.join(".")));
        }
    }
    versions.push(format!("{}!{edge}", version.epoch() + 1));
    versions
}
