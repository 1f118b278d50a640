//! A judgement in words.

use super::candidates::{Origin, Relation};
use super::confusable::{Reading, is_invisible};
use super::distance::Edit;
use super::judge::{Accepted, Grounds, Judgement, Verdict};
use super::known::Affix;
use super::letters::{are_neighbours, look_alike};
use super::popular;

impl Judgement {
    /// Why, each a sentence without a full stop. Never empty. Characters of the name stand in them as they are.
    pub fn reasons(&self) -> Vec<String> {
        match &self.grounds {
            Grounds::Accepted(Accepted::Trusted) => vec!["the policy trusts it".to_owned()],
            Grounds::Accepted(Accepted::Private) => {
                vec!["the policy calls it private: it must come from an index of your own".to_owned()]
            }
            Grounds::Accepted(Accepted::Own) => vec!["a name of this project".to_owned()],
            Grounds::Established(rank) => vec![format!("rank {rank} of the {} most downloaded", thousands())],
            Grounds::Invalid(why) => vec![format!("no index takes this name: {why}")],
            Grounds::StandardLibrary => {
                vec!["Python brings this along: nothing has to be installed for it".to_owned()]
            }
            Grounds::ImportName(project) => {
                vec![format!("the project whose modules are imported under this name is called {project}")]
            }
            Grounds::Confusable { reading, target } => of_reading(reading, target.as_ref()),
            Grounds::Near(_) if self.verdict == Verdict::Ok => nothing(),
            Grounds::Near(candidate) => {
                let mut reasons = vec![format!(
                    "{} {}, {}",
                    steps(&candidate.relation),
                    candidate.target,
                    standing(candidate.origin)
                )];
                reasons.extend(details(&candidate.relation));
                reasons.push(format!("not itself among the {} most downloaded", thousands()));
                reasons
            }
            Grounds::Nothing => nothing(),
        }
    }
}

fn nothing() -> Vec<String> {
    vec!["close to no name that is known well enough to be imitated".to_owned()]
}

/// The number of names in the list, as people write it.
fn thousands() -> String {
    let count = popular::count();
    if count < 1000 { count.to_string() } else { format!("{},{:03}", count / 1000, count % 1000) }
}

/// What is known about a target.
fn standing(origin: Origin) -> String {
    match origin {
        Origin::Popular(rank) => format!("rank {rank} of the {} most downloaded", thousands()),
        Origin::StandardLibrary => "which Python brings along".to_owned(),
        Origin::Import => "under which a well-known project is imported".to_owned(),
        Origin::Own => "a name of this project".to_owned(),
    }
}

/// How far the name is from the target, so that the target's name can follow.
fn steps(relation: &Relation) -> &'static str {
    match relation {
        Relation::Edits(edits) => match edits[..] {
            [Edit::Swapped { .. }] => "two swapped letters from",
            [_] => "one letter from",
            _ => "two letters from",
        },
        Relation::Order => "the words of",
        Relation::LookAlike => "looks like",
        Relation::Affix { exchanged: false, .. } => "has a word more than",
        Relation::Affix { .. } => "differs only in a word that says little from",
    }
}

fn details(relation: &Relation) -> Vec<String> {
    match relation {
        Relation::Edits(edits) => {
            let mut edits: Vec<Edit> = edits.clone();
            edits.reverse();
            edits.into_iter().map(of_edit).collect()
        }
        Relation::Order => vec!["in another order".to_owned()],
        Relation::LookAlike => vec!["letters or digits stand for others of the same shape".to_owned()],
        Relation::Affix { word, .. } if word.is_empty() => {
            vec!["the other one says in its name that it is for Python".to_owned()]
        }
        Relation::Affix { kind, word, .. } => vec![match kind {
            Affix::Language => format!("`{word}` only says that it is for Python"),
            Affix::Number => format!("`{word}` looks like a version"),
            Affix::Role => format!("`{word}` says nothing about who makes it"),
        }],
    }
}

fn of_edit(edit: Edit) -> String {
    let show = |letter: u8| format!("`{}`", char::from(letter));
    match edit {
        Edit::Swapped { letters: [one, other], .. } => {
            format!(
                "`{}{}` for `{}{}`: swapped",
                char::from(one),
                char::from(other),
                char::from(other),
                char::from(one)
            )
        }
        Edit::Extra { letter, .. } => format!("{} is too many", show(letter)),
        Edit::Missing { letter, .. } => format!("{} is missing", show(letter)),
        Edit::Replaced { letter, was, .. } => {
            let both = format!("{} for {}", show(letter), show(was));
            if are_neighbours(letter, was) {
                format!("{both}: neighbours on the keyboard")
            } else if look_alike(letter, was) {
                format!("{both}: they look alike")
            } else {
                both
            }
        }
    }
}

fn of_reading(reading: &Reading, target: Option<&(String, Origin)>) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some((target, origin)) = target {
        reasons.push(format!("reads like {target}, {}", standing(*origin)));
    }
    let code = format!("U+{:04X}", u32::from(reading.odd));
    reasons.push(match &reading.looks_like {
        Some(letters) => format!("the character {code} looks like `{letters}`"),
        None if is_invisible(reading.odd) => format!("the character {code} cannot be seen"),
        None => format!("the character {code} is no ASCII letter"),
    });
    reasons.push("no index takes this name: a name has ASCII letters, digits, `-`, `_` and `.`".to_owned());
    reasons
}
