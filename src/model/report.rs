//! The settled result of a run: what every output is written from.

use super::{Finding, Level, Note, Selection, Skipped};

/// How a run ended. Decided once, before anything is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Everything was audited and nothing is at level deny.
    Clean,
    /// At least one finding is at level deny.
    Findings,
    /// No finding is at level deny, but something was skipped.
    Incomplete,
}

impl Verdict {
    /// The verdict of so many findings at level deny and so many skips that are not accepted.
    pub fn of(deny: usize, skipped: usize) -> Self {
        match (deny, skipped) {
            (0, 0) => Self::Clean,
            (0, _) => Self::Incomplete,
            _ => Self::Findings,
        }
    }

    /// The word for it in machine outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::Incomplete => "incomplete",
        }
    }
}

/// One source of advisories in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisorySource {
    /// Its name, e.g. `pypa` or `openssf`.
    pub name: String,
    /// The day its data is of (`2026-07-23`).
    pub published: String,
    /// How many records it gave.
    pub records: usize,
}

/// The advisory data of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DatabaseInfo {
    /// Its sources, sorted by name.
    pub sources: Vec<AdvisorySource>,
    /// SHA-256 of the data, in hexadecimal.
    pub sha256: String,
}

/// A file that was audited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputSummary {
    /// Its path relative to the root.
    pub path: String,
    /// Its format.
    pub kind: &'static str,
    /// How many entries it has.
    pub packages: usize,
    /// Whether it lists what its packages pull in.
    pub closed: Option<bool>,
}

/// One project of a run: the files of one folder, and the manifests that its lock resolves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectSummary {
    /// Its folder relative to the root; empty for the root itself.
    pub folder: String,
    /// The number of the unit that read it.
    pub unit: u32,
    /// Files.
    pub inputs: usize,
    /// Distinct packages (name and version) that were audited.
    pub packages: usize,
    /// Findings at level deny.
    pub deny: usize,
    /// Findings at level warn.
    pub warn: usize,
    /// Skips that are not accepted.
    pub skipped: usize,
}

impl ProjectSummary {
    /// How it would have ended by itself.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.deny, self.skipped)
    }
}

/// A finding that an entry of the policy, or of the command line, takes out.
#[derive(Debug, Clone, PartialEq)]
pub struct Ignored {
    /// The finding, at the level it would have.
    pub finding: Finding,
    /// The reason given.
    pub reason: String,
    /// The last day on which the entry counts (`2026-12-31`).
    pub until: Option<String>,
}

/// Counts over a whole report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Files.
    pub inputs: usize,
    /// Distinct packages (name and version) that were audited.
    pub packages: usize,
    /// Findings at level deny.
    pub deny: usize,
    /// Findings at level warn.
    pub warn: usize,
    /// Findings at level note.
    pub note: usize,
    /// Findings taken out by an ignore.
    pub ignored: usize,
    /// Skips accepted by an ignore.
    pub accepted: usize,
    /// Skips that are not accepted.
    pub skipped: usize,
}

/// What of the projects was asked about, when it was not all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// What was asked about.
    pub selection: Selection,
    /// How many entries that left out.
    pub left_out: usize,
}

/// Everything that a run found, in the order in which it is shown.
#[derive(Debug, Clone)]
pub struct Report {
    /// The advisory data that was used.
    pub database: DatabaseInfo,
    /// How many days old its oldest source is today.
    pub database_age: Option<i64>,
    /// The verdict.
    pub verdict: Verdict,
    /// `--allow-incomplete` was given: an incomplete run exits 0, and still says incomplete.
    pub allow_incomplete: bool,
    /// What was asked about, when it was not all.
    pub selection: Option<Selected>,
    /// The counts.
    pub summary: Summary,
    /// The projects, by folder.
    pub projects: Vec<ProjectSummary>,
    /// The files, by path.
    pub inputs: Vec<InputSummary>,
    /// The findings at note or above, sorted by place, rule and message.
    pub findings: Vec<Finding>,
    /// What was taken out.
    pub ignored: Vec<Ignored>,
    /// What was not audited.
    pub skipped: Vec<Skipped>,
    /// What is worth saying.
    pub notes: Vec<Note>,
}

impl Report {
    /// The number of findings at a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }
}
