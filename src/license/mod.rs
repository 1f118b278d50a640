//! What is known about licenses: how expressions are written, what metadata and license texts say, and what follows
//! from all of it.
//!
//! Nothing is guessed. Text that may mean several licenses is [`crate::model::LicenseReading::Ambiguous`], with all of
//! them; text that means none is unknown.

pub mod classifier;
mod conclude;
pub mod copyright;
mod embedded;
mod expression;
mod flags;
pub mod free_text;
mod list;
#[cfg(test)]
mod list_table;
pub mod metadata;
pub mod recipes;
mod suggestion;
pub mod text;

pub use conclude::conclude;
pub use expression::{DEEPEST, LONGEST, parse, term, wording};
pub use metadata::DeclaredLicense;
