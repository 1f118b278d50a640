//! `audit db verify`

use super::{shown, user_store};
use crate::advisory::{self, Database};
use crate::cli::args::VerifyOptions;
use crate::cli::exit::ExitCode;
use crate::cli::output::{Failure, Terminal};
use crate::engine::Error;
use crate::report::words::count;

pub(crate) fn run(options: &VerifyOptions) -> Result<ExitCode, Failure> {
    let mut code = ExitCode::Clean;
    if let Some(file) = &options.file {
        check(&shown(file), Database::open(file), &mut code)?;
        return Ok(code);
    }
    if let Some(file) = user_store().ok().filter(|file| file.exists()) {
        check(&shown(&file), Database::open(&file), &mut code)?;
    }
    check("what is built in", Database::embedded(), &mut code)?;
    Ok(code)
}

/// Checks one store and says what was found.
fn check(name: &str, opened: Result<Database, advisory::Error>, code: &mut ExitCode) -> Result<(), Failure> {
    let checked = opened.and_then(|database| database.verify().map(|()| database.info()));
    match checked {
        Ok(info) => {
            let sources: Vec<_> = info.sources.iter().map(|source| source.name.as_str()).collect();
            let records = info.sources.iter().map(|source| source.records).sum();
            let records = count(records, "record", "records");
            Terminal::print(*code, |out| {
                writeln!(
                    out,
                    "{name}: whole: {records} of {}; sha256 {}",
                    super::safe(&sources.join(", ")),
                    info.sha256
                )
            })
        }
        Err(error @ advisory::Error::Damaged { .. }) => {
            *code = ExitCode::Findings;
            Terminal::print(*code, |out| {
                writeln!(out, "{name}: NOT whole: {}", super::safe(&error.to_string()))
            })
        }
        Err(error) => Err(Error::from(error).into()),
    }
}
