//! The hash with which a lock remembers the manifest that it was made from.
//!
//! Poetry, PDM and Pipenv take what matters of the manifest, write it as JSON the way Python does, and keep the
//! SHA-256 of that text. What matters has changed over their generations, and a lock does not always say which one
//! made it: it is up to date when any of the recipes that are known gives its hash. uv keeps no hash.
//!
//! To add a tool: write its recipes in `recipe.rs`, add it to [`is_current`], and let the reader of its lock fill
//! `Input::content_hash`.

mod json;
mod recipe;

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use toml::de::DeTable;

/// Whether a lock of this kind with this hash was made from a manifest with this text; `None` when that cannot be
/// said: a format without a recipe, a manifest that cannot be read, or one that the tool could not hash either.
pub fn is_current(kind: &str, manifest: &str, hash: &str) -> Option<bool> {
    // Python's reader makes one line end of the two.
    let text =
        if manifest.contains('\r') { manifest.replace("\r\n", "\n").into() } else { Cow::Borrowed(manifest) };
    let document = DeTable::parse(&text).ok()?;
    let document = document.get_ref();
    let texts = match kind {
        "poetry.lock" => recipe::poetry(document)?,
        "pdm.lock" => recipe::pdm(document)?,
        "Pipfile.lock" => recipe::pipenv(document)?,
        _ => return None,
    };
    let wanted = hash.strip_prefix("sha256:").unwrap_or(hash);
    Some(texts.iter().any(|text| hexadecimal(text).eq_ignore_ascii_case(wanted)))
}

fn hexadecimal(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::with_capacity(64), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hashes that the tools themselves gave: Poetry 1.8.5, 2.1.4 and 2.5.1, PDM 2.8.2 and 2.29.3, Pipenv 2026.
    #[test]
    fn real_tools_agree() {
        let all: &str = include_str!("../../../fixtures/inputs/lock_hash/hashes.tsv");
        let mut count = 0;
        for line in all.lines().filter(|line| !line.starts_with('#')) {
            let [kind, manifest, hash] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("fixtures/inputs/lock_hash")
                .join(manifest);
            let text = std::fs::read_to_string(path).unwrap();
            assert_eq!(is_current(kind, &text, hash), Some(true), "{line}");
            let other = text.replace("dna", "dno");
            assert_eq!(is_current(kind, &other, hash), Some(false), "{line}");
            count += 1;
        }
        assert!(count >= 10, "{count}");
    }

    #[test]
    fn what_no_tool_can_hash_is_not_judged() {
        assert_eq!(is_current("poetry.lock", "[tool.poetry.dependencies]\nidna = 2026-01-01\n", "0"), None);
        assert_eq!(is_current("poetry.lock", "[tool.poetry", "0"), None);
        assert_eq!(is_current("uv.lock", "", "0"), None);
        assert_eq!(is_current("poetry.lock", "", "0"), Some(false));
    }
}
