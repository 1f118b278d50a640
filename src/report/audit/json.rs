//! `json`, version 1: a contract, described in `docs/schema/report-v1.schema.json`. Only ever added to.
//!
//! The structs here are the format; nothing of the program's own types is serialised by accident.

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::fingerprint;
use crate::model::{
    AdvisoryEvidence, Change, Ended, Finding, Ignored, Label, Location, Matched, NameEvidence, PackageRef,
    Platform, ProjectSummary, RangeEvidence, Report, Selected, Selection, Skipped, SourceMap, Suppression,
    TermsEvidence, Version,
};
use crate::report::json_text::Each;
use crate::report::purl::{masked_url, purl};
use crate::report::words::thousandths;
use crate::report::{Style, json_text, sanitize};

#[derive(Serialize)]
struct Document<Findings, Ignored, Skips> {
    version: u32,
    tool: Tool,
    database: Database,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    selection: Option<JsonSelection>,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<JsonChange>,
    projects: Vec<Project>,
    inputs: Vec<Input>,
    findings: Findings,
    ignored: Ignored,
    skipped: Skips,
}

#[derive(Serialize)]
struct JsonSelection {
    groups: Vec<String>,
    no_dev: bool,
    extras: Vec<String>,
    python: Option<String>,
    platform: Option<&'static str>,
    left_out: usize,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Database {
    sources: Vec<Source>,
    sha256: String,
}

#[derive(Serialize)]
struct Source {
    name: String,
    published: String,
    records: usize,
}

#[derive(Serialize)]
struct Summary {
    inputs: usize,
    packages: usize,
    deny: usize,
    warn: usize,
    note: usize,
    ignored: usize,
    accepted: usize,
    skipped: usize,
}

/// What the change under review brings.
#[derive(Serialize)]
struct JsonChange {
    base: String,
    base_commit: Option<String>,
    head: Option<String>,
    head_commit: Option<String>,
    new: usize,
    news: usize,
    known: usize,
    ended: Vec<JsonEnded>,
    packages: Vec<JsonPackageChange>,
}

#[derive(Serialize)]
struct JsonEnded {
    rule: &'static str,
    name: Option<String>,
    version: Option<String>,
    id: Option<String>,
    message: String,
    location: Place,
}

#[derive(Serialize)]
struct JsonPackageChange {
    name: String,
    change: &'static str,
    before: Vec<String>,
    after: Vec<String>,
    license_before: Option<String>,
    license_after: Option<String>,
    resembles: Option<String>,
}

#[derive(Serialize)]
struct Project {
    path: String,
    verdict: &'static str,
    inputs: usize,
    packages: usize,
    deny: usize,
    warn: usize,
    skipped: usize,
}

#[derive(Serialize)]
struct Input {
    path: String,
    kind: &'static str,
    packages: usize,
    closed: Option<bool>,
}

#[derive(Serialize)]
struct JsonFinding {
    rule: &'static str,
    level: &'static str,
    severity: Option<&'static str>,
    confidence: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    message: String,
    help: Option<String>,
    package: Option<Package>,
    location: Place,
    related: Vec<Related>,
    paths: Vec<Vec<String>>,
    advisory: Option<Advisory>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<License>,
    fingerprint: String,
}

#[derive(Serialize)]
struct JsonIgnored {
    #[serde(flatten)]
    finding: JsonFinding,
    reason: String,
    until: Option<String>,
    by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vex: Option<JsonVex>,
}

/// What a VEX document says.
#[derive(Serialize)]
struct JsonVex {
    status: &'static str,
    justification: Option<String>,
}

#[derive(Serialize)]
struct JsonSkipped {
    path: String,
    line: usize,
    what: String,
    why: String,
    accepted: bool,
}

#[derive(Serialize)]
struct Package {
    name: String,
    version: Option<String>,
    purl: String,
    groups: Vec<String>,
    marker: Option<String>,
    source: PackageSource,
}

#[derive(Serialize)]
struct PackageSource {
    r#type: &'static str,
    url: Option<String>,
    r#ref: Option<String>,
}

#[derive(Serialize)]
struct Place {
    path: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Related {
    #[serde(flatten)]
    place: Place,
    message: String,
}

#[derive(Serialize)]
struct Advisory {
    id: String,
    aliases: Vec<String>,
    cvss: Option<String>,
    score: Option<f64>,
    summary: Option<String>,
    published: Option<String>,
    modified: Option<String>,
    fixed: Vec<String>,
    safe_version: Option<String>,
    blocked_by: Vec<String>,
    references: Vec<String>,
    matched: Vec<JsonMatched>,
    kev: Option<Kev>,
    epss: Option<Epss>,
}

/// What a name may be mistaken for.
#[derive(Serialize)]
struct Name {
    target: Option<String>,
    kind: &'static str,
    score: f64,
    reasons: Vec<String>,
}

/// The terms of a package.
#[derive(Serialize)]
struct License {
    expression: Option<String>,
    candidates: Vec<String>,
    evidence: Vec<LicenseEvidence>,
}

#[derive(Serialize)]
struct LicenseEvidence {
    source: &'static str,
    value: String,
    strength: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<String>,
}

/// What a requirement admits.
#[derive(Serialize)]
struct Range {
    specifier: String,
    affected: &'static str,
    floor: Option<String>,
    flaws: Vec<RangeFlaw>,
}

#[derive(Serialize)]
struct RangeFlaw {
    id: String,
    aliases: Vec<String>,
    severity: &'static str,
    malicious: bool,
    exploited: bool,
}

#[derive(Serialize)]
struct Kev {
    date_added: String,
    due_date: Option<String>,
    ransomware: bool,
}

#[derive(Serialize)]
struct Epss {
    probability: f64,
    percentile: Option<f64>,
    date: Option<String>,
}

#[derive(Serialize)]
struct JsonMatched {
    record: String,
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
    version: Option<String>,
}

/// Writes the report.
pub(super) fn render(report: &Report, sources: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let summary = report.summary;
    let document = Document {
        version: 1,
        tool: Tool { name: "audit", version: env!("CARGO_PKG_VERSION") },
        database: Database {
            sources: report
                .database
                .sources
                .iter()
                .map(|source| Source {
                    name: safe(&source.name),
                    published: safe(&source.published),
                    records: source.records,
                })
                .collect(),
            sha256: report.database.sha256.clone(),
        },
        verdict: report.verdict.as_str(),
        selection: report.selection.as_ref().map(selection),
        summary: Summary {
            inputs: summary.inputs,
            packages: summary.packages,
            deny: summary.deny,
            warn: summary.warn,
            note: summary.note,
            ignored: summary.ignored,
            accepted: summary.accepted,
            skipped: summary.skipped,
        },
        change: report.change.as_ref().map(change),
        projects: report.projects.iter().map(project).collect(),
        inputs: report
            .inputs
            .iter()
            .map(|input| Input {
                path: safe(&input.path),
                kind: input.kind,
                packages: input.packages,
                closed: input.closed,
            })
            .collect(),
        findings: Each::of(&report.findings, |found: &Finding| finding(found, sources)),
        ignored: Each::of(&report.ignored, |ignored: &Ignored| JsonIgnored {
            finding: finding(&ignored.finding, sources),
            reason: safe(&ignored.reason),
            until: ignored.until.clone(),
            by: ignored.by.as_str(),
            vex: vex(&ignored.by),
        }),
        skipped: Each::of(&report.skipped, |skip: &Skipped| skipped(skip, sources)),
    };
    json_text::write(&document, out)
}

/// Secrets cut out; the JSON writer escapes the rest.
fn safe(text: &str) -> String {
    sanitize::mask(text).into_owned()
}

fn all_safe(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| safe(text)).collect()
}

fn vex(by: &Suppression) -> Option<JsonVex> {
    match by {
        Suppression::Vex { status, justification } => {
            Some(JsonVex { status: status.as_str(), justification: justification.as_deref().map(safe) })
        }
        _ => None,
    }
}

fn change(change: &Change) -> JsonChange {
    let versions = |versions: &[Version]| versions.iter().map(|version| safe(version.as_str())).collect();
    JsonChange {
        base: safe(&change.base),
        base_commit: change.base_commit.clone(),
        head: change.head.as_deref().map(safe),
        head_commit: change.head_commit.clone(),
        new: change.new,
        news: change.news,
        known: change.known,
        ended: change.ended.iter().map(ended).collect(),
        packages: change
            .packages
            .iter()
            .map(|package| JsonPackageChange {
                name: safe(package.name.as_str()),
                change: package.step.as_str(),
                before: versions(&package.before),
                after: versions(&package.after),
                license_before: package.license_before.as_deref().map(safe),
                license_after: package.license_after.as_deref().map(safe),
                resembles: package.resembles.as_deref().map(safe),
            })
            .collect(),
    }
}

fn ended(ended: &Ended) -> JsonEnded {
    let (name, version) = ended.package.as_ref().map_or((None, None), |(name, version)| {
        (Some(safe(name.as_str())), version.as_ref().map(|version| safe(version.as_str())))
    });
    JsonEnded {
        rule: ended.rule.id,
        name,
        version,
        id: ended.id.as_deref().map(safe),
        message: safe(&ended.message),
        location: place(ended.location.clone()),
    }
}

fn project(project: &ProjectSummary) -> Project {
    Project {
        path: if project.folder.is_empty() { ".".to_owned() } else { safe(&project.folder) },
        verdict: project.verdict().as_str(),
        inputs: project.inputs,
        packages: project.packages,
        deny: project.deny,
        warn: project.warn,
        skipped: project.skipped,
    }
}

fn selection(selected: &Selected) -> JsonSelection {
    let Selection { groups, no_dev, extras, environment } = &selected.selection;
    let release = environment.python.as_ref();
    JsonSelection {
        groups: all_safe(groups),
        no_dev: *no_dev,
        extras: extras.iter().map(|extra| safe(extra.as_str())).collect(),
        python: release.map(|release| release.iter().map(u64::to_string).collect::<Vec<_>>().join(".")),
        platform: environment.platform.map(Platform::as_str),
        left_out: selected.left_out,
    }
}

fn finding(finding: &Finding, sources: &SourceMap) -> JsonFinding {
    JsonFinding {
        rule: finding.rule.id,
        level: finding.level.as_str(),
        severity: finding.severity.map(crate::model::Severity::as_str),
        confidence: finding.confidence.map(crate::model::Confidence::as_str),
        status: finding.status.map(crate::model::Status::as_str),
        message: safe(&finding.message),
        help: finding.help.as_deref().map(safe),
        package: finding.package.as_deref().map(package),
        location: place(sources.location(finding.primary.span)),
        related: finding.related.iter().map(|label| related(label, sources)).collect(),
        paths: finding.paths.iter().map(|path| all_safe(path)).collect(),
        advisory: finding.advisory().map(|evidence| advisory(evidence, finding)),
        range: finding.range().map(range),
        name: finding.name().map(name),
        license: finding.terms().map(license),
        fingerprint: fingerprint(finding),
    }
}

fn place(location: Location) -> Place {
    let Location { path, line, column, end_line, end_column } = location;
    Place { path: safe(&path), line, column, end_line, end_column }
}

fn related(label: &Label, sources: &SourceMap) -> Related {
    Related { place: place(sources.location(label.span)), message: safe(&label.message) }
}

fn package(package: &PackageRef) -> Package {
    let version = package.version.as_ref().map(crate::model::Version::as_str);
    Package {
        name: safe(package.name.as_str()),
        version: version.map(safe),
        purl: purl(package.name.as_str(), version),
        groups: all_safe(&package.groups),
        marker: package.marker.as_deref().map(safe),
        source: PackageSource {
            r#type: package.source.kind.as_str(),
            url: package.source.url.as_deref().map(safe),
            r#ref: package.source.reference.as_deref().map(safe),
        },
    }
}

fn advisory(advisory: &AdvisoryEvidence, finding: &Finding) -> Advisory {
    Advisory {
        id: safe(&advisory.id),
        aliases: all_safe(&advisory.aliases),
        cvss: advisory.cvss.as_deref().map(safe),
        score: advisory.score,
        summary: advisory.summary.as_deref().map(safe),
        published: advisory.published.as_deref().map(safe),
        modified: advisory.modified.as_deref().map(safe),
        fixed: all_safe(&advisory.fixed),
        safe_version: advisory.safe_version.as_deref().map(safe),
        blocked_by: finding.blocked_by.iter().map(|(name, _)| safe(name.as_str())).collect(),
        references: advisory.references.iter().map(|url| masked_url(url)).collect(),
        matched: advisory.matched.iter().map(matched).collect(),
        kev: advisory.kev.as_ref().map(|kev| Kev {
            date_added: safe(&kev.added),
            due_date: kev.due.as_deref().map(safe),
            ransomware: kev.ransomware,
        }),
        epss: advisory.epss.as_ref().map(|epss| Epss {
            probability: epss.probability,
            percentile: epss.percentile,
            date: Some(safe(&epss.published)).filter(|day| !day.is_empty()),
        }),
    }
}

fn license(terms: &TermsEvidence) -> License {
    let evidence = terms.learnt.iter().map(|evidence| LicenseEvidence {
        source: evidence.source.as_str(),
        value: safe(&evidence.short_value()),
        strength: evidence.strength.as_str(),
        about: evidence.about.as_deref().map(safe),
    });
    License {
        expression: terms.expression.as_deref().map(safe),
        candidates: terms.candidates.iter().map(|candidate| safe(candidate)).collect(),
        evidence: evidence.collect(),
    }
}

fn name(name: &NameEvidence) -> Name {
    Name {
        target: name.target.as_deref().map(safe),
        kind: name.kind,
        score: thousandths(name.score),
        reasons: all_safe(&name.reasons),
    }
}

fn range(range: &RangeEvidence) -> Range {
    let flaw = |flaw: &crate::model::RangeFlaw| RangeFlaw {
        id: safe(&flaw.id),
        aliases: all_safe(&flaw.aliases),
        severity: flaw.severity.as_str(),
        malicious: flaw.malicious,
        exploited: flaw.exploited,
    };
    Range {
        specifier: safe(&range.specifier),
        affected: range.degree.as_str(),
        floor: range.floor.as_deref().map(safe),
        flaws: range.flaws.iter().map(flaw).collect(),
    }
}

fn matched(matched: &Matched) -> JsonMatched {
    let text = |text: &Option<String>| text.as_deref().map(safe);
    JsonMatched {
        record: safe(&matched.record),
        introduced: text(&matched.introduced),
        fixed: text(&matched.fixed),
        last_affected: text(&matched.last_affected),
        limit: text(&matched.limit),
        version: text(&matched.version),
    }
}

fn skipped(skip: &Skipped, sources: &SourceMap) -> JsonSkipped {
    let line = skip.span.map_or(1, |span| sources.location(span).line);
    JsonSkipped {
        path: safe(&skip.path),
        line,
        what: safe(&skip.what),
        why: safe(&skip.why),
        accepted: skip.accepted.is_some(),
    }
}
