//! `[tool.hatch.envs.*]`: what Hatch installs into its environments.

use toml::de::DeTable;

use super::reader::{Listing, Reader, table_of};

pub(super) fn read(reader: &mut Reader<'_>, hatch: &DeTable<'_>) {
    let environments = hatch.get("envs").and_then(|value| table_of(reader, value, "[tool.hatch.envs]"));
    for (name, value) in environments.into_iter().flatten() {
        if !reader.is_named(name) {
            continue;
        }
        let Some(environment) = table_of(reader, value, name.get_ref()) else { continue };
        let group = format!("hatch:{}", name.get_ref());
        for key in ["dependencies", "extra-dependencies"] {
            reader.requirements(environment, key, Listing::new(&group));
        }
    }
}
