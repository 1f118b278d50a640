//! Graph `mermaid`: a flow chart that GitLab and GitHub draw. An edge that a marker, an extra or a group decides is dotted.
//!
//! Source: Mermaid, "Flowcharts - Basic Syntax" ("Entity codes to escape characters": `#` and the number).

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
    writeln!(out, "flowchart LR")?;
    for (number, input) in inputs.iter().enumerate() {
        let view = View::new(input, shape);
        let shown = view.shown();
        writeln!(out, "    subgraph s{number} [\"{}\"]", text(&input.path))?;
        for id in &shown {
            writeln!(out, "        n{number}_{}[\"{}\"]", id.0, text(&label(view.package(*id))))?;
        }
        writeln!(out, "    end")?;
        let known: HashSet<_> = shown.iter().copied().collect();
        for id in &shown {
            for (to, edge) in view.next(*id).iter().filter(|(to, _)| known.contains(to)) {
                let arrow = if edge.marker.is_some() || edge.with.is_some() { "-.->" } else { "-->" };
                writeln!(out, "    n{number}_{} {arrow} n{number}_{}", id.0, to.0)?;
            }
        }
    }
    Ok(())
}

/// Text between quotes: whatever means something to Mermaid, to Markdown or to HTML as its number.
fn text(text: &str) -> String {
    let mut safe = String::new();
    for character in sanitize::line(text).chars() {
        if character.is_alphanumeric() || " .-_/+!,:=~(){}@".contains(character) {
            safe.push(character);
        } else {
            safe.push_str(&format!("#{};", u32::from(character)));
        }
    }
    safe
}
