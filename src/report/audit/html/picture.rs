//! The picture of how affected packages come in: columns from the direct dependencies to the packages, drawn as SVG.
//!
//! Paths go in by urgency, until there are as many boxes as can be read; how many packages that leaves out is said.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::model::{Arrange as _, Level};
use crate::report::audit::group::Group;
use crate::report::page::text;
use crate::report::sanitize::line;
use crate::report::words::{count, shortened};

/// At most so many boxes.
const MOST: usize = 48;
/// So many paths of one package, the shortest.
const PATHS: usize = 4;
/// A longer path loses its middle.
const LONGEST: usize = 6;
/// The longest word in a box, in characters, as it is shown.
const WORD: usize = 26;
/// Pixels: of a character, of a row, of a box, between columns, around it all.
const CHARACTER: usize = 8;
const ROW: usize = 52;
const HEIGHT: usize = 40;
const BETWEEN: usize = 56;
const MARGIN: usize = 4;

/// A box.
struct Node {
    name: String,
    column: usize,
    /// Version and severity, the class, the number of its finding; of a package that is affected.
    affected: Option<(String, &'static str, usize)>,
    x: usize,
    y: usize,
}

impl Node {
    fn second(&self) -> &str {
        self.affected.as_ref().map_or("", |(words, ..)| words)
    }
}

#[derive(Default)]
struct Picture {
    nodes: Vec<Node>,
    of_name: BTreeMap<String, usize>,
    edges: BTreeSet<(usize, usize)>,
}

impl Picture {
    /// The box of a name, in this column or further to the right.
    fn node(&mut self, name: &str, column: usize) -> usize {
        if let Some(&index) = self.of_name.get(name) {
            self.nodes[index].column = self.nodes[index].column.max(column);
            return index;
        }
        let index = self.nodes.len();
        self.of_name.insert(name.to_owned(), index);
        // What stands for the middle of a path is told apart by what it stands between.
        let shown = name.split('\0').next().unwrap_or(name);
        self.nodes.push(Node { name: shortened(&line(shown), WORD), column, affected: None, x: 0, y: 0 });
        index
    }

    /// Adds a path when there is room for all of it.
    fn add(&mut self, path: &[String]) -> Option<usize> {
        let path = without_middle(path);
        let unknown = path.iter().filter(|name| !self.of_name.contains_key(*name)).count();
        if self.nodes.len() + unknown > MOST {
            return None;
        }
        let mut last = None;
        for (column, name) in path.iter().enumerate() {
            let node = self.node(name, column);
            self.edges.extend(last.filter(|last| *last != node).map(|last| (last, node)));
            last = Some(node);
        }
        last
    }

    /// Gives every box its place; the width and the height of the whole.
    fn lay_out(&mut self) -> (usize, usize) {
        let columns = self.nodes.iter().map(|node| node.column + 1).max().unwrap_or(0);
        let tallest = (0..columns).map(|column| self.of_column(column).len()).max().unwrap_or(0);
        let mut x = MARGIN;
        for column in 0..columns {
            let mut members = self.of_column(column);
            // Beside those that bring it in.
            members.arrange_by_cached_key(|index| self.height_of(*index));
            let top = MARGIN + (tallest - members.len()) * ROW / 2;
            let width = members.first().map_or(0, |index| self.width_of(&self.nodes[*index]));
            for (row, index) in members.into_iter().enumerate() {
                (self.nodes[index].x, self.nodes[index].y) = (x, top + row * ROW);
            }
            x += width + BETWEEN;
        }
        (x.saturating_sub(BETWEEN) + MARGIN, tallest * ROW + MARGIN)
    }

    fn of_column(&self, column: usize) -> Vec<usize> {
        (0..self.nodes.len()).filter(|index| self.nodes[*index].column == column).collect()
    }

    /// The mean height of the boxes to the left that lead to a box.
    fn height_of(&self, node: usize) -> usize {
        let before = self
            .edges
            .iter()
            .filter(|(from, to)| *to == node && self.nodes[*from].column < self.nodes[node].column);
        let heights: Vec<_> = before.map(|(from, _)| self.nodes[*from].y).collect();
        heights.iter().sum::<usize>() / heights.len().max(1)
    }

    fn width_of(&self, node: &Node) -> usize {
        let members = self.nodes.iter().filter(|other| other.column == node.column);
        let longest = members.map(|node| node.name.chars().count().max(node.second().chars().count()));
        longest.max().unwrap_or(0) * CHARACTER + 16
    }
}

/// The path; of a long one the ends.
fn without_middle(path: &[String]) -> Vec<String> {
    let [first, second, middle @ .., before, last] = path else { return path.to_vec() };
    if path.len() <= LONGEST {
        return path.to_vec();
    }
    let between = format!("… {} more …\0{second}\0{before}", middle.len());
    vec![first.clone(), second.clone(), between, before.clone(), last.clone()]
}

/// Writes the picture of all groups that have a package, with the number of each; nothing when there is none.
pub(super) fn picture(groups: &[Group<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut picture = Picture::default();
    let (mut left_out, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for (number, group) in groups.iter().enumerate().filter(|(_, group)| group.level() >= Level::Warn) {
        let Some((name, version)) = group.package() else { continue };
        let alone = vec![vec![name.as_str().to_owned()]];
        let paths = if group.first().paths.is_empty() { &alone } else { &*group.first().paths };
        let nodes: Vec<_> = paths.iter().take(PATHS).filter_map(|path| picture.add(path)).collect();
        let Some(node) = nodes.first().and_then(|node| picture.nodes.get_mut(*node)) else {
            left_out.insert((name, version));
            continue;
        };
        seen.insert((name, version));
        let severity = match group.worst() {
            Some(worst) => worst.as_str(),
            None if group.is_malware() => "malware",
            None => group.first().rule.id,
        };
        let version = version.map(|version| format!("{version} ")).unwrap_or_default();
        let class = if group.level() == Level::Deny { "deny" } else { "warn" };
        // The most urgent comes first.
        node.affected.get_or_insert_with(|| {
            (shortened(&line(&format!("{version}{severity}")), WORD), class, number + 1)
        });
    }
    if picture.nodes.is_empty() {
        return Ok(());
    }
    let (width, height) = picture.lay_out();
    let packages = count(seen.len(), "package", "packages");
    write!(
        out,
        "<h2>How they come in</h2>\n<p class=\"soft\">From what is asked for directly, on the left, to what is \
         affected.</p>\n<div class=\"picture\" tabindex=\"0\">\n<svg width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"How {packages} come in; the findings say it in \
         words\">\n"
    )?;
    for (from, to) in &picture.edges {
        let (from, to) = (&picture.nodes[*from], &picture.nodes[*to]);
        let (x1, y1) = (from.x + picture.width_of(from), from.y + HEIGHT / 2);
        let (x2, y2) = (to.x, to.y + HEIGHT / 2);
        let bend = BETWEEN / 2;
        writeln!(
            out,
            "<path d=\"M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}\"/>",
            x1 + bend,
            x2.saturating_sub(bend)
        )?;
    }
    for node in &picture.nodes {
        draw(node, picture.width_of(node), out)?;
    }
    writeln!(out, "</svg>\n</div>")?;
    if !left_out.is_empty() {
        let more = count(left_out.len(), "more package is", "more packages are");
        writeln!(out, "<p class=\"soft\">{more} left out of the picture; the findings below have all.</p>")?;
    }
    Ok(())
}

fn draw(node: &Node, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let (x, y) = (node.x, node.y);
    let class = node.affected.as_ref().map_or("", |(_, class, _)| class);
    if let Some((.., number)) = &node.affected {
        write!(out, "<a href=\"#f{number}\">")?;
    }
    let first = if node.affected.is_some() { y + 17 } else { y + 24 };
    write!(
        out,
        "<g class=\"{class}\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" rx=\"5\"/>\
         <text x=\"{}\" y=\"{first}\">{}</text>",
        x + 8,
        text(&node.name)
    )?;
    if let Some((words, ..)) = &node.affected {
        write!(out, "<text class=\"soft\" x=\"{}\" y=\"{}\">{}</text>", x + 8, y + 32, text(words))?;
    }
    writeln!(out, "</g>{}", if node.affected.is_some() { "</a>" } else { "" })
}
