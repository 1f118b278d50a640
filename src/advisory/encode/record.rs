//! One record of one package in the hot section: what matching needs first, then what evidence needs.

use std::collections::BTreeSet;

use super::date::put_date;
use super::facts::{Affected, Event, EventKind, Record};
use super::interval::{Cover, Interval, fold};
use super::layout::{
    Cursor, Damaged, EVERY_VERSION, MALICIOUS, NO_SCORE, WITHDRAWN, put_bytes, put_length, put_number,
    put_texts,
};
use super::version_key::key_of_text;

/// What one record says about one package, worked out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Folded {
    pub(crate) intervals: Vec<Interval>,
    /// Key and text of listed versions that no interval holds.
    pub(crate) exact: Vec<(Vec<u8>, String)>,
    /// Versions of `fixed` events that end no interval.
    pub(crate) more_fixed: Vec<String>,
}

/// Folds all entries that a record has for one package.
pub(crate) fn fold_entries(entries: &[&Affected]) -> Folded {
    let ranges = entries.iter().flat_map(|entry| &entry.ranges);
    let mut intervals: Vec<Interval> = ranges.clone().flat_map(|range| fold(range)).collect();
    intervals.sort();
    intervals.dedup();
    let cover = Cover::new(intervals.iter().cloned());
    let listed = entries.iter().flat_map(|entry| &entry.versions);
    let mut exact: Vec<_> = listed.map(|version| (key_of_text(version), version.clone())).collect();
    exact.retain(|(key, _)| !cover.contains(key));
    exact.sort();
    exact.dedup_by(|right, left| right.0 == left.0);
    let ends: BTreeSet<&str> = intervals
        .iter()
        .filter_map(|interval| interval.end.as_ref())
        .map(|end| end.version.as_str())
        .collect();
    let fixed = |event: &&Event| event.kind == EventKind::Fixed;
    let events = ranges.flatten().filter(fixed);
    let mut more: Vec<_> = events
        .map(|event| event.version.clone())
        .filter(|version| !ends.contains(version.as_str()))
        .collect();
    more.sort();
    more.dedup();
    Folded { intervals, exact, more_fixed: more }
}

/// The base score of a complete CVSS vector, in tenths.
pub(crate) type Score = fn(&str) -> Option<u8>;

/// The bytes of a record for one package, but for its source and its places in the prose.
pub(crate) fn put_record(out: &mut Vec<u8>, record: &Record, entries: &[&Affected], score: Score) {
    let folded = fold_entries(entries);
    let mut flags = 0;
    if !record.withdrawn.is_empty() {
        flags |= WITHDRAWN;
    }
    if record.is_malicious() {
        flags |= MALICIOUS;
    }
    if folded.intervals.iter().any(Interval::is_everything) {
        flags |= EVERY_VERSION;
    }
    out.push(flags);
    put_length(out, folded.intervals.len());
    for interval in &folded.intervals {
        put_interval(out, interval);
    }
    put_length(out, folded.exact.len());
    for (key, version) in &folded.exact {
        put_bytes(out, key);
        put_bytes(out, version.as_bytes());
    }
    put_texts(out, &folded.more_fixed);
    put_bytes(out, record.id.as_bytes());
    put_texts(out, &sorted(&record.aliases));
    put_texts(out, &sorted(&record.related));
    put_bytes(out, record.word.as_bytes());
    let own: Vec<_> = entries.iter().flat_map(|entry| &entry.vectors).collect();
    for vectors in [record.vectors.iter().collect(), own] {
        put_length(out, vectors.len());
        for vector in vectors {
            out.push(score(vector).unwrap_or(NO_SCORE));
            put_bytes(out, vector.as_bytes());
        }
    }
    put_date(out, &record.published);
    put_date(out, &record.modified);
    put_date(out, &record.withdrawn);
}

fn sorted(texts: &[String]) -> Vec<&String> {
    let mut texts: Vec<_> = texts.iter().collect();
    texts.sort();
    texts.dedup();
    texts
}

fn put_interval(out: &mut Vec<u8>, interval: &Interval) {
    let kind = match interval.end.as_ref().map(|end| end.kind) {
        None | Some(EventKind::Introduced | EventKind::After) => 0,
        Some(EventKind::Fixed) => 1,
        Some(EventKind::LastAffected) => 2,
        Some(EventKind::Limit) => 3,
    };
    put_number(out, kind);
    put_bytes(out, &interval.from);
    if !interval.from.is_empty() {
        put_bytes(out, interval.introduced.as_bytes());
    }
    if let Some(end) = &interval.end {
        put_bytes(out, &end.key);
        put_bytes(out, end.version.as_bytes());
    }
}

/// An interval as it lies in a store.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoredInterval<'a> {
    /// Empty: from the very bottom.
    pub(crate) from: &'a [u8],
    pub(crate) introduced: &'a str,
    pub(crate) end: Option<StoredEnd<'a>>,
}

/// Its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoredEnd<'a> {
    pub(crate) key: &'a [u8],
    pub(crate) kind: EventKind,
    pub(crate) version: &'a str,
}

impl<'a> StoredInterval<'a> {
    /// Reads one.
    pub(crate) fn take(cursor: &mut Cursor<'a>) -> Result<Self, Damaged> {
        let kind = match cursor.byte()? {
            0 => None,
            1 => Some(EventKind::Fixed),
            2 => Some(EventKind::LastAffected),
            3 => Some(EventKind::Limit),
            _ => return Err(Damaged),
        };
        let from = cursor.bytes()?;
        let introduced = if from.is_empty() { "0" } else { cursor.text()? };
        let end = match kind {
            None => None,
            Some(kind) => Some(StoredEnd { key: cursor.bytes()?, kind, version: cursor.text()? }),
        };
        Ok(Self { from, introduced, end })
    }

    /// Where it ends: just before (`0`) or just after (`1`) a key; `None` when it does not.
    pub(crate) fn end_place(&self) -> Option<(&'a [u8], u8)> {
        self.end.map(|end| (end.key, u8::from(end.kind == EventKind::LastAffected)))
    }

    /// Whether the version with this key falls in. The same as [`Interval::contains`].
    pub(crate) fn contains(&self, key: &[u8]) -> bool {
        let before = |end: StoredEnd<'_>| match end.kind {
            EventKind::LastAffected => key <= end.key,
            _ => key < end.key,
        };
        self.from <= key && self.end.is_none_or(before)
    }
}
