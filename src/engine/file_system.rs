//! Where files are read from: the disk as it is now, or a commit of a git repository.
//!
//! The files of a commit stand under the same absolute paths as those of the working tree, so that the rest of the engine
//! does not see the difference.

use crate::model::Arrange as _;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::git::Commit;
use super::tree::read_file;

/// What lies under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A device, a pipe, a submodule.
    Other,
}

/// One entry of a folder; links are not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) name: OsString,
    pub(crate) kind: FileKind,
}

/// Where files are read from.
#[derive(Debug, Clone, Default)]
pub(crate) enum FileSystem {
    /// The disk.
    #[default]
    Disk,
    /// A commit.
    Commit(Arc<Commit>),
}

impl FileSystem {
    /// Whether it is the disk.
    pub(crate) fn is_disk(&self) -> bool {
        matches!(self, Self::Disk)
    }

    /// The path without links.
    ///
    /// # Errors
    /// It does not exist.
    pub(crate) fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        match self {
            Self::Disk => fs::canonicalize(path),
            Self::Commit(commit) => commit.canonicalize(path),
        }
    }

    /// What lies there; links are not followed.
    ///
    /// # Errors
    /// It does not exist.
    pub(crate) fn kind(&self, path: &Path) -> io::Result<FileKind> {
        match self {
            Self::Disk => fs::symlink_metadata(path).map(|data| kind(data.file_type())),
            Self::Commit(commit) => commit.kind(path).ok_or_else(|| io::ErrorKind::NotFound.into()),
        }
    }

    /// What lies there; links are followed.
    fn followed(&self, path: &Path) -> Option<FileKind> {
        match self {
            Self::Disk => fs::metadata(path).ok().map(|data| kind(data.file_type())),
            Self::Commit(commit) => commit.canonicalize(path).ok().and_then(|real| commit.kind(&real)),
        }
    }

    /// Whether a regular file lies there, or a link to one.
    pub(crate) fn is_file(&self, path: &Path) -> bool {
        self.followed(path) == Some(FileKind::File)
    }

    /// Whether a folder lies there, or a link to one.
    pub(crate) fn is_folder(&self, path: &Path) -> bool {
        self.followed(path) == Some(FileKind::Folder)
    }

    /// The content of a regular file of a bearable size; links are followed.
    ///
    /// # Errors
    /// Words for people.
    pub(crate) fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        match self {
            Self::Disk => read_file(path),
            Self::Commit(commit) => commit.read(path),
        }
    }

    /// What a folder holds, by name.
    ///
    /// # Errors
    /// It cannot be listed.
    pub(crate) fn list(&self, folder: &Path) -> io::Result<Vec<Listed>> {
        let mut listed = match self {
            Self::Disk => {
                let listed = |entry: io::Result<fs::DirEntry>| {
                    let entry = entry?;
                    let kind = entry.file_type().map_or(FileKind::Other, kind);
                    Ok(Listed { name: entry.file_name(), kind })
                };
                fs::read_dir(folder)?.map(listed).collect::<io::Result<Vec<_>>>()?
            }
            Self::Commit(commit) => commit.list(folder)?,
        };
        listed.arrange_by(|left, right| left.name.cmp(&right.name));
        Ok(listed)
    }
}

impl FileSystem {
    /// Writes what lies at `from` to the disk: a file, or the files of a folder; links are left out.
    ///
    /// # Errors
    /// Words for people.
    pub(crate) fn copy(&self, from: &Path, to: &Path) -> Result<(), String> {
        let mut rest = vec![(from.to_owned(), to.to_owned())];
        let mut copied = 0;
        while let Some((from, to)) = rest.pop() {
            copied += 1;
            if copied > MOST_COPIED {
                return Err(format!("holds more than {MOST_COPIED} files"));
            }
            let into = if self.is_folder(&from) { Some(to.as_path()) } else { to.parent() };
            into.map_or(Ok(()), fs::create_dir_all).map_err(|error| super::tree::words(&error))?;
            if !self.is_folder(&from) {
                fs::write(&to, self.read(&from)?).map_err(|error| super::tree::words(&error))?;
                continue;
            }
            for entry in self.list(&from).map_err(|error| super::tree::words(&error))? {
                if matches!(entry.kind, FileKind::File | FileKind::Folder) {
                    rest.push((from.join(&entry.name), to.join(&entry.name)));
                }
            }
        }
        Ok(())
    }
}

/// How many files are copied.
const MOST_COPIED: usize = 100_000;

fn kind(kind: fs::FileType) -> FileKind {
    match () {
        () if kind.is_symlink() => FileKind::Link,
        () if kind.is_dir() => FileKind::Folder,
        () if kind.is_file() => FileKind::File,
        () => FileKind::Other,
    }
}
