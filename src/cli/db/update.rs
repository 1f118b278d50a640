//! `audit db update`

use std::io::{IsTerminal as _, stderr};
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::{left_out, megabytes, source_words, user_store};
use crate::advisory::{self, Progress, Unit, UpdateError, UpdateReport};
use crate::cli::args::UpdateOptions;
use crate::cli::audit::today;
use crate::cli::exit::ExitCode;
use crate::cli::output::{Failure, Terminal};
use crate::engine::Error;
use crate::report::sanitize;

/// How often a bar is drawn while nothing happens.
const TICK: Duration = Duration::from_millis(100);

impl From<UpdateError> for Error {
    fn from(error: UpdateError) -> Self {
        Self { message: error.message, help: error.help, places: None }
    }
}

pub(crate) fn run(options: &UpdateOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let store = match &options.db {
        Some(file) => file.clone(),
        None => user_store()?,
    };
    let today = today(None)?.to_string();
    let detail = terminal.style().detail;
    let wanted = advisory::UpdateOptions {
        sources: &options.source,
        store: &store,
        import: advisory::ImportOptions::new(&today),
        full: options.full,
        force: options.force,
        patience: Duration::from_secs(options.timeout),
    };
    let mut bar =
        Bar { shown: detail >= 0 && !options.no_progress && stderr().is_terminal(), detail, drawn: None };
    let report = advisory::update(&wanted, &mut bar).map_err(Error::from)?;
    left_out(&report.refused, terminal);
    if detail >= 0 {
        Terminal::print(ExitCode::Clean, |out| summary(&report, &store, out))?;
    }
    Ok(ExitCode::Clean)
}

fn summary(report: &UpdateReport, store: &Path, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    writeln!(out, "{}", if report.changed { "updated" } else { "already up to date" })?;
    for source in &report.sources {
        let old = report.before.iter().find(|old| old.name == source.name);
        let now = match old {
            Some(old) if old == source && report.kept.contains(&source.name) => " (kept)".to_owned(),
            Some(old) if old == source => String::new(),
            Some(old) => format!(" (before: {} of {})", old.records, old.published),
            None => " (new)".to_owned(),
        };
        writeln!(out, "{}{now}", source_words(source))?;
    }
    if let Some(fetched) = report.increment {
        writeln!(out, "{fetched} changed {} fetched", if fetched == 1 { "record" } else { "records" })?;
    }
    if !report.refused.is_empty() {
        writeln!(out, "{} left out because they could not be read", report.refused.len())?;
    }
    let verb = if report.changed { "wrote " } else { "" };
    let file = store.to_string_lossy();
    writeln!(out, "{verb}{} ({})", sanitize::line(&file), megabytes(report.size))
}

/// A bar on standard error that vanishes; nothing when nobody looks.
struct Bar {
    shown: bool,
    detail: i8,
    drawn: Option<ProgressBar>,
}

impl Progress for Bar {
    fn begin(&mut self, what: &str, unit: Unit, total: Option<u64>) {
        self.end();
        if !self.shown {
            return;
        }
        let template = match (unit, total) {
            (Unit::Bytes, Some(_)) => "{msg} {wide_bar} {bytes}/{total_bytes} {eta}",
            (Unit::Bytes, None) => "{spinner} {msg} {bytes}",
            (Unit::Records, Some(_)) => "{msg} {wide_bar} {pos}/{len} {eta}",
            (Unit::Records, None) => "{spinner} {msg}",
        };
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        // A template is ours; one with a mistake would be the default instead.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(sanitize::line(what).into_owned());
        bar.enable_steady_tick(TICK);
        self.drawn = Some(bar);
    }

    fn advance(&mut self, done: u64) {
        if let Some(bar) = &self.drawn {
            bar.set_position(done);
        }
    }

    fn end(&mut self) {
        if let Some(bar) = self.drawn.take() {
            bar.finish_and_clear();
        }
    }

    fn note(&mut self, text: &str) {
        if self.detail >= 0 {
            self.end();
            Terminal::say(&format!("note: {text}"));
        }
    }
}
