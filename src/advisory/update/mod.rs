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
mod shrink;
mod sink;
mod state;

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use self::address::Address;
pub use self::error::UpdateError;
use self::fetch::{Download, Fetcher};
use self::increment::Increment;
pub use self::lock::StoreLock;
use self::present::Present;
use self::state::{Remembered, State};
use super::import::{self, ImportOptions, ImportReport, RefusedRecord};
use super::write::write_store;
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
    /// Today (`2026-11-20`), and the limits of what is read. What to keep is decided here.
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

/// Brings a store up to date. On an error it is as it was.
pub fn update(options: &UpdateOptions<'_>, progress: &mut dyn Progress) -> Result<UpdateReport, UpdateError> {
    let addresses = addresses(options.sources)?;
    let lock = StoreLock::take(options.store)?;
    lock.sweep();
    let present = Present::read(options.store)?;
    if let Some(why) = present.damage() {
        progress.note(&format!("{why}; it is made anew, and sources that are not updated now are lost"));
    }
    let state = State::read(options.store, present.digest());
    let outcome = ask(&addresses, options, &present, &state, progress)?;
    let before = present.sources().to_vec();
    let successor = match outcome {
        Outcome::UpToDate(remembered) => {
            State::write(options.store, present.digest(), remembered);
            let (sources, size) = (before.clone(), present.size());
            return Ok(UpdateReport { sources, before, size, ..UpdateReport::default() });
        }
        Outcome::New(successor) => *successor,
    };
    let Successor { bytes, report, remembered, increment } = successor;
    if !options.force {
        let supplied = state.supplied(&addresses);
        shrink::check(&before, &report, &supplied)?;
    }
    let changed = present.bytes() != Some(bytes.as_slice());
    if changed {
        write_store(options.store, &bytes).map_err(|error| UpdateError::write(&error))?;
    }
    State::write(options.store, Some(&present::digest(&bytes)), remembered);
    Ok(UpdateReport {
        changed,
        sources: report.sources,
        before,
        kept: report.kept,
        increment,
        refused: report.refused,
        size: bytes.len() as u64,
    })
}

fn addresses(sources: &[PathBuf]) -> Result<Vec<Address>, UpdateError> {
    if sources.is_empty() {
        return Ok(vec![Address::parse(Path::new(DEFAULT_SOURCE))?]);
    }
    sources.iter().map(|source| Address::parse(source)).collect()
}

fn ask(
    addresses: &[Address],
    options: &UpdateOptions<'_>,
    present: &Present,
    state: &State,
    progress: &mut dyn Progress,
) -> Result<Outcome, UpdateError> {
    // A client costs milliseconds to build: none for files.
    let mut fetcher = if addresses.iter().any(Address::is_remote) {
        Some(Fetcher::new(options.patience, options.store)?)
    } else {
        None
    };
    if let ([Address::Remote(url)], Some(fetcher), false) = (addresses, &mut fetcher, options.full)
        && let Some(remembered) = state.about(url)
        && let Some(list) = address::list_of(url)
    {
        match increment::increment(url, &list, remembered, present, options, fetcher, progress) {
            Ok(Increment::UpToDate(remembered)) => return Ok(Outcome::UpToDate(vec![remembered])),
            Ok(Increment::New(successor)) => return Ok(Outcome::New(successor)),
            Ok(Increment::Unreachable(error)) => return Err(error),
            Ok(Increment::NoList) => {}
            Err(doubt) => {
                progress.note(&format!("everything is fetched: {doubt}"));
                return full(addresses, options, present, None, Some(fetcher), progress);
            }
        }
    }
    let known = Some(state).filter(|_| !options.full);
    full(addresses, options, present, known, fetcher.as_mut(), progress)
}

/// Reads everything, unless all of it is known to be as it was.
fn full(
    addresses: &[Address],
    options: &UpdateOptions<'_>,
    present: &Present,
    state: Option<&State>,
    mut fetcher: Option<&mut Fetcher>,
    progress: &mut dyn Progress,
) -> Result<Outcome, UpdateError> {
    // An import replaces whole sources, and two addresses may hold records of one source: as soon as one of them
    // changed, all are needed. So each is asked whether it changed only when the answer can be "no" for all.
    let all_known = |state: &&State| {
        addresses.iter().all(|address| address.url().is_some_and(|url| state.about(url).is_some()))
    };
    let state = state.filter(all_known);
    let mut remembered = Vec::new();
    let mut unchanged = Vec::new();
    let mut downloads: Vec<Option<Download>> = addresses.iter().map(|_| None).collect();
    for (address, slot) in addresses.iter().zip(&mut downloads) {
        let (Address::Remote(url), Some(fetcher)) = (address, fetcher.as_deref_mut()) else { continue };
        let known = state.and_then(|state| state.about(url));
        *slot = fetcher.to_file(url, known.map(|known| &known.file), options.import.limits.file, progress)?;
        unchanged.extend(known.filter(|_| slot.is_none()).cloned());
    }
    if unchanged.len() == addresses.len() {
        return Ok(Outcome::UpToDate(unchanged));
    }
    for (address, slot) in addresses.iter().zip(&mut downloads) {
        let (Address::Remote(url), Some(fetcher), None) = (address, fetcher.as_deref_mut(), &slot) else {
            continue;
        };
        *slot = fetcher.to_file(url, None, options.import.limits.file, progress)?;
    }
    let mut inputs = Vec::new();
    let mut named = Vec::new();
    for (address, download) in addresses.iter().zip(&downloads) {
        match (address, download) {
            (Address::Remote(url), Some(download)) => {
                refuse_what_is_no_archive(url, &download.file)?;
                let path = download.file.path().to_owned();
                named.push((path.display().to_string(), address::shown(url)));
                inputs.push(path);
            }
            (Address::Local(path), _) => inputs.push(path.clone()),
            (Address::Remote(_), None) => {}
        }
    }
    let keep = present.is_whole().then_some(options.store);
    let settings = ImportOptions { keep, ..options.import };
    progress.begin("reading the advisories", Unit::Records, None);
    let imported = import::import(&inputs, &settings);
    progress.end();
    let (bytes, mut report) =
        imported.map_err(|error| UpdateError::unusable(&rename(&error::chain(&error), &named)))?;
    for refused in &mut report.refused {
        refused.place = rename(&refused.place, &named);
    }
    let supplied = || {
        let new = report.sources.iter().filter(|source| !report.kept.contains(&source.name));
        new.map(|source| source.name.clone()).collect::<Vec<_>>()
    };
    for (address, download) in addresses.iter().zip(&downloads) {
        if let (Address::Remote(url), Some(download)) = (address, download) {
            remembered.extend(Remembered::new(url, download.head.clone(), supplied()));
        }
    }
    Ok(Outcome::New(Box::new(Successor { bytes, report, remembered, increment: None })))
}

/// A login page or an error page, and a zip that is none.
fn refuse_what_is_no_archive(url: &reqwest::Url, file: &NamedTempFile) -> Result<(), UpdateError> {
    let failed = |error: std::io::Error| UpdateError::disk(&error);
    let mut start = Vec::new();
    fs::File::open(file.path()).map_err(failed)?.take(512).read_to_end(&mut start).map_err(failed)?;
    if start.trim_ascii_start().starts_with(b"<") {
        return Err(UpdateError::web_page(url));
    }
    if address::is_zip(url) && !start.starts_with(b"PK") {
        let message = format!("what {} sent is not a zip archive", address::shown(url));
        return Err(UpdateError::new(message).help("check the address: OSV's export is named all.zip"));
    }
    Ok(())
}

/// Names of temporary files replaced by the addresses that they came from.
fn rename(text: &str, named: &[(String, String)]) -> String {
    named.iter().fold(text.to_owned(), |text, (path, shown)| text.replace(path, shown))
}
