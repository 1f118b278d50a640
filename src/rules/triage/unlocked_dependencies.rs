//! `unlocked-dependencies`: the input lists requirements but not what they pull in.

use crate::model::{
    Evidence, Explanation, Finding, Group, Input, Label, Level, Package, Role, Rule, SourceKind, Span,
};
use crate::rules::ProjectContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "unlocked-dependencies",
    group: Group::Triage,
    default_level: Level::Note,
    configurable: true,
    summary: "the input lists requirements but not what they pull in",
    explanation: Explanation {
        checks: "\
Whether an input tells what its requirements pull in: a lock does, a requirement file does when every line carries a \
hash or when it was compiled with `# via` notes. A manifest with its lock beside it is answered by the lock.",
        matters: "\
Most vulnerable packages come in through others. An audit of a bare list of requirements looks at the first row only.",
        example: "requirements.txt with twelve hand-written pins: the forty packages behind them are not in the file.",
        action: "\
Lock: `poetry lock`, `uv lock`, or `pip-compile --generate-hashes requirements.in`. Commit the lock and audit it.",
        configuration: "\
require-lock = true makes it fail the run. [rules] unlocked-dependencies sets the level.",
        sources: "pip, hash-checking mode: https://pip.pypa.io/en/stable/topics/secure-installs/",
    },
};

/// At most one finding per input.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let project = context.view.project;
    let open = project.inputs.iter().enumerate().filter(|(index, input)| {
        input.closed == Some(false) && !input.companion && !project.is_answered(*index)
    });
    open.filter_map(|(_, input)| finding(input)).collect()
}

fn finding(input: &Input) -> Option<Finding> {
    let audited = |package: &&Package| !package.constraint && package.source.kind != SourceKind::Conda;
    let listed = input.packages.iter().filter(audited);
    let count = listed.filter(|package| package.groups != ["build-system"]).count();
    if count == 0 || input.role == Role::Constraints {
        return None;
    }
    let place = input
        .packages
        .iter()
        .map(|package| package.span)
        .find(|span| Some(span.source) == input.start.map(|start| start.source));
    let span: Span = place.or(input.start)?;
    let requirements = if count == 1 { "1 requirement".to_owned() } else { format!("{count} requirements") };
    let message = format!("{requirements} audited; what they pull in is not in {}", input.file_name());
    let mut finding = Finding::new(&RULE, Label::new(span, "the first of them"), message);
    finding.help =
        Some("audit a lock: `poetry lock`, `uv lock` or `pip-compile --generate-hashes`".to_owned());
    finding.evidence = Some(Evidence::Count(count));
    Some(finding)
}
