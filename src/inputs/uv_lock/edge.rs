//! What a package depends on: always, with an extra, or in a group.

use super::source::address_of;
use crate::inputs::toml_events::{Kind, Value};
use crate::inputs::toml_lock::{LockReader, is_list};
use crate::model::Arrange as _;
use crate::model::{Chosen, Dependency, PackageName, Version};

/// Tables of lists by group, under the names that they have had.
const GROUPS: [&str; 2] = ["dev-dependencies", "dependency-groups"];

/// Reads `dependencies`, `optional-dependencies` and the groups of an entry. What has no name is skipped.
pub(super) fn edges_of(reader: &mut LockReader<'_>, entry: Value<'_>, package: &str) -> Vec<Dependency> {
    let mut edges = Vec::new();
    if let Some(list) = entry.get("dependencies") {
        read_list(reader, &mut edges, package, list, None);
    }
    for extra in tables(reader, entry, "optional-dependencies", package) {
        let with = format!("extra:{}", PackageName::new(&extra.key()));
        read_list(reader, &mut edges, package, extra, Some(&with));
    }
    for key in GROUPS {
        for group in tables(reader, entry, key, package) {
            read_list(reader, &mut edges, package, group, Some(&group.key()));
        }
    }
    edges
}

/// The lists of a table, which must be one when it is there.
fn tables<'d>(reader: &mut LockReader<'_>, entry: Value<'d>, key: &str, package: &str) -> Vec<Value<'d>> {
    let Some(table) = entry.get(key) else { return Vec::new() };
    if table.kind() != Kind::Table {
        let why = format!("expected {key} as a table of lists, found {}: lock again", table.kind().name());
        reader.skip(table, Some(package), why);
    }
    table.entries().collect()
}

fn read_list(
    reader: &mut LockReader<'_>,
    edges: &mut Vec<Dependency>,
    package: &str,
    list: Value<'_>,
    with: Option<&str>,
) {
    if !is_list(list) {
        let why = format!("expected a list of dependencies, found {}: lock again", list.kind().name());
        return reader.skip(list, Some(package), why);
    }
    for item in list.items() {
        let name = item.get("name").and_then(Value::text).filter(|name| !name.trim().is_empty());
        let Some(name) = name else {
            reader.skip(item, Some(package), "a dependency has no name: lock again");
            continue;
        };
        let mut edge = Dependency::new(PackageName::new(&name), reader.span(item.range()));
        edge.marker = item.get("marker").and_then(Value::text).map(std::borrow::Cow::into_owned);
        edge.extras = extras_of(item);
        edge.with = with.map(Into::into);
        edge.optional = with.is_some_and(|with| with.starts_with("extra:"));
        let version = item.get("version").and_then(Value::text).map(|version| Version::new(&version));
        let url = item.get("source").and_then(address_of);
        if version.is_some() || url.is_some() {
            edge.chosen = Some(Box::new(Chosen { version, url }));
        }
        edges.push(edge);
    }
}

/// `extra = ["a", "b"]`; one text before uv 0.3, and `extras` for a while.
fn extras_of(item: Value<'_>) -> Vec<PackageName> {
    let Some(extras) = item.get("extra").or_else(|| item.get("extras")) else { return Vec::new() };
    let one = extras.text().into_iter();
    let mut names: Vec<_> =
        one.chain(extras.items().filter_map(Value::text)).map(|name| PackageName::new(&name)).collect();
    names.arrange();
    names.dedup();
    names
}
