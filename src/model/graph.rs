//! The resolved graph: packages as nodes, recorded dependencies as edges both ways.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{Dependency, Package};

/// A node of one [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub usize);

/// Packages and who needs whom. Nodes are in the order of the packages it was built from.
#[derive(Debug)]
pub struct Graph<'a> {
    nodes: Vec<&'a Package>,
    children: Vec<Vec<(NodeId, &'a Dependency)>>,
    parents: Vec<Vec<(NodeId, &'a Dependency)>>,
    roots: Vec<NodeId>,
}

impl<'a> Graph<'a> {
    /// Joins packages by name. Where one name has several versions, an edge leads to those that its specifier
    /// admits; to all of them when it admits none or cannot be read. Constraints are nodes but never targets of
    /// an edge that a proper entry can satisfy.
    ///
    /// Roots are the direct packages; a graph in which no file says what is direct starts at the nodes that
    /// nothing needs, and one that is a cycle altogether at its first node.
    pub fn new(packages: impl IntoIterator<Item = &'a Package>) -> Self {
        let nodes: Vec<&Package> = packages.into_iter().collect();
        let mut by_name: HashMap<&str, Vec<NodeId>> = HashMap::with_capacity(nodes.len());
        for (index, package) in nodes.iter().enumerate() {
            if let Some(name) = &package.name {
                by_name.entry(name.as_str()).or_default().push(NodeId(index));
            }
        }
        let mut children = vec![Vec::new(); nodes.len()];
        let mut parents = vec![Vec::new(); nodes.len()];
        for (index, package) in nodes.iter().enumerate() {
            for dependency in &package.dependencies {
                let Some(named) = by_name.get(dependency.name.as_str()) else { continue };
                for target in admitted(&nodes, named, dependency) {
                    if target.0 != index && !children[index].iter().any(|(known, _)| *known == target) {
                        children[index].push((target, dependency));
                        parents[target.0].push((NodeId(index), dependency));
                    }
                }
            }
        }
        let ids = || (0..nodes.len()).map(NodeId);
        let mut roots: Vec<_> = ids().filter(|id| nodes[id.0].direct == Some(true)).collect();
        if roots.is_empty() {
            roots = ids().filter(|id| parents[id.0].is_empty()).collect();
        }
        if roots.is_empty() {
            roots = ids().take(1).collect();
        }
        Self { nodes, children, parents, roots }
    }

    /// The package of a node.
    pub fn package(&self, id: NodeId) -> &'a Package {
        self.nodes[id.0]
    }

    /// All nodes.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &'a Package)> + '_ {
        self.nodes.iter().enumerate().map(|(index, package)| (NodeId(index), *package))
    }

    /// Where reading starts: what a person asked for.
    pub fn roots(&self) -> &[NodeId] {
        &self.roots
    }

    /// What a node needs, with the edges, in the order of its entry.
    pub fn children(&self, id: NodeId) -> &[(NodeId, &'a Dependency)] {
        &self.children[id.0]
    }

    /// Who needs a node, with the edges.
    pub fn parents(&self, id: NodeId) -> &[(NodeId, &'a Dependency)] {
        &self.parents[id.0]
    }

    /// One shortest path from each root that reaches `target`, shortest first, then by name; at most `limit`.
    /// A root that is the target itself is a path of one.
    pub fn paths_to(&self, target: NodeId, limit: usize) -> Vec<Vec<NodeId>> {
        let mut next: BTreeMap<NodeId, NodeId> = BTreeMap::new();
        let mut distance: HashMap<NodeId, usize> = HashMap::from([(target, 0)]);
        let mut queue = VecDeque::from([target]);
        while let Some(id) = queue.pop_front() {
            let steps = distance[&id];
            let mut before: Vec<_> = self.parents(id).iter().map(|(parent, _)| *parent).collect();
            before.sort_by_key(|parent| (self.nodes[parent.0].name.as_ref(), *parent));
            for parent in before {
                distance.entry(parent).or_insert_with(|| {
                    next.insert(parent, id);
                    queue.push_back(parent);
                    steps + 1
                });
            }
        }
        let mut paths: Vec<Vec<NodeId>> = self
            .roots
            .iter()
            .filter(|root| distance.contains_key(root))
            .map(|root| {
                let mut path = vec![*root];
                while let Some(step) = path.last().and_then(|last| next.get(last)) {
                    path.push(*step);
                }
                path
            })
            .collect();
        paths.sort_by_cached_key(|path| {
            (
                path.len(),
                path.iter().map(|id| self.nodes[id.0].name.clone()).collect::<Vec<_>>(),
                path.clone(),
            )
        });
        paths.dedup_by_key(|path| path.iter().map(|id| self.nodes[id.0].name.clone()).collect::<Vec<_>>());
        paths.truncate(limit);
        paths
    }
}

/// The nodes of one name that an edge leads to.
fn admitted(nodes: &[&Package], named: &[NodeId], dependency: &Dependency) -> Vec<NodeId> {
    let proper: Vec<_> = named.iter().copied().filter(|id| !nodes[id.0].constraint).collect();
    let candidates = if proper.is_empty() { named.to_vec() } else { proper };
    let (true, Some(specifier)) = (candidates.len() > 1, &dependency.specifier) else { return candidates };
    let fits = |id: &NodeId| {
        let version = nodes[id.0].version.as_ref();
        version.and_then(|version| version.satisfies(specifier)).unwrap_or(true)
    };
    let fitting: Vec<_> = candidates.iter().copied().filter(fits).collect();
    if fitting.is_empty() { candidates } else { fitting }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PackageName, SourceFile, Sources, Span, Version};

    /// `name@version -> dependency specifier, …`, one a line; a leading `*` marks a direct one.
    fn packages(text: &str) -> Vec<Package> {
        let mut sources = Sources::new(0);
        let source = sources.add(SourceFile::new("lock", text.to_owned()));
        let span = Span::start_of(source);
        text.lines()
            .map(|line| {
                let (head, tail) = line.split_once("->").unwrap_or((line, ""));
                let (name, version) = head.trim().trim_start_matches('*').split_once('@').unwrap();
                let mut package = Package::new(name, span);
                package.version = Some(Version::new(version));
                package.direct = Some(head.starts_with('*'));
                for dependency in tail.split(',').map(str::trim).filter(|text| !text.is_empty()) {
                    let (name, specifier) = dependency.split_once(' ').unwrap_or((dependency, ""));
                    package.dependencies.push(Dependency {
                        name: PackageName::new(name),
                        specifier: Some(specifier.to_owned()).filter(|text| !text.is_empty()),
                        marker: None,
                        extras: Vec::new(),
                        optional: false,
                        span,
                    });
                }
                package
            })
            .collect()
    }

    fn names(graph: &Graph<'_>, paths: &[Vec<NodeId>]) -> Vec<String> {
        let name = |id: &NodeId| graph.package(*id).written.clone();
        paths.iter().map(|path| path.iter().map(name).collect::<Vec<_>>().join(" > ")).collect()
    }

    #[test]
    fn one_shortest_path_from_each_root_through_cycles() {
        let packages = packages(
            "*web@1 -> http, forms\n*cli@2 -> forms\nhttp@1 -> tls\ntls@1 -> http\nforms@3 -> web, tls\n*tls@1",
        );
        let graph = Graph::new(&packages[..5]);
        let paths = graph.paths_to(NodeId(3), 10);
        assert_eq!(names(&graph, &paths), ["cli > forms > tls", "web > forms > tls"]);
        assert_eq!(graph.paths_to(NodeId(3), 1).len(), 1);
        assert_eq!(names(&graph, &graph.paths_to(NodeId(0), 10))[0], "web");
    }

    #[test]
    fn an_edge_leads_to_the_version_it_admits() {
        let packages =
            packages("*web@1 -> docutils <0.22\n*docs@1 -> docutils >=0.22\ndocutils@0.21\ndocutils@0.22");
        let graph = Graph::new(&packages);
        let targets = |id| graph.children(NodeId(id)).iter().map(|(to, _)| to.0).collect::<Vec<_>>();
        assert_eq!((targets(0), targets(1)), (vec![2], vec![3]));
    }

    #[test]
    fn a_pure_cycle_has_a_root_all_the_same() {
        let mut packages = packages("a@1 -> b\nb@1 -> a");
        for package in &mut packages {
            package.direct = None;
        }
        let graph = Graph::new(&packages);
        assert_eq!(graph.roots(), [NodeId(0)]);
        assert_eq!(graph.paths_to(NodeId(1), 5), [[NodeId(0), NodeId(1)]]);
    }
}
