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
    /// The steps, from what a person asked for to the package.
    pub steps: Vec<StepLine<'a>>,
}

/// One step of a way.
#[derive(Debug, Clone, Copy)]
pub struct StepLine<'a> {
    /// The package.
    pub name: &'a str,
    /// Its version, when known.
    pub version: Option<&'a str>,
    /// What is asked for.
    pub specifier: Option<&'a str>,
    /// The extra or group with which alone it is.
    pub with: Option<&'a str>,
    /// The marker under which alone it is.
    pub marker: Option<&'a str>,
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
        for (depth, step) in way.steps.iter().enumerate() {
            let indent = "    ".repeat(depth.min(20));
            let branch = if depth == 0 { "" } else { "└── " };
            let indent = if depth == 0 { "" } else { &indent[4..] };
            let mut line = format!("    {indent}{branch}{}", style.paint("1", &sanitize::line(step.name)));
            if let Some(version) = step.version {
                line.push_str(&format!(" {}", sanitize::line(version)));
            }
            let conditions = [
                step.specifier.map(|text| format!("(asked for {text})")),
                step.with.map(|text| format!("[{text}]")),
                step.marker.map(|text| format!("when {text}")),
            ];
            for condition in conditions.into_iter().flatten() {
                line.push_str(&format!(" {}", style.paint("2", &sanitize::line(&condition))));
            }
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
