//! `audit db update` against a server that does everything right, and against one that does everything wrong.
//!
//! The rule behind all of it: whatever happens, the store is the old one or the new one, whole, and the message
//! says what to do.

mod http;
mod increment;
mod interrupted;
mod sources;
mod tls;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::common::{Ran, audit, folder, program, top};

/// A folder for a store, and its store's place.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: folder(&[("requirements.txt", "shoplib==1.0\n")]) }
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("team.store")
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.store()).unwrap_or_default()
    }

    /// `audit db update --db STORE ARGUMENTS`
    fn update(&self, arguments: &[&str]) -> Ran {
        let mut all = vec!["db", "update", "--db", "team.store"];
        all.extend_from_slice(arguments);
        audit(self.folder.path(), &all)
    }

    /// The same with this source, which must go well.
    fn updated(&self, source: &str) -> Ran {
        let ran = self.update(&["--source", source]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran
    }

    /// An update that must fail, say this, and leave the store as it was.
    fn refused(&self, arguments: &[&str], says: &[&str]) -> Ran {
        let before = self.bytes();
        let ran = self.update(arguments);
        assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
        let said = unwrapped(&ran.err);
        for text in says {
            assert!(said.contains(text), "`{text}` is not in\n{}", ran.err);
        }
        assert!(ran.err.contains("help: "), "what to do is not in\n{}", ran.err);
        assert!(self.bytes() == before, "the store changed");
        assert_eq!(self.leftovers(), [""; 0]);
        ran
    }

    /// What `audit` finds with the store.
    fn found(&self) -> String {
        let ran = audit(self.folder.path(), &["--db", "team.store", "--no-config"]);
        assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{}", ran.out);
        ran.out
    }

    /// Temporary files.
    fn leftovers(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with('.')).collect()
    }
}

/// A message without the line ends that the terminal's width asks for.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

/// A record about versions of `name` below `fixed`. Ids that begin with GHSA are not in the snapshot.
fn record(id: &str, name: &str, fixed: &str, modified: &str) -> String {
    format!(
        r#"{{
  "id": "{id}", "modified": "{modified}", "published": "2026-01-01T00:00:00Z", "summary": "Summary of {id}.",
  "details": "Details of {id}, until {fixed}.",
  "affected": [{{"package": {{"ecosystem": "PyPI", "name": "{name}"}},
    "ranges": [{{"type": "ECOSYSTEM", "events": [{{"introduced": "0"}}, {{"fixed": "{fixed}"}}]}}]}}]
}}"#
    )
}

/// An export of these records: id, package, fixed version, time of the last change.
fn export(records: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let records = records.iter().map(|(id, name, fixed, modified)| {
        (format!("{id}.json"), record(id, name, fixed, modified).into_bytes())
    });
    zip(&records.collect::<Vec<_>>())
}

/// One record about the package that every test audits.
fn one(id: &str) -> Vec<u8> {
    export(&[(id, "shoplib", "2.0", "2026-02-01T00:00:00Z")])
}

/// A zip of files; those of more than 64 KiB are packed. Source: APPNOTE 6.3.10, 4.3.
fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut list) = (Vec::<u8>::new(), Vec::<u8>::new());
    let number = |size: usize| u32::try_from(size).unwrap().to_le_bytes();
    for (name, bytes) in files {
        let mut sum = flate2::Crc::new();
        sum.update(bytes);
        let packed = if bytes.len() > 64 << 10 { deflate(bytes) } else { bytes.clone() };
        let method = if packed == *bytes { 0 } else { 8 };
        let mut common = vec![20, 0, 0, 0, method, 0, 0, 0, 0, 0];
        common.extend(sum.sum().to_le_bytes());
        common.extend(number(packed.len()).iter().chain(&number(bytes.len())));
        common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        common.extend([0, 0]);
        list.extend(b"PK\x01\x02\x14\x00".iter().chain(&common).chain(&[0; 10]));
        list.extend(number(out.len()).iter().chain(name.as_bytes()));
        out.extend(b"PK\x03\x04".iter().chain(&common).chain(name.as_bytes()).chain(&packed));
    }
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let (offset, size) = (number(out.len()), number(list.len()));
    out.extend(list);
    out.extend(b"PK\x05\x06\0\0\0\0".iter().chain(&count).chain(&count));
    out.extend(size.iter().chain(&offset).chain(&[0, 0]));
    out
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The program with these arguments, not started.
fn command(place: &Path, arguments: &[&str]) -> std::process::Command {
    let mut command = program(place);
    command.env("SOURCE_DATE_EPOCH", "1795219200").args(arguments);
    command
}

#[test]
fn what_is_documented_exists() {
    let page = std::fs::read_to_string(top().join("docs/database.md")).unwrap();
    for word in ["--source", "--db", "--full", "--force", "--timeout", "SSL_CERT_FILE", "HTTPS_PROXY"] {
        assert!(page.contains(word), "{word}");
    }
}
