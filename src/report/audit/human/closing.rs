//! The last lines: which data was used, and the verdict.

use std::collections::BTreeSet;

use crate::model::{Evidence, Finding, Level, Report, Verdict};
use crate::report::Style;
use crate::report::audit::words::{counts, selected_line, verdict_words};
use crate::report::paragraph::{safe, wrapped};
use crate::report::words::{count, thousands};

/// How many files are named one by one that do not list what they pull in.
const OPEN_FILES: usize = 3;

/// The verdict in one line.
pub(super) fn closing_line(report: &Report, style: Style) -> String {
    let color = match report.verdict {
        Verdict::Clean => "1;32",
        Verdict::Findings => "1;31",
        Verdict::Incomplete => "1;33",
    };
    let lead = format!("{} ", style.paint(color, &format!("{}:", report.verdict.as_str())));
    let mut line = wrapped(&verdict_words(report), &lead, style);
    if let Some(change) = &report.change {
        line.push('\n');
        line.push_str(&wrapped(&safe(&counts(change)), "  ", style));
    }
    if let Some(selected) = &report.selection {
        line.push('\n');
        line.push_str(&wrapped(&safe(&selected_line(selected)), "  ", style));
    }
    let mut helps = BTreeSet::new();
    let open: Vec<(&Finding, usize)> = report
        .findings
        .iter()
        .filter_map(|finding| match finding.evidence {
            Some(Evidence::Count(count)) => Some((finding, count)),
            _ => None,
        })
        .collect();
    for (finding, _) in open.iter().take(if open.len() > OPEN_FILES { 0 } else { OPEN_FILES }) {
        line.push('\n');
        line.push_str(&wrapped(&safe(&finding.message), "  ", style));
    }
    if open.len() > OPEN_FILES {
        let requirements = open.iter().map(|(_, count)| count).sum();
        let text = format!(
            "{} audited; what they pull in is not in the {} files that ask for them (-v names them)",
            count(requirements, "requirement", "requirements"),
            thousands(open.len())
        );
        line.push('\n');
        line.push_str(&wrapped(&text, "  ", style));
    }
    let notes = open.iter().filter(|(finding, _)| finding.level == Level::Note);
    helps.extend(notes.filter_map(|(finding, _)| finding.help.as_deref()));
    for help in helps {
        line.push('\n');
        line.push_str(&wrapped(&safe(help), &format!("  {} ", style.paint("36", "help:")), style));
    }
    if report.allow_incomplete && report.verdict == Verdict::Incomplete {
        line.push('\n');
        line.push_str(&wrapped("exit 0 all the same, because of --allow-incomplete", "  ", style));
    }
    line
}
