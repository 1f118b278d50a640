//! Pipenv: `Pipfile`, which people write, and `Pipfile.lock`, which lists what was resolved.
//!
//! Sources: the Pipfile specification (pypa/pipfile) and Pipenv's documentation, "Pipfile & Pipfile.lock" and
//! "Specifiers". Categories are groups under the names that the lock gives them: `[packages]` is `default`,
//! `[dev-packages]` is `develop`, any other keeps its own.

mod entry;
mod lock;
mod manifest;
mod table;

pub(super) use lock::PIPFILE_LOCK;
pub(super) use manifest::PIPFILE;
