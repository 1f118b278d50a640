//! Judgements of names, one file per format. Each is written as soon as it is made: names may come without end.

mod human;
mod json;

use std::io::{self, Write};

use super::Style;
use crate::names::Judgement;

/// A format in which judgements are written.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// Writes one judgement.
    pub render: Render,
}

/// Writes one judgement.
pub type Render = fn(&Judgement, Style, &mut dyn Write) -> io::Result<()>;

/// All formats, sorted by name.
pub static FORMATS: &[Format] =
    &[Format { name: "human", render: human::render }, Format { name: "json", render: json::render }];

/// The format with this name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
