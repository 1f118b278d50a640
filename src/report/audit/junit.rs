//! `junit`: XML as `JUnit` has it, a suite for each project.
//!
//! A finding at level deny is a failure; one that only warns is a test that passes, named in the output of its suite.
//! What was not audited is an error, so that an incomplete run is never green; what was ignored or accepted is skipped.
//! Every file that was read is a test that passes.
//!
//! There is no official schema; this follows the XSD of Windy Road for Ant, in which the order of elements and most
//! attributes are fixed. Source of what may stand in XML: XML 1.0, 2.2.

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};

use crate::model::{Finding, Ignored, Level, Report, SourceMap, Version};
use crate::report::words::{count, place};
use crate::report::{Style, sanitize};

/// How a test ended.
enum Outcome {
    Passed,
    Skipped(String),
    /// `error` or `failure`: the message, and what is told besides, a line each.
    Broken(&'static str, String, Vec<String>),
}

struct Case {
    class: &'static str,
    name: String,
    outcome: Outcome,
}

#[derive(Default)]
struct Suite {
    name: String,
    cases: Vec<Case>,
    output: Vec<String>,
}

pub(super) fn render(report: &Report, sources: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")?;
    for (index, suite) in suites(report, sources).iter().enumerate() {
        write(suite, index, report, &mut out)?;
    }
    out.write_all(b"</testsuites>\n")?;
    out.flush()
}

/// The suite of the run itself, then one for each project.
fn suites(report: &Report, sources: &SourceMap) -> Vec<Suite> {
    let mut suites = vec![Suite { name: "the run".to_owned(), ..Suite::default() }];
    suites.extend(report.projects.iter().map(|project| {
        let folder = if project.folder.is_empty() { "." } else { &project.folder };
        Suite { name: folder.to_owned(), ..Suite::default() }
    }));
    let of_unit: HashMap<u32, usize> =
        report.projects.iter().enumerate().map(|(index, project)| (project.unit, index + 1)).collect();
    let of_folder: HashMap<&str, usize> = report
        .projects
        .iter()
        .enumerate()
        .map(|(index, project)| (project.folder.as_str(), index + 1))
        .collect();
    let of_path = |path: &str| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        of_folder.get(folder).copied().unwrap_or(0)
    };
    let of_finding =
        |finding: &Finding| of_unit.get(&finding.primary.span.source.unit()).copied().unwrap_or(0);
    let mut add = |suite: usize, case: Case, said: Option<String>| {
        if let Some(suite) = suites.get_mut(suite) {
            suite.cases.push(case);
            suite.output.extend(said);
        }
    };
    let data = count(report.database.sources.len(), "source of advisories", "sources of advisories");
    add(
        0,
        Case { class: "audit", name: "the audit took place".to_owned(), outcome: Outcome::Passed },
        Some(data),
    );
    for input in &report.inputs {
        let case =
            Case { class: input.kind, name: format!("{} was read", input.path), outcome: Outcome::Passed };
        add(of_path(&input.path), case, None);
    }
    for finding in &report.findings {
        let mut said = None;
        let outcome = if finding.level == Level::Deny {
            Outcome::Broken("failure", finding.message.clone(), details(finding, sources))
        } else {
            let lines = details(finding, sources).join("; ");
            said = Some(format!("{}: {}; {lines}", finding.level.as_str(), finding.message));
            Outcome::Passed
        };
        add(of_finding(finding), Case { class: finding.rule.id, name: title(finding), outcome }, said);
    }
    for Ignored { finding, reason, until, by, .. } in &report.ignored {
        let until = until.as_ref().map(|until| format!(" until {until}")).unwrap_or_default();
        let outcome = Outcome::Skipped(format!("ignored{until} ({}): {reason}", by.as_str()));
        add(of_finding(finding), Case { class: finding.rule.id, name: title(finding), outcome }, None);
    }
    for skip in &report.skipped {
        let unit = skip.span.and_then(|span| of_unit.get(&span.source.unit()));
        let outcome = match &skip.accepted {
            Some(reason) => Outcome::Skipped(format!("{}; accepted: {reason}", skip.why)),
            None if report.allow_incomplete => Outcome::Skipped(format!("not audited: {}", skip.why)),
            None => Outcome::Broken("error", format!("not audited: {}", skip.why), Vec::new()),
        };
        let name = format!("{}: {}", skip.path, skip.what);
        let suite = unit.copied().unwrap_or_else(|| of_path(&skip.path));
        add(suite, Case { class: "unsupported-input", name, outcome }, None);
    }
    suites
}

/// The name of a test: no line, nor how many flaws there are, so that its history can be followed.
fn title(finding: &Finding) -> String {
    let version = finding.package.as_ref().and_then(|package| package.version.as_ref()).map(Version::as_str);
    if let (Some(package), Some(range)) = (&finding.package, finding.range()) {
        return format!("{}{} admits affected versions", package.name, range.specifier);
    }
    match (&finding.package, finding.advisory()) {
        (Some(package), Some(advisory)) => {
            format!("{} {}: {}", package.name, version.unwrap_or(""), advisory.id)
        }
        _ => finding.message.clone(),
    }
}

/// Where it stands, what to do, how the package comes in.
fn details(finding: &Finding, sources: &SourceMap) -> Vec<String> {
    let mut lines = vec![place(sources, finding.primary.span)];
    if let Some(help) = &finding.help {
        lines.push(format!("next step: {help}"));
    }
    if let Some(advisory) = finding.advisory().filter(|advisory| !advisory.aliases.is_empty()) {
        lines.push(format!("ids: {} {}", advisory.id, advisory.aliases.join(" ")));
    }
    lines.extend(
        finding.related.iter().map(|label| format!("{}: {}", place(sources, label.span), label.message)),
    );
    let paths = finding.paths.iter().filter(|path| path.len() > 1);
    lines.extend(paths.map(|path| format!("comes in by: {}", path.join(" > "))));
    lines
}

fn write(suite: &Suite, index: usize, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let ended = |wanted: &str| {
        let of_kind = |case: &&Case| match &case.outcome {
            Outcome::Passed => false,
            Outcome::Skipped(_) => wanted == "skipped",
            Outcome::Broken(kind, ..) => wanted == *kind,
        };
        suite.cases.iter().filter(of_kind).count()
    };
    writeln!(
        out,
        "  <testsuite name=\"{}\" package=\"audit\" id=\"{index}\" timestamp=\"{}T00:00:00\" hostname=\"localhost\" \
         tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\">",
        escaped(&suite.name),
        escaped(&report.today),
        suite.cases.len(),
        ended("failure"),
        ended("error"),
        ended("skipped"),
    )?;
    let verdict = report.verdict.as_str();
    writeln!(
        out,
        "    <properties>\n      <property name=\"verdict\" value=\"{verdict}\"/>\n    </properties>"
    )?;
    for case in &suite.cases {
        write!(
            out,
            "    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
            escaped(case.class),
            escaped(&case.name)
        )?;
        match &case.outcome {
            Outcome::Passed => writeln!(out, "/>")?,
            Outcome::Skipped(message) => {
                writeln!(out, ">\n      <skipped message=\"{}\"/>\n    </testcase>", escaped(message))?;
            }
            Outcome::Broken(kind, message, lines) => {
                write!(out, ">\n      <{kind} type=\"{}\" message=\"{}\">", case.class, escaped(message))?;
                out.write_all(lines_of(lines).as_bytes())?;
                writeln!(out, "</{kind}>\n    </testcase>")?;
            }
        }
    }
    writeln!(
        out,
        "    <system-out>{}</system-out>\n    <system-err/>\n  </testsuite>",
        lines_of(&suite.output)
    )
}

fn lines_of(lines: &[String]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| escaped(line)).collect();
    lines.join("\n")
}

/// Text on one line: what XML cannot hold (XML 1.0, 2.2) and what speaks to a terminal is written as an escape.
#[inline(never)]
fn escaped(text: &str) -> String {
    let safe = sanitize::line(text);
    let mut written = String::with_capacity(safe.len());
    for character in safe.chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => written.push_str(&sanitize::escape(character)),
            other => written.push(other),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_xml_cannot_hold_is_written_as_an_escape() {
        assert_eq!(
            escaped("a<b>&\"c\" ]]> \u{0}\u{b}\u{fffe}\n"),
            "a&lt;b&gt;&amp;&quot;c&quot; ]]&gt; \\x00\\x0b\\u{fffe}\\x0a"
        );
    }

    proptest! {
        /// XML 1.0, production 2 (`Char`), and nothing that opens an element or an entity.
        #[test]
        fn whatever_comes_in(text in any::<String>()) {
            let written = escaped(&text);
            let is_left = written.contains(['<', '>', '"', '\u{fffe}', '\u{ffff}']);
            prop_assert!(!is_left, "{}", written);
            prop_assert!(written.chars().all(|one| one >= ' '));
        }
    }
}
