//! The symbols that normalised names are made of.
//!
//! Uses the standard library alone: `build.rs` includes this file.

/// How many symbols a name is made of: letters, digits, the separator, and the edge of the name.
pub(crate) const SYMBOLS: usize = 38;

/// The symbol at both ends of a name.
pub(crate) const EDGE: usize = 37;

/// How finely surprises are kept: in parts of one.
pub(crate) const SURPRISE_UNIT: f32 = 16.0;

/// The number of a symbol: `a` is 0, `0` is 26, the separator 36. What no normalised name holds is the edge.
pub(crate) const fn symbol(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => (byte - b'a') as usize,
        b'0'..=b'9' => (byte - b'0') as usize + 26,
        b'-' => 36,
        _ => EDGE,
    }
}

/// How many symbols a name begins with: digits and letters.
pub(crate) const BEGINNINGS: usize = 36;

/// The place of a first symbol in the order of the alphabet: digits before letters.
pub(crate) const fn beginning(byte: u8) -> usize {
    match byte {
        b'0'..=b'9' => (byte - b'0') as usize,
        b'a'..=b'z' => (byte - b'a') as usize + 10,
        _ => BEGINNINGS,
    }
}

/// How many words the filter of popular names has: eight bits a name, so that most other names need one look.
pub(crate) const FILTER_WORDS: usize = 2048;

/// Which bit of which word of the filter a name has: FNV-1a.
pub(crate) fn filter_place(name: &[u8]) -> (usize, u32) {
    let hash = name.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let bit = hash >> 32;
    ((bit >> 6) as usize % FILTER_WORDS, (bit & 63) as u32)
}

/// The set of symbols of a name, one bit each; the digits share five bits.
pub(crate) fn letters(name: &[u8]) -> u32 {
    name.iter().fold(0, |set, byte| {
        let bit = match symbol(*byte) {
            letter @ 0..26 => letter,
            digit @ 26..36 => 26 + (digit - 26) / 2,
            _ => 31,
        };
        set | 1 << bit
    })
}
