//! What a rule is, without its check: the static description that findings point to.

use super::Level;

/// Which family a rule belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Known vulnerabilities, malware, the age of the data.
    Advisory,
    /// Terms a package comes under.
    License,
    /// Names that lie.
    Names,
    /// Habits that hurt.
    Hygiene,
    /// What was and was not audited, and what was ignored.
    Triage,
}

impl Group {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Advisory => "advisory",
            Self::License => "license",
            Self::Names => "names",
            Self::Hygiene => "hygiene",
            Self::Triage => "triage",
        }
    }
}

/// What `audit explain RULE` prints, section by section. Plain text; paragraphs are separated by empty lines.
#[derive(Debug)]
pub struct Explanation {
    /// What it checks.
    pub checks: &'static str,
    /// Why it matters.
    pub matters: &'static str,
    /// An example of a file and what is said about it.
    pub example: &'static str,
    /// What to do about a finding.
    pub action: &'static str,
    /// How to configure it.
    pub configuration: &'static str,
    /// Where it comes from: standards, one a line.
    pub sources: &'static str,
}

/// A rule: a stable id and everything that can be said about it without running it.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case name of the defect; never changes its meaning.
    pub id: &'static str,
    /// Its family.
    pub group: Group,
    /// The level when nobody set one.
    pub default_level: Level,
    /// Whether policy and command line may set its level.
    pub configurable: bool,
    /// One line, no full stop.
    pub summary: &'static str,
    /// The long text.
    pub explanation: Explanation,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}
