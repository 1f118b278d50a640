//! Finding dependency files below a folder, without obeying what lies there.
//!
//! What [`Walls`] leave out is passed over; a passed-over folder that holds a dependency file at its top is said.

use crate::model::Arrange as _;
use std::path::{Path, PathBuf};

use super::file_system::{FileKind, FileSystem, Listed};
use super::policy_file::POLICY_FILE;
use super::progress::Progress;
use super::tree::Tree;
use super::walls::Walls;
use crate::inputs::{Detected, detect, setup_lists_requirements};
use crate::model::Note;

/// A file that was named or found.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    /// Where it lies.
    pub file: PathBuf,
    /// What it is.
    pub detected: Detected,
    /// Its content, when it does not lie on the disk (standard input).
    pub given: Option<Vec<u8>>,
    /// Read only for its lines, beside another input.
    pub companion: bool,
}

impl Candidate {
    /// A file on the disk.
    pub(crate) fn new(path: String, file: PathBuf, detected: Detected) -> Self {
        Self { path, file, detected, given: None, companion: false }
    }

    /// Its file name.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folder it lies in, relative to the root; empty for the root itself.
    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// What lies below a folder.
#[derive(Debug, Default)]
pub(crate) struct Discovery {
    /// The dependency files, by path.
    pub candidates: Vec<Candidate>,
    /// What was passed over.
    pub notes: Vec<Note>,
    /// Policies that lie there. They are not read: the policy is that of the working directory.
    pub policies: Vec<PathBuf>,
    /// Folders that could not be listed: path and reason.
    pub unreadable: Vec<(String, String)>,
}

/// Walks a folder. It is entered whatever its name; links to folders are not followed. Of the `installed` folders only
/// the top is looked at: what lies deeper belongs to an installed package, which its metadata describes.
pub(crate) fn discover(
    tree: &Tree,
    walls: &mut Walls,
    folder: &Path,
    installed: &[PathBuf],
    progress: &Progress,
) -> Discovery {
    let files = tree.files();
    let mut found = Discovery::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        progress.walked();
        let entries = match files.list(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                let path = tree.relative(&folder).unwrap_or_default();
                found.unreadable.push((path, super::tree::words(&error)));
                continue;
            }
        };
        walls.enter(tree, &folder, &entries, &mut found.notes);
        for Listed { name, kind } in entries {
            let file = folder.join(&name);
            let Some(path) = tree.relative(&file) else { continue };
            let name = name.to_string_lossy();
            let is_folder = kind == FileKind::Folder;
            if is_folder && name == ".git" {
                continue;
            }
            if is_folder && walls.leaves_out(&file, &name) {
                note_pruned(files, &file, &path, &mut found.notes);
                continue;
            }
            if is_folder {
                if !installed.contains(&folder) {
                    folders.push(file.clone());
                }
            } else if kind == FileKind::Link && files.is_folder(&file) {
                note_link(tree, &file, &path, &mut found.notes);
                continue;
            }
            if name == POLICY_FILE && !is_folder {
                found.policies.push(file);
                continue;
            }
            match detect(&path) {
                Detected::No => {}
                Detected::Perhaps(kind) if is_folder || !lists_requirements(files, kind, &file) => {}
                detected => found.candidates.push(Candidate::new(path, file, detected)),
            }
        }
    }
    found.candidates.arrange_by(|left, right| left.path.cmp(&right.path));
    found
}

/// Whether a `setup.cfg` or `setup.py` is worth naming. One that cannot be read is.
fn lists_requirements(files: &FileSystem, kind: &str, file: &Path) -> bool {
    files.read(file).map_or(true, |bytes| setup_lists_requirements(kind, &bytes))
}

/// Whether a project in a folder says what it asks for in a file that is read.
pub(crate) fn is_project(files: &FileSystem, folder: &Path) -> bool {
    let has = |name: &str| files.is_file(&folder.join(name));
    has("pyproject.toml") || (has("setup.py") && has("setup.cfg"))
}

/// The files at the top of a folder that say what the project in it asks for; none when it is no [project](is_project).
pub(crate) fn manifests_in(files: &FileSystem, folder: &Path) -> Vec<PathBuf> {
    if !is_project(files, folder) {
        return Vec::new();
    }
    let manifest = Some(folder.join("pyproject.toml")).filter(|manifest| files.is_file(manifest));
    let old = ["setup.cfg", "setup.py"].into_iter().filter_map(|kind| {
        let file = folder.join(kind);
        (files.is_file(&file) && lists_requirements(files, kind, &file)).then_some(file)
    });
    manifest.into_iter().chain(old).collect()
}

fn note_pruned(files: &FileSystem, folder: &Path, path: &str, notes: &mut Vec<Note>) {
    if let Some(name) = dependency_file_in(files, folder) {
        let text = format!("passed over: holds {name}; name the folder to audit it");
        notes.push(Note { path: path.to_owned(), span: None, text });
    }
}

fn note_link(tree: &Tree, link: &Path, path: &str, notes: &mut Vec<Note>) {
    let inside = tree.files().canonicalize(link).is_ok_and(|real| real.starts_with(tree.limit()));
    if !inside && dependency_file_in(tree.files(), link).is_some() {
        let text = "a link to a folder outside the root that holds dependency files; links are not followed";
        notes.push(Note { path: path.to_owned(), span: None, text: text.to_owned() });
    }
}

/// The first dependency file at the top of a folder.
fn dependency_file_in(files: &FileSystem, folder: &Path) -> Option<String> {
    let entries = files.list(folder).ok()?;
    let names = entries.iter().filter(|entry| entry.kind != FileKind::Folder);
    names
        .map(|entry| entry.name.to_string_lossy().into_owned())
        .find(|name| matches!(detect(name), Detected::Format(_) | Detected::Unsupported(_)))
}
