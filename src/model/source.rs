//! Texts and places in them: [`SourceFile`], [`Span`], [`Location`].

use crate::model::Arrange as _;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::line_index::LineIndex;

/// Names one text of a run: the unit (project folder) that read it, and its number there.
///
/// Units are numbered before any thread starts, so ids do not depend on which thread was faster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct SourceId {
    unit: u32,
    file: u32,
}

impl SourceId {
    /// The number of the unit that read the text; 0 for texts that are no input.
    pub fn unit(self) -> u32 {
        self.unit
    }
}

/// A stretch of one text, in bytes of the decoded text: `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// The text this is a part of.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte; never before `start`.
    pub end: u32,
}

impl Span {
    /// The stretch `range` of `source`. Offsets past 4 GiB are cut there (files over 256 MiB are never read).
    pub fn new(source: SourceId, range: std::ops::Range<usize>) -> Self {
        let start = u32::try_from(range.start).unwrap_or(u32::MAX);
        let end = u32::try_from(range.end).unwrap_or(u32::MAX);
        Self { source, start, end: end.max(start) }
    }

    /// The stretch in bytes.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The very start of `source`, for what concerns a whole file.
    pub fn start_of(source: SourceId) -> Self {
        Self { source, start: 0, end: 0 }
    }
}

/// A place as people write it: lines and columns start at 1, columns count Unicode characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The path relative to the root, with `/`.
    pub path: String,
    /// The line of the first character.
    pub line: usize,
    /// The column of the first character.
    pub column: usize,
    /// The line of the last character's end.
    pub end_line: usize,
    /// The column one past the last character.
    pub end_column: usize,
}

/// One text that was read: its path and its decoded content, whole or what is left of it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    path: Box<str>,
    /// In the order of the file; one that starts at 0 for a whole text.
    pieces: Vec<Piece>,
    /// The number of lines of the whole text, once only pieces are left.
    lines: Option<usize>,
}

/// Whole lines of a text.
#[derive(Debug, Clone)]
struct Piece {
    /// The byte of the whole text that it begins with.
    start: usize,
    /// The line (from 1) that it begins with.
    line: usize,
    text: Text,
}

/// A text with what is needed to find places in it.
#[derive(Debug, Clone)]
struct Text {
    content: String,
    lines: OnceLock<LineIndex>,
    /// How many characters begin before each multiple of [`STRIDE`]: asked for places in long lines only.
    characters: OnceLock<Vec<u32>>,
}

/// How many lines around a place are kept with it: an excerpt shows one.
const KEPT_AROUND: usize = 1;

/// A column further than this from the start of its line is looked up, not counted: thousands of places in one line
/// of a hostile file would make a square of it.
const STRIDE: usize = 4096;

/// How many characters begin in these bytes of a text.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}

impl SourceFile {
    /// A text under the path (relative to the root, `/` between folders) that people see.
    pub fn new(path: impl Into<Box<str>>, text: String) -> Self {
        Self {
            path: path.into(),
            pieces: vec![Piece { start: 0, line: 1, text: Text::new(text) }],
            lines: None,
        }
    }

    /// The path relative to the root, with `/`. Untrusted text: escape it at the border.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The decoded text. Empty when the run has let go of it because nothing, or little, points into it.
    pub fn text(&self) -> &str {
        if self.lines.is_some() { "" } else { self.pieces.first().map_or("", |piece| &piece.text.content) }
    }

    /// A stretch of the text; empty when it was let go of.
    pub fn slice(&self, range: std::ops::Range<usize>) -> &str {
        let Some(piece) = self.piece_at(range.start) else { return "" };
        let (Some(start), Some(end)) =
            (range.start.checked_sub(piece.start), range.end.checked_sub(piece.start))
        else {
            return "";
        };
        piece.text.content.get(start..end).unwrap_or("")
    }

    /// Lets go of all lines but those of the `places` and their neighbours. Only for texts into which nothing else
    /// points any more.
    pub fn keep_only(&mut self, places: impl IntoIterator<Item = std::ops::Range<usize>>) {
        if self.lines.is_some() {
            return;
        }
        let total = self.line_count();
        let mut wanted: Vec<(usize, usize)> = places
            .into_iter()
            .map(|place| {
                let first = self.line_column(place.start).0.saturating_sub(KEPT_AROUND).max(1);
                (first, (self.line_column(place.end).0 + KEPT_AROUND).min(total))
            })
            .collect();
        wanted.arrange();
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (first, last) in wanted {
            match runs.last_mut() {
                Some((_, end)) if first <= *end + 1 => *end = last.max(*end),
                _ => runs.push((first, last)),
            }
        }
        let piece = |(first, last): (usize, usize)| {
            let (start, end) = (self.line_start(first), self.line_start(last + 1));
            Piece { start, line: first, text: Text::new(self.slice(start..end).to_owned()) }
        };
        let pieces = runs.into_iter().map(piece).collect();
        (self.pieces, self.lines) = (pieces, Some(total));
    }

    fn piece_at(&self, byte: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.start <= byte);
        self.pieces.get(after.saturating_sub(1))
    }

    fn piece_of_line(&self, number: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.line <= number);
        self.pieces.get(after.saturating_sub(1))
    }

    /// The number of lines, at least 1.
    pub fn line_count(&self) -> usize {
        self.lines.unwrap_or_else(|| self.pieces.first().map_or(1, |piece| piece.text.line_count()))
    }

    /// The text of a line (from 1) without its terminator; empty beyond the last, and when it was let go of.
    pub fn line(&self, number: usize) -> &str {
        let piece = self.piece_of_line(number);
        piece.and_then(|piece| Some(piece.text.line((number + 1).checked_sub(piece.line)?))).unwrap_or("")
    }

    /// The byte at which a line (from 1) starts; the length of the text beyond the last.
    pub fn line_start(&self, number: usize) -> usize {
        self.piece_of_line(number)
            .map_or(0, |piece| piece.start + piece.text.line_start((number + 1).saturating_sub(piece.line)))
    }

    /// Line and column, both from 1, of a byte; a byte inside a character counts as that character's start.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let Some(piece) = self.piece_at(byte) else { return (1, 1) };
        let (line, column) = piece.text.line_column(byte.saturating_sub(piece.start));
        (piece.line + line - 1, column)
    }
}

impl Text {
    fn new(text: String) -> Self {
        Self { content: text, lines: OnceLock::new(), characters: OnceLock::new() }
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.content.as_bytes()))
    }

    fn line_count(&self) -> usize {
        self.lines().count()
    }

    fn line(&self, number: usize) -> &str {
        let Some(start) = self.lines().start(number, self.content.as_bytes()) else { return "" };
        let end = self.line_start(number + 1);
        self.content.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    fn line_start(&self, number: usize) -> usize {
        self.lines().start(number, self.content.as_bytes()).unwrap_or(self.content.len())
    }

    fn line_column(&self, byte: usize) -> (usize, usize) {
        let byte = self.content.floor_char_boundary(byte.min(self.content.len()));
        let line = self.lines().of_byte(byte, self.content.as_bytes());
        let start = self.line_start(line);
        let column = if byte - start <= STRIDE {
            characters_in(self.content.as_bytes().get(start..byte).unwrap_or_default())
        } else {
            self.characters_before(byte) - self.characters_before(start)
        };
        (line, column + 1)
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, byte: usize) -> usize {
        let bytes = self.content.as_bytes();
        let known = self.characters.get_or_init(|| {
            let counts = bytes.chunks(STRIDE).scan(0_u32, |sum, chunk| {
                let before = *sum;
                *sum = sum.saturating_add(u32::try_from(characters_in(chunk)).unwrap_or(u32::MAX));
                Some(before)
            });
            counts.collect()
        });
        let index = (byte / STRIDE).min(known.len().saturating_sub(1));
        let before = known.get(index).map_or(0, |count| *count as usize);
        before + characters_in(bytes.get(index * STRIDE..byte).unwrap_or_default())
    }
}

/// The texts that one unit read, in the order in which it read them.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    unit: u32,
    files: Vec<SourceFile>,
}

impl Sources {
    /// An empty set for the unit with this number.
    pub fn new(unit: u32) -> Self {
        Self { unit, files: Vec::new() }
    }

    /// The number of the unit.
    pub fn unit(&self) -> u32 {
        self.unit
    }

    /// Adds a text and names it.
    pub fn add(&mut self, file: SourceFile) -> SourceId {
        let id = SourceId { unit: self.unit, file: u32::try_from(self.files.len()).unwrap_or(u32::MAX) };
        self.files.push(file);
        id
    }

    /// The text with this id, when this unit read it.
    pub fn get(&self, id: SourceId) -> Option<&SourceFile> {
        if id.unit == self.unit { self.files.get(id.file as usize) } else { None }
    }

    /// The text that a span covers; empty when it is not ours.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).map_or("", |file| file.slice(span.range()))
    }

    /// All texts with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &SourceFile)> {
        let unit = self.unit;
        self.files.iter().enumerate().map(move |(file, source)| {
            (SourceId { unit, file: u32::try_from(file).unwrap_or(u32::MAX) }, source)
        })
    }

    /// Lets go of all text but the lines of these places and their neighbours.
    pub fn keep_only(&mut self, places: &BTreeMap<SourceId, Vec<std::ops::Range<usize>>>) {
        for (file, source) in self.files.iter_mut().enumerate() {
            let id = SourceId { unit: self.unit, file: u32::try_from(file).unwrap_or(u32::MAX) };
            source.keep_only(places.get(&id).into_iter().flatten().cloned());
        }
    }
}

/// All texts of a run.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    units: Vec<Sources>,
}

impl SourceMap {
    /// The texts of the units, in the order of their numbers. Numbers may be left out: of units that gave nothing.
    pub fn new(units: Vec<Sources>) -> Self {
        let mut all: Vec<Sources> = Vec::with_capacity(units.len());
        for unit in units {
            let number = unit.unit as usize;
            while all.len() < number {
                all.push(Sources::new(u32::try_from(all.len()).unwrap_or(u32::MAX)));
            }
            debug_assert_eq!(all.len(), number);
            all.push(unit);
        }
        Self { units: all }
    }

    /// The text with this id.
    pub fn get(&self, id: SourceId) -> Option<&SourceFile> {
        self.units.get(id.unit as usize).and_then(|unit| unit.get(id))
    }

    /// The text that a span covers; empty when the id is unknown.
    pub fn slice(&self, span: Span) -> &str {
        self.units.get(span.source.unit as usize).map_or("", |unit| unit.slice(span))
    }

    /// Line and column of a span. The one place where they are computed.
    pub fn location(&self, span: Span) -> Location {
        let Some(file) = self.get(span.source) else {
            return Location { path: String::new(), line: 1, column: 1, end_line: 1, end_column: 1 };
        };
        let (line, column) = file.line_column(span.start as usize);
        let (end_line, end_column) = file.line_column(span.end as usize);
        Location { path: file.path().to_owned(), line, column, end_line, end_column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile::new("a.txt", text.to_owned())
    }

    #[test]
    fn lines_end_with_lf_crlf_or_cr() {
        let source = file("one\r\ntwo\rthree\nfour");
        assert_eq!(source.line_count(), 4);
        assert_eq!([1, 2, 3, 4, 5].map(|number| source.line(number)), ["one", "two", "three", "four", ""]);
        assert_eq!(source.line_column(5), (2, 1));
        assert_eq!(source.line_column(9), (3, 1));
    }

    #[test]
    fn columns_count_characters() {
        let source = file("äö🐍x\ny");
        assert_eq!(source.line_column("äö🐍".len()), (1, 4));
        assert_eq!(source.line_column(1), (1, 1), "a byte inside a character is that character");
        assert_eq!(source.line_column(10_000), (2, 2), "past the end is the end");
    }

    #[test]
    fn columns_of_long_lines_are_counted_alike() {
        let text = format!("ä\n{}", "äx🐍".repeat(5_000));
        let source = file(&text);
        let start = "ä\n".len();
        for (count, (at, _)) in text[start..].char_indices().enumerate() {
            assert_eq!(source.line_column(start + at), (2, count + 1));
        }
        assert_eq!(source.line_column(usize::MAX), (2, 15_001));
    }

    #[test]
    fn what_is_kept_of_a_text_stays_where_it_was() {
        let text: String =
            (1..=100).map(|number| format!("line {number} ä")).collect::<Vec<_>>().join("\n") + "\n";
        let whole = file(&text);
        let mut kept = whole.clone();
        let place = |number: usize| whole.line_start(number) + 5..whole.line_start(number) + 7;
        kept.keep_only([place(1), place(40), place(42), place(100)]);
        assert_eq!(kept.line_count(), whole.line_count());
        for number in [1, 2, 39, 40, 41, 42, 43, 99, 100, 101] {
            assert_eq!(kept.line(number), whole.line(number));
            assert_eq!(kept.line_start(number), whole.line_start(number));
            let at = place(number.min(100));
            assert_eq!(kept.line_column(at.start), whole.line_column(at.start));
            assert_eq!(kept.slice(at.clone()), whole.slice(at));
        }
        assert_eq!(kept.line(20), "");
        let sizes: usize = kept.pieces.iter().map(|piece| piece.text.content.len()).sum();
        assert!(sizes < text.len() / 8, "{sizes}");
        let mut none = whole.clone();
        none.keep_only([]);
        assert_eq!((none.text(), none.line(1), none.line_column(50)), ("", "", (1, 1)));
    }

    #[test]
    fn spans_become_locations() {
        let mut sources = Sources::new(0);
        let id = sources.add(SourceFile::new("dir/b.txt", "alpha\nbeta gamma\n".to_owned()));
        let span = Span::new(id, 11..16);
        assert_eq!(sources.slice(span), "gamma");
        let map = SourceMap::new(vec![sources]);
        let location = map.location(span);
        assert_eq!((location.path.as_str(), location.line, location.column), ("dir/b.txt", 2, 6));
        assert_eq!((location.end_line, location.end_column), (2, 11));
    }
}
