//! Only what changed: the list of changes beside an export, compared with the store record by record.
//!
//! The list has a row `TIME,ID` for each record. A record is fetched when the store has none of that id, or one of
//! another time; OSV writes the row from the record's own `modified` (osv.dev, `go/cmd/exporter/worker.go`), in
//! other digits but of the same instant. Comparing with the store instead of a remembered moment asks nothing of the order of the rows, nor
//! of the clocks of three computers, and is not misled by the times in the future that occur. An id that is in the
//! store and no longer in the list was taken back, which only a full download tells for certain.
//!
//! Any doubt ends it, and everything is fetched.

use crate::model::Arrange as _;
use crate::model::set_of;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use jiff::Timestamp;
use reqwest::Url;

use super::error::{Kind, UpdateError};
use super::fetch::Fetcher;
use super::present::Present;
use super::state::{Changes, Remembered};
use super::{Progress, Successor, Unit, UpdateOptions, address};
use crate::advisory::encode::facts::Facts;
use crate::advisory::encode::writer;
use crate::advisory::import::{self, ImportReport};
use crate::advisory::store::Store;
use crate::advisory::tools::TOOLS;

/// More than this are fetched faster all at once.
const MANY: usize = 1000;
/// The longest list: a million rows.
const LIST_LIMIT: u64 = 64 << 20;

/// What an increment gave.
pub(super) enum Increment {
    UpToDate(Remembered),
    New(Box<Successor>),
    /// There is no list of changes: a mirror of the archive alone.
    NoList,
    /// The server is not there at all.
    Unreachable(UpdateError),
}

/// Why everything must be fetched; lower case, no full stop.
type Doubt = String;

/// Fetches what changed.
pub(super) fn increment(
    url: &Url,
    list: &Url,
    remembered: &Remembered,
    present: &Present,
    options: &UpdateOptions<'_>,
    fetcher: &Fetcher,
    progress: &mut dyn Progress,
) -> Result<Increment, Doubt> {
    let known = remembered.changes.as_ref();
    let answer = fetcher.to_memory(list, known.map(|changes| &changes.file), LIST_LIMIT);
    let (text, head) = match answer {
        Ok(Some(answer)) => answer,
        Ok(None) => return Ok(Increment::UpToDate(remembered.clone())),
        Err(error) if error.kind == Kind::Missing => return Ok(Increment::NoList),
        Err(error) if error.kind == Kind::Unreachable => return Ok(Increment::Unreachable(error)),
        Err(error) => return Err(error.message),
    };
    let rows = rows(&text).ok_or("the list of changes cannot be read")?;
    let facts = present.bytes().map(|bytes| Store::from_bytes(bytes.to_vec(), "the present store"));
    let facts = facts.ok_or("there is no store")?.and_then(|store| store.facts());
    let facts = facts.map_err(|error| error.to_string())?;
    let settled = known.map(|changes| &changes.settled);
    let wanted = changed(&rows, &facts, remembered, settled)?;
    let newest = rows.values().max().map(ToString::to_string).unwrap_or_default();
    let mut changes = Changes { file: head, newest, settled: settled.cloned().unwrap_or_default() };
    changes.settled.retain(|id, _| rows.contains_key(id.as_str()));
    let mut remembered = remembered.clone();
    if wanted.is_empty() {
        remembered.changes = Some(changes);
        return Ok(Increment::UpToDate(remembered));
    }
    let (fresh, report) = fetch(url, &wanted, options, fetcher, progress)?;
    for id in &wanted {
        let time = rows.get(id).copied();
        let found = fresh.records.iter().find(|(_, record)| record.id == *id);
        if found.and_then(|(_, record)| moment(&record.modified)) == time {
            changes.settled.remove(*id);
        } else {
            changes.settled.insert((*id).to_owned(), time.map(|time| time.to_string()).unwrap_or_default());
        }
    }
    for source in &fresh.sources {
        if !remembered.sources.contains(&source.name) {
            remembered.sources.push(source.name.clone());
        }
    }
    remembered.sources.arrange();
    remembered.changes = Some(changes);
    let successor = merge(facts, fresh, &wanted, remembered, report)?;
    Ok(Increment::New(Box::new(successor)))
}

/// The time of each id; `None` when any row is not what it should be.
fn rows(text: &[u8]) -> Option<BTreeMap<&str, Timestamp>> {
    let text = std::str::from_utf8(text).ok()?;
    let mut rows = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (time, id) = line.split_once(',')?;
        // An id becomes part of an address.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let is_id = id.len() <= 100 && id.bytes().all(plain) && id.starts_with(|first: char| first != '.');
        if !is_id || rows.insert(id, time.parse().ok()?).is_some() {
            return None;
        }
    }
    (!rows.is_empty()).then_some(rows)
}

/// The moment of a record's time stamp.
fn moment(stamp: &str) -> Option<Timestamp> {
    stamp.parse().ok()
}

/// The ids to fetch.
fn changed<'a>(
    rows: &BTreeMap<&'a str, Timestamp>,
    Facts { sources, records, .. }: &Facts,
    remembered: &Remembered,
    settled: Option<&BTreeMap<String, String>>,
) -> Result<Vec<&'a str>, Doubt> {
    let is_own =
        |number: usize| sources.get(number).is_some_and(|source| remembered.sources.contains(&source.name));
    let mut stored = BTreeMap::new();
    for (_, record) in records.iter().filter(|(source, _)| is_own(*source)) {
        stored.insert(record.id.as_str(), moment(&record.modified));
    }
    if let Some(id) = stored.keys().find(|id| !rows.contains_key(*id)) {
        return Err(format!("{id} was taken back"));
    }
    let is_new = |id: &str, time: &Timestamp| {
        let is_settled =
            settled.and_then(|settled| settled.get(id)).is_some_and(|of| *of == time.to_string());
        !is_settled && stored.get(id).copied().flatten() != Some(*time)
    };
    let wanted: Vec<_> = rows.iter().filter(|(id, time)| is_new(id, time)).map(|(id, _)| *id).collect();
    if wanted.len() > MANY {
        return Err(format!("{} records changed", wanted.len()));
    }
    Ok(wanted)
}

/// Fetches single records, and reads them as an import does.
fn fetch(
    url: &Url,
    ids: &[&str],
    options: &UpdateOptions<'_>,
    fetcher: &Fetcher,
    progress: &mut dyn Progress,
) -> Result<(Facts, ImportReport), Doubt> {
    let mut lines = fetcher.temporary(".jsonl").map_err(|error| error.message)?;
    progress.begin("changed advisories", Unit::Records, Some(ids.len() as u64));
    let result = (|| {
        for (number, id) in ids.iter().enumerate() {
            let address = address::record_of(url, id).ok_or_else(|| format!("no address for {id}"))?;
            let limit = options.import.limits.record as u64;
            let answer = fetcher.to_memory(&address, None, limit).map_err(|error| error.message)?;
            let (mut text, _) = answer.ok_or_else(|| format!("no answer about {id}"))?;
            // One record a line. Line ends stand between tokens only; in a text they would be `\n`.
            text.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
            text.push(b'\n');
            lines.write_all(&text).map_err(|error| error.to_string())?;
            progress.advance(number as u64 + 1);
        }
        lines.flush().map_err(|error| error.to_string())
    })();
    progress.end();
    result?;
    let path = lines.path().to_owned();
    let gathered = import::gather(std::slice::from_ref(&path), &options.import);
    let (facts, mut report) = gathered.map_err(|error| error.to_string())?;
    let asked: BTreeSet<_> = set_of(ids.iter().copied());
    if let Some((_, record)) = facts.records.iter().find(|(_, record)| !asked.contains(record.id.as_str())) {
        return Err(format!("{} was not asked for", record.id));
    }
    let prefix = format!("{}:", path.display());
    for refused in &mut report.refused {
        let line = refused.place.strip_prefix(&prefix).and_then(|line| line.parse::<usize>().ok());
        let id = line.and_then(|line| ids.get(line.checked_sub(1)?));
        if let Some(address) = id.and_then(|id| address::record_of(url, id)) {
            refused.place = address::shown(&address);
        }
    }
    Ok((facts, report))
}

/// The store with these records instead of those of these ids.
fn merge(
    Facts { mut sources, mut records, tables }: Facts,
    new: Facts,
    ids: &[&str],
    remembered: Remembered,
    mut report: ImportReport,
) -> Result<Successor, Doubt> {
    let own: Vec<usize> = (0..sources.len())
        .filter(|number| sources.get(*number).is_some_and(|source| remembered.sources.contains(&source.name)))
        .collect();
    records.retain(|(source, record)| !own.contains(source) || !ids.contains(&record.id.as_str()));
    let mut numbers = Vec::with_capacity(new.sources.len());
    for new in new.sources {
        let known = sources.iter().position(|old| old.name == new.name);
        numbers.push(known.unwrap_or(sources.len()));
        match known.and_then(|number| sources.get_mut(number)) {
            Some(old) if old.published < new.published => old.published = new.published,
            Some(_) => {}
            None => sources.push(new),
        }
    }
    for (source, record) in new.records {
        let number = numbers.get(source).ok_or("a record without a source")?;
        records.push((*number, record));
    }
    let bytes = writer::write(&Facts { sources, records, tables }, &TOOLS);
    let store = Store::from_bytes(bytes.clone(), "the new store").map_err(|error| error.to_string())?;
    report.sources = store.sources().iter().map(crate::advisory::database::to_model).collect();
    let is_kept = |name: &String| !remembered.sources.contains(name);
    report.kept = report.sources.iter().map(|source| source.name.clone()).filter(is_kept).collect();
    Ok(Successor { bytes, report, remembered: vec![remembered], increment: Some(ids.len()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_believed_whole_or_not_at_all() {
        let read = |text: &str| rows(text.as_bytes()).map(|rows| rows.len());
        assert_eq!(read("2026-01-02T03:04:05.5Z,MAL-1\r\n2026-01-01T00:00:00Z,PYSEC-2\n\n"), Some(2));
        for odd in [
            "",
            "<html>",
            "2026-01-02T03:04:05Z,MAL-1\nyesterday,MAL-2",
            "2026-01-02T03:04:05Z,../../etc/passwd",
            "2026-01-02T03:04:05Z,..",
            "2026-01-02T03:04:05Z,a/b",
            "2026-01-02T03:04:05Z,",
            "2026-01-02T03:04:05Z,MAL-1\n2026-01-02T03:04:05Z,MAL-1",
            "2026-01-02T03:04:05Z",
        ] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
