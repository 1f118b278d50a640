//! A reader for JSON lock files: RFC 8259 and nothing else, gathered into a flat document with places.
//!
//! `serde_json` reads values without their places. [`read`] refuses what it refuses (a property test holds the two
//! together) and, besides, a key that an object has twice: which of the two counts would be a guess. Nodes lie in one
//! vector, texts are borrowed, nothing recurses.
//!
//! A format calls [`read_file`], which trusts a file as a whole or not at all, and walks the [`Value`]s:
//!
//! ```text
//! read_file(reading, "Pipfile.lock", |input, document, source| {
//!     for package in document.root().get("default").into_iter().flat_map(Value::entries) {
//!         let version = package.get("version").and_then(Value::text);
//!     }
//!     Ok(())
//! })
//! ```

mod document;
mod failure;
mod file;
mod parser;
mod string;

pub(crate) use document::{Document, Kind, Value};
pub(crate) use failure::JsonError;
pub(crate) use file::read_file;
#[cfg(any(test, fuzzing))]
pub(crate) use parser::read;

#[cfg(test)]
mod agreement;
#[cfg(any(test, fuzzing))]
mod alike;

#[cfg(fuzzing)]
pub(crate) use alike::assert_agreement;
