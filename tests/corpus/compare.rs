//! Comparing two readings of one file.

use std::collections::BTreeMap;

use depaudit::model::{Constraint, Version};

use super::entry::Entry;

/// One thing that two readings of a file do not agree on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    /// The package.
    pub(crate) name: String,
    /// The field, or `entry` when only one side has it.
    pub(crate) field: &'static str,
    /// What the program says.
    pub(crate) ours: String,
    /// What the oracle says.
    pub(crate) theirs: String,
}

/// All differences between two readings, as multisets. `poetry` says in which notation specifiers are.
pub(crate) fn compare(ours: &[Entry], theirs: &[Entry], poetry: bool) -> Vec<Difference> {
    let mut by_core: BTreeMap<&str, (Vec<&Entry>, Vec<&Entry>)> = BTreeMap::new();
    for entry in ours {
        by_core.entry(&entry.core).or_default().0.push(entry);
    }
    for entry in theirs {
        by_core.entry(&entry.core).or_default().1.push(entry);
    }
    let mut found = Vec::new();
    for (ours, mut theirs) in by_core.into_values() {
        for entry in ours {
            // The one that agrees best: entries of one name and version may stand in any order.
            let best = (0..theirs.len()).min_by_key(|index| differing(entry, theirs[*index], poetry).len());
            match best {
                Some(index) => found.extend(differing(entry, theirs.remove(index), poetry)),
                None => found.push(lone(entry, true)),
            }
        }
        found.extend(theirs.into_iter().map(|entry| lone(entry, false)));
    }
    found.sort();
    found
}

fn lone(entry: &Entry, is_ours: bool) -> Difference {
    let (ours, theirs) = if is_ours { (entry.core.as_str(), "") } else { ("", entry.core.as_str()) };
    Difference {
        name: entry.name().to_owned(),
        field: "entry",
        ours: ours.to_owned(),
        theirs: theirs.to_owned(),
    }
}

/// The fields that the oracle tells and the program tells otherwise.
fn differing(ours: &Entry, theirs: &Entry, poetry: bool) -> Vec<Difference> {
    let same = |field: &str, ours: &str, theirs: &str| {
        ours == theirs
            || (field == "specifier" && same_specifier(ours, theirs, poetry))
            || (field == "edges" && same_edges(ours, theirs, poetry))
    };
    let empty = String::new();
    let fields = theirs.fields.iter();
    fields
        .map(|(field, theirs)| (field, ours.fields.get(field).unwrap_or(&empty), theirs))
        .filter(|(field, ours, theirs)| !same(field, ours, theirs))
        .map(|(field, said, expected)| Difference {
            name: ours.name().to_owned(),
            field,
            ours: said.clone(),
            theirs: expected.clone(),
        })
        .collect()
}

/// Whether two lists of edges are the same: each finds its like in the other.
fn same_edges(ours: &str, theirs: &str, poetry: bool) -> bool {
    let mut left: Vec<&str> = theirs.lines().collect();
    let same = |ours: &str, theirs: &str| {
        let (ours, theirs) = (ours.rsplit_once('\t'), theirs.rsplit_once('\t'));
        let (Some((head, specifier)), Some((other, wanted))) = (ours, theirs) else { return false };
        head == other && same_specifier(specifier, wanted, poetry)
    };
    ours.lines().all(|edge| {
        let found = left.iter().position(|other| same(edge, other));
        found.map(|index| left.remove(index)).is_some()
    }) && left.is_empty()
}

/// Whether two specifiers are the same set of clauses, or, in Poetry's notation, admit the same versions.
fn same_specifier(ours: &str, theirs: &str, poetry: bool) -> bool {
    let clauses = |text: &str| {
        let text = text.replace(char::is_whitespace, "");
        let mut clauses: Vec<_> =
            text.split(',').filter(|clause| !clause.is_empty()).map(str::to_owned).collect();
        clauses.sort();
        clauses.dedup();
        clauses
    };
    if clauses(ours) == clauses(theirs) {
        return true;
    }
    // A specifier that admits everything is none to the oracle.
    let plain = |text: &str| if text == "null" { String::from("*") } else { text.to_owned() };
    let (ours, theirs) = (plain(ours), plain(theirs));
    let (Some(left), Some(right)) = (Constraint::parse(&ours), Constraint::parse(&theirs)) else {
        return false;
    };
    poetry && probes(&ours, &theirs).iter().all(|version| left.admits(version) == right.admits(version))
}

/// Versions at, just below and just above every version that the specifiers name.
fn probes(ours: &str, theirs: &str) -> Vec<Version> {
    let mut probes = vec![Version::new("0"), Version::new("9999")];
    for text in [ours, theirs] {
        let words = text.split(|character: char| " ,|^~=<>!*".contains(character));
        for word in words.map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty()) {
            for end in ["", ".dev0", "a1", "rc1", ".post1", ".0.1", ".1", ".9999", "+local"] {
                probes.push(Version::new(&format!("{word}{end}")));
            }
        }
    }
    probes
}
