//! `pdm.lock`: from the time before lock versions (`sections`, tables of dependencies) to lock version 4.5.
//!
//! A package with extras has a second entry, which depends on the plain one. As with `poetry.lock`, a file is read as a
//! whole or not at all. Source: PDM, "Lock file" (`docs/usage/lockfile`), and what PDM writes.

mod edge;
mod lock;

pub use lock::FORMAT;
