//! The texts that are built in, ready to be compared.

use crate::model::Arrange as _;
use std::sync::OnceLock;

use crate::license::embedded::Embedded;
use crate::license::expression::parse_quietly;
use crate::model::LicenseExpression;

/// Each line: ids with `|` between them, `usual` or `cousin`, the normalised words.
static TEXTS: Embedded = Embedded::new(include_bytes!(concat!(env!("OUT_DIR"), "/license_texts.deflated")));

/// A pair of neighbouring words, hashed.
pub(super) type Pair = u32;

/// The text of a license.
pub(super) struct Template {
    /// The licenses that have this text. Several for the GNU licenses, whose text does not say "only" or "or later".
    pub(super) ids: Vec<LicenseExpression>,
    /// Whether packages come under it; else it is here because a usual one is like it.
    pub(super) usual: bool,
    /// Its words, hashed.
    pub(super) words: Vec<u32>,
    /// Its pairs of words, sorted, with repetitions.
    pub(super) pairs: Vec<Pair>,
}

/// FNV-1a.
pub(super) fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The pairs of neighbouring words, in the order of the text.
pub(super) fn pairs(words: &[u32]) -> impl Iterator<Item = Pair> {
    words
        .iter()
        .zip(words.iter().skip(1))
        .map(|(one, other)| (one.rotate_left(7) ^ other).wrapping_mul(0x9e37_79b1))
}

/// All of them; made when they are asked for first.
pub(super) fn all() -> &'static [Template] {
    static ALL: OnceLock<Vec<Template>> = OnceLock::new();
    ALL.get_or_init(|| TEXTS.text().lines().filter_map(template).collect())
}

fn template(line: &str) -> Option<Template> {
    let (ids, rest) = line.split_once('\t')?;
    let (kind, text) = rest.split_once('\t')?;
    let words: Vec<u32> = text.split(' ').map(hash).collect();
    let mut pairs: Vec<Pair> = pairs(&words).collect();
    pairs.arrange();
    let mut ids: Vec<LicenseExpression> = ids.split('|').filter_map(parse_quietly).collect();
    ids.arrange();
    (!ids.is_empty() && !pairs.is_empty()).then_some(Template { ids, usual: kind == "usual", words, pairs })
}
