//! How far a requirement is exposed to affected versions, and the smallest floor that ends it.

use std::cmp::Ordering;

use super::admitted::Admitted;
use super::constraint::{Written, written};
use super::place::{self, LeastFinal, version_of};
use super::range_set::{RangeSet, compare_ends};
use super::{Constraint, Version};

/// How much of what a requirement admits is affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Degree {
    /// Some of it, but neither the newest nor all.
    Some,
    /// The affected versions reach the upper end of what is admitted.
    Newest,
    /// Nothing that is admitted is unaffected.
    Always,
}

impl Degree {
    /// The word for it in machine outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Some => "some",
            Self::Newest => "newest",
            Self::Always => "always",
        }
    }
}

impl Admitted {
    /// How much of it is affected; `None` when nothing is.
    pub fn degree(&self, affected: &RangeSet) -> Option<Degree> {
        let hit = self.set().intersection(affected);
        let last_hit = hit.pieces().iter().rfind(|piece| self.holds(piece))?;
        let free = self.set().difference(affected);
        let Some(last_free) = free.pieces().iter().rfind(|piece| self.holds(piece)) else {
            return Some(Degree::Always);
        };
        match compare_ends(last_hit.to.as_deref(), last_free.to.as_deref()) {
            Ordering::Greater => Some(Degree::Newest),
            _ => Some(Degree::Some),
        }
    }

    /// What is left of it above everything affected; `None` when that is nothing.
    fn above(&self, affected: &RangeSet) -> Option<Self> {
        let hit = self.set().intersection(affected);
        let last = hit.pieces().iter().rfind(|piece| self.holds(piece))?;
        let rest = self.starting_at(last.to.clone()?);
        rest.is_possible().then_some(rest)
    }
}

/// The specifier of a requirement with the smallest floor that admits nothing affected, its other clauses kept;
/// `None` when no floor does, or when nothing is affected. `known` are versions as the advisories write them.
pub fn specifier_with_floor(text: &str, affected: &RangeSet, known: &[&str]) -> Option<String> {
    let admitted = Constraint::parse(text)?.admitted()?;
    let rest = admitted.above(affected)?;
    let (operator, floor) = floor(&rest, known)?;
    let mut alternatives = Vec::new();
    for clauses in written(text)? {
        alternatives.extend(raised(&clauses, operator, &floor));
    }
    let text = alternatives.join(" || ");
    // What is offered has to hold: nothing of it may be affected.
    let offered = Constraint::parse(&text)?.admitted()?;
    (offered.is_possible() && offered.degree(affected).is_none()).then_some(text)
}

/// The lower bound of a set: the operator and the version, as somebody has written it when somebody has.
fn floor(rest: &Admitted, known: &[&str]) -> Option<(&'static str, String)> {
    let first = rest.set().pieces().iter().find(|piece| rest.holds(piece))?;
    let (operator, key) = match place::least_final(&first.from) {
        _ if rest.prereleases() && version_of(&first.from).is_some() => (">=", first.from.clone()),
        LeastFinal::At(key) => (">=", key),
        LeastFinal::Above(key) => (">", key),
    };
    let version = version_of(&key)?;
    // After the last affected version comes its first post-release: people write "above that version".
    let (operator, version) = match (version.post(), version.dev()) {
        (Some(0), Some(0) | None) if operator == ">=" => (">", version.with_post(None).with_dev(None)),
        (Some(post), Some(0)) => (">", version.with_post(Some(post - 1)).with_dev(None)),
        _ => (operator, version),
    };
    let text = version.to_string();
    let wanted = Version::new(&text);
    let as_written = known.iter().find(|known| Version::new(known) == wanted);
    Some((operator, as_written.map_or(text, |known| (*known).to_owned())))
}

/// One alternative with a floor; `None` when nothing of it is left.
fn raised(clauses: &[Written<'_>], operator: &str, floor: &str) -> Option<String> {
    let bound = Constraint::parse(&format!("{operator}{floor}"))?.set()?;
    let mut whole = RangeSet::proper();
    for written in clauses {
        whole = whole.intersection(&written.clause.set()?);
    }
    let wanted = whole.intersection(&bound);
    let text_of = |written: &Written<'_>| format!("{}{}", written.operator, written.version);
    if wanted.is_empty() {
        return None;
    }
    if wanted == whole {
        return Some(clauses.iter().map(text_of).collect::<Vec<_>>().join(","));
    }
    // One clause that says both ends, with another number: `^2.4` for `^2.0`.
    if let ([only], ">=") = (clauses, operator)
        && matches!(only.operator, "^" | "~" | "~=")
    {
        let text = format!("{}{floor}", only.operator);
        if Constraint::parse(&text).and_then(|constraint| constraint.set()).as_ref() == Some(&wanted) {
            return Some(text);
        }
    }
    let kept = clauses
        .iter()
        .filter(|written| written.clause.set().is_none_or(|set| !bound.difference(&set).is_empty()));
    let texts: Vec<_> = std::iter::once(format!("{operator}{floor}")).chain(kept.map(text_of)).collect();
    Some(texts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::range_set::Piece;
    use crate::model::version_key::{after, key_of_text};

    /// `[1.0 2.0)` from 1.0 up to 2.0, `[1.0 2.0]` with 2.0, `[1.0` without end, `=1.0` that version.
    fn affected(text: &str) -> RangeSet {
        RangeSet::affected(text.split(';').filter(|part| !part.is_empty()).map(|part| {
            if let Some(version) = part.strip_prefix('=') {
                let key = key_of_text(version);
                return Piece { from: key.clone(), to: Some(after(key)) };
            }
            let inner = part.trim_matches(['[', ')', ']']);
            let (from, to) = inner.split_once(' ').map_or((inner, None), |(from, to)| (from, Some(to)));
            let from = if from == "0" { Vec::new() } else { key_of_text(from) };
            let last = part.ends_with(']');
            Piece { from, to: to.map(|to| if last { after(key_of_text(to)) } else { key_of_text(to) }) }
        }))
    }

    fn answer(specifier: &str, text: &str) -> String {
        let admitted = Constraint::parse(specifier).unwrap().admitted().unwrap();
        let set = affected(text);
        let degree = admitted.degree(&set).map_or("none", Degree::as_str);
        let known: Vec<&str> =
            text.split(['[', ')', ']', ';', '=', ' ']).filter(|word| !word.is_empty()).collect();
        let floor = specifier_with_floor(specifier, &set, &known);
        format!("{degree} {}", floor.unwrap_or_else(|| "-".to_owned()))
    }

    #[test]
    fn degrees_and_floors() {
        for (specifier, affected, expected) in [
            (">=2,<3.1", "[0 3.1.6)", "always -"),
            (">=2", "[0 3.1.6)", "some >=3.1.6"),
            ("", "[0 3.1.6)", "some >=3.1.6"),
            ("*", "[0 3.1.6)", "some >=3.1.6"),
            (">=2,<4,!=3.0", "[0 3.1.6)", "some >=3.1.6,<4"),
            (">=2,<4,!=3.2", "[0 3.1.6)", "some >=3.1.6,<4,!=3.2"),
            ("<4", "[0", "always -"),
            (">=1", "[0 1.5);[2.0", "newest -"),
            ("<3", "[1.0 1.5);[2.0 3.0)", "newest -"),
            (">=1.0,<2.0", "[1.5 1.9)", "some >=1.9,<2.0"),
            // A floor is a version that the records write, in their spelling.
            (">=1", "[0 2.0)", "some >=2.0"),
            (">1.0", "[0 1.0]", "none -"),
            (">=1.0", "[0 1.0]", "some >1.0"),
            (">=1.0,!=1.0", "[0 1.0]", "none -"),
            ("<=1.0", "=1.0", "newest -"),
            ("==1.0", "=1.0", "always -"),
            ("==1.0,<2", "=1.0.0", "always -"),
            ("===1.0,<2", "=1.0.0", "always -"),
            ("===1.0-NA", "=1.0-NA", "always -"),
            (">=0", "=1.0-NA", "none -"),
            ("==1.*", "[0 1.5)", "some >=1.5,==1.*"),
            ("!=1.*", "[1.0 2.0)", "none -"),
            ("~=2.0", "[0 2.5)", "some ~=2.5"),
            ("~=2.0.1", "[0 2.5)", "always -"),
            ("^2.0", "[0 2.5)", "some ^2.5"),
            ("~2.0", "[0 2.0.5)", "some ~2.0.5"),
            ("^1.0 || ^2.0", "[0 2.5)", "some ^2.5"),
            ("^1.0 || ^2.0", "[0 1.5)", "some ^1.5 || ^2.0"),
            (">=3.2,<4 || >=4.2", "[0 3.1)", "none -"),
            // Above a hole the floor is the first version that is admitted.
            (">=1,!=2.*", "[0 2.0)", "some >=3.0"),
        ] {
            assert_eq!(answer(specifier, affected), expected, "{specifier:?} and {affected}");
        }
    }

    #[test]
    fn prereleases_count_only_when_they_may_be_chosen() {
        for (specifier, affected, expected) in [
            (">=2.0", "[0 2.0)", "none -"),
            (">=1.0", "[2.0a1 2.0)", "none -"),
            (">=1.0", "[2.0a1 2.0]", "some >2.0"),
            (">=2.0a1", "[2.0a1 2.0)", "some >=2.0"),
            (">=2.0a1", "[0 2.0rc1)", "some >=2.0rc1"),
            (">=1.0", "[0 2.0rc1)", "some >=2.0"),
            ("!=2.0a1", "=2.0a2", "none -"),
            // Nothing else is admitted.
            (">=2.0a1,<=2.0rc3", "[0 2.0)", "always -"),
            ("<0", "[0 1.0)", "none -"),
            (">1.0a1", "=1.0a1.post1", "none -"),
            (">1.0a1", "=1.0a2.dev0", "some >=1.0a2.dev1"),
        ] {
            assert_eq!(answer(specifier, affected), expected, "{specifier:?} and {affected}");
        }
    }

    #[test]
    fn post_releases_and_local_versions() {
        for (specifier, affected, expected) in [
            (">1.0", "=1.0.post1", "none -"),
            (">=1.0", "=1.0.post1", "some >=1.0.post2"),
            (">1.0.post1", "=1.0.post1", "none -"),
            (">1.0.post1", "=1.0.post2", "some >=1.0.post3"),
            ("<=1.0", "=1.0+cpu", "some -"),
            ("==1.0+cpu", "=1.0", "always -"),
            ("==1.0+cpu", "[0 1.0]", "always -"),
            ("==1.0+cpu", "=1.0+gpu", "none -"),
            ("!=1.0,<=1.0", "[0 1.0)", "always -"),
            ("<1.0", "=1.0.post1", "none -"),
        ] {
            assert_eq!(answer(specifier, affected), expected, "{specifier:?} and {affected}");
        }
    }
}
