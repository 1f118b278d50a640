//! What one name of a license, as people write it, may mean.

use super::Said;
use super::names::{BSD, FAMILIES, PLAIN, SEVERAL};
use crate::license::expression::parse_quietly;
use crate::license::{expression, list};
use crate::model::Arrange as _;
use crate::model::LicenseExpression;

/// Words without which a name means the same.
const NOISE: [&str; 17] = [
    "a", "approved", "clause", "clauses", "gnu", "licence", "licences", "license", "licensed", "licenses",
    "osi", "terms", "the", "under", "v", "ver", "version",
];

/// A name taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
struct Folded {
    /// Words that matter, in lower case.
    words: Vec<String>,
    /// Versions and numbers of clauses.
    versions: Vec<String>,
    /// "or later", `+`.
    later: bool,
    /// "only".
    only: bool,
}

/// What a name means; `None` when it means nothing that is known. It holds one license, and no operator.
pub(in crate::license) fn read(name: &str) -> Option<Said> {
    let name = name.trim_matches(|character: char| {
        character.is_whitespace() || matches!(character, '"' | '\'' | '`' | ',' | ';' | '.' | ':' | '-' | '*')
    });
    match parse_quietly(name) {
        Some(expression) => Some(Said::Is(expression)),
        None => loosely(name),
    }
}

/// The same, when an id counts as any other name: `GPL-3.0` does not say "only" where it is a part of an address.
pub(in crate::license) fn loosely(name: &str) -> Option<Said> {
    let folded = fold(name);
    let words = folded.words.join(" ");
    if let Some(likeness) =
        ["style", "like", "compatible", "derived"].iter().find_map(|end| words.strip_suffix(end))
    {
        let said = loosely(likeness.trim())?;
        return Some(Said::MayBe(said.candidates().to_vec()));
    }
    if folded.words.iter().any(|word| word == "bsd") {
        return bsd(&folded);
    }
    if folded.versions.is_empty() && !folded.later {
        if let Some((_, id)) = PLAIN.iter().find(|(name, _)| *name == words) {
            return parse_quietly(id).map(Said::Is);
        }
        if let Some((_, ids)) = SEVERAL.iter().find(|(name, _)| *name == words) {
            return said(ids.iter().filter_map(|id| parse_quietly(id)).collect());
        }
    }
    if words == "wtfpl" && folded.versions == ["2"] {
        return parse_quietly("WTFPL").map(Said::Is);
    }
    if let Some((_, family)) = FAMILIES.iter().find(|(name, _)| *name == words) {
        return versions(family, &folded);
    }
    written_otherwise(name)
}

/// An id of the list with other punctuation ("CC BY-SA 4.0"). Not of the GNU licenses, which say more than a version.
fn written_otherwise(name: &str) -> Option<Said> {
    let squeezed = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let wanted = squeezed(name);
    if wanted.is_empty() || !name.is_ascii() || name.contains('+') {
        return None;
    }
    let same = |text: &str| {
        let mut letters =
            text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        wanted.bytes().all(|byte| letters.next() == Some(byte)) && letters.next().is_none()
    };
    let found = list::licenses().find(|listed| !listed.is_deprecated() && same(listed.id))?;
    Some(Said::Is(LicenseExpression::License(expression::simple(found, false)?)))
}

fn said(mut candidates: Vec<LicenseExpression>) -> Option<Said> {
    candidates.arrange();
    candidates.dedup();
    match candidates.len() {
        0 => None,
        1 => candidates.pop().map(Said::Is),
        _ => Some(Said::MayBe(candidates)),
    }
}

/// A license with versions: those that the text leaves open.
fn versions(family: &str, folded: &Folded) -> Option<Said> {
    let wanted = match &folded.versions[..] {
        [] => None,
        [one] => Some(one.as_str()),
        _ => return None,
    };
    // What is called version 2 of the LGPL is as often 2.1.
    let is_wanted = |version: &str| match wanted {
        None => true,
        Some("2" | "2.0") if family == "LGPL" && wanted == Some("2") => matches!(version, "2.0" | "2.1"),
        Some(wanted) => version == wanted || version.strip_suffix(".0") == Some(wanted),
    };
    let mut candidates = Vec::new();
    for (listed, version) in list::of_family(family) {
        let is_later = listed.id.ends_with("-or-later");
        let fits = !listed.is_gnu() || (!folded.later || is_later) && (!folded.only || !is_later);
        if is_wanted(version) && fits {
            let plus = folded.later && !listed.is_gnu();
            candidates.extend(expression::simple(listed, plus).map(LicenseExpression::License));
        }
    }
    said(candidates)
}

/// The BSD licenses go by the number of their clauses.
fn bsd(folded: &Folded) -> Option<Said> {
    if folded.later || folded.versions.len() > 1 {
        return None;
    }
    let mut number = folded.versions.first().map(String::as_str);
    let mut take = |said: &'static str| {
        let fits = number.is_none_or(|number| number == said);
        number = Some(said);
        fits
    };
    for word in folded.words.iter().filter(|word| *word != "bsd") {
        let fits = match word.as_str() {
            "zero" => take("0"),
            "one" => take("1"),
            "two" | "simplified" => take("2"),
            "three" | "new" | "modified" | "revised" => take("3"),
            "four" | "original" | "old" => take("4"),
            _ => false,
        };
        if !fits {
            return None;
        }
    }
    let ids: &[&str] = match number {
        Some("0") => &["0BSD"],
        Some("1") => &["BSD-1-Clause"],
        Some("2") => &["BSD-2-Clause"],
        Some("3") => &["BSD-3-Clause"],
        Some("4") => &["BSD-4-Clause"],
        Some(_) => return None,
        None => &BSD,
    };
    said(ids.iter().filter_map(|id| parse_quietly(id)).collect())
}

fn fold(name: &str) -> Folded {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '+' => text.push_str(" + "),
            '.' => text.push('.'),
            _ if character.is_alphanumeric() => text.extend(character.to_lowercase()),
            _ => text.push(' '),
        }
    }
    let mut words = text.split_whitespace().map(|word| word.trim_matches('.')).peekable();
    let mut folded = Folded::default();
    while let Some(word) = words.next() {
        let is_later = |word: &&str| ["any", "later", "newer", "greater", "higher", "above"].contains(word);
        match word {
            "" => {}
            "+" | "later" => folded.later = true,
            "only" => folded.only = true,
            "or" | "and" if words.peek().is_some_and(is_later) => {
                folded.later = true;
                while words.next_if(|next| is_later(next) || next.starts_with("version")).is_some() {}
            }
            _ if NOISE.contains(&word) => {}
            _ => match numbered(word) {
                Some((letters, version)) => {
                    if !letters.is_empty() {
                        folded.words.push(letters.to_owned());
                    }
                    if !folded.versions.iter().any(|other| other == version) {
                        folded.versions.push(version.to_owned());
                    }
                }
                None => folded.words.push(word.to_owned()),
            },
        }
    }
    folded
}

/// `3.0`, `v3`, `gplv3`, `apache2`: what stands before the version, and the version.
fn numbered(word: &str) -> Option<(&str, &str)> {
    let at = word.find(|character: char| character.is_ascii_digit())?;
    let (before, version) = word.split_at_checked(at)?;
    if !version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    if matches!(before, "" | "v") {
        return Some(("", version));
    }
    let known = |letters: &str| letters == "bsd" || FAMILIES.iter().any(|(name, _)| *name == letters);
    let letters = before.strip_suffix('v').filter(|letters| known(letters)).unwrap_or(before);
    known(letters).then_some((letters, version))
}
