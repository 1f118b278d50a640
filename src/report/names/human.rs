//! A judgement for people: the verdict, the name, and why.

use std::io::{self, Write};

use crate::names::{Judgement, Kind, Verdict};
use crate::report::{Style, sanitize, wrap};

/// How many characters of a name are shown.
const SHOWN: usize = 120;

pub(super) fn render(judgement: &Judgement, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if judgement.verdict == Verdict::Ok && style.detail < 0 {
        return Ok(());
    }
    let word = judgement.verdict.as_str();
    let word = match judgement.verdict {
        Verdict::Ok => style.paint("32", word),
        Verdict::Suspect => style.paint("33;1", word),
        Verdict::Deceptive => style.paint("31;1", word),
    };
    let name = shown(&judgement.written);
    let reasons = judgement.reasons();
    if judgement.verdict == Verdict::Ok {
        return writeln!(out, "{word}: {name}: {}", reasons.join("; "));
    }
    match (judgement.kind(), judgement.target()) {
        (Some(Kind::ImportName), Some(project)) => writeln!(out, "{word}: {name}, did you mean {project}?")?,
        (_, Some(target)) => writeln!(out, "{word}: {name} may be mistaken for {}", sanitize::line(target))?,
        (Some(Kind::StandardLibrary), None) => writeln!(out, "{word}: {name} is part of Python")?,
        (_, None) => writeln!(out, "{word}: {name}")?,
    }
    for reason in reasons {
        item(&sanitize::line(&reason), "  - ", style, out)?;
    }
    if let Some(help) = help(judgement) {
        item(&help, "  help: ", style, out)?;
    }
    Ok(())
}

/// A paragraph behind its mark, within the width.
fn item(text: &str, mark: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let width = style.width.saturating_sub(mark.len());
    for (number, line) in wrap::lines(text, width, width).iter().enumerate() {
        writeln!(out, "{:indent$}{line}", if number == 0 { mark } else { "" }, indent = mark.len())?;
    }
    Ok(())
}

/// The name, safe and of bounded length.
fn shown(written: &str) -> String {
    if written.is_empty() {
        return "(an empty name)".to_owned();
    }
    let cut: String = written.chars().take(SHOWN).collect();
    let more = if cut.len() < written.len() { "…" } else { "" };
    format!("{}{more}", sanitize::line(&cut))
}

fn help(judgement: &Judgement) -> Option<String> {
    let kind = judgement.kind()?;
    match (kind, judgement.target()) {
        (Kind::Invalid, _) | (Kind::Confusable, None) => None,
        (Kind::StandardLibrary, _) => Some("leave it out: `import` it as it is".to_owned()),
        (Kind::Confusable, Some(target)) => Some(format!("write {target}")),
        (_, Some(target)) => Some(format!(
            "write {target} if that is meant; a name that is right goes into [names] trusted of the policy"
        )),
        (_, None) => None,
    }
}
