//! Reads SPDX license expressions.
//!
//! ```text
//! expression = all *( "OR" all )              all = simple *( "AND" simple )
//! simple     = license [ "+" ] [ "WITH" exception ] | reference [ "WITH" exception ] | "(" expression ")"
//! reference  = [ "DocumentRef-" word ":" ] "LicenseRef-" word
//! exception  = an exception of the list | [ "DocumentRef-" word ":" ] "AdditionRef-" word
//! ```
//!
//! Source: SPDX specification 2.3, Annex D "SPDX license expressions"; operators in any case, as PEP 639 has them.
//! Nothing is guessed: text that only looks like a license is an error with a proposal. A deprecated id is read as what
//! the list puts in its place.

use std::ops::Range;

use super::list::{self, Listed};
use super::suggestion;
use crate::model::{
    ExpressionError, LicenseExpression, LicenseProperties, LicenseTerm, LicenseWording, SimpleLicense,
};

/// The longest text that is read, in bytes.
pub const LONGEST: usize = 8 * 1024;

/// How many parentheses may be open.
pub const DEEPEST: usize = 32;

/// How a policy reads licenses.
pub fn wording() -> LicenseWording {
    LicenseWording { expression: parse, term }
}

/// Reads an expression. Ids and operators may be written in any case. Takes linear time in the length of the text and
/// bounded stack: at most [`LONGEST`] bytes and [`DEEPEST`] open parentheses.
pub fn parse(text: &str) -> Result<LicenseExpression, ExpressionError> {
    read(text, true)
}

/// Reads an expression, without an error that would help somebody: what stands in free text is mostly none.
pub(super) fn parse_quietly(text: &str) -> Option<LicenseExpression> {
    read(text, false).ok()
}

fn read(text: &str, helpful: bool) -> Result<LicenseExpression, ExpressionError> {
    if text.len() > LONGEST {
        return Err(error(0..text.len(), "the license expression is longer than 8 kB", None));
    }
    let mut reader = Reader { text, tokens: tokens(text), at: 0, depth: 0, helpful };
    if reader.tokens.is_empty() {
        return Err(error(0..text.len(), "the license expression is empty", None));
    }
    let expression = reader.expression()?;
    match reader.peek() {
        None => Ok(expression),
        Some(token) => Err(out_of_place(&token)),
    }
}

/// Reads an entry of a list of licenses in a policy: one license, with an exception or without, or `osi-approved`,
/// `fsf-libre`, `copyleft`.
pub fn term(text: &str) -> Result<LicenseTerm, ExpressionError> {
    let words = [
        ("osi-approved", LicenseTerm::OsiApproved),
        ("fsf-libre", LicenseTerm::FsfLibre),
        ("copyleft", LicenseTerm::Copyleft),
    ];
    let trimmed = text.trim();
    if let Some((_, term)) = words.into_iter().find(|(word, _)| trimmed.eq_ignore_ascii_case(word)) {
        return Ok(term);
    }
    match parse(text)? {
        LicenseExpression::License(license) => Ok(LicenseTerm::License(license)),
        LicenseExpression::And(_) | LicenseExpression::Or(_) => {
            let start = text.len() - text.trim_start().len();
            let help = "write each license as an entry of its own".to_owned();
            let message = "an entry is one license, not an expression with AND or OR";
            Err(error(start..start + trimmed.len(), message, Some(help)))
        }
    }
}

/// A license of the list as a leaf, as it is written today. `None` when the list has no such id, or when it says `-only`
/// or `-or-later` and `+` besides.
pub(super) fn simple(listed: Listed, plus: bool) -> Option<SimpleLicense> {
    let present = list::present(listed, plus)?;
    Some(SimpleLicense {
        id: present.license.id.into(),
        or_later: present.or_later,
        exception: present.exception.map(Into::into),
        properties: present.license.properties(),
        family: list::family(present.license.id, present.or_later),
    })
}

fn error(range: Range<usize>, message: impl Into<String>, help: Option<String>) -> ExpressionError {
    ExpressionError { range, message: message.into(), help }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    And,
    Or,
    With,
    Word,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    kind: Kind,
    range: Range<usize>,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut word: Option<usize> = None;
    let close_word = |word: &mut Option<usize>, end: usize, tokens: &mut Vec<Token>| {
        if let Some(start) = word.take() {
            let range = start..end;
            let written = text.get(range.clone()).unwrap_or_default();
            let operators = [("AND", Kind::And), ("OR", Kind::Or), ("WITH", Kind::With)];
            let kind = operators.iter().find(|(operator, _)| written.eq_ignore_ascii_case(operator));
            tokens.push(Token { kind: kind.map_or(Kind::Word, |(_, kind)| *kind), range });
        }
    };
    for (at, character) in text.char_indices() {
        let kind = match character {
            '(' => Kind::Open,
            ')' => Kind::Close,
            _ if character.is_whitespace() => {
                close_word(&mut word, at, &mut tokens);
                continue;
            }
            _ => {
                word.get_or_insert(at);
                continue;
            }
        };
        close_word(&mut word, at, &mut tokens);
        tokens.push(Token { kind, range: at..at + 1 });
    }
    close_word(&mut word, text.len(), &mut tokens);
    tokens
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Look for what may have been meant.
    helpful: bool,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).cloned()
    }

    fn take(&mut self, kind: Kind) -> Option<Token> {
        let token = self.peek().filter(|token| token.kind == kind)?;
        self.at += 1;
        Some(token)
    }

    fn written(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn expression(&mut self) -> Result<LicenseExpression, ExpressionError> {
        let first = self.all()?;
        let mut parts = Vec::new();
        while self.take(Kind::Or).is_some() {
            parts.push(self.all()?);
        }
        if parts.is_empty() {
            return Ok(first);
        }
        let mut flat = Vec::with_capacity(parts.len() + 1);
        for part in std::iter::once(first).chain(parts) {
            match part {
                LicenseExpression::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        Ok(LicenseExpression::Or(flat))
    }

    fn all(&mut self) -> Result<LicenseExpression, ExpressionError> {
        let first = self.simple()?;
        let mut parts = Vec::new();
        while self.take(Kind::And).is_some() {
            parts.push(self.simple()?);
        }
        if parts.is_empty() {
            return Ok(first);
        }
        let mut flat = Vec::with_capacity(parts.len() + 1);
        for part in std::iter::once(first).chain(parts) {
            match part {
                LicenseExpression::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        Ok(LicenseExpression::And(flat))
    }

    fn simple(&mut self) -> Result<LicenseExpression, ExpressionError> {
        if let Some(open) = self.take(Kind::Open) {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(error(open.range, "the parentheses are nested too deeply", None));
            }
            let inner = self.expression()?;
            if self.take(Kind::Close).is_none() {
                return Err(match self.peek() {
                    Some(token) => out_of_place(&token),
                    None => {
                        error(open.range, "this parenthesis is never closed", Some("write `)`".to_owned()))
                    }
                });
            }
            self.depth -= 1;
            return Ok(inner);
        }
        let Some(token) = self.take(Kind::Word) else {
            return Err(self.missing("a license"));
        };
        // Words in a row are one name of a license, written as people write it ("Apache 2.0").
        if self.peek().is_some_and(|next| next.kind == Kind::Word) {
            return Err(self.unknown(&token.range));
        }
        let written = self.written(&token.range);
        let mut license = self.leaf(written, &token.range)?;
        if self.take(Kind::With).is_some() {
            let Some(word) = self.take(Kind::Word) else {
                return Err(self.missing("an exception"));
            };
            let exception = self.exception(&word.range)?;
            if let Some(own) = &license.exception {
                let message = format!("`{}` contains the exception {own} already", cut(written));
                return Err(error(word.range, message, Some(format!("write `{license}`"))));
            }
            license.exception = Some(exception);
        }
        Ok(LicenseExpression::License(license))
    }

    fn leaf(&self, written: &str, range: &Range<usize>) -> Result<SimpleLicense, ExpressionError> {
        let (word, plus) = match written.strip_suffix('+') {
            Some(word) => (word, true),
            None => (written, false),
        };
        if let Some(id) = reference(word, "LicenseRef-") {
            if plus {
                let message = "a `LicenseRef-` has no later versions: `+` is only for licenses of the list";
                return Err(error(range.clone(), message, Some(format!("write `{id}`"))));
            }
            let properties = LicenseProperties::default();
            return Ok(SimpleLicense { id, or_later: false, exception: None, properties, family: None });
        }
        let Some(listed) = list::license(word) else {
            return Err(self.unknown(range));
        };
        simple(listed, plus).ok_or_else(|| {
            let message = format!("`{}` says twice which versions are meant", cut(written));
            error(range.clone(), message, Some(format!("write `{}`", listed.id)))
        })
    }

    fn exception(&self, range: &Range<usize>) -> Result<Box<str>, ExpressionError> {
        let range = &self.words(range);
        let written = self.written(range);
        if let Some(id) = list::exception(written) {
            return Ok(list::present_exception(id).into());
        }
        if let Some(reference) = reference(written, "AdditionRef-") {
            return Ok(reference);
        }
        let message = match list::license(written) {
            Some(listed) => {
                format!("`{}` is a license, not an exception: only exceptions follow WITH", listed.id)
            }
            None => format!("`{}` is no exception of the SPDX list", cut(written)),
        };
        let meant = if self.helpful { suggestion::exception(written) } else { None };
        let help = meant.map(|id| format!("write `{id}`"));
        Err(error(range.clone(), message, help))
    }

    /// The word that was taken last, with those that follow it without an operator.
    fn words(&self, range: &Range<usize>) -> Range<usize> {
        let following = self.tokens.get(self.at..).unwrap_or_default();
        let end = following.iter().take_while(|token| token.kind == Kind::Word).last();
        range.start..end.map_or(range.end, |token| token.range.end)
    }

    /// The error for a word that is no license, and for words in a row; `range` is the first of them.
    fn unknown(&self, range: &Range<usize>) -> ExpressionError {
        let range = self.words(range);
        let written = self.written(&range);
        if let Some(id) = list::exception(written) {
            let message = format!("`{id}` is an exception: it follows a license and WITH");
            return error(range, message, None);
        }
        let prefix = written.get(.."LicenseRef-".len()).unwrap_or_default();
        if prefix.eq_ignore_ascii_case("LicenseRef-") {
            let message = "a `LicenseRef-` goes on with letters, digits, `.` and `-`, and nothing else";
            return error(range, message, None);
        }
        let help = if self.helpful { suggestion::license(written) } else { None };
        error(range, format!("`{}` is no license of the SPDX list", cut(written)), help)
    }

    /// The error for a place where something is missing: before the next token, or at the end.
    fn missing(&self, what: &str) -> ExpressionError {
        let Some(token) = self.peek() else {
            let end = self.text.trim_end().len();
            return error(end..end, format!("{what} is missing at the end"), None);
        };
        let written = self.written(&token.range);
        error(token.range.clone(), format!("{what} is missing before `{}`", cut(written)), None)
    }
}

/// The error for a token that cannot follow what stands before it.
fn out_of_place(token: &Token) -> ExpressionError {
    let range = token.range.clone();
    match token.kind {
        Kind::Close => error(range, "this parenthesis was never opened", None),
        Kind::With => error(range, "an exception belongs to one license: WITH cannot stand here", None),
        _ => {
            let help = "write AND when both apply, OR when one may be chosen".to_owned();
            error(range, "an operator is missing before this", Some(help))
        }
    }
}

/// `LicenseRef-word` or `DocumentRef-word:LicenseRef-word`, the prefixes in their usual case.
fn reference(word: &str, prefix: &str) -> Option<Box<str>> {
    let after = |word: &str, prefix: &str| -> Option<String> {
        let (start, rest) = word.split_at_checked(prefix.len())?;
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        let good = start.eq_ignore_ascii_case(prefix) && !rest.is_empty() && rest.bytes().all(valid);
        good.then(|| format!("{prefix}{rest}"))
    };
    match word.split_once(':') {
        None => after(word, prefix).map(Into::into),
        Some((document, name)) => {
            Some(format!("{}:{}", after(document, "DocumentRef-")?, after(name, prefix)?).into())
        }
    }
}

/// Text from outside for a message, not longer than a line.
fn cut(written: &str) -> String {
    const MOST: usize = 60;
    match written.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", written.get(..end).unwrap_or_default()),
        None => written.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn printed(text: &str) -> String {
        parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}")).to_string()
    }

    /// What is wrong, where, and what to write.
    fn wrong(text: &str) -> String {
        let error = parse(text).unwrap_err();
        let place = text.get(error.range.clone()).unwrap();
        format!("{:?} `{place}`: {}; {}", error.range, error.message, error.help.unwrap_or_default())
    }

    #[test]
    fn ids_and_operators_have_no_case() {
        assert_eq!(printed("mit"), "MIT");
        assert_eq!(printed("Mit or apache-2.0"), "MIT OR Apache-2.0");
        assert_eq!(printed("apache-2.0 with llvm-EXCEPTION"), "Apache-2.0 WITH LLVM-exception");
        assert_eq!(printed(" ( MIT AnD ((isc)) ) "), "MIT AND ISC");
        assert_eq!(printed("MIT AND (ISC OR Zlib) OR 0bsd"), "(MIT AND (ISC OR Zlib)) OR 0BSD");
        assert_eq!(printed("MIT OR ISC AND Zlib OR 0BSD"), "MIT OR (ISC AND Zlib) OR 0BSD");
        assert_eq!(printed("licenseref-Acme.1"), "LicenseRef-Acme.1");
        assert_eq!(printed("documentref-x:LICENSEREF-y"), "DocumentRef-x:LicenseRef-y");
        assert_eq!(printed("MIT WITH additionref-z"), "MIT WITH AdditionRef-z");
    }

    #[test]
    fn deprecated_ids_get_their_present_name() {
        for (old, new) in [
            ("GPL-3.0", "GPL-3.0-only"),
            ("gpl-3.0+", "GPL-3.0-or-later"),
            ("LGPL-2.1+", "LGPL-2.1-or-later"),
            ("AGPL-3.0", "AGPL-3.0-only"),
            ("GFDL-1.3+", "GFDL-1.3-or-later"),
            ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
            ("GPL-2.0-with-classpath-exception+", "GPL-2.0-or-later WITH Classpath-exception-2.0"),
            ("BSD-2-Clause-FreeBSD", "BSD-2-Clause-Views"),
            ("Net-SNMP", "Net-SNMP"),
            ("wxwindows", "GPL-2.0-or-later WITH WxWindows-exception-3.1"),
            ("Apache-2.0+", "Apache-2.0+"),
        ] {
            assert_eq!(printed(old), new, "{old}");
        }
    }

    #[test]
    fn errors_say_where_and_what_to_write() {
        let all = [
            "Apache 2.0",
            "MIT OR Apache 2.0 OR ISC",
            "Apache2.0",
            "BSD",
            "MIT/Apache-2.0",
            "MIT License",
            "MTI OR ISC",
            "",
            "  ",
            "MIT OR",
            "MIT OR ",
            "AND MIT",
            "MIT AND OR ISC",
            "MIT ISC",
            "(MIT",
            "(MIT OR ISC",
            "MIT)",
            "MIT (ISC)",
            "(MIT OR ISC) WITH LLVM-exception",
            "MIT WITH",
            "MIT WITH ISC",
            "MIT WITH LLVM exception",
            "LLVM-exception",
            "GPL-3.0-only+",
            "GPL-3.0-or-later+",
            "LicenseRef-x+",
            "LicenseRef-",
            "LicenseRef-a_b",
            "MIT +",
            "GPL-2.0-with-font-exception WITH LLVM-exception",
            "ISC OR §\u{202e}",
        ];
        let shown: Vec<String> = all.iter().map(|text| wrong(text)).collect();
        insta::assert_snapshot!(shown.join("\n"));
    }

    #[test]
    fn hostile_texts_are_refused_at_once() {
        let long = "MIT OR ".repeat(2000);
        assert_eq!(parse(&long).unwrap_err().message, "the license expression is longer than 8 kB");
        let deep = format!("{}MIT{}", "(".repeat(DEEPEST), ")".repeat(DEEPEST));
        assert_eq!(printed(&deep), "MIT");
        let deeper = "(".repeat(4000);
        assert_eq!(parse(&deeper).unwrap_err().range, DEEPEST..DEEPEST + 1);
        let wide = vec!["GPL-2.0+"; LONGEST / 13].join(" AND ");
        assert_eq!(parse(&wide).unwrap().licenses().len(), LONGEST / 13);
        let word = "x".repeat(LONGEST);
        assert!(parse(&word).unwrap_err().message.chars().count() < 120);
    }

    #[test]
    fn leaves_know_what_the_list_says() {
        let LicenseExpression::License(gpl) = parse("GPL-2.0+").unwrap() else { panic!("one license") };
        assert!(gpl.properties.copyleft && gpl.properties.osi_approved && gpl.properties.fsf_libre);
        let family = gpl.family.unwrap();
        assert_eq!((&*family.name, family.versions.join(" ")), ("GPL", "2.0 3.0".to_owned()));
        let LicenseExpression::License(own) = parse("LicenseRef-own").unwrap() else { panic!("one license") };
        assert_eq!((own.properties, own.family), (LicenseProperties::default(), None));
    }

    #[test]
    fn an_entry_of_a_list_is_one_license_or_a_class() {
        assert_eq!(term("OSI-approved"), Ok(LicenseTerm::OsiApproved));
        assert_eq!(term("fsf-libre"), Ok(LicenseTerm::FsfLibre));
        assert_eq!(term("copyleft"), Ok(LicenseTerm::Copyleft));
        let Ok(LicenseTerm::License(license)) = term("gpl-2.0+ with classpath-exception-2.0") else {
            panic!("one license")
        };
        assert_eq!(license.to_string(), "GPL-2.0-or-later WITH Classpath-exception-2.0");
        let error = term(" MIT OR ISC").unwrap_err();
        assert_eq!(error.range, 1..11);
        assert_eq!(error.message, "an entry is one license, not an expression with AND or OR");
        assert!(term("permissive").is_err());
    }

    #[test]
    fn every_id_of_the_list_is_read_in_lower_case() {
        for listed in list::licenses() {
            let LicenseExpression::License(read) = parse(&listed.id.to_lowercase()).unwrap() else {
                panic!("{} is one license", listed.id)
            };
            if !listed.is_deprecated() {
                assert_eq!(&*read.id, listed.id);
            }
        }
        for exception in list::exceptions() {
            assert!(parse(&format!("mit with {}", exception.to_lowercase())).is_ok(), "{exception}");
        }
    }

    fn word() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "MIT",
            "ISC",
            "Apache-2.0",
            "Apache-2.0+",
            "GPL-2.0-only",
            "GPL-3.0-or-later",
            "MPL-2.0",
            "LicenseRef-a",
            "LLVM-exception",
            "Classpath-exception-2.0",
            "AND",
            "AND",
            "OR",
            "OR",
            "WITH",
            "(",
            ")",
        ])
    }

    /// Whether somebody who may use only the licenses of `allowed` can use an expression.
    fn satisfied(expression: &LicenseExpression, allowed: &[String]) -> bool {
        match expression {
            LicenseExpression::License(license) => allowed.contains(&license.to_string()),
            LicenseExpression::And(parts) => parts.iter().all(|part| satisfied(part, allowed)),
            LicenseExpression::Or(parts) => parts.iter().any(|part| satisfied(part, allowed)),
        }
    }

    proptest! {
        #[test]
        fn the_spdx_crate_reads_the_same(words in prop::collection::vec(word(), 1..12), mask in any::<u16>()) {
            let text = words.join(" ");
            let mode = spdx::ParseMode { allow_deprecated: true, ..spdx::ParseMode::STRICT };
            let theirs = spdx::Expression::parse_mode(&text, mode);
            let ours = parse(&text);
            prop_assert_eq!(theirs.is_ok(), ours.is_ok(), "{}", text);
            if let (Ok(theirs), Ok(ours)) = (theirs, ours) {
                let leaves: Vec<String> = theirs.requirements().map(|leaf| leaf.req.to_string()).collect();
                let own: Vec<String> = ours.licenses().iter().map(ToString::to_string).collect();
                prop_assert_eq!(&leaves, &own);
                let chosen = own.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1);
                let allowed: Vec<String> = chosen.map(|(_, leaf)| leaf.clone()).collect();
                let expected = theirs.evaluate(|leaf| allowed.contains(&leaf.to_string()));
                prop_assert_eq!(satisfied(&ours, &allowed), expected, "{}", text);
                let printed = ours.to_string();
                let again = parse(&printed).unwrap();
                prop_assert_eq!(&again, &ours, "{}", printed);
                prop_assert_eq!(again.to_string(), printed);
            }
        }

        #[test]
        fn any_text_is_read_or_refused_within_itself(text in "[ -~\\n§é()+:]{0,60}") {
            if let Err(error) = parse(&text) {
                prop_assert!(text.get(error.range).is_some());
                prop_assert!(!error.message.contains('\n') || text.contains('\n'));
            }
        }
    }
}
