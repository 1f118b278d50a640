//! Components: which are Python packages, and what they say.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::purl::Purl;
use crate::inputs::json_events::{Kind, Value};
use crate::inputs::requirement::{read_line, to_package};
use crate::model::{
    Input, Package, PackageName, PackageSource, Skipped, SourceId, SourceKind, Span, Version,
};

/// How many kinds of other components a message names.
const MOST_NAMED: usize = 6;

/// Reads components into an input.
pub(super) struct Reader<'a, 'd> {
    pub(super) input: &'a mut Input,
    pub(super) source: SourceId,
    /// The `bom-ref` of the project itself, which some tools list among its components.
    pub(super) root: Option<Cow<'d, str>>,
    /// The `bom-ref` of each package of the input, in its order.
    pub(super) references: Vec<Option<Cow<'d, str>>>,
    /// What is no Python package: how many by kind, and the place of the first.
    others: BTreeMap<String, usize>,
    first_other: Option<Span>,
}

impl<'a, 'd> Reader<'a, 'd> {
    pub(super) fn new(input: &'a mut Input, source: SourceId, root: Option<Cow<'d, str>>) -> Self {
        Self { input, source, root, references: Vec::new(), others: BTreeMap::new(), first_other: None }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    fn skip(&mut self, range: Range<usize>, what: &str, why: impl Into<String>) {
        let what: String =
            if what.is_empty() { "a component".to_owned() } else { what.chars().take(80).collect() };
        let span = self.span(range);
        self.input.skipped.push(Skipped::at(&self.input.path, span, what, why));
    }

    /// Reads a list of components, and those that stand in them, in the order of the file.
    pub(super) fn read_all(&mut self, list: Value<'d>) {
        let mut open: Vec<Value<'d>> = list.items().collect();
        open.reverse();
        while let Some(component) = open.pop() {
            self.read(component);
            let Some(nested) = component.get("components") else { continue };
            if nested.kind() != Kind::Array {
                let why = format!("expected a list of components, found {}", nested.kind().name());
                self.skip(nested.range(), "components", why);
            }
            let at = open.len();
            open.extend(nested.items());
            if let Some(added) = open.get_mut(at..) {
                added.reverse();
            }
        }
    }

    fn read(&mut self, component: Value<'d>) {
        if component.kind() != Kind::Object {
            let why = format!("expected a component, found {}", component.kind().name());
            return self.skip(component.range(), "", why);
        }
        let name = component.get("name").and_then(Value::text).unwrap_or_default();
        let Some(purl_value) = component.get("purl") else { return self.without_purl(component, &name) };
        let text = purl_value.text();
        let Some(purl) = text.as_deref().and_then(Purl::read) else {
            let why = "its `purl` is no package URL such as `pkg:pypi/name@1.0`: what it is cannot be told";
            return self.skip(purl_value.content_range(), &name, why);
        };
        if purl.kind != "pypi" {
            return self.other(component, &purl.kind);
        }
        if purl.namespace.is_some() {
            let why = "a package of the index has no namespace: expected `pkg:pypi/name@1.0`";
            return self.skip(purl_value.content_range(), &name, why);
        }
        let content = purl_value.content_range();
        // With escapes in the string, its bytes are not those of the text.
        let exact = content.len() == text.as_deref().map_or(0, str::len);
        let place = |part: &Range<usize>| {
            if exact { content.start + part.start..content.start + part.end } else { content.clone() }
        };
        let mut package = Package::new(&purl.name, self.span(purl_value.entry_range()));
        package.name_span = self.span(place(&purl.name_range));
        let own = component.get("version").and_then(|value| Some((value.text()?, value.content_range())));
        let written = purl.version.as_ref().map(|(version, range)| (version.clone(), place(range)));
        if let Some((version, range)) = written.or(own.filter(|(version, _)| !version.trim().is_empty())) {
            package.version = Some(Version::new(&version));
            package.version_span = Some(self.span(range));
        }
        package.hashes = component.get("hashes").map_or(0, Value::len);
        let scope = component.get("scope").and_then(Value::text);
        package.optional = matches!(scope.as_deref(), Some("optional" | "excluded")).then_some(true);
        package.source = source_of(&purl);
        let reference = component.get("bom-ref").and_then(Value::text);
        if reference.is_some() && reference == self.root {
            package.source.kind = SourceKind::Virtual;
        }
        self.input.packages.push(package);
        self.references.push(reference);
    }

    /// A library that does not say where it comes from may be a Python package; a file or a system is none.
    fn without_purl(&mut self, component: Value<'d>, name: &str) {
        let kind = component.get("type").and_then(Value::text).unwrap_or_default();
        if matches!(&*kind, "" | "application" | "framework" | "library") {
            let place = component.get("name").unwrap_or(component).content_range();
            let why = "a component without a `purl`: what it is cannot be told, so it is not audited";
            self.skip(place, name, why);
        } else {
            self.other(component, &kind);
        }
    }

    fn other(&mut self, component: Value<'d>, kind: &str) {
        let place = component.get("name").unwrap_or(component).content_range();
        let place = self.span(place);
        self.first_other.get_or_insert(place);
        *self.others.entry(kind.chars().take(40).collect()).or_default() += 1;
    }

    /// Says how many components are no Python packages.
    pub(super) fn count_others(&mut self) {
        let Some(place) = self.first_other else { return };
        let count: usize = self.others.values().sum();
        let mut kinds: Vec<_> = self.others.keys().take(MOST_NAMED).cloned().collect();
        if self.others.len() > MOST_NAMED {
            kinds.push("…".to_owned());
        }
        let what = if count == 1 { "1 component".to_owned() } else { format!("{count} components") };
        let verb = if count == 1 { "that is no Python package" } else { "that are no Python packages" };
        let why = format!("{what} {verb} ({}): not audited", kinds.join(", "));
        self.input.skipped.push(Skipped::at(&self.input.path, place, what, why));
    }
}

/// Where a package is taken from: the qualifiers `vcs_url`, `download_url` and `repository_url`.
fn source_of(purl: &Purl<'_>) -> PackageSource {
    let address = purl.qualifier("vcs_url").or_else(|| purl.qualifier("download_url"));
    if let Some(address) = address {
        let requirement = read_line(&format!("x @ {address}"), false);
        return requirement.map_or_else(
            |_| PackageSource {
                kind: SourceKind::Url,
                url: Some(address.into_owned()),
                ..PackageSource::default()
            },
            |requirement| to_package(&requirement, &|_| Span::default(), Span::default()).source,
        );
    }
    let index = purl.qualifier("repository_url").filter(|url| !url.contains("://pypi.org"));
    PackageSource { url: index.map(Cow::into_owned), ..PackageSource::default() }
}

/// The project that a document is about.
pub(super) fn project(component: Value<'_>) -> Option<PackageName> {
    let purl = component.get("purl").and_then(Value::text);
    let purl = purl.as_deref().and_then(Purl::read).filter(|purl| purl.kind == "pypi");
    let name = purl.map(|purl| purl.name.into_owned());
    let name = name.or_else(|| Some(component.get("name")?.text()?.into_owned()));
    name.filter(|name| !name.trim().is_empty()).map(|name| PackageName::new(&name))
}
