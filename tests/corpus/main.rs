//! Real dependency files: 536 of 65 repositories, which lie in `../shared` and not in this repository.
//!
//! `cargo test --release --test corpus`. It is no part of plain `cargo test`, and fails when `../shared` is missing.
//! [`graphs`] holds every graph to an independent reading of the same file, [`markers`] every marker to what Python
//! makes of it (for which it needs a Python with `packaging`, as tests/advisories does); what differs on purpose stands
//! in [`differences`]. [`audits`] runs the program over every file.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "the counts are part of the answer")]

mod audits;
#[path = "../it/common.rs"]
#[allow(dead_code, reason = "the other test binary uses the rest")]
mod common;
mod compare;
mod differences;
mod entry;
mod files;
mod graphs;
#[path = "../it/hostile.rs"]
#[allow(dead_code, reason = "the other test binary uses the rest")]
mod hostile;
mod markers;
