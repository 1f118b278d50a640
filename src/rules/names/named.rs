//! Where the names of a project stand, and findings about a name.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::{
    EntryId, Evidence, Finding, Label, NameEvidence, Package, PackageName, Project, Rule, SourceKind,
};
use crate::names::Judgement;
use crate::rules::ProjectContext;
use crate::rules::advisory::package_ref;

/// How many more places of a name are shown.
const MOST_RELATED: usize = 4;

/// How many entries of one name are looked at for the one that a person wrote.
const MOST_LOOKED_AT: usize = 64;

/// Something of a project with a name under which an index is asked.
pub(super) struct Named<'a> {
    pub(super) name: &'a PackageName,
    /// Its entries, in the order of the inputs. Never empty.
    entries: &'a [EntryId],
    /// Index of the target, when a version is known.
    target: Option<usize>,
}

/// Every such name for which an index is asked, once: what is resolved before what is not.
pub(super) fn names(
    project: &Project,
    is_such: impl Fn(&PackageName) -> bool,
) -> impl Iterator<Item = Named<'_>> {
    let is_asked = |entry: &EntryId| project.package(*entry).source.kind == SourceKind::Index;
    let targets = project.targets.iter().enumerate().map(|(number, target)| Named {
        name: &target.name,
        entries: &target.entries,
        target: Some(number),
    });
    let open =
        project.open.iter().map(|open| Named { name: &open.name, entries: &open.entries, target: None });
    let unresolved = project.unresolved.iter().filter_map(|unresolved| {
        let name = project.package(unresolved.entry).name.as_ref()?;
        Some(Named { name, entries: std::slice::from_ref(&unresolved.entry), target: None })
    });
    let mut seen: HashSet<&PackageName> = HashSet::new();
    targets
        .chain(open)
        .chain(unresolved)
        .filter(move |named| is_such(named.name))
        .filter(move |named| named.entries.iter().any(is_asked) && seen.insert(named.name))
}

impl Named<'_> {
    /// The entry that gives the name first.
    pub(super) fn package<'a>(&self, context: &ProjectContext<'a>) -> &'a Package {
        context.view.package(self.entries[0])
    }

    /// A finding about it, at the name that a person wrote, with the judgement as evidence.
    pub(super) fn finding(
        &self,
        rule: &'static Rule,
        message: String,
        judgement: &Judgement,
        context: &ProjectContext<'_>,
    ) -> Finding {
        let package = self.package(context);
        let target = self.target.and_then(|number| context.view.project.targets.get(number));
        let mut finding = if let Some(target) = target {
            let place = context.view.whereabouts(target);
            let mut finding = Finding::new(rule, place.primary, message);
            (finding.package, finding.paths, finding.related) =
                (Some(place.package), place.paths, place.related);
            finding
        } else {
            let mut finding = Finding::new(rule, Label::new(package.name_span, "required here"), message);
            let others = self.entries.iter().skip(1).map(|entry| context.view.package(*entry).name_span);
            finding.related = others.map(|span| Label::new(span, "required here too")).collect();
            finding.package = package_ref(package).map(Arc::new);
            finding.paths = Arc::new(vec![vec![self.name.to_string()]]);
            finding
        };
        // The name is what is wrong, not the version that others point at.
        let written = self.entries.iter().take(MOST_LOOKED_AT).flat_map(|entry| {
            let package = context.view.package(*entry);
            std::iter::once(package).chain(context.view.asked_for(entry.input, package))
        });
        let mut written = written.filter(|package| package.name.as_ref() == Some(self.name));
        if let Some(written) = written.find(|package| package.edit_span() == finding.primary.span) {
            finding.primary.span = written.name_span;
        }
        finding.related.truncate(MOST_RELATED);
        finding.evidence = Some(evidence(judgement));
        finding
    }
}

/// A judgement as evidence.
pub(super) fn evidence(judgement: &Judgement) -> Evidence {
    Evidence::Name(Box::new(NameEvidence {
        target: judgement.target().map(str::to_owned),
        kind: judgement.kind().map_or("", crate::names::Kind::as_str),
        score: judgement.score,
        reasons: judgement.reasons(),
    }))
}
