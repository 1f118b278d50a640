//! `outdated-lock`: a lock that was not made from the manifest beside it.

use std::sync::Arc;

use std::collections::BTreeSet;

use crate::model::{
    Evidence, Explanation, Finding, Group, Input, Label, Level, LockGap, Role, Rule, Span, Unresolved,
};
use crate::rules::ProjectContext;
use crate::rules::advisory::{commands, package_ref};

/// The rule.
pub static RULE: Rule = Rule {
    id: "outdated-lock",
    group: Group::Hygiene,
    default_level: Level::Warn,
    configurable: true,
    summary: "the lock was not made from the manifest beside it",
    explanation: Explanation {
        checks: "\
Whether a lock fits its manifest. A direct requirement must be in the lock, in a version that it admits: one finding \
for each that is not, at the line of the manifest, and a skip besides, because nothing says what is installed for it. \
When all are, but the hash of the manifest that poetry.lock, pdm.lock or Pipfile.lock keeps is another one, that is \
one finding at the hash. The hash is computed as Poetry 0.12 to 2, PDM 2 and Pipenv compute it; any of their \
recipes will do. A requirement with a marker may be missing: it may be for a machine that the lock leaves out.",
        matters: "\
An audit of a lock is about what the lock says. When the manifest has moved on, the next lock will say something else, \
and tools that install without looking at the hash install what nobody asks for any more.",
        example: "\
pyproject.toml asks for httpx since last week, and poetry.lock, which does not list it, is from last month.",
        action: "Lock again and commit the lock: `poetry lock`, `pdm lock`, `pipenv lock`, `uv lock`.",
        configuration: "[rules] outdated-lock sets the level.",
        sources: "\
Poetry, poetry.lock: https://python-poetry.org/docs/basic-usage/#committing-your-poetrylock-file-to-version-control
PDM, lock file: https://pdm-project.org/latest/usage/lockfile/",
    },
};

/// One finding for each direct requirement that a lock lacks, else one for a lock with another hash.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let project = context.view.project;
    let mut findings = Vec::new();
    let mut told = BTreeSet::new();
    for unresolved in &project.unresolved {
        let Some(gap) = unresolved.gap.as_ref().filter(|gap| is_read_lock(&project.inputs[gap.lock])) else {
            continue;
        };
        told.insert(gap.lock);
        let asked = context.view.package(unresolved.entry);
        // A pylock.toml is made for one choice of extras and groups, and does not always say for which.
        let chosen = project.inputs[gap.lock].kind != "pylock.toml" || asked.groups == ["main"];
        if gap.listed.is_some() || (asked.marker.is_none() && chosen) {
            findings.push(lacking(context, unresolved, gap));
        }
    }
    for (number, lock) in project.inputs.iter().enumerate().filter(|(_, input)| input.role == Role::Lock) {
        if !told.contains(&number) && !lock.companion {
            let manifest = project.manifests_of(number).find_map(|manifest| manifest.start);
            findings.extend(manifest.and_then(|manifest| other_hash(lock, manifest)));
        }
    }
    findings
}

/// Whether an input is a lock that says what it lists: one that could not be read lacks nothing.
fn is_read_lock(input: &Input) -> bool {
    input.role == Role::Lock && (!input.packages.is_empty() || input.skipped.is_empty())
}

fn lacking(context: &ProjectContext<'_>, unresolved: &Unresolved, gap: &LockGap) -> Finding {
    let package = context.view.package(unresolved.entry);
    let lock = &context.view.project.inputs[gap.lock];
    let file = lock.file_name();
    let asked = package.specifier.as_deref().unwrap_or_default();
    let name = package.name.as_ref().map_or(package.written.as_str(), |name| name.as_str());
    let listed = gap.listed.map(|entry| context.view.package(entry));
    let message = match listed.and_then(|listed| listed.version.as_ref()) {
        Some(version) => format!("{file} lists {name} {version}, which {asked} does not admit"),
        None => format!("{file} does not list {name}, which is asked for"),
    };
    let mut finding = Finding::new(&RULE, Label::new(package.edit_span(), "required here"), message);
    finding.related = match (listed, lock.start) {
        (Some(listed), _) => vec![Label::new(listed.edit_span(), "locked here")],
        (None, Some(start)) => vec![Label::new(start, "the lock")],
        (None, None) => Vec::new(),
    };
    finding.package = package_ref(package).map(Arc::new);
    finish(finding, lock)
}

fn other_hash(lock: &Input, manifest: Span) -> Option<Finding> {
    let hash = lock.content_hash.as_ref().filter(|hash| hash.current == Some(false))?;
    let message = format!("{} was not made from the manifest as it stands", lock.file_name());
    let mut finding = Finding::new(&RULE, Label::new(hash.span, "the hash of another manifest"), message);
    finding.related = vec![Label::new(manifest, "the manifest")];
    Some(finish(finding, lock))
}

fn finish(mut finding: Finding, lock: &Input) -> Finding {
    finding.help = Some(match commands(lock) {
        Some((command, _)) => format!("run `{command}` and commit the lock"),
        None => format!("make {} again", lock.file_name()),
    });
    finding.evidence = Some(Evidence::Lock { path: lock.path.clone() });
    finding
}
