//! `cyclonedx`: the bill of material of the license report as CycloneDX 1.6 JSON, with the vulnerabilities that were
//! found, and with what GitLab wants to know of each component.
//!
//! Sources: CycloneDX 1.6, `vulnerabilities`; GitLab, "CycloneDX property taxonomy" (`gitlab:meta:schema_version` is 1;
//! what a component says outweighs what the document says, so that components of several files stand in one document).

use crate::model::set_of;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

use super::flaw::{Flaw, flaws, issuer, links};
use super::place::is_in_tree;
use super::vector::{Scale, vector};
use crate::model::{
    Finding, Ignored, InputSummary, LicenseReport, LicenseRow, LicenseSummary, PackageRef, Report, Severity,
    SourceMap, SubjectKind, Suppression, Verdict, Version, VexStatus,
};
use crate::report::Style;
use crate::report::bill::is_development;
use crate::report::cyclonedx::{Additions, References, property, write};
use crate::report::json_writer::JsonWriter;

pub(super) fn render(report: &Report, _: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let without_rows = report.licenses.is_none().then(|| without_rows(report));
    let Some(bill) = report.licenses.as_ref().or(without_rows.as_ref()) else { return Ok(()) };
    let inputs = report.inputs.iter().filter(|input| is_in_tree(&input.path));
    let inputs = inputs.map(|input| (input.path.as_str(), input)).collect();
    write(bill, &Found { report, rows: &bill.rows, inputs }, out)
}

/// The bill of a run that knows no packages.
fn without_rows(report: &Report) -> LicenseReport {
    LicenseReport {
        project: report.project.clone(),
        root_name: report.root_name.clone(),
        verdict: report.verdict,
        has_policy: false,
        today: report.today.clone(),
        summary: LicenseSummary::default(),
        rows: Vec::new(),
        skipped: report.skipped.clone(),
        notes: Vec::new(),
    }
}

/// What an audit adds to the bill.
struct Found<'a> {
    report: &'a Report,
    rows: &'a [LicenseRow],
    /// The files by path.
    inputs: HashMap<&'a str, &'a InputSummary>,
}

/// One vulnerability, and the rows that it affects.
struct Vulnerability<'a> {
    flaw: Flaw<'a>,
    finding: &'a Finding,
    ignored: Option<&'a Ignored>,
    rows: BTreeSet<usize>,
}

impl Additions for Found<'_> {
    fn verdict(&self) -> Option<Verdict> {
        Some(self.report.verdict)
    }

    fn properties(&self, json: &mut JsonWriter<'_>) {
        property("gitlab:meta:schema_version", "1", json);
    }

    fn component(&self, row: &LicenseRow, json: &mut JsonWriter<'_>) {
        let inputs = || row.places.iter().filter_map(|(path, _)| self.inputs.get(path.as_str()));
        let lock = inputs().find(|input| input.closed == Some(true));
        if let Some(input) = lock.or_else(|| inputs().next()) {
            property("gitlab:dependency_scanning:input_file:path", &input.path, json);
            property("gitlab:dependency_scanning:package_manager:name", manager(input.kind), json);
        }
        property("gitlab:dependency_scanning:language:name", "Python", json);
        let category = if is_development(row) { "development" } else { "production" };
        property("gitlab:dependency_scanning:category", category, json);
    }

    fn members(&self, references: &References, json: &mut JsonWriter<'_>) {
        json.list("vulnerabilities", |json| {
            for one in self.vulnerabilities() {
                json.object("", |json| vulnerability(&one, references, json));
            }
        });
    }
}

impl Found<'_> {
    /// A vulnerability for each flaw of each package version, in the order of the report: one of several projects
    /// stands once, as the project has it that it weighs most in; what is ignored stands apart.
    fn vulnerabilities(&self) -> Vec<Vulnerability<'_>> {
        let mut all: Vec<Vulnerability<'_>> = Vec::new();
        let mut known = HashMap::new();
        let mut rows: HashMap<(&str, Option<&str>), Vec<usize>> = HashMap::new();
        for (index, row) in
            self.rows.iter().enumerate().filter(|(_, row)| row.kind == SubjectKind::Dependency)
        {
            let version = row.version.as_ref().map(Version::as_str);
            rows.entry((row.name.as_str(), version)).or_default().push(index);
        }
        let found = self.report.findings.iter().map(|finding| (finding, None));
        let taken_out = self.report.ignored.iter().map(|ignored| (&ignored.finding, Some(ignored)));
        for (finding, ignored) in found.chain(taken_out) {
            let package = finding.package.as_deref().map(named);
            let affected = package.and_then(|package| rows.get(&package));
            let affected: BTreeSet<usize> = set_of(affected.into_iter().flatten().copied());
            for flaw in flaws(finding) {
                let said = ignored.map(|ignored| (ignored.reason.as_str(), ignored.until.as_deref()));
                let index = *known.entry((package, flaw.ids.clone(), said)).or_insert(all.len());
                if index == all.len() {
                    all.push(Vulnerability { flaw, finding, ignored, rows: BTreeSet::new() });
                }
                if let Some(one) = all.get_mut(index) {
                    one.rows.extend(&affected);
                    if finding.level > one.finding.level {
                        one.finding = finding;
                    }
                }
            }
        }
        all
    }
}

/// The name and the version of a package.
fn named(package: &PackageRef) -> (&str, Option<&str>) {
    (package.name.as_str(), package.version.as_ref().map(Version::as_str))
}

/// The program that reads a file, as GitLab calls it.
fn manager(kind: &str) -> &'static str {
    match kind {
        "poetry.lock" => "poetry",
        "uv.lock" | "uv script lock" => "uv",
        "pdm.lock" => "pdm",
        "Pipfile" | "Pipfile.lock" => "pipenv",
        "environment.yml" => "conda",
        "setup.cfg" => "setuptools",
        _ => "pip",
    }
}

fn vulnerability(one: &Vulnerability<'_>, references: &References, json: &mut JsonWriter<'_>) {
    let Vulnerability { flaw, finding, ignored, rows } = one;
    json.text("id", flaw.shown);
    source(flaw.shown, json);
    json.list("references", |json| {
        for id in flaw.ids.iter().filter(|id| **id != flaw.shown) {
            json.object("", |json| {
                json.text("id", id);
                source(id, json);
            });
        }
    });
    json.list("ratings", |json| json.object("", |json| rating(flaw, json)));
    json.text("description", &finding.message);
    if let Some(advisory) = flaw.advisory {
        if let Some(summary) = &advisory.summary {
            json.text("detail", summary);
        }
        json.list("advisories", |json| {
            links(advisory).for_each(|url| json.object("", |json| json.text("url", &url)));
        });
        for (key, moment) in [("published", &advisory.published), ("updated", &advisory.modified)] {
            if let Some(moment) = moment.as_deref().and_then(utc) {
                json.text(key, &moment);
            }
        }
    }
    if let Some(help) = &finding.help {
        json.text("recommendation", help);
    }
    if let Some(ignored) = ignored {
        json.object("analysis", |json| analysis(ignored, json));
    }
    json.list("affects", |json| {
        let of_rows = rows.iter().map(|index| references.of_row(*index));
        // What is no row came in with the project.
        let root = rows.is_empty().then_some(references.root.as_str());
        of_rows.chain(root).for_each(|reference| json.object("", |json| json.text("ref", reference)));
    });
    json.list("properties", |json| {
        property("audit:rule", finding.rule.id, json);
        property("audit:level", finding.level.as_str(), json);
        if let Some(status) = finding.status {
            property("audit:status", status.as_str(), json);
        }
        if flaw.exploited {
            property("audit:known-exploited", "true", json);
        }
        if let Some(epss) = flaw.advisory.and_then(|advisory| advisory.epss.as_ref()) {
            property("audit:epss", &format!("{:.5}", epss.probability), json);
        }
    });
}

fn source(id: &str, json: &mut JsonWriter<'_>) {
    let issuer = issuer(id);
    json.object("source", |json| {
        json.text("name", issuer.name);
        if let Some(url) = &issuer.url {
            json.text("url", url);
        }
    });
}

/// `rating`: without a vector the severity alone. Malware is critical.
fn rating(flaw: &Flaw<'_>, json: &mut JsonWriter<'_>) {
    let vector = flaw.advisory.and_then(vector);
    if let Some(vector) = &vector {
        json.word("score", &format!("{:.1}", vector.score.clamp(0.0, 10.0)));
    }
    json.text("severity", flaw.severity.unwrap_or(Severity::Critical).as_str());
    if let Some(vector) = &vector {
        let method = match vector.scale {
            Scale::V2 => "CVSSv2",
            Scale::V30 => "CVSSv3",
            Scale::V31 => "CVSSv31",
            Scale::V4 => "CVSSv4",
        };
        json.text("method", method);
        json.text("vector", vector.text);
    }
}

/// What somebody decided about it. What is ignored until a day is exploitable until then, and accepted.
fn analysis(ignored: &Ignored, json: &mut JsonWriter<'_>) {
    let by = ignored.by.as_str();
    let (state, detail) = match (&ignored.by, &ignored.until) {
        (Suppression::Vex { status: VexStatus::Fixed, .. }, _) => ("resolved", ignored.reason.clone()),
        (_, Some(until)) => ("exploitable", format!("accepted until {until} ({by}): {}", ignored.reason)),
        _ => ("not_affected", format!("ignored ({by}): {}", ignored.reason)),
    };
    json.text("state", state);
    if let Suppression::Vex { justification: Some(word), .. } = &ignored.by
        && let Some(justification) = justification(word)
    {
        json.text("justification", justification);
    }
    json.text("detail", &detail);
}

/// The word of CycloneDX that comes closest to one of OpenVEX.
fn justification(word: &str) -> Option<&'static str> {
    match word {
        "component_not_present" | "vulnerable_code_not_present" => Some("code_not_present"),
        "vulnerable_code_not_in_execute_path" => Some("code_not_reachable"),
        "vulnerable_code_cannot_be_controlled_by_adversary" => Some("requires_environment"),
        "inline_mitigations_already_exist" => Some("protected_by_mitigating_control"),
        _ => None,
    }
}

/// A moment as RFC 3339 in UTC, without a fraction; `None` for what is none.
fn utc(text: &str) -> Option<String> {
    let moment = text.parse::<jiff::Timestamp>().ok()?;
    jiff::Timestamp::from_second(moment.as_second()).ok().map(|moment| moment.to_string())
}
