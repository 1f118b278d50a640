//! `license-ambiguous`: what there is does not say one license.

use super::judged;
use crate::model::{
    EvidenceSource, Explanation, Finding, Group, Level, LicenseDecision, LicenseReading, Rule,
};
use crate::rules::ProjectContext;

/// How many candidates a message names.
const MOST_NAMED: usize = 6;

/// The rule.
pub static RULE: Rule = Rule {
    id: "license-ambiguous",
    group: Group::License,
    default_level: Level::Warn,
    configurable: true,
    summary: "the evidence is not one license",
    explanation: Explanation {
        checks: "\
Whether the evidence about a package says one license: \"BSD\" may be two, three or four clauses, \"GPL\" any version, \
two license classifiers both or either. The candidates are listed and nothing is guessed. When the policy denies each \
candidate, license-denied says so instead.",
        matters: "\
A guess looks like an answer. The four-clause BSD license asks for a line in every advertisement, and \
GPL-2.0-only cannot be combined with Apache-2.0: the difference is the point.",
        example: "`Classifier: License :: OSI Approved :: BSD License`, and no license file.",
        action: "\
Look at the license file of the release and write down what it is: \
`clarify = [{ package = \"…\", version = \"…\", expression = \"BSD-3-Clause\", reason = \"LICENSE of the sdist\" }]`. \
Giving the wheel with `--metadata DIR` lets its license files be read.",
        configuration: "`[licenses] clarify`. [rules] license-ambiguous sets the level.",
        sources: "\
PEP 639, classifiers that are ambiguous: https://peps.python.org/pep-0639/#deprecate-license-classifiers
SPDX license list: https://spdx.org/licenses/",
    },
};

/// One finding per package version.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let ambiguous = judged(context).iter().filter(|judged| judged.decision == LicenseDecision::Ambiguous);
    ambiguous
        .map(|judged| {
            let candidates = &judged.license.conclusion.candidates;
            let mut named: Vec<String> =
                candidates.iter().take(MOST_NAMED).map(ToString::to_string).collect();
            if candidates.len() > MOST_NAMED {
                named.push(format!("{} more", candidates.len() - MOST_NAMED));
            }
            let message = format!(
                "the license of {} is not clear{}: it may be {}",
                judged.title(),
                judged.caveat(),
                named.join(", ")
            );
            let mut finding = judged.finding(&RULE, message);
            finding.related.extend(judged.decisive().and_then(super::Judged::label));
            let version =
                judged.version().map(|version| format!(", version = \"{version}\"")).unwrap_or_default();
            let recipe = judged.license.evidence.iter().find_map(|evidence| match &evidence.reading {
                LicenseReading::License(license) if evidence.source == EvidenceSource::Recipe => {
                    let of =
                        evidence.about.as_ref().map(|version| format!(" of {version}")).unwrap_or_default();
                    Some(format!("distribution recipes{of} say {license}; "))
                }
                _ => None,
            });
            finding.help = Some(format!(
                "{}look at its license file and write down what it is: [licenses] clarify = [{{ package = \
                 \"{}\"{version}, expression = \"…\", reason = \"…\" }}]",
                recipe.unwrap_or_default(),
                judged.name()
            ));
            finding
        })
        .collect()
}
