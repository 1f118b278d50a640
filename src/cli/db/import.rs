//! `audit db import`

use std::path::Path;

use super::{left_out, megabytes, shown, source_words, user_store};
use crate::advisory::{self, ImportReport, StoreLock};
use crate::cli::args::ImportOptions;
use crate::cli::audit::today;
use crate::cli::exit::ExitCode;
use crate::cli::output::{Failure, Terminal};
use crate::engine::Error;

pub(crate) fn run(options: &ImportOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
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
    if report.records + report.risks == 0 {
        return Err(Error::new("no advisory about a Python package was found, nothing was written")
            .help("name an OSV ecosystem zip (PyPI/all.zip), a folder of OSV records, or single records")
            .into());
    }
    advisory::write_store(&file, &bytes).map_err(Error::from)?;
    summary(&report, &file, bytes.len(), terminal)?;
    Ok(ExitCode::Clean)
}

fn summary(report: &ImportReport, file: &Path, size: usize, terminal: &Terminal) -> Result<(), Failure> {
    left_out(&report.refused, terminal);
    Terminal::print(ExitCode::Clean, |out| {
        for source in &report.sources {
            let kept = if report.kept.contains(&source.name) { " (kept)" } else { "" };
            writeln!(out, "{}{kept}", source_words(source))?;
        }
        let mut counts = vec![format!("{} records read", report.records)];
        let mut add = |number: usize, what: &str| {
            if number > 0 {
                counts.push(format!("{number} {what}"));
            }
        };
        add(report.withdrawn, "of them withdrawn");
        add(report.risks, "CVE ids with what is known about their exploitation");
        add(report.other, "about other ecosystems passed over");
        add(report.refused.len(), "left out because they could not be read");
        add(report.odd_fields, "odd fields");
        writeln!(out, "{}", counts.join(", "))?;
        writeln!(out, "wrote {} ({})", shown(file), megabytes(size as u64))
    })
}
