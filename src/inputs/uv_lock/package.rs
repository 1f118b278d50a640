//! One `[[package]]` (`[[distribution]]` before uv 0.3).

use super::edge::edges_of;
use super::source::source_of;
use crate::inputs::toml_events::Value;
use crate::inputs::toml_lock::LockReader;
use crate::model::Package;

/// Reads one entry; one without a name is skipped. A version may be missing: that of a project whose build makes it up
/// ("dynamic") is not recorded.
pub(super) fn package_of(reader: &mut LockReader<'_>, entry: Value<'_>) -> Option<Package> {
    let mut package = reader.head(entry)?;
    (package.source, package.source_span, package.editable) = source_of(reader, entry, &package.written);
    package.marker = marker_of(entry);
    package.hashes = hashes_of(entry);
    package.dependencies = edges_of(reader, entry, &package.written);
    Some(package)
}

/// The branches of the resolution in which the entry stands.
fn marker_of(entry: Value<'_>) -> Option<String> {
    let markers = entry.get("resolution-markers").or_else(|| entry.get("environment-markers"))?;
    let texts: Vec<_> = markers.items().filter_map(Value::text).filter(|text| !text.is_empty()).collect();
    match texts.as_slice() {
        [] => None,
        [one] => Some(one.to_string()),
        _ => Some(texts.iter().map(|text| in_parentheses(text)).collect::<Vec<_>>().join(" or ")),
    }
}

fn in_parentheses(marker: &str) -> String {
    if marker.contains(" or ") { format!("({marker})") } else { marker.to_owned() }
}

/// How many files have a hash: the wheels, and the source distribution.
fn hashes_of(entry: Value<'_>) -> u32 {
    let sdist = entry.get("sdist").is_some_and(|sdist| sdist.get("hash").is_some());
    entry.get("wheels").map_or(0, Value::len) + u32::from(sdist)
}
