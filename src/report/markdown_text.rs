//! Text from outside in a Markdown document.
//!
//! Text from outside is text: every character that could mean something is written as a numeric character reference
//! (`CommonMark` 0.31.2, 2.5: those never do), and what sites look for in the finished page (`@name`, `#1`, addresses)
//! is broken by an empty comment, which is no part of what is shown.

use super::sanitize;

/// Text that stays text, on one line.
#[inline(never)]
pub(crate) fn text(raw: &str) -> String {
    const BREAK: &str = "<!-- -->";
    let safe = sanitize::line(raw);
    let mut written = String::with_capacity(safe.len());
    let mut rest = safe.chars();
    while let Some(character) = rest.next() {
        let is_plain =
            character.is_alphanumeric() || " -.,;()/:'\"+=%".contains(character) || !character.is_ascii();
        let begins_host = character == '.' && written.to_ascii_lowercase().ends_with("www");
        if begins_host || (character == ':' && rest.as_str().starts_with("//")) {
            written.push_str(BREAK);
        }
        if is_plain {
            written.push(character);
        } else {
            written.push_str(&format!("&#{};", u32::from(character)));
        }
        if matches!(character, '@' | '#') {
            written.push_str(BREAK);
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn text_stays_text() {
        assert_eq!(text("MIT OR (Apache-2.0 AND 0BSD)"), "MIT OR (Apache-2.0 AND 0BSD)");
        assert_eq!(text("a|b`c`\n<b>"), "a&#124;b&#96;c&#96;&#92;x0a&#60;b&#62;");
        assert_eq!(text("[x](y) *z* ![i]"), "&#91;x&#93;(y) &#42;z&#42; &#33;&#91;i&#93;");
        assert_eq!(text("@team #1"), "&#64;<!-- -->team &#35;<!-- -->1");
        assert_eq!(
            text("https://a.example www.b.example"),
            "https<!-- -->://a.example www<!-- -->.b.example"
        );
        assert_eq!(text("https://user:hunter2@a.example"), text("https://user:****@a.example"));
    }
}
