//! `human`: for somebody who wants to know which line to change.
//!
//! Findings of one rule about one package at one place are drawn together: the line once, the flaws below it. Nothing
//! is left out by that. Then a table, what was skipped, how old the data is, and one closing line with the verdict:
//! what a person needs most stands where a terminal ends up, at the bottom.

mod change;
mod closing;
mod finding;
mod projects;
mod rest;
mod table;

use std::io::{self, Write};

use crate::model::{Report, SourceMap};
use crate::report::Style;
use crate::report::audit::group::groups;
use crate::report::audit::words::data_line;
use crate::report::paragraph::{safe, wrapped};
use crate::report::skips::{notes, skipped};
use change::{change, is_drawn};
use closing::closing_line;
use finding::draw;
use projects::projects;
use rest::{data_findings, ignored, is_about_data, is_said_at_the_end};
use table::table;

/// Writes the report.
pub(super) fn render(
    report: &Report,
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = report.findings.iter().filter(|finding| is_drawn(finding.status, style));
    let (about_data, about_files): (Vec<_>, Vec<_>) =
        groups(shown).into_iter().partition(|group| is_about_data(group.first()));
    for group in about_files.iter().filter(|group| style.detail > 0 || !is_said_at_the_end(group.first())) {
        out.write_all(draw(group, sources, style).as_bytes())?;
        out.write_all(b"\n")?;
    }
    let quiet = style.detail < 0;
    if let Some(table) = table(&about_files, style).filter(|_| !quiet) {
        writeln!(out, "{}\n", table.trim_fmt())?;
    }
    if let Some(projects) = projects(report, style).filter(|_| !quiet) {
        writeln!(out, "{projects}\n")?;
    }
    skipped(&report.skipped, sources, style, out)?;
    if !quiet {
        ignored(report, sources, style, out)?;
        change(report, style, out)?;
        notes(&report.notes, sources, style, out)?;
    }
    data_findings(&about_data, sources, style, out)?;
    if quiet {
        return Ok(());
    }
    writeln!(out, "{}", wrapped(&safe(&data_line(report)), "", style))?;
    writeln!(out, "{}", closing_line(report, style))
}
