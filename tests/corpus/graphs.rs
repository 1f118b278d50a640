//! Every graph against the oracle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use depaudit::engine;
use depaudit::model::Selection;
use depaudit::report::{Style, graph};
use serde_json::Value;

use super::compare::{Difference, compare};
use super::differences::KNOWN;
use super::entry::Entry;
use super::files::{corpus, expected};

/// The formats that are read.
pub(crate) const KINDS: [&str; 13] = [
    "Pipfile",
    "Pipfile.lock",
    "poetry.lock",
    "requirements.txt",
    "requirements.in",
    "constraints.txt",
    "pyproject.toml",
    "uv.lock",
    "uv-script-lock",
    "pdm.lock",
    "pylock.toml",
    "setup.cfg",
    "environment.yml",
];

/// `audit graph --format json` of one file.
pub(crate) fn graph_of(file: &str) -> Value {
    let request = engine::Request {
        paths: vec![PathBuf::from(file)],
        stdin: None,
        site_packages: Vec::new(),
        root: Some(corpus().to_owned()),
        working_directory: corpus().to_owned(),
        selection: Selection::default(),
        progress: engine::Progress::default(),
    };
    let looked = engine::graph(&request).unwrap();
    let inputs: Vec<_> = looked.found.iter().map(|found| &found.input).collect();
    let mut out = Vec::new();
    let style = Style { width: 100, color: false, detail: 0 };
    (graph::find("json").unwrap().render)(&inputs, &looked.sources, style, graph::Shape::default(), &mut out)
        .unwrap();
    let document: Value = serde_json::from_slice(&out).unwrap();
    let [input] = document["inputs"].as_array().unwrap().as_slice() else {
        panic!("{file}: not one input");
    };
    input.clone()
}

/// The program's reading. Names that record an entry as their dependency count by file, as notes do.
fn ours(input: &Value) -> Vec<Entry> {
    let packages = input["packages"].as_array().unwrap();
    let mut parents: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for package in packages {
        for edge in package["dependencies"].as_array().unwrap() {
            let key = (package["path"].to_string(), edge["name"].to_string());
            parents.entry(key).or_default().extend(package["name"].as_str().map(str::to_owned));
        }
    }
    let none = BTreeSet::new();
    let of = |package: &Value| {
        let key = (package["path"].to_string(), package["name"].to_string());
        Entry::of_audit(package, Some(parents.get(&key).unwrap_or(&none)))
    };
    packages.iter().map(of).collect()
}

/// The oracle's reading.
fn theirs(answer: &Value) -> Vec<Entry> {
    let file = answer["file"].as_str().unwrap();
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let entries = answer["entries"].as_array().unwrap();
    let mut listed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in entries {
        let names = listed.entry(entry["file"].to_string()).or_default();
        names.extend(entry["name"].as_str().map(str::to_owned));
    }
    entries.iter().map(|entry| Entry::of_oracle(entry, folder, &listed[&entry["file"].to_string()])).collect()
}

fn notation_is_poetry(kind: &str) -> bool {
    matches!(kind, "poetry.lock" | "pyproject.toml")
}

#[test]
fn every_graph_is_the_oracles() {
    let mut used = vec![false; KNOWN.len()];
    let mut report = Vec::new();
    let (mut files, mut entries, mut differing) = (0, 0, 0);
    for answer in expected() {
        let kind = answer["kind"].as_str().unwrap();
        if !KINDS.contains(&kind) {
            continue;
        }
        let file = answer["file"].as_str().unwrap();
        let input = graph_of(file);
        let theirs = theirs(&answer);
        files += 1;
        entries += theirs.len();
        let mut found = compare(&ours(&input), &theirs, notation_is_poetry(kind));
        let unread =
            answer["fatal"].is_string() || answer["errors"].as_array().is_some_and(|list| !list.is_empty());
        if unread && input["skipped"].as_array().unwrap().is_empty() {
            found.push(Difference {
                name: "*".to_owned(),
                field: "skipped",
                ours: "nothing".to_owned(),
                theirs: "something".to_owned(),
            });
        }
        differing += usize::from(!found.is_empty());
        for difference in found {
            let known = KNOWN.iter().position(|known| {
                known.file == file
                    && known.field == difference.field
                    && (known.name == "*" || known.name == difference.name)
            });
            match known {
                Some(index) => used[index] = true,
                None => report.push(format!("{file}: {difference:?}")),
            }
        }
    }
    println!(
        "graphs: {files} files, {entries} entries, {differing} files differ, {} differences known",
        KNOWN.len()
    );
    for (known, used) in KNOWN.iter().zip(used) {
        assert!(!known.reason.is_empty());
        if !used {
            report.push(format!("{}: {} of {} no longer differs", known.file, known.field, known.name));
        }
    }
    assert!(report.is_empty(), "{} differences:\n{}", report.len(), report.join("\n"));
}

/// The comparison must be able to fail: each field altered in turn is seen.
#[test]
fn an_altered_expectation_is_seen() {
    let lock = "python-poetry__poetry/poetry.lock";
    let requirements = "aio-libs__aiohttp/requirements/lint.txt";
    for (file, alterations) in [
        (
            lock,
            [
                ("version", Value::from("0.0.0"), "entry"),
                ("direct", Value::Null, "entry"),
                ("source", serde_json::json!({"type": "git"}), "entry"),
                ("optional", Value::from("perhaps"), "optional"),
                ("groups", serde_json::json!(["other"]), "groups"),
                ("deps", serde_json::json!([{"name": "other"}]), "dependencies"),
                ("deps", serde_json::json!([{"name": "filelock", "specifier": ">9999"}]), "edges"),
            ]
            .as_slice(),
        ),
        (
            requirements,
            &[
                ("name", Value::from("other"), "entry"),
                ("extras", serde_json::json!(["other"]), "extras"),
                ("specifier", Value::from(">1"), "specifier"),
                ("marker", Value::from("os_name == 'nt'"), "marker"),
                ("line", Value::from(9999), "line"),
                ("constraint", Value::from(true), "constraint"),
            ],
        ),
    ] {
        let answer = expected().into_iter().find(|answer| answer["file"] == file).unwrap();
        let ours = ours(&graph_of(file));
        let unaltered = compare(&ours, &theirs(&answer), true);
        for (key, value, field) in alterations {
            let mut altered = answer.clone();
            altered["entries"][0][key] = value.clone();
            let seen = compare(&ours, &theirs(&altered), true);
            let fields: BTreeSet<_> = seen
                .iter()
                .filter(|difference| !unaltered.contains(difference))
                .map(|seen| seen.field)
                .collect();
            assert!(fields.contains(field), "{file}: {key}: {fields:?}");
        }
        let mut shorter = answer.clone();
        shorter["entries"].as_array_mut().unwrap().pop();
        assert_eq!(compare(&ours, &theirs(&shorter), true).len(), unaltered.len() + 1, "{file}: one fewer");
    }
}
