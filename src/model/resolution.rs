//! Joining at work: which version each requirement gets, and which get none.

use std::collections::{BTreeMap, HashMap};

use super::project::is_build_only;
use super::{
    Constraint, EntryId, Input, LockGap, Package, PackageName, Project, Role, SourceKind, Standing,
    Unresolved, Version,
};

/// How many entries of one name are compared with one that asks for it. No tool writes a tenth of it; without a limit
/// a hostile file makes a square of its entries.
const MOST_COMPARED: usize = 64;

/// Whether an entry of an input says what its name resolves to: it has a version, or is our own in a lock.
pub(super) fn resolves(input: &Input, package: &Package) -> bool {
    package.version.is_some() || (input.role == Role::Lock && package.name.is_some())
}

/// The entries of an input by name, those of each name up to [`MOST_COMPARED`].
type ByName<'a> = HashMap<&'a PackageName, Vec<usize>>;

fn by_name(input: &Input, wanted: impl Fn(&Package) -> bool) -> ByName<'_> {
    let mut found = ByName::new();
    for (index, package) in input.packages.iter().enumerate().filter(|(_, package)| wanted(package)) {
        let Some(name) = &package.name else { continue };
        let named = found.entry(name).or_default();
        if named.len() < MOST_COMPARED {
            named.push(index);
        }
    }
    found
}

/// How many requirements of one name that differ in their words are weighed, each against every advisory of it.
const MOST_WORDINGS: usize = 256;

/// The entries of one name, and the constraints that limit them, by specifier and marker.
pub(super) type Worded = BTreeMap<(String, Option<String>), (Vec<EntryId>, Vec<EntryId>)>;

/// What joining gives.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) targets: BTreeMap<(PackageName, Version), Vec<EntryId>>,
    pub(super) open: BTreeMap<PackageName, Worded>,
    pub(super) unresolved: Vec<Unresolved>,
    pub(super) doubtful: Vec<Unresolved>,
}

/// Joining at work.
pub(super) struct Resolution<'a> {
    project: &'a Project,
    /// For each input what else resolves it, and whether it resolves all of it.
    resolvers: Vec<Vec<(usize, bool)>>,
    /// For each input the names that it resolves.
    resolved: Vec<ByName<'a>>,
    /// For each input the names that its constraints pin.
    pins: Vec<ByName<'a>>,
    /// For each input the names that its constraints limit, whatever the machine.
    limits: Vec<ByName<'a>>,
    found: Resolved,
}

impl<'a> Resolution<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        let inputs = &project.inputs;
        let pins = |package: &Package| package.constraint && package.version.is_some();
        let limits = |package: &Package| {
            package.constraint
                && package.version.is_none()
                && package.marker.is_none()
                && !is_override(package)
                && has_set(package)
        };
        Self {
            project,
            resolvers: (0..inputs.len()).map(|input| project.links_to(input).collect()).collect(),
            resolved: inputs.iter().map(|input| by_name(input, |package| resolves(input, package))).collect(),
            pins: inputs.iter().map(|input| by_name(input, pins)).collect(),
            limits: inputs.iter().map(|input| by_name(input, limits)).collect(),
            found: Resolved::default(),
        }
    }

    pub(super) fn resolve(mut self, standing: &dyn Fn(&Input, &Package) -> Standing) -> Resolved {
        for (input_index, input) in self.project.inputs.iter().enumerate() {
            if input.companion && !self.is_checked(input_index) {
                continue;
            }
            for (package_index, package) in input.packages.iter().enumerate() {
                let entry = EntryId { input: input_index, package: package_index };
                if input.companion {
                    self.check(entry, package, standing);
                } else {
                    self.entry(entry, package, standing(input, package));
                }
            }
        }
        self.found
    }

    /// Whether a manifest that nobody named has to be held against its lock: one that lacks what the manifest asks
    /// for is not the whole of what is installed.
    fn is_checked(&self, manifest: usize) -> bool {
        let is_audited_lock = |(lock, whole): &(usize, bool)| {
            let lock = &self.project.inputs[*lock];
            *whole && lock.role == Role::Lock && !lock.companion
        };
        self.resolvers[manifest].iter().any(is_audited_lock)
    }

    /// An entry of a manifest that is there for its lock alone.
    fn check(&mut self, entry: EntryId, package: &Package, standing: &dyn Fn(&Input, &Package) -> Standing) {
        let input = &self.project.inputs[entry.input];
        let of_lock = package.name.is_some() && !package.constraint && !is_build_only(package);
        let is_asked = self.whole_lock(entry.input, package).is_some();
        if of_lock && is_asked && !is_self(input, package) && !self.is_resolved(entry.input, package) {
            if standing(input, package) == Standing::FirstParty {
                return;
            }
            self.unanswered(entry, package);
        }
    }

    fn entry(&mut self, entry: EntryId, package: &Package, standing: Standing) {
        let input = &self.project.inputs[entry.input];
        if package.source.kind == SourceKind::Conda {
            return; // no package of an index; the input says how many of them it lists
        }
        let archive = match standing {
            Standing::FirstParty => return,
            Standing::Unknown(why) => return self.unresolved(entry, package, why),
            Standing::Archive(version) => Some(version),
            Standing::Foreign => None,
        };
        let Some(name) = &package.name else {
            let why = "gives neither name nor version: write it as `name @ URL`, or audit a lock";
            return self.unresolved(entry, package, why.to_owned());
        };
        if !name.is_well_formed() {
            let why = "no index has such a name: expected ASCII letters, digits, `-`, `_` and `.`";
            return self.unresolved(entry, package, why.to_owned());
        }
        if let Some(version) = package.version.clone().or(archive) {
            if !version.is_pep440() {
                let why = "no version that PEP 440 knows: only its text was compared with the advisories";
                let span = package.edit_span();
                self.found.doubtful.push(Unresolved { entry, span, why: why.to_owned(), gap: None });
            }
            self.found.targets.entry((name.clone(), version)).or_default().push(entry);
        } else if !is_self(input, package) && !self.pin(entry, package, name) {
            // An override is what will be asked for, whatever others say.
            let silent = package.constraint
                && input.role != Role::Constraints
                && !(is_override(package) && self.is_open(entry.input, package));
            if silent || self.is_resolved(entry.input, package) {
                return;
            }
            if !self.is_open(entry.input, package) {
                self.unanswered(entry, package);
            } else if has_set(package) {
                self.open(entry, package, name);
            } else {
                let why = "a version specifier that cannot be read: write it as PEP 440 does";
                self.unresolved(entry, package, why.to_owned());
            }
        }
    }

    fn open(&mut self, entry: EntryId, package: &Package, name: &PackageName) {
        let specifier =
            |package: &Package| package.specifier.as_deref().unwrap_or_default().trim().to_owned();
        let limits = self.limits[entry.input].get(name).into_iter().flatten();
        let limits: Vec<EntryId> =
            limits.map(|index| EntryId { input: entry.input, package: *index }).collect();
        let parts = std::iter::once(package).chain(limits.iter().map(|limit| self.project.package(*limit)));
        let parts: Vec<String> = parts.map(specifier).filter(|part| !part.is_empty()).collect();
        let words = (parts.join(","), package.marker.clone());
        let of_name = self.found.open.entry(name.clone()).or_default();
        if of_name.len() < MOST_WORDINGS || of_name.contains_key(&words) {
            let (entries, of_words) = of_name.entry(words).or_default();
            entries.push(entry);
            of_words.extend(limits);
            of_words.dedup();
            of_words.truncate(MOST_COMPARED);
        } else {
            let why = format!("more than {MOST_WORDINGS} different requirements of {name}: pin it");
            self.unresolved(entry, package, why);
        }
    }

    /// Whether a requirement is one that no lock has to answer, and that an index answers when it is installed.
    fn is_open(&self, input: usize, package: &Package) -> bool {
        let is_build = package.groups.iter().any(|group| group == "build-system");
        package.source.kind == SourceKind::Index
            && (!package.constraint || is_override(package))
            && self.project.inputs[input].role != Role::Lock
            && (is_build || self.whole_lock(input, package).is_none())
    }

    /// Takes the versions of a requirement from the constraints of the same input; whether there are any.
    fn pin(&mut self, entry: EntryId, package: &Package, name: &PackageName) -> bool {
        if package.constraint || package.source.kind != SourceKind::Index {
            return false;
        }
        let input = &self.project.inputs[entry.input];
        let Some(pins) = self.pins[entry.input].get(name) else { return false };
        for index in pins {
            let Some(version) = &input.packages[*index].version else { continue };
            self.found.targets.entry((name.clone(), version.clone())).or_default().push(entry);
        }
        // pip leaves out a constraint whose marker does not hold. Two of them are taken for two branches.
        if let [only] = pins[..]
            && let Some(marker) = &input.packages[only].marker
            && package.marker.as_ref() != Some(marker)
        {
            self.unresolved(entry, package, format!("pinned by a constraint only when {marker}"));
        }
        true
    }

    fn unresolved(&mut self, entry: EntryId, package: &Package, why: String) {
        let is_lock = self.project.inputs[entry.input].role == Role::Lock;
        let span = if is_lock { package.name_span } else { package.span };
        self.found.unresolved.push(Unresolved { entry, span, why, gap: None });
    }

    /// A requirement that its lock ought to answer, or that nothing else can.
    fn unanswered(&mut self, entry: EntryId, package: &Package) {
        self.unresolved(entry, package, self.why_unresolved(entry.input, package));
        let gap = self.gap(entry.input, package);
        if let Some(unresolved) = self.found.unresolved.last_mut() {
            unresolved.gap = gap;
        }
    }

    /// What is wrong with the lock that ought to list an entry of a manifest.
    fn gap(&self, input: usize, package: &Package) -> Option<LockGap> {
        if package.source.kind != SourceKind::Index || is_build_only(package) {
            return None;
        }
        let name = package.name.as_ref()?;
        let lock = self.whole_lock(input, package)?;
        let listed = self.resolved[lock].get(name).and_then(|entries| entries.first());
        Some(LockGap { lock, listed: listed.map(|index| EntryId { input: lock, package: *index }) })
    }

    /// Whether a lock lists what an entry asks for, in a version that it admits. What has a marker may be left out.
    fn is_resolved(&self, input: usize, package: &Package) -> bool {
        self.listed(input, package).is_some_and(|versions| versions.is_empty())
    }

    /// The versions that locks list under the entry's name and that it does not admit; empty when one is admitted,
    /// `None` when the name is not listed.
    fn listed(&self, input: usize, package: &Package) -> Option<Vec<&'a Version>> {
        let name = package.name.as_ref()?;
        let is_plain = package.source.kind == SourceKind::Index && package.marker.is_none();
        let constraint = package.specifier.as_deref().filter(|_| is_plain).and_then(Constraint::parse);
        let mut listed = false;
        let mut others = Vec::new();
        for (lock, _) in &self.resolvers[input] {
            for index in self.resolved[*lock].get(name).into_iter().flatten() {
                listed = true;
                let entry = &self.project.inputs[*lock].packages[*index];
                match (&entry.version, &constraint) {
                    (Some(version), Some(constraint))
                        if entry.source.kind == SourceKind::Index
                            && version.is_pep440()
                            && !constraint.admits(version) =>
                    {
                        others.push(version);
                    }
                    _ => return Some(Vec::new()),
                }
            }
        }
        listed.then_some(others)
    }

    /// The lock that ought to list what an entry of a manifest asks for. A requirement file that does not list what
    /// its lines pull in installs the project and says no more about it.
    fn whole_lock(&self, manifest: usize, package: &Package) -> Option<usize> {
        let mut whole = self.resolvers[manifest].iter().filter(|(_, whole)| *whole).map(|(lock, _)| *lock);
        whole.find(|lock| {
            let lock = &self.project.inputs[*lock];
            (lock.role == Role::Lock || lock.closed != Some(false)) && lock.is_locked_for(&package.groups)
        })
    }

    fn why_unresolved(&self, input: usize, package: &Package) -> String {
        let lock = self.whole_lock(input, package).map(|lock| self.project.inputs[lock].file_name());
        let is_build = package.groups.iter().any(|group| group == "build-system");
        match (lock.filter(|_| !is_build), self.listed(input, package)) {
            (Some(lock), Some(versions)) if !versions.is_empty() => {
                let known = versions.first().map(ToString::to_string).unwrap_or_default();
                format!("{lock} lists {known}, which this does not admit: lock again")
            }
            _ if package.source.kind.is_vcs() => {
                let system = package.source.kind.as_str();
                format!("a {system} checkout without a version: audit a lock that records it")
            }
            (Some(lock), _) if package.version.is_some() => format!("{lock} does not list it: lock again"),
            (Some(lock), _) => format!("no version, and {lock} does not list it: lock again"),
            _ if package.constraint => "no version: pin it, or audit what is installed".to_owned(),
            _ => "no version: pin it, or audit the lock".to_owned(),
        }
    }
}

/// Whether an entry replaces what others ask for, where a constraint adds to it (`[tool.uv] override-dependencies`).
fn is_override(package: &Package) -> bool {
    package.constraint && package.groups.iter().any(|group| group == "uv-override")
}

/// Whether it can be said which versions a requirement admits.
fn has_set(package: &Package) -> bool {
    let text = package.specifier.as_deref().unwrap_or_default();
    Constraint::parse(text).is_some_and(|constraint| constraint.set().is_some())
}

/// Whether an entry asks for the project itself: `shop[admin]` inside shop. What builds a project comes from an index.
fn is_self(input: &Input, package: &Package) -> bool {
    package.name.is_some()
        && package.version.is_none()
        && package.source.kind == SourceKind::Index
        && input.project == package.name
        && !is_build_only(package)
}
