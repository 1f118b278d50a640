//! The metadata and license files of a wheel, read in place.
//!
//! Source: PyPA specification "Binary distribution format" (PEP 427): a zip with one `NAME-VERSION.dist-info` folder at
//! its top. Only the list of entries and the few that matter are read, whatever the size of the wheel; no size that the
//! archive claims is believed.

use crate::model::Arrange as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, FileReader, RECOMMENDED_BUFFER_SIZE, ZipArchive, ZipArchiveEntryWayfinder};

use super::releases::{
    LARGEST_METADATA, LICENSE_PART, LicenseFile, MOST_LICENSE_FILES, declared, is_below, is_license_name,
};
use super::tree::words;

/// How many entries a wheel may have.
const MOST_ENTRIES: usize = 200_000;

/// An entry below the `.dist-info` folder.
struct Listed {
    /// Below that folder.
    name: String,
    at: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
}

/// The text of the metadata, and the license files.
pub(super) fn read(path: &Path) -> Result<(String, Vec<LicenseFile>), String> {
    if !std::fs::metadata(path).is_ok_and(|data| data.is_file()) {
        return Err("it is no regular file".to_owned());
    }
    let file = File::open(path).map_err(|error| words(&error))?;
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive =
        ZipArchive::from_file(file, &mut buffer).map_err(|error| format!("it is no whole wheel: {error}"))?;
    let listed = list(&archive, &mut buffer)?;
    let mut found = listed.iter().filter(|entry| entry.name == "METADATA");
    let metadata = found.next().ok_or_else(|| "it has no .dist-info/METADATA".to_owned())?;
    if found.next().is_some() {
        return Err("it has more than one METADATA: nobody knows which an installer takes".to_owned());
    }
    let (bytes, cut) = unpack(&archive, metadata, LARGEST_METADATA)?;
    if cut {
        return Err(format!("its METADATA is larger than {} MiB", LARGEST_METADATA / 1024 / 1024));
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let named = declared(&text);
    let is_named = |entry: &Listed| {
        let places = ["licenses/", "license_files/", ""];
        named.iter().any(|name| places.iter().any(|place| entry.name == format!("{place}{name}")))
    };
    let mut files = Vec::new();
    let licenses = listed.iter().filter(|entry| is_license_name(&entry.name) || is_named(entry));
    for entry in licenses.take(MOST_LICENSE_FILES) {
        if let Ok((bytes, cut)) = unpack(&archive, entry, LICENSE_PART) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            files.push(LicenseFile { name: entry.name.clone(), text, cut });
        }
    }
    Ok((text, files))
}

/// What lies below `.dist-info`, by name.
fn list(archive: &ZipArchive<FileReader>, buffer: &mut [u8]) -> Result<Vec<Listed>, String> {
    let mut listed: Vec<Listed> = Vec::new();
    let mut entries = archive.entries(buffer);
    let mut number = 0;
    loop {
        let entry = entries.next_entry().map_err(|error| format!("its list of files is broken: {error}"))?;
        let Some(entry) = entry else { break };
        number += 1;
        if number > MOST_ENTRIES {
            return Err(format!("it has more than {MOST_ENTRIES} files"));
        }
        let path = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
        let Some((folder, name)) = path.split_once('/') else { continue };
        if entry.is_dir() || !folder.ends_with(".dist-info") || !is_below(name) {
            continue;
        }
        listed.push(Listed {
            name: name.to_owned(),
            at: entry.wayfinder(),
            method: entry.compression_method(),
        });
    }
    listed.arrange_by(|left, right| left.name.cmp(&right.name));
    Ok(listed)
}

/// An entry as far as the limit goes, and whether there is more.
fn unpack(archive: &ZipArchive<FileReader>, listed: &Listed, limit: u64) -> Result<(Vec<u8>, bool), String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{} cannot be unpacked: {error}", listed.name);
    let entry = archive.get_entry(listed.at).map_err(|error| wrong(&error))?;
    let mut bytes = Vec::new();
    let read = match listed.method {
        CompressionMethod::STORE => {
            entry.verifying_reader(entry.reader()).take(limit + 1).read_to_end(&mut bytes)
        }
        CompressionMethod::DEFLATE => {
            let inflated = DeflateDecoder::new(entry.reader());
            entry.verifying_reader(inflated).take(limit + 1).read_to_end(&mut bytes)
        }
        other => return Err(format!("{} is packed in a way that is not known ({other:?})", listed.name)),
    };
    read.map_err(|error| wrong(&error))?;
    let cut = bytes.len() as u64 > limit;
    bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok((bytes, cut))
}
