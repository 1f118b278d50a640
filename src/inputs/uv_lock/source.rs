//! Where an entry is taken from: a table with one telling key, or the text `kind+address` before uv 0.3.

use std::borrow::Cow;

use crate::inputs::toml_events::{Kind, Value};
use crate::inputs::toml_lock::LockReader;
use crate::model::{PackageSource, SourceKind, Span};

/// The keys that tell, with what they mean. The text says `direct` where the table says `url`.
const KINDS: [(&str, SourceKind); 8] = [
    ("registry", SourceKind::Index),
    ("git", SourceKind::Git),
    ("url", SourceKind::Url),
    ("direct", SourceKind::Url),
    ("path", SourceKind::Path),
    ("directory", SourceKind::Path),
    ("editable", SourceKind::Path),
    ("virtual", SourceKind::Virtual),
];

/// The telling key with its address.
fn kind_of(source: Value<'_>) -> Option<(&'static str, SourceKind, Cow<'_, str>)> {
    if let Some(text) = source.text() {
        let (found, _) = text.split_once('+')?;
        let (key, kind) = KINDS.into_iter().find(|(key, _)| *key == found)?;
        let address = match text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[key.len() + 1..]),
            Cow::Owned(text) => Cow::Owned(text[key.len() + 1..].to_owned()),
        };
        return Some((key, kind, address));
    }
    KINDS.into_iter().find_map(|(key, kind)| Some((key, kind, source.get(key)?.text()?)))
}

/// The address of a source.
pub(super) fn address_of(source: Value<'_>) -> Option<String> {
    kind_of(source).map(|(_, _, address)| address.into_owned())
}

/// Whether an entry without a workspace is the project itself.
pub(super) fn is_root(entry: Value<'_>) -> bool {
    entry.get("source").and_then(kind_of).is_some_and(|(key, ..)| matches!(key, "editable" | "virtual"))
}

/// The source of an entry, where its address stands, and whether it is installed in place.
pub(super) fn source_of(
    reader: &mut LockReader<'_>,
    entry: Value<'_>,
    package: &str,
) -> (PackageSource, Option<Span>, bool) {
    let Some(table) = entry.get("source") else {
        reader.skip(entry, Some(package), "the package does not say where it is taken from: lock again");
        return (PackageSource::default(), None, false);
    };
    let Some((key, kind, address)) = kind_of(table) else {
        let span = Some(reader.span(table.range()));
        let text = "a source of a kind that is not known: taken for a URL".to_owned();
        reader.note(span, text);
        return (PackageSource { kind: SourceKind::Url, ..PackageSource::default() }, None, false);
    };
    let mut source =
        PackageSource { kind, url: Some(address.clone().into_owned()), ..PackageSource::default() };
    if kind == SourceKind::Git {
        read_git(&address, &mut source);
    }
    if table.kind() == Kind::Table
        && let Some(subdirectory) = table.get("subdirectory").and_then(Value::text)
    {
        source.subdirectory = Some(subdirectory.into_owned());
    }
    let written = table.get(key).unwrap_or(table);
    (source, Some(reader.span(written.content_range())), key == "editable")
}

/// `https://…/project.git?rev=asked#commit`, with `tag=`, `branch=` or `rev=`, and `subdirectory=`.
fn read_git(address: &str, source: &mut PackageSource) {
    let (rest, commit) = address.split_once('#').unwrap_or((address, ""));
    let (_, query) = rest.split_once('?').unwrap_or((rest, ""));
    source.resolved = Some(commit.to_owned()).filter(|commit| !commit.is_empty());
    for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match key {
            "rev" | "tag" | "branch" => source.reference = Some(value.to_owned()),
            "subdirectory" => source.subdirectory = Some(value.to_owned()),
            _ => {}
        }
    }
}
