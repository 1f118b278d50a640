//! `dependencies`: edges between `bom-ref`s, which may be missing, repeated, in circles, or lead nowhere.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::component::Reader;
use crate::inputs::json_events::{Kind, Value};
use crate::model::{Chosen, Dependency, Span};

/// Reads the edges. The dependencies of the project itself are the direct ones. Of several components under one
/// reference the first counts.
pub(super) fn read(reader: &mut Reader<'_, '_>, dependencies: Value<'_>) {
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (index, reference) in reader.references.iter().enumerate() {
        if let Some(reference) = reference {
            places.entry(reference).or_insert(index);
        }
    }
    let mut edges: Vec<(usize, Dependency)> = Vec::new();
    let mut known: HashSet<(usize, usize)> = HashSet::new();
    let mut direct: HashSet<usize> = HashSet::new();
    for entry in dependencies.items() {
        let Some(from) = entry.get("ref").and_then(Value::text) else { continue };
        let is_root = reader.root.as_deref() == Some(&*from);
        let from = places.get(&*from).copied();
        for item in entry.get("dependsOn").into_iter().flat_map(Value::items) {
            let Some(to) = item.text().and_then(|to: Cow<'_, str>| places.get(&*to).copied()) else {
                continue;
            };
            if is_root {
                direct.insert(to);
            }
            let target = reader.input.packages.get(to);
            let name = target.and_then(|package| package.name.clone());
            if let (Some(from), Some(name)) = (from, name)
                && known.insert((from, to))
            {
                let version = target.and_then(|package| package.version.clone());
                let mut edge = Dependency::new(name, Span::new(reader.source, item.content_range()));
                edge.chosen = Some(Box::new(Chosen { version, url: None }));
                edges.push((from, edge));
            }
        }
    }
    for (from, edge) in edges {
        if let Some(package) = reader.input.packages.get_mut(from) {
            package.dependencies.push(edge);
        }
    }
    if !direct.is_empty() {
        reader.input.tells_direct = true;
        for (index, package) in reader.input.packages.iter_mut().enumerate() {
            package.direct = Some(direct.contains(&index));
        }
    }
    let lists_edges = dependencies.kind() == Kind::Array && dependencies.len() > 0;
    reader.input.closed = (lists_edges && !reader.input.packages.is_empty()).then_some(true);
}
