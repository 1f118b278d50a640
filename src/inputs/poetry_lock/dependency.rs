//! The edges of a package: `[package.dependencies]`.

use crate::inputs::poetry_marker;
use crate::inputs::toml_events::{Kind, Value};
use crate::inputs::toml_lock::LockReader;
use crate::model::Arrange as _;
use crate::model::{Dependency, PackageName};

/// Reads the table: a version, a table of conditions, or a list of such tables for each name. What is none of them
/// is skipped, and the rest is read.
pub(super) fn dependencies_of(
    reader: &mut LockReader<'_>,
    package: &str,
    table: Value<'_>,
) -> Vec<Dependency> {
    let mut edges = Vec::with_capacity(table.len() as usize);
    if table.kind() != Kind::Table {
        reader.skip(
            table,
            Some(package),
            format!("expected a table of dependencies, found {}", table.kind().name()),
        );
    }
    for entry in table.entries() {
        let name = entry.key();
        match entry.kind() {
            Kind::Array | Kind::ArrayOfTables => {
                for item in entry.items() {
                    push(reader, &mut edges, package, &name, item);
                }
            }
            _ => push(reader, &mut edges, package, &name, entry),
        }
    }
    edges
}

fn push(
    reader: &mut LockReader<'_>,
    edges: &mut Vec<Dependency>,
    package: &str,
    name: &str,
    value: Value<'_>,
) {
    let mut edge = Dependency::new(PackageName::new(name), reader.span(value.entry_range()));
    if let Some(version) = value.text() {
        edge.specifier = Some(version.into_owned());
    } else if value.kind() == Kind::Table {
        let text = |key: &str| value.get(key).and_then(Value::text);
        edge.specifier = text("version").map(std::borrow::Cow::into_owned);
        let (markers, python, platform) = (text("markers"), text("python"), text("platform"));
        edge.marker = poetry_marker::marker(markers.as_deref(), python.as_deref(), platform.as_deref());
        let extras = value.get("extras").into_iter().flat_map(Value::items).filter_map(Value::text);
        edge.extras = extras.map(|extra| PackageName::new(&extra)).collect();
        edge.extras.arrange();
        edge.optional = value.get("optional").and_then(Value::boolean).unwrap_or(false);
    } else {
        let found = value.kind().name();
        let why = format!("expected a version or a table as what it needs of {name:?}, found {found}");
        return reader.skip(value, Some(package), why);
    }
    edges.push(edge);
}
