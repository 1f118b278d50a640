//! Records by any of their ids: what they say, as `audit explain` shows it.
//!
//! A store has no index by id: a look-up reads all packages once. That takes some hundredths of a second, and no
//! audit needs it.

use crate::model::Arrange as _;
use crate::model::set_of;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Error;
use super::alias::{group, shown};
use super::cvss::{self, Scored};
use super::database::Database;
use super::encode::date::Date;
use super::range::shown_range;
use super::remedy::fixed;
use super::store::{Details, ProseReader, StoredRecord};
use crate::model::{Matched, PackageName, Severity};

/// How many near ids are offered.
const NEAR: usize = 5;
/// So many edits away an id still is near.
const NEAR_EDITS: usize = 2;

/// What all records of one flaw say, or of several when the id asked for stands for several.
#[derive(Debug, Clone, PartialEq)]
pub struct Advisory {
    /// The id asked for, as the records write it.
    pub id: String,
    /// All other ids of the flaw, sorted.
    pub aliases: Vec<String>,
    /// How severe it is.
    pub severity: Severity,
    /// The vector that this comes from, when one does.
    pub vector: Option<RecordVector>,
    /// The records, those first that are asked for by their own id.
    pub records: Vec<RecordText>,
}

/// A CVSS vector of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordVector {
    /// As the record writes it.
    pub text: String,
    /// Its base score; `None` when it is not complete.
    pub score: Option<f64>,
    /// What it says, in our words.
    pub words: Option<String>,
}

/// What one record says. All of it is untrusted text.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordText {
    /// Its id.
    pub id: String,
    /// The name of its source.
    pub source: String,
    /// Its other ids, sorted.
    pub aliases: Vec<String>,
    /// Ids of flaws that are like it, sorted.
    pub related: Vec<String>,
    /// RFC 3339, or as written.
    pub published: Option<String>,
    /// The same.
    pub modified: Option<String>,
    /// The same; a record that is withdrawn affects nothing.
    pub withdrawn: Option<String>,
    /// It says that what it names is malware.
    pub malicious: bool,
    /// Its own word for its severity; empty when it has none.
    pub word: String,
    /// Its vectors.
    pub vectors: Vec<RecordVector>,
    /// Its summary, else an excerpt of its details.
    pub summary: Option<String>,
    /// Kind and URL of its references.
    pub references: Vec<(String, String)>,
    /// The packages that it is about, by name.
    pub packages: Vec<RecordPackage>,
}

/// What one record says about one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPackage {
    /// The package.
    pub name: PackageName,
    /// The affected ranges.
    pub ranges: Vec<Matched>,
    /// Affected versions that no range holds.
    pub versions: Vec<String>,
    /// The fixed versions, in order.
    pub fixed: Vec<String>,
}

/// Where a record is kept: layer, source, id.
type Key = (usize, usize, String);

impl Database {
    /// What records say about a flaw, by any of its ids in any case; `None` when no record names the id.
    ///
    /// The same records that a finding joins (shared ids, followed package by package), and those that are withdrawn
    /// when they name the id themselves.
    pub fn look_up(&self, id: &str) -> Result<Option<Advisory>, Error> {
        let mut names = BTreeSet::new();
        self.each_record(|name, record| {
            let mut here = false;
            let read = record.each_id(|other| here |= other.eq_ignore_ascii_case(id));
            if here {
                names.insert(PackageName::new(name));
            }
            read.is_ok()
        })?;
        let mut gathered = Gathered { asked: id, ..Gathered::default() };
        for name in &names {
            self.with_records(name, |records| self.gather(name, &records, &mut gathered))?;
        }
        Ok(gathered.finish())
    }

    /// Ids that somebody may have meant, nearest first.
    pub fn near_ids(&self, id: &str) -> Result<Vec<String>, Error> {
        let wanted = id.to_ascii_uppercase();
        let mut near: BTreeSet<(usize, String)> = BTreeSet::new();
        self.each_record(|_, record| {
            let read = record.each_id(|other| {
                let known = other.to_ascii_uppercase();
                if may_be_near(wanted.as_bytes(), known.as_bytes()) {
                    let distance = strsim::osa_distance(&wanted, &known);
                    if distance <= NEAR_EDITS {
                        near.insert((distance, other.to_owned()));
                    }
                }
            });
            read.is_ok()
        })?;
        Ok(near.into_iter().take(NEAR).map(|(_, id)| id).collect())
    }

    fn gather(
        &self,
        name: &PackageName,
        records: &[(usize, StoredRecord<'_>)],
        gathered: &mut Gathered<'_>,
    ) -> Result<(), Error> {
        let mut details = Vec::with_capacity(records.len());
        for (layer, record) in records {
            details.push(self.store(*layer).details(record)?);
        }
        let is_asked = |id: &str| id.eq_ignore_ascii_case(gathered.asked);
        let ids = |number: usize| {
            let own = records.get(number).map(|(_, record)| record.id);
            own.into_iter()
                .chain(details.get(number).into_iter().flat_map(|details| details.aliases.iter().copied()))
        };
        let valid = |number: &usize| records.get(*number).is_some_and(|(_, record)| !record.is_withdrawn());
        let numbers: Vec<usize> = (0..records.len()).filter(valid).collect();
        let lists: Vec<Vec<&str>> = numbers.iter().map(|number| ids(*number).collect()).collect();
        let mut members = BTreeSet::new();
        let mut found: BTreeSet<&str> = BTreeSet::new();
        for group in group(&lists).iter().filter(|group| group.ids.iter().any(|id| is_asked(id))) {
            members.extend(group.records.iter().filter_map(|place| numbers.get(*place)).copied());
            found.extend(&group.ids);
        }
        for number in (0..records.len()).filter(|number| ids(*number).any(is_asked)) {
            if members.insert(number) && !valid(&number) {
                found.extend(ids(number));
            }
        }
        gathered.ids.extend(found.into_iter().map(str::to_owned));
        for number in members {
            let (Some((layer, record)), Some(details)) = (records.get(number), details.get(number)) else {
                continue;
            };
            let key = (*layer, record.source, record.id.to_owned());
            let package = RecordPackage {
                name: name.clone(),
                ranges: record.intervals.iter().map(|interval| shown_range(record.id, interval)).collect(),
                versions: record.exact.iter().map(|(_, version)| (*version).to_owned()).collect(),
                fixed: fixed(std::iter::once(record)),
            };
            let text = match gathered.records.entry(key) {
                std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(self.text(*layer, record, details)?)
                }
            };
            for vector in details.own_vectors.iter().map(vector) {
                if !text.vectors.contains(&vector) {
                    text.vectors.push(vector);
                }
            }
            text.packages.push(package);
        }
        Ok(())
    }

    fn text(
        &self,
        layer: usize,
        record: &StoredRecord<'_>,
        details: &Details<'_>,
    ) -> Result<RecordText, Error> {
        let store = self.store(layer);
        let note = ProseReader::new(store).note(details.note)?;
        let date = |date: Date<'_>| Some(date.to_text()).filter(|text| !text.is_empty());
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Ok(RecordText {
            id: record.id.to_owned(),
            source: store.sources().get(record.source).map(|source| source.name.clone()).unwrap_or_default(),
            aliases: texts(&details.aliases),
            related: texts(&details.related),
            published: date(details.published),
            modified: date(details.modified),
            withdrawn: date(details.withdrawn),
            malicious: record.is_malicious(),
            word: details.word.to_owned(),
            vectors: details.vectors.iter().map(vector).collect(),
            summary: Some(note.line).filter(|line| !line.is_empty()),
            references: note.references,
            packages: Vec::new(),
        })
    }
}

/// What was found so far.
#[derive(Default)]
struct Gathered<'a> {
    asked: &'a str,
    ids: BTreeSet<String>,
    records: BTreeMap<Key, RecordText>,
}

impl Gathered<'_> {
    fn finish(self) -> Option<Advisory> {
        let id = self.ids.iter().find(|id| id.eq_ignore_ascii_case(self.asked))?.clone();
        let mut records: Vec<RecordText> = self.records.into_values().collect();
        let ids: BTreeSet<&str> = set_of(records.iter().map(|record| record.id.as_str()));
        let first = shown(&ids, &[]).to_owned();
        records.arrange_by_key(|record| (record.id != id, record.id != first, record.id.clone()));
        let counts = |record: &&RecordText| record.withdrawn.is_none();
        let valid: Vec<&RecordText> = records.iter().filter(counts).collect();
        let counted = if valid.is_empty() { records.iter().collect() } else { valid };
        let scored = |vector: &'_ RecordVector| -> Option<u8> {
            // A score was made of tenths.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0.0 to 10.0")]
            vector.score.map(|score| (score * 10.0).round() as u8)
        };
        let vectors = counted.iter().flat_map(|record| &record.vectors);
        let best = cvss::highest(
            vectors.filter_map(|vector| Some(Scored { vector: &vector.text, tenths: scored(vector)? })),
        );
        let word = counted.iter().filter_map(|record| Severity::from_word(&record.word)).max();
        let severity = match &best {
            Some(best) => Severity::from_score(best.score()),
            None => word.unwrap_or(Severity::Unknown),
        };
        let best = best.map(|best| RecordVector {
            text: best.vector.to_owned(),
            score: Some(best.score()),
            words: cvss::words(best.vector),
        });
        let aliases = self.ids.iter().filter(|other| **other != id).cloned().collect();
        Some(Advisory { id, aliases, severity, vector: best, records })
    }
}

fn vector(vector: &super::store::StoredVector<'_>) -> RecordVector {
    RecordVector {
        text: vector.text.to_owned(),
        score: vector.tenths.map(|tenths| f64::from(tenths) / 10.0),
        words: cvss::words(vector.text),
    }
}

/// Whether two ids can be two edits apart: of nearly one length and of nearly the same characters. Told in a
/// fraction of the time that the distance takes.
fn may_be_near(left: &[u8], right: &[u8]) -> bool {
    if left.len().abs_diff(right.len()) > NEAR_EDITS {
        return false;
    }
    let mut counts = [0_i16; 256];
    for byte in left {
        counts[usize::from(*byte)] += 1;
    }
    for byte in right {
        counts[usize::from(*byte)] -= 1;
    }
    counts.iter().map(|count| usize::from(count.unsigned_abs())).sum::<usize>() <= 2 * NEAR_EDITS
}

impl Advisory {
    /// A line about it: a record's own words, else ours from its vector.
    pub fn line(&self) -> Option<Cow<'_, str>> {
        let own = self.records.iter().find_map(|record| record.summary.as_deref()).map(Cow::Borrowed);
        own.or_else(|| self.vector.as_ref()?.words.as_deref().map(Cow::Borrowed))
    }

    /// All packages that a record is about, sorted.
    pub fn packages(&self) -> BTreeSet<&PackageName> {
        let packages = self.records.iter().flat_map(|record| &record.packages);
        packages.map(|package| &package.name).collect()
    }
}
