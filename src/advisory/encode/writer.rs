//! Facts to a store: same facts, same bytes.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Affected, Facts, Record, Source};
use super::layout::{
    BLOCK, FORMAT, MAGIC, NAMES_PER_PAGE, PLAIN_BLOCK, PREFIX, SEAL, SECTION_BUILD, SECTION_PACKAGES,
    SECTION_PAGES, SECTION_PROSE, page_of, put_bytes, put_length, put_texts,
};
use super::prose::{Blocks, Deflate, Place, note, prose, put_place};
use super::record::{Score, put_record};
use super::table::{KEY, ROWS_PER_PAGE, Table};

/// Raised when the same facts give other bytes than before, although a reader need not know.
const ENCODER: u32 = 1;

/// What the writer borrows, because this folder has std alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tools {
    /// XXH3, 64 bits, with a seed.
    pub(crate) checksum: fn(u64, &[u8]) -> u64,
    /// SHA-256.
    pub(crate) digest: fn(&[u8]) -> [u8; 32],
    /// The base score of a complete CVSS vector, in tenths.
    pub(crate) score: Score,
    /// Raw deflate; `None` keeps blocks as they are.
    pub(crate) deflate: Option<Deflate>,
}

/// One record with the number of its source.
type Entry<'a> = (usize, &'a Record);

/// Writes a store. Of records with one id in one source the one changed last stays. Records without a package
/// are not kept.
pub(crate) fn write(facts: &Facts, tools: &Tools) -> Vec<u8> {
    let Facts { sources, records, tables } = facts;
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by_key(|index| sources.get(*index).map(|source| source.name.as_str()));
    let rank: BTreeMap<usize, usize> = order.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    let mut chosen: BTreeMap<(&str, usize), &Record> = BTreeMap::new();
    for (source, record) in records {
        let Some(source) = rank.get(source).filter(|_| !record.affected.is_empty()) else { continue };
        let place = chosen.entry((&record.id, *source)).or_insert(record);
        if later(record, place) {
            *place = record;
        }
    }
    let entries: Vec<Entry<'_>> = chosen.iter().map(|((_, source), record)| (*source, *record)).collect();
    let mut body = Body { bytes: Vec::new(), checksum: tools.checksum };
    let (notes, proses) = put_prose(&mut body, &entries, tools);
    let prose_end = body.bytes.len();
    let index = put_packages(&mut body, &entries, &notes, &proses, tools.score);
    let packages_end = body.bytes.len();
    let pages = put_pages(&mut body, &index, prose_end);
    let mut sections = vec![
        (SECTION_PROSE, 0, prose_end),
        (SECTION_PACKAGES, prose_end, packages_end),
        (SECTION_PAGES, packages_end, body.bytes.len()),
    ];
    let mut tables: Vec<&Table> = tables.iter().collect();
    tables.sort_by_key(|table| table.kind.source());
    for table in &tables {
        put_table(&mut body, table, &mut sections);
    }
    let start = body.bytes.len();
    body.seal(&parameters(tools));
    sections.push((SECTION_BUILD, start, body.bytes.len()));
    let mut header = (tools.digest)(&body.bytes).to_vec();
    put_length(&mut header, index.len());
    put_length(&mut header, sources.len());
    for (new, old) in order.iter().enumerate() {
        let Some(source) = sources.get(*old) else { continue };
        let own: Vec<_> =
            entries.iter().filter(|(number, _)| *number == new).map(|(_, record)| *record).collect();
        let table = tables.iter().find(|table| table.kind.source() == source.name).copied();
        put_source(&mut header, source, &own, table, tools);
    }
    put_length(&mut header, sections.len());
    for (tag, start, end) in sections {
        header.extend_from_slice(&tag);
        put_length(&mut header, start);
        put_length(&mut header, end - start);
    }
    put_length(&mut header, pages.len());
    for (start, length) in &pages {
        header.extend_from_slice(&to_u32(*start));
        header.extend_from_slice(&to_u32(*length));
    }
    assemble(&header, &body.bytes, tools)
}

/// What the header says about a source: that of a table has rows instead of records.
fn put_source(header: &mut Vec<u8>, source: &Source, own: &[&Record], table: Option<&Table>, tools: &Tools) {
    put_bytes(header, source.name.as_bytes());
    put_bytes(header, source.published.as_bytes());
    put_length(header, table.map_or(own.len(), Table::len));
    let digest = match table {
        Some(table) => (tools.digest)(&table.rows),
        None => source_digest(own, tools),
    };
    header.extend_from_slice(&digest);
}

/// What bytes depend on besides the facts: names and values in turn.
fn parameters(tools: &Tools) -> Vec<u8> {
    let packed = tools.deflate.is_some();
    let block = if packed { BLOCK } else { PLAIN_BLOCK };
    let mut region = Vec::new();
    put_texts(
        &mut region,
        &[
            ("encoder", ENCODER.to_string()),
            ("texts", if packed { "deflate" } else { "plain" }.to_owned()),
            ("bytes-per-block", block.to_string()),
            ("names-per-page", NAMES_PER_PAGE.to_string()),
            ("rows-per-page", ROWS_PER_PAGE.to_string()),
        ]
        .map(|(name, value)| [name.to_owned(), value])
        .concat(),
    );
    region
}

/// Writes a table: the number of its rows with the first id of each page, then the pages.
fn put_table(body: &mut Body, table: &Table, sections: &mut Vec<([u8; 4], usize, usize)>) {
    let pages = || table.rows.chunks(table.kind.width() * ROWS_PER_PAGE);
    let mut index = Vec::with_capacity(16 + pages().len() * KEY);
    put_length(&mut index, table.len());
    for page in pages() {
        index.extend_from_slice(page.get(..KEY).unwrap_or_default());
    }
    let start = body.bytes.len();
    body.seal(&index);
    let middle = body.bytes.len();
    for page in pages() {
        body.seal(page);
    }
    let [of_index, of_pages] = table.kind.sections();
    sections.push((of_index, start, middle));
    sections.push((of_pages, middle, body.bytes.len()));
}

/// Whether a record replaces another one with its id. The last comparison only makes the choice independent of order.
fn later(record: &Record, other: &Record) -> bool {
    let key = |record: &Record| (record.modified.trim_end_matches('Z').to_owned(), format!("{record:?}"));
    !std::ptr::eq(record, other) && key(record) > key(other)
}

/// Everything behind the header, where each region ends with a checksum seeded by its offset.
struct Body {
    bytes: Vec<u8>,
    checksum: fn(u64, &[u8]) -> u64,
}

impl Body {
    /// Adds a region; says where it starts and how long it is with its seal.
    fn seal(&mut self, region: &[u8]) -> (usize, usize) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(region);
        self.bytes.extend_from_slice(&(self.checksum)(start as u64, region).to_le_bytes());
        (start, region.len() + SEAL)
    }
}

fn to_u32(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

/// The records in the order of their prose: by first package, so that what is shown together lies together.
fn prose_order(entries: &[Entry<'_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    let name = |index: &usize| {
        let record = entries.get(*index).map(|(_, record)| record);
        record.and_then(|record| record.affected.iter().map(|affected| affected.name.as_str()).min())
    };
    order.sort_by(|left, right| name(left).cmp(&name(right)).then(left.cmp(right)));
    order
}

type Places = Vec<Option<Place>>;

/// Writes the cold section; gives the places of notes and prose, by record.
fn put_prose(body: &mut Body, entries: &[Entry<'_>], tools: &Tools) -> (Places, Places) {
    let order = prose_order(entries);
    let mut rows = |row: fn(&Record) -> Vec<u8>| {
        let mut store = |block: Vec<u8>| {
            let (start, length) = body.seal(&block);
            (start as u64, length as u64)
        };
        let mut blocks = Blocks::new(tools.deflate, &mut store);
        for index in &order {
            blocks.add(&entries.get(*index).map(|(_, record)| row(record)).unwrap_or_default());
        }
        let mut places = vec![None; entries.len()];
        for (index, place) in order.iter().zip(blocks.finish()) {
            if let Some(slot) = places.get_mut(*index) {
                *slot = place;
            }
        }
        places
    };
    (rows(note), rows(prose))
}

/// Writes the packages, by name; gives name, start and length of each.
fn put_packages(
    body: &mut Body,
    entries: &[Entry<'_>],
    notes: &[Option<Place>],
    proses: &[Option<Place>],
    score: Score,
) -> Vec<(String, usize, usize)> {
    let mut names: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (index, (_, record)) in entries.iter().enumerate() {
        for affected in &record.affected {
            names.entry(&affected.name).or_default().insert(index);
        }
    }
    let mut index = Vec::with_capacity(names.len());
    for (name, numbers) in names {
        let mut region = Vec::new();
        put_length(&mut region, numbers.len());
        for number in numbers {
            let Some((source, record)) = entries.get(number) else { continue };
            let mut bytes = Vec::new();
            put_length(&mut bytes, *source);
            put_record(&mut bytes, record, &entries_for(record, name), score);
            put_place(&mut bytes, notes.get(number).copied().flatten());
            put_place(&mut bytes, proses.get(number).copied().flatten());
            put_bytes(&mut region, &bytes);
        }
        let (start, length) = body.seal(&region);
        index.push((name.to_owned(), start, length));
    }
    index
}

/// What a record says about one package.
fn entries_for<'a>(record: &'a Record, name: &str) -> Vec<&'a Affected> {
    record.affected.iter().filter(|affected| affected.name == name).collect()
}

/// Writes the pages of the index; gives start and length of each, from the start of the first.
fn put_pages(body: &mut Body, index: &[(String, usize, usize)], base: usize) -> Vec<(usize, usize)> {
    let count = index.len().div_ceil(NAMES_PER_PAGE).max(1);
    let mut pages: Vec<Vec<&(String, usize, usize)>> = vec![Vec::new(); count];
    for entry in index {
        let page = page_of((body.checksum)(0, entry.0.as_bytes()), u32::try_from(count).unwrap_or(u32::MAX));
        if let Some(page) = pages.get_mut(page as usize) {
            page.push(entry);
        }
    }
    let first = body.bytes.len();
    let mut directory = Vec::with_capacity(count);
    for page in pages {
        let mut region = Vec::new();
        put_length(&mut region, page.len());
        for (name, start, length) in page {
            put_bytes(&mut region, name.as_bytes());
            put_length(&mut region, start - base);
            put_length(&mut region, *length);
        }
        let (start, length) = body.seal(&region);
        directory.push((start - first, length));
    }
    directory
}

/// The digest of what one source says, independent of the other sources of the store.
pub(crate) fn source_digest(records: &[&Record], tools: &Tools) -> [u8; 32] {
    let mut bytes = Vec::new();
    for record in records {
        let names: BTreeSet<&str> = record.affected.iter().map(|affected| affected.name.as_str()).collect();
        for name in names {
            put_bytes(&mut bytes, name.as_bytes());
            put_record(&mut bytes, record, &entries_for(record, name), tools.score);
        }
        put_bytes(&mut bytes, &note(record));
        put_bytes(&mut bytes, &prose(record));
    }
    (tools.digest)(&bytes)
}

/// Puts the prefix, the header with its checksum, and the body together.
fn assemble(header: &[u8], body: &[u8], tools: &Tools) -> Vec<u8> {
    let header_length = PREFIX + header.len() + SEAL;
    let total = header_length + body.len();
    let mut bytes = Vec::with_capacity(total);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&to_u32(header_length));
    bytes.extend_from_slice(&(total as u64).to_le_bytes());
    bytes.extend_from_slice(header);
    let checksum = (tools.checksum)(0, &bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes.extend_from_slice(body);
    bytes
}
