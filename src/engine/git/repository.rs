//! Where a repository lies, and its objects and references.

use std::path::{Path, PathBuf};

use gix_hash::ObjectId;
use gix_object::{FindExt as _, FindHeader as _, Kind};

use super::commit::Commit;
use super::revision;
use crate::engine::error::Error;

/// No object larger than this is read: as no file is.
const LARGEST_OBJECT: usize = 256 * 1024 * 1024;

/// The files of git itself that say where others lie are short.
const LONGEST_POINTER: u64 = 64 * 1024;

/// Where a repository lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Located {
    /// The folder whose files it tracks.
    pub(crate) top: PathBuf,
    /// `.git`, or where it says that the rest lies.
    pub(crate) folder: PathBuf,
    /// Where objects and branches lie: of a linked worktree somewhere else.
    common: PathBuf,
}

impl Located {
    /// The file that lists what is tracked.
    pub(crate) fn index(&self) -> PathBuf {
        self.folder.join("index")
    }
}

/// The repository that a folder belongs to: the nearest `.git` upwards, a folder or the file of a linked worktree or
/// submodule (gitrepository-layout(5)).
pub(crate) fn locate(folder: &Path) -> Option<Located> {
    let top = folder.ancestors().find(|ancestor| ancestor.join(".git").symlink_metadata().is_ok())?;
    let dot = top.join(".git");
    let folder = if dot.is_dir() { dot } else { pointer(&dot, "gitdir: ")? };
    let common = pointer(&folder.join("commondir"), "").unwrap_or_else(|| folder.clone());
    let is_repository = folder.join("HEAD").is_file() && common.join("objects").is_dir();
    is_repository.then(|| Located { top: top.to_owned(), folder, common })
}

/// The path that a file of one line names, relative to its own folder.
fn pointer(file: &Path, prefix: &str) -> Option<PathBuf> {
    let data = std::fs::metadata(file).ok()?;
    if !data.is_file() || data.len() > LONGEST_POINTER {
        return None;
    }
    let text = std::fs::read_to_string(file).ok()?;
    let path = text.strip_prefix(prefix)?.trim_end_matches(['\n', '\r']);
    std::fs::canonicalize(file.parent()?.join(path)).ok()
}

/// An open repository.
pub(crate) struct Repository {
    /// Where it lies.
    pub(super) located: Located,
    pub(super) objects: gix_odb::Handle,
    pub(super) references: gix_ref::file::Store,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.located.fmt(formatter)
    }
}

impl Repository {
    /// Opens the repository that a folder belongs to.
    ///
    /// # Errors
    /// There is none, or its objects cannot be read.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let located = locate(folder).ok_or_else(|| {
            Error::new(format!("cannot read git revisions: {} is in no git repository", folder.display()))
                .help("run it inside a clone, or compare with a file: --baseline FILE")
        })?;
        let cannot = |why: String| {
            Error::new(format!("cannot read the git repository {}: {why}", located.top.display()))
        };
        let options = gix_odb::store::init::Options {
            alloc_limit_bytes: Some(LARGEST_OBJECT),
            ..gix_odb::store::init::Options::default()
        };
        let objects = gix_odb::at_opts(located.common.join("objects"), gix_hash::Kind::Sha1, None, options)
            .map_err(|error| cannot(error.to_string()))?;
        let (folder, common) = (located.folder.clone(), located.common.clone());
        let references = if folder == common {
            gix_ref::file::Store::at(folder, gix_hash::Kind::Sha1)
        } else {
            gix_ref::file::Store::for_linked_worktree(folder, common, gix_hash::Kind::Sha1)
        };
        Ok(Self { located, objects, references })
    }

    /// The folder whose files it tracks.
    pub(crate) fn top(&self) -> &Path {
        &self.located.top
    }

    /// The commit that a revision names, as people write it: `main`, `origin/main`, `v1.2`, `HEAD~2`, `1a2b3c4`.
    ///
    /// # Errors
    /// It names nothing here; with the command that fetches it.
    pub(crate) fn commit(&self, written: &str) -> Result<ObjectId, Error> {
        revision::resolve(self, written)
    }

    /// Whether a word names a commit here, or more than one.
    pub(crate) fn knows(&self, word: &str) -> bool {
        revision::is_known(self, word)
    }

    /// The best common ancestor of two commits: where a branch left another.
    ///
    /// # Errors
    /// They have none, or a shallow clone lacks it; with the command that fetches it.
    pub(crate) fn merge_base(
        &self,
        one: ObjectId,
        other: ObjectId,
        written: &str,
    ) -> Result<ObjectId, Error> {
        let mut graph = gix_revwalk::Graph::new(&self.objects, None);
        let bases = gix_revision::merge_base(one, &[other], &mut graph)
            .map_err(|error| Error::new(format!("cannot walk the history of {written}: {error}")))?;
        if let Some(bases) = bases {
            return Ok(*bases.first());
        }
        let message = format!("cannot compare with {written}: it has no common ancestor with HEAD here");
        Err(Error::new(message).help(if self.is_shallow() {
            "this clone is shallow: fetch the rest with `git fetch --unshallow`, or give the checkout its full \
             history (actions/checkout: `fetch-depth: 0`; GitLab: `GIT_DEPTH: 0`)"
                .to_owned()
        } else {
            format!("`audit diff {written}` compares the files of both without history")
        }))
    }

    /// Whether the clone lacks a part of its history.
    pub(super) fn is_shallow(&self) -> bool {
        std::fs::metadata(self.located.common.join("shallow")).is_ok_and(|data| data.len() > 0)
    }

    /// When a commit was made, in seconds since 1970 (UTC).
    pub(crate) fn time(&self, commit: ObjectId) -> Option<i64> {
        let mut buffer = Vec::new();
        let commit = self.objects.find_commit(&commit, &mut buffer).ok()?;
        Some(commit.committer().ok()?.time().ok()?.seconds)
    }

    /// The files of a commit, as if they lay in the folder that the repository tracks.
    ///
    /// # Errors
    /// Its objects are not there or damaged.
    pub(crate) fn files(self, commit: ObjectId) -> Result<Commit, Error> {
        let mut buffer = Vec::new();
        let tree = self.objects.find_commit(&commit, &mut buffer).map(|commit| commit.tree());
        let tree = tree.map_err(|error| Error::new(format!("cannot read commit {commit}: {error}")))?;
        Ok(Commit::new(self.located.top, self.objects, tree))
    }

    /// An object that a tag or commit leads to; `None` when it is not here.
    pub(super) fn kind(&self, id: &ObjectId) -> Option<Kind> {
        self.objects.try_header(id).ok().flatten().map(|header| header.kind)
    }
}
