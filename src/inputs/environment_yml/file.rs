//! The file: conda's packages as entries, pip's as lines of a requirement file.

use super::walk::{Item, walk};
use crate::inputs::inline_ignore;
use crate::inputs::plain_text::{self, conflict};
use crate::inputs::requirements_txt::Embedded;
use crate::inputs::{Format, Manifest, Reading, Role};
use crate::model::{Input, Package, PackageSource, Skipped, SourceFile, SourceKind, Span};

/// `environment.yml`, and names that begin and end like it.
pub(in crate::inputs) static FORMAT: Format = Format {
    kind: "environment.yml",
    role: Role::Manifest,
    manifest: Manifest::None,
    commands: None,
    detect: is_environment,
    read,
};

fn is_environment(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("environment") && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

fn read(reading: Reading<'_>) -> Input {
    let Reading { path, bytes, sources, files } = reading;
    let (mut input, source) = match plain_text::open(path, FORMAT.kind, bytes, sources, "YAML") {
        Ok(opened) => opened,
        Err(input) => return *input,
    };
    let text = sources.get(source).map_or("", SourceFile::text);
    input.ignores = inline_ignore::in_lines(text, &|range| Span::new(source, range));
    let items = match conflict(text) {
        Some(place) => Err((place, "merge conflict: resolve it".to_owned())),
        None => walk(text),
    };
    let items = match items {
        Ok(items) => items,
        Err((place, why)) => {
            let is_template = ["{{", "{%"].iter().any(|mark| text.contains(mark));
            let template = "this is a template (`{{` or `{%`): render it and audit the result";
            let why = if is_template { template.to_owned() } else { why };
            input.skipped.push(Skipped::at(path, Span::new(source, place), path, why));
            return input;
        }
    };
    let mut lines = Embedded::new(input, source, sources, files);
    let mut conda: Option<(Span, usize)> = None;
    for item in items {
        match item {
            Item::Conda(text, place) => {
                let span = Span::new(source, place);
                let input = lines.input();
                let Some(package) = conda_package(&text, span) else {
                    let why = "expected a conda package such as `numpy=2.1`";
                    input.skipped.push(Skipped::at(path, span, text.as_str(), why));
                    continue;
                };
                input.packages.push(package);
                let (first, count) = conda.unwrap_or((span, 0));
                conda = Some((first, count + 1));
            }
            Item::Pip(text, place, exact) => lines.read(&text, place, exact),
            Item::Skip(place, why) => {
                let what = FORMAT.kind;
                lines.input().skipped.push(Skipped::at(path, Span::new(source, place), what, why));
            }
        }
    }
    let mut input = lines.finish();
    if let Some((first, count)) = conda {
        let what = if count == 1 { "1 conda package".to_owned() } else { format!("{count} conda packages") };
        let why = format!(
            "no advisory source covers conda packages: {count} not audited; audit what is installed from the index"
        );
        input.skipped.insert(0, Skipped::at(path, first, what, why));
    }
    let has_others = input.packages.iter().any(|package| package.source.kind != SourceKind::Conda);
    input.closed = has_others.then_some(false);
    input
}

/// The entry of a match specification of conda, `channel::name version build`; `None` when it has no name.
fn conda_package(text: &str, span: Span) -> Option<Package> {
    let own = text.rsplit("::").next().unwrap_or(text);
    let end = own.find([' ', '=', '<', '>', '!', '~', '[']).unwrap_or(own.len());
    let name = own.get(..end).filter(|name| !name.is_empty())?;
    let mut package = Package::new(name, span);
    package.specifier = Some(text.to_owned());
    package.direct = Some(true);
    package.source = PackageSource { kind: SourceKind::Conda, ..PackageSource::default() };
    Some(package)
}
