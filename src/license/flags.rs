//! What the table of the license list is made of: flags, and the order of ids.
//!
//! Uses the standard library alone: `build.rs` includes this file.

/// Approved by the Open Source Initiative.
pub(crate) const OSI_APPROVED: u8 = 1;
/// Free/libre by the Free Software Foundation.
pub(crate) const FSF_LIBRE: u8 = 1 << 1;
/// Copyleft.
pub(crate) const COPYLEFT: u8 = 1 << 2;
/// Replaced by another id, or by an expression.
pub(crate) const DEPRECATED: u8 = 1 << 3;
/// Versions of it say `-only` and `-or-later` instead of `+`.
pub(crate) const GNU: u8 = 1 << 4;

/// The order in which ids stand: letters without case.
pub(crate) fn folded(id: &str) -> impl Iterator<Item = u8> {
    id.bytes().map(|byte| byte.to_ascii_lowercase())
}
