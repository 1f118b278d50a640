//! What is said besides findings: ignored findings, the age of the data.

use std::io::{self, Write};

use crate::model::{Evidence, Finding, Level, Report, SourceMap};
use crate::report::Style;
use crate::report::audit::group::Group;
use crate::report::audit::words::{fix, ignored_words};
use crate::report::paragraph::{safe, wrapped, wrapped_to};
use crate::report::words::{place, thousands};

pub(super) fn ignored(
    report: &Report,
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if report.ignored.is_empty() {
        return Ok(());
    }
    let fixable = report.ignored.iter().filter(|ignored| fix(&ignored.finding).is_some()).count();
    let total = report.ignored.len();
    let have = if fixable == 1 { "has" } else { "have" };
    let now = match fixable {
        0 => String::new(),
        _ if total == 1 => ", and it has a fix now".to_owned(),
        _ => format!(", of which {} {have} a fix now", thousands(fixable)),
    };
    writeln!(out, "ignored: {}{now}", thousands(total))?;
    for ignored in &report.ignored {
        writeln!(out, "{}", wrapped(&safe(&ignored_words(ignored, sources)), "  ", style))?;
    }
    writeln!(out)
}

/// Whether a finding is about the advisory data, in which no line can be edited: it is said, not drawn.
pub(super) fn is_about_data(finding: &Finding) -> bool {
    matches!(finding.evidence, Some(Evidence::Age { .. }))
}

/// Whether the closing lines say the whole of a finding: a note that counts requirements. With `-v` it is drawn too.
pub(super) fn is_said_at_the_end(finding: &Finding) -> bool {
    finding.level == Level::Note && matches!(finding.evidence, Some(Evidence::Count(_)))
}

/// What is wrong with the data, a line each, and what to do about it once.
pub(super) fn data_findings(
    groups: &[Group<'_>],
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let findings = groups.iter().flat_map(|group| &group.findings);
    let mut helps: Vec<&str> = Vec::new();
    for finding in findings {
        let (color, word) = match finding.level {
            Level::Deny => ("1;31", "error"),
            Level::Warn => ("1;33", "warning"),
            Level::Note | Level::Allow => ("1", "note"),
        };
        let lead = format!("{} ", style.paint(color, &format!("{word}[{}]:", finding.rule.id)));
        let mut text = finding.message.clone();
        for related in &finding.related {
            text.push_str(&format!(" ({} in {})", related.message, place(sources, related.span)));
        }
        writeln!(out, "{}", wrapped_to(&safe(&text), &lead, 2, style))?;
        helps.extend(finding.help.as_deref());
    }
    helps.dedup();
    for help in helps {
        writeln!(out, "{}", wrapped(&safe(help), &format!("  {} ", style.paint("36", "help:")), style))?;
    }
    if groups.is_empty() { Ok(()) } else { writeln!(out) }
}
