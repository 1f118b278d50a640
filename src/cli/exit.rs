//! Exit codes.

use crate::model::{Report, Verdict};

/// How the program ends. A contract: see "Exit codes" in the README.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Everything was audited and nothing is at level deny; or the command did what it was asked to.
    Clean = 0,
    /// At least one finding is at level deny; an unknown name (`why`).
    Findings = 1,
    /// Wrong usage or configuration, or nothing could be audited.
    CouldNotRun = 2,
    /// No finding denies, but something was not audited.
    Incomplete = 3,
}

impl ExitCode {
    /// The code of a settled report. `--allow-incomplete` turns incomplete into 0.
    pub fn of(report: &Report) -> Self {
        match report.verdict {
            Verdict::Clean => Self::Clean,
            Verdict::Findings => Self::Findings,
            Verdict::Incomplete if report.allow_incomplete => Self::Clean,
            Verdict::Incomplete => Self::Incomplete,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}
