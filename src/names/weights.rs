//! The weights of the features, as `tests/names/fit_names.rs` writes them. Do not edit by hand.

/// From this score on a name is suspect.
pub const SUSPECT: f32 = 0.5;

/// From this score on a name is deceptive.
pub const DECEPTIVE: f32 = 0.9753;

/// What a pair without any feature has.
pub(super) const BIAS: f32 = 3.2091;

/// The weight of each feature, in the order of [`super::features::LABELS`].
#[rustfmt::skip]
pub(super) const WEIGHTS: &[f32] = &[
    2.4601, // edits
    -0.2380, // edits: two
    0.2524, // edits: letters of the target, at most 16
    -3.7796, // edits: target of four letters
    -1.2674, // edits: target of at most five letters
    -0.1480, // edits: target of at most six letters
    -4.5362, // edits: per letter of the target
    -1.1714, // rank: logarithm
    -0.4808, // rank: logarithm above 1,000
    -4.0525, // rank: logarithm above 5,000
    -0.4275, // rank: logarithm, of two edits
    -0.5513, // rank: logarithm times letters / 10
    -0.1483, // rank: logarithm, when all edits are slips
    1.8147, // letter swapped with its neighbour
    0.8272, // letter doubled
    -1.1221, // letter too many
    2.3090, // letter of a pair missing
    1.8832, // letter missing
    -0.5816, // letter replaced
    0.8742, // ... by a neighbour on the keyboard
    0.7894, // ... by one that looks alike
    1.0796, // ... vowel by vowel
    -0.9649, // digit in the edit
    -0.9555, // digit for digit
    -0.7693, // digit at the end, added or missing
    -2.1570, // first letter
    -0.0287, // last letter added
    -1.3031, // last letter missing
    -0.4812, // plural
    -0.9804, // separator
    -0.8262, // edits close together
    1.1475, // all edits are slips of the hand
    0.2916, // surprise of the letters, above the target's
    -1.2488, // words of the name
    1.5343, // target of several words
    -0.3487, // target with a digit
    0.1270, // letters of the edited word, at most 12
    -0.1679, // same family
    -0.9379, // same family, edited word of at most four letters
    -2.9271, // module of Python, or import name
    3.1369, // words in another order
    0.0000, // look-alike letters
    -2.9205, // affix: python, py, lib
    1.4765, // affix: exchanged
    -4.3425, // affix: left out
    -3.1989, // affix: number
    -2.0419, // affix: a word that says little
    1.1216, // affix: without separator
    -4.8562, // words: rank above 300, logarithm
];
