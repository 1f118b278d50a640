//! What all readers of text files have in common: from bytes to text, and the traces of a merge that failed.

use std::ops::Range;

use crate::model::{Input, Skipped, SourceFile, SourceId, Sources, Span};

/// Lines that a version control system leaves where it could not merge.
const CONFLICT_MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// The first line that is a conflict mark.
pub(crate) fn conflict(text: &str) -> Option<Range<usize>> {
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

/// Adds a text that must be UTF-8 to the sources; a byte order mark is dropped. What is not UTF-8 is skipped, with the
/// place of the first bad byte. `notation` is the word for what the file is written in.
fn add_text(
    path: &str,
    bytes: Vec<u8>,
    sources: &mut Sources,
    notation: &str,
) -> Result<SourceId, Box<Skipped>> {
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
            let why = format!("line {line} is not UTF-8, which {notation} must be: save the file as UTF-8");
            let place = Span::new(source, at..at + char::REPLACEMENT_CHARACTER.len_utf8());
            Err(Box::new(Skipped::at(path, place, path, why)))
        }
    }
}

/// The input of a text file of which nothing has been read yet, with its text. One that is not UTF-8 is an input with
/// that skip and nothing else. `notation` as for [`add_text`].
pub(crate) fn open(
    path: &str,
    kind: &'static str,
    bytes: Vec<u8>,
    sources: &mut Sources,
    notation: &str,
) -> Result<(Input, SourceId), Box<Input>> {
    let mut input = Input::new(path, kind);
    match add_text(path, bytes, sources, notation) {
        Ok(source) => {
            input.start = Some(Span::start_of(source));
            Ok((input, source))
        }
        Err(skipped) => {
            input.skipped.push(*skipped);
            Err(Box::new(input))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflict_marks_are_whole_lines() {
        assert_eq!(conflict("a\n=======\nb"), Some(2..9));
        assert_eq!(conflict("a = '<<<<<<< HEAD'\n======== \n"), None);
    }

    #[test]
    fn bytes_that_are_no_text_have_a_line() {
        let mut sources = Sources::new(0);
        let bad = b"a = 1\nb = '\xff'\n".to_vec();
        let skipped = add_text("poetry.lock", bad, &mut sources, "TOML").unwrap_err();
        assert!(skipped.why.starts_with("line 2 is not UTF-8, which TOML must be"), "{}", skipped.why);
        assert_eq!(sources.slice(skipped.span.unwrap()), "\u{fffd}", "the place is a whole character");
        assert_eq!(skipped.span.unwrap().start, 11);
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        let mut sources = Sources::new(0);
        let id = add_text("poetry.lock", "\u{feff}a = 1".into(), &mut sources, "TOML").unwrap();
        assert_eq!(sources.get(id).unwrap().text(), "a = 1");
    }
}
