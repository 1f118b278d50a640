//! Where a target comes in: the line to edit, the lock entry, the paths.

use crate::model::Arrange as _;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::project::{EntryId, Project, Target};
use super::{Graph, Label, NodeId, Package, PackageName, PackageRef, Role, Version};

/// How many paths are kept for one package: the shortest ones.
const MOST_PATHS: usize = 8;
/// How many manifest entries of one name are compared with a version, how many entries of one target are shown, and how
/// many roots and parents are asked. Real projects have a tenth of it; a hostile file would make a square of its
/// entries.
const MOST_COMPARED: usize = 64;

/// Where a target comes in, for a finding.
#[derive(Debug, Clone)]
pub struct Whereabouts {
    /// The package, for the finding.
    pub package: Arc<PackageRef>,
    /// The line that a person edits.
    pub primary: Label,
    /// The lock entry and other places.
    pub related: Vec<Label>,
    /// Names from a direct dependency to the package.
    pub paths: Arc<Vec<Vec<String>>>,
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
    /// The requirements of each input by name.
    names: Vec<OnceCell<HashMap<&'a PackageName, Vec<usize>>>>,
}

impl<'a> ProjectView<'a> {
    /// A view that has built nothing yet.
    pub fn new(project: &'a Project) -> Self {
        Self {
            project,
            graphs: project.inputs.iter().map(|_| OnceCell::new()).collect(),
            names: project.inputs.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// The entries of an input that ask for a name.
    fn named(&self, input: usize, name: &PackageName) -> &[usize] {
        let names = self.names[input].get_or_init(|| {
            let mut names: HashMap<_, Vec<usize>> = HashMap::new();
            for (index, package) in self.project.inputs[input].packages.iter().enumerate() {
                if let Some(name) = package.name.as_ref().filter(|_| !package.constraint) {
                    names.entry(name).or_default().push(index);
                }
            }
            names
        });
        names.get(name).map_or(&[], Vec::as_slice)
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
        for link in &self.project.manifests[input] {
            let manifest = link.manifest;
            for index in self.named(manifest, name).iter().take(MOST_COMPARED) {
                let specifier = self.project.inputs[manifest].packages[*index].specifier.as_deref();
                let admits = specifier.is_none_or(|text| version.satisfies(text).unwrap_or(true));
                found.push((!admits, EntryId { input: manifest, package: *index }));
            }
        }
        found.arrange_by_key(|(misfit, entry)| (*misfit, *entry));
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
        let mut constraints: Vec<Label> = Vec::new();
        let mut entries: Vec<Label> = Vec::new();
        for (number, entry) in target.entries.iter().enumerate() {
            let package = self.package(*entry);
            markers.push(package.marker.as_deref());
            groups.extend(package.groups.iter().cloned());
            if number >= MOST_COMPARED {
                continue;
            }
            let graph = self.graph(entry.input);
            let node = NodeId(entry.package);
            let reach = graph.reach(node);
            let routes = graph.paths_of(&reach, MOST_PATHS);
            for (parent, dependency) in graph.parents(node).iter().take(MOST_COMPARED) {
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
                self.brought_in_by(entry.input, graph, &reach.roots, target)
            {
                edits.push(label);
                if package.groups.is_empty() {
                    groups.extend(route_groups);
                }
            }
            let is_lock = self.project.inputs[entry.input].role == Role::Lock;
            let words = match (package.constraint, is_lock) {
                (true, _) => "pinned by this constraint",
                (_, true) if self.project.inputs[entry.input].kind == "installed" => "installed here",
                (_, true) => "locked here",
                _ => "required here",
            };
            let label = Label::new(package.edit_span(), words);
            // A requirement that a constraint pins is context: the version stands in the constraint.
            if package.constraint {
                constraints.push(label);
            } else {
                entries.push(label);
            }
            paths.extend(
                routes
                    .into_iter()
                    .map(|route| route.iter().map(|node| name_of(graph.package(*node))).collect::<Vec<_>>()),
            );
        }
        paths.arrange_by_key(|path| (path.len(), path.clone()));
        paths.dedup();
        paths.truncate(MOST_PATHS);
        parents.arrange();
        parents.dedup();
        let mut places = edits.into_iter().chain(constraints).chain(entries);
        let first = target.entries.first().map(|entry| self.package(*entry));
        let primary = places.next().unwrap_or_else(|| {
            // Unreachable: a target has an entry. The place of nothing is better than a panic.
            Label::new(super::Span::start_of(super::SourceId::default()), "")
        });
        let mut known = HashSet::from([primary.span]);
        let related = places.filter(|label| known.insert(label.span)).collect();
        Whereabouts {
            package: Arc::new(PackageRef {
                name: target.name.clone(),
                version: Some(target.version.clone()),
                groups: groups.into_iter().collect(),
                marker: common_marker(&markers),
                source: first.map(|package| package.source.clone()).unwrap_or_default(),
            }),
            primary,
            related,
            paths: Arc::new(paths),
            parents,
            requires_python: self.project.inputs.iter().find_map(|input| input.requires_python.clone()),
        }
    }

    /// The manifest line of the direct dependency at the start of the shortest path, and the groups of all starts.
    fn brought_in_by(
        &self,
        input: usize,
        graph: &Graph<'_>,
        roots: &[NodeId],
        target: &Target,
    ) -> Option<(Label, BTreeSet<String>)> {
        let mut groups = BTreeSet::new();
        let mut label = None;
        for root in roots.iter().take(MOST_COMPARED) {
            let root = graph.package(*root);
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

/// The marker when all entries have one: an entry without a marker is always installed. So many that nobody reads them
/// are none.
fn common_marker(markers: &[Option<&str>]) -> Option<String> {
    let mut texts: Vec<&str> = Vec::new();
    for marker in markers {
        let text = (*marker)?;
        if !texts.contains(&text) {
            texts.push(text);
        }
        if texts.len() > MOST_COMPARED {
            return None;
        }
    }
    match texts[..] {
        [] => None,
        [one] => Some(one.to_owned()),
        _ => Some(texts.iter().map(|text| format!("({text})")).collect::<Vec<_>>().join(" or ")),
    }
}
