//! Package names, normalised as PEP 503 says.

use std::fmt;
use std::sync::Arc;

/// A package name in PEP 503 form: lower case, runs of `-`, `_` and `.` as one `-`.
///
/// Building one never fails: text that no index would accept is kept (normalised), so that a hostile name is
/// reported rather than lost; [`Self::is_well_formed`] tells the two apart.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageName(Arc<str>);

impl PackageName {
    /// Normalises a name as written. Source: PEP 503, "Normalized Names".
    pub fn new(written: &str) -> Self {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if written.bytes().all(plain) {
            return Self(written.into());
        }
        let mut normalised = String::with_capacity(written.len());
        let mut separator = false;
        for character in written.chars() {
            if matches!(character, '-' | '_' | '.') {
                if !separator {
                    normalised.push('-');
                }
                separator = true;
            } else {
                separator = false;
                if character.is_ascii() {
                    normalised.push(character.to_ascii_lowercase());
                } else {
                    normalised.extend(character.to_lowercase());
                }
            }
        }
        Self(normalised.into())
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an index would accept it: ASCII letters, digits and inner separators.
    /// Source: PyPA specification "Names and normalization".
    pub fn is_well_formed(&self) -> bool {
        let bytes = self.0.as_bytes();
        let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        edge(bytes.first())
            && edge(bytes.last())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for PackageName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PackageName({:?})", &*self.0)
    }
}

impl std::borrow::Borrow<str> for PackageName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn normalises_as_pep_503_shows() {
        for written in ["friendly-bard", "Friendly-Bard", "FRIENDLY-BARD", "friendly.bard", "friendly_bard"] {
            assert_eq!(PackageName::new(written).as_str(), "friendly-bard");
        }
        assert_eq!(PackageName::new("FrIeNdLy-._.-bArD").as_str(), "friendly-bard");
    }

    #[test]
    fn keeps_what_no_index_accepts_and_says_so() {
        for odd in ["", "-a", "a-", "requ\u{435}sts", "a b", "a\0"] {
            assert!(!PackageName::new(odd).is_well_formed(), "{odd:?}");
        }
        assert!(PackageName::new("Zope.Interface").is_well_formed());
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(written in "\\PC{0,20}") {
            let once = PackageName::new(&written);
            prop_assert_eq!(PackageName::new(once.as_str()), once);
        }
    }
}
