//! The document: nodes in one vector, in the order of the file, and how to walk them.

use std::borrow::Cow;
use std::ops::Range;

use toml_parser::Raw;
use toml_parser::decoder::Encoding;

use super::squeeze::Squeezed;

/// Stands for "no node".
pub(super) const NONE: u32 = u32::MAX;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A string of any of the four notations.
    String,
    /// An integer.
    Integer,
    /// A float.
    Float,
    /// A boolean.
    Boolean(bool),
    /// A date, a time or both.
    Datetime,
    /// An array between brackets.
    Array,
    /// An array made by `[[headers]]`.
    ArrayOfTables,
    /// A table, however it is written.
    Table,
}

impl Kind {
    /// The word for it in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Float => "a float",
            Self::Boolean(_) => "a boolean",
            Self::Datetime => "a date",
            Self::Array | Self::ArrayOfTables => "a list",
            Self::Table => "a table",
        }
    }
}

/// A stretch of the text and whether its content is the text itself: no quotes of three, no escapes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) plain: bool,
}

impl Token {
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value with its key. Children form a list through `first` and `next`.
#[derive(Debug)]
pub(super) struct Node {
    /// The key; an empty stretch for elements of arrays and the root.
    pub(super) key: Token,
    /// The value: a table by header has the header here, one made in passing the key that made it.
    pub(super) value: Token,
    pub(super) kind: Kind,
    /// A table that only a longer key or header has made.
    pub(super) implicit: bool,
    /// A table that a dotted key has made or extended.
    pub(super) dotted: bool,
    /// A table between braces.
    pub(super) inline: bool,
    pub(super) parent: u32,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) next: u32,
    /// Number of children, also when they were dropped.
    pub(super) count: u32,
    /// Not 0: the number under which its keys are hashed.
    pub(super) hashed: u32,
}

/// A TOML file that was read as a whole.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    pub(super) text: &'a str,
    /// How to get from places in `text` to places in the file, when they differ.
    pub(super) squeezed: Option<&'a Squeezed>,
    pub(super) nodes: Vec<Node>,
}

impl<'a> Document<'a> {
    /// The table of the file.
    pub(crate) fn root(&self) -> Value<'_> {
        Value { document: self, node: 0 }
    }

    /// The place in the file.
    fn original(&self, range: Range<usize>) -> Range<usize> {
        self.squeezed.map_or(range.clone(), |squeezed| squeezed.original(range))
    }

    pub(super) fn node(&self, id: u32) -> &Node {
        &self.nodes[id as usize]
    }

    pub(super) fn node_mut(&mut self, id: u32) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    /// Whether a key or string stands for `wanted`. Most are written as they are: lengths tell nearly all apart.
    #[inline]
    pub(super) fn is(&self, token: Token, wanted: &str) -> bool {
        let length = (token.end - token.start) as usize;
        let is_as_long = length == wanted.len() || length == wanted.len() + 2;
        (is_as_long || !token.plain) && self.is_text(token, wanted)
    }

    fn is_text(&self, token: Token, wanted: &str) -> bool {
        if !token.plain {
            return self.content(token) == wanted;
        }
        let (range, bytes) = (token.range(), self.text.as_bytes());
        let quotes = usize::from(matches!(bytes.get(range.start), Some(b'"' | b'\'')));
        range.len() == wanted.len() + 2 * quotes
            && bytes.get(range.start + quotes..range.end - quotes) == Some(wanted.as_bytes())
    }

    /// What a key or string stands for.
    pub(super) fn content(&self, token: Token) -> Cow<'a, str> {
        let raw = self.text.get(token.range()).unwrap_or("");
        let encoding = encoding_of(raw);
        match (token.plain, encoding) {
            (true, None) => Cow::Borrowed(raw),
            (true, Some(_)) => Cow::Borrowed(raw.get(1..raw.len().saturating_sub(1)).unwrap_or("")),
            (false, encoding) => {
                let mut decoded = Cow::Borrowed("");
                let span = toml_parser::Span::new_unchecked(0, raw.len());
                let _kind = Raw::new_unchecked(raw, encoding, span).decode_scalar(&mut decoded, &mut ());
                decoded
            }
        }
    }
}

/// The notation of a string, from its first quotes.
fn encoding_of(raw: &str) -> Option<Encoding> {
    match raw.as_bytes() {
        [b'"', b'"', b'"', ..] => Some(Encoding::MlBasicString),
        [b'\'', b'\'', b'\'', ..] => Some(Encoding::MlLiteralString),
        [b'"', ..] => Some(Encoding::BasicString),
        [b'\'', ..] => Some(Encoding::LiteralString),
        _ => None,
    }
}

/// The content of a key or string without its quotes, as a stretch of the file.
fn content_range(text: &str, token: Token) -> Range<usize> {
    let range = token.range();
    let quotes = match text.get(range.clone()).and_then(encoding_of) {
        Some(Encoding::MlBasicString | Encoding::MlLiteralString) => 3,
        Some(_) => 1,
        None => 0,
    };
    if range.len() < 2 * quotes { range } else { range.start + quotes..range.end - quotes }
}

/// A value of a document, with its key when it has one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'d> {
    document: &'d Document<'d>,
    node: u32,
}

impl<'d> Value<'d> {
    fn node(self) -> &'d Node {
        self.document.node(self.node)
    }

    /// What it is.
    pub(crate) fn kind(self) -> Kind {
        self.node().kind
    }

    /// The key, decoded; empty for elements of arrays.
    pub(crate) fn key(self) -> Cow<'d, str> {
        self.document.content(self.node().key)
    }

    /// Where the value is written, with quotes or brackets; the header of a table that has one.
    pub(crate) fn range(self) -> Range<usize> {
        self.document.original(self.node().value.range())
    }

    /// Where the key is written, without quotes.
    pub(crate) fn key_range(self) -> Range<usize> {
        self.document.original(content_range(self.document.text, self.node().key))
    }

    /// From the key to the end of the value.
    pub(crate) fn entry_range(self) -> Range<usize> {
        let node = self.node();
        if node.key.start == node.key.end || node.value.start < node.key.start {
            return self.range();
        }
        self.document.original(node.key.start as usize..node.value.end.max(node.key.end) as usize)
    }

    /// Where the content of a string is written: without quotes.
    pub(crate) fn content_range(self) -> Range<usize> {
        self.document.original(content_range(self.document.text, self.node().value))
    }

    /// The text of a string, decoded; `None` for anything else.
    pub(crate) fn text(self) -> Option<Cow<'d, str>> {
        (self.kind() == Kind::String).then(|| self.document.content(self.node().value))
    }

    /// The value of a boolean.
    pub(crate) fn boolean(self) -> Option<bool> {
        if let Kind::Boolean(value) = self.kind() { Some(value) } else { None }
    }

    /// How many entries or elements it has, kept or not.
    pub(crate) fn len(self) -> u32 {
        self.node().count
    }

    /// The entry of a table under a key.
    pub(crate) fn get(self, key: &str) -> Option<Self> {
        if self.kind() == Kind::Table {
            self.children().find(|child| self.document.is(child.node().key, key))
        } else {
            None
        }
    }

    /// The entries of a table, in the order of the file; nothing for anything else.
    pub(crate) fn entries(self) -> impl Iterator<Item = Self> {
        let table = self.kind() == Kind::Table;
        self.children().take_while(move |_| table)
    }

    /// The elements of an array; nothing for anything else.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        let array = matches!(self.kind(), Kind::Array | Kind::ArrayOfTables);
        self.children().take_while(move |_| array)
    }

    fn children(self) -> impl Iterator<Item = Self> {
        let document = self.document;
        let first = Some(self.node().first).filter(|id| *id != NONE);
        std::iter::successors(first, move |id| Some(document.node(*id).next).filter(|id| *id != NONE))
            .map(move |node| Self { document, node })
    }
}
