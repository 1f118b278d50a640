//! What is said besides findings: ignored findings, the age of the data.

use std::io::{self, Write};

use super::finding::Group;
use crate::model::{Evidence, Finding, Level, Report, SourceMap, Suppression};
use crate::report::Style;
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
        let finding = &ignored.finding;
        let id = finding.advisory().map_or(finding.rule.id, |advisory| advisory.id.as_str());
        let package = finding.package.as_ref().map(|package| {
            let version = package.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
            format!("{}{version} ", package.name)
        });
        let by = match ignored.by {
            Suppression::Inline => "inline".to_owned(),
            Suppression::CommandLine => "command line".to_owned(),
            Suppression::Policy | Suppression::Vex { .. } => place(sources, ignored.place),
        };
        let reason = if ignored.reason.is_empty() { "no reason given" } else { &ignored.reason };
        let fix = fix(finding).unwrap_or_default();
        let until = ignored.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
        let at = place(sources, finding.primary.span);
        let text = format!("{}{id} at {at} [{by}]: {reason}{until}{fix}", package.unwrap_or_default());
        writeln!(out, "{}", wrapped(&safe(&text), "  ", style))?;
    }
    writeln!(out)
}

/// What would take an ignored flaw out of the world.
fn fix(finding: &Finding) -> Option<String> {
    let version = finding.advisory().and_then(|advisory| advisory.safe_version.as_ref());
    let floor = || finding.range().and_then(|range| range.floor.as_ref());
    match version {
        Some(version) => Some(format!("; {version} is safe now")),
        None => floor().map(|floor| format!("; {floor} is safe now")),
    }
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
