//! The rules as text: the list, and the explanation of one.

use super::TABLE;
use crate::model::Rule;

/// All rules with level and summary, one a line (wrapped to `width`).
pub fn list(width: usize) -> String {
    let widest = TABLE.iter().map(|entry| entry.rule.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for entry in TABLE {
        let rule = entry.rule;
        let lead = format!("{:widest$}  {:10}  ", rule.id, level(rule));
        let options = textwrap::Options::new(width.saturating_sub(lead.len()).max(30));
        for (number, line) in textwrap::wrap(rule.summary, options).iter().enumerate() {
            if number == 0 {
                text.push_str(&lead);
            } else {
                text.push_str(&" ".repeat(lead.len()));
            }
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

fn level(rule: &Rule) -> &'static str {
    if rule.configurable { rule.default_level.as_str() } else { "incomplete" }
}

/// The explanation of a rule as Markdown, wrapped to `width`: what `audit explain` prints and `docs/rules/` holds.
pub fn explain(rule: &Rule, width: usize) -> String {
    let mut text = format!("# {}\n\n", rule.id);
    let default =
        format!("{}. Default: {}. Group: {}.", capital(rule.summary), level(rule), rule.group.as_str());
    let explanation = &rule.explanation;
    paragraph(&mut text, &default, width);
    for (title, body) in [
        ("What it checks", explanation.checks),
        ("Why it matters", explanation.matters),
        ("Example", explanation.example),
        ("What to do", explanation.action),
        ("Configuration", explanation.configuration),
        ("Sources", explanation.sources),
    ] {
        text.push_str(&format!("\n## {title}\n\n"));
        for line in body.lines() {
            paragraph(&mut text, line, width);
        }
    }
    text
}

fn paragraph(text: &mut String, body: &str, width: usize) {
    let options = textwrap::Options::new(width)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false);
    for line in textwrap::wrap(body, options) {
        text.push_str(&line);
        text.push('\n');
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
