//! A reader for TOML lock files: the event stream of `toml_parser`, gathered into a flat document with places.
//!
//! The events alone are not TOML: they pass repeated keys, bad escapes and impossible dates. [`read`] decodes every
//! key and every scalar, used or not, and refuses what `toml::de::DeTable::parse` refuses (a property test holds the
//! two together), at a third of its cost: nodes lie in one vector, texts are borrowed, and arrays of which a format
//! wants only the length (file hashes) are dropped as soon as they are closed.
//!
//! A format calls [`read`] with the paths of those arrays and walks the [`Value`]s:
//!
//! ```text
//! read(text, &[&["package", "files"]], |document| {
//!     for package in document.root().get("package").into_iter().flat_map(Value::items) {
//!         let name = package.get("name").and_then(Value::text);
//!     }
//!     Ok(())
//! })
//! ```
//!
//! What fills a lock, lines of file hashes, is taken out before ([`squeeze`]).

mod builder;
mod document;
mod failure;
mod scalar;
mod squeeze;

pub(crate) use builder::read;
pub(crate) use document::{Document, Kind, Value};
pub(crate) use failure::TomlError;

#[cfg(test)]
mod agreement;
#[cfg(any(test, fuzzing))]
mod alike;

#[cfg(fuzzing)]
pub(crate) use alike::assert_agreement;
