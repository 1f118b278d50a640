//! Finds records in what was given, within limits.

use crate::model::Arrange as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;

use super::{ImportOptions, ImportReport, RefusedRecord, archive, risk, safety_db, yaml};
use crate::advisory::Error;
use crate::advisory::encode::facts::Record;
use crate::advisory::lines::{self, Listed};
use crate::advisory::osv;

/// What gzip starts with (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Folders below folders that are followed.
const DEPTH_LIMIT: usize = 32;

/// What a file of gzip may hold. The largest real one, all EPSS scores, holds 10 MB.
const UNPACKED: u64 = 64 << 20;

/// What an input may cost. Beyond these a record is refused, or the whole archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of an archive or of a file with many records.
    pub file: u64,
    /// Files and entries altogether.
    pub entries: usize,
    /// Bytes of one record, unpacked.
    pub record: usize,
    /// Bytes of all records, unpacked.
    pub total: u64,
    /// How many times larger than packed a record of more than 64 KiB may be.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file: 1 << 30, entries: 1_000_000, record: 8 << 20, total: 4 << 30, ratio: 200 }
    }
}

/// Whether files with this extension hold records.
fn is_record(extension: &str) -> bool {
    matches!(extension, "json" | "jsonl" | "yaml" | "yml")
}

/// Whether a file is packed JSON by its name.
fn is_packed_json(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.ends_with(".json.gz"))
}

/// A record, and the newest day that is believed of it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) record: Record,
    pub(super) newest: Arc<str>,
}

/// What was found so far.
pub(super) struct Gathered<'a> {
    options: &'a ImportOptions<'a>,
    pub(super) records: Vec<Found>,
    pub(super) risks: Vec<risk::Found>,
    pub(super) report: ImportReport,
    entries: usize,
    total: u64,
}

impl<'a> Gathered<'a> {
    /// Nothing yet.
    pub(super) fn new(options: &'a ImportOptions<'a>) -> Self {
        Self {
            options,
            records: Vec::new(),
            risks: Vec::new(),
            report: ImportReport::default(),
            entries: 0,
            total: 0,
        }
    }

    /// Adds a file or folder.
    pub(super) fn add(&mut self, path: &Path) -> Result<(), Error> {
        let kind = fs::metadata(path).map_err(|error| Error::io("read", path, error))?;
        if kind.is_dir() { self.folder(path, 0) } else { self.file(path, &[]) }
    }

    fn folder(&mut self, path: &Path, depth: usize) -> Result<(), Error> {
        let list = |error| Error::io("list", path, error);
        let mut entries = fs::read_dir(path).map_err(list)?.collect::<Result<Vec<_>, _>>().map_err(list)?;
        entries.arrange_by_key(fs::DirEntry::path);
        // A snapshot's folder says itself of which day its sources are.
        let listed = lines::sources(path).unwrap_or_default();
        for entry in entries {
            let (kind, path) = (entry.file_type().map_err(list)?, entry.path());
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
            if kind.is_dir() && depth >= DEPTH_LIMIT {
                self.refuse(path.display().to_string(), "a folder too deep".to_owned());
            } else if kind.is_dir() {
                self.folder(&path, depth + 1)?;
            } else if kind.is_file()
                && (is_record(extension) || is_packed_json(&path))
                && (listed.is_empty() || !path.ends_with(lines::SOURCES))
            {
                self.file(&path, &listed)?;
            } else if kind.is_symlink() && (is_record(extension) || path.is_dir()) {
                self.refuse(path.display().to_string(), "links are not followed".to_owned());
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, listed: &[Listed]) -> Result<(), Error> {
        let read = |error| Error::io("read", path, error);
        let place = path.display().to_string();
        if fs::metadata(path).map_err(read)?.len() > self.options.limits.file {
            return Err(Error::Archive { path: path.to_owned(), why: self.too_large() });
        }
        let bytes = fs::read(path).map_err(read)?;
        if bytes.starts_with(b"PK") {
            return archive::read(path, &bytes, self);
        }
        let bytes = if bytes.starts_with(&GZIP) { self.unpack(path, &bytes)? } else { bytes };
        if let Some(found) = risk::read(path, &bytes, self)? {
            self.risks.push(found);
            return Ok(());
        }
        if safety_db::is_likely(&bytes) && self.safety_db(path, &bytes)? {
            return Ok(());
        }
        let days: Vec<Arc<str>> =
            listed.iter().map(|source| source.published.as_str().min(self.options.today).into()).collect();
        let today: Arc<str> = self.options.today.into();
        let newest = |id: &str| {
            let source = lines::source_of(listed, id).and_then(|source| days.get(source));
            source.unwrap_or(&today).clone()
        };
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
                if !line.trim_ascii().is_empty() {
                    self.count(path, line.len())?;
                    self.record(line, || format!("{place}:{}", number + 1), newest);
                }
            }
            return Ok(());
        }
        self.count(path, bytes.len())?;
        if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            self.yaml(&bytes, || place.clone(), newest);
        } else {
            self.record(&bytes, || place.clone(), newest);
        }
        Ok(())
    }

    /// Unpacks gzip within the limits.
    fn unpack(&self, path: &Path, packed: &[u8]) -> Result<Vec<u8>, Error> {
        let refuse = |why: String| Error::Archive { path: path.to_owned(), why };
        let limits = self.options.limits;
        let ratio = (packed.len() as u64).saturating_mul(limits.ratio).max(archive::RATIO_FREE);
        let limit = limits.file.min(ratio).min(UNPACKED);
        let mut bytes = Vec::new();
        let mut reader = MultiGzDecoder::new(packed).take(limit + 1);
        reader.read_to_end(&mut bytes).map_err(|error| refuse(format!("cannot be unpacked: {error}")))?;
        let length = bytes.len() as u64;
        if length > limits.file {
            return Err(refuse(self.too_large()));
        }
        if length > UNPACKED {
            return Err(refuse(format!("unpacks to more than {} MiB", UNPACKED >> 20)));
        }
        if length > limit {
            return Err(refuse(format!("unpacks to more than {} times its size", limits.ratio)));
        }
        Ok(bytes)
    }

    /// Reads a file of safety-db; `false` when it is something else.
    fn safety_db(&mut self, path: &Path, json: &[u8]) -> Result<bool, Error> {
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        let Some(reading) = safety_db::read(json) else { return Ok(false) };
        let place = path.display().to_string();
        self.count(path, json.len())?;
        match reading {
            Err(why) => self.refuse(place, why),
            Ok(reading) => {
                let newest: Arc<str> = self.options.today.into();
                for record in reading.records {
                    self.count(path, 0)?;
                    self.records.push(Found { record, newest: newest.clone() });
                }
                for (name, why) in reading.refused {
                    self.refuse(format!("{place}:{name}"), why);
                }
            }
        }
        Ok(true)
    }

    fn too_large(&self) -> String {
        format!("larger than {} MiB", self.options.limits.file >> 20)
    }

    /// The limits of this import.
    pub(super) fn limits(&self) -> &Limits {
        &self.options.limits
    }

    /// Today, as the caller sees it.
    pub(super) fn today(&self) -> &'a str {
        self.options.today
    }

    /// Counts an entry and its bytes against the limits.
    pub(super) fn count(&mut self, path: &Path, bytes: usize) -> Result<(), Error> {
        self.entries += 1;
        self.total += bytes as u64;
        let limits = self.options.limits;
        let why = if self.entries > limits.entries {
            format!("more than {} records", limits.entries)
        } else if self.total > limits.total {
            format!("more than {} MiB of records", limits.total >> 20)
        } else {
            return Ok(());
        };
        Err(Error::Archive { path: path.to_owned(), why })
    }

    /// Lists a record that is left out.
    pub(super) fn refuse(&mut self, place: String, reason: String) {
        self.report.refused.push(RefusedRecord { place, reason });
    }

    /// Reads one record in the YAML of the PyPA database; `newest` as for [`record`](Self::record).
    pub(super) fn yaml(
        &mut self,
        text: &[u8],
        place: impl Fn() -> String,
        newest: impl Fn(&str) -> Arc<str>,
    ) {
        if text.len() > self.options.limits.record {
            return self.record(text, place, newest); // which says so
        }
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let json = std::str::from_utf8(text).map_err(|_| "not UTF-8".to_owned()).and_then(yaml::to_json);
        match json {
            Ok(json) => self.record(json.as_bytes(), place, newest),
            Err(why) => self.refuse(place(), why),
        }
    }

    /// Reads one record; `newest` says which day is the newest that is believed of a record with that id.
    pub(super) fn record(
        &mut self,
        json: &[u8],
        place: impl Fn() -> String,
        newest: impl Fn(&str) -> Arc<str>,
    ) {
        if json.len() > self.options.limits.record {
            let reason = format!(
                "a record of {} bytes, more than the limit of {}",
                json.len(),
                self.options.limits.record
            );
            return self.refuse(place(), reason);
        }
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        match osv::read(json) {
            Ok(reading) => {
                self.report.odd_fields += reading.odd;
                if reading.record.affected.is_empty() {
                    self.report.other += 1;
                } else {
                    let newest = newest(&reading.record.id);
                    self.records.push(Found { record: reading.record, newest });
                }
            }
            Err(refusal) => self.refuse(place(), refusal.to_string()),
        }
    }
}
