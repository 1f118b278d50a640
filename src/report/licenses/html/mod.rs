//! `html`: one page to send to somebody who has none of our tools.
//!
//! It loads nothing, from nowhere, and a Content Security Policy (W3C, level 3) with the digests of its own style and
//! script holds it to that. Without the script it is a plain table; with it one can search, sort and filter. What comes
//! from outside is text: there is no attribute, style or script into which any of it goes.

use std::io::{self, BufWriter, Write};

use super::notice::texts;
use super::rows::{Cells, cells, summary_words, verdict_words};
use crate::model::{LicenseDecision, LicenseReport, SourceMap};
use crate::report::words::thousands;
use crate::report::{Style, sanitize};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// SHA-256 of [`STYLE`] and [`SCRIPT`] in Base64. A test says what they must be.
const STYLE_DIGEST: &str = "cyLlMhfOMbxTl2xeY/aN75UszlJ761yBanQQC6/R8i4=";
const SCRIPT_DIGEST: &str = "natxjXdJh8l/XQJLcpAiItLMlVA9vFviVrVthVtgkz8=";

pub(super) fn render(report: &LicenseReport, _: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let title = text(report.project.as_deref().unwrap_or(&report.root_name));
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{STYLE_DIGEST}'; script-src 'sha256-{SCRIPT_DIGEST}'; base-uri 'none'; \
         form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>Licenses of {title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>Licenses of {title}</h1>\n"
    )?;
    let rows: Vec<_> = cells(report).collect();
    head(report, &mut out)?;
    controls(&rows, &mut out)?;
    let texts = texts(&rows);
    // The numbers of the texts of each row.
    let mut numbers: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    for (number, text) in texts.iter().enumerate() {
        for (row, _) in &text.owners {
            if let Some(numbers) = numbers.get_mut(*row) {
                numbers.push(number + 1);
            }
        }
    }
    if !rows.is_empty() {
        out.write_all(
            b"<div class=\"wide\">\n<table>\n<thead><tr><th scope=\"col\">Package</th><th scope=\"col\">Version</th>\
              <th scope=\"col\">License</th><th scope=\"col\">Learnt from</th><th scope=\"col\">Comes in by</th>\
              <th scope=\"col\">Decision</th><th scope=\"col\">Reason</th></tr></thead>\n<tbody id=\"rows\">\n",
        )?;
        for (row, numbers) in rows.iter().zip(&numbers) {
            line(row, numbers, &mut out)?;
        }
        out.write_all(b"</tbody>\n</table>\n</div>\n")?;
    }
    skipped(report, &mut out)?;
    if !texts.is_empty() {
        writeln!(out, "<h2>License texts</h2>")?;
    }
    for (number, one) in texts.iter().enumerate() {
        let owners: Vec<_> = one.owners.iter().map(|(_, owner)| text(owner)).collect();
        write!(out, "<details id=\"text-{}\"><summary>{}</summary>\n<pre>", number + 1, owners.join(", "))?;
        for line in one.text.lines() {
            writeln!(out, "{}", text(line))?;
        }
        writeln!(out, "</pre></details>")?;
    }
    writeln!(
        out,
        "<p class=\"soft\">Written by audit {}.</p>\n<script>{SCRIPT}</script>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION")
    )?;
    out.flush()
}

fn head(report: &LicenseReport, out: &mut dyn Write) -> io::Result<()> {
    let verdict = report.verdict.as_str();
    writeln!(out, "<p class=\"verdict {verdict}\">{verdict}: {}</p>", text(&verdict_words(report)))?;
    for line in summary_words(report) {
        writeln!(out, "<p class=\"soft\">{}</p>", text(&line))?;
    }
    Ok(())
}

/// What only the script makes work.
fn controls(rows: &[Cells<'_>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<div id=\"controls\" role=\"search\" hidden>\n<label><input id=\"search\" type=\"search\" \
         placeholder=\"Search packages, licenses, reasons\" aria-label=\"Search\" autocomplete=\"off\"></label>"
    )?;
    let of = |decision: LicenseDecision| rows.iter().filter(|row| row.row.decision == decision).count();
    let counts: Vec<_> =
        LicenseDecision::ALL.map(|decision| (decision.as_str(), of(decision))).into_iter().collect();
    let present = counts.iter().filter(|(_, count)| *count > 0);
    // One box would only hide everything.
    for (word, count) in present.clone().filter(|_| present.clone().count() > 1) {
        writeln!(
            out,
            "<label class=\"{word}\"><input type=\"checkbox\" value=\"{word}\" checked autocomplete=\"off\"> \
             {word} {}</label>",
            thousands(*count)
        )?;
    }
    writeln!(out, "<output id=\"shown\"></output>\n</div>")
}

fn line(row: &Cells<'_>, numbers: &[usize], out: &mut dyn Write) -> io::Result<()> {
    let decision = row.decision;
    let rank = LicenseDecision::ALL.iter().position(|one| *one == row.row.decision).unwrap_or(0);
    write!(
        out,
        "<tr data-decision=\"{decision}\"><th scope=\"row\">{}</th><td>{}</td><td>{}",
        text(&row.name),
        text(&row.version),
        text(&row.license())
    )?;
    for number in numbers {
        write!(out, " <a href=\"#text-{number}\">text</a>")?;
    }
    write!(out, "</td><td>{}", text(&row.learnt()))?;
    small(row.strength(), out)?;
    write!(out, "</td><td>{}", text(&row.comes_in_by))?;
    small(if row.groups == "main" { "" } else { &row.groups }, out)?;
    write!(
        out,
        "</td><td class=\"{decision}\" data-rank=\"{rank}\">{decision}</td><td>{}",
        text(&row.reason)
    )?;
    for conflict in &row.conflicts {
        small(&format!("contradicted by the {conflict}"), out)?;
    }
    small(row.rule, out)?;
    writeln!(out, "</td></tr>")
}

fn small(words: &str, out: &mut dyn Write) -> io::Result<()> {
    if words.is_empty() { Ok(()) } else { write!(out, " <small>{}</small>", text(words)) }
}

fn skipped(report: &LicenseReport, out: &mut dyn Write) -> io::Result<()> {
    if report.skipped.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2 class=\"incomplete\">Not audited</h2>\n<ul>")?;
    for skip in &report.skipped {
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
fn text(raw: &str) -> String {
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
