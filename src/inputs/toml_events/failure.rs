//! What is said about a file that is not TOML, or not even text.

use std::fmt::Write as _;
use std::ops::Range;

use toml_parser::{Expected, ParseError};

use crate::inputs::plain_text::conflict;

/// Why a text is not TOML: the first reason, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TomlError {
    /// The place in the text; on character boundaries.
    pub(crate) range: Range<usize>,
    /// What is wrong, what was expected and what to do.
    pub(crate) message: String,
}

impl TomlError {
    /// The words for what a parser found at `range` of `text`. A merge conflict breaks a file in many odd ways:
    /// when there is one, that is what is said.
    pub(crate) fn new(text: &str, range: Range<usize>, message: &str) -> Self {
        if let Some(range) = conflict(text) {
            return Self { range, message: "merge conflict: resolve it and lock again".to_owned() };
        }
        let start = text.floor_char_boundary(range.start.min(text.len()));
        let end = text.ceil_char_boundary(range.end.clamp(start, text.len()));
        let cut = if start >= text.trim_end().len() { "; the file may be cut off" } else { "" };
        Self { range: start..end, message: format!("not valid TOML: {message}{cut}") }
    }

    /// The words for a file with more values than any lock has.
    pub(super) fn too_large(text: &str, at: usize) -> Self {
        let at = text.floor_char_boundary(at);
        Self { range: at..at, message: "more than four million values: too large to be read".to_owned() }
    }

    /// The words for an error of the event stream.
    pub(super) fn from_parser(text: &str, error: &ParseError) -> Self {
        let mut message = error.description().to_owned();
        for (index, expected) in error.expected().unwrap_or_default().iter().enumerate() {
            message.push_str(if index == 0 { ", expected " } else { " or " });
            let _infallible = match expected {
                Expected::Literal("\n") => write!(message, "a new line"),
                Expected::Literal(literal) => write!(message, "`{literal}`"),
                Expected::Description(description) => write!(message, "{description}"),
                _ => write!(message, "something else"),
            };
        }
        let place = error.unexpected().or(error.context());
        let range = place.map_or(text.len()..text.len(), |span| span.start()..span.end());
        Self::new(text, range, &message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_conflict_has_its_own_words() {
        let text = "a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> other\n";
        let error = TomlError::new(text, 0..1, "odd");
        assert_eq!(&text[error.range], "<<<<<<< HEAD");
        assert_eq!(error.message, "merge conflict: resolve it and lock again");
    }
}
