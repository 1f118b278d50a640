//! The license report of a run: its rows, and counts over them.

use crate::model::{
    EvidenceSource, Group, Level, LicenseReport, LicenseRow, LicenseSummary, Report, SubjectKind, Verdict,
};

/// The rows as a report. Of a whole audit only what the license rules found counts.
pub(super) fn license_report(
    report: &Report,
    rows: Vec<LicenseRow>,
    has_policy: bool,
    only_licenses: bool,
) -> LicenseReport {
    let of_licenses = |level| {
        let found = report.findings.iter().filter(|finding| finding.level == level);
        found.filter(|finding| only_licenses || finding.rule.group == Group::License).count()
    };
    let mut summary = LicenseSummary {
        deny: of_licenses(Level::Deny),
        warn: of_licenses(Level::Warn),
        skipped: report.summary.skipped,
        ..LicenseSummary::default()
    };
    for row in rows.iter().filter(|row| row.kind == SubjectKind::Dependency) {
        summary.packages += 1;
        summary.with_expression += usize::from(row.conclusion.expression.is_some());
        let decisive = row.conclusion.decided_by.and_then(|index| row.evidence.get(index));
        summary.fallback +=
            usize::from(decisive.is_some_and(|evidence| evidence.source == EvidenceSource::Recipe));
    }
    LicenseReport {
        project: report.project.clone(),
        root_name: report.root_name.clone(),
        verdict: Verdict::of(summary.deny, summary.skipped),
        has_policy,
        today: report.today.clone(),
        summary,
        rows,
        skipped: report.skipped.clone(),
        notes: report.notes.clone(),
    }
}
