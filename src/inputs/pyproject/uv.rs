//! `[tool.uv]`: development requirements, limits, and places that replace the index; `[tool.rye]`, its ancestor.

use toml::de::{DeTable, DeValue};

use super::reader::{Listing, Reader, table_of, text_at};

pub(super) fn read(reader: &mut Reader<'_>, uv: &DeTable<'_>) {
    reader.requirements(uv, "dev-dependencies", Listing::new("dev"));
    for (key, group) in
        [("constraint-dependencies", "uv-constraint"), ("override-dependencies", "uv-override")]
    {
        reader.requirements(uv, key, Listing { constraint: true, ..Listing::new(group) });
    }
    note_local_sources(reader, uv);
}

pub(super) fn read_rye(reader: &mut Reader<'_>, rye: &DeTable<'_>) {
    reader.requirements(rye, "dev-dependencies", Listing::new("dev"));
}

/// Says which names `[tool.uv.sources]` takes from the disk: they are not the packages of that name on the index.
/// A list holds alternatives by marker.
fn note_local_sources(reader: &mut Reader<'_>, uv: &DeTable<'_>) {
    let sources = uv.get("sources").and_then(|value| table_of(reader, value, "[tool.uv.sources]"));
    for (name, value) in sources.into_iter().flatten() {
        let alternatives = match value.get_ref() {
            DeValue::Array(list) => list.iter().filter_map(|item| item.get_ref().as_table()).collect(),
            DeValue::Table(table) => vec![table],
            _ => {
                reader.skip(
                    value.span(),
                    name.get_ref(),
                    "expected a table that says where the package is taken from",
                );
                continue;
            }
        };
        for table in alternatives {
            let place = match text_at(table, "path") {
                Some(path) => format!("the path {path:?}"),
                None if table
                    .get("workspace")
                    .is_some_and(|value| value.get_ref().as_bool() == Some(true)) =>
                {
                    "this workspace".to_owned()
                }
                None => continue,
            };
            let span = reader.content(name.span(), name.get_ref()).0;
            reader.note(span, format!("{} is taken from {place}, not from an index", name.get_ref()));
        }
    }
}
