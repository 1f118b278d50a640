//! From the lines and columns of the YAML parser to bytes of the text.

use saphyr_parser::Marker;

/// How many characters lie between two that are remembered.
const STRIDE: usize = 64;

/// Where the lines of a text start, and where in it its characters are.
pub(super) struct Places<'a> {
    text: &'a str,
    /// How many characters stand before each line.
    lines: Vec<usize>,
    /// The byte of each [`STRIDE`]th character.
    bytes: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut places = Self { text, lines: vec![0], bytes: Vec::new() };
        let mut characters = text.char_indices().enumerate().peekable();
        while let Some((count, (byte, character))) = characters.next() {
            if count % STRIDE == 0 {
                places.bytes.push(byte);
            }
            let next = characters.peek().map(|(_, (_, next))| *next);
            if character == '\n' || (character == '\r' && next != Some('\n')) {
                places.lines.push(count + 1);
            }
        }
        places
    }

    /// The byte of a place. The parser's own index is not used: it counts wrong behind comments beyond ASCII.
    pub(super) fn byte(&self, marker: &Marker) -> usize {
        let line = self.lines.get(marker.line().saturating_sub(1)).copied();
        let character = line.map_or(usize::MAX, |line| line + marker.col());
        let Some(start) = self.bytes.get(character / STRIDE) else { return self.text.len() };
        let rest = self.text.get(*start..).unwrap_or("");
        let within = rest.char_indices().nth(character % STRIDE).map_or(rest.len(), |(byte, _)| byte);
        start + within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_its_byte() {
        let text = format!("a # é\r\nbü{}\rc\n", "🐍x".repeat(100));
        let places = Places::new(&text);
        let (mut line, mut column) = (1, 0);
        for (byte, character) in text.char_indices() {
            assert_eq!(places.byte(&Marker::new(0, line, column)), byte);
            column += 1;
            let ends = character == '\n' || (character == '\r' && !text[byte..].starts_with("\r\n"));
            if ends {
                (line, column) = (line + 1, 0);
            }
        }
        assert_eq!(places.byte(&Marker::new(0, 99, 0)), text.len());
    }
}
