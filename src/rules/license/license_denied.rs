//! `license-denied`: terms that the policy does not accept.

use super::judged;
use crate::model::{Explanation, Finding, Group, Level, LicenseDecision, Rule};
use crate::rules::ProjectContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "license-denied",
    group: Group::License,
    default_level: Level::Deny,
    configurable: true,
    summary: "the license cannot be satisfied with what the policy accepts",
    explanation: Explanation {
        checks: "\
Whether the license expression of each package can be satisfied without a license that `[licenses] deny` names. `OR` \
takes its best part, `AND` its worst, a license that may be taken in a later version is denied when all its versions \
are. `deny` also speaks about a license with an exception, unless `allow` names it with that exception. Of entries \
that speak about one license the one that says most counts: a license before a property such as `copyleft`. When the \
evidence leaves several licenses open and each is denied, that is this rule, too.",
        matters: "\
Terms are obligations. Whoever ships a package under the AGPL has to offer the source of what it is part of; finding \
that out after the release is the most expensive moment.",
        example: "\
`deny = [\"AGPL-3.0-or-later\"]` and a package under `AGPL-3.0-only AND MIT`: both apply, and one of them is denied.",
        action: "\
Use another package, or buy the other license and write an exception: \
`exceptions = [{ package = \"…\", allow = [\"…\"], reason = \"…\" }]`. When the evidence is wrong, `clarify` it.",
        configuration: "\
`[licenses] allow`, `deny`, `exceptions` and `clarify`; `[groups.dev.licenses]` for what only a group brings in. \
[rules] license-denied sets the level.",
        sources: "\
SPDX specification 2.3, Annex D: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
PEP 639: https://peps.python.org/pep-0639/",
    },
};

/// One finding per package version.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let denied = judged(context).iter().filter(|judged| judged.decision == LicenseDecision::Denied);
    denied
        .map(|judged| {
            let conclusion = &judged.license.conclusion;
            let (terms, allow) = if let Some(expression) = &conclusion.expression {
                let mut licenses: Vec<String> =
                    judged.rulings.iter().map(|ruling| format!("\"{}\"", ruling.license)).collect();
                licenses.dedup();
                (format!("is under {expression}"), licenses.join(", "))
            } else {
                let candidates: Vec<String> =
                    conclusion.candidates.iter().map(ToString::to_string).collect();
                (format!("is under one of {}", candidates.join(", ")), "\"…\"".to_owned())
            };
            let message =
                format!("{} {terms}{}, which the policy denies", judged.title(), judged.caveat());
            let mut finding = judged.finding(&RULE, message);
            judged.add_places(&mut finding, "denied here");
            finding.help = Some(format!(
                "replace {name}, or accept it in the policy: [licenses] exceptions = [{{ package = \"{name}\", \
                 allow = [{allow}], reason = \"…\" }}]",
                name = judged.name()
            ));
            finding
        })
        .collect()
}
