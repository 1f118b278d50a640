//! A store back to facts: for replacing one source of several, and for checking everything.

use crate::model::Arrange as _;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Details, ProseReader, Store, StoredRecord, StoredSource};
use crate::advisory::Error;
use crate::advisory::encode::facts::{Affected, Event, EventKind, Facts, Record, Reference, Source};
use crate::advisory::encode::interval::opening;
use crate::advisory::encode::layout::Cursor;
use crate::advisory::encode::table::{Table, TableKind};
use crate::advisory::encode::writer::source_digest;
use crate::advisory::tools::TOOLS;

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
        names.arrange();
        if names.len() == self.header.packages {
            Ok(names)
        } else {
            Err(self.damaged("the number of its packages"))
        }
    }

    /// Its sources and all its records. Writing them again gives the same store.
    pub(crate) fn facts(&self) -> Result<Facts, Error> {
        let mut records: BTreeMap<(usize, String), Record> = BTreeMap::new();
        let mut notes = ProseReader::new(self);
        let mut proses = ProseReader::new(self);
        let every = vec![true; self.header.sources.len()];
        for name in self.names()? {
            let Some(region) = self.package(&name)? else {
                return Err(self.damaged("its index"));
            };
            let mut list = Vec::new();
            self.records(&region, &every, 0, &mut list)?;
            for (_, stored) in list {
                let details = self.details(&stored)?;
                let key = (stored.source, stored.id.to_owned());
                if !records.contains_key(&key) {
                    let mut record = to_record(&stored, &details);
                    let note = notes.note(details.note)?;
                    let reference = |(kind, url)| Reference { kind, url };
                    record.references = note.references.into_iter().map(reference).collect();
                    record.summary = if note.own_summary { note.line } else { String::new() };
                    let prose = proses.prose(details.prose)?;
                    (record.details, record.credits) = (prose.details, prose.credits);
                    records.insert(key.clone(), record);
                }
                if let Some(record) = records.get_mut(&key) {
                    record.affected.push(to_affected(&name, &stored, &details));
                }
            }
        }
        let source = |source: &super::StoredSource| Source {
            name: source.name.clone(),
            published: source.published.clone(),
        };
        let sources = self.header.sources.iter().map(source).collect();
        let records = records.into_iter().map(|((source, _), record)| (source, record)).collect();
        Ok(Facts { sources, records, tables: self.tables()? })
    }

    /// Its tables, whole.
    fn tables(&self) -> Result<Vec<Table>, Error> {
        let mut tables = Vec::new();
        for kind in TableKind::ALL {
            let source = |source: &StoredSource| source.name == kind.source();
            match self.table(kind)? {
                Some(table) if self.header.sources.iter().any(source) => tables.push(table.all()?),
                _ => {}
            }
        }
        Ok(tables)
    }

    /// Reads everything and compares digests and counts with the header.
    pub(crate) fn verify(&self) -> Result<(), Error> {
        let facts = self.facts()?;
        self.parameters()?;
        for (number, source) in self.header.sources.iter().enumerate() {
            let table = facts.tables.iter().find(|table| table.kind.source() == source.name);
            let own = facts.records.iter().filter(|(source, _)| *source == number);
            let mut own: Vec<_> = own.map(|(_, record)| record).collect();
            own.arrange_by(|left, right| left.id.cmp(&right.id));
            if table.map_or(own.len(), Table::len) != source.records {
                return Err(self.damaged("the number of its records"));
            }
            let found = match table {
                Some(table) => (TOOLS.digest)(&table.rows),
                None => source_digest(&own, &TOOLS),
            };
            if found != source.sha256 {
                return Err(self.damaged(&format!("the digest of {}", source.name)));
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

fn owned<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    texts.map(str::to_owned).collect()
}

fn to_record(stored: &StoredRecord<'_>, details: &Details<'_>) -> Record {
    Record {
        id: stored.id.to_owned(),
        aliases: owned(details.aliases.iter().copied()),
        related: owned(details.related.iter().copied()),
        published: details.published.to_text(),
        modified: details.modified.to_text(),
        withdrawn: details.withdrawn.to_text(),
        vectors: owned(details.vectors.iter().map(|vector| vector.text)),
        word: details.word.to_owned(),
        malicious: stored.is_malicious(),
        ..Record::default()
    }
}

fn to_affected(name: &str, stored: &StoredRecord<'_>, details: &Details<'_>) -> Affected {
    let event = |kind, version: &str| Event { kind, version: version.to_owned() };
    let mut ranges: Vec<Vec<Event>> = Vec::new();
    for interval in &stored.intervals {
        let mut range = vec![opening(interval.from, interval.introduced)];
        range.extend(interval.end.map(|end| event(end.kind, end.version)));
        ranges.push(range);
    }
    // Fixed versions that end no interval: a range that affects nothing keeps them.
    ranges.extend(stored.more_fixed.iter().map(|version| vec![event(EventKind::Fixed, version)]));
    Affected {
        name: name.to_owned(),
        vectors: owned(details.own_vectors.iter().map(|vector| vector.text)),
        ranges,
        versions: stored.exact.iter().map(|(_, version)| (*version).to_owned()).collect(),
    }
}
