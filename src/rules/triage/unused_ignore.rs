//! `unused-ignore`: an ignore that matched nothing.

use crate::model::{Evidence, Explanation, Finding, Group, Label, Level, Rule};
use crate::policy::IgnoreOrigin;
use crate::rules::IgnoreContext;

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
audited with every group: a run over one file cannot know what another one needs.",
        matters: "\
An entry that is not needed any more hides the next flaw that happens to share its id, and tells readers of the \
policy something that is not true.",
        example: "An [[ignore]] of CVE-2024-1234, which the last upgrade has fixed.",
        action: "Remove the entry, or correct its id, package, version or path.",
        configuration: "[rules] unused-ignore sets the level.",
        sources: "The configuration reference of this program.",
    },
};

/// One finding per entry that nothing needed. An expired entry is reported by its own rule.
pub fn check(context: &IgnoreContext<'_>) -> Vec<Finding> {
    if !context.complete {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = context
        .ignores
        .iter()
        .filter(|entry| !entry.matched && !entry.ignore.is_expired(context.today))
        .map(|entry| {
            let ignore = entry.ignore;
            let message = format!("the ignore of {} matched nothing", ignore.id);
            let mut finding = Finding::new(&RULE, Label::new(ignore.span, "this entry"), message);
            finding.help = Some(match ignore.origin {
                IgnoreOrigin::Policy => "remove it, or correct its id, package, version or path".to_owned(),
                IgnoreOrigin::CommandLine => "take it off the command line, or correct its id".to_owned(),
            });
            finding.evidence = Some(Evidence::Ignore { id: ignore.id.clone() });
            finding
        })
        .collect();
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
