//! The diffable form of the snapshot, `advisory-db/`: facts only, one record a line, a file per first letter.
//!
//! Each line is an OSV record that holds ids, ranges, vectors, dates and one reference, and no prose, so the one
//! reader of OSV reads it too. `sources.json` beside them says whose records they are, and of which day.

mod sources;
mod write;

use crate::model::Arrange as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::encode;
pub(crate) use sources::{Listed, SOURCES, source_of, sources};
pub(crate) use write::write;

/// The files of a folder that hold records, sorted.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            files.push(path);
        }
    }
    files.arrange();
    Ok(files)
}
