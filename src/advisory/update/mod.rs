//! Fresh advisories from the network, a file share or a disk: the one part of `audit` that opens a socket.
//!
//! ```text
//! address ──► fetch (retries, resumes, limits) ──► a temporary file ──► import ──► shrink ──► write_store
//!         └─► increment (the list of changes, then record by record) ──────────────┘
//! ```
//!
//! Whatever goes wrong, the present store is not touched before its successor is whole: downloads go to temporary
//! files beside it, and the last step is a rename. One update at a time per store ([`StoreLock`]).
//! What servers said about their files is remembered beside the store ([`state`]) and is only ever a hint.

mod address;
mod client;
mod error;
mod fetch;
mod increment;
mod lock;
mod pause;
mod present;
mod run;
mod shrink;
mod sink;
mod state;
mod whole;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use self::error::UpdateError;
pub use self::lock::StoreLock;
pub use self::run::update;
use self::state::Remembered;
use super::import::{ImportOptions, ImportReport, RefusedRecord};
use crate::model::AdvisorySource;

/// OSV's public export of all advisories about packages of PyPI.
pub const DEFAULT_SOURCE: &str = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip";

/// How to update.
#[derive(Debug, Clone)]
pub struct UpdateOptions<'a> {
    /// URLs, files and folders; none means [`DEFAULT_SOURCE`].
    pub sources: &'a [PathBuf],
    /// The store. Its sources that are not among the new ones are kept.
    pub store: &'a Path,
    /// Today (`2026-11-20`), and the limits of what is read. Its `keep` is not looked at.
    pub import: ImportOptions<'a>,
    /// Fetch everything, whatever is remembered.
    pub full: bool,
    /// Replace a source although it lost many records.
    pub force: bool,
    /// How long a server may be silent.
    pub patience: Duration,
}

/// What an update did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateReport {
    /// Whether the store is another one now.
    pub changed: bool,
    /// Its sources, by name.
    pub sources: Vec<AdvisorySource>,
    /// The sources that it had before.
    pub before: Vec<AdvisorySource>,
    /// The names of sources that did not take part.
    pub kept: Vec<String>,
    /// How many records were fetched one by one; `None` when everything was read.
    pub increment: Option<usize>,
    /// The records that were left out.
    pub refused: Vec<RefusedRecord>,
    /// Bytes of the store.
    pub size: u64,
}

/// What is being counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of a download.
    Bytes,
    /// Advisories.
    Records,
}

/// Someone who watches. Nothing here decides anything.
pub trait Progress {
    /// Something begins; how much of it there will be is not always known.
    fn begin(&mut self, what: &str, unit: Unit, total: Option<u64>);
    /// So much of it is done.
    fn advance(&mut self, done: u64);
    /// It ended, well or badly.
    fn end(&mut self);
    /// Something worth knowing that stops nothing.
    fn note(&mut self, text: &str);
}

/// A new store that is not written yet.
struct Successor {
    bytes: Vec<u8>,
    report: ImportReport,
    remembered: Vec<Remembered>,
    /// How many records were fetched one by one.
    increment: Option<usize>,
}

/// What asking the sources gave.
enum Outcome {
    UpToDate(Vec<Remembered>),
    New(Box<Successor>),
}
