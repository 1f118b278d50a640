//! The texts of the license list in the form in which they are built in.
//!
//! Uses the standard library alone: `build.rs` includes this file; the library itself needs it for tests only.

use super::normal::words;

/// The words that matter of the text of a license as the list has it, without its title and copyright notices before
/// the terms, and without the advice on how to apply it after them.
pub(crate) fn template(id: &str, text: &str) -> String {
    let mut start = 0;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let words: Vec<String> = words(line).into_iter().map(|(word, _)| word).collect();
        let has = |wanted: &str| words.iter().any(|word| word == wanted);
        let notice = words.first().is_some_and(|word| word == "copyright")
            && !words
                .get(1)
                .is_some_and(|next| ["holder", "holders", "notice", "license"].contains(&next.as_str()));
        let title = number < 4 && words.len() <= 10 && (has("license") || has("version")) && !has("this");
        at += line.len();
        if number < 16 && (notice || title) {
            start = at;
        }
    }
    let body = text.get(start..).unwrap_or_default();
    let body = body.split("END OF TERMS AND CONDITIONS").next().unwrap_or_default();
    let words = words(body).into_iter().map(|(word, _)| word).collect::<Vec<_>>().join(" ");
    // The list has the GPL, to which the LGPL 3 adds, in the same text; files mostly have it apart.
    match words.split_once(" gnu general public license version 3 29 june") {
        Some((own, _)) if id.starts_with("LGPL-3.0") => own.to_owned(),
        _ => words,
    }
}
