//! Tables that map a package to a version or a table of conditions: Poetry's, and PDM's of the time before 1.0.

use crate::model::Arrange as _;
use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::{TEMPLATE, is_template};
use super::reader::{Node, Reader, text_at, type_of};
use crate::inputs::index_tables::{InText, Setting as _, pin};
use crate::inputs::poetry_marker;
use crate::model::{Constraint, Package, PackageName, PackageSource, SourceKind, Version};

/// How many extras the entries of a file may carry, all in all.
const MOST_CARRIED: usize = 200_000;

/// A key with its place.
pub(super) type Key<'t> = Spanned<std::borrow::Cow<'t, str>>;

/// What the entries of one table have in common.
pub(super) struct Context<'c> {
    /// The group.
    pub(super) group: &'c str,
    /// Whether the group is optional.
    pub(super) optional: Option<bool>,
    /// Further groups by package: the extras that bring it in.
    pub(super) extras: &'c BTreeMap<PackageName, Vec<String>>,
    /// The URLs of indexes by name.
    pub(super) indexes: &'c BTreeMap<String, String>,
}

impl Context<'_> {
    /// Reads all packages of a table. `python` is no package.
    pub(super) fn read_table(&self, reader: &mut Reader<'_>, table: &DeTable<'_>) {
        for (key, value) in table {
            self.read(reader, key, value);
        }
    }

    /// Reads one package: a version, a table, or a list of them.
    pub(super) fn read(&self, reader: &mut Reader<'_>, key: &Key<'_>, value: &Node<'_>) {
        if key.get_ref().eq_ignore_ascii_case("python") {
            return;
        }
        if key.get_ref().is_empty() {
            return reader.skip(key.span(), "", "the dependency has no name");
        }
        match value.get_ref() {
            DeValue::Array(list) => {
                for item in list {
                    self.read_one(reader, key, item, item.span());
                }
            }
            _ => self.read_one(reader, key, value, entry_range(key, value)),
        }
    }

    fn read_one(&self, reader: &mut Reader<'_>, key: &Key<'_>, value: &Node<'_>, whole: Range<usize>) {
        let name: &str = key.get_ref();
        let mut package = Package::new(name, reader.span(whole));
        package.name_span = reader.content_span(key.span(), name);
        package.groups = vec![self.group.to_owned()];
        if let Some(extras) = package.name.as_ref().and_then(|name| self.extras.get(name)) {
            // Names that differ in spelling only, and alternatives, carry the same extras again.
            reader.carried = reader.carried.saturating_add(extras.len());
            if reader.carried > MOST_CARRIED {
                return reader.skip(key.span(), name, "is in too many extras, too many times, to be read");
            }
            package.groups.extend(extras.iter().cloned());
            package.groups.arrange();
            package.groups.dedup();
        }
        package.optional = self.optional;
        package.direct = Some(true);
        let version = match value.get_ref() {
            DeValue::String(_) => Some(value),
            DeValue::Table(table) => {
                self.read_conditions(reader, &mut package, table);
                table.get("version")
            }
            _ => {
                let why = format!("expected a version or a table, found {}", type_of(value));
                return reader.skip(value.span(), name, why);
            }
        };
        if let Some(version) = version {
            let Some(text) = version.get_ref().as_str() else {
                let why = format!("expected a version as a string, found {}", type_of(version));
                return reader.skip(version.span(), name, why);
            };
            let span = reader.content(version.span(), text).0;
            if Constraint::parse(text).is_none() {
                let why = if is_template(text) {
                    TEMPLATE.to_owned()
                } else {
                    format!("expected a version constraint such as \"^1.2\" or \">=1.2,<2\" for {name}")
                };
                return reader.skip(span, text, why);
            }
            package.version_span = Some(reader.span(span));
            package.version = pinned(text).map(Version::new);
            package.specifier = Some(text.to_owned());
        }
        reader.input.packages.push(package);
    }

    fn read_conditions(&self, reader: &Reader<'_>, package: &mut Package, table: &DeTable<'_>) {
        let flag = |key: &str| table.get(key).and_then(|value| value.get_ref().as_bool());
        let extras = table.get("extras").and_then(|extras| extras.get_ref().as_array());
        let extras = extras.into_iter().flatten().filter_map(|extra| extra.get_ref().as_str());
        package.extras = extras.map(PackageName::new).collect();
        package.extras.arrange();
        package.extras.dedup();
        package.optional = flag("optional").or(self.optional);
        package.editable = flag("develop").or(flag("editable")).unwrap_or(false);
        package.marker = poetry_marker::marker(
            text_at(table, "markers").or(text_at(table, "marker")),
            text_at(table, "python"),
            text_at(table, "platform"),
        );
        let named = table.get("source");
        let place = |range| reader.span(range);
        package.index = named
            .and_then(|value| pin(InText(value, reader.text), &reader.input.indexes, &place))
            .map(Box::new);
        let (source, url) = self.source_of(table);
        package.source = source;
        package.source_span = url.map(|url| reader.span(InText(url, reader.text).place()));
    }

    /// Where a package is taken from, and the value that says so.
    fn source_of<'v, 't>(&self, table: &'v DeTable<'t>) -> (PackageSource, Option<&'v Node<'t>>) {
        let text = |key: &str| text_at(table, key).map(str::to_owned);
        let kinds = [
            ("url", SourceKind::Url),
            ("path", SourceKind::Path),
            ("file", SourceKind::Path),
            ("svn", SourceKind::Svn),
            ("hg", SourceKind::Hg),
            ("git", SourceKind::Git),
        ];
        let found = kinds.into_iter().find_map(|(key, kind)| Some((kind, key, text(key)?)));
        let value = found.as_ref().and_then(|(_, key, _)| table.get(*key));
        let index = || self.indexes.get(text_at(table, "source")?).cloned();
        let (kind, url) =
            found.map_or_else(|| (SourceKind::Index, index()), |(kind, _, url)| (kind, Some(url)));
        let source = PackageSource {
            kind,
            url,
            reference: ["rev", "ref", "tag", "branch"].into_iter().find_map(text),
            resolved: None,
            subdirectory: text("subdirectory"),
        };
        (source, value)
    }
}

/// From the key to the end of the value; the header of a table that has one.
fn entry_range(key: &Key<'_>, value: &Node<'_>) -> Range<usize> {
    let (key, value) = (key.span(), value.span());
    if value.start < key.start { value } else { key.start..value.end.max(key.end) }
}

/// The version that a constraint pins: Poetry pins by `1.2.3` and `==1.2.3`.
fn pinned(constraint: &str) -> Option<&str> {
    let text = constraint.trim();
    let version = text.strip_prefix("===").or(text.strip_prefix("==")).unwrap_or(text).trim_start();
    let plain = |character: char| character.is_alphanumeric() || "_.!+-".contains(character);
    (version.starts_with(|first: char| first.is_ascii_digit()) && version.chars().all(plain))
        .then_some(version)
}

#[cfg(test)]
mod tests {
    use super::pinned;

    #[test]
    fn poetry_pins_by_a_bare_version() {
        for (constraint, version) in [
            ("1.2.3", Some("1.2.3")),
            ("== 1.2.3", Some("1.2.3")),
            ("===1.2.3+cpu", Some("1.2.3+cpu")),
            ("1!2.0", Some("1!2.0")),
            ("^1.2", None),
            ("1.*", None),
            (">=1,<2", None),
            ("1 || 2", None),
            ("*", None),
        ] {
            assert_eq!(pinned(constraint), version);
        }
    }
}
