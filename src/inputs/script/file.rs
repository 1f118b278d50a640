//! The file: the requirements of its block.

use std::collections::HashMap;
use std::ops::Range;

use super::block::{Block, Blocks};
use crate::inputs::index_tables::{of_uv, uv_pin, uv_redirects};
use crate::inputs::inline_ignore;
use crate::inputs::plain_text;
use crate::inputs::requirement::{read_line, to_package};
use crate::inputs::toml_events::{self, Document, Kind, Value};
use crate::inputs::{Format, Manifest, Reading, Role};
use crate::model::{Input, PackageName, Skipped, SourceFile, SourceId, Span};

/// A Python script, when it is named.
pub(in crate::inputs) static FORMAT: Format = Format {
    kind: "pep723",
    role: Role::Manifest,
    manifest: Manifest::None,
    commands: None,
    detect: |_| false,
    read,
};

fn read(reading: Reading<'_>) -> Input {
    let Reading { path, bytes, sources, .. } = reading;
    let (mut input, source) = match plain_text::open(path, FORMAT.kind, bytes, sources, "a script") {
        Ok(opened) => opened,
        Err(input) => return *input,
    };
    let text = sources.get(source).map_or("", SourceFile::text);
    let blocks = Blocks::find(text);
    for place in blocks.unclosed {
        let why = "the block is not closed: expected comment lines and then `# ///`";
        input.skipped.push(Skipped::at(path, Span::new(source, place), "# /// script", why));
    }
    match blocks.closed.as_slice() {
        [] => {}
        [block] => {
            input.ignores =
                inline_ignore::in_toml(&block.text, &|range| Span::new(source, block.origin(range)));
            let reader = Reader { input: &mut input, source, block };
            reader.read();
        }
        [_, second, ..] => {
            let why = "a second `script` block, and PEP 723 allows one: join the two";
            input.skipped.push(Skipped::at(
                path,
                Span::new(source, second.place.clone()),
                "# /// script",
                why,
            ));
        }
    }
    input.closed = if input.packages.is_empty() { None } else { Some(false) };
    input
}

struct Reader<'a> {
    input: &'a mut Input,
    source: SourceId,
    block: &'a Block,
}

impl Reader<'_> {
    fn read(mut self) {
        let block = self.block;
        let filled = toml_events::read(&block.text, &[], |document| {
            self.fill(document);
            Ok(())
        });
        if let Err(error) = filled {
            self.skip(error.range, "# /// script", error.message);
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, self.block.origin(range))
    }

    fn skip(&mut self, range: Range<usize>, what: &str, why: impl Into<String>) {
        let span = self.span(range);
        let what: String =
            if what.is_empty() { "a requirement".to_owned() } else { what.chars().take(80).collect() };
        self.input.skipped.push(Skipped::at(&self.input.path, span, what, why));
    }

    fn fill(&mut self, document: &Document<'_>) {
        let root = document.root();
        let python = root.get("requires-python").and_then(Value::text);
        self.input.requires_python = python.map(std::borrow::Cow::into_owned);
        let uv = root.get("tool").and_then(|tool| tool.get("uv"));
        if let Some(uv) = uv {
            let indexes = of_uv(uv, &|range| self.span(range));
            self.input.indexes = indexes;
        }
        let Some(list) = root.get("dependencies") else { return };
        if list.kind() != Kind::Array {
            let why = format!("expected a list of requirements, found {}", list.kind().name());
            return self.skip(list.range(), "dependencies", why);
        }
        for item in list.items() {
            self.requirement(item);
        }
        if let Some(sources) = uv.and_then(|uv| uv.get("sources")) {
            self.read_sources(sources);
        }
    }

    /// Reads `[tool.uv.sources]`: the index of a package, or the place that it is taken from.
    fn read_sources(&mut self, sources: Value<'_>) {
        let entries: HashMap<PackageName, Value<'_>> =
            sources.entries().map(|entry| (PackageName::new(&entry.key()), entry)).collect();
        let block = self.block;
        let source = self.source;
        let place = |range| Span::new(source, block.origin(range));
        for package in &mut self.input.packages {
            let entry = package.name.as_ref().and_then(|name| entries.get(name));
            let pinned = entry.and_then(|entry| uv_pin(*entry, &self.input.indexes, &place));
            package.index = pinned.map(Box::new);
        }
        for entry in sources.entries() {
            let name = PackageName::new(&entry.key());
            let redirects = uv_redirects(entry, &name, &place);
            self.input.redirects.extend(redirects);
        }
    }

    fn requirement(&mut self, item: Value<'_>) {
        let Some(text) = item.text() else {
            let why = format!("expected a requirement as a string, found {}", item.kind().name());
            return self.skip(item.range(), "dependencies", why);
        };
        let content = item.content_range();
        let exact = self.block.text.get(content.clone()) == Some(&*text);
        let place = |part: Range<usize>| {
            if exact { content.start + part.start..content.start + part.end } else { content.clone() }
        };
        match read_line(&text, false) {
            Ok(requirement) => {
                let whole = self.span(content.clone());
                let mut package = to_package(&requirement, &|part| self.span(place(part)), whole);
                package.groups = vec!["main".to_owned()];
                package.direct = Some(true);
                self.input.packages.push(package);
            }
            Err(error) => self.skip(place(error.range), &text, error.message),
        }
    }
}
