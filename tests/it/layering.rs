//! A folder of `src/` imports only from lower layers; a few crates only where they belong.
//!
//! Every path in every file is resolved (`crate::`, `self::`, `super::`), not only `use` lines.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;

/// The layer of each folder (or single file) directly below `src/`.
const LAYERS: &[(&str, u8)] = &[
    ("cli", 4),
    ("engine", 3),
    ("rules", 2),
    ("report", 2),
    ("fix", 2),
    ("resolve", 2),
    ("inputs", 1),
    ("advisory", 1),
    ("license", 1),
    ("names", 1),
    ("policy", 1),
    ("registry", 1),
    ("model", 0),
];

/// Crates that belong to certain places: the crate, then path prefixes below `src/` that may name it.
const CRATES: &[(&str, &[&str])] = &[
    ("rayon", &["engine/"]),
    ("reqwest", &["advisory/update", "registry/"]),
    ("clap", &["cli/"]),
    ("indicatif", &["cli/"]),
];

/// Shared readers below `inputs/`, which every format may use.
const SHARED_READERS: &[&str] = &[
    "index_tables",
    "ini",
    "inline_ignore",
    "json_events",
    "plain_text",
    "poetry_marker",
    "requirement",
    "requirements_txt",
    "toml_events",
    "toml_lock",
];

fn layer(folder: &str) -> Option<u8> {
    LAYERS.iter().find(|(name, _)| *name == folder).map(|(_, layer)| *layer)
}

/// All paths of a file that begin at the crate root, and the first segments of all others.
struct Paths<'a> {
    module: &'a [String],
    depth_extra: Vec<String>,
    found: BTreeSet<Vec<String>>,
}

impl Paths<'_> {
    fn record(&mut self, segments: &[String]) {
        let mut module: Vec<String> = self.module.iter().chain(&self.depth_extra).cloned().collect();
        let mut rest = segments;
        let absolute = match rest.first().map(String::as_str) {
            Some("crate") => {
                module.clear();
                rest = &rest[1..];
                true
            }
            Some("self") => {
                rest = &rest[1..];
                true
            }
            Some("super") => {
                while rest.first().map(String::as_str) == Some("super") {
                    module.pop();
                    rest = &rest[1..];
                }
                true
            }
            _ => false,
        };
        let mut path = if absolute { vec!["crate".to_owned()] } else { Vec::new() };
        if absolute {
            path.extend(module);
        }
        path.extend(rest.iter().cloned());
        self.found.insert(path);
    }

    fn use_tree(&mut self, prefix: &mut Vec<String>, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.use_tree(prefix, &path.tree);
                prefix.pop();
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.use_tree(prefix, item)),
            syn::UseTree::Name(name) => self.leaf(prefix, &name.ident.to_string()),
            syn::UseTree::Rename(rename) => self.leaf(prefix, &rename.ident.to_string()),
            syn::UseTree::Glob(_) => {
                let path = prefix.clone();
                self.record(&path);
            }
        }
    }

    fn leaf(&mut self, prefix: &[String], name: &str) {
        let mut path = prefix.to_vec();
        path.push(name.to_owned());
        self.record(&path);
    }
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&mut Vec::new(), &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.record(&segments);
        syn::visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.content.is_some() {
            self.depth_extra.push(item.ident.to_string());
            syn::visit::visit_item_mod(self, item);
            self.depth_extra.pop();
        }
    }
}

/// The module path of a file below `src/`: `inputs/requirements_txt/mod.rs` is `[inputs, requirements_txt]`.
fn module_of(file: &Path) -> Vec<String> {
    let mut module: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    module
}

/// What is wrong with one file, given its path below `src/` and its text.
fn violations(file: &Path, text: &str) -> Vec<String> {
    let shown = file.to_string_lossy().replace('\\', "/");
    let module = module_of(file);
    let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{shown}: {error}"));
    let mut paths = Paths { module: &module, depth_extra: Vec::new(), found: BTreeSet::new() };
    paths.visit_file(&syntax);
    let mut wrong = Vec::new();
    let own = module.first().map(String::as_str);
    for path in &paths.found {
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        for (name, places) in CRATES {
            if parts.first() == Some(name) && !places.iter().any(|place| shown.starts_with(place)) {
                wrong.push(format!("{shown} uses {name}, which belongs to {places:?}"));
            }
        }
        let (Some(own), ["crate", other, tail @ ..]) = (own, &parts[..]) else { continue };
        if own == *other {
            if let ("inputs", [format, ..]) = (own, tail) {
                let mine = module.get(1).map(String::as_str);
                let is_module = format
                    .chars()
                    .all(|character| character.is_lowercase() || "_0123456789".contains(character));
                let shared = SHARED_READERS.contains(format);
                let looks_sideways =
                    mine.is_some_and(|mine| mine != *format && !SHARED_READERS.contains(&mine));
                if looks_sideways && is_module && !shared {
                    wrong.push(format!("{shown} (a format) imports {}", parts.join("::")));
                }
            }
            continue;
        }
        match (layer(own), layer(other)) {
            (Some(mine), Some(theirs)) if theirs >= mine => {
                wrong.push(format!("{shown} (layer {mine}) imports {} (layer {theirs})", parts.join("::")));
            }
            (None, _) => wrong.push(format!("{shown} stands in no layer: add `{own}` to LAYERS")),
            _ => {}
        }
    }
    wrong
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn folders_import_only_lower_ones() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    files.sort();
    assert!(files.len() > 10, "the walk found the sources");
    let wrong: Vec<_> = files
        .iter()
        .filter(|file| *file != &root.join("lib.rs") && *file != &root.join("main.rs"))
        .flat_map(|file| violations(file.strip_prefix(&root).unwrap(), &fs::read_to_string(file).unwrap()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_test_sees_what_it_must_refuse() {
    let refused = |file: &str, text: &str| !violations(Path::new(file), text).is_empty();
    assert!(refused("model/name.rs", "use crate::inputs::Format;"), "upward");
    assert!(refused("policy/mod.rs", "use crate::advisory::Database;"), "sideways");
    assert!(
        refused("rules/advisory/known.rs", "use super::super::super::report::html;"),
        "sideways by super"
    );
    assert!(refused("inputs/mod.rs", "fn f() { crate::engine::run(); }"), "a path in a body");
    assert!(refused("report/mod.rs", "fn f(x: Vec<crate::cli::Args>) {}"), "a path in a type");
    assert!(refused("rules/mod.rs", "use rayon::prelude::*;"), "threads outside the engine");
    assert!(refused("inputs/poetry_lock.rs", "use super::pyproject::Reader;"), "one format from another");
    assert!(refused("helpers/mod.rs", "use crate::model::Span;"), "a folder without a layer");
    assert!(!refused("rules/mod.rs", "use crate::{advisory::Database, model::Span, policy};"));
    assert!(!refused("inputs/poetry_lock.rs", "use super::requirement; use crate::inputs::Input;"));
    assert!(!refused("engine/check.rs", "use rayon::prelude::*; use crate::rules;"));
}
