//! pip's requirement files: `requirements.txt`, `requirements.in` and constraints.
//!
//! Read as pip 26 does ("Requirements File Format" in its reference, and its `req_file.py` where that is silent):
//! encodings, lines, continuations and comments ([`lines`]), options ([`options`]), includes ([`reader`]), and the
//! `# via` notes of pip-compile and uv ([`via`]), which pip does not read and which tell who brought a line in.
//!
//! What differs on purpose: pip stops at the first bad line, this names it and reads on; environment variables are
//! not expanded and remote includes are not fetched, both are named.

mod decode;
mod embedded;
mod lines;
mod options;
mod reader;
mod via;

use super::{Format, Manifest, Reading, Role};
use crate::model::Input;

pub(super) use embedded::Embedded;

/// `requirements.txt`, under any name that discovery knows.
pub(super) static REQUIREMENTS_TXT: Format = Format {
    kind: "requirements.txt",
    role: Role::Requirements,
    manifest: Manifest::None,
    commands: None,
    detect: |path| is_requirements(path, ".txt"),
    read: |reading| read(reading, "requirements.txt", false),
};

/// `requirements.in`: what people write, to be compiled.
pub(super) static REQUIREMENTS_IN: Format = Format {
    kind: "requirements.in",
    role: Role::Requirements,
    manifest: Manifest::None,
    commands: None,
    detect: |path| is_requirements(path, ".in"),
    read: |reading| read(reading, "requirements.in", false),
};

/// Constraints: limits on versions.
pub(super) static CONSTRAINTS_TXT: Format = Format {
    kind: "constraints.txt",
    role: Role::Constraints,
    manifest: Manifest::None,
    commands: None,
    detect: is_constraints,
    read: |reading| read(reading, "constraints.txt", true),
};

fn read(reading: Reading<'_>, kind: &'static str, constraint: bool) -> Input {
    reader::Reader::new(reading, kind).read(constraint)
}

fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase()
}

fn is_constraints(path: &str) -> bool {
    let name = file_name(path);
    name.contains("constraint") && name.ends_with(".txt")
}

fn is_requirements(path: &str, ending: &str) -> bool {
    let name = file_name(path);
    if !name.ends_with(ending) || is_constraints(path) {
        return false;
    }
    let folder = path.rsplit('/').nth(1).unwrap_or("");
    name.contains("requirements") || folder == "requirements"
}

#[cfg(test)]
mod tests;
