//! The database of a run: a file or the user's store, and what the policy adds to it (`[database] extra`).

use std::fs;
use std::path::{Path, PathBuf};

use super::check::{Options, open_database};
use super::error::{Error, Place};
use super::file_system::FileSystem;
use super::policy_file::Found;
use super::tree::{Tree, normalise, words};
use crate::advisory::{Database, Extra, ImportOptions, ImportReport};
use crate::model::{Note, Skipped, SourceFile, Sources};
use crate::policy::Placed;

/// So many records that could not be read are named, the others counted.
const NAMED: usize = 10;

/// Opens the database of a run; what the policy adds comes to whatever it is. Advisories of the policy that cannot be read
/// make the audit incomplete: nothing was checked against them.
///
/// # Errors
/// A store that cannot be used; a path of the policy that leads out of the root, does not exist, cannot be read or is
/// too large, with its place in the policy.
pub(crate) fn open(
    options: &Options,
    found: &Found,
    root: &Path,
    sources: &Sources,
) -> Result<(Database, Vec<Note>, Vec<Skipped>), Error> {
    let mut database = open_database(options.database.as_deref(), options.data_folder.as_deref())?;
    let mut notes = Vec::new();
    let mut skipped = Vec::new();
    let (Some(policy), false) = (&found.file, found.policy.extra.is_empty()) else {
        return Ok((database, notes, skipped));
    };
    let folder = policy.parent().unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    // A policy from somewhere else has a root of its own.
    let limit = if folder.starts_with(root) { root.to_owned() } else { Tree::root_for(&folder, &folder) };
    let today = options.today.to_string();
    let mut settings = ImportOptions::new(&today);
    settings.limits = Extra::LIMITS;
    let mut extra = Extra::default();
    let mut seen: Vec<PathBuf> = Vec::new();
    // Advisories of a commit are laid out on the disk while they are read.
    let copies = match &found.files {
        FileSystem::Commit(_) => Some(
            tempfile::tempdir()
                .map_err(|error| Error::new(format!("cannot write a temporary folder: {}", words(&error))))?,
        ),
        FileSystem::Disk => None,
    };
    let shown = copies.as_ref().map_or(limit.clone(), |copies| copies.path().to_owned());
    for written in &found.policy.extra {
        let refuse = |why: &str| refusal(written, why, sources);
        let mut path = locate(&found.files, &folder, &written.value, &limit).map_err(|why| refuse(&why))?;
        if let Some(copies) = &copies {
            let below = path.strip_prefix(&limit).unwrap_or(&path);
            let copy = copies.path().join(below);
            found.files.copy(&path, &copy).map_err(|why| refuse(&why))?;
            path = copy;
        }
        if seen.contains(&path) {
            continue;
        }
        let report = extra.add(&written.value, &path, &settings).map_err(|error| {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            refuse(&format!("{error}{}", cause.unwrap_or_default()))
        })?;
        add_notes(&report, &written.value, &shown, &mut notes);
        skipped.extend(unread(&report, &written.value));
        seen.push(path);
    }
    database.add(&extra)?;
    Ok((database, notes, skipped))
}

/// The real path, which lies in the limit.
fn locate(files: &FileSystem, folder: &Path, written: &str, limit: &Path) -> Result<PathBuf, String> {
    let wanted = normalise(&folder.join(written));
    if !wanted.starts_with(limit) {
        return Err("leads outside the root and is not read".to_owned());
    }
    let real = files.canonicalize(&wanted).map_err(|error| words(&error))?;
    if !real.starts_with(limit) {
        return Err("is a link that leads outside the root and is not read".to_owned());
    }
    // Opening a named pipe would wait for ever.
    let is_usable = files.is_folder(&real) || files.is_file(&real);
    if is_usable { Ok(real) } else { Err("is neither a folder nor a file".to_owned()) }
}

/// The error at the place of the policy.
fn refusal(written: &Placed<String>, why: &str, sources: &Sources) -> Error {
    let mut error = Error::new("cannot use `database.extra`");
    if let Some(file) = sources.get(written.span.source) {
        let file = SourceFile::new(file.path(), file.text().to_owned());
        let place = Place {
            span: written.span,
            message: format!("`{}`: {why}", written.value),
            help: Some("name a folder or file of OSV records, relative to the policy".to_owned()),
        };
        error.places = Some(Box::new((file, vec![place])));
    }
    error
}

/// The advisories of a source that nothing was checked against.
fn unread(report: &ImportReport, written: &str) -> Option<Skipped> {
    let count = report.refused.len();
    (count > 0).then(|| Skipped {
        path: written.to_owned(),
        span: None,
        package: None,
        what: format!("{count} {}", if count == 1 { "advisory" } else { "advisories" }),
        why: "could not be read, so that nothing was checked against them; mend or remove them".to_owned(),
        accepted: None,
    })
}

/// What was not used of a source is said.
fn add_notes(report: &ImportReport, written: &str, limit: &Path, notes: &mut Vec<Note>) {
    let mut note = |path: &str, text: String| notes.push(Note { path: path.to_owned(), span: None, text });
    let prefix = format!("{}{}", limit.display(), std::path::MAIN_SEPARATOR);
    for refused in report.refused.iter().take(NAMED) {
        let place = refused.place.strip_prefix(&prefix).unwrap_or(&refused.place).replace('\\', "/");
        note(&place, format!("this advisory is not used: {}", refused.reason));
    }
    if !report.refused.is_empty() {
        let count = format!("{} of its advisories could not be read", report.refused.len());
        note(written, format!("{count}, {} could", report.records));
    }
    if report.other > 0 {
        note(written, format!("{} of its advisories are about no Python package", report.other));
    }
    if report.records == 0 {
        note(written, "adds no advisory".to_owned());
    }
}
