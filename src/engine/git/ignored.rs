//! Which folders `.gitignore` leaves out, and what git's index says against it.
//!
//! Whoever proposes a change can write a `.gitignore`; nobody can track a file and have git not know it. So a folder is
//! left out only when an ignore file says so *and* the index tracks nothing below it. Not read: `.git/info/exclude` and
//! what git's configuration names, which nobody who reads the report can see.

use std::path::Path;

use gix_ignore::Search;
use gix_ignore::glob::pattern::{Case, Mode};
use gix_object::bstr::BStr;

use super::repository::Located;

/// An ignore file that is larger is not honoured: what it would leave out is read.
const LARGEST: usize = 1024 * 1024;

/// A pattern with more stars can take for ever to be matched.
const MOST_STARS: usize = 8;

/// A longer pattern is none that a person writes.
const LONGEST_PATTERN: usize = 1024;

/// More patterns at once, of all ignore files that count, cost time at every folder.
const MOST_PATTERNS: usize = 5000;

/// The ignore files from the top of a repository down to a folder.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    search: Search,
    /// The folders whose ignore files count now, and how many lists there were before each.
    above: Vec<String>,
}

impl Ignored {
    /// Enters a folder (below the top of the repository, with `/`; empty for the top) with the text of its ignore file.
    /// False when the file cannot be honoured: one of its patterns is none that a person writes.
    pub(crate) fn enter(&mut self, folder: &str, text: Option<&[u8]>) -> bool {
        // The walk goes down one branch after the other: what does not lie above this folder is over.
        while self.above.last().is_some_and(|above| !is_below(folder, above)) {
            self.above.pop();
            self.search.patterns.pop();
        }
        let Some(text) = text else { return true };
        let known: usize = self.search.patterns.iter().map(|list| list.patterns.len()).sum();
        if !is_bearable(text, MOST_PATTERNS.saturating_sub(known)) {
            return false;
        }
        let (source, root) = (Path::new("/").join(folder).join(".gitignore"), Path::new("/"));
        let added =
            self.search.add_patterns_buffer(text, source, Some(root), gix_ignore::search::Ignore::default());
        if added.is_ok() {
            self.above.push(folder.to_owned());
        }
        added.is_ok()
    }

    /// Whether a folder (below the top, with `/`) in the folder that was entered last is left out.
    pub(crate) fn leaves_out(&self, folder: &str) -> bool {
        let found =
            self.search.pattern_matching_relative_path(BStr::new(folder), Some(true), Case::Sensitive);
        found.is_some_and(|found| !found.pattern.mode.contains(Mode::NEGATIVE))
    }
}

fn is_below(folder: &str, above: &str) -> bool {
    above.is_empty()
        || folder == above
        || folder.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

fn is_bearable(text: &[u8], most: usize) -> bool {
    let stars = |line: &[u8]| memchr::memchr_iter(b'*', line).count();
    let is_plain = |line: &[u8]| line.len() <= LONGEST_PATTERN && stars(line) <= MOST_STARS;
    let has_few = || memchr::memchr_iter(b'\n', text).count() <= most;
    text.len() <= LARGEST && has_few() && text.split(|byte| *byte == b'\n').all(is_plain)
}

/// What git's index tracks.
#[derive(Debug)]
pub(crate) struct Tracked {
    index: gix_index::File,
}

impl Tracked {
    /// Reads the index; `None` when there is none, or one that we cannot read whole.
    pub(crate) fn read(located: &Located) -> Option<Self> {
        let options = gix_index::decode::Options { thread_limit: Some(1), ..Default::default() };
        let index = gix_index::File::at(located.index(), gix_hash::Kind::Sha1, false, options).ok()?;
        // The entries of a split index lie in another file; a list out of order would hide some from a search.
        let in_order = index.entries().is_sorted_by(|left, right| left.path(&index) <= right.path(&index));
        (index.link().is_none() && in_order).then_some(Self { index })
    }

    /// Whether a file or submodule is tracked in a folder or anywhere below it, or the path itself is one.
    pub(crate) fn holds(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.index.prefixed_entries_range(BStr::new(folder.as_str())).is_some_and(|range| !range.is_empty())
            || self.index.entry_range(BStr::new(path)).is_some_and(|range| !range.is_empty())
    }
}
