//! `typosquat`: a name that may be mistaken for one that is known.

use crate::model::set_of;
use std::collections::{BTreeSet, HashSet};

use super::named::{Named, names};
use crate::model::{
    Confidence, EntryId, Explanation, Finding, Group, Level, PackageName, Project, Role, Rule, SourceKind,
};
use crate::names::{Judge, Judgement, Kind, Verdict, popular};
use crate::rules::ProjectContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "typosquat",
    group: Group::Names,
    default_level: Level::Warn,
    configurable: true,
    summary: "the name is one small step from a known name, and not itself established",
    explanation: Explanation {
        checks: "\
Whether a name may be mistaken for one that is known: one of the 15,000 most downloaded projects, a module of Python, \
the import name of a well-known project, a private name of the policy, or what the project asks for by name. Small \
steps are one or two letters (swapped, doubled, missing, added, a neighbour on the keyboard, one that looks alike), \
a separator, the order of words, a plural, a number, a word like `python-` or `-dev` before or after. They are weighed \
together with how popular the other name is, how long both are and whether they belong to one family; the weights \
were fitted on names of real malware and of good projects (docs/names.md has the figures). A popular name is never \
found. `audit name NAME` judges a single name.",
        matters: "\
Most malware on package indexes waits under a name that is typed by mistake, or that a reader takes for another one. \
It runs when it is installed.",
        example: "\
requirements.txt says `reqeusts==2.32.3`: two swapped letters from requests, rank 7 of the most downloaded.",
        action: "\
Read the name again. If the other one is meant, write that and look at what the wrong one has done where it was \
installed. If the name is right, trust it in the policy: a name is a reason to look, not a proof.",
        configuration: "\
`[names] trusted = [\"some-odd-name\"]` takes a name out; private names are taken out as well. Names that are very \
likely made to deceive deny, others warn, and those that an established package asks for are a note. [rules] typosquat \
sets one level for all.",
        sources: "\
PEP 503, normalized names: https://peps.python.org/pep-0503/#normalized-names
OpenSSF malicious packages: https://github.com/ossf/malicious-packages
Most downloaded projects: https://hugovk.github.io/top-pypi-packages/",
    },
};

/// One finding per name.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let mut judge = None;
    let mut findings = Vec::new();
    for named in names(context.view.project, |name| popular::rank(name.as_str()).is_none()) {
        let name = named.name;
        if !name.is_well_formed() {
            continue;
        }
        let names = &context.policy.names;
        if names.trusted(name).is_some() || names.private(name).is_some() {
            continue;
        }
        let judge = judge.get_or_insert_with(|| judge_for(context));
        let judgement = judge.judge(name.as_str());
        if judgement.verdict > Verdict::Ok {
            findings.push(finding(context, &named, &judgement));
        }
    }
    findings
}

/// A judge that knows what is the project's own, and what it asks for by name.
fn judge_for(context: &ProjectContext<'_>) -> Judge {
    let project = context.view.project;
    let own: Vec<PackageName> = context.policy.names.private_names().chain(first_party(project)).collect();
    Judge::knowing(&own, asked_for(project))
}

/// The names of the project's own packages. Files say so themselves: one that is taken from an index is none.
fn first_party(project: &Project) -> impl Iterator<Item = PackageName> {
    let is_index = |entry: &EntryId| project.package(*entry).source.kind == SourceKind::Index;
    let of_index = project.targets.iter().filter(|target| target.entries.iter().any(is_index));
    let of_index: HashSet<_> = of_index.map(|target| &target.name).collect();
    let own = project.inputs.iter().flat_map(|input| input.members.iter().chain(&input.project));
    let own: BTreeSet<_> = set_of(own.filter(|name| !of_index.contains(name)).cloned());
    own.into_iter()
}

/// The names that people wrote.
fn asked_for(project: &Project) -> impl Iterator<Item = &PackageName> {
    let written = project.inputs.iter().filter(|input| input.role != Role::Lock);
    written.flat_map(|input| &input.packages).filter_map(|package| package.name.as_ref())
}

fn finding(context: &ProjectContext<'_>, named: &Named<'_>, judgement: &Judgement) -> Finding {
    let name = named.name;
    let reason = judgement.reasons().into_iter().next().unwrap_or_default();
    let target = judgement.target();
    let message = match (judgement.kind(), target) {
        (Some(Kind::StandardLibrary), _) => {
            format!("{name} is part of Python: nothing has to be installed for it")
        }
        (Some(Kind::ImportName), Some(project)) => {
            format!("{name} is what {project} is imported as, not the name of that project")
        }
        (_, Some(target)) => format!("{name} may be mistaken for {target}: {reason}"),
        (_, None) => format!("{name} may be mistaken for another name: {reason}"),
    };
    let mut finding = named.finding(&RULE, message, judgement, context);
    (finding.level, finding.confidence) = match judgement.verdict {
        Verdict::Deceptive => (Level::Deny, Some(Confidence::High)),
        // What a file says about who asks for it must not quieten a name that is made to deceive.
        _ if is_asked_for_by_known(&finding) => (Level::Note, Some(Confidence::Low)),
        _ => (Level::Warn, Some(Confidence::Medium)),
    };
    let instead = match target {
        Some(target) => format!("write {target} if that is meant"),
        None => "take it out".to_owned(),
    };
    finding.help = Some(format!("{instead}; if {name} is right, add it to `[names] trusted` of the policy"));
    finding
}

/// Whether every way to it ends with an established package that asks for it by this name.
fn is_asked_for_by_known(finding: &Finding) -> bool {
    let asks = |path: &Vec<String>| {
        let parent = path.len().checked_sub(2).and_then(|at| path.get(at));
        parent.is_some_and(|parent| popular::rank(parent).is_some())
    };
    !finding.paths.is_empty() && finding.paths.iter().all(asks)
}
