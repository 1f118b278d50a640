//! One project: the dependency files of one folder, joined.
//!
//! The manifest says what people ask for and where they edit it; the lock says what was resolved; constraints
//! fill the versions of lines that have none. Joining is pure: what needs the disk (is this path ours?) comes in
//! as a [`Standing`].

use crate::model::Arrange as _;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use super::resolution::{Resolution, Resolved, resolves};
use super::selection::groups_of;
use super::{Input, ManifestPath, Package, PackageName, Role, Selection, SourceKind, Span, Version, Via};

/// One entry of one input of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId {
    /// Index into the project's inputs.
    pub input: usize,
    /// Index into that input's packages.
    pub package: usize,
}

/// What the engine knows about an entry that its text cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Somebody else's package.
    Foreign,
    /// Our own code, audited through its own manifest.
    FirstParty,
    /// Somebody else's package whose version the name of its archive tells (PEP 427, PEP 625).
    Archive(Version),
    /// Cannot be audited, and why.
    Unknown(String),
}

/// A package version to be audited, with every entry that gives it.
#[derive(Debug, Clone)]
pub struct Target {
    /// The name.
    pub name: PackageName,
    /// The version.
    pub version: Version,
    /// The entries, in the order of the inputs. Never empty.
    pub entries: Vec<EntryId>,
}

/// A requirement that nothing resolves, with every entry that gives it in the same words.
#[derive(Debug, Clone)]
pub struct OpenRequirement {
    /// The name.
    pub name: PackageName,
    /// What it admits, as written, and after it what constraints of the same input add; empty when it admits every
    /// version.
    pub specifier: String,
    /// The entries, in the order of the inputs. Never empty.
    pub entries: Vec<EntryId>,
    /// The constraints.
    pub limits: Vec<EntryId>,
}

/// A requirement that nothing resolves, and why it cannot be audited.
#[derive(Debug, Clone)]
pub struct Unresolved {
    /// The entry.
    pub entry: EntryId,
    /// What to look at: the requirement, or the version of a lock entry.
    pub span: Span,
    /// Why it could not be audited; lower case, no full stop.
    pub why: String,
    /// What is wrong with the lock that ought to list it.
    pub gap: Option<LockGap>,
}

/// A lock that does not list what its manifest asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockGap {
    /// Index of the lock into the project's inputs.
    pub lock: usize,
    /// Its entry of that name, in a version that the manifest does not admit; `None` when it has none.
    pub listed: Option<EntryId>,
}

/// The dependency files of one folder, joined.
#[derive(Debug)]
pub struct Project {
    /// The folder relative to the root; empty for the root itself.
    pub folder: String,
    /// Its inputs, by path.
    pub inputs: Vec<Input>,
    /// The groups and extras (`extra:NAME`) that the inputs know, when there is a selection.
    pub groups: BTreeSet<String>,
    /// How many entries of audited inputs the selection left out.
    pub left_out: usize,
    /// What is to be audited, by name and version.
    pub targets: Vec<Target>,
    /// Requirements of an index that nothing resolves and nothing should: what can be said about them is said about
    /// all versions that they admit. By name, specifier and marker.
    pub open: Vec<OpenRequirement>,
    /// What nothing resolves and should, or what nothing can be said about, in the order of the inputs.
    pub unresolved: Vec<Unresolved>,
    /// Targets that could be audited in part only, in the order of the inputs.
    pub doubtful: Vec<Unresolved>,
    /// The manifests of each input.
    pub(super) manifests: Vec<Vec<Link>>,
    /// The first entry of each input that names an index for a name, found when it is asked for.
    pub(super) pinned: OnceLock<HashMap<PackageName, BTreeMap<usize, usize>>>,
}

/// A manifest of an input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// Index into the inputs of the project.
    pub(super) manifest: usize,
    /// Whether the input resolves all of it.
    pub(super) whole: bool,
}

impl Project {
    /// Joins the inputs of a folder and leaves out what is not asked about. `standing` says what the engine knows
    /// about an entry.
    pub fn join(
        folder: &str,
        mut inputs: Vec<Input>,
        selection: &Selection,
        standing: &dyn Fn(&Input, &Package) -> Standing,
    ) -> Self {
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (index, input) in inputs.iter().enumerate() {
            places.entry(input.path.as_str()).or_insert(index);
        }
        let manifests: Vec<Vec<Link>> = inputs.iter().map(|input| manifests_of(&places, input)).collect();
        for (index, manifests) in manifests.iter().enumerate() {
            if inputs[index].role == Role::Lock && !inputs[index].tells_direct {
                mark_direct(&mut inputs, index, manifests);
            }
        }
        let groups = if selection.is_everything() { BTreeSet::new() } else { groups_of(&inputs) };
        let left_out = leave_out(&mut inputs, &manifests, selection);
        let mut project = Self {
            folder: folder.to_owned(),
            inputs,
            groups,
            left_out,
            targets: Vec::new(),
            open: Vec::new(),
            unresolved: Vec::new(),
            doubtful: Vec::new(),
            manifests,
            pinned: OnceLock::new(),
        };
        let Resolved { targets, open, unresolved, doubtful } = Resolution::new(&project).resolve(standing);
        let target = |((name, version), mut entries): (_, Vec<EntryId>)| {
            entries.arrange();
            entries.dedup();
            Target { name, version, entries }
        };
        project.targets = targets.into_iter().map(target).collect();
        let requirement = |name: &PackageName, ((specifier, _), found): (_, (Vec<_>, Vec<_>))| {
            let (entries, limits) = found;
            OpenRequirement { name: name.clone(), specifier, entries, limits }
        };
        let open = open.into_iter().flat_map(|(name, of_name)| {
            of_name.into_iter().map(|worded| requirement(&name, worded)).collect::<Vec<_>>()
        });
        project.open = open.collect();
        (project.unresolved, project.doubtful) = (unresolved, doubtful);
        project
    }

    /// The entry's package.
    pub fn package(&self, entry: EntryId) -> &Package {
        &self.inputs[entry.input].packages[entry.package]
    }

    /// The manifests of an input.
    pub fn manifests_of(&self, input: usize) -> impl Iterator<Item = &Input> {
        self.manifests[input].iter().map(|link| &self.inputs[link.manifest])
    }

    /// Whether another input tells what this one's requirements resolve to.
    pub fn is_answered(&self, input: usize) -> bool {
        self.resolvers(input)
            .any(|lock| !self.inputs[lock].packages.is_empty() && self.inputs[lock].closed != Some(false))
    }

    /// Whether a lock of this manifest lists the package.
    pub fn is_resolved_elsewhere(&self, manifest: usize, name: &PackageName) -> bool {
        self.resolvers(manifest).any(|lock| {
            let lock = &self.inputs[lock];
            lock.packages.iter().any(|package| package.name.as_ref() == Some(name) && resolves(lock, package))
        })
    }

    /// The names that the locks of this manifest list.
    pub fn resolved_names(&self, manifest: usize) -> HashSet<&PackageName> {
        let locks = self.resolvers(manifest).map(|lock| &self.inputs[lock]);
        let listed =
            locks.flat_map(|lock| lock.packages.iter().filter(move |package| resolves(lock, package)));
        listed.filter_map(|package| package.name.as_ref()).collect()
    }

    /// The lock beside a manifest, or whatever else resolves it.
    pub(super) fn resolvers(&self, manifest: usize) -> impl Iterator<Item = usize> + '_ {
        self.links_to(manifest).map(|(lock, _)| lock)
    }

    /// What resolves a manifest, and whether it resolves all of it.
    pub(super) fn links_to(&self, manifest: usize) -> impl Iterator<Item = (usize, bool)> + '_ {
        self.manifests.iter().enumerate().filter_map(move |(lock, links)| {
            let link = links.iter().find(|link| link.manifest == manifest)?;
            Some((lock, link.whole))
        })
    }
}

/// Takes the entries out of the inputs that are not asked about. How many there were.
fn leave_out(inputs: &mut [Input], manifests: &[Vec<Link>], selection: &Selection) -> usize {
    if selection.is_everything() {
        return 0;
    }
    let mut left_out = 0;
    for (input, kept) in selection.kept(inputs, manifests).iter().enumerate() {
        let input = &mut inputs[input];
        if !input.companion {
            left_out += kept.iter().filter(|kept| !**kept).count();
        }
        let mut kept = kept.iter();
        input.packages.retain(|_| kept.next() != Some(&false));
        selection.leave_out_edges(input);
    }
    left_out
}

/// The inputs that are the manifests of `input`.
fn manifests_of(places: &HashMap<&str, usize>, input: &Input) -> Vec<Link> {
    let folder = input.folder();
    let named = |name: &str| places.get(format!("{folder}{name}").as_str()).copied();
    match input.role {
        Role::Lock => {
            let found = |known: &ManifestPath| {
                let manifest = places.get(known.path.as_str()).copied()?;
                Some(Link { manifest, whole: known.whole })
            };
            input.manifests.iter().filter_map(found).collect()
        }
        Role::Requirements => {
            let mut found = Vec::new();
            if let Some(stem) = input.file_name().strip_suffix(".txt") {
                found.extend(named(&format!("{stem}.in")));
            }
            let mentions_pyproject = input.packages.iter().any(|package| {
                package
                    .via
                    .iter()
                    .any(|via| matches!(via, Via::Direct(text) if text.contains("pyproject.toml")))
            });
            let installs_project = input.packages.iter().any(|package| {
                package.source.kind == SourceKind::Path
                    && matches!(package.source.url.as_deref(), Some("." | "./" | "file:."))
            });
            if mentions_pyproject || installs_project {
                found.extend(named("pyproject.toml"));
            }
            found.into_iter().map(|manifest| Link { manifest, whole: true }).collect()
        }
        Role::Manifest | Role::Constraints => Vec::new(),
    }
}

/// Lets the manifest beside a lock say which packages of it are direct.
fn mark_direct(inputs: &mut [Input], lock: usize, manifests: &[Link]) {
    let beside = |manifest: &usize| inputs[*manifest].folder() == inputs[lock].folder();
    let manifests: Vec<usize> = manifests.iter().map(|link| link.manifest).filter(beside).collect();
    let direct: HashSet<PackageName> = manifests
        .iter()
        .filter(|manifest| inputs[**manifest].start.is_some())
        .flat_map(|manifest| inputs[*manifest].packages.iter())
        .filter(|package| !is_build_only(package) && !package.constraint)
        .filter_map(|package| package.name.clone())
        .collect();
    if manifests.iter().any(|manifest| was_read(&inputs[*manifest])) {
        for package in &mut inputs[lock].packages {
            package.direct = Some(package.name.as_ref().is_some_and(|name| direct.contains(name)));
        }
    }
}

/// Whether the file as a whole could be read: single lines may have been skipped.
fn was_read(input: &Input) -> bool {
    !input.packages.is_empty() || input.skipped.is_empty()
}

pub(super) fn is_build_only(package: &Package) -> bool {
    !package.groups.is_empty() && package.groups.iter().all(|group| group == "build-system")
}
