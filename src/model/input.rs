//! One dependency file as it was read.

use super::{IndexUse, InlineIgnore, Package, PackageName, PackageSource, Span};

/// What part a file plays in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Written by people: what they ask for.
    #[default]
    Manifest,
    /// Written by a tool: what was resolved.
    Lock,
    /// A requirement file: either of the two.
    Requirements,
    /// Limits on versions, asking for nothing.
    Constraints,
}

/// Something that should have been audited and could not be. Makes the verdict incomplete unless accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file, relative to the root with `/`.
    pub path: String,
    /// Where in it, when a place is known.
    pub span: Option<Span>,
    /// The package, when it has a name.
    pub package: Option<PackageName>,
    /// What was skipped: the requirement as written, or the file.
    pub what: String,
    /// Why, what was expected and what to do about it; lower case, no full stop.
    pub why: String,
    /// The reason with which policy accepts it.
    pub accepted: Option<String>,
}

impl Skipped {
    /// A skip of a stretch of a file.
    pub fn at(path: &str, span: Span, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { span: Some(span), ..Self::file(path, what, why) }
    }

    /// A skip of a whole file. What has no text is called so: a message must not speak of nothing.
    pub fn file(path: &str, what: impl Into<String>, why: impl Into<String>) -> Self {
        let what: String = what.into();
        Self {
            path: path.to_owned(),
            span: None,
            package: None,
            what: if what.is_empty() { "an empty entry".to_owned() } else { what },
            why: why.into(),
            accepted: None,
        }
    }
}

/// Something worth saying that does not change the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file or folder, relative to the root with `/`.
    pub path: String,
    /// Where in it, when a place is known.
    pub span: Option<Span>,
    /// What there is to say; lower case, no full stop.
    pub text: String,
}

/// A manifest that a lock was made from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ManifestPath {
    /// The path relative to the root.
    pub path: String,
    /// Whether the lock resolves all that the manifest asks for. Of a project that is only depended on it leaves out
    /// the groups, and the extras that nobody asked for.
    pub whole: bool,
}

/// The hash with which a lock remembers the manifest that it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentHash {
    /// As the lock writes it.
    pub text: String,
    /// Where.
    pub span: Span,
    /// Whether it is that of the manifest as it stands; `None` when that cannot be said. The engine knows it.
    pub current: Option<bool>,
}

impl ContentHash {
    /// A hash that was not compared with anything yet.
    pub fn new(text: impl Into<String>, span: Span) -> Self {
        Self { text: text.into(), span, current: None }
    }
}

/// Where a package is taken from by what the file says apart from its requirement (`[tool.uv.sources]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The package.
    pub name: PackageName,
    /// The repository, archive or folder; a member of the workspace is virtual.
    pub source: PackageSource,
    /// Only under a condition (a marker, an extra, a group): elsewhere an index answers.
    pub partly: bool,
    /// Where its URL stands.
    pub span: Span,
}

/// One dependency file named or found, with everything that it says.
#[derive(Debug, Clone)]
pub struct Input {
    /// The path relative to the root, with `/`.
    pub path: String,
    /// The format's name (`poetry.lock`, `requirements.txt`, …).
    pub kind: &'static str,
    /// The part it plays; the format says.
    pub role: Role,
    /// Read only because it stands beside another input: for its lines, not audited itself.
    pub companion: bool,
    /// Its entries, in the order of the file; those of included files where the include stands.
    pub packages: Vec<Package>,
    /// The indexes that it names, in the order in which its tools take them. See [`Input::answers`].
    pub indexes: Vec<IndexUse>,
    /// Where a requirement file says `--require-hashes`: pip then installs nothing without a hash.
    pub require_hashes: Option<Span>,
    /// Packages that are taken from a repository, an archive or a folder although their requirements do not say so.
    pub redirects: Vec<Redirect>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
    /// What is worth saying.
    pub notes: Vec<Note>,
    /// The ignores in its comments, and in those of the files that it includes.
    pub ignores: Vec<InlineIgnore>,
    /// Whether it lists what its packages pull in; `None` when it lists no package or cannot say.
    pub closed: Option<bool>,
    /// Whether the file itself says which packages are direct, so that no manifest has to.
    pub tells_direct: bool,
    /// The projects that the file resolves as a whole, with all their groups and extras: the members of a workspace.
    pub members: Vec<PackageName>,
    /// The groups and extras that a lock was made for, without `extra:`; `None` when it is made for all of them.
    pub locked_groups: Option<Vec<String>>,
    /// The manifests that this file was made from. The engine knows them.
    pub manifests: Vec<ManifestPath>,
    /// The hash of the manifest that a lock was made from, when the lock keeps one.
    pub content_hash: Option<ContentHash>,
    /// The project that this file declares (`[project] name`, `[tool.poetry] name`).
    pub project: Option<PackageName>,
    /// The Python versions that the project admits, verbatim (PEP 440, or Poetry's notation made PEP 440).
    pub requires_python: Option<String>,
    /// The first place of the file itself; `None` when it could not be read.
    pub start: Option<Span>,
}

impl Input {
    /// An input of which nothing has been read yet.
    pub fn new(path: &str, kind: &'static str) -> Self {
        Self {
            path: path.to_owned(),
            kind,
            role: Role::default(),
            companion: false,
            packages: Vec::new(),
            indexes: Vec::new(),
            require_hashes: None,
            redirects: Vec::new(),
            skipped: Vec::new(),
            notes: Vec::new(),
            ignores: Vec::new(),
            closed: None,
            tells_direct: false,
            members: Vec::new(),
            locked_groups: None,
            manifests: Vec::new(),
            content_hash: None,
            project: None,
            requires_python: None,
            start: None,
        }
    }

    /// The folder of the file with a `/` at its end; empty for the root.
    pub fn folder(&self) -> &str {
        self.path.rfind('/').map_or("", |slash| &self.path[..=slash])
    }

    /// Whether a lock was made for the groups of an entry of its manifest: for all of them, or for any of these.
    pub fn is_locked_for(&self, groups: &[String]) -> bool {
        let Some(locked) = &self.locked_groups else { return true };
        let is_locked = |group: &String| {
            let name = match group.as_str() {
                "main" => "default",
                name => name.strip_prefix("extra:").unwrap_or(name),
            };
            locked.iter().any(|known| PackageName::new(known) == PackageName::new(name))
        };
        groups.is_empty() || groups.iter().any(is_locked)
    }

    /// The file's own name, without folders.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}
