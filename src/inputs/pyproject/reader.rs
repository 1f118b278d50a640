//! What all dialects need: values with their types checked, places inside strings, requirements.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::file::{TEMPLATE, is_template};
use crate::inputs::requirement::{read_line, to_package};
use crate::model::{Input, Note, Skipped, SourceId, Span};

/// A value with its place.
pub(super) type Node<'t> = Spanned<DeValue<'t>>;

/// Fills an input from a text.
pub(super) struct Reader<'a> {
    pub(super) input: &'a mut Input,
    pub(super) source: SourceId,
    pub(super) text: &'a str,
    /// How many extras the entries of Poetry's tables carry so far.
    pub(super) carried: usize,
}

/// What the entries of one list have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listing<'g> {
    pub(super) group: &'g str,
    pub(super) optional: Option<bool>,
    pub(super) constraint: bool,
}

impl<'g> Listing<'g> {
    /// A list of what is always installed with its group.
    pub(super) fn new(group: &'g str) -> Self {
        Self { group, optional: None, constraint: false }
    }

    /// A list of what an extra adds.
    pub(super) fn of_extra(group: &'g str) -> Self {
        Self { group, optional: Some(true), constraint: false }
    }
}

impl Reader<'_> {
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    /// Says that something was not read.
    pub(super) fn skip(&mut self, range: Range<usize>, what: &str, why: impl Into<String>) {
        let skipped = Skipped::at(&self.input.path, self.span(range), what, why);
        self.input.skipped.push(skipped);
    }

    pub(super) fn note(&mut self, range: Range<usize>, text: String) {
        let span = Some(self.span(range));
        self.input.notes.push(Note { path: self.input.path.clone(), span, text });
    }

    /// Where the content of a key or string stands, and whether its bytes are those of `decoded` one to one.
    pub(super) fn content(&self, whole: Range<usize>, decoded: &str) -> (Range<usize>, bool) {
        let raw = self.text.get(whole.clone()).unwrap_or("");
        for quotes in ["\"\"\"", "'''", "\"", "'", ""] {
            let inner = raw.strip_prefix(quotes).and_then(|rest| rest.strip_suffix(quotes));
            if inner == Some(decoded) {
                return (whole.start + quotes.len()..whole.end - quotes.len(), true);
            }
        }
        (whole, false)
    }

    /// Where the content of a key or string stands.
    pub(super) fn content_span(&self, whole: Range<usize>, decoded: &str) -> Span {
        self.span(self.content(whole, decoded).0)
    }

    /// The elements of a list; anything else is skipped as `what`.
    pub(super) fn list<'v, 't>(&mut self, value: &'v Node<'t>, what: &str) -> Option<&'v DeArray<'t>> {
        let list = value.get_ref().as_array();
        if list.is_none() {
            let why = format!("expected a list of requirements, found {}", type_of(value));
            self.skip(value.span(), what, why);
        }
        list
    }

    /// Reads a list of requirements under the key `key` of a table, when there is one.
    pub(super) fn requirements(&mut self, table: &DeTable<'_>, key: &str, listing: Listing<'_>) {
        let Some(value) = table.get(key) else { return };
        for item in self.list(value, key).into_iter().flatten() {
            self.requirement(item, listing);
        }
    }

    /// Reads a table of lists, one for each extra.
    pub(super) fn extras(&mut self, table: &DeTable<'_>, key: &str) {
        let Some(extras) = table.get(key).and_then(|value| table_of(self, value, key)) else { return };
        for (name, value) in extras {
            if self.is_named(name) {
                let group = format!("extra:{}", name.get_ref());
                for item in self.list(value, name.get_ref()).into_iter().flatten() {
                    self.requirement(item, Listing::of_extra(&group));
                }
            }
        }
    }

    /// Whether a group or extra has a name; one that has none is skipped.
    pub(super) fn is_named(&mut self, name: &Spanned<std::borrow::Cow<'_, str>>) -> bool {
        let named = !name.get_ref().trim().is_empty();
        if !named {
            self.skip(name.span(), name.get_ref(), "the group has no name: give it one");
        }
        named
    }

    /// Reads one requirement: PEP 508, or what pip takes besides it (`-e` before a path or URL).
    pub(super) fn requirement(&mut self, value: &Node<'_>, listing: Listing<'_>) {
        let Some(text) = value.get_ref().as_str() else {
            let why = format!("expected a requirement as a string, found {}", type_of(value));
            return self.skip(value.span(), listing.group, why);
        };
        let (content, exact) = self.content(value.span(), text);
        let (body, editable) = match text.strip_prefix("-e ") {
            Some(body) => (body, true),
            None => (text, false),
        };
        let lead = content.start + text.len() - body.len();
        let place = |part: Range<usize>| {
            if exact { lead + part.start..lead + part.end } else { content.clone() }
        };
        match read_line(body, editable) {
            Ok(requirement) => {
                let whole = self.span(content.clone());
                let mut package = to_package(&requirement, &|part| self.span(place(part)), whole);
                package.groups = vec![listing.group.to_owned()];
                package.optional = listing.optional;
                package.constraint = listing.constraint;
                package.direct = Some(true);
                self.input.packages.push(package);
            }
            Err(error) => {
                let why = if is_template(text) { TEMPLATE.to_owned() } else { error.message };
                self.skip(place(error.range), text, why);
            }
        }
    }
}

/// The table that a value is; anything else is skipped as `what`.
pub(super) fn table_of<'v, 't>(
    reader: &mut Reader<'_>,
    value: &'v Node<'t>,
    what: &str,
) -> Option<&'v DeTable<'t>> {
    let table = value.get_ref().as_table();
    if table.is_none() {
        reader.skip(value.span(), what, format!("expected a table, found {}", type_of(value)));
    }
    table
}

/// The text under a key, when it is one.
pub(super) fn text_at<'v>(table: &'v DeTable<'_>, key: &str) -> Option<&'v str> {
    table.get(key)?.get_ref().as_str()
}

/// What a value is, in words.
pub(super) fn type_of(value: &Node<'_>) -> &'static str {
    match value.get_ref() {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
