//! `audit graph` and `audit why`.

use super::args::{GraphOptions, WhyOptions};
use super::audit::request;
use super::exit::ExitCode;
use super::output::{Failure, Terminal};
use super::progress::watched;
use crate::engine::{self, Error};
use crate::model::PackageName;
use crate::report::graph::{Shape, StepLine, WayLine, find, render_ways};

pub(crate) fn graph(options: &GraphOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    if options.invert && options.format == "json" {
        let error = Error::new("--invert goes with tree, dot and mermaid: json has both ends of every edge");
        return Err(error.into());
    }
    let request = request(&options.paths, options.selection.selection())?;
    let wanted = !options.paths.no_progress && terminal.style().detail >= 0;
    let looked = watched(&request.progress, wanted, || engine::graph(&request))?;
    let inputs: Vec<_> = looked.found.iter().map(|found| &found.input).collect();
    let skips = !looked.skipped.is_empty() || inputs.iter().any(|input| !input.skipped.is_empty());
    let code = if skips { ExitCode::Incomplete } else { ExitCode::Clean };
    let format = find(&options.format).ok_or_else(|| Error::new("there is no such graph format"))?;
    terminal.skips(&looked.skipped, &looked.notes, &looked.sources);
    let shape = Shape { depth: options.depth, invert: options.invert };
    Terminal::print(code, |out| (format.render)(&inputs, &looked.sources, terminal.style(), shape, out))?;
    Ok(code)
}

pub(crate) fn why(options: &WhyOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let name = PackageName::new(&options.name);
    let request = request(&options.paths, options.selection.selection())?;
    let wanted = !options.paths.no_progress && terminal.style().detail >= 0;
    let looked = watched(&request.progress, wanted, || engine::why(&request, &name))?;
    terminal.skips(&looked.skipped, &looked.notes, &looked.sources);
    let found = &looked.found;
    if found.ways.is_empty() {
        let near = match &found.near[..] {
            [] => String::new(),
            near => format!(": did you mean {}?", near.join(", ")),
        };
        Terminal::say(&format!("{} comes in nowhere{near}", found.name));
        return Ok(ExitCode::Findings);
    }
    let code = if looked.skipped.is_empty() { ExitCode::Clean } else { ExitCode::Incomplete };
    let lines: Vec<_> = found
        .ways
        .iter()
        .map(|way| WayLine {
            input: &way.input,
            declared: way.declared,
            groups: &way.groups,
            steps: way
                .steps
                .iter()
                .map(|step| StepLine {
                    name: &step.name,
                    version: step.version.as_deref(),
                    specifier: step.specifier.as_deref(),
                    with: step.with.as_deref(),
                    marker: step.marker.as_deref(),
                })
                .collect(),
        })
        .collect();
    Terminal::print(code, |out| render_ways(&found.name, &lines, &looked.sources, terminal.style(), out))?;
    Ok(code)
}
