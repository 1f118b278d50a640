//! What is said about a file that is not TOML, or not even text.

use std::fmt::Write as _;
use std::ops::Range;

use toml_parser::{Expected, ParseError};

use crate::model::{Skipped, SourceFile, SourceId, Sources, Span};

/// Why a text is not TOML: the first reason, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TomlError {
    /// The place in the text; on character boundaries.
    pub(crate) range: Range<usize>,
    /// What is wrong, what was expected and what to do.
    pub(crate) message: String,
}

/// Lines that a version control system leaves where it could not merge.
const CONFLICT_MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

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

/// The first line that is a conflict mark.
fn conflict(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let marked = CONFLICT_MARKS.iter().any(|mark| {
            content.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        });
        if marked {
            return Some(start..start + content.len());
        }
        start += line.len();
    }
    None
}

/// Adds the text of a TOML file, which must be UTF-8 (TOML 1.0, "Spec"; a byte order mark is dropped), to the
/// sources. What is not UTF-8 is skipped, with the place of the first bad byte.
pub(crate) fn add_text(path: &str, bytes: Vec<u8>, sources: &mut Sources) -> Result<SourceId, Box<Skipped>> {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let text = match text.strip_prefix('\u{feff}') {
                Some(rest) => rest.to_owned(),
                None => text,
            };
            Ok(sources.add(SourceFile::new(path, text)))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes().get(..at).unwrap_or_default().split(|byte| *byte == b'\n').count();
            // Up to the bad byte the text stays as it is, so that the place holds.
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = sources.add(SourceFile::new(path, text));
            let why = format!("line {line} is not UTF-8, which TOML must be: save the file as UTF-8");
            Err(Box::new(Skipped::at(path, Span::new(source, at..at + 1), path, why)))
        }
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
        assert_eq!(conflict("a = '<<<<<<< HEAD'\n======== \n"), None);
    }

    #[test]
    fn bytes_that_are_no_text_have_a_line() {
        let mut sources = Sources::new(0);
        let skipped = add_text("poetry.lock", b"a = 1\nb = '\xff'\n".to_vec(), &mut sources).unwrap_err();
        assert!(skipped.why.starts_with("line 2 is not UTF-8"), "{}", skipped.why);
        assert_eq!(skipped.span.unwrap().start, 11);
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        let mut sources = Sources::new(0);
        let id = add_text("poetry.lock", "\u{feff}a = 1".into(), &mut sources).unwrap();
        assert_eq!(sources.get(id).unwrap().text(), "a = 1");
    }
}
