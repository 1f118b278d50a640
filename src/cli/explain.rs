//! `audit explain RULE`

use super::args::ExplainOptions;
use super::exit::ExitCode;
use super::output::{Failure, Terminal};
use crate::engine::Error;
use crate::rules;

pub(crate) fn run(options: &ExplainOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let rule = rules::find(&options.rule).ok_or_else(|| {
        let message = format!("there is no rule {}", options.rule);
        let near = rules::near(&options.rule);
        Error::new(message).help(near.map_or_else(
            || "`audit rules` lists them".to_owned(),
            |near| format!("did you mean {near}? `audit rules` lists them all"),
        ))
    })?;
    let width = terminal.style().width.min(100);
    Terminal::print(ExitCode::Clean, |out| out.write_all(rules::explain(rule, width).as_bytes()))?;
    Ok(ExitCode::Clean)
}
