//! Findings, drawn: the line to edit, the flaws, what brought the package in, the next step.

use crate::model::{Finding, Label, Matched, SourceKind, SourceMap, Span, Status};
use crate::report::Style;
use crate::report::audit::group::Group;
use crate::report::diagnostic::{Drawing, render_place, text_width};
use crate::report::excerpt::Excerpt;
use crate::report::paragraph::{safe, wrapped};
use crate::report::purl::masked_url;
use crate::report::words::{place, risk};

/// How many paths are shown without `-v`.
const PATHS: usize = 2;

pub(super) fn draw(group: &Group<'_>, sources: &SourceMap, style: Style) -> String {
    let first = group.first();
    let drawing = Drawing {
        level: group.level(),
        code: Some(first.rule.id),
        message: safe(&group.headline()),
        excerpt: Excerpt::new(sources, first.primary.span, text_width(style)),
        label: safe(&first.primary.message),
        help: None,
    };
    let mut text = drawing.render(style);
    for label in first.related.iter().filter(|label| is_drawn(first, label)) {
        if let Some(excerpt) = Excerpt::new(sources, label.span, text_width(style)) {
            text.push_str(&render_place(excerpt, safe(&label.message), style));
        }
    }
    if group.findings.len() > 1 {
        for finding in &group.findings {
            text.push_str(&flaw_line(finding, group, style));
        }
    }
    for (label, content) in context(group, sources, style) {
        text.push_str(&wrapped(&content, &format!("  {label} "), style));
        text.push('\n');
    }
    if let Some(help) = group.help() {
        let lead = format!("  {} ", style.paint("36", "help:"));
        text.push_str(&wrapped(&safe(&help), &lead, style));
        text.push('\n');
    }
    text
}

/// Whether a related place is drawn: of terms, where they were learnt and what the policy says of them.
fn is_drawn(finding: &Finding, label: &Label) -> bool {
    let Some(terms) = finding.terms() else { return false };
    let is_policy = label.span.source.unit() == 0;
    let holds = |span: Span| {
        span.source == label.span.source
            && span.range().start <= label.span.range().start
            && label.span.range().end <= span.range().end
    };
    is_policy || terms.learnt.iter().filter_map(|evidence| evidence.span).any(holds)
}

/// One flaw of several.
fn flaw_line(finding: &Finding, group: &Group<'_>, style: Style) -> String {
    let Some((title, what)) = group.flaw(finding) else { return String::new() };
    let lead = format!("  • {} ", style.paint("1", &safe(&title)));
    let mut line = wrapped(&safe(&what), &lead, style);
    line.push('\n');
    line
}

/// What brought the package in, where it is locked, and with `-v` the evidence.
fn context(group: &Group<'_>, sources: &SourceMap, style: Style) -> Vec<(String, String)> {
    let first = group.first();
    let mut lines = Vec::new();
    let label = |text: &str| style.paint("2", text);
    let long: Vec<_> = first.paths.iter().filter(|path| path.len() > 1).collect();
    let shown = if style.detail > 0 { long.len() } else { PATHS };
    for path in long.iter().take(shown) {
        let path: Vec<_> = path.iter().map(|name| safe(name)).collect();
        lines.push((label("path:"), path.join(" > ")));
    }
    if long.len() > shown {
        lines.push((label("path:"), format!("… and {} more", long.len() - shown)));
    }
    match first.status {
        Some(Status::News) => {
            let text =
                "this change does not touch it; it was published after the state that this is compared with";
            lines.push((label("news:"), text.to_owned()));
        }
        Some(Status::Known) => lines.push((label("known:"), "it was there before".to_owned())),
        Some(Status::New) | None => {}
    }
    for related in first.related.iter().filter(|label| !is_drawn(first, label)) {
        let what = if related.message.is_empty() { "see" } else { &related.message };
        lines.push((label("also:"), format!("{} ({})", safe(&place(sources, related.span)), safe(what))));
    }
    if let Some(package) = &first.package {
        if let Some(marker) = &package.marker {
            lines.push((label("when:"), safe(marker)));
        }
        if !package.groups.is_empty() && package.groups != ["main"] {
            lines.push((label("in:"), safe(&package.groups.join(", "))));
        }
        let elsewhere = package.source.kind != SourceKind::Index || package.source.url.is_some();
        let is_matched =
            group.findings.iter().any(|finding| finding.advisory().is_some() || finding.range().is_some());
        if elsewhere && is_matched {
            let url = package.source.url.as_deref().unwrap_or("elsewhere");
            let text = format!("taken from {}, matched as if it came from the public index", safe(url));
            lines.push((label("note:"), text));
        }
    }
    for finding in &group.findings {
        let Some(advisory) = finding.advisory() else { continue };
        if let Some(risk) = risk(advisory).filter(|_| group.findings.len() == 1) {
            lines.push((label("risk:"), safe(&risk)));
        }
        if style.detail > 0 || group.findings.len() == 1 {
            if !advisory.aliases.is_empty() {
                lines.push((label("ids:"), safe(&format!("{} {}", advisory.id, advisory.aliases.join(" ")))));
            }
            let references = if style.detail > 0 { usize::MAX } else { 1 };
            for reference in advisory.references.iter().take(references) {
                lines.push((label("see:"), safe(&masked_url(reference))));
            }
        }
        if style.detail > 0 {
            for matched in &advisory.matched {
                lines.push((label("match:"), safe(&matched_words(matched))));
            }
        }
    }
    lines
}

fn matched_words(matched: &Matched) -> String {
    let mut words = vec![matched.record.clone()];
    let mut add = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            words.push(format!("{name} {value}"));
        }
    };
    add("introduced", &matched.introduced);
    add("fixed", &matched.fixed);
    add("last affected", &matched.last_affected);
    add("limit", &matched.limit);
    add("lists version", &matched.version);
    words.join(", ")
}
