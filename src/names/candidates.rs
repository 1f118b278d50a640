//! The names that a name may have been made from.

use crate::model::Arrange as _;
use std::sync::LazyLock;

use super::distance::{Edit, Pattern, edits};
use super::known::{Affix, IMPORT_NAMES, LANGUAGE, ROLES, STANDARD_LIBRARY};
use super::letters::{GROUPS, read_as};
use super::popular::{self, edits_allowed};
use super::symbols::letters;

/// Where a known name is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The list of the most downloaded projects: the rank, from 1.
    Popular(u16),
    /// Python's own standard library.
    StandardLibrary,
    /// A name under which something well known is imported.
    Import,
    /// The project itself, or its policy.
    Own,
}

impl Origin {
    /// The rank that the name is given among the popular ones.
    pub(super) fn rank(self) -> f32 {
        match self {
            Self::Popular(rank) => f32::from(rank),
            // Between the best known and the rest: these are typed, but not as often in a list of requirements.
            Self::StandardLibrary | Self::Import => 2000.0,
            Self::Own => 500.0,
        }
    }
}

/// How a name is made from another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Relation {
    /// By one or two edits.
    Edits(Vec<Edit>),
    /// The same words in another order.
    Order,
    /// By letters that look like others, more than edits can tell.
    LookAlike,
    /// By words that are put before or after it, or left out.
    Affix {
        kind: Affix,
        /// The word that stands in the name and not, or elsewhere, in the target; empty when one is left out.
        word: String,
        /// Without a separator.
        glued: bool,
        /// The target has such a word itself: another one, in another place, or one that the name lacks.
        exchanged: bool,
    },
}

/// A known name that a name may have been made from.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) target: String,
    pub(super) origin: Origin,
    pub(super) relation: Relation,
}

/// Names of more words than this are not put into other orders.
const MOST_WORDS: usize = 4;

/// The shortest rest that is still a name when something is cut off.
const SHORTEST_CORE: usize = 3;

/// The shortest name of Python's own, or of an import, that is worth a look.
const SHORTEST_MODULE: usize = 6;

/// Every known name that `name`, which is normalised and not a known name itself, may have been made from.
pub(super) fn candidates<'a>(name: &str, own: impl IntoIterator<Item = &'a String>) -> Vec<Candidate> {
    let mut found = Vec::new();
    if let Some(pattern) = Pattern::new(name) {
        for near in popular::near(&pattern) {
            found.push(by_edits(name, near.name, Origin::Popular(near.rank)));
        }
        for own in own {
            look_at(name, &pattern, own, Origin::Own, &mut found);
        }
        let longer = |length: usize| move |(module, _): &(&str, Origin)| module.len() < length;
        let from = MODULES.partition_point(longer(name.len().saturating_sub(2)));
        let to = MODULES.partition_point(longer(name.len() + 3));
        let ends = |text: &str| (text.as_bytes().first().copied(), text.as_bytes().last().copied());
        let (first, last) = ends(name);
        let is_like = |(module, _): &&(&str, Origin)| ends(module).0 == first || ends(module).1 == last;
        for (module, origin) in MODULES.get(from..to).unwrap_or_default().iter().filter(is_like) {
            look_at(name, &pattern, module, *origin, &mut found);
        }
        by_look(name, &mut found);
    }
    if name.len() <= LONGEST_IN_WORDS {
        by_order(name, &mut found);
        by_affix(name, &mut found);
    }
    found
}

/// Longer names have no words that are worth looking at.
const LONGEST_IN_WORDS: usize = 128;

/// What is known without being popular, by length.
static MODULES: LazyLock<Vec<(&str, Origin)>> = LazyLock::new(|| {
    let library = STANDARD_LIBRARY.iter().map(|module| (*module, Origin::StandardLibrary));
    let imports = IMPORT_NAMES.iter().map(|(import, _)| (*import, Origin::Import));
    let mut modules: Vec<_> =
        library.chain(imports).filter(|(module, _)| module.len() >= SHORTEST_MODULE).collect();
    modules.arrange_by_key(|(module, _)| (module.len(), *module));
    modules
});

/// Adds a name that is not popular if it is near enough.
fn look_at(name: &str, pattern: &Pattern<'_>, other: &str, origin: Origin, found: &mut Vec<Candidate>) {
    let limit = edits_allowed(name.len(), other.len());
    let (ours, theirs) = (name.as_bytes(), other.as_bytes());
    let is_like = ours.first() == theirs.first() || ours.last() == theirs.last();
    let gap = name.len().abs_diff(other.len());
    if is_like && gap <= limit && (letters(theirs) & !pattern.letters()).count_ones() as usize <= limit {
        let distance = pattern.distance(theirs);
        if distance > 0 && distance <= limit && popular::rank(other).is_none() {
            found.push(by_edits(name, other, origin));
        }
    }
}

fn by_edits(name: &str, target: &str, origin: Origin) -> Candidate {
    let relation = Relation::Edits(edits(name.as_bytes(), target.as_bytes()));
    Candidate { target: target.to_owned(), origin, relation }
}

/// Adds a target if it is popular, another name, and not found yet.
fn add(name: &str, target: &str, relation: impl FnOnce() -> Relation, found: &mut Vec<Candidate>) {
    if target == name {
        return;
    }
    let Some(rank) = popular::rank(target) else { return };
    if found.iter().all(|known| known.target != target) {
        found.push(Candidate {
            target: target.to_owned(),
            origin: Origin::Popular(rank),
            relation: relation(),
        });
    }
}

/// Digits that stand for letters, and groups of letters that look like one.
fn by_look(name: &str, found: &mut Vec<Candidate>) {
    if name.bytes().any(|byte| byte.is_ascii_digit()) {
        for choice in 0..2 {
            let letter = |byte: u8| {
                let letters = read_as(byte);
                char::from(letters.get(choice).or(letters.first()).copied().unwrap_or(byte))
            };
            let read: String = name.bytes().map(letter).collect();
            add(name, &read, || Relation::LookAlike, found);
        }
    }
    for (group, letter) in GROUPS {
        for (from, to) in [(*group, *letter), (*letter, *group)] {
            // Searching for strings costs more to begin than names are long.
            let found_at =
                |at: &usize| name.as_bytes().get(*at..).is_some_and(|rest| rest.starts_with(from.as_bytes()));
            for at in (0..name.len()).filter(found_at).take(4) {
                let rest = name.get(at + from.len()..).unwrap_or_default();
                let read = [name.get(..at).unwrap_or_default(), to, rest].concat();
                add(name, &read, || Relation::LookAlike, found);
            }
        }
    }
}

fn by_order(name: &str, found: &mut Vec<Candidate>) {
    let words: Vec<&str> = name.split('-').collect();
    if !(2..=MOST_WORDS).contains(&words.len()) {
        return;
    }
    let mut order: Vec<usize> = (0..words.len()).collect();
    while next_order(&mut order) {
        let turned = order.iter().filter_map(|at| words.get(*at).copied()).collect::<Vec<_>>().join("-");
        add(name, &turned, || Relation::Order, found);
    }
}

/// The next order of numbers in the order of the alphabet; `false` after the last one.
fn next_order(order: &mut [usize]) -> bool {
    let Some(rise) = order.windows(2).rposition(|pair| pair[0] < pair[1]) else { return false };
    let Some(next) = order.iter().rposition(|other| *other > order[rise]) else { return false };
    order.swap(rise, next);
    order[rise + 1..].reverse();
    true
}

fn by_affix(name: &str, found: &mut Vec<Candidate>) {
    let mut form = String::new();
    let mut cut = |core: &str, kind: Affix, word: &str, glued: bool| {
        if core.len() < SHORTEST_CORE {
            return;
        }
        let relation = |glued, exchanged| Relation::Affix { kind, word: word.to_owned(), glued, exchanged };
        add(name, core, || relation(glued, false), found);
        if kind == Affix::Language {
            for (before, after) in FORMS {
                form.clear();
                form.extend([before, core, after]);
                let joined = !before.ends_with('-') && !after.starts_with('-');
                add(name, &form, || relation(glued || joined, true), found);
            }
        }
    };
    cut(name, Affix::Language, "", false);
    if let Some((first, rest)) = name.split_once('-')
        && let Some(kind) = kind_of(first)
    {
        cut(rest, kind, first, false);
    }
    if let Some((rest, last)) = name.rsplit_once('-')
        && let Some(kind) = kind_of(last)
    {
        cut(rest, kind, last, false);
    }
    for word in ["python", "py", "lib", "pip"] {
        for core in [name.strip_prefix(word), name.strip_suffix(word)].into_iter().flatten() {
            if !core.starts_with('-') && !core.ends_with('-') && core.len() > SHORTEST_CORE {
                cut(core, Affix::Language, word, true);
            }
        }
    }
    let core = name.trim_end_matches(|character: char| character.is_ascii_digit());
    if core.len() < name.len() && !core.ends_with('-') {
        cut(core, Affix::Number, name.get(core.len()..).unwrap_or_default(), true);
    }
}

/// What stands before and after the word that a project is about, when its name says that it is for Python.
const FORMS: [(&str, &str); 10] = [
    ("python-", ""),
    ("", "-python"),
    ("py-", ""),
    ("", "-py"),
    ("py", ""),
    ("", "py"),
    ("", "lib"),
    ("", "2"),
    ("", "3"),
    ("", "4"),
];

fn kind_of(word: &str) -> Option<Affix> {
    if LANGUAGE.contains(&word) {
        Some(Affix::Language)
    } else if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
        Some(Affix::Number)
    } else {
        ROLES.binary_search(&word).is_ok().then_some(Affix::Role)
    }
}
