//! Which indexes may answer for a package.

use crate::model::Arrange as _;
use std::collections::{BTreeMap, HashMap};

use super::glob::is_match;
use super::index::PUBLIC_INDEX;
use super::{EntryId, IndexKind, IndexTool, IndexUse, Input, Package, PinnedIndex, Project, Role, When};

/// Somebody who may answer for a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerer<'a> {
    /// The public index, which nobody turned off.
    Public,
    /// An index or page of links that the file names.
    Index(&'a IndexUse),
    /// An index that the package names and whose address no file tells.
    Named(&'a str),
}

impl<'a> Answerer<'a> {
    /// Whether it is the public index, asked by default or named.
    pub fn is_public(&self) -> bool {
        match self {
            Self::Public => true,
            Self::Index(index) => index.is_public(),
            Self::Named(name) => name.eq_ignore_ascii_case("pypi"),
        }
    }

    /// Its address, raw; `None` when no file tells it.
    pub fn address(&self) -> Option<&'a str> {
        match self {
            Self::Public => Some(PUBLIC_INDEX),
            Self::Index(index) => Some(&index.address),
            Self::Named(_) => None,
        }
    }
}

/// When an index further back is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// When those before it do not have the name.
    WithoutName,
    /// When those before it have no version that fits.
    WithoutFit,
}

/// The way in which indexes answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// None does: all are turned off.
    Nobody,
    /// Only one may.
    Only,
    /// The first that has the name.
    FirstWithName,
    /// The first that has a version that fits.
    FirstThatFits,
    /// Any of them: the best version wins.
    Any,
}

/// Who may answer for a package when one tool installs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers<'a> {
    /// The tool; `None` when the file names no index at all.
    pub tool: Option<IndexTool>,
    /// Those of one step compete with each other; those of a later one are asked when no earlier one answers. No step
    /// is empty.
    pub steps: Vec<Vec<Answerer<'a>>>,
    /// When the next step is taken.
    pub next: Next,
}

impl<'a> Answers<'a> {
    /// In one word. `Any` as soon as two compete, whatever stands behind them.
    pub fn way(&self) -> Way {
        let compete = self.steps.iter().any(|step| step.len() > 1);
        match (self.steps.len(), self.next) {
            (0, _) => Way::Nobody,
            _ if compete => Way::Any,
            (1, _) => Way::Only,
            (_, Next::WithoutName) => Way::FirstWithName,
            (_, Next::WithoutFit) => Way::FirstThatFits,
        }
    }

    /// All of them, in the order in which they are asked.
    pub fn all(&self) -> impl Iterator<Item = Answerer<'a>> + '_ {
        self.steps.iter().flatten().copied()
    }

    /// Whether the public index may answer.
    pub fn include_public(&self) -> bool {
        self.all().any(|answerer| answerer.is_public())
    }
}

impl Input {
    /// Who may answer for one of its packages: one answer for each tool that the file speaks to, never none. What the
    /// package itself names (an index; see [`Package::index`]) counts. Where a package without an index is taken from
    /// (a repository, an archive, a path) is not asked here: see [`Package::source`].
    pub fn answers<'a>(&'a self, package: &'a Package) -> Vec<Answers<'a>> {
        answers(&self.indexes, package)
    }
}

impl Project {
    /// The same for an entry of a project: of a lock that names no index itself, the manifest beside it tells, as far
    /// as it speaks to the tool that wrote the lock.
    pub fn answers(&self, entry: EntryId) -> Vec<Answers<'_>> {
        let input = &self.inputs[entry.input];
        let package = self.package(entry);
        if !input.indexes.is_empty() || input.role != Role::Lock {
            return input.answers(package);
        }
        let tool = match input.kind {
            "poetry.lock" => Some(IndexTool::Poetry),
            "pdm.lock" => Some(IndexTool::Pdm),
            "Pipfile.lock" => Some(IndexTool::Pipenv),
            "uv.lock" | "uv script lock" => Some(IndexTool::Uv),
            _ => None,
        };
        let manifests = || self.manifests_of(entry.input);
        let package = self.pinned_by_manifest(entry).filter(|_| package.index.is_none()).unwrap_or(package);
        let Some(manifest) = manifests().find(|manifest| !manifest.indexes.is_empty()) else {
            return answers(&[], package);
        };
        match tool {
            Some(tool) if manifest.indexes.iter().any(|index| index.tool == tool) => {
                vec![of_tool(tool, &manifest.indexes, package)]
            }
            Some(_) => answers(&[], package),
            None => answers(&manifest.indexes, package),
        }
    }
}

impl Project {
    /// The entry of the first manifest that names an index for the name of an entry of a lock. Both may be long: the
    /// manifests are searched once for all of them.
    fn pinned_by_manifest(&self, entry: EntryId) -> Option<&Package> {
        let pinned = self.pinned.get_or_init(|| {
            let mut pinned: HashMap<_, BTreeMap<usize, usize>> = HashMap::new();
            for (number, input) in self.inputs.iter().enumerate() {
                for (index, package) in input.packages.iter().enumerate() {
                    if let Some(name) = package.name.as_ref().filter(|_| package.index.is_some()) {
                        pinned.entry(name.clone()).or_default().entry(number).or_insert(index);
                    }
                }
            }
            pinned
        });
        let of_name = pinned.get(self.package(entry).name.as_ref()?)?;
        let mut links = self.manifests.get(entry.input)?.iter().map(|link| link.manifest);
        links.find_map(|input| Some(self.package(EntryId { input, package: *of_name.get(&input)? })))
    }
}

/// The same for the indexes of another file, the manifest of a lock.
pub fn answers<'a>(indexes: &'a [IndexUse], package: &'a Package) -> Vec<Answers<'a>> {
    let mut tools: Vec<IndexTool> = indexes.iter().map(|index| index.tool).collect();
    tools.arrange();
    tools.dedup();
    if tools.is_empty() {
        return vec![Answers { tool: None, steps: vec![vec![Answerer::Public]], next: Next::WithoutName }];
    }
    tools.into_iter().map(|tool| of_tool(tool, indexes, package)).collect()
}

fn of_tool<'a>(tool: IndexTool, indexes: &'a [IndexUse], package: &'a Package) -> Answers<'a> {
    let of_tool = || indexes.iter().filter(move |index| index.tool == tool);
    let is_meant = |pinned: &PinnedIndex, index: &IndexUse| {
        matches!(index.kind, IndexKind::Index | IndexKind::FindLinks)
            && (index.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(&pinned.name))
                || pinned.address.as_deref() == Some(index.address.as_str()))
    };
    let only = |answerer| Answers { tool: Some(tool), steps: vec![vec![answerer]], next: Next::WithoutName };
    let pinned =
        package.index.as_deref().map(|pinned| (pinned, of_tool().find(|index| is_meant(pinned, index))));
    match pinned {
        Some((pinned, found)) if !pinned.partly => match found {
            Some(index) => return only(Answerer::Index(index)),
            None if pinned.name.eq_ignore_ascii_case("pypi") => return only(Answerer::Public),
            // The name is that of another tool, or of nobody.
            None if indexes.iter().any(|index| is_meant(pinned, index)) => {}
            None => return only(Answerer::Named(&pinned.name)),
        },
        _ => {}
    }
    let next = of_tool().map(|index| index.when).fold(Next::WithoutName, |next, when| match (tool, when) {
        (_, When::FirstThatFits) | (IndexTool::Poetry, When::Last) => Next::WithoutFit,
        _ => next,
    });
    let mut steps = ordinary(tool, of_tool(), package);
    if let Some((_, Some(index))) = pinned
        && !steps.iter().flatten().any(|known| *known == Answerer::Index(index))
    {
        match steps.first_mut() {
            Some(first) => first.insert(0, Answerer::Index(index)),
            None => steps.push(vec![Answerer::Index(index)]),
        }
    }
    Answers { tool: Some(tool), steps, next }
}

/// The steps for a package that names no index.
fn ordinary<'a>(
    tool: IndexTool,
    indexes: impl Iterator<Item = &'a IndexUse>,
    package: &Package,
) -> Vec<Vec<Answerer<'a>>> {
    let name = package.name.as_ref().map_or("", |name| name.as_str());
    let matches = |patterns: &[String]| patterns.iter().any(|pattern| is_match(pattern, name));
    let mut asked: Vec<&IndexUse> = Vec::new();
    let mut links: Vec<&IndexUse> = Vec::new();
    let mut has_public = true;
    let mut is_off = false;
    let mut bound: Vec<&IndexUse> = Vec::new();
    for index in indexes {
        match index.kind {
            IndexKind::TrustedHost => {}
            IndexKind::NoIndex => {
                is_off = true;
            }
            IndexKind::FindLinks => {
                if matches(&index.only_for) {
                    bound.push(index);
                }
                if index.when != When::Named {
                    links.push(index);
                }
            }
            IndexKind::Index => {
                if index.replaces_public {
                    has_public = false;
                    // pip reads line by line, and `--index-url` takes the place of all that stood before it (its
                    // `handle_option_line`).
                    if tool == IndexTool::Pip {
                        asked.clear();
                    }
                }
                if matches(&index.only_for) {
                    bound.push(index);
                }
                if index.when != When::Named {
                    asked.push(index);
                }
            }
        }
    }
    if !bound.is_empty() {
        return vec![bound.into_iter().map(Answerer::Index).collect()];
    }
    asked.retain(|index| !matches(&index.never_for));
    links.retain(|index| !matches(&index.never_for));
    if is_off {
        (asked, has_public) = (Vec::new(), false);
    }
    // A public index that is named where it is asked is not asked twice.
    has_public &= !asked.iter().any(|index| index.is_public() && index.when != When::Last);
    let in_order = |when| matches!(when, When::FirstWithName | When::FirstThatFits);
    let orders = asked.iter().any(|index| in_order(index.when));
    let mut together: Vec<Answerer<'a>> = Vec::new();
    let mut ordered: Vec<Vec<Answerer<'a>>> = Vec::new();
    let mut last: Vec<Vec<Answerer<'a>>> = Vec::new();
    for index in asked {
        let answerer = Answerer::Index(index);
        match index.when {
            When::Together => together.push(answerer),
            When::FirstWithName | When::FirstThatFits => ordered.push(vec![answerer]),
            When::Last => last.push(vec![answerer]),
            When::Named => {}
        }
    }
    if has_public {
        match tool {
            IndexTool::Uv if orders || together.is_empty() => last.push(vec![Answerer::Public]),
            // "`pypi.url` [first], then sources in `pyproject.toml`".
            IndexTool::Pdm if orders => ordered.insert(0, vec![Answerer::Public]),
            _ => together.insert(0, Answerer::Public),
        }
    }
    // Links compete with whoever is asked first.
    together.extend(links.into_iter().map(Answerer::Index));
    let mut steps = ordered;
    steps.extend(last);
    if orders || (tool == IndexTool::Uv && !steps.is_empty()) {
        match steps.first_mut() {
            Some(first) => first.splice(0..0, together).for_each(drop),
            None => steps.push(together),
        }
    } else if !together.is_empty() {
        steps.insert(0, together);
    }
    steps.retain(|step| !step.is_empty());
    steps
}

#[cfg(test)]
mod tests;
