//! Addresses of licenses.

use super::{Said, phrase};
use crate::license::expression::parse_quietly;

/// Beginnings of addresses, without `https://` and `www.`, under which one license stands; with its id.
const PLACES: [(&str, &str); 10] = [
    ("apache.org/licenses/license-1.1", "Apache-1.1"),
    ("apache.org/licenses/license-2.0", "Apache-2.0"),
    ("boost.org/license_1_0", "BSL-1.0"),
    ("creativecommons.org/publicdomain/zero/1.0", "CC0-1.0"),
    ("mit-license.org", "MIT"),
    ("mozilla.org/mpl/2.0", "MPL-2.0"),
    ("scripts.sil.org/ofl", "OFL-1.1"),
    ("unlicense.org", "Unlicense"),
    ("wtfpl.net", "WTFPL"),
    ("zlib.net/zlib_license", "Zlib"),
];

/// Beginnings of addresses after which the name of a license stands.
const FOLDERS: [&str; 9] = [
    "choosealicense.com/licenses/",
    "eclipse.org/legal/",
    "gnu.org/copyleft/",
    "gnu.org/licenses/",
    "gnu.org/licenses/old-licenses/",
    "opensource.org/license/",
    "opensource.org/licenses/",
    "spdx.org/licenses/",
    "tldrlegal.com/license/",
];

/// Whether a word is an address.
pub(super) fn is_address(word: &str) -> bool {
    word.contains("://") || word.starts_with("www.")
}

/// The license that stands at an address.
pub(super) fn read(word: &str) -> Option<Said> {
    let word = word.trim_matches(|character: char| "<>()[],;.\"'".contains(character)).to_ascii_lowercase();
    let rest = word.split_once("://").map_or(word.as_str(), |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest).replace("/en-us/", "/");
    let rest = rest.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    if let Some((_, id)) = PLACES.iter().find(|(place, _)| rest.starts_with(place)) {
        return parse_quietly(id).map(Said::Is);
    }
    if let Some(kind) = rest.strip_prefix("creativecommons.org/licenses/") {
        return phrase::loosely(&format!("cc {}", kind.split('/').take(2).collect::<Vec<_>>().join(" ")));
    }
    let name = FOLDERS.iter().filter_map(|folder| rest.strip_prefix(folder)).min_by_key(|name| name.len())?;
    let name = [".php", ".html", ".htm", ".txt", ".en"]
        .iter()
        .fold(name, |name, end| name.strip_suffix(end).unwrap_or(name))
        .trim_end_matches(".en");
    if name.contains('/') {
        return None;
    }
    phrase::loosely(&name.replace('-', " "))
}
