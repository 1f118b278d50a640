//! `unused-ignore`: an ignore that matched nothing.

use crate::model::{Evidence, Explanation, Finding, Group, Label, Level, Rule, VexStatus};
use crate::policy::{Ignore, IgnoreOrigin};
use crate::rules::{IgnoreContext, IgnoreUse};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unused-ignore",
    group: Group::Triage,
    default_level: Level::Note,
    configurable: true,
    summary: "an ignore matched nothing",
    explanation: Explanation {
        checks: "\
Whether an ignore of the policy took out a finding or accepted a skip, whether an exception of `[licenses]` made a \
difference, and whether a clarification spoke about a package. It is only asked when the whole root was \
audited with every group: a run over one file cannot know what another one needs. Of an ignore in a comment behind a \
requirement (`# audit: ignore[ID] reason`) it is asked whenever its file was audited with every group. A comment that \
is nearly such an ignore, or stands on a line of its own, is a warning: it hides nothing. So is a statement of a VEX \
document (`--vex FILE`) about a product that is not in the project, or that gives no reason.",
        matters: "\
An entry that is not needed any more hides the next flaw that happens to share its id, and tells readers of the \
policy something that is not true.",
        example: "An [[ignore]] of CVE-2024-1234, which the last upgrade has fixed.",
        action: "Remove the entry, or correct its id, package, version or path.",
        configuration: "[rules] unused-ignore sets the level.",
        sources: "The configuration reference of this program.",
    },
};

/// One finding per entry that nothing needed, and per comment that is nearly an ignore. An expired entry is reported by
/// its own rule.
pub fn check(context: &IgnoreContext<'_>) -> Vec<Finding> {
    let is_unused = |entry: &&IgnoreUse<'_>| {
        let is_asked = match (&entry.ignore.origin, &entry.ignore.line) {
            (IgnoreOrigin::Vex { .. }, _) => true,
            (_, Some(line)) => line.audited && context.every_group,
            (_, None) => context.complete,
        };
        let counts = !entry.matched && !entry.ignore.is_expired(context.today);
        entry.ignore.fault.is_some() || (is_asked && counts)
    };
    let unused = context.ignores.iter().filter(is_unused);
    let mut findings: Vec<Finding> = unused.map(|entry| finding(entry.ignore)).collect();
    if !context.complete {
        return findings;
    }
    for entry in context.license_entries.iter().filter(|entry| !entry.used) {
        let why = if entry.what == "exception" { "is not needed" } else { "matched nothing" };
        let message = format!("the {} for {} {why}", entry.what, entry.package);
        let mut finding = Finding::new(&RULE, Label::new(entry.span, "this entry"), message);
        finding.help = Some("remove it, or correct its package or version".to_owned());
        finding.evidence = Some(Evidence::Ignore { id: format!("{} {}", entry.what, entry.package) });
        findings.push(finding);
    }
    findings
}

fn finding(ignore: &Ignore) -> Finding {
    let label = Label::new(ignore.span, "this entry");
    let nothing_stands_there = ignore.line.as_ref().is_some_and(|line| line.range.is_empty());
    let mut finding = if let IgnoreOrigin::Vex { status, .. } = &ignore.origin {
        let label = Label::new(ignore.span, "said here");
        let silent =
            || format!("the statement about {} takes out nothing: no finding is about it", ignore.id);
        let message = ignore.fault.clone().unwrap_or_else(silent);
        let finding = Finding::new(&RULE, label, message);
        // What is said to be fixed may well be found fixed.
        let agrees = ignore.fault.is_none() && *status == VexStatus::Fixed;
        Finding { level: if agrees { Level::Note } else { Level::Warn }, ..finding }
    } else if let Some(fault) = &ignore.fault {
        let message = format!("this comment is nearly an ignore and hides nothing: {fault}");
        Finding { level: Level::Warn, ..Finding::new(&RULE, label, message) }
    } else if nothing_stands_there {
        let message = format!("the ignore of {} stands behind no requirement", ignore.id);
        Finding { level: Level::Warn, ..Finding::new(&RULE, label, message) }
    } else {
        Finding::new(&RULE, label, format!("the ignore of {} matched nothing", ignore.id))
    };
    let help = match ignore.origin {
        IgnoreOrigin::Vex { .. } => "correct the statement, or take it out of the document for this project",
        _ if ignore.fault.is_some() => {
            "write `# audit: ignore[CVE-2024-1234] why it does not matter here until 2026-12-31`"
        }
        _ if nothing_stands_there => "write it at the end of the line that it is about",
        IgnoreOrigin::CommandLine => "take it off the command line, or correct its id",
        IgnoreOrigin::Inline => {
            "remove it, correct its id, or write it behind the line that a finding points at"
        }
        IgnoreOrigin::Policy => "remove it, or correct its id, package, version or path",
    };
    finding.help = Some(help.to_owned());
    finding.evidence = Some(Evidence::Ignore { id: ignore.id.clone() });
    finding
}
