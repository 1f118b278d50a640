//! How each tool binds a package to one index: the text to write.

use super::dependency_confusion::Doubt;
use crate::model::{EntryId, IndexKind, IndexTool, IndexUse, Input, Package, PackageName, Role};
use crate::policy::{NamePattern, plain_address};
use crate::rules::ProjectContext;
use crate::rules::advisory::commands;

/// What stands for an index of which neither the policy nor a file tells the address.
const SOME_INDEX: &str = "https://index.example.com/simple";

/// The private index to bind to.
struct Target<'a> {
    /// Its address, without credentials.
    address: String,
    /// The name that the file gives it.
    name: Option<&'a str>,
    /// Whether the file names it at all.
    is_named: bool,
}

/// The next step: bind the package of an entry to one private index.
pub(super) fn step<'a>(
    context: &ProjectContext<'a>,
    entry: EntryId,
    pattern: &NamePattern,
    doubt: &Doubt<'a>,
) -> String {
    let project = context.view.project;
    let input = &project.inputs[entry.input];
    let package = context.view.package(entry);
    let tool = doubt.tool.or_else(|| tool_of(context, input));
    let target = target(context, entry, tool, doubt);
    let name = package.name.as_ref().map_or(package.written.as_str(), PackageName::as_str);
    // What people wrote, when a lock stands beside it.
    let asked = context.view.asked_for(entry.input, package).unwrap_or(package);
    let version = specifier(asked, input);
    let step = match tool {
        Some(IndexTool::Pip | IndexTool::Setuptools) => pip(input, &target),
        Some(IndexTool::Poetry) => poetry(name, &version, &poetry_table(asked), &target),
        Some(IndexTool::Pdm) => pdm(pattern, &target),
        Some(IndexTool::Pipenv) => pipenv(name, &version, &target),
        Some(IndexTool::Uv) => uv(name, &target),
        None if input.role == Role::Lock => {
            format!("bind {name} to {} in the tool that made this lock", target.address)
        }
        None => format!("with uv, {}", uv(name, &target)),
    };
    match commands(input).filter(|_| input.role == Role::Lock) {
        Some((lock, _)) => format!("{step}, then run `{lock}`"),
        None if input.role == Role::Lock => format!("{step}, and lock again"),
        None => step,
    }
}

/// The tool that reads a file, by its format or by the lock beside it.
fn tool_of(context: &ProjectContext<'_>, input: &Input) -> Option<IndexTool> {
    let of_kind = |kind: &str| match kind {
        "requirements.txt" | "requirements.in" | "environment.yml" | "setup.cfg" => Some(IndexTool::Pip),
        "Pipfile" | "Pipfile.lock" => Some(IndexTool::Pipenv),
        "poetry.lock" => Some(IndexTool::Poetry),
        "pdm.lock" => Some(IndexTool::Pdm),
        "pep723" | "uv.lock" | "uv script lock" => Some(IndexTool::Uv),
        _ => None,
    };
    let beside = context.view.project.inputs.iter().filter(|other| other.folder() == input.folder());
    of_kind(input.kind)
        .or_else(|| beside.filter(|other| other.role == Role::Lock).find_map(|other| of_kind(other.kind)))
}

/// A private index of the tool, from the file or its manifest, else one that the policy names.
fn target<'a>(
    context: &ProjectContext<'a>,
    entry: EntryId,
    tool: Option<IndexTool>,
    doubt: &Doubt<'a>,
) -> Target<'a> {
    let project = context.view.project;
    let is_private = |index: &&IndexUse| {
        index.kind == IndexKind::Index
            && tool.is_none_or(|tool| tool == index.tool)
            && context.policy.indexes.is_private(&index.address).is_some_and(|placed| placed.value)
    };
    let files = std::iter::once(&project.inputs[entry.input]).chain(project.manifests_of(entry.input));
    let named = doubt.private.or_else(|| files.flat_map(|input| &input.indexes).find(is_private));
    let address = named.and_then(|index| plain_address(&index.address));
    let known = || context.policy.indexes.first_private().and_then(plain_address);
    Target {
        address: address.or_else(known).unwrap_or_else(|| SOME_INDEX.to_owned()),
        name: named.and_then(|index| index.name.as_deref()),
        is_named: named.is_some(),
    }
}

/// The version as the manifest writes it; `*` when it writes none.
fn specifier(asked: &Package, input: &Input) -> String {
    let written = asked.specifier.as_deref().map(str::trim).filter(|text| !text.is_empty());
    match (written, &asked.version) {
        (Some(text), _) => text.to_owned(),
        (None, Some(version)) if input.role != Role::Lock => version.as_str().to_owned(),
        (None, _) => "*".to_owned(),
    }
}

fn pip(input: &Input, target: &Target<'_>) -> String {
    let address = &target.address;
    match (input.indexes.is_empty(), input.role) {
        (true, Role::Requirements) => {
            format!("write `--index-url {address}` above it: pip then asks no other index")
        }
        (false, Role::Requirements) => format!(
            "pip compares all indexes and can bind no package to one: write `--index-url {address}` as the only index \
             option (it has to serve the public packages too), or give the line the `--hash` of your release"
        ),
        _ => format!("install it with `--index-url {address}` and no other index"),
    }
}

fn uv(name: &str, target: &Target<'_>) -> String {
    let bind = |index: &str| format!("`{name} = {{ index = \"{index}\" }}` under `[tool.uv.sources]`");
    match target.name {
        Some(index) => format!("write {}", bind(index)),
        None => format!(
            "write `name = \"private\"`, `url = \"{}\"` and `explicit = true` in a `[[tool.uv.index]]`, and {}",
            target.address,
            bind("private")
        ),
    }
}

/// The table in which Poetry keeps the source of a requirement, also of one of `[project]`.
fn poetry_table(asked: &Package) -> String {
    match asked.groups.first().map(String::as_str) {
        Some(group) if !group.contains(':') && asked.groups.iter().all(|group| group != "main") => {
            format!("[tool.poetry.group.{group}.dependencies]")
        }
        _ => "[tool.poetry.dependencies]".to_owned(),
    }
}

fn poetry(name: &str, version: &str, table: &str, target: &Target<'_>) -> String {
    let bind = |source: &str| {
        format!("write `{name} = {{ version = \"{version}\", source = \"{source}\" }}` under `{table}`")
    };
    match target.name {
        Some(source) => bind(source),
        None => format!(
            "run `poetry source add --priority=explicit private {}` and {}",
            target.address,
            bind("private")
        ),
    }
}

fn pdm(pattern: &NamePattern, target: &Target<'_>) -> String {
    let bind = format!("`include_packages = [\"{}\"]`", pattern.as_str());
    if target.is_named {
        format!("write {bind} in the `[[tool.pdm.source]]` of {}", target.address)
    } else {
        format!(
            "write a `[[tool.pdm.source]]` with `name = \"private\"`, `url = \"{}\"` and {bind}",
            target.address
        )
    }
}

fn pipenv(name: &str, version: &str, target: &Target<'_>) -> String {
    let bind = |index: &str| {
        format!("write `{name} = {{ version = \"{version}\", index = \"{index}\" }}` in the Pipfile")
    };
    match target.name {
        Some(index) => bind(index),
        None => format!(
            "add a `[[source]]` with `name = \"private\"`, `url = \"{}\"` and `verify_ssl = true`, and {}",
            target.address,
            bind("private")
        ),
    }
}
