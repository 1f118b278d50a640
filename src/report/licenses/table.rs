//! `table`: for somebody who wants to know under which terms they ship, and which of them somebody has to look at.
//!
//! With a policy packages stand under what it decided, what needs attention first; without one under their license, the
//! most frequent first. Below a package that is not allowed stands why, and what brings it in. The verdict is the last
//! line: there a terminal ends up.

use crate::model::Arrange as _;
use std::io::{self, BufWriter, Write};

use super::rows::{Cells, cells, reading_words, summary_words, verdict_words};
use crate::model::{LicenseDecision, LicenseReport, SourceMap, Verdict};
use crate::report::Style;
use crate::report::columns::{GAP, fold, write_row};
use crate::report::paragraph::{safe, wrapped, wrapped_to};
use crate::report::skips::{notes, skipped};
use crate::report::words::{count, place};

/// The longest id for which the last column makes room.
const LONGEST_ID: usize = 24;

/// The least width of what it was learnt from.
const LEAST_LEARNT: usize = 12;

/// The least width in which a license is shown beside the other columns.
const LEAST: usize = 16;

pub(super) fn render(
    report: &LicenseReport,
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let mut rows: Vec<Cells<'_>> = cells(report).collect();
    let quiet = style.detail < 0;
    if quiet {
        rows.retain(is_open);
    }
    let columns = Columns::of(&rows, report.has_policy, style);
    for group in groups(&rows, report.has_policy) {
        let title = format!("{}: {}", safe(&group.title), count(group.rows.len(), "package", "packages"));
        writeln!(
            out,
            "{}",
            wrapped_to(&title, "", 2, style).replacen(&title, &style.paint(group.color, &title), 1)
        )?;
        for row in group.rows {
            columns.write(row, style, &mut out)?;
            for line in remarks(row, report.has_policy, sources, style) {
                writeln!(out, "{}", wrapped_to(&safe(&line), "      ", 8, style))?;
            }
        }
        writeln!(out)?;
    }
    skipped(&report.skipped, sources, style, &mut out)?;
    if !quiet {
        notes(&report.notes, sources, style, &mut out)?;
        closing(report, style, &mut out)?;
    }
    out.flush()
}

/// Whether somebody has to look at it.
fn is_open(row: &Cells<'_>) -> bool {
    !matches!(row.row.decision, LicenseDecision::Allowed | LicenseDecision::Undecided)
}

/// Rows under one heading.
struct Group<'a> {
    title: String,
    color: &'static str,
    rows: Vec<&'a Cells<'a>>,
}

fn groups<'a>(rows: &'a [Cells<'a>], by_decision: bool) -> Vec<Group<'a>> {
    if by_decision {
        let of = |decision: LicenseDecision| Group {
            title: decision.as_str().to_owned(),
            color: match decision {
                LicenseDecision::Denied => "1;31",
                LicenseDecision::Unlisted | LicenseDecision::Ambiguous | LicenseDecision::Unknown => "1;33",
                LicenseDecision::Allowed => "1;32",
                LicenseDecision::Undecided => "1",
            },
            rows: rows.iter().filter(|row| row.row.decision == decision).collect(),
        };
        return LicenseDecision::ALL.map(of).into_iter().filter(|group| !group.rows.is_empty()).collect();
    }
    let mut groups: std::collections::BTreeMap<&str, Vec<_>> = std::collections::BTreeMap::new();
    for row in rows {
        // Behind all expressions, whatever their letters.
        let title = match (row.expression.as_str(), row.candidates.as_str()) {
            ("", "") => "\u{10ffff} license unknown",
            ("", _) => "\u{10fffe} license ambiguous",
            (expression, _) => expression,
        };
        groups.entry(title).or_default().push(row);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.arrange_by_key(|(title, rows)| {
        (title.starts_with(['\u{10fffe}', '\u{10ffff}']), std::cmp::Reverse(rows.len()))
    });
    let group = |(title, rows): (&str, _)| {
        let title = title.trim_start_matches(['\u{10fffe}', '\u{10ffff}', ' ']).to_owned();
        Group { title, color: "1", rows }
    };
    groups.into_iter().map(group).collect()
}

/// The widths of the columns; all groups share them.
struct Columns {
    name: usize,
    version: usize,
    /// `None` where the heading says the license.
    license: Option<usize>,
    learnt: usize,
}

impl Columns {
    fn of(rows: &[Cells<'_>], with_license: bool, style: Style) -> Self {
        let widest = |text: &dyn Fn(&Cells<'_>) -> usize, least: usize, most: usize| {
            rows.iter().map(text).max().unwrap_or(0).clamp(least, most)
        };
        let length = |text: &str| text.chars().count();
        let name = widest(&|row| length(&safe(&row.name)), 4, style.width / 3);
        let version = widest(&|row| length(&safe(&row.version)), 3, style.width / 6);
        let learnt = widest(&|row| length(&safe(&row.learnt())), 1, style.width / 4);
        // An id is not broken when the last column can make room: words wrap, ids do not.
        let word = |row: &Cells<'_>| row.license().split_whitespace().map(&length).max().unwrap_or(0);
        let id = if with_license { widest(&word, LEAST, LONGEST_ID) } else { LEAST };
        let room = style.width.saturating_sub(2 + name + version + id + 3 * GAP);
        let learnt = learnt.min(room.max(LEAST_LEARNT));
        let left = style.width.saturating_sub(2 + name + version + learnt + 3 * GAP).max(LEAST);
        let license = widest(&|row| length(&safe(&row.license())), LEAST, left);
        Self { name, version, license: with_license.then_some(license), learnt }
    }

    fn write(&self, row: &Cells<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let mut columns =
            vec![(self.name, fold(&row.name, self.name)), (self.version, fold(&row.version, self.version))];
        columns.extend(self.license.map(|width| (width, fold(&row.license(), width))));
        columns.push((self.learnt, fold(&row.learnt(), self.learnt)));
        write_row(&columns, "  ", "1", style, out)
    }
}

/// What stands below a row: why it is not allowed and what brings it in; with `-v` all that is known.
fn remarks(row: &Cells<'_>, judged: bool, sources: &SourceMap, style: Style) -> Vec<String> {
    let mut lines = Vec::new();
    let all = style.detail > 0;
    let rule = if row.rule.is_empty() { String::new() } else { format!(" [{}]", row.rule) };
    if (is_open(row) || all) && !row.reason.is_empty() {
        lines.push(format!("{}{}", row.reason, if is_open(row) { &rule } else { "" }));
    }
    if !judged && row.expression.is_empty() && !row.candidates.is_empty() {
        lines.push(format!("may be {}", row.candidates));
    }
    for conflict in &row.conflicts {
        let rule = if is_open(row) { "" } else { &rule };
        lines.push(format!("contradicted by the {conflict}{rule}"));
    }
    if (is_open(row) || all) && !row.groups.is_empty() && row.groups != "main" {
        lines.push(format!("in: {}", row.groups));
    }
    let paths = row.row.paths.iter().filter(|path| path.len() > 1);
    let shown = if all { usize::MAX } else { usize::from(is_open(row)) };
    lines.extend(paths.take(shown).map(|path| format!("path: {}", path.join(" > "))));
    if all {
        for evidence in &row.row.evidence {
            let about = evidence.about.as_ref().map(|about| format!(", of version {about}"));
            let at = evidence.span.map(|span| format!(" at {}", place(sources, span)));
            let words = reading_words(&evidence.reading);
            let value =
                if evidence.value == words { String::new() } else { format!(" {:?}", cut(&evidence.value)) };
            lines.push(format!(
                "evidence: {}{value}{}: {words} ({}{})",
                evidence.source.words(),
                at.unwrap_or_default(),
                evidence.strength.as_str(),
                about.unwrap_or_default(),
            ));
        }
    }
    lines
}

/// The beginning of what may be a whole license text.
fn cut(text: &str) -> String {
    let first: String = text.chars().take(60).collect();
    if first.len() < text.len() { format!("{first}…") } else { first }
}

/// The counts, and the verdict.
fn closing(report: &LicenseReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let color = match report.verdict {
        Verdict::Clean => "1;32",
        Verdict::Findings => "1;31",
        Verdict::Incomplete => "1;33",
    };
    for line in summary_words(report) {
        writeln!(out, "{}", wrapped(&line, "", style))?;
    }
    let lead = format!("{} ", style.paint(color, &format!("{}:", report.verdict.as_str())));
    writeln!(out, "{}", wrapped_to(&verdict_words(report), &lead, 2, style))?;
    if !report.has_policy {
        let help =
            "to judge them, write what is allowed into audit.toml: [licenses] allow = [\"MIT\", \"ISC\"]";
        writeln!(out, "{}", wrapped(help, &format!("  {} ", style.paint("36", "help:")), style))?;
    }
    Ok(())
}
