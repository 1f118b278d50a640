//! `audit name NAME...`

use std::io::{self, BufRead, IsTerminal, Write};

use super::args::NameOptions;
use super::audit::policy;
use super::exit::ExitCode;
use super::output::{Failure, Terminal};
use crate::engine::{Error, NameJudge};
use crate::names::Verdict;
use crate::report::names::find;

pub(crate) fn run(options: &NameOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let from_input = options.names.is_empty();
    if from_input && io::stdin().is_terminal() {
        let error = Error::new("no name was given".to_owned());
        return Err(error
            .help("write `audit name requests`, or give one name a line on standard input")
            .into());
    }
    let here = std::env::current_dir()
        .map_err(|error| Error::new(format!("cannot tell what the working folder is: {error}")))?;
    let judge = NameJudge::new(&policy(options.config.as_deref(), options.no_config), &here)?;
    let Some(format) = find(&options.format) else {
        return Err(Error::new(format!("there is no format {}", options.format)).into());
    };
    let mut worst = Verdict::Ok;
    let mut code = ExitCode::Clean;
    let mut judged = 0_usize;
    let mut each = |name: &str, out: &mut dyn Write| {
        let judgement = judge.judge(name);
        worst = worst.max(judgement.verdict);
        if worst > Verdict::Ok {
            code = ExitCode::Findings;
        }
        judged += 1;
        (format.render)(&judgement, terminal.style(), out)
    };
    let mut unread = None;
    Terminal::print(ExitCode::Findings, |out| {
        for name in &options.names {
            each(name, out)?;
        }
        if from_input {
            unread = lines(|line| each(line, out))?;
        }
        Ok(())
    })?;
    if let Some(error) = unread {
        return Err(Error::new(format!("cannot read standard input: {error}")).into());
    }
    if judged == 0 {
        let error = Error::new("standard input holds no name".to_owned());
        return Err(error.help("give one name a line").into());
    }
    Ok(code)
}

/// The longest line that is read; what comes after is the next one.
const LONGEST_LINE: u64 = 64 * 1024;

/// Calls `each` with every line of standard input that is not blank; the error with which reading ended.
fn lines(mut each: impl FnMut(&str) -> io::Result<()>) -> io::Result<Option<io::Error>> {
    let mut input = io::stdin().lock();
    let mut first = true;
    loop {
        let mut line = Vec::new();
        match io::Read::take(&mut input, LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            Err(error) => return Ok(Some(error)),
        }
        let text = String::from_utf8_lossy(&line);
        let text = if first { text.strip_prefix('\u{feff}').unwrap_or(&text) } else { &text };
        first = false;
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        if !text.is_empty() {
            each(text)?;
        }
    }
}
