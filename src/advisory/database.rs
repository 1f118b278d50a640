//! The advisory data of a run: one store, or per source the newer of two.

use crate::model::Arrange as _;
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::Error;
use super::encode::layout::put_bytes;
use super::encode::table::TableKind;
use super::evidence::{Asked, Flaw, Records};
use super::import::{EXTRA, Extra};
use super::range::Wanted;
use super::risk::RiskSource;
use super::store::{Store, StoredRecord, StoredSource};
use super::tools::{digest, hexadecimal};
use crate::model::{AdvisorySource, DatabaseInfo, PackageName, Version};

/// The name of the user's store in the data folder.
pub const STORE_FILE: &str = "advisories.store";

/// The bytes that `build.rs` made of `advisory-db/`.
static SNAPSHOT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/advisories.store"));

/// What a source knows about. Sources of one kind complete one another; those of different kinds cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// Vulnerabilities.
    Vulnerabilities,
    /// Malware.
    Malware,
    /// Which flaws are exploited.
    Exploited,
    /// How likely exploitation is.
    Probability,
}

impl SourceKind {
    /// What the source with this name knows about.
    pub fn of(source: &str) -> Self {
        match source {
            "openssf" => Self::Malware,
            "kev" => Self::Exploited,
            "epss" => Self::Probability,
            _ => Self::Vulnerabilities,
        }
    }

    /// The word for it in machine outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vulnerabilities => "vulnerabilities",
            Self::Malware => "malware",
            Self::Exploited => "exploited",
            Self::Probability => "probability",
        }
    }
}

/// The oldest source of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oldest {
    /// What it knows about.
    pub kind: SourceKind,
    /// Its name.
    pub source: String,
    /// The day that its data is of (`2026-07-23`).
    pub published: String,
}

/// Where data comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    BuiltIn,
    /// The store in this user's data folder.
    UserStore(PathBuf),
    /// A file that was named, or bytes (an empty path).
    File(PathBuf),
}

/// A store and which of its sources are in use.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) store: Store,
    pub(super) used: Vec<bool>,
    pub(super) origin: Origin,
}

impl Layer {
    /// The sources in use, with their number in the store.
    pub(super) fn sources(&self) -> impl Iterator<Item = (usize, &StoredSource)> {
        let used = |number: usize| self.used.get(number).copied().unwrap_or_default();
        self.store.sources().iter().enumerate().filter(move |(number, _)| used(*number))
    }
}

/// Advisories to be asked about packages. Reading needs no `mut`, so threads may share it.
#[derive(Debug)]
pub struct Database {
    pub(super) layers: Vec<Layer>,
    memory: Option<Memory>,
}

/// What was found about versions that are affected, when a run asks about the same ones again and again.
type Memory = Mutex<HashMap<(PackageName, Box<str>), Vec<Flaw>>>;

/// How many versions are remembered.
const MOST_REMEMBERED: usize = 1 << 16;

/// A source as reports list it.
pub(crate) fn to_model(source: &StoredSource) -> AdvisorySource {
    AdvisorySource { name: source.name.clone(), published: source.published.clone(), records: source.records }
}

impl Database {
    /// The snapshot in the program.
    pub fn embedded() -> Result<Self, Error> {
        Ok(Self::of(snapshot()?, Origin::BuiltIn))
    }

    /// One file and nothing else (`--db FILE`).
    pub fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self::of(Store::open(path)?, Origin::File(path.to_owned())))
    }

    /// The bytes of a store, as [`import`](super::import) gives them.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Error> {
        Ok(Self::of(Store::from_bytes(bytes, "the advisory store")?, Origin::File(PathBuf::new())))
    }

    /// Per source the newer of the user's store in `data_folder`, when there is one, and the snapshot in the
    /// program; the user's when both are of one day.
    pub fn for_user(data_folder: Option<&Path>) -> Result<Self, Error> {
        let path = data_folder.map(|folder| folder.join(STORE_FILE));
        match path.filter(|path| path.exists()) {
            Some(path) => Ok(Self::newer(Store::open(&path)?, Origin::UserStore(path), snapshot()?)),
            None => Self::embedded(),
        }
    }

    fn of(store: Store, origin: Origin) -> Self {
        let used = vec![true; store.sources().len()];
        Self { layers: vec![Layer { store, used, origin }], memory: None }
    }

    /// Adds sources that stand beside all others, whatever their day is.
    pub fn add(&mut self, extra: &Extra) -> Result<(), Error> {
        if let Some(bytes) = extra.store() {
            let store = Store::from_bytes(bytes, "the advisories that the policy adds")?;
            let used = vec![true; store.sources().len()];
            self.layers.push(Layer { store, used, origin: Origin::File(PathBuf::new()) });
        }
        Ok(())
    }

    /// Per source the newer of the user's store and the snapshot; the user's when both are of one day.
    fn newer(first: Store, origin: Origin, second: Store) -> Self {
        let day = |store: &Store, name: &str| {
            let found = store.sources().iter().find(|source| source.name == name);
            found.map(|source| source.published.clone())
        };
        let used = |store: &Store, beats: &dyn Fn(&StoredSource) -> bool| {
            store.sources().iter().map(beats).collect()
        };
        let of_first =
            used(&first, &|source| day(&second, &source.name).is_none_or(|other| source.published >= other));
        let of_second =
            used(&second, &|source| day(&first, &source.name).is_none_or(|other| source.published > other));
        let layers = vec![
            Layer { store: first, used: of_first, origin },
            Layer { store: second, used: of_second, origin: Origin::BuiltIn },
        ];
        Self { layers, memory: None }
    }

    fn sources(&self) -> impl Iterator<Item = &StoredSource> {
        self.layers.iter().flat_map(Layer::sources).map(|(_, source)| source)
    }

    /// The sources in use, by name, and the digest of their names, days and digests: the same data has the same
    /// digest, whether it lies in the program, in the user's store, or in a file that was exported from both.
    pub fn info(&self) -> DatabaseInfo {
        let mut sources: Vec<_> = self.sources().collect();
        sources.arrange_by(|left, right| left.name.cmp(&right.name));
        let mut all = Vec::new();
        for source in &sources {
            put_bytes(&mut all, source.name.as_bytes());
            put_bytes(&mut all, source.published.as_bytes());
            all.extend_from_slice(&source.sha256);
        }
        let sha256 = digest(&all);
        DatabaseInfo { sources: sources.into_iter().map(to_model).collect(), sha256: hexadecimal(&sha256) }
    }

    /// The digests of the sources in use.
    #[cfg(test)]
    pub(crate) fn source_digests(&self) -> Vec<(String, [u8; 32])> {
        self.sources().map(|source| (source.name.clone(), source.sha256)).collect()
    }

    /// The oldest source in use of each kind. What a policy adds has no age: it neither makes the data stale, nor hides
    /// that the rest is.
    pub fn oldest(&self) -> Vec<Oldest> {
        let mut oldest: Vec<Oldest> = Vec::new();
        for source in self.sources().filter(|source| !source.name.starts_with(EXTRA)) {
            let this = Oldest {
                kind: SourceKind::of(&source.name),
                source: source.name.clone(),
                published: source.published.clone(),
            };
            match oldest.iter_mut().find(|other| other.kind == this.kind) {
                Some(other) if this.published < other.published => *other = this,
                Some(_) => {}
                None => oldest.push(this),
            }
        }
        oldest.sort_by_key(|oldest| oldest.kind);
        oldest
    }

    /// The flaws that affect a version: known exploited ones first, then by severity, probability of exploitation
    /// and id.
    pub fn flaws(&self, name: &PackageName, version: &Version) -> Result<Vec<Flaw>, Error> {
        let Some(memory) = &self.memory else { return self.find_flaws(name, version) };
        let key = (name.clone(), Box::from(version.as_str()));
        if let Some(flaws) = memory.lock().ok().and_then(|known| known.get(&key).cloned()) {
            return Ok(flaws);
        }
        let flaws = self.find_flaws(name, version)?;
        // What is not affected is as quick to find out as to remember.
        if let Some(mut known) =
            memory.lock().ok().filter(|known| !flaws.is_empty() && known.len() < MOST_REMEMBERED)
        {
            known.insert(key, flaws.clone());
        }
        Ok(flaws)
    }

    fn find_flaws(&self, name: &PackageName, version: &Version) -> Result<Vec<Flaw>, Error> {
        let wanted = Wanted::new(version);
        self.ask(name, &Asked::Version(version, &wanted))
    }

    /// From now on what is found about a version is remembered: worth it for many projects, which share versions.
    pub fn remember(&mut self) {
        self.memory.get_or_insert_default();
    }

    /// The flaws that affect every version of a package, for one whose version is not known.
    pub fn flaws_by_name(&self, name: &PackageName) -> Result<Vec<Flaw>, Error> {
        self.ask(name, &Asked::EveryVersion)
    }

    /// Whether any record that is not withdrawn affects a version.
    pub fn is_affected(&self, name: &PackageName, version: &Version) -> Result<bool, Error> {
        let wanted = Wanted::new(version);
        self.with_records(name, |records| Ok(records.iter().any(|(_, record)| wanted.is_affected_by(record))))
    }

    /// The ids of the records that affect a version, sorted: what matched, before aliases are merged.
    pub fn matching_records(&self, name: &PackageName, version: &Version) -> Result<Vec<String>, Error> {
        let wanted = Wanted::new(version);
        self.with_records(name, |records| {
            let affecting = records.iter().filter(|(_, record)| wanted.is_affected_by(record));
            let mut ids: Vec<_> = affecting.map(|(_, record)| record.id.to_owned()).collect();
            ids.sort();
            Ok(ids)
        })
    }

    /// All names that a record is about, sorted.
    pub fn names(&self) -> Result<Vec<PackageName>, Error> {
        let mut names = Vec::new();
        for layer in &self.layers {
            names.extend(layer.store.names()?.iter().map(|name| PackageName::new(name)));
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// Reads everything and compares it with every checksum, count and digest.
    pub fn verify(&self) -> Result<(), Error> {
        self.layers.iter().try_for_each(|layer| layer.store.verify())
    }

    /// The tables in use.
    pub(super) fn risks(&self) -> Vec<RiskSource<'_>> {
        let mut risks = Vec::new();
        for kind in TableKind::ALL {
            for layer in &self.layers {
                let own =
                    layer.sources().map(|(_, source)| source).find(|source| source.name == kind.source());
                risks.extend(own.map(|source| (kind, &layer.store, source.published.as_str())));
            }
        }
        risks
    }

    pub(super) fn ask(&self, name: &PackageName, asked: &Asked<'_>) -> Result<Vec<Flaw>, Error> {
        self.with_records(name, |records| {
            let stores: Vec<&Store> = self.layers.iter().map(|layer| &layer.store).collect();
            Records { all: &records, stores: &stores, risks: &self.risks() }.flaws(asked)
        })
    }

    /// Hands over every record of a source in use with the name of its package, in no order; `false` says that the
    /// record is damaged.
    pub(crate) fn each_record(
        &self,
        mut take: impl FnMut(&str, &StoredRecord<'_>) -> bool,
    ) -> Result<(), Error> {
        for (number, layer) in self.layers.iter().enumerate() {
            layer.store.each_package(|name, region| {
                let mut records = Vec::new();
                layer.store.records(region, &layer.used, number, &mut records)?;
                let whole = records.iter().all(|(_, record)| take(name, record));
                if whole { Ok(()) } else { Err(layer.store.damaged("a record")) }
            })?;
        }
        Ok(())
    }

    /// The store with this number, as [`with_records`](Self::with_records) gives it.
    pub(crate) fn store(&self, number: usize) -> &Store {
        &self.layers[number].store
    }

    /// Hands over the records of a package that are of sources in use, with the number of the store of each.
    pub(crate) fn with_records<T: Default>(
        &self,
        name: &PackageName,
        use_them: impl FnOnce(Vec<(usize, StoredRecord<'_>)>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut regions: Vec<(usize, &Layer, Cow<'_, [u8]>)> = Vec::new();
        for (number, layer) in self.layers.iter().enumerate() {
            if let Some(region) = layer.store.package(name.as_str())? {
                regions.push((number, layer, region));
            }
        }
        let mut records = Vec::new();
        for (number, layer, region) in &regions {
            layer.store.records(region, &layer.used, *number, &mut records)?;
        }
        if records.is_empty() { Ok(T::default()) } else { use_them(records) }
    }
}

fn snapshot() -> Result<Store, Error> {
    Store::from_static(SNAPSHOT, "the advisory snapshot in this program")
}
