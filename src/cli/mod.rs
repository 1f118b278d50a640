//! The command line: options, exit codes, the terminal. The only place that prints.

mod args;
mod audit;
mod completions;
mod db;
mod exit;
mod explain;
mod graph;
mod init;
mod levels;
mod licenses;
mod name;
mod output;
mod progress;
mod rules;

use std::ffi::OsString;

use clap::Parser as _;

pub use args::command;
use args::{Arguments, Command};
pub use exit::ExitCode;

/// Runs the program with these arguments (the first is its name) and tells how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return output::usage(&error),
    };
    let terminal = output::Terminal::new(&arguments);
    let result = match &arguments.command {
        None => audit::run(&arguments.audit, &terminal),
        Some(Command::Graph(options)) => graph::graph(options, &terminal),
        Some(Command::Why(options)) => graph::why(options, &terminal),
        Some(Command::Init(options)) => init::run(options),
        Some(Command::Licenses(options)) => licenses::run(options, &terminal),
        Some(Command::Name(options)) => name::run(options, &terminal),
        Some(Command::Explain(options)) => explain::run(options, &terminal),
        Some(Command::Rules(options)) => rules::run(options, &terminal),
        Some(Command::Diff(options)) => audit::diff(options, &terminal),
        Some(Command::Db(options)) => db::run(options, &terminal),
        Some(Command::Completions(options)) => completions::run(options),
    };
    match result {
        Ok(code) | Err(output::Failure::ClosedPipe(code)) => code,
        Err(output::Failure::Run(error)) => {
            terminal.problem(&error);
            ExitCode::CouldNotRun
        }
    }
}
