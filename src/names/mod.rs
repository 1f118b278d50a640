//! Whether a name is what it seems.
//!
//! The most downloaded projects ([`popular`]) are compiled in, with the modules of Python itself and the import names
//! of well-known projects. [`Judge`] compares a name with what is one small step away from it: edits, look-alike
//! letters, other orders of words, words put before or after. What is measured of such a pair ([`features`]) is weighed
//! with constants that were fitted on labelled names; `tests/names` holds the fit and the measurement.
//!
//! A name tells nothing about the code behind it: a judgement is a reason to look, not a proof.

mod candidates;
mod confusable;
mod distance;
pub mod features;
mod judge;
mod kind;
mod known;
mod letters;
pub mod popular;
mod reasons;
mod symbols;
#[cfg(test)]
mod tables;
mod weights;

pub use candidates::Origin;
pub use judge::{Accepted, Judge, Judgement, Verdict};
pub use kind::Kind;
pub use weights::{DECEPTIVE, SUSPECT};
