//! Making text from outside safe to show.
//!
//! Two different dangers: text that speaks to the terminal (escape sequences, direction overrides), and text that
//! carries a secret (a password in a URL). The first is shown escaped, so that nothing is lost; the second is cut out.

use std::borrow::Cow;
use std::ops::Range;

/// What stands in place of a secret.
pub const MASK: &str = "****";

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

/// The text with every secret of every URL in it replaced by [`MASK`].
pub fn mask(text: &str) -> Cow<'_, str> {
    let secrets = secrets(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for Range { start, end } in secrets {
        masked.push_str(&text[at..start]);
        masked.push_str(MASK);
        at = end;
    }
    masked.push_str(&text[at..]);
    Cow::Owned(masked)
}

/// Where secrets stand in a text, in order and apart: the password of a URL's userinfo (RFC 3986, 3.2.1), a user name
/// that is a token, and query values of keys that name a secret.
pub fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("://") {
        let start = from + at + 3;
        let rest = &text[start..];
        let length = rest
            .find(|character: char| {
                // Not any white space: a wide space in a user name must not hide the password behind it.
                matches!(character, ' ' | '\t' | '\n' | '\r' | '"' | '\'' | '<' | '>' | '`')
            })
            .unwrap_or(rest.len());
        userinfo(&rest[..length], start, &mut found);
        query(&rest[..length], start, &mut found);
        from = start;
    }
    found.sort_by_key(|range: &Range<usize>| (range.start, std::cmp::Reverse(range.end)));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// The userinfo of what follows `://`.
fn userinfo(rest: &str, start: usize, found: &mut Vec<Range<usize>>) {
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let end = match rest[..authority].rfind('@') {
        Some(at) => at,
        // `user:pa/ss@host`: a colon that no port follows, and an `@` further on. Wrongly written, and a secret all
        // the same.
        None => match rest[..authority].split_once(':') {
            Some((_, port)) if !port.is_empty() && !port.bytes().all(|byte| byte.is_ascii_digit()) => {
                match rest.rfind('@') {
                    Some(at) => at,
                    None if rest.len() == authority => rest.len(),
                    None => return,
                }
            }
            _ => return,
        },
    };
    let info = &rest[..end];
    match info.find(':') {
        // `${USER}:${PASSWORD}` is no secret, but masking it harms nobody.
        Some(colon) if colon + 1 < end => found.push(start + colon + 1..start + end),
        None if is_token(info) => found.push(start..start + end),
        Some(_) | None => {}
    }
    // A token may stand in the place of the user, with a word like `x-oauth-basic` as its password.
    if let Some(colon) = info.find(':').filter(|colon| is_token(&info[..*colon])) {
        found.push(start..start + colon);
    }
}

/// Whether a user name is a token rather than a name: long, or with the prefix of a well-known one.
fn is_token(user: &str) -> bool {
    const PREFIXES: [&str; 9] =
        ["ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "gldt-", "pypi-", "xox"];
    if user.starts_with("${") || user.starts_with('$') {
        return false;
    }
    user.len() >= 20 || PREFIXES.iter().any(|prefix| user.starts_with(prefix))
}

/// Query values whose key names a secret.
fn query(rest: &str, start: usize, found: &mut Vec<Range<usize>>) {
    const KEYS: [&str; 10] = [
        "token",
        "access_token",
        "private_token",
        "auth",
        "password",
        "passwd",
        "api_key",
        "apikey",
        "secret",
        "sig",
    ];
    let mut from = 0;
    while let Some(at) = rest[from..].find(['?', '&', '#']) {
        let pair = from + at + 1;
        let end = rest[pair..].find(['&', '#']).map_or(rest.len(), |end| pair + end);
        if let Some((key, value)) = rest[pair..end].split_once('=') {
            let named = KEYS.iter().any(|name| key.eq_ignore_ascii_case(name));
            if named && !value.is_empty() && !value.starts_with('$') {
                found.push(start + end - value.len()..start + end);
            }
        }
        from = pair;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn passwords_and_tokens_are_cut_out() {
        for (text, shown) in [
            ("https://user:hunter2@host.example/simple", "https://user:****@host.example/simple"),
            ("git+https://ghp_0123456789@github.com/a/b@v1", "git+https://****@github.com/a/b@v1"),
            (
                "git+https://git@github.com/a/b.git@main#egg=b",
                "git+https://git@github.com/a/b.git@main#egg=b",
            ),
            (
                "--index-url=https://a:b@x/ and http://c:d@y",
                "--index-url=https://a:****@x/ and http://c:****@y",
            ),
            ("https://user:p@ss@host/", "https://user:****@host/"),
            ("https://user:p/ss@host/x", "https://user:****@host/x"),
            ("https://oauth2:$TOKEN@host/x", "https://oauth2:****@host/x"),
            ("https://host:8443/simple", "https://host:8443/simple"),
            ("https://host/x.whl?token=abc&a=b#sha256=0", "https://host/x.whl?token=****&a=b#sha256=0"),
            ("https://aaaaaaaaaaaaaaaaaaaaaaaaaaaa:x-oauth-basic@h/", "https://****:****@h/"),
            ("no url: user:pass@host", "no url: user:pass@host"),
            ("https://user:cut-off-secr", "https://user:****"),
            ("https://us\u{2028}er:hunter2@host/", "https://us\u{2028}er:****@host/"),
            ("https://us\u{a0}er:hunter2@host/", "https://us\u{a0}er:****@host/"),
        ] {
            assert_eq!(mask(text), shown);
        }
    }

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
