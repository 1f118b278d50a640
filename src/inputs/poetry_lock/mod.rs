//! `poetry.lock`: every generation, from `[metadata.hashes]` of the time before 1.0 to lock-version 2.1.
//!
//! A lock is read as a whole or not at all: one that is cut off, conflicted or newer than this program is skipped
//! with its place, never half audited.

mod dependency;
mod lock;
mod package;

pub use lock::FORMAT;
