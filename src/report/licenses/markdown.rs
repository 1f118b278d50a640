//! `markdown`: a table for a wiki or the description of a change.
//!
//! Text from outside is text: every character that could mean something is written as a numeric character reference
//! (`CommonMark` 0.31.2, 2.5: those never do), and what sites look for in the finished page (`@name`, `#1`, addresses)
//! is broken by an empty comment, which is no part of what is shown.

use std::io::{self, BufWriter, Write};

use super::rows::{cells, summary_words};
use crate::model::{LicenseDecision, LicenseReport, SourceMap};
use crate::report::words::{count, thousands};
use crate::report::{Style, sanitize};

pub(super) fn render(report: &LicenseReport, _: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let title = report.project.as_deref().unwrap_or(&report.root_name);
    writeln!(out, "# Licenses of {}\n", text(title))?;
    if report.has_policy {
        let of = |decision| super::rows::dependencies(report).filter(|row| row.decision == decision).count();
        let counts = LicenseDecision::ALL.map(|decision| (decision, of(decision)));
        let counts = counts.iter().filter(|(_, count)| *count > 0);
        let words: Vec<_> = counts
            .map(|(decision, count)| format!("**{}** {}", thousands(*count), decision.as_str()))
            .collect();
        writeln!(out, "- {}", if words.is_empty() { "no packages".to_owned() } else { words.join(", ") })?;
    } else {
        writeln!(out, "- no policy about licenses: nothing is allowed or denied")?;
    }
    for line in summary_words(report) {
        writeln!(out, "- {line}")?;
    }
    writeln!(out)?;
    let mut any = false;
    for row in cells(report) {
        if !any {
            writeln!(out, "| package | version | license | learnt from | comes in by | decision | reason |")?;
            writeln!(out, "|---|---|---|---|---|---|---|")?;
        }
        any = true;
        let decision = match (row.rule, row.decision) {
            ("", decision) | (_, decision @ "allowed") => decision.to_owned(),
            (rule, decision) => format!("**{decision}** ({rule})"),
        };
        let learnt = match row.strength() {
            "" => row.learnt(),
            strength => format!("{} ({strength})", row.learnt()),
        };
        let mut reason = vec![row.reason.clone()];
        reason.extend(row.conflicts.iter().map(|conflict| format!("contradicted by {conflict}")));
        reason.retain(|reason| !reason.is_empty());
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {decision} | {} |",
            text(&row.name),
            text(&row.version),
            text(&row.license()),
            text(&learnt),
            text(&row.comes_in_by),
            text(&reason.join("; ")),
        )?;
    }
    if any {
        writeln!(out)?;
    }
    let open: Vec<_> = report.skipped.iter().filter(|skip| skip.accepted.is_none()).collect();
    if !open.is_empty() {
        writeln!(out, "## Not audited: {}\n", count(open.len(), "thing", "things"))?;
        for skip in open {
            let what = if skip.what == skip.path { String::new() } else { format!("{}: ", skip.what) };
            writeln!(out, "- file {}: {}", text(&skip.path), text(&format!("{what}{}", skip.why)))?;
        }
        writeln!(out)?;
    }
    out.flush()
}

/// Text that stays text, on one line.
#[inline(never)]
fn text(raw: &str) -> String {
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
