//! Makes `advisory-db/classifiers.txt` from a folder of tables about licenses.
//!
//! ```text
//! cargo run --release --example embed_licenses -- ../shared/data/licenses advisory-db
//! ```
//!
//! `classifier-to-spdx.csv` has the columns `classifier`, `spdx` and `candidates` (with `|` between them). Facts only are
//! taken: which classifier means which license, or may mean which ones.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs, process};

use depaudit::license;

#[allow(clippy::print_stderr, reason = "a tool for the terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [tables, folder] = &arguments[..] else {
        eprintln!("usage: embed_licenses TABLES FOLDER");
        process::exit(2);
    };
    let (tables, folder) = (Path::new(tables), Path::new(folder));
    fs::write(folder.join("classifiers.txt"), classifiers(&tables.join("classifier-to-spdx.csv"))?)?;
    Ok(())
}

/// A license expression as it is written today.
fn canonical(text: &str) -> Result<String, Box<dyn Error>> {
    Ok(license::parse(text).map_err(|error| format!("`{text}`: {}", error.message))?.to_string())
}

fn classifiers(path: &Path) -> Result<String, Box<dyn Error>> {
    let mut rows: Vec<(String, &str, Vec<String>)> = Vec::new();
    for record in csv::Reader::from_path(path)?.into_records() {
        let record = record?;
        let [classifier, spdx, candidates] = [0, 1, 2].map(|at| record.get(at).unwrap_or_default());
        let (word, meant) = match (spdx, candidates) {
            ("", "") => ("unknown", ""),
            ("", _) => ("may be", candidates),
            (_, _) => ("is", spdx),
        };
        let ids = meant.split('|').filter(|id| !id.is_empty()).map(canonical).collect::<Result<_, _>>()?;
        rows.push((classifier.to_owned(), word, ids));
    }
    rows.sort();
    let mut text = String::from(
        "# Classifiers about licenses, with what each is, or may be. See README.md; written by the example embed_licenses.\n",
    );
    for (classifier, word, ids) in rows {
        writeln!(text, "{classifier}\t{word}\t{}", ids.join("|"))?;
    }
    Ok(text)
}
