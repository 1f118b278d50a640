//! The order of an update: lock, look, ask, compare, write, remember.

use std::path::{Path, PathBuf};

use super::address::Address;
use super::error::UpdateError;
use super::fetch::Fetcher;
use super::increment::{Increment, increment};
use super::lock::StoreLock;
use super::present::Present;
use super::state::State;
use super::whole::whole;
use super::{
    DEFAULT_SOURCE, Outcome, Progress, Successor, UpdateOptions, UpdateReport, address, present, shrink,
};
use crate::advisory::write::write_store;

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
        match increment(url, &list, remembered, present, options, fetcher, progress) {
            Ok(Increment::UpToDate(remembered)) => return Ok(Outcome::UpToDate(vec![remembered])),
            Ok(Increment::New(successor)) => return Ok(Outcome::New(successor)),
            Ok(Increment::Unreachable(error)) => return Err(error),
            Ok(Increment::NoList) => {}
            Err(doubt) => {
                progress.note(&format!("everything is fetched: {doubt}"));
                return whole(addresses, options, present, None, Some(fetcher), progress);
            }
        }
    }
    let known = Some(state).filter(|_| !options.full);
    whole(addresses, options, present, known, fetcher.as_mut(), progress)
}
