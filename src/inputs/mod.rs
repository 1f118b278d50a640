//! Dependency files: one file (or folder) per format, each answering "is this file yours?" and "what does it say?".
//!
//! A reader gets bytes and gives an [`Input`]: entries, edges and spans, and a [`Skipped`](crate::model::Skipped)
//! with its place for each thing that it could not read. It never fails as a whole, never panics, never executes
//! anything, and opens no file: what an include names is asked of [`Files`], which the engine implements.
//!
//! To add a format: write `src/inputs/<format>.rs`, add its `mod` line and its entry in [`FORMATS`], add fixtures
//! under `fixtures/inputs/<format>/`. The formats may use the shared readers but not one another.

mod detect;
mod digests;
mod environment_yml;
mod index_tables;
mod ini;
mod inline_ignore;
pub mod installed;
mod json_events;
pub mod lock_hash;
pub mod pdm_lock;
pub mod pip_config;
mod pipenv;
mod plain_text;
pub mod poetry_lock;
mod poetry_marker;
pub mod pylock;
pub mod pyproject;
pub mod requirement;
mod requirements_txt;
mod sbom;
mod script;
mod setup_cfg;
mod toml_events;
mod toml_lock;
pub mod uv_lock;

use crate::model::{Input, Sources};

/// What only the fuzz targets below `tests/fuzz` reach: whether the shared readers agree with the crates that define
/// their notations. Not part of any other build.
#[cfg(fuzzing)]
pub mod fuzzing {
    /// The TOML reader against `toml`; panics when they disagree.
    pub fn assert_toml_agreement(text: &str) {
        super::toml_events::assert_agreement(text);
    }

    /// The JSON reader against `serde_json`; panics when they disagree.
    pub fn assert_json_agreement(text: &str) {
        super::json_events::assert_agreement(text);
    }
}

pub use crate::model::Role;
pub use detect::{Detected, by_kind, detect, detect_named, setup_lists_requirements};
pub use digests::{digests, digests_apart};

/// A dependency file format.
#[derive(Debug)]
pub struct Format {
    /// Its name in outputs.
    pub kind: &'static str,
    /// The part it plays.
    pub role: Role,
    /// Where the manifest lies that a lock of this format is made from.
    pub manifest: Manifest,
    /// How a lock of this format is made again; `None` when no one tool makes it.
    pub commands: Option<Commands>,
    /// Whether discovery takes a file with this path (relative to the root, `/` between folders).
    pub detect: fn(path: &str) -> bool,
    /// Reads a file.
    pub read: fn(reading: Reading<'_>) -> Input,
}

/// How the tool that made a lock makes it again. `FILE` stands for the name of its manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commands {
    /// After a change of the manifest.
    pub lock: &'static str,
    /// To move one package, whose name is added at the end.
    pub upgrade: &'static str,
}

/// Where the manifest of a lock lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manifest {
    /// The format is no lock, or its locks are made from anything.
    None,
    /// In the same folder, under this name.
    Beside(&'static str),
    /// The same; a lock of another name than `whole` is made from any part of it.
    PartlyBeside {
        /// The name of the manifest.
        manifest: &'static str,
        /// The name of a lock that is made from all of it.
        whole: &'static str,
    },
    /// In the same folder, under the lock's own name without its last extension (`tool.py` of `tool.py.lock`).
    Stem,
}

impl Manifest {
    /// The file name of the manifest of the lock that is called `lock`.
    pub fn of(self, lock: &str) -> Option<String> {
        match self {
            Self::None => None,
            Self::Beside(name) | Self::PartlyBeside { manifest: name, .. } => Some(name.to_owned()),
            Self::Stem => lock.rsplit_once('.').map(|(stem, _)| stem.to_owned()),
        }
    }

    /// Whether the lock that is called `lock` is made from all of its manifest.
    pub fn is_whole(self, lock: &str) -> bool {
        match self {
            Self::PartlyBeside { whole, .. } => lock == whole,
            _ => true,
        }
    }
}

/// All formats, sorted by kind.
pub static FORMATS: &[&Format] = &[
    &pipenv::PIPFILE,
    &pipenv::PIPFILE_LOCK,
    &requirements_txt::CONSTRAINTS_TXT,
    &sbom::FORMAT,
    &environment_yml::FORMAT,
    &installed::FORMAT,
    &pdm_lock::FORMAT,
    &script::FORMAT,
    &poetry_lock::FORMAT,
    &pylock::FORMAT,
    &pyproject::FORMAT,
    &requirements_txt::REQUIREMENTS_IN,
    &requirements_txt::REQUIREMENTS_TXT,
    &setup_cfg::FORMAT,
    &uv_lock::SCRIPT,
    &uv_lock::FORMAT,
];

/// A file to read.
pub struct Reading<'a> {
    /// Its path relative to the root, with `/`.
    pub path: &'a str,
    /// Its content as it lies on the disk.
    pub bytes: Vec<u8>,
    /// Where the reader puts the texts that its spans point into.
    pub sources: &'a mut Sources,
    /// How it reaches the files that it includes.
    pub files: &'a mut dyn Files,
}

/// The files that an input may include.
pub trait Files {
    /// Reads the file that `target`, as written in the file at path `from`, names: relative to the folder of `from`.
    fn include(&mut self, from: &str, target: &str) -> Result<Included, Refusal>;

    /// The names of what lies in a folder, sorted.
    fn list(&mut self, folder: &str) -> Result<Vec<String>, Refusal>;
}

/// An included file.
#[derive(Debug)]
pub struct Included {
    /// Its path relative to the root, with `/`: the same text for the same file, however it was written.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Why an include was not read: missing, unreadable, too large, outside the root. Words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong and what to do; lower case, no full stop. Never any content of the file.
    pub why: String,
}
