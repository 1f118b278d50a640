//! A baseline: what an earlier run found, in a file (`--report baseline=FILE`), so that a later run tells what is new
//! without git.

use crate::model::Arrange as _;
use std::path::Path;

use serde::Deserialize;

use super::compare::Mark;
use super::error::{Error, Place};
use super::file_system::FileSystem;
use crate::model::{PackageName, SourceFile, Sources, Span, Version};

/// What a baseline holds.
#[derive(Debug)]
pub(crate) struct Baseline {
    /// Its findings, those that were ignored among them.
    pub(crate) marks: Vec<Mark>,
    /// The packages that were audited, sorted.
    pub(crate) packages: Vec<(PackageName, Option<Version>)>,
}

#[derive(Deserialize)]
struct Document {
    version: u64,
    findings: Vec<Found>,
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Found {
    rule: String,
    #[serde(default)]
    package: Option<String>,
    #[serde(default)]
    ids: Vec<String>,
    #[serde(default)]
    path: String,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(default)]
    version: Option<String>,
}

/// Reads a baseline.
///
/// # Errors
/// A file that cannot be read, is no baseline, or one of a version that this program does not know; with the place.
pub(crate) fn read(file: &Path, shown: &str) -> Result<Baseline, Error> {
    let again = "write it again with `audit --report baseline=FILE`";
    let bytes = FileSystem::Disk
        .read(file)
        .map_err(|why| Error::new(format!("cannot read the baseline {shown}: {why}")).help(again))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::new(format!("cannot use the baseline {shown}: it is not UTF-8")).help(again))?;
    let document: Document = serde_json::from_str(&text).map_err(|error| refusal(shown, &text, &error))?;
    if document.version != 1 {
        let message = format!("cannot use the baseline {shown}: its version is {}, not 1", document.version);
        return Err(Error::new(message).help(again));
    }
    let marks = document.findings.into_iter().map(|found| {
        let mut ids: Vec<String> = found.ids.iter().map(|id| id.to_ascii_uppercase()).collect();
        ids.arrange();
        ids.dedup();
        Mark { rule: found.rule, package: found.package.unwrap_or_default(), ids, path: found.path }
    });
    let mut packages: Vec<_> = document
        .packages
        .into_iter()
        .map(|package| (PackageName::new(&package.name), package.version.as_deref().map(Version::new)))
        .collect();
    packages.arrange();
    Ok(Baseline { marks: marks.collect(), packages })
}

fn refusal(shown: &str, text: &str, error: &serde_json::Error) -> Error {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut at = (before + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let file = SourceFile::new(shown, text.to_owned());
    let source = Sources::new(0).add(file.clone());
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or(&words).to_owned();
    let place = Place {
        span: Span::new(source, at..at),
        message: words,
        help: Some("expected what `audit --report baseline=FILE` writes".to_owned()),
    };
    let mut refused = Error::new(format!("cannot use the baseline {shown}"));
    refused.places = Some(Box::new((file, vec![place])));
    refused
}
