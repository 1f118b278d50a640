//! From records that matched to flaws with their evidence.

use std::collections::{BTreeSet, HashMap};

use super::Error;
use super::alias::{Group, group, shown};
use super::cvss;
use super::range::{Wanted, matched_by_name};
use super::remedy::{fixed, last_affected, safe_version};
use super::store::{ProseReader, StoredNote, StoredRecord};
use crate::model::{AdvisoryEvidence, Matched, Severity, Version};

/// One flaw of a package, or one report of malware.
#[derive(Debug, Clone, PartialEq)]
pub struct Flaw {
    /// A record says that it is malware.
    pub malicious: bool,
    /// How severe it is.
    pub severity: Severity,
    /// What the records say.
    pub evidence: AdvisoryEvidence,
}

impl Flaw {
    /// All its ids, the one shown first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.evidence.id).chain(&self.evidence.aliases).map(String::as_str)
    }
}

/// What is looked for.
pub(crate) enum Asked<'a> {
    /// One version.
    Version(&'a Version, &'a Wanted),
    /// What affects every version.
    EveryVersion,
}

/// The records of one package, with the reader of the texts of each.
pub(crate) struct Records<'a> {
    pub(crate) records: Vec<StoredRecord<'a>>,
    /// The number of the store that each is from.
    pub(crate) stores: Vec<usize>,
    pub(crate) readers: Vec<ProseReader<'a>>,
}

impl Records<'_> {
    /// The flaws that match, severest first, then by id.
    pub(crate) fn flaws(&mut self, asked: &Asked<'_>) -> Result<Vec<Flaw>, Error> {
        let matched: HashMap<usize, Matched> = self
            .records
            .iter()
            .enumerate()
            .filter_map(|(number, record)| {
                let matched = match asked {
                    Asked::Version(_, wanted) => wanted.matched(record),
                    Asked::EveryVersion => matched_by_name(record),
                };
                Some((number, matched?))
            })
            .collect();
        if matched.is_empty() {
            return Ok(Vec::new());
        }
        let valid: Vec<usize> = (0..self.records.len())
            .filter(|number| self.get(*number).is_some_and(|record| !record.is_withdrawn()))
            .collect();
        let ids: Vec<Vec<&str>> = valid
            .iter()
            .filter_map(|number| self.get(*number))
            .map(|record| record.ids().collect())
            .collect();
        let safe = match asked {
            Asked::Version(version, wanted) => safe_version(&self.records, version, wanted),
            Asked::EveryVersion => None,
        };
        let mut found = Vec::new();
        for mut group in group(&ids) {
            for number in &mut group.records {
                *number = valid.get(*number).copied().unwrap_or_default();
            }
            if group.records.iter().any(|number| matched.contains_key(number)) {
                found.push(self.flaw(&group, &matched, safe.clone()));
            }
        }
        let mut flaws = Vec::with_capacity(found.len());
        for (mut flaw, notes) in found {
            self.add_texts(&mut flaw, &notes)?;
            flaws.push(flaw);
        }
        flaws.sort_by(|left, right| {
            right.severity.cmp(&left.severity).then_with(|| left.evidence.id.cmp(&right.evidence.id))
        });
        Ok(flaws)
    }

    fn get(&self, number: usize) -> Option<&StoredRecord<'_>> {
        self.records.get(number)
    }

    /// A flaw without texts, and the numbers of the records that have them, the shown one first.
    fn flaw(
        &self,
        group: &Group<'_>,
        matched: &HashMap<usize, Matched>,
        safe: Option<String>,
    ) -> (Flaw, Vec<usize>) {
        let members = || group.records.iter().filter_map(|number| self.get(*number));
        let mut hits: Vec<usize> =
            group.records.iter().copied().filter(|number| matched.contains_key(number)).collect();
        let hit = || hits.iter().filter_map(|number| self.get(*number));
        let own: BTreeSet<&str> = hit().map(|record| record.id).collect();
        let id = shown(&group.ids, &own);
        let scored = cvss::highest(
            members().flat_map(|record| record.vectors.iter().chain(&record.own_vectors)).copied(),
        );
        let word = members().filter_map(|record| Severity::from_word(record.word)).max();
        let severity = match &scored {
            Some(scored) => Severity::from_score(scored.score),
            None => word.unwrap_or(Severity::Unknown),
        };
        let stamps = |stamp: fn(&StoredRecord<'_>) -> String| {
            members().map(stamp).filter(|stamp| !stamp.is_empty()).collect::<Vec<_>>()
        };
        // Without the `Z`, a fraction of a second sorts after its second.
        let order = |stamp: &String| stamp.trim_end_matches('Z').to_owned();
        let evidence = AdvisoryEvidence {
            id: id.to_owned(),
            aliases: group
                .ids
                .iter()
                .filter(|other| **other != id)
                .map(|other| (*other).to_owned())
                .collect(),
            cvss: scored.as_ref().map(|scored| scored.vector.to_owned()),
            score: scored.as_ref().map(|scored| scored.score),
            summary: None,
            published: stamps(|record| record.published.to_text()).into_iter().min_by_key(order),
            modified: stamps(|record| record.modified.to_text()).into_iter().max_by_key(order),
            fixed: fixed(hit()),
            last_affected: if safe.is_none() { last_affected(hit()) } else { None },
            safe_version: safe,
            blocked_by: Vec::new(),
            references: Vec::new(),
            matched: hits.iter().filter_map(|number| matched.get(number)).cloned().collect(),
            every_version: hit().any(StoredRecord::is_every_version),
        };
        let malicious = members().any(StoredRecord::is_malicious);
        hits.sort_by_key(|number| self.get(*number).is_none_or(|record| record.id != id));
        (Flaw { malicious, severity, evidence }, hits)
    }

    /// Adds the summary and the references.
    fn add_texts(&mut self, flaw: &mut Flaw, numbers: &[usize]) -> Result<(), Error> {
        let mut notes: Vec<StoredNote> = Vec::new();
        for number in numbers {
            let (Some(record), Some(store)) = (self.records.get(*number), self.stores.get(*number)) else {
                continue;
            };
            if let Some(reader) = self.readers.get_mut(*store) {
                notes.push(reader.note(record.note)?);
            }
        }
        let line = |own: bool| notes.iter().find(|note| note.own_summary == own && !note.line.is_empty());
        flaw.evidence.summary = line(true).or_else(|| line(false)).map(|note| note.line.clone());
        for (_, url) in notes.into_iter().flat_map(|note| note.references) {
            if !flaw.evidence.references.contains(&url) {
                flaw.evidence.references.push(url);
            }
        }
        Ok(())
    }
}

/// A line about a flaw: the record's own words, or ours from its CVSS vector; `None` when neither says anything.
pub fn description(evidence: &AdvisoryEvidence) -> Option<String> {
    evidence.summary.clone().or_else(|| evidence.cvss.as_deref().and_then(cvss::words))
}
