//! Logical lines: continuations joined, comments cut, each byte still knowing where it came from.
//!
//! Source: pip's `join_lines` and `ignore_comments`, over Python's `str.splitlines()`.

use std::borrow::Cow;
use std::ops::Range;

use crate::inputs::inline_ignore::{comment_start, in_comment, is_mentioned};
use crate::model::{InlineIgnore, SourceId, Span};

/// A line as pip sees it, with its way back to the file.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The text without comment, not trimmed at its start.
    pub(super) text: Cow<'a, str>,
    /// Where each piece of the text stands: first byte in `text`, first byte in the file.
    pieces: Vec<(usize, usize)>,
    /// All that is known of its place, when it stands in another file in a notation of its own.
    whole: Option<Range<usize>>,
}

impl Line<'_> {
    /// The bytes of the file that a part of the text comes from; a part that a continuation splits covers both lines.
    pub(super) fn place(&self, range: Range<usize>) -> Range<usize> {
        if let Some(whole) = &self.whole {
            return whole.clone();
        }
        let start = self.origin(range.start);
        let end = if range.end > range.start { self.origin(range.end - 1) + 1 } else { start };
        start..end.max(start)
    }

    /// The same line as a part of another file: `place` is that of the text in which it stands, written there as it is
    /// when `exact`.
    pub(super) fn inside(mut self, place: &Range<usize>, exact: bool) -> Self {
        if exact {
            self.pieces.iter_mut().for_each(|(_, origin)| *origin += place.start);
        } else {
            self.whole = Some(place.clone());
        }
        self
    }

    fn origin(&self, at: usize) -> usize {
        let index = self.pieces.partition_point(|(begin, _)| *begin <= at).saturating_sub(1);
        self.pieces.get(index).map_or(at, |(begin, origin)| origin + (at - begin))
    }
}

/// Physical lines with their place, ended as Python's `str.splitlines()` ends them.
pub(super) struct Physical<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Physical<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'a> Iterator for Physical<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let bytes = &self.text.as_bytes()[start..];
        let (mut length, mut ending) = (bytes.len(), 0);
        for (at, byte) in bytes.iter().enumerate() {
            let found = match byte {
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => 2,
                b'\n' | b'\r' | 0x0b | 0x0c | 0x1c..=0x1e => 1,
                0xc2 if bytes.get(at + 1) == Some(&0x85) => 2,
                0xe2 if bytes.get(at + 1) == Some(&0x80)
                    && matches!(bytes.get(at + 2), Some(0xa8 | 0xa9)) =>
                {
                    3
                }
                _ => continue,
            };
            (length, ending) = (at, found);
            break;
        }
        self.at = start + length + ending;
        Some((start, &self.text[start..start + length]))
    }
}

/// All logical lines that hold something.
pub(super) fn logical(text: &str) -> impl Iterator<Item = Line<'_>> {
    Logical { physical: Physical::new(text) }.filter(|line| !line.text.trim().is_empty())
}

struct Logical<'a> {
    physical: Physical<'a>,
}

impl<'a> Iterator for Logical<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let (start, first) = self.physical.next()?;
        if !first.ends_with('\\') || is_comment(first) {
            let text = &first[..comment_start(first).unwrap_or(first.len())];
            return Some(Line { text: Cow::Borrowed(text), pieces: vec![(0, start)], whole: None });
        }
        let mut text = String::new();
        let mut pieces = Vec::new();
        let mut next = Some((start, first));
        while let Some((start, line)) = next {
            let continues = line.ends_with('\\') && !is_comment(line);
            if continues {
                let inner = line.trim_start_matches('\\');
                pieces.push((text.len(), start + (line.len() - inner.len())));
                text.push_str(inner.trim_end_matches('\\'));
                next = self.physical.next();
                continue;
            }
            if is_comment(line) {
                // As pip does it: a space, so that the comment is found however the line before ends.
                pieces.push((text.len(), start));
                text.push(' ');
            }
            pieces.push((text.len(), start));
            text.push_str(line);
            break;
        }
        if let Some(at) = comment_start(&text) {
            text.truncate(at);
        }
        Some(Line { text: Cow::Owned(text), pieces, whole: None })
    }
}

/// Whether the line is a comment as a whole.
fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// The ignores in the comments of a file, each with the logical line at whose end it stands.
pub(super) fn ignores(text: &str, source: SourceId) -> Vec<InlineIgnore> {
    let mut found = Vec::new();
    if !is_mentioned(text) {
        return found;
    }
    let place = |range: Range<usize>| Span::new(source, range);
    let mut begin = None;
    for (start, line) in Physical::new(text) {
        let first = begin.unwrap_or(start);
        if let Some(at) = comment_start(line) {
            in_comment(text, first..start + at, start + at..start + line.len(), &place, &mut found);
        }
        begin = (line.ends_with('\\') && !is_comment(line)).then_some(first);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        logical(text).map(|line| line.text.into_owned()).collect()
    }

    #[test]
    fn joins_as_pip_does() {
        assert_eq!(texts("a==1 \\\n  --hash=x \\\n  --hash=y\nb"), ["a==1   --hash=x   --hash=y", "b"]);
        assert_eq!(texts("a \\\n# note\nb"), ["a", "b"], "a comment ends a continuation");
        assert_eq!(texts("a # x \\\nb"), ["a"], "joined first, then cut");
        assert_eq!(texts("a\\\nb"), ["ab"]);
        assert_eq!(texts("a \\"), ["a "]);
        assert_eq!(texts("# only\n\n   \n  # another \\\nc"), ["c"]);
        assert_eq!(texts("url#egg=x # y"), ["url#egg=x"]);
    }

    #[test]
    fn lines_end_as_python_says() {
        let text = "a\r\nb\rc\u{b}d\u{c}e\u{1c}f\u{85}g\u{2028}h\u{2029}i";
        assert_eq!(texts(text), ["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
    }

    #[test]
    fn ignores_belong_to_logical_lines() {
        let source = crate::model::Sources::new(0).add(crate::model::SourceFile::new("a.txt", String::new()));
        let text = "a\x0cb==1 \\\n --hash=x # audit: ignore[A] r\n# audit: ignore[B] r\nc # audit: ignore[C] r \\\nd\ne \\\n# audit: ignore[D] r\n";
        let found = ignores(text, source);
        let lines: Vec<_> = found.iter().map(|ignore| &text[ignore.line.range()]).collect();
        assert_eq!(lines, ["b==1 \\\n --hash=x", "", "c", "e \\\n"]);
        assert_eq!(&text[found[2].span.range()], "audit: ignore[C] r \\", "joined first, then cut");
    }

    #[test]
    fn places_lead_back() {
        let text = "flask \\\n  ==1.0 # pinned\n";
        let line = logical(text).next().unwrap();
        let at = line.text.find("==").unwrap();
        assert_eq!(&text[line.place(at..at + 5)], "==1.0");
        assert_eq!(&text[line.place(0..5)], "flask");
    }
}
