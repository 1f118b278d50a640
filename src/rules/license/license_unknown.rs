//! `license-unknown`: nothing says what the license is.

use super::judged;
use crate::model::{Explanation, Finding, Group, Level, LicenseDecision, Rule};
use crate::rules::ProjectContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "license-unknown",
    group: Group::License,
    default_level: Level::Warn,
    configurable: true,
    summary: "nothing says what the license is",
    explanation: Explanation {
        checks: "\
Whether anything says under which license each package comes: `clarify` of the policy, the metadata of the release \
(License-Expression, classifiers, License) and its license files in the `.venv` beside the project, in a folder given \
with `--site-packages` or `--metadata`, or what recipes of distributions say about another version.",
        matters: "What has no license may not be used at all: copyright is the default.",
        example: "`acme-x` 1.2.0, whose metadata says `License: UNKNOWN`, and which no distribution packages.",
        action: "\
Give its metadata with `--metadata DIR` (a folder of wheels or `.metadata` files), or look the license up and write it \
down: `clarify = [{ package = \"acme-x\", version = \"1.2.0\", expression = \"MIT\", reason = \"asked the author\" }]`.",
        configuration: "`[licenses] clarify`. [rules] license-unknown sets the level.",
        sources: "\
PyPA specification, Core metadata: https://packaging.python.org/en/latest/specifications/core-metadata/
PEP 639: https://peps.python.org/pep-0639/",
    },
};

/// One finding per package version.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let unknown = judged(context).iter().filter(|judged| judged.decision == LicenseDecision::Unknown);
    unknown
        .map(|judged| {
            let evidence = &judged.license.evidence;
            let said = if evidence.is_empty() { "nothing says" } else { "what there is does not say" };
            let message = format!("{said} under which license {} comes", judged.title());
            let mut finding = judged.finding(&RULE, message);
            finding.related.extend(evidence.iter().filter_map(super::Judged::label).take(3));
            let version = judged.version().map(|version| format!(", version = \"{version}\"")).unwrap_or_default();
            finding.help = Some(format!(
                "give its metadata with --metadata DIR, or write down what it is: [licenses] clarify = [{{ package = \
                 \"{}\"{version}, expression = \"…\", reason = \"…\" }}]",
                judged.name()
            ));
            finding
        })
        .collect()
}
