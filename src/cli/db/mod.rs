//! `audit db`: one file per command.

mod diff;
mod export;
mod import;
mod show;
mod status;
mod update;
mod verify;

use std::path::{Path, PathBuf};

use super::args::{DbCommand, DbOptions};
use super::audit::data_folder;
use super::exit::ExitCode;
use super::output::{Failure, Terminal};
use crate::advisory::{Origin, RefusedRecord, STORE_FILE, SourceKind};
use crate::engine::Error;
use crate::model::AdvisorySource;
use crate::report::sanitize;
use crate::report::words::count;
use crate::report::wrap::lines;

/// How many refused records are listed without `-v`.
const LISTED: usize = 10;

pub(crate) fn run(options: &DbOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    match &options.command {
        DbCommand::Import(options) => import::run(options, terminal),
        DbCommand::Status(options) => status::run(options, terminal),
        DbCommand::Verify(options) => verify::run(options),
        DbCommand::Export(options) => export::run(options),
        DbCommand::Show(options) => show::run(options, terminal),
        DbCommand::Diff(options) => diff::run(options, terminal),
        DbCommand::Update(options) => update::run(options, terminal),
    }
}

/// Where the store of this user lies, whether or not it is there.
fn user_store() -> Result<PathBuf, Error> {
    let folder = data_folder().ok_or_else(|| {
        Error::new("cannot tell the data folder of this user").help("name a file with --db")
    })?;
    Ok(folder.join(STORE_FILE))
}

/// A path for people.
fn shown(path: &Path) -> String {
    safe(&path.to_string_lossy())
}

/// One line of untrusted text for people.
fn safe(text: &str) -> String {
    sanitize::line(text).into_owned()
}

/// Untrusted text for programs: secrets cut out; the JSON writer escapes the rest.
fn masked(text: &str) -> String {
    sanitize::mask(text).into_owned()
}

/// Where data comes from, for people.
fn origin_words(origin: &Origin) -> String {
    match origin {
        Origin::BuiltIn => "built in".to_owned(),
        Origin::UserStore(_) => "the user's database".to_owned(),
        Origin::File(path) => shown(path),
    }
}

/// Where data comes from, for programs: `built-in`, `user`, `file`.
fn origin_word(origin: &Origin) -> &'static str {
    match origin {
        Origin::BuiltIn => "built-in",
        Origin::UserStore(_) => "user",
        Origin::File(_) => "file",
    }
}

/// Lists the records that were left out: the first ones, or all with `-v`.
fn left_out(refused: &[RefusedRecord], terminal: &Terminal) {
    let all = terminal.style().detail > 0;
    for refused in refused.iter().take(if all { usize::MAX } else { LISTED }) {
        Terminal::say(&format!("left out: {}: {}", refused.place, refused.reason));
    }
    if refused.len() > LISTED && !all {
        Terminal::say(&format!("… and {} more (-v lists all)", refused.len() - LISTED));
    }
}

/// One source for people: `pypa: 7,080 records of 2026-07-23`.
fn source_words(source: &AdvisorySource) -> String {
    let records = match SourceKind::of(&source.name) {
        SourceKind::Exploited | SourceKind::Probability => count(source.records, "entry", "entries"),
        _ => count(source.records, "record", "records"),
    };
    let day = if source.published.is_empty() { "an unknown day" } else { &source.published };
    format!("{}: {records} of {day}", safe(&source.name))
}

/// A size for people: `5.3 MB`.
fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

/// Lines of safe text below a lead, wrapped to the width.
fn wrapped(text: &str, lead: &str, width: usize) -> String {
    let (width, indent) = (width.max(40), lead.chars().count());
    let lines = lines(text, width.saturating_sub(indent), width.saturating_sub(indent));
    format!("{lead}{}", lines.join(&format!("\n{}", " ".repeat(indent))))
}
