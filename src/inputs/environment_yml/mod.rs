//! `environment.yml` of conda: packages of conda channels, and a list for pip.
//!
//! Source: conda, "Managing environments", "Creating an environment file manually". The list below `pip:` is what conda
//! writes into a requirement file beside this one for `pip install -r`: its items are read as lines of such a file. No
//! advisory source covers packages of conda channels: they are entries of the graph, and one skip counts them.
//!
//! YAML comes as events with places. Aliases are not followed, so that a small file cannot stand for a large one.

mod file;
mod places;
mod walk;

pub(super) use file::FORMAT;
