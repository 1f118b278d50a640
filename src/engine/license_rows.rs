//! The rows of the license report: what was learnt and judged, with hashes and the graph.

use crate::model::Arrange as _;
use crate::model::set_of;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::licensing::Attribution;
use crate::inputs::{digests, digests_apart};
use crate::model::{
    EntryId, LicenseDecision, LicenseOf, LicenseRow, NodeId, Package, PackageHash, PackageName, ProjectView,
    SourceFile, SourceId, Sources, Span, SubjectKind, Version,
};
use crate::policy::LicenseStanding;
use crate::rules::license::Judged;

/// What a row is known by: its name, and its version or specifier.
type Key = (PackageName, Option<Version>, String);

/// The rows of one project; `dependencies` are left to [`join`], which knows the rows of all of them.
#[derive(Debug, Default)]
pub(super) struct ProjectRows {
    rows: Vec<LicenseRow>,
    /// What each row depends on.
    edges: Vec<BTreeSet<(PackageName, Option<Version>)>>,
}

/// Makes the rows of a project.
pub(super) fn rows(
    view: &ProjectView<'_>,
    judged: &[Judged<'_>],
    attributions: &[Arc<Attribution>],
    sources: &Sources,
    policy_texts: &Sources,
) -> ProjectRows {
    let mut hashes = Hashes::new(view, sources);
    let mut made = ProjectRows::default();
    let mut direct = BTreeSet::new();
    for (judged, attribution) in judged.iter().zip(attributions) {
        let entries: Vec<EntryId> = match judged.license.of {
            LicenseOf::Target(index) => {
                view.project.targets.get(index).map(|target| target.entries.clone()).unwrap_or_default()
            }
            LicenseOf::Open(index) => {
                view.project.open.get(index).map(|open| open.entries.clone()).unwrap_or_default()
            }
            LicenseOf::Unresolved(index) => view
                .project
                .unresolved
                .get(index)
                .map(|unresolved| vec![unresolved.entry])
                .unwrap_or_default(),
        };
        let packages: Vec<&Package> = entries.iter().map(|entry| view.package(*entry)).collect();
        let mut digests: Vec<PackageHash> = packages.iter().flat_map(|package| hashes.of(package)).collect();
        digests.arrange();
        digests.dedup();
        let places: BTreeSet<(String, usize)> = std::iter::once(&judged.primary)
            .chain(&judged.related)
            .filter_map(|label| place(sources, label.span))
            .collect();
        let specifier = match (judged.version(), packages.first()) {
            (None, Some(package)) => package.specifier.clone().unwrap_or_default(),
            _ => String::new(),
        };
        if judged.paths.is_empty() || judged.paths.iter().any(|path| path.len() == 1) {
            direct.insert((judged.name().clone(), judged.version().cloned()));
        }
        made.edges.push(entries.iter().flat_map(|entry| needed(view, *entry)).collect());
        made.rows.push(LicenseRow {
            name: judged.name().clone(),
            version: judged.version().cloned(),
            specifier,
            kind: SubjectKind::Dependency,
            source: judged.package.source.clone(),
            hashes: digests,
            groups: judged.package.groups.clone(),
            paths: judged.paths.as_ref().clone(),
            dependencies: Vec::new(),
            places: places.into_iter().collect(),
            evidence: judged.license.evidence.clone(),
            conclusion: judged.license.conclusion.clone(),
            decision: judged.decision,
            rule: judged.rule().map(|rule| rule.id),
            reason: reason(judged, policy_texts),
            author: attribution.author.clone(),
            homepage: attribution.homepage.clone(),
            texts: attribution.texts.clone(),
            copyrights: attribution.copyrights.clone(),
        });
    }
    add_first_party(view, &direct, &mut made);
    made
}

/// The project itself and the members of its workspace.
fn add_first_party(
    view: &ProjectView<'_>,
    direct: &BTreeSet<(PackageName, Option<Version>)>,
    made: &mut ProjectRows,
) {
    let judged: BTreeSet<PackageName> = set_of(made.rows.iter().map(|row| row.name.clone()));
    let inputs = &view.project.inputs;
    let mut own: BTreeMap<PackageName, (Option<Version>, BTreeSet<_>)> = BTreeMap::new();
    for (number, input) in inputs.iter().enumerate() {
        let names = input.members.iter().chain(&input.project).filter(|name| !judged.contains(*name));
        for name in names {
            own.entry(name.clone()).or_default();
        }
        for (index, package) in input.packages.iter().enumerate() {
            let Some(name) = package.name.as_ref().filter(|name| own.contains_key(*name)) else { continue };
            let entry = EntryId { input: number, package: index };
            let edges: Vec<_> = needed(view, entry).collect();
            if let Some((version, known)) = own.get_mut(name) {
                if version.is_none() {
                    version.clone_from(&package.version);
                }
                known.extend(edges);
            }
        }
    }
    let is_only = own.len() == 1;
    for (name, (version, mut edges)) in own {
        if is_only && edges.is_empty() {
            edges.clone_from(direct);
        }
        made.rows.push(LicenseRow {
            name,
            version,
            specifier: String::new(),
            kind: SubjectKind::FirstParty,
            source: crate::model::PackageSource::default(),
            hashes: Vec::new(),
            groups: Vec::new(),
            paths: Vec::new(),
            dependencies: Vec::new(),
            places: Vec::new(),
            evidence: Vec::new(),
            conclusion: crate::model::LicenseConclusion::default(),
            decision: LicenseDecision::Undecided,
            rule: None,
            reason: String::new(),
            author: None,
            homepage: None,
            texts: Vec::new(),
            copyrights: Vec::new(),
        });
        made.edges.push(edges);
    }
}

/// What an entry depends on, by its lock.
fn needed<'v>(
    view: &'v ProjectView<'_>,
    entry: EntryId,
) -> impl Iterator<Item = (PackageName, Option<Version>)> + 'v {
    let graph = view.graph(entry.input);
    graph.children(NodeId(entry.package)).iter().filter_map(move |(child, _)| {
        let package = graph.package(*child);
        Some((package.name.clone()?, package.version.clone()))
    })
}

/// What decided, in words.
fn reason(judged: &Judged<'_>, texts: &Sources) -> String {
    let Some(ruling) = judged.rulings.first() else {
        return match judged.decision {
            LicenseDecision::Unknown => "nothing says what the license is".to_owned(),
            LicenseDecision::Ambiguous => "the evidence is not one license".to_owned(),
            _ => String::new(),
        };
    };
    let at = ruling.span.and_then(|span| place(texts, span));
    let at = at.map(|(path, line)| format!("{path}:{line}")).unwrap_or_default();
    let entry = ruling.span.map(|span| texts.slice(span)).filter(|text| text.len() < 80);
    match (ruling.standing, ruling.exception) {
        (LicenseStanding::Allowed, Some(_)) => format!("allowed by the exception in {at}"),
        (LicenseStanding::Allowed, None) => match entry.filter(|text| text.starts_with(['"', '\''])) {
            Some(entry) => format!("allowed by {entry} in {at}"),
            None => "not denied".to_owned(),
        },
        (LicenseStanding::Denied, _) => format!("denied by {} in {at}", entry.unwrap_or_default()),
        (LicenseStanding::Unlisted, _) => format!("{} is not in the list in {at}", ruling.license),
    }
}

fn place(sources: &Sources, span: Span) -> Option<(String, usize)> {
    let file = sources.get(span.source)?;
    Some((file.path().to_owned(), file.line_column(span.range().start).0))
}

/// Reads digests, those that stand apart once a file.
struct Hashes<'a> {
    sources: &'a Sources,
    /// Where the entries of each text begin.
    starts: HashMap<SourceId, BTreeSet<usize>>,
    apart: HashMap<SourceId, BTreeMap<String, Vec<PackageHash>>>,
}

impl<'a> Hashes<'a> {
    fn new(view: &ProjectView<'_>, sources: &'a Sources) -> Self {
        let mut starts: HashMap<SourceId, BTreeSet<usize>> = HashMap::new();
        for package in view.project.inputs.iter().flat_map(|input| &input.packages) {
            starts.entry(package.span.source).or_default().insert(package.span.range().start);
        }
        Self { sources, starts, apart: HashMap::new() }
    }

    /// The text of an entry with what belongs to it below: up to the next entry, or a table of something else.
    fn entry(&self, package: &Package) -> &'a str {
        let text = self.sources.get(package.span.source).map_or("", SourceFile::text);
        let start = package.span.range().start;
        let starts = self.starts.get(&package.span.source);
        let next = starts.and_then(|starts| starts.range(start + 1..).next().copied());
        let entry = text.get(start..next.unwrap_or(text.len())).unwrap_or("");
        let is_own = |header: &str| {
            let name = header.trim_start_matches('[');
            name.starts_with("package.") || name.starts_with("packages.")
        };
        let foreign = entry.match_indices("\n[").find(|(at, _)| !is_own(&entry[at + 1..]));
        entry.get(..foreign.map_or(entry.len(), |(at, _)| at)).unwrap_or(entry)
    }

    fn of(&mut self, package: &Package) -> Vec<PackageHash> {
        if package.hashes == 0 {
            return Vec::new();
        }
        // Of a JSON object, or a line, the whole of it; of a TOML table only its header is the place.
        let mut found = digests(self.sources.slice(package.span));
        if found.is_empty() {
            found = digests(self.entry(package));
        }
        if !found.is_empty() {
            return found;
        }
        let source = package.span.source;
        let text = self.sources.get(source).map_or("", SourceFile::text);
        let apart = self.apart.entry(source).or_insert_with(|| digests_apart(text));
        let version = package.version.as_ref().map(Version::as_str).unwrap_or_default();
        let keys = [package.written.clone(), format!("{} {version}", package.written)];
        keys.iter().find_map(|key| apart.get(key)).cloned().unwrap_or_default()
    }
}

/// The rows of all projects, by name and version. What several projects have alike is one row; where they differ in
/// what is known or decided, each is one.
pub(super) fn join(projects: Vec<ProjectRows>) -> Vec<LicenseRow> {
    let mut rows: Vec<LicenseRow> = Vec::new();
    let mut edges: Vec<BTreeSet<(PackageName, Option<Version>)>> = Vec::new();
    let mut by_key: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for project in projects {
        for (row, needs) in project.rows.into_iter().zip(project.edges) {
            let key = (row.name.clone(), row.version.clone(), row.specifier.clone());
            let alike = by_key.entry(key).or_default();
            let known = alike.iter().copied().find(|index| is_alike(&rows[*index], &row));
            if let Some(index) = known {
                merge(&mut rows[index], row);
                edges[index].extend(needs);
            } else {
                alike.push(rows.len());
                rows.push(row);
                edges.push(needs);
            }
        }
    }
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.arrange_by_cached_key(|index| {
        let row = &rows[*index];
        (row.name.clone(), row.version.clone(), row.specifier.clone(), row.decision, *index)
    });
    let mut numbers: BTreeMap<(PackageName, Option<Version>), Vec<usize>> = BTreeMap::new();
    for (number, index) in order.iter().enumerate() {
        let row = &rows[*index];
        numbers.entry((row.name.clone(), row.version.clone())).or_default().push(number);
    }
    let mut sorted = Vec::with_capacity(rows.len());
    let mut taken: Vec<Option<LicenseRow>> = rows.into_iter().map(Some).collect();
    for index in order {
        let Some(mut row) = taken[index].take() else { continue };
        let needs = edges[index].iter().filter_map(|key| numbers.get(key)).flatten().copied();
        row.dependencies = set_of(needs).into_iter().collect();
        sorted.push(row);
    }
    sorted
}

fn is_alike(left: &LicenseRow, right: &LicenseRow) -> bool {
    left.kind == right.kind
        && left.decision == right.decision
        && left.source == right.source
        && left.conclusion == right.conclusion
        && left.evidence.len() == right.evidence.len()
        && left.evidence.iter().zip(&right.evidence).all(|(one, other)| one.value == other.value)
}

fn merge(row: &mut LicenseRow, other: LicenseRow) {
    row.hashes.extend(other.hashes);
    row.hashes.arrange();
    row.hashes.dedup();
    row.groups.extend(other.groups);
    row.groups.arrange();
    row.groups.dedup();
    row.paths.extend(other.paths);
    row.paths.arrange_by_key(|path| (path.len(), path.clone()));
    row.paths.dedup();
    row.places.extend(other.places);
    row.places.arrange();
    row.places.dedup();
}
