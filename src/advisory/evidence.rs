//! From records that matched to flaws with their evidence.

use crate::model::Arrange as _;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::Error;
use super::alias::{group, related, shown};
use super::cvss::{self, Scored};
use super::encode::date::Date;
use super::range::{Wanted, matched_anywhere, matched_by_name};
use super::remedy::{fixed, last_affected, safe_version};
use super::risk::{RiskSource, Risks};
use super::store::{Details, ProseReader, Store, StoredRecord};
use crate::model::{AdvisoryEvidence, Matched, Severity, Version};

/// One flaw of a package, or one report of malware.
#[derive(Debug, Clone, PartialEq)]
pub struct Flaw {
    /// A record says that it is malware.
    pub malicious: bool,
    /// How severe it is.
    pub severity: Severity,
    /// What the records say.
    pub evidence: Arc<AdvisoryEvidence>,
}

impl Flaw {
    /// As [`Finding::urgency`](crate::model::Finding::urgency) says.
    fn urgency(&self) -> impl Ord + use<> {
        self.evidence.urgency(Some(self.severity))
    }

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
    /// What affects any version.
    AnyVersion,
}

/// The records of one package.
pub(crate) struct Records<'a> {
    /// Each with the number of the store that it is from.
    pub(crate) all: &'a [(usize, StoredRecord<'a>)],
    pub(crate) stores: &'a [&'a Store],
    /// What is known about exploitation.
    pub(crate) risks: &'a [RiskSource<'a>],
}

/// A record that belongs to what is reported.
struct Member<'a> {
    record: &'a StoredRecord<'a>,
    details: Details<'a>,
    store: usize,
    /// Which part of it matched; `None` when it only speaks of the same flaw.
    matched: Option<Matched>,
}

impl<'a> Records<'a> {
    /// The flaws that match: known exploited ones first, then by severity, probability of exploitation and id.
    pub(crate) fn flaws(&self, asked: &Asked<'_>) -> Result<Vec<Flaw>, Error> {
        let matching = |(_, record): &(usize, StoredRecord<'_>)| match asked {
            Asked::Version(_, wanted) => wanted.matched(record),
            Asked::EveryVersion => matched_by_name(record),
            Asked::AnyVersion => matched_anywhere(record),
        };
        let matched: Vec<Option<Matched>> = self.all.iter().map(matching).collect();
        if matched.iter().all(Option::is_none) {
            return Ok(Vec::new());
        }
        let safe = match asked {
            Asked::Version(version, wanted) => {
                safe_version(self.all.iter().map(|(_, record)| record), version, wanted)
            }
            Asked::EveryVersion | Asked::AnyVersion => None,
        };
        let members = self.members(matched)?;
        let ids: Vec<Vec<&str>> = members
            .iter()
            .map(|member| {
                std::iter::once(member.record.id).chain(member.details.aliases.iter().copied()).collect()
            })
            .collect();
        let mut readers: Vec<ProseReader<'_>> =
            self.stores.iter().map(|store| ProseReader::new(store)).collect();
        let risks = Risks::open(self.risks)?;
        let mut flaws = Vec::new();
        for group in group(&ids) {
            let of_group: Vec<_> = group.records.iter().filter_map(|number| members.get(*number)).collect();
            if of_group.iter().any(|member| member.matched.is_some()) {
                let mut flaw = flaw(&group.ids, &of_group, safe.clone(), &mut readers)?;
                let evidence = Arc::make_mut(&mut flaw.evidence);
                evidence.kev = risks.known_exploited(group.ids.iter().copied())?;
                evidence.epss = risks.probability(group.ids.iter().copied())?;
                flaws.push(flaw);
            }
        }
        flaws.arrange_by_cached_key(Flaw::urgency);
        Ok(flaws)
    }

    /// The records that matched, and those that speak of the same flaws.
    fn members(&self, mut matched: Vec<Option<Matched>>) -> Result<Vec<Member<'a>>, Error> {
        let hits: Vec<bool> = matched.iter().map(Option::is_some).collect();
        let mut ids = Vec::with_capacity(4 * self.all.len());
        for (number, (store, record)) in self.all.iter().enumerate() {
            let Some(store) = self.stores.get(*store).filter(|_| !record.is_withdrawn()) else { continue };
            record.each_id(|id| ids.push((id, number))).map_err(|_| store.damaged("an id"))?;
        }
        let mut members = Vec::new();
        for number in related(&ids, hits) {
            if let (Some((store, record)), Some(matched)) = (self.all.get(number), matched.get_mut(number)) {
                let Some(of) = self.stores.get(*store) else { continue };
                let details = of.details(record)?;
                members.push(Member { record, details, store: *store, matched: matched.take() });
            }
        }
        Ok(members)
    }
}

/// One flaw: the records that speak of it, some of which matched.
fn flaw(
    ids: &BTreeSet<&str>,
    members: &[&Member<'_>],
    safe: Option<String>,
    readers: &mut [ProseReader<'_>],
) -> Result<Flaw, Error> {
    let hits = || members.iter().filter(|member| member.matched.is_some());
    let own: Vec<&str> = hits().map(|member| member.record.id).collect();
    let id = shown(ids, &own);
    let scored = cvss::highest(members.iter().flat_map(|member| member.details.scored()));
    let word = members.iter().filter_map(|member| Severity::from_word(member.details.word)).max();
    let severity = match &scored {
        Some(scored) => Severity::from_score(scored.score()),
        None => word.unwrap_or(Severity::Unknown),
    };
    let published =
        members.iter().map(|member| member.details.published).filter(|date| !date.is_none()).min();
    let modified = members.iter().map(|member| member.details.modified).filter(|date| !date.is_none()).max();
    let mut evidence = AdvisoryEvidence {
        id: id.to_owned(),
        aliases: ids.iter().filter(|other| **other != id).map(|other| (*other).to_owned()).collect(),
        cvss: scored.as_ref().map(|scored| scored.vector.to_owned()),
        score: scored.as_ref().map(Scored::score),
        summary: None,
        published: published.map(Date::to_text),
        modified: modified.map(Date::to_text),
        fixed: fixed(hits().map(|member| member.record)),
        last_affected: match safe {
            None => last_affected(hits().map(|member| member.record)),
            Some(_) => None,
        },
        safe_version: safe,
        references: Vec::new(),
        matched: hits().filter_map(|member| member.matched.clone()).collect(),
        every_version: hits().any(|member| member.record.is_every_version()),
        kev: None,
        epss: None,
    };
    let shown_first = hits().filter(|member| member.record.id == id);
    let then = hits().filter(|member| member.record.id != id);
    add_texts(&mut evidence, shown_first.chain(then), readers)?;
    let malicious = members.iter().any(|member| member.record.is_malicious());
    Ok(Flaw { malicious, severity, evidence: Arc::new(evidence) })
}

/// Adds the summary and the references, from the notes of the records in the order given.
fn add_texts<'m, 'a: 'm>(
    evidence: &mut AdvisoryEvidence,
    members: impl Iterator<Item = &'m &'m Member<'a>>,
    readers: &mut [ProseReader<'_>],
) -> Result<(), Error> {
    let mut excerpt = None;
    for member in members {
        let Some(reader) = readers.get_mut(member.store) else { continue };
        let note = reader.note(member.details.note)?;
        if !note.line.is_empty() {
            let line = if note.own_summary { &mut evidence.summary } else { &mut excerpt };
            line.get_or_insert(note.line);
        }
        for (_, url) in note.references {
            if !evidence.references.contains(&url) {
                evidence.references.push(url);
            }
        }
    }
    evidence.summary = evidence.summary.take().or(excerpt);
    Ok(())
}

/// A line about a flaw: the record's own words, or ours from its CVSS vector; `None` when neither says anything.
pub fn description(evidence: &AdvisoryEvidence) -> Option<Cow<'_, str>> {
    let own = evidence.summary.as_deref().map(Cow::Borrowed);
    own.or_else(|| evidence.cvss.as_deref().and_then(cvss::words).map(Cow::Owned))
}
