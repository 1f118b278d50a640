//! Tables of a store: what is known about a CVE id, read page by page.

use std::borrow::Cow;

use super::Store;
use super::header::Section;
use crate::advisory::Error;
use crate::advisory::encode::layout::{Cursor, SEAL, SECTION_BUILD};
use crate::advisory::encode::table::{CveKey, KEY, ROWS_PER_PAGE, Table, TableKind};

/// A table of a store, opened: the first id of each page is in memory, and nothing else.
#[derive(Debug)]
pub(crate) struct StoredTable<'a> {
    store: &'a Store,
    kind: TableKind,
    rows: usize,
    index: Cow<'a, [u8]>,
    /// Where the first ids start in the index.
    first: usize,
    pages: Section,
}

impl Store {
    /// A table; `None` when the store has none of this kind.
    pub(crate) fn table(&self, kind: TableKind) -> Result<Option<StoredTable<'_>>, Error> {
        let [of_index, of_pages] = kind.sections();
        let (Some(at), Some(pages)) = (self.header.section(of_index), self.header.section(of_pages)) else {
            return Ok(None);
        };
        let damaged = || self.damaged("the index of a table");
        let index = self.region(at, 0, at.length, "the index of a table")?;
        let mut cursor = Cursor::new(&index);
        let rows = cursor.number().ok().and_then(|rows| usize::try_from(rows).ok()).ok_or_else(damaged)?;
        let first = index.len() - cursor.rest().len();
        if cursor.rest().len() != rows.div_ceil(ROWS_PER_PAGE).checked_mul(KEY).ok_or_else(damaged)? {
            return Err(damaged());
        }
        Ok(Some(StoredTable { store: self, kind, rows, index, first, pages }))
    }

    /// How it was built: names and values. Empty for a store that does not say.
    pub(crate) fn parameters(&self) -> Result<Vec<(String, String)>, Error> {
        let Some(section) = self.header.section(SECTION_BUILD) else { return Ok(Vec::new()) };
        let what = "how it was built";
        let region = self.region(section, 0, section.length, what)?;
        let texts = Cursor::new(&region).texts().map_err(|_| self.damaged(what))?;
        let (pairs, _) = texts.as_chunks::<2>();
        Ok(pairs.iter().map(|[name, value]| ((*name).to_owned(), (*value).to_owned())).collect())
    }
}

impl StoredTable<'_> {
    /// The row of an id, without the id.
    pub(crate) fn find(&self, key: CveKey) -> Result<Option<Vec<u8>>, Error> {
        let (firsts, _) = self.index.get(self.first..).unwrap_or_default().as_chunks::<KEY>();
        let Some(number) = firsts.partition_point(|first| *first <= key).checked_sub(1) else {
            return Ok(None);
        };
        let page = self.page(number)?;
        let width = self.kind.width();
        let row = |at: usize| page.get(at * width..(at + 1) * width).unwrap_or_default();
        let (mut low, mut high) = (0, page.len() / width);
        while low < high {
            let middle = usize::midpoint(low, high);
            let (id, rest) = row(middle).split_at_checked(KEY).unwrap_or_default();
            match id.cmp(&key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(Some(rest.to_vec())),
            }
        }
        Ok(None)
    }

    fn page(&self, number: usize) -> Result<Cow<'_, [u8]>, Error> {
        let width = self.kind.width();
        let rows = self.rows.saturating_sub(number * ROWS_PER_PAGE).min(ROWS_PER_PAGE);
        let start = number * (ROWS_PER_PAGE * width + SEAL);
        self.store.region(self.pages, start as u64, (rows * width + SEAL) as u64, "a page of a table")
    }

    /// An error about a row that says what cannot be.
    pub(crate) fn damaged(&self) -> Error {
        self.store.damaged("a row of a table")
    }

    /// Its index as it lies in the store.
    #[cfg(test)]
    pub(crate) fn index_for_tests(&self) -> Vec<u8> {
        self.index.to_vec()
    }

    /// A page as it lies in the store.
    #[cfg(test)]
    pub(crate) fn page_for_tests(&self, number: usize) -> Vec<u8> {
        self.page(number).unwrap_or_default().into_owned()
    }

    /// All rows, for another store, and for checking them.
    pub(crate) fn all(&self) -> Result<Table, Error> {
        let mut rows = Vec::new();
        let (firsts, _) = self.index.get(self.first..).unwrap_or_default().as_chunks::<KEY>();
        for (number, first) in firsts.iter().enumerate() {
            let page = self.page(number)?;
            if !page.starts_with(first) {
                return Err(self.store.damaged("the index of a table"));
            }
            rows.extend_from_slice(&page);
        }
        let ids = || rows.chunks(self.kind.width()).map(|row| row.get(..KEY));
        let in_order = ids().zip(ids().skip(1)).all(|(left, right)| left < right);
        if in_order {
            Ok(Table { kind: self.kind, rows })
        } else {
            Err(self.store.damaged("the order of a table"))
        }
    }
}
