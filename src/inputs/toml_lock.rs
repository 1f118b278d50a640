//! What all TOML locks have in common: read as a whole or not at all, and a list of packages with name and version.

use std::ops::Range;

use super::toml_events::{self, Document, Kind, TomlError, Value};
use super::{Reading, plain_text};
use crate::model::{
    ContentHash, Input, Note, Package, PackageName, Skipped, SourceFile, SourceId, Span, Version,
};

/// Reads a lock. An error of `fill` means that the file as a whole cannot be trusted: then it has no entry at all, and
/// one skip with the place. Of the arrays at the paths `counted` only the length is kept.
pub(super) fn read_lock(
    reading: Reading<'_>,
    kind: &'static str,
    counted: &'static [&'static [&'static str]],
    fill: impl FnOnce(&mut LockReader<'_>, &Document<'_>) -> Result<(), TomlError>,
) -> Input {
    let Reading { path, bytes, sources, .. } = reading;
    let (mut input, source) = match plain_text::open(path, kind, bytes, sources, "TOML") {
        Ok(opened) => opened,
        Err(input) => return *input,
    };
    let text = sources.get(source).map_or("", SourceFile::text);
    let mut reader = LockReader { input: &mut input, source, text };
    let filled = toml_events::read(text, counted, |document| fill(&mut reader, document));
    if let Err(error) = filled {
        input.packages.clear();
        input.skipped = vec![Skipped::at(path, Span::new(source, error.range), path, error.message)];
    }
    input
}

/// Refuses a file as a whole.
pub(super) fn refuse<T>(range: Range<usize>, message: impl Into<String>) -> Result<T, TomlError> {
    Err(TomlError { range, message: message.into() })
}

/// Keeps the hash of the manifest that the lock was made from.
pub(super) fn read_content_hash(reader: &mut LockReader<'_>, metadata: Value<'_>, key: &str) {
    let hash = metadata.get(key).and_then(|value| Some((value.text()?.into_owned(), value.content_range())));
    if let Some((text, range)) = hash {
        let span = reader.span(range);
        reader.input.content_hash = Some(ContentHash::new(text, span));
    }
}

/// The elements of a list.
pub(super) fn list_of(list: Value<'_>) -> Result<impl Iterator<Item = Value<'_>>, TomlError> {
    if is_list(list) {
        Ok(list.items())
    } else {
        refuse(list.range(), format!("expected a list of packages, found {}", list.kind().name()))
    }
}

/// Refuses a file with a list of tables beside the one that is read: packages under a name that is not known are lost.
pub(super) fn check_lists(root: Value<'_>, read: &str) -> Result<(), TomlError> {
    let is_table = |item: Value<'_>| item.kind() == Kind::Table;
    let is_stray = |entry: &Value<'_>| entry.key() != read && is_list(*entry) && entry.items().any(is_table);
    let Some(stray) = root.entries().find(is_stray) else { return Ok(()) };
    let message = format!("[[{}]] is not read, only [[{read}]]: lock again", stray.key());
    refuse(stray.range(), message)
}

/// Whether a value is an array of either notation.
pub(super) fn is_list(value: Value<'_>) -> bool {
    matches!(value.kind(), Kind::Array | Kind::ArrayOfTables)
}

/// Refuses a newer major version of a format than is known: its entries may mean anything. A newer minor version is
/// compatible, but may hold more than is read, which is a note. `tool` is who has to be asked for an older one.
pub(super) fn check_version(
    reader: &mut LockReader<'_>,
    version: Value<'_>,
    newest: (u32, u32),
    tool: &str,
) -> Result<(), TomlError> {
    let key = version.key();
    let known = format!("{}.{}", newest.0, newest.1);
    let Some(text) = version.text() else {
        return refuse(version.range(), format!("expected {key} as a string such as \"{known}\""));
    };
    let (major, minor) = text.split_once('.').unwrap_or((&text, "0"));
    let minor = minor.split('.').next().unwrap_or(minor);
    let (Ok(major), Ok(minor)) = (major.parse::<u32>(), minor.parse::<u32>()) else {
        return refuse(version.range(), format!("expected a {key} such as \"{known}\", found {text:?}"));
    };
    let newer = format!("{key} {major}.{minor} is newer than this program reads (up to {known})");
    if major > newest.0 {
        return refuse(
            version.range(),
            format!("{newer}: update this program, or lock with an older {tool}"),
        );
    }
    if (major, minor) > newest {
        let span = Some(reader.span(version.range()));
        reader.note(span, newer);
    }
    Ok(())
}

/// Reads entries into an input.
pub(super) struct LockReader<'a> {
    pub(super) input: &'a mut Input,
    pub(super) source: SourceId,
    /// The text of the file.
    pub(super) text: &'a str,
}

impl LockReader<'_> {
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    /// Says something that changes nothing.
    pub(super) fn note(&mut self, span: Option<Span>, text: String) {
        self.input.notes.push(Note { path: self.input.path.clone(), span, text });
    }

    /// Says that something was not read: a part of the package `name`, or an entry without a name.
    pub(super) fn skip(&mut self, place: Value<'_>, name: Option<&str>, why: impl Into<String>) {
        let span = self.span(place.range());
        let mut skipped = Skipped::at(&self.input.path, span, name.unwrap_or("[[package]]"), why);
        skipped.package = name.map(PackageName::new);
        self.input.skipped.push(skipped);
    }

    /// The name and the version of an entry; one without a name, or whose version is no text, is skipped. Whether it
    /// has to have a version the caller knows.
    pub(super) fn head(&mut self, entry: Value<'_>) -> Option<Package> {
        let named = entry.get("name").and_then(|name| Some((name, name.text()?)));
        let Some((name_value, name)) = named.filter(|(_, name)| !name.trim().is_empty()) else {
            self.skip(entry, None, "the package has no name: lock again");
            return None;
        };
        let start = entry.range().start;
        let mut end = name_value.range().end;
        let mut package = Package::new(&name, self.span(start..end.max(start)));
        package.name_span = self.span(name_value.content_range());
        if let Some(version) = entry.get("version") {
            let Some(text) = version.text().filter(|text| !text.trim().is_empty()) else {
                self.skip(version, Some(&name), "expected a version such as \"1.2.3\": lock again");
                return None;
            };
            end = end.max(version.range().end);
            package.span = self.span(start..end.max(start));
            package.version_span = Some(self.span(version.content_range()));
            package.version = Some(Version::new(&text));
        }
        Some(package)
    }
}
