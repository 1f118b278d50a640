//! One entry of a graph, in a form that the program's and the oracle's can both be brought into.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What is compared about an entry: the fields by name, as text. `null` is a field that says nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// Name, version, direct and source kind: what the two readings must agree on before anything else is looked at.
    pub(crate) core: String,
    /// Everything else.
    pub(crate) fields: BTreeMap<&'static str, String>,
}

impl Entry {
    /// An entry of `audit graph --format json`; `edges` are the names of those that record it as a dependency.
    pub(crate) fn of_audit(entry: &Value, edges: Option<&BTreeSet<String>>) -> Self {
        let mut fields = BTreeMap::from([
            ("extras", list(&entry["extras"])),
            ("groups", list(&entry["groups"])),
            ("marker", (!entry["marker"].is_null()).to_string()),
            ("specifier", text(&entry["specifier"])),
            ("path", text(&entry["path"])),
            ("line", entry["line"].to_string()),
            ("constraint", entry["constraint"].to_string()),
            ("optional", entry["optional"].to_string()),
            ("url", text(&entry["source"]["url"])),
            ("ref", text(&entry["source"]["ref"])),
        ]);
        let names = entry["dependencies"].as_array().into_iter().flatten();
        fields.insert("dependencies", joined(names.map(|edge| text(&edge["name"])).collect()));
        fields.insert("edges", edges_of(&entry["dependencies"]));
        if let Some(edges) = edges {
            fields.insert("parents", joined(edges.iter().cloned().collect()));
        }
        Self { core: core(entry), fields }
    }

    /// An entry of the oracle. `listed` are the names that its file lists, to which parents are limited.
    pub(crate) fn of_oracle(entry: &Value, folder: &str, listed: &BTreeSet<String>) -> Self {
        let groups = entry["groups"].as_array().into_iter().flatten();
        let plain = |group: &Value| {
            let group = text(group);
            group.strip_prefix("group:").map_or(group.clone(), str::to_owned)
        };
        let mut fields = BTreeMap::from([
            ("extras", list(&entry["extras"])),
            ("groups", joined(groups.map(plain).collect())),
            ("marker", (!entry["marker"].is_null()).to_string()),
            ("specifier", text(&entry["specifier"])),
            ("optional", entry["optional"].to_string()),
        ]);
        for (field, key) in [("url", "url"), ("ref", "ref")] {
            if let Some(value) = entry["source"].get(key) {
                fields.insert(field, text(value));
            }
        }
        if let Some(constraint) = entry.get("constraint") {
            fields.insert("constraint", (constraint == &Value::Bool(true)).to_string());
        }
        if let (Some(file), Some(line)) = (entry["file"].as_str(), entry["line"].as_u64()) {
            fields.insert("path", join(folder, file));
            fields.insert("line", line.to_string());
            let parents = entry["parents"].as_array().into_iter().flatten().map(text);
            let parents: BTreeSet<_> = parents.filter(|name| listed.contains(name)).collect();
            fields.insert("parents", joined(parents.into_iter().collect()));
        }
        if let Some(edges) = entry["deps"].as_array() {
            fields.insert("dependencies", joined(edges.iter().map(|edge| text(&edge["name"])).collect()));
            fields.insert("edges", edges_of(&entry["deps"]));
        }
        Self { core: core(entry), fields }
    }

    /// The name alone.
    pub(crate) fn name(&self) -> &str {
        self.core.split(' ').next().unwrap_or_default()
    }
}

fn core(entry: &Value) -> String {
    let [name, version] = ["name", "version"].map(|key| text(&entry[key]));
    format!("{name} {version} direct={} {}", entry["direct"], text(&entry["source"]["type"]))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Edges with their extras and specifiers, one a line: name, tab, extras, tab, specifier.
fn edges_of(edges: &Value) -> String {
    let edges = edges.as_array().into_iter().flatten();
    let row = |edge: &Value| {
        format!("{}\t{}\t{}", text(&edge["name"]), list(&edge["extras"]), text(&edge["specifier"]))
    };
    let mut rows: Vec<_> = edges.map(row).collect();
    rows.sort();
    rows.join("\n")
}

fn list(value: &Value) -> String {
    joined(value.as_array().into_iter().flatten().map(text).collect())
}

fn joined(mut names: Vec<String>) -> String {
    names.sort();
    names.join(" ")
}

/// A path relative to `folder` as one relative to the corpus.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
