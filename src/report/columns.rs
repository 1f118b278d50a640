//! Rows of columns for a terminal: no line is wider than its column, whatever a cell holds.

use std::io::{self, Write};

use super::paragraph::safe;
use super::{Style, wrap};

/// Between two columns.
pub(crate) const GAP: usize = 2;

/// The lines of a cell: whole words where they fit, no line wider than the column.
pub(crate) fn fold(text: &str, width: usize) -> Vec<String> {
    let safe = safe(text);
    let mut folded = Vec::new();
    for line in wrap::lines(&safe, width, width) {
        let characters: Vec<char> = line.chars().collect();
        folded.extend(characters.chunks(width.max(1)).map(|chunk| chunk.iter().collect::<String>()));
    }
    // What begins like a command of a build log is none here.
    for line in folded.iter_mut().filter(|line| line.starts_with("::")) {
        line.insert(1, ' ');
    }
    folded
}

/// Writes the cells of a row, each with the width of its column; the first in an ANSI style (SGR parameters).
pub(crate) fn write_row(
    cells: &[(usize, Vec<String>)],
    lead: &str,
    parameters: &str,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let height = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
    for number in 0..height {
        let mut row = String::from(lead);
        for (at, (width, lines)) in cells.iter().enumerate() {
            let text = lines.get(number).map_or("", String::as_str);
            let pad = " ".repeat(width.saturating_sub(text.chars().count()) + GAP);
            if at == 0 && !text.is_empty() {
                row.push_str(&style.paint(parameters, text));
            } else {
                row.push_str(text);
            }
            row.push_str(&pad);
        }
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}
