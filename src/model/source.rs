//! Texts and places in them: [`SourceFile`], [`Span`], [`Location`].

use std::sync::OnceLock;

/// Names one text of a run: the unit (project folder) that read it, and its number there.
///
/// Units are numbered before any thread starts, so ids do not depend on which thread was faster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct SourceId {
    unit: u32,
    file: u32,
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

/// One text that was read: its path and its decoded content.
#[derive(Debug, Clone)]
pub struct SourceFile {
    path: Box<str>,
    text: String,
    line_starts: OnceLock<Vec<u32>>,
    /// How many characters begin before each multiple of [`STRIDE`]: asked for places in long lines only.
    characters: OnceLock<Vec<u32>>,
}

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
        Self { path: path.into(), text, line_starts: OnceLock::new(), characters: OnceLock::new() }
    }

    /// The path relative to the root, with `/`. Untrusted text: escape it at the border.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The decoded text. Empty when the run has let go of it because nothing points into it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Frees the text. Only for texts into which nothing points any more.
    pub fn forget_text(&mut self) {
        self.text = String::new();
        self.line_starts = OnceLock::new();
        self.characters = OnceLock::new();
    }

    /// Where each line starts. A line ends with LF, CR LF or a lone CR, as editors count.
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let after = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
            let mut starts = vec![0];
            let bytes = self.text.as_bytes();
            if memchr::memchr(b'\r', bytes).is_some() {
                let ends = bytes.iter().enumerate().filter(|(at, byte)| {
                    **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'))
                });
                starts.extend(ends.map(|(at, _)| after(at)));
            } else {
                // The usual text, searched many bytes at a time.
                starts.extend(memchr::memchr_iter(b'\n', bytes).map(after));
            }
            starts
        })
    }

    /// The number of lines, at least 1.
    pub fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    /// The text of a line (from 1) without its terminator; empty beyond the last.
    pub fn line(&self, number: usize) -> &str {
        let starts = self.line_starts();
        let Some(start) = number.checked_sub(1).and_then(|index| starts.get(index)) else { return "" };
        let end = starts.get(number).map_or(self.text.len(), |next| *next as usize);
        self.text.get(*start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// The byte at which a line (from 1) starts; the length of the text beyond the last.
    pub fn line_start(&self, number: usize) -> usize {
        let starts = self.line_starts();
        number
            .checked_sub(1)
            .and_then(|index| starts.get(index))
            .map_or(self.text.len(), |start| *start as usize)
    }

    /// Line and column, both from 1, of a byte; a byte inside a character counts as that character's start.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let byte = self.text.floor_char_boundary(byte.min(self.text.len()));
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start as usize <= byte).max(1);
        let start = starts.get(line - 1).map_or(0, |start| *start as usize);
        let column = if byte - start <= STRIDE {
            characters_in(self.text.as_bytes().get(start..byte).unwrap_or_default())
        } else {
            self.characters_before(byte) - self.characters_before(start)
        };
        (line, column + 1)
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, byte: usize) -> usize {
        let bytes = self.text.as_bytes();
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
        self.get(span.source).and_then(|file| file.text().get(span.range())).unwrap_or("")
    }

    /// All texts with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &SourceFile)> {
        let unit = self.unit;
        self.files.iter().enumerate().map(move |(file, source)| {
            (SourceId { unit, file: u32::try_from(file).unwrap_or(u32::MAX) }, source)
        })
    }

    /// Frees every text for which `keep` says no.
    pub fn forget_texts(&mut self, keep: impl Fn(SourceId) -> bool) {
        for (file, source) in self.files.iter_mut().enumerate() {
            let id = SourceId { unit: self.unit, file: u32::try_from(file).unwrap_or(u32::MAX) };
            if !keep(id) {
                source.forget_text();
            }
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
