//! One record of one package, borrowed from a store.

use crate::advisory::encode::date::Date;
use crate::advisory::encode::layout::{Cursor, Damaged, EVERY_VERSION, MALICIOUS, WITHDRAWN};
use crate::advisory::encode::prose::Place;
use crate::advisory::encode::record::StoredInterval;

/// What one record says about one package.
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
    pub(crate) aliases: Vec<&'a str>,
    pub(crate) related: Vec<&'a str>,
    pub(crate) word: &'a str,
    pub(crate) vectors: Vec<&'a str>,
    /// Vectors for this package alone.
    pub(crate) own_vectors: Vec<&'a str>,
    pub(crate) published: Date<'a>,
    pub(crate) modified: Date<'a>,
    pub(crate) withdrawn: Date<'a>,
    pub(crate) note: Option<Place>,
    pub(crate) prose: Option<Place>,
}

impl<'a> StoredRecord<'a> {
    /// All records of a package's region.
    pub(crate) fn all(region: &'a [u8]) -> Result<Vec<Self>, Damaged> {
        let mut cursor = Cursor::new(region);
        let count = cursor.length()?;
        let records = (0..count).map(|_| Self::read(cursor.bytes()?)).collect::<Result<_, _>>()?;
        if cursor.is_empty() { Ok(records) } else { Err(Damaged) }
    }

    fn read(bytes: &'a [u8]) -> Result<Self, Damaged> {
        let mut cursor = Cursor::new(bytes);
        let cursor = &mut cursor;
        let source = usize::try_from(cursor.number()?).map_err(|_| Damaged)?;
        let flags = cursor.byte()?;
        let count = cursor.length()?;
        let intervals = (0..count).map(|_| StoredInterval::take(cursor)).collect::<Result<_, _>>()?;
        let count = cursor.length()?;
        let exact = (0..count).map(|_| Ok((cursor.bytes()?, cursor.text()?))).collect::<Result<_, _>>()?;
        Ok(Self {
            source,
            flags,
            intervals,
            exact,
            more_fixed: cursor.texts()?,
            id: cursor.text()?,
            aliases: cursor.texts()?,
            related: cursor.texts()?,
            word: cursor.text()?,
            vectors: cursor.texts()?,
            own_vectors: cursor.texts()?,
            published: Date::take(cursor)?,
            modified: Date::take(cursor)?,
            withdrawn: Date::take(cursor)?,
            note: take_place(cursor)?,
            prose: take_place(cursor)?,
        })
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

    /// Its id and its aliases.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &'a str> + '_ {
        std::iter::once(self.id).chain(self.aliases.iter().copied())
    }
}

fn take_place(cursor: &mut Cursor<'_>) -> Result<Option<Place>, Damaged> {
    let length = cursor.number()?;
    if length == 0 {
        return Ok(None);
    }
    Ok(Some(Place { length, offset: cursor.number()?, start: cursor.number()? }))
}
