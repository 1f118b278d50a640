//! `advisory-db/` is what the program makes of the shared records, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use depaudit::advisory::{ImportOptions, write_snapshot_source};

use crate::shared::{project, scratch, shared};

/// The data files of a folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json" || extension == "jsonl") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    files
}

#[test]
fn it_is_written_again_byte_for_byte() {
    let (committed, folder) = (project().join("advisory-db"), scratch("snapshot"));
    fs::copy(committed.join("sources.json"), folder.join("sources.json")).unwrap();
    let archive = shared("data/advisories/PyPI/all.zip");
    let report = write_snapshot_source(&[archive], &folder, &ImportOptions::new("9999-12-31")).unwrap();
    assert_eq!(report.refused, []);
    let (expected, written) = (files(&committed), files(&folder));
    assert_eq!(expected.keys().collect::<Vec<_>>(), written.keys().collect::<Vec<_>>());
    for (name, text) in &expected {
        assert!(written.get(name) == Some(text), "advisory-db/{name} is not what embed_advisories writes");
    }
}
