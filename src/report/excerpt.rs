//! A few lines of a text, made safe to draw: cut to the width, escaped, secrets masked, with the place of the label
//! moved along.
//!
//! The drawing library scans from the start of its source for each label and prints what it is given; a 50 MB line or
//! an escape sequence must therefore never reach it.

use std::fmt;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::sanitize::{MASK, begins_command, escape, is_unsafe, line as safe_line, secrets};
use crate::model::{SourceFile, SourceMap, Span};

/// How far a cut looks for a word boundary, so that it does not cut a URL in two and show half a secret.
const REACH: usize = 2048;

/// The lines around a label.
pub(crate) struct Excerpt {
    name: String,
    text: String,
    /// The number of the first line shown, from 0.
    first_line: usize,
    /// The true column of the label, from 0.
    column: usize,
    /// The label in `text`.
    pub(crate) label: std::ops::Range<usize>,
}

impl Excerpt {
    /// The line of the span with a line before and after it, at most `width` characters each.
    pub(crate) fn new(sources: &SourceMap, span: Span, width: usize) -> Option<Self> {
        let file = sources.get(span.source)?;
        Some(Self::of_file(file, span, width))
    }

    /// The same for one text.
    pub(crate) fn of_file(file: &SourceFile, span: Span, width: usize) -> Self {
        let (line, column) = file.line_column(span.start as usize);
        let first = line.saturating_sub(1).max(1);
        let mut text = String::new();
        let mut label = 0..0;
        for number in first..=(line + 1).min(file.line_count()) {
            let content = file.line(number);
            if number > line && number == file.line_count() && content.is_empty() {
                break; // nothing stands behind the last line end
            }
            if number == line {
                let start = (span.start as usize).saturating_sub(file.line_start(number)).min(content.len());
                let end =
                    (span.end as usize).saturating_sub(file.line_start(number)).clamp(start, content.len());
                let (shown, place) = window(content, start..end, width);
                label = text.len() + place.start..text.len() + place.end;
                text.push_str(&shown);
            } else {
                let (shown, _) = window(content, 0..0, width);
                text.push_str(&shown);
            }
            text.push('\n');
        }
        let name = safe_line(file.path()).into_owned();
        Self { name, text, first_line: first - 1, column: column - 1, label }
    }
}

/// For what draws by itself.
impl Excerpt {
    /// The lines with their numbers; of the line of the label what stands before it, the label, and what stands behind.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, [&str; 3])> {
        let mut start = 0;
        self.text.lines().enumerate().map(move |(index, line)| {
            let range = self.label.start.saturating_sub(start)..self.label.end.saturating_sub(start);
            let has_label = (start..=start + line.len()).contains(&self.label.start);
            start += line.len() + 1;
            let label = line.get(range.start..range.end.min(line.len())).filter(|_| has_label);
            let parts = match label {
                Some(label) => [&line[..range.start], label, &line[range.start + label.len()..]],
                None => [line, "", ""],
            };
            (self.first_line + index + 1, parts)
        })
    }
}

/// The part of a line around `place` that fits, made safe, with `place` moved.
fn window(line: &str, place: std::ops::Range<usize>, width: usize) -> (String, std::ops::Range<usize>) {
    let floor = |at: usize| line.floor_char_boundary(at.min(line.len()));
    let (start, end) = (floor(place.start), floor(place.end).max(floor(place.start)));
    // Work on a bounded neighbourhood, widened to word boundaries.
    let left = if start <= REACH { 0 } else { boundary_before(line, floor(start - width.min(start))) };
    let wanted = floor((start + width * 4).max(end.min(start + width * 4)));
    let right = boundary_after(line, wanted);
    let part = &line[left..right];
    let masked = secrets(part);
    let mut shown = String::new();
    let mut moved = start..start;
    let (mut started, mut ended) = (None, None);
    let mut at = 0;
    while at < part.len() {
        if started.is_none() && left + at >= start {
            started = Some(shown.len());
        }
        if ended.is_none() && left + at >= end {
            ended = Some(shown.len());
        }
        if let Some(secret) = masked.iter().find(|secret| secret.start == at) {
            shown.push_str(MASK);
            at = secret.end;
            continue;
        }
        let Some(character) = part[at..].chars().next() else { break };
        if is_unsafe(character) || begins_command(&part[at..]) {
            shown.push_str(&escape(character));
        } else {
            shown.push(character);
        }
        at += character.len_utf8();
    }
    moved.start = started.unwrap_or(shown.len());
    moved.end = ended.unwrap_or(shown.len()).max(moved.start);
    cut(&shown, moved, width, left > 0, right < line.len())
}

/// Cuts safe text to `width` characters around `place`, with `…` where something is left out.
fn cut(
    text: &str,
    place: std::ops::Range<usize>,
    width: usize,
    more_before: bool,
    more_after: bool,
) -> (String, std::ops::Range<usize>) {
    let total = text.chars().count();
    if total <= width && !more_before && !more_after {
        return (text.to_owned(), place);
    }
    let before = text[..place.start].chars().count();
    let length = text[place.clone()].chars().count();
    // Keep the beginning of the line when the label fits beside it.
    let first = if before + length.min(width / 2) < width { 0 } else { before.saturating_sub(width / 3) };
    let kept: Vec<(usize, char)> = text.char_indices().skip(first).take(width).collect();
    let from = kept.first().map_or(text.len(), |(at, _)| *at);
    let to = kept.last().map_or(from, |(at, character)| at + character.len_utf8());
    let mut shown = String::new();
    if first > 0 || more_before {
        shown.push('…');
    }
    let shift = shown.len();
    shown.push_str(&text[from..to]);
    if to < text.len() || more_after {
        shown.push('…');
    }
    let moved = |at: usize| at.clamp(from, to) - from + shift;
    (shown, moved(place.start)..moved(place.end))
}

/// The nearest boundary at or before `at`, if one is near; else `at`.
fn boundary_before(line: &str, at: usize) -> usize {
    let low = line.floor_char_boundary(at.saturating_sub(REACH));
    line[low..at].rfind([' ', '\t', '"', '\'', ',']).map_or(at, |found| low + found + 1)
}

/// The nearest boundary at or after `at`, if one is near; else `at`.
fn boundary_after(line: &str, at: usize) -> usize {
    let high = line.floor_char_boundary((at + REACH).min(line.len()));
    line[at..high]
        .find([' ', '\t', '"', '\'', ','])
        .map_or(if high == line.len() { high } else { at }, |found| at + found)
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        let column = if before == 0 { self.column } else { inner.column() };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            inner.line() + self.first_line,
            column,
            inner.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Sources;
    use proptest::prelude::*;

    fn excerpt(text: &str, range: std::ops::Range<usize>, width: usize) -> Excerpt {
        let mut sources = Sources::new(0);
        let source = sources.add(SourceFile::new("a/b.txt", text.to_owned()));
        let map = SourceMap::new(vec![sources]);
        Excerpt::new(&map, Span::new(source, range), width).unwrap()
    }

    #[test]
    fn neighbours_and_the_label() {
        let text = "one\ntwo\nthree = \"1\"\nfour\nfive\n";
        let shown = excerpt(text, 17..18, 40);
        assert_eq!(shown.text, "two\nthree = \"1\"\nfour\n");
        assert_eq!((&shown.text[shown.label.clone()], shown.first_line, shown.column), ("1", 1, 9));
    }

    #[test]
    fn a_huge_line_is_cut_around_the_label() {
        let text = format!("{} needle {}", "x".repeat(5_000_000), "y".repeat(5_000_000));
        let shown = excerpt(&text, 5_000_001..5_000_007, 60);
        assert!(shown.text.chars().count() < 70, "{}", shown.text.len());
        assert_eq!(&shown.text[shown.label.clone()], "needle");
        assert_eq!(shown.column, 5_000_001);
    }

    #[test]
    fn secrets_and_escapes_never_show() {
        let text = "x @ https://me:hunter2@host.example/\u{1b}[31m ; more";
        let at = text.find(';').unwrap();
        let shown = excerpt(text, at..at + 1, 200);
        assert_eq!(shown.text, "x @ https://me:****@host.example/\\x1b[31m ; more\n");
        assert_eq!(&shown.text[shown.label.clone()], ";");
    }

    proptest! {
        #[test]
        fn whatever_the_text(text in "(\\PC|[\u{0}-\u{1f}]){0,60}", start in 0..70_usize, length in 0..70_usize, width in 5..40_usize) {
            let shown = excerpt(&text, start..start + length, width);
            prop_assert!(shown.text.get(shown.label.clone()).is_some());
            prop_assert!(shown.text.lines().all(|line| line.chars().count() <= width + 2));
            prop_assert!(!shown.text.replace('\n', "").chars().any(is_unsafe));
        }
    }
}
