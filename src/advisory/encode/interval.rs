//! Ranges folded into intervals: what the OSV schema's algorithm answers, worked out once when a store is built.
//!
//! The schema (section "Evaluation") sorts the events and keeps the last verdict that applies to the version. Each
//! event therefore decides everything from its own place upwards, until the next one decides again; folding walks
//! the same sorted events and keeps the stretches that end up affected, with the events that opened and closed them.

use super::facts::{Event, EventKind};
use super::version_key::{after, key_of_text};

/// Where an interval ends, and the event that says so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End {
    pub(crate) key: Vec<u8>,
    /// `Fixed` and `Limit` exclude their version, `LastAffected` includes it.
    pub(crate) kind: EventKind,
    pub(crate) version: String,
}

/// A stretch of affected versions, its start included. One that starts [`after`] a version shows that version as
/// `>1.0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Interval {
    /// Empty: from the very bottom.
    pub(crate) from: Vec<u8>,
    pub(crate) introduced: String,
    /// `None`: without end.
    pub(crate) end: Option<End>,
}

impl End {
    /// The place just before (`0`) or just after (`1`) a key.
    fn place(&self) -> (&[u8], u8) {
        (&self.key, u8::from(self.kind == EventKind::LastAffected))
    }
}

impl Interval {
    /// Whether the version with this key falls in.
    pub(crate) fn contains(&self, key: &[u8]) -> bool {
        self.from.as_slice() <= key && self.end.as_ref().is_none_or(|end| (key, 0) < end.place())
    }

    /// Every version falls in.
    pub(crate) fn is_everything(&self) -> bool {
        self.from.is_empty() && self.end.is_none()
    }

    fn covers_place(&self, key: &[u8]) -> bool {
        self.end.as_ref().is_none_or(|end| end.place() > (key, 0))
    }
}

/// Everything that some intervals hold, to be asked often.
#[derive(Debug)]
pub(crate) struct Cover {
    /// By start, and apart.
    intervals: Vec<Interval>,
}

impl Cover {
    /// Joins intervals, which may overlap.
    pub(crate) fn new(intervals: impl IntoIterator<Item = Interval>) -> Self {
        let mut sorted: Vec<Interval> = intervals.into_iter().collect();
        sorted.sort_by(|left, right| left.from.cmp(&right.from));
        let mut joined: Vec<Interval> = Vec::new();
        for interval in sorted {
            match joined.last_mut() {
                Some(last) if last.covers_place(&interval.from) => {
                    let longer = match (&interval.end, &last.end) {
                        (_, None) => false,
                        (None, _) => true,
                        (Some(end), Some(old)) => end.place() > old.place(),
                    };
                    if longer {
                        last.end = interval.end;
                    }
                }
                _ => joined.push(interval),
            }
        }
        Self { intervals: joined }
    }

    /// Nothing is held.
    pub(crate) fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Whether an interval holds the version with this key.
    pub(crate) fn contains(&self, key: &[u8]) -> bool {
        let behind = self.intervals.partition_point(|interval| interval.from.as_slice() <= key);
        behind
            .checked_sub(1)
            .and_then(|at| self.intervals.get(at))
            .is_some_and(|interval| interval.contains(key))
    }
}

/// How the start of an interval shows that the version itself is not affected.
const AFTER: char = '>';

/// The event that opened an interval.
pub(crate) fn opening(from: &[u8], introduced: &str) -> Event {
    let bare = introduced.strip_prefix(AFTER).filter(|bare| after(key_of_text(bare)) == from);
    match bare {
        Some(version) => Event { kind: EventKind::After, version: version.to_owned() },
        None => Event { kind: EventKind::Introduced, version: introduced.to_owned() },
    }
}

/// Whether an event's version is the schema's `"0"`, which is below every version.
fn is_bottom(version: &str) -> bool {
    version == "0"
}

/// The affected versions of one range.
pub(crate) fn fold(events: &[Event]) -> Vec<Interval> {
    let mut sorted: Vec<(Vec<u8>, &Event)> = events
        .iter()
        .filter(|event| event.kind != EventKind::Limit)
        .map(|event| {
            let key = match event.kind {
                EventKind::After => after(key_of_text(&event.version)),
                _ if is_bottom(&event.version) => Vec::new(),
                _ => key_of_text(&event.version),
            };
            (key, event)
        })
        .collect();
    // Stable, as the schema's own sort is taken to be: `fixed: 2.0.0` then `introduced: 2.0.0` stays in that order.
    sorted.sort_by(|left, right| left.0.cmp(&right.0));
    let mut intervals: Vec<Interval> = Vec::new();
    for (key, event) in sorted {
        if event.kind == EventKind::Introduced {
            open(&mut intervals, key, &event.version);
        } else if event.kind == EventKind::After {
            open(&mut intervals, key, &format!("{AFTER}{}", event.version));
        } else {
            // "0" sorts at the bottom, but the last affected version 0 is the version 0.
            let last = event.kind == EventKind::LastAffected;
            let key = if last && is_bottom(&event.version) { key_of_text("0") } else { key };
            close(&mut intervals, End { key, kind: event.kind, version: event.version.clone() });
        }
    }
    if let Some(limit) = highest_limit(events) {
        close(&mut intervals, limit);
    }
    intervals
}

/// Affected from `key` on.
fn open(intervals: &mut Vec<Interval>, key: Vec<u8>, introduced: &str) {
    while intervals.last().is_some_and(|last| last.from > key) {
        intervals.pop();
    }
    match intervals.last_mut() {
        Some(last) if last.covers_place(&key) => last.end = None,
        _ => intervals.push(Interval { from: key, introduced: introduced.to_owned(), end: None }),
    }
}

/// Not affected from the place of `end` on.
fn close(intervals: &mut Vec<Interval>, end: End) {
    while intervals.last().is_some_and(|last| (last.from.as_slice(), 0) >= end.place()) {
        intervals.pop();
    }
    if let Some(last) = intervals.last_mut()
        && last.end.as_ref().is_none_or(|old| old.place() > end.place())
    {
        last.end = Some(end);
    }
}

/// OSV schema, `BeforeLimits`: a version counts when it is below any of the limits, so the highest decides; `*` is
/// infinity.
fn highest_limit(events: &[Event]) -> Option<End> {
    let limits: Vec<_> = events.iter().filter(|event| event.kind == EventKind::Limit).collect();
    if limits.iter().any(|event| event.version == "*") {
        return None;
    }
    let end = |event: &&Event| {
        let key = if is_bottom(&event.version) { Vec::new() } else { key_of_text(&event.version) };
        End { key, kind: EventKind::Limit, version: event.version.clone() }
    };
    limits.iter().map(end).max_by(|left, right| left.key.cmp(&right.key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::str::FromStr;

    fn events(text: &str) -> Vec<Event> {
        let event = |word: &str| {
            let (kind, version) = word.split_at(1);
            let kind = match kind {
                "+" => EventKind::Introduced,
                "-" => EventKind::Fixed,
                "=" => EventKind::LastAffected,
                "<" => EventKind::Limit,
                ">" => EventKind::After,
                other => panic!("{other}"),
            };
            Event { kind, version: version.to_owned() }
        };
        text.split_whitespace().map(event).collect()
    }

    fn shown(text: &str) -> String {
        let one = |interval: &Interval| {
            let end = interval.end.as_ref().map_or(String::new(), |end| {
                let sign = match end.kind {
                    EventKind::Fixed => "-",
                    EventKind::LastAffected => "=",
                    EventKind::Limit => "<",
                    EventKind::Introduced | EventKind::After => "?",
                };
                format!(" {sign}{}", end.version)
            });
            format!("[+{}{end}]", interval.introduced)
        };
        fold(&events(text)).iter().map(one).collect()
    }

    #[test]
    fn the_examples_of_the_osv_schema() {
        // "introduced: 0, fixed: 1.0.2" and two stable branches.
        assert_eq!(shown("+0 -1.0.2"), "[+0 -1.0.2]");
        assert_eq!(shown("+1.0.0 -1.0.2 +3.0.0 -3.2.5"), "[+1.0.0 -1.0.2][+3.0.0 -3.2.5]");
        assert_eq!(shown("+0"), "[+0]");
        assert_eq!(shown("+1.0 =1.4"), "[+1.0 =1.4]");
        assert_eq!(shown("+0 <2.0"), "[+0 <2.0]");
        assert_eq!(shown("+0 <*"), "[+0]");
        assert_eq!(shown("+0 <1.0 <2.0"), "[+0 <2.0]");
        assert_eq!(shown("+0 -1.0 +3.0 <2.0"), "[+0 -1.0]");
    }

    #[test]
    fn events_in_any_order() {
        assert_eq!(shown("-1.0.2 +3.0.0 +0 -3.2.5"), "[+0 -1.0.2][+3.0.0 -3.2.5]");
        assert_eq!(shown("+0 +1.0 -2.0 -3.0"), "[+0 -2.0]");
        assert_eq!(shown("-1.0"), "");
    }

    #[test]
    fn fixed_and_introduced_at_one_version() {
        // As PYSEC-2024-258 has it: the two stretches touch, and the order of the list decides.
        assert_eq!(shown("+0 -2.0.0 +2.0.0 -2.11.2"), "[+0 -2.0.0][+2.0.0 -2.11.2]");
        assert_eq!(shown("+0 +2.0.0 -2.0 -2.11.2"), "[+0 -2.0]");
        assert_eq!(shown("+1 =1 +1.0"), "[+1]");
        assert_eq!(shown("+1 =1"), "[+1 =1]");
    }

    #[test]
    fn legacy_events_sort_below_proper_ones() {
        assert_eq!(shown("+0 -2.9.0-NA"), "[+0 -2.9.0-NA]");
        let [interval] = &fold(&events("+0 -2.9.0-NA"))[..] else { panic!() };
        assert!(interval.contains(&key_of_text("2.8-NA")) && !interval.contains(&key_of_text("0.dev0")));
        let [interval] = &fold(&events("+2.9.0-NA -3"))[..] else { panic!() };
        assert!(interval.contains(&key_of_text("0.dev0")) && interval.contains(&key_of_text("2.9.0-NA")));
        assert!(!interval.contains(&key_of_text("2.8-NA")));
    }

    #[test]
    fn after_a_version() {
        assert_eq!(shown(">1.0.5 =2"), "[+>1.0.5 =2]");
        assert_eq!(shown("+1 =1 >1"), "[+1 =1][+>1]");
        let [interval] = &fold(&events(">1.0.5"))[..] else { panic!() };
        assert!(
            !interval.contains(&key_of_text("1.0.5.0"))
                && interval.contains(&key_of_text("1.0.5.post1.dev0"))
        );
        assert_eq!(
            opening(&key_of_text(">1.0"), ">1.0").kind,
            EventKind::Introduced,
            "a version that PEP 440 refuses"
        );
    }

    #[test]
    fn the_last_affected_version_zero_is_a_version() {
        let [interval] = &fold(&events("+0 =0"))[..] else { panic!() };
        assert!(interval.contains(&key_of_text("0")) && !interval.contains(&key_of_text("0.1")));
    }

    /// The algorithm of the schema, word by word, with `pep440_rs` instead of keys.
    fn obvious(version: &str, events: &[Event]) -> bool {
        #[derive(PartialEq, Eq, PartialOrd, Ord)]
        enum Read {
            Bottom,
            Legacy(String),
            Proper(pep440_rs::Version),
        }
        let read = |text: &str| {
            pep440_rs::Version::from_str(text).map_or_else(|_| Read::Legacy(text.to_owned()), Read::Proper)
        };
        let place = |text: &str| if text == "0" { Read::Bottom } else { read(text) };
        let limits: Vec<_> = events.iter().filter(|event| event.kind == EventKind::Limit).collect();
        let below = |limit: &&Event| limit.version == "*" || read(version) < place(&limit.version);
        if !limits.is_empty() && !limits.iter().any(below) {
            return false;
        }
        let mut sorted: Vec<_> = events.iter().collect();
        let after = |event: &Event| event.kind == EventKind::After;
        let bottomless =
            |event: &&Event| if after(event) { read(&event.version) } else { place(&event.version) };
        sorted.sort_by_key(|event| (bottomless(event), after(event)));
        let mut vulnerable = false;
        for event in sorted {
            match event.kind {
                EventKind::Introduced if read(version) >= place(&event.version) => vulnerable = true,
                EventKind::After if read(version) > read(&event.version) => vulnerable = true,
                EventKind::Fixed if read(version) >= place(&event.version) => vulnerable = false,
                EventKind::LastAffected if read(version) > read(&event.version) => vulnerable = false,
                _ => {}
            }
        }
        vulnerable
    }

    const VERSIONS: [&str; 16] = [
        "0",
        "0.dev1",
        "0.1",
        "1.0a1",
        "1.0",
        "1.0.0",
        "1.0.post1",
        "1.1rc1",
        "1.1",
        "2.0",
        "2.0+cpu",
        "2.0-NA",
        "1.0-x",
        "trunk",
        "2.0.1",
        "1!0",
    ];

    fn any_event() -> impl Strategy<Value = Event> {
        let kind = prop_oneof![
            4 => Just(EventKind::Introduced), 4 => Just(EventKind::Fixed), 2 => Just(EventKind::LastAffected), 2 => Just(EventKind::After),
            1 => Just(EventKind::Limit)
        ];
        (kind, proptest::sample::select(&VERSIONS[..]))
            .prop_map(|(kind, version)| Event { kind, version: version.to_owned() })
    }

    /// OSV schema, "events[]": `"0"` is below every version as the value of an event. A package's version 0 is an
    /// ordinary version of PEP 440, so it is above everything that PEP 440 refuses (rules.md, Matching).
    #[test]
    fn the_version_zero_of_a_package_is_above_legacy_events() {
        let [interval] = &fold(&events("+0 =2.0-NA"))[..] else { panic!() };
        assert!(interval.contains(&key_of_text("1.9-NA")) && interval.contains(&key_of_text("2.0-NA")));
        assert!(!interval.contains(&key_of_text("0")) && !interval.contains(&key_of_text("0.0")));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn a_cover_holds_what_its_intervals_hold(ranges in proptest::collection::vec(proptest::collection::vec(any_event(), 0..5), 0..4)) {
            let intervals: Vec<Interval> = ranges.iter().flat_map(|range| fold(range)).collect();
            let cover = Cover::new(intervals.clone());
            for version in VERSIONS {
                let key = key_of_text(version);
                prop_assert_eq!(cover.contains(&key), intervals.iter().any(|interval| interval.contains(&key)));
            }
        }

        #[test]
        fn folding_answers_as_the_schema_does(events in proptest::collection::vec(any_event(), 0..8)) {
            let intervals = fold(&events);
            prop_assert!(intervals.windows(2).all(|pair| pair[0].from < pair[1].from));
            for interval in &intervals {
                prop_assert_eq!(fold(&[opening(&interval.from, &interval.introduced)])[0].from.clone(), interval.from.clone());
            }
            for version in VERSIONS {
                let key = key_of_text(version);
                let folded = intervals.iter().any(|interval| interval.contains(&key));
                prop_assert_eq!(folded, obvious(version, &events), "{} {:?}", version, events);
            }
        }
    }
}
