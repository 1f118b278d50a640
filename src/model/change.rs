//! What a change brings: findings and packages of one state of the files, held against those of another.

use super::{Location, PackageName, Rule, Version};

/// What a finding is to the change under review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// The change brings it.
    New,
    /// The change does not touch it, but the advisory appeared after the state that the change starts from.
    News,
    /// It was there before.
    Known,
}

impl Status {
    /// The word for it in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::News => "news",
            Self::Known => "known",
        }
    }
}

/// A finding that the change ends. Its place is one of the state before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The rule.
    pub rule: &'static Rule,
    /// The package with its version then, when it was about one.
    pub package: Option<(PackageName, Option<Version>)>,
    /// The id of the flaw, when it was one.
    pub id: Option<String>,
    /// What was wrong.
    pub message: String,
    /// Where it stood.
    pub location: Location,
}

/// What became of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PackageStep {
    /// It was not there.
    Added,
    /// It is there no more.
    Removed,
    /// It has another version.
    Moved,
}

impl PackageStep {
    /// The word for it in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Moved => "moved",
        }
    }
}

/// A package that the change adds, removes, or moves to another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageChange {
    /// Its name.
    pub name: PackageName,
    /// What became of it.
    pub step: PackageStep,
    /// Its versions before, sorted; empty when it was not there, or had none.
    pub before: Vec<Version>,
    /// Its versions after, sorted.
    pub after: Vec<Version>,
    /// The SPDX expression of its license before, when one was learnt.
    pub license_before: Option<String>,
    /// The SPDX expression of its license after, when one was learnt.
    pub license_after: Option<String>,
    /// The name that its own may be mistaken for, when a rule about names has something to say about it.
    pub resembles: Option<String>,
}

/// What the change under review brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is compared with, as written: a revision, a file, a folder, a baseline. Untrusted.
    pub base: String,
    /// The commit that this means, in hexadecimal: of a branch, where the change left it.
    pub base_commit: Option<String>,
    /// What is compared, as written; `None` for the working tree.
    pub head: Option<String>,
    /// The commit that this means.
    pub head_commit: Option<String>,
    /// How many findings are new.
    pub new: usize,
    /// How many are news about what the change does not touch.
    pub news: usize,
    /// How many were there before.
    pub known: usize,
    /// The findings that it ends, in the order of reports.
    pub ended: Vec<Ended>,
    /// The packages that it adds, removes or moves, by name.
    pub packages: Vec<PackageChange>,
}
