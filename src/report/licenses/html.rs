//! `html`: one [page](crate::report::page) to send to somebody who has none of our tools.

use std::io::{self, BufWriter, Write};

use super::notice::texts;
use super::rows::{Cells, cells, summary_words, verdict_words};
use crate::model::{LicenseDecision, LicenseReport, SourceMap};
use crate::report::Style;
use crate::report::page::{self, small, text};

pub(super) fn render(report: &LicenseReport, _: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let title = report.project.as_deref().unwrap_or(&report.root_name);
    page::begin(&format!("Licenses of {title}"), &mut out)?;
    let rows: Vec<_> = cells(report).collect();
    head(report, &mut out)?;
    let of = |decision: LicenseDecision| rows.iter().filter(|row| row.row.decision == decision).count();
    let counts = LicenseDecision::ALL.map(|decision| (decision.as_str(), of(decision)));
    page::controls("packages, licenses, reasons", &counts, &mut out)?;
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
    page::skipped(&report.skipped, &mut out)?;
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
    page::end(&mut out)?;
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
