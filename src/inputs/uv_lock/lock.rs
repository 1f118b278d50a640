//! The file: its version, the roots of the graph, and its list of packages.

use crate::model::Arrange as _;
use std::collections::{BTreeMap, HashSet};

use super::package::package_of;
use super::source::is_root;
use crate::inputs::toml_events::{Document, TomlError, Value};
use crate::inputs::toml_lock::{LockReader, check_lists, list_of, read_lock, refuse};
use crate::inputs::{Commands, Format, Manifest, Reading, Role};
use crate::model::{Input, Package, PackageName, Skipped};

/// `uv.lock`.
pub static FORMAT: Format = Format {
    kind: "uv.lock",
    role: Role::Lock,
    manifest: Manifest::Beside("pyproject.toml"),
    commands: Some(Commands { lock: "uv lock", upgrade: "uv lock --upgrade-package" }),
    detect: |path| path.rsplit('/').next() == Some("uv.lock"),
    read: |reading| read(reading, &FORMAT),
};

/// The lock of a script with inline metadata, which lies beside it.
pub static SCRIPT: Format = Format {
    kind: "uv script lock",
    role: Role::Lock,
    manifest: Manifest::Stem,
    commands: Some(Commands {
        lock: "uv lock --script FILE",
        upgrade: "uv lock --script FILE --upgrade-package",
    }),
    detect: |path| path.ends_with(".py.lock"),
    read: |reading| read(reading, &SCRIPT),
};

/// The newest version whose format is known. Revisions of a version are compatible (uv, "Lockfile versioning").
const NEWEST: u32 = 1;

/// File hashes, of which only the number matters.
const COUNTED: &[&[&str]] = &[&["package", "wheels"], &["distribution", "wheels"]];

fn read(reading: Reading<'_>, format: &'static Format) -> Input {
    let mut input = read_lock(reading, format.kind, COUNTED, fill);
    input.tells_direct = true;
    input
}

fn fill(reader: &mut LockReader<'_>, document: &Document<'_>) -> Result<(), TomlError> {
    let root = document.root();
    let Some(version) = root.get("version") else {
        return refuse(0..0, "no `version`, with which uv begins a lock: lock again");
    };
    let written = reader.text.get(version.range()).unwrap_or("");
    match written.parse::<u32>() {
        Ok(0) | Err(_) => {
            return refuse(version.range(), format!("expected a version such as {NEWEST}, found {written}"));
        }
        Ok(number) if number > NEWEST => {
            let newer = format!("version {number} is newer than this program reads (up to {NEWEST})");
            return refuse(
                version.range(),
                format!("{newer}: update this program, or lock with an older uv"),
            );
        }
        Ok(_) => {}
    }
    let requires_python = root.get("requires-python").and_then(Value::text);
    reader.input.requires_python =
        requires_python.map(std::borrow::Cow::into_owned).filter(|text| !text.is_empty());

    let key = if root.get("package").is_some() { "package" } else { "distribution" };
    check_lists(root, if root.get(key).is_some() { key } else { "package" })?;
    let Some(list) = root.get(key) else {
        // A project without dependencies and without a name of its own has no entry at all.
        return Ok(());
    };
    let asked = Asked::new(root);
    let mut roots = Vec::new();
    for entry in list_of(list)? {
        let Some(package) = package_of(reader, entry) else { continue };
        if asked.is_root(entry) {
            roots.push(reader.input.packages.len());
        }
        reader.input.packages.push(package);
    }
    check_edges(reader);
    let input = &mut *reader.input;
    mark_direct(input, &roots, &asked);
    input.closed = if input.packages.is_empty() { None } else { Some(true) };
    Ok(())
}

/// Says which edges lead to nothing. uv lists all that it names, and refuses a lock that does not.
fn check_edges(reader: &mut LockReader<'_>) {
    let packages = &reader.input.packages;
    let listed: HashSet<_> = packages.iter().filter_map(|package| package.name.as_ref()).collect();
    let mut missing = Vec::new();
    for package in packages {
        let edges = package.dependencies.iter().filter(|edge| !listed.contains(&edge.name));
        missing.extend(edges.map(|edge| {
            let why = format!("needs {}, which the lock does not list: lock again", edge.name);
            let mut skipped = Skipped::at(&reader.input.path, edge.span, package.written.as_str(), why);
            skipped.package.clone_from(&package.name);
            skipped
        }));
    }
    // What was skipped itself is not missing.
    if reader.input.skipped.is_empty() {
        reader.input.skipped.extend(missing);
    }
}

/// What `[manifest]` says: the members of a workspace, and what a script or a workspace without a project asks for.
struct Asked {
    members: HashSet<PackageName>,
    requirements: BTreeMap<PackageName, Vec<String>>,
}

impl Asked {
    fn new(root: Value<'_>) -> Self {
        let manifest = root.get("manifest");
        let under = |key: &str| manifest.and_then(|manifest| manifest.get(key));
        let members = under("members").into_iter().flat_map(Value::items).filter_map(Value::text);
        let mut asked = Self {
            members: members.map(|name| PackageName::new(&name)).collect(),
            requirements: BTreeMap::new(),
        };
        let mut add = |list: Value<'_>, group: &str| {
            for name in list.items().filter_map(|item| item.get("name")?.text()) {
                let groups = asked.requirements.entry(PackageName::new(&name)).or_default();
                groups.extend(Some(group.to_owned()).filter(|group| !group.is_empty()));
            }
        };
        if let Some(list) = under("requirements") {
            add(list, "");
        }
        for group in under("dependency-groups").into_iter().flat_map(Value::entries) {
            add(group, &group.key());
        }
        asked
    }

    /// Whether an entry is our own project: a member of the workspace; without a workspace, what is not built or
    /// installed in place.
    fn is_root(&self, entry: Value<'_>) -> bool {
        if self.members.is_empty() {
            return is_root(entry);
        }
        let name = entry.get("name").and_then(Value::text);
        name.is_some_and(|name| self.members.contains(&PackageName::new(&name)))
    }
}

/// What the roots depend on is direct, and in the groups under which they list it.
fn mark_direct(input: &mut Input, roots: &[usize], asked: &Asked) {
    let mut groups: BTreeMap<PackageName, Vec<String>> = asked.requirements.clone();
    for root in roots {
        for edge in &input.packages[*root].dependencies {
            let listed = groups.entry(edge.name.clone()).or_default();
            listed.push(edge.with.as_deref().unwrap_or("main").to_owned());
        }
    }
    for groups in groups.values_mut() {
        groups.arrange();
        groups.dedup();
    }
    for package in &mut input.packages {
        let listed = package.name.as_ref().and_then(|name| groups.get(name));
        package.direct = Some(listed.is_some());
        package.groups = listed.cloned().unwrap_or_default();
    }
    // Without a workspace the lock resolves all of the project in its own folder, and of others what is needed.
    let whole = |package: &&Package| !asked.members.is_empty() || is_here(package);
    let own = roots.iter().map(|root| &input.packages[*root]);
    input.members = own.filter(whole).filter_map(|package| package.name.clone()).collect();
    // The project in the lock's own folder; of a workspace, its root.
    let project = roots.iter().map(|root| &input.packages[*root]).find(|package| is_here(package));
    input.project = project.and_then(|package| package.name.clone());
}

/// Whether an entry lies in the lock's own folder.
fn is_here(package: &Package) -> bool {
    package.source.url.as_deref() == Some(".")
}
