//! `audit init`

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use super::args::InitOptions;
use super::exit::ExitCode;
use super::output::{Failure, Terminal};
use crate::engine::{self, Error};
use crate::policy::{LicenseStance, starter};

/// The file that is written.
const FILE: &str = "audit.toml";

pub(crate) fn run(options: &InitOptions) -> Result<ExitCode, Failure> {
    let stance = options.licenses.as_deref().and_then(LicenseStance::from_word);
    let text = starter(stance);
    if options.stdout {
        Terminal::print(ExitCode::Clean, |out| out.write_all(text.as_bytes()))?;
        return Ok(ExitCode::Clean);
    }
    if engine::has_policy(Path::new("pyproject.toml")) {
        let error = Error::new("cannot write audit.toml: pyproject.toml has a [tool.audit] table already");
        return Err(error.help("two policies in one folder are an error: add to that one").into());
    }
    // Never over what somebody wrote, and not through a link.
    let file = OpenOptions::new().write(true).create_new(true).open(FILE);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::AlreadyExists => "there is one already".to_owned(),
            _ => engine::words(&error),
        };
        Error::new(format!("cannot write {FILE}: {why}"))
            .help("`audit init --stdout` prints what it would hold")
    })?;
    Terminal::say(&format!("wrote {FILE}"));
    Ok(ExitCode::Clean)
}
