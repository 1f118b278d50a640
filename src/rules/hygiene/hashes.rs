//! Which entries have a hash, and which could have one.

use crate::model::{Input, Package, Role, SourceKind};

/// Locks that keep the hashes of what is downloaded.
const LOCKS: [&str; 6] =
    ["Pipfile.lock", "pdm.lock", "poetry.lock", "pylock.toml", "uv script lock", "uv.lock"];

/// What there is to say about the hash of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    /// It has one.
    Present,
    /// It has none and could.
    Missing,
    /// It can have none: pip checks the hash of a file, and this is a checkout or a folder.
    Impossible,
}

/// Whether the entries of an input can have hashes at all.
pub(super) fn are_possible(input: &Input) -> bool {
    match input.role {
        // What people write to have it compiled names no file.
        Role::Requirements => input.kind != "requirements.in",
        Role::Lock => LOCKS.contains(&input.kind),
        Role::Manifest | Role::Constraints => false,
    }
}

/// The hash of an entry of such an input; `None` for an entry that needs none: a constraint, and in a lock what does
/// not come from a remote index.
pub(super) fn of(input: &Input, package: &Package) -> Option<Hash> {
    if package.constraint {
        return None;
    }
    let is_hashed = if package.hashes > 0 { Hash::Present } else { Hash::Missing };
    if input.role == Role::Lock {
        let is_remote = package.source.kind == SourceKind::Index
            && package.source.url.as_deref().is_none_or(|url| url.contains("://") && !is_file_url(url));
        return is_remote.then_some(is_hashed);
    }
    Some(match package.source.kind {
        _ if package.editable => Hash::Impossible,
        SourceKind::Index | SourceKind::Url => is_hashed,
        SourceKind::Path if is_archive(package) => is_hashed,
        _ => Hash::Impossible,
    })
}

fn is_file_url(url: &str) -> bool {
    url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"))
}

/// Whether a path names an archive and not a folder. Source: pip, `ARCHIVE_EXTENSIONS` of its `filetypes.py`.
fn is_archive(package: &Package) -> bool {
    const ENDINGS: [&str; 11] = [
        ".whl",
        ".zip",
        ".tar.gz",
        ".tgz",
        ".tar",
        ".tar.bz2",
        ".tbz",
        ".tar.xz",
        ".txz",
        ".tlz",
        ".tar.lzma",
    ];
    let path = package.source.url.as_deref().unwrap_or_default();
    let path = path.split(['#', '?']).next().unwrap_or_default().to_ascii_lowercase();
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}
