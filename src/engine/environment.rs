//! Where packages are installed: the `site-packages` folders of virtual environments.

use crate::model::Arrange as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::discover::Candidate;
use super::error::Error;
use super::tree::{Tree, words};
use super::walls::Walls;
use crate::inputs::{Detected, installed};
use crate::model::Note;

/// The file that makes a folder a virtual environment (PEP 405).
const MARK: &str = "pyvenv.cfg";

/// A `site-packages` folder as an input.
///
/// # Errors
/// A folder that cannot be listed, or that holds no installed package: a wrong folder must not look clean.
pub(super) fn named(folder: &Path, here: &Path, root: &Path) -> Result<(Candidate, Tree), Error> {
    let shown = folder.display();
    let cannot = |why: String| Error::new(format!("cannot audit what is installed in {shown}: {why}"));
    let real = fs::canonicalize(here.join(folder)).map_err(|error| cannot(words(&error)))?;
    if !holds_packages(&real).map_err(|error| cannot(words(&error)))? {
        let error = cannot("no installed package there".to_owned());
        return Err(error.help(
            "name the folder that holds the *.dist-info folders, such as .venv/lib/python3.12/site-packages",
        ));
    }
    // What is installed may lie outside the root, or be it: then paths begin with the name of the folder.
    let parent = real.parent().unwrap_or(&real);
    let root = if real.starts_with(root) && real != root { root } else { parent };
    let tree = Tree::new(root.to_owned(), real.clone());
    Ok((candidate(&tree, real), tree))
}

/// What is installed where a walk begins.
#[derive(Debug, Default)]
pub(super) struct Environment {
    /// The `site-packages` folders.
    pub(super) candidates: Vec<Candidate>,
    /// Those that the walk need not look into: what lies in them belongs to installed packages.
    pub(super) closed: Vec<PathBuf>,
}

/// The `site-packages` folders of a virtual environment; none when the folder is not one. Those of one that is committed
/// are walked as well: nobody commits an environment, but somebody may want a folder to look like one.
pub(super) fn of_environment(
    tree: &Tree,
    walls: &Walls,
    folder: &Path,
    notes: &mut Vec<Note>,
) -> Environment {
    let mark = folder.join(MARK);
    if !tree.files().is_disk() || !mark.is_file() {
        return Environment::default();
    }
    let candidates = site_packages(tree, folder);
    if walls.tracks(&mark) {
        let path = tree.relative(&mark).unwrap_or_default();
        let text = "git tracks it: what lies in the environment is read as any other file, too".to_owned();
        notes.push(Note { path, span: None, text });
        return Environment { candidates, closed: Vec::new() };
    }
    let closed = candidates.iter().map(|candidate| candidate.file.clone()).collect();
    Environment { candidates, closed }
}

fn site_packages(tree: &Tree, folder: &Path) -> Vec<Candidate> {
    let mut found = vec![folder.join("Lib").join("site-packages")];
    if let Ok(entries) = fs::read_dir(folder.join("lib")) {
        let versions = entries.filter_map(Result::ok).map(|entry| entry.path());
        found.extend(versions.map(|version| version.join("site-packages")));
    }
    found.arrange();
    let mut real: Vec<PathBuf> =
        found.into_iter().filter_map(|folder| fs::canonicalize(folder).ok()).collect();
    real.retain(|folder| folder.starts_with(tree.limit()) && holds_packages(folder).unwrap_or(false));
    real.dedup();
    real.into_iter().map(|folder| candidate(tree, folder)).collect()
}

fn candidate(tree: &Tree, folder: PathBuf) -> Candidate {
    let path = tree.relative(&folder).unwrap_or_else(|| folder.to_string_lossy().into_owned());
    Candidate::new(path, folder, Detected::Format(&installed::FORMAT))
}

fn holds_packages(folder: &Path) -> std::io::Result<bool> {
    let names: Result<Vec<_>, _> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect();
    let names: Vec<_> = names?.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    Ok(installed::holds_packages(names.iter().map(String::as_str)))
}
