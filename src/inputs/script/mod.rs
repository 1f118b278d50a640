//! Scripts with inline metadata (PEP 723; PyPA specification "Inline script metadata"), read when they are named.
//!
//! The comments of the block become a TOML text that knows where each of its lines stands in the script. Nothing else
//! of the script is looked at.

mod block;
mod file;

pub(super) use file::FORMAT;
