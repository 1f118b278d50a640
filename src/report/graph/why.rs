//! `audit why`: every way in which a package comes in.

use std::io::{self, Write};

use crate::model::{PackageName, SourceMap, Span};
use crate::report::words::place;
use crate::report::{Style, sanitize};

/// One way, as it is written: where it was read, where a person asked for it, and the steps with their conditions.
pub struct WayLine<'a> {
    /// The input that tells it.
    pub input: &'a str,
    /// Where a person asked for the first step.
    pub declared: Span,
    /// The groups of the first step.
    pub groups: &'a [String],
    /// Name, version, specifier and marker of each step.
    pub steps: Vec<[Option<&'a str>; 4]>,
}

/// Writes the ways.
pub fn render(
    name: &PackageName,
    ways: &[WayLine<'_>],
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut input = None;
    for way in ways {
        if input != Some(way.input) {
            if input.is_some() {
                writeln!(out)?;
            }
            let title = format!("{} in {}", name, way.input);
            writeln!(out, "{}", style.paint("1", &sanitize::line(&title)))?;
            input = Some(way.input);
        }
        let groups = match way.groups {
            [] => String::new(),
            [main] if main == "main" => String::new(),
            groups => format!(" [{}]", groups.join(", ")),
        };
        let at = sanitize::line(&place(sources, way.declared)).into_owned();
        writeln!(out, "  {}{}", style.paint("36", &at), sanitize::line(&groups))?;
        for (depth, [name, version, specifier, marker]) in way.steps.iter().enumerate() {
            let indent = "    ".repeat(depth.min(20));
            let branch = if depth == 0 { "" } else { "└── " };
            let indent = if depth == 0 { "" } else { &indent[4..] };
            let text = |text: Option<&str>| sanitize::line(text.unwrap_or_default()).into_owned();
            let mut line = format!("    {indent}{branch}{}", style.paint("1", &text(*name)));
            if version.is_some() {
                line.push_str(&format!(" {}", text(*version)));
            }
            if specifier.is_some() {
                line.push_str(&format!(
                    " {}",
                    style.paint("2", &format!("(asked for {})", text(*specifier)))
                ));
            }
            if marker.is_some() {
                line.push_str(&format!(" {}", style.paint("2", &format!("when {}", text(*marker)))));
            }
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
