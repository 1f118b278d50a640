//! `table`: a row for each finding, most urgent first, for people who want a list.
//!
//! Where a row does not fit the width, rule and place stand on a line below it.

use std::io::{self, BufWriter, Write};

use super::group::{Group, groups, most_urgent};
use super::words::{counts, verdict_words};
use crate::model::{Finding, Level, Location, Report, SourceMap, Status, Verdict, Version};
use crate::report::Style;
use crate::report::columns::{GAP, fold, write_row};
use crate::report::paragraph::{safe, wrapped};
use crate::report::skips::skipped;
use crate::report::words::{count, shortened};

/// The longest text in a cell, in characters.
const CELL: usize = 120;

/// The columns. Where there is no room the last two stand below the others.
const HEADER: [&str; 8] = ["level", "package", "version", "id", "severity", "safe", "rule", "place"];

/// So many of them stand in the first line when there is no room.
const FEW: usize = 6;

pub(super) fn render(
    report: &Report,
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let is_shown = |finding: &&Finding| style.detail > 0 || finding.status != Some(Status::Known);
    let groups = most_urgent(groups(report.findings.iter().filter(is_shown)));
    let rows = groups
        .iter()
        .flat_map(|group| group.findings.iter().map(|finding| (finding.level, row(group, finding, sources))));
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        list(&rows, style, &mut out)?;
        writeln!(out)?;
    }
    skipped(&report.skipped, sources, style, &mut out)?;
    if style.detail >= 0 {
        let color = match report.verdict {
            Verdict::Clean => "1;32",
            Verdict::Findings => "1;31",
            Verdict::Incomplete => "1;33",
        };
        let lead = format!("{} ", style.paint(color, &format!("{}:", report.verdict.as_str())));
        writeln!(out, "{}", wrapped(&verdict_words(report), &lead, style))?;
        if let Some(change) = &report.change {
            writeln!(out, "{}", wrapped(&safe(&counts(change)), "  ", style))?;
        }
    }
    out.flush()
}

fn list(rows: &[(Level, [String; 8])], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut widths = HEADER.map(str::len);
    for (_, row) in rows {
        for (width, text) in widths.iter_mut().zip(row) {
            *width = text.chars().count().max(*width);
        }
    }
    let room = |columns: usize| style.width.saturating_sub(GAP * (columns - 1));
    let fits = widths.iter().sum::<usize>() <= room(HEADER.len());
    let columns = if fits { HEADER.len() } else { FEW };
    // The widest columns give way first.
    while widths[..columns].iter().sum::<usize>() > room(columns) {
        if let Some(widest) = widths[..columns].iter_mut().max() {
            *widest = widest.saturating_sub(1);
        }
    }
    let cells = |row: [&str; 8]| -> Vec<_> {
        let pairs = widths[..columns].iter().zip(row);
        pairs.map(|(width, text)| (*width, fold(text, *width))).collect()
    };
    write_row(&cells(HEADER), "", "2", style, out)?;
    let line = widths[..columns].iter().sum::<usize>() + GAP * (columns - 1);
    writeln!(out, "{}", "─".repeat(line))?;
    for (level, row) in rows {
        let color = match level {
            Level::Deny => "1;31",
            Level::Warn => "1;33",
            Level::Note | Level::Allow => "1",
        };
        write_row(&cells(row.each_ref().map(String::as_str)), "", color, style, out)?;
        if !fits {
            let indent = widths[0] + GAP;
            for text in fold(&row[FEW..].join(" at "), style.width.saturating_sub(indent)) {
                writeln!(out, "{}{text}", " ".repeat(indent))?;
            }
        }
    }
    Ok(())
}

/// The cells of a finding, safe to show.
fn row(group: &Group<'_>, finding: &Finding, sources: &SourceMap) -> [String; 8] {
    let package = finding.package.as_deref();
    let version = package.and_then(|package| package.version.as_ref()).map(Version::as_str);
    let (id, safe_version) = match (finding.advisory(), finding.range()) {
        (Some(advisory), _) => {
            let others = group.findings.iter().filter_map(|finding| finding.advisory());
            (advisory.title(others), advisory.safe_version.clone())
        }
        (None, Some(range)) => {
            let ids = match &range.flaws[..] {
                [first, rest @ ..] if !rest.is_empty() => {
                    format!("{} and {}", first.id, count(rest.len(), "other", "others"))
                }
                flaws => flaws.iter().map(|flaw| flaw.id.clone()).collect(),
            };
            (ids, range.floor.clone())
        }
        (None, None) => ("-".to_owned(), None),
    };
    let text = |text: Option<&str>| text.unwrap_or("-").to_owned();
    let severity = match finding.severity {
        Some(severity) => severity.as_str(),
        None if finding.advisory().is_some() => "malware",
        None => "-",
    };
    let Location { path, line, column, .. } = sources.location(finding.primary.span);
    [
        finding.level.as_str().to_owned(),
        text(package.map(|package| package.name.as_str())),
        text(version.or(finding.range().map(|range| range.specifier.as_str()))),
        id,
        severity.to_owned(),
        text(safe_version.as_deref()),
        finding.rule.id.to_owned(),
        format!("{path}:{line}:{column}"),
    ]
    .map(|text| safe(&shortened(&text, CELL)))
}
