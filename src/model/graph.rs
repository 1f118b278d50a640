//! The resolved graph: packages as nodes, recorded dependencies as edges both ways.

use crate::model::Arrange as _;
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{Constraint, Dependency, Package};

/// A node of one [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub usize);

/// How many versions of one name are compared with the specifier of an edge, and how many it then leads to. No tool
/// writes a tenth of it; without a limit a hostile file makes a square of its entries.
const MOST_COMPARED: usize = 256;
const MOST_TARGETS: usize = 32;

/// How many steps all searches of one graph may take together: a few seconds. Real graphs take a millionth for each.
const STEPS: u64 = 50_000_000;

/// Of paths longer than this one is shown for each root: to walk all of them in a hostile file would take its square.
const LONGEST_WALKED: usize = 256;

/// Packages and who needs whom. Nodes are in the order of the packages it was built from.
#[derive(Debug)]
pub struct Graph<'a> {
    nodes: Vec<&'a Package>,
    children: Vec<Vec<(NodeId, &'a Dependency)>>,
    parents: Vec<Vec<(NodeId, &'a Dependency)>>,
    roots: Vec<NodeId>,
    is_root: Vec<bool>,
    /// The steps that searches may still take.
    steps: Cell<u64>,
}

impl<'a> Graph<'a> {
    /// Joins packages by name. Where one name has several versions, an edge leads to those that its specifier
    /// admits, or that the lock says was chosen; to all of them when it admits none or cannot be read. Constraints are
    /// nodes but never targets of an edge that a proper entry can satisfy. The entry that PDM makes for the extras of a
    /// package depends on the package itself: whatever needs the one needs the other by its name, and no edge leads
    /// from one to the other.
    ///
    /// Roots are the direct packages; a graph in which no file says what is direct starts at the nodes that
    /// nothing needs, and one that is a cycle altogether at its first node.
    pub fn new(packages: impl IntoIterator<Item = &'a Package>) -> Self {
        let nodes: Vec<&Package> = packages.into_iter().collect();
        let mut by_name: HashMap<&str, Vec<NodeId>> = HashMap::with_capacity(nodes.len());
        // Proper entries first: only where there is none does an edge lead to a constraint.
        for constraint in [false, true] {
            for (index, package) in nodes.iter().enumerate().filter(|(_, node)| node.constraint == constraint)
            {
                let Some(name) = &package.name else { continue };
                let named = by_name.entry(name.as_str()).or_default();
                let fits = named.first().is_none_or(|first| nodes[first.0].constraint == constraint);
                if fits && named.len() < MOST_COMPARED {
                    named.push(NodeId(index));
                }
            }
        }
        let mut children = vec![Vec::new(); nodes.len()];
        let mut parents = vec![Vec::new(); nodes.len()];
        // The node that last got an edge to each node: an entry may name a dependency many times.
        let mut latest = vec![usize::MAX; nodes.len()];
        for (index, package) in nodes.iter().enumerate() {
            for dependency in &package.dependencies {
                let Some(named) = by_name.get(dependency.name.as_str()) else { continue };
                for target in admitted(&nodes, named, dependency).into_iter().take(MOST_TARGETS) {
                    if !is_same(package, nodes[target.0]) && latest[target.0] != index {
                        latest[target.0] = index;
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
        let mut is_root = vec![false; nodes.len()];
        for root in &roots {
            is_root[root.0] = true;
        }
        Self { nodes, children, parents, roots, is_root, steps: Cell::new(STEPS) }
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
        self.paths_of(&self.reach(target), limit)
    }

    /// Every shortest path from each root that reaches `target`, shortest first, then by name; at most `limit`.
    pub fn all_paths_to(&self, target: NodeId, limit: usize) -> Vec<Vec<NodeId>> {
        let reach = self.reach(target);
        let mut paths = Vec::new();
        for root in &reach.roots {
            if reach.far(*root).is_some_and(|far| far > LONGEST_WALKED) {
                paths.push(reach.path(*root));
                if paths.len() >= limit {
                    return paths;
                }
                continue;
            }
            let mut open = vec![vec![*root]];
            while let Some(path) = open.pop() {
                let Some(end) = path.last().copied() else { continue };
                let far = reach.far(end);
                if far == Some(0) {
                    paths.push(path);
                    if paths.len() >= limit {
                        return paths;
                    }
                    continue;
                }
                let nearer = |id: &NodeId| reach.far(*id).is_some_and(|next| Some(next + 1) == far);
                let mut next: Vec<_> = self.children(end).iter().map(|(id, _)| *id).filter(nearer).collect();
                // The last one is taken first.
                next.arrange_by_key(|id| std::cmp::Reverse((self.nodes[id.0].name.as_ref(), *id)));
                next.dedup();
                open.extend(next.into_iter().take(limit).map(|id| [path.as_slice(), &[id]].concat()));
            }
        }
        paths
    }

    /// The same from what leads to the node.
    pub fn paths_of(&self, reach: &Reach, limit: usize) -> Vec<Vec<NodeId>> {
        let names =
            |path: &[NodeId]| path.iter().map(|id| self.nodes[id.0].name.as_ref()).collect::<Vec<_>>();
        let mut paths: Vec<Vec<NodeId>> = Vec::new();
        for root in &reach.roots {
            let path = reach.path(*root);
            // Versions of one package that come in alike are one path to a person. They stand side by side.
            let alike = paths.iter().rev().take_while(|known| known.len() == path.len());
            if !alike.take(MOST_TARGETS).any(|known| names(known) == names(&path)) {
                paths.push(path);
            }
            if paths.len() >= limit {
                break;
            }
        }
        paths
    }

    /// What leads to a node: the roots that reach it, nearest first, then by name. Nothing when the searches of this
    /// graph have taken more steps than any real one needs.
    pub fn reach(&self, target: NodeId) -> Reach {
        // How far each node is, and the next one on the way.
        let mut reached: BTreeMap<NodeId, (usize, NodeId)> = BTreeMap::from([(target, (0, target))]);
        let mut queue = VecDeque::from([(target, 0)]);
        let mut steps = self.steps.get();
        let mut before = Vec::new();
        while let Some((id, far)) = queue.pop_front() {
            before.clear();
            before.extend(self.parents(id).iter().map(|(parent, _)| *parent));
            steps = steps.saturating_sub(1 + before.len() as u64);
            if steps == 0 {
                self.steps.set(0);
                return Reach::default();
            }
            before.arrange_by_key(|parent| (self.nodes[parent.0].name.as_ref(), *parent));
            for parent in &before {
                reached.entry(*parent).or_insert_with(|| {
                    queue.push_back((*parent, far + 1));
                    (far + 1, id)
                });
            }
        }
        self.steps.set(steps);
        let near = reached.iter().filter(|(id, _)| self.is_root[id.0]).map(|(id, (far, _))| (*id, *far));
        let mut roots: Vec<_> = near.collect();
        roots.arrange_by_key(|(id, far)| (*far, self.nodes[id.0].name.as_ref(), *id));
        Reach { roots: roots.into_iter().map(|(id, _)| id).collect(), reached }
    }
}

/// The roots that reach a node, and the way from each.
#[derive(Debug, Default)]
pub struct Reach {
    /// The roots, nearest first.
    pub roots: Vec<NodeId>,
    reached: BTreeMap<NodeId, (usize, NodeId)>,
}

impl Reach {
    /// How many edges lead from a node to the one that was asked for; `None` when none do.
    pub fn far(&self, id: NodeId) -> Option<usize> {
        self.reached.get(&id).map(|(far, _)| *far)
    }

    /// The way from one of the roots to the node.
    pub fn path(&self, root: NodeId) -> Vec<NodeId> {
        let next = |id: &NodeId| self.reached.get(id).filter(|(far, _)| *far > 0).map(|(_, next)| *next);
        std::iter::successors(Some(root), next).collect()
    }
}

/// Whether two entries are one package: the entry itself, or the one for its extras.
fn is_same(left: &Package, right: &Package) -> bool {
    std::ptr::eq(left, right) || (left.name == right.name && left.version == right.version)
}

/// The nodes of one name that an edge leads to.
fn admitted(nodes: &[&Package], candidates: &[NodeId], dependency: &Dependency) -> Vec<NodeId> {
    if candidates.len() < 2 {
        return candidates.to_vec();
    }
    if let Some(chosen) = &dependency.chosen {
        let fitting = |by_url: bool| {
            let fits = |id: &&NodeId| {
                let package = nodes[id.0];
                let version = chosen.version.is_none() || chosen.version == package.version;
                version && (!by_url || chosen.url.is_none() || chosen.url == package.source.url)
            };
            candidates.iter().filter(fits).copied().collect::<Vec<_>>()
        };
        return [true, false]
            .into_iter()
            .map(fitting)
            .find(|fitting| !fitting.is_empty())
            .unwrap_or_else(|| candidates.to_vec());
    }
    let Some(specifier) = &dependency.specifier else { return candidates.to_vec() };
    let Some(constraint) = Constraint::parse(specifier) else { return candidates.to_vec() };
    let fits = |id: &NodeId| {
        let version = nodes[id.0].version.as_ref().filter(|version| version.is_pep440());
        version.is_none_or(|version| constraint.admits(version))
    };
    let fitting: Vec<_> = candidates.iter().copied().filter(fits).collect();
    if fitting.is_empty() { candidates.to_vec() } else { fitting }
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
                    let specifier = Some(specifier.to_owned()).filter(|text| !text.is_empty());
                    package
                        .dependencies
                        .push(Dependency { specifier, ..Dependency::new(PackageName::new(name), span) });
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
