//! What a constraint admits, as a set of versions.
//!
//! A clause as a set holds what [`Constraint::admits`] admits: every version by its number, pre-releases too. PEP 440,
//! "Handling of pre-releases", lets them in only when a clause names one or when nothing else is admitted; they lie
//! everywhere between the final versions, so that is no set of intervals but a way of asking ([`Admitted::holds`]).

use super::constraint::{Bound, Clause, next};
use super::place::{self, above, before, below, past};
use super::range_set::{Piece, RangeSet};
use super::version_key::{after, key_of_text};
use super::{Constraint, Version};

/// What a requirement admits.
#[derive(Debug, Clone)]
pub struct Admitted {
    set: RangeSet,
    prereleases: bool,
}

impl Constraint {
    /// The versions that it admits by their number; `None` when its clauses have no set: an ordered comparison with a
    /// local version, which PEP 440 forbids, or a prefix that ends beyond 64 bits.
    ///
    /// Versions that PEP 440 refuses are held only by `===`: no tool of today installs another one.
    pub fn set(&self) -> Option<RangeSet> {
        let mut pieces = Vec::new();
        for clauses in self.alternatives() {
            let mut set = RangeSet::proper();
            for (number, clause) in clauses.iter().enumerate() {
                let of_clause = clause.set()?;
                set = if number == 0 { of_clause } else { set.intersection(&of_clause) };
            }
            pieces.extend_from_slice(set.pieces());
        }
        Some(RangeSet::of(pieces))
    }

    /// What a tool may choose for it (PEP 440, "Handling of pre-releases"); `None` as [`set`](Self::set) says.
    pub fn admitted(&self) -> Option<Admitted> {
        let set = self.set()?;
        let named = self.alternatives().iter().flatten().any(Clause::names_prerelease);
        let only_prereleases = || !set.pieces().iter().any(|piece| holds(piece, false));
        Some(Admitted { prereleases: named || only_prereleases(), set })
    }
}

impl Clause {
    pub(super) fn set(&self) -> Option<RangeSet> {
        Some(match self {
            Self::Any => RangeSet::proper(),
            Self::Exact(version) => RangeSet::between(before(version), Some(past(version))),
            Self::Not(version) => {
                RangeSet::proper().difference(&RangeSet::between(before(version), Some(past(version))))
            }
            Self::Arbitrary(text) => {
                let key = key_of_text(text);
                RangeSet::between(key.clone(), Some(after(key)))
            }
            Self::Prefix { base, negated } => {
                let end = next(base, base.release().len().saturating_sub(1))?;
                let set = RangeSet::between(below(base), Some(below(&end)));
                if *negated { RangeSet::proper().difference(&set) } else { set }
            }
            Self::Range { lower, upper } => {
                let from = match lower {
                    Some(Bound { version, .. }) if version.is_local() => return None,
                    Some(Bound { version, inclusive: true }) => before(version),
                    Some(Bound { version, inclusive: false }) => above(version),
                    None => place::FIRST.to_vec(),
                };
                let to = match upper {
                    Some(Bound { version, .. }) if version.is_local() => return None,
                    Some(Bound { version, inclusive: true }) => Some(past(version)),
                    Some(Bound { version, inclusive: false }) => Some(below(version)),
                    None => None,
                };
                RangeSet::between(from, to)
            }
        })
    }

    /// Whether it names a pre-release that it admits: `!=` names what it does not want.
    fn names_prerelease(&self) -> bool {
        match self {
            Self::Any | Self::Not(_) | Self::Prefix { .. } => false,
            Self::Exact(version) => version.any_prerelease(),
            Self::Arbitrary(text) => Version::new(text).is_prerelease(),
            Self::Range { lower, upper } => {
                [lower, upper].into_iter().flatten().any(|bound| bound.version.any_prerelease())
            }
        }
    }
}

/// Whether a piece holds a version: any, or one that is no pre-release.
fn holds(piece: &Piece, prereleases: bool) -> bool {
    // Places are versions, or next to one: what lies between two of them is never empty.
    prereleases || place::is_legacy(&piece.from) || place::holds_final(&piece.from, piece.to.as_deref())
}

impl Admitted {
    /// Its set, pre-releases included.
    pub fn set(&self) -> &RangeSet {
        &self.set
    }

    /// Whether pre-releases count.
    pub fn prereleases(&self) -> bool {
        self.prereleases
    }

    /// Whether a part of its set holds a version that may be chosen.
    pub(super) fn holds(&self, piece: &Piece) -> bool {
        holds(piece, self.prereleases)
    }

    /// Whether it admits anything.
    pub fn is_possible(&self) -> bool {
        self.set.pieces().iter().any(|piece| self.holds(piece))
    }

    /// Whether one of these versions may be chosen.
    pub fn meets(&self, versions: &RangeSet) -> bool {
        self.set.intersection(versions).pieces().iter().any(|piece| self.holds(piece))
    }

    /// The same from a place on.
    pub(super) fn starting_at(&self, from: Vec<u8>) -> Self {
        Self { set: self.set.intersection(&RangeSet::between(from, None)), prereleases: self.prereleases }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::version_key::key_of_version;
    use pep440_rs::Version as Parsed;
    use proptest::prelude::*;
    use std::str::FromStr;

    const VERSION: &str = "([0-1]!)?[0-3](\\.[0-3]){0,3}((a|b|rc)[0-2])?(\\.post[0-2])?(\\.dev[0-2])?";

    fn holds(constraint: &Constraint, version: &str) -> bool {
        constraint.set().unwrap().contains(&Version::new(version))
    }

    #[test]
    fn forbidden_comparisons_have_no_set() {
        for text in [">=1.0+cpu", "<2.0+cpu", "==18446744073709551615.*"] {
            assert!(Constraint::parse(text).unwrap().set().is_none(), "{text}");
        }
    }

    #[test]
    fn huge_numbers_have_places() {
        let most = u64::MAX;
        for version in
            [format!("1.{most}"), format!("1.0a{most}"), format!("1.0.post{most}"), format!("1.0.dev{most}")]
        {
            for operator in ["==", "<=", ">", "<", "!=", ">="] {
                let constraint = Constraint::parse(&format!("{operator}{version}")).unwrap();
                for asked in [
                    version.clone(),
                    format!("{version}+x"),
                    "1.0".to_owned(),
                    "1.0b1".to_owned(),
                    "2".to_owned(),
                ] {
                    assert_eq!(
                        holds(&constraint, &asked),
                        constraint.admits(&Version::new(&asked)),
                        "{operator}{version} {asked}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_can_be_chosen() {
        let admitted = |text: &str| Constraint::parse(text).unwrap().admitted().unwrap();
        assert!(
            !admitted("<0").is_possible()
                && !admitted(">=2,<1").is_possible()
                && !admitted("==1,==2").is_possible()
        );
        assert!(
            admitted("<0.1").is_possible()
                && admitted("").is_possible()
                && admitted("===1.0-NA").is_possible()
        );
        assert!(admitted(">=1.0a1,<1.0a2").is_possible() && admitted(">1.0,<1.0.0.1").is_possible());
        assert!(!admitted(">1.0,<1.0.post5").is_possible(), "a post-release of 1.0 is not above it");
        assert!(
            admitted(">=1.0a1").prereleases()
                && !admitted("!=1.0a1").prereleases()
                && admitted(">=1.dev0,<1").prereleases()
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8192))]
        #[test]
        fn the_set_holds_what_the_constraint_admits(
            clauses in proptest::collection::vec(("(|==|!=|>=?|<=?|~=|\\^|~)", VERSION), 1..4),
            prefix in proptest::option::of(("[!=]=", "([0-1]!)?[0-3](\\.[0-3]){0,2}")),
            union in any::<bool>(),
            versions in proptest::collection::vec((VERSION, "(\\+[a-b0-1](\\.[0-1])?)?"), 1..20),
        ) {
            let mut texts: Vec<_> = clauses.iter().map(|(operator, version)| format!("{operator}{version}")).collect();
            texts.extend(prefix.map(|(operator, version)| format!("{operator}{version}.*")));
            let text = texts.join(if union { "||" } else { "," });
            let constraint = Constraint::parse(&text).unwrap();
            // The versions of the clauses are where it can go wrong.
            let own = clauses.iter().map(|(_, version)| version).flat_map(|version| {
                ["", "+a", "+1.0"].map(|local| format!("{version}{local}"))
            });
            for version in versions.iter().map(|(version, local)| format!("{version}{local}")).chain(own) {
                let expected = constraint.admits(&Version::new(&version));
                prop_assert_eq!(holds(&constraint, &version), expected, "{} {}", text, version);
            }
        }

        #[test]
        fn a_local_version_is_matched_by_clauses_that_name_it(wanted in VERSION, version in VERSION) {
            for operator in ["==", "!="] {
                let constraint = Constraint::parse(&format!("{operator}{wanted}+cpu")).unwrap();
                let own = ["+cpu", "+gpu", ""].map(|local| format!("{wanted}{local}"));
                for asked in own.into_iter().chain([format!("{version}+cpu")]) {
                    let expected = constraint.admits(&Version::new(&asked));
                    prop_assert_eq!(holds(&constraint, &asked), expected, "{} {}", operator, asked);
                }
            }
        }

        #[test]
        fn a_final_version_between_two_places_is_seen(from in VERSION, to in VERSION, between in VERSION) {
            let key = |text: &str| key_of_version(&Parsed::from_str(text).unwrap());
            let (from, to, inner) = (key(&from), key(&to), key(&between));
            if from <= inner && inner < to && !Parsed::from_str(&between).unwrap().any_prerelease() {
                prop_assert!(place::holds_final(&from, Some(&to)));
            }
            if place::holds_final(&from, Some(&to)) {
                prop_assert!(from < to);
                if let place::LeastFinal::At(least) = place::least_final(&from) {
                    prop_assert!(from <= least && least < to);
                    prop_assert!(!place::version_of(&least).unwrap().any_prerelease());
                }
            }
        }

        #[test]
        fn a_key_gives_its_version_back(text in VERSION) {
            let version = Parsed::from_str(&text).unwrap();
            prop_assert_eq!(place::version_of(&key_of_version(&version)).unwrap(), version);
        }
    }
}
