//! What rules are given.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::civil::Date;

use crate::advisory::{self, Database, Flaw, FlawVersions};
use crate::model::{
    Constraint, Degree, EntryId, IndexUse, OpenRequirement, PackageLicense, PackageName, ProjectView,
    RangeSet, Sources, Span, Target, specifier_with_floor,
};
use crate::policy::{Ignore, MaxAge, Placed, Policy};

use super::license::Judged;

/// What advisories say about something of a project.
pub struct Hit<'a, T> {
    /// The target, or the entry that nothing resolves.
    pub subject: &'a T,
    /// The flaws, malware included. Never empty.
    pub flaws: Vec<Flaw>,
}

/// A requirement that admits affected versions.
pub struct Exposed<'a> {
    /// The requirement.
    pub subject: &'a OpenRequirement,
    /// How much of what it admits is affected.
    pub degree: Degree,
    /// The flaws of what it admits; those that affect every version are not among them, but in the hits by name.
    pub flaws: Vec<Flaw>,
    /// Its specifier with the smallest floor that ends it; `None` when no floor does.
    pub floor: Option<String>,
    /// When none does: the smallest floor without the other clauses; `None` when that does not help either.
    pub beyond: Option<String>,
}

/// One project, for the rules that look at projects.
pub struct ProjectContext<'a> {
    /// The project with its graphs.
    pub view: &'a ProjectView<'a>,
    /// The texts that its places point into.
    pub sources: &'a Sources,
    /// The advisories.
    pub database: &'a Database,
    /// What the policy says: rules ask it about names and indexes. Levels, thresholds and ignores are settled later.
    pub policy: &'a Policy,
    /// What was learnt about the licenses of its packages; empty when nothing asks for that.
    pub licenses: &'a [PackageLicense],
    /// The same, judged: made when a rule first asks.
    pub(super) judged: OnceCell<Vec<Judged<'a>>>,
    /// The targets that an advisory affects.
    pub hits: Vec<Hit<'a, Target>>,
    /// The entries without a version of which an advisory affects every version.
    pub hits_by_name: Vec<Hit<'a, EntryId>>,
    /// The requirements that admit affected versions.
    pub exposed: Vec<Exposed<'a>>,
}

impl<'a> ProjectContext<'a> {
    /// Looks every target and every open requirement up once, so that rules need not.
    ///
    /// # Errors
    /// When a part of the store that is needed is damaged.
    pub fn new(
        view: &'a ProjectView<'a>,
        sources: &'a Sources,
        database: &'a Database,
        policy: &'a Policy,
        licenses: &'a [PackageLicense],
    ) -> Result<Self, advisory::Error> {
        let mut hits = Vec::new();
        for target in &view.project.targets {
            let flaws = database.flaws(&target.name, &target.version)?;
            if !flaws.is_empty() {
                hits.push(Hit { subject: target, flaws });
            }
        }
        let mut hits_by_name = Vec::new();
        // Once a name: a file may ask for one a hundred thousand times.
        let mut by_name: HashMap<&PackageName, Vec<Flaw>> = HashMap::new();
        let open = view.project.open.iter().flat_map(|open| &open.entries);
        for entry in view.project.unresolved.iter().map(|unresolved| &unresolved.entry).chain(open) {
            let Some(name) = &view.package(*entry).name else { continue };
            let flaws = match by_name.entry(name) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(database.flaws_by_name(name)?),
            };
            if !flaws.is_empty() {
                hits_by_name.push(Hit { subject: entry, flaws: flaws.clone() });
            }
        }
        let mut known = HashMap::new();
        let mut exposed = Vec::new();
        for open in &view.project.open {
            let of_name = match known.entry(&open.name) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert(OfName::new(&open.name, database)?),
            };
            exposed.extend(of_name.exposed(open, database)?);
        }
        Ok(Self {
            view,
            sources,
            database,
            policy,
            licenses,
            judged: OnceCell::new(),
            hits,
            hits_by_name,
            exposed,
        })
    }
}

/// What advisories say about all versions of a package.
struct OfName {
    affected: RangeSet,
    /// Read only when a requirement admits one of the versions.
    flaws: Option<Vec<FlawVersions>>,
}

impl OfName {
    fn new(name: &PackageName, database: &Database) -> Result<Self, advisory::Error> {
        Ok(Self { affected: database.affected_versions(name)?, flaws: None })
    }

    fn exposed<'a>(
        &mut self,
        open: &'a OpenRequirement,
        database: &Database,
    ) -> Result<Option<Exposed<'a>>, advisory::Error> {
        let admitted = Constraint::parse(&open.specifier).and_then(|constraint| constraint.admitted());
        let Some(admitted) = admitted.filter(|admitted| admitted.degree(&self.affected).is_some()) else {
            return Ok(None);
        };
        let flaws = match &mut self.flaws {
            Some(flaws) => flaws,
            none => {
                let mut flaws = database.flaw_versions(&open.name)?;
                // Those that affect every version are reported by name.
                flaws.retain(|flaw| !flaw.flaw.evidence.every_version);
                self.affected = RangeSet::union_of(flaws.iter().map(|flaw| &flaw.versions));
                none.insert(flaws)
            }
        };
        let Some(degree) = admitted.degree(&self.affected) else { return Ok(None) };
        let flaws: Vec<Flaw> = flaws
            .iter()
            .filter(|flaw| admitted.meets(&flaw.versions))
            .map(|flaw| flaw.flaw.clone())
            .collect();
        let evidence = || flaws.iter().map(|flaw| &flaw.evidence);
        let written: Vec<&str> = evidence()
            .flat_map(|evidence| evidence.fixed.iter().chain(&evidence.last_affected))
            .map(String::as_str)
            .collect();
        let floor = specifier_with_floor(&open.specifier, &self.affected, &written);
        let beyond = match floor {
            Some(_) => None,
            None => specifier_with_floor("", &self.affected, &written),
        };
        Ok(Some(Exposed { subject: open, degree, flaws, floor, beyond }))
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
    /// What the configuration of pip says that the command line names.
    pub pip_config: &'a [IndexUse],
    /// The texts of the run that belong to no project.
    pub sources: &'a Sources,
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
    /// Those that the change under review brings itself, which are not in force.
    pub untrusted: &'a [UntrustedIgnore<'a>],
    /// The exceptions and clarifications of `[licenses]`, in the order of the file.
    pub license_entries: &'a [LicenseEntry<'a>],
    /// Everything that policy is about was audited: the whole root, with every group.
    pub complete: bool,
    /// What was audited was audited with every group.
    pub every_group: bool,
}

/// An ignore that is not in force, because the change under review brings it.
pub struct UntrustedIgnore<'a> {
    /// The entry.
    pub ignore: &'a Ignore,
    /// What the change does to it: `is added by this change`.
    pub words: &'a str,
}

/// An exception or a clarification of `[licenses]` and what became of it.
pub struct LicenseEntry<'a> {
    /// `exception` or `clarification`.
    pub what: &'static str,
    /// The package that it names.
    pub package: &'a PackageName,
    /// It gives a reason.
    pub reasoned: bool,
    /// A package needed it.
    pub used: bool,
    /// Where it stands.
    pub span: Span,
}
