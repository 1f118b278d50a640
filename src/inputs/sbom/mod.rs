//! Software bills of materials: CycloneDX 1.4 to 1.7 as JSON, read when they are named.
//!
//! Sources: the CycloneDX specification (ECMA-424), and the package URL specification (ECMA-427) with its type `pypi`.
//! A document is trusted as a whole or not at all. Components that are no Python packages are counted in one skip,
//! those whose kind cannot be told are named one by one.

mod component;
mod file;
mod graph;
mod purl;

pub(super) use file::FORMAT;
