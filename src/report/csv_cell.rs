//! A cell of a table for spreadsheets.
//!
//! Sources: RFC 4180 (lines end with CRLF, quotation marks are doubled); OWASP, "CSV Injection" (a cell that begins
//! with `=`, `+`, `-` or `@` is a formula: an apostrophe before it keeps it a text).

use super::sanitize;

/// A cell: on one line, no formula, in quotation marks when it needs them.
pub(crate) fn cell(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\r', '\n']);
    let safe = sanitize::line(text);
    let safe = if is_formula { format!("'{safe}") } else { safe.into_owned() };
    if safe.contains([',', '"', ' ', '\'']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, written) in [
            ("requests", "requests"),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("+1", "\"'+1\""),
            ("\t=1", "\"' =1\""),
            ("\r@SUM(A1)", "\"'\\x0d@SUM(A1)\""),
            ("  -2", "\"'  -2\""),
            ("\u{ff1d}1", "\"'\u{ff1d}1\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("MIT OR Apache-2.0", "\"MIT OR Apache-2.0\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), written, "{text:?}");
        }
    }

    proptest! {
        /// What a reader of RFC 4180 gets is the text as it is shown, and never a formula.
        #[test]
        fn every_text_comes_back(text in "[=+@\t\r\n\"', a-z-]{0,12}") {
            let line = format!("{},end\r\n", cell(&text));
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            prop_assert_eq!(record.len(), 2);
            let shown = sanitize::line(&text).into_owned();
            let back = record.get(0).unwrap();
            prop_assert!(back == shown || back == format!("'{shown}"), "{:?}", back);
            prop_assert!(!back.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
