//! `confusable-name`: a name that holds characters that look like others.

use std::collections::BTreeSet;

use super::named::{evidence, names};
use crate::model::{Confidence, Explanation, Finding, Group, Label, Level, Rule};
use crate::names::{Judge, Judgement, Kind};
use crate::rules::ProjectContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "confusable-name",
    group: Group::Names,
    default_level: Level::Deny,
    configurable: true,
    summary: "the name holds characters that look like others, and reads like a known name",
    explanation: Explanation {
        checks: "\
Whether a name as it is written holds characters beyond ASCII that look like letters, or that cannot be seen, and \
reads like a known name once they are read as people do: Cyrillic `\u{435}` as `e`, full-width letters, accents, \
characters of no width. The table is that of Unicode's skeletons.",
        matters: "\
No index takes such a name, but a mirror, a file that a tool builds or a reviewer's eye may. It does not get into a \
dependency file by accident.",
        example: "\
requirements.txt says `requ\u{435}sts==2.32.3` with a Cyrillic letter. The finding names the character and where it \
stands.",
        action: "Write the name in ASCII, and find out who wrote it so.",
        configuration: "[rules] confusable-name sets its level. `[names] trusted` takes no such name.",
        sources: "\
Unicode Technical Standard 39, confusable detection: https://www.unicode.org/reports/tr39/#Confusable_Detection
PyPA specification, names and normalization: \
https://packaging.python.org/en/latest/specifications/name-normalization/",
    },
};

/// One finding per name: of what has a name, and of what was not read because of it.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let project = context.view.project;
    let mut judge = None;
    let mut judge = |written: &str| {
        let judge = judge.get_or_insert_with(|| {
            let own: Vec<_> = context.policy.names.private_names().collect();
            Judge::knowing(&own, [])
        });
        let judgement = judge.judge(written);
        let reads_like_another = judgement.kind() == Some(Kind::Confusable) && judgement.target().is_some();
        reads_like_another.then_some(judgement)
    };
    let mut findings = Vec::new();
    for named in names(project, |name| !name.as_str().is_ascii()) {
        if let Some(judgement) = judge(&named.package(context).written) {
            let finding = named.finding(&RULE, message(&judgement), &judgement, context);
            findings.push(finish(finding, &judgement));
        }
    }
    let mut seen = BTreeSet::new();
    let skipped = project.inputs.iter().filter(|input| !input.companion).flat_map(|input| &input.skipped);
    for skip in skipped.filter(|skip| !skip.what.is_ascii()) {
        let written = name_of(&skip.what);
        let Some(span) = skip.span.filter(|_| !written.is_ascii() && seen.insert(written)) else { continue };
        if let Some(judgement) = judge(written) {
            let finding = Finding::new(&RULE, Label::new(span, "written here"), message(&judgement));
            findings.push(finish(Finding { evidence: Some(evidence(&judgement)), ..finding }, &judgement));
        }
    }
    findings
}

/// What stands where a requirement has its name.
fn name_of(requirement: &str) -> &str {
    let end = requirement.find(|character: char| {
        matches!(character, '=' | '<' | '>' | '~' | '!' | '[' | '(' | ';' | '@' | ',' | '/' | ':')
            || character == ' '
    });
    requirement.get(..end.unwrap_or(requirement.len())).unwrap_or_default()
}

fn message(judgement: &Judgement) -> String {
    let target = judgement.target().unwrap_or_default();
    let seen = judgement.reasons().into_iter().nth(1).unwrap_or_default();
    format!("{} reads like {target}, and is another name: {seen}", judgement.written)
}

fn finish(mut finding: Finding, judgement: &Judgement) -> Finding {
    finding.confidence = Some(Confidence::High);
    finding.help = judgement.target().map(|target| format!("write {target} in ASCII letters"));
    finding
}
