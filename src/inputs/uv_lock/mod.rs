//! `uv.lock` and the locks of scripts (`tool.py.lock`): version 1 in all revisions, from `[[distribution]]` of uv 0.2 on.
//!
//! The lock lists the project itself and the members of its workspace among the packages: what they depend on is
//! direct, with the group or extra under which they list it. As with `poetry.lock`, a file is read as a whole or not at
//! all. Source: uv, "Structure of the lockfile" (`docs/concepts/projects/layout`, `resolution`), and what uv writes.

mod edge;
mod lock;
mod package;
mod source;

pub use lock::{FORMAT, SCRIPT};
