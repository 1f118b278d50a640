//! A place in a text that moves forward.

use std::ops::Range;

use super::{Piece, RequirementError};

/// How much of a text a message quotes.
const QUOTED: usize = 40;

pub(super) struct Cursor<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, position: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or("")
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.position == self.text.len()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Moves on by bytes that are known to be there.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.position = self.text.floor_char_boundary(self.position + bytes);
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.position += wanted.len_utf8();
        }
        found
    }

    /// Skips spaces and tabs; how many.
    pub(super) fn skip_space(&mut self) -> usize {
        let rest = self.rest();
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.position += spaces;
        spaces
    }

    /// The longest stretch of characters that `wanted` takes; `None` when there is none.
    pub(super) fn piece_while(&mut self, wanted: impl Fn(char) -> bool) -> Option<Piece> {
        let rest = self.rest();
        let length = rest.find(|character| !wanted(character)).unwrap_or(rest.len());
        (length > 0).then(|| self.piece(length))
    }

    /// A name: letters, digits, `-`, `_` and `.`, starting with a letter or digit and ending with one or with `_`.
    pub(super) fn name(&mut self) -> Option<Piece> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        if !bytes.first()?.is_ascii_alphanumeric() {
            return None;
        }
        let inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let mut length = bytes.iter().position(|byte| !inner(byte)).unwrap_or(bytes.len());
        if rest[length..].chars().next().is_some_and(char::is_alphanumeric) {
            return None; // a name that goes on in another script
        }
        while matches!(bytes[length - 1], b'-' | b'.') {
            length -= 1;
        }
        Some(self.piece(length))
    }

    fn piece(&mut self, length: usize) -> Piece {
        let range = self.position..self.position + length;
        self.position = range.end;
        Piece { text: self.text[range.clone()].to_owned(), range }
    }

    /// What should stand here, and what does.
    pub(super) fn expected(&self, wanted: &str) -> RequirementError {
        let rest = self.rest();
        let word = rest.split_whitespace().next().unwrap_or("");
        let found = if word.is_empty() { "the end".to_owned() } else { format!("`{}`", short(word)) };
        let length = word.chars().next().map_or(0, char::len_utf8);
        let lead = rest.len() - rest.trim_start().len();
        let start = if word.is_empty() { self.position } else { self.position + lead };
        RequirementError::new(start..start + length, format!("expected {wanted}, found {found}"))
    }
}

/// A text short enough to be quoted.
pub(super) fn short(text: &str) -> String {
    if text.chars().nth(QUOTED).is_none() {
        text.to_owned()
    } else {
        text.chars().take(QUOTED).chain(['…']).collect()
    }
}
