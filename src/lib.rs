//! `audit` tells people whether the Python packages they depend on are vulnerable, malicious, lying about
//! their name, or under terms they cannot accept.
//!
//! The folders are layers; a folder imports only from lower ones (`tests/it/layering.rs` holds that):
//!
//! ```text
//! 4  cli                          clap, exit codes, terminal; the only place that prints
//! 3  engine                       order of work, threads, files, the clock
//! 2  rules  report                what is wrong | how it is written
//! 1  inputs  advisory  license  names  policy   each knows one kind of thing, blind to the others
//! 0  model                        nouns
//! ```

pub mod advisory;
pub mod cli;
pub mod engine;
pub mod inputs;
pub mod license;
pub mod model;
pub mod names;
pub mod policy;
pub mod report;
pub mod rules;
