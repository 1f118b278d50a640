//! Entries of one file with the same flaw: one finding for all of them, with a count.

use std::collections::BTreeMap;

use crate::model::{Evidence, Finding, Input, Label, Package, Rule, SourceFile, SourceId, Sources};

/// How many places a finding leads to besides the first.
const OTHERS_SHOWN: usize = 4;

/// The entries with the flaw, of one file: those of files that an input includes are counted there, so that a file
/// that several inputs include gives the same finding each time, which is then told once.
pub(super) struct OfFile<'a> {
    /// The entries, in the order of the file. Never empty.
    pub(super) flawed: Vec<&'a Package>,
    /// How many entries of the file could have the flaw.
    pub(super) of: usize,
}

/// The entries of an input that could have a flaw, by file. `has_flaw` is `None` for an entry that cannot have it.
pub(super) fn by_file<'a>(
    input: &'a Input,
    has_flaw: impl Fn(usize, &Package) -> Option<bool>,
) -> Vec<OfFile<'a>> {
    let mut files: BTreeMap<SourceId, BTreeMap<u32, (&'a Package, bool)>> = BTreeMap::new();
    for (index, package) in input.packages.iter().enumerate() {
        if let Some(flaw) = has_flaw(index, package) {
            // A file may be included twice.
            files.entry(package.span.source).or_default().insert(package.span.start, (package, flaw));
        }
    }
    let of_file = files.into_values().map(|entries| OfFile {
        of: entries.len(),
        flawed: entries.into_values().filter(|(_, flaw)| *flaw).map(|(package, _)| package).collect(),
    });
    of_file.filter(|file| !file.flawed.is_empty()).collect()
}

impl OfFile<'_> {
    /// The finding at the first entry, with some of the others.
    pub(super) fn finding(
        &self,
        rule: &'static Rule,
        sources: &Sources,
        message: String,
        label: &dyn Fn(&Package) -> &'static str,
    ) -> Option<Finding> {
        let mut labels = self.flawed.iter().map(|package| Label::new(package.edit_span(), label(package)));
        let mut finding = Finding::new(rule, labels.next()?, message);
        finding.related = labels.take(OTHERS_SHOWN).collect();
        let path = sources.get(finding.primary.span.source).map_or("", SourceFile::path).to_owned();
        finding.evidence = Some(Evidence::Entries { path, count: self.flawed.len(), of: self.of });
        Some(finding)
    }

    /// Whether they stand in the file of the input itself, not in one that it includes.
    pub(super) fn is_own(&self, input: &Input) -> bool {
        let source = self.flawed.first().map(|package| package.span.source);
        input.start.is_some_and(|start| Some(start.source) == source)
    }

    /// "2 of 5 requirements", "both requirements", "its only requirement".
    pub(super) fn counted(&self, noun: &str) -> String {
        match (self.flawed.len(), self.of) {
            (1, 1) => format!("its only {noun}"),
            (2, 2) => format!("both {noun}s"),
            (count, of) if count == of => format!("all {of} {noun}s"),
            (count, of) => format!("{count} of {of} {noun}s"),
        }
    }

    /// The verb that goes with [`Self::counted`].
    pub(super) fn has(&self) -> &'static str {
        if self.flawed.len() == 1 { "has" } else { "have" }
    }
}

/// A file name as a shell takes it.
pub(super) fn shell_word(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./+@".contains(&byte);
    if !name.is_empty() && !name.starts_with('-') && name.bytes().all(plain) {
        return name.to_owned();
    }
    let dashed = if name.starts_with('-') { "./" } else { "" };
    format!("'{dashed}{}'", name.replace('\'', "'\\''"))
}

/// How a requirement file is compiled, with the options given: from the file beside it that people write when there is
/// one. No tool compiles a file into itself.
pub(super) fn compile_step(input: &Input, manifest: Option<&Input>, options: &str) -> String {
    let name = input.file_name();
    let command = |from: &str, to: &str| {
        format!("`uv pip compile {options}{} -o {}`", shell_word(from), shell_word(to))
    };
    match (manifest, name.strip_suffix(".in")) {
        (Some(manifest), _) => format!("run {}", command(manifest.file_name(), name)),
        (None, Some(stem)) => format!("run {}", command(name, &format!("{stem}.txt"))),
        (None, None) => {
            let source = format!("{}.in", name.strip_suffix(".txt").unwrap_or(name));
            format!("copy it to {source} and run {}", command(&source, name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_commands_are_words_of_a_shell() {
        for (name, word) in [
            ("requirements-dev.txt", "requirements-dev.txt"),
            ("my requirements.txt", "'my requirements.txt'"),
            ("-requirements.txt", "'./-requirements.txt'"),
            ("a'; rm requirements.txt", "'a'\\''; rm requirements.txt'"),
            ("$(x)requirements.txt", "'$(x)requirements.txt'"),
            ("", "''"),
        ] {
            assert_eq!(shell_word(name), word);
        }
    }
}
