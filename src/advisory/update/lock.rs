//! One writer at a time, and what killed writers left behind.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::error::UpdateError;
use crate::advisory::write::temporary_prefix;

/// Random characters in the name of a temporary file; `tempfile` adds so many.
const RANDOM: usize = 6;
/// How names of temporary files end.
const ENDINGS: [&str; 2] = [".tmp", ".jsonl"];

/// The right to write a store, held until it is dropped or the process ends, in whatever way.
#[derive(Debug)]
pub struct StoreLock {
    store: PathBuf,
    /// `None` where the file system knows no locks.
    _file: Option<File>,
}

impl StoreLock {
    /// Takes it, or says that someone else has it. The folder is made when it is missing. The file stays: removing
    /// it would let two processes hold locks on two files of one name.
    pub fn take(store: &Path) -> Result<Self, UpdateError> {
        let folder = folder_of(store);
        let path = sibling(store, ".lock");
        let failed = |error: io::Error| {
            UpdateError::new(format!("cannot write in {}: {error}", folder.display()))
                .help("nothing was changed; name a file in a folder of yours with --db")
        };
        fs::create_dir_all(folder).map_err(failed)?;
        let open = File::options().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { store: store.to_owned(), _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(UpdateError::new(format!(
                "another process is updating {} at this moment",
                store.display()
            ))
            .help("wait until it is done; nothing was changed by this one")),
            // Some network file systems have no locks. Writes are atomic all the same.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                Ok(Self { store: store.to_owned(), _file: None })
            }
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Removes the temporary files of writers that were killed: nobody else writes this store now.
    pub(super) fn sweep(&self) {
        let prefix = temporary_prefix(&self.store);
        let Ok(entries) = fs::read_dir(folder_of(&self.store)) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if is_temporary(&name.to_string_lossy(), &prefix.to_string_lossy()) {
                // What cannot be removed now will be the next time.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// The prefix, six letters or digits, the ending, and nothing else: files of a store whose name is longer differ.
fn is_temporary(name: &str, prefix: &str) -> bool {
    let Some(rest) = name.strip_prefix(prefix) else { return false };
    ENDINGS
        .iter()
        .filter_map(|ending| rest.strip_suffix(ending))
        .any(|random| random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// The folder of a file.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file beside the store, named after it.
pub(super) fn sibling(store: &Path, ending: &str) -> PathBuf {
    let mut name = store.file_name().map_or_else(OsString::new, OsString::from);
    name.push(ending);
    folder_of(store).join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("deep/team.store");
        let lock = StoreLock::take(&store).unwrap();
        assert!(StoreLock::take(&store).unwrap_err().message.contains("another process"));
        StoreLock::take(&folder.path().join("deep/other.store")).unwrap();
        drop(lock);
        StoreLock::take(&store).unwrap();
    }

    #[test]
    fn only_temporary_files_of_this_store_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("a.store");
        let names = [
            ".a.store.Ab12Cd.tmp",
            ".a.store.Ab12Cd.jsonl",
            ".a.store.b.Ab12Cd.tmp",
            ".a.store.Ab12Cd.txt",
            "a.store",
            "a.store.update.json",
        ];
        for name in names {
            fs::write(folder.path().join(name), "").unwrap();
        }
        StoreLock::take(&store).unwrap().sweep();
        let left: Vec<_> = names.iter().filter(|name| folder.path().join(name).exists()).collect();
        assert_eq!(left, names[2..].iter().collect::<Vec<_>>());
    }
}
