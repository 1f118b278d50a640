//! Reading the files of a unit, and of all units at once.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::collect::Unit;
use super::discover::{Candidate, manifests_in};
use super::standing::standing;
use super::tree::Tree;
use crate::inputs::{Detected, Files, Included, Reading, Refusal, by_kind, detect};
use crate::model::{Input, Project, Role, Skipped, SourceFile, SourceKind, Sources, Span};

/// From this many bytes on, in at least two units, threads pay for their start.
const THREADS_FROM: u64 = 1024 * 1024;

impl Files for &Tree {
    fn include(&mut self, from: &str, target: &str) -> Result<Included, Refusal> {
        Tree::include(self, from, target)
    }
}

/// A unit that was read and joined.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// Its texts.
    pub(crate) sources: Sources,
    /// Its files, joined.
    pub(crate) project: Project,
    /// Files of first-party code that belong to the audit and were not in it.
    pub(crate) wanted: Vec<Candidate>,
}

/// Reads a unit's files and joins them.
pub(crate) fn parse(unit: &Unit, number: u32) -> Parsed {
    let mut sources = Sources::new(number);
    let mut inputs: Vec<_> =
        unit.candidates.iter().map(|candidate| read(unit, candidate, &mut sources)).collect();
    drop_answered_setup(unit, &mut inputs);
    let manifest = |kind: &str| by_kind(kind).and_then(|format| format.manifest);
    let standing = |input: &Input, package: &_| standing(&unit.tree, &sources, input, package);
    let project = Project::join(&unit.folder, inputs, &manifest, &standing);
    let wanted = first_party_files(unit, &sources, &project);
    Parsed { sources, project, wanted }
}

fn read(unit: &Unit, candidate: &Candidate, sources: &mut Sources) -> Input {
    let path = &candidate.path;
    let (kind, unsupported) = match candidate.detected {
        Detected::Format(format) => (format.kind, None),
        Detected::Unsupported("setup.py") | Detected::Perhaps("setup.py") => {
            ("setup.py", Some("setup.py is never executed: audit a lock, or what is installed"))
        }
        Detected::Unsupported(kind) | Detected::Perhaps(kind) => {
            (kind, Some("this format is not read yet: export a requirements.txt or poetry.lock"))
        }
        Detected::No => {
            ("unknown", Some("is no dependency file that audit knows: give it a name that says its format"))
        }
    };
    let mut input = match (candidate.detected, unsupported) {
        (_, Some(why)) => skipped_file(path, kind, why),
        (Detected::Format(format), None) => {
            let bytes = match &candidate.given {
                Some(bytes) => Ok(bytes.clone()),
                None => unit.tree.read(&candidate.file),
            };
            match bytes {
                Ok(bytes) => {
                    let mut files = &unit.tree;
                    let mut input = (format.read)(Reading { path, bytes, sources, files: &mut files });
                    input.role = format.role;
                    input
                }
                Err(why) => skipped_file(path, kind, &why),
            }
        }
        _ => skipped_file(path, kind, "could not be read"),
    };
    input.companion = candidate.companion;
    if input.start.is_none() {
        let first = sources.iter().find(|(_, file)| file.path() == path).map(|(id, _)| id);
        let source = first.unwrap_or_else(|| sources.add(SourceFile::new(path.as_str(), String::new())));
        input.start = Some(Span::start_of(source));
    }
    input
}

/// Takes out a `setup.py` that was only found, where another file says what the project asks for: a manifest that
/// declares a project (setuptools then refuses what `setup.py` lists, unless the manifest calls it dynamic, which is
/// skipped there), a `setup.cfg`, or a file that lists all that is installed.
fn drop_answered_setup(unit: &Unit, inputs: &mut Vec<Input>) {
    let build_only = |input: &Input| input.packages.iter().all(|package| package.groups == ["build-system"]);
    let answers = inputs.iter().filter(|input| !input.companion).any(|input| match input.role {
        Role::Manifest if input.kind == "pyproject.toml" => {
            input.project.is_some() || !build_only(input) || !input.skipped.is_empty()
        }
        _ => input.kind == "setup.cfg" || input.closed == Some(true),
    });
    let mut found = unit
        .candidates
        .iter()
        .map(|candidate| answers && matches!(candidate.detected, Detected::Perhaps("setup.py")));
    inputs.retain(|_| found.next() != Some(true));
}

fn skipped_file(path: &str, kind: &'static str, why: &str) -> Input {
    let mut input = Input::new(path, kind);
    input.skipped.push(Skipped::file(path, path, why));
    input
}

/// The manifests of path requirements inside the root that are not part of the audit yet.
fn first_party_files(unit: &Unit, sources: &Sources, project: &Project) -> Vec<Candidate> {
    let mut wanted = Vec::new();
    let mut seen = BTreeSet::new();
    for input in project.inputs.iter().filter(|input| !input.companion) {
        for package in input.packages.iter().filter(|package| package.source.kind == SourceKind::Path) {
            let Some(folder) = super::standing::first_party_folder(&unit.tree, sources, input, package)
            else {
                continue;
            };
            for file in manifests_in(&folder) {
                let Some(path) = unit.tree.relative(&file) else { continue };
                if seen.insert(path.clone()) {
                    let detected = detect(&path);
                    wanted.push(Candidate::new(path, file, detected));
                }
            }
        }
    }
    wanted
}

/// Reads every unit and gives each to `work`; with `follow`, the first-party code that they name joins the audit.
///
/// The results stand in the order of the units' numbers, whatever thread was first.
pub(crate) fn each_unit<T: Send>(
    mut units: Vec<Unit>,
    follow: bool,
    work: impl Fn(Parsed) -> T + Sync,
) -> Vec<T> {
    // Number 0 is kept for texts that are no input: the policy, the command line, the database.
    let run = |units: &[(u32, &Unit)]| -> Vec<(u32, T, Vec<Candidate>)> {
        let one = |(number, unit): &(u32, &Unit)| {
            let mut parsed = parse(unit, *number);
            let wanted = std::mem::take(&mut parsed.wanted);
            (*number, work(parsed), wanted)
        };
        if units.len() > 1 && size(units) >= THREADS_FROM {
            units.par_iter().map(one).collect()
        } else {
            units.iter().map(one).collect()
        }
    };
    let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
    let mut results: Vec<Option<T>> = Vec::new();
    let mut dirty: Vec<usize> = (0..units.len()).collect();
    while !dirty.is_empty() {
        results.resize_with(units.len(), || None);
        let batch: Vec<_> = dirty.iter().map(|index| (number(*index), &units[*index])).collect();
        let done = run(&batch);
        let mut again = BTreeSet::new();
        for (number, result, wanted) in done {
            let index = number as usize - 1;
            results[index] = Some(result);
            if !follow {
                continue;
            }
            let tree = units[index].tree.clone();
            for candidate in wanted {
                if let Some(changed) = adopt(&mut units, &tree, candidate) {
                    again.insert(changed);
                }
            }
        }
        dirty = again.into_iter().collect();
    }
    results.into_iter().flatten().collect()
}

/// Puts a first-party file into its unit. The index of the unit when that changed it.
fn adopt(units: &mut Vec<Unit>, tree: &Tree, candidate: Candidate) -> Option<usize> {
    let folder = candidate.folder().to_owned();
    let Some(index) = units.iter().position(|unit| unit.folder == folder) else {
        units.push(Unit { folder, tree: tree.clone(), candidates: vec![candidate] });
        return Some(units.len() - 1);
    };
    let unit = &mut units[index];
    match unit.candidates.iter_mut().find(|known| known.path == candidate.path) {
        Some(known) if known.companion => known.companion = false,
        Some(_) => return None,
        None => {
            unit.candidates.push(candidate);
            unit.candidates.sort_by(|left, right| left.path.cmp(&right.path));
        }
    }
    Some(index)
}

fn size(units: &[(u32, &Unit)]) -> u64 {
    let files = units.iter().flat_map(|(_, unit)| &unit.candidates);
    files.map(|candidate| std::fs::metadata(&candidate.file).map_or(0, |data| data.len())).sum()
}
