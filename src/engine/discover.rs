//! Finding dependency files below a folder, without obeying what lies there.
//!
//! No ignore file is read: a hostile merge request could write one. A short list of folder names is passed over
//! instead, and a passed-over folder that holds a dependency file at its top is said.

use std::fs;
use std::path::{Path, PathBuf};

use super::policy_file::POLICY_FILE;
use super::progress::Progress;
use super::tree::Tree;
use crate::inputs::{Detected, detect, setup_lists_requirements};
use crate::model::Note;

/// Folders that tools make and nobody commits.
const PRUNED: [&str; 9] =
    [".venv", "venv", "env", "node_modules", ".tox", ".nox", "__pycache__", "build", "dist"];

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
pub(crate) fn discover(tree: &Tree, folder: &Path, installed: &[PathBuf], progress: &Progress) -> Discovery {
    let mut found = Discovery::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        progress.walked();
        let listing = fs::read_dir(&folder).and_then(std::iter::Iterator::collect::<Result<Vec<_>, _>>);
        let mut entries = match listing {
            Ok(entries) => entries,
            Err(error) => {
                let path = tree.relative(&folder).unwrap_or_default();
                found.unreadable.push((path, super::tree::words(&error)));
                continue;
            }
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let file = entry.path();
            let Some(path) = tree.relative(&file) else { continue };
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let kind = entry.file_type();
            let is_folder = kind.as_ref().is_ok_and(fs::FileType::is_dir);
            let is_link = kind.as_ref().is_ok_and(fs::FileType::is_symlink);
            if is_folder && name == ".git" {
                continue;
            }
            if is_folder && PRUNED.contains(&&*name) {
                note_pruned(&file, &path, &mut found.notes);
                continue;
            }
            if is_folder {
                if !installed.contains(&folder) {
                    folders.push(file.clone());
                }
            } else if is_link && file.is_dir() {
                note_link(tree, &file, &path, &mut found.notes);
                continue;
            }
            if name == POLICY_FILE && !is_folder {
                found.policies.push(file);
                continue;
            }
            match detect(&path) {
                Detected::No => {}
                Detected::Perhaps(kind) if is_folder || !lists_requirements(kind, &file) => {}
                detected => found.candidates.push(Candidate::new(path, file, detected)),
            }
        }
    }
    found.candidates.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

/// Whether a `setup.cfg` or `setup.py` is worth naming. One that cannot be read is.
fn lists_requirements(kind: &str, file: &Path) -> bool {
    super::tree::read_file(file).map_or(true, |bytes| setup_lists_requirements(kind, &bytes))
}

/// Whether a project in a folder says what it asks for in a file that is read.
pub(crate) fn is_project(folder: &Path) -> bool {
    let has = |name: &str| folder.join(name).is_file();
    has("pyproject.toml") || (has("setup.py") && has("setup.cfg"))
}

/// The files at the top of a folder that say what the project in it asks for; none when it is no [project](is_project).
pub(crate) fn manifests_in(folder: &Path) -> Vec<PathBuf> {
    if !is_project(folder) {
        return Vec::new();
    }
    let manifest = Some(folder.join("pyproject.toml")).filter(|manifest| manifest.is_file());
    let old = ["setup.cfg", "setup.py"].into_iter().filter_map(|kind| {
        let file = folder.join(kind);
        (file.is_file() && lists_requirements(kind, &file)).then_some(file)
    });
    manifest.into_iter().chain(old).collect()
}

fn note_pruned(folder: &Path, path: &str, notes: &mut Vec<Note>) {
    if let Some(name) = dependency_file_in(folder) {
        let text = format!("passed over: holds {name}; name the folder to audit it");
        notes.push(Note { path: path.to_owned(), span: None, text });
    }
}

fn note_link(tree: &Tree, link: &Path, path: &str, notes: &mut Vec<Note>) {
    let inside = fs::canonicalize(link).is_ok_and(|real| real.starts_with(tree.limit()));
    if !inside && dependency_file_in(link).is_some() {
        let text = "a link to a folder outside the root that holds dependency files; links are not followed";
        notes.push(Note { path: path.to_owned(), span: None, text: text.to_owned() });
    }
}

/// The first dependency file at the top of a folder.
fn dependency_file_in(folder: &Path) -> Option<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .ok()?
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| matches!(detect(name), Detected::Format(_) | Detected::Unsupported(_)))
        .collect();
    names.sort();
    names.into_iter().next()
}
