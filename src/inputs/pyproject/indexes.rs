//! The indexes that the tables of uv, Poetry and PDM name, and the packages that name one of them.

use std::collections::HashMap;

use toml::de::DeTable;

use super::reader::{Node, Reader};
use crate::inputs::index_tables::{InText, of_pdm, of_poetry, of_uv, uv_pin, uv_redirects};
use crate::model::{PackageName, PinnedIndex, SourceKind, Span};

/// Reads the indexes of all tools.
pub(super) fn read(reader: &mut Reader<'_>, document: &DeTable<'_>) {
    let source = reader.source;
    let place = |range| Span::new(source, range);
    let mut indexes = Vec::new();
    if let Some(uv) = tool(document, "uv") {
        indexes.extend(of_uv(InText(uv, reader.text), &place));
    }
    if let Some(poetry) = tool(document, "poetry") {
        indexes.extend(of_poetry(InText(poetry, reader.text), &place));
    }
    if let Some(pdm) = tool(document, "pdm") {
        indexes.extend(of_pdm(InText(pdm, reader.text), &place));
    }
    reader.input.indexes = indexes;
}

fn tool<'v, 't>(document: &'v DeTable<'t>, name: &str) -> Option<&'v Node<'t>> {
    document.get("tool")?.get_ref().as_table()?.get(name)
}

/// Gives each requirement the index that stands elsewhere in the file: in `[tool.uv.sources]`, or in
/// `[tool.poetry.dependencies]` for one of `[project]` (Poetry, "Dependency specification", "`project.dependencies`
/// and `tool.poetry.dependencies`"). Keeps what `[tool.uv.sources]` takes from elsewhere.
pub(super) fn pin(reader: &mut Reader<'_>, document: &DeTable<'_>) {
    let mut pins: HashMap<PackageName, PinnedIndex> = HashMap::new();
    for package in &reader.input.packages {
        if let (Some(name), Some(pinned)) = (&package.name, &package.index) {
            pins.entry(name.clone()).or_insert_with(|| (**pinned).clone());
        }
    }
    let source = reader.source;
    let place = |range| Span::new(source, range);
    let sources = tool(document, "uv").and_then(|uv| uv.get_ref().as_table()?.get("sources"));
    for (name, value) in sources.and_then(|sources| sources.get_ref().as_table()).into_iter().flatten() {
        let value = InText(value, reader.text);
        let name = PackageName::new(name.get_ref());
        if let Some(pinned) = uv_pin(value, &reader.input.indexes, &place) {
            pins.insert(name.clone(), pinned);
        }
        reader.input.redirects.extend(uv_redirects(value, &name, &place));
    }
    if pins.is_empty() {
        return;
    }
    for package in &mut reader.input.packages {
        if package.index.is_none() && package.source.kind == SourceKind::Index {
            let pinned = package.name.as_ref().and_then(|name| pins.get(name));
            package.index = pinned.map(|pinned| Box::new(pinned.clone()));
        }
    }
}
