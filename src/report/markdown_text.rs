//! Text from outside in a Markdown document.
//!
//! Text from outside is text: every character that could mean something is written as a numeric character reference
//! (`CommonMark` 0.31.2, 2.5: those never do), and what sites look for in the finished page (`@name`, `#1`, addresses;
//! GitHub `GH-1` and `:tada:`; GitLab `!1`, `~label`, `%milestone`, `$1`, `&1`) is broken by an empty comment, which is no
//! part of what is shown.

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
        let ends_with = |word: &str| {
            let start = written.len().checked_sub(word.len()).and_then(|start| written.get(start..));
            start.is_some_and(|end| end.eq_ignore_ascii_case(word))
        };
        let is_address = match character {
            '.' => ends_with("www"),
            '-' => ends_with("gh"),
            ':' => rest.as_str().starts_with("//"),
            _ => false,
        };
        if is_address {
            written.push_str(BREAK);
        }
        if is_plain {
            written.push(character);
        } else {
            written.push_str(&format!("&#{};", u32::from(character)));
        }
        let speaks = match character {
            '@' | '#' => true,
            // GitLab: requests to merge, labels, milestones, snippets, epics.
            '!' | '~' | '%' | '$' | '&' => {
                rest.as_str().starts_with(|next: char| next.is_alphanumeric() || next == '"')
            }
            ':' => is_emoji(rest.as_str()),
            _ => false,
        };
        if speaks {
            written.push_str(BREAK);
        }
    }
    written
}

/// Whether what follows a colon makes a picture of it: `:100:`, `:tada:`.
fn is_emoji(rest: &str) -> bool {
    let end = rest.find(|one: char| !(one.is_ascii_alphanumeric() || "_+-".contains(one)));
    end.is_some_and(|end| end > 0 && rest[end..].starts_with(':'))
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
        assert_eq!(text("GH-12 a.py:100:2"), "GH<!-- -->-12 a.py:<!-- -->100:2");
        assert_eq!(text("!1 %2 50 % 1:2"), "&#33;<!-- -->1 %<!-- -->2 50 % 1:2");
        assert_eq!(text("https://user:hunter2@a.example"), text("https://user:****@a.example"));
    }
}
