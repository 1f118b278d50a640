//! `audit explain RULE`, `audit explain ADVISORY [PATH]...`

use super::args::ExplainOptions;
use super::audit::{data_folder, policy, request, today};
use super::exit::ExitCode;
use super::output::{Failure, Terminal};
use crate::engine::{self, Explained, Options};
use crate::model::Selection;
use crate::report::explain::render;
use crate::rules;

pub(crate) fn run(options: &ExplainOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    if let Some(rule) = rules::find(&options.id) {
        let width = terminal.style().width.min(100);
        Terminal::print(ExitCode::Clean, |out| out.write_all(rules::explain(rule, width).as_bytes()))?;
        return Ok(ExitCode::Clean);
    }
    let settings = Options {
        policy: policy(options.config.as_deref(), options.no_config),
        database: options.db.clone(),
        data_folder: data_folder(),
        today: today(None)?,
        ..Options::default()
    };
    let files = !options.paths.paths.is_empty();
    let looked = engine::explain(
        &request(&options.paths, Selection::default())?,
        files,
        options.id.trim(),
        &settings,
    )?;
    match &looked.found {
        Explained::Unknown(near) => {
            let mut near: Vec<&str> = near.iter().map(String::as_str).collect();
            near.extend(rules::near(&options.id));
            let near = match &near[..] {
                [] => "`audit rules` lists the rules".to_owned(),
                near => format!("did you mean {}?", near.join(", ")),
            };
            Terminal::say(&format!("there is no rule and no advisory {}: {near}", options.id));
            Ok(ExitCode::Findings)
        }
        Explained::Known(advisory, concerned, inputs) => {
            let untold = concerned.iter().any(|concerned| concerned.version.is_none());
            let incomplete = untold || !looked.skipped.is_empty();
            let code = if incomplete { ExitCode::Incomplete } else { ExitCode::Clean };
            terminal.skips(&looked.skipped, &looked.notes, &looked.sources);
            Terminal::print(code, |out| {
                render(advisory, concerned, *inputs, &looked.sources, terminal.style(), out)
            })?;
            Ok(code)
        }
    }
}
