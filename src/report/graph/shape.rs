//! Which part of a graph is shown, and which way round.

use crate::model::Arrange as _;
use std::collections::{HashSet, VecDeque};

use crate::model::{Dependency, Graph, Input, NodeId, Package};

/// How much of a graph is shown, and which way round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shape {
    /// How many steps from where reading starts; `None` for all.
    pub depth: Option<usize>,
    /// From each package to what needs it.
    pub invert: bool,
}

/// A graph in a shape.
pub(super) struct View<'a> {
    graph: Graph<'a>,
    input: &'a Input,
    shape: Shape,
}

impl<'a> View<'a> {
    pub(super) fn new(input: &'a Input, shape: Shape) -> Self {
        Self { graph: Graph::new(&input.packages), input, shape }
    }

    pub(super) fn package(&self, id: NodeId) -> &'a Package {
        self.graph.package(id)
    }

    /// What stands behind a node: what it needs, or what needs it.
    pub(super) fn next(&self, id: NodeId) -> &[(NodeId, &'a Dependency)] {
        if self.shape.invert { self.graph.parents(id) } else { self.graph.children(id) }
    }

    /// Where reading starts: at what a person asked for; turned round, at what needs nothing.
    pub(super) fn starts(&self) -> Vec<NodeId> {
        if !self.shape.invert {
            return self.graph.roots().to_vec();
        }
        let ends = self.graph.nodes().map(|(id, _)| id).filter(|id| self.graph.children(*id).is_empty());
        ends.collect()
    }

    /// What no start leads to, but for our own projects: they are what all of it is for.
    pub(super) fn rest(&self, seen: &HashSet<NodeId>) -> Vec<NodeId> {
        if self.shape.depth.is_some() {
            return Vec::new();
        }
        let is_own =
            |package: &Package| package.name.as_ref().is_some_and(|name| self.input.members.contains(name));
        let missing = self.graph.nodes().filter(|(id, package)| !seen.contains(id) && !is_own(package));
        missing.map(|(id, _)| id).collect()
    }

    /// The nodes that are shown, in the order of the file.
    pub(super) fn shown(&self) -> Vec<NodeId> {
        let mut queue: VecDeque<_> = self.starts().into_iter().map(|id| (id, 0)).collect();
        let mut seen: HashSet<NodeId> = queue.iter().map(|(id, _)| *id).collect();
        while let Some((id, far)) = queue.pop_front() {
            if self.shape.depth.is_some_and(|depth| far >= depth) {
                continue;
            }
            for (to, _) in self.next(id) {
                if seen.insert(*to) {
                    queue.push_back((*to, far + 1));
                }
            }
        }
        seen.extend(self.rest(&seen));
        let mut shown: Vec<_> = seen.into_iter().collect();
        shown.arrange();
        shown
    }
}

/// What a node is called in a picture.
pub(super) fn label(package: &Package) -> String {
    let name = match (&package.name, &package.source.url) {
        (Some(name), _) => name.as_str(),
        (None, Some(url)) => url,
        (None, None) => "(no name)",
    };
    match (&package.version, &package.specifier) {
        (Some(version), _) => format!("{name} {}", version.as_str()),
        (None, Some(specifier)) => format!("{name} {specifier}"),
        (None, None) => name.to_owned(),
    }
}
