//! `[tool.poetry]`. Source: Poetry documentation, "The pyproject.toml file" and "Dependency specification".

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::poetry_value::Context;
use super::reader::{Reader, table_of, text_at};
use crate::model::{Constraint, PackageName};

pub(super) fn read(reader: &mut Reader<'_>, poetry: &DeTable<'_>) {
    if reader.input.project.is_none() {
        reader.input.project = text_at(poetry, "name").filter(|name| !name.is_empty()).map(PackageName::new);
    }
    let extras = extras_by_package(reader, poetry);
    let indexes = indexes(poetry);
    let none = BTreeMap::new();
    let context = |group, optional, extras| Context { group, optional, extras, indexes: &indexes };
    if let Some(table) = table_at(reader, poetry, "dependencies") {
        read_python(reader, table);
        context("main", None, &extras).read_table(reader, table);
    }
    if let Some(table) = table_at(reader, poetry, "dev-dependencies") {
        context("dev", None, &none).read_table(reader, table);
    }
    for (name, value) in table_at(reader, poetry, "group").into_iter().flatten() {
        let Some(group) = table_of(reader, value, name.get_ref()) else { continue };
        if !reader.is_named(name) {
            continue;
        }
        let optional = group.get("optional").and_then(|optional| optional.get_ref().as_bool());
        if let Some(table) = table_at(reader, group, "dependencies") {
            context(name.get_ref(), optional, &none).read_table(reader, table);
        }
    }
}

fn table_at<'v, 't>(reader: &mut Reader<'_>, table: &'v DeTable<'t>, key: &str) -> Option<&'v DeTable<'t>> {
    table_of(reader, table.get(key)?, key)
}

/// `python` among the dependencies is what the project asks of the interpreter.
fn read_python(reader: &mut Reader<'_>, dependencies: &DeTable<'_>) {
    if reader.input.requires_python.is_none() {
        reader.input.requires_python = text_at(dependencies, "python")
            .and_then(|python| Constraint::parse(python)?.to_pep440())
            .filter(|python| !python.is_empty());
    }
}

/// The extras that bring in a package: `[tool.poetry.extras]` names it, with or without a specifier.
fn extras_by_package(reader: &mut Reader<'_>, poetry: &DeTable<'_>) -> BTreeMap<PackageName, Vec<String>> {
    let mut extras: BTreeMap<PackageName, Vec<String>> = BTreeMap::new();
    for (name, value) in table_at(reader, poetry, "extras").into_iter().flatten() {
        if !reader.is_named(name) {
            continue;
        }
        for item in reader.list(value, name.get_ref()).into_iter().flatten() {
            let Some(text) = item.get_ref().as_str() else {
                reader.skip(item.span(), name.get_ref(), "expected the name of a package");
                continue;
            };
            let text = text.trim();
            let end = text.find([' ', '[', '<', '>', '=', '!', '~', ';', '(']).unwrap_or(text.len());
            let package = PackageName::new(text.get(..end).unwrap_or(text));
            extras.entry(package).or_default().push(format!("extra:{}", name.get_ref()));
        }
    }
    extras
}

/// `[[tool.poetry.source]]`: URLs of indexes by name.
fn indexes(poetry: &DeTable<'_>) -> BTreeMap<String, String> {
    let sources = poetry.get("source").and_then(|sources| sources.get_ref().as_array());
    let tables = sources.into_iter().flatten().filter_map(|source| source.get_ref().as_table());
    tables
        .filter_map(|table| Some((text_at(table, "name")?.to_owned(), text_at(table, "url")?.to_owned())))
        .collect()
}
