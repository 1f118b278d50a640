//! License texts without what does not matter: case, punctuation, white space, bullets, spelling, and the names of those
//! whom a license is about.
//!
//! Source: SPDX specification 2.3, Annex B "License matching guidelines". Uses the standard library alone: `build.rs`
//! includes this file and brings the texts that are built in into the same form.

/// Spellings that are the same word. Source: the guidelines' "varietal word spelling", and what is seen in files.
const SPELLINGS: [(&str, &str); 20] = [
    ("acknowledgement", "acknowledgment"),
    ("acknowledgements", "acknowledgments"),
    ("authorisation", "authorization"),
    ("authorised", "authorized"),
    ("favour", "favor"),
    ("fulfil", "fulfill"),
    ("https", "http"),
    ("licence", "license"),
    ("licenced", "licensed"),
    ("licencee", "licensee"),
    ("licences", "licenses"),
    ("merchantibility", "merchantability"),
    ("noninfringement", "non infringement"),
    ("organisation", "organization"),
    ("organisations", "organizations"),
    ("owner", "holder"),
    ("owners", "holders"),
    ("sublicence", "sub license"),
    ("sublicense", "sub license"),
    ("sublicenses", "sub licenses"),
];

/// Places where a name stands: the words before it, the words after it, and how many words it may have.
const NAMES: [(&[&str], &[&str], usize); 7] = [
    (&["neither", "the", "names", "of"], &["nor"], 24),
    (&["neither", "the", "name", "of"], &["nor"], 24),
    (&["nor", "the", "names", "of"], &["may"], 12),
    (&["is", "provided", "by"], &["as", "is"], 16),
    (&["in", "no", "event", "shall"], &["be", "liable"], 20),
    (&["as", "is", "and"], &["disclaims"], 10),
    (&["the", "name", "of"], &["not", "be", "used"], 16),
];

/// The words of a text that matter, with the byte of the text at which each begins.
pub(crate) fn words(text: &str) -> Vec<(String, usize)> {
    let mut words: Vec<(String, usize)> = Vec::new();
    let mut word = String::new();
    let mut start = 0;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        if character.is_alphanumeric() {
            if word.is_empty() {
                start = at;
            }
            if character.is_ascii() {
                word.push(character.to_ascii_lowercase());
            } else {
                word.extend(character.to_lowercase());
            }
            continue;
        }
        if word.is_empty() || is_possessive(character, text.get(at + character.len_utf8()..)) {
            continue;
        }
        let ends_bullet = matches!(character, '.' | ')')
            && text.get(at + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        if !(ends_bullet && is_bullet(&word)) {
            let spelled = SPELLINGS.binary_search_by(|(other, _)| (*other).cmp(word.as_str()));
            match spelled.ok().and_then(|found| SPELLINGS.get(found)) {
                Some((_, same)) => words.extend(same.split(' ').map(|part| (part.to_owned(), start))),
                None => words.push((std::mem::take(&mut word), start)),
            }
        }
        word.clear();
    }
    without_names(words)
}

/// The apostrophe of "licensor's": the word goes on.
fn is_possessive(character: char, rest: Option<&str>) -> bool {
    let mut rest = rest.unwrap_or_default().chars();
    matches!(character, '\'' | '\u{2019}' | '`')
        && matches!(rest.next(), Some('s' | 'S'))
        && rest.next().is_none_or(|next| !next.is_alphanumeric())
}

/// `1`, `12`, `a`, `iv`: what numbers a list when `.` or `)` follows.
fn is_bullet(word: &str) -> bool {
    let digits = word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    let letter = word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let roman = word.len() <= 4 && word.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'));
    digits || letter || roman
}

fn without_names(words: Vec<(String, usize)>) -> Vec<(String, usize)> {
    let is_at = |at: usize, wanted: &[&str]| {
        words
            .get(at..at + wanted.len())
            .is_some_and(|here| here.iter().zip(wanted).all(|((word, _), other)| word == other))
    };
    let mut skip = vec![false; words.len()];
    for at in 0..words.len() {
        for (before, after, most) in NAMES {
            if !is_at(at, before) {
                continue;
            }
            let start = at + before.len();
            if let Some(end) = (start..=start + most).find(|end| is_at(*end, after)) {
                skip.iter_mut().take(end).skip(start).for_each(|skip| *skip = true);
            }
        }
    }
    words.into_iter().zip(skip).filter(|(_, skip)| !skip).map(|(word, _)| word).collect()
}
