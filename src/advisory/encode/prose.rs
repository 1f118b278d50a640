//! The cold section: what is read only for what is shown, in blocks.
//!
//! A record has up to two rows: its *note* (one line about it, references) and its *prose* (details, credits).
//! Rows of one kind lie in blocks of about [`BLOCK`] bytes, so that showing a line never unpacks the details.

use super::excerpt::excerpt;
use super::facts::Record;
use super::layout::{BLOCK, PLAIN_BLOCK, put_bytes, put_length, put_number, put_texts};

/// The line of a note is the record's own summary.
pub(crate) const OWN_SUMMARY: u8 = 1;

/// Packs bytes: raw deflate.
pub(crate) type Deflate = fn(&[u8]) -> Vec<u8>;

/// How a block is stored: as it is.
pub(crate) const STORED: u8 = 0;
/// How a block is stored: raw deflate.
pub(crate) const DEFLATED: u8 = 1;

/// The note of a record; empty when it has none.
pub(crate) fn note(record: &Record) -> Vec<u8> {
    let mut row = Vec::new();
    let (flags, line) = if record.summary.is_empty() {
        (0, excerpt(&record.details))
    } else {
        (OWN_SUMMARY, record.summary.clone())
    };
    if line.is_empty() && record.references.is_empty() {
        return row;
    }
    row.push(flags);
    put_bytes(&mut row, line.as_bytes());
    put_length(&mut row, record.references.len());
    for reference in &record.references {
        put_bytes(&mut row, reference.kind.as_bytes());
        put_bytes(&mut row, reference.url.as_bytes());
    }
    row
}

/// The prose of a record; empty when it has none.
pub(crate) fn prose(record: &Record) -> Vec<u8> {
    let mut row = Vec::new();
    if record.details.is_empty() && record.credits.is_empty() {
        return row;
    }
    put_bytes(&mut row, record.details.as_bytes());
    put_texts(&mut row, &record.credits);
    row
}

/// Where a row lies: its block in the section, the block's length, and the row's start in the unpacked block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) start: u64,
}

/// Appends a place.
pub(crate) fn put_place(out: &mut Vec<u8>, place: Option<Place>) {
    match place {
        None => put_number(out, 0),
        Some(place) => {
            put_number(out, place.length);
            put_number(out, place.offset);
            put_number(out, place.start);
        }
    }
}

/// Gathers rows into blocks.
pub(crate) struct Blocks<'a> {
    /// Packs a block; `None` to keep blocks as they are.
    pub(crate) deflate: Option<Deflate>,
    /// Seals and stores a block in the section, and says at which offset and with which length.
    pub(crate) store: &'a mut dyn FnMut(Vec<u8>) -> (u64, u64),
    open: Vec<u8>,
    /// Rows of the open block: the number under which its place is asked for, and its start.
    waiting: Vec<(usize, u64)>,
    places: Vec<Option<Place>>,
}

impl<'a> Blocks<'a> {
    /// No rows yet.
    pub(crate) fn new(deflate: Option<Deflate>, store: &'a mut dyn FnMut(Vec<u8>) -> (u64, u64)) -> Self {
        Self { deflate, store, open: Vec::new(), waiting: Vec::new(), places: Vec::new() }
    }

    /// Adds the next row; an empty one has no place.
    pub(crate) fn add(&mut self, row: &[u8]) {
        let number = self.places.len();
        self.places.push(None);
        if row.is_empty() {
            return;
        }
        self.waiting.push((number, self.open.len() as u64));
        put_bytes(&mut self.open, row);
        if self.open.len() >= if self.deflate.is_some() { BLOCK } else { PLAIN_BLOCK } {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let mut block = Vec::with_capacity(self.open.len() + 8);
        let packed =
            self.deflate.map(|deflate| deflate(&self.open)).filter(|packed| packed.len() < self.open.len());
        block.push(if packed.is_some() { DEFLATED } else { STORED });
        put_length(&mut block, self.open.len());
        block.extend_from_slice(packed.as_ref().unwrap_or(&self.open));
        let (offset, length) = (self.store)(block);
        for (number, start) in self.waiting.drain(..) {
            if let Some(place) = self.places.get_mut(number) {
                *place = Some(Place { offset, length, start });
            }
        }
        self.open.clear();
    }

    /// The places of all rows, in the order in which they came.
    pub(crate) fn finish(mut self) -> Vec<Option<Place>> {
        self.flush();
        self.places
    }
}
