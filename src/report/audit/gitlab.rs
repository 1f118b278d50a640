//! `gitlab`: a report of GitLab's dependency scanning, schema 15.2.1.
//!
//! Vulnerabilities and malware, an entry for each flaw; everything else that was found is in `codequality`, and the
//! dependency list in `cyclonedx`. What is ignored for good is flagged as a likely false positive, the only thing that
//! the schema can say; what is ignored until a day is real, and is named in a message of the scan instead.
//!
//! Source: the schema (times in UTC without zone and fraction, names up to 255 and solutions up to 7,000 characters,
//! vectors of CVSS 2 and 3 only, `description` is GitLab Flavored Markdown).

use std::io::{self, Write};

use super::fingerprint::Fingerprints;
use super::flaw::{Flaw, flaws, issuer, links};
use super::place::Locks;
use super::vector::vector;
use crate::model::{Finding, Ignored, Report, Severity, SourceMap, mask};
use crate::report::Style;
use crate::report::bill::uuid;
use crate::report::json_writer::JsonWriter;
use crate::report::markdown_text;

pub(super) fn render(report: &Report, sources: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    JsonWriter::document(out, |json| {
        json.text("version", "15.2.1");
        json.object("scan", |json| scan(report, json));
        let mut prints = Fingerprints::default();
        let locks = Locks::of(report);
        json.list("vulnerabilities", |json| {
            let found = report.findings.iter().map(|finding| (finding, None));
            let taken_out = report.ignored.iter().filter(|ignored| ignored.until.is_none());
            let taken_out = taken_out.map(|ignored| (&ignored.finding, Some(ignored)));
            for (finding, ignored) in found.chain(taken_out) {
                let flaws = flaws(finding);
                if flaws.is_empty() {
                    continue;
                }
                let file = locks.file_of(finding, report, sources);
                let (print, number) = prints.next(finding);
                let print = format!("{print}\0{number}");
                for flaw in &flaws {
                    let entry = Entry { finding, flaw, file: &file, print: &print };
                    json.object("", |json| vulnerability(&entry, ignored, json));
                }
            }
        });
    })
}

fn scan(report: &Report, json: &mut JsonWriter<'_>) {
    for who in ["analyzer", "scanner"] {
        json.object(who, |json| {
            json.text("id", "audit");
            json.text("name", "audit");
            json.text("version", env!("CARGO_PKG_VERSION"));
            json.object("vendor", |json| json.text("name", "audit"));
        });
    }
    json.text("type", "dependency_scanning");
    for moment in ["start_time", "end_time"] {
        json.text(moment, &format!("{}T00:00:00", report.today));
    }
    json.text("status", "success");
    json.list("messages", |json| {
        let mut say = |level, text: String| {
            json.object("", |json| {
                json.text("level", level);
                json.text("value", &text);
            });
        };
        for skip in &report.skipped {
            let (level, reason) = match &skip.accepted {
                Some(reason) => ("info", format!(" (accepted: {reason})")),
                None => ("warn", String::new()),
            };
            say(level, format!("not audited: {}: {}: {}{reason}", skip.path, skip.what, skip.why));
        }
        for Ignored { finding, reason, until, .. } in &report.ignored {
            if let Some(until) = until.as_ref().filter(|_| !flaws(finding).is_empty()) {
                say("info", format!("ignored until {until}: {}: {reason}", finding.message));
            }
        }
    });
}

/// One entry of the list.
struct Entry<'a> {
    finding: &'a Finding,
    flaw: &'a Flaw<'a>,
    file: &'a str,
    print: &'a str,
}

fn vulnerability(entry: &Entry<'_>, ignored: Option<&Ignored>, json: &mut JsonWriter<'_>) {
    let Entry { finding, flaw, file, print } = entry;
    let package = finding.package.as_deref();
    let name = package.map_or("", |package| package.name.as_str());
    let id = uuid(|out| write!(out, "{print}\0{}", flaw.ids.join("\0")));
    json.text("id", &id.unwrap_or_default());
    let summary = flaw.advisory.and_then(|advisory| advisory.summary.as_deref());
    let words = summary.map(|summary| format!(": {summary}")).unwrap_or_default();
    json.text("name", &cut(&format!("{} in {name}{words}", flaw.shown), 255));
    json.text("description", &description(finding, summary));
    json.text("severity", severity(flaw));
    if let Some(help) = &finding.help {
        json.text("solution", &cut(help, 7000));
    }
    json.list("identifiers", |json| {
        for id in flaw.ids.iter().filter(|id| !id.is_empty()) {
            let issuer = issuer(id);
            json.object("", |json| {
                json.text("type", issuer.kind);
                json.text("name", id);
                json.text("value", id);
                if let Some(url) = &issuer.url {
                    json.text("url", url);
                }
            });
        }
    });
    let vector = flaw.advisory.and_then(vector).filter(super::vector::Vector::is_base_only);
    if let Some(vector) = vector {
        json.list("cvss_vectors", |json| {
            json.object("", |json| {
                json.text("vendor", "unknown");
                json.text("vector", vector.text);
            });
        });
    }
    json.list("links", |json| {
        for url in flaw.advisory.into_iter().flat_map(links) {
            json.object("", |json| json.text("url", &url));
        }
    });
    if let Some(ignored) = ignored {
        json.list("flags", |json| {
            json.object("", |json| {
                json.text("type", "flagged-as-likely-false-positive");
                json.text("origin", "audit");
                json.text("description", &format!("ignored ({}): {}", ignored.by.as_str(), ignored.reason));
            });
        });
    }
    json.object("location", |json| {
        json.text("file", file);
        json.object("dependency", |json| {
            json.object("package", |json| json.text("name", name));
            let version =
                package.and_then(|package| package.version.as_ref()).map(crate::model::Version::as_str);
            let admitted = finding.range().map(|range| range.specifier.as_str());
            json.text("version", version.or(admitted).unwrap_or(""));
            if !finding.paths.is_empty() {
                json.flag("direct", finding.paths.iter().any(|path| path.len() == 1));
            }
        });
    });
}

/// In Markdown: what was found, what the record says, and how the package comes in.
fn description(finding: &Finding, summary: Option<&str>) -> String {
    let mut text = markdown_text::text(&finding.message);
    if let Some(summary) = summary {
        text.push_str("\n\n");
        text.push_str(&markdown_text::text(summary));
    }
    let paths = finding.paths.iter().filter(|path| path.len() > 1);
    for (number, path) in paths.enumerate() {
        text.push_str(if number == 0 { "\n\nIt comes in by:\n\n- " } else { "\n- " });
        text.push_str(&markdown_text::text(&path.join(" > ")));
    }
    cut(&text, 1_048_576)
}

fn severity(flaw: &Flaw<'_>) -> &'static str {
    match flaw.severity {
        None | Some(Severity::Critical) => "Critical",
        Some(Severity::High) => "High",
        Some(Severity::Medium) => "Medium",
        Some(Severity::Low) => "Low",
        Some(Severity::None) => "Info",
        Some(Severity::Unknown) => "Unknown",
    }
}

/// At most so many characters, without secrets.
fn cut(text: &str, most: usize) -> String {
    let text = mask(text);
    if text.chars().count() <= most {
        return text.into_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
