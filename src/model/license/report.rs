//! The license report: what is shipped under which terms.

use super::{LicenseConclusion, LicenseEvidence};
use crate::model::{Note, PackageName, PackageSource, Skipped, Verdict, Version};

/// What the policy says of a package's license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LicenseDecision {
    /// It can be satisfied with what the policy allows.
    Allowed,
    /// It cannot be satisfied without what the policy denies.
    Denied,
    /// Neither.
    Unlisted,
    /// Nothing says what the license is.
    Unknown,
    /// What there is does not say one license.
    Ambiguous,
    /// There is no policy.
    Undecided,
}

impl LicenseDecision {
    /// All of them, in the order in which reports show them: what needs somebody's attention first.
    pub const ALL: [Self; 6] =
        [Self::Denied, Self::Unlisted, Self::Ambiguous, Self::Unknown, Self::Allowed, Self::Undecided];

    /// The word for it in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Unlisted => "unlisted",
            Self::Unknown => "unknown",
            Self::Ambiguous => "ambiguous",
            Self::Undecided => "undecided",
        }
    }
}

/// A digest of one file of a release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageHash {
    /// `sha256`, `sha384`, `sha512`, `md5`, `blake2b`, …: lower case, as the lock writes it.
    pub algorithm: String,
    /// Lower-case hexadecimal.
    pub digest: String,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// Somebody else's package.
    Dependency,
    /// The project itself, or a member of its workspace: in the graph, not judged.
    FirstParty,
}

/// A license text of a release, for attribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseFileText {
    /// The path of the file below the metadata of the release (`licenses/LICENSE`). Untrusted.
    pub name: String,
    /// Its text, decoded; lines end with `\n`. Untrusted.
    pub text: String,
}

/// One package version of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct LicenseRow {
    /// Its name.
    pub name: PackageName,
    /// Its version; `None` when nothing resolves it.
    pub version: Option<Version>,
    /// The specifier as written, when there is no version; empty when it admits every version.
    pub specifier: String,
    /// Whose it is.
    pub kind: SubjectKind,
    /// Where it is taken from. URLs are raw: mask them.
    pub source: PackageSource,
    /// The digests that the lock records, sorted, without repetitions.
    pub hashes: Vec<PackageHash>,
    /// The groups through which it comes in, sorted.
    pub groups: Vec<String>,
    /// Names from a direct dependency to the package, shortest first.
    pub paths: Vec<Vec<String>>,
    /// Indexes of the rows that it depends on, sorted.
    pub dependencies: Vec<usize>,
    /// The places where it stands: path relative to the root and line, sorted.
    pub places: Vec<(String, usize)>,
    /// The evidence, best first.
    pub evidence: Vec<LicenseEvidence>,
    /// What follows from it.
    pub conclusion: LicenseConclusion,
    /// What the policy says.
    pub decision: LicenseDecision,
    /// The rule that has something to say about it (`license-denied`), or that an exception made quiet; `None` when
    /// none has.
    pub rule: Option<&'static str>,
    /// What decided, in words: `denied by "AGPL-3.0-or-later" in audit.toml:4`; empty when there is no policy.
    pub reason: String,
    /// The author of the release by its metadata, for attribution. Untrusted.
    pub author: Option<String>,
    /// The home page of the release by its metadata. Untrusted.
    pub homepage: Option<String>,
    /// The license texts of the release, by name.
    pub texts: Vec<LicenseFileText>,
    /// Copyright lines of those texts, in their order, without repetitions. Untrusted.
    pub copyrights: Vec<String>,
}

/// Counts over a license report. First-party code is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LicenseSummary {
    /// Rows.
    pub packages: usize,
    /// Rows with an expression.
    pub with_expression: usize,
    /// Rows of which only distribution recipes say something.
    pub fallback: usize,
    /// Findings at level deny.
    pub deny: usize,
    /// Findings at level warn.
    pub warn: usize,
    /// Skips that are not accepted.
    pub skipped: usize,
}

/// Everything that `audit licenses` found, in the order in which it is shown: by name and version.
#[derive(Debug, Clone)]
pub struct LicenseReport {
    /// The name of the project, when its manifest says one.
    pub project: Option<String>,
    /// The folder of the root, without its parents; for a document that needs some name. Untrusted.
    pub root_name: String,
    /// The verdict of the license rules.
    pub verdict: Verdict,
    /// There is a policy about licenses.
    pub has_policy: bool,
    /// The day that counts as today (`2026-12-31`), for formats that demand a time: midnight UTC of that day.
    pub today: String,
    /// The counts.
    pub summary: LicenseSummary,
    /// The rows, by name and version.
    pub rows: Vec<LicenseRow>,
    /// What was not audited.
    pub skipped: Vec<Skipped>,
    /// What is worth saying.
    pub notes: Vec<Note>,
}
