//! The document: which version of CycloneDX it is, its components and its graph.

use super::component::{Reader, project};
use super::graph;
use crate::inputs::json_events::{Document, JsonError, Kind, Value, read_file};
use crate::inputs::{Format, Manifest, Reading, Role};
use crate::model::Arrange as _;
use crate::model::{Input, SourceId};

/// A CycloneDX document, when it is named.
pub(in crate::inputs) static FORMAT: Format = Format {
    kind: "cyclonedx",
    role: Role::Lock,
    manifest: Manifest::None,
    commands: None,
    detect: |_| false,
    read,
};

/// The versions that are read, oldest and newest.
const VERSIONS: (u32, u32) = (4, 7);

fn read(reading: Reading<'_>) -> Input {
    read_file(reading, FORMAT.kind, fill)
}

/// Reads the document into `input`. An error means that the file as a whole cannot be trusted.
fn fill(input: &mut Input, document: &Document<'_>, source: SourceId) -> Result<(), JsonError> {
    let root = document.root();
    let format = root.get("bomFormat");
    if format.and_then(Value::text).as_deref() != Some("CycloneDX") {
        let start = root.range().start;
        let place = format.map_or(start..start, Value::range);
        let why =
            "is no dependency file that audit knows: a JSON file without `\"bomFormat\": \"CycloneDX\"`";
        return Err(JsonError::at(place, why));
    }
    check_version(root)?;
    let metadata = root.get("metadata").and_then(|metadata| metadata.get("component"));
    input.project = metadata.and_then(project);
    let reference = metadata.and_then(|component| component.get("bom-ref")).and_then(Value::text);
    let mut reader = Reader::new(input, source, reference);
    for holder in [metadata, Some(root)].into_iter().flatten() {
        let Some(components) = holder.get("components") else { continue };
        if components.kind() != Kind::Array {
            let why = format!("expected a list of components, found {}", components.kind().name());
            return Err(JsonError::at(components.range(), why));
        }
        reader.read_all(components);
    }
    reader.count_others();
    if let Some(dependencies) = root.get("dependencies") {
        if dependencies.kind() != Kind::Array {
            let why = format!("expected a list of dependencies, found {}", dependencies.kind().name());
            return Err(JsonError::at(dependencies.range(), why));
        }
        graph::read(&mut reader, dependencies);
    }
    input.skipped.arrange_by_key(|skipped| skipped.span.map(|span| span.start));
    Ok(())
}

/// Refuses documents of other versions: older ones have other fields, newer ones may mean anything.
fn check_version(root: Value<'_>) -> Result<(), JsonError> {
    let (oldest, newest) = VERSIONS;
    let Some(version) = root.get("specVersion") else {
        let start = root.range().start;
        return Err(JsonError::at(start..start, "no `specVersion`: this is no whole CycloneDX document"));
    };
    let text = version.text();
    let Some(minor) = text.as_deref().and_then(|text| text.strip_prefix("1.")?.parse::<u32>().ok()) else {
        let why =
            format!("expected specVersion as \"1.{oldest}\" to \"1.{newest}\": export the document again");
        return Err(JsonError::at(version.range(), why));
    };
    let read = format!("this program reads CycloneDX 1.{oldest} to 1.{newest}");
    if minor < oldest {
        let why =
            format!("specVersion 1.{minor} is older than what is read, {read}: export the document again");
        return Err(JsonError::at(version.range(), why));
    }
    if minor > newest {
        let why = format!("specVersion 1.{minor} is newer than what is read, {read}: update this program");
        return Err(JsonError::at(version.range(), why));
    }
    Ok(())
}
