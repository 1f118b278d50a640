//! `[dependency-groups]` (PyPA specification "Dependency groups", PEP 735), flattened.

use std::collections::{HashMap, HashSet};

use toml::de::{DeArray, DeTable};

use super::reader::{Listing, Node, Reader, table_of, text_at, type_of};
use crate::model::PackageName;

/// How many steps flattening may take in a file: groups that include one another pile up their entries, and a
/// hostile file could make a square of them.
const STEPS: usize = 100_000;

type Groups<'v, 't> = HashMap<PackageName, &'v DeArray<'t>>;

pub(super) fn read(reader: &mut Reader<'_>, document: &DeTable<'_>) {
    let Some(value) = document.get("dependency-groups") else { return };
    let Some(table) = table_of(reader, value, "[dependency-groups]") else { return };
    let mut groups = Groups::new();
    let mut order = Vec::new();
    for (name, value) in table {
        if !reader.is_named(name) {
            continue;
        }
        let Some(list) = reader.list(value, name.get_ref()) else { continue };
        let normalised = PackageName::new(name.get_ref());
        if groups.contains_key(&normalised) {
            // PEP 735: names are compared normalised, and two of one name are an error.
            reader.skip(
                name.span(),
                name.get_ref(),
                format!("the group {normalised} is listed twice: join the two"),
            );
            continue;
        }
        groups.insert(normalised.clone(), list);
        order.push(normalised);
    }
    let mut flattening = Flattening { groups: &groups, steps: STEPS, told: HashSet::new() };
    for name in &order {
        flattening.flatten(reader, name);
    }
}

struct Flattening<'v, 't> {
    groups: &'v Groups<'v, 't>,
    steps: usize,
    /// Places of bad items that were reported, for other groups meet them too.
    told: HashSet<usize>,
}

impl Flattening<'_, '_> {
    /// Reads a group with all groups that it includes, each once, without recursion.
    fn flatten(&mut self, reader: &mut Reader<'_>, root: &PackageName) {
        let listing = Listing::new(root.as_str());
        let Some((root, list)) = self.groups.get_key_value(root) else { return };
        let mut open = vec![(root, list.iter())];
        let mut done: HashSet<&PackageName> = HashSet::from([root]);
        let mut around: HashSet<&PackageName> = HashSet::from([root]);
        while let Some((group, items)) = open.last_mut() {
            let Some(item) = items.next() else {
                around.remove(*group);
                open.pop();
                continue;
            };
            if self.steps == 0 {
                self.tell(reader, item, "the groups include one another too often to be flattened");
                return;
            }
            self.steps -= 1;
            let Some(table) = item.get_ref().as_table() else {
                self.requirement(reader, item, listing);
                continue;
            };
            let Some(included) = text_at(table, "include-group") else {
                self.tell(reader, item, "expected a requirement or { include-group = \"name\" }");
                continue;
            };
            let name = PackageName::new(included);
            let Some((name, list)) = self.groups.get_key_value(&name) else {
                self.tell(reader, item, &format!("there is no dependency group {name} to include"));
                continue;
            };
            if around.contains(name) {
                self.tell(reader, item, &format!("the dependency group {name} includes itself"));
            } else if done.insert(name) {
                around.insert(name);
                open.push((name, list.iter()));
            }
        }
    }

    fn requirement(&mut self, reader: &mut Reader<'_>, item: &Node<'_>, listing: Listing<'_>) {
        if item.get_ref().as_str().is_none() {
            let why =
                format!("expected a requirement or {{ include-group = \"name\" }}, found {}", type_of(item));
            return self.tell(reader, item, &why);
        }
        let before = reader.input.skipped.len();
        reader.requirement(item, listing);
        if reader.input.skipped.len() > before && !self.told.insert(item.span().start) {
            reader.input.skipped.truncate(before);
        }
    }

    fn tell(&mut self, reader: &mut Reader<'_>, item: &Node<'_>, why: &str) {
        if self.told.insert(item.span().start) {
            let what = reader.text.get(item.span()).unwrap_or("").to_owned();
            reader.skip(item.span(), &what, why);
        }
    }
}
