//! What is read from outside the project, and where our own files go.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use depaudit::advisory::{Database, ImportOptions, import};
use serde_json::Value;

use crate::oracle::python;

/// The day of these tests: later than every record that is true.
pub(crate) const TODAY: &str = "2026-11-20";

/// The folder of the project.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of `../shared`; a message for people when it is missing.
pub(crate) fn shared(path: &str) -> PathBuf {
    let full = project().join("../shared").join(path);
    assert!(
        full.exists(),
        "{} is missing: this test needs the shared data beside the project",
        full.display()
    );
    full
}

/// An empty folder of our own.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("advisories").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Unpacks an archive with Python's own reader.
pub(crate) fn unzip(archive: &Path, name: &str) -> PathBuf {
    let folder = scratch(name);
    let status = Command::new(python()).args(["-m", "zipfile", "-e"]).arg(archive).arg(&folder).status();
    assert!(status.unwrap().success(), "cannot unpack {}", archive.display());
    folder
}

/// All records of a folder, by id, as plain JSON.
pub(crate) fn records(folder: &Path) -> BTreeMap<String, Value> {
    let mut records = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let record: Value = serde_json::from_slice(&fs::read(entry.unwrap().path()).unwrap()).unwrap();
        records.insert(record["id"].as_str().unwrap().to_owned(), record);
    }
    records
}

/// A database of an archive alone, made by the library.
pub(crate) fn database(archive: &Path) -> Database {
    let (bytes, report) = import(&[archive.to_owned()], &ImportOptions::new(TODAY)).unwrap();
    assert_eq!(report.refused, [], "no record may be left out");
    let database = Database::from_bytes(bytes).unwrap();
    database.verify().unwrap();
    database
}
