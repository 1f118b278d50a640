//! `markdown`: a table for a wiki or the description of a change.

use std::io::{self, BufWriter, Write};

use super::rows::{cells, summary_words};
use crate::model::{LicenseDecision, LicenseReport, SourceMap};
use crate::report::Style;
use crate::report::markdown_text::text;
use crate::report::words::{count, thousands};

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
