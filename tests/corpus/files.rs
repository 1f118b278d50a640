//! The corpus on the disk, and what the oracle says about it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

use serde_json::Value;

/// Where other people's files lie.
fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared")
}

/// A file of `../shared`, which must be there: a corpus that is missing must not look like one that passes.
fn shared_file(name: &str) -> PathBuf {
    let file = shared().join(name);
    assert!(
        file.is_file(),
        "{} is missing: this test needs the folder `shared` beside the repository",
        file.display()
    );
    file
}

/// The folder of the corpus, unpacked once for each run.
pub(crate) fn corpus() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let archive = shared_file("corpus/files.tar.gz");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        let unpacked = Command::new("tar")
            .arg("xzf")
            .arg(&archive)
            .arg("-C")
            .arg(&folder)
            .arg("--strip-components=1")
            .status();
        assert!(unpacked.is_ok_and(|status| status.success()), "cannot unpack {}", archive.display());
        folder.canonicalize().unwrap()
    })
}

/// Every file of the corpus: path and kind, from its manifest.
pub(crate) fn manifest() -> Vec<(String, String)> {
    let text = fs::read_to_string(shared_file("corpus/manifest.tsv")).unwrap();
    let mut rows = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let head = rows.next().unwrap();
    let column = |name: &str| head.iter().position(|title| *title == name).unwrap();
    let (file, kind) = (column("file"), column("kind"));
    rows.map(|row| (row[file].to_owned(), row[kind].to_owned())).collect()
}

/// What the oracle says: one object for each file.
pub(crate) fn expected() -> Vec<Value> {
    let file = shared_file("oracle/corpus-expected.jsonl.gz");
    let unpacked = Command::new("gzip").arg("-dc").arg(&file).output().unwrap();
    assert!(unpacked.status.success(), "cannot unpack {}", file.display());
    let text = String::from_utf8(unpacked.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
