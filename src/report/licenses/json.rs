//! `json`, version 1: a contract, described in `docs/schema/licenses-v1.schema.json`. Only ever added to.

use std::io::{self, Write};

use super::rows::dependencies;
use crate::model::{
    LicenseEvidence, LicenseExpression, LicenseReading, LicenseReport, LicenseRow, SourceMap,
};
use crate::report::Style;
use crate::report::json_writer::JsonWriter;
use crate::report::purl::{masked_url, purl_of};
use crate::report::words::thousandths;

pub(super) fn render(
    report: &LicenseReport,
    sources: &SourceMap,
    _: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    JsonWriter::document(out, |json| {
        json.number("version", 1);
        json.object("tool", |json| {
            json.text("name", "audit");
            json.text("version", env!("CARGO_PKG_VERSION"));
        });
        json.text_or_null("project", report.project.as_deref());
        json.text("verdict", report.verdict.as_str());
        json.flag("policy", report.has_policy);
        json.object("summary", |json| {
            let summary = report.summary;
            json.number("packages", summary.packages);
            json.number("with_expression", summary.with_expression);
            json.number("fallback", summary.fallback);
            json.number("deny", summary.deny);
            json.number("warn", summary.warn);
            json.number("skipped", summary.skipped);
        });
        json.list("packages", |json| {
            for row in dependencies(report) {
                json.object("", |json| package(row, sources, json));
            }
        });
        json.list("skipped", |json| {
            for skip in &report.skipped {
                json.object("", |json| {
                    json.text("path", &skip.path);
                    json.number("line", skip.span.map_or(1, |span| sources.location(span).line));
                    json.text("what", &skip.what);
                    json.text("why", &skip.why);
                    json.flag("accepted", skip.accepted.is_some());
                });
            }
        });
    })
}

fn package(row: &LicenseRow, sources: &SourceMap, json: &mut JsonWriter<'_>) {
    let conclusion = &row.conclusion;
    json.text("name", row.name.as_str());
    json.text_or_null("version", row.version.as_ref().map(crate::model::Version::as_str));
    json.text("specifier", &row.specifier);
    json.text("purl", &purl_of(row));
    let expression = conclusion.expression.as_ref().map(ToString::to_string);
    json.text_or_null("expression", expression.as_deref());
    json.texts("candidates", words(&conclusion.candidates));
    json.object("conclusion", |json| {
        optional_number("evidence", conclusion.decided_by, json);
        json.list("conflicts", |json| conclusion.conflicts.iter().for_each(|index| json.number("", *index)));
    });
    json.list("evidence", |json| {
        for piece in &row.evidence {
            json.object("", |json| evidence(piece, sources, json));
        }
    });
    json.text("decision", row.decision.as_str());
    json.text_or_null("rule", row.rule);
    json.text("reason", &row.reason);
    json.texts("groups", &row.groups);
    json.list("paths", |json| row.paths.iter().for_each(|path| json.texts("", path)));
    json.object("source", |json| {
        json.text("type", row.source.kind.as_str());
        json.text_or_null("url", row.source.url.as_deref().map(masked_url).as_deref());
        json.text_or_null("ref", row.source.reference.as_deref());
    });
    json.list("places", |json| {
        for (path, line) in &row.places {
            json.object("", |json| {
                json.text("path", path);
                json.number("line", *line);
            });
        }
    });
    json.list("hashes", |json| {
        for hash in &row.hashes {
            json.text("", &format!("{}:{}", hash.algorithm, hash.digest));
        }
    });
    json.text_or_null("author", row.author.as_deref());
    json.text_or_null("homepage", row.homepage.as_deref().map(masked_url).as_deref());
    json.texts("copyrights", &row.copyrights);
    json.texts("license_files", row.texts.iter().map(|text| &text.name));
}

fn evidence(evidence: &LicenseEvidence, sources: &SourceMap, json: &mut JsonWriter<'_>) {
    json.text("source", evidence.source.as_str());
    json.text("value", &evidence.short_value());
    json.text("strength", evidence.strength.as_str());
    let (expression, candidates, problem) = match &evidence.reading {
        LicenseReading::License(expression) => (Some(expression.to_string()), &[][..], None),
        LicenseReading::Ambiguous(candidates) => (None, &candidates[..], None),
        LicenseReading::Invalid(error) => (None, &[][..], Some(error.message.as_str())),
        LicenseReading::Unknown => (None, &[][..], None),
    };
    json.text_or_null("expression", expression.as_deref());
    json.texts("candidates", words(candidates));
    json.text_or_null("problem", problem);
    let place = evidence.span.map(|span| sources.location(span));
    json.text_or_null("path", place.as_ref().map(|place| place.path.as_str()));
    optional_number("line", place.as_ref().map(|place| place.line), json);
    match evidence.score {
        // JSON knows no number that is none.
        Some(score) if score.is_finite() => json.word("score", &thousandths(score).to_string()),
        _ => json.text_or_null("score", None),
    }
    json.text_or_null("about", evidence.about.as_deref());
}

fn words(expressions: &[LicenseExpression]) -> impl Iterator<Item = String> {
    expressions.iter().map(ToString::to_string)
}

fn optional_number(key: &str, number: Option<usize>, json: &mut JsonWriter<'_>) {
    match number {
        Some(number) => json.number(key, number),
        None => json.text_or_null(key, None),
    }
}
