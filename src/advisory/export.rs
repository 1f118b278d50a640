//! All that is in use, as one store: for networks without a way out, and for replaying a report.

use super::encode::facts::Facts;
use super::encode::writer;
use super::tools::{TOOLS, digest, hexadecimal};
use super::{Database, Error};

impl Database {
    /// The bytes of one store with all sources in use. It answers as this database does, and has its digest.
    pub fn export(&self) -> Result<Vec<u8>, Error> {
        Ok(writer::write(&self.facts()?, &TOOLS))
    }

    /// All that the sources in use say.
    pub(super) fn facts(&self) -> Result<Facts, Error> {
        let mut facts = Facts::default();
        for layer in &self.layers {
            let used = |number: usize| layer.used.get(number).copied().unwrap_or_default();
            facts.add(layer.store.facts()?, |number, _| used(number));
        }
        Ok(facts)
    }
}

/// SHA-256 of bytes, in hexadecimal, as `sha256sum` prints it.
pub fn sha256_of(bytes: &[u8]) -> String {
    hexadecimal(&digest(bytes))
}
