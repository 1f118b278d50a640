//! Notes and prose: blocks that are unpacked only for what is shown.

use std::io::Read;

use super::Store;
use crate::advisory::Error;
use crate::advisory::encode::layout::{Cursor, Damaged, REGION_LIMIT};
use crate::advisory::encode::prose::{DEFLATED, OWN_SUMMARY, Place, STORED};

/// The line about a record, and its links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StoredNote {
    /// Empty when there is none.
    pub(crate) line: String,
    /// The line is the record's own summary, not an excerpt of its details.
    pub(crate) own_summary: bool,
    /// Kind and URL.
    pub(crate) references: Vec<(String, String)>,
}

/// The long text of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StoredProse {
    pub(crate) details: String,
    pub(crate) credits: Vec<String>,
}

/// Reads rows of one store, keeping the last block unpacked: rows that are shown together lie together.
#[derive(Debug)]
pub(crate) struct ProseReader<'a> {
    store: &'a Store,
    last: Option<(u64, Vec<u8>)>,
}

impl<'a> ProseReader<'a> {
    /// Reads from `store`.
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store, last: None }
    }

    /// The note at a place; an empty one when there is none.
    pub(crate) fn note(&mut self, place: Option<Place>) -> Result<StoredNote, Error> {
        let Some(place) = place else { return Ok(StoredNote::default()) };
        let store = self.store;
        read_note(self.row(place)?).map_err(|Damaged| store.damaged("a note"))
    }

    /// The prose at a place; empty when there is none.
    pub(crate) fn prose(&mut self, place: Option<Place>) -> Result<StoredProse, Error> {
        let Some(place) = place else { return Ok(StoredProse::default()) };
        let store = self.store;
        read_prose(self.row(place)?).map_err(|Damaged| store.damaged("a text"))
    }

    fn row(&mut self, place: Place) -> Result<&[u8], Error> {
        if self.last.as_ref().is_none_or(|(offset, _)| *offset != place.offset) {
            let region = self.store.prose_region(place)?;
            let block = unpack(&region).map_err(|Damaged| self.store.damaged("a block of texts"))?;
            self.last = Some((place.offset, block));
        }
        let block = self.last.as_ref().map_or(&[][..], |(_, block)| block);
        let start = usize::try_from(place.start).ok();
        let row = start.and_then(|start| block.get(start..)).and_then(|rest| Cursor::new(rest).bytes().ok());
        row.ok_or_else(|| self.store.damaged("the place of a text"))
    }
}

/// Unpacks a block. What it says about its length is believed up to a limit, and must be true.
fn unpack(region: &[u8]) -> Result<Vec<u8>, Damaged> {
    let mut cursor = Cursor::new(region);
    let form = cursor.byte()?;
    let length = usize::try_from(cursor.number()?).map_err(|_| Damaged)?;
    let packed = cursor.rest();
    if length > REGION_LIMIT {
        return Err(Damaged);
    }
    let block = match form {
        STORED => packed.to_vec(),
        DEFLATED => {
            let mut block = Vec::with_capacity(length.min(1 << 20));
            let mut reader = flate2::bufread::DeflateDecoder::new(packed).take(length as u64 + 1);
            reader.read_to_end(&mut block).map_err(|_| Damaged)?;
            block
        }
        _ => return Err(Damaged),
    };
    if block.len() == length { Ok(block) } else { Err(Damaged) }
}

fn read_note(row: &[u8]) -> Result<StoredNote, Damaged> {
    let mut cursor = Cursor::new(row);
    let flags = cursor.byte()?;
    let line = cursor.text()?.to_owned();
    let count = cursor.length()?;
    let mut reference = || Ok((cursor.text()?.to_owned(), cursor.text()?.to_owned()));
    let references = (0..count).map(|_| reference()).collect::<Result<_, _>>()?;
    Ok(StoredNote { line, own_summary: flags & OWN_SUMMARY != 0, references })
}

fn read_prose(row: &[u8]) -> Result<StoredProse, Damaged> {
    let mut cursor = Cursor::new(row);
    let details = cursor.text()?.to_owned();
    Ok(StoredProse { details, credits: cursor.texts()?.into_iter().map(str::to_owned).collect() })
}
