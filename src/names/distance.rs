//! How far one name is from another: optimal string alignment, and which edits lie between.

use super::symbols::{EDGE, SYMBOLS, letters, symbol};

/// Longer names are compared by their words only. The longest popular name has 55 letters.
pub(super) const LONGEST: usize = 64;

/// A name made ready to be compared with many others.
pub(super) struct Pattern<'a> {
    name: &'a [u8],
    letters: u32,
    /// For each symbol, at which places of the name it stands.
    places: [u64; SYMBOLS],
}

impl<'a> Pattern<'a> {
    /// `None` for a name that is empty, longer than [`LONGEST`], or holds what no normalised name does.
    pub(super) fn new(name: &'a str) -> Option<Self> {
        let name = name.as_bytes();
        if name.is_empty() || name.len() > LONGEST || name.iter().any(|byte| symbol(*byte) == EDGE) {
            return None;
        }
        let mut places = [0; SYMBOLS];
        for (at, byte) in name.iter().enumerate() {
            if let Some(place) = places.get_mut(symbol(*byte)) {
                *place |= 1 << at;
            }
        }
        Some(Self { name, letters: letters(name), places })
    }

    /// The name.
    pub(super) fn name(&self) -> &'a [u8] {
        self.name
    }

    /// The set of its letters.
    pub(super) fn letters(&self) -> u32 {
        self.letters
    }

    /// The optimal string alignment distance to a target, all columns of a row at once.
    /// Source: H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003.
    pub(super) fn distance(&self, target: &[u8]) -> usize {
        let last = 1_u64 << (self.name.len() - 1);
        let (mut plus, mut minus, mut zero, mut before) = (u64::MAX, 0_u64, 0_u64, 0_u64);
        let mut distance = self.name.len();
        for byte in target {
            let same = self.places.get(symbol(*byte)).copied().unwrap_or_default();
            let swapped = ((!zero & same) << 1) & before;
            zero = ((same & plus).wrapping_add(plus) ^ plus) | same | minus | swapped;
            let up = minus | !(zero | plus);
            let down = plus & zero;
            distance += usize::from(up & last != 0);
            distance -= usize::from(down & last != 0);
            let (up, down) = (up << 1 | 1, down << 1);
            plus = down | !(zero | up);
            minus = up & zero;
            before = same;
        }
        distance
    }
}

/// What was done to a target to get the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    /// A letter too many, at this place of the name, before that place of the target.
    Extra { letter: u8, at: usize, before: usize },
    /// A letter of the target, at this place of it, is missing.
    Missing { letter: u8, at: usize },
    /// Another letter than the target has at this place.
    Replaced { letter: u8, was: u8, at: usize },
    /// Two neighbours of the target, the first at this place, are swapped. As in the name.
    Swapped { letters: [u8; 2], at: usize },
}

impl Edit {
    /// The place of the target at which the edit lies.
    pub(super) fn place(self) -> usize {
        match self {
            Self::Extra { before: at, .. }
            | Self::Missing { at, .. }
            | Self::Replaced { at, .. }
            | Self::Swapped { at, .. } => at,
        }
    }
}

/// The fewest edits that make the name out of the target, from the end to the beginning.
pub(super) fn edits(name: &[u8], target: &[u8]) -> Vec<Edit> {
    let lead = name.iter().zip(target).take_while(|(one, other)| one == other).count();
    let ours = name.get(lead..).unwrap_or_default();
    let theirs = target.get(lead..).unwrap_or_default();
    let tail = ours.iter().rev().zip(theirs.iter().rev()).take_while(|(one, other)| one == other).count();
    let ours = ours.get(..ours.len() - tail).unwrap_or_default();
    let theirs = theirs.get(..theirs.len() - tail).unwrap_or_default();
    let width = theirs.len() + 1;
    let mut costs = vec![0_usize; (ours.len() + 1) * width];
    let at = |row: usize, column: usize| row * width + column;
    let swaps = |row: usize, column: usize| {
        row > 1
            && column > 1
            && ours[row - 1] == theirs[column - 2]
            && ours[row - 2] == theirs[column - 1]
            && ours[row - 1] != theirs[column - 1]
    };
    for row in 0..=ours.len() {
        for column in 0..width {
            costs[at(row, column)] = match (row, column) {
                (0, count) | (count, 0) => count,
                _ => {
                    let differs = usize::from(ours[row - 1] != theirs[column - 1]);
                    let mut cost = (costs[at(row - 1, column - 1)] + differs)
                        .min(costs[at(row - 1, column)] + 1)
                        .min(costs[at(row, column - 1)] + 1);
                    if swaps(row, column) {
                        cost = cost.min(costs[at(row - 2, column - 2)] + 1);
                    }
                    cost
                }
            };
        }
    }
    let (mut row, mut column) = (ours.len(), theirs.len());
    let mut edits = Vec::new();
    while row > 0 || column > 0 {
        let cost = costs[at(row, column)];
        if row > 0
            && column > 0
            && ours[row - 1] == theirs[column - 1]
            && cost == costs[at(row - 1, column - 1)]
        {
            (row, column) = (row - 1, column - 1);
        } else if swaps(row, column) && cost == costs[at(row - 2, column - 2)] + 1 {
            (row, column) = (row - 2, column - 2);
            edits.push(Edit::Swapped { letters: [ours[row], ours[row + 1]], at: lead + column });
        } else if row > 0 && cost == costs[at(row - 1, column)] + 1 {
            row -= 1;
            edits.push(Edit::Extra { letter: ours[row], at: lead + row, before: lead + column });
        } else if column > 0 && cost == costs[at(row, column - 1)] + 1 {
            column -= 1;
            edits.push(Edit::Missing { letter: theirs[column], at: lead + column });
        } else {
            (row, column) = (row - 1, column - 1);
            edits.push(Edit::Replaced { letter: ours[row], was: theirs[column], at: lead + column });
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn the_distance_is_that_of_the_textbook(one in "[ab0c-]{1,12}", other in "[ab0c-]{1,12}") {
            let pattern = Pattern::new(&one).unwrap();
            let expected = strsim::osa_distance(&one, &other);
            prop_assert_eq!(pattern.distance(other.as_bytes()), expected);
            prop_assert_eq!(edits(one.as_bytes(), other.as_bytes()).len(), expected);
        }

        #[test]
        fn names_of_full_length_too(one in "[a-z]{60,64}", at in 0..60_usize) {
            let mut other = one.clone();
            other.remove(at);
            prop_assert_eq!(Pattern::new(&one).unwrap().distance(other.as_bytes()), 1);
        }
    }

    #[test]
    fn edits_say_what_happened() {
        let of = |name: &str, target: &str| edits(name.as_bytes(), target.as_bytes());
        assert_eq!(of("reqeusts", "requests"), [Edit::Swapped { letters: *b"eu", at: 3 }]);
        assert_eq!(of("requestss", "requests"), [Edit::Extra { letter: b's', at: 8, before: 8 }]);
        assert_eq!(of("requets", "requests"), [Edit::Missing { letter: b's', at: 5 }]);
        assert_eq!(of("rwquests", "requests"), [Edit::Replaced { letter: b'w', was: b'e', at: 1 }]);
        assert_eq!(of("numpy", "numpy"), []);
        assert!(Pattern::new("").is_none() && Pattern::new("a b").is_none());
        assert!(Pattern::new(&"a".repeat(LONGEST + 1)).is_none());
    }
}
