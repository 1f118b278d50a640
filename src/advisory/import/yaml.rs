//! YAML of the PyPA database as JSON, so that one reader reads both.
//!
//! Records are plain YAML: every scalar becomes a text as written (versions like `1.10` and time stamps must not turn
//! into numbers and dates), a plain `null`, `~` or nothing becomes null. Aliases are refused, so that a small file
//! cannot stand for a large one; tags are ignored.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

/// The deepest nesting that is read; a record has eight.
const DEPTH_LIMIT: usize = 64;

/// The first document of a text as JSON.
///
/// # Errors
/// What is wrong, with line and column from 1.
pub(super) fn to_json(text: &str) -> Result<String, String> {
    let mut writer = Writer { json: String::with_capacity(text.len() + text.len() / 4), open: Vec::new() };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| located(&error))?;
        if matches!(event, Event::DocumentEnd) {
            return Ok(writer.json);
        }
        writer
            .event(&event)
            .map_err(|why| format!("line {}, column {}: {why}", span.start.line(), span.start.col() + 1))?;
    }
    Err("holds no YAML document".to_owned())
}

/// The parser's columns start at 0.
fn located(error: &ScanError) -> String {
    let marker = error.marker();
    format!("line {}, column {}: not YAML: {}", marker.line(), marker.col() + 1, error.info())
}

/// A collection that is being written.
struct Open {
    mapping: bool,
    /// Keys and values, or elements, so far.
    count: usize,
}

struct Writer {
    json: String,
    open: Vec<Open>,
}

impl Writer {
    fn event(&mut self, event: &Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, ..) => self.scalar(text, *style == ScalarStyle::Plain),
            Event::SequenceStart(..) => self.start('[', false)?,
            Event::MappingStart(..) => self.start('{', true)?,
            Event::SequenceEnd => self.end(']'),
            Event::MappingEnd => self.end('}'),
            Event::Alias(_) => return Err("aliases are not followed: write the value out".to_owned()),
            _ => {}
        }
        Ok(())
    }

    /// What stands between the last value and the next. Whether the next is a key.
    fn separate(&mut self) -> bool {
        let Some(open) = self.open.last_mut() else { return false };
        let is_key = open.mapping && open.count.is_multiple_of(2);
        if open.mapping && !is_key {
            self.json.push(':');
        } else if open.count > 0 {
            self.json.push(',');
        }
        open.count += 1;
        is_key
    }

    fn scalar(&mut self, text: &str, plain: bool) {
        let is_key = self.separate();
        if plain && !is_key && matches!(text, "" | "~" | "null" | "Null" | "NULL") {
            self.json.push_str("null");
        } else {
            // Writing a text as JSON cannot fail.
            self.json.push_str(&serde_json::to_string(text).unwrap_or_default());
        }
    }

    fn start(&mut self, bracket: char, mapping: bool) -> Result<(), String> {
        if self.separate() {
            return Err("expected a text as a key".to_owned());
        }
        if self.open.len() >= DEPTH_LIMIT {
            return Err(format!("nested deeper than {DEPTH_LIMIT} levels"));
        }
        self.json.push(bracket);
        self.open.push(Open { mapping, count: 0 });
        Ok(())
    }

    fn end(&mut self, bracket: char) {
        self.open.pop();
        self.json.push(bracket);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_record_of_the_pypa_database() {
        let text = "id: PYSEC-2026-1\ndetails: |\n  Two\n  lines: \"quoted\".\naffected:\n- package:\n    name: shoplib\n    \
                    ecosystem: PyPI\n  ranges:\n  - type: ECOSYSTEM\n    events: [{introduced: '0'}, {fixed: 1.10}]\n  \
                    versions: [1.0, \"1.1\", 2.0e1]\nwithdrawn: null\nmodified: 2026-01-02T03:04:05Z\naliases: ~\n";
        let json: serde_json::Value = serde_json::from_str(&to_json(text).unwrap()).unwrap();
        assert_eq!(json["affected"][0]["ranges"][0]["events"][1]["fixed"], "1.10");
        assert_eq!(json["affected"][0]["versions"], serde_json::json!(["1.0", "1.1", "2.0e1"]));
        assert_eq!(json["details"], "Two\nlines: \"quoted\".\n");
        assert_eq!(
            (&json["withdrawn"], &json["aliases"]),
            (&serde_json::Value::Null, &serde_json::Value::Null)
        );
        assert_eq!(json["modified"], "2026-01-02T03:04:05Z");
    }

    #[test]
    fn what_is_refused_has_a_place() {
        assert_eq!(
            to_json("a: &x [1]\nb: *x\n").unwrap_err(),
            "line 2, column 4: aliases are not followed: write the value out"
        );
        assert_eq!(to_json("a: 1\n? [b]\n: c\n").unwrap_err(), "line 2, column 3: expected a text as a key");
        assert!(to_json("a: [1\nb: 2").unwrap_err().starts_with("line 2, column"));
        assert!(to_json(&"[".repeat(10_000)).is_err());
        assert!(
            to_json(&format!("{}1{}", "[".repeat(65), "]".repeat(65))).unwrap_err().contains("nested deeper")
        );
        assert!(to_json("").is_err());
    }

    proptest! {
        #[test]
        fn what_is_read_is_json(text in "[a-c:\\-\\[\\]{},'\"|>&*!#~ \n\u{e9}]{0,60}") {
            if let Ok(json) = to_json(&text) {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{:?} {}", text, json);
            }
        }
    }
}
