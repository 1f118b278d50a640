//! The files of a run: where the root is, what lies below it, and reading that never leaves it.
//!
//! Everything that reads a dependency file or an include goes through [`Tree::read`] and [`Tree::include`], so that
//! the rules about roots, links, sizes and odd files are written once.

use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use super::file_system::{FileKind, FileSystem};
use crate::inputs::{Included, Refusal};

/// A file larger than this is not read.
pub(crate) const LARGEST_FILE: u64 = 256 * 1024 * 1024;

/// The folder that a run must not leave.
#[derive(Debug, Clone)]
pub struct Tree {
    root: PathBuf,
    limit: PathBuf,
    files: FileSystem,
}

impl Tree {
    /// The tree whose paths are shown relative to `root` and from which nothing outside `limit` (the root itself, or
    /// a folder below it) is read. Both are absolute and without links.
    pub fn new(root: PathBuf, limit: PathBuf) -> Self {
        Self { root, limit, files: FileSystem::Disk }
    }

    /// The same, read from somewhere else.
    pub(crate) fn of(files: FileSystem, root: PathBuf, limit: PathBuf) -> Self {
        Self { root, limit, files }
    }

    /// Where its files are read from.
    pub(crate) fn files(&self) -> &FileSystem {
        &self.files
    }

    /// The same tree, read from the disk: for what no commit holds.
    pub(crate) fn on_disk(&self) -> Self {
        Self { files: FileSystem::Disk, ..self.clone() }
    }

    /// The folder that nothing read through this tree leaves.
    pub fn limit(&self) -> &Path {
        &self.limit
    }

    /// The root for a path when nobody gave one: the nearest folder upwards with a `.git`, else the working
    /// directory when it contains the path, else the path's own folder.
    pub fn root_for(folder: &Path, working_directory: &Path) -> PathBuf {
        let with_git = folder.ancestors().find(|ancestor| ancestor.join(".git").symlink_metadata().is_ok());
        match with_git {
            Some(repository) => repository.to_owned(),
            None if folder.starts_with(working_directory) => working_directory.to_owned(),
            None => folder.to_owned(),
        }
    }

    /// The path relative to the root with `/`, when the (absolute, link-free) path lies in it; empty for the root.
    pub fn relative(&self, path: &Path) -> Option<String> {
        let below = path.strip_prefix(&self.root).ok()?;
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        Some(parts.join("/"))
    }

    /// Reads a file below the root.
    ///
    /// # Errors
    /// Words for people: missing, no permission, a folder, a link that leads nowhere or outside the root, a device,
    /// a file that is too large.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let real = self.files.canonicalize(path).map_err(|error| {
            let is_link = self.files.kind(path).is_ok_and(|kind| kind == FileKind::Link);
            if is_link && error.kind() == std::io::ErrorKind::NotFound {
                "is a link that leads nowhere".to_owned()
            } else {
                words(&error)
            }
        })?;
        if !real.starts_with(&self.limit) {
            return Err("is a link that leads outside the root: pass --root to widen it".to_owned());
        }
        self.files.read(&real)
    }

    /// Reads what `target`, written in the file at `from` (relative to the root), names.
    pub fn include(&self, from: &str, target: &str) -> Result<Included, Refusal> {
        let refuse = |why: &str| Err(Refusal { why: why.to_owned() });
        let target =
            target.strip_prefix("file://").or_else(|| target.strip_prefix("file:")).unwrap_or(target);
        if target.contains('\0') {
            return refuse("the path holds a NUL character");
        }
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let wanted = normalise(&self.root.join(folder).join(target));
        if !wanted.starts_with(&self.limit) {
            return refuse("leads outside the root and is not read: pass --root to widen it");
        }
        let real = match self.files.canonicalize(&wanted) {
            Ok(real) => real,
            Err(error) => return refuse(&words(&error)),
        };
        let Some(path) = self.relative(&real).filter(|_| real.starts_with(&self.limit)) else {
            return refuse("is a link that leads outside the root and is not read: pass --root to widen it");
        };
        match self.files.read(&real) {
            Ok(bytes) => Ok(Included { path, bytes }),
            Err(why) => Err(Refusal { why }),
        }
    }

    /// The names of what lies in a folder (relative to the root), sorted.
    pub fn list(&self, folder: &str) -> Result<Vec<String>, Refusal> {
        let refuse = |why: String| Refusal { why };
        let Some(real) = self.resolve("", folder) else {
            return Err(refuse("leads outside the root or to nothing: pass --root to widen it".to_owned()));
        };
        let entries = self.files.list(&real).map_err(|error| refuse(words(&error)))?;
        Ok(entries.iter().map(|entry| entry.name.to_string_lossy().into_owned()).collect())
    }

    /// The absolute path of a path that a file at `from` (relative to the root) names, without links; `None` when it
    /// does not exist or lies outside the root.
    pub fn resolve(&self, folder: &str, target: &str) -> Option<PathBuf> {
        if target.contains('\0') {
            return None;
        }
        let wanted = normalise(&self.root.join(folder).join(target));
        if !wanted.starts_with(&self.limit) {
            return None;
        }
        self.files.canonicalize(&wanted).ok().filter(|real| real.starts_with(&self.limit))
    }
}

/// Reads a regular file of a bearable size.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    // Looked at before it is opened: opening a named pipe would wait for ever.
    let data = fs::metadata(path).map_err(|error| words(&error))?;
    if data.is_dir() {
        return Err("is a folder where a file was expected".to_owned());
    }
    if !data.is_file() {
        return Err("is not a regular file".to_owned());
    }
    if data.len() > LARGEST_FILE {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(data.len()).unwrap_or(0) + 1);
    let file = fs::File::open(path).map_err(|error| words(&error))?;
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| words(&error))?;
    if bytes.len() as u64 > LARGEST_FILE { Err(too_large()) } else { Ok(bytes) }
}

fn too_large() -> String {
    format!("is larger than {} MiB", LARGEST_FILE / 1024 / 1024)
}

/// An I/O error in words, without the number.
pub fn words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => {
            let text = error.to_string();
            let plain = text.split(" (os error").next().unwrap_or(&text);
            plain
                .chars()
                .next()
                .map_or_else(String::new, |first| first.to_lowercase().chain(plain.chars().skip(1)).collect())
        }
    }
}

/// Takes `.` and `..` out of an absolute path without looking at the disk.
pub(crate) fn normalise(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}
