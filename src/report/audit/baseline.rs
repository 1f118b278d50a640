//! `baseline`, version 1: what `audit --baseline FILE` compares a later run with; described in
//! `docs/schema/baseline-v1.schema.json`.
//!
//! Ignored findings are in it as well: when an ignore ends, what it took out is not new. Lines are not: they move.

use crate::model::Arrange as _;
use std::io::{self, Write};

use serde::Serialize;

use crate::model::{Finding, Report, SourceMap};
use crate::report::{Style, json_text, sanitize};

#[derive(Serialize)]
struct Document {
    version: u32,
    tool: Tool,
    findings: Vec<Found>,
    packages: Vec<Package>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    rule: &'static str,
    package: Option<String>,
    ids: Vec<String>,
    path: String,
}

#[derive(Serialize)]
struct Package {
    name: String,
    version: Option<String>,
}

/// Writes the report.
pub(super) fn render(report: &Report, sources: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let ignored = report.ignored.iter().map(|ignored| &ignored.finding);
    let mut findings: Vec<Found> =
        report.findings.iter().chain(ignored).map(|finding| found(finding, sources)).collect();
    findings.arrange();
    let packages = report.packages.iter().map(|(name, version)| Package {
        name: safe(name.as_str()),
        version: version.as_ref().map(|version| safe(version.as_str())),
    });
    let document = Document {
        version: 1,
        tool: Tool { name: "audit", version: env!("CARGO_PKG_VERSION") },
        findings,
        packages: packages.collect(),
    };
    json_text::write(&document, out)
}

fn found(finding: &Finding, sources: &SourceMap) -> Found {
    let mut ids: Vec<String> = finding.ids().iter().map(|id| safe(id)).collect();
    ids.arrange();
    ids.dedup();
    Found {
        rule: finding.rule.id,
        package: finding.package.as_ref().map(|package| safe(package.name.as_str())),
        ids,
        path: safe(&sources.location(finding.primary.span).path),
    }
}

fn safe(text: &str) -> String {
    sanitize::mask(text).into_owned()
}
