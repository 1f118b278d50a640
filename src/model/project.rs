//! One project: the dependency files of one folder, joined.
//!
//! The manifest says what people ask for and where they edit it; the lock says what was resolved; constraints
//! fill the versions of lines that have none. Joining is pure: what needs the disk (is this path ours?) comes in
//! as a [`Standing`].

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, Input, Label, NodeId, Package, PackageName, PackageRef, Role, Version};

/// How many paths are kept for one package: the shortest ones.
const MOST_PATHS: usize = 8;

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

/// A requirement that nothing resolves.
#[derive(Debug, Clone)]
pub struct Unresolved {
    /// The entry.
    pub entry: EntryId,
    /// Why it could not be audited; lower case, no full stop.
    pub why: String,
}

/// The dependency files of one folder, joined.
#[derive(Debug)]
pub struct Project {
    /// The folder relative to the root; empty for the root itself.
    pub folder: String,
    /// Its inputs, by path.
    pub inputs: Vec<Input>,
    /// What is to be audited, by name and version.
    pub targets: Vec<Target>,
    /// What nothing resolves, in the order of the inputs.
    pub unresolved: Vec<Unresolved>,
    /// The manifests of each input: indices into `inputs`.
    manifests: Vec<Vec<usize>>,
}

impl Project {
    /// Joins the inputs of a folder. `standing` says what the engine knows about an entry.
    pub fn join(
        folder: &str,
        mut inputs: Vec<Input>,
        manifest_names: &dyn Fn(&str) -> Option<&'static str>,
        standing: &dyn Fn(&Input, &Package) -> Standing,
    ) -> Self {
        let manifests: Vec<Vec<usize>> =
            inputs.iter().map(|input| manifests_of(&inputs, input, manifest_names)).collect();
        for (index, manifests) in manifests.iter().enumerate() {
            if inputs[index].role == Role::Lock && !manifests.is_empty() {
                mark_direct(&mut inputs, index, manifests);
            }
        }
        let mut project = Self {
            folder: folder.to_owned(),
            inputs,
            targets: Vec::new(),
            unresolved: Vec::new(),
            manifests,
        };
        project.resolve(standing);
        project
    }

    /// The entry's package.
    pub fn package(&self, entry: EntryId) -> &Package {
        &self.inputs[entry.input].packages[entry.package]
    }

    /// Whether another input tells what this one's requirements resolve to.
    pub fn is_answered(&self, input: usize) -> bool {
        self.resolvers(input)
            .any(|lock| !self.inputs[lock].packages.is_empty() && self.inputs[lock].closed != Some(false))
    }

    /// Whether a lock of this manifest lists the package.
    pub fn is_resolved_elsewhere(&self, manifest: usize, name: &PackageName) -> bool {
        self.resolvers(manifest)
            .any(|lock| self.inputs[lock].packages.iter().any(|package| package.name.as_ref() == Some(name)))
    }

    /// The lock beside a manifest, or whatever else resolves it.
    fn resolvers(&self, manifest: usize) -> impl Iterator<Item = usize> + '_ {
        self.manifests
            .iter()
            .enumerate()
            .filter(move |(_, manifests)| manifests.contains(&manifest))
            .map(|(lock, _)| lock)
    }

    fn resolve(&mut self, standing: &dyn Fn(&Input, &Package) -> Standing) {
        let mut targets: BTreeMap<(PackageName, Version), Vec<EntryId>> = BTreeMap::new();
        let mut unresolved = Vec::new();
        let pinned = self.pinned_names();
        let audited = |(_, input): &(usize, &Input)| !input.companion;
        for (input_index, input) in self.inputs.iter().enumerate().filter(audited) {
            for (package_index, package) in input.packages.iter().enumerate() {
                let entry = EntryId { input: input_index, package: package_index };
                let archive = match standing(input, package) {
                    Standing::FirstParty => continue,
                    Standing::Unknown(why) => {
                        unresolved.push(Unresolved { entry, why });
                        continue;
                    }
                    Standing::Archive(version) => Some(version),
                    Standing::Foreign => None,
                };
                let Some(name) = &package.name else {
                    let why = "gives neither name nor version: write it as `name @ URL`, or audit a lock";
                    unresolved.push(Unresolved { entry, why: why.to_owned() });
                    continue;
                };
                if package.version.is_none() && input.project.as_ref() == Some(name) {
                    continue; // a self-reference: `shop[admin]` inside shop
                }
                if let Some(version) = package.version.clone().or(archive) {
                    targets.entry((name.clone(), version)).or_default().push(entry);
                    continue;
                }
                if let Some(constraints) = constraint_pins(input, package) {
                    for (version, index) in constraints {
                        let entries = targets.entry((name.clone(), version)).or_default();
                        let constraint = EntryId { input: input_index, package: index };
                        if !entries.contains(&constraint) {
                            entries.push(constraint);
                        }
                        entries.push(entry);
                    }
                    continue;
                }
                let resolved = self.resolvers(input_index).any(|lock| pinned[lock].contains(name));
                let silent = package.constraint && input.role != Role::Constraints;
                if !resolved && !silent {
                    let why = self.why_unresolved(input_index, package);
                    unresolved.push(Unresolved { entry, why });
                }
            }
        }
        self.targets =
            targets.into_iter().map(|((name, version), entries)| Target { name, version, entries }).collect();
        for target in &mut self.targets {
            target.entries.sort_unstable();
            target.entries.dedup();
        }
        self.unresolved = unresolved;
    }

    /// For each input the names that it resolves to a version, or that are our own there.
    fn pinned_names(&self) -> Vec<BTreeSet<PackageName>> {
        self.inputs
            .iter()
            .map(|input| {
                let resolved = |package: &&Package| {
                    package.version.is_some() || (input.role == Role::Lock && package.name.is_some())
                };
                input.packages.iter().filter(resolved).filter_map(|package| package.name.clone()).collect()
            })
            .collect()
    }

    fn why_unresolved(&self, input: usize, package: &Package) -> String {
        if package.source.kind.is_vcs() {
            return format!(
                "a {} checkout without a version: audit a lock that records it",
                package.source.kind.as_str()
            );
        }
        let lock = self.resolvers(input).map(|lock| self.inputs[lock].file_name()).next();
        match lock {
            Some(lock) if !package.groups.iter().any(|group| group == "build-system") => {
                format!("no version, and {lock} does not list it: lock again")
            }
            _ if package.constraint => "no version: pin it, or audit what is installed".to_owned(),
            _ => "no version: pin it, or audit the lock".to_owned(),
        }
    }
}

/// The inputs that are the manifests of `input`.
fn manifests_of(
    inputs: &[Input],
    input: &Input,
    manifest_names: &dyn Fn(&str) -> Option<&'static str>,
) -> Vec<usize> {
    let named = |name: &str| inputs.iter().position(|other| other.file_name() == name);
    match input.role {
        Role::Lock => manifest_names(input.kind).and_then(named).into_iter().collect(),
        Role::Requirements => {
            let mut found = Vec::new();
            if let Some(stem) = input.file_name().strip_suffix(".txt") {
                found.extend(named(&format!("{stem}.in")));
            }
            let mentions_pyproject = input.packages.iter().any(|package| {
                package
                    .via
                    .iter()
                    .any(|via| matches!(via, super::Via::Direct(text) if text.contains("pyproject.toml")))
            });
            let installs_project = input.packages.iter().any(|package| {
                package.source.kind == super::SourceKind::Path
                    && matches!(package.source.url.as_deref(), Some("." | "./" | "file:."))
            });
            if mentions_pyproject || installs_project {
                found.extend(named("pyproject.toml"));
            }
            found
        }
        Role::Manifest | Role::Constraints => Vec::new(),
    }
}

/// Lets the manifest say which packages of a lock are direct.
fn mark_direct(inputs: &mut [Input], lock: usize, manifests: &[usize]) {
    let direct: BTreeSet<PackageName> = manifests
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

fn is_build_only(package: &Package) -> bool {
    !package.groups.is_empty() && package.groups.iter().all(|group| group == "build-system")
}

/// The versions that constraints of the same input pin for a requirement without one.
fn constraint_pins(input: &Input, package: &Package) -> Option<Vec<(Version, usize)>> {
    if package.constraint || package.source.kind != super::SourceKind::Index {
        return None;
    }
    let pins: Vec<_> = input
        .packages
        .iter()
        .enumerate()
        .filter(|(_, other)| other.constraint && other.name == package.name)
        .filter_map(|(index, other)| Some((other.version.clone()?, index)))
        .collect();
    if pins.is_empty() { None } else { Some(pins) }
}

/// Where a target comes in, for a finding.
#[derive(Debug, Clone)]
pub struct Whereabouts {
    /// The package, for the finding.
    pub package: PackageRef,
    /// The line that a person edits.
    pub primary: Label,
    /// The lock entry and other places.
    pub related: Vec<Label>,
    /// Names from a direct dependency to the package.
    pub paths: Vec<Vec<String>>,
    /// Who depends on it directly, with the specifier that they record.
    pub parents: Vec<(PackageName, String)>,
    /// The Python versions that the project admits.
    pub requires_python: Option<String>,
}

/// A project with its graphs, built when first asked for.
#[derive(Debug)]
pub struct ProjectView<'a> {
    /// The project.
    pub project: &'a Project,
    graphs: Vec<OnceCell<Graph<'a>>>,
}

impl<'a> ProjectView<'a> {
    /// A view that has built nothing yet.
    pub fn new(project: &'a Project) -> Self {
        Self { project, graphs: project.inputs.iter().map(|_| OnceCell::new()).collect() }
    }

    /// The graph of one input.
    pub fn graph(&self, input: usize) -> &Graph<'a> {
        self.graphs[input].get_or_init(|| Graph::new(&self.project.inputs[input].packages))
    }

    /// The package of an entry.
    pub fn package(&self, entry: EntryId) -> &'a Package {
        self.project.package(entry)
    }

    /// The manifest entries that ask for a package by name, those that admit `version` first.
    fn requested(&self, input: usize, name: &PackageName, version: &Version) -> Vec<EntryId> {
        let mut found: Vec<(bool, EntryId)> = Vec::new();
        for manifest in &self.project.manifests[input] {
            for (index, package) in self.project.inputs[*manifest].packages.iter().enumerate() {
                if package.name.as_ref() == Some(name) && !package.constraint {
                    let specifier = package.specifier.as_deref();
                    let admits = specifier.is_none_or(|text| version.satisfies(text).unwrap_or(true));
                    found.push((!admits, EntryId { input: *manifest, package: index }));
                }
            }
        }
        found.sort_by_key(|(misfit, entry)| (*misfit, *entry));
        found.into_iter().map(|(_, entry)| entry).collect()
    }

    /// The manifest entry with which a person asked for a package of this input.
    pub fn asked_for(&self, input: usize, package: &Package) -> Option<&'a Package> {
        let name = package.name.as_ref()?;
        let version = package.version.clone().unwrap_or_else(|| Version::new(""));
        self.requested(input, name, &version).first().map(|entry| self.package(*entry))
    }

    /// Where a target comes in.
    pub fn whereabouts(&self, target: &Target) -> Whereabouts {
        let mut paths: Vec<Vec<String>> = Vec::new();
        let mut groups = BTreeSet::new();
        let mut markers = Vec::new();
        let mut parents = Vec::new();
        let mut edits: Vec<Label> = Vec::new();
        let mut entries: Vec<Label> = Vec::new();
        for entry in &target.entries {
            let package = self.package(*entry);
            markers.push(package.marker.clone());
            groups.extend(package.groups.iter().cloned());
            let graph = self.graph(entry.input);
            let node = NodeId(entry.package);
            let routes = graph.paths_to(node, usize::MAX);
            for (parent, dependency) in graph.parents(node) {
                if let (Some(name), Some(specifier)) = (&graph.package(*parent).name, &dependency.specifier) {
                    parents.push((name.clone(), specifier.clone()));
                }
            }
            let asked = self.requested(entry.input, &target.name, &target.version);
            for manifest in &asked {
                groups.extend(self.package(*manifest).groups.iter().cloned());
            }
            if let Some(manifest) = asked.first() {
                edits.push(Label::new(self.package(*manifest).edit_span(), "required here"));
            } else if let Some((label, route_groups)) =
                self.brought_in_by(entry.input, graph, &routes, target)
            {
                edits.push(label);
                if package.groups.is_empty() {
                    groups.extend(route_groups);
                }
            }
            let is_lock = self.project.inputs[entry.input].role == Role::Lock;
            let words = match (package.constraint, is_lock) {
                (true, _) => "pinned by this constraint",
                (_, true) => "locked here",
                _ => "required here",
            };
            let label = Label::new(package.edit_span(), words);
            // A requirement that a constraint pins is context: the version stands in the constraint.
            if package.constraint {
                entries.insert(0, label);
            } else {
                entries.push(label);
            }
            paths.extend(
                routes
                    .into_iter()
                    .map(|route| route.iter().map(|node| name_of(graph.package(*node))).collect::<Vec<_>>()),
            );
        }
        paths.sort_by_key(|path| (path.len(), path.clone()));
        paths.dedup();
        paths.truncate(MOST_PATHS);
        parents.sort();
        parents.dedup();
        let mut places = edits.into_iter().chain(entries);
        let first = target.entries.first().map(|entry| self.package(*entry));
        let primary = places.next().unwrap_or_else(|| {
            // Unreachable: a target has an entry. The place of nothing is better than a panic.
            Label::new(super::Span::start_of(super::SourceId::default()), "")
        });
        let mut related: Vec<Label> = Vec::new();
        for label in places {
            if label.span != primary.span && related.iter().all(|known| known.span != label.span) {
                related.push(label);
            }
        }
        Whereabouts {
            package: PackageRef {
                name: target.name.clone(),
                version: Some(target.version.clone()),
                groups: groups.into_iter().collect(),
                marker: common_marker(&markers),
                source: first.map(|package| package.source.clone()).unwrap_or_default(),
            },
            primary,
            related,
            paths,
            parents,
            requires_python: self.project.inputs.iter().find_map(|input| input.requires_python.clone()),
        }
    }

    /// The manifest line of the direct dependency at the start of the shortest path, and the groups of all starts.
    fn brought_in_by(
        &self,
        input: usize,
        graph: &Graph<'_>,
        routes: &[Vec<NodeId>],
        target: &Target,
    ) -> Option<(Label, BTreeSet<String>)> {
        let mut groups = BTreeSet::new();
        let mut label = None;
        for route in routes {
            let root = graph.package(*route.first()?);
            let (Some(name), Some(version)) = (&root.name, &root.version) else { continue };
            let asked = self.requested(input, name, version);
            for entry in &asked {
                groups.extend(self.package(*entry).groups.iter().cloned());
            }
            if let (None, Some(entry)) = (&label, asked.first()) {
                let words = format!("brings in {} {}", target.name, target.version);
                label = Some(Label::new(self.package(*entry).edit_span(), words));
            }
        }
        label.map(|label| (label, groups))
    }
}

/// The name for a path; what stands for an entry without one.
fn name_of(package: &Package) -> String {
    package.name.as_ref().map_or_else(
        || package.source.url.clone().unwrap_or_else(|| "(no name)".to_owned()),
        |name| name.as_str().to_owned(),
    )
}

/// The marker when all entries have one: an entry without a marker is always installed.
fn common_marker(markers: &[Option<String>]) -> Option<String> {
    let mut texts: Vec<&String> = markers.iter().map(Option::as_ref).collect::<Option<_>>()?;
    texts.dedup();
    match texts[..] {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(texts.iter().map(|text| format!("({text})")).collect::<Vec<_>>().join(" or ")),
    }
}
