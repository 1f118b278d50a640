//! One page to send to somebody who has none of our tools: what the pages of all reports share.
//!
//! It loads nothing, from nowhere, and a Content Security Policy (W3C, level 3) with the digests of its own style and
//! script holds it to that. Without the script all of it is there to read; with it one can search, filter and, in a
//! table, sort. What comes from outside is text: there is no attribute, style or script into which any of it goes.

use std::io::{self, Write};

use super::sanitize;
use super::words::thousands;
use crate::model::Skipped;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// SHA-256 of [`STYLE`] and [`SCRIPT`] in Base64. A test says what they must be.
const STYLE_DIGEST: &str = "Dk9WbSiWrgbbHRX5del/d9LdDZY5quDJUJxHzQq9HuM=";
const SCRIPT_DIGEST: &str = "UvDInDG8/EDYIs95fyDOO4WVELlxtPqWE9uB3+Sz9xg=";

/// All before the first words of the page. The title is raw.
pub(crate) fn begin(title: &str, out: &mut dyn Write) -> io::Result<()> {
    let title = text(title);
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{STYLE_DIGEST}'; script-src 'sha256-{SCRIPT_DIGEST}'; base-uri 'none'; \
         form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>{title}</h1>\n"
    )
}

/// All behind the last words of the page.
pub(crate) fn end(out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<p class=\"soft\">Written by audit {}.</p>\n<script>{SCRIPT}</script>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION")
    )
}

/// What only the script makes work: the search, and a box for each kind of row, with how many there are. A row says its
/// kind in `data-decision`.
pub(crate) fn controls(
    searched: &'static str,
    counts: &[(&'static str, usize)],
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(
        out,
        "<div id=\"controls\" role=\"search\" hidden>\n<label><input id=\"search\" type=\"search\" \
         placeholder=\"Search {searched}\" aria-label=\"Search\" autocomplete=\"off\"></label>"
    )?;
    // One box would only hide everything.
    let present = || counts.iter().filter(|(_, count)| *count > 0);
    for (word, count) in present().filter(|_| present().count() > 1) {
        writeln!(
            out,
            "<label class=\"{word}\"><input type=\"checkbox\" value=\"{word}\" checked autocomplete=\"off\"> \
             {word} {}</label>",
            thousands(*count)
        )?;
    }
    writeln!(out, "<output id=\"shown\"></output>\n</div>")
}

/// Words in small letters. Raw.
pub(crate) fn small(words: &str, out: &mut dyn Write) -> io::Result<()> {
    if words.is_empty() { Ok(()) } else { write!(out, " <small>{}</small>", text(words)) }
}

/// What was not audited.
pub(crate) fn skipped(skipped: &[Skipped], out: &mut dyn Write) -> io::Result<()> {
    if skipped.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2 class=\"incomplete\">Not audited</h2>\n<ul>")?;
    for skip in skipped {
        let what = if skip.what == skip.path { String::new() } else { format!("{}: ", skip.what) };
        write!(out, "<li>{}: {}", text(&skip.path), text(&format!("{what}{}", skip.why)))?;
        if let Some(reason) = &skip.accepted {
            small(&format!("accepted: {reason}"), out)?;
        }
        writeln!(out, "</li>")?;
    }
    writeln!(out, "</ul>")
}

/// Text as text (HTML, "Escaping a string"), on one line; what no document may hold is shown as its code.
#[inline(never)]
pub(crate) fn text(raw: &str) -> String {
    let safe = sanitize::line(raw);
    let mut escaped = String::with_capacity(safe.len());
    for character in safe.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            nothing if matches!(u32::from(nothing) & 0xffff, 0xfffe | 0xffff) => {
                escaped.push_str(&sanitize::escape(nothing));
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    fn base64(bytes: &[u8]) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for group in bytes.chunks(3) {
            let mut word = 0_usize;
            for place in 0..3 {
                word = word << 8 | usize::from(group.get(place).copied().unwrap_or(0));
            }
            for place in 0..4 {
                let letter = char::from(LETTERS[word >> (18 - 6 * place) & 63]);
                text.push(if place <= group.len() { letter } else { '=' });
            }
        }
        text
    }

    #[test]
    fn the_policy_of_the_page_names_its_own_style_and_script() {
        assert_eq!(base64(b"ab"), "YWI=");
        assert_eq!(STYLE_DIGEST, base64(&Sha256::digest(STYLE)));
        assert_eq!(SCRIPT_DIGEST, base64(&Sha256::digest(SCRIPT)));
        assert!(STYLE.len() + SCRIPT.len() < 10_000, "the page has to stay small");
        for part in [STYLE, SCRIPT] {
            assert!(
                !part.contains("</")
                    && !part.contains("url(")
                    && !part.contains("http")
                    && !part.contains('\r')
            );
        }
    }

    #[test]
    fn text_is_text() {
        assert_eq!(text("<b>&\"'\u{1b}\n\u{fffe}"), "&lt;b&gt;&amp;&quot;&#39;\\x1b\\x0a\\u{fffe}");
    }
}
