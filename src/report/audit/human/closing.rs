//! The last lines: which data was used, and the verdict.

use crate::model::set_of;
use std::collections::BTreeSet;

use super::change::counts;
use crate::model::{Evidence, Finding, Level, PackageName, Report, Selected, Selection, Verdict};
use crate::report::Style;
use crate::report::paragraph::{safe, wrapped};
use crate::report::words::{count, thousands};

/// How many files are named one by one that do not list what they pull in.
const OPEN_FILES: usize = 3;

/// Which data was used, and how old it is.
pub(super) fn data_line(report: &Report) -> String {
    let sources: Vec<_> = report
        .database
        .sources
        .iter()
        .map(|source| {
            let day = if source.published.is_empty() { "of an unknown day" } else { &source.published };
            format!("{} {day} ({})", source.name, thousands(source.records))
        })
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
pub(super) fn closing_line(report: &Report, style: Style) -> String {
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
            let affected = match affected_packages(report) {
                0 => format!("{scope} audited"),
                some => format!("in {} of {scope}", thousands(some)),
            };
            ("1;31", "findings", format!("{} denied, {affected}{skipped}", thousands(summary.deny)))
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

/// What was asked about, and how much that left out.
fn selected_line(selected: &Selected) -> String {
    let Selection { groups, no_dev, extras, environment } = &selected.selection;
    let mut parts = Vec::new();
    if !groups.is_empty() {
        parts.push(format!("group {}", groups.join(", ")));
    }
    if *no_dev {
        parts.push("no development groups".to_owned());
    }
    if !extras.is_empty() {
        let names: Vec<_> = extras.iter().map(PackageName::as_str).collect();
        parts.push(format!("extra {}", names.join(", ")));
    }
    if let Some(release) = &environment.python {
        let numbers: Vec<_> = release.iter().map(u64::to_string).collect();
        parts.push(format!("Python {}", numbers.join(".")));
    }
    parts.extend(environment.platform.map(|platform| platform.as_str().to_owned()));
    let left_out = count(selected.left_out, "entry", "entries");
    format!("asked about: {}; {left_out} left out", parts.join(", "))
}

/// How many packages (name and version) a denied finding is about.
fn affected_packages(report: &Report) -> usize {
    let denied = report.findings.iter().filter(|finding| finding.level == Level::Deny);
    let packages = denied.filter_map(|finding| finding.package.as_ref());
    set_of(packages.map(|package| (&package.name, &package.version))).len()
}
