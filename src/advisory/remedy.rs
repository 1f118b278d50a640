//! What to go to: fixed versions, and the first of them that no known advisory affects.

use crate::model::Arrange as _;
use std::borrow::Cow;
use std::str::FromStr;

use super::encode::facts::EventKind;
use super::encode::record::StoredInterval;
use super::encode::version_key::{is_proper, key_of_text, key_of_version};
use super::range::Wanted;
use super::store::StoredRecord;
use crate::model::Version;

/// Key and text of a version.
type Keyed<'a> = (Cow<'a, [u8]>, &'a str);

/// The versions of `fixed` events of a record.
fn fixed_of<'r, 'a>(record: &'r StoredRecord<'a>) -> impl Iterator<Item = Keyed<'a>> + use<'r, 'a> {
    let ends = record.intervals.iter().filter_map(|interval| interval.end);
    let fixed = ends.filter(|end| end.kind == EventKind::Fixed);
    let more = record.more_fixed.iter().map(|version| (Cow::Owned(key_of_text(version)), *version));
    fixed.map(|end| (Cow::Borrowed(end.key), end.version)).chain(more)
}

/// In order, each once.
fn in_order(mut versions: Vec<Keyed<'_>>) -> Vec<Keyed<'_>> {
    versions.arrange();
    versions.dedup_by(|right, left| right.0 == left.0);
    versions
}

/// The versions that `fixed` events of these records name, in order, each once.
pub(crate) fn fixed<'r, 'a: 'r>(records: impl Iterator<Item = &'r StoredRecord<'a>>) -> Vec<String> {
    let versions = in_order(records.flat_map(fixed_of).collect());
    versions.into_iter().map(|(_, version)| version.to_owned()).collect()
}

/// The highest last affected version that these records name.
pub(crate) fn last_affected<'r, 'a: 'r>(
    records: impl Iterator<Item = &'r StoredRecord<'a>>,
) -> Option<String> {
    let ends = records.flat_map(|record| &record.intervals).filter_map(|interval| interval.end);
    let last =
        ends.filter(|end| end.kind == EventKind::LastAffected).max_by(|left, right| left.key.cmp(right.key));
    last.map(|end| end.version.to_owned())
}

/// The smallest `fixed` version of any record of the package that is above the present one and that no record
/// affects: final before pre-release, unless the present one is a pre-release itself.
pub(crate) fn safe_version<'r, 'a: 'r>(
    records: impl Iterator<Item = &'r StoredRecord<'a>>,
    version: &Version,
    wanted: &Wanted,
) -> Option<String> {
    let valid: Vec<_> = records.filter(|record| !record.is_withdrawn()).collect();
    let above = |(key, _): &Keyed<'_>| is_proper(key) && **key > *wanted.key();
    let candidates = valid.iter().flat_map(|record| fixed_of(record)).filter(above).collect();
    let mut reach = Reach::new(valid.iter().flat_map(|record| &record.intervals).collect());
    let is_listed = |key: &[u8]| valid.iter().any(|record| record.lists(key));
    let is_free = |key: &[u8]| !valid.iter().any(|record| record.holds(key));
    let mut before_final = None;
    for (key, text) in in_order(candidates) {
        if reach.covers(&key) || is_listed(&key) {
            continue;
        }
        let Ok(candidate) = pep440_rs::Version::from_str(text) else { continue };
        let public = || candidate.is_local().then(|| key_of_version(&candidate.clone().without_local()));
        if public().is_some_and(|key| !is_free(&key)) {
            continue;
        }
        if !candidate.any_prerelease() || version.is_prerelease() {
            return Some(text.to_owned());
        }
        before_final.get_or_insert_with(|| text.to_owned());
    }
    before_final
}

/// How far intervals reach, asked with ascending keys: records with many fixed versions cost no square of them.
struct Reach<'r, 'a> {
    /// By start.
    intervals: Vec<&'r StoredInterval<'a>>,
    /// So many of them start at or below the last key.
    started: usize,
    /// Where the one of these ends that ends last; `None` when it does not end.
    end: Option<(&'a [u8], u8)>,
}

impl<'r, 'a> Reach<'r, 'a> {
    fn new(mut intervals: Vec<&'r StoredInterval<'a>>) -> Self {
        intervals.arrange_by_key(|interval| interval.from);
        Self { intervals, started: 0, end: Some((&[], 0)) }
    }

    /// Whether an interval holds the version with this key.
    fn covers(&mut self, key: &[u8]) -> bool {
        while let Some(interval) = self.intervals.get(self.started).filter(|interval| interval.from <= key) {
            self.started += 1;
            self.end = self.end.zip(interval.end_place()).map(|(old, new)| old.max(new));
        }
        self.end.is_none_or(|end| (key, 0) < end)
    }
}
