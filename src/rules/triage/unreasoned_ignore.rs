//! `unreasoned-ignore`: an ignore without a reason.

use crate::model::{Evidence, Explanation, Finding, Group, Label, Level, Rule};
use crate::policy::IgnoreOrigin;
use crate::rules::{IgnoreContext, IgnoreUse};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unreasoned-ignore",
    group: Group::Triage,
    default_level: Level::Deny,
    configurable: true,
    summary: "an ignore gives no reason",
    explanation: Explanation {
        checks: "Whether every ignore, and every exception and clarification of `[licenses]`, says why, in words. An empty or blank reason is none.",
        matters: "\
In half a year nobody knows why a flaw was set aside. A reason is what a reviewer agrees to, and what tells the next \
one whether it still holds.",
        example: "[[ignore]] with id = \"CVE-2024-1234\" and nothing else; shoplib==1.4.1  # audit: ignore[CVE-2024-1234]",
        action: "Write the reason: what makes the flaw harmless here, or who decided and until when.",
        configuration: "[rules] unreasoned-ignore sets the level.",
        sources: "The configuration reference of this program.",
    },
};

/// One finding per entry without a reason.
pub fn check(context: &IgnoreContext<'_>) -> Vec<Finding> {
    let is_silent = |entry: &&IgnoreUse<'_>| {
        entry.ignore.reason.is_none()
            && entry.ignore.fault.is_none()
            && !matches!(entry.ignore.origin, IgnoreOrigin::Vex { .. })
    };
    let silent = context.ignores.iter().filter(is_silent);
    let mut findings: Vec<Finding> = silent
        .map(|entry| {
            let id = &entry.ignore.id;
            let message = format!("the ignore of {id} gives no reason");
            let mut finding = Finding::new(&RULE, Label::new(entry.ignore.span, "this entry"), message);
            let help = match entry.ignore.origin {
                IgnoreOrigin::Inline => "write behind the bracket why it does not matter here",
                _ => "add reason = \"why it does not matter here\"",
            };
            finding.help = Some(help.to_owned());
            finding.evidence = Some(Evidence::Ignore { id: id.clone() });
            finding
        })
        .collect();
    for entry in context.license_entries.iter().filter(|entry| !entry.reasoned) {
        let message = format!("the {} for {} gives no reason", entry.what, entry.package);
        let mut finding = Finding::new(&RULE, Label::new(entry.span, "this entry"), message);
        finding.help = Some("add reason = \"…\": who looked, and at what".to_owned());
        finding.evidence = Some(Evidence::Ignore { id: format!("{} {}", entry.what, entry.package) });
        findings.push(finding);
    }
    findings
}
