//! Findings: what is wrong, where, how it got there, and what to do.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

use super::{
    Confidence, Degree, Level, LicenseEvidence, PackageName, PackageSource, Rule, Severity, Span, Status,
    Version,
};

/// A place with a few words that say what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands there; lower case, no full stop. May be empty on a primary label.
    pub message: String,
}

impl Label {
    /// A place with its words.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// The package a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageRef {
    /// Normalised name.
    pub name: PackageName,
    /// The version, when there is one.
    pub version: Option<Version>,
    /// The groups through which it comes in, sorted.
    pub groups: Vec<String>,
    /// The marker under which it is installed, verbatim.
    pub marker: Option<String>,
    /// Where it is taken from.
    pub source: PackageSource,
}

/// Which part of which record matched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matched {
    /// The record's id.
    pub record: String,
    /// `introduced` of the matching range, as the record writes it.
    pub introduced: Option<String>,
    /// `fixed` of the matching range.
    pub fixed: Option<String>,
    /// `last_affected` of the matching range.
    pub last_affected: Option<String>,
    /// `limit` of the matching range.
    pub limit: Option<String>,
    /// The entry of the record's `versions` list that matched, when no range did.
    pub version: Option<String>,
}

/// An entry of CISA's catalogue of known exploited vulnerabilities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownExploited {
    /// The day on which it was added (`2024-05-01`).
    pub added: String,
    /// The day until which US agencies had to act.
    pub due: Option<String>,
    /// It is known to be used in ransomware campaigns.
    pub ransomware: bool,
}

/// How likely it is that a flaw is exploited within thirty days. Source: FIRST, EPSS.
#[derive(Debug, Clone, PartialEq)]
pub struct ExploitProbability {
    /// 0 to 1.
    pub probability: f64,
    /// The share of all CVE ids whose probability is not higher, 0 to 1.
    pub percentile: Option<f64>,
    /// The day that the scores are of; empty when they do not say.
    pub published: String,
}

/// What advisories say about one flaw of one package version.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AdvisoryEvidence {
    /// The id shown: PYSEC before GHSA before CVE.
    pub id: String,
    /// All other ids of the flaw, sorted.
    pub aliases: Vec<String>,
    /// The CVSS vector that the score comes from.
    pub cvss: Option<String>,
    /// Its base score, 0.0 to 10.0.
    pub score: Option<f64>,
    /// A line about the flaw from the record; `None` when the record has no prose.
    pub summary: Option<String>,
    /// First publication (RFC 3339), the earliest of the merged records.
    pub published: Option<String>,
    /// Last change (RFC 3339), the latest of the merged records.
    pub modified: Option<String>,
    /// The versions that `fixed` events name, in order.
    pub fixed: Vec<String>,
    /// The smallest fixed version above the present one that no known advisory affects.
    pub safe_version: Option<String>,
    /// The last affected version, when nothing is fixed.
    pub last_affected: Option<String>,
    /// Reference URLs, in the order of the record.
    pub references: Vec<String>,
    /// What matched, one a record.
    pub matched: Vec<Matched>,
    /// The records affect every version of the package.
    pub every_version: bool,
    /// It is known to be exploited; `None` when it is not, or when no such data is in use.
    pub kev: Option<KnownExploited>,
    /// How likely its exploitation is, when that is known.
    pub epss: Option<ExploitProbability>,
}

impl ExploitProbability {
    /// The probability in millionths, to be compared.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to a million")]
    pub fn parts(&self) -> u32 {
        (self.probability.clamp(0.0, 1.0) * 1e6).round() as u32
    }
}

impl AdvisoryEvidence {
    /// As [`Finding::urgency`] says.
    pub fn urgency(&self, severity: Option<Severity>) -> impl Ord + use<> {
        let parts = self.epss.as_ref().map(ExploitProbability::parts);
        (Reverse(self.kev.is_some()), Reverse(severity), Reverse(parts), self.id.clone())
    }

    /// The id shown, with the CVE id behind it when another flaw of `others` is shown under the same id: a record that
    /// lists two CVE ids is two flaws.
    pub fn title<'a>(&self, others: impl IntoIterator<Item = &'a Self>) -> String {
        let shared = others.into_iter().filter(|other| other.id == self.id).count() > 1;
        match self.aliases.iter().find(|alias| alias.starts_with("CVE-")) {
            Some(cve) if shared => format!("{} ({cve})", self.id),
            _ => self.id.clone(),
        }
    }
}

/// One flaw behind a requirement that admits affected versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeFlaw {
    /// The id shown.
    pub id: String,
    /// All other ids of the flaw, sorted.
    pub aliases: Vec<String>,
    /// How severe it is.
    pub severity: Severity,
    /// A record says that these versions are malware.
    pub malicious: bool,
    /// It is known to be exploited.
    pub exploited: bool,
}

impl RangeFlaw {
    /// All its ids, the one shown first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.id).chain(&self.aliases).map(String::as_str)
    }
}

/// How much of what a requirement admits is affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeEvidence {
    /// What it admits, as written, and after it what constraints add; empty when it admits every version.
    pub specifier: String,
    /// How much of that.
    pub degree: Degree,
    /// The flaws, most urgent first. Never empty.
    pub flaws: Arc<[RangeFlaw]>,
    /// The specifier with the smallest floor that admits nothing affected; `None` when no floor does.
    pub floor: Option<String>,
}

/// What there is to say about a name.
#[derive(Debug, Clone, PartialEq)]
pub struct NameEvidence {
    /// The name that it may be mistaken for, when there is one.
    pub target: Option<String>,
    /// In which way (`transposition`, `affix`, …).
    pub kind: &'static str,
    /// How likely it was made to be mistaken, 0 to 1.
    pub score: f32,
    /// Why, in words. Never empty.
    pub reasons: Vec<String>,
}

/// What is known about the terms of a package.
#[derive(Debug, Clone, PartialEq)]
pub struct TermsEvidence {
    /// The SPDX expression, when there is one.
    pub expression: Option<String>,
    /// Without one: what it may be.
    pub candidates: Vec<String>,
    /// Where that was learnt, best first.
    pub learnt: Vec<LicenseEvidence>,
}

/// Typed evidence of a finding, so that no output has to parse a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// Advisories about a flaw or about malware.
    Advisory(Arc<AdvisoryEvidence>),
    /// Advisories about versions that a requirement admits.
    Range(Box<RangeEvidence>),
    /// The number of days since the data was published, and the limit that it passed.
    Age {
        /// Days since publication.
        days: i64,
        /// The limit, in days.
        limit: i64,
    },
    /// An entry of the policy: its id.
    Ignore {
        /// The id that the entry names.
        id: String,
    },
    /// A count of requirements.
    Count(usize),
    /// Entries of one file with the same flaw.
    Entries {
        /// The path of the file, relative to the root.
        path: String,
        /// How many have it.
        count: usize,
        /// Out of how many that could have it.
        of: usize,
    },
    /// A name that may be mistaken for another one.
    Name(Box<NameEvidence>),
    /// Indexes that answer, or may answer, for a name that is none of theirs.
    Indexes {
        /// Whether a lock says that the package was taken from there.
        resolved: bool,
        /// Their addresses, without credentials; of many the first.
        addresses: Vec<String>,
    },
    /// The address that is wrong.
    Address {
        /// Without credentials and fragment.
        address: String,
    },
    /// The terms of a package.
    Terms(Box<TermsEvidence>),
    /// A lock that does not fit its manifest.
    Lock {
        /// Its path, relative to the root.
        path: String,
    },
    /// Two requirements that exclude each other: the specifiers, in the order of the lines.
    Conflict {
        /// As written.
        specifiers: [String; 2],
    },
}

/// One thing that is wrong. Built by a rule, weighed by the engine, written by a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule that fired.
    pub rule: &'static Rule,
    /// How much it weighs; the rule's default until the engine has asked the policy.
    pub level: Level,
    /// What it is to the change under review; `None` when nothing was compared.
    pub status: Option<Status>,
    /// For vulnerabilities.
    pub severity: Option<Severity>,
    /// For heuristics.
    pub confidence: Option<Confidence>,
    /// What is wrong: short, lower case, no full stop.
    pub message: String,
    /// The next step: a command, a version, an edit.
    pub help: Option<String>,
    /// The package it is about.
    pub package: Option<Arc<PackageRef>>,
    /// Packages whose recorded constraints exclude the safe version, with the constraint as written.
    pub blocked_by: Arc<Vec<(PackageName, String)>>,
    /// The line that a person edits.
    pub primary: Label,
    /// Other places that matter: the lock entry, the policy line.
    pub related: Vec<Label>,
    /// Names from a direct dependency to the package, shortest first.
    pub paths: Arc<Vec<Vec<String>>>,
    /// What it rests on.
    pub evidence: Option<Evidence>,
}

impl Finding {
    /// A finding with a rule, a place and words; everything else is added by the rule that makes it.
    pub fn new(rule: &'static Rule, primary: Label, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: rule.default_level,
            status: None,
            severity: None,
            confidence: None,
            message: message.into(),
            help: None,
            package: None,
            blocked_by: Arc::default(),
            primary,
            related: Vec::new(),
            paths: Arc::default(),
            evidence: None,
        }
    }

    /// What of its evidence tells it from other findings of the same rule about the same package: of a flaw its oldest
    /// CVE, else the shown id; of a URL its address without secrets; of terms the license. Never a line, nor a count.
    pub fn identity(&self) -> Cow<'_, str> {
        match &self.evidence {
            Some(Evidence::Advisory(advisory)) => {
                let ids = std::iter::once(&advisory.id).chain(&advisory.aliases);
                let oldest = ids.filter_map(|id| Some((cve(id)?, id))).min();
                let id = oldest.map_or(advisory.id.as_str(), |(_, id)| id);
                Cow::Owned(id.to_ascii_uppercase())
            }
            Some(Evidence::Ignore { id }) => Cow::Owned(id.to_ascii_uppercase()),
            Some(Evidence::Address { address }) => Cow::Borrowed(address.as_str()),
            Some(Evidence::Indexes { addresses, .. }) => Cow::Owned(addresses.join("\0")),
            Some(Evidence::Lock { path } | Evidence::Entries { path, .. }) => Cow::Borrowed(path.as_str()),
            // A new license of a package is something new.
            Some(Evidence::Terms(terms)) => match &terms.expression {
                Some(expression) => Cow::Borrowed(expression.as_str()),
                None => Cow::Owned(terms.candidates.join("\0")),
            },
            // What was not read has no package.
            Some(Evidence::Name(name)) if self.package.is_none() => Cow::Owned(name.reasons.join("\0")),
            _ => Cow::Borrowed(""),
        }
    }

    /// All ids of the flaw, or flaws, that it is about; of what is none its [identity](Self::identity), unless that is
    /// only where it stands.
    pub fn ids(&self) -> Vec<Cow<'_, str>> {
        match &self.evidence {
            Some(Evidence::Advisory(advisory)) => {
                let ids = std::iter::once(&advisory.id).chain(&advisory.aliases);
                ids.map(|id| Cow::Borrowed(id.as_str())).collect()
            }
            Some(Evidence::Range(range)) => {
                range.flaws.iter().flat_map(RangeFlaw::ids).map(Cow::Borrowed).collect()
            }
            Some(Evidence::Lock { .. } | Evidence::Entries { .. }) => Vec::new(),
            _ => vec![self.identity()],
        }
    }

    /// What findings of one package at one place are ordered by, most urgent first: known to be exploited, then
    /// severity, then probability of exploitation, then id.
    pub fn urgency(&self) -> impl Ord + use<> {
        self.advisory().map(|advisory| advisory.urgency(self.severity))
    }

    /// The advisory evidence, when that is what it rests on.
    pub fn advisory(&self) -> Option<&AdvisoryEvidence> {
        match &self.evidence {
            Some(Evidence::Advisory(advisory)) => Some(advisory),
            _ => None,
        }
    }

    /// What it says about a name, when that is what it rests on.
    pub fn name(&self) -> Option<&NameEvidence> {
        match &self.evidence {
            Some(Evidence::Name(name)) => Some(name),
            _ => None,
        }
    }

    /// What it says about terms, when that is what it rests on.
    pub fn terms(&self) -> Option<&TermsEvidence> {
        match &self.evidence {
            Some(Evidence::Terms(terms)) => Some(terms),
            _ => None,
        }
    }

    /// What it says about a requirement, when that is what it rests on.
    pub fn range(&self) -> Option<&RangeEvidence> {
        match &self.evidence {
            Some(Evidence::Range(range)) => Some(range),
            _ => None,
        }
    }
}

/// Year and number of a CVE id; `None` when it is none.
pub fn cve(id: &str) -> Option<(u32, u64)> {
    let (year, number) = id.strip_prefix("CVE-")?.split_once('-')?;
    Some((year.parse().ok()?, number.parse().ok()?))
}
