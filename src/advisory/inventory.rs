//! What a database holds: per source and per store.

use crate::model::Arrange as _;
use std::collections::BTreeSet;

use super::encode::layout::FORMAT;
use super::tools::hexadecimal;
use super::{Database, Error, Origin, SourceKind};

/// A source in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceInventory {
    /// Its name.
    pub name: String,
    /// What it knows about.
    pub kind: SourceKind,
    /// The day that its data is of (`2026-07-23`); empty when it is not known.
    pub published: String,
    /// How many records it has, or rows for what is known about exploitation.
    pub records: usize,
    /// How many of these are withdrawn.
    pub withdrawn: usize,
    /// How many packages they are about.
    pub packages: usize,
    /// The digest of what it says, in hexadecimal.
    pub sha256: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// A store that sources in use are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreInventory {
    /// Where it comes from.
    pub origin: Origin,
    /// The version of its format.
    pub format: u32,
    /// How many packages its records are about, in use or not.
    pub packages: usize,
    /// How it was built: names and values. Empty for a store that does not say.
    pub parameters: Vec<(String, String)>,
}

/// What is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// The sources, by name.
    pub sources: Vec<SourceInventory>,
    /// The stores, the user's before the snapshot.
    pub stores: Vec<StoreInventory>,
    /// The digest of all, as reports show it.
    pub sha256: String,
}

impl Database {
    /// Counts what is in use. Reads every record, but no texts.
    pub fn inventory(&self) -> Result<Inventory, Error> {
        let mut sources = Vec::new();
        let mut stores = Vec::new();
        for layer in &self.layers {
            let mut withdrawn = vec![BTreeSet::new(); layer.used.len()];
            let mut packages = vec![0_usize; layer.used.len()];
            for name in layer.store.names()? {
                let Some(region) = layer.store.package(&name)? else { continue };
                let mut records = Vec::new();
                layer.store.records(&region, &layer.used, 0, &mut records)?;
                let mut seen = BTreeSet::new();
                for (_, record) in records {
                    if seen.insert(record.source)
                        && let Some(count) = packages.get_mut(record.source)
                    {
                        *count += 1;
                    }
                    if let Some(ids) = withdrawn.get_mut(record.source).filter(|_| record.is_withdrawn()) {
                        ids.insert(record.id.to_owned());
                    }
                }
            }
            for (number, source) in layer.sources() {
                sources.push(SourceInventory {
                    name: source.name.clone(),
                    kind: SourceKind::of(&source.name),
                    published: source.published.clone(),
                    records: source.records,
                    withdrawn: withdrawn.get(number).map_or(0, BTreeSet::len),
                    packages: packages.get(number).copied().unwrap_or_default(),
                    sha256: hexadecimal(&source.sha256),
                    origin: layer.origin.clone(),
                });
            }
            stores.push(StoreInventory {
                origin: layer.origin.clone(),
                format: FORMAT, // no other is opened
                packages: layer.store.packages(),
                parameters: layer.store.parameters()?,
            });
        }
        sources.arrange_by(|left, right| left.name.cmp(&right.name));
        Ok(Inventory { sources, stores, sha256: self.info().sha256 })
    }
}
