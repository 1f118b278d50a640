//! `audit db export`

use super::shown;
use crate::advisory::{self, Database};
use crate::cli::args::ExportOptions;
use crate::cli::audit::data_folder;
use crate::cli::exit::ExitCode;
use crate::cli::output::{Failure, Terminal};
use crate::engine::{Error, open_database};
use crate::report::words::count;

pub(crate) fn run(options: &ExportOptions) -> Result<ExitCode, Failure> {
    let database = open_database(None, data_folder().as_deref())?;
    let bytes = database.export().map_err(Error::from)?;
    let sha256 = advisory::sha256_of(&bytes);
    let size = bytes.len();
    // What is carried over a border is checked before it leaves, not after.
    let exported = Database::from_bytes(bytes.clone()).map_err(Error::from)?;
    exported.verify().map_err(Error::from)?;
    let info = exported.info();
    if info != database.info() {
        return Err(Error::new("the export does not hold what is in use; nothing was written").into());
    }
    advisory::write_store(&options.file, &bytes).map_err(Error::from)?;
    Terminal::print(ExitCode::Clean, |out| {
        for source in &info.sources {
            let records = count(source.records, "record", "records");
            writeln!(out, "{}: {records} of {}", super::safe(&source.name), super::safe(&source.published))?;
        }
        writeln!(out, "sha256 of what it holds: {}", info.sha256)?;
        writeln!(
            out,
            "wrote {} ({}.{} MB)",
            shown(&options.file),
            size / 1_000_000,
            size % 1_000_000 / 100_000
        )?;
        writeln!(out, "sha256 of the file: {sha256}")
    })?;
    Ok(ExitCode::Clean)
}
