//! Other forms of real records: YAML, and the two generations of safety-db.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use depaudit::advisory::{ImportOptions, ImportReport, import};
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::shared::{TODAY, project, scratch, shared, unzip};

fn read(path: PathBuf) -> (Vec<u8>, ImportReport) {
    let began = std::time::Instant::now();
    let shown = path.display().to_string();
    let imported = import(&[path], &ImportOptions::new(TODAY)).unwrap();
    println!("{shown}: {} records in {:?}", imported.1.records, began.elapsed());
    imported
}

#[test]
fn yaml_is_the_same_source_as_json() {
    let folder = scratch("pysec-yaml");
    let archive = shared("data/advisories/pysec-yaml-2026-07-23.tar.zst");
    let unpacked = Command::new("tar").arg("--zstd").arg("-xf").arg(archive).arg("-C").arg(&folder).status();
    assert!(
        unpacked.is_ok_and(|status| status.success()),
        "`tar --zstd` failed: this test needs tar and zstd"
    );
    let all = unzip(&shared("data/advisories/PyPI/all.zip"), "pysec-json");
    for entry in fs::read_dir(&all).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().starts_with("PYSEC-") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    let ((yaml, of_yaml), (json, of_json)) = (read(folder), read(all));
    assert_eq!((of_yaml.records, of_yaml.refused, of_yaml.other), (7080, Vec::new(), 0));
    assert_eq!((of_json.records, of_json.refused), (7080, Vec::new()));
    assert!(yaml == json, "one source, one store, byte for byte");
}

/// Names of a file of safety-db, and its entries.
fn entries(bytes: &[u8]) -> (usize, Vec<Value>) {
    let file: serde_json::Map<String, Value> = serde_json::from_slice(bytes).unwrap();
    let lists: Vec<_> =
        file.iter().filter(|(name, _)| *name != "$meta").map(|(_, list)| list.clone()).collect();
    (lists.len(), lists.iter().flat_map(|list| list.as_array().unwrap().clone()).collect())
}

#[test]
fn safety_db_of_both_generations() {
    let plain = shared("data/safety-db/insecure.json");
    let full = shared("data/safety-db/insecure_full.json.gz");
    let (names, specifiers) = entries(&fs::read(&plain).unwrap());
    assert_eq!((names, specifiers.len()), (4703, 10_939));
    let mut unpacked = Vec::new();
    GzDecoder::new(&fs::read(&full).unwrap()[..]).read_to_end(&mut unpacked).unwrap();
    let (names, records) = entries(&unpacked);
    assert_eq!((names, records.len()), (2216, 8867));
    // What is left out holds no version (`>=1.7,<1.7rc3`, `>=13.0.0,<13.0.0`), and once is no version.
    for (path, read_ones, left_out, day) in [(plain, 10_933, 6, "2026-04-01"), (full, 8867, 13, "2022-09-01")]
    {
        let (_, report) = read(path);
        for refused in &report.refused {
            println!("left out: {}: {}", refused.place.rsplit('/').next().unwrap(), refused.reason);
        }
        assert_eq!((report.records, report.refused.len()), (read_ones, left_out), "nothing gets lost");
        let [source] = &report.sources[..] else { panic!("{:?}", report.sources) };
        println!("{} records of {} kept", source.records, report.records);
        assert_eq!((source.name.as_str(), source.published.as_str()), ("safety", day));
    }
    let ids: BTreeSet<&str> = records.iter().filter_map(|record| record["id"].as_str()).collect();
    let mut files = Vec::new();
    for folder in ["src", "tests", "fixtures", "docs", "advisory-db"] {
        walk(&project().join(folder), &mut files);
    }
    assert!(files.len() > 100);
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let is_theirs = ["insecure.json", "insecure_full.json"].iter().any(|theirs| name.starts_with(theirs));
        assert!(!is_theirs, "{} is not ours to ship", file.display());
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        for (at, _) in text.match_indices("pyup.io-") {
            let id = text[at..].split(|end: char| !end.is_ascii_alphanumeric() && !"-.".contains(end)).next();
            assert!(!ids.contains(id.unwrap()), "{} holds {id:?}", file.display());
        }
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}
