//! `notice`: the text that is shipped with a product to name whose work is in it, and under which terms.
//!
//! Packages come first, the texts of their licenses behind them: those that are the same once, with all packages that
//! they belong to. What has no text is named, never left out. The whole is read back by [`differs`], so that no text of
//! a license may look like a heading of ours.

use crate::model::Arrange as _;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::{self, BufWriter, Write};

use super::rows::{Cells, cells};
use crate::model::{LicenseReport, SourceMap, mask};
use crate::report::{Style, sanitize};

/// Around the list of packages.
const RULE: &str = "--------------------------------------------------------------------------------";
/// Before each text.
const HEADING: &str = "License text of";
const INDENT: &str = "    ";

pub(super) fn render(report: &LicenseReport, _: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let name = report.project.as_deref().unwrap_or(&report.root_name);
    let rows: Vec<_> = cells(report).collect();
    writeln!(out, "Third-party packages of {}\n", plain(name))?;
    if rows.is_empty() {
        writeln!(out, "There are none.\n")?;
    } else {
        writeln!(
            out,
            "Each comes under the terms that are named with it. The texts of the licenses follow, as far"
        )?;
        writeln!(out, "as they are known.\n")?;
    }
    for skip in report.skipped.iter().filter(|skip| skip.accepted.is_none()) {
        let what = if skip.what == skip.path { String::new() } else { format!("{}: ", skip.what) };
        writeln!(out, "Incomplete: {}: {}\n", plain(&skip.path), plain(&format!("{what}{}", skip.why)))?;
    }
    writeln!(out, "{RULE}\n")?;
    for row in &rows {
        package(row, &mut out)?;
    }
    writeln!(out, "{RULE}")?;
    let without: Vec<_> = rows.iter().filter(|row| !row.row.texts.iter().any(has_text)).collect();
    if !without.is_empty() {
        writeln!(
            out,
            "\nNo license text is known of these packages. Where their terms ask for it, add it:\n"
        )?;
        for row in without {
            writeln!(out, "{INDENT}{} ({})", heading(row), plain(&row.license()))?;
        }
    }
    for text in texts(&rows) {
        writeln!(out, "\n{RULE}\n{HEADING}")?;
        for (_, owner) in &text.owners {
            writeln!(out, "{INDENT}{owner}")?;
        }
        writeln!(out, "\n{}", text.text)?;
    }
    out.flush()
}

fn package(row: &Cells<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", heading(row))?;
    let license = match (row.expression.as_str(), row.candidates.as_str()) {
        ("", "") => "not known".to_owned(),
        ("", candidates) => format!("not clear, {candidates}"),
        (expression, _) if row.about.is_empty() => expression.to_owned(),
        (expression, _) => format!("{expression} (that of version {})", row.about),
    };
    writeln!(out, "{INDENT}License: {}", plain(&license))?;
    if let Some(homepage) = &row.row.homepage {
        writeln!(out, "{INDENT}Homepage: {}", plain(&crate::report::purl::masked_url(homepage)))?;
    }
    if let Some(author) = &row.row.author {
        writeln!(out, "{INDENT}Author: {}", plain(author))?;
    }
    for line in &row.row.copyrights {
        writeln!(out, "{INDENT}{}", plain(line))?;
    }
    writeln!(out)
}

/// `name version`.
fn heading(row: &Cells<'_>) -> String {
    plain(&format!("{} {}", row.name, row.version))
}

fn has_text(file: &crate::model::LicenseFileText) -> bool {
    !file.text.trim().is_empty()
}

/// A license text, in plain characters.
pub(super) struct Text {
    pub(super) text: String,
    /// The rows that have it, each with the words for it: `name version (file)`.
    pub(super) owners: Vec<(usize, String)>,
}

/// Each text once, in the order of the first package that has it.
pub(super) fn texts(rows: &[Cells<'_>]) -> Vec<Text> {
    let mut texts: Vec<Text> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        for file in row.row.texts.iter().filter(|file| has_text(file)) {
            let text = clean(&file.text);
            let owner = (index, format!("{} ({})", heading(row), plain(&file.name)));
            if let Some(same) = known.get(&text).and_then(|index| texts.get_mut(*index)) {
                same.owners.push(owner);
            } else {
                known.insert(text.clone(), texts.len());
                texts.push(Text { text, owners: vec![owner] });
            }
        }
    }
    texts
}

/// One line of plain text, that is no command of a build log.
#[inline(never)]
fn plain(text: &str) -> String {
    let masked = mask(text);
    let line: String = masked
        .chars()
        .map(|one| if one.is_whitespace() { ' ' } else { one })
        .filter(|one| is_plain(*one))
        .collect();
    harmless(line.trim())
}

/// The text of a license: lines without trailing white space and without control characters, none of which looks like a
/// heading.
#[inline(never)]
fn clean(text: &str) -> String {
    let masked = mask(text);
    let expanded = masked.replace('\t', "        ");
    let mut cleaned = String::with_capacity(expanded.len());
    for line in expanded.lines() {
        let line: String = line.chars().filter(|one| is_plain(*one)).collect();
        let line = harmless(line.trim_end());
        if line == HEADING || line == RULE {
            cleaned.push(' ');
        }
        cleaned.push_str(&line);
        cleaned.push('\n');
    }
    // Blank lines at both ends say nothing.
    let begin = cleaned.len() - cleaned.trim_start_matches('\n').len();
    cleaned.get(begin..).unwrap_or("").trim_end().to_owned()
}

fn is_plain(character: char) -> bool {
    !sanitize::is_unsafe(character) && !matches!(u32::from(character) & 0xffff, 0xfffe | 0xffff)
}

/// Log viewers of build machines take a line that begins with two colons for a command, and `##[` anywhere.
fn harmless(line: &str) -> String {
    let begin = line.len() - line.trim_start().len();
    let mut written = String::with_capacity(line.len() + 1);
    for (at, character) in line.char_indices() {
        written.push(character);
        let is_command = match character {
            ':' => at == begin && line[at..].starts_with("::"),
            '#' => sanitize::begins_command(&line[at..]),
            _ => false,
        };
        if is_command {
            written.push(' ');
        }
    }
    written
}

/// What is not the same in two notices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeDifference {
    /// The first line that differs, from 1.
    pub line: usize,
    /// What stands there in the old text; `None` behind its end.
    pub old: Option<String>,
    /// What stands there in the new text; `None` behind its end.
    pub new: Option<String>,
    /// Packages (`name version`) of the new text only.
    pub added: Vec<String>,
    /// Packages of the old text only.
    pub removed: Vec<String>,
    /// Packages of both of which something else is said: `name old -> new`, or `name version` with other words.
    pub changed: Vec<String>,
}

impl fmt::Display for NoticeDifference {
    /// A few lines for people, safe for a terminal.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |line: &Option<String>| match line {
            Some(line) => format!("\"{}\"", sanitize::line(line)),
            None => "the end".to_owned(),
        };
        write!(formatter, "line {}: {} should be {}", self.line, quoted(&self.old), quoted(&self.new))?;
        for (word, packages) in
            [("added", &self.added), ("removed", &self.removed), ("changed", &self.changed)]
        {
            for package in packages {
                write!(formatter, "\n{word}: {}", sanitize::line(package))?;
            }
        }
        Ok(())
    }
}

/// What is not the same in an old notice and a new one; `None` when nothing is. How lines end does not count: some
/// tools turn `\n` into `\r\n` when they check a file out.
pub fn differs(old: &str, new: &str) -> Option<NoticeDifference> {
    let (mut left, mut right) = (old.lines(), new.lines());
    let mut line = 0;
    let (first_old, first_new) = loop {
        line += 1;
        match (left.next(), right.next()) {
            (None, None) => return None,
            (left, right) if left != right => break (left.map(str::to_owned), right.map(str::to_owned)),
            _ => {}
        }
    };
    let (old, new) = (said(old), said(new));
    let only = |these: &Said, those: &Said| -> Vec<String> {
        these.keys().filter(|package| !those.contains_key(*package)).cloned().collect()
    };
    let (mut removed, mut added) = (only(&old, &new), only(&new, &old));
    let mut changed: Vec<String> = old
        .iter()
        .filter(|(package, words)| new.get(*package).is_some_and(|other| other != *words))
        .map(|(package, _)| package.clone())
        .collect();
    // One version in the place of another one.
    let name = |package: &str| package.split(' ').next().unwrap_or(package).to_owned();
    for package in removed.clone() {
        let same =
            |packages: &[String]| packages.iter().filter(|other| name(other) == name(&package)).count();
        let other = added.iter().position(|other| name(other) == name(&package));
        if let Some(other) = other.filter(|_| same(&added) == 1 && same(&removed) == 1) {
            let other = added.remove(other);
            let version = other.strip_prefix(&name(&package)).unwrap_or(&other).trim();
            changed.push(format!("{package} -> {version}"));
            removed.retain(|removed| *removed != package);
        }
    }
    changed.arrange();
    Some(NoticeDifference { line, old: first_old, new: first_new, added, removed, changed })
}

/// What a notice says of each package: its lines, and the texts that belong to it.
type Said = BTreeMap<String, String>;

fn said(notice: &str) -> Said {
    let mut said = Said::new();
    let mut lines = notice.lines().skip_while(|line| *line != RULE).skip(1);
    let mut package = None;
    for line in lines.by_ref().take_while(|line| *line != RULE) {
        if line.starts_with(INDENT) {
            if let Some(words) = package.as_ref().and_then(|package| said.get_mut(package)) {
                words.push_str(line);
                words.push('\n');
            }
        } else if !line.is_empty() {
            said.entry(line.to_owned()).or_default();
            package = Some(line.to_owned());
        }
    }
    let rest: Vec<&str> = lines.collect();
    let heading = format!("{RULE}\n{HEADING}\n");
    for text in rest.join("\n").split(&heading).skip(1) {
        let (owners, body) = text.split_once("\n\n").unwrap_or((text, ""));
        for owner in owners.lines() {
            let (package, file) = owner.trim().split_once(" (").unwrap_or((owner.trim(), ""));
            if let Some(words) = said.get_mut(package) {
                words.push_str(&format!("({file}\n{}\n", body.trim_end()));
            }
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_are_plain() {
        assert_eq!(clean("\n\n\u{c}A\u{1b}[31m\tB  \r\nC\u{202e}\n\n"), "A[31m        B\nC");
        assert_eq!(clean(HEADING), format!(" {HEADING}").trim_end());
        assert_eq!(plain("a\nb\0c\u{fffe}"), "a bc");
        assert_eq!(plain(" ::error::x"), ": :error::x");
        assert_eq!(clean("  ::set-output::x"), "  : :set-output::x");
    }

    proptest! {
        #[test]
        fn a_cleaned_text_is_clean(text in "[a-z:\\-\\n\\r\\t \u{0}\u{1b}\u{202e}]{0,80}") {
            let once = clean(&text);
            prop_assert_eq!(&clean(&once), &once);
            prop_assert!(once.chars().all(|one| one == '\n' || is_plain(one)));
            prop_assert!(!once.lines().any(|line| line.trim_start().starts_with("::")));
        }

        #[test]
        fn what_is_the_same_does_not_differ(text in "(a|b|-|\n|    ){0,60}") {
            prop_assert_eq!(differs(&text, &text), None);
            prop_assert_eq!(differs(&text.replace('\n', "\r\n"), &text), None);
        }
    }
}
