//! The nouns of the program: what every other layer speaks about.
//!
//! Nothing here reads a file, starts a thread, prints, or knows a command line. Types are made so that a
//! wrong value is hard to build: a [`PackageName`] is normalised when it is made, a [`Span`] always knows its
//! source, a [`Finding`] cannot exist without a rule and a primary place.

mod admitted;
mod answers;
mod arrange;
mod change;
mod constraint;
mod dependency;
mod exposure;
mod finding;
mod glob;
mod graph;
mod headers;
mod index;
mod inline_ignore;
mod input;
mod level;
mod license;
mod line_index;
mod marker;
mod name;
mod package;
mod place;
mod project;
mod range_set;
mod report;
mod resolution;
mod rule;
mod secret;
mod selection;
mod source;
mod version;
pub(crate) mod version_key;
mod vex;
mod whereabouts;

pub use admitted::Admitted;
pub use answers::{Answerer, Answers, Next, Way, answers};
pub(crate) use arrange::{Arrange, map_of, set_of};
pub use change::{Change, Ended, PackageChange, PackageStep, Status};
pub use constraint::Constraint;
pub use dependency::{Chosen, Dependency, Via};
pub use exposure::{Degree, specifier_with_floor};
pub use finding::{
    AdvisoryEvidence, Evidence, ExploitProbability, Finding, KnownExploited, Label, Matched, NameEvidence,
    PackageRef, RangeEvidence, RangeFlaw, TermsEvidence, cve,
};
pub use glob::is_match;
pub use graph::{Graph, NodeId, Reach};
pub use headers::{headers, unfolded};
pub use index::{
    IndexKind, IndexOrigin, IndexTool, IndexUse, PUBLIC_INDEX, PinnedIndex, When, is_public_index,
};
pub use inline_ignore::InlineIgnore;
pub use input::{ContentHash, Input, ManifestPath, Note, Redirect, Role, Skipped};
pub use level::{Confidence, Level, Severity};
pub use license::{
    EvidenceSource, EvidenceStrength, ExpressionError, LicenseConclusion, LicenseDecision, LicenseEvidence,
    LicenseExpression, LicenseFamily, LicenseFileText, LicenseOf, LicenseProperties, LicenseReading,
    LicenseReport, LicenseRow, LicenseSummary, LicenseTerm, LicenseWording, PackageHash, PackageLicense,
    SimpleLicense, SubjectKind,
};
pub use marker::{Environment, Marker, Platform};
pub use name::PackageName;
pub use package::{Package, PackageSource, SourceKind};
pub use project::{EntryId, LockGap, OpenRequirement, Project, Standing, Target, Unresolved};
pub(crate) use range_set::Piece;
pub use range_set::RangeSet;
pub use report::{
    AdvisorySource, DatabaseInfo, Ignored, InputSummary, ProjectSummary, Report, Selected, Summary,
    Suppression, Verdict,
};
pub use rule::{Explanation, Group, Rule};
pub use secret::{MASK, credentials, mask, secrets};
pub use selection::Selection;
pub use source::{Location, SourceFile, SourceId, SourceMap, Sources, Span};
pub use version::Version;
pub use vex::{VEX_JUSTIFICATIONS, VexStatus};
pub use whereabouts::{ProjectView, Whereabouts};
