//! What can go wrong with advisory data, in words for people.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why advisory data cannot be used or made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("cannot {doing} `{}`", path.display())]
    Io {
        /// What was tried: `read`, `write`, `list`.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{store} is not an advisory store: make one with `audit db import SOURCE --db FILE`")]
    NotAStore {
        /// The store, in words.
        store: String,
    },
    /// The store was made for a newer format.
    #[error(
        "{store} has format {format}, and this `audit` reads format {known}: update `audit`, or run `audit db import` again"
    )]
    NewerFormat {
        /// The store, in words.
        store: String,
        /// Its format.
        format: u32,
        /// The newest format that is known.
        known: u32,
    },
    /// The bytes are not what was written: cut, overwritten, or flipped.
    #[error("{store} is damaged ({what}): run `audit db import` again")]
    Damaged {
        /// The store, in words.
        store: String,
        /// Which part.
        what: String,
    },
    /// An archive that must not be unpacked, or cannot be.
    #[error("cannot use the archive `{}`: {why}", path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Nothing that was given holds a record about a Python package.
    #[error(
        "no advisory about a Python package in {what}: expected OSV records (`.json`, `.yaml`), a folder of them, an OSV `all.zip`, the KEV catalogue (`.json`) or EPSS scores (`.csv`, `.csv.gz`)"
    )]
    NothingToImport {
        /// What was given.
        what: String,
    },
}

impl Error {
    /// An error of reading or writing, with what was being done to which file.
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { doing, path: path.into(), source }
    }
}
