//! Versions: PEP 440 where possible, and kept as written where not.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::Constraint;

/// A version exactly as a file or an advisory wrote it, with its PEP 440 reading when it has one.
#[derive(Debug, Clone)]
pub struct Version {
    text: Box<str>,
    parsed: Option<pep440_rs::Version>,
}

impl Version {
    /// Reads a version. Text that PEP 440 refuses (`2.9.0-NA`, `2018-04-22b`) is kept as a legacy version.
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), parsed: pep440_rs::Version::from_str(text).ok() }
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The PEP 440 reading; `None` for a legacy version.
    pub(crate) fn pep440(&self) -> Option<&pep440_rs::Version> {
        self.parsed.as_ref()
    }

    /// Whether PEP 440 accepts it.
    pub fn is_pep440(&self) -> bool {
        self.parsed.is_some()
    }

    /// Whether it is a pre-release or a development release.
    pub fn is_prerelease(&self) -> bool {
        self.parsed.as_ref().is_some_and(pep440_rs::Version::any_prerelease)
    }

    /// The order of PEP 440; legacy versions sort below every proper one, among themselves as text.
    pub fn order(&self, other: &Self) -> Ordering {
        match (&self.parsed, &other.parsed) {
            (Some(left), Some(right)) => left.cmp(right),
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (None, None) => self.text.cmp(&other.text),
        }
    }

    /// Whether a version constraint (PEP 440, or Poetry's notation) admits this version; `None` when it cannot be
    /// read or the version is a legacy one. A pre-release is admitted when its number is, as for an installed
    /// version.
    pub fn satisfies(&self, specifier: &str) -> Option<bool> {
        self.parsed.as_ref()?;
        Some(Constraint::parse(specifier)?.admits(self))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.order(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order(other)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_versions_sort_below_proper_ones() {
        let mut versions: Vec<_> = ["1.0", "2018-04-22b", "1.0a1", "0.dev0", "1.0.0", "2.9.0-NA"]
            .iter()
            .map(|text| Version::new(text))
            .collect();
        versions.sort();
        let texts: Vec<_> = versions.iter().map(Version::as_str).collect();
        assert_eq!(texts, ["2.9.0-NA", "2018-04-22b", "0.dev0", "1.0a1", "1.0", "1.0.0"][..].to_vec());
        assert_eq!(Version::new("1.0"), Version::new("1.0.0"));
    }

    #[test]
    fn specifiers_are_asked() {
        assert_eq!(Version::new("3.1.2").satisfies(">=3,<4"), Some(true));
        assert_eq!(Version::new("4.0").satisfies(">=3,<4"), Some(false));
        assert_eq!(Version::new("4.0").satisfies("gibberish"), None);
    }
}
