//! Rules about habits that hurt.

pub mod conflicting_requirements;
pub mod outdated_lock;
