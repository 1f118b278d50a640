//! Archives that are made to do harm: bounded time and memory, and a message for people.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::{TODAY, record};
use crate::advisory::{Error, ImportOptions, ImportReport, Limits, import};

/// An entry as the archive lists it; what it claims need not be true.
pub(super) struct Entry {
    name: Vec<u8>,
    packed: Vec<u8>,
    method: u16,
    checksum: u32,
    claimed: u32,
    /// Uses the bytes of this entry instead of its own.
    shares: Option<usize>,
}

pub(super) fn entry(name: &str, content: &[u8]) -> Entry {
    let mut sum = flate2::Crc::new();
    sum.update(content);
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(content).unwrap();
    Entry {
        name: name.as_bytes().to_vec(),
        packed: packer.finish().unwrap(),
        method: 8,
        checksum: sum.sum(),
        claimed: small(content.len()),
        shares: None,
    }
}

fn small(length: usize) -> u32 {
    length.try_into().unwrap()
}

fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap().to_le_bytes()
}

/// APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16.
pub(super) fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut bytes, mut list, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        let mut common = Vec::new();
        for number in [20, 0, entry.method, 0, 0x5a21] {
            common.extend_from_slice(&u16::to_le_bytes(number));
        }
        for number in [entry.checksum, small(entry.packed.len()), entry.claimed] {
            common.extend_from_slice(&number.to_le_bytes());
        }
        common.extend_from_slice(&short(entry.name.len()));
        common.extend_from_slice(&[0, 0]);
        let place = entry.shares.map_or(small(bytes.len()), |other| places[other]);
        places.push(place);
        if entry.shares.is_none() {
            bytes.extend_from_slice(b"PK\x03\x04");
            bytes.extend_from_slice(&common);
            bytes.extend_from_slice(&entry.name);
            bytes.extend_from_slice(&entry.packed);
        }
        list.extend_from_slice(b"PK\x01\x02\x14\x00");
        list.extend_from_slice(&common);
        list.extend_from_slice(&[0; 10]);
        list.extend_from_slice(&place.to_le_bytes());
        list.extend_from_slice(&entry.name);
    }
    let start = small(bytes.len());
    bytes.extend_from_slice(&list);
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        bytes.extend_from_slice(&short(entries.len()));
    }
    bytes.extend_from_slice(&small(list.len()).to_le_bytes());
    bytes.extend_from_slice(&start.to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes
}

fn read_with(bytes: &[u8], limits: Limits) -> Result<ImportReport, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.zip");
    fs::write(&path, bytes).unwrap();
    let options = ImportOptions { limits, ..ImportOptions::new(TODAY) };
    import(&[path], &options).map(|(_, report)| report)
}

fn read(bytes: &[u8]) -> Result<ImportReport, Error> {
    read_with(bytes, Limits::default())
}

fn good() -> Entry {
    entry("PYSEC-1.json", record("PYSEC-1", "", "+0 -1").as_bytes())
}

#[test]
fn a_plain_archive_is_read() {
    let stored = Entry {
        method: 0,
        packed: record("PYSEC-2", "", "+0").into_bytes(),
        ..entry("b.json", record("PYSEC-2", "", "+0").as_bytes())
    };
    let report = read(&zip(&[good(), stored])).unwrap();
    assert_eq!((report.records, report.refused.len()), (2, 0));
}

#[test]
fn bombs_are_left_out_with_the_reason() {
    let spaces = |size: usize| format!("{}{}", record("PYSEC-3", "", "+0"), " ".repeat(size));
    for (size, reason) in [(2 << 20, "more than 200 times its size"), (9 << 20, "more than 8388608 bytes")] {
        let report = read(&zip(&[good(), entry("bomb.json", spaces(size).as_bytes())])).unwrap();
        let [refused] = &report.refused[..] else { panic!("{:?}", report.refused) };
        assert!(refused.reason.contains(reason), "{}", refused.reason);
        assert!(refused.place.ends_with("bomb.json") && report.records == 1);
    }
}

#[test]
fn overlapping_entries_stop_the_import() {
    let twice = Entry { shares: Some(0), ..good() };
    let error = read(&zip(&[good(), twice])).unwrap_err().to_string();
    assert!(error.contains("overlap") && error.contains("all.zip"), "{error}");
}

#[test]
fn sizes_and_checksums_that_are_not_true() {
    for (claimed, checksum) in [(u32::MAX - 1, None), (0, None), (7, None), (0, Some(1))] {
        let mut lying = entry("lie.json", record("PYSEC-2", "", "+0").as_bytes());
        lying.claimed = claimed;
        lying.checksum = checksum.unwrap_or(lying.checksum);
        match read(&zip(&[good(), lying])) {
            Ok(report) => assert_eq!((report.records, report.refused.len()), (1, 1), "{claimed}"),
            Err(error) => assert!(matches!(error, Error::Archive { .. }), "{error}"),
        }
    }
    let unknown = Entry { method: 99, ..good() };
    let report = read(&zip(&[good(), unknown])).unwrap();
    assert!(report.refused[0].reason.contains("packed in a way"), "{:?}", report.refused);
}

#[test]
fn names_are_names_and_nothing_is_written_where_they_point() {
    let record = record("PYSEC-2", "", "+0");
    let entries = ["../../../etc/x.json", "/etc/y.json", "a/b/c.json", "dir/", "readme.txt"];
    let entries: Vec<_> = entries.iter().map(|name| entry(name, record.as_bytes())).collect();
    assert_eq!(read(&zip(&entries)).unwrap().records, 3);
    // Control characters stay in the place: whoever prints it escapes it.
    let report = read(&zip(&[good(), entry("\u{1b}[2J.json", b"{")])).unwrap();
    assert!(report.refused[0].place.contains('\u{1b}'));
}

#[test]
fn nothing_in_it() {
    let error = read(&zip(&[])).unwrap_err();
    assert!(error.to_string().starts_with("no advisory about a Python package in"), "{error}");
}

#[test]
fn limits_on_everything() {
    let entries: Vec<_> = (0..20)
        .map(|number| {
            entry(&format!("{number}.json"), record(&format!("PYSEC-{number}"), "", "+0").as_bytes())
        })
        .collect();
    let bytes = zip(&entries);
    for (limits, reason) in [
        (Limits { entries: 19, ..Limits::default() }, "more than 19"),
        (Limits { total: 1000, ..Limits::default() }, "MiB of records"),
        (Limits { file: 100, ..Limits::default() }, "larger than"),
    ] {
        let error = read_with(&bytes, limits).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    let report = read_with(&bytes, Limits { record: 150, ..Limits::default() });
    assert!(matches!(report, Err(Error::NothingToImport { .. })), "{report:?}");
}

#[test]
fn cut_or_flipped_anywhere() {
    let bytes = zip(&[good(), entry("b.json", record("PYSEC-2", "", "+0").as_bytes())]);
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err(), "{length}");
    }
    for bit in 0..bytes.len() * 8 {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        // Only that it comes back: names and dates of entries are not sealed by anything.
        let _ = read(&bytes);
    }
}
