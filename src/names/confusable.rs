//! Characters that look like letters, and names that no index takes.

mod table {
    #![allow(clippy::unreadable_literal, missing_docs)]
    // LOOK_ALIKES: characters beyond ASCII, sorted. READ_AS: the one or two ASCII characters each of them looks like.
    include!(concat!(env!("OUT_DIR"), "/confusables.rs"));
}

/// Longer names than this name no file that a file system can hold (255 bytes, less version and suffix).
const LONGEST: usize = 240;

/// A name with characters beyond ASCII, as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// The text with look-alikes replaced by what they look like; what cannot be seen is left out.
    text: String,
    /// The first of the characters that are not what they seem.
    pub(super) odd: char,
    /// What that one looks like; `None` when it cannot be seen, or looks like no letter.
    pub(super) looks_like: Option<String>,
}

impl Reading {
    /// The texts that it may be read as: `l`, `i` and `1` have one shape.
    pub(super) fn spellings(&self) -> impl Iterator<Item = String> {
        let swap = |from: char, to: char| {
            let swapped: String =
                self.text.chars().map(|letter| if letter == from { to } else { letter }).collect();
            Some(swapped).filter(|swapped| *swapped != self.text)
        };
        let more = [swap('l', 'i'), swap('l', '1'), swap('i', 'l'), swap('o', '0')];
        std::iter::once(self.text.clone()).chain(more.into_iter().flatten())
    }
}

/// Reads a name that holds characters beyond ASCII. Only its first letters are looked at: no name is longer.
pub(super) fn read(written: &str) -> Reading {
    let mut text = String::new();
    let mut odd = None;
    for character in written.chars().filter(|character| !character.is_control()).take(LONGEST) {
        if character.is_ascii() {
            text.push(character.to_ascii_lowercase());
            continue;
        }
        let seen = looks_like(character);
        match &seen {
            Some(letters) => text.push_str(letters),
            None if is_invisible(character) => {}
            None => text.push(character),
        }
        odd.get_or_insert((character, seen));
    }
    let (odd, looks_like) = odd.unwrap_or((char::REPLACEMENT_CHARACTER, None));
    Reading { text, odd, looks_like }
}

/// What a character beyond ASCII looks like, in ASCII. Source: Unicode Technical Standard 39, "Confusable Detection".
fn looks_like(character: char) -> Option<String> {
    let lower = || character.to_lowercase().next().filter(|lower| *lower != character);
    let at = |character: char| table::LOOK_ALIKES.binary_search(&character).ok();
    let at = at(character).or_else(|| at(lower()?))?;
    let letters = table::READ_AS.get(at)?;
    Some(letters.iter().filter(|letter| **letter != 0).map(|letter| char::from(*letter)).collect())
}

/// Whether a character leaves no mark: joiners, direction marks, marks that sit on other letters.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{300}'..='\u{36f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Why no index takes a name of ASCII characters; `None` when one may.
/// Source: PyPA specification "Names and normalization".
pub(super) fn refused(written: &str) -> Option<&'static str> {
    let separator = |byte: &u8| matches!(byte, b'-' | b'_' | b'.');
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || separator(&byte);
    let bytes = written.as_bytes();
    if bytes.is_empty() {
        Some("it is empty")
    } else if bytes.iter().any(u8::is_ascii_control) {
        Some("it holds control characters")
    } else if bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().any(|byte| matches!(byte, b'=' | b'<' | b'>' | b'~' | b'!' | b'[' | b'@' | b';'))
    {
        Some("it is a requirement, not a name: give the name alone")
    } else if !bytes.iter().copied().all(allowed) {
        Some("a name has ASCII letters, digits, `-`, `_` and `.`")
    } else if bytes.first().is_some_and(separator) || bytes.last().is_some_and(separator) {
        Some("a name begins and ends with a letter or a digit")
    } else if bytes.len() > LONGEST {
        Some("no file could have such a long name")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use unicode_security::skeleton;

    use super::*;

    #[test]
    fn what_looks_like_letters_has_the_same_skeleton() {
        assert!(table::LOOK_ALIKES.len() > 1000 && table::LOOK_ALIKES.len() == table::READ_AS.len());
        let unmarked = |text: &str| skeleton(text).filter(|c| !is_invisible(*c)).collect::<String>();
        for character in table::LOOK_ALIKES {
            let read = looks_like(character).unwrap();
            assert_eq!(unmarked(&character.to_string()), unmarked(&read), "{character:?}");
        }
    }

    #[test]
    fn the_table_is_that_of_the_crate() {
        let made = crate::names::tables::confusables(|text| skeleton(text).collect());
        assert_eq!(made, include_str!(concat!(env!("OUT_DIR"), "/confusables.rs")));
    }

    #[test]
    fn names_are_read_as_people_do() {
        for (written, first) in [
            ("requ\u{435}sts", "requests"),
            ("\u{ff52}equests", "requests"),
            ("num\u{440}y", "numpy"),
            ("r\u{e9}quests", "requests"),
            ("req\u{200b}uests", "requests"),
            ("reque\u{202e}sts", "requests"),
            ("\u{217f}atplotlib", "matplotlib"),
        ] {
            assert_eq!(read(written).spellings().next().as_deref(), Some(first), "{written:?}");
        }
        assert!(read("p\u{456}llow").spellings().any(|text| text == "pillow"));
        assert_eq!(read("\u{8336}").looks_like, None);
    }

    #[test]
    fn what_no_index_takes_is_refused() {
        for name in ["", "-a", "a-", "a b", "a\0b", "requests==2", "a[b]", "a/b", &"a".repeat(241)] {
            assert!(refused(name).is_some(), "{name:?}");
        }
        for name in ["a", "A.b_c-d", "0", &"a".repeat(240)] {
            assert_eq!(refused(name), None, "{name:?}");
        }
    }
}
