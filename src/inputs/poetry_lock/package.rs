//! One `[[package]]`.

use crate::model::Arrange as _;
use std::collections::{HashMap, HashSet};

use super::dependency::dependencies_of;
use crate::inputs::poetry_marker;
use crate::inputs::toml_events::{Kind, Value};
use crate::inputs::toml_lock::LockReader;
use crate::model::{Package, PackageName, PackageSource, SourceKind};

/// The number of file hashes by name.
pub(super) type Hashes = HashMap<PackageName, u32>;

/// Reads one entry; one without name or version is skipped.
pub(super) fn package_of(reader: &mut LockReader<'_>, entry: Value<'_>, hashes: &Hashes) -> Option<Package> {
    let mut package = reader.head(entry)?;
    if package.version.is_none() {
        reader.skip(entry, Some(&package.written), "the package has no version: lock again");
        return None;
    }
    package.optional = entry.get("optional").and_then(Value::boolean);
    package.editable = entry.get("develop").and_then(Value::boolean).unwrap_or(false);
    package.groups = groups_of(entry);
    package.marker = marker_of(entry, &package.groups);
    if let Some(table) = entry.get("source") {
        package.source = source_of(reader, table);
        package.source_span = table.get("url").map(|url| reader.span(url.content_range()));
    }
    package.hashes = match entry.get("files") {
        Some(files) => files.len(),
        None => package.name.as_ref().and_then(|name| hashes.get(name)).copied().unwrap_or(0),
    };
    if let Some(dependencies) = entry.get("dependencies") {
        package.dependencies = dependencies_of(reader, &package.written, dependencies);
    }
    Some(package)
}

fn source_of(reader: &mut LockReader<'_>, table: Value<'_>) -> PackageSource {
    let text = |key: &str| table.get(key).and_then(Value::text).map(std::borrow::Cow::into_owned);
    let kind = match text("type").as_deref() {
        None | Some("legacy") => SourceKind::Index,
        Some("git") => SourceKind::Git,
        Some("hg") => SourceKind::Hg,
        Some("svn") => SourceKind::Svn,
        Some("url") => SourceKind::Url,
        Some("directory" | "file") => SourceKind::Path,
        Some(other) => {
            let span = table.get("type").map(|value| reader.span(value.range()));
            let text = format!("source type {other:?} is not known: taken for a URL");
            reader.note(span, text);
            SourceKind::Url
        }
    };
    PackageSource {
        kind,
        url: text("url"),
        reference: text("reference").filter(|reference| !reference.is_empty()),
        resolved: text("resolved_reference"),
        subdirectory: text("subdirectory"),
    }
}

/// `groups` of lock-version 2.1, or the one `category` of the versions before.
fn groups_of(entry: Value<'_>) -> Vec<String> {
    let listed = entry.get("groups").into_iter().flat_map(Value::items).filter_map(Value::text);
    let mut groups: Vec<_> = listed.map(std::borrow::Cow::into_owned).collect();
    if groups.is_empty() {
        groups.extend(entry.get("category").and_then(Value::text).map(std::borrow::Cow::into_owned));
    }
    groups.arrange();
    groups.dedup();
    groups
}

/// `markers` (2.1: a text for all groups, or a map by group) or `marker` (before 1.0). In a map, a group that is
/// left out has no condition.
fn marker_of(entry: Value<'_>, groups: &[String]) -> Option<String> {
    let markers = entry.get("markers").or_else(|| entry.get("marker"))?;
    if markers.kind() != Kind::Table {
        return markers.text().map(std::borrow::Cow::into_owned).filter(|text| !text.is_empty());
    }
    // By group, so that neither many groups nor a large map are looked through for each other.
    let by_group: HashMap<_, _> = markers.entries().map(|entry| (entry.key(), entry.text())).collect();
    let has_marker = |group: &String| {
        by_group.get(group.as_str()).and_then(Option::as_ref).is_some_and(|text| !text.is_empty())
    };
    if !groups.iter().all(has_marker) {
        return None;
    }
    let mut known = HashSet::new();
    let mut texts: Vec<String> = Vec::new();
    for text in markers.entries().filter_map(Value::text) {
        if known.insert(text.clone()) {
            texts.push(text.into_owned());
        }
    }
    poetry_marker::any_of(&texts)
}
