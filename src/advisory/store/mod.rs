//! A store on disk, in memory, or in the program: opened by its header, read in places.
//!
//! Every region ends with a checksum that is checked each time it is read, so a flipped bit or a cut is an error
//! and never another answer. Nothing is allocated for a length that was not checked.

mod facts;
mod header;
mod medium;
mod prose;
mod record;
mod table;

use std::borrow::Cow;
use std::fs::File;
use std::path::Path;

use twox_hash::XxHash3_64;

use super::Error;
use super::encode::layout::{Cursor, FORMAT, HEADER_LIMIT, MAGIC, PREFIX, REGION_LIMIT, SEAL, page_of};
use super::encode::prose::Place;
pub(crate) use header::StoredSource;
use header::{Header, Section, split_seal};
use medium::Medium;
pub(crate) use prose::ProseReader;
pub(crate) use record::{Details, StoredRecord, StoredVector};
pub(crate) use table::StoredTable;

/// What messages call a region of the section of packages.
const PACKAGE: &str = "the records of a package";

/// The checksum of the format: XXH3, 64 bits.
pub(crate) fn checksum(seed: u64, bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot_with_seed(seed, bytes)
}

/// An opened store.
#[derive(Debug)]
pub(crate) struct Store {
    medium: Medium,
    header: Header,
    /// Where the body starts.
    body: u64,
    /// How messages name it.
    label: String,
}

impl Store {
    /// Opens bytes that are part of the program.
    pub(crate) fn from_static(bytes: &'static [u8], label: &str) -> Result<Self, Error> {
        Self::new(Medium::Static(bytes), label.to_owned())
    }

    /// Opens bytes in memory.
    pub(crate) fn from_bytes(bytes: Vec<u8>, label: &str) -> Result<Self, Error> {
        Self::new(Medium::Memory(bytes), label.to_owned())
    }

    /// Opens a file.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let medium =
            File::open(path).and_then(Medium::file).map_err(|error| Error::io("read", path, error))?;
        Self::new(medium, format!("the advisory store `{}`", path.display()))
    }

    fn new(medium: Medium, label: String) -> Result<Self, Error> {
        let damaged = |what: &str| Error::Damaged { store: label.clone(), what: what.to_owned() };
        let Ok(prefix) = medium.read(0, PREFIX) else {
            return Err(Error::NotAStore { store: label });
        };
        let mut cursor = Cursor::new(&prefix);
        let mut number = || cursor.array().map(u32::from_le_bytes).map_err(|_| damaged("its first bytes"));
        let magic = [number()?.to_le_bytes(), number()?.to_le_bytes()].concat();
        if magic != MAGIC {
            return Err(Error::NotAStore { store: label });
        }
        let (format, length) = (number()?, number()? as usize);
        let total = u64::from(number()?) | u64::from(number()?) << 32;
        if format != FORMAT {
            return Err(Error::NewerFormat { store: label, format, known: FORMAT });
        }
        if total != medium.length() {
            return Err(damaged(&format!("{} bytes long instead of {total}", medium.length())));
        }
        if !(PREFIX + SEAL..=HEADER_LIMIT).contains(&length) || length as u64 > total {
            return Err(damaged("the length of its header"));
        }
        let bytes = medium.read(0, length).map_err(|error| damaged(&error.to_string()))?;
        let (content, seal) = split_seal(&bytes).map_err(|_| damaged("its header"))?;
        let content = bytes.get(..content).unwrap_or_default();
        if checksum(0, content) != seal {
            return Err(damaged("the checksum of its header"));
        }
        let body = length as u64;
        let fields = content.get(PREFIX..).unwrap_or_default();
        let header = Header::read(fields, total - body).map_err(|_| damaged("its header"))?;
        drop(bytes);
        drop(prefix);
        Ok(Self { medium, header, body, label })
    }

    /// Where the body starts in the file.
    #[cfg(test)]
    pub(crate) fn body_for_tests(&self) -> u64 {
        self.body
    }

    /// Its sources, by name.
    pub(crate) fn sources(&self) -> &[StoredSource] {
        &self.header.sources
    }

    /// How many packages its records are about.
    pub(crate) fn packages(&self) -> usize {
        self.header.packages
    }

    /// An error that names this store.
    pub(crate) fn damaged(&self, what: &str) -> Error {
        Error::Damaged { store: self.label.clone(), what: what.to_owned() }
    }

    /// A region of a section, checked, without its seal.
    fn region(&self, section: Section, start: u64, length: u64, what: &str) -> Result<Cow<'_, [u8]>, Error> {
        let damaged = || self.damaged(what);
        let offset = section.part(start, length).map_err(|_| damaged())?;
        let length =
            usize::try_from(length).ok().filter(|length| *length <= REGION_LIMIT).ok_or_else(damaged)?;
        let region = self.medium.read(self.body + offset, length);
        let region = region.map_err(|error| self.damaged(&format!("{what}: {error}")))?;
        let (content, seal) = split_seal(&region).map_err(|_| damaged())?;
        let sealed = region.get(..content).unwrap_or_default();
        if checksum(offset, sealed) != seal {
            return Err(self.damaged(&format!("the checksum of {what}")));
        }
        Ok(match region {
            Cow::Borrowed(region) => Cow::Borrowed(region.get(..content).unwrap_or_default()),
            Cow::Owned(mut region) => {
                region.truncate(content);
                Cow::Owned(region)
            }
        })
    }

    /// A page of the index.
    fn page(&self, number: usize) -> Result<Cow<'_, [u8]>, Error> {
        let what = "a page of its index";
        let (start, length) = *self.header.directory.get(number).ok_or_else(|| self.damaged(what))?;
        self.region(self.header.pages, start.into(), length.into(), what)
    }

    /// The block of a row.
    fn prose_region(&self, place: Place) -> Result<Cow<'_, [u8]>, Error> {
        self.region(self.header.prose, place.offset, place.length, "a block of texts")
    }

    /// The records of a package, as bytes for [`StoredRecord::all`]; `None` when no record names it.
    pub(crate) fn package(&self, name: &str) -> Result<Option<Cow<'_, [u8]>>, Error> {
        let pages = u32::try_from(self.header.directory.len()).unwrap_or(u32::MAX);
        let page = self.page(page_of(checksum(0, name.as_bytes()), pages) as usize)?;
        let damaged = |_| self.damaged("a page of its index");
        let mut cursor = Cursor::new(&page);
        for _ in 0..cursor.length().map_err(damaged)? {
            let found = cursor.bytes().map_err(damaged)?;
            let (start, length) = (cursor.number().map_err(damaged)?, cursor.number().map_err(damaged)?);
            if found == name.as_bytes() {
                return self.region(self.header.names, start, length, PACKAGE).map(Some);
            }
        }
        Ok(None)
    }

    /// Hands over every package: its name, and its records as bytes for [`StoredRecord::read_all`].
    pub(crate) fn each_package(
        &self,
        mut take: impl FnMut(&str, &[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let damaged = |_| self.damaged("a page of its index");
        for number in 0..self.header.directory.len() {
            let page = self.page(number)?;
            let mut cursor = Cursor::new(&page);
            for _ in 0..cursor.length().map_err(damaged)? {
                let name = cursor.text().map_err(damaged)?;
                let (start, length) = (cursor.number().map_err(damaged)?, cursor.number().map_err(damaged)?);
                take(name, &self.region(self.header.names, start, length, PACKAGE)?)?;
            }
        }
        Ok(())
    }

    /// Appends the records in the bytes of a package, with the number of this store: those of sources in use.
    pub(crate) fn records<'a>(
        &self,
        region: &'a [u8],
        used: &[bool],
        number: usize,
        records: &mut Vec<(usize, StoredRecord<'a>)>,
    ) -> Result<(), Error> {
        StoredRecord::read_all(region, used, records, number).map_err(|_| self.damaged(PACKAGE))
    }

    /// What else a record says.
    pub(crate) fn details<'a>(&self, record: &StoredRecord<'a>) -> Result<Details<'a>, Error> {
        record.details().map_err(|_| self.damaged(PACKAGE))
    }
}
