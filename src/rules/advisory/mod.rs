//! Rules that rest on the advisory database.

pub mod known_vulnerability;
pub mod malicious_package;
mod next_step;
pub(super) use next_step::{commands, package_ref};
pub mod stale_database;
pub mod vulnerable_range;
