//! Reading the files of a unit and joining them.

use crate::model::Arrange as _;
use std::collections::{BTreeMap, HashMap};

use super::collect::Unit;
use super::discover::{Candidate, manifests_in};
use super::standing::standing;
use super::tree::Tree;
use crate::inputs::lock_hash::is_current;
use crate::inputs::{Detected, Files, Included, Reading, Refusal, by_kind, detect, installed};
use crate::model::{
    Input, ManifestPath, Package, Project, Role, Selection, Skipped, SourceFile, SourceId, SourceKind,
    Sources, Span,
};

impl Files for &Tree {
    fn include(&mut self, from: &str, target: &str) -> Result<Included, Refusal> {
        Tree::include(self, from, target)
    }

    fn list(&mut self, folder: &str) -> Result<Vec<String>, Refusal> {
        Tree::list(self, folder)
    }
}

/// A unit that was read and joined.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// Its texts.
    pub(crate) sources: Sources,
    /// How its files were read.
    pub(crate) tree: Tree,
    /// Its files, joined.
    pub(crate) project: Project,
    /// Files of first-party code that belong to the audit.
    pub(crate) wanted: Vec<Wanted>,
}

/// What names a manifest of first-party code; the strongest comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    /// A requirement: nothing is resolved.
    Requirement,
    /// A lock that resolves a part of it.
    Dependency,
    /// A lock that resolves all of it.
    Member,
}

/// A manifest of first-party code that an input of the unit names.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The file.
    pub(crate) candidate: Candidate,
    /// How the unit resolves it.
    pub(crate) by: By,
}

/// Reads a unit's files and joins them.
pub(crate) fn parse(unit: &Unit, number: u32, selection: &Selection) -> Parsed {
    let mut sources = Sources::new(number);
    let mut inputs: Vec<_> =
        unit.candidates.iter().map(|candidate| read(unit, candidate, &mut sources)).collect();
    drop_answered_setup(unit, &mut inputs);
    for input in inputs.iter_mut().filter(|input| input.role == Role::Lock) {
        input.manifests = manifests_of(unit, &sources, input);
    }
    compare_hashes(&mut inputs, &sources);
    let standing = |input: &Input, package: &_| standing(&unit.tree, &sources, input, package);
    let project = Project::join(&unit.folder, inputs, selection, &standing);
    let wanted = first_party_files(unit, &sources, &project);
    Parsed { sources, tree: unit.tree.clone(), project, wanted }
}

/// Says of each lock with a hash whether it is that of the manifest beside it, when that was read.
fn compare_hashes(inputs: &mut [Input], sources: &Sources) {
    let texts: HashMap<String, SourceId> = inputs
        .iter()
        .filter(|input| input.role == Role::Manifest)
        .filter_map(|input| Some((input.path.clone(), input.start?.source)))
        .collect();
    for lock in inputs.iter_mut() {
        let manifest = by_kind(lock.kind).and_then(|format| format.manifest.of(lock.file_name()));
        let manifest = manifest.and_then(|name| texts.get(&format!("{}{name}", lock.folder())));
        if let (Some(hash), Some(manifest)) = (&mut lock.content_hash, manifest) {
            let text = sources.get(*manifest).map_or("", SourceFile::text);
            hash.current = is_current(lock.kind, text, &hash.text);
        }
    }
}

/// The manifests that a lock was made from: the one beside it, and those of the first-party code that it lists, as
/// far as they are part of the unit.
fn manifests_of(unit: &Unit, sources: &Sources, lock: &Input) -> Vec<ManifestPath> {
    let beside = by_kind(lock.kind).and_then(|format| {
        let path = format!("{}{}", lock.folder(), format.manifest.of(lock.file_name())?);
        Some(ManifestPath { path, whole: format.manifest.is_whole(lock.file_name()) })
    });
    let mut manifests: Vec<_> = beside.into_iter().collect();
    for package in lock.packages.iter().filter(|package| is_own(package)) {
        let Some(folder) = super::standing::first_party_folder(&unit.tree, sources, lock, package) else {
            continue;
        };
        let files =
            manifests_in(unit.tree.files(), &folder).into_iter().filter_map(|file| unit.tree.relative(&file));
        let whole = is_member(lock, package);
        manifests.extend(files.map(|path| ManifestPath { path, whole }));
    }
    // What is whole comes first, so that it stays.
    manifests.arrange_by(|left, right| left.path.cmp(&right.path).then(right.whole.cmp(&left.whole)));
    manifests.dedup_by(|next, kept| next.path == kept.path);
    manifests
}

/// Whether a lock resolves all that the project of an entry asks for.
fn is_member(lock: &Input, package: &Package) -> bool {
    package.name.as_ref().is_some_and(|name| lock.members.contains(name))
}

/// Whether an entry may be our own code.
fn is_own(package: &Package) -> bool {
    matches!(package.source.kind, SourceKind::Path | SourceKind::Virtual)
}

fn read(unit: &Unit, candidate: &Candidate, sources: &mut Sources) -> Input {
    let path = &candidate.path;
    // Found because its text lists requirements, or named: a setup.cfg is read either way.
    let detected = match candidate.detected {
        Detected::Perhaps(kind) | Detected::Unsupported(kind) => {
            by_kind(kind).map_or(candidate.detected, Detected::Format)
        }
        detected => detected,
    };
    let (kind, unsupported) = match detected {
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
    let mut input = match (detected, unsupported) {
        (_, Some(why)) => skipped_file(path, kind, why),
        (Detected::Format(format), None) => {
            let bytes = match &candidate.given {
                Some(bytes) => Ok(bytes.clone()),
                // A folder has no content of its own.
                None if std::ptr::eq(format, &raw const installed::FORMAT) => Ok(Vec::new()),
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
/// skipped there), or a file that lists all that is installed. A `setup.cfg` is no answer: setuptools lets what
/// `setup.py` lists win over it.
fn drop_answered_setup(unit: &Unit, inputs: &mut Vec<Input>) {
    let build_only = |input: &Input| input.packages.iter().all(|package| package.groups == ["build-system"]);
    let answers = inputs.iter().filter(|input| !input.companion).any(|input| match input.role {
        Role::Manifest if input.kind == "pyproject.toml" => {
            input.project.is_some() || !build_only(input) || !input.skipped.is_empty()
        }
        _ => input.closed == Some(true),
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

/// The manifests of path requirements inside the root, and what names them.
fn first_party_files(unit: &Unit, sources: &Sources, project: &Project) -> Vec<Wanted> {
    let mut wanted: BTreeMap<String, Wanted> = BTreeMap::new();
    for input in project.inputs.iter().filter(|input| !input.companion) {
        for package in input.packages.iter().filter(|package| is_own(package)) {
            let Some(folder) = super::standing::first_party_folder(&unit.tree, sources, input, package)
            else {
                continue;
            };
            let by = match input.role {
                Role::Lock if is_member(input, package) => By::Member,
                Role::Lock => By::Dependency,
                _ => By::Requirement,
            };
            for file in manifests_in(unit.tree.files(), &folder) {
                let Some(path) = unit.tree.relative(&file) else { continue };
                let detected = detect(&path);
                let one = wanted
                    .entry(path.clone())
                    .or_insert_with(|| Wanted { candidate: Candidate::new(path, file, detected), by });
                one.by = one.by.max(by);
            }
        }
    }
    wanted.into_values().collect()
}
