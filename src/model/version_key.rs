//! Versions as bytes that compare as the versions do, so that a store can be searched without decoding any.
//!
//! A key is, in this order: empty for the very bottom (the event `introduced: "0"`, OSV schema "events[]"); `1` and
//! the text for a version that PEP 440 refuses; `2` and the parts below for one that it accepts. The parts follow
//! PEP 440, "Summary of permitted suffixes and relative ordering":
//!
//! - epoch;
//! - release numbers without trailing zeros, each a number plus one, closed by `0`;
//! - phase: `0` a development release of nothing else, `1` alpha, `2` beta, `3` candidate, `4` none of them;
//!   and the number of the first three of these that have one;
//! - post-release: `0` absent, `1` and its number;
//! - development release: `0` and its number, `1` absent;
//! - local version: parts, `1` text closed by `0`, or `2` number; closed by `0`.
//!
//! Numbers are big-endian after their length, so that shorter is smaller.

use std::str::FromStr;

use pep440_rs::{LocalSegment, PrereleaseKind, Version};

/// The lead byte of a version that PEP 440 refuses.
const LEGACY: u8 = 1;
/// The lead byte of a proper version.
pub(crate) const PROPER: u8 = 2;

/// The key of a version as written.
pub(crate) fn key_of_text(text: &str) -> Vec<u8> {
    Version::from_str(text).map_or_else(|_| legacy_key(text), |version| key_of_version(&version))
}

/// The key of a version that PEP 440 refuses: below every proper one, and ordered as text.
pub(crate) fn legacy_key(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + text.len());
    key.push(LEGACY);
    key.extend_from_slice(text.as_bytes());
    key
}

/// The place directly after a version: no other key lies between the two.
pub(crate) fn after(mut key: Vec<u8>) -> Vec<u8> {
    key.push(0);
    key
}

/// Whether a key is of a version that PEP 440 accepts.
pub(crate) fn is_proper(key: &[u8]) -> bool {
    key.first() == Some(&PROPER)
}

/// The key of a proper version.
pub(crate) fn key_of_version(version: &Version) -> Vec<u8> {
    let mut key = Vec::with_capacity(24);
    key.push(PROPER);
    put_number(&mut key, 0, version.epoch());
    let release = version.release();
    let significant = release.iter().rposition(|number| *number != 0).map_or(0, |last| last + 1);
    for number in release.iter().take(significant) {
        put_number(&mut key, 1, *number);
    }
    key.push(0);
    match version.pre() {
        Some(pre) => {
            key.push(match pre.kind {
                PrereleaseKind::Alpha => 1,
                PrereleaseKind::Beta => 2,
                PrereleaseKind::Rc => 3,
            });
            put_number(&mut key, 0, pre.number);
        }
        None if version.post().is_none() && version.dev().is_some() => key.push(0),
        None => key.push(4),
    }
    match version.post() {
        Some(number) => put_tagged(&mut key, 1, number),
        None => key.push(0),
    }
    match version.dev() {
        Some(number) => put_tagged(&mut key, 0, number),
        None => key.push(1),
    }
    for segment in version.local() {
        match segment {
            LocalSegment::String(text) => {
                key.push(1);
                key.extend_from_slice(text.as_bytes());
                key.push(0);
            }
            LocalSegment::Number(number) => put_tagged(&mut key, 2, *number),
        }
    }
    key.push(0);
    key
}

fn put_tagged(key: &mut Vec<u8>, tag: u8, number: u64) {
    key.push(tag);
    put_number(key, 0, number);
}

#[expect(clippy::cast_possible_truncation, reason = "a number has at most eight bytes")]
/// The length (plus `above`), then the bytes that are not leading zeros.
pub(crate) fn put_number(key: &mut Vec<u8>, above: u8, number: u64) {
    let bytes = number.to_be_bytes();
    let zeros = (number.leading_zeros() / 8) as usize;
    let significant = bytes.get(zeros..).unwrap_or_default();
    key.push(above + significant.len() as u8);
    key.extend_from_slice(significant);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// PEP 440, "Summary of permitted suffixes and relative ordering", and the notes on local versions.
    #[test]
    fn the_order_of_pep_440() {
        let ordered = [
            "2018-04-22b",
            "2.9.0-NA",
            "0.dev0",
            "0",
            "1.dev0",
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "1.255",
            "1.256",
            "1!0.1",
        ];
        let mut keys: Vec<_> = ordered.iter().map(|text| (key_of_text(text), *text)).collect();
        keys.sort();
        let mut expected = ordered.to_vec();
        expected.swap(0, 1);
        assert_eq!(keys.iter().map(|(_, text)| *text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn equal_versions_have_one_key() {
        for (left, right) in
            [("1.0", "1.0.0"), ("v1.0-RC_1", "1rc1"), ("1.0-1", "1.0.post1"), ("1+Ubuntu-1", "1.0+ubuntu.1")]
        {
            assert_eq!(key_of_text(left), key_of_text(right), "{left} {right}");
        }
        assert_ne!(key_of_text("2.9.0-NA"), key_of_text("2.9.0"));
    }

    fn version() -> impl Strategy<Value = String> {
        let number = prop_oneof![4 => 0_u64..3, 2 => 0_u64..300, 1 => any::<u64>()];
        let suffix = |name: &'static str| prop_oneof![3 => Just(String::new()), 1 => (0_u64..300).prop_map(move |number| format!("{name}{number}"))];
        (
            prop_oneof![9 => Just(String::new()), 1 => Just("1!".to_owned())],
            proptest::collection::vec(number, 1..5),
            prop_oneof![Just(""), Just("a"), Just("b"), Just("rc")],
            0_u64..300,
            suffix(".post"),
            suffix(".dev"),
            prop_oneof![3 => Just(String::new()), 1 => "\\+[a-b0-1]{1,2}(\\.[a-b0-1]{1,2})?"],
        )
            .prop_map(|(epoch, release, pre, number, post, dev, local)| {
                let release: Vec<_> = release.iter().map(u64::to_string).collect();
                let pre = if pre.is_empty() { String::new() } else { format!("{pre}{number}") };
                format!("{epoch}{}{pre}{post}{dev}{local}", release.join("."))
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn keys_compare_as_versions_do(left in version(), right in version()) {
            let (a, b) = (Version::from_str(&left).unwrap(), Version::from_str(&right).unwrap());
            prop_assert_eq!(key_of_text(&left).cmp(&key_of_text(&right)), a.cmp(&b), "{} {}", left, right);
        }

        #[test]
        fn legacy_versions_are_below_and_ordered_as_text(left in "[a-z\u{e9}]{1,4}-[a-z ]{1,3}\\|", right in "\\|\\PC{0,6}", proper in version()) {
            prop_assert!(key_of_text(&left) < key_of_text(&proper));
            prop_assert_eq!(key_of_text(&left).cmp(&key_of_text(&right)), left.cmp(&right));
        }
    }
}
