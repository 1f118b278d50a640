//! Edges of the graph as files write them.

use super::{PackageName, Span};

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
    /// Where it is written.
    pub span: Span,
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
