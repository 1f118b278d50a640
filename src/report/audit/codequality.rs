//! `codequality`: a report of GitLab's code quality, an issue for each finding and for each thing that was not audited.
//!
//! Source: GitLab, "Code Quality report format": `description`, `check_name`, `fingerprint` (no two the same),
//! `severity` (`info`, `minor`, `major`, `critical`, `blocker`), `location.path`, `location.lines.begin`. A schema of it
//! is in docs/schema/codequality.schema.json.

use std::io::{self, Write};

use super::fingerprint::Fingerprints;
use super::place::{file_place, first_input, is_in_tree};
use crate::model::{Finding, Level, Report, Severity, Skipped, SourceMap};
use crate::report::Style;
use crate::report::json_writer::JsonWriter;

pub(super) fn render(report: &Report, sources: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut prints = Fingerprints::default();
    JsonWriter::list_document(out, |json| {
        for finding in &report.findings {
            let (print, number) = prints.next(finding);
            let print = if number == 1 { print } else { format!("{print}-{number}") };
            let place = file_place(finding, report, sources);
            let (path, line, elsewhere) = match place {
                Some(place) => (place.location.path, place.location.line, place.elsewhere),
                None => (".".to_owned(), 1, None),
            };
            let elsewhere = elsewhere.map(|words| format!(" (in {words})")).unwrap_or_default();
            let help = finding.help.as_deref().map(|help| format!("; next step: {help}")).unwrap_or_default();
            let issue = Issue {
                description: &format!("{}{elsewhere}{help}", finding.message),
                rule: finding.rule.id,
                print: &print,
                severity: severity(finding),
                path: &path,
                line,
            };
            json.object("", |json| issue.write(json));
        }
        for (number, skip) in report.skipped.iter().filter(|skip| skip.accepted.is_none()).enumerate() {
            not_audited(skip, number, report, sources, json);
        }
    })
}

fn not_audited(
    skip: &Skipped,
    number: usize,
    report: &Report,
    sources: &SourceMap,
    json: &mut JsonWriter<'_>,
) {
    let in_tree = Some(skip.path.as_str()).filter(|path| is_in_tree(path));
    let print =
        crate::report::bill::uuid(|out| write!(out, "{}\0{}\0{}\0{number}", skip.path, skip.what, skip.why));
    let issue = Issue {
        description: &format!("not audited: {}: {}", skip.what, skip.why),
        rule: "unsupported-input",
        print: &print.unwrap_or_default(),
        severity: "major",
        path: in_tree.or_else(|| first_input(report)).unwrap_or("."),
        line: skip.span.map_or(1, |span| sources.location(span).line),
    };
    json.object("", |json| issue.write(json));
}

struct Issue<'a> {
    description: &'a str,
    rule: &'static str,
    print: &'a str,
    severity: &'static str,
    path: &'a str,
    line: usize,
}

impl Issue<'_> {
    fn write(&self, json: &mut JsonWriter<'_>) {
        json.text("description", self.description);
        json.text("check_name", self.rule);
        json.text("fingerprint", self.print);
        json.text("severity", self.severity);
        json.object("location", |json| {
            json.text("path", self.path);
            json.object("lines", |json| json.number("begin", self.line));
        });
    }
}

/// What fails a run is at least major; what does not is never more than minor.
fn severity(finding: &Finding) -> &'static str {
    let is_malware = finding.severity.is_none() && finding.advisory().is_some();
    match (finding.level, finding.severity) {
        (Level::Allow | Level::Note, _) => "info",
        (Level::Warn, _) => "minor",
        (Level::Deny, _) if is_malware => "blocker",
        (Level::Deny, Some(Severity::Critical)) => "blocker",
        (Level::Deny, Some(Severity::High)) => "critical",
        (Level::Deny, _) => "major",
    }
}
