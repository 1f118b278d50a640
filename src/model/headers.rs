//! Headers as in a mail, in which core metadata and `WHEEL` files are written.
//!
//! Source: PyPA specification "Core metadata": names of headers have no case; a line that begins with a blank continues
//! the one before; the headers end at the first empty line.

use std::borrow::Cow;
use std::ops::Range;

/// The headers of a text, each with the place of its value in the text. A value may go on over several lines; blanks
/// around it do not belong to it. A line that is no header is passed over. What follows the first empty line is no header.
pub fn headers(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    });
    let mut lines = lines.take_while(|(_, line)| !line.is_empty()).peekable();
    std::iter::from_fn(move || {
        loop {
            let (start, line) = lines.next()?;
            let mut end = start + line.len();
            while let Some((start, line)) = lines.next_if(|(_, line)| line.starts_with([' ', '\t'])) {
                end = start + line.len();
            }
            let Some((key, _)) = line.split_once(':').filter(|(key, _)| !key.starts_with([' ', '\t'])) else {
                continue;
            };
            let value = &text[start + key.len() + 1..end];
            let from = end - value.trim_start().len();
            return Some((key, from..from + value.trim().len()));
        }
    })
}

/// A value as one line.
pub fn unfolded(value: &str) -> Cow<'_, str> {
    if value.contains('\n') {
        value.lines().map(str::trim).collect::<Vec<_>>().join(" ").into()
    } else {
        value.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_folded_and_the_body_is_none() {
        let text =
            "Name: harbour\r\nno header\n orphan\nLicense:  MIT\n  OR ISC \n\t\nVersion:\n\nLicense: body\n";
        let found: Vec<_> = headers(text).map(|(name, range)| (name, &text[range])).collect();
        assert_eq!(found, [("Name", "harbour"), ("License", "MIT\n  OR ISC"), ("Version", "")]);
        assert_eq!(unfolded(found[1].1), "MIT OR ISC");
        assert_eq!(headers("").count() + headers("\n\nName: x").count() + headers(" x\n:").count(), 1);
    }
}
