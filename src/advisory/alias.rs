//! One flaw, one finding: records of one package that speak of the same flaw.
//!
//! Records that share an id, directly or through others, speak of one flaw: the transitive closure of ids and
//! aliases. Two different CVE ids are two flaws nevertheless, even when one record lists both: ignoring one CVE must
//! not hide the other. Such a record then belongs to both.

use crate::model::Arrange as _;
use crate::model::{map_of, set_of};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Records that speak of one flaw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group<'a> {
    /// Their numbers, ascending.
    pub(crate) records: Vec<usize>,
    /// All ids of the flaw.
    pub(crate) ids: BTreeSet<&'a str>,
}

/// Records are followed from neighbour to neighbour so many times; real chains have two links.
const STEPS: usize = 8;

/// The numbers of the records that share an id with one that is `inside`, directly or through others, and of some
/// others when the chains are very long. `ids` holds each id with the number of its record.
pub(crate) fn related(ids: &[(&str, usize)], mut inside: Vec<bool>) -> Vec<usize> {
    let is_inside = |inside: &[bool], number: usize| inside.get(number).copied().unwrap_or_default();
    let mut steps = 0;
    loop {
        let mut reached: Vec<&str> =
            ids.iter().filter(|(_, number)| is_inside(&inside, *number)).map(|(id, _)| *id).collect();
        reached.arrange();
        let shares = |(id, number): &&(&str, usize)| {
            !is_inside(&inside, *number) && (steps == STEPS || reached.binary_search(id).is_ok())
        };
        let fresh: Vec<usize> = ids.iter().filter(shares).map(|(_, number)| *number).collect();
        if fresh.is_empty() {
            return (0..inside.len()).filter(|number| is_inside(&inside, *number)).collect();
        }
        for number in fresh {
            if let Some(slot) = inside.get_mut(number) {
                *slot = true;
            }
        }
        steps += 1;
    }
}

fn is_cve(id: &str) -> bool {
    id.starts_with("CVE-")
}

/// Groups records; each is given by its id and aliases.
pub(crate) fn group<'a>(records: &[Vec<&'a str>]) -> Vec<Group<'a>> {
    let mut parents: Vec<usize> = (0..records.len()).collect();
    let numbered =
        |(number, ids): (usize, &Vec<&'a str>)| ids.iter().map(move |id| (*id, number)).collect::<Vec<_>>();
    let mut all: Vec<(&str, usize)> = records.iter().enumerate().flat_map(numbered).collect();
    all.arrange();
    for pair in all.windows(2) {
        if let [(id, number), (other_id, other)] = pair
            && id == other_id
        {
            let (left, right) = (root(&mut parents, *number), root(&mut parents, *other));
            if let Some(parent) = parents.get_mut(left.max(right)) {
                *parent = left.min(right);
            }
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for number in 0..records.len() {
        members.entry(root(&mut parents, number)).or_default().push(number);
    }
    members.into_values().flat_map(|members| split(records, members)).collect()
}

/// The lowest number of the set that `number` is in; shortens the way to it.
fn root(parents: &mut [usize], number: usize) -> usize {
    let mut at = number;
    while let Some(parent) = parents.get(at).copied().filter(|parent| *parent != at) {
        let above = parents.get(parent).copied().unwrap_or(parent);
        if let Some(slot) = parents.get_mut(at) {
            *slot = above;
        }
        at = parent;
    }
    at
}

/// One group for each CVE id of a closed set of records.
fn split<'a>(records: &[Vec<&'a str>], members: Vec<usize>) -> Vec<Group<'a>> {
    let ids = |number: &usize| records.get(*number).into_iter().flatten().copied();
    let all: BTreeSet<&str> = set_of(members.iter().flat_map(ids));
    let cves: Vec<&str> = all.iter().copied().filter(|id| is_cve(id)).collect();
    if cves.len() < 2 {
        return vec![Group { records: members, ids: all }];
    }
    let labels = label(records, &members);
    let empty = || Group { records: Vec::new(), ids: BTreeSet::new() };
    let mut groups: BTreeMap<&str, Group<'a>> = map_of(cves.into_iter().map(|cve| (cve, empty())));
    // Each label is looked at once: a flaw that ten thousand records speak of must not cost their square.
    for number in members {
        for cve in labels.records.get(&number).into_iter().flatten() {
            groups.entry(cve).or_insert_with(empty).records.push(number);
        }
    }
    for id in all {
        let own = BTreeSet::from([id]);
        for cve in if is_cve(id) { Some(&own) } else { labels.ids.get(id) }.into_iter().flatten() {
            groups.entry(cve).or_insert_with(empty).ids.insert(id);
        }
    }
    groups.into_values().collect()
}

/// Which CVE ids a record, and every other id, stands for.
#[derive(Default)]
struct Labels<'a> {
    records: HashMap<usize, BTreeSet<&'a str>>,
    ids: HashMap<&'a str, BTreeSet<&'a str>>,
}

/// Records with one CVE id speak for their other ids first, then those with several, then those with none follow
/// the ids that they share with the rest, from neighbour to neighbour.
fn label<'a>(records: &[Vec<&'a str>], members: &[usize]) -> Labels<'a> {
    let mut labels = Labels::default();
    let mut waiting = Vec::new();
    for several in [false, true] {
        let mut fresh: Vec<(&str, BTreeSet<&str>)> = Vec::new();
        for number in members {
            let ids = records.get(*number).map_or(&[][..], Vec::as_slice);
            let cves: BTreeSet<&str> = set_of(ids.iter().copied().filter(|id| is_cve(id)));
            if cves.is_empty() && !several {
                waiting.push(*number);
            }
            if !cves.is_empty() && (cves.len() > 1) == several {
                let known = |id: &&str| !is_cve(id) && !labels.ids.contains_key(*id);
                fresh.extend(ids.iter().copied().filter(|id| known(id)).map(|id| (id, cves.clone())));
                labels.records.insert(*number, cves);
            }
        }
        for (id, cves) in fresh {
            labels.ids.entry(id).or_default().extend(cves);
        }
    }
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
    for number in &waiting {
        for id in records.get(*number).into_iter().flatten() {
            by_id.entry(id).or_default().push(*number);
        }
    }
    let mut queue: Vec<&str> = labels.ids.keys().copied().filter(|id| by_id.contains_key(id)).collect();
    queue.arrange();
    while let Some(id) = queue.pop() {
        let cve = labels.ids.get(id).and_then(|set| set.first()).copied();
        for number in by_id.remove(id).unwrap_or_default() {
            let Some(cve) = cve.filter(|_| !labels.records.contains_key(&number)) else { continue };
            labels.records.insert(number, BTreeSet::from([cve]));
            for other in records.get(number).into_iter().flatten() {
                if !labels.ids.contains_key(other) {
                    labels.ids.insert(other, BTreeSet::from([cve]));
                    queue.push(other);
                }
            }
        }
    }
    debug_assert!(members.iter().all(|number| labels.records.contains_key(number)));
    labels
}

/// The order in which ids are shown: PYSEC, MAL, GHSA, CVE, then others. What says that a package is malware comes
/// before what merely mentions it.
fn rank(id: &str) -> usize {
    ["PYSEC-", "MAL-", "GHSA-", "CVE-"].iter().position(|prefix| id.starts_with(prefix)).unwrap_or(4)
}

/// The id that is shown: by rank, then one that is a record's own, then in order.
pub(crate) fn shown<'a>(ids: &BTreeSet<&'a str>, own: &[&str]) -> &'a str {
    ids.iter().copied().min_by_key(|id| (rank(id), !own.contains(id), *id)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn groups(text: &str) -> Vec<String> {
        let records: Vec<Vec<&str>> = text.split(';').map(|ids| ids.split_whitespace().collect()).collect();
        let show = |group: Group<'_>| {
            let ids: Vec<_> = group.ids.into_iter().collect();
            format!("{:?} {}", group.records, ids.join(" "))
        };
        group(&records).into_iter().map(show).collect()
    }

    #[test]
    fn chains_are_one_flaw() {
        assert_eq!(groups("A X; B X Y; C Y; D"), ["[0, 1, 2] A B C X Y", "[3] D"]);
        assert_eq!(
            groups("PYSEC-1 CVE-1; GHSA-1 CVE-1; GHSA-2"),
            ["[0, 1] CVE-1 GHSA-1 PYSEC-1", "[2] GHSA-2"]
        );
    }

    #[test]
    fn two_cves_are_two_flaws() {
        assert_eq!(
            groups("PYSEC-1 CVE-1 GHSA-1; PYSEC-2 CVE-2 GHSA-1"),
            ["[0] CVE-1 GHSA-1 PYSEC-1", "[1] CVE-2 GHSA-1 PYSEC-2"]
        );
        // A record that lists two belongs to both; what another record says about one of its ids is heard.
        assert_eq!(
            groups("PYSEC-1 CVE-1 CVE-2 GHSA-1 GHSA-2; GHSA-1 CVE-1; GHSA-2 CVE-2"),
            ["[0, 1] CVE-1 GHSA-1 PYSEC-1", "[0, 2] CVE-2 GHSA-2 PYSEC-1"]
        );
        // Records without any CVE id follow their neighbours.
        assert_eq!(
            groups("P CVE-1 X; Q CVE-2 Y; R X; S Z Y; T Z"),
            ["[0, 2] CVE-1 P R X", "[1, 3, 4] CVE-2 Q S T Y Z"]
        );
    }

    #[test]
    fn the_shown_id() {
        let shown_of = |ids: &str, own: &str| {
            shown(&ids.split(' ').collect(), &own.split(' ').collect::<Vec<_>>()).to_owned()
        };
        assert_eq!(shown_of("CVE-1 GHSA-1 PYSEC-2 PYSEC-1", "PYSEC-2"), "PYSEC-2");
        assert_eq!(shown_of("CVE-1 GHSA-1", "CVE-1"), "GHSA-1");
        assert_eq!(shown_of("GHSA-1 MAL-1", "MAL-1"), "MAL-1");
        assert_eq!(shown_of("CVE-1 OSV-1", "OSV-1"), "CVE-1");
    }

    proptest! {
        #[test]
        fn no_record_and_no_id_is_lost(
            records in proptest::collection::vec(proptest::collection::vec("[A-F]|CVE-[1-4]", 1..4), 0..8)
        ) {
            let numbered: Vec<String> = (0..records.len()).map(|number| format!("R{number}")).collect();
            let lists: Vec<Vec<&str>> = records.iter().zip(&numbered)
                .map(|(ids, own)| std::iter::once(own.as_str()).chain(ids.iter().map(String::as_str)).collect()).collect();
            let groups = group(&lists);
            let members: BTreeSet<usize> = groups.iter().flat_map(|group| group.records.clone()).collect();
            prop_assert_eq!(members.len(), lists.len());
            let ids: BTreeSet<&str> = groups.iter().flat_map(|group| group.ids.clone()).collect();
            prop_assert_eq!(ids, lists.iter().flatten().copied().collect::<BTreeSet<_>>());
            for group in &groups {
                prop_assert!(group.ids.iter().filter(|id| is_cve(id)).count() <= 1);
            }
        }
    }
}
