//! An environment as it is installed: the metadata of every package in a `site-packages` folder.
//!
//! Each `NAME-VERSION.dist-info/METADATA` (older ones `NAME.egg-info/PKG-INFO`, or `EGG-INFO/PKG-INFO` in an egg) is an
//! entry; `direct_url.json` says where it was taken from and `REQUESTED` that a person asked for it. Nothing is imported
//! or executed. Sources: PyPA specifications "Recording installed projects" (PEP 376, PEP 627), "Core metadata" and
//! "Recording the Direct URL Origin of installed distributions" (PEP 610).

mod direct_url;
mod metadata;

use std::collections::{HashMap, HashSet};

use super::{Format, Included, Manifest, Reading, Role};
use crate::model::{Dependency, Input, Package, PackageName, Skipped, SourceFile, Span};

/// A `site-packages` folder. It is never found by itself: a virtual environment or the folder has to be named.
pub static FORMAT: Format = Format {
    kind: "installed",
    role: Role::Lock,
    manifest: Manifest::None,
    commands: None,
    detect: |_| false,
    read,
};

/// Whether a folder of these names looks like `site-packages`: it holds the metadata of a package.
pub fn holds_packages<'n>(names: impl IntoIterator<Item = &'n str>) -> bool {
    names.into_iter().any(|name| metadata_places(name).is_some())
}

/// What an entry of `site-packages` may be: where its metadata may lie below it, `""` for the entry itself; `None` when
/// it is no metadata, nothing for an installation in place without any.
pub fn metadata_places(name: &str) -> Option<&'static [&'static str]> {
    let lower = name.to_ascii_lowercase();
    // What pip could not delete; it begins with no name and cannot be imported (pip, "Ignoring invalid distribution").
    if lower.starts_with('~') {
        return None;
    }
    if lower.ends_with(".dist-info") {
        Some(&["METADATA"])
    } else if lower.ends_with(".egg-info") {
        Some(&["PKG-INFO", ""])
    } else if lower.ends_with(".egg") {
        Some(&["EGG-INFO/PKG-INFO"])
    } else if lower.ends_with(".egg-link") {
        Some(&[])
    } else {
        None
    }
}

fn read(reading: Reading<'_>) -> Input {
    let Reading { path, sources, files, .. } = reading;
    let mut input = Input::new(path, FORMAT.kind);
    input.tells_direct = true;
    let folder = path.rsplit('/').next().unwrap_or(path);
    let names = match files.list(path) {
        Ok(names) => names,
        Err(refusal) => {
            input.skipped.push(Skipped::file(path, path, refusal.why));
            return input;
        }
    };
    // The folder has no text of its own: what is said about it as a whole points to its name.
    let own = sources.add(SourceFile::new(path, String::new()));
    input.start = Some(Span::start_of(own));
    let mut requested: HashSet<usize> = HashSet::new();
    for name in names {
        let Some(places) = metadata_places(&name) else { continue };
        let at = format!("{folder}/{name}");
        let skip = |why: String| Skipped::file(&format!("{path}/{name}"), &name, why);
        let mut refusal =
            "an installation in place without metadata: what it needs is not audited".to_owned();
        let mut found: Option<Included> = None;
        for place in places {
            let target = if place.is_empty() { at.clone() } else { format!("{at}/{place}") };
            match files.include(path, &target) {
                Ok(included) => found = Some(included),
                Err(why) => refusal = format!("its metadata cannot be read: {}", why.why),
            }
            if found.is_some() {
                break;
            }
        }
        let Some(Included { path: file, bytes }) = found else {
            input.skipped.push(skip(refusal));
            continue;
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let source = sources.add(SourceFile::new(file, text));
        let text = sources.get(source).map_or("", SourceFile::text);
        let mut package = match metadata::read(text, source) {
            Ok(read) => {
                input.skipped.extend(read.skipped.into_iter().map(|(span, what, why)| {
                    let file = sources.get(source).map_or("", SourceFile::path);
                    let mut skipped = Skipped::at(file, span, what, why);
                    skipped.package.clone_from(&read.package.name);
                    skipped
                }));
                read.package
            }
            Err(why) => {
                input.skipped.push(skip(why));
                continue;
            }
        };
        if let Ok(direct_url) = files.include(path, &format!("{at}/direct_url.json")) {
            match direct_url::read(&direct_url.bytes) {
                Some((source, editable)) => (package.source, package.editable) = (source, editable),
                None => input.skipped.push(skip("its direct_url.json is not what PEP 610 says".to_owned())),
            }
        }
        if files.include(path, &format!("{at}/REQUESTED")).is_ok() {
            requested.insert(input.packages.len());
        }
        input.packages.push(package);
    }
    mark_direct(&mut input, &requested);
    activate_extras(&mut input.packages);
    input.closed = if input.packages.is_empty() { None } else { Some(true) };
    input
}

/// Installers mark what a person asked for ("Recording installed projects", REQUESTED). One that marks nothing, or
/// everything as uv does, tells nothing.
fn mark_direct(input: &mut Input, requested: &HashSet<usize>) {
    let tells = !requested.is_empty() && requested.len() < input.packages.len();
    for (index, package) in input.packages.iter_mut().enumerate() {
        package.direct = tells.then(|| requested.contains(&index));
    }
}

/// Takes the edges out that only an extra brings which no installed package asks for: nobody knows which extras a person
/// asked for, and an edge too many is a path that does not exist.
fn activate_extras(packages: &mut [Package]) {
    // What each extra, or no extra, of a package asks for: followed from the unconditional edges on, each once.
    let extra_of = |edge: &Dependency| {
        edge.with.as_deref().and_then(|with| with.strip_prefix("extra:")).map(PackageName::new)
    };
    let mut asked: HashMap<(PackageName, PackageName), Vec<(PackageName, PackageName)>> = HashMap::new();
    let mut waiting: Vec<(PackageName, PackageName)> = Vec::new();
    for package in packages.iter() {
        for edge in &package.dependencies {
            let targets = edge.extras.iter().map(|extra| (edge.name.clone(), extra.clone()));
            match (&package.name, extra_of(edge)) {
                (Some(name), Some(extra)) => asked.entry((name.clone(), extra)).or_default().extend(targets),
                _ => waiting.extend(targets),
            }
        }
    }
    let mut active: HashSet<(PackageName, PackageName)> = HashSet::new();
    while let Some(extra) = waiting.pop() {
        if let Some(more) = asked.get(&extra).filter(|_| !active.contains(&extra)) {
            waiting.extend(more.iter().cloned());
        }
        active.insert(extra);
    }
    let is_active = |name: Option<&PackageName>, edge: &Dependency| match (name, extra_of(edge)) {
        (Some(name), Some(extra)) => active.contains(&(name.clone(), extra)),
        _ => true,
    };
    for package in packages {
        let name = package.name.clone();
        package.dependencies.retain(|edge| is_active(name.as_ref(), edge));
    }
}
