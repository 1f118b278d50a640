//! Recognises the texts of licenses.
//!
//! The texts of usual licenses, and of those that are like them, are built in as normalised words (`normal`). A text is
//! compared with those of which it holds most pairs of neighbouring words, at the place where they stand closest: what
//! stands before and after (a title, copyright notices, the next license) does not matter. Linear in the length of the
//! text, for a fixed number of licenses.

#[cfg(test)]
mod chosen;
mod normal;
#[cfg(test)]
mod template;
mod templates;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;

use self::templates::{Pair, Template};
use crate::model::{
    EvidenceSource, EvidenceStrength, LicenseEvidence, LicenseExpression, LicenseReading, Span,
};

/// Texts are read up to this many bytes.
pub const LONGEST: usize = 1024 * 1024;

/// From this likeness on a text is taken for the license.
const DEFINITE: f32 = 0.95;

/// From this likeness on a text may be the license.
const POSSIBLE: f32 = 0.85;

/// Another license is possible too when the text is not further from it than this many times as far as from the nearest
/// one, and a little more: two words of a short license.
const FURTHER: f32 = 1.5;
const A_LITTLE: f32 = 0.003;

/// More licenses in one text are not looked for.
const MOST_FOUND: usize = 12;

/// More licenses are not compared at their places.
const MOST_COMPARED: usize = 24;

/// How much of a license has to be in a text for a closer look, in hundredths.
const LEAST_SHARE: usize = 75;

/// What was recognised in a text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LicenseText {
    /// The licenses, in their order in the text, each once. Empty when none was recognised.
    pub found: Vec<FoundLicense>,
    /// The text is longer than [`LONGEST`]: the rest was not read.
    pub truncated: bool,
}

/// A license in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundLicense {
    /// What it may be, sorted, never empty. Several for a GNU license, whose text does not say "only" or "or later", and
    /// for a text that is as like to two licenses.
    pub candidates: Vec<LicenseExpression>,
    /// How alike the texts are, from 0 to 1; 1 when they are the same word by word. The least when it stands there more
    /// than once.
    pub score: f32,
    /// The bytes of the text where it stands first.
    pub range: Range<usize>,
}

impl LicenseText {
    /// What the text says: a license that was surely recognised, and alone. Several in one text are ambiguous: nobody can
    /// tell whether they all apply.
    pub fn reading(&self) -> LicenseReading {
        let mut candidates: Vec<LicenseExpression> =
            self.found.iter().flat_map(|found| found.candidates.iter().cloned()).collect();
        candidates.sort();
        candidates.dedup();
        match &candidates[..] {
            [] => LicenseReading::Unknown,
            [one] if self.score().is_some_and(|score| score >= DEFINITE) => {
                LicenseReading::License(one.clone())
            }
            _ => LicenseReading::Ambiguous(candidates),
        }
    }

    /// How alike the text and the licenses in it are: that of the one that is least.
    pub fn score(&self) -> Option<f32> {
        self.found.iter().map(|found| found.score).reduce(f32::min)
    }

    /// The text of a license file as a piece of evidence: `path` is that of the file, `span` the place of it that is
    /// shown.
    pub fn evidence(&self, path: &str, span: Option<Span>) -> LicenseEvidence {
        let strength = match self.score() {
            Some(score) if score >= 1.0 => EvidenceStrength::Strong,
            Some(score) if score >= DEFINITE => EvidenceStrength::Fair,
            _ => EvidenceStrength::Weak,
        };
        LicenseEvidence {
            source: EvidenceSource::LicenseFile,
            strength,
            value: path.to_owned(),
            reading: self.reading(),
            span,
            score: self.score(),
            about: None,
        }
    }
}

/// Which pairs a license or a text has, as bits: a pair that has none is not there.
struct Filter {
    bits: Vec<u64>,
    mask: usize,
}

impl Filter {
    fn new(pairs: impl ExactSizeIterator<Item = Pair>) -> Self {
        let size = (pairs.len() * 16).next_power_of_two().max(64);
        let mut filter = Self { bits: vec![0; size / 64], mask: size - 1 };
        for pair in pairs {
            let at = pair as usize & filter.mask;
            if let Some(word) = filter.bits.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
        }
        filter
    }

    fn may_have(&self, pair: Pair) -> bool {
        let at = pair as usize & self.mask;
        self.bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
}

/// A place in the text that is like a license.
struct Place {
    template: &'static Template,
    /// The words of the text, by their numbers.
    words: Range<usize>,
    score: f32,
}

/// Recognises the licenses in a text. Reads at most [`LONGEST`] bytes.
pub fn recognise(text: &str) -> LicenseText {
    let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    let truncated = end < text.len();
    let normal = normal::words(text.get(..end).unwrap_or_default());
    let words: Vec<u32> = normal.iter().map(|(word, _)| templates::hash(word)).collect();
    let pairs: Vec<Pair> = templates::pairs(&words).collect();
    let filter = Filter::new(pairs.iter().copied());
    let mut possible: Vec<(usize, &'static Template)> = templates::all()
        .iter()
        .filter_map(|template| {
            let there = template.pairs.iter().filter(|pair| filter.may_have(**pair)).count();
            let share = there * 100 / template.pairs.len();
            (share >= LEAST_SHARE).then_some((share, template))
        })
        .collect();
    possible
        .sort_by_key(|(share, template)| std::cmp::Reverse((*share, template.usual, template.words.len())));
    possible.truncate(MOST_COMPARED);

    let mut free = vec![true; pairs.len()];
    let mut found: Vec<(Range<usize>, FoundLicense)> = Vec::new();
    let look = |template: &'static Template, free: &[bool]| {
        place(template, &words, &pairs, free).filter(|place| place.score >= POSSIBLE)
    };
    let mut places: Vec<Place> = possible.iter().filter_map(|(_, template)| look(template, &free)).collect();
    while found.len() < MOST_FOUND {
        // Word by word before anything else, the longest first: one license may be the beginning of another.
        places.sort_by(|one, other| {
            let key = |place: &Place| (place.score >= 1.0, place.words.len());
            let exact = key(other).0.cmp(&key(one).0);
            let exact_length =
                if key(one).0 { key(other).1.cmp(&key(one).1) } else { std::cmp::Ordering::Equal };
            exact
                .then(exact_length)
                .then(other.score.total_cmp(&one.score))
                .then(other.template.usual.cmp(&one.template.usual))
        });
        let Some(best) = places.first() else { break };
        for free in free.iter_mut().take(best.words.end).skip(best.words.start) {
            *free = false;
        }
        let start = normal.get(best.words.start).map_or(0, |(_, at)| *at);
        let end = best.words.end.checked_sub(1).and_then(|last| normal.get(last));
        let end = end.map_or(start, |(word, at)| (at + word.len()).min(text.len()));
        let license = FoundLicense { candidates: candidates(&places), score: best.score, range: start..end };
        let taken = best.words.clone();
        // The same once more, and once more, says nothing new.
        if best.score >= 1.0 {
            let mut from = 0;
            while let Some(again) = exact(
                best.template,
                words.get(from..).unwrap_or_default(),
                free.get(from..).unwrap_or_default(),
            ) {
                let again = from + again.start..from + again.end;
                free.iter_mut().take(again.end).skip(again.start).for_each(|free| *free = false);
                from = again.end;
            }
        }
        // What was seen elsewhere is still there.
        places = places
            .into_iter()
            .filter_map(
                |place| if overlap(&place.words, &taken) { look(place.template, &free) } else { Some(place) },
            )
            .collect();
        found.push((taken, license));
    }
    found.sort_by_key(|(words, _)| words.start);
    let mut once: Vec<FoundLicense> = Vec::new();
    for (_, license) in found {
        match once.iter_mut().find(|earlier| earlier.candidates == license.candidates) {
            Some(earlier) => earlier.score = earlier.score.min(license.score),
            None => once.push(license),
        }
    }
    LicenseText { found: once, truncated }
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// What the best place may be: also other licenses that are about as near there, when nothing is exact.
fn candidates(places: &[Place]) -> Vec<LicenseExpression> {
    let Some(best) = places.first() else { return Vec::new() };
    let mut candidates = best.template.ids.clone();
    if best.score < 1.0 {
        let near = places.iter().skip(1).filter(|place| {
            let overlaps = overlap(&place.words, &best.words);
            // A usual license is not called in question by a rare one that is further away.
            let counts = place.template.usual || !best.template.usual;
            overlaps && counts && 1.0 - place.score <= (1.0 - best.score) * FURTHER + A_LITTLE
        });
        candidates.extend(near.flat_map(|place| place.template.ids.iter().cloned()));
        candidates.sort();
        candidates.dedup();
    }
    candidates
}

/// Where in the free part of a text a license stands, and how alike they are there.
fn place(template: &'static Template, words: &[u32], pairs: &[Pair], free: &[bool]) -> Option<Place> {
    if let Some(words) = exact(template, words, free) {
        return Some(Place { template, words, score: 1.0 });
    }
    let length = template.pairs.len();
    let filter = Filter::new(template.pairs.iter().copied());
    let has = |pair: Pair| filter.may_have(pair) && template.pairs.binary_search(&pair).is_ok();
    let hits: Vec<bool> = pairs.iter().zip(free).map(|(pair, free)| *free && has(*pair)).collect();
    // The stretch as long as the license with the most of its pairs.
    let (mut count, mut most, mut end) = (0_usize, 0_usize, 0_usize);
    for (at, hit) in hits.iter().enumerate() {
        count += usize::from(*hit);
        let leaves = at.checked_sub(length).and_then(|gone| hits.get(gone)).is_some_and(|hit| *hit);
        count -= usize::from(leaves);
        if count > most {
            (most, end) = (count, at + 1);
        }
    }
    if most * 100 < length * LEAST_SHARE {
        return None;
    }
    // What was put in between makes it longer; what is not of the license at its edges does not belong to it.
    let slack = length / 12 + 4;
    let around = end.saturating_sub(length + slack)..(end + slack).min(hits.len());
    let stretch = densest(hits.get(around.clone())?);
    let stretch = around.start + stretch.start..around.start + stretch.end;
    let score = likeness(pairs.get(stretch.clone())?, template).min(0.999);
    Some(Place { template, words: stretch.start..stretch.end + 1, score })
}

/// The stretch in which hits outnumber the rest by most.
fn densest(hits: &[bool]) -> Range<usize> {
    let (mut sum, mut most, mut start) = (0_i64, 0_i64, 0);
    let mut best = 0..0;
    for (at, hit) in hits.iter().enumerate() {
        if sum <= 0 {
            (sum, start) = (0, at);
        }
        sum += if *hit { 1 } else { -1 };
        if sum > most {
            (most, best) = (sum, start..at + 1);
        }
    }
    best
}

/// Where the words of a license stand one by one.
fn exact(template: &Template, words: &[u32], free: &[bool]) -> Option<Range<usize>> {
    let first = template.words.first()?;
    let length = template.words.len();
    let is_here = |at: usize| {
        words.get(at..at + length) == Some(&template.words[..])
            && free.get(at..at + length - 1).is_some_and(|free| free.iter().all(|free| *free))
    };
    let start = words.iter().enumerate().position(|(at, word)| word == first && is_here(at))?;
    Some(start..start + length)
}

/// Twice the pairs that both have, of all pairs of both (Dice), repetitions counted.
#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^24")]
fn likeness(pairs: &[Pair], template: &Template) -> f32 {
    let mut counts: HashMap<Pair, usize> = HashMap::new();
    for pair in &template.pairs {
        *counts.entry(*pair).or_default() += 1;
    }
    let mut common = 0_usize;
    for pair in pairs {
        if let Some(count) = counts.get_mut(pair).filter(|count| **count > 0) {
            *count -= 1;
            common += 1;
        }
    }
    2.0 * common as f32 / (pairs.len() + template.pairs.len()) as f32
}
