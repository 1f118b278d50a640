//! Reading TOML tables strictly: wrong types and unknown keys become complaints with their place.

use crate::model::Arrange as _;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::config::Complaint;
use crate::model::{SourceId, Span};

/// What all tables of one policy share: where it stands, and the complaints so far.
pub(super) struct Ledger {
    source: SourceId,
    pub(super) complaints: Vec<Complaint>,
}

impl Ledger {
    pub(super) fn new(source: SourceId) -> Self {
        Self { source, complaints: Vec::new() }
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    pub(super) fn complain(&mut self, range: Range<usize>, message: impl Into<String>, help: Option<String>) {
        let span = self.span(range);
        self.complaints.push(Complaint { span, message: message.into(), help });
    }
}

/// A table whose keys are taken one by one; what is left over is unknown.
pub(super) struct Table<'a, 'i> {
    /// The dotted path of the table, for messages; empty at the top.
    name: &'a str,
    entries: Vec<(&'a Spanned<std::borrow::Cow<'i, str>>, &'a Spanned<DeValue<'i>>)>,
    known: Vec<&'static str>,
}

impl<'a, 'i> Table<'a, 'i> {
    pub(super) fn new(name: &'a str, table: &'a DeTable<'i>) -> Self {
        Self { name, entries: table.iter().collect(), known: Vec::new() }
    }

    /// The value of a key, which is known from now on.
    pub(super) fn take(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'i>>> {
        self.known.push(key);
        let at = self.entries.iter().position(|(name, _)| name.get_ref() == key)?;
        Some(self.entries.remove(at).1)
    }

    /// A string, with its place.
    pub(super) fn string(
        &mut self,
        key: &'static str,
        ledger: &mut Ledger,
    ) -> Option<(&'a str, Range<usize>)> {
        let value = self.take(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            ledger.complain(value.span(), self.expected(key, "a string", value.get_ref()), None);
        }
        Some((text?, value.span()))
    }

    /// `true` or `false`, with its place.
    pub(super) fn boolean(&mut self, key: &'static str, ledger: &mut Ledger) -> Option<(bool, Range<usize>)> {
        let value = self.take(key)?;
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            ledger.complain(value.span(), self.expected(key, "true or false", value.get_ref()), None);
        }
        Some((truth?, value.span()))
    }

    /// A table.
    pub(super) fn table(&mut self, key: &'static str, ledger: &mut Ledger) -> Option<&'a DeTable<'i>> {
        let value = self.take(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            ledger.complain(value.span(), self.expected(key, "a table", value.get_ref()), None);
        }
        table
    }

    /// What is left, in the order of the file, for tables whose keys are free.
    pub(super) fn rest(self) -> Vec<(&'a str, Range<usize>, &'a Spanned<DeValue<'i>>)> {
        let mut rest: Vec<_> =
            self.entries.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), *value)).collect();
        rest.arrange_by_key(|(_, place, _)| place.start);
        rest
    }

    /// Complains about every key that nobody took.
    pub(super) fn finish(self, ledger: &mut Ledger) {
        let (name, known) = (self.name, self.known.clone());
        for (key, place, _) in self.rest() {
            let place_name = if name.is_empty() { String::new() } else { format!(" in [{name}]") };
            let message = format!("unknown key `{}`{place_name}", short(key));
            ledger.complain(place, message, Some(nearest_help(key, known.iter().copied())));
        }
    }

    fn expected(&self, key: &str, wanted: &str, found: &DeValue<'_>) -> String {
        let dot = if self.name.is_empty() { "" } else { "." };
        format!("`{}{dot}{key}` must be {wanted}, not {}", self.name, article(found.type_str()))
    }
}

fn article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {kind}")
}

/// "did you mean …", or the list of what there is when nothing is near.
pub(super) fn nearest_help(word: &str, known: impl Iterator<Item = &'static str>) -> String {
    let mut known: Vec<_> = known.collect();
    known.arrange();
    let near = known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(&short(word), candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 3)
        .min();
    match near {
        Some((_, candidate)) => format!("did you mean `{candidate}`?"),
        None => format!("known here: {}", known.join(", ")),
    }
}

/// A key or word short enough to be quoted.
pub(super) fn short(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(60).chain(['…']).collect() }
}
