//! Graph `tree`: each package once in full, then as a reference; cycles marked.

use std::collections::HashSet;
use std::io::{self, Write};

use crate::model::{Graph, Input, NodeId, Package, SourceMap};
use crate::report::words::{count, place};
use crate::report::{Style, sanitize};

/// Deeper levels are cut: a chain this long is no graph that a person reads.
const DEEPEST: usize = 64;

pub(super) fn render(
    inputs: &[&Input],
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (number, input) in inputs.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let title = format!(
            "{} ({}, {})",
            sanitize::line(&input.path),
            input.kind,
            count(input.packages.len(), "entry", "entries")
        );
        writeln!(out, "{}", style.paint("1", &title))?;
        let graph = Graph::new(&input.packages);
        let mut drawn = Drawn { graph: &graph, seen: HashSet::new(), path: Vec::new(), style, out };
        for root in graph.roots() {
            drawn.node(*root, "", "", None)?;
        }
        drawn.rest()?;
        for skip in &input.skipped {
            let at = skip.span.map_or_else(|| skip.path.clone(), |span| place(sources, span));
            writeln!(out, "not read: {}: {}", sanitize::line(&at), sanitize::line(&skip.why))?;
        }
    }
    Ok(())
}

struct Drawn<'a, 'o> {
    graph: &'a Graph<'a>,
    seen: HashSet<NodeId>,
    path: Vec<NodeId>,
    style: Style,
    out: &'o mut dyn Write,
}

impl Drawn<'_, '_> {
    /// What no root reaches is shown all the same.
    fn rest(&mut self) -> io::Result<()> {
        let missing: Vec<_> =
            self.graph.nodes().map(|(id, _)| id).filter(|id| !self.seen.contains(id)).collect();
        for id in missing {
            if !self.seen.contains(&id) {
                self.node(id, "", "", None)?;
            }
        }
        Ok(())
    }

    fn node(&mut self, id: NodeId, branch: &str, indent: &str, edge: Option<&str>) -> io::Result<()> {
        let package = self.graph.package(id);
        let cycle = self.path.contains(&id);
        let known = !self.seen.insert(id);
        let has_children = !self.graph.children(id).is_empty();
        let mark = match (cycle, known && has_children) {
            (true, _) => " (cycle)",
            (false, true) => " (*)",
            (false, false) => "",
        };
        let edge =
            edge.map(|edge| format!(" {}", self.style.paint("2", &sanitize::line(edge)))).unwrap_or_default();
        writeln!(self.out, "{branch}{}{edge}{mark}", title(package, branch.is_empty(), self.style))?;
        if cycle || known || self.path.len() >= DEEPEST {
            return Ok(());
        }
        self.path.push(id);
        let children = self.graph.children(id).to_vec();
        for (number, (child, dependency)) in children.iter().enumerate() {
            let last = number + 1 == children.len();
            let branch = format!("{indent}{}", if last { "└── " } else { "├── " });
            let deeper = format!("{indent}{}", if last { "    " } else { "│   " });
            self.node(*child, &branch, &deeper, dependency.specifier.as_deref())?;
        }
        self.path.pop();
        Ok(())
    }
}

fn title(package: &Package, top: bool, style: Style) -> String {
    let name = match (&package.name, &package.source.url) {
        (Some(name), _) => name.as_str(),
        (None, Some(url)) => url,
        (None, None) => "(no name)",
    };
    let mut title = style.paint("1", &sanitize::line(name));
    match (&package.version, &package.specifier) {
        (Some(version), _) => title.push_str(&format!(" {}", sanitize::line(version.as_str()))),
        (None, Some(specifier)) => title.push_str(&format!(" {}", sanitize::line(specifier))),
        (None, None) => {}
    }
    if top && !package.groups.is_empty() && package.groups != ["main"] {
        title.push_str(&format!(" [{}]", sanitize::line(&package.groups.join(", "))));
    }
    if package.constraint {
        title.push_str(" (constraint)");
    }
    title
}
