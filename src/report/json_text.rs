//! JSON as it is printed: pretty, and with every character that could speak to a terminal as a `\u` escape.

use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};
use serde_json::ser::{Formatter, PrettyFormatter};

use super::sanitize::{is_safe, is_unsafe};

/// Writes a value and a line end.
pub(crate) fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    // A report over thousands of projects is larger than all that led to it: it is never held as a whole.
    let mut buffer = BufWriter::with_capacity(BUFFER, out);
    let mut serializer = serde_json::Serializer::with_formatter(&mut buffer, SafeFormatter::default());
    value.serialize(&mut serializer).map_err(io::Error::from)?;
    buffer.write_all(b"\n")?;
    buffer.flush()
}

/// Writes a value on one line, and a line end.
pub(crate) fn write_line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeCompactFormatter);
    value.serialize(&mut serializer).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// A list whose elements are made one by one, while it is written.
pub(crate) struct Each<'a, T, F> {
    items: &'a [T],
    make: F,
}

impl<'a, T, F> Each<'a, T, F> {
    /// What `make` makes of each item.
    pub(crate) fn of(items: &'a [T], make: F) -> Self {
        Self { items, make }
    }
}

impl<T, U: Serialize, F: Fn(&T) -> U> Serialize for Each<'_, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.items.iter().map(&self.make))
    }
}

/// How much is written at once.
const BUFFER: usize = 64 * 1024;

#[derive(Default)]
struct SafeFormatter(PrettyFormatter<'static>);

/// The same on one line.
pub(crate) struct SafeCompactFormatter;

impl Formatter for SafeCompactFormatter {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_safe(writer, fragment)
    }
}

/// A stretch of a string, with what could speak to a terminal escaped.
fn write_safe<W: ?Sized + Write>(writer: &mut W, fragment: &str) -> io::Result<()> {
    if is_safe(fragment) {
        return writer.write_all(fragment.as_bytes());
    }
    let mut plain = 0;
    for (at, character) in fragment.char_indices().filter(|(_, character)| is_unsafe(*character)) {
        writer.write_all(&fragment.as_bytes()[plain..at])?;
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            write!(writer, "\\u{unit:04x}")?;
        }
        plain = at + character.len_utf8();
    }
    writer.write_all(&fragment.as_bytes()[plain..])
}

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_safe(writer, fragment)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn escapes_are_json_and_lose_nothing() {
        let text = "a\u{1b}[1m \u{202e}\u{e0041} \u{9b} ä \"q\" \n";
        let mut out = Vec::new();
        super::write(&vec![text], &mut out).unwrap();
        let printed = String::from_utf8(out).unwrap();
        assert_eq!(printed, "[\n  \"a\\u001b[1m \\u202e\\udb40\\udc41 \\u009b ä \\\"q\\\" \\n\"\n]\n");
        let back: Vec<String> = serde_json::from_str(&printed).unwrap();
        assert_eq!(back, [text]);
    }
}
