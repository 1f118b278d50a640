//! One entry: a version, or a table of conditions.

use crate::model::Arrange as _;
use std::collections::BTreeMap;
use std::ops::Range;

use super::table::Table;
use crate::inputs::index_tables::{Setting, of_pipenv, pin};
use crate::model::{
    Constraint, Input, Package, PackageName, PackageSource, Skipped, SourceId, SourceKind, Span, Version,
};

/// The variables of PEP 508, "Environment markers", each of which may be a key of its own:
/// `sys_platform = "== 'win32'"`.
const VARIABLES: [&str; 11] = [
    "implementation_name",
    "implementation_version",
    "os_name",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_full_version",
    "python_version",
    "sys_platform",
];

/// Reads the entries of a file into an input.
pub(super) struct Reader<'a> {
    pub(super) input: &'a mut Input,
    pub(super) source: SourceId,
    /// The URLs of indexes by name.
    pub(super) indexes: BTreeMap<String, String>,
    /// A lock must say what was resolved; in a manifest a person asks.
    pub(super) is_lock: bool,
}

impl Reader<'_> {
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    /// Says that something was not read.
    pub(super) fn skip(&mut self, range: Range<usize>, what: &str, why: impl Into<String>) {
        let span = self.span(range);
        self.input.skipped.push(Skipped::at(&self.input.path, span, what, why));
    }

    fn skip_package(&mut self, range: Range<usize>, name: &str, why: impl Into<String>) {
        self.skip(range, name, why);
        if let Some(skipped) = self.input.skipped.last_mut() {
            skipped.package = Some(PackageName::new(name));
        }
    }

    /// Reads `[[source]]`, or `sources` of a lock: an index other than the public one keeps its URL. `pipenv` is the
    /// table with the settings.
    pub(super) fn read_indexes<T: Table + Setting>(&mut self, sources: Option<T>, pipenv: Option<T>) {
        let source = self.source;
        self.input.indexes = of_pipenv(sources, pipenv, &|range| Span::new(source, range));
        for source in sources.into_iter().flat_map(Table::items) {
            let text = |key: &str| Table::get(source, key).and_then(Table::text);
            if let (Some(name), Some(url)) = (text("name"), text("url"))
                && !url.contains("://pypi.org/")
                && !url.contains("://pypi.python.org/")
            {
                self.indexes.insert(name, url);
            }
        }
    }

    /// Reads `requires`: the one Python that a project is made for.
    pub(super) fn read_python<T: Table>(&mut self, requires: Option<T>) {
        let Some(requires) = requires else { return };
        let text = |key: &str| Table::get(requires, key).and_then(Table::text).filter(|text| text != "*");
        let full = text("python_full_version").map(|version| format!("=={version}"));
        self.input.requires_python =
            full.or_else(|| text("python_version").map(|version| format!("=={version}.*")));
    }

    /// Reads one entry of a category.
    pub(super) fn read<T: Table + Setting>(&mut self, group: &str, entry: T) {
        let name = entry.key();
        if name.trim().is_empty() {
            return self.skip(entry.entry_range(), group, "the package has no name: give it one");
        }
        let version = if entry.is_table() { Table::get(entry, "version") } else { Some(entry) };
        let whole = entry.entry_range();
        let mut package = Package::new(&name, self.span(whole));
        package.name_span = self.span(entry.key_range());
        package.groups = vec![group.to_owned()];
        package.direct = if self.is_lock { None } else { Some(true) };
        if let Some(version) = version {
            let Some(text) = Table::text(version) else {
                let (wanted, found) =
                    (if entry.is_table() { "" } else { " or a table" }, version.kind_name());
                let why = format!("expected a version as a string{wanted}, found {found}");
                return self.skip_package(version.range(), &name, why);
            };
            let span = version.content_range();
            if let Some(wrong) = self.check(&text) {
                return self.skip_package(span, &name, wrong);
            }
            if !matches!(text.as_str(), "" | "*") {
                package.version_span = Some(self.span(span));
                package.version = pinned(&text).map(Version::new);
                package.specifier = Some(text);
            }
        }
        if entry.is_table() {
            self.read_conditions(&mut package, entry);
        }
        let is_elsewhere = package.source.kind != SourceKind::Index;
        if self.is_lock && package.specifier.is_none() && version.is_none() && !is_elsewhere {
            let why = "expected a version, a path or an address: lock again";
            return self.skip_package(entry.entry_range(), &name, why);
        }
        self.input.packages.push(package);
    }

    /// What is wrong with a version that people write. What a lock says stays as it is.
    fn check(&self, text: &str) -> Option<String> {
        if self.is_lock || text.trim().is_empty() || Constraint::parse(text).is_some() {
            return None;
        }
        if ["{{", "{%"].iter().any(|mark| text.contains(mark)) {
            return Some("this is a template (`{{` or `{%`): render it and audit the result".to_owned());
        }
        Some("expected `*` or a version specifier such as \">=1.2,<2\"".to_owned())
    }

    fn read_conditions<T: Table + Setting>(&self, package: &mut Package, table: T) {
        let text = |key: &str| Table::get(table, key).and_then(Table::text).filter(|text| !text.is_empty());
        let extras = Table::get(table, "extras").into_iter().flat_map(Table::items).filter_map(Table::text);
        package.extras = extras.map(|extra| PackageName::new(&extra)).collect();
        package.extras.arrange();
        package.extras.dedup();
        package.editable = Table::get(table, "editable").and_then(Table::boolean).unwrap_or(false);
        package.hashes = Table::get(table, "hashes").map_or(0, Table::len);
        let conditions = VARIABLES.iter().filter_map(|key| Some(format!("{key} {}", text(key)?)));
        let conditions: Vec<_> = conditions.collect();
        package.marker = match (text("markers"), conditions.is_empty()) {
            (Some(markers), true) => Some(markers),
            (Some(markers), false) => Some(format!("({markers}) and {}", conditions.join(" and "))),
            (None, true) => None,
            (None, false) => Some(conditions.join(" and ")),
        };
        let kinds = [
            ("file", SourceKind::Url),
            ("path", SourceKind::Path),
            ("svn", SourceKind::Svn),
            ("hg", SourceKind::Hg),
            ("git", SourceKind::Git),
        ];
        let found = kinds.into_iter().find_map(|(key, kind)| Some((key, kind, text(key)?)));
        let Some((key, kind, url)) = found else {
            let place = |range| self.span(range);
            // With one source alone, its name tells nothing.
            let value = Table::get(table, "index").filter(|_| !self.is_lock || self.input.indexes.len() > 1);
            package.index = value.and_then(|value| pin(value, &self.input.indexes, &place)).map(Box::new);
            package.source.url = text("index").and_then(|name| self.indexes.get(&name).cloned());
            return;
        };
        package.source_span = Table::get(table, key).map(|value| self.span(value.content_range()));
        let is_remote = url.contains("://") && !url.starts_with("file:");
        let kind = if kind == SourceKind::Url && !is_remote { SourceKind::Path } else { kind };
        package.source = PackageSource {
            kind,
            url: Some(url),
            reference: text("ref").filter(|_| kind.is_vcs()),
            resolved: None,
            subdirectory: text("subdirectory"),
        };
    }
}

/// The version that one `==` without a wildcard pins.
fn pinned(specifier: &str) -> Option<&str> {
    let version = specifier.trim().strip_prefix("==")?;
    let version = version.trim_start_matches('=').trim();
    (!version.is_empty() && !version.contains(['*', ','])).then_some(version)
}
