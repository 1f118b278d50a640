//! Licenses: expressions, where they were learnt, what the policy says of them, and the report of all that.

mod evidence;
mod expression;
mod report;

pub use evidence::{
    EvidenceSource, EvidenceStrength, LicenseConclusion, LicenseEvidence, LicenseOf, LicenseReading,
    PackageLicense,
};
pub use expression::{
    ExpressionError, LicenseExpression, LicenseFamily, LicenseProperties, LicenseTerm, LicenseWording,
    SimpleLicense,
};
pub use report::{
    LicenseDecision, LicenseFileText, LicenseReport, LicenseRow, LicenseSummary, PackageHash, SubjectKind,
};
