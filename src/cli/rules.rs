//! `audit rules`

use super::args::RulesOptions;
use super::exit::ExitCode;
use super::output::{Failure, Terminal};
use crate::rules;

pub(crate) fn run(_: &RulesOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let style = terminal.style();
    Terminal::print(ExitCode::Clean, |out| out.write_all(rules::list(style.width).as_bytes()))?;
    Ok(ExitCode::Clean)
}
