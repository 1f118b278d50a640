//! How much a finding weighs.

use std::fmt;

/// What a finding does to the verdict. Ordered: `Allow < Note < Warn < Deny`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The rule is off: the finding is not shown.
    Allow,
    /// Shown, with no weight.
    Note,
    /// Shown as a warning; the run still passes.
    Warn,
    /// Fails the run.
    Deny,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Self; 4] = [Self::Allow, Self::Note, Self::Warn, Self::Deny];

    /// The word for it in configuration and in machine outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The severity of a vulnerability, as CVSS names its bands. Ordered; `Unknown` is the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// No record of it carries a usable vector or word.
    Unknown,
    /// Score 0.0.
    None,
    /// Score 0.1 to 3.9.
    Low,
    /// Score 4.0 to 6.9.
    Medium,
    /// Score 7.0 to 8.9.
    High,
    /// Score 9.0 to 10.0.
    Critical,
}

impl Severity {
    /// All severities, lowest first.
    pub const ALL: [Self; 6] =
        [Self::Unknown, Self::None, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The band of a CVSS score (0.0 to 10.0). Source: CVSS v3.1 specification, section 5.
    pub fn from_score(score: f64) -> Self {
        match score {
            score if score >= 9.0 => Self::Critical,
            score if score >= 7.0 => Self::High,
            score if score >= 4.0 => Self::Medium,
            score if score > 0.0 => Self::Low,
            _ => Self::None,
        }
    }

    /// The word for it in configuration and in machine outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Reads the word, in any case; `MODERATE`, as GitHub writes it, is medium.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        if word == "moderate" {
            return Some(Self::Medium);
        }
        Self::ALL.into_iter().find(|severity| severity.as_str() == word)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How sure a heuristic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// More likely wrong than right in isolation.
    Low,
    /// Worth a look.
    Medium,
    /// A person would agree.
    High,
}

impl Confidence {
    /// The word for it in machine outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}
