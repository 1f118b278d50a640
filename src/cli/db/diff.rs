//! `audit db diff`

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use super::{masked, safe, shown};
use crate::advisory::{self, Change, ChangedRecord, Database, SourceDifference};
use crate::cli::args::{DiffOptions, PathOptions};
use crate::cli::audit::request;
use crate::cli::exit::ExitCode;
use crate::cli::output::{Failure, Terminal};
use crate::engine::{self, Concern, Error, open_database};
use crate::model::{PackageName, Selection, Version};
use crate::report::json_text;
use crate::report::words::thousands;

/// How many records of one change in one source are listed without `-v`.
const LISTED: usize = 20;

#[derive(Serialize)]
struct Document {
    version: u32,
    old: Side,
    new: Side,
    sources: Vec<Source>,
    records: Vec<Record>,
}

#[derive(Serialize)]
struct Side {
    path: String,
    sha256: String,
}

#[derive(Serialize)]
struct Source {
    name: String,
    old: Option<String>,
    new: Option<String>,
    added: usize,
    removed: usize,
    changed: usize,
    withdrawn: usize,
}

#[derive(Serialize)]
struct Record {
    source: String,
    id: String,
    change: &'static str,
    packages: Vec<String>,
    /// With paths: the versions in use there.
    #[serde(skip_serializing_if = "Option::is_none")]
    locked: Option<Vec<Locked>>,
}

#[derive(Serialize)]
struct Locked {
    name: String,
    version: String,
    affected: bool,
    was_affected: bool,
}

/// Both databases, and what dependency files are about.
struct Comparison {
    old: Database,
    new: Database,
    concern: Option<Concern>,
}

pub(crate) fn run(options: &DiffOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let old = open_database(Some(&options.old), None)?;
    let new = open_database(Some(&options.new), None)?;
    let mut unread = false;
    let mut concern = None;
    if !options.paths.is_empty() {
        let paths = PathOptions {
            paths: options.paths.clone(),
            root: options.root.clone(),
            site_packages: Vec::new(),
            no_progress: true,
            stdin_name: "requirements.txt".to_owned(),
        };
        let looked = engine::concern(&request(&paths, Selection::default())?)?;
        terminal.skips(&looked.skipped, &looked.notes, &looked.sources);
        unread = !looked.skipped.is_empty();
        concern = Some(looked.found);
    }
    let comparison = Comparison { old, new, concern };
    let mut sources = advisory::difference(&comparison.old, &comparison.new).map_err(Error::from)?;
    for source in &mut sources {
        source.records.retain(|record| comparison.concerns(record));
    }
    let differs = sources.iter().any(|source| !source.records.is_empty());
    let code = match (differs, unread) {
        (true, _) => ExitCode::Findings,
        (false, true) => ExitCode::Incomplete,
        (false, false) => ExitCode::Clean,
    };
    let document = comparison.document(options, &sources)?;
    let all = terminal.style().detail > 0;
    Terminal::print(code, |out| match options.format.as_str() {
        "json" => json_text::write(&document, out),
        _ => render(&document, options, all, differs, out),
    })?;
    Ok(code)
}

impl Comparison {
    /// Whether a record is about a package of the dependency files, or there are none.
    fn concerns(&self, record: &ChangedRecord) -> bool {
        let concerned = |concern: &Concern| {
            record.packages.iter().any(|name| concern.names.contains(&PackageName::new(name)))
        };
        self.concern.as_ref().is_none_or(concerned)
    }

    fn document(&self, options: &DiffOptions, sources: &[SourceDifference]) -> Result<Document, Error> {
        let mut records = Vec::new();
        for source in sources {
            for record in &source.records {
                // Most CVE ids are about other things than Python packages: those are counted, and not listed.
                if source.is_table && record.packages.is_empty() {
                    continue;
                }
                records.push(Record {
                    source: masked(&source.name),
                    id: masked(&record.id),
                    change: record.change.as_str(),
                    packages: record.packages.iter().map(|name| masked(name)).collect(),
                    locked: self.locked(record, source.is_table)?,
                });
            }
        }
        let side = |path: &std::path::Path, database: &Database| Side {
            path: masked(&path.to_string_lossy()),
            sha256: database.info().sha256,
        };
        Ok(Document {
            version: 1,
            old: side(&options.old, &self.old),
            new: side(&options.new, &self.new),
            sources: sources.iter().map(Source::new).collect(),
            records,
        })
    }

    /// The locked versions of the packages of a record, and whether it affects them.
    fn locked(&self, record: &ChangedRecord, is_table: bool) -> Result<Option<Vec<Locked>>, Error> {
        let Some(concern) = &self.concern else { return Ok(None) };
        let packages: BTreeSet<PackageName> =
            record.packages.iter().map(|name| PackageName::new(name)).collect();
        let mut locked = Vec::new();
        for (name, version) in concern.locked.iter().filter(|(name, _)| packages.contains(name)) {
            locked.push(Locked {
                name: masked(name.as_str()),
                version: masked(version.as_str()),
                affected: affects(&self.new, name, version, &record.id, is_table)?,
                was_affected: affects(&self.old, name, version, &record.id, is_table)?,
            });
        }
        Ok(Some(locked))
    }
}

/// Whether a record, or any record of a CVE id, affects a version.
fn affects(
    database: &Database,
    name: &PackageName,
    version: &Version,
    id: &str,
    is_cve: bool,
) -> Result<bool, Error> {
    if is_cve {
        let flaws = database.flaws(name, version)?;
        return Ok(flaws.iter().any(|flaw| flaw.ids().any(|other| other.eq_ignore_ascii_case(id))));
    }
    Ok(database.matching_records(name, version)?.iter().any(|other| other == id))
}

impl Source {
    fn new(source: &SourceDifference) -> Self {
        let count = |change| source.records.iter().filter(|record| record.change == change).count();
        Self {
            name: masked(&source.name),
            old: source.old.as_deref().map(masked),
            new: source.new.as_deref().map(masked),
            added: count(Change::Added),
            removed: count(Change::Removed),
            changed: count(Change::Changed),
            withdrawn: count(Change::Withdrawn),
        }
    }

    fn count(&self, change: Change) -> usize {
        match change {
            Change::Added => self.added,
            Change::Removed => self.removed,
            Change::Changed => self.changed,
            Change::Withdrawn => self.withdrawn,
        }
    }
}

fn render(
    document: &Document,
    options: &DiffOptions,
    all: bool,
    differs: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let most = if all || !options.paths.is_empty() { usize::MAX } else { LISTED };
    for source in &document.sources {
        let day = |day: &Option<String>| match day.as_deref() {
            None => "not there".to_owned(),
            Some("") => "an unknown day".to_owned(),
            Some(day) => safe(day),
        };
        let counts: Vec<_> = Change::ALL
            .iter()
            .filter(|change| source.count(**change) > 0)
            .map(|change| format!("{} {}", thousands(source.count(*change)), change.as_str()))
            .collect();
        let counts = if counts.is_empty() { "nothing differs".to_owned() } else { counts.join(", ") };
        writeln!(out, "{}, {} -> {}: {counts}", safe(&source.name), day(&source.old), day(&source.new))?;
        for change in Change::ALL {
            let is_it = |record: &&Record| record.source == source.name && record.change == change.as_str();
            let listed = document.records.iter().filter(is_it);
            for record in listed.clone().take(most) {
                line(record, out)?;
            }
            let listed = listed.count();
            if listed > most {
                writeln!(
                    out,
                    "  … and {} more {} (-v lists all)",
                    thousands(listed - most),
                    change.as_str()
                )?;
            }
        }
    }
    match (differs, options.paths.is_empty()) {
        (true, _) => Ok(()),
        (false, true) => writeln!(out, "{} and {} say the same", shown(&options.old), shown(&options.new)),
        (false, false) => writeln!(out, "nothing that differs concerns these dependency files"),
    }
}

fn line(record: &Record, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {:<9} {} ({})", record.change, safe(&record.id), safe(&record.packages.join(", ")))?;
    for locked in record.locked.iter().flatten() {
        let state = match (locked.was_affected, locked.affected) {
            (false, true) => "is affected now, and was not",
            (true, true) => "is affected, as before",
            (true, false) => "is not affected any more",
            (false, false) => "is not affected",
        };
        writeln!(out, "            {} {} {state}", safe(&locked.name), safe(&locked.version))?;
    }
    Ok(())
}
