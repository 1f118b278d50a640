//! What differs from the oracle on purpose, each with what decides.

/// A difference that stays.
pub(crate) struct Known {
    /// The file.
    pub(crate) file: &'static str,
    /// The package; `*` for any.
    pub(crate) name: &'static str,
    /// The field, as in [`Difference`](super::compare::Difference).
    pub(crate) field: &'static str,
    /// Why the program is right: the passage of a specification, or what pip does.
    pub(crate) reason: &'static str,
}

/// All of them. One that no longer differs fails the test.
pub(crate) const KNOWN: &[Known] = &[];
