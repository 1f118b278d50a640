//! `extra-index`: indexes that are merged without priority.

use super::addresses::{Address, Names, addresses, findings, shown};
use crate::model::{
    Answerer, Explanation, Finding, Group, IndexKind, IndexTool, IndexUse, Input, Label, Level, Package,
    Role, Rule, Span, answers,
};
use crate::rules::{ProjectContext, RunContext};

/// The rule.
pub static RULE: Rule = Rule {
    id: "extra-index",
    group: Group::Hygiene,
    default_level: Level::Warn,
    configurable: true,
    summary: "an index is merged with another one, and whoever has the higher version wins",
    explanation: Explanation {
        checks: "\
Whether a file names an index that its tool asks together with another one, without any order: `--extra-index-url` of \
pip, a second primary source of Poetry, a source of PDM, uv with `index-strategy = \"unsafe-best-match\"`. One finding \
for each such option. Silent when every requirement of the file has a hash, for indexes that only packages which name \
them are taken from, and where the tool asks one index after the other.",
        matters: "\
Whoever registers the name of one of your private packages at the public index, with a higher version, is installed \
in its place. That is dependency confusion, and pip calls the option unsafe for this reason.",
        example: "\
`--extra-index-url https://index.example.com/simple`, where `acme-billing` 1.4 lies: somebody publishes `acme-billing` \
99.0 for everyone.",
        action: "\
pip has no priorities: name one index with `--index-url` that serves the public packages as well, or give every \
requirement a hash. uv: leave `index-strategy` out. Poetry: `priority = \"explicit\"`, and `source = \"…\"` on the \
packages from there. PDM: `include_packages`, or `respect-source-order = true` with your own index first.",
        configuration: "[rules] extra-index sets the level.",
        sources: "\
pip, --extra-index-url: https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url
uv, searching across multiple indexes: https://docs.astral.sh/uv/concepts/indexes/#searching-across-multiple-indexes
Poetry, package sources: https://python-poetry.org/docs/repositories/#package-sources
PDM, the order of the sources: https://pdm-project.org/latest/usage/config/#respect-the-order-of-the-sources",
    },
};

/// Findings of a project.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let project = context.view.project;
    if project.inputs.iter().all(|input| input.indexes.is_empty()) {
        return Vec::new();
    }
    let merged: Vec<Vec<&IndexUse>> = project.inputs.iter().map(merged_of).collect();
    let found = addresses(context, |address| match (address.names, address.input) {
        (Names::Index(index), Some(input)) => {
            merged.get(input).is_some_and(|merged| merged.iter().any(|known| std::ptr::eq(*known, index)))
        }
        _ => false,
    });
    findings(&RULE, context, &found, "", words)
}

/// Findings of pip's configuration.
pub fn check_run(context: &RunContext<'_>) -> Vec<Finding> {
    let finding = |index: &IndexUse| {
        let address = Address::of_config(index);
        let (message, help) = words(&address);
        let mut finding = Finding::new(&RULE, Label::new(address.span, ""), message);
        finding.help = Some(help);
        finding.evidence = Some(address.evidence());
        finding
    };
    merged(context.pip_config).into_iter().map(finding).collect()
}

/// The indexes of a file that are merged with others, unless hashes say what is installed.
fn merged_of(input: &Input) -> Vec<&IndexUse> {
    let mut asked = input.packages.iter().filter(|package| !package.constraint).peekable();
    let is_hashed = input.role == Role::Requirements
        && (input.require_hashes.is_some()
            || asked.peek().is_some() && asked.all(|package| package.hashes > 0));
    if input.indexes.is_empty() || is_hashed || input.role == Role::Lock {
        return Vec::new();
    }
    merged(&input.indexes)
}

/// The indexes that compete with another one for a package that names none.
fn merged(indexes: &[IndexUse]) -> Vec<&IndexUse> {
    let any = Package::new("", Span::default());
    let mut found = Vec::new();
    for answers in answers(indexes, &any) {
        for step in answers.steps {
            let is_index = |answerer: &Answerer<'_>| match answerer {
                Answerer::Index(index) => index.kind == IndexKind::Index,
                Answerer::Public | Answerer::Named(_) => true,
            };
            let asked: Vec<_> = step.into_iter().filter(is_index).collect();
            // What the others are merged with: the first one, or the public one when an option could name any of them.
            let by_option = matches!(answers.tool, Some(IndexTool::Pip | IndexTool::Setuptools));
            let public = asked.iter().position(|answerer| !by_option && answerer.is_public());
            let Some(base) = asked.get(public.unwrap_or(0)) else { continue };
            // One that is named twice competes with nobody.
            let is_other = |answerer: &&Answerer<'_>| {
                plain(answerer) != plain(base) && !(answerer.is_public() && base.is_public())
            };
            let rest = asked.iter().filter(is_other);
            found.extend(rest.filter_map(|answerer| match answerer {
                Answerer::Index(index) => indexes.iter().find(|known| std::ptr::eq(*known, *index)),
                Answerer::Public | Answerer::Named(_) => None,
            }));
        }
    }
    // What an index answers for alone is named; asked for the rest, it still has what its owner put there.
    found.retain(|index| index.only_for.is_empty());
    found
}

/// The address of an index without what differs in nothing.
fn plain<'a>(answerer: &Answerer<'a>) -> &'a str {
    answerer.address().unwrap_or("").trim().trim_end_matches('/')
}

fn words(address: &Address<'_>) -> (String, String) {
    let url = shown(address.url);
    let Names::Index(index) = address.names else { return (url, String::new()) };
    let message = format!("packages come from {url} or from another index, whichever has the higher version");
    let name = index.name.as_deref().unwrap_or("NAME");
    let help = match index.tool {
        IndexTool::Pip if address.input.is_none() => format!(
            "pip has no priorities: name one index in `index-url` that serves the public packages as well, and take \
             `{}` out",
            index.option
        ),
        IndexTool::Pip => "pip has no priorities: name one index with `--index-url` that serves the public packages \
                           as well, or give every line a hash (`pip-compile --generate-hashes`, `uv pip compile \
                           --generate-hashes`)"
            .to_owned(),
        IndexTool::Uv => "take `index-strategy` out: uv then stops at the first index that has the name".to_owned(),
        IndexTool::Poetry => format!(
            "write `priority = \"explicit\"` here and `source = \"{name}\"` on the packages that come from it"
        ),
        IndexTool::Pdm => "write `include_packages = [\"…\"]` here with the packages that come from it, or \
                           `respect-source-order = true` in [tool.pdm.resolution] with your own index first"
            .to_owned(),
        IndexTool::Pipenv => format!(
            "take `install_search_all_sources` out, and write `index = \"{name}\"` on the packages that come from it"
        ),
        IndexTool::Setuptools => "name one index alone".to_owned(),
    };
    (message, help)
}
