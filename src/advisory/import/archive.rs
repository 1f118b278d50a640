//! OSV's zip: read entry by entry, within limits, believing no size that it claims.

use crate::model::Arrange as _;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use flate2::{Decompress, FlushDecompress, Status};
use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive, ZipSliceEntry};

use super::gather::Gathered;
use crate::advisory::Error;

/// Records up to this size may be packed as well as they like.
pub(super) const RATIO_FREE: u64 = 64 << 10;

/// Reads all records of an archive.
pub(super) fn read(path: &Path, bytes: &[u8], gathered: &mut Gathered<'_>) -> Result<(), Error> {
    let refuse = |why: String| Error::Archive { path: path.to_owned(), why };
    let archive =
        ZipArchive::from_slice(bytes).map_err(|error| refuse(format!("not a whole zip: {error}")))?;
    let entries = list(path, &archive, gathered)?;
    let newest: Arc<str> = match entries.iter().filter_map(day).max() {
        Some(day) if day.as_str() < gathered.today() => day.into(),
        _ => gathered.today().into(),
    };
    let mut unpacker = Unpacker { inflate: Decompress::new(false), buffer: Vec::new() };
    let mut ranges = Vec::with_capacity(entries.len());
    let mut found = Vec::with_capacity(entries.len());
    for header in &entries {
        let entry = archive.get_entry(header.wayfinder());
        let entry = entry.map_err(|error| refuse(format!("`{}`: {error}", name(header))))?;
        ranges.push((header.local_header_offset(), entry.compressed_data_range().1));
        found.push(entry);
    }
    ranges.arrange();
    if ranges.windows(2).any(|pair| matches!(pair, [(_, end), (start, _)] if end > start)) {
        return Err(refuse("entries overlap: it is made to be larger than it looks".to_owned()));
    }
    for (header, entry) in entries.iter().zip(&found) {
        let place = || format!("{}:{}", path.display(), name(header));
        match unpacker.unpack(header, entry, gathered) {
            Ok(()) => {
                gathered.count(path, unpacker.buffer.len())?;
                if is_yaml(header) {
                    gathered.yaml(&unpacker.buffer, place, |_| newest.clone());
                } else {
                    gathered.record(&unpacker.buffer, place, |_| newest.clone());
                }
            }
            Err(reason) => gathered.refuse(place(), reason),
        }
    }
    Ok(())
}

/// The entries that may be records.
fn list<'a>(
    path: &Path,
    archive: &'a ZipSliceArchive<&[u8]>,
    gathered: &Gathered<'_>,
) -> Result<Vec<ZipFileHeaderRecord<'a>>, Error> {
    let refuse = |why: String| Error::Archive { path: path.to_owned(), why };
    let mut entries = Vec::new();
    for (number, entry) in archive.entries().enumerate() {
        let entry = entry.map_err(|error| refuse(format!("a broken list of entries: {error}")))?;
        if number >= gathered.limits().entries {
            return Err(refuse(format!("more than {} entries", gathered.limits().entries)));
        }
        let is_json = || entry.file_path().as_bytes().to_ascii_lowercase().ends_with(b".json");
        if !entry.is_dir() && (is_json() || is_yaml(&entry)) {
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// Whether an entry is YAML by its name.
fn is_yaml(header: &ZipFileHeaderRecord<'_>) -> bool {
    let name = header.file_path().as_bytes().to_ascii_lowercase();
    name.ends_with(b".yaml") || name.ends_with(b".yml")
}

/// The name as written, for messages.
fn name(header: &ZipFileHeaderRecord<'_>) -> String {
    String::from_utf8_lossy(header.file_path().as_bytes()).into_owned()
}

/// The day of an entry's time stamp; `None` for the one that programs write when they have none.
fn day(header: &ZipFileHeaderRecord<'_>) -> Option<String> {
    let stamp = header.last_modified();
    let plausible = stamp.year() > 1980 && stamp.month() > 0 && stamp.day() > 0;
    plausible.then(|| format!("{:04}-{:02}-{:02}", stamp.year(), stamp.month(), stamp.day()))
}

/// Unpacks entries, one after the other, into one buffer.
struct Unpacker {
    inflate: Decompress,
    buffer: Vec<u8>,
}

impl Unpacker {
    fn unpack(
        &mut self,
        header: &ZipFileHeaderRecord<'_>,
        entry: &ZipSliceEntry<'_>,
        gathered: &Gathered<'_>,
    ) -> Result<(), String> {
        let data = entry.data();
        let limits = gathered.limits();
        // Ours, not the archive's: one byte more than allowed, so that too much is seen and no more is unpacked.
        let limit = limits.record + 1;
        self.buffer.clear();
        match header.compression_method() {
            CompressionMethod::STORE => self.buffer.extend(data.iter().take(limit)),
            CompressionMethod::DEFLATE => self.inflate(data, limit)?,
            other => return Err(format!("packed in a way that is not known ({other:?})")),
        }
        if self.buffer.len() >= limit {
            return Err(format!("a record of more than {} bytes", limits.record));
        }
        let (unpacked, packed) = (self.buffer.len() as u64, data.len() as u64);
        if unpacked > RATIO_FREE && unpacked / packed.max(1) > limits.ratio {
            return Err(format!("unpacks to more than {} times its size", limits.ratio));
        }
        let mut rest = entry.verifying_reader(self.buffer.as_slice());
        let mut piece = [0; 4096];
        loop {
            match rest.read(&mut piece) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) => return Err(format!("not what the archive says it is: {error}")),
            }
        }
    }

    fn inflate(&mut self, data: &[u8], limit: usize) -> Result<(), String> {
        self.inflate.reset(false);
        self.buffer.reserve((4 * data.len()).min(limit));
        loop {
            let (consumed, written) = (self.inflate.total_in(), self.inflate.total_out());
            let rest = usize::try_from(consumed).ok().and_then(|consumed| data.get(consumed..));
            let status = self.inflate.decompress_vec(
                rest.unwrap_or_default(),
                &mut self.buffer,
                FlushDecompress::None,
            );
            match status {
                Ok(Status::StreamEnd) => return Ok(()),
                _ if self.buffer.len() >= limit => return Ok(()),
                Ok(_) if self.buffer.len() == self.buffer.capacity() => {
                    self.buffer.reserve(self.buffer.len());
                }
                Ok(_) if self.inflate.total_in() > consumed || self.inflate.total_out() > written => {}
                Ok(_) => return Err("cut short".to_owned()),
                Err(error) => return Err(format!("cannot be unpacked: {error}")),
            }
        }
    }
}
