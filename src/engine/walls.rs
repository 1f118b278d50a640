//! Which folders a walk does not enter, without obeying what lies there.
//!
//! Folders that tools make and nobody commits are known by name; others by `.gitignore`. Neither counts for a folder
//! below which git tracks something: whoever proposes a change can write an ignore file, but cannot have git forget a
//! file. Without an index that can be read, no ignore file counts. `.ignore`, `.git/info/exclude` and what git's
//! configuration names are never read.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use super::file_system::{FileKind, Listed};
use super::git::{Ignored, Tracked, locate};
use super::tree::Tree;
use crate::model::Note;

/// Folders that tools make and nobody commits.
const PRUNED: [&str; 9] =
    [".venv", "venv", "env", "node_modules", ".tox", ".nox", "__pycache__", "build", "dist"];

/// The name of an ignore file.
const IGNORE_FILE: &str = ".gitignore";

/// What keeps a walk out.
#[derive(Debug, Default)]
pub(crate) struct Walls {
    repository: Option<Repository>,
}

#[derive(Debug)]
struct Repository {
    located: super::git::Located,
    ignored: Ignored,
    /// Read when it is first asked: most walks meet nothing that would be left out.
    tracked: OnceCell<Option<Tracked>>,
}

impl Walls {
    /// The walls of a walk that begins in a folder of a tree. In the files of a commit there are none: all of them are
    /// tracked.
    pub(crate) fn new(tree: &Tree, folder: &Path) -> Self {
        let located = if tree.files().is_disk() { locate(folder) } else { None };
        let mut repository = located.map(|located| Repository {
            located,
            ignored: Ignored::default(),
            tracked: OnceCell::new(),
        });
        // The ignore files above the folder count for what lies in it.
        if let Some(repository) = &mut repository {
            let top = repository.located.top.clone();
            let above: Vec<&Path> =
                folder.ancestors().skip(1).take_while(|above| above.starts_with(&top)).collect();
            for folder in above.into_iter().rev() {
                repository.enter(folder, folder.join(IGNORE_FILE).is_file());
            }
        }
        Self { repository }
    }

    /// Enters a folder that holds these entries.
    pub(crate) fn enter(&mut self, tree: &Tree, folder: &Path, entries: &[Listed], notes: &mut Vec<Note>) {
        let Some(repository) = &mut self.repository else { return };
        let has_file = entries.iter().any(|entry| entry.kind == FileKind::File && entry.name == IGNORE_FILE);
        if !repository.enter(folder, has_file) {
            let path = tree.relative(&folder.join(IGNORE_FILE)).unwrap_or_default();
            let text =
                "not honoured: too large, too many patterns, or one that is too long or has too many `*`";
            notes.push(Note { path, span: None, text: text.to_owned() });
        }
    }

    /// Whether a folder, in the one that was entered last, is not entered.
    pub(crate) fn leaves_out(&self, folder: &Path, name: &str) -> bool {
        let is_known = PRUNED.contains(&name);
        let Some(repository) = &self.repository else { return is_known };
        let Some(below) = repository.below(folder) else { return is_known };
        if !is_known && !repository.ignored.leaves_out(&below) {
            return false;
        }
        match repository.tracked() {
            Some(tracked) => !tracked.holds(&below),
            None => is_known,
        }
    }

    /// Whether git tracks a file at this place, or anything below it.
    pub(crate) fn tracks(&self, path: &Path) -> bool {
        let Some(repository) = &self.repository else { return false };
        let below = repository.below(path);
        below.is_some_and(|below| repository.tracked().is_some_and(|tracked| tracked.holds(&below)))
    }
}

impl Repository {
    /// False when the ignore file that lies there is not honoured.
    fn enter(&mut self, folder: &Path, has_file: bool) -> bool {
        let Some(below) = self.below(folder) else { return true };
        let file: PathBuf = folder.join(IGNORE_FILE);
        // An ignore file that is a link is not followed, as git does not.
        let is_plain = has_file && file.symlink_metadata().is_ok_and(|data| data.is_file());
        let text = if is_plain { super::tree::read_file(&file).ok() } else { None };
        self.ignored.enter(&below, text.as_deref())
    }

    /// The path below the top of the repository, with `/`.
    fn below(&self, path: &Path) -> Option<String> {
        let below = path.strip_prefix(&self.located.top).ok()?;
        Some(below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
    }

    fn tracked(&self) -> Option<&Tracked> {
        self.tracked.get_or_init(|| Tracked::read(&self.located)).as_ref()
    }
}
