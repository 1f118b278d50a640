//! `openvex`: OpenVEX 0.2.0, a statement for each flaw of each package version: what was found, and what was said about
//! what is ignored.
//!
//! What is ignored for good is `not_affected`, with the reason as its impact statement; what is ignored until a day is
//! `affected`, and the action is to accept it until then. What another VEX document says keeps its status and its
//! justification. Malware, requirements without a version and everything that is no vulnerability is left out.
//!
//! Source: OpenVEX 0.2.0. Its schema wants at least one statement: a run with nothing to say has none all the same.

use crate::model::Arrange as _;
use std::collections::HashSet;
use std::io::{self, Write};

use super::flaw::{Flaw, flaws};
use crate::model::{Ignored, Report, SourceMap, Suppression, VEX_JUSTIFICATIONS, Version, VexStatus, mask};
use crate::report::Style;
use crate::report::bill::uuid;
use crate::report::json_writer::JsonWriter;
use crate::report::purl::purl;

/// What is said about a flaw of a product.
struct Statement<'a> {
    flaw: Flaw<'a>,
    product: String,
    status: VexStatus,
    justification: Option<&'a str>,
    /// The impact of what is not affected, the action of what is, else a note.
    words: String,
}

pub(super) fn render(report: &Report, _: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let statements = statements(report);
    let identity = uuid(|sink| document(report, &statements, "", sink))?;
    document(report, &statements, &identity, out)
}

fn document(
    report: &Report,
    statements: &[Statement<'_>],
    identity: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    JsonWriter::document(out, |json| {
        json.text("@context", "https://openvex.dev/ns/v0.2.0");
        json.text("@id", &format!("urn:uuid:{identity}"));
        json.text("author", "audit");
        json.text("role", "Document Creator");
        json.text("timestamp", &format!("{}T00:00:00Z", report.today));
        json.number("version", 1);
        json.text("tooling", concat!("audit ", env!("CARGO_PKG_VERSION")));
        json.list("statements", |json| {
            for statement in statements {
                json.object("", |json| write(statement, json));
            }
        });
    })
}

/// In the order of the report. What was found in one project outweighs what is ignored in another.
fn statements(report: &Report) -> Vec<Statement<'_>> {
    let mut statements = Vec::new();
    let mut known = HashSet::new();
    let found = report.findings.iter().map(|finding| (finding, None));
    let taken_out = report.ignored.iter().map(|ignored| (&ignored.finding, Some(ignored)));
    for (finding, ignored) in found.chain(taken_out) {
        let Some(package) = &finding.package else { continue };
        let Some(version) = &package.version else { continue };
        for flaw in flaws(finding).into_iter().filter(|flaw| flaw.severity.is_some()) {
            let product = purl(package.name.as_str(), Some(Version::as_str(version)));
            let first = mask(flaw.ids.first().unwrap_or(&"")).into_owned();
            if !known.insert((first, product.clone())) {
                continue;
            }
            let (status, justification, words) = match ignored {
                Some(ignored) => assessment(ignored),
                None => (VexStatus::Affected, None, finding.help.clone().unwrap_or_default()),
            };
            let words = match words.trim() {
                "" if status == VexStatus::Affected => {
                    "replace the package, or say why the flaw does not concern you".to_owned()
                }
                "" => "ignored without a reason".to_owned(),
                words => words.to_owned(),
            };
            statements.push(Statement { flaw, product, status, justification, words });
        }
    }
    statements
}

fn assessment(ignored: &Ignored) -> (VexStatus, Option<&str>, String) {
    match (&ignored.by, &ignored.until) {
        (Suppression::Vex { status, justification }, _) => {
            // Only the words of the standard are valid.
            let known = justification.as_deref().filter(|word| VEX_JUSTIFICATIONS.contains(word));
            (*status, known, ignored.reason.clone())
        }
        (_, Some(until)) => {
            (VexStatus::Affected, None, format!("accepted until {until}: {}", ignored.reason))
        }
        (_, None) => (VexStatus::NotAffected, None, ignored.reason.clone()),
    }
}

fn write(statement: &Statement<'_>, json: &mut JsonWriter<'_>) {
    let Statement { flaw, product, status, justification, words } = statement;
    json.object("vulnerability", |json| {
        json.text("name", flaw.ids.first().unwrap_or(&""));
        if let Some(summary) = flaw.advisory.and_then(|advisory| advisory.summary.as_deref()) {
            json.text("description", summary);
        }
        // The schema wants no two the same, which they may become when secrets are cut out.
        let mut aliases: Vec<_> = flaw.ids.iter().skip(1).map(|id| mask(id)).collect();
        aliases.arrange();
        aliases.dedup();
        if !aliases.is_empty() {
            json.texts("aliases", aliases);
        }
    });
    json.list("products", |json| {
        json.object("", |json| {
            json.text("@id", product);
            json.object("identifiers", |json| json.text("purl", product));
        });
    });
    json.text("status", status.as_str());
    if let Some(justification) = justification {
        json.text("justification", justification);
    }
    let key = match status {
        VexStatus::NotAffected => "impact_statement",
        VexStatus::Affected => "action_statement",
        VexStatus::Fixed | VexStatus::UnderInvestigation => "status_notes",
    };
    json.text(key, words);
}
