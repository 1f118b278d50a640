//! `Pipfile`: TOML, one table for each category.

use std::collections::BTreeMap;

use super::entry::Reader;
use crate::inputs::inline_ignore;
use crate::inputs::plain_text;
use crate::inputs::toml_events::{self, Document, Kind, TomlError};
use crate::inputs::{Format, Manifest, Reading, Role};
use crate::model::{Input, Skipped, SourceFile, SourceId, Span};

/// `Pipfile`.
pub(in crate::inputs) static PIPFILE: Format = Format {
    kind: "Pipfile",
    role: Role::Manifest,
    manifest: Manifest::None,
    commands: None,
    detect: |path| path.rsplit('/').next() == Some("Pipfile"),
    read,
};

/// Tables that list no packages. Any other is a category.
const OTHER_TABLES: [&str; 7] =
    ["build-system", "install", "pipenv", "pipfile", "requires", "scripts", "source"];

fn read(reading: Reading<'_>) -> Input {
    let Reading { path, bytes, sources, .. } = reading;
    let (mut input, source) = match plain_text::open(path, PIPFILE.kind, bytes, sources, "TOML") {
        Ok(opened) => opened,
        Err(input) => return *input,
    };
    let text = sources.get(source).map_or("", SourceFile::text);
    input.ignores = inline_ignore::in_toml(text, &|range| Span::new(source, range));
    let filled = toml_events::read(text, &[], |document| {
        fill(&mut input, document, source);
        Ok(())
    });
    if let Err(TomlError { range, message }) = filled {
        let is_template = ["{{", "{%"].iter().any(|mark| text.contains(mark));
        let template = "this is a template (`{{` or `{%`): render it and audit the result";
        let why = if is_template { template.to_owned() } else { message };
        input.skipped.push(Skipped::at(path, Span::new(source, range), path, why));
    }
    input.closed = if input.packages.is_empty() { None } else { Some(false) };
    input
}

fn fill(input: &mut Input, document: &Document<'_>, source: SourceId) {
    let root = document.root();
    let mut reader = Reader { input, source, indexes: BTreeMap::new(), is_lock: false };
    reader.read_indexes(root.get("source"), root.get("pipenv"));
    reader.read_python(root.get("requires"));
    for category in root.entries() {
        let name = category.key();
        if OTHER_TABLES.contains(&&*name) {
            continue;
        }
        if category.kind() != Kind::Table {
            let why = format!("expected a table of packages, found {}", category.kind().name());
            reader.skip(category.range(), &name, why);
        }
        let group = match &*name {
            "packages" => "default",
            "dev-packages" => "develop",
            other => other,
        };
        for entry in category.entries() {
            reader.read(group, entry);
        }
    }
}
