//! The digests that an entry of a dependency file lists. Read only when a report needs them: an audit counts them.
//!
//! All formats write the algorithm before the hexadecimal digest (`--hash=sha256:…`, `hash = "sha256:…"`,
//! `{sha256 = "…"}`, `#sha256=…`), so that one reader does for all of them.

use crate::model::Arrange as _;
use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use crate::model::PackageHash;

/// How many digests of one entry are kept.
const MOST_DIGESTS: usize = 1_000;

/// The algorithms of Python's `hashlib` that lock files use, with the number of hexadecimal digits. Source: PyPA
/// specification "Binary distribution format" names those of `hashlib.algorithms_guaranteed`.
const ALGORITHMS: [(&str, usize); 13] = [
    ("md5", 32),
    ("sha1", 40),
    ("sha224", 56),
    ("sha256", 64),
    ("sha384", 96),
    ("sha512", 128),
    ("sha3_224", 56),
    ("sha3_256", 64),
    ("sha3_384", 96),
    ("sha3_512", 128),
    ("blake2b", 128),
    ("blake2s", 64),
    ("blake2b_256", 64),
];

/// The digests in the text of an entry, sorted, without repetitions.
pub fn digests(text: &str) -> Vec<PackageHash> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() && found.len() < MOST_DIGESTS {
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        if length == 0 {
            at += 1;
            continue;
        }
        let (start, end) = (at, at + length);
        at = end;
        let is_part = |index: Option<usize>| {
            index
                .and_then(|index| bytes.get(index))
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        };
        if length < 32 || is_part(start.checked_sub(1)) || is_part(Some(end)) {
            continue;
        }
        let before = text.get(..start).unwrap_or("").trim_end_matches([' ', '"', '\'', '=', ':']);
        let word_start = before.rfind(|byte: char| !(byte.is_ascii_alphanumeric() || byte == '_'));
        let word = before.get(word_start.map_or(0, |index| index + 1)..).unwrap_or("").to_ascii_lowercase();
        if before.len() < start && ALGORITHMS.contains(&(word.as_str(), length)) {
            let digest = text.get(start..end).unwrap_or("").to_ascii_lowercase();
            found.push(PackageHash { algorithm: word, digest });
        }
    }
    found.arrange();
    found.dedup();
    found
}

/// The digests by name as written, of locks that keep them apart from the entries: `[metadata.files]` (Poetry before
/// 1.3, PDM before 2.8) and `[metadata.hashes]` (Poetry before 1.0). PDM's keys are `NAME VERSION`.
pub fn digests_apart(text: &str) -> BTreeMap<String, Vec<PackageHash>> {
    let mut by_name = BTreeMap::new();
    let Ok(document) = DeTable::parse(text) else { return by_name };
    let Some(DeValue::Table(metadata)) = child(document.get_ref(), "metadata") else { return by_name };
    for key in ["files", "hashes"] {
        let Some(DeValue::Table(files)) = child(metadata, key) else { continue };
        for (name, list) in files {
            let Some(list) = list.get_ref().as_array() else { continue };
            let mut found = Vec::new();
            for entry in list {
                match entry.get_ref() {
                    DeValue::String(digest) => found.extend(digests(&with_algorithm(digest))),
                    DeValue::Table(file) => {
                        if let Some(DeValue::String(digest)) = child(file, "hash") {
                            found.extend(digests(&with_algorithm(digest)));
                        }
                    }
                    _ => {}
                }
            }
            found.arrange();
            found.dedup();
            by_name.insert(name.get_ref().to_string(), found);
        }
    }
    by_name
}

fn child<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<&'a DeValue<'i>> {
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value.get_ref())
}

/// The oldest locks of Poetry write SHA-256 without saying so.
fn with_algorithm(digest: &str) -> String {
    if digest.contains(':') { digest.to_owned() } else { format!("sha256:{digest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_of_an_algorithm_and_its_digest() {
        let digest = "0123456789abcdef".repeat(4);
        for text in [
            format!("jinja2==3.1 --hash=sha256:{digest}"),
            format!("{{ file = \"a.whl\", hash = \"sha256:{}\" }}", digest.to_uppercase()),
            format!("hashes = {{sha256 = \"{digest}\"}}"),
            format!("\"hashes\": [\"sha256:{digest}\"]"),
            format!("a @ https://example.com/a.whl#sha256={digest}"),
        ] {
            let found = digests(&text);
            assert_eq!(
                found,
                [PackageHash { algorithm: "sha256".to_owned(), digest: digest.clone() }],
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_digest() {
        let digest = "0123456789abcdef".repeat(4);
        for text in [
            digest.clone(),
            format!("sha256{digest}"),
            format!("sha256:{digest}0"),
            format!("sha512:{digest}"),
            format!("commit = \"{digest}\""),
            "sha256:abc".to_owned(),
            String::new(),
            "sha256:".to_owned(),
        ] {
            assert_eq!(digests(&text), [], "{text}");
        }
    }

    #[test]
    fn digests_that_stand_apart() {
        let digest = "f".repeat(64);
        let text = format!(
            "[metadata.files]\nClick = [{{ file = \"a\", hash = \"sha256:{digest}\" }}]\n[metadata.hashes]\nold = [\"{digest}\"]\n"
        );
        let found = digests_apart(&text);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["Click", "old"]);
        assert!(found.values().all(|list| list.len() == 1 && list[0].algorithm == "sha256"));
    }
}
