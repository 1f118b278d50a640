//! What a package depends on: requirements as texts, or a table of versions before lock version 2.

use crate::inputs::requirement;
use crate::inputs::toml_events::{Kind, Value};
use crate::inputs::toml_lock::{LockReader, is_list};
use crate::model::Arrange as _;
use crate::model::{Dependency, PackageName};

/// Reads the dependencies of an entry. What is none of the two forms is skipped, and the rest is read.
pub(super) fn edges_of(reader: &mut LockReader<'_>, package: &str, list: Value<'_>) -> Vec<Dependency> {
    let mut edges = Vec::new();
    if is_list(list) {
        for item in list.items() {
            let edge = match item.text() {
                Some(text) => from_text(reader, item, &text),
                None => Err(format!("expected a requirement as text, found {}", item.kind().name())),
            };
            match edge {
                Ok(edge) => edges.push(edge),
                Err(why) => reader.skip(item, Some(package), why),
            }
        }
    } else if list.kind() == Kind::Table {
        for entry in list.entries() {
            edges.push(from_table(reader, entry));
        }
    } else {
        let why = format!("expected a list of dependencies, found {}", list.kind().name());
        reader.skip(list, Some(package), why);
    }
    edges
}

/// `name[extra]>=1.0; marker`, as PEP 508 has it; an editable one begins with `-e`.
fn from_text(reader: &LockReader<'_>, item: Value<'_>, text: &str) -> Result<Dependency, String> {
    let (text, editable) = match text.strip_prefix("-e ") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let read = requirement::read_line(text, editable).map_err(|error| error.message)?;
    let Some(name) = &read.name else { return Err("the dependency has no name".to_owned()) };
    let mut edge = Dependency::new(PackageName::new(&name.text), reader.span(item.range()));
    edge.specifier = read.specifier.map(|specifier| specifier.text);
    edge.marker = read.marker.map(|marker| marker.text);
    edge.extras = read.extras.iter().map(|extra| PackageName::new(&extra.text)).collect();
    edge.extras.arrange();
    edge.extras.dedup();
    Ok(edge)
}

/// `name = ">=1.0"` or `name = {version = ">=1.0", marker = "…", extras = […]}`.
fn from_table(reader: &LockReader<'_>, entry: Value<'_>) -> Dependency {
    let text = |key: &str| entry.get(key).and_then(Value::text).map(std::borrow::Cow::into_owned);
    let key = entry.key();
    let (name, extras) = key.split_once('[').unwrap_or((&key, ""));
    let mut edge = Dependency::new(PackageName::new(name), reader.span(entry.entry_range()));
    let version = entry.text().map(std::borrow::Cow::into_owned).or_else(|| text("version"));
    edge.specifier = version.filter(|version| !version.is_empty());
    edge.marker = text("marker").filter(|marker| !marker.is_empty());
    let listed = entry.get("extras").into_iter().flat_map(Value::items).filter_map(Value::text);
    let in_name = extras.trim_end_matches(']').split(',').map(str::trim).filter(|extra| !extra.is_empty());
    edge.extras = listed.map(|extra| PackageName::new(&extra)).chain(in_name.map(PackageName::new)).collect();
    edge.extras.arrange();
    edge.extras.dedup();
    edge
}
