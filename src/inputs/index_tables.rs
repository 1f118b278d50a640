//! Tables that name indexes: of uv, Poetry, PDM and Pipenv, in whatever notation and file they stand.
//!
//! Sources: see [`When`]. What has the wrong type is no index: its tool would refuse it, and nothing is fetched.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::{json_events, toml_events};
use crate::model::{
    IndexKind, IndexTool, IndexUse, PUBLIC_INDEX, PackageName, PackageSource, PinnedIndex, Redirect,
    SourceKind, Span, When,
};

/// A value that knows its place: a text, a table, a list.
pub(super) trait Setting: Copy {
    /// The entry under a key.
    fn get(self, key: &str) -> Option<Self>;
    /// The text of a string.
    fn text(self) -> Option<String>;
    /// The value of a boolean.
    fn boolean(self) -> Option<bool>;
    /// The elements of a list.
    fn items(self) -> Vec<Self>;
    /// Where it is written, a string without its quotes.
    fn place(self) -> Range<usize>;
}

impl Setting for toml_events::Value<'_> {
    fn get(self, key: &str) -> Option<Self> {
        self.get(key)
    }

    fn text(self) -> Option<String> {
        self.text().map(Cow::into_owned)
    }

    fn boolean(self) -> Option<bool> {
        self.boolean()
    }

    fn items(self) -> Vec<Self> {
        self.items().collect()
    }

    fn place(self) -> Range<usize> {
        self.content_range()
    }
}

impl Setting for json_events::Value<'_> {
    fn get(self, key: &str) -> Option<Self> {
        self.get(key)
    }

    fn text(self) -> Option<String> {
        self.text().map(Cow::into_owned)
    }

    fn boolean(self) -> Option<bool> {
        self.boolean()
    }

    fn items(self) -> Vec<Self> {
        self.items().collect()
    }

    fn place(self) -> Range<usize> {
        self.content_range()
    }
}

/// A value of the `toml` crate with the text of its file.
#[derive(Clone, Copy)]
pub(super) struct InText<'v, 't>(pub(super) &'v Spanned<DeValue<'t>>, pub(super) &'v str);

impl Setting for InText<'_, '_> {
    fn get(self, key: &str) -> Option<Self> {
        let value = self.0.get_ref().as_table()?.get(key)?;
        Some(Self(value, self.1))
    }

    fn text(self) -> Option<String> {
        self.0.get_ref().as_str().map(str::to_owned)
    }

    fn boolean(self) -> Option<bool> {
        self.0.get_ref().as_bool()
    }

    fn items(self) -> Vec<Self> {
        let list = self.0.get_ref().as_array().into_iter().flatten();
        list.map(|item| Self(item, self.1)).collect()
    }

    fn place(self) -> Range<usize> {
        let whole = self.0.span();
        let raw = self.1.get(whole.clone()).unwrap_or("");
        let quotes = ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find(|quotes| raw.len() >= 2 * quotes.len() && raw.starts_with(quotes) && raw.ends_with(quotes));
        let quotes = quotes.map_or(0, str::len);
        whole.start + quotes..whole.end - quotes
    }
}

/// How bytes of a file become a place.
pub(super) type Place<'p> = &'p dyn Fn(Range<usize>) -> Span;

/// A table with an address: `url` and, where there is one, `name`.
fn named<S: Setting>(tool: IndexTool, option: &'static str, table: S, place: Place<'_>) -> Option<IndexUse> {
    let url = table.get("url")?;
    let mut index = IndexUse::new(tool, option, url.text()?, place(url.place()));
    index.name = table.get("name").and_then(Setting::text);
    Some(index)
}

fn flag<S: Setting>(table: S, key: &str) -> Option<bool> {
    table.get(key).and_then(Setting::boolean)
}

fn texts<S: Setting>(table: S, key: &str) -> Vec<String> {
    let list = table.get(key).map(Setting::items).unwrap_or_default();
    list.into_iter().filter_map(Setting::text).collect()
}

/// What `verify_ssl = false` turns off, for the host of an index.
fn unverified<S: Setting>(index: &IndexUse, table: S, place: Place<'_>) -> Option<IndexUse> {
    let key = ["verify_ssl", "verify-ssl"].into_iter().find(|key| flag(table, key) == Some(false))?;
    let span = place(table.get(key)?.place());
    let mut trusted = IndexUse::new(index.tool, "verify_ssl", index.address.as_str(), span);
    (trusted.kind, trusted.name) = (IndexKind::TrustedHost, index.name.clone());
    Some(trusted)
}

/// The indexes of `[tool.uv]`: its own tables first, then `extra-index-url`, then `index-url`, as uv orders them;
/// after them those of `[tool.uv.pip]`, which say the same to `uv pip`.
pub(super) fn of_uv<S: Setting>(uv: S, place: Place<'_>) -> Vec<IndexUse> {
    let mut indexes = Vec::new();
    for table in [Some(uv), uv.get("pip")].into_iter().flatten() {
        read_uv(table, place, &mut indexes);
    }
    indexes
}

fn read_uv<S: Setting>(uv: S, place: Place<'_>, indexes: &mut Vec<IndexUse>) {
    let strategy = uv.get("index-strategy").and_then(Setting::text);
    let in_order = match strategy.as_deref() {
        Some("unsafe-first-match") => When::FirstThatFits,
        Some("unsafe-best-match") => When::Together,
        _ => When::FirstWithName,
    };
    for table in uv.get("index").map(Setting::items).unwrap_or_default() {
        let Some(mut index) = named(IndexTool::Uv, "[[tool.uv.index]]", table, place) else { continue };
        let is_default = flag(table, "default") == Some(true);
        index.replaces_public = is_default;
        index.when = match (flag(table, "explicit"), is_default) {
            (Some(true), _) => When::Named,
            (_, true) if in_order != When::Together => When::Last,
            _ => in_order,
        };
        if table.get("format").and_then(Setting::text).as_deref() == Some("flat") {
            index.kind = IndexKind::FindLinks;
        }
        indexes.push(index);
    }
    let mut one = |value: S, option: &'static str, kind, when, replaces_public| {
        if let Some(address) = value.text() {
            let mut index = IndexUse::new(IndexTool::Uv, option, address, place(value.place()));
            (index.kind, index.when, index.replaces_public) = (kind, when, replaces_public);
            indexes.push(index);
        }
    };
    let list = |key: &str| uv.get(key).map(Setting::items).unwrap_or_default();
    for value in list("extra-index-url") {
        one(value, "extra-index-url", IndexKind::Index, in_order, false);
    }
    if let Some(value) = uv.get("index-url") {
        let when = if in_order == When::Together { When::Together } else { When::Last };
        one(value, "index-url", IndexKind::Index, when, true);
    }
    for value in list("find-links") {
        one(value, "find-links", IndexKind::FindLinks, When::Together, false);
    }
    for key in ["allow-insecure-host", "trusted-host"] {
        for value in list(key) {
            one(value, "allow-insecure-host", IndexKind::TrustedHost, When::Together, false);
        }
    }
    if let Some(value) = uv.get("no-index").filter(|value| value.boolean() == Some(true)) {
        let mut off = IndexUse::new(IndexTool::Uv, "no-index", "", place(value.place()));
        off.kind = IndexKind::NoIndex;
        indexes.push(off);
    }
}

/// The tables of an entry of `[tool.uv.sources]`: one, or a list of them by marker.
fn alternatives<S: Setting>(entry: S) -> Vec<S> {
    match entry.items() {
        items if items.is_empty() => vec![entry],
        items => items,
    }
}

/// What an entry of `[tool.uv.sources]` takes from elsewhere: `{ git = "…", rev = "…" }`, `{ url = "…" }`,
/// `{ path = "…" }`, `{ workspace = true }`.
pub(super) fn uv_redirects<S: Setting>(entry: S, name: &PackageName, place: Place<'_>) -> Vec<Redirect> {
    let redirect = |table: S| {
        let text = |key: &str| table.get(key).and_then(Setting::text);
        let keys = [
            ("git", SourceKind::Git),
            ("url", SourceKind::Url),
            ("path", SourceKind::Path),
            ("workspace", SourceKind::Virtual),
        ];
        let (value, kind) = keys.into_iter().find_map(|(key, kind)| Some((table.get(key)?, kind)))?;
        let is_member = kind == SourceKind::Virtual;
        if is_member && value.boolean() != Some(true) {
            return None;
        }
        let source = PackageSource {
            kind,
            url: if is_member { None } else { Some(value.text()?) },
            reference: ["rev", "tag", "branch"].into_iter().find_map(text),
            resolved: None,
            subdirectory: text("subdirectory"),
        };
        let partly = ["marker", "extra", "group"].iter().any(|key| table.get(key).is_some());
        Some(Redirect { name: name.clone(), source, partly, span: place(value.place()) })
    };
    alternatives(entry).into_iter().filter_map(redirect).collect()
}

/// The index that an entry of `[tool.uv.sources]` names.
pub(super) fn uv_pin<S: Setting>(entry: S, indexes: &[IndexUse], place: Place<'_>) -> Option<PinnedIndex> {
    let alternatives = alternatives(entry);
    let pinned = alternatives.iter().find_map(|table| Some((*table, table.get("index")?)));
    let (table, value) = pinned?;
    let partly = alternatives.len() > 1 || table.get("marker").is_some();
    Some(PinnedIndex { partly, ..pin(value, indexes, place)? })
}

/// The index that a value names.
pub(super) fn pin<S: Setting>(value: S, indexes: &[IndexUse], place: Place<'_>) -> Option<PinnedIndex> {
    let name = value.text()?;
    let is_meant =
        |index: &&IndexUse| index.name.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(&name));
    let found = indexes.iter().filter(|index| index.kind != IndexKind::TrustedHost).find(is_meant);
    let address = found.map(|index| index.address.clone());
    Some(PinnedIndex { name, address, partly: false, span: place(value.place()) })
}

/// The sources of `[tool.poetry]`. From Poetry 1.5 on they have a `priority`, and one of the highest turns the public
/// index off; before, `default` did that alone, and sources without it were asked besides.
pub(super) fn of_poetry<S: Setting>(poetry: S, place: Place<'_>) -> Vec<IndexUse> {
    let sources = poetry.get("source").map(Setting::items).unwrap_or_default();
    let is_former =
        sources.iter().any(|source| ["default", "secondary"].iter().any(|key| source.get(key).is_some()));
    let mut indexes = Vec::new();
    for source in sources {
        let name = source.get("name").filter(|name| is_pypi(name.text().as_deref()));
        let public = name.filter(|_| source.get("url").is_none()).map(|name| {
            let option = "[[tool.poetry.source]]";
            let mut index = IndexUse::new(IndexTool::Poetry, option, PUBLIC_INDEX, place(name.place()));
            index.name = name.text();
            index
        });
        let written = || named(IndexTool::Poetry, "[[tool.poetry.source]]", source, place);
        let Some(mut index) = public.or_else(written) else { continue };
        let is_primary = match source.get("priority").and_then(Setting::text).as_deref() {
            Some(priority) if priority.eq_ignore_ascii_case("supplemental") => {
                index.when = When::Last;
                false
            }
            Some(priority) if priority.eq_ignore_ascii_case("explicit") => {
                index.when = When::Named;
                false
            }
            Some(priority) => !priority.eq_ignore_ascii_case("secondary"),
            None if is_former => flag(source, "default") == Some(true),
            None => true,
        };
        index.replaces_public = is_primary || is_pypi(index.name.as_deref());
        indexes.push(index);
    }
    indexes
}

fn is_pypi(name: Option<&str>) -> bool {
    name.is_some_and(|name| name.eq_ignore_ascii_case("pypi"))
}

/// The sources of `[tool.pdm]`.
pub(super) fn of_pdm<S: Setting>(pdm: S, place: Place<'_>) -> Vec<IndexUse> {
    let ordered = pdm.get("resolution").and_then(|table| flag(table, "respect-source-order")) == Some(true);
    let mut indexes = Vec::new();
    for source in pdm.get("source").map(Setting::items).unwrap_or_default() {
        let Some(mut index) = named(IndexTool::Pdm, "[[tool.pdm.source]]", source, place) else { continue };
        index.when = if ordered { When::FirstThatFits } else { When::Together };
        index.replaces_public = index.name.as_deref() == Some("pypi");
        index.only_for = texts(source, "include_packages");
        index.never_for = texts(source, "exclude_packages");
        if source.get("type").and_then(Setting::text).as_deref() == Some("find_links") {
            index.kind = IndexKind::FindLinks;
        }
        let trusted = unverified(&index, source, place);
        indexes.push(index);
        indexes.extend(trusted);
    }
    indexes
}

/// The sources of a `Pipfile` or its lock. `pipenv` is the table with the settings, which a lock does not keep.
pub(super) fn of_pipenv<S: Setting>(
    sources: Option<S>,
    pipenv: Option<S>,
    place: Place<'_>,
) -> Vec<IndexUse> {
    let all = pipenv.and_then(|table| flag(table, "install_search_all_sources")) == Some(true);
    let mut indexes: Vec<IndexUse> = Vec::new();
    for source in sources.map(Setting::items).unwrap_or_default() {
        let Some(mut index) = named(IndexTool::Pipenv, "[[source]]", source, place) else { continue };
        index.replaces_public = true;
        if !all && !indexes.is_empty() {
            index.when = When::Named;
        }
        let trusted = unverified(&index, source, place);
        indexes.push(index);
        indexes.extend(trusted);
    }
    indexes
}
