//! What is said in every report for people: what was not audited, and what is worth saying besides.

use std::io::{self, Write};

use super::Style;
use super::paragraph::{safe, wrapped};
use super::words::{place, shortened, thousands};
use crate::model::{Note, Skipped, SourceMap};

/// How many skips of one file are shown without `-v`.
const SKIPS: usize = 10;

/// Skips, those that are accepted behind the others.
pub(crate) fn skipped(
    skipped: &[Skipped],
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (accepted, open): (Vec<_>, Vec<_>) = skipped.iter().partition(|skip| skip.accepted.is_some());
    if !open.is_empty() {
        let title = format!("not audited: {}", thousands(open.len()));
        writeln!(out, "{}", style.paint("1;33", &title))?;
        rows(&open, sources, style, out)?;
        writeln!(out)?;
    }
    if !accepted.is_empty() && style.detail >= 0 {
        writeln!(out, "not audited, accepted by the policy: {}", thousands(accepted.len()))?;
        rows(&accepted, sources, style, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Skips file by file; what one file repeats is counted, not repeated.
fn rows(skips: &[&Skipped], sources: &SourceMap, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut shown_of_file = 0;
    let mut last: Option<(&str, &str)> = None;
    let mut hidden = 0;
    for skip in skips {
        if last.is_some_and(|(path, _)| path == skip.path) {
            shown_of_file += 1;
        } else {
            more(hidden, style, out)?;
            (shown_of_file, hidden) = (0, 0);
        }
        last = Some((&skip.path, &skip.why));
        if style.detail <= 0 && shown_of_file >= SKIPS {
            hidden += 1;
            continue;
        }
        let at = skip.span.map_or_else(|| skip.path.clone(), |span| place(sources, span));
        let what =
            if skip.what == skip.path { String::new() } else { format!("{}: ", shortened(&skip.what, 60)) };
        let reason =
            skip.accepted.as_ref().map(|reason| format!(" (accepted: {reason})")).unwrap_or_default();
        let lead = format!("  {} ", style.paint("36", &safe(&at)));
        writeln!(out, "{}", wrapped(&safe(&format!("{what}{}{reason}", skip.why)), &lead, style))?;
    }
    more(hidden, style, out)
}

fn more(hidden: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if hidden == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "{}",
        wrapped(&format!("… and {} more in that file (-v shows all)", thousands(hidden)), "  ", style)
    )
}

/// Notes, a paragraph each.
pub(crate) fn notes(
    notes: &[Note],
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for note in notes {
        let at = note.span.map_or_else(|| note.path.clone(), |span| place(sources, span));
        let lead = format!("{} ", style.paint("2", "note:"));
        writeln!(out, "{}", wrapped(&safe(&format!("{at}: {}", note.text)), &lead, style))?;
    }
    if notes.is_empty() { Ok(()) } else { writeln!(out) }
}
