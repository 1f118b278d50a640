//! Which records affect which versions: our answers and the oracle's.

use std::collections::BTreeMap;
use std::path::Path;

use depaudit::advisory::Database;
use depaudit::model::{PackageName, Version};

use crate::oracle::{self, Answers};
use crate::pins::Pins;
use crate::shared::{database, records, shared, unzip};

/// Our answers.
fn answers(database: &Database, pins: &Pins) -> Answers {
    let mut answers = BTreeMap::new();
    for (name, version) in pins.pairs() {
        let found = database.matching_records(&PackageName::new(name), &Version::new(version)).unwrap();
        answers.insert(format!("{name}=={version}"), found);
    }
    answers
}

/// What the oracle has and we have not, and the other way round.
fn differences(ours: &Answers, oracle: &Answers) -> (Vec<String>, Vec<String>) {
    let beyond = |left: &Answers, right: &Answers| {
        let mut found = Vec::new();
        for (pin, ids) in left {
            let others = right.get(pin);
            let lacking = ids.iter().filter(|id| others.is_none_or(|others| !others.contains(id)));
            found.extend(lacking.map(|id| format!("{pin} {id}")));
            if others.is_none() {
                found.push(format!("{pin} was not answered"));
            }
        }
        found
    };
    (beyond(oracle, ours), beyond(ours, oracle))
}

/// Compares all answers about an archive.
fn compare(archive: &Path, name: &str, with_corpus: bool) {
    let folder = unzip(archive, &format!("{name}-records"));
    let mut pins = Pins::of_records(&records(&folder));
    if with_corpus {
        pins.add_corpus();
    }
    let database = database(archive);
    let ours = answers(&database, &pins);
    let oracle = oracle::ask(&folder, &pins, &format!("{name}-pins"));
    let matches: usize = oracle.values().map(Vec::len).sum();
    let (missed, extra) = differences(&ours, &oracle);
    println!(
        "{name}: {} pins of {} packages, {matches} matches, {} missed, {} extra",
        ours.len(),
        pins.names(),
        missed.len(),
        extra.len()
    );
    let some = |list: &[String]| list.iter().take(20).cloned().collect::<Vec<_>>().join("\n  ");
    assert!(
        missed.is_empty() && extra.is_empty(),
        "missed:\n  {}\nextra:\n  {}",
        some(&missed),
        some(&extra)
    );
    assert!(matches > 10_000, "so few matches say nothing");
    without_prose(&database, &pins);
}

/// The embedded snapshot keeps fewer versions and no prose, and must answer alike about its own sources.
fn without_prose(full: &Database, pins: &Pins) {
    let embedded = Database::embedded().unwrap();
    if full
        .info()
        .sources
        .iter()
        .any(|source| !embedded.info().sources.contains(source) && source.name != "github")
    {
        return;
    }
    let (embedded, mut full) = (answers(&embedded, pins), answers(full, pins));
    for ids in full.values_mut() {
        ids.retain(|id| !id.starts_with("GHSA-"));
    }
    assert!(
        embedded == full,
        "the embedded snapshot answers differently: {:?}",
        differences(&embedded, &full)
    );
}

#[test]
fn all_records() {
    compare(&shared("data/advisories/PyPI/all.zip"), "all", true);
}

#[test]
fn an_older_state() {
    compare(&shared("data/advisories/older/PYSEC-2024-10-10.zip"), "older", false);
}

/// The comparison itself can fail: one id more, one less, one pin not answered.
#[test]
fn an_altered_answer_is_seen() {
    let truth = || -> Answers {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        BTreeMap::from([("a==1".to_owned(), ids(&["PYSEC-1", "PYSEC-2"])), ("a==2".to_owned(), ids(&[]))])
    };
    assert_eq!(differences(&truth(), &truth()), (Vec::new(), Vec::new()));
    let mut less = truth();
    less.get_mut("a==1").unwrap().remove(0);
    assert_eq!(differences(&less, &truth()).0, ["a==1 PYSEC-1"]);
    let mut more = truth();
    more.get_mut("a==2").unwrap().push("PYSEC-3".to_owned());
    assert_eq!(differences(&more, &truth()).1, ["a==2 PYSEC-3"]);
    let mut silent = truth();
    silent.remove("a==2");
    assert_eq!(differences(&silent, &truth()).0, ["a==2 was not answered"]);
}
