//! Advisories: reading them, keeping them in a store, and asking which of them affect a package.
//!
//! ```text
//! OSV zip, folder, file ──► import ──► osv (JSON) ──► encode::facts ──► encode::writer ──► a store
//! advisory-db/ ───────────► build.rs ─► the same ─────────────────────────────────────────► the snapshot in the program
//! a store ──► store ──► range (does this version fall in?) ──► alias (one flaw, one finding) ──► evidence
//!                  └──► risk (is it exploited?) ─────────────────────────────────────────────────────┘
//! ```
//!
//! The format of a store is described in `docs/store-format.md`. Nothing here opens a socket or knows a clock, but for
//! `update`, which fetches.

mod affected;
mod alias;
mod cvss;
mod database;
mod difference;
mod encode;
mod error;
mod evidence;
mod export;
mod flaw_text;
mod import;
mod inventory;
mod lines;
mod lookup;
mod osv;
mod range;
mod remedy;
mod risk;
mod score;
mod snapshot;
mod store;
#[cfg(test)]
mod tests;
mod tools;
mod update;
mod verdict;
mod write;

pub use affected::FlawVersions;
pub use database::{Database, Oldest, Origin, STORE_FILE, SourceKind};
pub use difference::{Change, ChangedRecord, SourceDifference, difference};
pub use error::Error;
pub use evidence::{Flaw, description};
pub use export::sha256_of;
pub use flaw_text::{Advisory, RecordPackage, RecordText, RecordVector};
pub use import::{Extra, ImportOptions, ImportReport, Limits, RefusedRecord, import};
pub use inventory::{Inventory, SourceInventory, StoreInventory};
pub use lookup::{AdvisoryRecord, AffectedPackage, AffectedRange};
pub use snapshot::{SnapshotReport, write_snapshot_source};
pub use update::{
    DEFAULT_SOURCE, Progress, StoreLock, Unit, UpdateError, UpdateOptions, UpdateReport, update,
};
pub use verdict::{Concerned, Verdict};
pub use write::write_store;
