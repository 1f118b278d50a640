//! Graph `tree`: each package once in full, then as a reference; cycles marked.

use std::collections::HashSet;
use std::io::{self, Write};

use super::shape::{Shape, View};
use crate::model::{Dependency, Input, NodeId, Package, SourceMap};
use crate::report::words::{count, place};
use crate::report::{Style, sanitize};

/// Deeper levels are cut: a chain this long is no graph that a person reads.
const DEEPEST: usize = 64;

pub(super) fn render(
    inputs: &[&Input],
    sources: &SourceMap,
    style: Style,
    shape: Shape,
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
        let view = View::new(input, shape);
        let deepest = shape.depth.unwrap_or(DEEPEST).min(DEEPEST);
        let mut drawn = Drawn { view: &view, seen: HashSet::new(), path: Vec::new(), deepest, style, out };
        for start in view.starts() {
            drawn.node(start, "", "", None)?;
        }
        // What no start leads to is shown all the same.
        for id in view.rest(&drawn.seen) {
            if !drawn.seen.contains(&id) {
                drawn.node(id, "", "", None)?;
            }
        }
        for skip in &input.skipped {
            let at = skip.span.map_or_else(|| skip.path.clone(), |span| place(sources, span));
            writeln!(out, "not read: {}: {}", sanitize::line(&at), sanitize::line(&skip.why))?;
        }
    }
    Ok(())
}

struct Drawn<'a, 'o> {
    view: &'a View<'a>,
    seen: HashSet<NodeId>,
    path: Vec<NodeId>,
    deepest: usize,
    style: Style,
    out: &'o mut dyn Write,
}

impl Drawn<'_, '_> {
    fn node(&mut self, id: NodeId, branch: &str, indent: &str, edge: Option<&Dependency>) -> io::Result<()> {
        let package = self.view.package(id);
        let cycle = self.path.contains(&id);
        let known = !self.seen.insert(id);
        let has_children = !self.view.next(id).is_empty();
        let mark = match (cycle, known && has_children) {
            (true, _) => " (cycle)",
            (false, true) => " (*)",
            (false, false) => "",
        };
        let edge = edge.map(condition).filter(|text| !text.is_empty());
        let edge = edge
            .map(|edge| format!(" {}", self.style.paint("2", &sanitize::line(&edge))))
            .unwrap_or_default();
        writeln!(self.out, "{branch}{}{edge}{mark}", title(package, branch.is_empty(), self.style))?;
        if cycle || known || self.path.len() >= self.deepest {
            return Ok(());
        }
        self.path.push(id);
        let children = self.view.next(id).to_vec();
        for (number, (child, dependency)) in children.iter().enumerate() {
            let last = number + 1 == children.len();
            let branch = format!("{indent}{}", if last { "└── " } else { "├── " });
            let deeper = format!("{indent}{}", if last { "    " } else { "│   " });
            self.node(*child, &branch, &deeper, Some(dependency))?;
        }
        self.path.pop();
        Ok(())
    }
}

/// What an edge asks for, and when it exists.
fn condition(edge: &Dependency) -> String {
    let mut parts = Vec::new();
    parts.extend(edge.specifier.clone());
    parts.extend(edge.with.as_deref().map(|with| format!("[{with}]")));
    parts.extend(edge.marker.as_deref().map(|marker| format!("when {marker}")));
    parts.join(" ")
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
