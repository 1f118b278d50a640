//! Everything that the sources hold, read anew.

use std::fs;
use std::io::{self, Read as _};

use reqwest::Url;
use tempfile::NamedTempFile;

use super::address::{self, Address};
use super::error::{UpdateError, chain};
use super::fetch::{Download, Fetcher};
use super::present::Present;
use super::state::{Remembered, State};
use super::{Outcome, Progress, Successor, Unit, UpdateOptions};
use crate::advisory::import::{self, ImportOptions};

/// Reads everything, unless all of it is known to be as it was.
pub(super) fn whole(
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
        imported.map_err(|error| UpdateError::unusable(&rename(&chain(&error), &named)))?;
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
fn refuse_what_is_no_archive(url: &Url, file: &NamedTempFile) -> Result<(), UpdateError> {
    let failed = |error: io::Error| UpdateError::disk(&error);
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
