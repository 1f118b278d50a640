//! `html`: one [page](crate::report::page) with everything: the counts, a picture of how affected packages come in, each
//! finding with its line, what was not audited, what is ignored, and the licenses.

mod picture;

use std::io::{self, BufWriter, Write};

use super::group::{Group, groups, most_urgent};
use super::words::{
    counts, data_line, ignored_words, license_words, selected_line, step_words, verdict_words, version_words,
};
use crate::model::{Change, Evidence, Finding, Level, Report, SourceMap, Status};
use crate::report::Style;
use crate::report::excerpt::Excerpt;
use crate::report::licenses::rows::{Cells, cells};
use crate::report::page::{self, text};
use crate::report::purl::masked_url;
use crate::report::words::{place, thousands};
use picture::picture;

/// The longest line of a file that is shown, in characters.
const LINE: usize = 160;

/// So many paths of a finding are told.
const PATHS: usize = 8;

pub(super) fn render(report: &Report, sources: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let title = report.project.as_deref().unwrap_or(&report.root_name);
    page::begin(&format!("Dependencies of {title}"), &mut out)?;
    head(report, &mut out)?;
    let groups = most_urgent(groups(&report.findings));
    picture(&groups, &mut out)?;
    if !groups.is_empty() {
        writeln!(out, "<h2>Findings</h2>")?;
    }
    let of = |level: Level| groups.iter().filter(|group| group.level() == level).count();
    let levels = [Level::Deny, Level::Warn, Level::Note].map(|level| (level.as_str(), of(level)));
    page::controls("packages, ids, files", &levels, &mut out)?;
    writeln!(out, "<div id=\"rows\">")?;
    for (number, group) in groups.iter().enumerate() {
        finding(group, number + 1, sources, &mut out)?;
    }
    writeln!(out, "</div>")?;
    page::skipped(&report.skipped, &mut out)?;
    if let Some(change) = &report.change {
        changed(change, &mut out)?;
    }
    let ignored: Vec<_> = report.ignored.iter().map(|one| ignored_words(one, sources)).collect();
    list("Ignored", &ignored, &mut out)?;
    let notes: Vec<_> = report.notes.iter().map(|note| format!("{}: {}", note.path, note.text)).collect();
    list("Notes", &notes, &mut out)?;
    licenses(report, &mut out)?;
    page::end(&mut out)?;
    out.flush()
}

/// The verdict, what was asked, and the counts.
fn head(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let verdict = report.verdict.as_str();
    writeln!(out, "<p class=\"verdict {verdict}\">{verdict}: {}</p>", text(&verdict_words(report)))?;
    let change = report.change.as_ref().map(counts);
    let selected = report.selection.as_ref().map(selected_line);
    for line in [change, selected, Some(data_line(report))].into_iter().flatten() {
        writeln!(out, "<p class=\"soft\">{}</p>", text(&line))?;
    }
    let summary = report.summary;
    writeln!(out, "<ul class=\"counts\">")?;
    for (class, count, words) in [
        ("deny", summary.deny, "denied"),
        ("warn", summary.warn, "warnings"),
        ("soft", summary.note, "notes"),
        ("warn", summary.skipped, "not audited"),
        ("soft", summary.ignored, "ignored"),
        ("soft", summary.packages, "packages"),
        ("soft", summary.inputs, "files"),
    ] {
        let class = if count == 0 { "soft" } else { class };
        writeln!(out, "<li class=\"{class}\"><b>{}</b> {words}</li>", thousands(count))?;
    }
    writeln!(out, "</ul>")
}

/// What is told together: the line, the flaws, how it comes in, what to do.
fn finding(group: &Group<'_>, number: usize, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let first = group.first();
    let level = group.level().as_str();
    write!(
        out,
        "<article id=\"f{number}\" class=\"{level}\" data-decision=\"{level}\">\n<h3><span class=\"{level}\">{level}\
         </span> {}</h3>\n<p class=\"soft\">{} · {}",
        text(&group.headline()),
        first.rule.id,
        text(&place(sources, first.primary.span))
    )?;
    let status = match first.status {
        Some(Status::New) => " · new",
        Some(Status::News) => " · news: this change does not touch it",
        Some(Status::Known) => " · was there before",
        None => "",
    };
    writeln!(out, "{status}</p>")?;
    excerpt(first, sources, out)?;
    let mut items = Vec::new();
    for one in &group.findings {
        let Some((title, what)) = group.flaw(one) else { continue };
        items.push(format!("<b>{}</b> {} <small>{}</small>", text(&title), text(&what), text(&known(one))));
    }
    items.extend(evidence(first).iter().map(|line| text(line)));
    items.extend(first.related.iter().map(|related| {
        let words = if related.message.is_empty() { "see" } else { &related.message };
        text(&format!("{words}: {}", place(sources, related.span)))
    }));
    let paths = first.paths.iter().filter(|path| path.len() > 1).take(PATHS);
    items.extend(paths.map(|path| text(&format!("comes in by {}", path.join(" > ")))));
    if !items.is_empty() {
        writeln!(out, "<ul>\n<li>{}</li>\n</ul>", items.join("</li>\n<li>"))?;
    }
    if let Some(help) = group.help() {
        writeln!(out, "<p><b>Next step:</b> {}</p>", text(&help))?;
    }
    writeln!(out, "</article>")
}

/// The line that a person edits, with its neighbours.
fn excerpt(finding: &Finding, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let Some(excerpt) = Excerpt::new(sources, finding.primary.span, LINE) else { return Ok(()) };
    write!(out, "<pre>")?;
    for (number, [before, label, after]) in excerpt.lines() {
        write!(out, "<span>{number:>4} </span>{}", text(before))?;
        if !label.is_empty() {
            write!(out, "<mark>{}</mark>", text(label))?;
        }
        writeln!(out, "{}", text(after))?;
    }
    writeln!(out, "</pre>")
}

/// What advisories say besides: ids, vector, days, what is fixed, where to read on.
fn known(finding: &Finding) -> String {
    let Some(advisory) = finding.advisory() else { return String::new() };
    let mut parts = vec![advisory.aliases.join(" ")];
    parts.extend(advisory.cvss.clone());
    let day = |text: &Option<String>| text.as_deref().map(|text| text.get(..10).unwrap_or(text).to_owned());
    parts.extend(day(&advisory.published).map(|day| format!("published {day}")));
    if !advisory.fixed.is_empty() {
        parts.push(format!("fixed in {}", advisory.fixed.join(", ")));
    }
    parts.extend(advisory.references.first().map(|reference| masked_url(reference)));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// What a finding that is no flaw of a release rests on, a line each.
fn evidence(finding: &Finding) -> Vec<String> {
    match &finding.evidence {
        Some(Evidence::Range(range)) => {
            range.flaws.iter().map(|flaw| format!("{} {}", flaw.id, flaw.severity)).collect()
        }
        Some(Evidence::Name(name)) => name.reasons.clone(),
        Some(Evidence::Indexes { addresses, .. }) => addresses.clone(),
        Some(Evidence::Terms(terms)) => {
            let words = |one: &crate::model::LicenseEvidence| {
                format!("{}: {}", one.source.words(), crate::report::words::shortened(&one.value, LINE))
            };
            terms.learnt.iter().map(words).collect()
        }
        _ => Vec::new(),
    }
}

fn list(title: &str, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>{title}: {}</h2>\n<ul>", thousands(lines.len()))?;
    for line in lines {
        writeln!(out, "<li>{}</li>", text(line))?;
    }
    writeln!(out, "</ul>")
}

/// The packages that the change adds, removes or moves, and what it ends.
fn changed(change: &Change, out: &mut dyn Write) -> io::Result<()> {
    if !change.packages.is_empty() {
        writeln!(
            out,
            "<h2>Packages of this change: {}</h2>\n<div class=\"wide\">\n<table>\n<tbody>",
            step_words(change)
        )?;
        for package in &change.packages {
            let resembles = package.resembles.as_ref().map(|target| format!("resembles {target}"));
            writeln!(
                out,
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td class=\"warn\">{}</td></tr>",
                text(package.name.as_str()),
                package.step.as_str(),
                text(&version_words(package)),
                text(&license_words(package)),
                text(&resembles.unwrap_or_default())
            )?;
        }
        writeln!(out, "</tbody>\n</table>\n</div>")?;
    }
    let ended: Vec<_> = change.ended.iter().map(|one| one.message.clone()).collect();
    list("Ended by this change", &ended, out)
}

/// The terms of every package.
fn licenses(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Some(licenses) = &report.licenses else { return Ok(()) };
    let rows: Vec<_> = cells(licenses).collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<h2>Licenses</h2>\n<div class=\"wide\">\n<table>\n<thead><tr><th>Package</th><th>Version</th>\
         <th>License</th><th>Learnt from</th><th>Comes in by</th><th>Decision</th></tr></thead>\n<tbody>"
    )?;
    for row in &rows {
        license(row, out)?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>")
}

fn license(row: &Cells<'_>, out: &mut dyn Write) -> io::Result<()> {
    let decision = row.decision;
    writeln!(
        out,
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
         <td class=\"{decision}\">{decision}</td></tr>",
        text(&row.name),
        text(&row.version),
        text(&row.license()),
        text(&row.learnt()),
        text(&row.comes_in_by)
    )
}
