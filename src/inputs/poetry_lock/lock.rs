//! The file: its generation, its metadata, and its list of packages.

use std::collections::{HashMap, HashSet};

use super::package::{Hashes, Reader};
use crate::inputs::toml_events::{self, Document, Kind, TomlError, Value, add_text};
use crate::inputs::{Format, Manifest, Reading, Role};
use crate::model::{Constraint, Input, Note, PackageName, Skipped, SourceFile, SourceId, Span};

/// `poetry.lock`.
pub static FORMAT: Format = Format {
    kind: "poetry.lock",
    role: Role::Lock,
    manifest: Manifest::Beside("pyproject.toml"),
    detect: |path| path.rsplit('/').next() == Some("poetry.lock"),
    read,
};

/// The newest lock-version whose format is known.
const NEWEST: (u32, u32) = (2, 1);

/// File hashes, of which only the number matters: in the entry (2.x), by name (1.x), by name (before 1.0).
const COUNTED: &[&[&str]] =
    &[&["package", "files"], &["metadata", "files", "*"], &["metadata", "hashes", "*"]];

fn read(reading: Reading<'_>) -> Input {
    let Reading { path, bytes, sources, .. } = reading;
    let mut input = Input::new(path, FORMAT.kind);
    let source = match add_text(path, bytes, sources) {
        Ok(source) => source,
        Err(skipped) => {
            input.skipped.push(*skipped);
            return input;
        }
    };
    input.start = Some(Span::start_of(source));
    let text = sources.get(source).map_or("", SourceFile::text);
    let filled = toml_events::read(text, COUNTED, |document| fill(&mut input, document, text, source));
    if let Err(error) = filled {
        input.packages.clear();
        input.skipped = vec![Skipped::at(path, Span::new(source, error.range), path, error.message)];
    }
    input
}

/// Reads the document into `input`. An error means that the file as a whole cannot be trusted.
fn fill(input: &mut Input, document: &Document<'_>, text: &str, source: SourceId) -> Result<(), TomlError> {
    let refuse = |range: std::ops::Range<usize>, message: String| Err(TomlError { range, message });
    let root = document.root();
    let end = text.trim_end().len();
    let Some(metadata) = root.get("metadata").filter(|metadata| metadata.kind() == Kind::Table) else {
        return refuse(
            end..end,
            "no [metadata], with which Poetry ends a lock: the file may be cut off; lock again".to_owned(),
        );
    };
    if let Some(version) = metadata.get("lock-version") {
        check_lock_version(input, version, Span::new(source, version.range()))?;
    }
    let python = metadata.get("python-versions").and_then(Value::text);
    input.requires_python =
        python.and_then(|python| Constraint::parse(&python)?.to_pep440()).filter(|python| !python.is_empty());

    let Some(list) = root.get("package") else {
        // Poetry writes `package = []` into a lock without packages.
        let place = metadata.range();
        return refuse(
            place,
            "no [[package]] and no `package = []`: this is no whole lock; lock again".to_owned(),
        );
    };
    if !matches!(list.kind(), Kind::Array | Kind::ArrayOfTables) {
        return refuse(list.range(), format!("expected a list of packages, found {}", list.kind().name()));
    }
    let mut reader = Reader { input, source, hashes: hashes_by_name(metadata) };
    for entry in list.items() {
        reader.read(entry);
    }
    mark_direct(input);
    input.closed = if input.packages.is_empty() { None } else { Some(true) };
    Ok(())
}

/// Refuses a lock of a newer major version: its entries may mean anything. A newer minor version is compatible, as
/// Poetry itself takes it, but may hold more than is read.
fn check_lock_version(input: &mut Input, version: Value<'_>, span: Span) -> Result<(), TomlError> {
    let refuse = |message: String| Err(TomlError { range: version.range(), message });
    let newest = format!("{}.{}", NEWEST.0, NEWEST.1);
    let Some(text) = version.text() else {
        return refuse(format!("expected lock-version as a string such as \"{newest}\""));
    };
    let (major, minor) = text.split_once('.').unwrap_or((&text, "0"));
    let (Ok(major), Ok(minor)) = (major.parse::<u32>(), minor.parse::<u32>()) else {
        return refuse(format!("expected a lock-version such as \"{newest}\", found {text:?}"));
    };
    let newer = format!("lock-version {major}.{minor} is newer than this program reads (up to {newest})");
    if major > NEWEST.0 {
        return refuse(format!("{newer}: update this program, or lock with an older Poetry"));
    }
    if (major, minor) > NEWEST {
        input.notes.push(Note { path: input.path.clone(), span: Some(span), text: newer });
    }
    Ok(())
}

/// The number of hashes by name, from the tables of lock-version 1.x and of the time before.
fn hashes_by_name(metadata: Value<'_>) -> Hashes {
    let mut hashes = HashMap::new();
    for table in ["files", "hashes"] {
        for list in metadata.get(table).into_iter().flat_map(Value::entries) {
            hashes.entry(PackageName::new(&list.key())).or_insert_with(|| list.len());
        }
    }
    hashes
}

/// What no other entry depends on was asked for by a person. The rest cannot be told from the lock alone.
fn mark_direct(input: &mut Input) {
    let mut needed: HashSet<PackageName> = HashSet::new();
    for package in &input.packages {
        let others = package.dependencies.iter().filter(|edge| Some(&edge.name) != package.name.as_ref());
        needed.extend(others.map(|edge| edge.name.clone()));
    }
    for package in &mut input.packages {
        let is_needed = package.name.as_ref().is_some_and(|name| needed.contains(name));
        package.direct = if is_needed { None } else { Some(true) };
    }
}
