//! `stale-database`: the advisory data is older than it may be.

use jiff::civil::Date;

use crate::model::{Evidence, Explanation, Finding, Group, Label, Level, Rule, Span};
use crate::rules::RunContext;

/// How old data may be, in days, when nobody says otherwise.
const DEFAULT_LIMIT: i64 = 90;

/// The rule.
pub static RULE: Rule = Rule {
    id: "stale-database",
    group: Group::Advisory,
    default_level: Level::Warn,
    configurable: true,
    summary: "the advisory data is older than 90 days, or than the limit that was set",
    explanation: Explanation {
        checks: "\
How old the oldest source in use is, for each kind by itself: vulnerabilities, malware, known exploitation (kev), \
probability of exploitation (epss). Without a limit of your own it warns after 90 days; with \
[database] max-age or --max-db-age the run fails when the limit is passed.",
        matters: "\
An audit knows what its data knows. A gate that runs on data of last year passes what was published since.",
        example: "\
pypa 2026-07-23 is 121 days old on 2026-11-21, the limit is 90 days.",
        action: "\
Fetch newer data with `audit db update` and keep doing so on a schedule; without a network, import the export of the \
advisory database for PyPI: `audit db import all.zip`.",
        configuration: "\
[database] max-age = \"30d\" in the policy, or --max-db-age 30d. Days (d) and weeks (w) are understood.",
        sources: "OSV data exports: https://google.github.io/osv.dev/data/",
    },
};

/// At most one finding per kind of source: about the oldest of that kind.
pub fn check(context: &RunContext<'_>) -> Vec<Finding> {
    context.oldest.iter().filter_map(|(name, date, span)| finding(context, name, *date, *span)).collect()
}

fn finding(context: &RunContext<'_>, name: &str, date: Option<Date>, span: Span) -> Option<Finding> {
    let limit = context.max_age.map_or(DEFAULT_LIMIT, |limit| limit.value.days);
    let days = date.map_or(i64::MAX, |date| i64::from((context.today - date).get_days()));
    if days <= limit {
        return None;
    }
    let message = match date {
        Some(date) => format!("the advisory data is {days} days old: {name} is of {date}"),
        None => format!("the age of the advisory data is not known: {name} says no date"),
    };
    let mut finding = Finding::new(&RULE, Label::new(span, "the oldest source of its kind"), message);
    if let Some(limit) = &context.max_age {
        finding.level = Level::Deny;
        finding.related.push(Label::new(limit.span, "the limit is set here"));
    }
    finding.help =
        Some("fetch newer data: `audit db update`, or `audit db import FILE` without a network".to_owned());
    finding.evidence = Some(Evidence::Age { days, limit });
    Some(finding)
}
