//! Makes `advisory-db/classifiers.txt` and `advisory-db/licenses.txt` from a folder of tables about licenses.
//!
//! ```text
//! cargo run --release --example embed_licenses -- ../shared/data/licenses advisory-db
//! ```
//!
//! `classifier-to-spdx.csv` has the columns `classifier`, `spdx` and `candidates` (with `|` between them). Facts only are
//! taken: which classifier means which license, or may mean which ones.
//!
//! `license-consensus.csv` has the columns `name` and `sources` (`source=expression; source=expression`),
//! `license-observations.csv` the columns `name`, `version`, `spdx` and `source`. An expression that more than half of the
//! sources give is taken, with the newest version about which one of them said it; else all that were given.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::str::FromStr;
use std::{env, fs, process};

use depaudit::license;
use depaudit::model::PackageName;
use pep440_rs::Version;

#[allow(clippy::print_stderr, reason = "a tool for the terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [tables, folder] = &arguments[..] else {
        eprintln!("usage: embed_licenses TABLES FOLDER");
        process::exit(2);
    };
    let (tables, folder) = (Path::new(tables), Path::new(folder));
    fs::write(folder.join("classifiers.txt"), classifiers(&tables.join("classifier-to-spdx.csv"))?)?;
    fs::write(folder.join("licenses.txt"), recipes(tables)?)?;
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

/// The same terms in any order give the same text.
fn ordered(text: &str) -> Option<String> {
    license::parse(text).ok().map(|expression| expression.sorted().to_string())
}

fn recipes(tables: &Path) -> Result<String, Box<dyn Error>> {
    // The newest version that a source said something about, by name, source and expression.
    let mut versions: BTreeMap<(String, String, String), Version> = BTreeMap::new();
    for record in csv::Reader::from_path(tables.join("license-observations.csv"))?.into_records() {
        let record = record?;
        let [name, version, spdx, source] = [0, 1, 3, 4].map(|at| record.get(at).unwrap_or_default());
        if let (Ok(version), Some(spdx)) = (Version::from_str(version), ordered(spdx)) {
            let newest =
                versions.entry((name.to_owned(), source.to_owned(), spdx)).or_insert(version.clone());
            *newest = version.max(newest.clone());
        }
    }
    let mut lines: BTreeSet<String> = BTreeSet::new();
    for record in csv::Reader::from_path(tables.join("license-consensus.csv"))?.into_records() {
        let record = record?;
        let [name, sources] = [0, 4].map(|at| record.get(at).unwrap_or_default());
        let said: Vec<(&str, String)> = sources
            .split("; ")
            .filter_map(|one| one.split_once('='))
            .filter_map(|(source, text)| Some((source, ordered(text)?)))
            .collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, expression) in &said {
            *counts.entry(expression).or_default() += 1;
        }
        let Some((winner, count)) = counts.iter().max_by_key(|(_, count)| **count) else { continue };
        let agreed = *count * 2 > said.len();
        let taken: Vec<&str> = if agreed { vec![*winner] } else { counts.keys().copied().collect() };
        // Curated data about single versions has versions that never were; recipes follow the releases.
        let newest = |curated: bool| {
            said.iter()
                .filter(|(source, spdx)| {
                    taken.contains(&spdx.as_str()) && (*source == "clearlydefined") == curated
                })
                .filter_map(|(source, spdx)| {
                    versions.get(&(name.to_owned(), (*source).to_owned(), spdx.clone()))
                })
                .max()
        };
        let newest = newest(false).or_else(|| newest(true));
        let newest = newest.map(ToString::to_string).unwrap_or_default();
        let count = if agreed { *count } else { said.len() };
        let name = PackageName::new(name);
        if name.is_well_formed() {
            lines.insert(format!("{name}\t{}\t{newest}\t{count}/{}", taken.join("|"), said.len()));
        }
    }
    let mut text = String::from(
        "# What recipes of distributions say about licenses. See README.md; written by the example embed_licenses.\n",
    );
    for line in lines {
        writeln!(text, "{line}")?;
    }
    Ok(text)
}
