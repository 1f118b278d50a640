//! Rules about habits that hurt.

mod addresses;
pub mod conflicting_requirements;
pub mod embedded_credential;
mod entries;
pub mod extra_index;
mod hashes;
pub mod insecure_index;
pub mod missing_hash;
pub mod mutable_reference;
pub mod outdated_lock;
pub mod partial_hashes;
pub mod unpinned_requirement;
