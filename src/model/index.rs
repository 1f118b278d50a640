//! Package indexes that files name, and how each tool combines them.

use super::Span;

/// The index that every tool asks unless it is told otherwise.
pub const PUBLIC_INDEX: &str = "https://pypi.org/simple";

/// The tool that an option speaks to. Each combines indexes in its own way; see [`When`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndexTool {
    /// pip: requirement files and its configuration.
    Pip,
    /// uv: `[tool.uv]` of `pyproject.toml` and of scripts.
    Uv,
    /// Poetry: `[[tool.poetry.source]]`.
    Poetry,
    /// PDM: `[[tool.pdm.source]]`.
    Pdm,
    /// Pipenv: `[[source]]` of a `Pipfile`, `_meta.sources` of its lock.
    Pipenv,
    /// setuptools: `setup.cfg`, for what `easy_install` fetches.
    Setuptools,
}

/// What an option names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndexKind {
    /// An index (PEP 503, PEP 691).
    Index,
    /// A page or folder with links to archives (`--find-links`).
    FindLinks,
    /// A host, perhaps with a port, whose certificate is not checked (`--trusted-host`, `verify_ssl = false`): it
    /// answers for nothing by itself.
    TrustedHost,
    /// Nothing: all indexes are turned off (`--no-index`), only links to archives are left.
    NoIndex,
}

/// When an index is asked.
///
/// Sources: pip, "pip install", "Finding Packages" ("there is no ordering in the locations that are searched"); uv,
/// "Package indexes", "Searching across multiple indexes" and the settings `index-strategy`, `find-links`; Poetry,
/// "Repositories", "Package Sources"; PDM, "Configure the Project", "Respect the order of the sources"; Pipenv,
/// "Specifying Package Indexes", "Index Restricted Packages".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum When {
    /// With all others: the best version wins, whoever has it. All of pip; PDM unless it respects the order; primary
    /// (and the former secondary) sources of Poetry; `find-links` of uv, and its indexes with `index-strategy =
    /// "unsafe-best-match"`.
    Together,
    /// In the order of the file: the first that has the name answers, whatever versions it has. uv's default.
    FirstWithName,
    /// In the order of the file: the first that has a version that fits. PDM with `respect-source-order`, uv with
    /// `index-strategy = "unsafe-first-match"`.
    FirstThatFits,
    /// When none of the others answers. `default = true` of uv, wherever it stands; supplemental sources of Poetry.
    Last,
    /// Only for packages that name it. `explicit` of uv and Poetry; every source of a `Pipfile` but the first.
    Named,
}

/// Where an option was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndexOrigin {
    /// In the dependency file, or in one that it includes.
    File,
    /// In the configuration of pip that the command line names. What is wrong with it is said once a run.
    PipConfig,
}

/// One index, page of links or trusted host that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexUse {
    /// The URL, path or host as written. Raw: it may carry credentials and is masked at every output. Empty for
    /// [`IndexKind::NoIndex`].
    pub address: String,
    /// The name that packages call it by, when it has one.
    pub name: Option<String>,
    /// What it is.
    pub kind: IndexKind,
    /// The tool that the option speaks to.
    pub tool: IndexTool,
    /// When it is asked.
    pub when: When,
    /// It stands in the place of the public index, which is then not asked unless it is named itself.
    pub replaces_public: bool,
    /// Patterns (`*`, `?`) of names that it answers for alone (PDM, `include_packages`).
    pub only_for: Vec<String>,
    /// Patterns of names that it never answers for (PDM, `exclude_packages`).
    pub never_for: Vec<String>,
    /// The option as its tool spells it: `--extra-index-url`, `[[tool.uv.index]]`.
    pub option: &'static str,
    /// The address; the value of `verify_ssl`, the option itself when it has no value.
    pub span: Span,
    /// Where it was read.
    pub origin: IndexOrigin,
}

impl IndexUse {
    /// An index of a tool, asked together with all others.
    pub fn new(tool: IndexTool, option: &'static str, address: impl Into<String>, span: Span) -> Self {
        Self {
            address: address.into(),
            name: None,
            kind: IndexKind::Index,
            tool,
            when: When::Together,
            replaces_public: false,
            only_for: Vec::new(),
            never_for: Vec::new(),
            option,
            span,
            origin: IndexOrigin::File,
        }
    }

    /// Whether it is the public index under its own address.
    pub fn is_public(&self) -> bool {
        self.kind == IndexKind::Index && is_public_index(&self.address)
    }
}

/// The index of one requirement or lock entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedIndex {
    /// Its name, as the entry writes it.
    pub name: String,
    /// Its address, when the file tells it. Raw, as [`IndexUse::address`].
    pub address: Option<String>,
    /// Only under a marker: elsewhere the package is searched like any other.
    pub partly: bool,
    /// Where the entry names it.
    pub span: Span,
}

/// Whether an address is that of the public index, whatever its notation.
pub fn is_public_index(address: &str) -> bool {
    let address = address.trim();
    let Some((scheme, rest)) = address.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host).trim_end_matches('.');
    let known = ["pypi.org", "pypi.python.org", "www.pypi.org"];
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
        && known.iter().any(|known| host.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_index_is_known_in_every_notation() {
        for address in [
            PUBLIC_INDEX,
            "https://pypi.org/simple/",
            "HTTPS://PyPI.org:443/simple",
            "http://pypi.python.org/simple",
            "https://user@pypi.org/simple",
        ] {
            assert!(is_public_index(address), "{address}");
        }
        for address in [
            "",
            "pypi.org/simple",
            "https://pypi.org.example.com/simple",
            "https://index.example.com/pypi.org/simple",
            "https://pypi.org@index.example.com/simple",
            "file:///pypi.org/simple",
        ] {
            assert!(!is_public_index(address), "{address}");
        }
    }
}
