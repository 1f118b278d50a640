//! The options of a line, as pip's `optparse` reads them: `--x y`, `--x=y`, `-x y`, `-xy`, unambiguous beginnings.

use std::ops::Range;

/// What an option is, as far as reading a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Requirement,
    Constraint,
    Editable,
    Hash,
    /// Takes no value; nothing without a hash is installed.
    RequireHashes,
    Index,
    ExtraIndex,
    FindLinks,
    TrustedHost,
    NoIndex,
    /// Takes a value that is of no matter here.
    Value,
    /// Takes none.
    Flag,
}

/// Every option that pip 26 takes in a requirement file.
const OPTIONS: &[(&str, &str, Kind)] = &[
    ("--index-url", "-i", Kind::Index),
    ("--pypi-url", "", Kind::Index),
    ("--extra-index-url", "", Kind::ExtraIndex),
    ("--no-index", "", Kind::NoIndex),
    ("--constraint", "-c", Kind::Constraint),
    ("--requirement", "-r", Kind::Requirement),
    ("--editable", "-e", Kind::Editable),
    ("--find-links", "-f", Kind::FindLinks),
    ("--no-binary", "", Kind::Value),
    ("--only-binary", "", Kind::Value),
    ("--prefer-binary", "", Kind::Flag),
    ("--require-hashes", "", Kind::RequireHashes),
    ("--pre", "", Kind::Flag),
    ("--all-releases", "", Kind::Value),
    ("--only-final", "", Kind::Value),
    ("--trusted-host", "", Kind::TrustedHost),
    ("--use-feature", "", Kind::Value),
    ("--hash", "", Kind::Hash),
    ("--config-settings", "-C", Kind::Value),
    ("--config-setting", "", Kind::Value),
    ("--global-option", "", Kind::Value),
];

/// Options that older versions of pip took. Read, so that an old file is still audited.
const FORMER: &[(&str, &str, Kind)] = &[
    ("--install-option", "", Kind::Value),
    ("--process-dependency-links", "", Kind::Flag),
    ("--allow-external", "", Kind::Value),
    ("--allow-all-external", "", Kind::Flag),
    ("--allow-unverified", "", Kind::Value),
    ("--always-unzip", "-Z", Kind::Flag),
    ("--use-wheel", "", Kind::Flag),
    ("--no-use-wheel", "", Kind::Flag),
];

/// One option of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) kind: Kind,
    /// The value with quotes and escapes taken out; empty for a flag.
    pub(super) value: String,
    /// Where the value stands in the line; the option itself for a flag.
    pub(super) place: Range<usize>,
}

/// A word of a shell-like line.
struct Word {
    text: String,
    place: Range<usize>,
    /// Whether it stands there as it is: without quotes and escapes.
    exact: bool,
}

/// An option, and where in its word its value begins when it is attached.
type Found = (Kind, Option<usize>);

/// The wrong part and what was expected.
type Wrong = (Range<usize>, String);

/// The options of the rest of a line, or the wrong part and what was expected.
pub(super) fn read(text: &str, lead: usize) -> Result<Vec<Given>, Wrong> {
    let mut words = split(text, lead)?.into_iter().peekable();
    let mut given = Vec::new();
    while let Some(word) = words.next() {
        let Some((kind, attached)) = lookup(&word)? else {
            return Err((word.place, stray(&word.text)));
        };
        if matches!(kind, Kind::Flag | Kind::NoIndex | Kind::RequireHashes) {
            if attached.is_some() {
                return Err((word.place.clone(), format!("{} takes no value", option_name(&word.text))));
            }
            given.push(Given { kind, value: String::new(), place: word.place });
            continue;
        }
        let (value, place) = match attached {
            Some(at) => {
                let start = word.place.start + if word.exact { at } else { 0 };
                (word.text[at..].to_owned(), start..word.place.end)
            }
            None => match words.next() {
                Some(value) => (value.text, value.place),
                None => {
                    return Err((word.place, format!("expected a value after {}", option_name(&word.text))));
                }
            },
        };
        given.push(Given { kind, value, place });
    }
    Ok(given)
}

fn stray(text: &str) -> String {
    format!("expected an option, found `{}`: write one requirement a line", short(text))
}

fn option_name(text: &str) -> &str {
    text.split('=').next().unwrap_or(text)
}

/// The option that a word begins, and where in the word its value begins when it is attached.
fn lookup(word: &Word) -> Result<Option<Found>, Wrong> {
    let text = &word.text;
    let all = || OPTIONS.iter().chain(FORMER);
    if text.starts_with("--") {
        let (name, attached) = match text.find('=') {
            Some(at) => (&text[..at], Some(at + 1)),
            None => (text.as_str(), None),
        };
        if let Some((_, _, kind)) = all().find(|(long, _, _)| *long == name) {
            return Ok(Some((*kind, attached)));
        }
        let near: Vec<_> =
            OPTIONS.iter().filter(|(long, _, _)| name.len() > 2 && long.starts_with(name)).collect();
        return match near[..] {
            [(_, _, kind)] => Ok(Some((*kind, attached))),
            [] => Err((word.place.clone(), format!("pip knows no option `{}`", short(name)))),
            _ => {
                let names = near.iter().map(|(long, _, _)| *long).collect::<Vec<_>>().join(", ");
                Err((word.place.clone(), format!("`{}` may be any of {names}: write it out", short(name))))
            }
        };
    }
    if text.len() >= 2 && text.starts_with('-') {
        let Some(short_name) = text.get(..2) else {
            return Err((word.place.clone(), format!("pip knows no option `{}`", short(text))));
        };
        return match all().find(|(_, known, _)| *known == short_name) {
            Some((_, _, kind)) => Ok(Some((*kind, (text.len() > 2).then_some(2)))),
            None => Err((word.place.clone(), format!("pip knows no option `{short_name}`"))),
        };
    }
    Ok(None)
}

fn short(text: &str) -> String {
    if text.chars().nth(40).is_none() {
        text.to_owned()
    } else {
        text.chars().take(40).chain(['…']).collect()
    }
}

/// Splits as Python's `shlex.split` does: quotes and backslashes as in a POSIX shell.
fn split(text: &str, lead: usize) -> Result<Vec<Word>, Wrong> {
    let mut words = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((start, first)) = characters.peek().copied() {
        if matches!(first, ' ' | '\t' | '\r' | '\n') {
            characters.next();
            continue;
        }
        let mut word = String::new();
        let mut end = start;
        while let Some((at, character)) = characters.peek().copied() {
            if matches!(character, ' ' | '\t' | '\r' | '\n') {
                break;
            }
            characters.next();
            end = at + character.len_utf8();
            match character {
                '\'' | '"' => {
                    let quote = character;
                    let mut closed = false;
                    while let Some((at, inner)) = characters.next() {
                        end = at + inner.len_utf8();
                        if inner == quote {
                            closed = true;
                            break;
                        }
                        let escapes = quote == '"' && inner == '\\';
                        match characters.peek().copied() {
                            Some((at, next)) if escapes && matches!(next, '"' | '\\') => {
                                word.push(next);
                                end = at + next.len_utf8();
                                characters.next();
                            }
                            _ => word.push(inner),
                        }
                    }
                    if !closed {
                        return Err((lead + at..lead + at + 1, "this quote is never closed".to_owned()));
                    }
                }
                '\\' => match characters.next() {
                    Some((at, next)) => {
                        word.push(next);
                        end = at + next.len_utf8();
                    }
                    None => {
                        return Err((lead + at..lead + at + 1, "expected a character after `\\`".to_owned()));
                    }
                },
                character => word.push(character),
            }
        }
        let exact = text.get(start..end) == Some(word.as_str());
        words.push(Word { text: word, place: lead + start..lead + end, exact });
    }
    Ok(words)
}

/// Where the options of a line begin: at the first word, split at single spaces, that starts with `-`.
/// Source: pip's `break_args_options`.
pub(super) fn begin(line: &str) -> usize {
    let mut at = 0;
    for word in line.split(' ') {
        if word.starts_with('-') {
            return at;
        }
        at += word.len() + 1;
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(Kind, String)> {
        read(text, 0).unwrap().into_iter().map(|given| (given.kind, given.value)).collect()
    }

    #[test]
    fn every_spelling() {
        use Kind::{Constraint, Editable, ExtraIndex, Hash, Index, NoIndex, RequireHashes, Requirement};
        let one = |kind, value: &str| vec![(kind, value.to_owned())];
        assert_eq!(values("-r base.txt"), one(Requirement, "base.txt"));
        assert_eq!(values("-rbase.txt"), one(Requirement, "base.txt"));
        assert_eq!(values("--requirement=base.txt"), one(Requirement, "base.txt"));
        assert_eq!(values("--requirement 'my base.txt'"), one(Requirement, "my base.txt"));
        assert_eq!(values("--constr c.txt"), one(Constraint, "c.txt"));
        assert_eq!(values("-e \"./a b\""), one(Editable, "./a b"));
        assert_eq!(values("--extra-index https://x"), one(ExtraIndex, "https://x"));
        assert_eq!(values("-ihttps://x"), one(Index, "https://x"));
        assert_eq!(values("--no-index"), one(NoIndex, ""));
        assert_eq!(values("--require-h"), one(RequireHashes, ""));
        let hashes = values("--hash=sha256:aa --hash sha256:bb");
        assert_eq!(hashes.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [Hash, Hash]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, words) in [
            ("--nonsense", "pip knows no option `--nonsense`"),
            ("-x", "pip knows no option `-x`"),
            ("--no", "may be any of"),
            ("-r", "expected a value after -r"),
            ("--pre=1", "takes no value"),
            ("-r 'a", "never closed"),
            ("--pre extra", "expected an option, found `extra`"),
        ] {
            assert!(read(text, 0).unwrap_err().1.contains(words), "{text}");
        }
        assert_eq!(begin("foo==1 --hash=x"), 7);
        assert_eq!(begin("foo-bar"), 7);
    }
}
