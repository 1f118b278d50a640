//! One line out of the details of a record that has no summary.

/// An excerpt has about this many characters at most.
const LENGTH: usize = 160;
/// So many bytes of a line are looked at. Markup looks ahead, and the lines are not ours.
const LINE_LIMIT: usize = 16 * LENGTH;

/// The first sentence of Markdown text, without markup, in one line; empty when there is nothing to say.
pub(crate) fn excerpt(details: &str) -> String {
    let mut plain = String::new();
    let mut code = false;
    for line in details.lines().map(str::trim) {
        if line.starts_with("```") || line.starts_with("~~~") {
            code = !code;
            continue;
        }
        if code || is_furniture(line) {
            continue;
        }
        if !plain.is_empty() {
            plain.push(' ');
        }
        let line = line.trim_start_matches(['>', '*', '-', '+', '#', ' ']);
        push_plain(&mut plain, line.get(..line.floor_char_boundary(LINE_LIMIT)).unwrap_or(line));
        if plain.len() > 8 * LENGTH {
            break;
        }
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    cut(&words.join(" "))
}

/// Headings, rules, tables and HTML comments say nothing by themselves.
fn is_furniture(line: &str) -> bool {
    line.is_empty()
        || line.starts_with('#')
        || line.starts_with('|')
        || line.starts_with("<!--")
        || line.starts_with("_-=")
        || line.chars().all(|character| matches!(character, '-' | '=' | '*' | '_'))
}

/// Appends a line without emphasis, code marks and link targets.
fn push_plain(plain: &mut String, line: &str) {
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        let mut after = rest.get(character.len_utf8()..).unwrap_or("");
        match character {
            '`' => {}
            '*' => {
                let run = after.len() - after.trim_start_matches('*').len();
                after = after.get(run..).unwrap_or("");
                // `2 * 3` and `3.*` are no emphasis. CommonMark, section 6.2: a run between spaces opens nothing.
                let between = plain.ends_with(' ') && after.starts_with(' ');
                if run == 0 && (between || plain.ends_with('.')) {
                    plain.push('*');
                }
            }
            // `](target)` of a link or image; its text stays.
            ']' if after.starts_with('(') => after = behind_target(after),
            '[' if after.contains("](") => {}
            '!' if after.starts_with('[') => {}
            '\\' if after.starts_with(|next: char| next.is_ascii_punctuation()) => {
                let (escaped, behind) = after.split_at(1);
                plain.push_str(escaped);
                after = behind;
            }
            _ => plain.push(character),
        }
        rest = after;
    }
}

/// What follows the parenthesis that closes the first one; nothing when it is never closed.
fn behind_target(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return text.get(at + 1..).unwrap_or("");
        }
    }
    ""
}

/// The first sentence; when it is too long, as many words as fit.
fn cut(text: &str) -> String {
    let mut end = text.len();
    for (at, _) in text.match_indices(". ") {
        let word = text.get(..at).and_then(|before| before.rsplit(' ').next()).unwrap_or("");
        // "e.g. " and "v. 2" end no sentence, and neither does one of a few letters.
        if at >= 24 && !word.contains('.') && word.chars().count() > 1 {
            end = at + 1;
            break;
        }
    }
    let sentence = text.get(..end).unwrap_or(text);
    if sentence.chars().count() <= LENGTH {
        return sentence.to_owned();
    }
    let fits: usize = sentence.chars().take(LENGTH - 1).map(char::len_utf8).sum();
    let head = sentence.get(..fits).unwrap_or(sentence);
    let head = head.rsplit_once(' ').map_or(head, |(words, _)| words);
    format!("{}\u{2026}", head.trim_end_matches([',', ';', ':', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_sentence_without_markup() {
        assert_eq!(
            excerpt(
                "### Impact\n\nIt was **possible** to read\nthe [whole bucket](https://s3/(x)) with `get`. There were no reports."
            ),
            "It was possible to read the whole bucket with get."
        );
        assert_eq!(
            excerpt("Versions before 3.2.1 (e.g. 3.1) leak memory. Upgrade."),
            "Versions before 3.2.1 (e.g. 3.1) leak memory."
        );
        assert_eq!(
            excerpt("All of 3.* and *later* are slow: 2 * 3 times."),
            "All of 3.* and later are slow: 2 * 3 times."
        );
        assert_eq!(excerpt("```\ncode\n```\n# Title\n"), "");
    }

    #[test]
    fn long_sentences_are_cut_between_words() {
        let long = excerpt(&"word ".repeat(100));
        assert!(long.ends_with("word\u{2026}") && long.chars().count() <= LENGTH, "{long}");
    }

    proptest! {
        #[test]
        fn any_text_gives_one_short_line(details in "[\\PC\n`*\\[\\]()!. ]{0,400}") {
            let line = excerpt(&details);
            prop_assert!(line.chars().count() <= LENGTH && !line.contains('\n'));
        }
    }
}
