//! The store that is there now.

use std::fs;
use std::io;
use std::path::Path;

use super::error::{UpdateError, chain};
use crate::advisory::tools::{digest as sha256, hexadecimal};
use crate::advisory::{Database, Error};
use crate::model::AdvisorySource;

/// The digest of a whole file, which a state names as the store that it belongs to.
pub(super) fn digest(bytes: &[u8]) -> String {
    hexadecimal(&sha256(bytes))
}

/// The present store: none, a whole one, or one that is damaged and is to be made anew.
#[derive(Debug, Default)]
pub(super) struct Present {
    whole: Option<(Vec<u8>, String, Vec<AdvisorySource>)>,
    damage: Option<String>,
}

impl Present {
    /// Reads and checks it. What is no store, or belongs to a newer program, must not be overwritten.
    pub(super) fn read(path: &Path) -> Result<Self, UpdateError> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => {
                return Err(UpdateError::new(format!("cannot read {}: {error}", path.display()))
                    .help("name another file with --db"));
            }
        };
        let checked = Database::open(path).and_then(|store| store.verify().map(|()| store.info().sources));
        match checked {
            Ok(sources) => {
                let digest = digest(&bytes);
                Ok(Self { whole: Some((bytes, digest, sources)), damage: None })
            }
            Err(error @ Error::Damaged { .. }) => {
                let damage = match error {
                    Error::Damaged { store, what } => format!("{store} is damaged ({what})"),
                    other => other.to_string(),
                };
                Ok(Self { whole: None, damage: Some(damage) })
            }
            Err(Error::NewerFormat { store, format, known }) => Err(UpdateError::new(format!(
                "{store} has format {format} and is not overwritten: this `audit` writes format {known}"
            ))
            .help("update `audit`, or name another file with --db")),
            Err(Error::NotAStore { .. }) => Err(UpdateError::new(format!(
                "{} is no advisory store and is not overwritten",
                path.display()
            ))
            .help("remove it if it is of no use, or name another file with --db")),
            Err(other) => Err(UpdateError::new(chain(&other)).help("name another file with --db")),
        }
    }

    /// Why it must be made anew.
    pub(super) fn damage(&self) -> Option<&str> {
        self.damage.as_deref()
    }

    /// It is there, and whole.
    pub(super) fn is_whole(&self) -> bool {
        self.whole.is_some()
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        self.whole.as_ref().map(|(bytes, ..)| bytes.as_slice())
    }

    /// Its length.
    pub(super) fn size(&self) -> u64 {
        self.bytes().map_or(0, |bytes| bytes.len() as u64)
    }

    /// The digest of its bytes.
    pub(super) fn digest(&self) -> Option<&str> {
        self.whole.as_ref().map(|(_, digest, _)| digest.as_str())
    }

    /// Its sources.
    pub(super) fn sources(&self) -> &[AdvisorySource] {
        self.whole.as_ref().map(|(.., sources)| sources.as_slice()).unwrap_or_default()
    }
}
