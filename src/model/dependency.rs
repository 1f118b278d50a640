//! Edges of the graph as files write them.

use super::{PackageName, Span, Version};

/// One dependency that a package's entry records: an edge to a name, with its conditions verbatim.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The package it asks for.
    pub name: PackageName,
    /// The version specifier as the file writes it (PEP 440, or Poetry's own notation).
    pub specifier: Option<String>,
    /// The environment marker as written.
    pub marker: Option<String>,
    /// Extras asked for, normalised.
    pub extras: Vec<PackageName>,
    /// Only with an extra of the package that asks.
    pub optional: bool,
    /// The extra (`extra:NAME`) or group of the asking package with which alone the edge exists; `None` when it
    /// always does.
    pub with: Option<Box<str>>,
    /// The entry that a lock says the edge leads to, where a name has several.
    pub chosen: Option<Box<Chosen>>,
    /// Where it is written.
    pub span: Span,
}

impl Dependency {
    /// An edge without any condition.
    pub fn new(name: PackageName, span: Span) -> Self {
        Self {
            name,
            specifier: None,
            marker: None,
            extras: Vec::new(),
            optional: false,
            with: None,
            chosen: None,
            span,
        }
    }
}

/// Which of several entries of one name an edge leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The version of the entry.
    pub version: Option<Version>,
    /// The address that the entry is taken from.
    pub url: Option<String>,
}

/// Who a compiled requirement file says brought a line in (`# via …`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// Another package of the resolved set.
    Package(PackageName),
    /// A file or project that a person edits (`-r requirements.in`, `shop (pyproject.toml)`), as written.
    Direct(String),
    /// A constraints file (`-c constraints.txt`): no one asked for the package there.
    Constraint(String),
}
