//! Secrets in URLs: where they stand, and what only looks like one.
//!
//! Two questions are answered. What must never be shown ([`secrets`], [`mask`]) is asked of every text that leaves the
//! program: in doubt it is hidden. What somebody ought to take out of a file ([`credentials`]) is told to people: a
//! placeholder that a tool fills in, or a long user name that is made of words, is none.

use crate::model::Arrange as _;
use std::borrow::Cow;
use std::ops::Range;

/// What stands in place of a secret.
pub const MASK: &str = "****";

/// The text with every secret of every URL in it replaced by [`MASK`].
pub fn mask(text: &str) -> Cow<'_, str> {
    let secrets = secrets(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for Range { start, end } in secrets {
        masked.push_str(text.get(at..start).unwrap_or(""));
        masked.push_str(MASK);
        at = end;
    }
    masked.push_str(text.get(at..).unwrap_or(""));
    Cow::Owned(masked)
}

/// Where secrets stand in a text, in order and apart: the password of a URL's userinfo (RFC 3986, 3.2.1), a user name
/// that is a token, and query values of keys that name a secret. Not what is a placeholder as a whole: `${PASSWORD}`.
pub fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // The end of the stretch without delimiters, and the last `@` in it.
    let mut segment_end = 0;
    let mut last_at = None;
    // Where the last secret in a userinfo ends: what stands in it is hidden with it.
    let mut hidden = 0;
    let mut from = 0;
    while let Some(start) = authority_start(text, from, segment_end) {
        let is_new = start > segment_end;
        if is_new {
            let rest = &text[start..];
            segment_end = rest
                .find(|character: char| {
                    // Not any white space: a wide space in a user name must not hide the password behind it.
                    matches!(character, ' ' | '\t' | '\n' | '\r' | '"' | '\'' | '<' | '>' | '`')
                })
                .map_or(text.len(), |length| start + length);
            last_at = text[start..segment_end].rfind('@').map(|at| start + at);
            query(&text[start..segment_end], start, &mut found);
        }
        if start >= hidden {
            let known = found.len();
            let last_at = last_at.and_then(|at| at.checked_sub(start));
            userinfo(&text[start..segment_end.max(start)], start, last_at, &mut found);
            hidden = found[known..].iter().map(|range| range.end).fold(hidden, usize::max);
        }
        from = start;
    }
    found.retain(|range| !text.get(range.clone()).is_some_and(is_variable));
    found.arrange_by_key(|range: &Range<usize>| (range.start, std::cmp::Reverse(range.end)));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// What follows the next `://`, or what many readers take for one at the beginning of a stretch that ends behind
/// `segment_end`: `https:`, `https:/` (WHATWG URL, 4.4, "special authority slashes state") and `//` (RFC 3986, 4.2).
fn authority_start(text: &str, mut from: usize, segment_end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    loop {
        let at = from + memchr::memchr2(b':', b'/', bytes.get(from..)?)?;
        let before = bytes.get(..at).unwrap_or_default();
        let rest = bytes.get(at..).unwrap_or_default();
        let is_new = at >= segment_end;
        let found = match rest {
            [b':', b'/', b'/', ..] => Some(at + 3),
            [b':', b'/', ..] if is_new && ends_with_scheme(before) => Some(at + 2),
            [b':', ..] if is_new && ends_with_scheme(before) => Some(at + 1),
            [b'/', b'/', ..] if is_new && before.last().is_none_or(|byte| is_before_url(*byte)) => {
                Some(at + 2)
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        from = at + 1;
    }
}

/// Whether a text ends with a scheme that a password is sent to, at the beginning of a word.
fn ends_with_scheme(before: &[u8]) -> bool {
    const LONGEST: usize = 12;
    let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'+';
    let length = before.iter().rev().take(LONGEST).take_while(|byte| is_scheme(byte)).count();
    let (rest, scheme) = before.split_at(before.len() - length);
    let scheme = scheme.rsplit(|byte| *byte == b'+').next().unwrap_or(scheme);
    rest.last().is_none_or(|byte| is_before_url(*byte))
        && [&b"http"[..], b"https", b"ssh", b"ftp"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// What stands before a URL: white space, a quotation mark, the `=` of an option.
fn is_before_url(byte: u8) -> bool {
    byte <= b' ' || b"\"'<>`=(,[@".contains(&byte)
}

/// Where a URL carries a secret that somebody ought to take out of the file.
pub fn credentials(url: &str) -> Vec<Range<usize>> {
    // Most URLs have none of these, and are not looked at any further.
    if memchr::memchr3(b'@', b'?', b'#', url.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut found = secrets(url);
    found.retain(|range| {
        let secret = url.get(range.clone()).unwrap_or("");
        let stands_first = url.get(..range.start).is_some_and(|before| before.ends_with("://"));
        !is_placeholder(secret) && (!stands_first || is_surely_a_token(secret))
    });
    found
}

/// The userinfo of what follows `://`, in which the last `@` is known.
fn userinfo(rest: &str, start: usize, last_at: Option<usize>, found: &mut Vec<Range<usize>>) {
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let end = match rest[..authority].rfind('@') {
        Some(at) => at,
        // `user:pa/ss@host`: a colon that no port follows, and an `@` further on. Wrongly written, and a secret all
        // the same.
        None => match rest[..authority].split_once(':') {
            Some((host, port)) if !is_port(port) && !host.starts_with('[') => match last_at {
                Some(at) => at,
                None if rest.len() == authority => rest.len(),
                None => return,
            },
            _ => return,
        },
    };
    let info = &rest[..end];
    // RFC 3986, 2.1: a colon may be percent-encoded, and some tools decode it before they split.
    let colon = match (info.find(':'), info.find("%3A").or_else(|| info.find("%3a"))) {
        (Some(colon), _) => Some(colon..colon + 1),
        (None, encoded) => encoded.map(|colon| colon..colon + 3),
    };
    match &colon {
        Some(colon) if colon.end < end => found.push(start + colon.end..start + end),
        None if is_token(info) => found.push(start..start + end),
        Some(_) | None => {}
    }
    // A token may stand in the place of the user, with a word like `x-oauth-basic` as its password.
    if let Some(colon) = colon.filter(|colon| is_token(&info[..colon.start])) {
        found.push(start..start + colon.start);
    }
}

/// Whether what stands behind a colon is a port, or nothing, or a variable in the place of one.
fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) || is_variable(text)
}

/// What tokens of well-known issuers begin with.
const PREFIXES: [&str; 12] = [
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "glcbt-",
    "pypi-",
    "xoxb-",
    "xoxp-",
];

/// Whether a user name may be a token rather than a name: long, or with the prefix of a well-known one.
fn is_token(user: &str) -> bool {
    !user.starts_with('$') && (user.len() >= 20 || PREFIXES.iter().any(|prefix| user.starts_with(prefix)))
}

/// How long a run of letters and digits is at least in a token. Names of services are made of shorter words.
const LONGEST_WORD: usize = 16;

/// Whether a user name that may be a token is one beyond doubt: a known prefix, or a long run of letters and digits
/// that mixes both.
fn is_surely_a_token(user: &str) -> bool {
    let mixes = |run: &str| {
        run.len() >= LONGEST_WORD
            && run.bytes().filter(u8::is_ascii_digit).count() >= 2
            && run.bytes().filter(u8::is_ascii_alphabetic).count() >= 2
    };
    PREFIXES.iter().any(|prefix| user.starts_with(prefix))
        || user.split(|character: char| !character.is_ascii_alphanumeric()).any(mixes)
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
    let longest = KEYS.iter().map(|key| key.len()).max().unwrap_or(0);
    let mut from = 0;
    let mut end = 0;
    while let Some(at) = rest[from..].find(['?', '&', '#']) {
        let pair = from + at + 1;
        from = pair;
        if end < pair {
            end = rest[pair..].find(['&', '#']).map_or(rest.len(), |end| pair + end);
        }
        let mut bytes = rest.as_bytes()[pair..end].iter().take(longest + 1);
        let Some(length) = bytes.position(|byte| *byte == b'=') else { continue };
        let (key, value) = (&rest[pair..pair + length], &rest[pair + length + 1..end]);
        let named = KEYS.iter().any(|name| key.eq_ignore_ascii_case(name));
        if named && !value.is_empty() && !value.starts_with('$') {
            found.push(start + end - value.len()..start + end);
        }
    }
}

/// Whether a text is one `${NAME}` or `%(NAME)s`: what a tool fills in, and nothing besides.
fn is_variable(text: &str) -> bool {
    let name = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .or_else(|| text.strip_prefix("%(").and_then(|rest| rest.strip_suffix(")s")));
    name.is_some_and(is_name)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a text stands for a secret and is none: variables of any notation, stars, a mark of a template.
fn is_placeholder(text: &str) -> bool {
    let upper = |name: &str| {
        is_name(name)
            && !name.bytes().any(|byte| byte.is_ascii_lowercase())
            && !name.starts_with(char::is_numeric)
    };
    let hidden = ['*', 'x', 'X', '.'];
    is_variable(text)
        || text.strip_prefix('$').is_some_and(upper)
        || text.contains("${")
        || text.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).is_some_and(upper)
        || (text.starts_with('{') && text.ends_with('}'))
        || hidden.iter().any(|hidden| text.chars().all(|character| character == *hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("https://${USER}:${PASSWORD}@host/x", "https://${USER}:${PASSWORD}@host/x"),
            ("https://user:a${PASSWORD}@host/x", "https://user:****@host/x"),
            ("https://host:8443/simple", "https://host:8443/simple"),
            ("https://host:${PORT}/simple/@scope", "https://host:${PORT}/simple/@scope"),
            ("https://[::1]/simple/a@b", "https://[::1]/simple/a@b"),
            ("https://user%3Ahunter2@host/", "https://user%3A****@host/"),
            ("https://host/x.whl?token=abc&a=b#sha256=0", "https://host/x.whl?token=****&a=b#sha256=0"),
            ("https://aaaaaaaaaaaaaaaaaaaaaaaaaaaa:x-oauth-basic@h/", "https://****:****@h/"),
            ("no url: user:pass@host", "no url: user:pass@host"),
            ("https:user:hunter2@host/", "https:user:****@host/"),
            ("--index-url=HTTPS:/user:hunter2@host/", "--index-url=HTTPS:/user:****@host/"),
            ("a @ git+ssh:git:hunter2@host/a.git", "a @ git+ssh:git:****@host/a.git"),
            ("-i //user:hunter2@host/ //u:p@h", "-i //user:****@host/ //u:****@h"),
            ("https://host//a:b@c", "https://host//a:b@c"),
            ("// a comment: see me@host, or http: x@y", "// a comment: see me@host, or http: x@y"),
            ("git@host:a/b.git and ssh:22", "git@host:a/b.git and ssh:22"),
            ("https://user:cut-off-secr", "https://user:****"),
            ("https://us\u{2028}er:hunter2@host/", "https://us\u{2028}er:****@host/"),
            ("https://us\u{a0}er:hunter2@host/", "https://us\u{a0}er:****@host/"),
            ("file://a:b@c://d:e@f/", "file://a:****@c://d:****@f/"),
            ("https://h/?u=http://a:b@c&token=x", "https://h/?u=http://a:****@c&token=****"),
        ] {
            assert_eq!(mask(text), shown);
        }
    }

    #[test]
    fn credentials_are_what_people_can_take_out() {
        for url in [
            "https://user:hunter2@index.example.com/simple",
            "https://:hunter2@index.example.com/simple",
            "https://user:p%40ss%3Aword@index.example.com/simple",
            "https://user%3Ahunter2@index.example.com/simple",
            "https://user:a:b@c@index.example.com/simple",
            "HTTPS://user:hunter2@[2001:db8::1]:8443/simple",
            "https://glpat-abcdefghij@git.example.com/a/b.git",
            "https://pypi-AgEIcHlwaS@index.example.com/simple",
            "https://0123456789abcdef0123@git.example.com/a/b.git",
            "https://0123456789abcdef0123:@git.example.com/a/b.git",
            "https://files.example.com/a-1.whl?sig=abc%3D",
        ] {
            assert_eq!(credentials(url).len(), 1, "{url}");
        }
        for url in [
            "https://index.example.com/simple",
            "ssh://git@git.example.com/a/b.git",
            "https://git@git.example.com/a/b.git@main#egg=b",
            "https://continuous-integration-bot@git.example.com/a/b.git",
            "https://firstname.lastname@git.example.com/a/b.git",
            "https://user:@index.example.com/simple",
            "https://user:${PASSWORD}@index.example.com/simple",
            "https://${USER}:${PASSWORD}@index.example.com/simple",
            "https://user:$PASSWORD@index.example.com/simple",
            "https://user:%(PASSWORD)s@index.example.com/simple",
            "https://user:%PASSWORD%@index.example.com/simple",
            "https://__token__:{env:TOKEN}@index.example.com/simple",
            "https://user:****@index.example.com/simple",
            "https://${TOKEN}@git.example.com/a/b.git",
            "https://index.example.com/@scope/simple",
            "https://index.example.com/simple?token=${TOKEN}#egg=a@b",
            "git@git.example.com:a/b.git",
            "",
            "://",
            "://@",
            "://:@",
        ] {
            assert_eq!(credentials(url), Vec::<Range<usize>>::new(), "{url}");
        }
    }

    #[test]
    fn hostile_urls_take_linear_time() {
        for piece in
            ["://", "a:b://", ":@", "?token=", "@", "://[", "%3A", "=http:", "=//", "//", " http:", " //a:"]
        {
            let url = format!("https://{}", piece.repeat(100_000));
            let start = std::time::Instant::now();
            let _ = (credentials(&url), mask(&url));
            assert!(start.elapsed().as_secs() < 5, "{piece}");
        }
    }
}
