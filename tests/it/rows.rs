//! The graph of a fixture as plain text, so that a test can say what it must be.
//!
//! Each entry of a graph is one row, in the order in which `audit graph --format json` gives it:
//! `LINE NAME[EXTRAS] VERSION? <SPECIFIER> (SOURCE URL@REF) {GROUPS} if MARKER`, with `*` before the name of what a
//! person asked for, `?` where no file says, and `-> NAME SPECIFIER` for each edge: `#VERSION` where the lock says
//! which entry it leads to, `with GROUP` where only an extra or a group brings it. An entry of an included file has its
//! path before the line.

use serde_json::Value;

use super::common::{Ran, audit, top};

pub(crate) fn graph(case: &str, file: &str) -> (Ran, Value) {
    let folder = top().join("fixtures/inputs").join(case);
    let ran = audit(&folder, &["graph", "--format", "json", "--root", ".", file]);
    let document = ran.json();
    assert_eq!(document["inputs"].as_array().unwrap().len(), 1, "{case}");
    let input = document["inputs"][0].clone();
    assert_eq!(ran.code == 3, input["skipped"] != serde_json::json!([]), "{case}");
    (ran, input)
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

fn list(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().filter_map(text).collect()
}

pub(crate) fn row(entry: &Value, input: &str) -> String {
    let mut row = match text(&entry["path"]) {
        Some(path) if path != input => format!("{path}:"),
        _ => String::new(),
    };
    row += &format!("{} ", entry["line"]);
    row += match entry["direct"].as_bool() {
        Some(true) => "*",
        Some(false) => "",
        None => "?",
    };
    row += text(&entry["name"]).unwrap_or("(none)");
    if !list(&entry["extras"]).is_empty() {
        row += &format!("[{}]", list(&entry["extras"]).join(","));
    }
    if let Some(version) = text(&entry["version"]) {
        row += &format!(" {version}");
    }
    if let Some(specifier) = text(&entry["specifier"]) {
        row += &format!(" <{specifier}>");
    }
    let source = &entry["source"];
    match (text(&source["type"]).unwrap(), text(&source["url"])) {
        ("index", None) => {}
        (kind, url) => {
            let reference = text(&source["ref"]).map(|reference| format!("@{reference}")).unwrap_or_default();
            row += &format!(" ({kind} {}{reference})", url.unwrap_or("-"));
        }
    }
    if !list(&entry["groups"]).is_empty() {
        row += &format!(" {{{}}}", list(&entry["groups"]).join(","));
    }
    if let Some(marker) = text(&entry["marker"]) {
        row += &format!(" if {marker}");
    }
    if entry["optional"] == true {
        row += " optional";
    }
    if entry["constraint"] == true {
        row += " constraint";
    }
    let conditional = entry["conditional"].as_array().into_iter().flatten();
    for edge in entry["dependencies"].as_array().unwrap().iter().chain(conditional) {
        row += &format!(" -> {}", text(&edge["name"]).unwrap());
        if !list(&edge["extras"]).is_empty() {
            row += &format!("[{}]", list(&edge["extras"]).join(","));
        }
        for (key, before) in [("specifier", ""), ("version", "#"), ("marker", "if "), ("with", "with ")] {
            row += &text(&edge[key]).map(|said| format!(" {before}{said}")).unwrap_or_default();
        }
    }
    row
}

/// The graph of a file is these rows, and nothing of it was skipped.
#[track_caller]
pub(crate) fn assert_graph(case: &str, file: &str, rows: &[&str]) {
    assert_graph_and_skips(case, file, rows, &[]);
}

#[track_caller]
pub(crate) fn assert_graph_and_skips(case: &str, file: &str, rows: &[&str], skips: &[(u64, &str)]) {
    let (_, input) = graph(case, file);
    let found: Vec<_> = input["packages"].as_array().unwrap().iter().map(|entry| row(entry, file)).collect();
    assert_eq!(found, rows, "{case}: {}", found.join("\n"));
    let skipped = input["skipped"].as_array().unwrap();
    assert_eq!(skipped.len(), skips.len(), "{case}: {skipped:#?}");
    for (skip, (line, words)) in skipped.iter().zip(skips) {
        let why = text(&skip["why"]).unwrap();
        assert!(skip["line"] == *line && why.contains(words), "{case}: {skip}");
    }
}

/// What an audit of a whole case skips, as `path:line why`.
pub(crate) fn skipped_in_audit(case: &str, file: &str) -> (i32, Vec<String>) {
    let folder = top().join("fixtures/inputs").join(case);
    let ran = audit(&folder, &["--format", "json", "--no-config", "--root", ".", file]);
    let document = ran.json();
    let row = |skip: &Value| {
        format!("{}:{} {}", text(&skip["path"]).unwrap(), skip["line"], text(&skip["why"]).unwrap())
    };
    (ran.code, document["skipped"].as_array().unwrap().iter().map(row).collect())
}
