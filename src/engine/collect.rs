//! From the paths of the command line to units: the dependency files of one folder each.

use crate::model::Arrange as _;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::discover::{Candidate, discover};
use super::environment;
use super::error::Error;
use super::file_system::FileSystem;
use super::git::Commit;
use super::policy_file::POLICY_FILE;
use super::progress::Progress;
use super::tree::{Tree, words};
use super::walls::Walls;
use crate::inputs::{Detected, FORMATS, Manifest, detect_named};
use crate::model::{Note, Role, Selection, Skipped};

/// What to audit.
#[derive(Debug, Clone)]
pub struct Request {
    /// Files and folders, as written.
    pub paths: Vec<PathBuf>,
    /// `--site-packages`: folders with installed packages.
    pub site_packages: Vec<PathBuf>,
    /// Standard input: the name that says what it is, and its content.
    pub stdin: Option<(String, Vec<u8>)>,
    /// `--root`.
    pub root: Option<PathBuf>,
    /// The folder that relative paths start from.
    pub working_directory: PathBuf,
    /// What of each project is asked about.
    pub selection: Selection,
    /// How far the run is.
    pub progress: Progress,
}

/// The dependency files of one folder.
#[derive(Debug)]
pub(crate) struct Unit {
    /// Relative to the root; empty for the root itself.
    pub(crate) folder: String,
    /// How its files are read.
    pub(crate) tree: Tree,
    /// The files, by path.
    pub(crate) candidates: Vec<Candidate>,
}

impl Unit {
    /// Adds a file, in its order.
    pub(crate) fn add(&mut self, candidate: Candidate) {
        self.candidates.push(candidate);
        self.candidates.arrange_by(|left, right| left.path.cmp(&right.path));
    }
}

/// Everything to audit.
#[derive(Debug)]
pub(crate) struct Collection {
    /// The units, by folder.
    pub(crate) units: Vec<Unit>,
    /// Folders that could not be listed.
    pub(crate) skipped: Vec<Skipped>,
    /// What was passed over.
    pub(crate) notes: Vec<Note>,
    /// Policies that lie in what was named or found, used or not.
    pub(crate) policies: Vec<PathBuf>,
    /// Whether the folders that were named contain the whole root.
    pub(crate) whole_root: bool,
    /// The folder that all paths are relative to.
    pub(crate) root: PathBuf,
}

/// A named path, absolute; links in its folders resolved, a link at its end kept.
struct Named {
    path: PathBuf,
    is_folder: bool,
    limit: PathBuf,
}

/// Collects the dependency files.
///
/// # Errors
/// A named path that does not exist or lies outside `--root`; no dependency file at all.
pub(crate) fn collect(request: &Request, companions: bool) -> Result<Collection, Error> {
    let collection = collect_if_any(request, companions)?;
    let Collection { units, skipped, .. } = &collection;
    if units.is_empty() && skipped.is_empty() {
        return Err(nothing_found(request));
    }
    Ok(collection)
}

/// Collects the dependency files, of which there may be none.
///
/// # Errors
/// A named path that does not exist or lies outside `--root`.
pub(crate) fn collect_if_any(request: &Request, companions: bool) -> Result<Collection, Error> {
    let here = real(&request.working_directory, "the working directory")?;
    let root = match &request.root {
        Some(root) => Some(real(&here.join(root), &root.to_string_lossy())?),
        None => None,
    };
    let files = FileSystem::Disk;
    let mut named = Vec::new();
    for path in &request.paths {
        named.push(locate(&files, path, &here, root.as_deref())?);
    }
    gather(request, &files, companions, &here, root, named)
}

/// Collects the dependency files of a commit, at the same places as those of the working tree. What is not there is
/// left out: it is what the commit does not have yet.
///
/// # Errors
/// A named path that lies outside the root.
pub(crate) fn collect_commit(
    request: &Request,
    commit: Arc<Commit>,
    root: &Path,
) -> Result<Collection, Error> {
    let here = real(&request.working_directory, "the working directory")?;
    let files = FileSystem::Commit(commit);
    let is_there = |path: &&PathBuf| files.kind(&here.join(path)).is_ok();
    let paths = request.paths.iter().filter(is_there);
    let named: Result<Vec<_>, _> = paths.map(|path| locate(&files, path, &here, Some(root))).collect();
    gather(request, &files, true, &here, Some(root.to_owned()), named?)
}

/// Collects what was named and what lies in it.
fn gather(
    request: &Request,
    files_of: &FileSystem,
    companions: bool,
    here: &Path,
    root: Option<PathBuf>,
    named: Vec<Named>,
) -> Result<Collection, Error> {
    let here = here.to_owned();
    let stdin_limit = root.clone().unwrap_or_else(|| Tree::root_for(&here, &here));
    let limits = named.iter().map(|named| named.limit.clone());
    let limits: Vec<_> = limits.chain(request.stdin.as_ref().map(|_| stdin_limit.clone())).collect();
    let root = root.or_else(|| common(&limits)).unwrap_or(here.clone());

    let mut skipped = Vec::new();
    let mut notes = Vec::new();
    let mut policies = Vec::new();
    let mut files: BTreeMap<String, (Candidate, Tree)> = BTreeMap::new();
    let mut whole_root = false;
    for Named { path, is_folder, limit } in named {
        let tree = Tree::of(files_of.clone(), root.clone(), limit.clone());
        if is_folder {
            whole_root |= path == root;
            let mut walls = Walls::new(&tree, &path);
            let environment = environment::of_environment(&tree, &walls, &path, &mut notes);
            for candidate in environment.candidates {
                files.insert(candidate.path.clone(), (candidate, tree.clone()));
            }
            let found = discover(&tree, &mut walls, &path, &environment.closed, &request.progress);
            notes.extend(found.notes);
            policies.extend(found.policies);
            let unreadable = found.unreadable.into_iter();
            skipped.extend(unreadable.map(|(path, why)| {
                let shown = if path.is_empty() { ".".to_owned() } else { path };
                Skipped::file(&shown, "a folder", format!("could not be listed: {why}"))
            }));
            for candidate in found.candidates {
                files.entry(candidate.path.clone()).or_insert_with(|| (candidate, tree.clone()));
            }
        } else {
            let relative = tree.relative(&path).unwrap_or_else(|| path.to_string_lossy().into_owned());
            policies.extend(Some(path.with_file_name(POLICY_FILE)).filter(|policy| files_of.is_file(policy)));
            // A file that somebody names is asked about, whatever its text says.
            let detected = match detect_named(&relative) {
                Detected::Perhaps(kind) => Detected::Unsupported(kind),
                detected => detected,
            };
            let candidate = Candidate::new(relative.clone(), path, detected);
            files.insert(relative, (candidate, tree));
        }
    }
    if let Some((name, bytes)) = &request.stdin {
        let tree = Tree::new(root.clone(), stdin_limit.clone());
        let file = here.join(name);
        let relative = tree.relative(&file).unwrap_or_else(|| name.clone());
        let mut candidate = Candidate::new(relative.clone(), file, detect_named(&relative));
        candidate.given = Some(bytes.clone());
        files.insert(relative, (candidate, tree));
    }
    for folder in &request.site_packages {
        let (candidate, tree) = environment::named(folder, &here, &root)?;
        files.insert(candidate.path.clone(), (candidate, tree));
    }
    let mut units: BTreeMap<String, Unit> = BTreeMap::new();
    for (candidate, tree) in files.into_values() {
        let folder = candidate.folder().to_owned();
        let unit =
            units.entry(folder.clone()).or_insert_with(|| Unit { folder, tree, candidates: Vec::new() });
        unit.candidates.push(candidate);
    }
    let mut units: Vec<_> = units.into_values().collect();
    for unit in &mut units {
        add_companions(unit, companions);
    }
    policies.arrange();
    policies.dedup();
    Ok(Collection { units, skipped, notes, policies, whole_root, root })
}

/// Adds what belongs to the named files but was not named: the manifest of a lock, for its lines; the lock of a
/// manifest, because it says what the manifest's requirements are (only when `locks`).
fn add_companions(unit: &mut Unit, locks: bool) {
    let mut wanted: Vec<(PathBuf, bool)> = Vec::new();
    for candidate in unit.candidates.iter().filter(|candidate| candidate.given.is_none()) {
        let Detected::Format(format) = candidate.detected else { continue };
        let sibling = |name: &str| candidate.file.with_file_name(name);
        match format.role {
            Role::Lock => {
                wanted.extend(format.manifest.of(candidate.name()).map(|name| (sibling(&name), true)));
            }
            Role::Requirements if format.kind == "requirements.txt" => {
                wanted.push((candidate.file.with_extension("in"), true));
            }
            Role::Manifest if locks => {
                let name = candidate.name();
                for lock in FORMATS.iter().filter(|format| format.role == Role::Lock) {
                    let file = match lock.manifest {
                        Manifest::Beside(manifest) | Manifest::PartlyBeside { manifest, .. }
                            if manifest == name =>
                        {
                            lock.kind.to_owned()
                        }
                        Manifest::Stem => format!("{name}.lock"),
                        _ => continue,
                    };
                    wanted.push((sibling(&file), false));
                }
            }
            _ => {}
        }
    }
    for (file, companion) in wanted {
        let Some(path) = unit.tree.relative(&file) else { continue };
        if unit.candidates.iter().any(|candidate| candidate.path == path) || !unit.tree.files().is_file(&file)
        {
            continue;
        }
        let candidate = Candidate { companion, ..Candidate::new(path.clone(), file, detect_named(&path)) };
        unit.candidates.push(candidate);
    }
    unit.candidates.arrange_by(|left, right| left.path.cmp(&right.path));
}

fn real(path: &Path, shown: &str) -> Result<PathBuf, Error> {
    fs::canonicalize(path).map_err(|error| Error::new(format!("cannot read {shown}: {}", words(&error))))
}

fn locate(files: &FileSystem, path: &Path, here: &Path, root: Option<&Path>) -> Result<Named, Error> {
    let shown = path.to_string_lossy();
    let absolute = here.join(path);
    let cannot = |error| Error::new(format!("cannot audit {shown}: {}", words(&error)));
    files.kind(&absolute).map_err(cannot)?;
    let is_folder = files.is_folder(&absolute);
    let real = |path: &Path| {
        files
            .canonicalize(path)
            .map_err(|error| Error::new(format!("cannot read {shown}: {}", words(&error))))
    };
    let (path, folder) = match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) if !is_folder => {
            let folder = real(parent)?;
            (folder.join(name), folder)
        }
        _ => {
            let folder = real(&absolute)?;
            (folder.clone(), folder)
        }
    };
    let limit = match root {
        Some(root) if path.starts_with(root) => root.to_owned(),
        Some(root) => {
            let message = format!("cannot audit {shown}: it lies outside the root {}", root.display());
            return Err(Error::new(message).help("name a --root that contains every path"));
        }
        None => Tree::root_for(&folder, here),
    };
    Ok(Named { path, is_folder, limit })
}

/// The deepest folder that contains all of them.
fn common(folders: &[PathBuf]) -> Option<PathBuf> {
    let (first, rest) = folders.split_first()?;
    first
        .ancestors()
        .find(|ancestor| rest.iter().all(|folder| folder.starts_with(ancestor)))
        .map(Path::to_owned)
}

fn nothing_found(request: &Request) -> Error {
    let shown: Vec<_> = request.paths.iter().map(|path| path.to_string_lossy()).collect();
    let place = match shown[..] {
        [] => "here".to_owned(),
        [ref one] if one == "." => "in this folder".to_owned(),
        _ => format!("in {}", shown.join(", ")),
    };
    Error::new(format!("no dependency file {place}"))
        .help("name a requirements.txt, poetry.lock or pyproject.toml, or a folder that holds one")
}
