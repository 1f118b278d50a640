//! `pyproject.toml`: the standard tables and the dialects of the tools, one file for each.
//!
//! Everything that a file lists is read, whichever tool uses it: two tools in one file are two sets of entries. What
//! has the wrong type or cannot be read is skipped at its place, and the rest is read.

mod file;
mod flit;
mod groups;
mod hatch;
mod indexes;
mod pdm;
mod poetry;
mod poetry_value;
mod project;
mod reader;
mod uv;

pub use file::FORMAT;
