//! Rules about habits that hurt.

pub mod conflicting_requirements;
mod entries;
mod hashes;
pub mod missing_hash;
pub mod outdated_lock;
pub mod partial_hashes;
pub mod unpinned_requirement;
