//! The file as a whole.

use crate::model::Arrange as _;
use toml::de::DeTable;

use super::reader::{Reader, table_of};
use super::{flit, groups, hatch, indexes, pdm, poetry, project, uv};
use crate::inputs::inline_ignore;
use crate::inputs::plain_text;
use crate::inputs::toml_events::TomlError;
use crate::inputs::{Format, Manifest, Reading, Role};
use crate::model::{Input, Skipped, SourceFile, Span};

/// `pyproject.toml`.
pub static FORMAT: Format = Format {
    kind: "pyproject.toml",
    role: Role::Manifest,
    manifest: Manifest::None,
    commands: None,
    detect: |path| path.rsplit('/').next() == Some("pyproject.toml"),
    read,
};

fn read(reading: Reading<'_>) -> Input {
    let Reading { path, bytes, sources, .. } = reading;
    let (mut input, source) = match plain_text::open(path, FORMAT.kind, bytes, sources, "TOML") {
        Ok(opened) => opened,
        Err(input) => return *input,
    };
    let text = sources.get(source).map_or("", SourceFile::text);
    input.ignores = inline_ignore::in_toml(text, &|range| Span::new(source, range));
    match DeTable::parse(text) {
        Ok(document) => {
            let mut reader = Reader { input: &mut input, source, text, carried: 0 };
            // First, so that what names an index finds it.
            indexes::read(&mut reader, document.get_ref());
            read_tables(&mut reader, document.get_ref());
            indexes::pin(&mut reader, document.get_ref());
        }
        Err(error) => {
            let range = error.span().unwrap_or(text.len()..text.len());
            let error = TomlError::new(text, range, error.message());
            let why = if is_template(text) { TEMPLATE.to_owned() } else { error.message };
            input.skipped.push(Skipped::at(path, Span::new(source, error.range), path, why));
        }
    }
    // `DeTable` sorts its keys; people read from top to bottom.
    input.packages.arrange_by_key(|package| package.span.start);
    input.skipped.arrange_by_key(|skipped| skipped.span.map(|span| span.start));
    input.notes.arrange_by_key(|note| note.span.map(|span| span.start));
    input.closed = if input.packages.is_empty() { None } else { Some(false) };
    input
}

/// Says which lists of packages are not read: `[tool.pixi]` has its own, in the notation of conda.
fn skip_pixi(reader: &mut Reader<'_>, pixi: &DeTable<'_>) {
    for (key, value) in pixi {
        let lists =
            key.get_ref().ends_with("dependencies") || matches!(&**key.get_ref(), "feature" | "target");
        if lists && value.get_ref().as_table().is_none_or(|table| !table.is_empty()) {
            let what = format!("[tool.pixi.{}]", key.get_ref());
            reader.skip(key.span(), &what, "this table is not read yet: audit what is installed");
        }
    }
}

fn read_tables(reader: &mut Reader<'_>, document: &DeTable<'_>) {
    project::read(reader, document);
    groups::read(reader, document);
    let Some(tool) = document.get("tool").and_then(|tool| table_of(reader, tool, "[tool]")) else { return };
    for (name, read) in [
        ("poetry", poetry::read as fn(&mut Reader<'_>, &DeTable<'_>)),
        ("pdm", pdm::read),
        ("uv", uv::read),
        ("rye", uv::read_rye),
        ("hatch", hatch::read),
        ("pixi", skip_pixi),
        ("flit", flit::read),
    ] {
        let table = tool.get(name).and_then(|table| table_of(reader, table, &format!("[tool.{name}]")));
        if let Some(table) = table {
            read(reader, table);
        }
    }
}

/// Why a template is not read.
pub(super) const TEMPLATE: &str = "this is a template (`{{` or `{%`): render it and audit the result";

/// Whether a text holds marks of Jinja or cookiecutter, which are no TOML outside of strings.
pub(super) fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}
