//! `human`: for somebody who wants to know which line to change.
//!
//! Findings of one rule about one package at one place are drawn together: the line once, the flaws below it. Nothing
//! is left out by that. Then a table, what was skipped, how old the data is, and one closing line with the verdict.

use std::io::{self, Write};

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

use crate::model::{
    Evidence, Finding, Level, Note, PackageName, Report, Severity, Skipped, SourceMap, Verdict, Version,
};
use crate::report::diagnostic::{Drawing, text_width};
use crate::report::excerpt::Excerpt;
use crate::report::words::{count, place, thousands};
use crate::report::{Style, sanitize};

/// How many paths are shown without `-v`.
const PATHS: usize = 2;
/// How many skips of one file are shown without `-v`.
const SKIPS: usize = 10;

/// Writes the report.
pub(super) fn render(
    report: &Report,
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let groups = groups(&report.findings);
    for group in &groups {
        out.write_all(draw(group, sources, style).as_bytes())?;
        out.write_all(b"\n")?;
    }
    skipped(report, sources, style, out)?;
    if style.detail < 0 {
        return Ok(());
    }
    if let Some(table) = table(&groups, style) {
        writeln!(out, "{table}\n")?;
    }
    ignored(report, sources, style, out)?;
    notes(&report.notes, sources, style, out)?;
    writeln!(out, "{}", wrapped(&data_line(report), "", style))?;
    writeln!(out, "{}", closing_line(report, style))
}

/// Findings of one rule about one package version at one place.
struct Group<'a> {
    findings: Vec<&'a Finding>,
}

impl<'a> Group<'a> {
    fn first(&self) -> &'a Finding {
        self.findings[0]
    }

    fn level(&self) -> Level {
        self.findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Note)
    }

    fn package(&self) -> Option<(&'a PackageName, Option<&'a Version>)> {
        self.first().package.as_ref().map(|package| (&package.name, package.version.as_ref()))
    }

    fn worst(&self) -> Option<Severity> {
        self.findings.iter().filter_map(|finding| finding.severity).max()
    }

    /// The version that clears most: the highest safe one.
    fn safe_version(&self) -> Option<Version> {
        let safe = self.findings.iter().filter_map(|finding| finding.advisory()?.safe_version.as_deref());
        safe.map(Version::new).max()
    }
}

fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in findings {
        let same = |group: &&mut Group<'_>| {
            let first = group.first();
            finding.package.is_some()
                && first.rule == finding.rule
                && first.package == finding.package
                && first.primary == finding.primary
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.findings.push(finding),
            None => groups.push(Group { findings: vec![finding] }),
        }
    }
    groups
}

fn draw(group: &Group<'_>, sources: &SourceMap, style: Style) -> String {
    let first = group.first();
    let message = match (&group.findings[..], group.package()) {
        ([_], _) | (_, None) => sentence(first),
        (many, Some((name, version))) => {
            let version = version.map(|version| format!(" {version}")).unwrap_or_default();
            let kind = if group.worst().is_some() { "known vulnerabilities" } else { "reports of malware" };
            let worst = group.worst().map(|worst| format!(", the worst {worst}")).unwrap_or_default();
            format!("{name}{version} has {} {kind}{worst}", many.len())
        }
    };
    let help = help(group);
    let drawing = Drawing {
        level: group.level(),
        code: Some(first.rule.id),
        message: safe(&message),
        excerpt: Excerpt::new(sources, first.primary.span, text_width(style)),
        label: safe(&first.primary.message),
        help: None,
    };
    let mut text = drawing.render(style);
    if group.findings.len() > 1 {
        for finding in &group.findings {
            text.push_str(&flaw_line(finding, style));
        }
    }
    for (label, content) in context(group, sources, style) {
        text.push_str(&wrapped(&content, &format!("  {label} "), style));
        text.push('\n');
    }
    if let Some(help) = help {
        let lead = format!("  {} ", style.paint("36", "help:"));
        text.push_str(&wrapped(&safe(&help), &lead, style));
        text.push('\n');
    }
    text
}

/// The message with its severity, for a finding that stands alone.
fn sentence(finding: &Finding) -> String {
    match (finding.severity, finding.advisory().and_then(|advisory| advisory.score)) {
        (Some(severity), Some(score)) => format!("{} ({severity} {score:.1})", finding.message),
        (Some(severity), None) => format!("{} (severity {severity})", finding.message),
        _ => finding.message.clone(),
    }
}

/// One flaw of several.
fn flaw_line(finding: &Finding, style: Style) -> String {
    let Some(advisory) = finding.advisory() else { return String::new() };
    let severity = match (finding.severity, advisory.score) {
        (Some(severity), Some(score)) => format!("{severity} {score:.1}"),
        (Some(severity), None) => severity.to_string(),
        _ => String::new(),
    };
    let prefix = finding.message.split_once(": ").map_or(finding.message.as_str(), |(_, what)| what);
    let weak = if finding.level == Level::Deny { String::new() } else { format!(" [{}]", finding.level) };
    let lead = format!("  • {} ", style.paint("1", &safe(&advisory.id)));
    let body = format!("{severity}{weak}: {}", safe(prefix));
    let mut line = wrapped(&body, &lead, style);
    line.push('\n');
    line
}

/// What brought the package in, where it is locked, and with `-v` the evidence.
fn context(group: &Group<'_>, sources: &SourceMap, style: Style) -> Vec<(String, String)> {
    let first = group.first();
    let mut lines = Vec::new();
    let label = |text: &str| style.paint("2", text);
    let long: Vec<_> = first.paths.iter().filter(|path| path.len() > 1).collect();
    let shown = if style.detail > 0 { long.len() } else { PATHS };
    for path in long.iter().take(shown) {
        let path: Vec<_> = path.iter().map(|name| safe(name)).collect();
        lines.push((label("path:"), path.join(" > ")));
    }
    if long.len() > shown {
        lines.push((label("path:"), format!("… and {} more", long.len() - shown)));
    }
    for related in &first.related {
        let what = if related.message.is_empty() { "see" } else { &related.message };
        lines.push((label("also:"), format!("{} ({})", safe(&place(sources, related.span)), safe(what))));
    }
    if let Some(package) = &first.package {
        if let Some(marker) = &package.marker {
            lines.push((label("when:"), safe(marker)));
        }
        if !package.groups.is_empty() && package.groups != ["main"] {
            lines.push((label("in:"), safe(&package.groups.join(", "))));
        }
        let elsewhere =
            package.source.kind != crate::model::SourceKind::Index || package.source.url.is_some();
        if elsewhere {
            let url = package.source.url.as_deref().unwrap_or("elsewhere");
            let text = format!("taken from {}, matched as if it came from the public index", safe(url));
            lines.push((label("note:"), text));
        }
    }
    for finding in &group.findings {
        let Some(advisory) = finding.advisory() else { continue };
        if style.detail > 0 || group.findings.len() == 1 {
            if !advisory.aliases.is_empty() {
                lines.push((label("ids:"), safe(&format!("{} {}", advisory.id, advisory.aliases.join(" ")))));
            }
            let references = if style.detail > 0 { usize::MAX } else { 1 };
            for reference in advisory.references.iter().take(references) {
                lines.push((label("see:"), safe(reference)));
            }
        }
        if style.detail > 0 {
            for matched in &advisory.matched {
                lines.push((label("match:"), safe(&matched_words(matched))));
            }
        }
    }
    lines
}

fn matched_words(matched: &crate::model::Matched) -> String {
    let mut words = vec![matched.record.clone()];
    let mut add = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            words.push(format!("{name} {value}"));
        }
    };
    add("introduced", &matched.introduced);
    add("fixed", &matched.fixed);
    add("last affected", &matched.last_affected);
    add("limit", &matched.limit);
    add("lists version", &matched.version);
    words.join(", ")
}

/// The next step: that of the finding with the highest safe version, which clears the others as well.
fn help(group: &Group<'_>) -> Option<String> {
    let safe = group.safe_version();
    let best = group.findings.iter().find(|finding| {
        let version = finding.advisory().and_then(|advisory| advisory.safe_version.as_deref());
        safe.is_some() && version.map(Version::new) == safe
    });
    let help = best.unwrap_or(&group.findings[0]).help.clone()?;
    let unfixed: Vec<_> = group
        .findings
        .iter()
        .filter_map(|finding| finding.advisory())
        .filter(|advisory| advisory.safe_version.is_none())
        .map(|advisory| advisory.id.as_str())
        .collect();
    if unfixed.is_empty() || safe.is_none() {
        return Some(help);
    }
    Some(format!("{help}; no fixed version is known for {}", unfixed.join(", ")))
}

/// One row per affected package, when there are several.
fn table(groups: &[Group<'_>], style: Style) -> Option<Table> {
    let rows: Vec<_> = groups.iter().filter(|group| group.first().advisory().is_some()).collect();
    if rows.len() < 2 {
        return None;
    }
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(style.width).unwrap_or(80))
        .set_header(["package", "version", "flaws", "worst", "safe", "comes in by"]);
    for group in rows {
        let Some((name, version)) = group.package() else { continue };
        let malware = group.worst().is_none();
        let safe_version = group.safe_version().map_or("-".to_owned(), |version| version.as_str().to_owned());
        let roots = group.first().paths.iter().filter(|path| path.len() > 1).filter_map(|path| path.first());
        let mut roots: Vec<_> = roots.map(|root| safe(root)).collect();
        roots.dedup();
        table.add_row([
            safe(name.as_str()),
            version.map_or("any".to_owned(), |version| safe(version.as_str())),
            group.findings.len().to_string(),
            if malware {
                "malware".to_owned()
            } else {
                group.worst().map_or("-".to_owned(), |worst| worst.to_string())
            },
            safe(&safe_version),
            if roots.is_empty() { "directly".to_owned() } else { roots.join(", ") },
        ]);
    }
    if let Some(column) = table.column_mut(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    if let Some(column) = table.column_mut(5) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(12)));
    }
    Some(table)
}

fn skipped(report: &Report, sources: &SourceMap, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let (accepted, open): (Vec<_>, Vec<_>) = report.skipped.iter().partition(|skip| skip.accepted.is_some());
    if !open.is_empty() {
        let title = format!("not audited: {}", thousands(open.len()));
        writeln!(out, "{}", style.paint("1;33", &title))?;
        rows(&open, sources, style, out)?;
        writeln!(out)?;
    }
    if !accepted.is_empty() && style.detail >= 0 {
        writeln!(out, "not audited, accepted by the policy: {}", thousands(accepted.len()))?;
        rows(&accepted, sources, style, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Skips file by file; what one file repeats is counted, not repeated.
fn rows(skips: &[&Skipped], sources: &SourceMap, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut shown_of_file = 0;
    let mut last: Option<(&str, &str)> = None;
    let mut hidden = 0;
    for skip in skips {
        if last.is_some_and(|(path, _)| path == skip.path) {
            shown_of_file += 1;
        } else {
            more(hidden, style, out)?;
            (shown_of_file, hidden) = (0, 0);
        }
        last = Some((&skip.path, &skip.why));
        if style.detail <= 0 && shown_of_file >= SKIPS {
            hidden += 1;
            continue;
        }
        let at = skip.span.map_or_else(|| skip.path.clone(), |span| place(sources, span));
        let what =
            if skip.what == skip.path { String::new() } else { format!("{}: ", shortened(&skip.what)) };
        let reason =
            skip.accepted.as_ref().map(|reason| format!(" (accepted: {reason})")).unwrap_or_default();
        let lead = format!("  {} ", style.paint("36", &safe(&at)));
        writeln!(out, "{}", wrapped(&safe(&format!("{what}{}{reason}", skip.why)), &lead, style))?;
    }
    more(hidden, style, out)
}

fn more(hidden: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if hidden == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "{}",
        wrapped(&format!("… and {} more in that file (-v shows all)", thousands(hidden)), "  ", style)
    )
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(60).chain(['…']).collect() }
}

fn ignored(report: &Report, sources: &SourceMap, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if report.ignored.is_empty() {
        return Ok(());
    }
    writeln!(out, "ignored: {}", thousands(report.ignored.len()))?;
    for ignored in &report.ignored {
        let finding = &ignored.finding;
        let id = finding.advisory().map_or(finding.rule.id, |advisory| advisory.id.as_str());
        let package = finding.package.as_ref().map(|package| {
            let version = package.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
            format!("{}{version} ", package.name)
        });
        let fix = finding.advisory().and_then(|advisory| advisory.safe_version.as_ref());
        let fix = fix.map(|version| format!("; {version} is safe now")).unwrap_or_default();
        let until = ignored.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
        let at = place(sources, finding.primary.span);
        let text = format!("{}{id} at {at}: {}{until}{fix}", package.unwrap_or_default(), ignored.reason);
        writeln!(out, "{}", wrapped(&safe(&text), "  ", style))?;
    }
    writeln!(out)
}

fn notes(notes: &[Note], sources: &SourceMap, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for note in notes {
        let at = note.span.map_or_else(|| note.path.clone(), |span| place(sources, span));
        let lead = format!("{} ", style.paint("2", "note:"));
        writeln!(out, "{}", wrapped(&safe(&format!("{at}: {}", note.text)), &lead, style))?;
    }
    if notes.is_empty() { Ok(()) } else { writeln!(out) }
}

/// Which data was used, and how old it is.
fn data_line(report: &Report) -> String {
    let sources: Vec<_> = report
        .database
        .sources
        .iter()
        .map(|source| format!("{} {} ({})", source.name, source.published, thousands(source.records)))
        .collect();
    let age = match report.database_age {
        Some(days) => {
            format!("; the oldest is {} old", count(usize::try_from(days).unwrap_or(0), "day", "days"))
        }
        None => String::new(),
    };
    safe(&format!(
        "advisories: {}{age}",
        if sources.is_empty() { "none".to_owned() } else { sources.join(", ") }
    ))
}

/// The verdict in one line.
fn closing_line(report: &Report, style: Style) -> String {
    let summary = report.summary;
    let scope = format!(
        "{} from {}",
        count(summary.packages, "package", "packages"),
        count(summary.inputs, "file", "files")
    );
    let mut extras = Vec::new();
    if summary.warn > 0 {
        extras.push(count(summary.warn, "warning", "warnings"));
    }
    if summary.ignored > 0 {
        extras.push(format!("{} ignored", thousands(summary.ignored)));
    }
    if summary.accepted > 0 {
        extras.push(format!("{} accepted", count(summary.accepted, "skip", "skips")));
    }
    let skipped = match summary.skipped {
        0 => String::new(),
        1 => ", and 1 thing was not audited".to_owned(),
        many => format!(", and {} things were not audited", thousands(many)),
    };
    let (color, verdict, text) = match report.verdict {
        Verdict::Clean => ("1;32", "clean", format!("{scope} audited, nothing denied")),
        Verdict::Findings => {
            let denied = count(summary.deny, "finding denies", "findings deny");
            ("1;31", "findings", format!("{denied} this, in {scope}{skipped}"))
        }
        Verdict::Incomplete => (
            "1;33",
            "incomplete",
            format!("nothing denied in {scope}{}", skipped.replacen(", and", ", but", 1)),
        ),
    };
    let extras = if extras.is_empty() { String::new() } else { format!(" ({})", extras.join(", ")) };
    let mut line = wrapped(
        &format!("{text}{extras}"),
        &format!("{} ", style.paint(color, &format!("{verdict}:"))),
        style,
    );
    for finding in
        report.findings.iter().filter(|finding| matches!(finding.evidence, Some(Evidence::Count(_))))
    {
        line.push('\n');
        line.push_str(&wrapped(&safe(&finding.message), "  ", style));
    }
    if report.allow_incomplete && report.verdict == Verdict::Incomplete {
        line.push('\n');
        line.push_str(&wrapped("exit 0 all the same, because of --allow-incomplete", "  ", style));
    }
    line
}

fn safe(text: &str) -> String {
    sanitize::line(text).into_owned()
}

/// Wraps safe text to the width; `lead` comes first and later lines are indented by its visible width.
fn wrapped(text: &str, lead: &str, style: Style) -> String {
    let visible = visible_width(lead);
    let indent = " ".repeat(visible.min(style.width / 3));
    let options = textwrap::Options::new(style.width.saturating_sub(visible).max(20))
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false);
    let lines = textwrap::wrap(text, options);
    let mut wrapped = String::from(lead);
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            wrapped.push('\n');
            wrapped.push_str(&indent);
        }
        wrapped.push_str(line);
    }
    wrapped.truncate(wrapped.trim_end().len());
    wrapped
}

/// Characters without escape sequences.
fn visible_width(text: &str) -> usize {
    let mut width = 0;
    let mut escaped = false;
    for character in text.chars() {
        match (escaped, character) {
            (false, '\u{1b}') => escaped = true,
            (false, _) => width += 1,
            (true, 'm') => escaped = false,
            (true, _) => {}
        }
    }
    width
}
