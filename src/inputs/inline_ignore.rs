//! Ignores in comments: `# audit: ignore[ID, ID] reason until 2026-12-31`, at the end of a line that requires something.
//!
//! ```text
//! ignore  = "#" "audit" ":" "ignore" "[" id *( "," id ) "]" [ ":" ] reason [ "until" day ]
//! ```
//!
//! Letter case and spaces between the words do not matter. The comment may hold others: it ends before the next `#`
//! that stands between spaces. What is nearly such a comment and not one is given with a fault, so that a typing error
//! is neither overlooked nor obeyed. What a comment is, the notation of the file says: [`in_lines`], [`in_toml`], and
//! requirement files through [`in_comment`].

use std::ops::Range;

use memchr::memmem;
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use crate::model::{InlineIgnore, Span};

/// The end of `audit` in any usual letter case: what is looked for before anything else.
const TRACES: [&[u8]; 2] = [b"udit", b"UDIT"];
/// How many characters of a word a message quotes.
const QUOTED: usize = 40;

/// Whether a text may hold such a comment at all: two passes that files without the word pay.
pub(super) fn is_mentioned(text: &str) -> bool {
    TRACES.into_iter().any(|trace| memmem::find(text.as_bytes(), trace).is_some())
}

/// Where a comment begins, with the space before it: `(^|\s+)#.*$`, as pip has it.
pub(super) fn comment_start(line: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = line[from..].find('#').map(|at| from + at) {
        let before = &line[..at];
        let trimmed = before.trim_end();
        if trimmed.len() < before.len() || before.is_empty() {
            return Some(trimmed.len());
        }
        from = at + 1;
    }
    None
}

/// The ignores of a file whose comments end lines and begin behind a space (`setup.cfg`, `environment.yml`).
pub(super) fn in_lines(text: &str, place: &dyn Fn(Range<usize>) -> Span) -> Vec<InlineIgnore> {
    let mut found = Vec::new();
    if !is_mentioned(text) {
        return found;
    }
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        if let Some(at) = comment_start(line) {
            in_comment(text, start..start + at, start + at..start + line.len(), place, &mut found);
        }
        start += line.len();
    }
    found
}

/// The ignores of a TOML document. A text that says the same is no comment: the lexer tells them apart.
pub(super) fn in_toml(text: &str, place: &dyn Fn(Range<usize>) -> Span) -> Vec<InlineIgnore> {
    let mut found = Vec::new();
    if !is_mentioned(text) {
        return found;
    }
    for token in Source::new(text).lex().filter(|token| token.kind() == TokenKind::Comment) {
        let comment = token.span().start()..token.span().end();
        let before = text.get(..comment.start).unwrap_or_default();
        let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        in_comment(text, start..comment.start, comment, place, &mut found);
    }
    found
}

/// The ignores of one comment; `line` is the text that it belongs to, which counts as empty when nothing stands there.
pub(super) fn in_comment(
    text: &str,
    line: Range<usize>,
    comment: Range<usize>,
    place: &dyn Fn(Range<usize>) -> Span,
    found: &mut Vec<InlineIgnore>,
) {
    let written = text.get(comment.clone()).unwrap_or_default();
    let is_blank = text.get(line.clone()).is_none_or(|line| line.trim().is_empty());
    let line = if is_blank { line.start..line.start } else { line };
    let mut parts = parts(written).peekable();
    while let Some(start) = parts.next() {
        let end = parts.peek().map_or(written.len(), |next| next - 1);
        let part = written.get(start..end).unwrap_or_default();
        let lead = part.len() - part.trim_start().len();
        let at = comment.start + start + lead;
        let mut cursor = Cursor { text: part.trim(), at: 0 };
        if let Some(draft) = cursor.ignore() {
            let span = |range: Range<usize>| place(at + range.start..at + range.end);
            found.push(InlineIgnore {
                ids: draft.ids.into_iter().map(|(id, range)| (id, span(range))).collect(),
                reason: draft.reason,
                until: draft.until.map(|(day, range)| (day, span(range))),
                span: span(0..part.trim().len()),
                line: place(line.clone()),
                fault: draft.fault,
            });
        }
    }
}

/// Where the parts of a comment begin, behind their `#`: one at the start of a word that begins a new comment. `#12` does
/// not.
fn parts(comment: &str) -> impl Iterator<Item = usize> + '_ {
    comment.match_indices('#').filter_map(|(at, _)| {
        let before = comment[..at].trim_end_matches('#').chars().next_back();
        let rest = comment[at..].trim_start_matches('#');
        let word = rest.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("audit"));
        let begins = word || rest.chars().next().is_none_or(char::is_whitespace);
        (before.is_none_or(char::is_whitespace) && (begins || before.is_none())).then_some(at + 1)
    })
}

/// What a comment says, with places inside it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Draft {
    ids: Vec<(String, Range<usize>)>,
    reason: Option<String>,
    until: Option<(String, Range<usize>)>,
    fault: Option<String>,
}

impl Draft {
    fn faulty(fault: impl Into<String>) -> Self {
        Self { fault: Some(fault.into()), ..Self::default() }
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, mark: char) -> bool {
        self.skip_spaces();
        let found = self.rest().starts_with(mark);
        self.at += if found { mark.len_utf8() } else { 0 };
        found
    }

    fn word(&mut self) -> &'a str {
        self.skip_spaces();
        let rest = self.rest();
        let end = rest.find(|next: char| !next.is_alphabetic()).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// `None` for a comment that means something else.
    fn ignore(&mut self) -> Option<Draft> {
        if !self.word().eq_ignore_ascii_case("audit") {
            return None;
        }
        let has_colon = self.take(':');
        let word = self.word().to_lowercase();
        let is_open = self.take('[');
        if word != "ignore" {
            let near = word.starts_with("ign")
                || (word.len() < 20 && strsim::damerau_levenshtein(&word, "ignore") <= 2);
            let meant = (near && (has_colon || is_open)) || (has_colon && is_open);
            return meant.then(|| Draft::faulty(format!("`{}` is not `ignore`", quoted(&word))));
        }
        match (has_colon, is_open) {
            (false, false) => return None, // prose: "audit ignore lists"
            (false, true) => return Some(Draft::faulty("a colon is missing behind `audit`")),
            (true, false) => return Some(Draft::faulty("it names no id in brackets")),
            (true, true) => {}
        }
        let Some(end) = self.rest().find(']') else {
            return Some(Draft::faulty("the bracket behind `ignore` is not closed"));
        };
        let mut draft = Draft::default();
        let mut start = self.at;
        for id in self.rest().get(..end).unwrap_or_default().split(',') {
            let trimmed = id.trim();
            let from = start + (id.len() - id.trim_start().len());
            if trimmed.chars().any(|next| next.is_whitespace() || next == '[') {
                draft.fault = Some(format!("`{}` is not one id: commas stand between ids", quoted(trimmed)));
            }
            if !trimmed.is_empty() {
                draft.ids.push((trimmed.to_owned(), from..from + trimmed.len()));
            }
            start += id.len() + 1;
        }
        if draft.ids.is_empty() {
            draft.fault = Some("it names no id in its brackets".to_owned());
        }
        self.at += end + 1;
        self.take(':');
        self.skip_spaces();
        let (reason, until) = self.reason();
        let reason = reason.trim();
        draft.reason = Some(reason.to_owned()).filter(|_| reason.chars().any(char::is_alphanumeric));
        match until {
            Some(Ok(until)) => draft.until = Some(until),
            Some(Err(fault)) => draft.fault = draft.fault.or(Some(fault)),
            None => {}
        }
        Some(draft)
    }

    /// What is left, without the day at its end. A word that starts as `until` does and leads to no day at the end of
    /// the comment is a fault, if what follows starts with a digit or ends the comment: an end must not get lost.
    #[expect(clippy::type_complexity, reason = "read in one place")]
    fn reason(&self) -> (&'a str, Option<Result<(String, Range<usize>), String>>) {
        let rest = self.rest();
        let words: Vec<(usize, &str)> = rest
            .split_whitespace()
            .map(|word| (word.as_ptr() as usize - rest.as_ptr() as usize, word))
            .collect();
        for (index, (at, word)) in words.iter().enumerate() {
            let Some(tail) =
                word.get(..5).filter(|head| head.eq_ignore_ascii_case("until")).and(word.get(5..))
            else {
                continue;
            };
            let next = words.get(index + 1);
            let is_last = index + 2 >= words.len();
            let before = rest.get(..*at).unwrap_or_default();
            match next {
                _ if !tail.is_empty() && !tail.starts_with(char::is_alphabetic) => {
                    return (before, Some(Err(format!("`{}` is not `until` and a day", quoted(word)))));
                }
                _ if !tail.is_empty() => {}
                None => return (before, Some(Err("no day stands behind `until`".to_owned()))),
                Some((from, day)) if is_last => {
                    let range = self.at + from..self.at + from + day.len();
                    return (before, Some(Ok(((*day).to_owned(), range))));
                }
                Some((_, day)) if day.starts_with(|next: char| next.is_ascii_digit()) => {
                    let fault = format!("`until {}` must be the end of the comment", quoted(day));
                    return (before, Some(Err(fault)));
                }
                Some(_) => {}
            }
        }
        (rest, None)
    }
}

fn quoted(text: &str) -> String {
    text.chars().take(QUOTED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceFile, Sources};
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<InlineIgnore> {
        let source = Sources::new(0).add(SourceFile::new("a.txt", text.to_owned()));
        in_lines(text, &|range| Span::new(source, range))
    }

    /// `ids | reason | until`, or the fault.
    fn said(text: &str) -> Vec<String> {
        let words = |ignore: InlineIgnore| {
            let ids: Vec<_> = ignore.ids.into_iter().map(|(id, _)| id).collect();
            let until = ignore.until.map(|(day, _)| day).unwrap_or_default();
            let plain = format!("{} | {} | {until}", ids.join(" "), ignore.reason.unwrap_or_default());
            ignore.fault.unwrap_or(plain)
        };
        read(text).into_iter().map(words).collect()
    }

    #[test]
    fn what_a_comment_says() {
        for (text, wanted) in [
            ("flask==1 # audit: ignore[CVE-1] ours until 2026-12-31", "CVE-1 | ours | 2026-12-31"),
            ("flask==1 # Audit : Ignore [ CVE-1 , GHSA-x ] : not used", "CVE-1 GHSA-x | not used | "),
            ("#audit:ignore[typosquat,]meant # via flask", "typosquat | meant | "),
            (
                "a # see #12 # audit: ignore[A] fixed in #13, until we\tmove",
                "A | fixed in #13, until we\tmove | ",
            ),
            ("a # audit: ignore[A]", "A |  | "),
            ("a # audit: ignore[A] -- ", "A |  | "),
            ("a # audit: ignore[A] until 2026-13-01", "A |  | 2026-13-01"),
            ("a # audit: ignore[A] x until Friday", "A | x | Friday"),
            ("a # audit: ignore[A] x UNTIL", "no day stands behind `until`"),
            ("a # audit: ignore[A] x until: 2026-12-31", "`until:` is not `until` and a day"),
            (
                "a # audit: ignore[A] until 2026-12-31 then",
                "`until 2026-12-31` must be the end of the comment",
            ),
            ("a # audit: ignore", "it names no id in brackets"),
            ("a # audit: ignore CVE-1 ours", "it names no id in brackets"),
            ("a # audit: ignore[] ours", "it names no id in its brackets"),
            ("a # audit: ignore[CVE-1 CVE-2] x", "`CVE-1 CVE-2` is not one id: commas stand between ids"),
            ("a # audit: ignore[CVE-1", "the bracket behind `ignore` is not closed"),
            ("a # audit: ingore[CVE-1] x", "`ingore` is not `ignore`"),
            ("a # audit: ignored[CVE-1] x", "`ignored` is not `ignore`"),
            ("a # audit: skip[CVE-1] x", "`skip` is not `ignore`"),
            ("a # audit ignore[CVE-1] x", "a colon is missing behind `audit`"),
        ] {
            assert_eq!(said(text), [wanted], "{text}");
        }
        for text in [
            "a # audited by us",
            "a # audit: looked at by the team",
            "a # audit ignore lists are in the wiki",
            "a @ https://example.com/a.zip#audit:ignore[A]",
            "a # see https://example.com/#audit:ignore[A]",
            "",
        ] {
            assert!(said(text).is_empty(), "{text}");
        }
        assert_eq!(said("a # audit: ignore[A] x # audit: ignore[B] y").len(), 2);
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "x\nflask==1  # audit: ignore[A, B] ours until 2026-12-31 # via x\n";
        let ignore = read(text).remove(0);
        let slice = |span: Span| &text[span.range()];
        assert_eq!(slice(ignore.span), "audit: ignore[A, B] ours until 2026-12-31");
        assert_eq!((slice(ignore.ids[1].1), slice(ignore.until.unwrap().1)), ("B", "2026-12-31"));
        assert_eq!(slice(ignore.line), "flask==1");
    }

    #[test]
    fn a_text_of_toml_is_no_comment() {
        let text =
            "a = '# audit: ignore[A] x'\nb = \"\"\"\n# audit: ignore[B] x\n\"\"\" # audit: ignore[C] x\n";
        let source = Sources::new(0).add(SourceFile::new("a.toml", text.to_owned()));
        let found = in_toml(text, &|range| Span::new(source, range));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].ids[0].0.as_str(), &text[found[0].line.range()]), ("C", "\"\"\" "));
    }

    proptest! {
        #[test]
        fn whatever_the_text_places_lie_in_it(text in "([ #\\[\\],:é\n\ra]|audit|ignore|until|2026-1|CVE-1){0,40}") {
            let source = Sources::new(0).add(SourceFile::new("a.toml", text.clone()));
            let place = |range: Range<usize>| Span::new(source, range);
            for ignore in in_lines(&text, &place).into_iter().chain(in_toml(&text, &place)) {
                let spans = ignore.ids.iter().map(|(_, span)| *span).chain(ignore.until.iter().map(|(_, span)| *span));
                for span in spans.chain([ignore.span, ignore.line]) {
                    prop_assert!(text.get(span.range()).is_some());
                }
                for (id, span) in &ignore.ids {
                    prop_assert_eq!(&text[span.range()], id);
                }
                prop_assert!(ignore.fault.is_some() || !ignore.ids.is_empty());
            }
        }

        #[test]
        fn what_is_written_is_read_back(
            ids in proptest::collection::vec("[A-Za-z][A-Za-z0-9-]{0,12}", 1..4),
            reason in "[a-tv-z][a-tv-zé.,;()]{0,8}( [a-tv-z][a-tv-z0-9é.,;()#]{0,8}){0,4}",
            until in proptest::option::of("20[0-9][0-9]-[01][0-9]-[0-3][0-9]"),
        ) {
            let day = until.as_ref().map(|day| format!(" until {day}")).unwrap_or_default();
            let found = read(&format!("flask==1  # audit: ignore[{}] {reason}{day}\n", ids.join(", ")));
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(&found[0].fault, &None);
            prop_assert_eq!(found[0].ids.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), ids);
            prop_assert_eq!(found[0].reason.as_deref(), Some(reason.as_str()));
            prop_assert_eq!(found[0].until.as_ref().map(|(day, _)| day.clone()), until);
        }
    }
}
