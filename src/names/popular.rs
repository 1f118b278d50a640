//! The most downloaded projects, and where in that order a name stands.
//!
//! The names stand in one text, ordered by length and then by alphabet: a name needs no offset, and all that can be
//! one edit away stand in a few stretches. Nothing is built when the program starts.

use super::distance::Pattern;
use super::symbols::{EDGE, SURPRISE_UNIT, symbol};

mod table {
    #![allow(clippy::unreadable_literal, clippy::large_stack_arrays, missing_docs)]
    // STARTS: the first name of each length. OFFSETS: where its letters begin in NAMES. RANKS, LETTERS: of each name.
    // BY_LAST: the names of each length by their last letter. SURPRISES: of a symbol after another.
    include!(concat!(env!("OUT_DIR"), "/popular.rs"));
}

use table::{BY_LAST, FIRST_WORDS, LAST_WORDS, LETTERS, NAMES, OFFSETS, RANKS, STARTS, SURPRISES};

/// How many names the list has.
pub fn count() -> usize {
    RANKS.len()
}

/// The numbers of all names of a length.
fn of_length(length: usize) -> std::ops::Range<usize> {
    match (STARTS.get(length), STARTS.get(length + 1)) {
        (Some(start), Some(end)) => usize::from(*start)..usize::from(*end),
        _ => 0..0,
    }
}

/// The letters of all names of a length, one after another.
fn text_of_length(length: usize) -> &'static [u8] {
    match (OFFSETS.get(length), OFFSETS.get(length + 1)) {
        (Some(start), Some(end)) => NAMES.as_bytes().get(*start as usize..*end as usize).unwrap_or_default(),
        _ => &[],
    }
}

/// The rank of a normalised name among the most downloaded projects, from 1; `None` when it is not one of them.
pub fn rank(name: &str) -> Option<u16> {
    let length = name.len();
    let text = text_of_length(length);
    let range = of_length(length);
    let (mut low, mut high) = (0, range.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        let candidate = text.get(middle * length..(middle + 1) * length)?;
        match candidate.cmp(name.as_bytes()) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => return RANKS.get(range.start + middle).copied(),
        }
    }
    None
}

/// Shorter names than this are near everything.
const SHORTEST: usize = 4;

/// From this length on, of both names, two edits count.
const TWO_EDITS: usize = 7;

/// A popular name that is near another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) name: &'static str,
    pub(super) rank: u16,
}

/// All popular names one edit away, and of longer names those two edits away that begin or end with the same letter.
/// An edit is a letter too many, too few, another one, or two neighbours swapped (optimal string alignment).
///
/// One edit leaves the first letter or the last one as it is: only names with the same first letter, or the same last
/// one, are looked at. A set of letters rules nearly all of those out before any comparison.
pub(super) fn near(pattern: &Pattern) -> Vec<Near> {
    let mut found = Vec::new();
    let own = pattern.name().len();
    let (Some(first), Some(last)) = (pattern.name().first(), pattern.name().last()) else { return found };
    for length in own.saturating_sub(2).max(SHORTEST)..=own + 2 {
        let limit = edits_allowed(own, length);
        let gap = own.abs_diff(length);
        let range = of_length(length);
        if gap > limit || range.is_empty() {
            continue;
        }
        // Each edit brings one letter in, or takes one out, or both; the difference in length is spent already.
        let most = if own >= length { (limit, limit - gap) } else { (limit - gap, limit) };
        let may_be_near = |letters: u32| {
            has_at_most(pattern.letters() & !letters, most.0)
                && has_at_most(letters & !pattern.letters(), most.1)
        };
        let mut look = |number: usize, name: &'static [u8]| {
            let distance = pattern.distance(name);
            if distance <= limit && distance > 0 {
                let rank = RANKS.get(number).copied().unwrap_or(u16::MAX);
                found.push(Near { name: std::str::from_utf8(name).unwrap_or_default(), rank });
            }
        };
        let text = text_of_length(length);
        let name = |nth: usize| text.get(nth * length..(nth + 1) * length).unwrap_or_default();
        let start = range.start;
        let begin = partition(range.len(), |nth| name(nth).first() < Some(first));
        let end = partition(range.len(), |nth| name(nth).first() <= Some(first));
        let sets = LETTERS.get(start + begin..start + end).unwrap_or_default();
        for (nth, letters) in sets.iter().enumerate() {
            if may_be_near(*letters) {
                look(start + begin + nth, name(begin + nth));
            }
        }
        let by_last = BY_LAST.get(range).unwrap_or_default();
        let ends_in = |number: &u16| name(usize::from(*number) - start).last();
        let begin = by_last.partition_point(|number| ends_in(number) < Some(last));
        let end = by_last.partition_point(|number| ends_in(number) <= Some(last));
        for number in by_last.get(begin..end).unwrap_or_default() {
            let number = usize::from(*number);
            if LETTERS.get(number).is_some_and(|letters| may_be_near(*letters)) {
                let name = name(number - start);
                if name.first() != Some(first) {
                    look(number, name);
                }
            }
        }
    }
    found
}

/// How many edits may lie between names of these lengths.
pub(super) fn edits_allowed(one: usize, other: usize) -> usize {
    if one.min(other) >= TWO_EDITS { 2 } else { usize::from(one.min(other) + 1 >= SHORTEST) }
}

/// Whether a set has at most so many members, two at most: the target has no instruction for counting them.
fn has_at_most(set: u32, most: usize) -> bool {
    let less_one = set & set.wrapping_sub(1);
    let less_two = less_one & less_one.wrapping_sub(1);
    match most {
        0 => set == 0,
        1 => less_one == 0,
        _ => less_two == 0,
    }
}

/// The first number below `count` for which the condition no longer holds.
fn partition(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// How surprising the letters of a name are, one after another, to someone who knows the popular ones (natural
/// logarithms of bigram frequencies, summed).
pub(super) fn surprise(name: &[u8]) -> f32 {
    let mut before = EDGE;
    let mut sum = 0_u16;
    for after in name.iter().map(|byte| symbol(*byte)).chain([EDGE]) {
        sum +=
            SURPRISES.get(before).and_then(|row| row.get(after)).map_or(255, |surprise| u16::from(*surprise));
        before = after;
    }
    f32::from(sum) / SURPRISE_UNIT
}

/// Whether many popular names begin with this word (`django`, `types`).
pub(super) fn begins_a_family(word: &str) -> bool {
    FIRST_WORDS.binary_search(&word).is_ok()
}

/// Whether many popular names end with this word (`client`, `stubs`).
pub(super) fn ends_a_family(word: &str) -> bool {
    LAST_WORDS.binary_search(&word).is_ok()
}

/// All popular names with their ranks, by length and alphabet.
pub fn all() -> impl Iterator<Item = (&'static str, u16)> {
    (1..STARTS.len()).flat_map(|length| {
        let names = text_of_length(length).chunks_exact(length);
        let names = names.map(|name| std::str::from_utf8(name).unwrap_or_default());
        names.zip(RANKS.get(of_length(length)).unwrap_or_default().iter().copied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{symbols, tables};

    /// The names as `advisory-db/` has them, by rank.
    fn listed() -> Vec<&'static str> {
        tables::names(include_str!("../../advisory-db/popular.txt")).unwrap()
    }

    #[test]
    fn every_listed_name_has_its_rank() {
        let listed = listed();
        assert_eq!(count(), listed.len());
        for (at, name) in listed.iter().enumerate() {
            assert_eq!(rank(name).map(usize::from), Some(at + 1), "{name}");
        }
        assert_eq!(all().count(), listed.len());
        assert!(all().all(|(name, number)| listed[usize::from(number) - 1] == name));
        for name in ["", "no-such-name", "requestz", "Requests", "\u{435}", &"a".repeat(300)] {
            assert_eq!(rank(name), None, "{name}");
        }
    }

    #[test]
    fn the_table_is_that_of_the_list() {
        let made = tables::popular(include_str!("../../advisory-db/popular.txt")).unwrap();
        assert_eq!(made, include_str!(concat!(env!("OUT_DIR"), "/popular.rs")));
        assert!(tables::popular("one\ntwo\none\n").is_err(), "twice");
        assert!(tables::popular("One\n").is_err(), "not normalised");
        assert!(LETTERS.iter().zip(all()).all(|(set, (name, _))| *set == symbols::letters(name.as_bytes())));
    }

    #[test]
    fn nothing_near_is_missed() {
        // Every kind of edit of names of every length, at the beginning, in the middle, at the end.
        let mut tried = 0;
        for (name, _) in all().step_by(37).filter(|(name, _)| name.len() >= SHORTEST) {
            let length = name.len();
            for at in [0, length / 2, length - 1] {
                let (before, after) = name.split_at(at);
                let replaced = format!("{before}q{}", &after[1..]);
                let missing = format!("{before}{}", &after[1..]);
                let extra = format!("{before}q{after}");
                let swapped = match after.as_bytes() {
                    [one, other, ..] => {
                        format!("{before}{}{}{}", char::from(*other), char::from(*one), &after[2..])
                    }
                    _ => continue,
                };
                for changed in [replaced, missing, extra, swapped] {
                    let Some(pattern) = Pattern::new(&changed) else { continue };
                    if changed == name || edits_allowed(changed.len(), length) == 0 {
                        continue;
                    }
                    tried += 1;
                    assert!(near(&pattern).iter().any(|near| near.name == name), "{changed} from {name}");
                }
            }
        }
        assert!(tried > 3000, "{tried}");
    }

    #[test]
    fn what_is_near_is_what_the_textbook_says() {
        for name in ["requestx", "numpi", "abcdef", "python-dateutl", "xq", "djangorestframwork", "kubernets"]
        {
            let found = near(&Pattern::new(name).unwrap());
            for (other, _) in all() {
                let distance = strsim::osa_distance(name, other);
                let ends =
                    name.as_bytes()[0] == other.as_bytes()[0] || name.bytes().last() == other.bytes().last();
                let limit = edits_allowed(name.len(), other.len());
                let expected = distance > 0 && distance <= limit && ends && other.len() >= SHORTEST;
                assert_eq!(found.iter().any(|near| near.name == other), expected, "{name} {other}");
            }
        }
    }

    #[test]
    fn letters_that_nobody_writes_surprise() {
        assert!(surprise(b"requests") < surprise(b"rqeuests"));
        assert!(begins_a_family("django") && ends_a_family("stubs") && !begins_a_family("requestz"));
    }
}
