//! Graph `json`, version 1: a contract, described in `docs/schema/graph-v1.schema.json`. Only ever added to.

use std::io::{self, Write};

use serde::Serialize;

use super::shape::{Shape, View};
use crate::model::{Dependency, Input, Package, PackageName, PackageSource, Skipped, SourceMap};
use crate::report::json_text::Each;
use crate::report::{Style, json_text, sanitize};

#[derive(Serialize)]
struct Document<Inputs> {
    version: u32,
    inputs: Inputs,
}

#[derive(Serialize)]
struct JsonInput {
    path: String,
    kind: &'static str,
    packages: Vec<JsonPackage>,
    skipped: Vec<JsonSkipped>,
}

#[derive(Serialize)]
struct JsonPackage {
    name: Option<String>,
    version: Option<String>,
    specifier: Option<String>,
    marker: Option<String>,
    extras: Vec<String>,
    groups: Vec<String>,
    optional: Option<bool>,
    direct: Option<bool>,
    source: JsonSource,
    path: String,
    line: usize,
    constraint: bool,
    dependencies: Vec<JsonDependency>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conditional: Vec<JsonDependency>,
}

#[derive(Serialize)]
struct JsonSource {
    r#type: &'static str,
    url: Option<String>,
    r#ref: Option<String>,
}

#[derive(Serialize)]
struct JsonDependency {
    name: String,
    specifier: Option<String>,
    marker: Option<String>,
    extras: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<String>,
}

#[derive(Serialize)]
struct JsonSkipped {
    line: usize,
    what: String,
    why: String,
}

pub(super) fn render(
    inputs: &[&Input],
    sources: &SourceMap,
    _: Style,
    shape: Shape,
    out: &mut dyn Write,
) -> io::Result<()> {
    let inputs = Each::of(inputs, |input: &&Input| json_input(input, sources, shape));
    json_text::write(&Document { version: 1, inputs }, out)
}

fn safe(text: &str) -> String {
    sanitize::mask(text).into_owned()
}

fn optional(text: Option<&String>) -> Option<String> {
    text.map(|text| safe(text))
}

fn names(names: &[PackageName]) -> Vec<String> {
    names.iter().map(|name| safe(name.as_str())).collect()
}

fn json_input(input: &Input, sources: &SourceMap, shape: Shape) -> JsonInput {
    let packages: Vec<&Package> = if shape.depth.is_some() {
        let view = View::new(input, shape);
        view.shown().into_iter().map(|id| view.package(id)).collect()
    } else {
        input.packages.iter().collect()
    };
    JsonInput {
        path: safe(&input.path),
        kind: input.kind,
        packages: packages.into_iter().map(|package| json_package(package, sources)).collect(),
        skipped: input.skipped.iter().map(|skip| json_skipped(skip, sources)).collect(),
    }
}

fn json_package(package: &Package, sources: &SourceMap) -> JsonPackage {
    let place = sources.location(package.span);
    JsonPackage {
        name: package.name.as_ref().map(|name| safe(name.as_str())),
        version: package.version.as_ref().map(|version| safe(version.as_str())),
        specifier: optional(package.specifier.as_ref()),
        marker: optional(package.marker.as_ref()),
        extras: names(&package.extras),
        groups: package.groups.iter().map(|group| safe(group)).collect(),
        optional: package.optional,
        direct: package.direct,
        source: json_source(&package.source),
        path: safe(&place.path),
        line: place.line,
        constraint: package.constraint,
        dependencies: edges(package, false),
        conditional: edges(package, true),
    }
}

fn json_source(source: &PackageSource) -> JsonSource {
    JsonSource {
        r#type: source.kind.as_str(),
        url: optional(source.url.as_ref()),
        r#ref: optional(source.reference.as_ref()),
    }
}

/// The edges that always exist, or those that an extra or a group of the package brings.
fn edges(package: &Package, conditional: bool) -> Vec<JsonDependency> {
    package
        .dependencies
        .iter()
        .filter(|edge| edge.with.is_some() == conditional)
        .map(json_dependency)
        .collect()
}

fn json_dependency(dependency: &Dependency) -> JsonDependency {
    JsonDependency {
        name: safe(dependency.name.as_str()),
        specifier: optional(dependency.specifier.as_ref()),
        marker: optional(dependency.marker.as_ref()),
        extras: names(&dependency.extras),
        version: dependency
            .chosen
            .as_ref()
            .and_then(|chosen| chosen.version.as_ref())
            .map(|version| safe(version.as_str())),
        with: dependency.with.as_deref().map(safe),
    }
}

fn json_skipped(skip: &Skipped, sources: &SourceMap) -> JsonSkipped {
    JsonSkipped {
        line: skip.span.map_or(1, |span| sources.location(span).line),
        what: safe(&skip.what),
        why: safe(&skip.why),
    }
}
