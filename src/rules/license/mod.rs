//! Terms a package comes under.
//!
//! These rules stay silent until there is a policy about licenses: a `[licenses]` table, or a level for one of them.

mod judged;
pub mod license_ambiguous;
pub mod license_conflict;
pub mod license_denied;
pub mod license_invalid;
pub mod license_unknown;
pub mod license_unlisted;

pub use judged::{Judged, judge};

use crate::rules::ProjectContext;

/// What the policy says of each license, made when first asked for; nothing without a policy.
fn judged<'c, 'a>(context: &'c ProjectContext<'a>) -> &'c [Judged<'a>] {
    if context.licenses.is_empty() || !context.policy.judges_licenses() {
        return &[];
    }
    context.judged.get_or_init(|| judge(context))
}
