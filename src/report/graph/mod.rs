//! The dependency graph and the ways through it, one file per format.

mod dot;
mod json;
mod mermaid;
mod shape;
mod tree;
mod why;

use std::io::{self, Write};

pub use shape::Shape;
pub use why::{StepLine, WayLine, render as render_ways};

use super::Style;
use crate::model::{Input, SourceMap};

/// A format in which graphs are written.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// Writes the graphs of the inputs.
    pub render: Render,
}

/// Writes the graphs of inputs.
pub type Render = fn(&[&Input], &SourceMap, Style, Shape, &mut dyn Write) -> io::Result<()>;

/// All formats, sorted by name.
pub static FORMATS: &[Format] = &[
    Format { name: "dot", render: dot::render },
    Format { name: "json", render: json::render },
    Format { name: "mermaid", render: mermaid::render },
    Format { name: "tree", render: tree::render },
];

/// The format with this name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
