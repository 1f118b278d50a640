//! Findings, drawn: the line to edit, the flaws, what brought the package in, the next step.

use std::collections::HashMap;

use crate::model::{
    Finding, Label, Level, Matched, PackageName, Severity, SourceKind, SourceMap, Span, Status, Version,
};
use crate::report::Style;
use crate::report::diagnostic::{Drawing, render_place, text_width};
use crate::report::excerpt::Excerpt;
use crate::report::paragraph::{safe, wrapped};
use crate::report::purl::masked_url;
use crate::report::words::{place, risk};

/// How many paths are shown without `-v`.
const PATHS: usize = 2;

/// Findings of one rule about one package version at one place.
pub(super) struct Group<'a> {
    pub(super) findings: Vec<&'a Finding>,
}

impl<'a> Group<'a> {
    pub(super) fn first(&self) -> &'a Finding {
        self.findings[0]
    }

    pub(super) fn level(&self) -> Level {
        self.findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Note)
    }

    pub(super) fn package(&self) -> Option<(&'a PackageName, Option<&'a Version>)> {
        self.first().package.as_ref().map(|package| (&package.name, package.version.as_ref()))
    }

    pub(super) fn worst(&self) -> Option<Severity> {
        self.findings.iter().filter_map(|finding| finding.severity).max()
    }

    /// The version that clears most: the highest safe one.
    pub(super) fn safe_version(&self) -> Option<Version> {
        let safe = self.findings.iter().filter_map(|finding| finding.advisory()?.safe_version.as_deref());
        safe.map(Version::new).max()
    }
}

pub(super) fn groups<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    // Where the group of a place lies: a run over many projects has thousands of them.
    let mut known: HashMap<_, usize> = HashMap::new();
    for finding in findings {
        let Some(package) = &finding.package else {
            groups.push(Group { findings: vec![finding] });
            continue;
        };
        let version = package.version.as_ref().map(Version::as_str);
        let key = (
            (finding.rule.id, finding.status),
            &package.name,
            version,
            finding.primary.span,
            &finding.primary.message,
        );
        let same = |group: &Group<'_>| group.first().package == finding.package;
        if let Some(index) = known.get(&key).copied().filter(|index| groups.get(*index).is_some_and(same)) {
            groups[index].findings.push(finding);
        } else {
            known.insert(key, groups.len());
            groups.push(Group { findings: vec![finding] });
        }
    }
    groups
}

pub(super) fn draw(group: &Group<'_>, sources: &SourceMap, style: Style) -> String {
    let first = group.first();
    let message = match (&group.findings[..], group.package()) {
        ([_], _) | (_, None) => sentence(first),
        (many, Some((name, version))) => {
            let version = version.map(|version| format!(" {version}")).unwrap_or_default();
            let kind = if group.worst().is_some() { "known vulnerabilities" } else { "reports of malware" };
            let worst = group.worst().map(|worst| format!(", the worst {worst}")).unwrap_or_default();
            format!("{name}{version} has {} {kind}{worst}", many.len())
        }
    };
    let help = help(group);
    let drawing = Drawing {
        level: group.level(),
        code: Some(first.rule.id),
        message: safe(&message),
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
    if let Some(help) = help {
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

/// The message with its severity, for a finding that stands alone.
fn sentence(finding: &Finding) -> String {
    if finding.range().is_some() {
        return finding.message.clone(); // it says how severe the worst flaw is
    }
    match (finding.severity, finding.advisory().and_then(|advisory| advisory.score)) {
        (Some(severity), Some(score)) => format!("{} ({severity} {score:.1})", finding.message),
        (Some(severity), None) => format!("{} (severity {severity})", finding.message),
        _ => finding.message.clone(),
    }
}

/// One flaw of several.
fn flaw_line(finding: &Finding, group: &Group<'_>, style: Style) -> String {
    let Some(advisory) = finding.advisory() else { return String::new() };
    let title = advisory.title(group.findings.iter().filter_map(|finding| finding.advisory()));
    let severity = match (finding.severity, advisory.score) {
        (Some(severity), Some(score)) => format!("{severity} {score:.1}"),
        (Some(severity), None) => severity.to_string(),
        _ => String::new(),
    };
    let prefix = finding.message.split_once(": ").map_or(finding.message.as_str(), |(_, what)| what);
    let weak = if finding.level == Level::Deny { String::new() } else { format!(" [{}]", finding.level) };
    let lead = format!("  • {} ", style.paint("1", &safe(&title)));
    let risk = risk(advisory).map(|risk| format!(", {risk}")).unwrap_or_default();
    let body = format!("{severity}{}{weak}: {}", safe(&risk), safe(prefix));
    let mut line = wrapped(&body, &lead, style);
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

/// The next step: that of the finding with the highest safe version, which clears the others as well.
fn help(group: &Group<'_>) -> Option<String> {
    let safe = group.safe_version();
    let best = group.findings.iter().find(|finding| {
        let version = finding.advisory().and_then(|advisory| advisory.safe_version.as_deref());
        safe.is_some() && version.map(Version::new) == safe
    });
    let help = best.unwrap_or(&group.findings[0]).help.clone()?;
    let unfixed: Vec<_> = group
        .findings
        .iter()
        .filter_map(|finding| finding.advisory())
        .filter(|advisory| advisory.safe_version.is_none())
        .map(|advisory| advisory.id.as_str())
        .collect();
    if unfixed.is_empty() || safe.is_none() {
        return Some(help);
    }
    Some(format!("{help}; no fixed version is known for {}", unfixed.join(", ")))
}
