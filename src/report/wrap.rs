//! Wrapping text to a width.

use std::borrow::Cow;

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Lines of whole words as they come: the first at most `first` columns, the others at most `others`, where that is
/// possible.
pub(crate) fn lines(text: &str, first: usize, others: usize) -> Vec<Cow<'_, str>> {
    if text.is_ascii() {
        return ascii_lines(text, first, others);
    }
    let (left, right) = (" ".repeat(others.saturating_sub(first)), " ".repeat(first.saturating_sub(others)));
    // The usual algorithm of the library balances lines, at many times the cost.
    let options = Options::new(first.max(others))
        .initial_indent(&left)
        .subsequent_indent(&right)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(false);
    let wrapped = textwrap::wrap(text, options).into_iter().enumerate();
    wrapped
        .map(|(number, line)| {
            let indent = if number == 0 { left.len() } else { right.len() };
            Cow::Owned(line.get(indent..).unwrap_or("").to_owned())
        })
        .collect()
}

/// The same where bytes are columns, which is nearly always: a tenth of the cost.
fn ascii_lines(text: &str, first: usize, others: usize) -> Vec<Cow<'_, str>> {
    let mut lines = Vec::new();
    let mut rest = text;
    let mut width = first;
    while rest.len() > width {
        let end = match rest.get(..=width).and_then(|head| head.rfind(' ')) {
            Some(end) if end > 0 => end,
            // A word that is too long stays whole.
            _ => rest.find(' ').unwrap_or(rest.len()),
        };
        let (line, tail) = rest.split_at(end);
        lines.push(Cow::Borrowed(line.trim_end()));
        rest = tail.trim_start();
        width = others;
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(Cow::Borrowed(rest));
    }
    lines
}

/// The text with line ends where it is wrapped.
pub(crate) fn fill(text: &str, width: usize) -> String {
    lines(text, width, width).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_stay_whole() {
        assert_eq!(lines("one two three", 7, 5), ["one two", "three"]);
        assert_eq!(lines("one two three", 3, 9), ["one", "two three"]);
        assert_eq!(lines("a-very-long-word b", 5, 5), ["a-very-long-word", "b"]);
        assert_eq!(lines("", 5, 5), [""]);
        assert_eq!(lines("äää öö ü", 6, 2), ["äää öö", "ü"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_too_wide(
            text in "[a-z]{1,12}( [a-zä]{1,12}){0,12}",
            first in 1..30_usize,
            others in 1..30_usize,
        ) {
            let wrapped = lines(&text, first, others);
            prop_assert_eq!(wrapped.join(" "), text.clone());
            for (number, line) in wrapped.iter().enumerate() {
                let width = if number == 0 { first } else { others };
                prop_assert!(line.chars().count() <= width || !line.contains(' '), "{:?}", wrapped);
            }
        }
    }
}
