//! Where a finding stands, for formats that speak of files of a repository only.
//!
//! Some findings stand in no such file: in the command line, the advisory database, a policy outside the root. Then the
//! place is that of a related line, else of the first file that was audited, and `elsewhere` says where it really is.

use std::collections::HashSet;

use crate::model::{Finding, Location, Report, SourceMap};

/// A place in a file below the root.
pub(super) struct FilePlace {
    pub(super) location: Location,
    /// It is only there for want of a better one: what the finding stands in, in words.
    pub(super) elsewhere: Option<String>,
}

/// The place of a finding; `None` when no file was audited.
#[inline(never)]
pub(super) fn file_place(finding: &Finding, report: &Report, sources: &SourceMap) -> Option<FilePlace> {
    let primary = sources.location(finding.primary.span);
    if is_in_tree(&primary.path) {
        return Some(FilePlace { location: primary, elsewhere: None });
    }
    let mut related = finding.related.iter().map(|label| sources.location(label.span));
    let location = related
        .find(|location| is_in_tree(&location.path))
        .or_else(|| first_input(report).map(whole_file))?;
    Some(FilePlace { location, elsewhere: Some(words(&primary.path)) })
}

/// The first file that was audited.
pub(super) fn first_input(report: &Report) -> Option<&str> {
    report.inputs.iter().map(|input| input.path.as_str()).find(|path| is_in_tree(path))
}

/// The first line of a file.
pub(super) fn whole_file(path: &str) -> Location {
    Location { path: path.to_owned(), line: 1, column: 1, end_line: 1, end_column: 1 }
}

/// Whether a path leads to a file below the root: neither `<command line>`, nor absolute, nor upwards.
pub(super) fn is_in_tree(path: &str) -> bool {
    let has_drive = matches!(path.as_bytes(), [_, b':', b'/' | b'\\', ..]);
    let leads_out = path.starts_with(['/', '\\', '<']) || path.split('/').any(|part| part == "..");
    !path.is_empty() && !has_drive && !leads_out
}

/// What something stands in that is no file below the root. No folder of the machine is told.
pub(super) fn words(path: &str) -> String {
    match path.strip_prefix('<').and_then(|path| path.strip_suffix('>')) {
        Some(name) => format!("the {name}"),
        None => path.rsplit(['/', '\\']).next().unwrap_or("").to_owned(),
    }
}

/// The files that list what they pull in: locks.
pub(super) struct Locks<'a>(HashSet<&'a str>);

impl<'a> Locks<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let locks =
            report.inputs.iter().filter(|input| input.closed == Some(true) && is_in_tree(&input.path));
        Self(locks.map(|input| input.path.as_str()).collect())
    }

    /// The file that tells what is installed, when a finding stands in several: a lock before a manifest. Of what stands
    /// in no file below the root, and has none beside it, only the name: an entry without a file would be no entry.
    #[inline(never)]
    pub(super) fn file_of(&self, finding: &Finding, report: &Report, sources: &SourceMap) -> String {
        let spans = std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.span);
        let mut paths = spans.filter_map(|span| sources.get(span.source).map(crate::model::SourceFile::path));
        let lock = paths.find(|path| self.0.contains(path)).map(str::to_owned);
        lock.or_else(|| file_place(finding, report, sources).map(|place| place.location.path)).unwrap_or_else(
            || {
                let name = words(&sources.location(finding.primary.span).path);
                if name.is_empty() { ".".to_owned() } else { name }
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_root_are_in_the_tree() {
        for path in ["a.txt", "a/b.txt", "a b/ä:.txt", "..a/b..", "c:x"] {
            assert!(is_in_tree(path), "{path}");
        }
        for path in ["", "/etc/x", "<command line>", "../a", "a/../b", "C:/x", "C:\\x", "\\\\host\\x"] {
            assert!(!is_in_tree(path), "{path}");
        }
        assert_eq!(words("<advisory database>"), "the advisory database");
        assert_eq!(words("/home/ada/own.store"), "own.store");
    }
}
