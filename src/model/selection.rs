//! A part of a project: some groups and extras, one version of Python, one platform.
//!
//! What is left out must be sure to be left out: an entry stays when no file says what it belongs to, when a marker
//! cannot be decided, and when nothing leads to it in the first place.

use crate::model::set_of;
use std::collections::{BTreeSet, HashMap, VecDeque};

use super::marker::Memo;
use super::project::{Link, is_build_only};
use super::{Chosen, Constraint, Environment, Graph, Input, NodeId, Package, PackageName, Role, SourceKind};

/// What of a project is asked about. The default is all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Of the groups only these; `main` is one of them, and so is `build-system`.
    pub groups: Vec<String>,
    /// None of the groups that only development uses: all but `main` and `build-system`.
    pub no_dev: bool,
    /// Of the extras only these.
    pub extras: Vec<PackageName>,
    /// What is known of the environment.
    pub environment: Environment,
}

/// The names under which formats list what a project needs to run.
const MAIN: [&str; 3] = ["main", "default", ""];

impl Selection {
    /// Whether all of a project is asked about.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// The groups and extras that are asked about and that no file knows, among the `known` ones: a typing error must
    /// not look like a group in which nothing is wrong.
    pub fn unknown<'s>(&'s self, known: &BTreeSet<String>) -> Vec<&'s str> {
        let same = |left: &str, right: &str| {
            let plain = |name: &str| {
                let name = if MAIN.contains(&name) { "main" } else { name };
                PackageName::new(if name == "develop" { "dev" } else { name })
            };
            plain(left) == plain(right)
        };
        let is_group = |group: &&str| group == &"main" || known.iter().any(|name| same(name, group));
        let is_extra = |extra: &&str| {
            known.iter().filter_map(|name| name.strip_prefix("extra:")).any(|name| same(name, extra))
        };
        let groups = self.groups.iter().map(String::as_str).filter(|group| !is_group(group));
        groups.chain(self.extras.iter().map(PackageName::as_str).filter(|extra| !is_extra(extra))).collect()
    }

    /// Whether a group is asked about: `main`, a group's own name, or `extra:NAME`.
    fn admits_group(&self, group: &str) -> bool {
        if let Some(extra) = group.strip_prefix("extra:") {
            return if self.extras.is_empty() {
                self.groups.is_empty()
            } else {
                self.extras.contains(&PackageName::new(extra))
            };
        }
        let group = if MAIN.contains(&group) { "main" } else { group };
        if self.no_dev && !matches!(group, "main" | "build-system") {
            return false;
        }
        // Whichever name for the main group is asked for, `default` in a lock of Pipenv, it is the same group.
        let plain = |known: &str| PackageName::new(if MAIN.contains(&known) { "main" } else { known });
        let wanted = |known: &String| plain(known) == PackageName::new(group);
        self.groups.is_empty()
            || self.groups.iter().any(wanted)
            || (group == "dev" && self.asks_for_develop())
    }

    /// Pipenv calls its `dev` group `develop`.
    fn asks_for_develop(&self) -> bool {
        self.groups.iter().any(|group| group == "develop")
    }

    /// The same question about a lock that lists these extras under their plain names, as PDM does: a group of such a
    /// name is the extra.
    fn with_extras_as_groups(&self, extras: &BTreeSet<PackageName>) -> Self {
        let mut selection = self.clone();
        let named = self.groups.iter().map(|group| PackageName::new(group));
        selection.extras.extend(named.filter(|group| extras.contains(group)));
        selection
    }

    /// Whether any of the groups of an entry is asked about; one without groups belongs to `main`. What is optional
    /// comes with its extras alone. Groups named like one of `extras` are that extra.
    fn admits(&self, package: &Package, extras: &BTreeSet<PackageName>) -> bool {
        let plain = |group: &str| {
            let name = PackageName::new(group);
            if extras.contains(&name) { format!("extra:{name}") } else { group.to_owned() }
        };
        let groups: Vec<String> = package.groups.iter().map(|group| plain(group)).collect();
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        let has_extra = groups.iter().any(|group| group.starts_with("extra:"));
        let counts = |group: &&&str| !(package.optional == Some(true) && has_extra && MAIN.contains(*group));
        if groups.is_empty() {
            self.admits_group("main")
        } else {
            groups
                .iter()
                .filter(counts)
                .any(|group| self.admits_group(group) || (*group == "develop" && self.admits_group("dev")))
        }
    }

    /// For each entry of each input whether it is asked about. `manifests` are those of each input.
    pub(super) fn kept(&self, inputs: &[Input], manifests: &[Vec<Link>]) -> Vec<Vec<bool>> {
        let mut memo = Memo::default();
        let mut kept: Vec<Vec<bool>> = Vec::with_capacity(inputs.len());
        for (input, manifests) in inputs.iter().zip(manifests) {
            let extras = extras_as_groups(inputs, input, manifests);
            let asked = self.with_extras_as_groups(&extras);
            let mut stays: Vec<bool> = input
                .packages
                .iter()
                .map(|package| {
                    let known = input.role == Role::Lock && package.groups.is_empty();
                    (known || asked.admits(package, &extras))
                        && memo.may_hold(&self.environment, package.marker.as_deref())
                })
                .collect();
            if input.role == Role::Lock {
                let starts = asked.starts(inputs, input, manifests);
                asked.leave_out_unreached(input, &starts, &mut memo, &mut stays);
            }
            kept.push(stays);
        }
        kept
    }

    /// Takes out the edges that do not exist in what is asked about.
    pub(super) fn leave_out_edges(&self, input: &mut Input) {
        let mut answers: HashMap<String, bool> = HashMap::new();
        let mut may_hold = |marker: &str| {
            if let Some(known) = answers.get(marker) {
                return *known;
            }
            let answer = self.environment.may_hold(marker);
            answers.insert(marker.to_owned(), answer);
            answer
        };
        for package in &mut input.packages {
            let member = package.name.as_ref().is_some_and(|name| input.members.contains(name));
            package.dependencies.retain(|edge| {
                let with = edge.with.as_deref().filter(|_| member);
                with.is_none_or(|with| self.admits_group(with))
                    && edge.marker.as_deref().is_none_or(&mut may_hold)
            });
        }
    }

    /// The lines that ask for each name. Manifests say it better than the lock does.
    fn starts(&self, inputs: &[Input], lock: &Input, manifests: &[Link]) -> Starts {
        let mut starts = Starts::new();
        let members = lock.packages.iter().filter(|package| is_member(lock, package));
        for edge in members.flat_map(|member| &member.dependencies) {
            let wanted = self.admits_group(edge.with.as_deref().unwrap_or("main"))
                && edge.marker.as_deref().is_none_or(|marker| self.environment.may_hold(marker));
            let means = edge.chosen.as_deref().map_or(Means::Any, |chosen| Means::Chosen(chosen.clone()));
            add(&mut starts, &edge.name, Ask { wanted, means });
        }
        let none = BTreeSet::new();
        let mut memo = Memo::default();
        let mut wants = |package| {
            self.admits(package, &none) && memo.may_hold(&self.environment, package.marker.as_deref())
        };
        let asked = manifests.iter().flat_map(|link| &inputs[link.manifest].packages);
        for package in asked.filter(|package| !package.constraint && !is_build_only(package)) {
            if let Some(name) = &package.name {
                let ask = Ask { wanted: wants(package), means: Means::of(package) };
                add(&mut starts, name, ask);
            }
        }
        // What no member and no manifest asks for, a workspace without a project does.
        let own =
            lock.packages.iter().filter(|package| package.direct == Some(true) && !package.groups.is_empty());
        for package in own.filter(|_| lock.members.is_empty()) {
            let Some(name) = &package.name else { continue };
            if !starts.contains_key(name) {
                let ask = Ask { wanted: wants(package), means: Means::Any };
                starts.insert(name.clone(), vec![ask]);
            }
        }
        starts
    }

    /// Takes out what all starts together lead to and those that are asked about do not.
    fn leave_out_unreached<'a>(
        &self,
        input: &'a Input,
        starts: &Starts,
        memo: &mut Memo<'a>,
        stays: &mut [bool],
    ) {
        if starts.is_empty() {
            return;
        }
        let graph = Graph::new(&input.packages);
        let start = |package: &Package| {
            let asks = starts.get(package.name.as_ref()?)?;
            let mut meant: Vec<&Ask> = asks.iter().filter(|ask| ask.means.may_be(package)).collect();
            if meant.is_empty() {
                // A version that no line admits was forced on all of them.
                meant.extend(asks);
            }
            Some(meant.iter().any(|ask| ask.wanted))
        };
        let of = |wanted: &dyn Fn(bool) -> bool| {
            graph
                .nodes()
                .filter(|(_, package)| start(package).is_some_and(wanted))
                .map(|(id, _)| id)
                .collect()
        };
        let all = reached(&graph, of(&|_| true), |_, _| true);
        let wanted = reached(&graph, of(&|wanted| wanted), |from, edge| {
            // The groups and extras of our own projects are those that are asked about.
            let with = edge.with.as_deref().filter(|_| is_member(input, graph.package(from)));
            with.is_none_or(|with| self.admits_group(with))
                && memo.may_hold(&self.environment, edge.marker.as_deref())
        });
        for (id, package) in graph.nodes() {
            // Our own projects are what all of it is for.
            if all.contains(&id) && !wanted.contains(&id) && !is_member(input, package) {
                stays[id.0] = false;
            }
        }
    }
}

/// The lines that ask for each name.
type Starts = HashMap<PackageName, Vec<Ask>>;

/// How many lines that ask for one name are told apart. No manifest has a tenth of it; without a limit a hostile one
/// makes a square of its lines and the entries of its lock.
const MOST_ASKS: usize = 64;

/// Adds a line. Beyond the limit the name is asked for, whatever its version.
fn add(starts: &mut Starts, name: &PackageName, ask: Ask) {
    let asks = starts.entry(name.clone()).or_default();
    if asks.len() == MOST_ASKS {
        asks.clear();
        asks.push(Ask { wanted: true, means: Means::Any });
    }
    asks.push(ask);
}

/// A line that asks for a package.
struct Ask {
    /// Whether the line is asked about.
    wanted: bool,
    /// Which of several versions of the name it means.
    means: Means,
}

/// Which of several versions of one name a line means.
enum Means {
    /// Any of them.
    Any,
    /// Those that it admits.
    Admitted(Constraint),
    /// The one that the lock has chosen.
    Chosen(Chosen),
}

impl Means {
    /// What a line of a manifest means.
    fn of(package: &Package) -> Self {
        let specifier = package.specifier.as_deref().filter(|_| package.source.kind == SourceKind::Index);
        specifier.and_then(Constraint::parse).map_or(Self::Any, Self::Admitted)
    }

    /// Whether an entry of the same name may be what is meant.
    fn may_be(&self, package: &Package) -> bool {
        match (self, &package.version) {
            (Self::Admitted(constraint), Some(version)) => !version.is_pep440() || constraint.admits(version),
            (Self::Chosen(chosen), version) => {
                (chosen.version.is_none() || chosen.version == *version)
                    && (chosen.url.is_none() || chosen.url == package.source.url)
            }
            _ => true,
        }
    }
}

/// The extras of the manifests of a lock that the lock lists under their plain names, as groups.
fn extras_as_groups(inputs: &[Input], lock: &Input, manifests: &[Link]) -> BTreeSet<PackageName> {
    if lock.role != Role::Lock {
        return BTreeSet::new();
    }
    let asked = manifests.iter().flat_map(|link| &inputs[link.manifest].packages);
    let (mut extras, mut groups) = (BTreeSet::new(), BTreeSet::new());
    for group in asked.flat_map(|package| &package.groups) {
        match group.strip_prefix("extra:") {
            Some(extra) => extras.insert(PackageName::new(extra)),
            None => groups.insert(PackageName::new(group)),
        };
    }
    extras.retain(|extra| !groups.contains(extra));
    if groups.is_empty() && extras.is_empty() {
        // Without its manifest a lock that names extras as groups does not say which are which. `dev` is no extra.
        let locked = lock.locked_groups.iter().flatten().filter(|group| !MAIN.contains(&group.as_str()));
        extras.extend(locked.map(|group| PackageName::new(group)).filter(|group| group.as_str() != "dev"));
    }
    extras
}

/// Whether an entry of a lock is a project that the lock resolves as a whole.
fn is_member(lock: &Input, package: &Package) -> bool {
    package.name.as_ref().is_some_and(|name| lock.members.contains(name))
}

/// The groups, and the extras as `extra:NAME`, that inputs know.
pub(super) fn groups_of(inputs: &[Input]) -> BTreeSet<String> {
    let mut groups = BTreeSet::new();
    let mut add = |group: &str| {
        if !groups.contains(group) {
            groups.insert(group.to_owned());
        }
    };
    for input in inputs {
        input.locked_groups.iter().flatten().for_each(|group| add(group));
        for package in &input.packages {
            package.groups.iter().for_each(|group| add(group));
            package.dependencies.iter().filter_map(|edge| edge.with.as_deref()).for_each(&mut add);
        }
    }
    groups
}

/// What a set of nodes leads to, itself included, over the edges that count.
fn reached<'a>(
    graph: &Graph<'a>,
    starts: Vec<NodeId>,
    mut counts: impl FnMut(NodeId, &'a super::Dependency) -> bool,
) -> BTreeSet<NodeId> {
    let mut found: BTreeSet<NodeId> = set_of(starts.iter().copied());
    let mut queue: VecDeque<NodeId> = starts.into();
    while let Some(id) = queue.pop_front() {
        for (to, edge) in graph.children(id) {
            if !found.contains(to) && counts(id, edge) {
                found.insert(*to);
                queue.push_back(*to);
            }
        }
    }
    found
}
