//! Which versions of a package are affected, as sets: for requirements that nothing resolves.

use std::collections::BTreeMap;

use super::Error;
use super::database::Database;
use super::encode::facts::EventKind;
use super::encode::version_key::after;
use super::evidence::{Asked, Flaw};
use super::store::StoredRecord;
use crate::model::{PackageName, Piece, RangeSet};

/// A flaw of a package, with all versions that it affects.
#[derive(Debug, Clone)]
pub struct FlawVersions {
    /// The flaw; its evidence names no single version.
    pub flaw: Flaw,
    /// The versions.
    pub versions: RangeSet,
}

/// The stretches of a record: its intervals and its listed versions.
fn pieces<'r>(record: &'r StoredRecord<'_>) -> impl Iterator<Item = Piece> + use<'r> {
    let intervals = record.intervals.iter().map(|interval| {
        let to = interval.end.map(|end| match end.kind {
            EventKind::LastAffected => after(end.key.to_vec()),
            _ => end.key.to_vec(),
        });
        Piece { from: interval.from.to_vec(), to }
    });
    let listed =
        record.exact.iter().map(|(key, _)| Piece { from: key.to_vec(), to: Some(after(key.to_vec())) });
    intervals.chain(listed)
}

impl Database {
    /// All versions that a record that is not withdrawn affects.
    pub fn affected_versions(&self, name: &PackageName) -> Result<RangeSet, Error> {
        self.with_records(name, |records| {
            let valid = records.iter().filter(|(_, record)| !record.is_withdrawn());
            Ok(RangeSet::affected(valid.flat_map(|(_, record)| pieces(record))))
        })
    }

    /// All flaws of a package, each with the versions that it affects: known exploited ones first, then by severity,
    /// probability of exploitation and id.
    pub fn flaw_versions(&self, name: &PackageName) -> Result<Vec<FlawVersions>, Error> {
        let flaws = self.ask(name, &Asked::AnyVersion)?;
        if flaws.is_empty() {
            return Ok(Vec::new());
        }
        self.with_records(name, |records| {
            let mut of_record: BTreeMap<&str, Vec<Piece>> = BTreeMap::new();
            for (_, record) in records.iter().filter(|(_, record)| !record.is_withdrawn()) {
                of_record.entry(record.id).or_default().extend(pieces(record));
            }
            let versions = |flaw: &Flaw| {
                let ids = flaw.evidence.matched.iter().map(|matched| matched.record.as_str());
                RangeSet::affected(ids.filter_map(|id| of_record.get(id)).flatten().cloned())
            };
            let with_versions = |flaw: Flaw| FlawVersions { versions: versions(&flaw), flaw };
            Ok(flaws.into_iter().map(with_versions).collect())
        })
    }
}
