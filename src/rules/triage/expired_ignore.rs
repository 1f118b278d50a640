//! `expired-ignore`: an ignore whose last day is over.

use crate::model::{Evidence, Explanation, Finding, Group, Label, Level, Rule};
use crate::rules::IgnoreContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "expired-ignore",
    group: Group::Triage,
    default_level: Level::Warn,
    configurable: true,
    summary: "an ignore is past its date and no longer counts",
    explanation: Explanation {
        checks: "Whether the `until` day of an ignore is over. The entry counts to the end of that day (UTC).",
        matters: "\
A date on an ignore is a promise to look again. When it has passed, the entry stops counting, and what it took out is \
back and decides the verdict by itself.",
        example: "until = 2026-06-30 in audit.toml, and today is 2026-07-01.",
        action: "\
Look at the finding again. Fix it, or write a new date with a reason that still holds, or remove the entry.",
        configuration: "[rules] expired-ignore sets the level.",
        sources: "The configuration reference of this program.",
    },
};

/// One finding per expired entry.
pub fn check(context: &IgnoreContext<'_>) -> Vec<Finding> {
    let expired = context.ignores.iter().filter(|entry| entry.ignore.is_expired(context.today));
    expired
        .map(|entry| {
            let ignore = entry.ignore;
            let until = ignore.until.map(|until| until.to_string()).unwrap_or_default();
            let message = format!("the ignore of {} ended on {until} and no longer counts", ignore.id);
            let mut finding = Finding::new(&RULE, Label::new(ignore.span, "this entry"), message);
            finding.help = Some(if entry.matched {
                "look at what it took out again: fix it, or give a new date and a reason that still holds"
                    .to_owned()
            } else {
                "nothing needs it any more: remove it".to_owned()
            });
            finding.evidence = Some(Evidence::Ignore { id: ignore.id.clone() });
            finding
        })
        .collect()
}
