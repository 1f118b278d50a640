//! What a run is compared with: a revision, another file or folder, a baseline.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::baseline::{self, Baseline};
use super::collect::{Collection, Request, collect, collect_commit};
use super::error::Error;
use super::file_system::FileSystem;
use super::git::{Commit, Repository};
use crate::model::Change;

/// What a run is compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Against {
    /// Nothing: all that is found counts.
    #[default]
    Nothing,
    /// `--since REV`: the working tree with where its branch left REV; policy and ignores are those of REV.
    Since(String),
    /// `--baseline FILE`: with what an earlier run found.
    Baseline(PathBuf),
    /// `audit diff BASE [HEAD]`: one state with another.
    Diff {
        /// The state before.
        base: Side,
        /// The state after; `None` for the working tree.
        head: Option<Side>,
    },
}

/// A state of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// A file or folder on the disk.
    Path(PathBuf),
    /// A git revision.
    Revision(String),
}

impl Side {
    /// What a word means: a file or folder that exists, else a revision.
    ///
    /// # Errors
    /// It is both.
    pub fn named(word: &str, working_directory: &Path) -> Result<Self, Error> {
        let path = PathBuf::from(word);
        let is_path = working_directory.join(&path).symlink_metadata().is_ok();
        if !is_path {
            return Ok(Self::Revision(word.to_owned()));
        }
        // A change can bring a folder `origin/main`: which of the two is meant must be said.
        let is_plain = !word.starts_with(['.', '/']) && !word.ends_with('/') && !word.contains('\\');
        let is_revision =
            is_plain && Repository::open(working_directory).is_ok_and(|repository| repository.knows(word));
        if is_revision {
            let message = format!("cannot compare with {word}: it is a git revision and a path as well");
            let place = if word.contains('/') { "remotes" } else { "heads" };
            return Err(Error::new(message).help(format!("write ./{word} or refs/{place}/{word}")));
        }
        Ok(Self::Path(path))
    }

    fn words(&self) -> String {
        match self {
            Self::Path(path) => path.to_string_lossy().into_owned(),
            Self::Revision(revision) => revision.clone(),
        }
    }
}

/// The state before.
pub(super) enum Before {
    /// A commit.
    Commit(Arc<Commit>),
    /// A file or folder.
    Path(PathBuf),
    /// What an earlier run found.
    Baseline(Baseline),
}

/// A comparison, opened.
pub(super) struct Comparison {
    /// What is compared; its counts are still zero.
    pub(super) change: Change,
    /// The state before.
    pub(super) before: Before,
    /// When that was made, in seconds since 1970: what was published later is news.
    pub(super) time: Option<i64>,
    /// Where policy and ignores are read from when it is not the disk, and the name of that.
    pub(super) judge: Option<(Arc<Commit>, String)>,
}

/// What is audited, and what it is compared with.
pub(super) struct Opened {
    pub(super) collection: Collection,
    pub(super) comparison: Option<Comparison>,
}

/// Collects what is audited and opens what it is compared with.
///
/// # Errors
/// What is audited cannot be collected; no repository, a revision that is not there, a baseline that cannot be used.
pub(super) fn open(request: &Request, against: &Against, here: &Path) -> Result<Opened, Error> {
    match against {
        Against::Nothing => Ok(Opened { collection: collect(request, true)?, comparison: None }),
        Against::Baseline(file) => {
            let collection = collect(request, true)?;
            let shown = file.to_string_lossy();
            let before = Before::Baseline(baseline::read(&here.join(file), &shown)?);
            let change = change(shown.into_owned());
            let comparison = Comparison { change, before, time: None, judge: None };
            Ok(Opened { collection, comparison: Some(comparison) })
        }
        Against::Since(revision) => {
            no_standard_input(request)?;
            let collection = collect(request, true)?;
            let repository = Repository::open(here)?;
            let target = repository.commit(revision)?;
            let head = repository.commit("HEAD")?;
            let base = repository.merge_base(head, target, revision)?;
            let mut change = change(revision.clone());
            change.base_commit = Some(base.to_string());
            let time = repository.time(base);
            let judge = Arc::new(Repository::open(here)?.files(target)?);
            let before = if base == target { judge.clone() } else { Arc::new(repository.files(base)?) };
            let comparison = Comparison {
                change,
                before: Before::Commit(before),
                time,
                judge: Some((judge, revision.clone())),
            };
            Ok(Opened { collection, comparison: Some(comparison) })
        }
        Against::Diff { base, head } => diff(request, base, head.as_ref(), here),
    }
}

fn diff(request: &Request, base: &Side, head: Option<&Side>, here: &Path) -> Result<Opened, Error> {
    no_standard_input(request)?;
    let mut change = change(base.words());
    change.head = head.map(Side::words);
    let collection = match head {
        None if matches!(base, Side::Path(_)) => {
            let message = format!("cannot compare {} with nothing", base.words());
            let help = format!("name what it became: `audit diff {} PATH`", base.words());
            return Err(Error::new(message).help(help));
        }
        None => collect(request, true)?,
        Some(Side::Path(path)) => collect(&at(request, path), true)?,
        Some(Side::Revision(revision)) => {
            let repository = Repository::open(here)?;
            let commit = repository.commit(revision)?;
            change.head_commit = Some(commit.to_string());
            let root = repository.top().to_owned();
            collect_commit(request, Arc::new(repository.files(commit)?), &root)?
        }
    };
    let comparison = match base {
        Side::Path(path) => {
            Comparison { change, before: Before::Path(path.clone()), time: None, judge: None }
        }
        Side::Revision(revision) => {
            let repository = Repository::open(here)?;
            let commit = repository.commit(revision)?;
            change.base_commit = Some(commit.to_string());
            let time = repository.time(commit);
            let files = Arc::new(repository.files(commit)?);
            let judge = Some((files.clone(), revision.clone()));
            Comparison { change, before: Before::Commit(files), time, judge }
        }
    };
    Ok(Opened { collection, comparison: Some(comparison) })
}

impl Comparison {
    /// Where policy and ignores are read from.
    pub(super) fn judge(comparison: Option<&Self>) -> FileSystem {
        match comparison.and_then(|comparison| comparison.judge.as_ref()) {
            Some((commit, _)) => FileSystem::Commit(commit.clone()),
            None => FileSystem::Disk,
        }
    }

    /// Collects the state before; `None` when a baseline stands for it. That there is nothing is no error: the change
    /// brings everything.
    pub(super) fn collect(&self, request: &Request, root: &Path) -> Result<Option<Collection>, Error> {
        match &self.before {
            Before::Commit(commit) => collect_commit(request, commit.clone(), root).map(Some),
            Before::Path(path) => collect(&at(request, path), true).map(Some),
            Before::Baseline(_) => Ok(None),
        }
    }
}

/// The same request about another path.
fn at(request: &Request, path: &Path) -> Request {
    Request { paths: vec![path.to_owned()], ..request.clone() }
}

fn no_standard_input(request: &Request) -> Result<(), Error> {
    if request.stdin.is_none() {
        return Ok(());
    }
    Err(Error::new("cannot compare standard input with a revision: git does not know it")
        .help("name the file, or compare with --baseline FILE"))
}

fn change(base: String) -> Change {
    Change {
        base,
        base_commit: None,
        head: None,
        head_commit: None,
        new: 0,
        news: 0,
        known: 0,
        ended: Vec::new(),
        packages: Vec::new(),
    }
}
