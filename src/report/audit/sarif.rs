//! `sarif`: SARIF 2.1.0, for GitHub code scanning and other viewers.
//!
//! Sources: SARIF 2.1.0 (the clauses are named below); GitHub, "SARIF support for code scanning": `message.text`,
//! relative URIs, lines from 1, `security-severity` and the tag `security` of a rule, and the fingerprint
//! `primaryLocationLineHash`, which ends in a colon and a number.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::fingerprint::Fingerprints;
use super::place::{FilePlace, file_place, is_in_tree, whole_file};
use crate::model::{
    Finding, Group, Ignored, Level, Location, Report, Rule, Severity, SourceMap, Span, Status, Suppression,
    Version, mask,
};
use crate::report::Style;
use crate::report::json_writer::JsonWriter;
use crate::report::purl::{percent, purl};

/// More places of one result are not shown (GitHub: 1,000 a result).
const MOST_PLACES: usize = 1000;

pub(super) fn render(report: &Report, sources: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let rules = rules(report);
    JsonWriter::document(out, |json| {
        json.text("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.text("version", "2.1.0");
        json.list("runs", |json| {
            json.object("", |json| {
                json.object("tool", |json| {
                    json.object("driver", |json| {
                        json.text("name", "audit");
                        json.text("version", env!("CARGO_PKG_VERSION"));
                        json.text("semanticVersion", env!("CARGO_PKG_VERSION"));
                        json.list("rules", |json| {
                            for used in rules.values() {
                                json.object("", |json| rule(used, json));
                            }
                        });
                    });
                });
                json.list("invocations", |json| json.object("", |json| invocation(report, sources, json)));
                json.object("originalUriBaseIds", |json| {
                    json.object("%SRCROOT%", |json| {
                        message(
                            "description",
                            "the root of the audit: of the repository, when it is one",
                            json,
                        );
                    });
                });
                json.text("columnKind", "unicodeCodePoints");
                json.list("results", |json| results(report, sources, &rules, json));
            });
        });
    })
}

/// A rule that fired.
struct Used {
    index: usize,
    rule: &'static Rule,
    /// The highest of its findings, for GitHub; `None` when it is not about security.
    severity: Option<f64>,
}

/// The rules that fired, by id.
fn rules(report: &Report) -> BTreeMap<&'static str, Used> {
    let mut rules = BTreeMap::new();
    for finding in report.findings.iter().chain(report.ignored.iter().map(|ignored| &ignored.finding)) {
        let used =
            rules.entry(finding.rule.id).or_insert(Used { index: 0, rule: finding.rule, severity: None });
        used.severity = security_severity(finding).into_iter().chain(used.severity).reduce(f64::max);
    }
    for (index, used) in rules.values_mut().enumerate() {
        used.index = index;
    }
    rules
}

/// How severe a finding is, 0.1 to 10.0: by its score, or the least score of its severity (GitHub draws the lines of
/// the bands where CVSS draws them); what has no severity by the level that its rule has without a policy. `None` when
/// it is not about security.
#[inline(never)]
fn security_severity(finding: &Finding) -> Option<f64> {
    let score = finding.advisory().and_then(|advisory| advisory.score).filter(|score| *score > 0.0);
    let by_level = |level| match level {
        Level::Deny => 8.0,
        Level::Warn => 5.0,
        _ => 2.0,
    };
    match (finding.rule.group, finding.severity) {
        (Group::Advisory, Some(severity)) => Some(score.unwrap_or(match severity {
            Severity::Critical => 9.0,
            // As the policy counts it unless it says otherwise.
            Severity::High | Severity::Unknown => 7.0,
            Severity::Medium => 4.0,
            Severity::Low | Severity::None => 0.1,
        })),
        // Malware.
        (Group::Advisory, None) => finding.advisory().map(|_| 10.0),
        (Group::Names | Group::Hygiene, _) => Some(by_level(finding.rule.default_level)),
        _ => None,
    }
}

/// `reportingDescriptor` (SARIF 3.49).
fn rule(used: &Used, json: &mut JsonWriter<'_>) {
    let Used { rule, severity, .. } = used;
    let text = &rule.explanation;
    json.text("id", rule.id);
    message("shortDescription", rule.summary, json);
    message("fullDescription", text.checks, json);
    json.object("help", |json| {
        json.text("text", &format!("{}\n\n{}", text.matters, text.action));
        let markdown = format!(
            "{}\n\n{}\n\n**What to do.** {}\n\n`audit explain {}`",
            text.checks, text.matters, text.action, rule.id
        );
        json.text("markdown", &markdown);
    });
    json.object("defaultConfiguration", |json| {
        json.flag("enabled", rule.default_level > Level::Allow);
        json.text("level", level(rule.default_level));
    });
    json.object("properties", |json| {
        let security = severity.is_some().then_some("security");
        json.texts("tags", security.into_iter().chain(["dependencies", rule.group.as_str()]));
        json.text("precision", if rule.group == Group::Names { "medium" } else { "very-high" });
        if let Some(severity) = severity {
            json.text("security-severity", &format!("{severity:.1}"));
        }
    });
}

fn message(key: &str, text: &str, json: &mut JsonWriter<'_>) {
    json.object(key, |json| json.text("text", text));
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Note => "note",
        Level::Allow => "none",
    }
}

/// What was not audited, and what is worth saying (SARIF 3.20.14 and 3.20.21).
fn invocation(report: &Report, sources: &SourceMap, json: &mut JsonWriter<'_>) {
    let is_whole = report.summary.skipped == 0 || report.allow_incomplete;
    json.flag("executionSuccessful", is_whole);
    json.list("toolExecutionNotifications", |json| {
        let mut say = |level, text: &str, path: &str, span: Option<Span>| {
            json.object("", |json| {
                json.text("level", level);
                message("message", &plain(text), json);
                let place = span.map_or_else(|| whole_file(path), |span| sources.location(span));
                if is_in_tree(&place.path) {
                    json.list("locations", |json| {
                        json.object("", |json| physical(&place, json));
                    });
                }
            });
        };
        for skip in &report.skipped {
            let (level, reason) = match &skip.accepted {
                Some(reason) => ("note", format!(" (accepted: {reason})")),
                None => ("error", String::new()),
            };
            say(level, &format!("not audited: {}: {}{reason}", skip.what, skip.why), &skip.path, skip.span);
        }
        report.notes.iter().for_each(|note| say("note", &note.text, &note.path, note.span));
    });
}

fn results(
    report: &Report,
    sources: &SourceMap,
    rules: &BTreeMap<&'static str, Used>,
    json: &mut JsonWriter<'_>,
) {
    let mut prints = Fingerprints::default();
    let found = report.findings.iter().map(|finding| (finding, None));
    let taken_out = report.ignored.iter().map(|ignored| (&ignored.finding, Some(ignored)));
    for (finding, ignored) in found.chain(taken_out) {
        json.object("", |json| {
            json.text("ruleId", finding.rule.id);
            json.number("ruleIndex", rules.get(finding.rule.id).map_or(0, |used| used.index));
            json.text("level", level(finding.level));
            if let Some(status) = finding.status {
                json.text("baselineState", if status == Status::New { "new" } else { "unchanged" });
            }
            let help = finding.help.as_deref().map(|help| format!(". Next step: {help}")).unwrap_or_default();
            message("message", &plain(&format!("{}{help}", finding.message)), json);
            places(finding, report, sources, json);
            let (print, number) = prints.next(finding);
            json.object("partialFingerprints", |json| {
                json.text("primaryLocationLineHash", &format!("{print}:{number}"));
                json.text("auditFinding/v1", &print);
            });
            json.list("suppressions", |json| {
                if let Some(ignored) = ignored {
                    json.object("", |json| suppression(ignored, sources, json));
                }
            });
            json.object("properties", |json| properties(finding, json));
        });
    }
}

/// `locations` and `relatedLocations` (SARIF 3.27.12, 3.27.22).
fn places(finding: &Finding, report: &Report, sources: &SourceMap, json: &mut JsonWriter<'_>) {
    let place = file_place(finding, report, sources);
    json.list("locations", |json| {
        let Some(FilePlace { location, elsewhere }) = &place else { return };
        json.object("", |json| {
            physical(location, json);
            if let Some(elsewhere) = elsewhere {
                json.list("logicalLocations", |json| {
                    json.object("", |json| {
                        json.text("name", elsewhere);
                        json.text("kind", "resource");
                    });
                });
                message("message", &plain(&format!("this is about {elsewhere}, not about this file")), json);
            }
        });
    });
    let related = finding.related.iter().map(|label| (sources.location(label.span), &label.message));
    let related = related.filter(|(location, _)| is_in_tree(&location.path)).take(MOST_PLACES).enumerate();
    json.list("relatedLocations", |json| {
        for (number, (location, words)) in related {
            json.object("", |json| {
                json.number("id", number + 1);
                physical(&location, json);
                message("message", &plain(words), json);
            });
        }
    });
}

/// `physicalLocation` (SARIF 3.29): a relative URI (RFC 3986, 4.2), and a region (3.30) when it is not the whole file.
#[inline(never)]
fn physical(location: &Location, json: &mut JsonWriter<'_>) {
    json.object("physicalLocation", |json| {
        json.object("artifactLocation", |json| {
            json.text("uri", &percent(&mask(&location.path), "/"));
            json.text("uriBaseId", "%SRCROOT%");
        });
        json.object("region", |json| {
            json.number("startLine", location.line);
            if (location.line, location.column) < (location.end_line, location.end_column) {
                json.number("startColumn", location.column);
                json.number("endLine", location.end_line);
                json.number("endColumn", location.end_column);
            }
        });
    });
}

/// A plain text message, in which `[` begins a link (SARIF 3.11.6): no text from outside makes one.
#[inline(never)]
fn plain(text: &str) -> String {
    let text = mask(text);
    if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text.into_owned() }
}

/// `suppression` (SARIF 3.35).
fn suppression(ignored: &Ignored, sources: &SourceMap, json: &mut JsonWriter<'_>) {
    let is_inline = ignored.by == Suppression::Inline;
    json.text("kind", if is_inline { "inSource" } else { "external" });
    json.text("status", "accepted");
    json.text("justification", &ignored.reason);
    let place = sources.location(ignored.place);
    if is_in_tree(&place.path) {
        json.object("location", |json| physical(&place, json));
    }
    json.object("properties", |json| {
        json.text("by", ignored.by.as_str());
        if let Some(until) = &ignored.until {
            json.text("until", until);
        }
        if let Suppression::Vex { status, justification } = &ignored.by {
            json.text("vexStatus", status.as_str());
            if let Some(justification) = justification {
                json.text("vexJustification", justification);
            }
        }
    });
}

fn properties(finding: &Finding, json: &mut JsonWriter<'_>) {
    if let Some(severity) = finding.severity {
        json.text("severity", severity.as_str());
    }
    if let Some(severity) = security_severity(finding) {
        json.text("security-severity", &format!("{severity:.1}"));
    }
    if let Some(confidence) = finding.confidence {
        json.text("confidence", confidence.as_str());
    }
    if let Some(status) = finding.status {
        json.text("status", status.as_str());
    }
    if let Some(package) = &finding.package {
        json.text("purl", &purl(package.name.as_str(), package.version.as_ref().map(Version::as_str)));
        json.texts("groups", &package.groups);
    }
    if let Some(advisory) = finding.advisory() {
        json.texts("ids", std::iter::once(&advisory.id).chain(&advisory.aliases));
        if let Some(safe) = &advisory.safe_version {
            json.text("safeVersion", safe);
        }
        json.flag("knownExploited", advisory.kev.is_some());
    }
    if let Some(range) = finding.range() {
        json.texts("ids", range.flaws.iter().flat_map(crate::model::RangeFlaw::ids));
    }
    if !finding.paths.is_empty() {
        json.texts("paths", finding.paths.iter().map(|path| path.join(" > ")));
    }
}
