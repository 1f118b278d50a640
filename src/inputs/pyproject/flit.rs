//! `[tool.flit.metadata]`: Flit's own metadata, from before `[project]`.

use toml::de::DeTable;

use super::reader::{Listing, Reader, table_of, text_at};
use crate::model::PackageName;

pub(super) fn read(reader: &mut Reader<'_>, flit: &DeTable<'_>) {
    let Some(metadata) =
        flit.get("metadata").and_then(|value| table_of(reader, value, "[tool.flit.metadata]"))
    else {
        return;
    };
    if reader.input.project.is_none() {
        let name = text_at(metadata, "dist-name").or(text_at(metadata, "module"));
        reader.input.project = name.filter(|name| !name.is_empty()).map(PackageName::new);
    }
    if reader.input.requires_python.is_none() {
        reader.input.requires_python = text_at(metadata, "requires-python").map(str::to_owned);
    }
    reader.requirements(metadata, "requires", Listing::new("main"));
    reader.requirements(metadata, "dev-requires", Listing::new("dev"));
    reader.extras(metadata, "requires-extra");
}
