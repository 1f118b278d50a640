//! What pip takes where PEP 508 does not: URLs, version control addresses, paths, archives and bare folders.
//!
//! Source: pip 26, `install_req_from_line` and `install_req_from_editable`; only what does not ask the disk.

use std::ops::Range;

use super::cursor::Cursor;
use super::{Piece, Requirement, RequirementError, read};
use crate::model::Marker;

const ARCHIVES: [&str; 8] = [".whl", ".zip", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tar.xz", ".tar.lzma"];

/// Reads what a line of a requirement file may ask for.
pub fn read_line(text: &str, editable: bool) -> Result<Requirement, RequirementError> {
    let outcome = read(text);
    match outcome {
        Ok(requirement) if !editable || requirement.url.is_some() => {
            return Ok(Requirement { editable, ..requirement });
        }
        _ => {}
    }
    let lead = text.len() - text.trim_start().len();
    let body = text.trim();
    let (body, marker) = split_marker(body, lead)?;
    if !is_url(body) && !is_path(body, editable) {
        return Err(outcome.err().unwrap_or_else(|| {
            RequirementError::new(lead..lead + body.len(), "expected a path or a URL after `-e`")
        }));
    }
    if body.is_empty() {
        return Err(RequirementError::new(0..text.len(), "expected a path or a URL"));
    }
    let mut requirement = Requirement { marker, editable, ..Requirement::default() };
    let egg = egg(body);
    if let Some(range) = &egg {
        named_by_egg(&body[range.clone()], lead + range.start, &mut requirement);
    } else if let Some(name) = wheel_name(body) {
        requirement.name = Some(piece(body, name, lead));
    }
    let mut end = body.len();
    if egg.is_none()
        && body.ends_with(']')
        && let Some(open) = body.rfind('[')
    {
        let inner = open + 1..body.len() - 1;
        requirement.extras = names(&body[inner.clone()], lead + inner.start);
        end = open;
    }
    requirement.url = Some(piece(body, 0..end, lead));
    Ok(requirement)
}

fn piece(text: &str, range: Range<usize>, lead: usize) -> Piece {
    Piece {
        text: text.get(range.clone()).unwrap_or("").to_owned(),
        range: lead + range.start..lead + range.end,
    }
}

/// Splits `; marker` off. In a URL the semicolon needs a space before or after it.
fn split_marker(body: &str, lead: usize) -> Result<(&str, Option<Piece>), RequirementError> {
    let at = if is_url(body) {
        body.char_indices().find(|(at, character)| {
            let before = body[..*at].ends_with([' ', '\t']);
            let after = || body[at + 1..].starts_with([' ', '\t']);
            *character == ';' && (before || after())
        })
    } else {
        body.char_indices().find(|(_, character)| *character == ';')
    };
    let Some((at, _)) = at else { return Ok((body, None)) };
    let rest = &body[at + 1..];
    let text = rest.trim();
    let start = lead + at + 1 + (rest.len() - rest.trim_start().len());
    Marker::parse(text)
        .map_err(|(range, message)| RequirementError::new(start + range.start..start + range.end, message))?;
    let marker = Piece { text: text.to_owned(), range: start..start + text.len() };
    Ok((body[..at].trim_end(), Some(marker)))
}

pub(super) fn is_vcs(text: &str) -> Option<&'static str> {
    let (scheme, _) = text.split_once('+')?;
    ["git", "hg", "svn", "bzr"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known))
}

fn is_url(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    is_vcs(text).is_some() || matches!(scheme.as_deref(), Some("http" | "https" | "ftp" | "file"))
}

fn is_path(text: &str, editable: bool) -> bool {
    let word =
        |character: char| character.is_alphanumeric() || matches!(character, '_' | '.' | '@' | '+' | '-');
    let file = text.split(['#', '[']).next().unwrap_or(text);
    let slashed = || {
        text.contains('/')
            && text.split('/').enumerate().all(|(number, part)| {
                part.chars().all(word) && (!part.is_empty() || (number > 0 && text.ends_with('/')))
            })
    };
    editable
        || text.starts_with(['.', '/', '~', '\\'])
        || ARCHIVES.iter().any(|end| file.to_ascii_lowercase().ends_with(end))
        || slashed()
        || is_windows_path(text)
}

/// `C:\…`, which pip on Windows takes.
fn is_windows_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
}

/// Where the value of `egg=` stands in the fragment.
fn egg(text: &str) -> Option<Range<usize>> {
    let start = ["#egg=", "&egg="].iter().filter_map(|key| text.find(key)).min()? + 5;
    let length = text[start..].find(|character: char| character == '&' || character.is_whitespace());
    Some(start..length.map_or(text.len(), |length| start + length))
}

/// `name[extra,…]rest`, as a fragment writes it.
fn named_by_egg(egg: &str, lead: usize, requirement: &mut Requirement) {
    let mut cursor = Cursor::new(egg);
    let Some(mut name) = cursor.name() else { return };
    let mut at = name.range.end;
    name.range = lead + name.range.start..lead + name.range.end;
    requirement.name = Some(name);
    if egg[at..].starts_with('[')
        && let Some(close) = egg[at..].find(']')
    {
        requirement.extras = names(&egg[at + 1..at + close], lead + at + 1);
        at += close + 1;
    }
    // Some tools write `egg=name==1.0`. It is a part of the name's fragment, and all that tells a version.
    let rest = &egg[at..];
    let begins = rest.starts_with(['=', '~', '!', '<', '>', '(']);
    let specifier = read(&format!("x{rest}")).ok().filter(|_| begins).and_then(|rest| rest.specifier);
    requirement.specifier = specifier.map(|Piece { text, range }| {
        let start = lead + at + range.start - 1; // the `x`
        Piece { range: start..start + text.len(), text }
    });
}

/// Comma-separated names.
fn names(text: &str, lead: usize) -> Vec<Piece> {
    let mut at = 0;
    let mut found = Vec::new();
    for part in text.split(',') {
        let name = part.trim();
        if !name.is_empty() {
            let start = lead + at + (part.len() - part.trim_start().len());
            found.push(Piece { text: name.to_owned(), range: start..start + name.len() });
        }
        at += part.len() + 1;
    }
    found
}

/// Where the name stands in the file name of a wheel (PEP 427: `name-version[-build]-python-abi-platform.whl`).
fn wheel_name(text: &str) -> Option<Range<usize>> {
    let path = text.split(['#', '?']).next()?;
    let stem = path.strip_suffix(".whl")?;
    let start = stem.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let parts = stem[start..].split('-').count();
    let name = stem[start..].split('-').next().filter(|name| !name.is_empty() && (5..=6).contains(&parts))?;
    Some(start..start + name.len())
}
