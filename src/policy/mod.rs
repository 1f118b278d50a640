//! The policy: what a project decided about levels, groups, ages and ignores.
//!
//! [`read`] takes the text of an `audit.toml`, or of a `pyproject.toml` with `[tool.audit]`, and gives a
//! [`Policy`] or every complaint about it, each with its place. It opens no file and knows no rule: the ids come
//! in as an argument.
//!
//! To add a key: read it in `config` (a table with a grammar of its own in a file of its own), give it a field in
//! [`Policy`] with its default, describe it in cli.md's example. Unknown keys are errors, so that a
//! typing error never weakens a gate.

mod config;
mod ignore;
mod indexes;
mod inline;
mod json;
mod licenses;
mod names;
mod purl;
mod starter;
mod table;
mod value;
mod vex;

pub use config::{Complaint, Dialect, GroupPolicy, Policy, has_table, read};
pub use ignore::{Ignore, IgnoreLine, IgnoreOrigin, Subject};
pub use indexes::{IndexesPolicy, plain_address};
pub use inline::inline;
pub use licenses::{
    Clarification, LicenseException, LicenseLists, LicenseRuling, LicenseStanding, LicenseSubject,
    LicensesPolicy,
};
pub use names::{NamePattern, NamesPolicy};
pub use starter::{LicenseStance, starter};
pub use value::{FailOn, MaxAge, Placed, parse_date};
pub use vex::{VexProject, VexStatement, read_vex, vex_ignores};
