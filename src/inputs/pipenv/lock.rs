//! `Pipfile.lock`: JSON, one object for each category.

use std::collections::BTreeMap;

use super::entry::Reader;
use crate::inputs::json_events::{Document, JsonError, Kind, Value, read_file};
use crate::inputs::{Commands, Format, Manifest, Reading, Role};
use crate::model::{ContentHash, Input, SourceId, Span};

/// `Pipfile.lock`.
pub(in crate::inputs) static PIPFILE_LOCK: Format = Format {
    kind: "Pipfile.lock",
    role: Role::Lock,
    manifest: Manifest::Beside("Pipfile"),
    commands: Some(Commands { lock: "pipenv lock", upgrade: "pipenv upgrade" }),
    detect: |path| path.rsplit('/').next() == Some("Pipfile.lock"),
    read,
};

/// The newest `pipfile-spec` whose format is known; all of them up to it list packages alike.
const NEWEST: u32 = 6;

fn read(reading: Reading<'_>) -> Input {
    read_file(reading, PIPFILE_LOCK.kind, fill)
}

/// Reads the document into `input`. An error means that the file as a whole cannot be trusted.
fn fill(input: &mut Input, document: &Document<'_>, source: SourceId) -> Result<(), JsonError> {
    let root = document.root();
    if root.kind() != Kind::Object {
        let why = format!("expected an object with `_meta`, found {}: lock again", root.kind().name());
        return Err(JsonError::at(root.range(), why));
    }
    let Some(meta) = root.get("_meta").filter(|meta| meta.kind() == Kind::Object) else {
        let start = root.range().start;
        let why = "no `_meta`, with which Pipenv begins a lock: this is no whole lock; lock again";
        return Err(JsonError::at(start..start, why));
    };
    if let Some(version) = meta.get("pipfile-spec") {
        check_version(version)?;
    }
    let hash = meta.get("hash").and_then(|hash| hash.get("sha256"));
    if let Some((hash, text)) = hash.and_then(|hash| Some((hash, hash.text()?))) {
        input.content_hash = Some(ContentHash::new(text, Span::new(source, hash.content_range())));
    }
    let mut reader = Reader { input, source, indexes: BTreeMap::new(), is_lock: true };
    reader.read_indexes(meta.get("sources"), None);
    reader.read_python(meta.get("requires"));
    for category in root.entries() {
        let name = category.key();
        if name == "_meta" {
            continue;
        }
        if category.kind() != Kind::Object {
            let why = format!("expected an object of packages, found {}", category.kind().name());
            reader.skip(category.range(), &name, why);
        }
        for entry in category.entries() {
            reader.read(&name, entry);
        }
    }
    input.closed = if input.packages.is_empty() { None } else { Some(true) };
    Ok(())
}

/// Refuses a lock of a newer specification: its entries may mean anything.
fn check_version(version: Value<'_>) -> Result<(), JsonError> {
    let Some(number) = version.number().and_then(|text| text.parse::<u32>().ok()) else {
        let why = format!("expected pipfile-spec as a number such as {NEWEST}: lock again");
        return Err(JsonError::at(version.range(), why));
    };
    if number > NEWEST {
        let why = format!(
            "pipfile-spec {number} is newer than this program reads (up to {NEWEST}): update this program, or lock \
             with an older Pipenv"
        );
        return Err(JsonError::at(version.range(), why));
    }
    Ok(())
}
