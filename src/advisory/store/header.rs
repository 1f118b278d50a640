//! The header of a store: what it holds, and where.

use crate::advisory::encode::layout::{
    Cursor, Damaged, SEAL, SECTION_PACKAGES, SECTION_PAGES, SECTION_PROSE,
};

/// One source as the header lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredSource {
    pub(crate) name: String,
    pub(crate) published: String,
    pub(crate) records: usize,
    pub(crate) sha256: [u8; 32],
}

/// A stretch of the body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) start: u64,
    pub(crate) length: u64,
}

impl Section {
    /// A part of it, as an offset in the body.
    pub(crate) fn part(self, start: u64, length: u64) -> Result<u64, Damaged> {
        let end = start.checked_add(length).ok_or(Damaged)?;
        if end > self.length { Err(Damaged) } else { Ok(self.start + start) }
    }
}

/// A header that was read and found whole.
#[derive(Debug)]
pub(crate) struct Header {
    /// SHA-256 of the body.
    pub(crate) sha256: [u8; 32],
    /// How many packages there are.
    pub(crate) packages: usize,
    pub(crate) sources: Vec<StoredSource>,
    pub(crate) prose: Section,
    pub(crate) names: Section,
    pub(crate) pages: Section,
    /// The other sections, by tag: tables, how it was built, and what a newer program may have added.
    others: Vec<([u8; 4], Section)>,
    /// Start and length of each page of the index.
    pub(crate) directory: Vec<(u32, u32)>,
}

impl Header {
    /// Reads what stands between the prefix and the checksum; `body` is the length of everything behind.
    pub(crate) fn read(bytes: &[u8], body: u64) -> Result<Self, Damaged> {
        let mut cursor = Cursor::new(bytes);
        let sha256 = cursor.array()?;
        let packages = usize::try_from(cursor.number()?).map_err(|_| Damaged)?;
        let count = cursor.length()?;
        let sources = (0..count).map(|_| read_source(&mut cursor)).collect::<Result<_, _>>()?;
        let (mut prose, mut names, mut pages, mut others) = (None, None, None, Vec::new());
        for _ in 0..cursor.length()? {
            let tag: [u8; 4] = cursor.array()?;
            let section = Section { start: cursor.number()?, length: cursor.number()? };
            if section.start.checked_add(section.length).is_none_or(|end| end > body) {
                return Err(Damaged);
            }
            // A section with another tag belongs to a newer program and changes nothing for this one.
            match tag {
                SECTION_PROSE => prose = Some(section),
                SECTION_PACKAGES => names = Some(section),
                SECTION_PAGES => pages = Some(section),
                _ => others.push((tag, section)),
            }
        }
        let count = cursor.length()?;
        let (table, rest) = cursor.rest().as_chunks::<8>();
        if table.len() != count || !rest.is_empty() || count == 0 {
            return Err(Damaged);
        }
        let entry = |[a, b, c, d, e, f, g, h]: &[u8; 8]| {
            (u32::from_le_bytes([*a, *b, *c, *d]), u32::from_le_bytes([*e, *f, *g, *h]))
        };
        let directory = table.iter().map(entry).collect();
        let (Some(prose), Some(names), Some(pages)) = (prose, names, pages) else { return Err(Damaged) };
        Ok(Self { sha256, packages, sources, prose, names, pages, others, directory })
    }

    /// A section that not every store has.
    pub(crate) fn section(&self, tag: [u8; 4]) -> Option<Section> {
        self.others.iter().find(|(other, _)| *other == tag).map(|(_, section)| *section)
    }
}

fn read_source(cursor: &mut Cursor<'_>) -> Result<StoredSource, Damaged> {
    Ok(StoredSource {
        name: cursor.text()?.to_owned(),
        published: cursor.text()?.to_owned(),
        records: usize::try_from(cursor.number()?).map_err(|_| Damaged)?,
        sha256: cursor.array()?,
    })
}

/// A region without its seal, and the checksum that the seal promises.
pub(crate) fn split_seal(region: &[u8]) -> Result<(usize, u64), Damaged> {
    let content = region.len().checked_sub(SEAL).ok_or(Damaged)?;
    let seal = region.last_chunk::<SEAL>().ok_or(Damaged)?;
    Ok((content, u64::from_le_bytes(*seal)))
}
