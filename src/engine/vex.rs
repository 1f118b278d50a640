//! The VEX documents of a run: read before anything is audited, held against what was.

use std::path::{Path, PathBuf};

use super::error::{Error, Place};
use super::file_system::FileSystem;
use super::policy_file::trusted;
use super::tree::normalise;
use crate::model::{Note, PackageName, SourceFile, Sources, Version};
use crate::policy::{Ignore, VexProject, VexStatement, read_vex, vex_ignores};

/// Reads the documents; their texts are added to `sources`. When a commit judges a change, they are read from it: one that
/// only the change brings hides nothing, and is said in a note.
///
/// # Errors
/// A file that cannot be read, every complaint about the first one that is no OpenVEX.
pub(super) fn read(
    files: &[PathBuf],
    judge: &FileSystem,
    working_directory: &Path,
    sources: &mut Sources,
    notes: &mut Vec<Note>,
) -> Result<Vec<VexStatement>, Error> {
    let mut statements = Vec::new();
    for file in files {
        let path = file.to_string_lossy().replace('\\', "/");
        let file = normalise(&working_directory.join(file));
        let Some(files) = trusted(judge, &file) else {
            let text = "not used: the change under review adds it; it counts once it is merged".to_owned();
            notes.push(Note { path, span: None, text });
            continue;
        };
        let bytes = files.read(&file).map_err(|why| {
            Error::new(format!("cannot read the VEX document {path}: it {why}").replace("it there", "there"))
        })?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::new(format!("cannot read the VEX document {path}: it is not UTF-8")))?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let source = sources.add(SourceFile::new(path.as_str(), text.clone()));
        match read_vex(&text, source) {
            Ok(read) => statements.extend(read),
            Err(complaints) => {
                let place = |complaint: crate::policy::Complaint| Place {
                    span: complaint.span,
                    message: complaint.message,
                    help: complaint.help,
                };
                let places = complaints.into_iter().take(MOST_COMPLAINTS).map(place).collect();
                let mut error = Error::new(format!("cannot use the VEX document {path}"));
                error.places = Some(Box::new((SourceFile::new(path, text), places)));
                return Err(error);
            }
        }
    }
    Ok(statements)
}

/// How many complaints about one document are shown.
const MOST_COMPLAINTS: usize = 20;

/// The ignores that the statements come to in what was audited.
pub(super) fn ignores<'a>(
    statements: &[VexStatement],
    packages: &[(PackageName, Option<Version>)],
    names: impl IntoIterator<Item = &'a PackageName>,
    root_name: &str,
) -> Vec<Ignore> {
    if statements.is_empty() {
        return Vec::new();
    }
    let names = names.into_iter().cloned().chain([PackageName::new(root_name)]).collect();
    vex_ignores(statements, &VexProject { packages, names })
}
