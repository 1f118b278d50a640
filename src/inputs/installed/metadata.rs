//! `METADATA` and `PKG-INFO`: headers as in a mail, of which a few matter here.
//!
//! Source: PyPA specification "Core metadata".

use crate::model::Arrange as _;
use std::ops::Range;

use crate::inputs::requirement;
use crate::model::{Dependency, Marker, Package, PackageName, SourceId, Span, Version, headers, unfolded};

/// What was read: the package, and the requirements that could not be.
pub(super) struct Metadata {
    pub(super) package: Package,
    /// Place, text and reason.
    pub(super) skipped: Vec<(Span, String, String)>,
}

/// Reads metadata; else what is wrong with it.
pub(super) fn read(text: &str, source: SourceId) -> Result<Metadata, String> {
    let mut name: Option<Range<usize>> = None;
    let mut version: Option<Range<usize>> = None;
    let mut requirements = Vec::new();
    for (key, value) in headers(text) {
        // The first counts, as `email.message.Message` has it.
        if key.eq_ignore_ascii_case("Name") {
            name = name.or(Some(value));
        } else if key.eq_ignore_ascii_case("Version") {
            version = version.or(Some(value));
        } else if key.eq_ignore_ascii_case("Requires-Dist") {
            requirements.push(value);
        }
    }
    let given = |range: &Option<Range<usize>>| range.clone().filter(|range| !text[range.clone()].is_empty());
    let Some(name) = given(&name) else {
        return Err("its metadata has no Name: install it again".to_owned());
    };
    let Some(version) = given(&version) else {
        return Err("its metadata has no Version: install it again".to_owned());
    };
    let whole = Span::new(source, name.start.min(version.start)..name.end.max(version.end));
    let mut package = Package::new(&text[name.clone()], whole);
    package.name_span = Span::new(source, name);
    package.version_span = Some(Span::new(source, version.clone()));
    package.version = Some(Version::new(&text[version]));
    let mut skipped = Vec::new();
    for range in requirements {
        let span = Span::new(source, range.clone());
        let requirement = unfolded(&text[range]);
        match edge(&requirement, span) {
            Ok(edge) => package.dependencies.push(edge),
            Err(why) => {
                let what = if requirement.is_empty() { "Requires-Dist" } else { &*requirement };
                skipped.push((span, what.to_owned(), why));
            }
        }
    }
    Ok(Metadata { package, skipped })
}

/// `name[extra]>=1.0 ; marker`; old files put the specifier in parentheses (PEP 345).
fn edge(text: &str, span: Span) -> Result<Dependency, String> {
    let read = requirement::read(text).map_err(|error| error.message)?;
    let name = read.name.ok_or_else(|| "the requirement has no name".to_owned())?;
    let mut edge = Dependency::new(PackageName::new(&name.text), span);
    edge.specifier = read.specifier.map(|specifier| specifier.text);
    edge.extras = read.extras.iter().map(|extra| PackageName::new(&extra.text)).collect();
    edge.extras.arrange();
    edge.extras.dedup();
    edge.marker = read.marker.map(|marker| marker.text);
    let extra = edge
        .marker
        .as_deref()
        .and_then(|marker| Marker::parse(marker).ok())
        .and_then(|marker| marker.extra());
    if let Some(extra) = extra {
        edge.with = Some(format!("extra:{}", PackageName::new(&extra)).into());
        edge.optional = true;
    }
    Ok(edge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceFile, Sources};

    #[test]
    fn an_empty_requirement_has_a_name_in_messages() {
        let text = "Name: harbour\nVersion: 1\nRequires-Dist:\nRequires-Dist: mast [\n";
        let mut sources = Sources::new(0);
        let source = sources.add(SourceFile::new("METADATA", text.to_owned()));
        let what: Vec<_> = read(text, source).unwrap().skipped.into_iter().map(|skipped| skipped.1).collect();
        assert_eq!(what, ["Requires-Dist", "mast ["]);
    }
}
