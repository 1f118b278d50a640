//! Looking without judging: the graph of each file, and the ways in which a package comes in.

use super::collect::{Collection, Request, collect};
use super::error::Error;
use super::parse::Parsed;
use super::selection;
use super::units::each_unit;
use crate::model::Arrange as _;
use crate::model::{
    Input, NodeId, Note, PackageName, Project, ProjectView, Role, Skipped, SourceMap, Sources, Span,
};

/// How many ways one entry is shown with.
const MOST_WAYS: usize = 100;

/// What was read, with the texts.
#[derive(Debug)]
pub struct Looked<T> {
    /// The answer.
    pub found: T,
    /// What could not be read, besides what the inputs themselves say.
    pub skipped: Vec<Skipped>,
    /// What is worth saying.
    pub notes: Vec<Note>,
    /// The texts.
    pub sources: SourceMap,
}

/// One input of a graph: its entries as the file stands.
#[derive(Debug)]
pub struct GraphInput {
    /// The input; `direct` is what its manifest says.
    pub input: Input,
}

/// Reads each file as it stands.
///
/// # Errors
/// A named path that does not exist; no dependency file at all.
pub fn graph(request: &Request) -> Result<Looked<Vec<GraphInput>>, Error> {
    let Collection { units, skipped, notes, .. } = collect(request, false)?;
    let parsed = each_unit(units, false, request, |parsed: Parsed| (parsed.project, parsed.sources));
    let (projects, texts): (Vec<Project>, Vec<Sources>) = parsed.into_iter().unzip();
    let groups = projects.iter().flat_map(|project| project.groups.iter().cloned()).collect();
    selection::check(&request.selection, &groups)?;
    let sources = SourceMap::new(with_own(texts));
    let inputs = projects.into_iter().flat_map(|project| project.inputs).filter(|input| !input.companion);
    let mut found: Vec<_> = inputs.map(|input| GraphInput { input }).collect();
    found.arrange_by(|left, right| left.input.path.cmp(&right.input.path));
    Ok(Looked { found, skipped, notes, sources })
}

/// Number 0 is kept for texts that are no input.
pub(super) fn with_own(texts: Vec<Sources>) -> Vec<Sources> {
    std::iter::once(Sources::new(0)).chain(texts).collect()
}

/// One step of a way: a package, and the edge that leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The name.
    pub name: String,
    /// The version, when known.
    pub version: Option<String>,
    /// The specifier on the edge to it, or that a person wrote.
    pub specifier: Option<String>,
    /// The extra or group with which alone the edge to it exists.
    pub with: Option<String>,
    /// The marker on the edge to it, or that a person wrote.
    pub marker: Option<String>,
}

/// One way in which a package comes in.
#[derive(Debug, Clone)]
pub struct Way {
    /// The input that tells it.
    pub input: String,
    /// Where a person asked for the first step.
    pub declared: Span,
    /// The groups of the first step.
    pub groups: Vec<String>,
    /// From what a person asked for to the package.
    pub steps: Vec<Step>,
}

/// Every way in which a package comes in.
#[derive(Debug)]
pub struct Ways {
    /// The package.
    pub name: PackageName,
    /// The ways, by input, shortest first.
    pub ways: Vec<Way>,
    /// Names that are in the graphs and near, when there is no way.
    pub near: Vec<String>,
}

/// Finds every way in which a package comes in.
///
/// # Errors
/// As [`graph`].
pub fn why(request: &Request, name: &PackageName) -> Result<Looked<Ways>, Error> {
    let Collection { units, mut skipped, notes, .. } = collect(request, true)?;
    let parsed = each_unit(units, true, request, |parsed: Parsed| {
        let ways = ways_of(&parsed.project, name);
        let near = near(&parsed.project, name);
        let inputs = parsed.project.inputs.iter().filter(|input| !input.companion);
        let skipped: Vec<_> = inputs.flat_map(|input| input.skipped.iter().cloned()).collect();
        (ways, near, skipped, parsed.sources, parsed.project.groups)
    });
    let groups = parsed.iter().flat_map(|(.., groups)| groups.iter().cloned()).collect();
    selection::check(&request.selection, &groups)?;
    let mut found = Ways { name: name.clone(), ways: Vec::new(), near: Vec::new() };
    let mut texts = Vec::new();
    for (ways, near, unread, sources, _) in parsed {
        found.ways.extend(ways);
        found.near.extend(near);
        skipped.extend(unread);
        texts.push(sources);
    }
    found.near.arrange();
    found.near.dedup();
    Ok(Looked { found, skipped, notes, sources: SourceMap::new(with_own(texts)) })
}

fn ways_of(project: &Project, name: &PackageName) -> Vec<Way> {
    let view = ProjectView::new(project);
    let mut ways = Vec::new();
    for (index, input) in project.inputs.iter().enumerate().filter(|(_, input)| !input.companion) {
        // A manifest whose lock lists the package says nothing that the lock does not say better.
        let answered = input.role == Role::Manifest && project.is_resolved_elsewhere(index, name);
        if answered {
            continue;
        }
        let graph = view.graph(index);
        let named = graph.nodes().filter(|(_, package)| package.name.as_ref() == Some(name));
        for (node, _) in named {
            for route in graph.all_paths_to(node, MOST_WAYS) {
                ways.push(way(&view, index, &route));
            }
        }
    }
    ways
}

fn way(view: &ProjectView<'_>, input: usize, route: &[NodeId]) -> Way {
    let graph = view.graph(input);
    let mut steps = Vec::new();
    let mut declared = None;
    let mut groups = Vec::new();
    for (position, node) in route.iter().enumerate() {
        let package = graph.package(*node);
        let edge = position.checked_sub(1).and_then(|before| {
            let children = graph.children(route[before]);
            children.iter().find(|(to, _)| to == node).map(|(_, dependency)| *dependency)
        });
        let asked = if position == 0 { view.asked_for(input, package) } else { None };
        let (specifier, marker, extras) = match (edge, asked) {
            (Some(edge), _) => (edge.specifier.clone(), edge.marker.clone(), &edge.extras),
            (None, Some(asked)) => (asked.specifier.clone(), asked.marker.clone(), &asked.extras),
            (None, None) => (package.specifier.clone(), package.marker.clone(), &package.extras),
        };
        let extras: Vec<_> = extras.iter().map(PackageName::as_str).collect();
        if position == 0 {
            declared = Some(asked.unwrap_or(package).edit_span());
            groups.clone_from(&asked.unwrap_or(package).groups);
        }
        steps.push(Step {
            name: package
                .name
                .as_ref()
                .map_or_else(|| package.source.url.clone().unwrap_or_default(), |name| named(name, &extras)),
            version: package.version.as_ref().map(ToString::to_string),
            specifier,
            with: edge.and_then(|edge| edge.with.as_deref()).map(str::to_owned),
            marker,
        });
    }
    Way {
        input: view.project.inputs[input].path.clone(),
        declared: declared.unwrap_or_default(),
        groups,
        steps,
    }
}

/// A name with the extras that are asked for.
fn named(name: &PackageName, extras: &[&str]) -> String {
    if extras.is_empty() { name.to_string() } else { format!("{name}[{}]", extras.join(",")) }
}

/// Names of the project that somebody may have meant.
fn near(project: &Project, name: &PackageName) -> Vec<String> {
    let names =
        project.inputs.iter().flat_map(|input| &input.packages).filter_map(|package| package.name.as_ref());
    let close = names.filter(|known| {
        known.as_str().len() <= 200
            && (strsim::damerau_levenshtein(known.as_str(), name.as_str()) <= 1 + name.as_str().len() / 5
                || known.as_str().contains(name.as_str()))
    });
    close.map(ToString::to_string).collect()
}
