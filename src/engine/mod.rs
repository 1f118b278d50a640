//! The order of work: paths to units, units to projects, projects to findings, findings to a settled [`Report`].
//!
//! Threads, files and the clock live here and nowhere else. What a run found is settled (levels, ignores, order,
//! verdict) before anything is rendered.
//!
//! [`Report`]: crate::model::Report

mod against;
mod baseline;
mod check;
mod check_unit;
mod collect;
mod compare;
mod concern;
mod discover;
mod environment;
mod error;
mod explain;
mod extra;
mod file_system;
mod git;
mod ignores;
mod license_report;
mod license_rows;
mod licensing;
mod look;
mod name;
mod own_texts;
mod parse;
mod past;
mod pip_config;
mod policy_file;
mod progress;
mod releases;
mod selection;
mod settle;
mod standing;
mod tree;
mod units;
mod untrusted;
mod vex;
mod walls;
mod wheel;

pub use against::{Against, Side};
pub use check::{Audit, Options, audit, open_database};
pub use collect::Request;
pub use concern::{Concern, concern};
pub use error::{Error, Place};
pub use explain::{Explained, explain};
pub use look::{GraphInput, Looked, Ways, graph, why};
pub use name::NameJudge;
pub use policy_file::{PolicyChoice, has_policy};
pub use progress::Progress;
pub use tree::words;
