//! The weights of the features, as `tests/names/fit_names.rs` writes them. Do not edit by hand.

/// From this score on a name is suspect.
pub const SUSPECT: f32 = 0.5;

/// From this score on a name is deceptive.
pub const DECEPTIVE: f32 = 0.9745;

/// What a pair without any feature has.
pub(super) const BIAS: f32 = 3.2346;

/// The weight of each feature, in the order of [`super::features::LABELS`].
#[rustfmt::skip]
pub(super) const WEIGHTS: &[f32] = &[
    2.4871, // edits
    -0.0863, // edits: two
    0.2508, // edits: letters of the target, at most 16
    -3.7550, // edits: target of four letters
    -1.2485, // edits: target of at most five letters
    -0.1441, // edits: target of at most six letters
    -5.0865, // edits: per letter of the target
    -1.1580, // rank: logarithm
    -0.4854, // rank: logarithm above 1,000
    -4.0504, // rank: logarithm above 5,000
    -0.4251, // rank: logarithm, of two edits
    -0.5637, // rank: logarithm times letters / 10
    -0.1491, // rank: logarithm, when all edits are slips
    1.8516, // letter swapped with its neighbour
    0.9553, // letter doubled
    -1.1233, // letter too many
    2.3329, // letter of a pair missing
    1.8795, // letter missing
    -0.5523, // letter replaced
    0.8857, // ... by a neighbour on the keyboard
    0.7216, // ... by one that looks alike
    1.0674, // ... vowel by vowel
    -0.9840, // digit in the edit
    -0.9222, // digit for digit
    -0.7487, // digit at the end, added or missing
    -2.0895, // first letter
    -0.0201, // last letter added
    -1.2842, // last letter missing
    -0.4949, // plural
    -1.0223, // separator
    -0.9429, // edits close together
    1.0996, // all edits are slips of the hand
    0.2928, // surprise of the letters, above the target's
    -1.2226, // words of the name
    1.5828, // target of several words
    -0.3552, // target with a digit
    0.1236, // letters of the edited word, at most 12
    -0.2487, // same family
    -0.9457, // same family, edited word of at most four letters
    -2.9274, // module of Python, or import name
    3.1098, // words in another order
    0.0000, // look-alike letters
    -2.9454, // affix: python, py, lib
    1.4759, // affix: exchanged
    -4.3402, // affix: left out
    -3.2170, // affix: number
    -2.0675, // affix: a word that says little
    1.1206, // affix: without separator
    -4.8548, // words: rank above 300, logarithm
];
