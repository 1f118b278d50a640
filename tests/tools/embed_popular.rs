//! Makes `advisory-db/popular.txt`, the most downloaded projects in the order of their rank, from a table with the
//! columns `rank`, `name` and `downloads_30d`.
//!
//! ```text
//! cargo run --release --example embed_popular -- ../shared/data/popular/top-pypi-2026-04-01.csv 2026-04-01 \
//!     >advisory-db/popular.txt
//! ```

use std::collections::BTreeSet;
use std::error::Error;
use std::{env, process};

use depaudit::model::PackageName;

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [path, day] = &arguments[..] else {
        eprintln!("usage: embed_popular TABLE.csv DAY");
        process::exit(2);
    };
    let mut rows: Vec<(u32, PackageName)> = Vec::new();
    for record in csv::Reader::from_path(path)?.into_records() {
        let record = record?;
        let (Some(rank), Some(name)) = (record.get(0), record.get(1)) else {
            return Err("a row is short".into());
        };
        rows.push((rank.parse()?, PackageName::new(name)));
    }
    rows.sort();
    println!(
        "# The most downloaded projects of {day}, by rank. See README.md; written by the example embed_popular."
    );
    let mut seen = BTreeSet::new();
    for (_, name) in rows {
        if name.is_well_formed() && seen.insert(name.clone()) {
            println!("{name}");
        }
    }
    Ok(())
}
