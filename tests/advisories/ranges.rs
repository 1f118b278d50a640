//! How far real requirements are exposed: our intervals, and versions tried one by one with `packaging`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use depaudit::advisory::Database;
use depaudit::model::{Constraint, Degree, PackageName, RangeSet, Version, specifier_with_floor};
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::oracle::python;
use crate::shared::{database, project, records, scratch, shared, unzip};

/// Name and specifier of every requirement of the corpus about a package with advisories, as PEP 440 writes it.
fn requirements(database: &Database) -> Vec<(String, String)> {
    let bytes = fs::read(shared("oracle/corpus-expected.jsonl.gz")).unwrap();
    let mut lines = String::new();
    GzDecoder::new(&bytes[..]).read_to_string(&mut lines).unwrap();
    let known: BTreeSet<String> =
        database.names().unwrap().iter().map(|name| name.as_str().to_owned()).collect();
    let mut found = BTreeSet::new();
    for line in lines.lines() {
        let file: Value = serde_json::from_str(line).unwrap();
        let entries: Vec<&Value> = file["entries"].as_array().into_iter().flatten().collect();
        let edges = entries.iter().flat_map(|entry| entry["deps"].as_array().into_iter().flatten());
        for asked in entries.iter().copied().chain(edges) {
            let Some(name) = asked["name"].as_str() else { continue };
            let name = PackageName::new(name).as_str().to_owned();
            let specifier = asked["specifier"].as_str().unwrap_or_default();
            let constraint = Constraint::parse(specifier);
            if let Some(text) =
                constraint.and_then(|constraint| constraint.to_pep440()).filter(|_| known.contains(&name))
            {
                found.insert((name, text));
            }
        }
    }
    found.into_iter().collect()
}

/// How many requirements are made up.
const MADE_UP: usize = 4000;

/// Requirements with the very versions that advisories name, each operator in turn; every time the same ones.
fn edges(folder: &std::path::Path) -> Vec<(String, String)> {
    let mut versions: BTreeSet<(String, String)> = BTreeSet::new();
    for record in records(folder).values().filter(|record| record["withdrawn"].is_null()) {
        for entry in record["affected"].as_array().into_iter().flatten() {
            let name = PackageName::new(entry["package"]["name"].as_str().unwrap_or_default());
            let ranges =
                entry["ranges"].as_array().into_iter().flatten().filter(|range| range["type"] == "ECOSYSTEM");
            let events = ranges.flat_map(|range| range["events"].as_array().into_iter().flatten());
            let named =
                events.flat_map(|event| event.as_object().into_iter().flat_map(|event| event.values()));
            let listed = entry["versions"].as_array().into_iter().flatten().take(2);
            for version in named.chain(listed).filter_map(Value::as_str) {
                if Version::new(version).is_pep440() && !version.contains('+') {
                    versions.insert((name.as_str().to_owned(), version.to_owned()));
                }
            }
        }
    }
    let pairs: Vec<_> = versions.into_iter().collect();
    let step = (pairs.len() / MADE_UP).max(1);
    let made = pairs.windows(2).step_by(step).enumerate().map(|(number, pair)| {
        let (name, version) = &pair[0];
        let (_, other) = pair.iter().rfind(|(other, _)| other == name).unwrap_or(&pair[0]);
        let base: String = version
            .split(|character: char| !character.is_ascii_digit() && character != '.')
            .next()
            .unwrap_or_default()
            .trim_end_matches('.')
            .to_owned();
        let specifier = match number % 12 {
            0 => format!("<{version}"),
            1 => format!("<={version}"),
            2 => format!(">{version}"),
            3 => format!(">={version}"),
            4 => format!("!={version}"),
            5 => format!("=={base}.*"),
            6 => format!("!={base}.*,<{other}"),
            7 => format!("~={base}.0"),
            8 => format!(">={version},<={other}"),
            9 => format!(">{version},<{other}"),
            10 => format!("=={version},!={other}"),
            _ => format!("<{other},!={version},>=0.1"),
        };
        (name.clone(), specifier)
    });
    made.collect()
}

/// Degree, an affected version, an unaffected one; `None` when the specifier cannot be read.
type Tried = Option<(String, String, String)>;

fn try_versions(folder: &std::path::Path, what: &str, asked: &[(String, String)]) -> Vec<Tried> {
    let scratch = scratch(&format!("ranges-{what}"));
    let start = |(number, part): (usize, &[(String, String)])| {
        let file = scratch.join(format!("asked-{number}.json"));
        fs::write(&file, serde_json::to_vec(&part).unwrap()).unwrap();
        let mut command = Command::new(python());
        command.arg(project().join("tests/advisories/ranges.py"));
        command.arg(shared("oracle/advisories.py")).arg(folder);
        command.stdin(fs::File::open(&file).unwrap()).stdout(Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = asked.chunks(asked.len().div_ceil(2).max(1)).enumerate().map(start).collect();
    let answers = running.into_iter().flat_map(|process| {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "ranges.py failed");
        serde_json::from_slice::<Vec<Tried>>(&output.stdout).unwrap()
    });
    answers.collect()
}

/// Compares all answers; the number of requirements by our degree.
fn compare(
    database: &Database,
    folder: &std::path::Path,
    what: &str,
    asked: &[(String, String)],
) -> BTreeMap<&'static str, usize> {
    let tried = try_versions(folder, what, asked);
    let mut sets: BTreeMap<&str, RangeSet> = BTreeMap::new();
    let mut table: BTreeMap<(&'static str, &str), usize> = BTreeMap::new();
    let (mut wrong, mut unread, mut floors) = (Vec::new(), 0, 0);
    for ((name, specifier), tried) in asked.iter().zip(&tried) {
        let Some((degree, hit, free)) = tried else {
            unread += 1;
            continue;
        };
        let affected = sets
            .entry(name.as_str())
            .or_insert_with(|| database.affected_versions(&PackageName::new(name)).unwrap());
        let admitted = Constraint::parse(specifier).unwrap().admitted().unwrap();
        let ours = admitted.degree(affected).map_or("none", Degree::as_str);
        *table.entry((ours, degree.as_str())).or_default() += 1;
        if ours != degree.as_str() {
            wrong.push(format!(
                "{name}{specifier}: {ours}, tried {degree} (affected {hit}, unaffected {free})"
            ));
        }
        if let Some(floor) = specifier_with_floor(specifier, affected, &[]) {
            let admitted = Constraint::parse(&floor).unwrap().admitted().unwrap();
            assert_eq!(admitted.degree(affected), None, "{name}{specifier}: {floor}");
            floors += 1;
        }
    }
    println!(
        "{what}: {} requirements of {} packages, {unread} not read by packaging",
        asked.len(),
        sets.len()
    );
    println!("  ours     tried    requirements");
    for ((ours, tried), count) in &table {
        println!("  {ours:8} {tried:8} {count}");
    }
    println!("  {floors} floors, each of which leaves nothing affected");
    assert!(asked.len() - unread >= 1000, "so few requirements say nothing");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    let mut counts = BTreeMap::new();
    for ((ours, _), count) in table {
        *counts.entry(ours).or_default() += count;
    }
    counts
}

#[test]
fn degrees_are_those_of_trying_versions() {
    let archive = shared("data/advisories/PyPI/all.zip");
    let folder = unzip(&archive, "ranges-records");
    let database = database(&archive);
    compare(&database, &folder, "corpus", &requirements(&database));
    let counts = compare(&database, &folder, "edges", &edges(&folder));
    assert_eq!(counts.len(), 4, "every degree occurs: {counts:?}");
}
