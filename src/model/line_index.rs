//! Where the lines of a text start.

/// How many bytes are counted at once.
const BLOCK: usize = 4096;

/// Where the lines of a text start, found when they are asked for: a text of which few places are shown is counted
/// through once, four kilobytes at a time, instead of noting every line of it.
#[derive(Debug, Clone)]
pub(super) enum LineIndex {
    /// Lines end with LF alone, or CR LF: how many LF stand before each block, and in the whole text at last.
    Counts(Vec<u32>),
    /// There is a lone CR, which ends a line as well: where each line starts.
    Starts(Vec<u32>),
}

impl LineIndex {
    /// A line ends with LF, CR LF or a lone CR, as editors count.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let lone = |at: usize| bytes.get(at + 1) != Some(&b'\n');
        if memchr::memchr_iter(b'\r', bytes).any(lone) {
            let ends =
                memchr::memchr2_iter(b'\n', b'\r', bytes).filter(|at| bytes[*at] == b'\n' || lone(*at));
            return Self::Starts(std::iter::once(0).chain(ends.map(|at| short(at + 1))).collect());
        }
        let mut counts = Vec::with_capacity(bytes.len() / BLOCK + 2);
        let mut sum = 0;
        counts.push(0);
        for block in bytes.chunks(BLOCK) {
            sum += memchr::memchr_iter(b'\n', block).count();
            counts.push(short(sum));
        }
        Self::Counts(counts)
    }

    /// The number of lines, at least 1.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Counts(counts) => counts.last().map_or(0, |count| *count as usize) + 1,
            Self::Starts(starts) => starts.len(),
        }
    }

    /// The byte at which a line (from 1) starts; `None` beyond the last.
    pub(super) fn start(&self, number: usize, bytes: &[u8]) -> Option<usize> {
        let before = number.checked_sub(1)?;
        match self {
            Self::Starts(starts) => starts.get(before).map(|start| *start as usize),
            Self::Counts(_) if before == 0 => Some(0),
            Self::Counts(counts) => {
                // The block in which that many line ends are reached.
                let block = counts.partition_point(|count| (*count as usize) < before).checked_sub(1)?;
                let wanted = before - *counts.get(block)? as usize;
                let rest = bytes.get(block * BLOCK..)?;
                let end = memchr::memchr_iter(b'\n', rest).nth(wanted - 1)?;
                Some(block * BLOCK + end + 1)
            }
        }
    }

    /// The line (from 1) in which a byte stands.
    pub(super) fn of_byte(&self, byte: usize, bytes: &[u8]) -> usize {
        match self {
            Self::Starts(starts) => starts.partition_point(|start| *start as usize <= byte).max(1),
            Self::Counts(counts) => {
                let block = byte / BLOCK;
                let before = counts.get(block).or(counts.last()).map_or(0, |count| *count as usize);
                let rest = bytes.get(block * BLOCK..byte).unwrap_or_default();
                before + memchr::memchr_iter(b'\n', rest).count() + 1
            }
        }
    }
}

/// Files of more than four gigabytes are not read.
fn short(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The obvious way.
    fn starts(text: &[u8]) -> Vec<usize> {
        let ends = text
            .iter()
            .enumerate()
            .filter(|(at, byte)| **byte == b'\n' || (**byte == b'\r' && text.get(at + 1) != Some(&b'\n')));
        std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
    }

    proptest! {
        #[test]
        fn agrees_with_the_obvious_way(
            pieces in prop::collection::vec(prop::sample::select(vec!["", "x", "\n", "\r\n", "long line"]), 0..40),
            lone: bool,
            times in 1..60_usize,
        ) {
            let mut text = pieces.concat().repeat(times);
            if lone {
                text.insert(text.len() / 2, '\r');
            }
            let bytes = text.as_bytes();
            let (index, expected) = (LineIndex::new(bytes), starts(bytes));
            prop_assert_eq!(index.count(), expected.len());
            for (number, start) in expected.iter().enumerate() {
                prop_assert_eq!(index.start(number + 1, bytes), Some(*start));
            }
            prop_assert_eq!((index.start(0, bytes), index.start(expected.len() + 1, bytes)), (None, None));
            for byte in 0..=bytes.len() {
                let line = expected.partition_point(|start| *start <= byte);
                prop_assert_eq!(index.of_byte(byte, bytes), line, "{}", byte);
            }
        }
    }
}
