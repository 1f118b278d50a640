//! Why a record affects a version, or why not.

use super::Error;
use super::database::Database;
use super::encode::facts::EventKind;
use super::range::Wanted;
use super::store::StoredRecord;
use crate::model::Arrange as _;
use crate::model::{Label, Matched, PackageName, Version};

/// What one record says about one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is affected: this part of the record says so.
    Affected(Matched),
    /// The record is withdrawn: it affects nothing.
    Withdrawn,
    /// Fixed in this version, which is not above it; when it starts again later, from where on.
    Fixed(String, Option<String>),
    /// Above the last affected version.
    AboveLast(String, Option<String>),
    /// Not below the limit of the record.
    AboveLimit(String, Option<String>),
    /// Below the version from which on it is affected (`>1.0`: after which).
    BelowIntroduced(String),
    /// The record lists so many versions, and not this one.
    NotListed(usize),
    /// The record names no version at all.
    NoVersions,
}

/// A package of a dependency file that records are about.
#[derive(Debug, Clone)]
pub struct Concerned {
    /// The package.
    pub name: PackageName,
    /// Its version; `None` when no file tells it.
    pub version: Option<Version>,
    /// Record and verdict, in the order of the records asked about.
    pub verdicts: Vec<(String, Verdict)>,
    /// The smallest version above that no known advisory affects, when this one is affected.
    pub safe_version: Option<String>,
    /// The line to look at.
    pub place: Label,
    /// The lock entry and other places.
    pub related: Vec<Label>,
    /// Names from a direct dependency to the package.
    pub paths: Vec<Vec<String>>,
}

impl Concerned {
    /// A record affects it.
    pub fn is_affected(&self) -> bool {
        self.verdicts.iter().any(|(_, verdict)| matches!(verdict, Verdict::Affected(_)))
    }
}

impl Database {
    /// What the records with these ids say about a version, in their order.
    pub fn verdicts(
        &self,
        name: &PackageName,
        version: &Version,
        ids: &[&str],
    ) -> Result<Vec<(String, Verdict)>, Error> {
        let wanted = Wanted::new(version);
        self.with_records(name, |records| {
            let place = |record: &StoredRecord<'_>| ids.iter().position(|id| *id == record.id);
            let mut found: Vec<_> = records
                .iter()
                .filter_map(|(_, record)| {
                    Some((place(record)?, record.id.to_owned(), verdict(&wanted, record)))
                })
                .collect();
            found.arrange_by_key(|(place, ..)| *place);
            Ok(found.into_iter().map(|(_, id, verdict)| (id, verdict)).collect())
        })
    }
}

fn verdict(wanted: &Wanted, record: &StoredRecord<'_>) -> Verdict {
    if record.is_withdrawn() {
        return Verdict::Withdrawn;
    }
    if let Some(matched) = wanted.matched(record) {
        return Verdict::Affected(matched);
    }
    let key = wanted.key();
    let above = record.intervals.iter().filter(|interval| interval.from > key);
    let next = above.min_by_key(|interval| interval.from).map(|interval| interval.introduced.to_owned());
    let below = record.intervals.iter().filter(|interval| interval.from <= key);
    match (below.max_by_key(|interval| interval.end_place()).and_then(|interval| interval.end), next) {
        (Some(end), next) => match end.kind {
            EventKind::LastAffected => Verdict::AboveLast(end.version.to_owned(), next),
            EventKind::Limit => Verdict::AboveLimit(end.version.to_owned(), next),
            _ => Verdict::Fixed(end.version.to_owned(), next),
        },
        (None, Some(next)) => Verdict::BelowIntroduced(next),
        (None, None) if record.exact.is_empty() => Verdict::NoVersions,
        (None, None) => Verdict::NotListed(record.exact.len()),
    }
}
