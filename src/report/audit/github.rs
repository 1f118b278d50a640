//! `github`: workflow commands, which GitHub shows as annotations of the lines of a change.
//!
//! Sources: GitHub, "Workflow commands for GitHub Actions" (`::error file=…,line=…::message`); the runner's
//! `ActionCommand` and `actions/toolkit` (`command.ts`): `%`, CR and LF are written as `%25`, `%0D` and `%0A`, in
//! properties also `:` and `,`; "Creating annotations": columns only when it is one line. A step shows ten annotations
//! of each kind: the most urgent come first, and the last notice counts the others. What was known before a change is
//! counted only.

use std::io::{self, BufWriter, Write};

use super::group::{Group, groups, most_urgent};
use super::place::{is_in_tree, whole_file};
use super::words::{counts, verdict_words};
use crate::model::{Level, Location, Report, Skipped, SourceMap, Status};
use crate::report::Style;
use crate::report::sanitize::line;
use crate::report::words::{comes_in_by, count, risk, shortened};

/// So many annotations of each kind are shown for a step.
const SHOWN: usize = 10;

/// So many warnings are kept for what was not audited, when there are many warnings.
const SKIPS: usize = 5;

/// So many flaws of one package are told.
const FLAWS: usize = 5;

/// The longest line of a message, in characters: an annotation is no place to read a book.
const LONGEST: usize = 400;

pub(super) fn render(report: &Report, sources: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let findings = report.findings.iter().filter(|finding| finding.status != Some(Status::Known));
    let groups = most_urgent(groups(findings));
    let open: Vec<_> = report.skipped.iter().filter(|skip| skip.accepted.is_none()).collect();
    let warnings = groups.iter().filter(|group| group.level() == Level::Warn).count();
    let skips = open.len().min(SHOWN - warnings.min(SHOWN - SKIPS));
    let mut left_out = 0;
    for (kind, level, room) in [
        ("error", Level::Deny, SHOWN),
        ("warning", Level::Warn, SHOWN - skips),
        ("notice", Level::Note, SHOWN - 1),
    ] {
        if level == Level::Warn {
            for skip in open.iter().take(skips) {
                not_audited(skip, sources, &mut out)?;
            }
        }
        for (number, group) in groups.iter().filter(|group| group.level() == level).enumerate() {
            if number < room {
                annotate(kind, group, sources, &mut out)?;
            } else {
                left_out += group.findings.len();
            }
        }
    }
    rest(report, left_out, open.len() - skips, &mut out)?;
    writeln!(out, "{}: {}", report.verdict.as_str(), verdict_words(report))?;
    if let Some(change) = &report.change {
        writeln!(out, "  {}", line(&counts(change)))?;
    }
    out.flush()
}

/// One annotation for what is told together.
fn annotate(kind: &str, group: &Group<'_>, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let first = group.first();
    let mut lines = vec![group.headline()];
    if let [one] = &group.findings[..] {
        lines.extend(one.advisory().and_then(risk));
    } else {
        let flaws = group.findings.iter().filter_map(|finding| group.flaw(finding));
        lines.extend(flaws.take(FLAWS).map(|(title, what)| format!("- {title} {what}")));
        let more = group.findings.len().saturating_sub(FLAWS);
        if more > 0 {
            lines.push(format!("- and {more} more"));
        }
    }
    if first.status == Some(Status::News) {
        lines.push("news: this change does not touch it".to_owned());
    }
    if !first.paths.is_empty() && first.paths.iter().all(|path| path.len() > 1) {
        lines.push(format!("comes in by: {}", comes_in_by(&first.paths)));
    }
    lines.extend(group.help().map(|help| format!("next step: {help}")));
    let title = match group.package() {
        Some((name, Some(version))) => format!("{}: {name} {version}", first.rule.id),
        Some((name, None)) => format!("{}: {name}", first.rule.id),
        None => first.rule.id.to_owned(),
    };
    command(kind, Some(sources.location(first.primary.span)), &title, &lines, out)
}

fn not_audited(skip: &Skipped, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let place = skip.span.map_or_else(|| whole_file(&skip.path), |span| sources.location(span));
    let what = if skip.what == skip.path { String::new() } else { format!("{}: ", skip.what) };
    command("warning", Some(place), "not audited", &[format!("{what}{}", skip.why)], out)
}

/// What no annotation says, and where all of it stands.
fn rest(report: &Report, findings: usize, skips: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut parts = Vec::new();
    if findings > 0 {
        parts.push(count(findings, "more finding", "more findings"));
    }
    if skips > 0 {
        parts.push(format!("{} not audited", count(skips, "more thing", "more things")));
    }
    if let Some(known) = report.change.as_ref().map(|change| change.known).filter(|known| *known > 0) {
        parts.push(format!("{} before", count(known, "finding that was there", "findings that were there")));
    }
    if parts.is_empty() {
        return Ok(());
    }
    let lines = [
        format!("no annotation for {}", parts.join(", ")),
        "all of it: --report markdown=\"$GITHUB_STEP_SUMMARY\" writes the job summary, --report sarif=FILE a \
         report for code scanning"
            .to_owned(),
    ];
    command("notice", None, "audit", &lines, out)
}

/// Writes one command. A place that is no file of the repository is left out.
fn command(
    kind: &str,
    place: Option<Location>,
    title: &str,
    lines: &[String],
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "::{kind} ")?;
    if let Some(place) = place.filter(|place| is_in_tree(&place.path)) {
        let Location { path, line, column, end_line, end_column } = place;
        write!(out, "file={},line={line},", property(&path))?;
        if end_line > line {
            write!(out, "endLine={end_line},")?;
        } else {
            // The last column, where ours is the one behind it.
            write!(out, "endLine={end_line},col={column},endColumn={},", (end_column - 1).max(column))?;
        }
    }
    let lines: Vec<_> = lines.iter().map(|line| data(&shortened(line, LONGEST))).collect();
    writeln!(out, "title={}::{}", property(&shortened(title, LONGEST)), lines.join("%0A"))
}

/// Text as the data of a command.
fn data(text: &str) -> String {
    line(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text as a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_means_something_to_a_runner_is_escaped() {
        assert_eq!(data("50 %0A: a, b"), "50 %250A: a, b");
        assert_eq!(property("a b:c,d%"), "a b%3Ac%2Cd%25");
        assert_eq!(data("one\r\ntwo"), "one\\x0d\\x0atwo");
    }

    /// What the runner reads: up to the second `::`, then the properties, split at commas and at the first `=`.
    fn read(command: &str) -> (String, Vec<(String, String)>, String) {
        let (head, data) = command.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (kind, properties) = head.split_once(' ').unwrap();
        let undo = |text: &str, property: bool| {
            let text = if property { text.replace("%3A", ":").replace("%2C", ",") } else { text.to_owned() };
            text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        };
        let pairs = properties.split(',').map(|pair| pair.split_once('=').unwrap());
        let pairs = pairs.map(|(name, value)| (name.to_owned(), undo(value, true)));
        (kind.to_owned(), pairs.collect(), undo(data, false))
    }

    proptest! {
        /// Whatever a file is called and a message says: one line, and a runner reads back what was meant.
        #[test]
        fn whatever_comes_in(path in "[a-z][\\PC:,%=]{0,20}", text in "(\\PC|[%:,\r\n\u{1b}]){0,40}") {
            prop_assume!(is_in_tree(&path));
            let mut out = Vec::new();
            let place = whole_file(&path);
            command("error", Some(place), &text, &[text.clone(), "second".to_owned()], &mut out).unwrap();
            let written = String::from_utf8(out).unwrap();
            prop_assert_eq!(written.trim_end_matches('\n').lines().count(), 1);
            let (kind, properties, message) = read(written.trim_end_matches('\n'));
            prop_assert_eq!(kind, "error");
            let names: Vec<_> = properties.iter().map(|(name, _)| name.as_str()).collect();
            prop_assert_eq!(names, ["file", "line", "endLine", "col", "endColumn", "title"]);
            prop_assert_eq!(&properties[0].1, &line(&path));
            prop_assert_eq!(&properties[5].1, &line(&text));
            prop_assert_eq!(message, format!("{}\nsecond", line(&text)));
        }
    }
}
