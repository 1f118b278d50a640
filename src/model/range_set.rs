//! Sets of versions as intervals over the order of PEP 440, with exact bounds.
//!
//! A bound is a place between versions: a byte string on the line of the keys of [`version_key`](super::version_key).
//! Any byte string is a place, so "just after 1.0" or "after every post-release of 1.0" need no version of their own,
//! and the intervals of an advisory store lie on the same line. See [`place`](super::place) for the places.

use crate::model::Arrange as _;
use std::cmp::Ordering;

use super::Version;
use super::place::{self, FIRST};
use super::version_key::{key_of_version, legacy_key};

/// A stretch of the line: from a place up to, but not including, another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Where it starts; empty for the very bottom.
    pub(crate) from: Vec<u8>,
    /// Where it ends; `None` when it does not.
    pub(crate) to: Option<Vec<u8>>,
}

impl Piece {
    fn is_empty(&self) -> bool {
        self.to.as_ref().is_some_and(|to| *to <= self.from)
    }

    fn holds(&self, key: &[u8]) -> bool {
        self.from.as_slice() <= key && self.to.as_deref().is_none_or(|to| key < to)
    }
}

/// Ends in order; no end is above every other.
pub(crate) fn compare_ends(left: Option<&[u8]>, right: Option<&[u8]>) -> Ordering {
    match (left, right) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        (Some(left), Some(right)) => left.cmp(right),
    }
}

/// A set of versions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RangeSet {
    /// In order; none is empty, and no two overlap or touch.
    pieces: Vec<Piece>,
}

impl RangeSet {
    /// All versions that PEP 440 accepts.
    pub(crate) fn proper() -> Self {
        Self { pieces: vec![Piece { from: FIRST.to_vec(), to: None }] }
    }

    /// From a place up to another.
    pub(crate) fn between(from: Vec<u8>, to: Option<Vec<u8>>) -> Self {
        Self::of([Piece { from, to }])
    }

    /// The union of some pieces.
    pub(crate) fn of(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let mut sorted: Vec<Piece> = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
        sorted.arrange_by(|left, right| left.from.cmp(&right.from));
        let mut joined: Vec<Piece> = Vec::with_capacity(sorted.len());
        for piece in sorted {
            match joined.last_mut() {
                Some(last) if last.to.as_ref().is_none_or(|to| *to >= piece.from) => {
                    if compare_ends(last.to.as_deref(), piece.to.as_deref()) == Ordering::Less {
                        last.to = piece.to;
                    }
                }
                _ => joined.push(piece),
            }
        }
        Self { pieces: joined }
    }

    /// The versions that records affect, from the intervals of their keys. A local version is affected when its
    /// public version is (PEP 440, "Local version identifiers"), so a piece with a public version holds its local
    /// versions too; one that starts just after a public version starts after its local ones.
    pub(crate) fn affected(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let closed = pieces.into_iter().map(|Piece { from, to }| {
            let from = place::after_public(&from).unwrap_or(from);
            let to = to.map(|to| match place::local_end(&to) {
                Some((public, end)) if from <= public => end,
                _ => to,
            });
            Piece { from, to }
        });
        Self::of(closed)
    }

    /// What any of some sets holds.
    pub fn union_of<'a>(sets: impl IntoIterator<Item = &'a Self>) -> Self {
        Self::of(sets.into_iter().flat_map(|set| &set.pieces).cloned())
    }

    /// Its pieces, in order.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// It holds nothing at all.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Whether it holds a version.
    pub fn contains(&self, version: &Version) -> bool {
        self.contains_key(&version.pep440().map_or_else(|| legacy_key(version.as_str()), key_of_version))
    }

    fn contains_key(&self, key: &[u8]) -> bool {
        let after = self.pieces.partition_point(|piece| piece.from.as_slice() <= key);
        after.checked_sub(1).and_then(|at| self.pieces.get(at)).is_some_and(|piece| piece.holds(key))
    }

    /// What one of the two holds.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.pieces.iter().chain(&other.pieces).cloned())
    }

    /// What both hold.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut pieces = Vec::new();
        let (mut left, mut right) = (&self.pieces[..], &other.pieces[..]);
        // A short set against a long one: what lies below its start is passed over at once.
        if let Some(first) = left.first() {
            right = &right[passed(right, &first.from)..];
        }
        if let Some(first) = right.first() {
            left = &left[passed(left, &first.from)..];
        }
        while let ([one, left_rest @ ..], [two, right_rest @ ..]) = (left, right) {
            let order = compare_ends(one.to.as_deref(), two.to.as_deref());
            let from = if one.from > two.from { &one.from } else { &two.from };
            let to = if order == Ordering::Less { &one.to } else { &two.to };
            let piece = Piece { from: from.clone(), to: to.clone() };
            if !piece.is_empty() {
                pieces.push(piece);
            }
            if order == Ordering::Less { left = left_rest } else { right = right_rest }
        }
        Self { pieces }
    }

    /// Everything else on the line.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut pieces = Vec::with_capacity(self.pieces.len() + 1);
        let mut from = Some(Vec::new());
        for piece in &self.pieces {
            if let Some(from) = from.take().filter(|from| *from < piece.from) {
                pieces.push(Piece { from, to: Some(piece.from.clone()) });
            }
            from.clone_from(&piece.to);
        }
        pieces.extend(from.map(|from| Piece { from, to: None }));
        Self { pieces }
    }

    /// What it holds and the other does not.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }
}

/// How many pieces end at or below a place.
fn passed(pieces: &[Piece], place: &[u8]) -> usize {
    pieces.partition_point(|piece| piece.to.as_deref().is_some_and(|to| to <= place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::version_key::{after, key_of_text};
    use proptest::prelude::*;

    const VERSIONS: [&str; 20] = [
        "0.dev0",
        "0",
        "0.1",
        "1.0.dev1",
        "1.0a1",
        "1.0a1.post1",
        "1.0rc1",
        "1.0",
        "1.0+cpu",
        "1.0.post0.dev0",
        "1.0.post1",
        "1.0.post1+cpu",
        "1.0.0.1",
        "1.1.dev0",
        "1.1",
        "2.0rc1.dev1",
        "2.0",
        "2.0+x.1",
        "1!0",
        "2-NA",
    ];

    /// Pieces with all sorts of ends.
    fn set() -> impl Strategy<Value = RangeSet> {
        let place = || {
            (proptest::sample::select(&VERSIONS[..]), any::<bool>()).prop_map(|(version, later)| {
                let key = key_of_text(version);
                if later { after(key) } else { key }
            })
        };
        let from = prop_oneof![1 => Just(Vec::new()), 6 => place()];
        let piece =
            (from, proptest::option::weighted(0.8, place())).prop_map(|(from, to)| Piece { from, to });
        proptest::collection::vec(piece, 0..6).prop_map(RangeSet::of)
    }

    fn members(set: &RangeSet) -> Vec<bool> {
        VERSIONS.iter().map(|version| set.contains(&Version::new(version))).collect()
    }

    fn both(left: &RangeSet, right: &RangeSet, join: impl Fn(bool, bool) -> bool) -> Vec<bool> {
        members(left).into_iter().zip(members(right)).map(|(left, right)| join(left, right)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]
        #[test]
        fn the_laws_of_sets_hold(a in set(), b in set(), c in set()) {
            let whole = RangeSet::between(Vec::new(), None);
            prop_assert_eq!(a.complement().complement(), a.clone());
            prop_assert_eq!(a.union(&a), a.clone());
            prop_assert_eq!(a.intersection(&a), a.clone());
            prop_assert_eq!(a.union(&b), b.union(&a));
            prop_assert_eq!(a.intersection(&b), b.intersection(&a));
            prop_assert_eq!(a.union(&b).union(&c), a.union(&b.union(&c)));
            prop_assert_eq!(a.intersection(&b).intersection(&c), a.intersection(&b.intersection(&c)));
            prop_assert_eq!(a.intersection(&b.union(&c)), a.intersection(&b).union(&a.intersection(&c)));
            prop_assert_eq!(a.union(&b).complement(), a.complement().intersection(&b.complement()));
            prop_assert_eq!(a.union(&a.complement()), whole);
            prop_assert!(a.intersection(&a.complement()).is_empty());
            prop_assert_eq!(a.difference(&b).union(&a.intersection(&b)), a);
        }

        #[test]
        fn members_are_those_of_the_parts(a in set(), b in set()) {
            prop_assert_eq!(members(&a.union(&b)), both(&a, &b, |left, right| left || right));
            prop_assert_eq!(members(&a.intersection(&b)), both(&a, &b, |left, right| left && right));
            prop_assert_eq!(members(&a.difference(&b)), both(&a, &b, |left, right| left && !right));
        }

        #[test]
        fn a_set_keeps_itself_in_order(a in set(), b in set()) {
            for set in [a.union(&b), a.intersection(&b), a.complement()] {
                prop_assert_eq!(RangeSet::of(set.pieces().to_vec()), set.clone());
                prop_assert!(set.pieces().iter().all(|piece| !piece.is_empty()));
            }
        }
    }
}
