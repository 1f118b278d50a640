//! `[names]`: which names are ours alone, and which odd ones are known to be meant.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::table::{Ledger, Table, short};
use crate::model::{PackageName, Span, is_match};

/// How many patterns a list may have: each name of a project is held against all of them.
const PATTERN_LIMIT: usize = 1000;

/// How many characters a pattern may have. The longest name that an index is known to hold has 80.
const LENGTH_LIMIT: usize = 200;

/// What the policy says about names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamesPolicy {
    /// Names that must never come from a public index.
    pub private: Vec<NamePattern>,
    /// Names that look like others and are meant.
    pub trusted: Vec<NamePattern>,
}

impl NamesPolicy {
    /// The first pattern that calls a name private.
    pub fn private(&self, name: &PackageName) -> Option<&NamePattern> {
        self.private.iter().find(|pattern| pattern.matches(name))
    }

    /// The first pattern that calls a name trusted.
    pub fn trusted(&self, name: &PackageName) -> Option<&NamePattern> {
        self.trusted.iter().find(|pattern| pattern.matches(name))
    }

    /// The private names that are written out, without wildcards.
    pub fn private_names(&self) -> impl Iterator<Item = PackageName> {
        let plain = |pattern: &&NamePattern| !pattern.text.contains(['*', '?']);
        self.private.iter().filter(plain).map(|pattern| PackageName::new(&pattern.text))
    }

    /// Reads `[names]`.
    pub(super) fn read(table: &DeTable<'_>, ledger: &mut Ledger) -> Self {
        let mut table = Table::new("names", table);
        let private = patterns(&mut table, "private", ledger);
        let trusted = patterns(&mut table, "trusted", ledger);
        table.finish(ledger);
        for pattern in trusted.iter().filter(|pattern| pattern.is_every_name()) {
            let message = "a pattern without a letter or digit trusts every name";
            let help = Some("list the names that are meant, for example \"acme-*\"".to_owned());
            ledger.complain(pattern.span.range(), message, help);
        }
        Self { private, trusted }
    }
}

/// A pattern of package names: `*` stands for any characters or none, `?` for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern {
    /// The pattern, normalised as names are (PEP 503).
    text: Box<str>,
    /// Where it is written.
    pub span: Span,
}

impl NamePattern {
    /// Reads a pattern; the complaint when it can match no name. Source: PyPA specification "Names and
    /// normalization": ASCII letters and digits, inside also `-`, `_` and `.`.
    fn new(written: &str, span: Span) -> Result<Self, &'static str> {
        if written.is_empty() {
            return Err("is empty and matches no name");
        }
        if written.len() > LENGTH_LIMIT {
            return Err("is longer than any name");
        }
        let known =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'*' | b'?');
        if !written.bytes().all(known) {
            return Err("has a character that no name has");
        }
        let separator = ['-', '_', '.'];
        if written.starts_with(separator) || written.ends_with(separator) {
            return Err("matches no name: names begin and end with a letter or digit");
        }
        Ok(Self { text: PackageName::new(written).as_str().into(), span })
    }

    /// The pattern, normalised.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a name is one of those that the pattern is about.
    pub fn matches(&self, name: &PackageName) -> bool {
        is_match(&self.text, name.as_str())
    }

    /// Whether nothing but wildcards and separators is in it.
    fn is_every_name(&self) -> bool {
        !self.text.bytes().any(|byte| byte.is_ascii_alphanumeric())
    }
}

fn patterns(table: &mut Table<'_, '_>, key: &'static str, ledger: &mut Ledger) -> Vec<NamePattern> {
    let Some(value) = table.take(key) else { return Vec::new() };
    let help = || Some(format!("write for example {key} = [\"acme-*\"]"));
    let message = format!("`names.{key}` must be a list of names or patterns");
    let Some(entries) = value.get_ref().as_array() else {
        ledger.complain(value.span(), message, help());
        return Vec::new();
    };
    if entries.len() > PATTERN_LIMIT {
        let message = format!("`names.{key}` must not have more than {PATTERN_LIMIT} patterns");
        ledger.complain(value.span(), message, None);
        return Vec::new();
    }
    let mut patterns = Vec::with_capacity(entries.len());
    for entry in entries {
        match entry.get_ref().as_str() {
            Some(text) => patterns.extend(pattern(text, entry, ledger)),
            None => ledger.complain(entry.span(), message.clone(), help()),
        }
    }
    patterns
}

fn pattern(text: &str, entry: &Spanned<DeValue<'_>>, ledger: &mut Ledger) -> Option<NamePattern> {
    match NamePattern::new(text, ledger.span(entry.span())) {
        Ok(pattern) => Some(pattern),
        Err(why) => {
            let help = "a name of letters, digits, `-`, `_` and `.`, in which `*` stands for any characters \
                        and `?` for one";
            let pattern = if text.is_empty() {
                "a pattern".to_owned()
            } else {
                format!("the pattern `{}`", short(text))
            };
            ledger.complain(entry.span(), format!("{pattern} {why}"), Some(help.to_owned()));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceFile, Sources};
    use proptest::prelude::*;

    fn span() -> Span {
        Span::start_of(Sources::new(0).add(SourceFile::new("audit.toml", String::new())))
    }

    fn is_meant(pattern: &str, name: &str) -> bool {
        NamePattern::new(pattern, span()).unwrap().matches(&PackageName::new(name))
    }

    #[test]
    fn wildcards_on_normalised_names() {
        for (pattern, name, expected) in [
            ("acme-*", "acme-billing", true),
            ("Acme_*", "ACME.Billing", true),
            ("acme-*", "acme", false),
            ("acme-*", "acmebilling", false),
            ("acme*", "acme", true),
            ("*-internal", "a-b-internal", true),
            ("*-internal", "internal", false),
            ("a*b*c", "axxbyybzc", true),
            ("a*b*c", "axxbyybz", false),
            ("acme-?", "acme-1", true),
            ("acme-?", "acme-12", false),
            ("acme-?*", "acme-12", true),
            ("*", "anything", true),
            ("exact", "Exact", true),
            ("exact", "exactly", false),
            ("exactly", "exact", false),
        ] {
            assert_eq!(is_meant(pattern, name), expected, "{pattern} and {name}");
        }
    }

    #[test]
    fn what_matches_no_name_is_refused() {
        for written in
            ["", "-acme", "acme-", "acme.", "a b", "acme[x]", "acme==1", "ac\u{435}me", "a/*", "\n"]
        {
            assert!(NamePattern::new(written, span()).is_err(), "{written:?}");
        }
        assert!(NamePattern::new(&"a".repeat(201), span()).is_err());
        assert!(NamePattern::new("*", span()).unwrap().is_every_name());
        assert!(NamePattern::new("*-?", span()).unwrap().is_every_name());
        assert!(!NamePattern::new("a*", span()).unwrap().is_every_name());
    }

    proptest! {
        #[test]
        fn a_name_matches_itself_however_it_is_written(name in "[a-z0-9]([a-z0-9._-]{0,8}[a-z0-9])?") {
            prop_assert!(is_meant(&name, &name.to_uppercase().replace('_', "-.")));
        }
    }
}
