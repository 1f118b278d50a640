//! JSON written as it comes: for documents of a foreign standard, in which most members are there only sometimes.
//!
//! Every string passes [`mask`] on its way out, and what could speak to a terminal is escaped. The first error of the
//! output is kept and returned at the end, so that a document reads like what it writes. Nothing of it is put into its
//! many callers: inlined, the documents take 100 kB more of the program.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::json_text::SafeCompactFormatter;
use crate::model::mask;

/// How much is written at once.
const BUFFER: usize = 64 * 1024;

/// A document in the making. The key of what stands in a list is empty.
pub(crate) struct JsonWriter<'a> {
    out: BufWriter<&'a mut dyn Write>,
    depth: usize,
    /// Nothing stands yet in the innermost object or list.
    empty: bool,
    result: io::Result<()>,
}

impl<'a> JsonWriter<'a> {
    /// Writes a document, which is one object, and a line end.
    pub(crate) fn document(out: &'a mut dyn Write, fill: impl FnOnce(&mut Self)) -> io::Result<()> {
        Self::whole(out, b"{", b"}", fill)
    }

    /// Writes a document, which is one list, and a line end.
    pub(crate) fn list_document(out: &'a mut dyn Write, fill: impl FnOnce(&mut Self)) -> io::Result<()> {
        Self::whole(out, b"[", b"]", fill)
    }

    fn whole(
        out: &'a mut dyn Write,
        open: &[u8],
        close: &[u8],
        fill: impl FnOnce(&mut Self),
    ) -> io::Result<()> {
        let out = BufWriter::with_capacity(BUFFER, out);
        let mut json = Self { out, depth: 0, empty: true, result: Ok(()) };
        json.nested("", open, close, fill);
        json.raw(b"\n");
        json.result?;
        json.out.flush()
    }

    /// An object.
    pub(crate) fn object(&mut self, key: &str, fill: impl FnOnce(&mut Self)) {
        self.nested(key, b"{", b"}", fill);
    }

    /// A list, whose elements `fill` writes with an empty key.
    pub(crate) fn list(&mut self, key: &str, fill: impl FnOnce(&mut Self)) {
        self.nested(key, b"[", b"]", fill);
    }

    /// A list of texts.
    pub(crate) fn texts<T: AsRef<str>>(&mut self, key: &str, texts: impl IntoIterator<Item = T>) {
        self.list(key, |json| texts.into_iter().for_each(|text| json.text("", text.as_ref())));
    }

    /// A text.
    #[inline(never)]
    pub(crate) fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        self.string(text);
    }

    /// A text, or `null`.
    #[inline(never)]
    pub(crate) fn text_or_null(&mut self, key: &str, text: Option<&str>) {
        match text {
            Some(text) => self.text(key, text),
            None => self.word(key, "null"),
        }
    }

    /// A whole number.
    #[inline(never)]
    pub(crate) fn number(&mut self, key: &str, number: usize) {
        self.word(key, &number.to_string());
    }

    /// `true` or `false`.
    #[inline(never)]
    pub(crate) fn flag(&mut self, key: &str, flag: bool) {
        self.word(key, if flag { "true" } else { "false" });
    }

    /// What is JSON already: a number, `null`.
    #[inline(never)]
    pub(crate) fn word(&mut self, key: &str, word: &str) {
        self.key(key);
        self.raw(word.as_bytes());
    }

    fn nested(&mut self, key: &str, open: &[u8], close: &[u8], fill: impl FnOnce(&mut Self)) {
        self.open(key, open);
        fill(self);
        self.close(close);
    }

    #[inline(never)]
    fn open(&mut self, key: &str, open: &[u8]) {
        if self.depth > 0 {
            self.key(key);
        }
        self.raw(open);
        self.depth += 1;
        self.empty = true;
    }

    #[inline(never)]
    fn close(&mut self, close: &[u8]) {
        self.depth -= 1;
        if !self.empty {
            self.line();
        }
        self.empty = false;
        self.raw(close);
    }

    #[inline(never)]
    fn key(&mut self, key: &str) {
        if !self.empty {
            self.raw(b",");
        }
        self.empty = false;
        self.line();
        if !key.is_empty() {
            self.string(key);
            self.raw(b": ");
        }
    }

    #[inline(never)]
    fn line(&mut self) {
        self.raw(b"\n");
        for _ in 0..self.depth {
            self.raw(b"  ");
        }
    }

    #[inline(never)]
    fn string(&mut self, text: &str) {
        if self.result.is_ok() {
            let out: &mut dyn Write = &mut self.out;
            let mut serializer = serde_json::Serializer::with_formatter(out, SafeCompactFormatter);
            self.result = mask(text).serialize(&mut serializer).map_err(io::Error::from);
        }
    }

    #[inline(never)]
    fn raw(&mut self, bytes: &[u8]) {
        if self.result.is_ok() {
            self.result = self.out.write_all(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_json_without_secrets() {
        let mut out = Vec::new();
        JsonWriter::document(&mut out, |json| {
            json.text("a\"b", "\u{1b}[1m \"q\" https://user:hunter2@index.example.com/");
            json.list("empty", |_| ());
            json.object("nothing", |_| ());
            json.list("list", |json| {
                json.number("", 7);
                json.object("", |json| json.flag("yes", true));
                json.texts("", ["x", "y"]);
            });
            json.text_or_null("none", None);
        })
        .unwrap();
        let text = String::from_utf8(out).unwrap();
        insta::assert_snapshot!(text, @r#"
        {
          "a\"b": "\u001b[1m \"q\" https://user:****@index.example.com/",
          "empty": [],
          "nothing": {},
          "list": [
            7,
            {
              "yes": true
            },
            [
              "x",
              "y"
            ]
          ],
          "none": null
        }
        "#);
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }

    #[test]
    fn an_error_of_the_output_is_not_lost() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::Error::from(io::ErrorKind::BrokenPipe))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let long = "x".repeat(BUFFER + 1);
        let written = JsonWriter::document(&mut Closed, |json| json.text("long", &long));
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert!(JsonWriter::document(&mut Closed, |_| ()).is_err(), "also when the buffer holds all of it");
    }
}
