//! The metadata of releases: what is installed, wheels, files of metadata. Listed once, read when a package asks.
//!
//! Nothing is unpacked to the disk, imported or executed. What an archive or a folder says about itself is checked: a
//! name inside that is another one than the file's is passed over and said, a path or a link that leads out of the
//! folder is not followed.

use crate::model::Arrange as _;
use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::error::Error;
use super::tree::{Tree, normalise, words};
use super::wheel;
use crate::inputs::installed;
use crate::model::{Note, PackageName, headers};

/// How many files a folder of metadata may hold; more are not looked at, and that is said.
const MOST_FILES: usize = 50_000;
/// Metadata larger than this is not read.
pub(super) const LARGEST_METADATA: u64 = 16 * 1024 * 1024;
/// Of a license file so much is read.
pub(super) const LICENSE_PART: u64 = 1024 * 1024;
/// How many license files of one release are read.
pub(super) const MOST_LICENSE_FILES: usize = 64;
/// How deep license files may lie below the metadata of a release.
const DEEPEST: usize = 6;

/// A file of a release.
#[derive(Debug, Clone)]
pub(super) struct LicenseFile {
    /// Below the metadata of the release, with `/`.
    pub(super) name: String,
    /// Its text as far as it was read; bytes that are no UTF-8 are replaced.
    pub(super) text: String,
    /// It is longer than what was read.
    pub(super) cut: bool,
}

/// What was read of a release.
#[derive(Debug, Clone)]
pub(super) struct Release {
    /// The metadata for people: path relative to the root, or as the command line names the folder.
    pub(super) path: String,
    /// The text of the metadata.
    pub(super) metadata: String,
    /// The license files, by name.
    pub(super) files: Vec<LicenseFile>,
}

/// Where a release lies.
#[derive(Debug, Clone)]
enum Place {
    /// A folder with metadata in one of these places.
    Folder(&'static [&'static str]),
    /// A wheel.
    Wheel,
    /// The metadata of a wheel as a file (PEP 658).
    File,
}

#[derive(Debug, Clone)]
struct Listed {
    place: Place,
    path: PathBuf,
    shown: String,
}

/// A folder of releases, listed.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// What nothing read from it may leave.
    limit: PathBuf,
    by_name: HashMap<PackageName, Vec<Listed>>,
    /// What was passed over.
    pub(super) notes: Vec<Note>,
}

impl Shelf {
    /// The folder that `--metadata` names: wheels, `.metadata` files, `.dist-info` folders.
    ///
    /// # Errors
    /// A folder that cannot be listed, or without any metadata: a wrong folder must not look like packages without
    /// licenses.
    pub(super) fn named(folder: &Path, here: &Path) -> Result<Self, Error> {
        let cannot =
            |why: String| Error::new(format!("cannot read metadata from {}: {why}", folder.display()));
        let real = fs::canonicalize(here.join(folder)).map_err(|error| cannot(words(&error)))?;
        let shown = folder.to_string_lossy().replace('\\', "/");
        let shown = shown.trim_end_matches('/').to_owned();
        let shelf = Self::of_folder(&real, &shown, real.clone()).map_err(|error| cannot(words(&error)))?;
        if shelf.by_name.is_empty() && shelf.notes.is_empty() {
            let error = cannot("there is no wheel, .metadata file or .dist-info folder in it".to_owned());
            return Err(
                error.help("fill it for example with `pip download --no-deps -d DIR -r requirements.txt`")
            );
        }
        Ok(shelf)
    }

    /// A `site-packages` folder; `None` when it is none, or lies outside the tree.
    pub(super) fn installed(folder: &Path, tree: &Tree) -> Option<Self> {
        let real = fs::canonicalize(folder).ok().filter(|real| real.starts_with(tree.limit()))?;
        let shown = tree.relative(&real).unwrap_or_else(|| real.to_string_lossy().into_owned());
        Self::of_folder(&real, &shown, real.clone()).ok()
    }

    fn of_folder(folder: &Path, shown: &str, limit: PathBuf) -> std::io::Result<Self> {
        let mut shelf = Self { limit, ..Self::default() };
        let mut names: Vec<String> = Vec::new();
        for entry in fs::read_dir(folder)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
            if names.len() > MOST_FILES {
                let text = format!("holds more than {MOST_FILES} files: the rest is not looked at");
                shelf.notes.push(Note { path: shown.to_owned(), span: None, text });
                break;
            }
        }
        names.arrange();
        for name in names {
            let Some((package, place)) = kind_of(&name) else { continue };
            let listed = Listed { place, path: folder.join(&name), shown: format!("{shown}/{name}") };
            shelf.by_name.entry(package).or_default().push(listed);
        }
        Ok(shelf)
    }

    /// What it holds of a package, read; notes about what could not be.
    pub(super) fn releases(&self, name: &PackageName, notes: &mut Vec<Note>) -> Vec<Release> {
        let mut found = Vec::new();
        for listed in self.by_name.get(name).into_iter().flatten() {
            match self.read(listed) {
                Ok(release) => found.push(release),
                Err(why) => {
                    let text = format!("its license is not read from here: {why}");
                    notes.push(Note { path: listed.shown.clone(), span: None, text });
                }
            }
        }
        found
    }

    fn read(&self, listed: &Listed) -> Result<Release, String> {
        match listed.place {
            Place::Wheel => {
                let (metadata, files) = wheel::read(&self.inside(&listed.path)?)?;
                Ok(Release { path: listed.shown.clone(), metadata, files })
            }
            Place::File => {
                let metadata = whole(&self.inside(&listed.path)?)?;
                Ok(Release { path: listed.shown.clone(), metadata, files: Vec::new() })
            }
            Place::Folder(places) => self.folder(listed, places),
        }
    }

    fn folder(&self, listed: &Listed, places: &[&str]) -> Result<Release, String> {
        let root = self.inside(&listed.path)?;
        let mut last = "it has no metadata".to_owned();
        for place in places {
            let (path, shown) = if place.is_empty() {
                (root.clone(), listed.shown.clone())
            } else {
                (root.join(place), format!("{}/{place}", listed.shown))
            };
            match self.inside(&path).and_then(|path| whole(&path)) {
                Ok(metadata) => {
                    let files = if root.is_dir() { self.license_files(&root, &metadata) } else { Vec::new() };
                    return Ok(Release { path: shown, metadata, files });
                }
                Err(why) => last = why,
            }
        }
        Err(last)
    }

    /// The license files below the metadata: those that it names, and those that are called like one.
    fn license_files(&self, root: &Path, metadata: &str) -> Vec<LicenseFile> {
        let mut names = Vec::new();
        list(root, root, 0, &mut names);
        for name in declared(metadata) {
            for folder in ["licenses/", "license_files/", ""] {
                let path = format!("{folder}{name}");
                if is_below(&path) && !names.contains(&path) && root.join(&path).is_file() {
                    names.push(path);
                    break;
                }
            }
        }
        names.arrange();
        names.dedup();
        let mut files = Vec::new();
        for name in names.into_iter().take(MOST_LICENSE_FILES) {
            let Ok(path) = self.inside(&root.join(&name)) else { continue };
            if let Ok((bytes, cut)) = beginning(&path) {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                files.push(LicenseFile { name, text, cut });
            }
        }
        files
    }

    /// The path without links, when it leads nowhere else.
    fn inside(&self, path: &Path) -> Result<PathBuf, String> {
        let real = fs::canonicalize(normalise(path)).map_err(|error| words(&error))?;
        if real.starts_with(&self.limit) {
            Ok(real)
        } else {
            Err("it is a link that leads out of the folder".to_owned())
        }
    }
}

/// What a file or folder of this name is.
fn kind_of(name: &str) -> Option<(PackageName, Place)> {
    let lower = name.to_ascii_lowercase();
    let of = |stem: &str| {
        let package = PackageName::new(stem.split('-').next().unwrap_or(stem));
        package.is_well_formed().then_some(package)
    };
    if lower.ends_with(".whl") {
        return Some((of(&lower)?, Place::Wheel));
    }
    if let Some(stem) = lower.strip_suffix(".metadata") {
        return Some((of(stem)?, Place::File));
    }
    let places = installed::metadata_places(name)?;
    let stem = lower.rsplit_once('.').map_or(lower.as_str(), |(stem, _)| stem);
    if places.is_empty() { None } else { Some((of(stem)?, Place::Folder(places))) }
}

/// Whether a file name is one under which license texts are kept (PEP 639, "License-File", and the patterns of
/// setuptools), or notices that go with them.
pub(super) fn is_license_name(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    // A license in a programming language is a module: `license.py`, `_licence.pyi`.
    let is_code = [".py", ".pyc", ".pyi", ".so", ".json"].iter().any(|ending| name.ends_with(ending));
    let begins = ["licen", "copying", "copyright", "notice", "unlicense", "eula"];
    !is_code && (begins.iter().any(|begin| name.starts_with(begin)) || name.contains("license"))
}

/// The files that metadata names as license files.
pub(super) fn declared(metadata: &str) -> Vec<String> {
    let named = headers(metadata).filter(|(key, _)| key.eq_ignore_ascii_case("License-File"));
    let values = named.filter_map(|(_, range)| metadata.get(range));
    values.map(|value| value.replace('\\', "/")).take(MOST_LICENSE_FILES).collect()
}

/// Whether a path stays below the folder that it starts from.
pub(super) fn is_below(path: &str) -> bool {
    !path.is_empty()
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// The license files below a folder; links are not followed.
fn list(root: &Path, folder: &Path, depth: usize, names: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        if names.len() >= MOST_LICENSE_FILES * 4 {
            return;
        }
        if kind.is_dir() && depth < DEEPEST {
            list(root, &path, depth + 1, names);
        } else if kind.is_file()
            && let Ok(below) = path.strip_prefix(root)
        {
            let name = below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            if is_license_name(&name) {
                names.push(name);
            }
        }
    }
}

/// The text of a file of metadata.
fn whole(path: &Path) -> Result<String, String> {
    let data = fs::metadata(path).map_err(|error| words(&error))?;
    if !data.is_file() {
        return Err("it is no regular file".to_owned());
    }
    if data.len() > LARGEST_METADATA {
        return Err(format!("it is larger than {} MiB", LARGEST_METADATA / 1024 / 1024));
    }
    let (bytes, _) = part(path, LARGEST_METADATA)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The beginning of a license file, and whether there is more.
fn beginning(path: &Path) -> Result<(Vec<u8>, bool), String> {
    if !fs::metadata(path).is_ok_and(|data| data.is_file()) {
        return Err("it is no regular file".to_owned());
    }
    part(path, LICENSE_PART)
}

fn part(path: &Path, limit: u64) -> Result<(Vec<u8>, bool), String> {
    use std::io::Read as _;
    let file = fs::File::open(path).map_err(|error| words(&error))?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| words(&error))?;
    let cut = bytes.len() as u64 > limit;
    bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok((bytes, cut))
}
