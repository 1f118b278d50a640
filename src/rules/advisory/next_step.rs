//! What to do about an affected version, in the words of the tool that made the file.

use std::str::FromStr;

use pep508_rs::MarkerTree;

use crate::inputs;
use crate::model::{
    AdvisoryEvidence, Input, Label, Package, PackageName, PackageRef, ProjectView, Role, Target, Version,
    Whereabouts,
};

/// The longest marker that is evaluated. Longer ones count as true (dependencies.md, trap 3 and architecture.md).
const LONGEST_MARKER: usize = 8 * 1024;
/// The deepest nesting of parentheses that is evaluated.
const DEEPEST_MARKER: usize = 32;

/// The next step for a flaw of a target.
pub(super) fn for_flaw(
    view: &ProjectView<'_>,
    target: &Target,
    place: &Whereabouts,
    evidence: &AdvisoryEvidence,
    blocked_by: &[(PackageName, String)],
) -> String {
    let name = &target.name;
    let Some(safe) = &evidence.safe_version else {
        let last = match &evidence.last_affected {
            Some(last) => format!("no fixed version is known; the last affected one named is {last}"),
            None => "no fixed version is known".to_owned(),
        };
        return format!("{last}: replace {name}, or ignore {} with a reason and a date", evidence.id);
    };
    if !blocked_by.is_empty() {
        let parents: Vec<_> =
            blocked_by.iter().map(|(parent, specifier)| format!("{parent} (asks for {specifier})")).collect();
        return format!("{name} {safe} is safe, but held back by {}: move that first", parents.join(", "));
    }
    let locked = target.entries.iter().find(|entry| view.project.inputs[entry.input].role == Role::Lock);
    let input = locked.or(target.entries.first()).map(|entry| &view.project.inputs[entry.input]);
    let asked = requirement_admits(view, target, safe);
    match (input.and_then(commands), asked) {
        (Some((lock, _)), Some(false)) => format!("raise {name} to {safe}, then run `{lock}`"),
        (Some((_, upgrade)), _) => format!("run `{upgrade} {name}`: {safe} is safe"),
        _ if input.is_some_and(|input| input.role == Role::Constraints) => format!("pin {name}=={safe}"),
        _ if input.is_some_and(|input| input.role == Role::Lock) => {
            let again = if input.is_some_and(|input| input.kind == inputs::installed::FORMAT.kind) {
                "install"
            } else {
                "lock"
            };
            format!("move to {name} {safe} and {again} again")
        }
        _ if view.project.inputs.iter().any(|input| input.file_name().ends_with(".in"))
            && input.is_some_and(|input| input.closed == Some(true)) =>
        {
            format!("compile again with `--upgrade-package {name}`: {safe} is safe")
        }
        _ if place.paths.iter().any(|path| path.len() == 1) => format!("write `{name}=={safe}`"),
        _ => format!("move to {name} {safe}"),
    }
}

/// How an input is made again after a change of its manifest, and how to move one package in it.
pub(in crate::rules) fn commands(input: &Input) -> Option<(String, String)> {
    let format = inputs::by_kind(input.kind)?;
    let commands = format.commands?;
    let manifest = format.manifest.of(input.file_name()).unwrap_or_default();
    let filled = |command: &str| command.replace("FILE", &manifest);
    Some((filled(commands.lock), filled(commands.upgrade)))
}

/// Whether what people wrote admits the safe version; `None` when nobody wrote anything about the package.
fn requirement_admits(view: &ProjectView<'_>, target: &Target, safe: &str) -> Option<bool> {
    let safe = Version::new(safe);
    let inputs = view.project.inputs.iter().filter(|input| input.role == Role::Manifest);
    let mut specifiers = inputs
        .flat_map(|input| &input.packages)
        .filter(|package| package.name.as_ref() == Some(&target.name))
        .filter_map(|package| package.specifier.as_deref())
        .filter_map(|specifier| safe.satisfies(specifier))
        .peekable();
    specifiers.peek()?;
    Some(specifiers.all(|admits| admits))
}

/// Whether the package's marker excludes every Python that the project admits. A marker that cannot be read counts
/// as true: the package may be installed.
pub(super) fn excluded_by_python(marker: Option<&str>, python: Option<&str>) -> bool {
    let (Some(marker), Some(python)) = (marker, python) else { return false };
    let clauses: Vec<_> = python
        .split(',')
        .map(str::trim)
        .filter(|clause| !clause.is_empty())
        .filter_map(|clause| {
            let at = clause.find(|character: char| character.is_ascii_digit())?;
            let (operator, version) = clause.split_at(at);
            Some(format!("python_full_version {} '{}'", operator.trim(), version.trim()))
        })
        .collect();
    if clauses.is_empty() {
        return false;
    }
    match (read_marker(marker), read_marker(&clauses.join(" and "))) {
        (Some(marker), Some(admitted)) => marker.is_disjoint(&admitted),
        _ => false,
    }
}

fn read_marker(text: &str) -> Option<MarkerTree> {
    let mut depth = 0_usize;
    let mut deepest = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if text.len() > LONGEST_MARKER || deepest > DEEPEST_MARKER {
        return None;
    }
    MarkerTree::from_str(text).ok()
}

/// The place of a requirement.
pub(super) fn label_of(requirement: &Package) -> Label {
    Label::new(requirement.edit_span(), "required here")
}

/// A requirement as the package of a finding.
pub(in crate::rules) fn package_ref(requirement: &Package) -> Option<PackageRef> {
    Some(PackageRef {
        name: requirement.name.clone()?,
        version: requirement.version.clone(),
        groups: requirement.groups.clone(),
        marker: requirement.marker.clone(),
        source: requirement.source.clone(),
    })
}
