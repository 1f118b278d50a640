//! A store back to facts: for replacing one source of several, and for checking everything.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{ProseReader, Store, StoredRecord};
use crate::advisory::Error;
use crate::advisory::encode::facts::{Affected, Event, EventKind, Record, Reference, Source};
use crate::advisory::encode::layout::Cursor;

impl Store {
    /// All names, sorted.
    pub(crate) fn names(&self) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        for number in 0..self.header.directory.len() {
            let page = self.page(number)?;
            let damaged = |_| self.damaged("a page of its index");
            let mut cursor = Cursor::new(&page);
            for _ in 0..cursor.length().map_err(damaged)? {
                names.push(cursor.text().map_err(damaged)?.to_owned());
                cursor.number().and_then(|_| cursor.number()).map_err(damaged)?;
            }
        }
        names.sort();
        if names.len() == self.header.packages {
            Ok(names)
        } else {
            Err(self.damaged("the number of its packages"))
        }
    }

    /// Its sources and all its records. Writing them again gives the same store.
    pub(crate) fn facts(&self) -> Result<(Vec<Source>, Vec<(usize, Record)>), Error> {
        let mut records: BTreeMap<(usize, String), Record> = BTreeMap::new();
        let mut notes = ProseReader::new(self);
        let mut proses = ProseReader::new(self);
        for name in self.names()? {
            let Some(region) = self.package(&name)? else {
                return Err(self.damaged("its index"));
            };
            for stored in self.records(&region)? {
                let key = (stored.source, stored.id.to_owned());
                if !records.contains_key(&key) {
                    let mut record = to_record(&stored);
                    let note = notes.note(stored.note)?;
                    let reference = |(kind, url)| Reference { kind, url };
                    record.references = note.references.into_iter().map(reference).collect();
                    record.summary = if note.own_summary { note.line } else { String::new() };
                    let prose = proses.prose(stored.prose)?;
                    (record.details, record.credits) = (prose.details, prose.credits);
                    records.insert(key.clone(), record);
                }
                if let Some(record) = records.get_mut(&key) {
                    record.affected.push(to_affected(&name, &stored));
                }
            }
        }
        let source = |source: &super::StoredSource| Source {
            name: source.name.clone(),
            published: source.published.clone(),
        };
        let sources = self.header.sources.iter().map(source).collect();
        Ok((sources, records.into_iter().map(|((source, _), record)| (source, record)).collect()))
    }

    /// Reads everything and compares digest and counts with the header.
    pub(crate) fn verify(&self) -> Result<(), Error> {
        let (_, records) = self.facts()?;
        for (number, source) in self.header.sources.iter().enumerate() {
            if records.iter().filter(|(source, _)| *source == number).count() != source.records {
                return Err(self.damaged("the number of its records"));
            }
        }
        let mut digest = Sha256::new();
        let (mut at, end) = (self.body, self.medium.length());
        while at < end {
            let length = (end - at).min(1 << 20);
            let piece = self.medium.read(at, usize::try_from(length).unwrap_or(0));
            digest.update(piece.map_err(|error| self.damaged(&error.to_string()))?);
            at += length;
        }
        let found: [u8; 32] = digest.finalize().into();
        if found == self.header.sha256 { Ok(()) } else { Err(self.damaged("its digest")) }
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn to_record(stored: &StoredRecord<'_>) -> Record {
    Record {
        id: stored.id.to_owned(),
        aliases: owned(&stored.aliases),
        related: owned(&stored.related),
        published: stored.published.to_text(),
        modified: stored.modified.to_text(),
        withdrawn: stored.withdrawn.to_text(),
        vectors: owned(&stored.vectors),
        word: stored.word.to_owned(),
        malicious: stored.is_malicious(),
        ..Record::default()
    }
}

fn to_affected(name: &str, stored: &StoredRecord<'_>) -> Affected {
    let event = |kind, version: &str| Event { kind, version: version.to_owned() };
    let mut ranges: Vec<Vec<Event>> = Vec::new();
    for interval in &stored.intervals {
        let mut range = vec![event(EventKind::Introduced, interval.introduced)];
        range.extend(interval.end.map(|end| event(end.kind, end.version)));
        ranges.push(range);
    }
    // Fixed versions that end no interval: a range that affects nothing keeps them.
    ranges.extend(stored.more_fixed.iter().map(|version| vec![event(EventKind::Fixed, version)]));
    Affected {
        name: name.to_owned(),
        vectors: owned(&stored.own_vectors),
        ranges,
        versions: stored.exact.iter().map(|(_, version)| (*version).to_owned()).collect(),
    }
}
