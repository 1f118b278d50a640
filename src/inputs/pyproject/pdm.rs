//! `[tool.pdm]`: lists of requirements by group, and the tables of the time before 1.0.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::poetry_value::Context;
use super::reader::{Listing, Reader, table_of};

pub(super) fn read(reader: &mut Reader<'_>, pdm: &DeTable<'_>) {
    let (extras, indexes) = (BTreeMap::new(), BTreeMap::new());
    let context = |group| Context { group, optional: None, extras: &extras, indexes: &indexes };
    let groups = pdm.get("dev-dependencies").and_then(|value| table_of(reader, value, "dev-dependencies"));
    for (name, value) in groups.into_iter().flatten() {
        if !reader.is_named(name) {
            continue;
        }
        match value.get_ref() {
            DeValue::Array(list) => {
                for item in list {
                    reader.requirement(item, Listing::new(name.get_ref()));
                }
            }
            // PDM 0.x: the key is a package, its value as Poetry has it.
            _ => context("dev").read(reader, name, value),
        }
    }
    let dependencies = pdm.get("dependencies").and_then(|value| table_of(reader, value, "dependencies"));
    if let Some(table) = dependencies {
        context("main").read_table(reader, table);
    }
}
