//! From bytes to text as pip does it: byte order mark, then a coding comment, then UTF-8.

use std::borrow::Cow;

/// The text, and a note when it had to be guessed.
pub(super) fn decode(bytes: Vec<u8>) -> Result<(String, Option<String>), String> {
    // UTF-32 first: its little-endian mark begins with that of UTF-16.
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe\0\0") {
        return utf32(rest, u32::from_le_bytes).map(|text| (text, None));
    }
    if let Some(rest) = bytes.strip_prefix(b"\0\0\xfe\xff") {
        return utf32(rest, u32::from_be_bytes).map(|text| (text, None));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(rest, u16::from_le_bytes).map(|text| (text, None));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(rest, u16::from_be_bytes).map(|text| (text, None));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        // Places count as editors do: without the mark.
        let mut text = String::from_utf8(bytes).map_err(|_| {
            "starts with a UTF-8 byte order mark but is not UTF-8: save it as UTF-8".to_owned()
        })?;
        text.drain(..3);
        return Ok((text, None));
    }
    if let Some(label) = coding_comment(&bytes) {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            format!(
                "its coding comment names `{}`, which is no known encoding: save it as UTF-8",
                quoted(&label)
            )
        })?;
        let (text, wrong) = encoding.decode_without_bom_handling(&bytes);
        if wrong {
            return Err(format!(
                "is not {}, which its coding comment names: save it as UTF-8",
                encoding.name()
            ));
        }
        if let Cow::Owned(text) = text {
            return Ok((text, None));
        }
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((text, None)),
        Err(error) => {
            // pip falls back to the locale of the machine. Latin-1 reads any bytes the same everywhere; names and
            // versions are ASCII in all of them.
            let text = error.as_bytes().iter().map(|byte| char::from(*byte)).collect();
            Ok((text, Some("is not UTF-8 and names no encoding: read as Latin-1".to_owned())))
        }
    }
}

fn quoted(label: &str) -> String {
    label.chars().take(40).collect()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text = String::from_utf16(&pairs.iter().map(|pair| unit(*pair)).collect::<Vec<_>>());
    match (text, rest) {
        (Ok(text), []) => Ok(text),
        _ => Err("has the byte order mark of UTF-16 but is damaged: save it as UTF-8".to_owned()),
    }
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Result<String, String> {
    let (units, rest) = bytes.as_chunks::<4>();
    let text: Option<String> = units.iter().map(|bytes| char::from_u32(unit(*bytes))).collect();
    match (text, rest) {
        (Some(text), []) => Ok(text),
        _ => Err("has the byte order mark of UTF-32 but is damaged: save it as UTF-8".to_owned()),
    }
}

/// The encoding that a comment in the first two lines names. Source: PEP 263, as pip applies it
/// (`#.*?coding[:=]\s*([-\w.]+)`).
fn coding_comment(bytes: &[u8]) -> Option<String> {
    for line in bytes.splitn(3, |byte| *byte == b'\n').take(2) {
        if line.first() != Some(&b'#') {
            continue;
        }
        let line = &line[..line.len().min(400)];
        let mut from = 0;
        while let Some(at) = find(&line[from..], b"coding") {
            let after = &line[from + at + 6..];
            from += at + 6;
            let Some(rest) = after.strip_prefix(b":").or_else(|| after.strip_prefix(b"=")) else { continue };
            let label: String = rest
                .iter()
                .skip_while(|byte| byte.is_ascii_whitespace())
                .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
                .map(|byte| char::from(*byte))
                .collect();
            if !label.is_empty() {
                return Some(label.replace("latin-1", "latin1"));
            }
        }
    }
    None
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes.to_vec()).unwrap().0
    }

    #[test]
    fn the_encodings_that_pip_knows() {
        let utf16 = |order: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            mark.into_iter().chain("flask==1.0 # ä\r\n".encode_utf16().flat_map(order)).collect::<Vec<u8>>()
        };
        assert_eq!(text(&utf16(u16::to_le_bytes, [0xff, 0xfe])), "flask==1.0 # ä\r\n");
        assert_eq!(text(&utf16(u16::to_be_bytes, [0xfe, 0xff])), "flask==1.0 # ä\r\n");
        let utf32: Vec<u8> =
            "\u{feff}a\n".chars().flat_map(|character| u32::from(character).to_le_bytes()).collect();
        assert_eq!(text(&utf32), "a\n");
        assert_eq!(text(b"# -*- coding: latin-1 -*-\nflask # \xe4"), "# -*- coding: latin-1 -*-\nflask # ä");
        assert_eq!(
            text(b"flask\n# vim: set fileencoding=cp1252 :\n# \x80"),
            "flask\n# vim: set fileencoding=cp1252 :\n# €"
        );
        assert_eq!(text(b"\xef\xbb\xbfflask"), "flask");
        let (guessed, note) = decode(b"flask # \xe4".to_vec()).unwrap();
        assert!(guessed.ends_with('ä') && note.is_some());
    }

    #[test]
    fn damage_is_said() {
        for bytes in [
            &b"\xff\xfea"[..],
            b"\xff\xfe\0\xd8",
            b"\xef\xbb\xbf\xff",
            b"# coding: nonsense\n",
            b"\xff\xfe\0\0a",
        ] {
            assert!(decode(bytes.to_vec()).is_err(), "{bytes:?}");
        }
    }
}
