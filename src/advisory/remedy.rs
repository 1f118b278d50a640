//! What to go to: fixed versions, and the first of them that no known advisory affects.

use std::collections::{BTreeMap, HashSet};
use std::str::FromStr;

use super::encode::facts::EventKind;
use super::encode::record::StoredInterval;
use super::encode::version_key::{is_proper, key_of_text, key_of_version};
use super::range::Wanted;
use super::store::StoredRecord;
use crate::model::Version;

/// The versions of `fixed` events of a record, by key.
fn fixed_of<'a>(record: &StoredRecord<'a>) -> Vec<(Vec<u8>, &'a str)> {
    let ends = record.intervals.iter().filter_map(|interval| interval.end);
    let mut fixed: Vec<_> =
        ends.filter(|end| end.kind == EventKind::Fixed).map(|end| (end.key.to_vec(), end.version)).collect();
    fixed.extend(record.more_fixed.iter().map(|version| (key_of_text(version), *version)));
    fixed
}

/// The versions that `fixed` events of these records name, in order, each once.
pub(crate) fn fixed<'a>(records: impl IntoIterator<Item = &'a StoredRecord<'a>>) -> Vec<String> {
    let mut versions: Vec<_> = records.into_iter().flat_map(fixed_of).collect();
    versions.sort();
    versions.dedup_by(|right, left| right.0 == left.0);
    versions.into_iter().map(|(_, version)| version.to_owned()).collect()
}

/// The highest last affected version that these records name.
pub(crate) fn last_affected<'a>(records: impl IntoIterator<Item = &'a StoredRecord<'a>>) -> Option<String> {
    let ends = records.into_iter().flat_map(|record| &record.intervals).filter_map(|interval| interval.end);
    let last =
        ends.filter(|end| end.kind == EventKind::LastAffected).max_by(|left, right| left.key.cmp(right.key));
    last.map(|end| end.version.to_owned())
}

/// The smallest `fixed` version of any record of the package that is above the present one and that no record
/// affects: final before pre-release, unless the present one is a pre-release itself.
pub(crate) fn safe_version(
    records: &[StoredRecord<'_>],
    version: &Version,
    wanted: &Wanted,
) -> Option<String> {
    let valid = || records.iter().filter(|record| !record.is_withdrawn());
    let mut candidates: BTreeMap<Vec<u8>, &str> = BTreeMap::new();
    for (key, text) in valid().flat_map(fixed_of) {
        if is_proper(&key) && key.as_slice() > wanted.key() {
            candidates.entry(key).or_insert(text);
        }
    }
    let intervals: Vec<&StoredInterval<'_>> = valid().flat_map(|record| &record.intervals).collect();
    let exact: HashSet<&[u8]> = valid().flat_map(|record| record.exact.iter().map(|(key, _)| *key)).collect();
    let is_free =
        |key: &[u8]| !exact.contains(key) && !intervals.iter().any(|interval| interval.contains(key));
    let mut before_final = None;
    for (key, text) in candidates {
        let Ok(candidate) = pep440_rs::Version::from_str(text) else { continue };
        let public = || candidate.is_local().then(|| key_of_version(&candidate.clone().without_local()));
        if !is_free(&key) || public().is_some_and(|key| !is_free(&key)) {
            continue;
        }
        if !candidate.any_prerelease() || version.is_prerelease() {
            return Some(text.to_owned());
        }
        before_final.get_or_insert_with(|| text.to_owned());
    }
    before_final
}
