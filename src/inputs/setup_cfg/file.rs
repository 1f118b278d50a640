//! The file: which options list requirements, and how.

use crate::model::Arrange as _;
use std::ops::Range;

use crate::inputs::ini::{Entry, Ini, words};
use crate::inputs::inline_ignore;
use crate::inputs::plain_text::{self, conflict};
use crate::inputs::requirement::{read_line, to_package};
use crate::inputs::{Format, Manifest, Reading, Role};
use crate::model::{IndexKind, IndexTool, IndexUse, Input, PackageName, Skipped, SourceFile, SourceId, Span};

/// `setup.cfg`.
pub(in crate::inputs) static FORMAT: Format = Format {
    kind: "setup.cfg",
    role: Role::Manifest,
    manifest: Manifest::None,
    commands: None,
    detect: |path| path.rsplit('/').next() == Some("setup.cfg"),
    read,
};

/// Words of which one stands in every marker that people write on the line of the option itself.
const MARKER_WORDS: [&str; 5] = ["python_version", "platform", "os_name", "implementation", "extra"];

fn read(reading: Reading<'_>) -> Input {
    let Reading { path, bytes, sources, .. } = reading;
    let (mut input, source) = match plain_text::open(path, FORMAT.kind, bytes, sources, "setup.cfg") {
        Ok(opened) => opened,
        Err(input) => return *input,
    };
    let text = sources.get(source).map_or("", SourceFile::text);
    input.ignores = inline_ignore::in_lines(text, &|range| Span::new(source, range));
    let mut reader = Reader { input: &mut input, source, text };
    match conflict(text) {
        Some(place) => reader.skip(place, path, "merge conflict: resolve it"),
        None => reader.read(),
    }
    input.skipped.arrange_by_key(|skipped| skipped.span.map(|span| span.start));
    input.closed = if input.packages.is_empty() { None } else { Some(false) };
    input
}

/// What the requirements of an option have in common.
#[derive(Clone, Copy)]
struct Listing<'l> {
    group: &'l str,
    optional: Option<bool>,
    /// The option's name ended at a `:`.
    colon: bool,
}

struct Reader<'a> {
    input: &'a mut Input,
    source: SourceId,
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn skip(&mut self, place: Range<usize>, what: &str, why: impl Into<String>) {
        let what: String =
            if what.is_empty() { "setup.cfg".to_owned() } else { what.chars().take(80).collect() };
        let span = Span::new(self.source, place);
        self.input.skipped.push(Skipped::at(&self.input.path, span, what, why));
    }

    fn slice(&self, place: Range<usize>) -> &'a str {
        self.text.get(place).unwrap_or("")
    }

    fn read(&mut self) {
        let ini = Ini::read(self.text, "setuptools");
        for (place, why) in &ini.wrong {
            let why = template(self.slice(place.clone())).unwrap_or(why);
            self.skip(place.clone(), self.slice(place.clone()), why);
        }
        let value = |section, name: &str| {
            let mut entries = ini.section(section).filter(|entry| entry.name == name);
            entries.find_map(|entry| entry.lines.first().cloned())
        };
        let project = value("metadata", "name").map(|place| self.slice(place));
        self.input.project = project.filter(|name| template(name).is_none()).map(PackageName::new);
        let python = value("options", "python_requires").or_else(|| value("options", "python-requires"));
        self.input.requires_python = python.map(|place| self.slice(place).to_owned());
        for entry in ini.section("options") {
            // Until version 78, setuptools took `-` for `_`.
            let group = match entry.name.replace('-', "_").as_str() {
                "install_requires" => "main",
                "setup_requires" => "setup",
                "tests_require" => "tests",
                _ => continue,
            };
            self.value(entry, Listing { group, optional: None, colon: false });
        }
        self.indexes(&ini);
        for section in ["options.extras_require", "extras"] {
            for entry in ini.section(section) {
                let group = format!("extra:{}", entry.name);
                self.value(entry, Listing { group: &group, optional: Some(true), colon: entry.colon });
            }
        }
    }

    /// Reads where `easy_install`, and setuptools with it, looks besides: setuptools, "`easy_install`" and
    /// "`dependency_links`", both of them of the past and still obeyed by old versions.
    fn indexes(&mut self, ini: &Ini<'_>) {
        let easy = ini.section("easy_install");
        for entry in easy.chain(ini.section("options").filter(|entry| entry.section == "options")) {
            let (option, kind) = match (entry.section, entry.name.replace('-', "_").as_str()) {
                ("options", "dependency_links") => ("dependency_links", IndexKind::FindLinks),
                ("options", _) => continue,
                (_, "index_url") => ("index_url", IndexKind::Index),
                (_, "find_links") => ("find_links", IndexKind::FindLinks),
                _ => continue,
            };
            for line in &entry.lines {
                for (place, address) in words(self.slice(line.clone()), line.start) {
                    let span = Span::new(self.source, place);
                    let mut index = IndexUse::new(IndexTool::Setuptools, option, address, span);
                    (index.kind, index.replaces_public) = (kind, kind == IndexKind::Index);
                    self.input.indexes.push(index);
                }
            }
        }
    }

    /// Reads the requirements of a value: one on each line, or on its only line with `;` between them.
    fn value(&mut self, entry: &Entry<'_>, listing: Listing<'_>) {
        if let Some(first) = entry.lines.first() {
            let start = self.slice(first.clone());
            for directive in ["file:", "attr:"] {
                if let Some(target) = start.strip_prefix(directive) {
                    let place = first.start..entry.lines.last().map_or(first.end, |last| last.end);
                    let rest = entry.lines.iter().skip(1).map(|line| self.slice(line.clone()));
                    let targets: Vec<_> = std::iter::once(target.trim()).chain(rest).collect();
                    let why = match directive {
                        "file:" => format!("they are listed in {}: audit that", targets.join(" ")),
                        _ => format!("{} computes them, which is not run: audit a lock", targets.join(" ")),
                    };
                    return self.skip(place, entry.name, why);
                }
            }
        }
        if let [only] = entry.lines.as_slice() {
            let line = self.slice(only.clone());
            if line.contains(';') && !MARKER_WORDS.iter().any(|word| line.contains(word)) {
                let mut start = only.start;
                for part in line.split(';') {
                    self.requirement(start..start + part.len(), listing);
                    start += part.len() + 1;
                }
                return;
            }
        }
        for line in &entry.lines {
            self.requirement(line.clone(), listing);
        }
    }

    fn requirement(&mut self, line: Range<usize>, listing: Listing<'_>) {
        let text = self.slice(line.clone());
        let text = &text[..comment_start(text).unwrap_or(text.len())];
        let start = line.start + text.len() - text.trim_start().len();
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let span = |part: Range<usize>| Span::new(self.source, start + part.start..start + part.end);
        match read_line(text, false) {
            Ok(requirement) => {
                let mut package = to_package(&requirement, &span, span(0..text.len()));
                package.groups = vec![listing.group.to_owned()];
                package.optional = listing.optional;
                package.direct = Some(true);
                self.input.packages.push(package);
            }
            Err(error) => {
                let colon =
                    "the name of an extra ends at its first `:`: write the marker behind each requirement";
                let why =
                    template(text).or(listing.colon.then_some(colon)).map_or(error.message, str::to_owned);
                self.skip(start + error.range.start..start + error.range.end, text, why);
            }
        }
    }
}

/// Where a comment begins: `(^|\s)#`.
fn comment_start(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    memchr::memchr_iter(b'#', bytes)
        .find(|at| at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(u8::is_ascii_whitespace))
}

/// The reason for a text with marks of Jinja or cookiecutter.
fn template(text: &str) -> Option<&'static str> {
    ["{{", "{%"]
        .iter()
        .any(|mark| text.contains(mark))
        .then_some("this is a template (`{{` or `{%`): render it and audit the result")
}
