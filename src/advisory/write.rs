//! A store to the disk: whole, or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use tempfile::Builder;

use super::Error;

/// Writes a store: a temporary file in the same folder, fsync, rename, fsync of the folder. Whoever reads `path`
/// meanwhile, or after a crash, finds the old store or the new one. The folder is made when it is missing.
pub fn write_store(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |error| Error::io("write", path, error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut file =
        Builder::new().prefix(&temporary_prefix(path)).suffix(".tmp").tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    open_to_readers(file.as_file()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    sync_folder(folder).map_err(failed)
}

/// How the names of temporary files of a store begin, so that those of killed processes can be told from others.
pub(crate) fn temporary_prefix(path: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".");
    prefix
}

/// Temporary files are for their owner alone; a store may be read by everyone.
#[cfg(unix)]
fn open_to_readers(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_readers(_: &File) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Folders cannot be synced where they cannot be opened as files.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_store_is_replaced_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/advisories.store");
        write_store(&path, b"one").unwrap();
        write_store(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
        }
    }

    #[test]
    fn a_message_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_store(folder.path(), b"x").unwrap_err();
        assert!(error.to_string().contains(&folder.path().display().to_string()), "{error}");
    }
}
