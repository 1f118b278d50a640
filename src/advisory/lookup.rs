//! Records by any of their ids, in any case.

use crate::model::Arrange as _;
use std::collections::BTreeMap;

use super::cvss::{self, Scored};
use super::database::Layer;
use super::encode::date::Date;
use super::encode::facts::EventKind;
use super::risk::Risks;
use super::store::{Details, ProseReader, StoredRecord};
use super::{Database, Error, Origin};
use crate::model::{ExploitProbability, KnownExploited, Severity};

/// One record as its source gives it. All texts are untrusted.
#[derive(Debug, Clone, PartialEq)]
pub struct AdvisoryRecord {
    /// Its id.
    pub id: String,
    /// The source that it is from.
    pub source: String,
    /// Where that source comes from.
    pub origin: Origin,
    /// Other ids of the same flaw.
    pub aliases: Vec<String>,
    /// Ids of related flaws.
    pub related: Vec<String>,
    /// Its own summary; `None` when it has none.
    pub summary: Option<String>,
    /// The beginning of its details, when it has no summary.
    pub excerpt: Option<String>,
    /// Its details (Markdown); empty when it has none, or when the store holds facts only.
    pub details: String,
    /// RFC 3339; the same for the next two.
    pub published: Option<String>,
    /// Last change.
    pub modified: Option<String>,
    /// When it was withdrawn: it never matches.
    pub withdrawn: Option<String>,
    /// It says that what it names is malware.
    pub malicious: bool,
    /// How severe the flaw is.
    pub severity: Severity,
    /// The base score, 0.0 to 10.0.
    pub score: Option<f64>,
    /// The CVSS vector that the score comes from.
    pub cvss: Option<String>,
    /// What is affected, by package.
    pub affected: Vec<AffectedPackage>,
    /// Kind and URL of its links.
    pub references: Vec<(String, String)>,
    /// Who is thanked.
    pub credits: Vec<String>,
    /// It is known to be exploited.
    pub kev: Option<KnownExploited>,
    /// How likely exploitation is.
    pub epss: Option<ExploitProbability>,
}

/// What a record says about one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedPackage {
    /// The name, normalised.
    pub name: String,
    /// Every version is affected.
    pub every_version: bool,
    /// Affected ranges.
    pub ranges: Vec<AffectedRange>,
    /// Affected versions that no range holds.
    pub versions: Vec<String>,
    /// Versions that are said to be fixed and end no range.
    pub fixed: Vec<String>,
}

/// A stretch of affected versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedRange {
    /// Its first version; `0` for the very bottom.
    pub introduced: String,
    /// The first version that is not affected.
    pub fixed: Option<String>,
    /// The last one that is.
    pub last_affected: Option<String>,
    /// The first version that the record does not speak about.
    pub limit: Option<String>,
}

impl Database {
    /// The records in use that have this id or alias, in any case: those whose own id it is first, then by id.
    pub fn find(&self, id: &str) -> Result<Vec<AdvisoryRecord>, Error> {
        let mut found = Vec::new();
        for layer in &self.layers {
            self.find_in(layer, id, &mut found)?;
        }
        found.arrange_by_key(|record| {
            (!record.id.eq_ignore_ascii_case(id), record.id.clone(), record.source.clone())
        });
        Ok(found)
    }

    fn find_in(&self, layer: &Layer, id: &str, found: &mut Vec<AdvisoryRecord>) -> Result<(), Error> {
        let (mut notes, mut proses) = (ProseReader::new(&layer.store), ProseReader::new(&layer.store));
        let mut own: BTreeMap<(usize, String), AdvisoryRecord> = BTreeMap::new();
        for name in layer.store.names()? {
            let Some(region) = layer.store.package(&name)? else { continue };
            let mut records = Vec::new();
            layer.store.records(&region, &layer.used, 0, &mut records)?;
            for (_, stored) in &records {
                let mut is_it = false;
                let ids = stored.each_id(|other| is_it |= other.eq_ignore_ascii_case(id));
                ids.map_err(|_| layer.store.damaged("an id"))?;
                if !is_it {
                    continue;
                }
                let details = layer.store.details(stored)?;
                let key = (stored.source, stored.id.to_owned());
                if let Some(record) = own.get_mut(&key) {
                    record.affected.push(affected(&name, stored));
                    continue;
                }
                let mut record = self.to_record(layer, stored, &details)?;
                record.affected.push(affected(&name, stored));
                let note = notes.note(details.note)?;
                let line = Some(note.line).filter(|line| !line.is_empty());
                (record.summary, record.excerpt) = if note.own_summary { (line, None) } else { (None, line) };
                record.references = note.references;
                let prose = proses.prose(details.prose)?;
                (record.details, record.credits) = (prose.details, prose.credits);
                own.insert(key, record);
            }
        }
        found.extend(own.into_values());
        Ok(())
    }

    fn to_record(
        &self,
        layer: &Layer,
        stored: &StoredRecord<'_>,
        details: &Details<'_>,
    ) -> Result<AdvisoryRecord, Error> {
        let risks = Risks::open(&self.risks())?;
        let ids = || std::iter::once(stored.id).chain(details.aliases.iter().copied());
        let date = |date: Date<'_>| Some(date.to_text()).filter(|text| !text.is_empty());
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let highest = cvss::highest(details.scored());
        let severity = match &highest {
            Some(vector) => Severity::from_score(vector.score()),
            None => Severity::from_word(details.word).unwrap_or(Severity::Unknown),
        };
        let source = layer.store.sources().get(stored.source);
        Ok(AdvisoryRecord {
            id: stored.id.to_owned(),
            source: source.map(|source| source.name.clone()).unwrap_or_default(),
            origin: layer.origin.clone(),
            aliases: owned(&details.aliases),
            related: owned(&details.related),
            summary: None,
            excerpt: None,
            details: String::new(),
            published: date(details.published),
            modified: date(details.modified),
            withdrawn: date(details.withdrawn),
            malicious: stored.is_malicious(),
            severity,
            score: highest.as_ref().map(Scored::score),
            cvss: highest.map(|highest| highest.vector.to_owned()),
            affected: Vec::new(),
            references: Vec::new(),
            credits: Vec::new(),
            kev: risks.known_exploited(ids())?,
            epss: risks.probability(ids())?,
        })
    }
}

fn affected(name: &str, stored: &StoredRecord<'_>) -> AffectedPackage {
    let range = |interval: &super::encode::record::StoredInterval<'_>| {
        let end = |kind| interval.end.filter(|end| end.kind == kind).map(|end| end.version.to_owned());
        AffectedRange {
            introduced: interval.introduced.to_owned(),
            fixed: end(EventKind::Fixed),
            last_affected: end(EventKind::LastAffected),
            limit: end(EventKind::Limit),
        }
    };
    AffectedPackage {
        name: name.to_owned(),
        every_version: stored.is_every_version(),
        ranges: stored.intervals.iter().map(range).collect(),
        versions: stored.exact.iter().map(|(_, version)| (*version).to_owned()).collect(),
        fixed: stored.more_fixed.iter().map(|version| (*version).to_owned()).collect(),
    }
}
