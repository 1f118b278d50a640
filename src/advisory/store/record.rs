//! One record of one package, borrowed from a store.
//!
//! A look-up reads the [`StoredRecord`] of every record of a package, and the [`Details`] of those alone that belong
//! to what is reported.

use crate::advisory::cvss::Scored;
use crate::advisory::encode::date::Date;
use crate::advisory::encode::layout::{Cursor, Damaged, EVERY_VERSION, MALICIOUS, NO_SCORE, WITHDRAWN};
use crate::advisory::encode::prose::Place;
use crate::advisory::encode::record::StoredInterval;

/// What one record says about one package: what matching needs.
#[derive(Debug, Clone)]
pub(crate) struct StoredRecord<'a> {
    /// The number of its source in the store.
    pub(crate) source: usize,
    flags: u8,
    pub(crate) intervals: Vec<StoredInterval<'a>>,
    /// Key and text of versions that no interval holds, by key.
    pub(crate) exact: Vec<(&'a [u8], &'a str)>,
    pub(crate) more_fixed: Vec<&'a str>,
    pub(crate) id: &'a str,
    /// What follows the id.
    details: &'a [u8],
}

/// What else a record says: what evidence needs.
#[derive(Debug, Clone)]
pub(crate) struct Details<'a> {
    pub(crate) aliases: Vec<&'a str>,
    pub(crate) related: Vec<&'a str>,
    pub(crate) word: &'a str,
    pub(crate) vectors: Vec<StoredVector<'a>>,
    /// Vectors for this package alone.
    pub(crate) own_vectors: Vec<StoredVector<'a>>,
    pub(crate) published: Date<'a>,
    pub(crate) modified: Date<'a>,
    pub(crate) withdrawn: Date<'a>,
    pub(crate) note: Option<Place>,
    pub(crate) prose: Option<Place>,
}

/// A CVSS vector.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoredVector<'a> {
    pub(crate) text: &'a str,
    /// Its base score in tenths; `None` when it is not complete.
    pub(crate) tenths: Option<u8>,
}

impl<'a> StoredRecord<'a> {
    /// Appends the records of a package's region to `records`: those of a source in use.
    pub(crate) fn read_all(
        region: &'a [u8],
        used: &[bool],
        records: &mut Vec<(usize, Self)>,
        store: usize,
    ) -> Result<(), Damaged> {
        let mut cursor = Cursor::new(region);
        let count = cursor.length()?;
        records.reserve(count);
        for _ in 0..count {
            let record = Self::read(cursor.bytes()?)?;
            if used.get(record.source).copied().unwrap_or_default() {
                records.push((store, record));
            }
        }
        if cursor.is_empty() { Ok(()) } else { Err(Damaged) }
    }

    fn read(bytes: &'a [u8]) -> Result<Self, Damaged> {
        let mut cursor = Cursor::new(bytes);
        let cursor = &mut cursor;
        let source = usize::try_from(cursor.number()?).map_err(|_| Damaged)?;
        let flags = cursor.byte()?;
        let intervals = cursor.list(StoredInterval::take)?;
        let exact = cursor.list(|cursor| Ok((cursor.bytes()?, cursor.text()?)))?;
        let (more_fixed, id) = (cursor.texts()?, cursor.text()?);
        Ok(Self { source, flags, intervals, exact, more_fixed, id, details: cursor.rest() })
    }

    /// Hands over its id, then its aliases.
    pub(crate) fn each_id(&self, mut take: impl FnMut(&'a str)) -> Result<(), Damaged> {
        take(self.id);
        let mut cursor = Cursor::new(self.details);
        for _ in 0..cursor.length()? {
            take(cursor.text()?);
        }
        Ok(())
    }

    /// What else it says.
    pub(crate) fn details(&self) -> Result<Details<'a>, Damaged> {
        let mut cursor = Cursor::new(self.details);
        let cursor = &mut cursor;
        let details = Details {
            aliases: cursor.texts()?,
            related: cursor.texts()?,
            word: cursor.text()?,
            vectors: cursor.list(StoredVector::take)?,
            own_vectors: cursor.list(StoredVector::take)?,
            published: Date::take(cursor)?,
            modified: Date::take(cursor)?,
            withdrawn: Date::take(cursor)?,
            note: take_place(cursor)?,
            prose: take_place(cursor)?,
        };
        if cursor.is_empty() { Ok(details) } else { Err(Damaged) }
    }

    /// Whether the version with this key is in one of its intervals, or listed.
    pub(crate) fn holds(&self, key: &[u8]) -> bool {
        self.intervals.iter().any(|interval| interval.contains(key)) || self.lists(key)
    }

    /// Whether the version with this key is listed.
    pub(crate) fn lists(&self, key: &[u8]) -> bool {
        self.exact.binary_search_by(|(listed, _)| (*listed).cmp(key)).is_ok()
    }

    /// It never matches.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.flags & WITHDRAWN != 0
    }

    /// It says that what it names is malware.
    pub(crate) fn is_malicious(&self) -> bool {
        self.flags & MALICIOUS != 0
    }

    /// It affects every version of the package.
    pub(crate) fn is_every_version(&self) -> bool {
        self.flags & EVERY_VERSION != 0
    }
}

impl<'a> Details<'a> {
    /// Its complete vectors.
    pub(crate) fn scored(&self) -> impl Iterator<Item = Scored<'a>> + '_ {
        let vectors = self.vectors.iter().chain(&self.own_vectors);
        vectors.filter_map(|vector| Some(Scored { vector: vector.text, tenths: vector.tenths? }))
    }
}

impl<'a> StoredVector<'a> {
    fn take(cursor: &mut Cursor<'a>) -> Result<Self, Damaged> {
        let tenths = match cursor.byte()? {
            NO_SCORE => None,
            tenths @ 0..=100 => Some(tenths),
            _ => return Err(Damaged),
        };
        Ok(Self { text: cursor.text()?, tenths })
    }
}

fn take_place(cursor: &mut Cursor<'_>) -> Result<Option<Place>, Damaged> {
    let length = cursor.number()?;
    if length == 0 {
        return Ok(None);
    }
    Ok(Some(Place { length, offset: cursor.number()?, start: cursor.number()? }))
}
