//! `audit licenses [PATH]...`

use std::path::Path;

use super::args::LicensesOptions;
use super::audit::{data_folder, policy, request, today, write_file};
use super::exit::ExitCode;
use super::output::{Failure, Terminal};
use super::progress::watched;
use crate::engine::{self, Audit, Error, Options};
use crate::model::{LicenseReport, SourceMap};
use crate::report::Style;
use crate::report::licenses::{Format, differs, find};

/// A notice longer than this is not compared.
const LARGEST_NOTICE: u64 = 256 * 1024 * 1024;

pub(crate) fn run(options: &LicensesOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let request = request(&options.paths, options.selection.selection())?;
    let settings = Options {
        policy: policy(options.policy.config.as_deref(), options.policy.no_config),
        levels: options.levels.0.clone(),
        metadata: options.metadata.clone(),
        only_licenses: true,
        data_folder: data_folder(),
        allow_incomplete: options.allow_incomplete,
        today: today(options.today)?,
        ..Options::default()
    };
    let wanted = !options.paths.no_progress && terminal.style().detail >= 0;
    let audited = watched(&request.progress, wanted, || engine::audit(&request, &settings))?;
    let Audit { mut report, sources } = audited;
    let code = ExitCode::of(&report);
    let Some(report) = report.licenses.take() else {
        return Err(Error::new("the audit gave no license report").into());
    };
    if let Some(file) = &options.check {
        return check(file, &report, &sources, options.allow_incomplete, terminal);
    }
    for (name, file) in &options.report {
        let text = rendered(format(name)?, &report, &sources)?;
        write_file(file, &text)
            .map_err(|error| Error::new(format!("cannot write the report {}: {error}", file.display())))?;
    }
    let format = format(&options.format)?;
    // A table says itself what was not read; other formats have no room for it.
    if options.format != "table" {
        terminal.skips(&report.skipped, &[], &sources);
    }
    Terminal::print(code, |out| (format.render)(&report, &sources, terminal.style(), out))?;
    Ok(code)
}

fn format(name: &str) -> Result<&'static Format, Error> {
    find(name).ok_or_else(|| Error::new(format!("there is no license report format {name}")))
}

fn rendered(format: &Format, report: &LicenseReport, sources: &SourceMap) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    let style = Style { width: 100, color: false, detail: 1 };
    (format.render)(report, sources, style, &mut text)
        .map_err(|error| Error::new(format!("cannot write the license report: {error}")))?;
    Ok(text)
}

/// `--check FILE`: whether a committed notice is that of today.
fn check(
    file: &Path,
    report: &LicenseReport,
    sources: &SourceMap,
    allow_incomplete: bool,
    terminal: &Terminal,
) -> Result<ExitCode, Failure> {
    let cannot = |why: String| Error::new(format!("cannot check {}: {why}", file.display()));
    let data = std::fs::metadata(file).map_err(|error| cannot(engine::words(&error)))?;
    if data.len() > LARGEST_NOTICE || !data.is_file() {
        return Err(cannot("it is no file of a bearable size".to_owned()).into());
    }
    let old = std::fs::read(file).map_err(|error| cannot(engine::words(&error)))?;
    let old = String::from_utf8_lossy(&old);
    let new = rendered(format("notice")?, report, sources)?;
    let new = String::from_utf8_lossy(&new);
    terminal.skips(&report.skipped, &[], sources);
    match differs(&old, &new) {
        None => {
            Terminal::say(&format!("{} is up to date", file.display()));
            // What was not read is not in the notice either; what the policy denies is not asked here.
            let is_whole = allow_incomplete || report.summary.skipped == 0;
            Ok(if is_whole { ExitCode::Clean } else { ExitCode::Incomplete })
        }
        Some(difference) => {
            let difference = difference.to_string();
            let mut lines = difference.lines();
            Terminal::say(&format!(
                "{} is out of date: {}",
                file.display(),
                lines.next().unwrap_or_default()
            ));
            lines.for_each(Terminal::say);
            Terminal::say("write it again with `audit licenses --format notice`");
            Ok(ExitCode::Findings)
        }
    }
}
