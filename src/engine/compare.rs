//! Which findings are the same: before a change and after it.
//!
//! Two are when rule and package agree and their sets of ids share one, compared as multisets: a moved line or a renamed
//! file is not new, a second project with the same flaw is.

use crate::model::Arrange as _;
use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::model::{Finding, SourceMap};

/// What a finding is known by across states of the files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    /// The rule.
    pub(crate) rule: String,
    /// The package; empty when it is about none.
    pub(crate) package: String,
    /// All ids, in upper case, sorted.
    pub(crate) ids: Vec<String>,
    /// The file; it decides only which of several equal findings is which.
    pub(crate) path: String,
}

impl Mark {
    /// The mark of a finding.
    pub(crate) fn of(finding: &Finding, sources: &SourceMap) -> Self {
        let mut ids: Vec<String> = finding.ids().iter().map(|id| id.to_ascii_uppercase()).collect();
        ids.arrange();
        ids.dedup();
        Self {
            rule: finding.rule.id.to_owned(),
            package: finding.package.as_ref().map_or(String::new(), |package| package.name.to_string()),
            ids,
            path: sources.get(finding.primary.span.source).map_or("", |file| file.path()).to_owned(),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        let shares = self.ids.iter().any(|id| other.ids.binary_search(id).is_ok());
        shares || (self.ids.is_empty() && other.ids.is_empty())
    }
}

/// The findings of one rule about one package: those before the change, those after it.
type Members = (Vec<usize>, Vec<usize>);

/// From so many possible pairs of one rule and package on, no pair is taken apart again to make room for another:
/// only hostile files have as many.
const MOST_PAIRS: usize = 4_000_000;

/// For each finding after the change the one before it that is the same, each taken once; as many pairs as there can be.
pub(crate) fn pair(before: &[Mark], after: &[Mark]) -> Vec<Option<usize>> {
    let mut groups: BTreeMap<(&str, &str), Members> = BTreeMap::new();
    for (index, mark) in before.iter().enumerate() {
        groups.entry((&mark.rule, &mark.package)).or_default().0.push(index);
    }
    for (index, mark) in after.iter().enumerate() {
        groups.entry((&mark.rule, &mark.package)).or_default().1.push(index);
    }
    let mut partner = vec![None; after.len()];
    for (olds, news) in groups.into_values().filter(|(olds, news)| !olds.is_empty() && !news.is_empty()) {
        Group { before, after, olds, news }.pair(&mut partner);
    }
    partner
}

/// The findings of one rule about one package.
struct Group<'a> {
    before: &'a [Mark],
    after: &'a [Mark],
    olds: Vec<usize>,
    news: Vec<usize>,
}

impl Group<'_> {
    fn pair(&self, partner: &mut [Option<usize>]) {
        let mut taken: HashMap<usize, usize> = HashMap::new();
        // What stands in the same file with the same ids first, then what has the same ids.
        for with_path in [true, false] {
            let key = |mark: &'_ Mark| {
                (mark.ids.clone(), if with_path { mark.path.clone() } else { String::new() })
            };
            let mut free: HashMap<_, VecDeque<usize>> = HashMap::new();
            for old in self.olds.iter().filter(|old| !taken.contains_key(old)) {
                free.entry(key(&self.before[*old])).or_default().push_back(*old);
            }
            for new in self.news.iter().filter(|new| partner[**new].is_none()).copied().collect::<Vec<_>>() {
                if let Some(old) = free.get_mut(&key(&self.after[new])).and_then(VecDeque::pop_front) {
                    partner[new] = Some(old);
                    taken.insert(old, new);
                }
            }
        }
        let is_bearable = self.olds.len().saturating_mul(self.news.len()) <= MOST_PAIRS;
        for new in self.news.iter().filter(|new| partner[**new].is_none()).copied().collect::<Vec<_>>() {
            if is_bearable {
                self.make_room(new, partner, &mut taken);
            } else {
                let mut free = self.olds.iter().filter(|old| !taken.contains_key(old));
                if let Some(old) = free.find(|old| self.before[**old].is_same(&self.after[new])) {
                    partner[new] = Some(*old);
                    taken.insert(*old, new);
                }
            }
        }
    }

    /// Finds a partner for one more, when need be by giving others another one (Kuhn's algorithm, breadth first).
    fn make_room(&self, start: usize, partner: &mut [Option<usize>], taken: &mut HashMap<usize, usize>) {
        // For each old finding that was reached, the new one that wants it.
        let mut wanted_by: HashMap<usize, usize> = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(new) = queue.pop_front() {
            for old in &self.olds {
                if wanted_by.contains_key(old) || !self.before[*old].is_same(&self.after[new]) {
                    continue;
                }
                wanted_by.insert(*old, new);
                if let Some(holder) = taken.get(old) {
                    queue.push_back(*holder);
                    continue;
                }
                let mut free = Some(*old);
                while let Some(old) = free {
                    let new = wanted_by[&old];
                    free = partner[new].replace(old);
                    taken.insert(old, new);
                    if new == start {
                        break;
                    }
                }
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mark(package: &str, ids: &[&str], path: &str) -> Mark {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        Mark {
            rule: "known-vulnerability".to_owned(),
            package: package.to_owned(),
            ids,
            path: path.to_owned(),
        }
    }

    #[test]
    fn a_renamed_file_is_not_new_and_a_second_project_is() {
        let before = [mark("a", &["CVE-1"], "old.txt")];
        let after = [mark("a", &["CVE-1", "PYSEC-1"], "new.txt"), mark("a", &["CVE-1"], "second.txt")];
        let pairs = pair(&before, &after);
        assert_eq!(pairs.iter().flatten().count(), 1);
        assert_eq!(pair(&before, &[mark("b", &["CVE-1"], "old.txt")]), [None]);
        assert_eq!(pair(&before, &[mark("a", &["CVE-2"], "old.txt")]), [None]);
        assert_eq!(pair(&[mark("", &[], "a")], &[mark("", &[], "b")]), [Some(0)]);
    }

    #[test]
    fn a_pair_is_taken_apart_to_make_room() {
        let before = [mark("a", &["1", "2"], "x"), mark("a", &["1"], "y")];
        let after = [mark("a", &["1", "3"], "z"), mark("a", &["2", "4"], "z")];
        assert_eq!(pair(&before, &after), [Some(1), Some(0)]);
    }

    fn marks() -> impl Strategy<Value = Vec<Mark>> {
        let one = ("[ab]", proptest::collection::btree_set("[1-5]", 0..3), "[xyz]").prop_map(
            |(package, ids, path)| Mark {
                rule: "r".to_owned(),
                package,
                ids: ids.into_iter().collect(),
                path,
            },
        );
        proptest::collection::vec(one, 0..7)
    }

    /// The most pairs there can be, by trying everything.
    fn most(before: &[Mark], after: &[Mark], used: &mut Vec<bool>) -> usize {
        let Some((first, rest)) = after.split_first() else { return 0 };
        let mut best = most(before, rest, used);
        for index in 0..before.len() {
            let fits = before[index].package == first.package && before[index].is_same(first);
            if !used[index] && fits {
                used[index] = true;
                best = best.max(1 + most(before, rest, used));
                used[index] = false;
            }
        }
        best
    }

    proptest! {
        #[test]
        fn as_many_pairs_as_there_can_be(before in marks(), after in marks()) {
            let pairs = pair(&before, &after);
            let mut seen = std::collections::HashSet::new();
            for (new, old) in pairs.iter().enumerate() {
                let Some(old) = old else { continue };
                prop_assert!(seen.insert(*old), "one taken twice");
                prop_assert!(before[*old].package == after[new].package && before[*old].is_same(&after[new]));
            }
            prop_assert_eq!(seen.len(), most(&before, &after, &mut vec![false; before.len()]));
            // What did not change brings nothing, in whatever order.
            let mut turned = before.clone();
            turned.reverse();
            prop_assert!(pair(&before, &turned).iter().all(Option::is_some));
        }
    }
}
