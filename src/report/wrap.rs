//! Wrapping text to a width.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Lines of words as they come, whole words, at most `width` columns where that is possible. The usual algorithm of the
/// library balances lines, at many times the cost.
pub(crate) fn options<'a>(width: usize) -> Options<'a> {
    Options::new(width)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(false)
}

/// The text with line ends where it is wrapped.
pub(crate) fn fill(text: &str, width: usize) -> String {
    if text.is_ascii() && text.len() <= width {
        text.to_owned()
    } else {
        textwrap::fill(text, options(width))
    }
}
