//! In which way a name may mislead.

use super::candidates::Relation;
use super::distance::Edit;
use super::judge::Grounds;
use super::letters::{are_neighbours, look_alike};

/// In which way a name may mislead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Two neighbouring letters are swapped.
    Transposition,
    /// A letter is doubled.
    RepeatedLetter,
    /// A letter is missing.
    MissingLetter,
    /// A letter is too many.
    ExtraLetter,
    /// A letter is another one.
    OtherLetter,
    /// A letter is its neighbour on the keyboard.
    NeighbouringKey,
    /// A letter is one that looks like it.
    LookAlike,
    /// An `s` at the end.
    Plural,
    /// A number at the end.
    Number,
    /// A separator more, less, or elsewhere.
    Separator,
    /// Two edits of different kinds.
    TwoEdits,
    /// The same words in another order.
    WordOrder,
    /// A word before or after it.
    Affix,
    /// Characters of other scripts that look like letters.
    Confusable,
    /// A module that Python brings along.
    StandardLibrary,
    /// The import name of another project.
    ImportName,
    /// No index takes such a name.
    Invalid,
}

impl Kind {
    /// All kinds, with their words in machine outputs and what they mean.
    pub const ALL: [(Self, &'static str, &'static str); 17] = [
        (Self::Transposition, "transposition", "two neighbouring letters are swapped"),
        (Self::RepeatedLetter, "repeated-letter", "a letter is doubled, or a double one is single"),
        (Self::MissingLetter, "missing-letter", "a letter is missing"),
        (Self::ExtraLetter, "extra-letter", "a letter is too many"),
        (Self::OtherLetter, "other-letter", "a letter is another one"),
        (Self::NeighbouringKey, "neighbouring-key", "a letter is its neighbour on the keyboard"),
        (Self::LookAlike, "look-alike", "letters or digits look like others"),
        (Self::Plural, "plural", "an `s` at the end is added or missing"),
        (Self::Number, "number", "a number at the end is added, missing or another one"),
        (Self::Separator, "separator", "a separator is added, missing or elsewhere"),
        (Self::TwoEdits, "two-edits", "two letters are different"),
        (Self::WordOrder, "word-order", "the same words in another order"),
        (Self::Affix, "affix", "a word such as `python-` or `-dev` is added, missing or another one"),
        (
            Self::Confusable,
            "confusable",
            "characters that look like letters but are none that an index takes",
        ),
        (Self::StandardLibrary, "standard-library", "a module that Python brings along"),
        (Self::ImportName, "import-name", "the name under which another project is imported"),
        (Self::Invalid, "invalid", "no index takes such a name"),
    ];

    /// The word for it in machine outputs.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, word, _)| word)
    }

    pub(super) fn of(grounds: &Grounds) -> Option<Self> {
        match grounds {
            Grounds::Accepted(_) | Grounds::Established(_) | Grounds::Nothing => None,
            Grounds::Invalid(_) => Some(Self::Invalid),
            Grounds::StandardLibrary => Some(Self::StandardLibrary),
            Grounds::ImportName(_) => Some(Self::ImportName),
            Grounds::Confusable { .. } => Some(Self::Confusable),
            Grounds::Near(candidate) => match &candidate.relation {
                Relation::Order => Some(Self::WordOrder),
                Relation::LookAlike => Some(Self::LookAlike),
                Relation::Affix { kind: super::known::Affix::Number, .. } => Some(Self::Number),
                Relation::Affix { .. } => Some(Self::Affix),
                Relation::Edits(edits) => Some(Self::of_edits(edits, &candidate.target)),
            },
        }
    }

    fn of_edits(edits: &[Edit], target: &str) -> Self {
        let mut kinds = edits.iter().map(|edit| Self::of_edit(*edit, target));
        let first = kinds.next().unwrap_or(Self::TwoEdits);
        if kinds.all(|kind| kind == first) { first } else { Self::TwoEdits }
    }

    fn of_edit(edit: Edit, target: &str) -> Self {
        let beside = |at: usize, letter: u8| {
            let letters = target.as_bytes();
            let before = at.checked_sub(1).and_then(|before| letters.get(before));
            before == Some(&letter) || letters.get(at) == Some(&letter)
        };
        match edit {
            Edit::Swapped { letters, .. } if letters.contains(&b'-') => Self::Separator,
            Edit::Extra { letter: b'-', .. } | Edit::Missing { letter: b'-', .. } => Self::Separator,
            Edit::Replaced { letter, was, .. } if letter == b'-' || was == b'-' => Self::Separator,
            Edit::Swapped { .. } => Self::Transposition,
            Edit::Extra { letter, before, .. } if before == target.len() && letter.is_ascii_digit() => {
                Self::Number
            }
            Edit::Extra { letter, before, .. } if beside(before, letter) => Self::RepeatedLetter,
            Edit::Extra { letter: b's', before, .. } if before == target.len() => Self::Plural,
            Edit::Extra { .. } => Self::ExtraLetter,
            Edit::Missing { letter, at } if at + 1 == target.len() && letter.is_ascii_digit() => Self::Number,
            Edit::Missing { letter: b's', at } if at + 1 == target.len() => Self::Plural,
            Edit::Missing { letter, at } => {
                let letters = target.as_bytes();
                let before = at.checked_sub(1).and_then(|before| letters.get(before));
                if before == Some(&letter) || letters.get(at + 1) == Some(&letter) {
                    Self::RepeatedLetter
                } else {
                    Self::MissingLetter
                }
            }
            Edit::Replaced { letter, was, at }
                if at + 1 == target.len() && letter.is_ascii_digit() && was.is_ascii_digit() =>
            {
                Self::Number
            }
            Edit::Replaced { letter, was, .. } if look_alike(letter, was) => Self::LookAlike,
            Edit::Replaced { letter, was, .. } if are_neighbours(letter, was) => Self::NeighbouringKey,
            Edit::Replaced { .. } => Self::OtherLetter,
        }
    }
}
