//! `dependency-confusion`: a private name that a public index answers for, or could.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::one_index;
use crate::model::{
    Answerer, EntryId, Evidence, Explanation, Finding, Group, IndexTool, IndexUse, Input, Label, Level,
    PUBLIC_INDEX, Package, PackageName, Role, Rule, SourceKind, Span, is_public_index,
};
use crate::policy::{NamePattern, Policy, plain_address};
use crate::rules::ProjectContext;
use crate::rules::advisory::package_ref;

/// How many more places of one name, and how many indexes, a finding leads to.
const MOST_RELATED: usize = 4;

/// How many addresses are kept as evidence of one finding.
const MOST_ADDRESSES: usize = 20;

/// The rule.
pub static RULE: Rule = Rule {
    id: "dependency-confusion",
    group: Group::Names,
    default_level: Level::Deny,
    configurable: true,
    summary: "a name that the policy calls private comes from a public index, or could",
    explanation: Explanation {
        checks: "\
Whether each name that `[names] private` covers can only come from an index that `[indexes]` calls private. A lock \
that records another index for it (poetry.lock, uv.lock, Pipfile.lock, pylock.toml) is certain. A requirement is \
found when its tool would ask the public index, or one that the policy does not call private, first or together with \
the private one: `--extra-index-url`, several primary sources of Poetry, sources of PDM. Quiet: a name that is bound \
to a private index, one that a first-match tool asks the private index for first, lines with a hash, what comes from \
a folder, a repository or a URL, and everything without such a policy.",
        matters: "\
Whoever publishes your private name on the public index, with a higher version, is installed in its place by every \
tool that compares indexes: on the machines of developers, in the pipeline and in production.",
        example: "\
requirements.txt says `--extra-index-url https://index.example.com/simple` and `acme-billing>=1`. pip asks both \
indexes and takes the highest version, whoever published it.",
        action: "\
Bind the name to its index in the tool that installs it: `[tool.uv.sources]` with an explicit index, `source` of a \
Poetry dependency, `index` in a Pipfile, `include_packages` of a PDM source. pip cannot: give it one `--index-url` \
that serves everything. Registering the name on the public index keeps others from taking it.",
        configuration: "\
Silent without `[names] private = [\"acme-*\"]`. `[indexes] \"https://index.example.com/simple\" = { private = true }` \
says which indexes are yours. [rules] dependency-confusion sets the level.",
        sources: "\
Alex Birsan, Dependency Confusion: https://medium.com/@alex.birsan/dependency-confusion-4a5d60fec610
pip, --extra-index-url: https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url
uv, package indexes: https://docs.astral.sh/uv/concepts/indexes/",
    },
};

/// One finding per project, name, version and reason.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let names = &context.policy.names;
    if names.private.is_empty() {
        return Vec::new();
    }
    let mut found = Found { context, findings: Vec::new(), known: HashMap::new() };
    for (number, input) in context.view.project.inputs.iter().enumerate() {
        // An environment does not tell where it was installed from, a bill of materials seldom.
        if input.companion || matches!(input.kind, "installed" | "cyclonedx") {
            continue;
        }
        let mut settled = None;
        for (index, package) in input.packages.iter().enumerate() {
            let Some(name) = package.name.as_ref().filter(|_| is_from_index(input, package)) else {
                continue;
            };
            let Some(pattern) = names.private(name) else { continue };
            let entry = EntryId { input: number, package: index };
            let doubt = if input.role == Role::Lock {
                of_lock(context, entry)
            } else {
                let settled = settled.get_or_insert_with(|| settled_names(context, number));
                let is_settled = package.hashes > 0 || settled.contains(name);
                if is_settled { None } else { of_requirement(context, entry) }
            };
            if let Some(doubt) = doubt {
                found.add(entry, name, pattern, &doubt);
            }
        }
    }
    found.findings
}

/// The names of a manifest for which its own indexes do not answer: those that a lock lists, which is asked itself, and
/// those that the manifest takes from a folder, a repository or an archive.
fn settled_names<'a>(context: &ProjectContext<'a>, number: usize) -> HashSet<&'a PackageName> {
    let project = context.view.project;
    let mut names = project.resolved_names(number);
    let redirects = project.inputs.get(number).into_iter().flat_map(|input| &input.redirects);
    names.extend(redirects.filter(|redirect| !redirect.partly).map(|redirect| &redirect.name));
    names
}

/// Whether an index answers for an entry: it is no constraint, and not the project itself.
fn is_from_index(input: &Input, package: &Package) -> bool {
    package.source.kind == SourceKind::Index && !package.constraint && package.name != input.project
}

/// What is wrong with where a name comes from.
pub(super) struct Doubt<'a> {
    /// The tool that asks; `None` when no file says so.
    pub(super) tool: Option<IndexTool>,
    /// Whether a lock says that it was taken from there.
    is_resolved: bool,
    /// Those that may answer and are not private. Never empty.
    strangers: Vec<Stranger<'a>>,
    /// The private index that may answer as well.
    pub(super) private: Option<&'a IndexUse>,
}

/// An index that is not private.
struct Stranger<'a> {
    /// Its address, raw.
    address: &'a str,
    standing: Standing,
    /// Where a file names it.
    index: Option<&'a IndexUse>,
}

/// What is known about an index.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The policy says that it is private, or it is a folder of this machine.
    Private,
    /// The public index.
    Public,
    /// The policy says that it is not private.
    CalledPublic(Span),
    /// The policy does not name it.
    Unknown,
}

fn standing_of(policy: &Policy, address: &str) -> Standing {
    match policy.indexes.is_private(address) {
        Some(placed) if placed.value => Standing::Private,
        Some(placed) => Standing::CalledPublic(placed.span),
        None if is_public_index(address) => Standing::Public,
        None if is_local(address) => Standing::Private,
        None => Standing::Unknown,
    }
}

/// Whether an address is a folder of this machine, which is nobody else's. A placeholder may stand for anything, and what
/// has a scheme is no folder, whatever follows it: `https:/host` and `https:\host` are URLs to many readers.
fn is_local(address: &str) -> bool {
    let address = address.trim_start();
    let scheme = address.find([':', '/', '\\']).and_then(|at| {
        let (scheme, rest) = address.split_at(at);
        (rest.starts_with(':') && scheme.len() > 1).then_some(scheme)
    });
    match scheme {
        Some(scheme) => scheme.eq_ignore_ascii_case("file"),
        None => !address.contains("://") && !address.contains('$') && !address.starts_with("//"),
    }
}

impl Stranger<'_> {
    /// What may be shown of its address, when that can be read.
    fn plain(&self) -> Option<String> {
        plain_address(self.address)
    }

    /// The same in a sentence. Made when it is told: a file may name thousands.
    fn shown(&self) -> String {
        self.plain().unwrap_or_else(|| "an index whose address cannot be read".to_owned())
    }
}

fn stranger<'a>(policy: &Policy, address: &'a str, index: Option<&'a IndexUse>) -> Option<Stranger<'a>> {
    let standing = standing_of(policy, address);
    (standing != Standing::Private).then_some(Stranger { address, standing, index })
}

/// What a lock says: the index that it records, or what its tool would ask.
fn of_lock<'a>(context: &ProjectContext<'a>, entry: EntryId) -> Option<Doubt<'a>> {
    let (project, policy) = (context.view.project, context.policy);
    let package = context.view.package(entry);
    let recorded = package.source.url.as_deref();
    let (tool, recorded) = match project.inputs[entry.input].kind {
        // What has no source is from the public index: any other is recorded.
        "poetry.lock" => (IndexTool::Poetry, Some(recorded.unwrap_or(PUBLIC_INDEX))),
        "uv.lock" | "uv script lock" => (IndexTool::Uv, Some(recorded?)),
        "Pipfile.lock" => (IndexTool::Pipenv, recorded),
        // The URLs of its files are recorded: no index is asked again.
        "pylock.toml" => (IndexTool::Pip, Some(recorded?)),
        _ => (IndexTool::Pdm, recorded),
    };
    let Some(recorded) = recorded else {
        let mut doubt = of_requirement(context, entry)?;
        doubt.tool = Some(tool);
        // Pipenv takes each package from one source, which the lock names or which is its first.
        doubt.is_resolved = tool == IndexTool::Pipenv && doubt.strangers.len() == 1;
        return Some(doubt);
    };
    let strangers = vec![stranger(policy, recorded, None)?];
    let tool = Some(tool).filter(|_| project.inputs[entry.input].kind != "pylock.toml");
    Some(Doubt { tool, is_resolved: true, strangers, private: None })
}

/// What a tool would ask: those that it asks first decide. A tool that asks the private index first, and others for
/// what that lacks, keeps a private name private.
fn of_requirement<'a>(context: &ProjectContext<'a>, entry: EntryId) -> Option<Doubt<'a>> {
    let (project, policy) = (context.view.project, context.policy);
    project.answers(entry).into_iter().find_map(|answers| {
        let mut strangers = Vec::new();
        let mut private = None;
        for answerer in answers.steps.first()? {
            // A name without an address is bound to an index all the same.
            let Some(address) = answerer.address() else { continue };
            let index = match answerer {
                Answerer::Index(index) => Some(*index),
                Answerer::Public | Answerer::Named(_) => None,
            };
            match stranger(policy, address, index) {
                Some(stranger) => strangers.push(stranger),
                None => private = private.or(index),
            }
        }
        let doubt = Doubt { tool: answers.tool, is_resolved: false, strangers, private };
        (!doubt.strangers.is_empty()).then_some(doubt)
    })
}

/// The findings so far.
struct Found<'c, 'a> {
    context: &'c ProjectContext<'a>,
    findings: Vec<Finding>,
    /// Where a name is told already, for the same reason.
    known: HashMap<(PackageName, String), usize>,
}

impl<'a> Found<'_, 'a> {
    fn add(&mut self, entry: EntryId, name: &PackageName, pattern: &NamePattern, doubt: &Doubt<'a>) {
        let package = self.context.view.package(entry);
        let message = self.message(entry, name, doubt);
        match self.known.entry((name.clone(), message.clone())) {
            Entry::Occupied(known) => {
                let Some(finding) = self.findings.get_mut(*known.get()) else { return };
                let is_new = finding.primary.span != package.name_span;
                if is_new && finding.related.len() < 2 * MOST_RELATED {
                    finding.related.push(Label::new(package.name_span, "and here"));
                }
            }
            Entry::Vacant(new) => {
                new.insert(self.findings.len());
                let finding = finding(self.context, entry, message, pattern, doubt);
                self.findings.push(finding);
            }
        }
    }

    fn message(&self, entry: EntryId, name: &PackageName, doubt: &Doubt<'_>) -> String {
        let strangers = strangers_in_words(&doubt.strangers);
        let input = &self.context.view.project.inputs[entry.input];
        let version = self.context.view.package(entry).version.as_ref();
        let version = version.map(|version| format!(" {}", version.as_str())).unwrap_or_default();
        let private = doubt.private.and_then(|index| plain_address(&index.address));
        let what = match (doubt.is_resolved, private) {
            (true, _) => format!("{} takes it from {strangers}", input.file_name()),
            (false, Some(private)) => format!("may come from {strangers} as well as from {private}"),
            (false, None) if doubt.private.is_some() => format!("may come from {strangers} as well"),
            (false, None) => format!("nothing keeps it from {strangers}"),
        };
        format!("{name}{version} is private by your policy, but {what}")
    }
}

/// "the public index A", "B (not called private by your policy)", or both.
fn strangers_in_words(strangers: &[Stranger<'_>]) -> String {
    let public = strangers.iter().filter(|stranger| stranger.standing == Standing::Public);
    let others: Vec<_> = strangers.iter().filter(|stranger| stranger.standing != Standing::Public).collect();
    let mut parts: Vec<String> = Vec::new();
    parts.extend(public.take(1).map(|stranger| match stranger.plain() {
        Some(plain) => format!("the public index {plain}"),
        None => "the public index".to_owned(),
    }));
    if let Some((first, more)) = others.split_first() {
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        parts.push(format!("{}{more} (not called private by your policy)", first.shown()));
    }
    parts.join(" and ")
}

fn finding<'a>(
    context: &ProjectContext<'a>,
    entry: EntryId,
    message: String,
    pattern: &NamePattern,
    doubt: &Doubt<'a>,
) -> Finding {
    let package = context.view.package(entry);
    // By name and version, as they are sorted.
    let targets = &context.view.project.targets;
    let wanted = package.name.as_ref().zip(package.version.as_ref());
    let at = wanted.and_then(|wanted| {
        targets.binary_search_by(|target| (&target.name, &target.version).cmp(&wanted)).ok()
    });
    let target = at.and_then(|at| targets.get(at));
    let is_lock = context.view.project.inputs[entry.input].role == Role::Lock;
    let mut finding = if let Some(target) = target.filter(|_| is_lock) {
        let place = context.view.whereabouts(target);
        let mut finding = Finding::new(&RULE, place.primary, message);
        (finding.package, finding.paths, finding.related) = (Some(place.package), place.paths, place.related);
        finding.related.truncate(MOST_RELATED);
        finding
    } else {
        let mut finding = Finding::new(&RULE, Label::new(package.name_span, "a private name"), message);
        finding.package = package_ref(package).map(Arc::new);
        finding
    };
    let named = package.source_span.or(package.index.as_ref().map(|index| index.span));
    if let Some(span) = named.filter(|_| doubt.is_resolved) {
        finding.related.push(Label::new(span, "taken from here"));
    }
    let mut places: Vec<Label> = Vec::new();
    for stranger in doubt.strangers.iter().take(MOST_RELATED) {
        places.extend(stranger.index.map(|index| Label::new(index.span, "this index may answer")));
        if let Standing::CalledPublic(span) = stranger.standing {
            places.push(Label::new(span, "not private by this line"));
        }
    }
    places.extend(doubt.private.map(|index| Label::new(index.span, "the private index")));
    places.push(Label::new(pattern.span, "private by this line"));
    finding.related.extend(places);
    let unknown = doubt.strangers.iter().find(|stranger| stranger.standing == Standing::Unknown);
    let step = one_index::step(context, entry, pattern, doubt);
    finding.help = Some(match unknown.and_then(Stranger::plain) {
        Some(plain) => format!(
            "if that index is yours, write `\"{plain}\" = {{ private = true }}` under `[indexes]` of the policy; \
             otherwise {step}"
        ),
        None => step,
    });
    let addresses = doubt.strangers.iter().take(MOST_ADDRESSES).map(Stranger::shown).collect();
    finding.evidence = Some(Evidence::Indexes { resolved: doubt.is_resolved, addresses });
    finding
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn folders_of_this_machine_and_what_looks_like_one() {
        for address in
            ["./wheels", "/srv/wheels", "file:///srv/wheels", "FILE:wheels", "C:\\wheels", "c:/wheels", "a b"]
        {
            assert!(is_local(address), "{address}");
        }
        for address in [
            "https://index.example.com/simple",
            "https:/index.example.com/simple",
            "HTTPS:index.example.com",
            " https:\\\\index.example.com",
            "\thttp:/index.example.com",
            "//index.example.com/simple",
            "$INDEX",
            "${INDEX}/simple",
        ] {
            assert!(!is_local(address), "{address}");
        }
    }
}
