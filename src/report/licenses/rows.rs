//! One row of the report in words: what all table-like formats show, each escaping it in its own way.

use crate::model::{
    EvidenceSource, LicenseEvidence, LicenseExpression, LicenseReading, LicenseReport, LicenseRow,
    SubjectKind, Verdict, mask,
};
use crate::report::words::{comes_in_by, count, thousands};

/// The words of one row. Secrets are cut out; everything else is raw.
pub(in crate::report) struct Cells<'a> {
    /// The row itself.
    pub(in crate::report) row: &'a LicenseRow,
    pub(in crate::report) name: String,
    /// The version; the specifier when nothing resolves it, `any` when there is none.
    pub(in crate::report) version: String,
    /// The expression; empty when nothing gives one.
    pub(in crate::report) expression: String,
    /// What it may be, `A or B`; empty when there is an expression.
    pub(in crate::report) candidates: String,
    /// The evidence that decided; `None` when none did.
    pub(in crate::report) evidence: Option<&'a LicenseEvidence>,
    /// The version that the evidence is about, when that is another one.
    pub(in crate::report) about: String,
    pub(in crate::report) comes_in_by: String,
    pub(in crate::report) groups: String,
    pub(in crate::report) decision: &'static str,
    pub(in crate::report) rule: &'static str,
    /// What decided; empty when there is no policy.
    pub(in crate::report) reason: String,
    /// What contradicts the evidence that decided, a line each.
    pub(in crate::report) conflicts: Vec<String>,
}

impl<'a> Cells<'a> {
    #[inline(never)]
    fn of(row: &'a LicenseRow) -> Self {
        let safe = |text: &str| mask(text).into_owned();
        let evidence = row.conclusion.decided_by.and_then(|index| row.evidence.get(index));
        let expression = row.conclusion.expression.as_ref();
        let conflicts = row.conclusion.conflicts.iter().filter_map(|index| row.evidence.get(*index));
        Self {
            row,
            name: safe(row.name.as_str()),
            version: safe(&version_words(row)),
            expression: expression.map(|expression| safe(&expression.to_string())).unwrap_or_default(),
            candidates: if expression.is_some() {
                String::new()
            } else {
                safe(&either(&row.conclusion.candidates))
            },
            evidence,
            about: safe(evidence.and_then(|evidence| evidence.about.as_deref()).unwrap_or("")),
            comes_in_by: safe(&comes_in_by(&row.paths)),
            groups: safe(&row.groups.join(", ")),
            decision: row.decision.as_str(),
            rule: row.rule.unwrap_or(""),
            reason: safe(&row.reason),
            conflicts: conflicts.map(|evidence| safe(&contradiction(evidence))).collect(),
        }
    }

    /// The expression; without one what it may be; else `unknown`.
    pub(in crate::report) fn license(&self) -> String {
        match (self.expression.as_str(), self.candidates.as_str()) {
            ("", "") => "unknown".to_owned(),
            ("", candidates) => candidates.to_owned(),
            (expression, _) => expression.to_owned(),
        }
    }

    /// Where the license was learnt, in machine words; empty when nothing says it.
    pub(in crate::report) fn source(&self) -> &'static str {
        self.evidence.map_or("", |evidence| evidence.source.as_str())
    }

    /// How sure that is, in machine words; empty when nothing says it.
    pub(in crate::report) fn strength(&self) -> &'static str {
        self.evidence.map_or("", |evidence| evidence.strength.as_str())
    }

    /// Where the license was learnt, in a few words for people.
    pub(in crate::report) fn learnt(&self) -> String {
        let Some(evidence) = self.evidence else { return "-".to_owned() };
        let words = match evidence.source {
            EvidenceSource::Clarification => "your policy",
            EvidenceSource::LicenseExpression => "License-Expression",
            EvidenceSource::LicenseFile => "license file",
            EvidenceSource::Classifier => "classifiers",
            EvidenceSource::LicenseField => "License field",
            EvidenceSource::Recipe => "recipes",
        };
        // How alike the texts are, rounded down: nothing but the very text is 100 %.
        let alike = match evidence.score {
            Some(score) if score < 1.0 => format!(" ({:.0} %)", (score * 100.0).floor()),
            _ => String::new(),
        };
        if self.about.is_empty() {
            format!("{words}{alike}")
        } else {
            format!("{words}{alike} of {}", self.about)
        }
    }
}

/// The rows of somebody else's packages: first-party code is not judged.
pub(in crate::report) fn cells(report: &LicenseReport) -> impl Iterator<Item = Cells<'_>> {
    dependencies(report).map(Cells::of)
}

/// Somebody else's packages.
pub(in crate::report) fn dependencies(report: &LicenseReport) -> impl Iterator<Item = &LicenseRow> {
    report.rows.iter().filter(|row| row.kind == SubjectKind::Dependency)
}

/// The version; the specifier when nothing resolves it, `any` when there is none.
pub(in crate::report) fn version_words(row: &LicenseRow) -> String {
    match &row.version {
        Some(version) => version.as_str().to_owned(),
        None if row.specifier.is_empty() => "any".to_owned(),
        None => row.specifier.clone(),
    }
}

/// `A, B or (C AND D)`.
#[inline(never)]
fn either(expressions: &[LicenseExpression]) -> String {
    let words = expressions.iter().map(|expression| match expression {
        LicenseExpression::License(license) => license.to_string(),
        several => format!("({several})"),
    });
    let words: Vec<_> = words.collect();
    match &words[..] {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// What a piece of evidence says, in words.
#[inline(never)]
pub(crate) fn reading_words(reading: &LicenseReading) -> String {
    match reading {
        LicenseReading::License(expression) => expression.to_string(),
        LicenseReading::Ambiguous(candidates) => either(candidates),
        LicenseReading::Invalid(error) => format!("no license expression ({})", error.message),
        LicenseReading::Unknown => "nothing that could be read".to_owned(),
    }
}

fn contradiction(evidence: &LicenseEvidence) -> String {
    format!("{}: {}", evidence.source.words(), reading_words(&evidence.reading))
}

/// The last words of every format for people: what was counted, and what is not known.
#[inline(never)]
pub(in crate::report) fn summary_words(report: &LicenseReport) -> Vec<String> {
    let summary = report.summary;
    let mut lines = Vec::new();
    let mut known = format!(
        "{}: {} with a license",
        count(summary.packages, "package", "packages"),
        thousands(summary.with_expression)
    );
    let without = summary.packages.saturating_sub(summary.with_expression);
    if without > 0 {
        known.push_str(&format!(", {} without", thousands(without)));
    }
    lines.push(known);
    if summary.fallback > 0 {
        let what = "known from distribution recipes only, which may be about another version";
        lines.push(format!("{} {what}", thousands(summary.fallback)));
    }
    if summary.skipped > 0 {
        let things = if summary.skipped == 1 { "thing was" } else { "things were" };
        lines.push(format!("{} {things} not audited: this report is incomplete", thousands(summary.skipped)));
    }
    lines
}

/// What the verdict means, in words.
#[inline(never)]
pub(in crate::report) fn verdict_words(report: &LicenseReport) -> String {
    let summary = report.summary;
    let packages = count(summary.packages, "package", "packages");
    let warnings = match summary.warn {
        0 => String::new(),
        some => format!(" ({})", count(some, "warning", "warnings")),
    };
    match report.verdict {
        Verdict::Clean if !report.has_policy => format!("{packages} listed, no policy to judge them by"),
        Verdict::Clean => format!("nothing denied in {packages}{warnings}"),
        Verdict::Findings => format!("{} denied in {packages}{warnings}", thousands(summary.deny)),
        Verdict::Incomplete => {
            let things = if summary.skipped == 1 { "1 thing was" } else { "some things were" };
            format!("nothing denied in {packages}{warnings}, but {things} not audited")
        }
    }
}
