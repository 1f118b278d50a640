//! Whose record is it, and of which day is what they publish?

use std::collections::BTreeMap;

use super::gather::Found;
use crate::advisory::encode::facts::{Facts, Source, source_name};

/// Gives each record the number of its source.
///
/// The day of a source is the newest day on which a record of it was changed, where days after the one on which
/// its container was made do not count: dates in the future occur, and must not make old data look fresh.
pub(super) fn attribute(found: Vec<Found>) -> Facts {
    let mut days: BTreeMap<&'static str, (Option<String>, String)> = BTreeMap::new();
    for Found { record, newest } in &found {
        let (best, cap) = days.entry(source_name(&record.id)).or_insert_with(|| (None, newest.to_string()));
        let day = day(&record.modified).filter(|day| *day <= &**newest);
        if day.is_some_and(|day| best.as_deref().is_none_or(|best| day > best)) {
            *best = day.map(str::to_owned);
        }
        if **newest < **cap {
            *cap = newest.to_string();
        }
    }
    let names: Vec<_> = days.keys().copied().collect();
    let number = |id: &str| names.iter().position(|name| *name == source_name(id)).unwrap_or_default();
    let records = found.into_iter().map(|found| (number(&found.record.id), found.record)).collect();
    let source = |(name, (best, cap)): (&str, (Option<String>, String))| Source {
        name: name.to_owned(),
        published: best.unwrap_or(cap),
    };
    Facts { sources: days.into_iter().map(source).collect(), records, tables: Vec::new() }
}

/// The day of an RFC 3339 time stamp.
pub(super) fn day(stamp: &str) -> Option<&str> {
    let day = stamp.get(..10)?;
    let shaped = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    shaped.then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::encode::facts::Record;

    fn found(id: &str, modified: &str) -> Found {
        let record = Record { id: id.to_owned(), modified: modified.to_owned(), ..Record::default() };
        Found { record, newest: "2026-07-23".into() }
    }

    #[test]
    fn a_date_in_the_future_makes_nothing_fresh() {
        let Facts { sources, records, .. } = attribute(vec![
            found("PYSEC-2024-1", "2026-07-22T10:00:00Z"),
            found("PYSEC-2026-9", "2027-07-09T15:45:00Z"),
            found("MAL-2024-1", "2025-05-28T02:36:16Z"),
            found("GHSA-x", "2099-01-01T00:00:00Z"),
            found("pypi/campaign/name", "whenever"),
        ]);
        let shown: Vec<_> =
            sources.iter().map(|source| (source.name.as_str(), source.published.as_str())).collect();
        let expected = [
            ("github", "2026-07-23"),
            ("openssf", "2025-05-28"),
            ("other", "2026-07-23"),
            ("pypa", "2026-07-22"),
        ];
        assert_eq!(shown, expected);
        assert_eq!(records.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [3, 3, 1, 0, 2]);
    }
}
