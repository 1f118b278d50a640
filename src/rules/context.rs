//! What rules are given.

use jiff::civil::Date;

use crate::advisory::{self, Database, Flaw};
use crate::model::{ProjectView, Span, Target, Unresolved};
use crate::policy::{Ignore, MaxAge, Placed};

/// What advisories say about something of a project.
pub struct Hit<'a, T> {
    /// The target, or the requirement that nothing resolves.
    pub subject: &'a T,
    /// The flaws, malware included. Never empty.
    pub flaws: Vec<Flaw>,
}

/// One project, for the rules that look at projects.
pub struct ProjectContext<'a> {
    /// The project with its graphs.
    pub view: &'a ProjectView<'a>,
    /// The advisories.
    pub database: &'a Database,
    /// The targets that an advisory affects.
    pub hits: Vec<Hit<'a, Target>>,
    /// The unresolved requirements whose every version an advisory affects.
    pub hits_by_name: Vec<Hit<'a, Unresolved>>,
}

impl<'a> ProjectContext<'a> {
    /// Looks every target up once, so that rules need not.
    ///
    /// # Errors
    /// When a part of the store that is needed is damaged.
    pub fn new(view: &'a ProjectView<'a>, database: &'a Database) -> Result<Self, advisory::Error> {
        let mut hits = Vec::new();
        for target in &view.project.targets {
            let flaws = database.flaws(&target.name, &target.version)?;
            if !flaws.is_empty() {
                hits.push(Hit { subject: target, flaws });
            }
        }
        let mut hits_by_name = Vec::new();
        for unresolved in &view.project.unresolved {
            let Some(name) = &view.package(unresolved.entry).name else { continue };
            let flaws = database.flaws_by_name(name)?;
            if !flaws.is_empty() {
                hits_by_name.push(Hit { subject: unresolved, flaws });
            }
        }
        Ok(Self { view, database, hits, hits_by_name })
    }
}

/// The run as a whole.
pub struct RunContext<'a> {
    /// Today (UTC).
    pub today: Date,
    /// The oldest source in use of each kind: name, day of the data, and the place that stands for it.
    pub oldest: Vec<(&'a str, Option<Date>, Span)>,
    /// The age that policy or command line allow.
    pub max_age: Option<Placed<MaxAge>>,
}

/// One ignore and what became of it.
pub struct IgnoreUse<'a> {
    /// The entry.
    pub ignore: &'a Ignore,
    /// It concerned a finding or a skip.
    pub matched: bool,
}

/// The ignores, after they have been applied.
pub struct IgnoreContext<'a> {
    /// Today (UTC).
    pub today: Date,
    /// All ignores in force, policy first.
    pub ignores: &'a [IgnoreUse<'a>],
    /// Everything that policy is about was audited: the whole root, with every group.
    pub complete: bool,
}
