//! `unpinned-requirement`: requirements without an exact version that nothing locks.

use std::collections::{BTreeMap, BTreeSet};

use super::entries::{OfFile, by_file, compile_step, shell_word};
use crate::model::{
    Explanation, Finding, Group, Input, Level, Package, PackageName, Role, Rule, SourceKind, Version,
};
use crate::rules::ProjectContext;
use crate::rules::advisory::commands;

/// The rule.
pub static RULE: Rule = Rule {
    id: "unpinned-requirement",
    group: Group::Hygiene,
    default_level: Level::Allow,
    configurable: true,
    summary: "requirements without an exact version that nothing locks",
    explanation: Explanation {
        checks: "\
Whether each requirement of an index has one exact version (`==` without a wildcard, or Poetry's bare version), of its \
own or from a constraint, or a lock that lists it: one finding per file with a count. Requirements of the build system \
are not looked at, nor what comes from a repository, a URL or a folder (see `mutable-reference`).",
        matters: "\
Without a version the newest release wins on the day of the installation: what was tested is not what runs, and a \
compromised release reaches everybody who installs on that day.",
        example: "requirements.txt says `flask` and `requests>=2`, and no lock or constraints file says which.",
        action: "\
Lock: `uv pip compile requirements.in -o requirements.txt`, `uv lock`, `poetry lock`, `pdm lock`, `pipenv lock`. Or \
write `==` and the version behind each. A library leaves this rule off: its users choose the versions.",
        configuration: "[rules] unpinned-requirement sets the level; it is off unless somebody turns it on.",
        sources: "\
PEP 440, version matching: https://peps.python.org/pep-0440/#version-matching
pip, repeatable installs: https://pip.pypa.io/en/stable/topics/repeatable-installs/",
    },
};

/// At most one finding per file.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let project = context.view.project;
    let mut unpinned: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for entry in project.open.iter().flat_map(|open| &open.entries) {
        if !project.package(*entry).constraint {
            unpinned.entry(entry.input).or_default().insert(entry.package);
        }
    }
    let mut findings = Vec::new();
    for (number, entries) in unpinned {
        let Some(input) = project.inputs.get(number) else { continue };
        let is_unpinned = |index: usize, package: &Package| {
            let is_asked = !package.constraint && package.source.kind == SourceKind::Index;
            let is_build = package.groups == ["build-system"];
            (is_asked && !is_build).then(|| entries.contains(&index))
        };
        for file in by_file(input, is_unpinned) {
            let verb = file.has();
            let message =
                format!("{} {verb} no exact version, and no lock gives one", file.counted("requirement"));
            let Some(mut finding) =
                file.finding(&RULE, context.sources, message, &|_| "any of several versions")
            else {
                continue;
            };
            finding.help = Some(help(context, number, input, &file));
            findings.push(finding);
        }
    }
    findings
}

/// The exact text when some file of the project knows a version of one of them, else the command that pins.
fn help(context: &ProjectContext<'_>, number: usize, input: &Input, file: &OfFile<'_>) -> String {
    let known = file.flawed.iter().find_map(|package| {
        let name = package.name.as_ref()?;
        let (version, path) = known_version(context, name, package)?;
        Some(format!("write `{}`: {path} has that version", pinned(input, package, &version)))
    });
    let command = || command(context, number, input).filter(|_| file.is_own(input));
    // What is compiled stays open; what is installed as it stands gets the version.
    let step = if input.kind == "requirements.in" { command().or(known) } else { known.or_else(command) };
    step.unwrap_or_else(|| {
        "write `==` and a version behind each of them, or lock: `uv pip compile`, `uv lock`, `poetry lock`"
            .to_owned()
    })
}

/// A requirement with the version, in the notation of its file.
fn pinned(input: &Input, package: &Package, version: &Version) -> String {
    let extras: Vec<&str> = package.extras.iter().map(PackageName::as_str).collect();
    let extras = if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) };
    if input.kind == "Pipfile" {
        return format!("{} = \"=={}\"", package.written, version.as_str());
    }
    format!("{}{extras}=={}", package.written, version.as_str())
}

/// The one version of a name that the project's locks and constraints know, when the requirement admits it, and the
/// file that says so.
fn known_version(
    context: &ProjectContext<'_>,
    name: &PackageName,
    asked: &Package,
) -> Option<(Version, String)> {
    let project = context.view.project;
    let mut of_name = project.targets.iter().filter(|target| target.name == *name);
    let target = of_name.next().filter(|target| target.version.is_pep440())?;
    if of_name.next().is_some() {
        return None;
    }
    let admits = asked
        .specifier
        .as_deref()
        .filter(|specifier| !specifier.trim().is_empty())
        .is_none_or(|specifier| target.version.satisfies(specifier) == Some(true));
    let input = target.entries.first().and_then(|entry| project.inputs.get(entry.input))?;
    admits.then(|| (target.version.clone(), input.path.clone()))
}

/// The command of the tool that reads such a file.
fn command(context: &ProjectContext<'_>, number: usize, input: &Input) -> Option<String> {
    let project = context.view.project;
    let file = shell_word(input.file_name());
    Some(match (input.role, input.kind) {
        (Role::Requirements, _) => {
            let manifest = project.manifests_of(number).next();
            compile_step(input, manifest, "")
        }
        (_, "Pipfile") => "run `pipenv lock` and commit Pipfile.lock".to_owned(),
        (_, "pep723") => format!("run `uv lock --script {file}` and commit the lock"),
        (_, "setup.cfg") => {
            format!("run `uv pip compile {file} -o requirements.txt` and install from that file")
        }
        (_, "pyproject.toml") => {
            let mut locks = project
                .inputs
                .iter()
                .filter(|other| other.role == Role::Lock && other.folder() == input.folder());
            match locks.find_map(commands) {
                Some((lock, _)) => format!("run `{lock}` and commit the lock"),
                None => "run `uv lock`, `poetry lock` or `pdm lock`, whichever you use, and commit the lock"
                    .to_owned(),
            }
        }
        _ => return None,
    })
}
