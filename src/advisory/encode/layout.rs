//! The smallest parts of the format: numbers, byte strings, and a cursor that believes nothing.

/// The first bytes of a store. The bytes around the letters change when a file is treated as text.
pub(crate) const MAGIC: [u8; 8] = *b"\x89ADV\r\n\x1a\n";
/// The version of the format. Raised when an older program would read the file wrongly.
pub(crate) const FORMAT: u32 = 1;
/// Magic, format, length of the header, length of the file.
pub(crate) const PREFIX: usize = 8 + 4 + 4 + 8;
/// The checksum that ends the header and each sealed region.
pub(crate) const SEAL: usize = 8;
/// The longest header that is believed.
pub(crate) const HEADER_LIMIT: usize = 16 << 20;
/// The longest region that is believed: page, package or block, packed or not.
pub(crate) const REGION_LIMIT: usize = 64 << 20;
/// Texts are packed in blocks of about this many bytes.
pub(crate) const BLOCK: usize = 16 << 10;
/// The same where they are not packed: a block is read, and its checksum computed, for one row.
pub(crate) const PLAIN_BLOCK: usize = 1 << 10;
/// A page of the index holds about this many names.
pub(crate) const NAMES_PER_PAGE: usize = 16;

/// Section of the pages of the index.
pub(crate) const SECTION_PAGES: [u8; 4] = *b"page";
/// Section of the packages.
pub(crate) const SECTION_PACKAGES: [u8; 4] = *b"pack";
/// Section of the blocks of prose.
pub(crate) const SECTION_PROSE: [u8; 4] = *b"cold";
/// Section that says how the store was built.
pub(crate) const SECTION_BUILD: [u8; 4] = *b"made";

/// Flag of a record: withdrawn, never matches.
pub(crate) const WITHDRAWN: u8 = 1;
/// Flag of a record: malware.
pub(crate) const MALICIOUS: u8 = 2;
/// Flag of a record: affects every version of the package.
pub(crate) const EVERY_VERSION: u8 = 4;

/// Stands for the score of a vector that has none, because it is not complete.
pub(crate) const NO_SCORE: u8 = 255;

/// Appends a number: seven bits a byte, lowest first, the high bit on all but the last.
#[expect(clippy::cast_possible_truncation, reason = "seven bits are left")]
pub(crate) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a length.
pub(crate) fn put_length(out: &mut Vec<u8>, length: usize) {
    put_number(out, length as u64);
}

/// Appends bytes after their length.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Appends texts after their count.
pub(crate) fn put_texts<T: AsRef<str>>(out: &mut Vec<u8>, texts: &[T]) {
    put_length(out, texts.len());
    for text in texts {
        put_bytes(out, text.as_ref().as_bytes());
    }
}

/// The page that holds a name, from the name's checksum.
pub(crate) fn page_of(checksum: u64, pages: u32) -> u32 {
    (((checksum >> 32) * u64::from(pages)) >> 32) as u32
}

/// Bytes are not what the format says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damaged;

/// Reads what the functions above write. Lengths are checked against what is there before anything is allocated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of `bytes`.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What was not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next `length` bytes.
    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Damaged)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// One byte.
    pub(crate) fn byte(&mut self) -> Result<u8, Damaged> {
        let (first, rest) = self.rest.split_first().ok_or(Damaged)?;
        self.rest = rest;
        Ok(*first)
    }

    /// A number.
    pub(crate) fn number(&mut self) -> Result<u64, Damaged> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Damaged)
    }

    /// A length or a count of things of at least one byte each: never more than what is left.
    pub(crate) fn length(&mut self) -> Result<usize, Damaged> {
        let length = usize::try_from(self.number()?).map_err(|_| Damaged)?;
        if length > self.rest.len() { Err(Damaged) } else { Ok(length) }
    }

    /// Bytes after their length.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Damaged> {
        let length = self.length()?;
        self.take(length)
    }

    /// A text after its length.
    pub(crate) fn text(&mut self) -> Result<&'a str, Damaged> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Damaged)
    }

    /// Texts after their count.
    pub(crate) fn texts(&mut self) -> Result<Vec<&'a str>, Damaged> {
        self.list(Self::text)
    }

    /// Things after their count, each of at least one byte.
    pub(crate) fn list<T>(
        &mut self,
        mut take: impl FnMut(&mut Self) -> Result<T, Damaged>,
    ) -> Result<Vec<T>, Damaged> {
        let count = self.length()?;
        // What a count promises is not believed beyond what costs little.
        let mut things = Vec::with_capacity(count.min(32));
        for _ in 0..count {
            things.push(take(self)?);
        }
        Ok(things)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cursor_believes_no_length() {
        assert_eq!(Cursor::new(&[5, 1, 2]).bytes(), Err(Damaged));
        assert_eq!(Cursor::new(&[0xff; 11]).number(), Err(Damaged));
        assert_eq!(Cursor::new(&[0xff, 0xff, 0xff, 0xff, 0x0f]).texts(), Err(Damaged));
        assert_eq!(Cursor::new(&[2, 0xc3, 0x28]).text(), Err(Damaged), "not UTF-8");
        assert_eq!(Cursor::new(&[]).array::<4>(), Err(Damaged));
    }

    #[test]
    fn every_name_has_a_page() {
        assert_eq!(page_of(u64::MAX, 7), 6);
        assert_eq!(page_of(0, 7), 0);
        assert_eq!(page_of(u64::MAX, 1), 0);
    }

    proptest! {
        #[test]
        fn numbers_come_back(number: u64) {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            let mut cursor = Cursor::new(&bytes);
            prop_assert_eq!(cursor.number(), Ok(number));
            prop_assert!(cursor.is_empty());
        }
    }
}
