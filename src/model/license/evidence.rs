//! Where a license was learnt, how sure that is, and what follows from all of it.

use super::{ExpressionError, LicenseExpression};
use crate::model::Span;

/// Where a license was learnt. The best comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EvidenceSource {
    /// An entry of `clarify` in the policy.
    Clarification,
    /// `License-Expression` in the metadata of the release (PEP 639).
    LicenseExpression,
    /// The text of a license file of the release.
    LicenseFile,
    /// `Classifier: License :: …` in its metadata, all of them together.
    Classifier,
    /// `License` in its metadata: free text.
    LicenseField,
    /// What recipes of distributions say, built in: about the version that they package.
    Recipe,
}

impl EvidenceSource {
    /// The word for it in machine outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clarification => "clarification",
            Self::LicenseExpression => "license-expression",
            Self::LicenseFile => "license-file",
            Self::Classifier => "classifier",
            Self::LicenseField => "license-field",
            Self::Recipe => "distribution-recipe",
        }
    }

    /// The words for it for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Clarification => "clarified in the policy",
            Self::LicenseExpression => "License-Expression of its metadata",
            Self::LicenseFile => "text of its license file",
            Self::Classifier => "classifiers of its metadata",
            Self::LicenseField => "License field of its metadata",
            Self::Recipe => "distribution recipes",
        }
    }
}

/// How much a piece of evidence weighs. Ordered, the strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EvidenceStrength {
    /// About another version, or from somebody else: better than nothing.
    Fallback,
    /// Free text that had to be interpreted, or text that is only like a license.
    Weak,
    /// A field with fixed values, or a license text with small changes.
    Fair,
    /// What the release says in the words of the standard, or the text of a license itself.
    Strong,
    /// Somebody looked and wrote it into the policy.
    Certain,
}

impl EvidenceStrength {
    /// The word for it in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fallback => "fallback",
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Strong => "strong",
            Self::Certain => "certain",
        }
    }
}

/// What a piece of evidence says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LicenseReading {
    /// These terms.
    License(LicenseExpression),
    /// One of these, or several of them: it cannot be told. Sorted; never empty.
    Ambiguous(Vec<LicenseExpression>),
    /// Meant as an expression, and none. Only of [`EvidenceSource::LicenseExpression`] and `Clarification`.
    Invalid(ExpressionError),
    /// Nothing that could be read ("see LICENSE").
    Unknown,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct LicenseEvidence {
    /// Where it was learnt.
    pub source: EvidenceSource,
    /// How much it weighs.
    pub strength: EvidenceStrength,
    /// What stands there, verbatim and perhaps long; the path of a license file; the names of the recipes. Untrusted.
    pub value: String,
    /// What it says.
    pub reading: LicenseReading,
    /// Where it stands; `None` for what is built in.
    pub span: Option<Span>,
    /// How alike the text of a license file and the license are, 0 to 1.
    pub score: Option<f32>,
    /// The version that it is about, when that is another one or not known to be the same.
    pub about: Option<String>,
}

/// How many characters of a value are shown: some releases put a whole license into a field.
const SHOWN: usize = 300;

impl LicenseEvidence {
    /// The value on one line, cut when it is long.
    pub fn short_value(&self) -> String {
        let mut words = self.value.split_whitespace();
        let mut text = String::new();
        let mut length = 0;
        for word in &mut words {
            length += word.chars().count() + 1;
            if length > SHOWN + 1 {
                let cut: String = word.chars().take(SHOWN.saturating_sub(text.chars().count())).collect();
                text.push_str(&format!("{}{cut}…", if text.is_empty() { "" } else { " " }));
                break;
            }
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        text
    }

    /// Whether the release says it of itself: not somebody else, and not of another version.
    pub fn is_declaration(&self) -> bool {
        let own = !matches!(self.source, EvidenceSource::Clarification | EvidenceSource::Recipe);
        own && self.about.is_none() && self.strength > EvidenceStrength::Fallback
    }
}

/// What follows from all evidence of a package.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LicenseConclusion {
    /// The terms; `None` when nothing gives them.
    pub expression: Option<LicenseExpression>,
    /// Without an expression: what it may be. Sorted.
    pub candidates: Vec<LicenseExpression>,
    /// The index of the evidence that decided, or that gave the candidates.
    pub decided_by: Option<usize>,
    /// Indexes of evidence that contradicts the one that decided.
    pub conflicts: Vec<usize>,
}

/// Which package of a project something is about: an index into one of its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LicenseOf {
    /// Of what is resolved.
    Target(usize),
    /// Of the requirements that nothing resolves and nothing should.
    Open(usize),
    /// Of what nothing resolves and should; only those with a name.
    Unresolved(usize),
}

/// What was learnt about the license of one package of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct PackageLicense {
    /// The package.
    pub of: LicenseOf,
    /// The evidence, best first.
    pub evidence: Vec<LicenseEvidence>,
    /// What follows from it.
    pub conclusion: LicenseConclusion,
    /// The index of the clarification that speaks about it.
    pub clarification: Option<usize>,
}
