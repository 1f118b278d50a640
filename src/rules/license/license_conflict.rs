//! `license-conflict`: sources of evidence disagree.

use super::judged;
use crate::model::{Explanation, Finding, Group, Level, LicenseEvidence, LicenseReading, Rule};
use crate::rules::ProjectContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "license-conflict",
    group: Group::License,
    default_level: Level::Warn,
    configurable: true,
    summary: "what a release says about its license disagrees",
    explanation: Explanation {
        checks: "\
Whether License-Expression, license files, classifiers and the License field of one release agree. It fires when the \
license files hold none of the licenses that are declared, and when a classifier or the field claims one that the \
better evidence does not contain. Not for `-only` against `-or-later` of a license text, which cannot tell; not for \
recipes of distributions, which are about another version; not where the policy clarifies.",
        matters: "Nobody can keep terms of which the release says two things.",
        example: "`License-Expression: MIT` and `Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)`.",
        action: "Find out which holds (the text in the release is the best witness) and write it down with `clarify`.",
        configuration: "`[licenses] clarify`. [rules] license-conflict sets the level.",
        sources: "PEP 639: https://peps.python.org/pep-0639/",
    },
};

/// One finding per package version.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for judged in judged(context) {
        let conclusion = &judged.license.conclusion;
        let others: Vec<&LicenseEvidence> =
            conclusion.conflicts.iter().filter_map(|index| judged.license.evidence.get(*index)).collect();
        let Some(decisive) = judged.decisive().filter(|_| !others.is_empty()) else { continue };
        let sides = std::iter::once(decisive).chain(others.iter().copied());
        let sides: Vec<String> =
            sides.map(|side| format!("{} by the {}", says(side), side.source.words())).collect();
        let message =
            format!("what {} says about its license disagrees: {}", judged.title(), sides.join(", "));
        let mut finding = judged.finding(&RULE, message);
        let places = std::iter::once(decisive).chain(others).filter_map(super::Judged::label);
        finding.related.extend(places);
        let version =
            judged.version().map(|version| format!(", version = \"{version}\"")).unwrap_or_default();
        finding.help = Some(format!(
            "find out which holds and write it down: [licenses] clarify = [{{ package = \"{}\"{version}, expression = \
             \"…\", reason = \"…\" }}]",
            judged.name()
        ));
        findings.push(finding);
    }
    findings
}

fn says(evidence: &LicenseEvidence) -> String {
    match &evidence.reading {
        LicenseReading::License(expression) => expression.to_string(),
        LicenseReading::Ambiguous(candidates) => {
            candidates.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
        }
        LicenseReading::Invalid(_) | LicenseReading::Unknown => "nothing readable".to_owned(),
    }
}
