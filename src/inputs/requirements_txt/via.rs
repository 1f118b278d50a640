//! The notes that pip-compile and uv write under a line: who brought it in.
//!
//! ```text
//! click==8.1.7            flask==3.0.0 \                  # pip-compile, one line:   # via flask, -r requirements.in
//!     # via                   --hash=sha256:…
//!     #   -r dev.in           # via shop (pyproject.toml)
//!     #   flask
//! ```

use std::collections::HashMap;

use super::lines::Physical;
use crate::model::{PackageName, Via};

/// A note, with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) via: Via,
    pub(super) place: std::ops::Range<usize>,
}

/// The notes of a file by the line that they stand under: a name that is listed twice has notes of its own each time.
#[derive(Debug, Default)]
pub(super) struct Notes {
    by_line: HashMap<usize, Vec<Note>>,
    /// Whether there is any note at all.
    pub(super) any: bool,
}

impl Notes {
    /// The notes under the requirement that begins at a byte of the file.
    pub(super) fn under(&self, start: usize) -> &[Note] {
        self.by_line.get(&start).map_or(&[], Vec::as_slice)
    }
}

/// Reads the notes of a file.
pub(super) fn read(text: &str) -> Notes {
    let mut notes = Notes::default();
    if !text.contains("via") {
        return notes;
    }
    let mut current: Option<usize> = None;
    let mut in_list = false;
    for (start, line) in Physical::new(text) {
        if name_at_start(line).is_some() {
            current = Some(start);
            in_list = false;
        } else if line.starts_with(|first: char| !first.is_whitespace() && first != '#') {
            current = None;
        }
        let Some(requirement) = current else { continue };
        if let Some(at) = via_start(line) {
            in_list = true;
            add(&mut notes, requirement, &line[at..], start + at);
        } else if in_list {
            match continued(line) {
                Some(at) => add(&mut notes, requirement, &line[at..], start + at),
                None if !line.trim_start().starts_with('#') || line.starts_with('#') => in_list = false,
                None => {}
            }
        }
    }
    notes
}

fn add(notes: &mut Notes, requirement: usize, text: &str, start: usize) {
    let mut at = start;
    for part in text.split(',') {
        let written = part.trim();
        if !written.is_empty() {
            let begin = at + (part.len() - part.trim_start().len());
            let note = Note { via: via(written), place: begin..begin + written.len() };
            notes.by_line.entry(requirement).or_default().push(note);
            notes.any = true;
        }
        at += part.len() + 1;
    }
}

fn via(written: &str) -> Via {
    if written.starts_with("-c") {
        return Via::Constraint(written.to_owned());
    }
    let names_a_file = written.starts_with("-r")
        || written.contains("(pyproject")
        || written.contains("(setup")
        || written.split_once(" (").is_some_and(|(name, rest)| !name.contains(' ') && rest.ends_with(')'));
    if names_a_file {
        return Via::Direct(written.to_owned());
    }
    Via::Package(PackageName::new(written.split('[').next().unwrap_or(written).trim()))
}

/// The name of a requirement that starts in the first column.
fn name_at_start(line: &str) -> Option<&str> {
    let bytes = line.as_bytes();
    if !bytes.first()?.is_ascii_alphanumeric() {
        return None;
    }
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let length = bytes.iter().position(|byte| !inner(byte)).unwrap_or(bytes.len());
    let mut rest = line[length..].trim_start();
    if let Some(extras) = rest.strip_prefix('[') {
        rest = extras.split_once(']')?.1.trim_start();
    }
    let follows = rest.is_empty() || ["==", "@", ";", "\\"].iter().any(|next| rest.starts_with(next));
    follows.then(|| &line[..length])
}

/// Where the list begins on a line with `# via`.
fn via_start(line: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = line[from..].find('#').map(|at| from + at) {
        let free = at == 0 || line[..at].ends_with(char::is_whitespace);
        let rest = &line[at + 1..];
        let body = rest.trim_start();
        if let (true, Some(tail)) = (free, body.strip_prefix("via"))
            && !tail.starts_with(|next: char| next.is_alphanumeric() || next == '_')
        {
            let tail = tail.strip_prefix(':').unwrap_or(tail);
            return Some(line.len() - tail.trim_start().len());
        }
        from = at + 1;
    }
    None
}

/// Where the entry begins on a line of a list: space, `#`, at least two spaces.
fn continued(line: &str) -> Option<usize> {
    let body = line.trim_start();
    let rest = body.strip_prefix('#').filter(|_| body.len() < line.len())?;
    let entry = rest.trim_start();
    let deep = rest.len() - entry.len() >= 2;
    (deep && !entry.is_empty()).then(|| line.len() - entry.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tools_one_line_and_many() {
        let text = "\
click==8.1.7 \\
    --hash=sha256:00
    # via
    #   -r requirements.in
    #   Flask[async]
flask[async]==3.0.0     # via shop (pyproject.toml), -c limits.txt
jinja2==3.1.4
    # via: flask
itsdangerous==2.0
plain
";
        let notes = read(text);
        let under = |name: &str| notes.under(text.find(&format!("\n{name}")).map_or(0, |at| at + 1));
        let vias = |name: &str| under(name).iter().map(|note| note.via.clone()).collect::<Vec<_>>();
        let package = |name: &str| Via::Package(PackageName::new(name));
        assert_eq!(vias("click"), [Via::Direct("-r requirements.in".into()), package("flask")]);
        assert_eq!(
            vias("flask"),
            [Via::Direct("shop (pyproject.toml)".into()), Via::Constraint("-c limits.txt".into())]
        );
        assert_eq!(vias("jinja2"), [package("flask")]);
        assert!(vias("itsdangerous").is_empty() && vias("plain").is_empty());
        let place = under("click")[1].place.clone();
        assert_eq!(&text[place], "Flask[async]");
    }
}
