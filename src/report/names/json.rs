//! One JSON object a line, in the order of the names.

use std::io::{self, Write};

use serde::Serialize;

use crate::names::Judgement;
use crate::report::words::thousandths;
use crate::report::{Style, json_text};

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    verdict: &'static str,
    score: f64,
    target: Option<&'a str>,
    kind: Option<&'static str>,
    reasons: Vec<String>,
}

pub(super) fn render(judgement: &Judgement, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let line = Line {
        name: &judgement.written,
        verdict: judgement.verdict.as_str(),
        score: thousandths(judgement.score),
        target: judgement.target(),
        kind: judgement.kind().map(crate::names::Kind::as_str),
        reasons: judgement.reasons(),
    };
    json_text::write_line(&line, out)
}
