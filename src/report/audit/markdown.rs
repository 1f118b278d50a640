//! `markdown`: a comment below a merge request, and the job summary of GitHub.
//!
//! Short first: the verdict, what is denied, what was not audited; the rest is folded. Bounded in size: GitHub refuses
//! a comment of more than 65,536 characters. What there is no room for is counted, never the verdict.

use std::io::{self, Write};

use super::group::{Group, groups, most_urgent};
use super::words::{
    counts, data_line, ignored_words, license_words, selected_line, step_words, verdict_words, version_words,
};
use crate::model::{Level, Location, Report, Skipped, SourceMap, Status};
use crate::report::Style;
use crate::report::markdown_text::text;
use crate::report::words::{comes_in_by, count, shortened, thousands};

/// The whole has fewer bytes.
const ALL: usize = 60_000;

/// With the last row it has at most so many: what stands around rows is less than the difference.
const MOST: usize = 56_000;

/// The longest text in a cell, in characters. Escaped, a character has up to 14 bytes.
const CELL: usize = 80;

/// The longest sentence, in characters.
const SENTENCE: usize = 400;

/// So many ids of one package are named.
const IDS: usize = 3;

/// The document.
struct Page {
    text: String,
}

impl Page {
    /// One section: the rows that there is room for, and how many are left out.
    fn section(&mut self, title: &str, folded: bool, head: &str, rows: &mut dyn Iterator<Item = String>) {
        let (begin, end) = if folded { ("<details>\n<summary>", "</summary>") } else { ("### ", "") };
        let mut left_out = 0_usize;
        let mut is_empty = true;
        for row in rows {
            if is_empty {
                self.text += &format!("{begin}{title}{end}\n\n{head}");
                is_empty = false;
            }
            if left_out == 0 && self.text.len() + row.len() <= MOST {
                self.text += &row;
                self.text.push('\n');
            } else {
                left_out += 1;
            }
        }
        if left_out > 0 {
            let were = if left_out == 1 { "line is" } else { "lines are" };
            self.text += &format!("\n*{} more {were} left out: there is no room*\n", thousands(left_out));
        }
        if !is_empty {
            self.text += if folded { "\n</details>\n\n" } else { "\n" };
        }
    }
}

pub(super) fn render(report: &Report, sources: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let verdict = report.verdict.as_str();
    let mut page = Page { text: format!("## Dependencies: {verdict}\n\n{}\n", text(&verdict_words(report))) };
    for line in
        report.change.as_ref().map(counts).iter().chain(report.selection.as_ref().map(selected_line).iter())
    {
        page.text += &format!("\n{}\n", sentence(line));
    }
    page.text.push('\n');
    let findings = report.findings.iter().filter(|finding| finding.status != Some(Status::Known));
    let groups = most_urgent(groups(findings));
    let of_level = |level: Level| groups.iter().filter(move |group| group.level() == level);
    let number = |level: Level| of_level(level).map(|group| group.findings.len()).sum::<usize>();

    let title = format!("Denied: {}", thousands(report.summary.deny));
    let head = "| package | version | flaws | worst | safe version | comes in by | place |\n|---|---|---|---|---|---|---|\n";
    page.section(&title, false, head, &mut of_level(Level::Deny).map(|group| row(group, sources)));

    let is_open = |skip: &&Skipped| skip.accepted.is_none();
    let title = format!("Not audited: {}", count(report.summary.skipped, "thing", "things"));
    let mut skips = report.skipped.iter().filter(is_open).map(|skip| skipped(skip, sources));
    page.section(&title, report.summary.skipped > 10, "", &mut skips);

    let steps = of_level(Level::Deny).filter_map(|group| {
        let help = group.help()?;
        Some(format!("- {}: {}", sentence(&group.headline()), sentence(&help)))
    });
    page.section("Next steps", true, "", &mut { steps });

    if let Some(change) = &report.change {
        let title = format!("Packages of this change: {}", step_words(change));
        let head = "| | package | version | license | |\n|---|---|---|---|---|\n";
        let mut rows = change.packages.iter().map(|package| {
            let resembles =
                package.resembles.as_ref().map(|target| format!("**resembles {}**", cell(target)));
            format!(
                "| {} | {} | {} | {} | {} |",
                package.step.as_str(),
                cell(package.name.as_str()),
                cell(&version_words(package)),
                cell(&license_words(package)),
                resembles.unwrap_or_default()
            )
        });
        page.section(&title, true, head, &mut rows);
        let title = format!("Ended by this change: {}", count(change.ended.len(), "finding", "findings"));
        let mut rows =
            change.ended.iter().map(|ended| format!("- {}: {}", ended.rule.id, sentence(&ended.message)));
        page.section(&title, true, "", &mut rows);
    }
    for (level, one, many) in [(Level::Warn, "warning", "warnings"), (Level::Note, "note", "notes")] {
        let title = count(number(level), one, many);
        page.section(&title, true, "", &mut of_level(level).map(|group| said(group, sources)));
    }
    let title = format!("Ignored: {}", thousands(report.summary.ignored));
    let mut rows =
        report.ignored.iter().map(|one| format!("- finding {}", sentence(&ignored_words(one, sources))));
    page.section(&title, true, "", &mut rows);
    let title = format!("Not audited, accepted by the policy: {}", thousands(report.summary.accepted));
    let mut rows = report.skipped.iter().filter(|skip| !is_open(skip)).map(|skip| skipped(skip, sources));
    page.section(&title, true, "", &mut rows);
    let end = format!("{}; audit {}\n", sentence(&data_line(report)), env!("CARGO_PKG_VERSION"));
    if page.text.len() + end.len() < ALL {
        page.text += &end;
    }
    out.write_all(page.text.as_bytes())
}

/// A row of the table of what is denied.
fn row(group: &Group<'_>, sources: &SourceMap) -> String {
    let first = group.first();
    let ids: Vec<&str> = match first.range() {
        Some(range) => range.flaws.iter().map(|flaw| flaw.id.as_str()).collect(),
        None => group.findings.iter().filter_map(|one| one.advisory()).map(|one| one.id.as_str()).collect(),
    };
    let mut flaws = match &ids[..] {
        [] => first.rule.id.to_owned(),
        ids => ids.iter().take(IDS).map(|id| cell(id)).collect::<Vec<_>>().join(", "),
    };
    if ids.len() > IDS {
        flaws.push_str(&format!(" and {} more", thousands(ids.len() - IDS)));
    }
    let worst = match group.worst() {
        Some(worst) => worst.as_str(),
        None if group.is_malware() => "**malware**",
        None => "-",
    };
    let floor = || first.range().and_then(|range| range.floor.as_deref());
    let safe = group.safe_version();
    let safe = safe.as_ref().map(crate::model::Version::as_str).or_else(floor).unwrap_or("-");
    let (name, version) = match (&first.package, first.range()) {
        (Some(package), Some(range)) => (package.name.as_str(), range.specifier.as_str()),
        (Some(package), None) => {
            (package.name.as_str(), package.version.as_ref().map_or("any", crate::model::Version::as_str))
        }
        (None, _) => ("-", "-"),
    };
    let comes_in_by = if first.package.is_some() { cell(&comes_in_by(&first.paths)) } else { "-".to_owned() };
    format!(
        "| **{}** | {} | {flaws} | {worst} | {} | {comes_in_by} | {} |",
        cell(name),
        cell(version),
        cell(safe),
        line_of(group, sources)
    )
}

/// An item of a list: the rule, what is wrong, where, and what to do.
fn said(group: &Group<'_>, sources: &SourceMap) -> String {
    let help = group.help().map(|help| format!("; next step: {}", sentence(&help))).unwrap_or_default();
    let first = group.first();
    format!("- {}: {} ({}){help}", first.rule.id, sentence(&group.headline()), line_of(group, sources))
}

fn skipped(skip: &Skipped, sources: &SourceMap) -> String {
    let at = match skip.span.map(|span| sources.location(span)) {
        Some(Location { path, line, .. }) => format!("{path}:{line}"),
        None => skip.path.clone(),
    };
    let what =
        if skip.what == skip.path { String::new() } else { format!("{}: ", shortened(&skip.what, CELL)) };
    let accepted = skip.accepted.as_ref().map(|reason| format!(" (accepted: {reason})")).unwrap_or_default();
    format!("- file {}: {}", cell(&at), sentence(&format!("{what}{}{accepted}", skip.why)))
}

/// The file and the line that a person edits.
fn line_of(group: &Group<'_>, sources: &SourceMap) -> String {
    let Location { path, line, .. } = sources.location(group.first().primary.span);
    format!("{}:{line}", cell(&path))
}

/// A short text.
fn cell(raw: &str) -> String {
    text(&shortened(raw, CELL))
}

/// A longer text.
fn sentence(raw: &str) -> String {
    text(&shortened(raw, SENTENCE))
}
