//! The settled result of a run: what every output is written from.

use super::{
    Change, Finding, Level, LicenseReport, Note, PackageName, Selection, Skipped, Span, Version, VexStatus,
};

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

/// Who takes a finding out, and on what grounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suppression {
    /// An `[[ignore]]` of the policy.
    Policy,
    /// `--ignore ID --reason TEXT`.
    CommandLine,
    /// A comment in the dependency file: `# audit: ignore[ID] reason`.
    Inline,
    /// A statement of a VEX document (`--vex FILE`).
    Vex {
        /// `not_affected` or `fixed`.
        status: VexStatus,
        /// Why it is not affected, one of the words of OpenVEX 0.2.0, as written.
        justification: Option<String>,
    },
}

impl Suppression {
    /// The word for it in machine outputs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::CommandLine => "command-line",
            Self::Inline => "inline",
            Self::Vex { .. } => "vex",
        }
    }
}

/// A finding that an entry of the policy, of the command line, of a dependency file or of a VEX document takes out.
#[derive(Debug, Clone, PartialEq)]
pub struct Ignored {
    /// The finding, at the level it would have.
    pub finding: Finding,
    /// The reason given.
    pub reason: String,
    /// The last day on which the entry counts (`2026-12-31`).
    pub until: Option<String>,
    /// Who takes it out.
    pub by: Suppression,
    /// Where that is written.
    pub place: Span,
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
    /// The name of the project, when it is one and its manifest says its name.
    pub project: Option<String>,
    /// The folder of the root, without its parents; for a document that needs some name. Untrusted.
    pub root_name: String,
    /// The day that counts as today (`2026-12-31`), for formats that demand a time: midnight UTC of that day.
    pub today: String,
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
    /// The packages that were audited, sorted; without a version when all that a requirement admits was.
    pub packages: Vec<(PackageName, Option<Version>)>,
    /// What the change under review brings; `None` when nothing was compared.
    pub change: Option<Change>,
    /// The packages with their graph and licenses, when a format needs them ([`Format::needs_packages`]).
    ///
    /// [`Format::needs_packages`]: crate::report::audit::Format::needs_packages
    pub licenses: Option<LicenseReport>,
}

impl Report {
    /// The number of findings at a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }
}
