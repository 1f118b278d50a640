//! `sources.json`: whose records the lines beside it are.
//!
//! `build.rs` includes this file by path.

use std::path::Path;
use std::{fs, io};

use serde::Deserialize;

use super::encode::facts::source_name;

/// The file that names the sources.
pub(crate) const SOURCES: &str = "sources.json";

#[derive(Deserialize)]
struct List {
    sources: Vec<Listed>,
}

/// One source. The file says more about each, for people.
#[derive(Debug, Deserialize)]
pub(crate) struct Listed {
    /// As [`source_name`] gives it.
    pub(crate) name: String,
    /// The day its data is of.
    pub(crate) published: String,
}

/// The sources that a folder lists.
pub(crate) fn sources(folder: &Path) -> io::Result<Vec<Listed>> {
    let list: List = serde_json::from_slice(&fs::read(folder.join(SOURCES))?)?;
    Ok(list.sources)
}

/// The number of the source that a record with this id is from.
pub(crate) fn source_of(sources: &[Listed], id: &str) -> Option<usize> {
    let name = source_name(id);
    sources.iter().position(|source| source.name == name)
}
