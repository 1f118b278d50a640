//! The files of a commit, read as if they lay on the disk.

use std::collections::HashMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use gix_hash::ObjectId;
use gix_object::tree::EntryKind;
use gix_object::{FindExt as _, FindHeader as _};

use crate::engine::file_system::{FileKind, Listed};
use crate::engine::tree::LARGEST_FILE;

/// How many links one path may lead through, as Linux allows.
const MOST_LINKS: usize = 40;

/// How many folders are listed: a tree that names one subtree again and again has more than any disk.
const MOST_FOLDERS: usize = 250_000;

/// One entry of a folder.
#[derive(Debug, Clone)]
struct Entry {
    kind: EntryKind,
    id: ObjectId,
}

type Folder = Arc<HashMap<String, Entry>>;

/// The files of a commit.
pub(crate) struct Commit {
    /// The folder under which they stand: that of the working tree.
    top: PathBuf,
    inner: Mutex<Inner>,
}

struct Inner {
    objects: gix_odb::Handle,
    /// By their path below the top.
    folders: HashMap<PathBuf, Option<Folder>>,
    root: ObjectId,
}

impl std::fmt::Debug for Commit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Commit").field("top", &self.top).finish_non_exhaustive()
    }
}

impl Commit {
    /// The files of a tree, under a folder.
    pub(super) fn new(top: PathBuf, objects: gix_odb::Handle, root: ObjectId) -> Self {
        Self { top, inner: Mutex::new(Inner { objects, folders: HashMap::new(), root }) }
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The path without links; what leads out of the commit is given as it leads.
    pub(crate) fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        let mut inner = self.inner();
        let mut links = 0;
        let mut done = PathBuf::new();
        // What is still to be walked, the next part last.
        let mut rest: Vec<PathBuf> = parts(path);
        while let Some(part) = rest.pop() {
            if part.as_os_str() == ".." {
                done.pop();
                continue;
            }
            done.push(&part);
            let Ok(below) = done.strip_prefix(&self.top) else { continue };
            if below.as_os_str().is_empty() {
                continue;
            }
            let entry = inner.entry(below).ok_or_else(not_found)?;
            if entry.kind != EntryKind::Link {
                continue;
            }
            links += 1;
            if links > MOST_LINKS {
                return Err(io::Error::other("too many links"));
            }
            let target = inner.blob(&entry.id, 64 * 1024).map_err(io::Error::other)?;
            let target = String::from_utf8(target).map_err(|_| not_found())?;
            if target.starts_with('/') {
                done = PathBuf::new();
            } else {
                done.pop();
            }
            rest.extend(parts(Path::new(&target)));
        }
        Ok(done)
    }

    /// What an entry is; links are not followed.
    pub(crate) fn kind(&self, path: &Path) -> Option<FileKind> {
        let parent = self.canonicalize(path.parent()?).ok()?;
        let path = match path.file_name() {
            Some(name) => parent.join(name),
            None => parent,
        };
        let below = path.strip_prefix(&self.top).ok()?;
        if below.as_os_str().is_empty() {
            return Some(FileKind::Folder);
        }
        self.inner().entry(below).map(|entry| kind(entry.kind))
    }

    /// The content of a file; links are followed.
    pub(crate) fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let real = self.canonicalize(path).map_err(|error| crate::engine::tree::words(&error))?;
        let below = real.strip_prefix(&self.top).map_err(|_| "is a link that leads outside".to_owned())?;
        let mut inner = self.inner();
        let entry = inner.entry(below).ok_or_else(|| "there is no such file".to_owned())?;
        if !matches!(entry.kind, EntryKind::Blob | EntryKind::BlobExecutable) {
            return Err("is not a regular file".to_owned());
        }
        inner.blob(&entry.id, LARGEST_FILE)
    }

    /// What a folder holds, in no order.
    pub(crate) fn list(&self, path: &Path) -> io::Result<Vec<Listed>> {
        let real = self.canonicalize(path)?;
        let below = real.strip_prefix(&self.top).map_err(|_| not_found())?;
        let folder = self.inner().folder(below).ok_or_else(not_found)?;
        let listed = folder.iter().map(|(name, entry)| Listed { name: name.into(), kind: kind(entry.kind) });
        Ok(listed.collect())
    }
}

impl Inner {
    fn entry(&mut self, below: &Path) -> Option<Entry> {
        let folder = self.folder(below.parent()?)?;
        folder.get(below.file_name()?.to_str()?).cloned()
    }

    fn folder(&mut self, below: &Path) -> Option<Folder> {
        if let Some(known) = self.folders.get(below) {
            return known.clone();
        }
        if self.folders.len() >= MOST_FOLDERS {
            return None;
        }
        let id = match below.file_name() {
            None => Some(self.root),
            Some(_) => self.entry(below).filter(|entry| entry.kind == EntryKind::Tree).map(|entry| entry.id),
        };
        let folder = id.and_then(|id| self.tree(&id));
        self.folders.insert(below.to_owned(), folder.clone());
        folder
    }

    fn tree(&self, id: &ObjectId) -> Option<Folder> {
        let mut buffer = Vec::new();
        let tree = self.objects.find_tree_iter(id, &mut buffer).ok()?;
        let mut entries = HashMap::new();
        for entry in tree {
            let entry = entry.ok()?;
            // A name that is no name of a file would lead elsewhere.
            let name = String::from_utf8_lossy(entry.filename).into_owned();
            if name.is_empty() || matches!(&*name, "." | "..") || name.contains(['/', '\0']) {
                continue;
            }
            entries.insert(name, Entry { kind: entry.mode.kind(), id: entry.oid.to_owned() });
        }
        Some(Arc::new(entries))
    }

    fn blob(&self, id: &ObjectId, largest: u64) -> Result<Vec<u8>, String> {
        let absent = || "its content is not in this clone: fetch it with `git fetch --refetch`".to_owned();
        let header = self.objects.try_header(id).ok().flatten().ok_or_else(absent)?;
        if header.size > largest {
            return Err(format!("is larger than {} MiB", largest / 1024 / 1024));
        }
        let mut buffer = Vec::new();
        self.objects.find_blob(id, &mut buffer).map_err(|_| absent())?;
        Ok(buffer)
    }
}

fn kind(kind: EntryKind) -> FileKind {
    match kind {
        EntryKind::Tree => FileKind::Folder,
        EntryKind::Blob | EntryKind::BlobExecutable => FileKind::File,
        EntryKind::Link => FileKind::Link,
        EntryKind::Commit => FileKind::Other,
    }
}

/// The parts of a path, the last one first; without `.`.
fn parts(path: &Path) -> Vec<PathBuf> {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    let mut parts: Vec<PathBuf> = parts.map(|part| PathBuf::from(part.as_os_str())).collect();
    parts.reverse();
    parts
}

fn not_found() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}
