//! What somebody may have meant who wrote something that is no license.

use super::free_text::phrase;
use super::list;

/// Longer text is not compared with ids.
const LONGEST: usize = 60;

/// More candidates than this are no help.
const MOST_CANDIDATES: usize = 5;

/// What to write instead of text that is no license, as words for a person.
pub(super) fn license(written: &str) -> Option<String> {
    if written.len() > LONGEST {
        return None;
    }
    if let Some(help) = separated(written) {
        return Some(help);
    }
    if let Some(said) = phrase::loosely(written) {
        let meant: Vec<String> = said.candidates().iter().map(|one| format!("`{one}`")).collect();
        return match &meant[..] {
            [one] => Some(format!("write {one}")),
            [others @ .., last] if others.len() < MOST_CANDIDATES => {
                Some(format!("write {} or {last}, whichever is meant", others.join(", ")))
            }
            _ => None,
        };
    }
    let ids = || list::licenses().filter(|listed| !listed.is_deprecated()).map(|listed| listed.id);
    nearest(written, ids).map(|id| format!("write `{id}`"))
}

/// The exception with the id nearest to a word.
pub(super) fn exception(written: &str) -> Option<&'static str> {
    if written.len() > LONGEST { None } else { nearest(written, list::exceptions) }
}

/// `MIT/Apache-2.0` and the like: ids with something between that is no operator.
fn separated(written: &str) -> Option<String> {
    let ids: Vec<&str> = written
        .split(|character: char| "/,;|&".contains(character) || character.is_whitespace())
        .filter(|part| !part.is_empty())
        .map(|part| list::license(part).map(|listed| listed.id))
        .collect::<Option<_>>()?;
    if ids.len() < 2 {
        return None;
    }
    let (either, both) = (ids.join(" OR "), ids.join(" AND "));
    Some(format!("write `{either}` when one may be chosen, `{both}` when all apply"))
}

/// The id with the same letters and digits; else the nearest one, when it is near.
fn nearest<I: Iterator<Item = &'static str>>(written: &str, ids: impl Fn() -> I) -> Option<&'static str> {
    let squeezed = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|character| character.to_ascii_lowercase())
            .collect()
    };
    let wanted = squeezed(written);
    if wanted.is_empty() {
        return None;
    }
    if let Some(id) = ids().find(|id| squeezed(id) == wanted) {
        return Some(id);
    }
    let most = match wanted.len() {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    ids()
        .map(|id| (strsim::osa_distance(&squeezed(id), &wanted), id))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, id)| id)
}
