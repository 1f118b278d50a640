//! What is remembered between updates, in a small file beside the store.
//!
//! It only saves work. It names the digest of the store that it belongs to and is ignored when the store is
//! another one (imported, copied, damaged), when it cannot be read, and with `--full`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use reqwest::Url;
use serde::{Deserialize, Serialize};
use tempfile::Builder;

use super::address::{self, Address};
use super::fetch::Head;
use super::lock::{folder_of, sibling};
use crate::advisory::write::temporary_prefix;

/// The version of the file's format.
const FORMAT: u32 = 1;
/// A larger file is not ours.
const LIMIT: u64 = 4 << 20;

/// What is known of one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Remembered {
    /// Without credentials.
    url: String,
    #[serde(flatten)]
    pub(super) file: Head,
    /// The sources that it supplied.
    pub(super) sources: Vec<String>,
    /// The list of changes beside it, when it was read since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) changes: Option<Changes>,
}

/// What is known of a list of changes that the store agrees with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Changes {
    #[serde(flatten)]
    pub(super) file: Head,
    /// Its newest time stamp, for people who look.
    pub(super) newest: String,
    /// Ids whose record is not in the store or names another date than the list, with the list's date: fetched,
    /// and not worth fetching again before that date changes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) settled: BTreeMap<String, String>,
}

impl Remembered {
    /// An address that was read in full; `None` for one that is not remembered.
    pub(super) fn new(url: &Url, file: Head, sources: Vec<String>) -> Option<Self> {
        Some(Self { url: address::key(url)?, file, sources, changes: None })
    }
}

/// All that is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    format: u32,
    /// SHA-256 of the store's file.
    store: String,
    addresses: Vec<Remembered>,
}

impl State {
    /// What is remembered about a store with this digest; nothing when there is any doubt.
    pub(super) fn read(store: &Path, digest: Option<&str>) -> Self {
        let path = sibling(store, ".update.json");
        let small = fs::metadata(&path).is_ok_and(|data| data.len() <= LIMIT);
        let read = || serde_json::from_slice::<Self>(&fs::read(&path).ok().filter(|_| small)?).ok();
        let fits = |state: &Self| state.format == FORMAT && Some(state.store.as_str()) == digest;
        read().filter(fits).unwrap_or_default()
    }

    /// Remembers. A failure is no error: the next update fetches more than it needs. The store is there before
    /// this, so a process that is killed between the two leaves a state that belongs to no store.
    pub(super) fn write(store: &Path, digest: Option<&str>, addresses: Vec<Remembered>) {
        let Some(digest) = digest else { return };
        let state = Self { format: FORMAT, store: digest.to_owned(), addresses };
        let write = || -> std::io::Result<()> {
            let mut text = serde_json::to_vec_pretty(&state)?;
            text.push(b'\n');
            let mut file = Builder::new()
                .prefix(&temporary_prefix(store))
                .suffix(".tmp")
                .tempfile_in(folder_of(store))?;
            file.write_all(&text)?;
            file.persist(sibling(store, ".update.json")).map_err(|error| error.error)?;
            Ok(())
        };
        let _ = write();
    }

    /// What is known of a URL.
    pub(super) fn about(&self, url: &Url) -> Option<&Remembered> {
        let key = address::key(url)?;
        self.addresses.iter().find(|remembered| remembered.url == key)
    }

    /// The sources that these addresses supplied the last time.
    pub(super) fn supplied(&self, addresses: &[Address]) -> Vec<String> {
        let known = addresses.iter().filter_map(Address::url).filter_map(|url| self.about(url));
        known.flat_map(|remembered| remembered.sources.clone()).collect()
    }
}
