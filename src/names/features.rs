//! What is measured of a name and the name that it may have been made from.
//!
//! A feature is a number; the score of a pair is a weighted sum of them (`weights.rs`), made a probability. The
//! weights are fitted by `tests/names/fit_names.rs`, which prints what each of them is worth.

use super::candidates::{Candidate, Origin, Relation};
use super::distance::Edit;
use super::known::Affix;
use super::letters::{are_neighbours, is_vowel, look_alike};
use super::popular;

/// How many features a pair has.
pub const COUNT: usize = LABELS.len();

/// The features of a pair, in the order of [`LABELS`].
pub type Features = [f32; COUNT];

/// What the features are, each in a few words.
pub const LABELS: [&str; 49] = [
    "edits",
    "edits: two",
    "edits: letters of the target, at most 16",
    "edits: target of four letters",
    "edits: target of at most five letters",
    "edits: target of at most six letters",
    "edits: per letter of the target",
    "rank: logarithm",
    "rank: logarithm above 1,000",
    "rank: logarithm above 5,000",
    "rank: logarithm, of two edits",
    "rank: logarithm times letters / 10",
    "rank: logarithm, when all edits are slips",
    "letter swapped with its neighbour",
    "letter doubled",
    "letter too many",
    "letter of a pair missing",
    "letter missing",
    "letter replaced",
    "... by a neighbour on the keyboard",
    "... by one that looks alike",
    "... vowel by vowel",
    "digit in the edit",
    "digit for digit",
    "digit at the end, added or missing",
    "first letter",
    "last letter added",
    "last letter missing",
    "plural",
    "separator",
    "edits close together",
    "all edits are slips of the hand",
    "surprise of the letters, above the target's",
    "words of the name",
    "target of several words",
    "target with a digit",
    "letters of the edited word, at most 12",
    "same family",
    "same family, edited word of at most four letters",
    "module of Python, or import name",
    "words in another order",
    "look-alike letters",
    "affix: python, py, lib",
    "affix: exchanged",
    "affix: left out",
    "affix: number",
    "affix: a word that says little",
    "affix: without separator",
    "words: rank above 300, logarithm",
];

/// The features of a pair.
pub(super) fn features(name: &str, candidate: &Candidate) -> Features {
    let mut features = Builder { values: [0.0; COUNT], next: 0 };
    let rank = candidate.origin.rank().log10();
    match &candidate.relation {
        Relation::Edits(edits) => of_edits(name, candidate, edits, rank, &mut features),
        relation => of_words(relation, rank, &mut features),
    }
    features.values
}

struct Builder {
    values: Features,
    next: usize,
}

impl Builder {
    fn number(&mut self, value: f32) {
        if let Some(place) = self.values.get_mut(self.next) {
            *place = value;
        }
        self.next += 1;
    }

    fn count(&mut self, value: usize) {
        self.number(number(value));
    }

    fn flag(&mut self, value: bool) {
        self.number(f32::from(u8::from(value)));
    }
}

/// Counts of letters and words are small.
fn number(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// The first feature that is not about edits.
const FIRST_OF_WORDS: usize = 40;

fn of_words(relation: &Relation, rank: f32, features: &mut Builder) {
    features.next = FIRST_OF_WORDS;
    features.flag(*relation == Relation::Order);
    features.flag(*relation == Relation::LookAlike);
    let (affix, word, joined, other) = match relation {
        Relation::Affix { kind, word, glued, exchanged } => (Some(*kind), word.as_str(), *glued, *exchanged),
        _ => (None, "", false, false),
    };
    features.flag(affix == Some(Affix::Language));
    features.flag(other && !word.is_empty());
    features.flag(other && word.is_empty());
    features.flag(affix == Some(Affix::Number));
    features.flag(affix == Some(Affix::Role));
    features.flag(joined);
    features.number((rank - 2.5).max(0.0));
}

/// What the edits of a pair are, counted.
#[derive(Default)]
struct Tally {
    swapped: usize,
    doubled: usize,
    extra: usize,
    of_pair: usize,
    missing: usize,
    replaced: usize,
    neighbours: usize,
    alike: usize,
    vowels: usize,
    digits: usize,
    digit_for_digit: usize,
    last_digit: usize,
    first: usize,
    last_extra: usize,
    last_missing: usize,
    plural: usize,
    separator: usize,
}

impl Tally {
    fn new(name: &[u8], target: &[u8], edits: &[Edit]) -> Self {
        let mut tally = Self::default();
        for edit in edits {
            tally.add(name, target, *edit);
        }
        tally
    }

    fn add(&mut self, name: &[u8], target: &[u8], edit: Edit) {
        let is_digit = |letter: u8| letter.is_ascii_digit();
        let beside = |text: &[u8], at: usize, letter: u8| {
            let before = at.checked_sub(1).and_then(|before| text.get(before));
            before == Some(&letter) || text.get(at + 1) == Some(&letter)
        };
        match edit {
            Edit::Swapped { letters, at } => {
                self.swapped += 1;
                self.digits += usize::from(letters.iter().any(|letter| is_digit(*letter)));
                self.separator += usize::from(letters.contains(&b'-'));
                self.first += usize::from(at == 0);
            }
            Edit::Extra { letter, at, .. } => {
                let doubled = beside(name, at, letter);
                self.doubled += usize::from(doubled);
                self.extra += usize::from(!doubled);
                self.digits += usize::from(is_digit(letter));
                self.separator += usize::from(letter == b'-');
                self.first += usize::from(at == 0);
                if at + 1 == name.len() {
                    self.last_extra += 1;
                    self.plural += usize::from(letter == b's');
                    self.last_digit += usize::from(is_digit(letter));
                }
            }
            Edit::Missing { letter, at } => {
                let of_pair = beside(target, at, letter);
                self.of_pair += usize::from(of_pair);
                self.missing += usize::from(!of_pair);
                self.digits += usize::from(is_digit(letter));
                self.separator += usize::from(letter == b'-');
                self.first += usize::from(at == 0);
                if at + 1 == target.len() {
                    self.last_missing += 1;
                    self.plural += usize::from(letter == b's');
                    self.last_digit += usize::from(is_digit(letter));
                }
            }
            Edit::Replaced { letter, was, at } => {
                self.replaced += 1;
                self.neighbours += usize::from(are_neighbours(letter, was));
                self.alike += usize::from(look_alike(letter, was));
                self.vowels += usize::from(is_vowel(letter) && is_vowel(was));
                self.digits += usize::from(is_digit(letter) || is_digit(was));
                self.digit_for_digit += usize::from(is_digit(letter) && is_digit(was));
                self.separator += usize::from(letter == b'-' || was == b'-');
                self.first += usize::from(at == 0);
            }
        }
    }

    /// How many of the edits are what a hand does by itself.
    fn slips(&self) -> usize {
        self.swapped + self.doubled + self.of_pair + self.neighbours
    }
}

fn of_edits(name: &str, candidate: &Candidate, edits: &[Edit], rank: f32, features: &mut Builder) {
    let target = candidate.target.as_str();
    let tally = Tally::new(name.as_bytes(), target.as_bytes(), edits);
    let two = edits.len() > 1;
    let length = number(target.len().min(16));
    let slips = tally.slips() >= edits.len();
    features.flag(true);
    features.flag(two);
    features.number(length);
    features.flag(target.len() <= 4);
    features.flag(target.len() <= 5);
    features.flag(target.len() <= 6);
    features.number(number(edits.len()) / number(target.len().max(1)));
    features.number(rank);
    features.number((rank - 3.0).max(0.0));
    features.number((rank - 3.7).max(0.0));
    features.number(if two { rank } else { 0.0 });
    features.number(rank * length / 10.0);
    features.number(if slips { rank } else { 0.0 });
    features.count(tally.swapped);
    features.count(tally.doubled);
    features.count(tally.extra);
    features.count(tally.of_pair);
    features.count(tally.missing);
    features.count(tally.replaced);
    features.count(tally.neighbours);
    features.count(tally.alike);
    features.count(tally.vowels);
    features.count(tally.digits);
    features.count(tally.digit_for_digit);
    features.count(tally.last_digit);
    features.count(tally.first);
    features.count(tally.last_extra);
    features.count(tally.last_missing);
    features.count(tally.plural);
    features.count(tally.separator);
    features.flag(match edits {
        [one, other] => one.place().abs_diff(other.place()) <= 2,
        _ => false,
    });
    features.flag(slips);
    features.number(popular::surprise(name.as_bytes()) - popular::surprise(target.as_bytes()));
    features.count(name.split('-').count());
    features.flag(target.contains('-'));
    features.flag(target.bytes().any(|byte| byte.is_ascii_digit()));
    let edited =
        target.split('-').filter(|word| name.split('-').all(|other| other != *word)).map(str::len).min();
    let edited = edited.unwrap_or(target.len()).min(12);
    let family = is_one_family(name, target);
    features.count(edited);
    features.flag(family);
    features.flag(family && edited <= 4);
    features.flag(matches!(candidate.origin, Origin::StandardLibrary | Origin::Import));
}

/// Whether both names begin, or end, with the word of a family: `pytest-mock` and `pytest-mocks`.
fn is_one_family(name: &str, target: &str) -> bool {
    let begins = match (name.split_once('-'), target.split_once('-')) {
        (Some((word, _)), Some((other, _))) => word == other && popular::begins_a_family(word),
        _ => false,
    };
    begins
        || match (name.rsplit_once('-'), target.rsplit_once('-')) {
            (Some((_, word)), Some((_, other))) => word == other && popular::ends_a_family(word),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::weights::WEIGHTS;

    #[test]
    #[expect(clippy::float_cmp, reason = "flags are exactly 0 or 1")]
    fn every_feature_has_a_label_and_a_weight() {
        assert_eq!(WEIGHTS.len(), COUNT);
        assert_eq!(LABELS[FIRST_OF_WORDS], "words in another order");
        let candidate = |target: &str, relation| Candidate {
            target: target.to_owned(),
            origin: Origin::Popular(7),
            relation,
        };
        let edits = super::super::distance::edits(b"reqeusts", b"requests");
        let of_edits = features("reqeusts", &candidate("requests", Relation::Edits(edits)));
        let at = |label: &str| LABELS.iter().position(|known| *known == label).unwrap();
        assert_eq!(of_edits[at("edits")], 1.0);
        assert_eq!(of_edits[at("letter swapped with its neighbour")], 1.0);
        assert_eq!(of_edits[at("module of Python, or import name")], 0.0);
        assert!(of_edits[FIRST_OF_WORDS..].iter().all(|value| *value == 0.0));
        let affix =
            Relation::Affix { kind: Affix::Role, word: "dev".to_owned(), glued: false, exchanged: false };
        let of_words = features("requests-dev", &candidate("requests", affix));
        assert_eq!(of_words[at("affix: a word that says little")], 1.0);
        assert!(of_words[..FIRST_OF_WORDS].iter().all(|value| *value == 0.0));
    }
}
