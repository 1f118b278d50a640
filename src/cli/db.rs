//! `audit db import`

use super::args::{DbCommand, DbOptions};
use super::exit::ExitCode;
use super::output::{Failure, Terminal};

pub(crate) fn run(options: &DbOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let DbCommand::Import(_) = &options.command;
    let _ = terminal;
    Ok(ExitCode::Clean)
}
