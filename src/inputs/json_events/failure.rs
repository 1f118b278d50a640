//! What is said about a file that is not JSON.

use std::ops::Range;

use crate::inputs::plain_text::conflict;

/// Why a text is not JSON, or not the JSON that a format expects: the first reason, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonError {
    /// The place in the text; on character boundaries.
    pub(crate) range: Range<usize>,
    /// What is wrong, what was expected and what to do.
    pub(crate) message: String,
}

impl JsonError {
    /// What a format says about a place.
    pub(crate) fn at(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { range, message: message.into() }
    }

    /// The words for what the parser found at `at` of `text`. A merge conflict breaks a file in many odd ways: when
    /// there is one, that is what is said.
    pub(super) fn new(text: &str, at: usize, message: &str) -> Self {
        if let Some(range) = conflict(text) {
            return Self { range, message: "merge conflict: resolve it and lock again".to_owned() };
        }
        let start = text.floor_char_boundary(at.min(text.len()));
        let end = text.ceil_char_boundary((at + 1).clamp(start, text.len()));
        let cut = if start >= text.trim_end().len() { "; the file may be cut off" } else { "" };
        Self { range: start..end, message: format!("not valid JSON: {message}{cut}") }
    }

    /// What was expected and what stands there instead.
    pub(super) fn expected(text: &str, at: usize, wanted: &str) -> Self {
        let found = match text.get(at..).and_then(|rest| rest.chars().next()) {
            None => "the end".to_owned(),
            Some('`') => "a backtick".to_owned(),
            Some(character) if character.is_control() => format!("{character:?}"),
            Some(character) => format!("`{character}`"),
        };
        Self::new(text, at, &format!("expected {wanted}, found {found}"))
    }
}
