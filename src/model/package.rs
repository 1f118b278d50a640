//! Packages as a dependency file lists them.

use super::{Dependency, PackageName, PinnedIndex, Span, Version, Via};

/// Where a package is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum SourceKind {
    /// A package index; the public one unless a URL says otherwise.
    #[default]
    Index,
    /// A git repository.
    Git,
    /// A Mercurial repository.
    Hg,
    /// A Subversion repository.
    Svn,
    /// A Bazaar repository.
    Bzr,
    /// An archive behind a URL.
    Url,
    /// A file or folder.
    Path,
    /// A project that is not built (uv's virtual members).
    Virtual,
    /// A conda channel.
    Conda,
}

impl SourceKind {
    /// The word for it in machine outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Git => "git",
            Self::Hg => "hg",
            Self::Svn => "svn",
            Self::Bzr => "bzr",
            Self::Url => "url",
            Self::Path => "path",
            Self::Virtual => "virtual",
            Self::Conda => "conda",
        }
    }

    /// Whether it is a version control system.
    pub fn is_vcs(self) -> bool {
        matches!(self, Self::Git | Self::Hg | Self::Svn | Self::Bzr)
    }
}

/// Where a package is taken from, with the address. URLs are raw: they may carry credentials and are masked at
/// every output.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackageSource {
    /// The kind of place.
    pub kind: SourceKind,
    /// URL of the repository, archive or index, or the path as written.
    pub url: Option<String>,
    /// What was asked for: branch, tag or commit.
    pub reference: Option<String>,
    /// The commit that it resolved to, when a lock records it.
    pub resolved: Option<String>,
    /// The folder inside a repository or archive.
    pub subdirectory: Option<String>,
}

/// One entry of a dependency file: a requirement, or a package of a lock.
#[derive(Debug, Clone)]
pub struct Package {
    /// Normalised name; `None` when the text gives none (`.`, a bare VCS URL).
    pub name: Option<PackageName>,
    /// The name as written; empty when there is none.
    pub written: String,
    /// The version verbatim: what the lock says, or what one `==`/`===` without a wildcard pins.
    pub version: Option<Version>,
    /// The specifier verbatim; `None` when there is none.
    pub specifier: Option<String>,
    /// The environment marker verbatim; `None` when there is none.
    pub marker: Option<String>,
    /// Extras asked for, normalised, sorted.
    pub extras: Vec<PackageName>,
    /// Groups it belongs to: `main`, `dev` or the group's own name, `extra:NAME`, `build-system`. Sorted.
    pub groups: Vec<String>,
    /// Whether it is installed only on request; `None` when the format cannot say.
    pub optional: Option<bool>,
    /// Whether a person asked for it by name; `None` when the files cannot say.
    pub direct: Option<bool>,
    /// Where it is taken from.
    pub source: PackageSource,
    /// Where the URL stands that it is taken from: of a repository, an archive, or the index of a lock entry; `None`
    /// when the entry writes none.
    pub source_span: Option<Span>,
    /// The index that the entry names; `None` when it leaves that to the tool.
    pub index: Option<Box<PinnedIndex>>,
    /// Installed in place (`-e`, `develop = true`).
    pub editable: bool,
    /// From a constraints file: limits a version, asks for nothing.
    pub constraint: bool,
    /// How many hashes the entry lists, one in its URL included.
    pub hashes: u32,
    /// Edges to what it depends on.
    pub dependencies: Vec<Dependency>,
    /// Who brought it in, in compiled requirement files.
    pub via: Vec<Via>,
    /// The whole entry, or requirement text: the place a person looks at.
    pub span: Span,
    /// The name as written.
    pub name_span: Span,
    /// The version or specifier; `None` when there is none.
    pub version_span: Option<Span>,
}

impl Package {
    /// An entry with a name and nothing else; the spans all cover `span` until the reader knows better.
    pub fn new(written: &str, span: Span) -> Self {
        Self {
            name: if written.is_empty() { None } else { Some(PackageName::new(written)) },
            written: written.to_owned(),
            version: None,
            specifier: None,
            marker: None,
            extras: Vec::new(),
            groups: Vec::new(),
            optional: None,
            direct: None,
            source: PackageSource::default(),
            source_span: None,
            index: None,
            editable: false,
            constraint: false,
            hashes: 0,
            dependencies: Vec::new(),
            via: Vec::new(),
            span,
            name_span: span,
            version_span: None,
        }
    }

    /// The smallest place that says what is asked for: the version, else the name.
    pub fn edit_span(&self) -> Span {
        self.version_span.unwrap_or(self.name_span)
    }
}
