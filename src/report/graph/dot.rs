//! Graph `dot`: for Graphviz. An edge that a marker, an extra or a group decides is dashed.
//!
//! Source: Graphviz, "DOT Language" (quoted strings: only `"` and the backslash mean something).

use std::collections::HashSet;
use std::io::{self, Write};

use super::shape::{Shape, View, label};
use crate::model::{Input, SourceMap};
use crate::report::{Style, sanitize};

pub(super) fn render(
    inputs: &[&Input],
    _: &SourceMap,
    _: Style,
    shape: Shape,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "digraph dependencies {{")?;
    writeln!(out, "    rankdir=LR;")?;
    writeln!(out, "    node [shape=box, fontname=\"sans-serif\"];")?;
    for (number, input) in inputs.iter().enumerate() {
        let view = View::new(input, shape);
        let shown = view.shown();
        let starts: HashSet<_> = view.starts().into_iter().collect();
        writeln!(out, "    subgraph cluster_{number} {{")?;
        writeln!(out, "        label={};", quoted(&input.path))?;
        for id in &shown {
            let style = if starts.contains(id) { ", style=bold" } else { "" };
            let text = quoted(&label(view.package(*id)));
            writeln!(out, "        n{number}_{} [label={text}{style}];", id.0)?;
        }
        let known: HashSet<_> = shown.iter().copied().collect();
        for id in &shown {
            for (to, edge) in view.next(*id).iter().filter(|(to, _)| known.contains(to)) {
                let style = if edge.marker.is_some() || edge.with.is_some() { " [style=dashed]" } else { "" };
                writeln!(out, "        n{number}_{} -> n{number}_{}{style};", id.0, to.0)?;
            }
        }
        writeln!(out, "    }}")?;
    }
    writeln!(out, "}}")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", sanitize::line(text).replace('\\', "\\\\").replace('"', "\\\""))
}
