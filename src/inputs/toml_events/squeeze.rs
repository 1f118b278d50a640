//! Takes the lines of file hashes out of a lock before it is parsed: nine bytes of ten, of which only the number matters.
//!
//! ```text
//! files = [
//!     {file = "flask-3.0.3-py3-none-any.whl", hash = "sha256:…64 characters…"},     ← taken out, counted
//! ]
//! ```
//!
//! That changes nothing about whether the file is TOML. A line is taken out only when it stands, with others of its kind,
//! directly below a line `key = [`, and when it is an element of an array by itself: an inline table of texts without escapes
//! and control characters, and of a small number, with its comma. An array without such an element is valid when it is with it, and the
//! other way round. Files with multi-line strings, in which such lines could be text, are left as they are. If an array
//! that loses elements turns out to be one whose elements matter, the file is read again as it is.

use std::ops::Range;

use memchr::memchr;

/// The longest text of a line that is looked at.
const LONGEST: usize = 1024;

/// A text without its lines of hashes.
#[derive(Debug)]
pub(super) struct Squeezed {
    /// What is left.
    pub(super) text: String,
    /// Where each piece of it begins: here, and in the file.
    pieces: Vec<(u32, u32)>,
    /// The arrays that lost elements: where their bracket stands here, and how many.
    arrays: Vec<(u32, u32)>,
}

impl Squeezed {
    /// The text without its lines of hashes; `None` when it has none, or may not be squeezed.
    pub(super) fn new(text: &str) -> Option<Self> {
        if u32::try_from(text.len()).is_err() {
            return None;
        }
        let mut squeezed = Self { text: String::new(), pieces: Vec::new(), arrays: Vec::new() };
        let (mut kept, mut at) = (0, 0);
        let bytes = text.as_bytes();
        while let Some(length) = memchr(b'\n', bytes.get(at..).unwrap_or_default()) {
            let line = bytes.get(at..=at + length).unwrap_or_default();
            at += line.len();
            if !opens_array(line) {
                continue;
            }
            let (start, mut count) = (at, 0);
            while let Some(length) = hash_line(bytes.get(at..).unwrap_or_default()) {
                at += length;
                count += 1;
            }
            if count > 0 {
                squeezed.keep(text, kept..start);
                // The bracket is the last character of its line.
                let bracket = squeezed.text.trim_end().len().saturating_sub(1);
                squeezed.arrays.push((offset(bracket), count));
                kept = at;
            }
        }
        if squeezed.arrays.is_empty() {
            return None;
        }
        squeezed.keep(text, kept..text.len());
        // What was taken out may have stood in a string of several lines.
        let multi_line = [b'"', b'\''].into_iter().any(|quote| has_three(&squeezed.text, quote));
        if multi_line { None } else { Some(squeezed) }
    }

    fn keep(&mut self, text: &str, range: Range<usize>) {
        self.pieces.push((offset(self.text.len()), offset(range.start)));
        self.text.push_str(text.get(range).unwrap_or(""));
    }

    /// The place in the file of a place in the text.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        let place = |at: usize| {
            let index = self.pieces.partition_point(|(here, _)| *here as usize <= at).saturating_sub(1);
            self.pieces.get(index).map_or(at, |(here, there)| at - *here as usize + *there as usize)
        };
        // The end is that of the last byte, which may stand in another piece than the byte behind it.
        let start = place(range.start);
        let end = if range.end > range.start { place(range.end - 1) + 1 } else { start };
        start..end
    }

    /// How many elements the array whose bracket stands at `bracket` has lost.
    pub(super) fn lost(&self, bracket: u32) -> u32 {
        let found = self.arrays.binary_search_by_key(&bracket, |(place, _)| *place);
        found.ok().and_then(|index| self.arrays.get(index)).map_or(0, |(_, count)| *count)
    }
}

/// Texts of 4 GiB and more are not squeezed.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether a line is `key = [` from its first column to its end, with one plain or quoted key.
fn opens_array(line: &[u8]) -> bool {
    let Some(key) = line.strip_suffix(b" = [\n").or_else(|| line.strip_suffix(b" = [\r\n")) else {
        return false;
    };
    let plain = |key: &[u8], dots: bool| {
        let part = |byte: &u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || (dots && *byte == b'.')
        };
        !key.is_empty() && key.iter().all(part)
    };
    match key.strip_prefix(b"\"").and_then(|key| key.strip_suffix(b"\"")) {
        Some(quoted) => plain(quoted, true),
        None => plain(key, false),
    }
}

/// The length of the line that `rest` begins with, when it is one element of these exact shapes, which are always valid:
///
/// ```text
///     {file = "…", hash = "…"},
///     { url = "…", hash = "…", size = 1, upload-time = "…" },      (without the last, or the last two)
/// ```
fn hash_line(rest: &[u8]) -> Option<usize> {
    let mut scan = Scan { rest };
    let begins = scan.eat(b"    {") && (scan.eat(b"file = ") || (scan.space() && scan.eat(b"url = ")));
    if !(begins && scan.text() && scan.eat(b", hash = ") && scan.text()) {
        return None;
    }
    if scan.eat(b", size = ") {
        let timed = |scan: &mut Scan<'_>| scan.eat(b", upload-time = ") || scan.eat(b", upload_time = ");
        if !scan.number() || (timed(&mut scan) && !scan.text()) {
            return None;
        }
    }
    scan.space();
    if !scan.eat(b"},") {
        return None;
    }
    scan.eat(b"\r");
    scan.eat(b"\n").then(|| rest.len() - scan.rest.len())
}

/// What is left of a line.
struct Scan<'a> {
    rest: &'a [u8],
}

impl Scan<'_> {
    fn eat(&mut self, wanted: &[u8]) -> bool {
        self.rest.strip_prefix(wanted).is_some_and(|rest| {
            self.rest = rest;
            true
        })
    }

    /// A space, or none.
    fn space(&mut self) -> bool {
        self.eat(b" ");
        true
    }

    /// A basic string without escapes.
    fn text(&mut self) -> bool {
        let Some(inner) = self.rest.strip_prefix(b"\"") else { return false };
        let Some(end) = memchr(b'"', inner.get(..LONGEST).unwrap_or(inner)) else { return false };
        let (content, rest) = inner.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        is_plain(content)
    }

    /// A decimal integer that 64 bits hold (TOML 1.0, "Integer": no leading zero).
    fn number(&mut self) -> bool {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let zero = digits > 1 && self.rest.first() == Some(&b'0');
        self.rest = self.rest.get(digits..).unwrap_or_default();
        (1..=18).contains(&digits) && !zero
    }
}

/// Whether bytes are the content of a basic string as they are: neither quotes, escapes nor control characters (TOML
/// 1.0, "String"). A sum over 16 bytes instead of a short cut, so that they are looked at at once.
fn is_plain(bytes: &[u8]) -> bool {
    let odd = |byte: u8| {
        u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\') | u8::from(byte == 0x7f)
    };
    let is_odd = |chunk: &[u8]| chunk.iter().fold(0, |found, byte| found | odd(*byte)) != 0;
    let (chunks, rest) = bytes.as_chunks::<16>();
    if chunks.iter().any(|chunk| is_odd(chunk)) {
        return false;
    }
    // The rest as a part of one more whole chunk.
    match bytes.last_chunk::<16>() {
        Some(last) if !rest.is_empty() => !is_odd(last),
        _ => !is_odd(rest),
    }
}

/// Whether a text holds three quotes in a row. Again many bytes at a time.
fn has_three(text: &str, quote: u8) -> bool {
    let bytes = text.as_bytes();
    let (Some(second), Some(third)) = (bytes.get(1..), bytes.get(2..)) else { return false };
    let same = |byte: u8| u8::from(byte == quote);
    let triples = bytes.iter().zip(second).zip(third);
    triples.fold(0, |found, ((a, b), c)| found | (same(*a) & same(*b) & same(*c))) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(file: &str) -> String {
        format!("    {{file = \"{file}\", hash = \"sha256:{}\"}},\n", "0".repeat(64))
    }

    #[test]
    fn the_lines_are_counted_and_places_lead_back() {
        let text = format!(
            "[[package]]\nname = \"a\"\nfiles = [\n{}{}]\nx = 1\n",
            hash("a-1.whl"),
            hash("a-1.tar.gz")
        );
        let squeezed = Squeezed::new(&text).unwrap();
        assert_eq!(squeezed.text, "[[package]]\nname = \"a\"\nfiles = [\n]\nx = 1\n");
        let bracket = squeezed.text.find("= [").unwrap() + 2;
        assert_eq!(squeezed.lost(offset(bracket)), 2);
        assert_eq!(squeezed.lost(offset(bracket) + 1), 0);
        for word in ["name", "files = [", "]\nx", "x = 1"] {
            let at = squeezed.text.find(word).unwrap();
            assert_eq!(&text[squeezed.original(at..at + word.len())], word);
        }
        let at = squeezed.text.find("[\n]").unwrap();
        let array = squeezed.original(at..at + 3);
        assert!(
            text[array.clone()].starts_with("[\n    {file") && text[array].ends_with("},\n]"),
            "the whole array"
        );
    }

    #[test]
    fn only_the_exact_shape_is_taken_out() {
        for line in [
            "    {file = \"a\"},\n",
            &hash("a\\u0000"),
            &hash("a\u{1}"),
            &hash("a\", b = \"c"),
            "    { url = \"a\", hash = \"b\", size = 01 },\n",
            "    { url = \"a\", hash = \"b\", size = 1234567890123456789 },\n",
            "    { url = \"a\", hash = \"b\", size = },\n",
            "    { url = \"a\", hash = \"b\", url = \"c\" },\n",
            "    { url = \"a\", hash = \"b\", upload-time = \"c\" },\n",
            "    { url = a, hash = \"b\" },\n",
            &hash("a").replace("},", "}"),
            &hash("a").replace("    {", "  {"),
            &hash("a").replace('\n', ""),
        ] {
            assert!(Squeezed::new(&format!("files = [\n{line}]\n")).is_none(), "{line}");
        }
        for line in [
            "    {file = \"a\", hash = \"b\"},\n",
            "    {url = \"a\", hash = \"b\"},\r\n",
            "    { url = \"a\", hash = \"b\", size = 0 },\n",
            "    { url = \"a\", hash = \"b\", size = 12, upload-time = \"2026-01-01T00:00:00Z\" },\n",
            "    { url = \"a\", hash = \"b\", size = 12, upload_time = \"\" },\n",
        ] {
            assert!(Squeezed::new(&format!("wheels = [\n{line}]\n")).is_some(), "{line}");
        }
        for head in [
            "files = [ # x\n",
            " files = [\n",
            "files=[\n",
            "# files = [\n",
            "a.b = [\n",
            "x = \"files = [\n",
        ] {
            assert!(Squeezed::new(&format!("{head}{}]\n", hash("a"))).is_none(), "{head}");
        }
        assert!(Squeezed::new(&format!("d = \"\"\"\nfiles = [\n{}\"\"\"\n", hash("a"))).is_none());
        assert!(Squeezed::new(&format!("\"a.b\" = [\r\n{}]\r\n", hash("a").replace('\n', "\r\n"))).is_some());
    }
}
