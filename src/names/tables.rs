//! The tables of names, written as Rust source when the program is built, so that a run builds nothing.
//!
//! Uses the standard library alone: `build.rs` includes this file; the library itself needs it for tests only.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::symbols::{
    BEGINNINGS, EDGE, FILTER_WORDS, SURPRISE_UNIT, SYMBOLS, beginning, filter_place, letters, symbol,
};

/// How often a word must begin, or end, popular names to make a family of them (`django-`, `-stubs`).
const FAMILY: usize = 20;

/// The names of `advisory-db/popular.txt` in the order of their rank. Lines that begin with `#` are remarks.
pub(crate) fn names(text: &str) -> Result<Vec<&str>, String> {
    let names: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let normal = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    if let Some(odd) = names.iter().find(|name| name.is_empty() || !name.bytes().all(normal)) {
        return Err(format!("`{odd}` is not a normalised name"));
    }
    if names.len() >= usize::from(u16::MAX) {
        return Err(format!("{} names are too many", names.len()));
    }
    Ok(names)
}

/// The table as Rust source: see the declarations in `popular.rs` for what each part is.
pub(crate) fn popular(text: &str) -> Result<String, String> {
    let ranked = names(text)?;
    let mut order: Vec<usize> = (0..ranked.len()).collect();
    order.sort_by_key(|at| (ranked[*at].len(), ranked[*at]));
    if order.windows(2).any(|pair| ranked[pair[0]] == ranked[pair[1]]) {
        return Err("a name stands there twice".to_owned());
    }
    let sorted: Vec<&str> = order.iter().map(|at| ranked[*at]).collect();
    let longest = sorted.last().map_or(0, |name| name.len());
    let mut by_last: Vec<usize> = (0..sorted.len()).collect();
    by_last.sort_by_key(|at| (sorted[*at].len(), sorted[*at].bytes().rev().collect::<Vec<_>>()));
    let mut filter = vec![0_u64; FILTER_WORDS];
    for name in &sorted {
        let (word, bit) = filter_place(name.as_bytes());
        filter[word] |= 1 << bit;
    }

    let mut source = String::new();
    let mut put = |name: &str, kind: &str, values: Vec<String>| {
        let _ = writeln!(
            source,
            "pub(super) static {name}: [{kind}; {}] = [{}];",
            values.len(),
            values.join(",")
        );
    };
    let (mut starts, mut offsets) = (Vec::new(), Vec::new());
    for length in 0..=longest + 1 {
        let start = sorted.partition_point(|name| name.len() < length);
        starts.push(start.to_string());
        offsets.push(sorted[..start].iter().map(|name| name.len()).sum::<usize>().to_string());
    }
    put("STARTS", "u16", starts);
    let first = |name: &str| name.bytes().next().map_or(BEGINNINGS, beginning);
    let firsts = (0..=longest).map(|length| {
        let start =
            |symbol: usize| sorted.partition_point(|name| (name.len(), first(name)) < (length, symbol));
        format!("{:?}", (0..=BEGINNINGS).map(start).collect::<Vec<_>>())
    });
    put("FIRSTS", &format!("[u16; {}]", BEGINNINGS + 1), firsts.collect());
    put("OFFSETS", "u32", offsets);
    put("RANKS", "u16", order.iter().map(|at| (at + 1).to_string()).collect());
    put("LETTERS", "u32", sorted.iter().map(|name| letters(name.as_bytes()).to_string()).collect());
    put("BY_LAST", "u16", by_last.iter().map(ToString::to_string).collect());
    put("FILTER", "u64", filter.iter().map(ToString::to_string).collect());
    put("FIRST_WORDS", "&str", families(&ranked, |name| name.split_once('-').map(|(first, _)| first)));
    put("LAST_WORDS", "&str", families(&ranked, |name| name.rsplit_once('-').map(|(_, last)| last)));
    let rows = surprises(&ranked);
    put("SURPRISES", &format!("[u8; {SYMBOLS}]"), rows.iter().map(|row| format!("{row:?}")).collect());
    let _ = writeln!(source, "pub(super) static NAMES: &str = {:?};", sorted.concat());
    Ok(source)
}

fn families<'a>(names: &[&'a str], word: impl Fn(&'a str) -> Option<&'a str>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in names.iter().filter_map(|name| word(name)) {
        *counts.entry(word).or_default() += 1;
    }
    counts.retain(|_, count| *count >= FAMILY);
    counts.keys().map(|word| format!("{word:?}")).collect()
}

/// Half a count for each symbol: what was never seen is not impossible.
const HALF_A_COUNT_EACH: f64 = 19.0;

/// How surprising each symbol is after each other: the negative logarithm of its frequency, in sixteenths.
fn surprises(names: &[&str]) -> Vec<[u8; SYMBOLS]> {
    let mut counts = vec![[0_u32; SYMBOLS]; SYMBOLS];
    for name in names {
        let mut before = EDGE;
        for after in name.bytes().map(symbol).chain([EDGE]) {
            counts[before][after] += 1;
            before = after;
        }
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
    let surprise = |count: u32, total: u32| {
        let share = (f64::from(count) + 0.5) / (f64::from(total) + HALF_A_COUNT_EACH);
        (-share.ln() * f64::from(SURPRISE_UNIT)).round().min(255.0) as u8
    };
    let row = |row: &[u32; SYMBOLS]| row.map(|count| surprise(count, row.iter().sum()));
    counts.iter().map(row).collect()
}

/// The characters beyond ASCII that look like one or two lower-case letters or digits, as Rust source.
/// `skeleton` is that of Unicode Technical Standard 39; marks that sit on letters are passed over.
pub(crate) fn confusables(skeleton: impl Fn(&str) -> String) -> String {
    let bare = |text: &str| -> String {
        let marks = '\u{300}'..='\u{36f}';
        skeleton(text).chars().filter(|character| !marks.contains(character)).collect()
    };
    // A skeleton is compared with skeletons only: that of `m` is `rn`, that of `1` is `l`. Letters before digits.
    let mut readings: BTreeMap<String, String> = BTreeMap::new();
    let single = ('a'..='z').chain('0'..='9').map(|letter| letter.to_string());
    let pairs = ('a'..='z').flat_map(|one| ('a'..='z').map(move |other| format!("{one}{other}")));
    for text in single.chain(pairs) {
        readings.entry(bare(&text)).or_insert(text);
    }
    let (mut characters, mut letters) = (Vec::new(), Vec::new());
    for character in (0x80..0x20000_u32).filter_map(char::from_u32) {
        let own = character.to_string();
        let Some(read) = readings.get(&bare(&own)).filter(|read| **read != own) else { continue };
        characters.push(format!("'\\u{{{:x}}}'", u32::from(character)));
        let byte = |at: usize| read.as_bytes().get(at).copied().unwrap_or_default();
        letters.push(format!("[{},{}]", byte(0), byte(1)));
    }
    format!(
        "pub(super) static LOOK_ALIKES: [char; {count}] = [{}];\npub(super) static READ_AS: [[u8; 2]; {count}] = [{}];\n",
        characters.join(","),
        letters.join(","),
        count = characters.len(),
    )
}
