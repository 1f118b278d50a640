//! Makes `advisory-db/`, the source of the embedded snapshot, from OSV records.
//!
//! ```text
//! cargo run --release --example embed_advisories -- ../shared/data/advisories/PyPI/all.zip advisory-db
//! ```
//!
//! Only sources listed in `advisory-db/sources.json` are taken; update origin and commit there by hand.

use std::error::Error;
use std::path::PathBuf;
use std::{env, process};

use depaudit::advisory::{ImportOptions, write_snapshot_source};

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let (Some(folder), false) = (arguments.pop(), arguments.is_empty()) else {
        eprintln!("usage: embed_advisories SOURCE... FOLDER");
        process::exit(2);
    };
    // An archive's own date is what limits dates; a folder's records may say what they like.
    let report = write_snapshot_source(&arguments, &folder, &ImportOptions::new("9999-12-31"))?;
    for (name, published, records) in report.sources {
        println!("{name}: {records} records, {published}");
    }
    for refused in &report.refused {
        println!("left out: {}: {}", refused.place, refused.reason);
    }
    Ok(())
}
