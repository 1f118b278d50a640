//! `untrusted-ignore`: an ignore that the change under review brings itself.

use crate::model::{Evidence, Explanation, Finding, Group, Label, Level, Rule};
use crate::rules::IgnoreContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "untrusted-ignore",
    group: Group::Triage,
    default_level: Level::Warn,
    configurable: true,
    summary: "an ignore is added by the change under review and hides nothing in it",
    explanation: Explanation {
        checks: "\
Whether an ignore, of the policy or behind a requirement, is in force on the target branch already. It is asked when a \
change is compared with its target (`--since REV`, `audit diff`): policy and ignores are then those of the target.",
        matters: "\
Who may write the change must not decide what is overlooked in it: a merge request could bring a bad package and the \
line that hides it. So the entry is shown to the reviewer, and what it names is still reported.",
        example: "A change adds shoplib==1.4.1 and, in audit.toml, an [[ignore]] of CVE-2024-1234.",
        action: "\
Read the reason. When it is a good one, merge the entry, alone or in spite of this report: it counts once it is merged.",
        configuration: "[rules] untrusted-ignore sets the level, on the target branch.",
        sources: "The configuration reference of this program.",
    },
};

/// One finding per entry that is not in force.
pub fn check(context: &IgnoreContext<'_>) -> Vec<Finding> {
    let findings = context.untrusted.iter().map(|untrusted| {
        let ignore = untrusted.ignore;
        let message = format!("the ignore of {} {} and hides nothing in it", ignore.id, untrusted.words);
        let mut finding = Finding::new(&RULE, Label::new(ignore.span, "this entry"), message);
        finding.help = Some("it counts once it is merged".to_owned());
        finding.evidence = Some(Evidence::Ignore { id: ignore.id.clone() });
        finding
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceFile, Sources};
    use crate::policy::{Ignore, IgnoreOrigin};
    use crate::rules::UntrustedIgnore;

    #[test]
    fn points_at_the_entry_and_says_when_it_counts() {
        let source = Sources::new(0).add(SourceFile::new("audit.toml", String::new()));
        let ignore =
            Ignore::new("CVE-2024-1234", IgnoreOrigin::Policy, crate::model::Span::new(source, 3..9));
        let context = |untrusted| IgnoreContext {
            today: jiff::civil::date(2026, 11, 21),
            ignores: &[],
            untrusted,
            license_entries: &[],
            complete: true,
            every_group: true,
        };
        assert!(check(&context(&[])).is_empty());
        let untrusted = [UntrustedIgnore { ignore: &ignore, words: "is added by this change" }];
        let found = check(&context(&untrusted));
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].message,
            "the ignore of CVE-2024-1234 is added by this change and hides nothing in it"
        );
        assert_eq!((found[0].primary.span.start, found[0].level), (3, Level::Warn));
    }
}
