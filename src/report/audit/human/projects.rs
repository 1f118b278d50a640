//! The projects of a run with several: one row each.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};

use crate::model::{ProjectSummary, Report, Verdict};
use crate::report::Style;
use crate::report::paragraph::safe;
use crate::report::words::thousands;

/// How many projects are shown without `-v`.
const SHOWN: usize = 20;

/// One row per project, when there are several: those that are not clean come in the order of their folders, and what is
/// left out is counted.
pub(super) fn projects(report: &Report, style: Style) -> Option<String> {
    if report.projects.len() < 2 {
        return None;
    }
    let all = style.detail > 0 || report.projects.len() <= SHOWN;
    let wanted = |project: &&ProjectSummary| all || project.verdict() != Verdict::Clean;
    let limit = if all { usize::MAX } else { SHOWN };
    let shown: Vec<_> = report.projects.iter().filter(wanted).take(limit).collect();
    let mut text = String::new();
    if !shown.is_empty() {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(style.width).unwrap_or(80))
            .set_header(["project", "packages", "denied", "warnings", "not audited", "verdict"]);
        for project in &shown {
            let folder = if project.folder.is_empty() { "." } else { &project.folder };
            table.add_row([
                safe(folder),
                thousands(project.packages),
                thousands(project.deny),
                thousands(project.warn),
                thousands(project.skipped),
                project.verdict().as_str().to_owned(),
            ]);
        }
        for column in 1..=4 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        text = table.trim_fmt();
    }
    if shown.len() < report.projects.len() {
        let of =
            |verdict: Verdict| report.projects.iter().filter(|project| project.verdict() == verdict).count();
        let counts = [Verdict::Clean, Verdict::Findings, Verdict::Incomplete]
            .map(|verdict| format!("{} {}", thousands(of(verdict)), verdict.as_str()));
        let all = thousands(report.projects.len());
        text.push_str(&format!("\n {all} projects in all: {} (-v shows all)", counts.join(", ")));
    }
    Some(text)
}
