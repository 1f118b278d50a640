//! Texts that are no input, so that findings can point into them.

use std::path::Path;

use super::check::Options;
use crate::model::{DatabaseInfo, SourceFile, Sources, Span};
use crate::policy::{Ignore, IgnoreOrigin, MaxAge, Placed};

/// Texts that are no input: the policy, the command line, the database.
pub(super) struct OwnTexts {
    pub(super) sources: Sources,
}

pub(super) struct CommandLine {
    pub(super) ignores: Vec<Ignore>,
    pub(super) max_age: Option<Placed<MaxAge>>,
}

impl OwnTexts {
    pub(super) fn new() -> Self {
        Self { sources: Sources::new(0) }
    }

    /// The options that findings can be about, as a text that they can point into.
    pub(super) fn add_command_line(&mut self, options: &Options) -> CommandLine {
        let mut text = "audit".to_owned();
        let mut ranges = Vec::new();
        for (id, reason) in &options.ignores {
            text.push_str(" --ignore ");
            let start = text.len();
            text.push_str(id);
            ranges.push(start..text.len());
            text.push_str(&format!(" --reason {reason:?}"));
        }
        let age_start = text.len() + 1;
        if let Some(age) = &options.max_age {
            text.push_str(&format!(" --max-db-age {}d", age.days));
        }
        let age_range = age_start..text.len();
        let source = self.sources.add(SourceFile::new("<command line>", text));
        let ignores = options
            .ignores
            .iter()
            .zip(ranges)
            .map(|((id, reason), range)| {
                let mut ignore =
                    Ignore::new(id.as_str(), IgnoreOrigin::CommandLine, Span::new(source, range));
                ignore.reason = Some(reason.clone()).filter(|reason| !reason.trim().is_empty());
                ignore
            })
            .collect();
        let max_age = options.max_age.map(|value| Placed { value, span: Span::new(source, age_range) });
        CommandLine { ignores, max_age }
    }

    /// One line per advisory source; the places of the lines.
    pub(super) fn add_database(&mut self, file: Option<&Path>, info: &DatabaseInfo) -> Vec<Span> {
        let path =
            file.map_or_else(|| "<advisory database>".to_owned(), |file| file.to_string_lossy().into_owned());
        let mut text = String::new();
        let mut ranges = Vec::new();
        for source in &info.sources {
            let start = text.len();
            text.push_str(&format!("{} {}", source.name, source.published));
            ranges.push(start..text.len());
            text.push_str(&format!(", {} records\n", source.records));
        }
        let source = self.sources.add(SourceFile::new(path, text));
        ranges.into_iter().map(|range| Span::new(source, range)).collect()
    }
}
