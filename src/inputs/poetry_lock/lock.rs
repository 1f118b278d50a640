//! The file: its generation, its metadata, and its list of packages.

use std::collections::{HashMap, HashSet};

use super::package::{Hashes, package_of};
use crate::inputs::toml_events::{Document, Kind, TomlError, Value};
use crate::inputs::toml_lock::{LockReader, check_version, list_of, read_content_hash, read_lock, refuse};
use crate::inputs::{Commands, Format, Manifest, Reading, Role};
use crate::model::{Constraint, Input, PackageName};

/// `poetry.lock`.
pub static FORMAT: Format = Format {
    kind: "poetry.lock",
    role: Role::Lock,
    manifest: Manifest::Beside("pyproject.toml"),
    commands: Some(Commands { lock: "poetry lock", upgrade: "poetry update" }),
    detect: |path| path.rsplit('/').next() == Some("poetry.lock"),
    read,
};

/// The newest lock-version whose format is known.
const NEWEST: (u32, u32) = (2, 1);

/// File hashes, of which only the number matters: in the entry (2.x), by name (1.x), by name (before 1.0).
const COUNTED: &[&[&str]] =
    &[&["package", "files"], &["metadata", "files", "*"], &["metadata", "hashes", "*"]];

fn read(reading: Reading<'_>) -> Input {
    read_lock(reading, FORMAT.kind, COUNTED, fill)
}

fn fill(reader: &mut LockReader<'_>, document: &Document<'_>) -> Result<(), TomlError> {
    let root = document.root();
    let end = reader.text.trim_end().len();
    let Some(metadata) = root.get("metadata").filter(|metadata| metadata.kind() == Kind::Table) else {
        return refuse(
            end..end,
            "no [metadata], with which Poetry ends a lock: the file may be cut off; lock again",
        );
    };
    if let Some(version) = metadata.get("lock-version") {
        check_version(reader, version, NEWEST, "Poetry")?;
    }
    read_content_hash(reader, metadata, "content-hash");
    let python = metadata.get("python-versions").and_then(Value::text);
    reader.input.requires_python =
        python.and_then(|python| Constraint::parse(&python)?.to_pep440()).filter(|python| !python.is_empty());

    let Some(list) = root.get("package") else {
        // Poetry writes `package = []` into a lock without packages.
        let place = metadata.range();
        return refuse(place, "no [[package]] and no `package = []`: this is no whole lock; lock again");
    };
    let hashes = hashes_by_name(metadata);
    for entry in list_of(list)? {
        if let Some(package) = package_of(reader, entry, &hashes) {
            reader.input.packages.push(package);
        }
    }
    let input = &mut *reader.input;
    mark_direct(input);
    input.closed = if input.packages.is_empty() { None } else { Some(true) };
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
