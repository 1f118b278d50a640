//! What the disk says about an entry: our own code, a vendored archive, or out of reach.

use std::path::PathBuf;

use super::discover::is_project;
use super::tree::Tree;
use crate::model::{Input, Package, PackageName, SourceKind, Sources, Standing, Version};

/// What the engine knows about an entry that its text cannot say.
pub(crate) fn standing(tree: &Tree, sources: &Sources, input: &Input, package: &Package) -> Standing {
    match package.source.kind {
        SourceKind::Path => path_standing(tree, sources, input, package),
        SourceKind::Url if package.version.is_none() => {
            let url = package.source.url.as_deref().unwrap_or_default();
            archive_version(url, package.name.as_ref()).map_or_else(
                || {
                    Standing::Unknown(
                        "an archive whose URL tells no version: write `name==version`, or audit a lock"
                            .to_owned(),
                    )
                },
                Standing::Archive,
            )
        }
        SourceKind::Virtual => Standing::FirstParty,
        _ => Standing::Foreign,
    }
}

fn path_standing(tree: &Tree, sources: &Sources, input: &Input, package: &Package) -> Standing {
    let target = package.source.url.as_deref().unwrap_or_default();
    if let Some(version) = archive_version(target, package.name.as_ref()) {
        return if package.version.is_some() { Standing::Foreign } else { Standing::Archive(version) };
    }
    let Some(path) = locate(tree, sources, input, package) else {
        return Standing::Unknown(
            "a path that leads outside the root or to nothing: what it holds is not audited".to_owned(),
        );
    };
    if is_project(tree.files(), &path) {
        return Standing::FirstParty;
    }
    let why = if tree.files().is_file(&path.join("setup.py")) {
        "a local project without a pyproject.toml: setup.py is never executed, audit what is installed"
    } else {
        "a path without a manifest: what it needs is not audited"
    };
    Standing::Unknown(why.to_owned())
}

/// The folder of a path requirement that is our own code.
pub(crate) fn first_party_folder(
    tree: &Tree,
    sources: &Sources,
    input: &Input,
    package: &Package,
) -> Option<PathBuf> {
    if !matches!(package.source.kind, SourceKind::Path | SourceKind::Virtual) {
        return None;
    }
    let path = locate(tree, sources, input, package)?;
    is_project(tree.files(), &path).then_some(path)
}

/// Where a path requirement leads. Tools differ in what a relative path starts from: pip takes the working directory,
/// all others the folder of the file. The folder of the file comes first, then the root.
fn locate(tree: &Tree, sources: &Sources, input: &Input, package: &Package) -> Option<PathBuf> {
    let target = package.source.url.as_deref()?;
    let target = target.split(['#', ';']).next().unwrap_or(target);
    let target = target.strip_prefix("file://").or_else(|| target.strip_prefix("file:")).unwrap_or(target);
    let written_in = sources.get(package.span.source).map_or(input.path.as_str(), |file| file.path());
    let folder = written_in.rsplit_once('/').map_or("", |(folder, _)| folder);
    let has_manifest = |path: &PathBuf| is_project(tree.files(), path);
    let near = tree.resolve(folder, target);
    let far = tree.resolve("", target);
    match (near, far) {
        (Some(near), Some(far)) => Some(if has_manifest(&near) || !has_manifest(&far) { near } else { far }),
        (near, far) => near.or(far),
    }
}

/// The version that the name of an archive tells. Sources: PEP 427 (`name-version-…​.whl`), PEP 625
/// (`name-version.tar.gz`). A file of another name than the requirement's tells nothing.
fn archive_version(url: &str, name: Option<&PackageName>) -> Option<Version> {
    let path = url.split(['#', '?']).next()?;
    let file = path.rsplit(['/', '\\']).next()?;
    let file = file.replace("%2B", "+").replace("%2b", "+");
    let (written, version) = if let Some(stem) = file.strip_suffix(".whl") {
        let mut parts = stem.split('-');
        (parts.next()?.to_owned(), parts.next()?.to_owned())
    } else {
        let stem = [".tar.gz", ".zip", ".tar.bz2", ".tgz"].iter().find_map(|end| file.strip_suffix(end))?;
        let (written, version) = stem.rsplit_once('-')?;
        (written.to_owned(), version.to_owned())
    };
    let version = Version::new(&version);
    let same = name.is_none_or(|name| *name == PackageName::new(&written));
    (same && version.is_pep440()).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_tell_their_version() {
        let version = |url: &str, name: &str| {
            archive_version(url, Some(&PackageName::new(name))).map(|version| version.as_str().to_owned())
        };
        assert_eq!(
            version("https://x.example/a/Foo_Bar-1.2.3-py3-none-any.whl#sha256=0", "foo-bar").as_deref(),
            Some("1.2.3")
        );
        assert_eq!(
            version("https://x.example/torch-2.0.0%2Bcpu-cp311-cp311-linux_x86_64.whl", "torch").as_deref(),
            Some("2.0.0+cpu")
        );
        assert_eq!(version("./vendor/foo-2.0.tar.gz", "foo").as_deref(), Some("2.0"));
        assert_eq!(version("https://x.example/archive/main.zip", "foo"), None);
        assert_eq!(version("https://x.example/other-1.0.zip", "foo"), None);
    }
}
