//! The most downloaded projects, and where in that order a name stands.
//!
//! The names stand in one text, ordered by length and then by alphabet: a name needs no offset, and all that can be
//! one edit away stand in a few stretches. Nothing is built when the program starts.

use std::cmp::Ordering;

use super::distance::Pattern;
use super::symbols::{EDGE, SURPRISE_UNIT, beginning, filter_place, symbol};

mod table {
    #![allow(clippy::unreadable_literal, clippy::large_stack_arrays, missing_docs)]
    // STARTS: the first name of each length. FIRSTS: of each length, the first name that begins with each symbol. OFFSETS: where its letters begin in NAMES. RANKS, LETTERS: of each name.
    // BY_LAST: the names of each length by their last letters. FILTER: which names may be among them. SURPRISES: of a
    // symbol after another.
    include!(concat!(env!("OUT_DIR"), "/popular.rs"));
}

use table::{
    BY_LAST, FILTER, FIRST_WORDS, FIRSTS, LAST_WORDS, LETTERS, NAMES, OFFSETS, RANKS, STARTS, SURPRISES,
};

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

/// The numbers of all names of a length that begin with a symbol.
fn of_beginning(length: usize, first: u8) -> std::ops::Range<usize> {
    let at = beginning(first);
    let bounds = FIRSTS.get(length).and_then(|firsts| Some((firsts.get(at)?, firsts.get(at + 1)?)));
    let none = of_length(length).start;
    bounds.map_or(none..none, |(start, end)| usize::from(*start)..usize::from(*end))
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
    let (word, bit) = filter_place(name.as_bytes());
    if length + 1 >= STARTS.len() || FILTER.get(word).is_none_or(|word| word >> bit & 1 == 0) {
        return None;
    }
    let text = text_of_length(length);
    let start = of_length(length).start;
    let beginning = of_beginning(length, *name.as_bytes().first()?);
    let (mut low, mut high) = (beginning.start - start, beginning.end - start);
    while low < high {
        let middle = usize::midpoint(low, high);
        let candidate = text.get(middle * length..(middle + 1) * length)?;
        match candidate.cmp(name.as_bytes()) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => return RANKS.get(start + middle).copied(),
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

/// All popular names one edit away, and of longer names those two edits away; where one of the two edits is the first
/// letter, those of which the second half is the same. An edit is a letter too many, too few, another one, or two
/// neighbours swapped (optimal string alignment).
///
/// An edit leaves the first letter as it is, or all letters after the second: names with the same first letter are
/// looked at, of which a set of letters rules nearly all out, and names with the same end.
pub(super) fn near(pattern: &Pattern) -> Vec<Near> {
    let mut found = Vec::new();
    let name = pattern.name();
    let own = name.len();
    let Some(first) = name.first() else { return found };
    let end = name.get(if own >= TWO_EDITS { own - own / 2 } else { own.min(2) }..).unwrap_or_default();
    for length in own.saturating_sub(2).max(SHORTEST)..=own + 2 {
        let limit = edits_allowed(own, length);
        let gap = own.abs_diff(length);
        let range = of_length(length);
        if gap > limit || range.is_empty() {
            continue;
        }
        let text = text_of_length(length);
        let name = |nth: usize| text.get(nth * length..(nth + 1) * length).unwrap_or_default();
        let mut look = |nth: usize| {
            let name = name(nth);
            let distance = pattern.distance(name);
            if distance <= limit && distance > 0 {
                let rank = RANKS.get(range.start + nth).copied().unwrap_or(u16::MAX);
                found.push(Near { name: std::str::from_utf8(name).unwrap_or_default(), rank });
            }
        };
        let same = of_beginning(length, *first);
        let begin = same.start - range.start;
        let sets = LETTERS.get(same).unwrap_or_default();
        // Each edit brings one letter in, or takes one out, or both; the difference in length is spent already.
        let scan = match (limit, own.cmp(&length), gap) {
            (1, _, 0) => scan::<1, 1>,
            (1, Ordering::Greater, _) => scan::<1, 0>,
            (1, ..) => scan::<0, 1>,
            (_, _, 0) => scan::<2, 2>,
            (_, Ordering::Greater, 1) => scan::<2, 1>,
            (_, Ordering::Greater, _) => scan::<2, 0>,
            (_, _, 1) => scan::<1, 2>,
            _ => scan::<0, 2>,
        };
        scan(sets, pattern.letters(), &mut |nth| look(begin + nth));
        let by_last = BY_LAST.get(range.clone()).unwrap_or_default();
        let nth = |number: &u16| usize::from(*number) - range.start;
        let ends = |number: &u16| name(nth(number)).iter().rev().take(end.len());
        let begin = by_last.partition_point(|number| ends(number).lt(end.iter().rev()));
        for number in by_last.get(begin..).unwrap_or_default() {
            if !name(nth(number)).ends_with(end) {
                break;
            }
            if name(nth(number)).first() != Some(first) {
                look(nth(number));
            }
        }
    }
    found
}

/// Calls `look` with the numbers of those sets that have at most `MANY` letters less than `letters`, and at most `FEW`
/// more. Sixteen at a time without a branch, which compilers make vectors of.
fn scan<const MANY: usize, const FEW: usize>(sets: &[u32], letters: u32, look: &mut dyn FnMut(usize)) {
    let is_near = |set: u32| left::<MANY>(letters & !set) | left::<FEW>(set & !letters) == 0;
    for (number, chunk) in sets.chunks(16).enumerate() {
        if chunk.iter().fold(false, |any, set| any | is_near(*set)) {
            for (at, _) in chunk.iter().enumerate().filter(|(_, set)| is_near(**set)) {
                look(number * 16 + at);
            }
        }
    }
}

/// What is left of a set without so many of its members, two at most.
fn left<const COUNT: usize>(set: u32) -> u32 {
    let less_one = set & set.wrapping_sub(1);
    match COUNT {
        0 => set,
        1 => less_one,
        _ => less_one & less_one.wrapping_sub(1),
    }
}

/// How many edits may lie between names of these lengths.
pub(super) fn edits_allowed(one: usize, other: usize) -> usize {
    if one.min(other) >= TWO_EDITS { 2 } else { usize::from(one.min(other) + 1 >= SHORTEST) }
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
