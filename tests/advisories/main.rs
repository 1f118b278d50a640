//! Holds the advisory code to independent answers about real records.
//!
//! ```text
//! cargo test --test advisories --release
//! ```
//!
//! Not part of plain `cargo test`: it needs `../shared`, `zstd`, and a Python with `packaging` and `pyyaml`, and
//! fails when one is missing. The Python is `$AUDIT_PYTHON`, else `target/venv/bin/python`, else `python3`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, and says why"
)]

mod agreement;
mod forms;
mod imports;
mod oracle;
mod pins;
mod ranges;
mod shared;
mod snapshot;
