//! Every marker of the corpus, evaluated where only Python and the platform are known, against `packaging`.
//!
//! What the program calls true or false must be so in every environment that fits, and where the two decide alone it
//! must not say that it depends. `markers.py` says what `packaging` makes of them; it is run with `$AUDIT_PYTHON`, else
//! `target/venv/bin/python`, else `python3`, as the advisories are.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use depaudit::model::{Environment, Marker, Platform};
use serde_json::Value;

use super::files::{corpus, expected};
use super::graphs::{KINDS, graph_of};

/// As in `markers.py`.
const PYTHONS: [&str; 4] = ["3.8", "3.12", "3.8.18", "3.12.4"];
const PLATFORMS: [Platform; 3] = [Platform::Linux, Platform::Windows, Platform::MacOs];

/// The texts of all markers that entries and edges have, and of those that locks hold besides.
fn markers() -> BTreeSet<String> {
    let listed = script(&["list".as_ref(), corpus().as_os_str()], b"");
    let listed = listed.as_array().unwrap().iter();
    let mut found: BTreeSet<_> = listed.map(|text| text.as_str().unwrap().to_owned()).collect();
    assert!(found.len() > 100, "the locks of the corpus have markers");
    for answer in expected() {
        if !KINDS.iter().any(|kind| answer["kind"] == *kind) {
            continue;
        }
        let graph = graph_of(answer["file"].as_str().unwrap());
        for package in graph["packages"].as_array().unwrap() {
            let edges = ["dependencies", "conditional"].map(|key| package[key].as_array());
            let edges = edges.into_iter().flatten().flatten();
            let texts = std::iter::once(package).chain(edges).filter_map(|one| one["marker"].as_str());
            found.extend(texts.map(str::to_owned));
        }
    }
    found
}

fn python() -> OsString {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/venv/bin/python");
    std::env::var_os("AUDIT_PYTHON")
        .unwrap_or_else(|| if own.exists() { own.into_os_string() } else { "python3".into() })
}

/// Runs the script, with an input and arguments; its answer.
fn script(arguments: &[&OsStr], input: &[u8]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/markers.py");
    let python = python();
    let mut process = Command::new(&python)
        .arg("-B")
        .arg(&script)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(input).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{} cannot run {}: run `python3 -m venv target/venv && target/venv/bin/pip install packaging`, or name \
         another Python with AUDIT_PYTHON",
        python.display(),
        script.display()
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What `packaging` says about each marker.
fn packaging(markers: &[&String]) -> Vec<Value> {
    let said = script(&[], &serde_json::to_vec(markers).unwrap());
    let said = said.as_array().unwrap().clone();
    assert_eq!(said.len(), markers.len());
    said
}

/// What two evaluations of one marker do not agree on.
fn disagreement(ours: Option<bool>, theirs: &[Value], decided: bool) -> Option<&'static str> {
    match ours {
        Some(truth) if theirs.iter().any(|answer| *answer != truth) => Some("is not so everywhere"),
        None if decided => Some("does not depend"),
        _ => None,
    }
}

#[test]
fn every_marker_is_evaluated_as_packaging_does() {
    let markers = markers();
    let markers: Vec<&String> = markers.iter().collect();
    let said = packaging(&markers);
    let environments: Vec<(String, Environment)> = PYTHONS
        .into_iter()
        .flat_map(|python| PLATFORMS.map(|platform| (python, platform)))
        .map(|(python, platform)| {
            let release = Environment::python_release(python);
            let shown = format!("Python {python}, {}", platform.as_str());
            (shown, Environment { python: release, platform: Some(platform) })
        })
        .collect();
    let (mut known, mut depends, mut refused) = (0_usize, 0_usize, 0_usize);
    let mut wrong = Vec::new();
    for (text, said) in markers.iter().zip(&said) {
        let marker = match (Marker::parse(text), said) {
            (Ok(marker), Value::Array(_)) => marker,
            (Err(_), Value::String(_)) => {
                refused += 1;
                continue;
            }
            (Ok(_), _) => {
                wrong.push(format!("{text}: only packaging refuses it: {said}"));
                continue;
            }
            (Err((_, why)), _) => {
                wrong.push(format!("{text}: only the program refuses it: {why}"));
                continue;
            }
        };
        let said = said.as_array().unwrap();
        assert_eq!(said.len(), environments.len());
        for ((shown, environment), said) in environments.iter().zip(said) {
            let ours = marker.evaluate(environment);
            let theirs = said[0].as_array().unwrap();
            let decided = said[1] == true;
            match ours {
                Some(_) => known += 1,
                None => depends += 1,
            }
            if let Some(why) = disagreement(ours, theirs, decided) {
                wrong.push(format!("{text}: {shown}: {ours:?} {why}: {theirs:?}"));
            }
        }
    }
    println!(
        "{} distinct markers in {} environments: {known} answers, {depends} times it depends, {refused} markers \
         refused by both",
        markers.len(),
        environments.len()
    );
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
    assert!(markers.len() >= 500 && known > depends, "too little was compared");
}

#[test]
fn a_wrong_evaluation_is_seen() {
    let said = packaging(&[&"python_version < '3.9'".to_owned(), &"platform_machine == 'arm64'".to_owned()]);
    let first = |marker: usize| said[marker][0][0].as_array().unwrap().clone();
    assert_eq!(disagreement(Some(true), &first(0), true), None);
    assert_eq!(disagreement(Some(false), &first(0), true), Some("is not so everywhere"));
    assert_eq!(disagreement(None, &first(0), true), Some("does not depend"));
    assert_eq!(said[0][0][1], true);
    assert_eq!(disagreement(None, &first(1), said[1][0][1] == true), None);
    assert_eq!(disagreement(Some(true), &first(1), false), Some("is not so everywhere"));
    assert_eq!(disagreement(Some(false), &first(1), false), Some("is not so everywhere"));
}
