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

/// One line of text for a terminal: secrets masked, unsafe characters escaped, line ends included.
pub fn line(text: &str) -> Cow<'_, str> {
    let masked = mask(text);
    if is_safe(&masked) {
        return masked;
    }
    let mut safe = String::with_capacity(masked.len() + 16);
    for character in masked.chars() {
        if is_unsafe(character) { safe.push_str(&escape(character)) } else { safe.push(character) }
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

    proptest! {
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
