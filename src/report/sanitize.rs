//! Making text from outside safe to show.
//!
//! Two different dangers: text that speaks to the terminal (escape sequences, direction overrides), and text that
//! carries a secret (a password in a URL). The first is shown escaped, so that nothing is lost; the second is cut out.

use std::borrow::Cow;

pub use crate::model::{MASK, mask, secrets};

/// Whether a character must not reach a terminal: controls, direction marks, invisible and tag characters.
pub fn is_unsafe(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text holds nothing that must not reach a terminal. Most texts are plain ASCII, which is told byte by byte.
pub(crate) fn is_safe(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.chars().any(is_unsafe)
}

/// The escape shown for an unsafe character.
pub(crate) fn escape(character: char) -> String {
    match character {
        '\t' => " ".to_owned(),
        character if u32::from(character) < 0x100 => format!("\\x{:02x}", u32::from(character)),
        character => format!("\\u{{{:x}}}", u32::from(character)),
    }
}

/// Whether a text begins like a command that build logs obey: `::error::` (GitHub Actions), at the beginning of a line,
/// which wrapping could make of any place; `##[error]` (GitHub Actions), `##vso[` (Azure Pipelines) and `##teamcity[`,
/// anywhere.
pub(crate) fn begins_command(text: &str) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
    match text.as_bytes() {
        [b':', b':', first, rest @ ..] => is_letter(first) && rest.windows(2).any(|pair| pair == b"::"),
        [b'#', b'#', rest @ ..] => rest.iter().find(|byte| !is_letter(byte)) == Some(&b'['),
        _ => false,
    }
}

/// Whether something in a text is a command of a build log.
fn has_command(text: &str) -> bool {
    let pairs = text.as_bytes().windows(2).enumerate();
    let mut doubled = pairs.filter(|(_, pair)| matches!(pair, [b':', b':'] | [b'#', b'#']));
    doubled.any(|(at, _)| begins_command(&text[at..]))
}

/// One line of text for a terminal: secrets masked, unsafe characters escaped, line ends included, and commands of build
/// logs broken by the escape of their first character.
pub fn line(text: &str) -> Cow<'_, str> {
    let masked = mask(text);
    if is_safe(&masked) && !has_command(&masked) {
        return masked;
    }
    let mut safe = String::with_capacity(masked.len() + 16);
    for (at, character) in masked.char_indices() {
        if is_unsafe(character) || begins_command(&masked[at..]) {
            safe.push_str(&escape(character));
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_speaks_to_the_terminal() {
        assert_eq!(line("a\u{1b}[31mred\u{7}"), "a\\x1b[31mred\\x07");
        assert_eq!(line("abc\u{202e}cba\r\n"), "abc\\u{202e}cba\\x0d\\x0a");
        assert_eq!(line("tag\u{e0041} \u{9b}1m"), "tag\\u{e0041} \\x9b1m");
        assert!(matches!(line("plain: äöü 🐍"), Cow::Borrowed(_)));
    }

    #[test]
    fn nothing_speaks_to_a_build_log() {
        assert_eq!(line("::error file=x::boo"), "\\x3a:error file=x::boo");
        assert_eq!(line("a ::stop-commands::t b"), "a \\x3a:stop-commands::t b");
        assert_eq!(line("see ##[add-mask]x"), "see \\x23#[add-mask]x");
        assert_eq!(line("####vso[task.x]"), "##\\x23#vso[task.x]");
        for harmless in
            ["License :: OSI Approved :: MIT", "std::cell", "## title [1]", "a::b", "::1", "C::", "##"]
        {
            assert_eq!(line(harmless), harmless);
        }
    }

    proptest! {
        /// Wherever a line is broken, no part of it is a command.
        #[test]
        fn no_part_is_a_command(text in "([:#\\[ a]|error|::error::|##\\[x\\]){0,12}") {
            let shown = line(&text);
            prop_assert!(!has_command(&shown), "{}", shown);
        }

        #[test]
        fn whatever_comes_in(text in "\\PC{0,40}(://)?\\PC{0,20}[:@/?=&]{0,3}\\PC{0,20}") {
            let shown = line(&text);
            prop_assert!(!shown.chars().any(is_unsafe));
        }

        #[test]
        fn a_password_never_comes_out(user in "[a-z]{1,8}", password in "[A-Za-z0-9!%_-]{6,20}Z9", tail in "[a-z/]{0,12}") {
            let shown = line(&format!("x https://{user}:{password}@host.example/{tail} y")).into_owned();
            prop_assert!(!shown.contains(&password), "{}", shown);
        }
    }
}
