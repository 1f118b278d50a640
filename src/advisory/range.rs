//! Does this version fall in? What a stored record says about one version.

use super::encode::facts::EventKind;
use super::encode::record::StoredInterval;
use super::encode::version_key::{key_of_text, key_of_version, legacy_key};
use super::store::StoredRecord;
use crate::model::{Matched, Version};

/// A version to be looked for, as keys.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The version, and its public version when it has a local part: `2.0.0+cpu` is affected when it or `2.0.0` is.
    keys: Vec<Vec<u8>>,
}

impl Wanted {
    /// The keys of a version.
    pub(crate) fn new(version: &Version) -> Self {
        let text = version.as_str();
        let mut keys = vec![version.pep440().map_or_else(|| legacy_key(text), key_of_version)];
        if let Some((public, _)) = text.split_once('+') {
            keys.push(key_of_text(public));
        }
        Self { keys }
    }

    /// The key of the version itself.
    pub(crate) fn key(&self) -> &[u8] {
        self.keys.first().map_or(&[], Vec::as_slice)
    }

    /// Whether a record that is not withdrawn affects it.
    pub(crate) fn is_affected_by(&self, record: &StoredRecord<'_>) -> bool {
        !record.is_withdrawn() && self.keys.iter().any(|key| record.holds(key))
    }

    /// Which part of a record affects it.
    pub(crate) fn matched(&self, record: &StoredRecord<'_>) -> Option<Matched> {
        if record.is_withdrawn() {
            return None;
        }
        let interval = |key: &Vec<u8>| record.intervals.iter().find(|interval| interval.contains(key));
        if let Some(interval) = self.keys.iter().find_map(interval) {
            return Some(shown_range(record.id, interval));
        }
        let exact = |key: &Vec<u8>| record.exact.iter().find(|(listed, _)| listed == key);
        self.keys.iter().find_map(exact).map(|(_, version)| Matched {
            record: record.id.to_owned(),
            version: Some((*version).to_owned()),
            ..Matched::default()
        })
    }
}

/// The part of a record that affects every version.
pub(crate) fn matched_by_name(record: &StoredRecord<'_>) -> Option<Matched> {
    if record.is_withdrawn() || !record.is_every_version() {
        return None;
    }
    let everything = |interval: &&StoredInterval<'_>| interval.from.is_empty() && interval.end.is_none();
    record.intervals.iter().find(everything).map(|interval| shown_range(record.id, interval))
}

/// The first part of a record that affects any version.
pub(crate) fn matched_anywhere(record: &StoredRecord<'_>) -> Option<Matched> {
    if record.is_withdrawn() {
        return None;
    }
    let listed = || {
        let (_, version) = record.exact.first()?;
        let version = Some((*version).to_owned());
        Some(Matched { record: record.id.to_owned(), version, ..Matched::default() })
    };
    record.intervals.first().map(|interval| shown_range(record.id, interval)).or_else(listed)
}

/// A range as reports show it.
pub(crate) fn shown_range(id: &str, interval: &StoredInterval<'_>) -> Matched {
    let end = |kind| interval.end.filter(|end| end.kind == kind).map(|end| end.version.to_owned());
    Matched {
        record: id.to_owned(),
        introduced: Some(interval.introduced.to_owned()),
        fixed: end(EventKind::Fixed),
        last_affected: end(EventKind::LastAffected),
        limit: end(EventKind::Limit),
        version: None,
    }
}
