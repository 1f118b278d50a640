//! One unit of an audit: licenses learnt, advisories looked up, rules asked; and what all units gave, joined.

use crate::model::Arrange as _;
use crate::model::set_of;
use std::collections::{BTreeMap, BTreeSet};

use super::ignores;
use super::license_rows::{self, ProjectRows};
use super::licensing::{LicenseUses, Licensing, Shelves};
use super::parse::Parsed;
use super::pip_config;
use super::policy_file;
use super::settle::Unsettled;
use crate::advisory::{self, Database};
use crate::model::{
    Finding, IndexUse, InputSummary, LicenseOf, Note, PackageLicense, PackageName, Project, ProjectSummary,
    ProjectView, Skipped, SourceFile, SourceId, Sources, Version,
};
use crate::policy::{Ignore, Policy};
use crate::rules::{self, ProjectContext};

/// The function of a rule that looks at projects.
pub(super) type ProjectCheck = fn(&ProjectContext<'_>) -> Vec<Finding>;

/// What every unit is checked with.
pub(super) struct Checking<'a> {
    pub(super) database: &'a Database,
    pub(super) policy: &'a Policy,
    pub(super) checks: &'a [ProjectCheck],
    pub(super) config: &'a [IndexUse],
    pub(super) policy_path: Option<&'a str>,
    /// `None` when nothing asks for licenses.
    pub(super) shelves: Option<&'a Shelves>,
    pub(super) policy_texts: &'a Sources,
    pub(super) is_alone: bool,
    pub(super) wants_rows: bool,
    /// The license of each package is wanted.
    pub(super) wants_licenses: bool,
}

pub(super) fn check_unit(parsed: Parsed, checking: &Checking<'_>) -> Result<Checked, advisory::Error> {
    let Checking { database, policy, checks, config, policy_path, is_alone, .. } = *checking;
    let Parsed { mut sources, tree, mut project, wanted: _ } = parsed;
    pip_config::apply(config, &mut project.inputs);
    let Licensing { licenses, attributions, mut notes } = match checking.shelves {
        Some(shelves) => shelves.learn(&project, &tree, policy, &mut sources),
        None => Licensing::default(),
    };
    let view = ProjectView::new(&project);
    let context = ProjectContext::new(&view, &sources, database, policy, &licenses)?;
    let findings: Vec<Finding> = checks.iter().flat_map(|check| check(&context)).collect();
    let judged = if licenses.is_empty() { Vec::new() } else { rules::license::judge(&context) };
    let license_uses = LicenseUses::of(&judged);
    let license_rows = if checking.wants_rows {
        license_rows::rows(&view, &judged, &attributions, &sources, checking.policy_texts)
    } else {
        ProjectRows::default()
    };
    let known_licenses =
        if checking.wants_licenses { known_licenses(&project, &licenses) } else { Vec::new() };
    let names = project.inputs.iter().filter_map(|input| input.project.clone()).collect();
    let mut skipped = Vec::new();
    for unresolved in project.unresolved.iter().chain(&project.doubtful) {
        let package = project.package(unresolved.entry);
        let path = sources.get(package.span.source).map_or("", SourceFile::path);
        let what = match (&package.name, &package.source.url) {
            (Some(_), _) => {
                format!("{}{}", package.written, package.specifier.as_deref().unwrap_or_default())
            }
            (None, Some(url)) => url.clone(),
            (None, None) => sources.slice(package.span).to_owned(),
        };
        let mut skip = Skipped::at(path, unresolved.span, what, &unresolved.why);
        skip.package.clone_from(&package.name);
        skipped.push(skip);
    }
    for input in project.inputs.iter().filter(|input| !input.companion) {
        skipped.extend(input.skipped.iter().cloned());
        notes.extend(input.notes.iter().cloned());
        if input.kind == "pyproject.toml" && policy_path != Some(input.path.as_str()) {
            let text = input.start.and_then(|start| sources.get(start.source)).map_or("", SourceFile::text);
            if policy_file::holds_policy(text) {
                let text = format!("its [tool.audit] {NOT_USED}");
                notes.push(Note { path: input.path.clone(), span: None, text });
            }
        }
    }
    let inputs: Vec<_> = project
        .inputs
        .iter()
        .filter(|input| !input.companion)
        .map(|input| InputSummary {
            path: input.path.clone(),
            kind: input.kind,
            packages: input.packages.len(),
            closed: input.closed,
        })
        .collect();
    let targets = project.targets.iter().map(|target| (target.name.clone(), Some(target.version.clone())));
    let open = project.open.iter().map(|open| (open.name.clone(), None));
    let audited: Vec<_> = targets.chain(open).collect();
    let ignores = ignores::inline(&project, &sources);
    if !is_alone {
        sources.keep_only(&used_places(&findings, &skipped, &notes, &ignores));
    }
    let (groups, left_out) = (project.groups.clone(), project.left_out);
    let project = ProjectSummary {
        folder: project.folder.clone(),
        unit: sources.unit(),
        inputs: inputs.len(),
        packages: count_distinct(&audited),
        deny: 0,
        warn: 0,
        skipped: 0,
    };
    Ok(Checked {
        project,
        groups,
        left_out,
        sources,
        inputs,
        audited,
        findings,
        skipped,
        notes,
        ignores,
        license_uses,
        license_rows,
        known_licenses,
        names,
    })
}

/// The packages of which a license was learnt.
fn known_licenses(
    project: &Project,
    licenses: &[PackageLicense],
) -> Vec<((PackageName, Option<Version>), String)> {
    let known = licenses.iter().filter_map(|license| {
        let expression = license.conclusion.expression.as_ref()?.to_string();
        let package = match license.of {
            LicenseOf::Target(index) => {
                let target = project.targets.get(index)?;
                (target.name.clone(), Some(target.version.clone()))
            }
            LicenseOf::Open(index) => (project.open.get(index)?.name.clone(), None),
            LicenseOf::Unresolved(_) => return None,
        };
        Some((package, expression))
    });
    known.collect()
}

pub(super) fn count_distinct(audited: &[(PackageName, Option<Version>)]) -> usize {
    set_of(audited.iter()).len()
}

/// The places that something points to; the rest of the texts need not be kept to the end of a long run.
pub(super) fn used_places(
    findings: &[Finding],
    skipped: &[Skipped],
    notes: &[Note],
    ignores: &[Ignore],
) -> BTreeMap<SourceId, Vec<std::ops::Range<usize>>> {
    let labels =
        findings.iter().flat_map(|finding| std::iter::once(&finding.primary).chain(&finding.related));
    let spans = labels
        .map(|label| label.span)
        .chain(skipped.iter().filter_map(|skip| skip.span))
        .chain(notes.iter().filter_map(|note| note.span))
        .chain(ignores.iter().map(|ignore| ignore.span));
    let mut places: BTreeMap<SourceId, BTreeSet<(usize, usize)>> = BTreeMap::new();
    for span in spans {
        places.entry(span.source).or_default().insert((span.range().start, span.range().end));
    }
    let ranges = |set: BTreeSet<(usize, usize)>| set.into_iter().map(|(start, end)| start..end).collect();
    places.into_iter().map(|(source, set)| (source, ranges(set))).collect()
}

/// What one unit gave.
pub(super) struct Checked {
    pub(super) project: ProjectSummary,
    pub(super) groups: BTreeSet<String>,
    pub(super) left_out: usize,
    pub(super) sources: Sources,
    pub(super) inputs: Vec<InputSummary>,
    /// What was audited; without a version when all that a requirement admits was.
    pub(super) audited: Vec<(PackageName, Option<Version>)>,
    pub(super) findings: Vec<Finding>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) notes: Vec<Note>,
    /// What the comments of its files ignore.
    pub(super) ignores: Vec<Ignore>,
    pub(super) license_uses: LicenseUses,
    pub(super) license_rows: ProjectRows,
    /// The packages with the SPDX expression of their license, as far as one was learnt.
    pub(super) known_licenses: Vec<((PackageName, Option<Version>), String)>,
    /// The names that the files of the project give it.
    pub(super) names: BTreeSet<PackageName>,
}

/// What the units gave besides what is settled.
pub(super) struct Joined {
    pub(super) rows: Vec<ProjectRows>,
    pub(super) names: BTreeSet<PackageName>,
    pub(super) texts: Vec<Sources>,
    pub(super) ignores: Vec<Ignore>,
}

/// Joins what the units gave.
pub(super) fn join(checked: Vec<Checked>, own: Sources, unsettled: &mut Unsettled) -> Joined {
    let mut joined =
        Joined { rows: Vec::new(), names: BTreeSet::new(), texts: vec![own], ignores: Vec::new() };
    let mut audited = Vec::new();
    for unit in checked {
        unsettled.findings.extend(unit.findings);
        unsettled.skipped.extend(unit.skipped);
        unsettled.notes.extend(unit.notes);
        unsettled.inputs.extend(unit.inputs);
        unsettled.projects.push(unit.project);
        if let Some(selected) = &mut unsettled.selection {
            selected.left_out += unit.left_out;
        }
        if let Some(uses) = &mut unsettled.license_uses {
            uses.extend(unit.license_uses);
        }
        unsettled.licenses.extend(unit.known_licenses);
        joined.rows.push(unit.license_rows);
        joined.names.extend(unit.names);
        joined.ignores.extend(unit.ignores);
        audited.extend(unit.audited);
        joined.texts.push(unit.sources);
    }
    audited.arrange();
    audited.dedup();
    unsettled.packages = audited;
    joined
}

/// What is said about a policy that lies somewhere else.
pub(super) const NOT_USED: &str = "is not used: the policy is that of the working directory, or of --config";
