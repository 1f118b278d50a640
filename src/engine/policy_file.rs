//! Finding and reading the policy.

use std::path::{Path, PathBuf};

use memchr::memmem;

use super::error::{Error, Place};
use super::file_system::{FileKind, FileSystem};
use super::tree::{Tree, normalise, read_file};
use super::walls::Walls;
use crate::license;
use crate::model::{Note, SourceFile, Sources};
use crate::policy::{Dialect, Policy, has_table, read};
use crate::rules;

/// Nobody writes a larger policy by hand.
const LARGEST_POLICY: usize = 4 * 1024 * 1024;

/// The name of a policy that is a file of its own.
pub(crate) const POLICY_FILE: &str = "audit.toml";

/// Where the policy comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PolicyChoice {
    /// The nearest one from the working directory up to the root.
    #[default]
    Nearest,
    /// None (`--no-config`).
    None,
    /// This file (`--config FILE`).
    File(PathBuf),
}

/// A policy with the folder it was found in.
pub(crate) struct Found {
    pub(crate) policy: Policy,
    pub(crate) file: Option<PathBuf>,
    /// Where that was read from.
    pub(crate) files: FileSystem,
    pub(crate) notes: Vec<Note>,
}

/// Finds and reads the policy; its text is added to `sources`.
///
/// # Errors
/// A file that was named and cannot be read, two policies in one folder, every complaint about the text.
pub(crate) fn find(
    choice: &PolicyChoice,
    files: &FileSystem,
    working_directory: &Path,
    root: &Path,
    sources: &mut Sources,
) -> Result<Found, Error> {
    let none = Found { policy: Policy::default(), file: None, files: files.clone(), notes: Vec::new() };
    match choice {
        PolicyChoice::None => Ok(none),
        PolicyChoice::File(file) => {
            let file = normalise(&working_directory.join(file));
            let Some(files) = trusted(files, &file) else {
                let text = "not used: the change under review adds it; the default policy holds";
                let added = Note { path: shown(&file, root), span: None, text: text.to_owned() };
                return Ok(Found { notes: vec![added], ..none });
            };
            let dialect = dialect_of(&file);
            let policy = load(&files, &file, dialect, root, sources)?.ok_or_else(|| {
                Error::new(format!("{} has no [tool.audit] table", file.display()))
                    .help("name a file with a policy, or leave --config out")
            })?;
            Ok(Found { policy, file: Some(file), files, ..none })
        }
        PolicyChoice::Nearest => {
            nearest(files, working_directory, root, sources).map(|found| found.unwrap_or(none))
        }
    }
}

/// Where a named file that decides about a change is read from: the commit that judges the change, when it has it. What
/// only the change brings is not trusted (`None`); what git does not know, such as a file that a CI job wrote, is read from
/// the disk.
pub(crate) fn trusted(judge: &FileSystem, file: &Path) -> Option<FileSystem> {
    let FileSystem::Commit(_) = judge else { return Some(FileSystem::Disk) };
    if judge.kind(file).is_ok() {
        return Some(judge.clone());
    }
    let real = std::fs::canonicalize(file).ok();
    let places = std::iter::once(file.to_owned()).chain(real);
    let is_tracked = |path: &PathBuf| {
        let folder = path.parent().unwrap_or(path);
        Walls::new(&Tree::new(folder.to_owned(), folder.to_owned()), folder).tracks(path)
    };
    if places.into_iter().any(|path| is_tracked(&path)) { None } else { Some(FileSystem::Disk) }
}

fn dialect_of(file: &Path) -> Dialect {
    if file.file_name().is_some_and(|name| name == "pyproject.toml") {
        Dialect::Pyproject
    } else {
        Dialect::AuditToml
    }
}

fn nearest(
    files: &FileSystem,
    working_directory: &Path,
    root: &Path,
    sources: &mut Sources,
) -> Result<Option<Found>, Error> {
    // A root that does not contain the working directory says nothing about how far up a policy may stand.
    let top = if working_directory.starts_with(root) {
        root.to_owned()
    } else {
        super::tree::Tree::root_for(working_directory, working_directory)
    };
    let mut notes = Vec::new();
    for folder in working_directory.ancestors() {
        let plain = |name: &str, notes: &mut Vec<Note>| {
            let file = folder.join(name);
            let kind = files.kind(&file).ok()?;
            if kind == FileKind::Link && name == POLICY_FILE {
                let text = "this policy is a link and is not used: links are not followed".to_owned();
                notes.push(Note { path: shown(&file, root), span: None, text });
            }
            (kind == FileKind::File).then_some(file)
        };
        let own = plain(POLICY_FILE, &mut notes);
        let shared = plain("pyproject.toml", &mut notes).filter(|file| mentions_audit(files, file));
        let shared = match shared {
            Some(file) => load(files, &file, Dialect::Pyproject, root, sources)?.map(|policy| (file, policy)),
            None => None,
        };
        match (own, shared) {
            (Some(own), Some((shared, _))) => {
                let message = format!(
                    "two policies in one folder: {} and [tool.audit] in {}",
                    shown(&own, root),
                    shown(&shared, root)
                );
                return Err(Error::new(message).help("keep one of them"));
            }
            (Some(own), None) => {
                let policy = load(files, &own, Dialect::AuditToml, root, sources)?.unwrap_or_default();
                return Ok(Some(Found { policy, file: Some(own), files: files.clone(), notes }));
            }
            (None, Some((shared, policy))) => {
                return Ok(Some(Found { policy, file: Some(shared), files: files.clone(), notes }));
            }
            (None, None) => {}
        }
        if folder == top {
            break;
        }
    }
    Ok(Some(Found { policy: Policy::default(), file: None, files: files.clone(), notes }))
}

/// Whether a pyproject.toml may hold a policy at all: one that does not is left to the reader of dependency files.
fn mentions_audit(files: &FileSystem, file: &Path) -> bool {
    files.read(file).is_ok_and(|bytes| mentions_policy(&bytes))
}

/// Whether a pyproject.toml holds a policy.
pub fn has_policy(file: &Path) -> bool {
    read_file(file)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .is_some_and(|text| holds_policy(&text))
}

/// Whether the text of a pyproject.toml holds `[tool.audit]`, in any of TOML's spellings. Read as TOML only when it may.
pub(crate) fn holds_policy(text: &str) -> bool {
    mentions_policy(text.as_bytes()) && (text.contains("[tool.audit") || has_table(text))
}

/// Whether a text has both words, or escapes that may stand for them (TOML 1.1, "String": `\u`, `\U`, `\x`).
pub(crate) fn mentions_policy(bytes: &[u8]) -> bool {
    let holds = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    (holds("audit") && holds("tool")) || ["\\u", "\\U", "\\x"].into_iter().any(holds)
}

fn load(
    files: &FileSystem,
    file: &Path,
    dialect: Dialect,
    root: &Path,
    sources: &mut Sources,
) -> Result<Option<Policy>, Error> {
    let path = shown(file, root);
    let bytes = files.read(file).map_err(|why| {
        Error::new(format!("cannot read the policy {path}: it {why}").replace("it there", "there"))
    })?;
    if bytes.len() > LARGEST_POLICY {
        let limit = LARGEST_POLICY / 1024 / 1024;
        return Err(Error::new(format!("cannot use the policy {path}: it is larger than {limit} MiB")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        Error::new(format!("cannot use the policy {path}:{line}: it is not UTF-8"))
    })?;
    let text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
    let source = sources.add(SourceFile::new(path.as_str(), text.clone()));
    match read(&text, source, dialect, &rules::all(), license::wording()) {
        Ok(policy) => Ok(policy),
        // A pyproject.toml that does not parse is damaged as a manifest first; without a policy in it, it is that alone.
        Err(_) if dialect == Dialect::Pyproject && !holds_policy(&text) => Ok(None),
        Err(complaints) => {
            let places = complaints
                .into_iter()
                .map(|complaint| Place {
                    span: complaint.span,
                    message: complaint.message,
                    help: complaint.help,
                })
                .collect();
            let mut error = Error::new(format!("cannot use the policy {path}"));
            error.places = Some(Box::new((SourceFile::new(path, text), places)));
            Err(error)
        }
    }
}

pub(crate) fn shown(file: &Path, root: &Path) -> String {
    let file = file.strip_prefix(root).unwrap_or(file);
    file.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/").replace("//", "/")
}
