//! `audit db import`, and the way to the other commands about the database

use std::path::{Path, PathBuf};

use super::args::{DbCommand, DbOptions, ImportOptions};
use super::audit::{data_folder, today};
use super::exit::ExitCode;
use super::output::{Failure, Terminal};
use crate::advisory::{self, ImportReport, RefusedRecord, STORE_FILE, StoreLock};
use crate::engine::Error;

/// How many refused records are listed without `-v`.
const LISTED: usize = 10;

pub(crate) fn run(options: &DbOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    match &options.command {
        DbCommand::Import(options) => import(options, terminal),
        DbCommand::Update(options) => super::db_update::run(options, terminal),
    }
}

fn import(options: &ImportOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let file = match &options.db {
        Some(file) => file.clone(),
        None => user_store()?,
    };
    let _lock = StoreLock::take(&file).map_err(Error::from)?;
    let today = today(None)?.to_string();
    let mut settings = advisory::ImportOptions::new(&today);
    // A named file holds what is imported and nothing else; the user's store keeps its other sources.
    settings.keep = Some(file.as_path()).filter(|file| options.db.is_none() && file.exists());
    let (bytes, report) = advisory::import(&options.sources, &settings).map_err(Error::from)?;
    if report.records == 0 {
        return Err(Error::new("no advisory about a Python package was found, nothing was written")
            .help("name an OSV ecosystem zip (PyPI/all.zip), a folder of OSV records, or single records")
            .into());
    }
    advisory::write_store(&file, &bytes).map_err(Error::from)?;
    summary(&report, &file, bytes.len(), terminal)?;
    Ok(ExitCode::Clean)
}

pub(crate) fn user_store() -> Result<PathBuf, Error> {
    let folder = data_folder().ok_or_else(|| {
        Error::new("cannot tell the data folder of this user").help("name a file with --db")
    })?;
    std::fs::create_dir_all(&folder)
        .map_err(|error| Error::new(format!("cannot create {}: {error}", folder.display())))?;
    Ok(folder.join(STORE_FILE))
}

/// Lists the records that were left out: the first ones, or all with `-v`.
pub(crate) fn left_out(refused: &[RefusedRecord], terminal: &Terminal) {
    let all = terminal.style().detail > 0;
    for refused in refused.iter().take(if all { usize::MAX } else { LISTED }) {
        Terminal::say(&format!("left out: {}: {}", refused.place, refused.reason));
    }
    if refused.len() > LISTED && !all {
        Terminal::say(&format!("… and {} more (-v lists all)", refused.len() - LISTED));
    }
}

fn summary(report: &ImportReport, file: &Path, size: usize, terminal: &Terminal) -> Result<(), Failure> {
    left_out(&report.refused, terminal);
    Terminal::print(ExitCode::Clean, |out| {
        for source in &report.sources {
            let kept = if report.kept.contains(&source.name) { " (kept)" } else { "" };
            writeln!(out, "{}: {} records of {}{kept}", source.name, source.records, source.published)?;
        }
        let mut counts = vec![format!("{} records read", report.records)];
        let mut add = |number: usize, what: &str| {
            if number > 0 {
                counts.push(format!("{number} {what}"));
            }
        };
        add(report.withdrawn, "of them withdrawn");
        add(report.other, "about other ecosystems passed over");
        add(report.refused.len(), "left out because they could not be read");
        add(report.odd_fields, "odd fields");
        writeln!(out, "{}", counts.join(", "))?;
        writeln!(
            out,
            "wrote {} ({})",
            crate::report::sanitize::line(&file.to_string_lossy()),
            megabytes(size as u64)
        )
    })
}

/// A size for people: `5.3 MB`.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}
