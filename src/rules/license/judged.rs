//! What the policy says of each license of a project: judged once, for all rules and for the license report.

use crate::model::Arrange as _;
use std::sync::Arc;

use crate::model::{
    Evidence, EvidenceSource, Finding, Label, LicenseDecision, LicenseEvidence, LicenseOf, LicenseReading,
    Package, PackageLicense, PackageName, PackageRef, Rule, Span, TermsEvidence, Version,
};
use crate::policy::{LicenseLists, LicenseRuling, LicenseStanding, LicenseSubject};
use crate::rules::ProjectContext;
use crate::rules::advisory::package_ref;

/// How many more places of a package are shown.
const MOST_RELATED: usize = 4;

/// A package with its license, and what the policy says of it.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    /// What was learnt.
    pub license: &'a PackageLicense,
    /// The package.
    pub package: Arc<PackageRef>,
    /// The line that a person edits.
    pub primary: Label,
    /// The lock entry and other places.
    pub related: Vec<Label>,
    /// Names from a direct dependency to the package.
    pub paths: Arc<Vec<Vec<String>>>,
    /// What was decided.
    pub decision: LicenseDecision,
    /// The licenses that decided; empty without an expression.
    pub rulings: Vec<LicenseRuling>,
}

/// Judges every license that is known about. `undecided` where there is no policy.
pub fn judge<'a>(context: &ProjectContext<'a>) -> Vec<Judged<'a>> {
    context.licenses.iter().filter_map(|license| judge_one(context, license)).collect()
}

fn judge_one<'a>(context: &ProjectContext<'a>, license: &'a PackageLicense) -> Option<Judged<'a>> {
    let project = context.view.project;
    let (package, primary, related, paths) = match license.of {
        LicenseOf::Target(index) => {
            let place = context.view.whereabouts(project.targets.get(index)?);
            (place.package, place.primary, place.related, place.paths)
        }
        LicenseOf::Open(index) => {
            let entries = &project.open.get(index)?.entries;
            asked_for(entries.iter().map(|entry| context.view.package(*entry)))?
        }
        LicenseOf::Unresolved(index) => {
            let package = context.view.package(project.unresolved.get(index)?.entry);
            asked_for(std::iter::once(package))?
        }
    };
    let (decision, rulings) = decide(context, license, &package);
    Some(Judged { license, package, primary, related, paths, decision, rulings })
}

type Place = (Arc<PackageRef>, Label, Vec<Label>, Arc<Vec<Vec<String>>>);

/// Where requirements stand that nothing resolves.
fn asked_for<'a>(packages: impl Iterator<Item = &'a Package>) -> Option<Place> {
    let mut packages = packages.peekable();
    let first = *packages.peek()?;
    let mut reference = package_ref(first)?;
    let mut labels: Vec<Label> = Vec::new();
    for package in packages {
        reference.groups.extend(package.groups.iter().cloned());
        let words = if labels.is_empty() { "required here" } else { "required here too" };
        labels.push(Label::new(package.edit_span(), words));
    }
    reference.groups.arrange();
    reference.groups.dedup();
    let paths = Arc::new(vec![vec![reference.name.to_string()]]);
    let primary = labels.remove(0);
    Some((Arc::new(reference), primary, labels, paths))
}

fn decide(
    context: &ProjectContext<'_>,
    license: &PackageLicense,
    package: &PackageRef,
) -> (LicenseDecision, Vec<LicenseRuling>) {
    let policy = &context.policy.licenses;
    let conclusion = &license.conclusion;
    let has_policy = context.policy.judges_licenses();
    let groups: Vec<Option<&LicenseLists>> = package
        .groups
        .iter()
        .map(|group| context.policy.groups.get(group).and_then(|group| group.licenses.as_ref()))
        .collect();
    let subject =
        LicenseSubject { package: &package.name, version: package.version.as_ref(), groups: &groups };
    match &conclusion.expression {
        _ if !has_policy => (LicenseDecision::Undecided, Vec::new()),
        Some(expression) => {
            let (standing, rulings) = policy.judge(expression, &subject);
            let decision = match standing {
                LicenseStanding::Denied => LicenseDecision::Denied,
                LicenseStanding::Unlisted => LicenseDecision::Unlisted,
                LicenseStanding::Allowed => LicenseDecision::Allowed,
            };
            (decision, rulings)
        }
        None if conclusion.candidates.is_empty() => (LicenseDecision::Unknown, Vec::new()),
        None => {
            // Whichever of them it is: when the policy denies each, it is denied.
            let judged: Vec<_> =
                conclusion.candidates.iter().map(|candidate| policy.judge(candidate, &subject)).collect();
            if judged.iter().all(|(standing, _)| *standing == LicenseStanding::Denied) {
                let rulings = judged.into_iter().flat_map(|(_, rulings)| rulings).collect();
                (LicenseDecision::Denied, rulings)
            } else {
                (LicenseDecision::Ambiguous, Vec::new())
            }
        }
    }
}

impl Judged<'_> {
    /// The name.
    pub fn name(&self) -> &PackageName {
        &self.package.name
    }

    /// The version.
    pub fn version(&self) -> Option<&Version> {
        self.package.version.as_ref()
    }

    /// Name and version, for a message.
    pub fn title(&self) -> String {
        match self.version() {
            Some(version) => format!("{} {version}", self.name()),
            None => self.name().to_string(),
        }
    }

    /// The rule that has something to say about the decision; `None` when it is fine.
    pub fn rule(&self) -> Option<&'static Rule> {
        match self.decision {
            LicenseDecision::Denied => Some(&super::license_denied::RULE),
            LicenseDecision::Unlisted => Some(&super::license_unlisted::RULE),
            LicenseDecision::Unknown => Some(&super::license_unknown::RULE),
            LicenseDecision::Ambiguous => Some(&super::license_ambiguous::RULE),
            LicenseDecision::Allowed | LicenseDecision::Undecided => None,
        }
    }

    /// The evidence that decided, or that gave the candidates.
    pub fn decisive(&self) -> Option<&LicenseEvidence> {
        self.license.conclusion.decided_by.and_then(|index| self.license.evidence.get(index))
    }

    /// A finding at the line that a person edits, with the evidence.
    pub(super) fn finding(&self, rule: &'static Rule, message: String) -> Finding {
        let mut finding = Finding::new(rule, self.primary.clone(), message);
        finding.package = Some(Arc::clone(&self.package));
        finding.paths = Arc::clone(&self.paths);
        finding.related.extend(self.related.iter().take(MOST_RELATED).cloned());
        let conclusion = &self.license.conclusion;
        finding.evidence = Some(Evidence::Terms(Box::new(TermsEvidence {
            expression: conclusion.expression.as_ref().map(ToString::to_string),
            candidates: conclusion.candidates.iter().map(ToString::to_string).collect(),
            learnt: self.license.evidence.clone(),
        })));
        finding
    }

    /// The label of a piece of evidence that stands in a file.
    pub(super) fn label(evidence: &LicenseEvidence) -> Option<Label> {
        let words = match &evidence.reading {
            LicenseReading::License(expression) if evidence.value.trim() == expression.to_string() => {
                "learnt here".to_owned()
            }
            LicenseReading::License(expression) => format!("learnt here: {expression}"),
            LicenseReading::Ambiguous(_) => "this may be several licenses".to_owned(),
            LicenseReading::Invalid(_) | LicenseReading::Unknown => "this says no license".to_owned(),
        };
        let words = match (evidence.source, &evidence.about) {
            (EvidenceSource::Clarification, _) => "clarified here".to_owned(),
            (_, Some(version)) => format!("{words}, of version {version}"),
            _ => words,
        };
        Some(Label::new(evidence.span?, words))
    }

    /// Adds where the license was learnt and the entries of the policy that decided.
    pub(super) fn add_places(&self, finding: &mut Finding, words: &str) {
        finding.related.extend(self.decisive().and_then(Self::label));
        let mut known: Vec<Span> = Vec::new();
        for ruling in &self.rulings {
            if let Some(span) = ruling.span.filter(|span| !known.contains(span)) {
                known.push(span);
                finding.related.push(Label::new(span, words));
            }
        }
    }

    /// Words about what a license is learnt from, when that is not the release itself.
    pub(super) fn caveat(&self) -> String {
        match self.decisive() {
            Some(LicenseEvidence { source: EvidenceSource::Recipe, about: Some(version), .. }) => {
                format!(", as distribution recipes say of {version}")
            }
            Some(LicenseEvidence { source: EvidenceSource::Recipe, .. }) => {
                ", as distribution recipes say".to_owned()
            }
            Some(LicenseEvidence { about: Some(version), .. }) => format!(", as {version} says"),
            _ => String::new(),
        }
    }
}
