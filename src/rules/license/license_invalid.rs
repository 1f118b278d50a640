//! `license-invalid`: an expression that does not parse.

use super::judged;
use crate::model::{Explanation, Finding, Group, Label, Level, LicenseReading, Rule, Span};
use crate::rules::ProjectContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "license-invalid",
    group: Group::License,
    default_level: Level::Warn,
    configurable: true,
    summary: "a license expression does not parse",
    explanation: Explanation {
        checks: "\
Whether the `License-Expression` in the metadata of each package is an SPDX expression of ids on the license list or \
`LicenseRef-…`. Points at the part that is wrong. What other evidence says is used instead.",
        matters: "An expression that no tool can read is decided by whoever reads it last.",
        example: "`License-Expression: Apache 2.0`, which is `Apache-2.0`.",
        action: "Tell the authors, and write the right one down with `clarify` until they have corrected it.",
        configuration: "`[licenses] clarify`. [rules] license-invalid sets the level.",
        sources: "\
PEP 639, License-Expression: https://peps.python.org/pep-0639/#add-license-expression-field
SPDX specification 2.3, Annex D: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/",
    },
};

/// One finding per package version.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for judged in judged(context) {
        let invalid = judged.license.evidence.iter().find_map(|evidence| match &evidence.reading {
            LicenseReading::Invalid(error) => Some((evidence, error)),
            _ => None,
        });
        let Some((evidence, error)) = invalid else { continue };
        let message =
            format!("the License-Expression of {} does not parse: {}", judged.title(), error.message);
        let mut finding = judged.finding(&RULE, message);
        finding.related.extend(evidence.span.map(|span| {
            let start = span.range().start;
            let end = (start + error.range.end).min(span.range().end);
            let wrong = (start + error.range.start).min(end)..end;
            Label::new(Span::new(span.source, wrong), error.message.as_str())
        }));
        let version =
            judged.version().map(|version| format!(", version = \"{version}\"")).unwrap_or_default();
        let hint = error.help.as_ref().map(|help| format!("{help}; ")).unwrap_or_default();
        finding.help = Some(format!(
            "{hint}until its authors correct it: [licenses] clarify = [{{ package = \"{}\"{version}, expression = \
             \"…\", reason = \"…\" }}]",
            judged.name()
        ));
        findings.push(finding);
    }
    findings
}
