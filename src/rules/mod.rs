//! What is wrong: one file per rule.
//!
//! A rule is a static description ([`Rule`], in `model`) and a pure function of its context: it reads no file, no
//! clock and no environment, starts no thread and prints nothing.
//!
//! To add a rule: write `src/rules/<group>/<rule>.rs`; add its `mod` line in `src/rules/<group>/mod.rs` and its
//! entry in [`TABLE`]; add `fixtures/rules/<id>/flagged` and `clean` and `docs/rules/<id>.md` (its explanation, as
//! `audit explain` prints it). Word a message as "what is wrong", short, lower case, no full stop; the next step goes
//! into `help`.

pub mod advisory;
mod context;
pub mod hygiene;
pub mod license;
pub mod names;
mod text;
pub mod triage;

pub use context::{
    Exposed, Hit, IgnoreContext, IgnoreUse, LicenseEntry, ProjectContext, RunContext, UntrustedIgnore,
};
pub use text::{explain, list};

use crate::model::{Finding, Rule};

/// When a rule is asked.
#[derive(Clone, Copy)]
pub enum Check {
    /// Once per project.
    Project(fn(&ProjectContext<'_>) -> Vec<Finding>),
    /// Once per run.
    Run(fn(&RunContext<'_>) -> Vec<Finding>),
    /// Once per project, and once per run for what belongs to none: the configuration of pip.
    Both(fn(&ProjectContext<'_>) -> Vec<Finding>, fn(&RunContext<'_>) -> Vec<Finding>),
    /// Once per run, after the ignores have been applied.
    Ignores(fn(&IgnoreContext<'_>) -> Vec<Finding>),
    /// Never: what could not be read is a skip, not a finding.
    Skips,
}

/// A rule with its check.
pub struct Entry {
    /// The description.
    pub rule: &'static Rule,
    /// The function.
    pub check: Check,
}

/// All rules, sorted by id.
pub static TABLE: &[Entry] = &[
    Entry {
        rule: &hygiene::conflicting_requirements::RULE,
        check: Check::Project(hygiene::conflicting_requirements::check),
    },
    Entry { rule: &names::confusable_name::RULE, check: Check::Project(names::confusable_name::check) },
    Entry {
        rule: &names::dependency_confusion::RULE,
        check: Check::Project(names::dependency_confusion::check),
    },
    Entry {
        rule: &hygiene::embedded_credential::RULE,
        check: Check::Both(hygiene::embedded_credential::check, hygiene::embedded_credential::check_run),
    },
    Entry { rule: &triage::expired_ignore::RULE, check: Check::Ignores(triage::expired_ignore::check) },
    Entry {
        rule: &hygiene::extra_index::RULE,
        check: Check::Both(hygiene::extra_index::check, hygiene::extra_index::check_run),
    },
    Entry {
        rule: &hygiene::insecure_index::RULE,
        check: Check::Both(hygiene::insecure_index::check, hygiene::insecure_index::check_run),
    },
    Entry {
        rule: &advisory::known_vulnerability::RULE,
        check: Check::Project(advisory::known_vulnerability::check),
    },
    Entry {
        rule: &license::license_ambiguous::RULE,
        check: Check::Project(license::license_ambiguous::check),
    },
    Entry { rule: &license::license_conflict::RULE, check: Check::Project(license::license_conflict::check) },
    Entry { rule: &license::license_denied::RULE, check: Check::Project(license::license_denied::check) },
    Entry { rule: &license::license_invalid::RULE, check: Check::Project(license::license_invalid::check) },
    Entry { rule: &license::license_unknown::RULE, check: Check::Project(license::license_unknown::check) },
    Entry { rule: &license::license_unlisted::RULE, check: Check::Project(license::license_unlisted::check) },
    Entry {
        rule: &advisory::malicious_package::RULE,
        check: Check::Project(advisory::malicious_package::check),
    },
    Entry { rule: &hygiene::missing_hash::RULE, check: Check::Project(hygiene::missing_hash::check) },
    Entry {
        rule: &hygiene::mutable_reference::RULE,
        check: Check::Project(hygiene::mutable_reference::check),
    },
    Entry { rule: &hygiene::outdated_lock::RULE, check: Check::Project(hygiene::outdated_lock::check) },
    Entry { rule: &hygiene::partial_hashes::RULE, check: Check::Project(hygiene::partial_hashes::check) },
    Entry { rule: &advisory::stale_database::RULE, check: Check::Run(advisory::stale_database::check) },
    Entry { rule: &names::typosquat::RULE, check: Check::Project(names::typosquat::check) },
    Entry {
        rule: &triage::unlocked_dependencies::RULE,
        check: Check::Project(triage::unlocked_dependencies::check),
    },
    Entry {
        rule: &hygiene::unpinned_requirement::RULE,
        check: Check::Project(hygiene::unpinned_requirement::check),
    },
    Entry { rule: &triage::unreasoned_ignore::RULE, check: Check::Ignores(triage::unreasoned_ignore::check) },
    Entry { rule: &triage::unsupported_input::RULE, check: Check::Skips },
    Entry { rule: &triage::untrusted_ignore::RULE, check: Check::Ignores(triage::untrusted_ignore::check) },
    Entry { rule: &triage::unused_ignore::RULE, check: Check::Ignores(triage::unused_ignore::check) },
    Entry {
        rule: &advisory::vulnerable_range::RULE,
        check: Check::Project(advisory::vulnerable_range::check),
    },
];

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    TABLE.iter().map(|entry| entry.rule).find(|rule| rule.id == id)
}

/// All rules, sorted by id.
pub fn all() -> Vec<&'static Rule> {
    TABLE.iter().map(|entry| entry.rule).collect()
}

/// The id that somebody may have meant.
pub fn near(id: &str) -> Option<&'static str> {
    let distances = TABLE.iter().map(|entry| (strsim::damerau_levenshtein(id, entry.rule.id), entry.rule.id));
    distances.filter(|(distance, known)| *distance <= 1 + known.len() / 3).min().map(|(_, known)| known)
}
