//! The file: its version, and its list of packages.

use crate::model::Arrange as _;
use std::collections::HashMap;

use super::edge::edges_of;
use crate::inputs::toml_events::{Document, Kind, TomlError, Value};
use crate::inputs::toml_lock::{
    LockReader, check_lists, check_version, is_list, list_of, read_content_hash, read_lock, refuse,
};
use crate::inputs::{Commands, Format, Manifest, Reading, Role};
use crate::model::{Input, Package, PackageName, PackageSource, SourceKind};

/// `pdm.lock`.
pub static FORMAT: Format = Format {
    kind: "pdm.lock",
    role: Role::Lock,
    manifest: Manifest::Beside("pyproject.toml"),
    commands: Some(Commands { lock: "pdm lock", upgrade: "pdm update" }),
    detect: |path| path.rsplit('/').next() == Some("pdm.lock"),
    read,
};

/// The newest lock version whose format is known.
const NEWEST: (u32, u32) = (4, 5);

/// File hashes, of which only the number matters: in the entry (from 4.3 on), by name and version (before).
const COUNTED: &[&[&str]] = &[&["package", "files"], &["metadata", "files", "*"]];

/// Version control systems, as an entry names them.
const SYSTEMS: [(&str, SourceKind); 4] =
    [("git", SourceKind::Git), ("hg", SourceKind::Hg), ("svn", SourceKind::Svn), ("bzr", SourceKind::Bzr)];

fn read(reading: Reading<'_>) -> Input {
    read_lock(reading, FORMAT.kind, COUNTED, fill)
}

fn fill(reader: &mut LockReader<'_>, document: &Document<'_>) -> Result<(), TomlError> {
    let root = document.root();
    let Some(metadata) = root.get("metadata").filter(|metadata| metadata.kind() == Kind::Table) else {
        let end = reader.text.trim_end().len();
        return refuse(
            end..end,
            "no [metadata], which every lock of PDM has: the file may be cut off; lock again",
        );
    };
    if let Some(version) = metadata.get("lock_version") {
        check_version(reader, version, NEWEST, "PDM")?;
    }
    read_content_hash(reader, metadata, "content_hash");
    let python = metadata.get("requires_python").or_else(|| {
        let mut targets = metadata.get("targets").into_iter().flat_map(Value::items);
        // With several targets no single specifier says what is meant.
        let first = targets.next()?;
        if targets.next().is_some() { None } else { first.get("requires_python") }
    });
    let python = python.and_then(Value::text).map(std::borrow::Cow::into_owned);
    reader.input.requires_python = python.filter(|text| !text.is_empty());
    reader.input.locked_groups = Some(names_in(metadata, "groups")).filter(|groups| !groups.is_empty());
    let hashes = hashes_by_name(metadata);
    check_lists(root, "package")?;
    if let Some(list) = root.get("package") {
        for entry in list_of(list)? {
            if let Some(package) = package_of(reader, entry, &hashes) {
                reader.input.packages.push(package);
            }
        }
    }
    reader.input.closed = if reader.input.packages.is_empty() { None } else { Some(true) };
    Ok(())
}

/// The number of hashes under `"name version"`, and `"name[extra] version"`, as versions before 4.3 write them.
fn hashes_by_name(metadata: Value<'_>) -> HashMap<String, u32> {
    let lists = metadata.get("files").into_iter().flat_map(Value::entries);
    lists.map(|list| (list.key().into_owned(), list.len())).collect()
}

/// Reads one entry; one without a name is skipped. What is taken from a folder may have no version.
fn package_of(
    reader: &mut LockReader<'_>,
    entry: Value<'_>,
    hashes: &HashMap<String, u32>,
) -> Option<Package> {
    let mut package = reader.head(entry)?;
    let name = package.written.clone();
    let text = |key: &str| entry.get(key).and_then(Value::text).map(std::borrow::Cow::into_owned);
    package.marker = text("marker").filter(|marker| !marker.is_empty());
    package.extras = names_in(entry, "extras").iter().map(|extra| PackageName::new(extra)).collect();
    package.extras.arrange();
    package.groups = names_in(entry, "groups");
    if package.groups.is_empty() {
        package.groups = names_in(entry, "sections");
    }
    package.groups.arrange();
    package.groups.dedup();
    package.editable = entry.get("editable").and_then(Value::boolean).unwrap_or(false);
    let (source, url) = source_of(entry);
    package.source = source;
    package.source_span = url.map(|url| reader.span(url.content_range()));
    package.hashes = entry.get("files").map_or_else(
        || {
            let version = package.version.as_ref().map_or("", crate::model::Version::as_str);
            hashes.get(&format!("{name} {version}")).copied().unwrap_or(0)
        },
        Value::len,
    );
    if let Some(dependencies) = entry.get("dependencies") {
        package.dependencies = edges_of(reader, &name, dependencies);
    }
    Some(package)
}

/// The texts of a list, which must be one when it is there; anything else says nothing.
fn names_in(entry: Value<'_>, key: &str) -> Vec<String> {
    let list = entry.get(key).filter(|list| is_list(*list));
    let texts = list.into_iter().flat_map(Value::items).filter_map(Value::text);
    texts.map(std::borrow::Cow::into_owned).collect()
}

/// Where an entry is taken from, and the value that says so.
fn source_of(entry: Value<'_>) -> (PackageSource, Option<Value<'_>>) {
    let text = |key: &str| {
        entry.get(key).and_then(Value::text).map(std::borrow::Cow::into_owned).filter(|text| !text.is_empty())
    };
    let mut source = PackageSource { subdirectory: text("subdirectory"), ..PackageSource::default() };
    let mut written = None;
    for (key, kind) in SYSTEMS {
        if let Some(url) = text(key) {
            written = entry.get(key);
            (source.kind, source.url) = (kind, Some(url));
            (source.reference, source.resolved) = (text("ref"), text("revision"));
        }
    }
    for (key, kind) in [("url", SourceKind::Url), ("path", SourceKind::Path)] {
        if let Some(address) = text(key) {
            written = entry.get(key);
            (source.kind, source.url) = (kind, Some(address));
        }
    }
    (source, written)
}
