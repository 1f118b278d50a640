//! `audit completions SHELL`

use super::args::CompletionOptions;
use super::exit::ExitCode;
use super::output::{Failure, Terminal};

/// Prints what the shell reads.
pub(crate) fn run(options: &CompletionOptions) -> Result<ExitCode, Failure> {
    // Into memory first: the generator stops the program when it cannot write.
    let mut text = Vec::new();
    clap_complete::generate(options.shell, &mut super::command(), "audit", &mut text);
    Terminal::print(ExitCode::Clean, |out| out.write_all(&text))?;
    Ok(ExitCode::Clean)
}
