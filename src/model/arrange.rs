//! Sorting, in little code.
//!
//! The sorts of the standard library are made anew for each type and each comparison, 4 to 9 kB each: a tenth of the
//! program was that. These order numbers instead, once for all types, and move the items after it. They are stable, and slower
//! by a call for each comparison; where thousands of things are sorted in a hot loop the standard ones stay.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Up to so many items are sorted in their place.
const FEW: usize = 12;

/// Slices that can be put in order.
pub(crate) trait Arrange {
    /// What they hold.
    type Item;

    /// In their own order.
    fn arrange(&mut self)
    where
        Self::Item: Ord;

    /// By a comparison, which must be a total order.
    fn arrange_by(&mut self, compare: impl FnMut(&Self::Item, &Self::Item) -> Ordering);

    /// By a key.
    fn arrange_by_key<K: Ord>(&mut self, key: impl FnMut(&Self::Item) -> K);

    /// By a key that is dear to make: made once for each.
    fn arrange_by_cached_key<K: Ord>(&mut self, key: impl FnMut(&Self::Item) -> K);
}

impl<T> Arrange for [T] {
    type Item = T;

    fn arrange(&mut self)
    where
        T: Ord,
    {
        self.arrange_by(T::cmp);
    }

    fn arrange_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        if self.len() <= FEW {
            for end in 1..self.len() {
                let mut at = end;
                while at > 0 && compare(&self[at - 1], &self[at]).is_gt() {
                    self.swap(at - 1, at);
                    at -= 1;
                }
            }
            return;
        }
        let order = permutation(self.len(), &mut |left, right| compare(&self[left], &self[right]));
        apply(self, order);
    }

    fn arrange_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.arrange_by(|left, right| key(left).cmp(&key(right)));
    }

    fn arrange_by_cached_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        let keys: Vec<K> = self.iter().map(key).collect();
        let order = permutation(self.len(), &mut |left, right| keys[left].cmp(&keys[right]));
        apply(self, order);
    }
}

/// Where the items come from that stand in order.
fn permutation(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|left, right| compare(*left, *right));
    order
}

/// Moves each item to its place, one cycle after the other.
fn apply<T>(items: &mut [T], mut order: Vec<usize>) {
    for start in 0..order.len() {
        let mut place = start;
        loop {
            let from = std::mem::replace(&mut order[place], place);
            if from == start {
                break;
            }
            items.swap(place, from);
            place = from;
        }
    }
}

/// A set of these. The standard library sorts them first, in code of its own for each type.
pub(crate) fn set_of<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    for item in items {
        set.insert(item);
    }
    set
}

/// A map of these; the last of several with one key counts.
pub(crate) fn map_of<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in entries {
        map.insert(key, value);
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_the_standard_library_sorts(items in proptest::collection::vec((0u8..6, any::<u16>()), 0..60)) {
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            let mut by_key = items.clone();
            by_key.arrange_by_key(|(key, _)| *key);
            prop_assert_eq!(&by_key, &expected, "stable");
            let mut cached = items.clone();
            cached.arrange_by_cached_key(|(key, _)| *key);
            prop_assert_eq!(&cached, &expected);
            let mut whole = items.clone();
            whole.arrange();
            expected.sort_unstable();
            prop_assert_eq!(&whole, &expected);
            prop_assert_eq!(set_of(items.clone()), items.iter().copied().collect());
            prop_assert_eq!(map_of(items.clone()), items.into_iter().collect());
        }
    }
}
