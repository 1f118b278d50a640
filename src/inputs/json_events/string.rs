//! Strings: where they end, whether their escapes are right, and what they stand for. Source: RFC 8259, section 7.

use std::borrow::Cow;

/// What is wrong in a string, and where.
pub(super) type Wrong = (usize, &'static str);

/// The place of the quotes that close the string whose first quotes stand before `from`, and whether it has no escape.
pub(super) fn end(bytes: &[u8], from: usize) -> Result<(usize, bool), Wrong> {
    let mut at = from;
    let mut plain = true;
    loop {
        at = special(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return Ok((at, plain)),
            Some(b'\\') => {
                plain = false;
                at = escape(bytes, at)?;
            }
            Some(b'\n' | b'\r') => return Err((at, "the string is not closed on its line")),
            Some(_) => return Err((at, "a control character in a string must be written as `\\u…`")),
            None => return Err((at, "a string that is not closed")),
        }
    }
}

/// The first byte that is `"`, `\` or a control character. Most of a lock are strings of hashes: eight at a time.
fn special(bytes: &[u8], from: usize) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = LOW << 7;
    let mut at = from;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        // The lowest bit that is set tells the first zero byte; a borrow spoils only those above.
        let zero = |word: u64| word.wrapping_sub(LOW) & !word;
        let control = word.wrapping_sub(LOW * 0x20) & !word;
        let found = (zero(word ^ (LOW * 0x22)) | zero(word ^ (LOW * 0x5c)) | control) & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    at + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// The place behind the escape at `at`.
fn escape(bytes: &[u8], at: usize) -> Result<usize, Wrong> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => match unit(bytes, at) {
            None => Err((at, "expected four hexadecimal digits after `\\u`")),
            Some(0xdc00..0xe000) => Err((at, "half of a surrogate pair")),
            Some(0xd800..0xdc00) => match unit(bytes, at + 6) {
                Some(0xdc00..0xe000) => Ok(at + 12),
                _ => Err((at, "half of a surrogate pair")),
            },
            Some(_) => Ok(at + 6),
        },
        _ => Err((at, "an escape that JSON does not know")),
    }
}

/// The code unit of `\uXXXX` at `at`.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0_u16, |sum, byte| {
        let digit = char::from(*byte).to_digit(16)?;
        Some(sum << 4 | u16::try_from(digit).ok()?)
    })
}

/// What the content of a string, which [`end`] has found to be right, stands for.
pub(super) fn decode(content: &str) -> Cow<'_, str> {
    let mut rest = content;
    let mut text = String::with_capacity(content.len());
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        text.push_str(rest.get(..at).unwrap_or(""));
        let bytes = rest.as_bytes();
        let mut length = 2;
        let character = match bytes.get(at + 1) {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let units = [unit(bytes, at), unit(bytes, at + 6)];
                let units = units.into_iter().map_while(|unit| unit);
                let decoded = char::decode_utf16(units).next().and_then(Result::ok);
                let character = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
                length = 6 * character.len_utf16();
                character
            }
            Some(other) => char::from(*other),
            None => '\\',
        };
        text.push(character);
        rest = rest.get(at + length..).unwrap_or("");
    }
    text.push_str(rest);
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        let text = r#"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00z""#;
        let (at, plain) = end(text.as_bytes(), 0).unwrap();
        assert_eq!((at, plain), (text.len() - 1, false));
        assert_eq!(decode(&text[..at]), "a\"\\/\u{8}\u{c}\n\r\té😀z");
    }

    #[test]
    fn the_first_special_byte_is_found_wherever_it_stands() {
        for byte in [b'"', b'\\', 0, 0x1f] {
            for at in 0..20 {
                // Above a byte that is special, a borrow must not be taken for another one.
                for filler in [b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xff] {
                    let mut bytes = vec![filler; 24];
                    bytes[at] = byte;
                    assert_eq!(special(&bytes, 0), at, "{byte} in {filler}");
                }
            }
        }
        assert_eq!(special(b"abc", 0), 3);
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        for (text, at) in [
            ("ab", 2),
            ("a\\x\"", 1),
            ("\\u12g4\"", 0),
            ("\\u+123\"", 0),
            ("\\udc00\"", 0),
            ("x\\ud800\\n\"", 1),
            ("\\ud800\\ud800\"", 0),
            ("a\tb\"", 1),
            ("a\nb\"", 1),
            ("\\", 0),
        ] {
            assert_eq!(end(text.as_bytes(), 0).unwrap_err().0, at, "{text:?}");
        }
    }
}
