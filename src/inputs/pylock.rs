//! `pylock.toml` and `pylock.NAME.toml`: the lock format that tools exchange.
//!
//! Source: PyPA specification "`pylock.toml` Specification" (PEP 751). Who asked for a package the format does not say.

use crate::inputs::toml_events::{Document, TomlError, Value};
use crate::inputs::toml_lock::{LockReader, check_lists, check_version, is_list, list_of, read_lock, refuse};
use crate::inputs::{Format, Manifest, Reading, Role};
use crate::model::Arrange as _;
use crate::model::{Chosen, Dependency, Input, Package, PackageName, PackageSource, SourceKind, Version};

/// `pylock.toml`.
pub static FORMAT: Format = Format {
    kind: "pylock.toml",
    role: Role::Lock,
    manifest: Manifest::PartlyBeside { manifest: "pyproject.toml", whole: "pylock.toml" },
    commands: None,
    detect: |path| is_pylock(path.rsplit('/').next().unwrap_or(path)),
    read,
};

/// The newest version whose format is known.
const NEWEST: (u32, u32) = (1, 0);

/// Files, of which only the number matters.
const COUNTED: &[&[&str]] = &[&["packages", "wheels"]];

/// "File Name": `pylock.toml`, or `pylock.` and a name without dots and `.toml`.
fn is_pylock(name: &str) -> bool {
    let named = |name: &str| name.strip_prefix("pylock.")?.strip_suffix(".toml").map(str::to_owned);
    name == "pylock.toml" || named(name).is_some_and(|name| !name.is_empty())
}

fn read(reading: Reading<'_>) -> Input {
    let mut input = read_lock(reading, FORMAT.kind, COUNTED, fill);
    input.tells_direct = true;
    input
}

fn fill(reader: &mut LockReader<'_>, document: &Document<'_>) -> Result<(), TomlError> {
    let root = document.root();
    let Some(version) = root.get("lock-version") else {
        return refuse(0..0, "no `lock-version`, which a pylock.toml must have: lock again");
    };
    check_version(reader, version, NEWEST, "tool")?;
    let Some(list) = root.get("packages") else {
        let end = reader.text.trim_end().len();
        return refuse(end..end, "no `packages`, which a pylock.toml must have: lock again");
    };
    check_lists(root, "packages")?;
    let python = root.get("requires-python").and_then(Value::text).map(std::borrow::Cow::into_owned);
    reader.input.requires_python = python.filter(|text| !text.is_empty());
    for entry in list_of(list)? {
        let Some(mut package) = reader.head(entry) else { continue };
        package.marker = entry.get("marker").and_then(Value::text).map(std::borrow::Cow::into_owned);
        package.groups = package.marker.as_deref().map(groups_in).unwrap_or_default();
        package.source = source_of(reader, entry);
        package.source_span = url_of(entry).map(|url| reader.span(url.content_range()));
        package.editable = directory_of(entry).is_some_and(|(_, editable)| editable);
        package.hashes = hashes_of(entry);
        package.dependencies = edges_of(reader, entry, &package);
        reader.input.packages.push(package);
    }
    reader.input.closed = if reader.input.packages.is_empty() { None } else { Some(true) };
    Ok(())
}

/// The groups and extras that a marker names: `'docs' in dependency_groups or 'cli' in extras`.
fn groups_in(marker: &str) -> Vec<String> {
    let mut groups = Vec::new();
    let mut rest = marker;
    while let Some(start) = rest.find(['\'', '"']) {
        let quote = &rest[start..=start];
        let Some(length) = rest[start + 1..].find(quote) else { break };
        let name = &rest[start + 1..start + 1 + length];
        rest = &rest[start + length + 2..];
        let mut words = rest.split(|character: char| character.is_whitespace() || character == ')');
        let mut words = words.by_ref().filter(|word| !word.is_empty());
        if words.next() == Some("in") {
            match words.next() {
                Some("dependency_groups") => groups.push(name.to_owned()),
                Some("extras") => groups.push(format!("extra:{name}")),
                _ => {}
            }
        }
    }
    groups.arrange();
    groups.dedup();
    groups
}

fn text_of(table: Value<'_>, key: &str) -> Option<String> {
    table.get(key).and_then(Value::text).map(std::borrow::Cow::into_owned).filter(|text| !text.is_empty())
}

fn directory_of(entry: Value<'_>) -> Option<(Option<String>, bool)> {
    let directory = entry.get("directory")?;
    Some((text_of(directory, "path"), directory.get("editable").and_then(Value::boolean).unwrap_or(false)))
}

/// "`packages.vcs`", "`packages.directory`", "`packages.archive`", else the index.
fn source_of(reader: &mut LockReader<'_>, entry: Value<'_>) -> PackageSource {
    let mut source = PackageSource::default();
    if let Some(vcs) = entry.get("vcs") {
        source.kind = match text_of(vcs, "type").as_deref() {
            Some("git") => SourceKind::Git,
            Some("hg") => SourceKind::Hg,
            Some("svn") => SourceKind::Svn,
            Some("bzr") => SourceKind::Bzr,
            other => {
                let text = format!("version control system {other:?} is not known: taken for a URL");
                let span = Some(reader.span(vcs.range()));
                reader.note(span, text);
                SourceKind::Url
            }
        };
        source.url = text_of(vcs, "url").or_else(|| text_of(vcs, "path"));
        source.reference = text_of(vcs, "requested-revision");
        source.resolved = text_of(vcs, "commit-id");
        source.subdirectory = text_of(vcs, "subdirectory");
    } else if let Some((path, _)) = directory_of(entry) {
        (source.kind, source.url) = (SourceKind::Path, path);
    } else if let Some(archive) = entry.get("archive") {
        let url = text_of(archive, "url");
        source.kind = if url.is_some() { SourceKind::Url } else { SourceKind::Path };
        source.url = url.or_else(|| text_of(archive, "path"));
        source.subdirectory = text_of(archive, "subdirectory");
    } else {
        source.url = text_of(entry, "index");
    }
    source
}

/// The value that says where an entry is taken from.
fn url_of(entry: Value<'_>) -> Option<Value<'_>> {
    let table = entry.get("vcs").or_else(|| entry.get("archive"));
    table.map_or_else(|| entry.get("index"), |table| table.get("url"))
}

/// How many files have hashes.
fn hashes_of(entry: Value<'_>) -> u32 {
    let single = ["sdist", "archive"].into_iter();
    let hashed = single.filter(|key| entry.get(key).is_some_and(|file| file.get("hashes").is_some()));
    entry.get("wheels").map_or(0, Value::len) + u32::try_from(hashed.count()).unwrap_or(0)
}

/// "`packages.dependencies`": each table names one entry, by as many of its keys as it takes to tell it apart.
fn edges_of(reader: &mut LockReader<'_>, entry: Value<'_>, package: &Package) -> Vec<Dependency> {
    let mut edges = Vec::new();
    let Some(list) = entry.get("dependencies") else { return edges };
    if !is_list(list) {
        let why = format!("expected a list of dependencies, found {}: lock again", list.kind().name());
        reader.skip(list, Some(&package.written), why);
    }
    for item in list.items() {
        let Some(name) = text_of(item, "name") else {
            reader.skip(item, Some(&package.written), "a dependency has no name: lock again");
            continue;
        };
        let mut edge = Dependency::new(PackageName::new(&name), reader.span(item.range()));
        edge.marker = text_of(item, "marker");
        let version = text_of(item, "version").map(|version| Version::new(&version));
        let mut tables = ["vcs", "directory", "archive"].into_iter().filter_map(|key| item.get(key));
        let url = tables.find_map(|table| text_of(table, "url").or_else(|| text_of(table, "path")));
        if version.is_some() || url.is_some() {
            edge.chosen = Some(Box::new(Chosen { version, url }));
        }
        edges.push(edge);
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_format() {
        for name in ["pylock.toml", "pylock.dev.toml", "pylock.spec-example.toml"] {
            assert!(is_pylock(name), "{name}");
        }
        for name in ["pylock..toml", "my-pylock.toml", "pylock", "pylock.dev", "pylock.lock"] {
            assert!(!is_pylock(name), "{name}");
        }
    }

    #[test]
    fn groups_are_those_of_the_marker() {
        assert_eq!(groups_in("'docs' in dependency_groups or \"cli\" in extras"), ["docs", "extra:cli"]);
        assert_eq!(groups_in("('dev' in dependency_groups) and python_version < '3.11'"), ["dev"]);
        assert!(groups_in("sys_platform == 'win32' and 'x'in y").is_empty());
        assert!(groups_in("'open in dependency_groups").is_empty());
    }
}
