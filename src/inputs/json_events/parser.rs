//! From text to document. Source: RFC 8259.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::document::{Document, HASH_FROM, Kind, NO_KEY, NONE, Node, Token};
use super::failure::JsonError;
use super::string;

/// How deep arrays and objects may go, as in `serde_json`, which refuses the 128th.
const DEPTH_LIMIT: usize = 127;

/// How many values a document may have: bounds the memory that a hostile file takes to some 200 MB. Lock files have a
/// hundredth of it.
const SIZE_LIMIT: usize = 1 << 22;

/// Reads a JSON text without a byte order mark.
///
/// # Errors
/// The first reason why it is not JSON, or not for us.
pub(crate) fn read(text: &str) -> Result<Document<'_>, JsonError> {
    let document = Document { text, nodes: Vec::with_capacity(text.len() / 64), hashed: HashMap::new() };
    Parser { document, at: 0, open: Vec::new(), key: NO_KEY }.parse()
}

/// An array or object that is not closed yet.
struct Open {
    node: u32,
    last: u32,
}

/// What may come next.
#[derive(Clone, Copy)]
enum Next {
    Value,
    /// The first element of an array, or its end.
    Element,
    /// The first key of an object, or its end.
    FirstKey,
    /// A key after a comma.
    Key,
    /// What follows a value.
    More,
}

struct Parser<'a> {
    document: Document<'a>,
    at: usize,
    open: Vec<Open>,
    /// The key that waits for its value.
    key: Token,
}

fn token(start: usize, end: usize, plain: bool) -> Token {
    // A file of 256 MiB, the largest that is read, has offsets of 32 bits.
    let short = |at: usize| u32::try_from(at).unwrap_or(NONE);
    Token { start: short(start), end: short(end), plain }
}

impl<'a> Parser<'a> {
    fn parse(mut self) -> Result<Document<'a>, JsonError> {
        let mut next = Next::Value;
        loop {
            self.skip_space();
            let byte = self.peek();
            next = match (next, byte) {
                (Next::FirstKey, Some(b'}')) | (Next::Element, Some(b']')) => self.close()?,
                (Next::FirstKey | Next::Key, _) => self.read_key()?,
                (Next::Value | Next::Element, _) => self.read_value()?,
                (Next::More, byte) => {
                    let Some(open) = self.open.last() else {
                        return match byte {
                            None => Ok(self.document),
                            Some(_) => Err(self.expected("nothing more after the value")),
                        };
                    };
                    let is_object = self.document.node(open.node).kind == Kind::Object;
                    match (byte, is_object) {
                        (Some(b','), _) => {
                            self.at += 1;
                            if is_object { Next::Key } else { Next::Value }
                        }
                        (Some(b'}'), true) | (Some(b']'), false) => self.close()?,
                        (_, true) => return Err(self.expected("`,` or `}`")),
                        (_, false) => return Err(self.expected("`,` or `]`")),
                    }
                }
            };
        }
    }

    fn peek(&self) -> Option<u8> {
        self.document.text.as_bytes().get(self.at).copied()
    }

    fn expected(&self, wanted: &str) -> JsonError {
        JsonError::expected(self.document.text, self.at, wanted)
    }

    fn wrong(&self, at: usize, message: &str) -> JsonError {
        JsonError::new(self.document.text, at, message)
    }

    /// Passes the four characters that RFC 8259, section 2, takes for space. Lock files are indented.
    fn skip_space(&mut self) {
        let bytes = self.document.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return;
            }
            self.at += 1;
            while bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"        ")) {
                self.at += 8;
            }
        }
    }

    /// Reads a string; its token has the quotes.
    fn read_string(&mut self) -> Result<Token, JsonError> {
        let start = self.at;
        match string::end(self.document.text.as_bytes(), start + 1) {
            Ok((end, plain)) => {
                self.at = end + 1;
                Ok(token(start, end + 1, plain))
            }
            Err((at, message)) => Err(self.wrong(at, message)),
        }
    }

    fn read_key(&mut self) -> Result<Next, JsonError> {
        match self.peek() {
            Some(b'"') => {}
            Some(b'}') => return Err(self.wrong(self.at, "a comma before `}`: take it out")),
            _ => return Err(self.expected("a key in double quotes")),
        }
        self.key = self.read_string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("`:` after the key"));
        }
        self.at += 1;
        Ok(Next::Value)
    }

    fn read_value(&mut self) -> Result<Next, JsonError> {
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.open(Kind::Object, Next::FirstKey),
            Some(b'[') => self.open(Kind::Array, Next::Element),
            Some(b'"') => {
                let value = self.read_string()?;
                self.add(Kind::String, value)
            }
            Some(b'-' | b'0'..=b'9') => {
                self.read_number()?;
                self.add(Kind::Number, token(start, self.at, true))
            }
            Some(b']') if !self.open.is_empty() => Err(self.wrong(start, "a comma before `]`: take it out")),
            _ => {
                let words =
                    [("true", Kind::Boolean(true)), ("false", Kind::Boolean(false)), ("null", Kind::Null)];
                let rest = self.document.text.get(start..).unwrap_or("");
                let Some((word, kind)) = words.into_iter().find(|(word, _)| rest.starts_with(word)) else {
                    return Err(self.expected("a value"));
                };
                self.at += word.len();
                self.add(kind, token(start, self.at, true))
            }
        }
    }

    /// `[ minus ] int [ frac ] [ exp ]` (RFC 8259, section 6). What no double can hold is refused, as by `serde_json`.
    fn read_number(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let first = self.at;
        self.digits("a digit")?;
        let leading_zero = self.document.text.as_bytes().get(first) == Some(&b'0');
        if leading_zero && self.at > first + 1 {
            return Err(self.wrong(first, "a number must not begin with 0"));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("a digit after the point")?;
        }
        let exponent = matches!(self.peek(), Some(b'e' | b'E'));
        if exponent {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("a digit of the exponent")?;
        }
        if exponent || self.at - start > 300 {
            let value = self.document.text.get(start..self.at).and_then(|text| text.parse::<f64>().ok());
            if !value.is_some_and(|value| value.abs() < 1e308) {
                return Err(self.wrong(start, "a number that is too large"));
            }
        }
        Ok(())
    }

    fn digits(&mut self, wanted: &str) -> Result<(), JsonError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.expected(wanted)) } else { Ok(()) }
    }

    /// Adds a node as the last child of what is open.
    fn add(&mut self, kind: Kind, value: Token) -> Result<Next, JsonError> {
        if self.document.nodes.len() >= SIZE_LIMIT {
            let at = value.start as usize;
            return Err(JsonError::at(at..at, "more than four million values: too large to be read"));
        }
        let id = u32::try_from(self.document.nodes.len()).unwrap_or(NONE);
        let key = std::mem::replace(&mut self.key, NO_KEY);
        self.document.nodes.push(Node { key, value, kind, next: NONE, count: 0 });
        if let Some(open) = self.open.last_mut() {
            if open.last != NONE {
                self.document.nodes[open.last as usize].next = id;
            }
            open.last = id;
            self.document.nodes[open.node as usize].count += 1;
        }
        Ok(Next::More)
    }

    fn open(&mut self, kind: Kind, next: Next) -> Result<Next, JsonError> {
        if self.open.len() >= DEPTH_LIMIT {
            return Err(self.wrong(self.at, &format!("nested deeper than {DEPTH_LIMIT} levels")));
        }
        let node = u32::try_from(self.document.nodes.len()).unwrap_or(NONE);
        self.add(kind, token(self.at, self.at + 1, true))?;
        self.at += 1;
        self.open.push(Open { node, last: NONE });
        Ok(next)
    }

    fn close(&mut self) -> Result<Next, JsonError> {
        self.at += 1;
        if let Some(Open { node, .. }) = self.open.pop() {
            self.document.nodes[node as usize].value.end = token(0, self.at, true).end;
            if self.document.node(node).kind == Kind::Object {
                self.refuse_duplicates(node)?;
            }
        }
        Ok(Next::More)
    }

    /// RFC 8259, section 4: names "SHOULD be unique", for readers differ in what they make of two. Keys of large
    /// objects are hashed, here and for [`super::Value::get`]: looking through all for each would be quadratic.
    fn refuse_duplicates(&mut self, object: u32) -> Result<(), JsonError> {
        let again = |document: &Document<'a>, id: u32| {
            let key = document.node(id).key;
            let message =
                format!("the key {:?} stands in this object twice: keep one", short(&document.content(key)));
            Err(JsonError::at(key.range(), message))
        };
        if self.document.node(object).count < HASH_FROM {
            let document = &self.document;
            let mut known = [NO_KEY; HASH_FROM as usize];
            for (count, id) in document.children(object).enumerate() {
                let key = document.node(id).key;
                if known.iter().take(count).any(|known| document.same(*known, key)) {
                    return again(document, id);
                }
                if let Some(place) = known.get_mut(count) {
                    *place = key;
                }
            }
            return Ok(());
        }
        let mut next = object + 1;
        while next != NONE {
            let key: Cow<'a, str> = self.document.content(self.document.node(next).key);
            match self.document.hashed.entry((object, key)) {
                Entry::Occupied(_) => return again(&self.document, next),
                Entry::Vacant(place) => {
                    place.insert(next);
                }
            }
            next = self.document.node(next).next;
        }
        Ok(())
    }
}

/// A key short enough to be quoted.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Value;
    use super::*;

    /// The place, as line and column in bytes, and the words.
    fn refused(text: &str) -> (usize, usize, String) {
        let error = read(text).map(|_| ()).unwrap_err();
        let before = &text[..error.range.start];
        let line = before.matches('\n').count() + 1;
        (line, error.range.start - before.rfind('\n').map_or(0, |at| at + 1) + 1, error.message)
    }

    #[test]
    fn values_with_their_places() {
        let text = "{\n  \"a\": [1, \"x\\ny\", {}],\n  \"b\\u0021\": null, \"c\": -1.5e3\n}\n";
        let document = read(text).unwrap();
        let root = document.root();
        assert_eq!(root.entries().map(Value::key).collect::<Vec<_>>(), ["a", "b!", "c"]);
        let items: Vec<_> = root.get("a").unwrap().items().collect();
        assert_eq!(
            items.iter().map(|item| &text[item.range()]).collect::<Vec<_>>(),
            ["1", "\"x\\ny\"", "{}"]
        );
        assert_eq!(items[1].text().unwrap(), "x\ny");
        assert_eq!(&text[items[1].content_range()], "x\\ny");
        assert_eq!(&text[root.get("b!").unwrap().entry_range()], "\"b\\u0021\": null");
        assert_eq!(root.get("c").unwrap().number(), Some("-1.5e3"));
        assert!(root.get("d").is_none() && root.get("a").unwrap().get("x").is_none());
        assert_eq!((root.len(), root.range()), (3, 0..text.len() - 1));
    }

    #[test]
    fn what_is_refused_has_its_place_and_words() {
        for (text, line, column, words) in [
            ("", 1, 1, "expected a value, found the end; the file may be cut off"),
            ("{\n  \"a\": 1,\n}", 3, 1, "a comma before `}`: take it out"),
            ("[1, 2, ]", 1, 8, "a comma before `]`: take it out"),
            ("{\"a\" 1}", 1, 6, "expected `:` after the key, found `1`"),
            ("{'a': 1}", 1, 2, "expected a key in double quotes, found `'`"),
            ("{\"a\": 1 \"b\"}", 1, 9, "expected `,` or `}`, found `\"`"),
            ("[1 2]", 1, 4, "expected `,` or `]`, found `2`"),
            ("[NaN]", 1, 2, "expected a value, found `N`"),
            ("[1]\n[2]", 2, 1, "expected nothing more after the value, found `[`"),
            ("[\"a\nb\"]", 1, 4, "the string is not closed on its line"),
            ("[\"a", 1, 4, "a string that is not closed; the file may be cut off"),
            ("[01]", 1, 2, "must not begin with 0"),
            ("[1e999]", 1, 2, "too large"),
            ("[-]", 1, 3, "expected a digit, found `]`"),
            ("{\"a\": 1, \"b\": 2, \"\\u0061\": 3}", 1, 18, "the key \"a\" stands in this object twice"),
            ("{\n<<<<<<< HEAD\n\"a\": 1\n=======\n>>>>>>> b\n}", 2, 1, "merge conflict"),
            ("\u{feff}{}", 1, 1, "expected a value"),
        ] {
            let (at_line, at_column, message) = refused(text);
            assert!(
                (at_line, at_column) == (line, column) && message.contains(words),
                "{text}: {at_line}:{at_column} {message}"
            );
        }
    }

    #[test]
    fn depth_is_limited_without_recursion() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(127)).is_ok());
        assert!(refused(&nested(128)).2.contains("nested deeper than 127 levels"));
        assert!(refused(&"[{\"a\":".repeat(1_000_000)).2.contains("nested deeper"));
    }

    #[test]
    fn large_objects_are_neither_quadratic_nor_lenient() {
        let many: Vec<_> = (0..200_000).map(|number| format!("\"key{number}\": {number}")).collect();
        let text = format!("{{{}}}", many.join(","));
        let document = read(&text).unwrap();
        for number in 0..200_000 {
            assert!(
                document.root().get(&format!("key{number}")).is_some_and(|value| value.number().is_some())
            );
        }
        let twice = format!("{{{}, \"key7\": 0}}", many.join(","));
        assert!(refused(&twice).2.contains("the key \"key7\" stands in this object twice"));
    }

    #[test]
    fn too_many_values_are_refused() {
        let text = format!("[{}0]", "0,".repeat(SIZE_LIMIT));
        assert!(refused(&text).2.contains("more than four million values"));
    }
}
