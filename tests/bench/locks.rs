//! How fast lock files are read: `cargo run --profile dist --example locks -- FOLDER [COUNT]`.
//!
//! Reads the lock files below a folder again and again until as many as `COUNT` (10,000) were read, each as
//! `audit graph` reads it, on one thread, and prints the rate by kind and for all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use depaudit::engine::{Progress, Request, graph};
use depaudit::model::Selection;

const NAMES: [&str; 5] = ["poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"];

#[allow(clippy::print_stdout, clippy::print_stderr, clippy::exit, reason = "a tool for the terminal")]
fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let Some(folder) = arguments.next().map(PathBuf::from) else {
        eprintln!("usage: locks FOLDER [COUNT]");
        std::process::exit(2);
    };
    let count = arguments.next().and_then(|text| text.to_str()?.parse().ok()).unwrap_or(10_000);
    let mut files = Vec::new();
    find(&folder, &mut files);
    assert!(!files.is_empty(), "no lock file below {}", folder.display());
    let mut rates: BTreeMap<String, (usize, u64, Duration)> = BTreeMap::new();
    for file in files.iter().cycle().take(count) {
        let size = std::fs::metadata(file).map_or(0, |data| data.len());
        let request = Request {
            paths: vec![file.clone()],
            site_packages: Vec::new(),
            stdin: None,
            root: Some(folder.clone()),
            working_directory: folder.clone(),
            selection: Selection::default(),
            progress: Progress::default(),
        };
        let start = Instant::now();
        let looked = graph(&request);
        let took = start.elapsed();
        assert!(looked.is_ok(), "{}", file.display());
        for kind in [name(file), "all".to_owned()] {
            let rate = rates.entry(kind).or_default();
            *rate = (rate.0 + 1, rate.1 + size, rate.2 + took);
        }
    }
    for (kind, (files, bytes, took)) in rates {
        let seconds = took.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate of three digits")]
        let (rate, per_second) = (bytes as f64 / seconds / 1e6, files as f64 / seconds);
        println!("{kind}: {files} files, {} MB, {rate:.0} MB/s, {per_second:.0} files/s", bytes / 1_000_000);
    }
}

fn name(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            find(&path, files);
        } else if NAMES.contains(&name(&path).as_str()) {
            files.push(path);
        }
    }
}
