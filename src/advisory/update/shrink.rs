//! A source that loses many records at once is more likely cut or replaced than corrected.

use super::error::UpdateError;
use crate::advisory::{Database, ImportReport};
use crate::model::AdvisorySource;

/// So many records may go without a question.
const FEW: usize = 20;
/// So many of a hundred may go.
const PERCENT: usize = 10;

/// Refuses a source that lost more than a tenth and more than a few of its records: compared with the present
/// store, or with the snapshot in the program when the store has no such source. `supplied` names the sources that
/// these addresses held the last time: one that is gone now lost everything.
pub(super) fn check(
    before: &[AdvisorySource],
    report: &ImportReport,
    supplied: &[String],
) -> Result<(), UpdateError> {
    let embedded = Database::embedded().map(|database| database.info().sources).unwrap_or_default();
    let old = |name: &str| {
        let find = |sources: &'_ [AdvisorySource]| {
            sources.iter().find(|source| source.name == name).map(|source| source.records)
        };
        find(before)
            .map(|records| (records, "now"))
            .or_else(|| find(&embedded).filter(|_| before.is_empty()).map(|records| (records, "built in")))
    };
    let mut lost = Vec::new();
    for source in &report.sources {
        let is_kept = report.kept.contains(&source.name);
        if is_kept && !supplied.contains(&source.name) {
            continue;
        }
        let new = if is_kept { 0 } else { source.records };
        let Some((old, place)) = old(&source.name) else { continue };
        if is_suspicious(old, new) {
            lost.push(format!("{} would have {new} records, {old} are {place}", source.name));
        }
    }
    if lost.is_empty() {
        return Ok(());
    }
    Err(UpdateError::new(format!("a suspicious loss of records: {}", lost.join("; ")))
        .help("nothing was changed; if that is right, say --force"))
}

fn is_suspicious(old: usize, new: usize) -> bool {
    let lost = old.saturating_sub(new);
    lost > FEW && lost.saturating_mul(100) > old.saturating_mul(PERCENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_bounds_count() {
        assert!(is_suspicious(1000, 899));
        assert!(!is_suspicious(1000, 900));
        assert!(!is_suspicious(20, 0));
        assert!(is_suspicious(21, 0));
        assert!(!is_suspicious(10, 500));
    }
}
