//! Whether a name is what it seems: the judgement, and the knowledge that it rests on.

use super::candidates::{Candidate, Origin, candidates};
use super::confusable::{self, Reading};
use super::features::{Features, features};
use super::kind::Kind;
use super::known::{IMPORT_NAMES, STANDARD_LIBRARY};
use super::popular;
use super::weights::{BIAS, DECEPTIVE, SUSPECT, WEIGHTS};
use crate::model::Arrange as _;
use crate::model::PackageName;

/// How a name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing speaks against it.
    Ok,
    /// It may be mistaken for another name: worth a look.
    Suspect,
    /// It is made to be mistaken for another name, as far as a name can tell.
    Deceptive,
}

impl Verdict {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Suspect => "suspect",
            Self::Deceptive => "deceptive",
        }
    }

    /// The verdict for a score. [`Kind`]s that are certain have a score of their own.
    fn of(score: f32) -> Self {
        if score >= DECEPTIVE {
            Self::Deceptive
        } else if score >= SUSPECT {
            Self::Suspect
        } else {
            Self::Ok
        }
    }
}

/// Why a name is taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// The policy trusts it.
    Trusted,
    /// The policy calls it private.
    Private,
    /// It is one of one's own.
    Own,
}

/// What a judgement rests on.
#[derive(Debug, Clone)]
pub(super) enum Grounds {
    /// Somebody said that it is meant.
    Accepted(Accepted),
    /// One of the most downloaded: its rank.
    Established(u16),
    /// No index takes it: why.
    Invalid(&'static str),
    /// A module that Python brings along.
    StandardLibrary,
    /// The import name of another project.
    ImportName(&'static str),
    /// Characters that look like others: what it reads as.
    Confusable { reading: Reading, target: Option<(String, Origin)> },
    /// A name that it may have been made from.
    Near(Candidate),
    /// Nothing like it is known.
    Nothing,
}

/// What there is to say about a name.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The name as it was given.
    pub written: String,
    /// How it was found.
    pub verdict: Verdict,
    /// From 0 to 1: how likely the name was made to be mistaken for another one.
    pub score: f32,
    pub(super) grounds: Grounds,
}

impl Judgement {
    /// The judgement of a name that somebody said is meant.
    pub fn accepted(written: &str, why: Accepted) -> Self {
        let grounds = Grounds::Accepted(why);
        Self { written: written.to_owned(), verdict: Verdict::Ok, score: 0.0, grounds }
    }

    /// The name that it may be mistaken for; `None` when it is ok or looks like nothing known.
    pub fn target(&self) -> Option<&str> {
        if self.verdict == Verdict::Ok {
            return None;
        }
        match &self.grounds {
            Grounds::Near(candidate) => Some(&candidate.target),
            Grounds::ImportName(project) => Some(project),
            Grounds::Confusable { target, .. } => target.as_ref().map(|(target, _)| target.as_str()),
            _ => None,
        }
    }

    /// In which way it may mislead; `None` when it is ok.
    pub fn kind(&self) -> Option<Kind> {
        if self.verdict == Verdict::Ok { None } else { Kind::of(&self.grounds) }
    }

    /// Whether it is one of the most downloaded projects.
    pub fn is_established(&self) -> bool {
        matches!(self.grounds, Grounds::Established(_))
    }
}

/// Judges names, knowing the most downloaded projects and what it is told besides.
#[derive(Debug, Clone, Default)]
pub struct Judge {
    /// What is taken as it is. Sorted.
    own: Vec<String>,
    /// What is asked for by name: what nobody asked for may be mistaken for it. Sorted.
    asked_for: Vec<String>,
}

/// With more names than this, those that are asked for are not compared: every other name would be held against each.
/// Real projects ask for a few hundred.
const MOST_ASKED_FOR: usize = 2000;

/// Names of one's own that are shorter are near too much.
const SHORTEST_OWN: usize = 5;

impl Judge {
    /// A judge that knows names of one's own, which are taken as they are and others may be mistaken for, and names
    /// that are asked for, which those that nobody asks for may be mistaken for.
    pub fn knowing<'a>(
        own: impl IntoIterator<Item = &'a PackageName>,
        asked_for: impl IntoIterator<Item = &'a PackageName>,
    ) -> Self {
        let worth = |name: &&PackageName| {
            name.as_str().len() >= SHORTEST_OWN
                && name.is_well_formed()
                && popular::rank(name.as_str()).is_none()
        };
        let list = |names: &mut dyn Iterator<Item = &'a PackageName>| {
            let mut list: Vec<String> = names.filter(worth).map(|name| name.as_str().to_owned()).collect();
            list.arrange();
            list.dedup();
            list
        };
        let mut asked_for = list(&mut asked_for.into_iter());
        if asked_for.len() > MOST_ASKED_FOR {
            asked_for.clear();
        }
        Self { own: list(&mut own.into_iter()), asked_for }
    }

    /// Judges a name as it was written.
    pub fn judge(&self, written: &str) -> Judgement {
        let name = PackageName::new(written);
        let (score, grounds) = self.weigh(&name, written);
        let verdict = match &grounds {
            Grounds::Accepted(_) | Grounds::Established(_) | Grounds::Nothing => Verdict::Ok,
            Grounds::Invalid(_) | Grounds::StandardLibrary | Grounds::ImportName(_) => Verdict::Suspect,
            Grounds::Confusable { target, .. } => {
                if target.is_some() {
                    Verdict::Deceptive
                } else {
                    Verdict::Suspect
                }
            }
            Grounds::Near(_) => Verdict::of(score),
        };
        Judgement { written: written.to_owned(), verdict, score, grounds }
    }

    fn weigh(&self, name: &PackageName, written: &str) -> (f32, Grounds) {
        if !written.is_ascii() {
            let reading = confusable::read(written);
            let target = self.target_of(&reading);
            let score = if target.is_some() { 1.0 } else { SUSPECT };
            return (score, Grounds::Confusable { reading, target });
        }
        if let Some(why) = confusable::refused(written) {
            return (SUSPECT, Grounds::Invalid(why));
        }
        let name = name.as_str();
        if let Some(rank) = popular::rank(name) {
            return (0.0, Grounds::Established(rank));
        }
        if let Ok(at) = IMPORT_NAMES.binary_search_by_key(&name, |(import, _)| import) {
            return (SUSPECT, Grounds::ImportName(IMPORT_NAMES[at].1));
        }
        if is_module(name) {
            return (SUSPECT, Grounds::StandardLibrary);
        }
        if is_in(&self.own, name) {
            return (0.0, Grounds::Accepted(Accepted::Own));
        }
        self.nearest(name)
            .map_or((0.0, Grounds::Nothing), |(score, candidate)| (score, Grounds::Near(candidate)))
    }

    /// The name that it was most likely made from.
    fn nearest(&self, name: &str) -> Option<(f32, Candidate)> {
        let asked_for = if is_in(&self.asked_for, name) { &[] } else { &self.asked_for[..] };
        let scored = candidates(name, self.own.iter().chain(asked_for)).into_iter().map(|candidate| {
            let score = score(&features(name, &candidate));
            (score, candidate)
        });
        scored.max_by(|(one, first), (other, second)| {
            // Alike in score: the better known one, then the alphabet.
            let rank = |candidate: &Candidate| -candidate.origin.rank();
            let by_rank = || rank(first).total_cmp(&rank(second));
            one.total_cmp(other).then_with(by_rank).then_with(|| second.target.cmp(&first.target))
        })
    }

    /// The known name that a name with characters that look like others is read as.
    fn target_of(&self, reading: &Reading) -> Option<(String, Origin)> {
        for text in reading.spellings() {
            let name = PackageName::new(&text);
            if let Some(rank) = popular::rank(name.as_str()) {
                return Some((name.as_str().to_owned(), Origin::Popular(rank)));
            }
            if is_in(&self.own, name.as_str()) || is_in(&self.asked_for, name.as_str()) {
                return Some((name.as_str().to_owned(), Origin::Own));
            }
            if is_module(name.as_str()) {
                return Some((name.as_str().to_owned(), Origin::StandardLibrary));
            }
        }
        reading.spellings().find_map(|text| {
            let name = PackageName::new(&text);
            let (_, candidate) = self.nearest(name.as_str()).filter(|(score, _)| *score >= SUSPECT)?;
            Some((candidate.target, candidate.origin))
        })
    }

    /// The names that a name may have been made from, with what is measured of each pair. For fitting the weights.
    pub fn measure(&self, name: &PackageName) -> Vec<Features> {
        let name = name.as_str();
        let known = popular::rank(name).is_some() || name.is_empty();
        let found = if known { Vec::new() } else { candidates(name, &self.own) };
        found.iter().map(|candidate| features(name, candidate)).collect()
    }
}

fn is_in(sorted: &[String], name: &str) -> bool {
    sorted.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
}

/// Whether Python brings a module of this name along. Project names know neither capitals nor underscores.
fn is_module(name: &str) -> bool {
    let same = |module: &&str| {
        module.len() == name.len()
            && module
                .bytes()
                .zip(name.bytes())
                .all(|(one, other)| one.to_ascii_lowercase() == other || (one == b'_' && other == b'-'))
    };
    STANDARD_LIBRARY.iter().any(same)
}

/// The probability that a pair with these features is a name and what it was made from.
fn score(features: &Features) -> f32 {
    let sum: f32 = features.iter().zip(WEIGHTS).map(|(feature, weight)| feature * weight).sum();
    1.0 / (1.0 + (-(sum + BIAS)).exp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn popular_names_are_ok_whatever_they_look_like() {
        let judge = Judge::default();
        for (name, _) in popular::all() {
            assert_eq!(judge.judge(name).verdict, Verdict::Ok, "{name}");
        }
    }

    #[test]
    fn more_names_than_people_ask_for_cost_nothing() {
        let asked: Vec<PackageName> =
            (0..=MOST_ASKED_FOR).map(|n| PackageName::new(&format!("zzq{n:05}"))).collect();
        assert!(Judge::knowing([], &asked).asked_for.is_empty());
        assert_eq!(Judge::knowing([], &asked[1..]).asked_for.len(), MOST_ASKED_FOR);
    }

    #[test]
    fn names_of_ones_own_are_ok_and_imitated() {
        let names = |names: &[&str]| names.iter().map(|name| PackageName::new(name)).collect::<Vec<_>>();
        let (own, asked) = (names(&["acme-billing"]), names(&["acme-orders", "acme-order"]));
        let judge = Judge::knowing(&own, &asked);
        assert_eq!(judge.judge("acme-billing").verdict, Verdict::Ok);
        assert_eq!(judge.judge("acme-biling").target(), Some("acme-billing"));
        assert_eq!(judge.judge("acme-ordesr").target(), Some("acme-orders"));
        assert_eq!(judge.judge("acme-order").verdict, Verdict::Ok, "both are asked for");
    }

    proptest! {
        #[test]
        fn spelling_does_not_matter(name in "[a-z][a-z0-9]{1,8}(-[a-z0-9]{1,6}){0,2}", upper: bool) {
            let judge = Judge::default();
            let other = name.replace('-', "._");
            let other = if upper { other.to_uppercase() } else { other };
            let (one, two) = (judge.judge(&name), judge.judge(&other));
            prop_assert_eq!((one.verdict, one.target()), (two.verdict, two.target()));
        }

        #[test]
        fn any_text_is_judged_with_a_reason(name in "\\PC{0,40}|[\\x00-\\x7f]{0,20}") {
            let judgement = Judge::default().judge(&name);
            prop_assert!(!judgement.reasons().is_empty());
            prop_assert_eq!(judgement.kind().is_some(), judgement.verdict > Verdict::Ok);
            prop_assert!((0.0..=1.0).contains(&judgement.score));
        }
    }
}
