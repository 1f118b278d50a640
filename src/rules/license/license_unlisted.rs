//! `license-unlisted`: terms of which the policy says nothing.

use super::judged;
use crate::model::{Explanation, Finding, Group, Level, LicenseDecision, Rule};
use crate::rules::ProjectContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "license-unlisted",
    group: Group::License,
    default_level: Level::Warn,
    configurable: true,
    summary: "the license is neither allowed nor denied",
    explanation: Explanation {
        checks: "\
Whether the license expression of each package can be satisfied with what `[licenses] allow` names. It stays silent \
where the policy has no `allow`: then everything is accepted that is not denied. A license with an exception \
(`GPL-2.0-only WITH Classpath-exception-2.0`) has to be named with it, or come under a property such as \
`osi-approved`.",
        matters: "A list of accepted terms is only worth something when what is not on it is looked at.",
        example: "`allow = [\"MIT\"]` and `certifi` under `MPL-2.0`.",
        action: "\
Read the license. Add it to `allow` when its terms are acceptable for every package, write an exception when they \
are for this one, or add it to `deny`.",
        configuration: "\
`[licenses] allow`. [rules] license-unlisted sets the level: `deny` makes the list a gate.",
        sources: "SPDX specification 2.3, Annex D: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/",
    },
};

/// One finding per package version.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let unlisted = judged(context).iter().filter(|judged| judged.decision == LicenseDecision::Unlisted);
    unlisted
        .map(|judged| {
            let expression = judged.license.conclusion.expression.as_ref();
            let expression = expression.map(ToString::to_string).unwrap_or_default();
            let message = format!(
                "{} is under {expression}{}, which the policy does not list",
                judged.title(),
                judged.caveat()
            );
            let mut finding = judged.finding(&RULE, message);
            judged.add_places(&mut finding, "not in this list");
            let mut licenses: Vec<String> =
                judged.rulings.iter().map(|ruling| format!("\"{}\"", ruling.license)).collect();
            licenses.dedup();
            finding.help = Some(format!(
                "add {} to [licenses] allow when these terms are acceptable, else to deny",
                licenses.join(", ")
            ));
            finding
        })
        .collect()
}
