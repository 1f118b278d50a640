//! What is said besides findings: skips, ignored findings, notes, the age of the data.

use std::io::{self, Write};

use super::finding::Group;
use super::text::{safe, wrapped, wrapped_to};
use crate::model::{Evidence, Finding, Level, Note, Report, Skipped, SourceMap};
use crate::report::Style;
use crate::report::words::{place, thousands};

/// How many skips of one file are shown without `-v`.
const SKIPS: usize = 10;

pub(super) fn skipped(
    report: &Report,
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (accepted, open): (Vec<_>, Vec<_>) = report.skipped.iter().partition(|skip| skip.accepted.is_some());
    if !open.is_empty() {
        let title = format!("not audited: {}", thousands(open.len()));
        writeln!(out, "{}", style.paint("1;33", &title))?;
        rows(&open, sources, style, out)?;
        writeln!(out)?;
    }
    if !accepted.is_empty() && style.detail >= 0 {
        writeln!(out, "not audited, accepted by the policy: {}", thousands(accepted.len()))?;
        rows(&accepted, sources, style, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Skips file by file; what one file repeats is counted, not repeated.
fn rows(skips: &[&Skipped], sources: &SourceMap, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut shown_of_file = 0;
    let mut last: Option<(&str, &str)> = None;
    let mut hidden = 0;
    for skip in skips {
        if last.is_some_and(|(path, _)| path == skip.path) {
            shown_of_file += 1;
        } else {
            more(hidden, style, out)?;
            (shown_of_file, hidden) = (0, 0);
        }
        last = Some((&skip.path, &skip.why));
        if style.detail <= 0 && shown_of_file >= SKIPS {
            hidden += 1;
            continue;
        }
        let at = skip.span.map_or_else(|| skip.path.clone(), |span| place(sources, span));
        let what =
            if skip.what == skip.path { String::new() } else { format!("{}: ", shortened(&skip.what)) };
        let reason =
            skip.accepted.as_ref().map(|reason| format!(" (accepted: {reason})")).unwrap_or_default();
        let lead = format!("  {} ", style.paint("36", &safe(&at)));
        writeln!(out, "{}", wrapped(&safe(&format!("{what}{}{reason}", skip.why)), &lead, style))?;
    }
    more(hidden, style, out)
}

fn more(hidden: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if hidden == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "{}",
        wrapped(&format!("… and {} more in that file (-v shows all)", thousands(hidden)), "  ", style)
    )
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(60).chain(['…']).collect() }
}

pub(super) fn ignored(
    report: &Report,
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if report.ignored.is_empty() {
        return Ok(());
    }
    writeln!(out, "ignored: {}", thousands(report.ignored.len()))?;
    for ignored in &report.ignored {
        let finding = &ignored.finding;
        let id = finding.advisory().map_or(finding.rule.id, |advisory| advisory.id.as_str());
        let package = finding.package.as_ref().map(|package| {
            let version = package.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
            format!("{}{version} ", package.name)
        });
        let fix = finding.advisory().and_then(|advisory| advisory.safe_version.as_ref());
        let fix = fix.map(|version| format!("; {version} is safe now")).unwrap_or_default();
        let until = ignored.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
        let at = place(sources, finding.primary.span);
        let text = format!("{}{id} at {at}: {}{until}{fix}", package.unwrap_or_default(), ignored.reason);
        writeln!(out, "{}", wrapped(&safe(&text), "  ", style))?;
    }
    writeln!(out)
}

pub(super) fn notes(
    notes: &[Note],
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for note in notes {
        let at = note.span.map_or_else(|| note.path.clone(), |span| place(sources, span));
        let lead = format!("{} ", style.paint("2", "note:"));
        writeln!(out, "{}", wrapped(&safe(&format!("{at}: {}", note.text)), &lead, style))?;
    }
    if notes.is_empty() { Ok(()) } else { writeln!(out) }
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
