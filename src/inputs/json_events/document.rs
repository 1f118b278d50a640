//! The document: nodes in one vector, in the order of the file, and how to walk them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::string::decode;

/// Stands for "no node".
pub(super) const NONE: u32 = u32::MAX;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The word for it in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Number => "a number",
            Self::Boolean(_) => "a boolean",
            Self::Null => "null",
            Self::Array => "a list",
            Self::Object => "an object",
        }
    }
}

/// A stretch of the text and whether its content is the text itself: no escapes. That of a string has its quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) plain: bool,
}

/// The key of what has none.
pub(super) const NO_KEY: Token = Token { start: 0, end: 0, plain: true };

impl Token {
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The content of a string: without its quotes.
    pub(super) fn content(self) -> Range<usize> {
        let Range { start, end } = self.range();
        if end < start + 2 { start..start } else { start + 1..end - 1 }
    }
}

/// A value with its key. The first child of a node, when it has any, is the node after it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) key: Token,
    pub(super) value: Token,
    pub(super) kind: Kind,
    /// The next child of the same parent.
    pub(super) next: u32,
    /// Number of children.
    pub(super) count: u32,
}

/// A JSON file that was read as a whole.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    pub(super) text: &'a str,
    pub(super) nodes: Vec<Node>,
    /// The entries of large objects, by object and key.
    pub(super) hashed: HashMap<(u32, Cow<'a, str>), u32>,
}

/// From how many entries on the keys of an object are hashed. Comparing as many is as cheap as hashing one.
pub(super) const HASH_FROM: u32 = 24;

impl<'a> Document<'a> {
    /// The value of the file.
    pub(crate) fn root(&self) -> Value<'_> {
        Value { document: self, node: 0 }
    }

    pub(super) fn node(&self, id: u32) -> &Node {
        &self.nodes[id as usize]
    }

    /// What a key or string stands for.
    pub(super) fn content(&self, token: Token) -> Cow<'a, str> {
        let raw = self.text.get(token.content()).unwrap_or("");
        if token.plain { Cow::Borrowed(raw) } else { decode(raw) }
    }

    /// Whether a key stands for `wanted`. Most are written as they are: lengths tell nearly all apart.
    fn is(&self, token: Token, wanted: &str) -> bool {
        let range = token.content();
        if token.plain {
            range.len() == wanted.len() && self.text.as_bytes().get(range) == Some(wanted.as_bytes())
        } else {
            self.content(token) == wanted
        }
    }

    /// Whether two keys are the same.
    pub(super) fn same(&self, left: Token, right: Token) -> bool {
        if left.plain && right.plain {
            let (left, right, bytes) = (left.content(), right.content(), self.text.as_bytes());
            left.len() == right.len() && bytes.get(left) == bytes.get(right)
        } else {
            self.content(left) == self.content(right)
        }
    }

    /// The children of a node, in the order of the file.
    pub(super) fn children(&self, id: u32) -> impl Iterator<Item = u32> + '_ {
        let first = (self.node(id).count > 0).then_some(id + 1);
        std::iter::successors(first, |id| Some(self.node(*id).next).filter(|id| *id != NONE))
    }
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

    /// Where the key is written, without quotes.
    pub(crate) fn key_range(self) -> Range<usize> {
        self.node().key.content()
    }

    /// Where the value is written, with quotes or brackets.
    pub(crate) fn range(self) -> Range<usize> {
        self.node().value.range()
    }

    /// From the key to the end of the value.
    pub(crate) fn entry_range(self) -> Range<usize> {
        let Node { key, value, .. } = self.node();
        if key.start == key.end { self.range() } else { key.range().start..value.range().end }
    }

    /// Where the content of a string is written: without quotes.
    pub(crate) fn content_range(self) -> Range<usize> {
        if self.kind() == Kind::String { self.node().value.content() } else { self.range() }
    }

    /// The text of a string, decoded; `None` for anything else.
    pub(crate) fn text(self) -> Option<Cow<'d, str>> {
        (self.kind() == Kind::String).then(|| self.document.content(self.node().value))
    }

    /// A number as written; `None` for anything else.
    pub(crate) fn number(self) -> Option<&'d str> {
        (self.kind() == Kind::Number).then(|| self.document.text.get(self.range()).unwrap_or(""))
    }

    /// The value of a boolean.
    pub(crate) fn boolean(self) -> Option<bool> {
        if let Kind::Boolean(value) = self.kind() { Some(value) } else { None }
    }

    /// How many entries or elements it has.
    pub(crate) fn len(self) -> u32 {
        self.node().count
    }

    /// The entry of an object under a key.
    pub(crate) fn get(self, key: &str) -> Option<Self> {
        if self.kind() != Kind::Object {
            return None;
        }
        let document = self.document;
        let node = if self.len() >= HASH_FROM {
            document.hashed.get(&(self.node, Cow::Borrowed(key))).copied()
        } else {
            document.children(self.node).find(|child| document.is(document.node(*child).key, key))
        };
        node.map(|node| Self { document, node })
    }

    /// The entries of an object, in the order of the file; nothing for anything else.
    pub(crate) fn entries(self) -> impl Iterator<Item = Self> {
        self.children(Kind::Object)
    }

    /// The elements of an array; nothing for anything else.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        self.children(Kind::Array)
    }

    fn children(self, of: Kind) -> impl Iterator<Item = Self> {
        let document = self.document;
        let wanted = self.kind() == of;
        document.children(self.node).take_while(move |_| wanted).map(move |node| Self { document, node })
    }
}
