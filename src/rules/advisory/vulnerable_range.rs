//! `vulnerable-range`: a requirement that nothing resolves admits affected versions.

use crate::model::Arrange as _;
use std::collections::HashSet;
use std::sync::Arc;

use super::next_step;
use crate::advisory::{self, Flaw};
use crate::model::{
    Degree, Evidence, Explanation, Finding, Group, Label, Level, Package, PackageName, RangeEvidence,
    RangeFlaw, Rule, Severity,
};
use crate::rules::{Exposed, ProjectContext};

/// How many further places of one requirement are shown.
const MOST_PLACES: usize = 64;

/// The rule.
pub static RULE: Rule = Rule {
    id: "vulnerable-range",
    group: Group::Advisory,
    default_level: Level::Deny,
    configurable: true,
    summary: "a requirement that nothing resolves admits versions with known flaws",
    explanation: Explanation {
        checks: "\
What a requirement admits when no lock, pin or constraint says which version it is: all versions of its specifier by \
PEP 440's order, published or not, against all versions that advisories affect. There are three degrees. Always: \
nothing that is admitted is unaffected (deny). Newest: the affected versions reach the upper end of what is admitted, \
so that the newest one is affected (warn). Some: affected versions are admitted below unaffected ones, and an old \
environment, a cache or a lowest-version resolver may choose one (note). When nothing that is admitted is affected, \
there is no finding.

Pre-releases count only when the specifier names one or admits nothing else. Post-releases count, except those that \
`>1.0` leaves out. A local version (1.0+cpu) is affected when its public version is. Listed versions are single \
points: between two of them there is always another version, so a list of all published ones is not \"always\". \
Which versions were published is not asked. Flaws that affect every version are reported by known-vulnerability and \
malicious-package instead.",
        matters: "\
A requirement without a lock is answered anew on each machine. What is safe on the developer's may be an affected \
version elsewhere, and a bound such as <3.1 can keep the fixed version out for good.",
        example: "\
requirements.txt: jinja2>=2,<3.1, and the flaw is fixed in 3.1.6: every version that it admits is affected. With \
jinja2>=2 the newest one is safe, but 2.11 is admitted as well: write jinja2>=3.1.6.",
        action: "\
Write the floor that the finding names: the smallest one with which nothing affected is admitted, the other clauses \
kept. When there is none, widen the upper bound, or replace the package. Better still, lock.",
        configuration: "\
[rules] vulnerable-range sets one level for all three degrees. Without it, fail-on and its groups decide whether \
\"always\" denies or only warns, by the worst of the flaws; malware denies in any case. An [[ignore]] counts for the \
flaw that it names: the finding goes when all its flaws are ignored.",
        sources: "\
PEP 440, version specifiers: https://peps.python.org/pep-0440/#version-specifiers
OSV schema, \"Evaluation\": https://ossf.github.io/osv-schema/",
    },
};

/// One finding per requirement.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let hits = context.hits_by_name.iter();
    // No version is free of such a flaw: no floor helps.
    let hopeless: HashSet<_> =
        hits.filter_map(|hit| context.view.package(*hit.subject).name.as_ref()).collect();
    let finding = |exposed| finding(context, exposed, hopeless.contains(&exposed.subject.name));
    context.exposed.iter().filter_map(finding).collect()
}

fn finding(context: &ProjectContext<'_>, exposed: &Exposed<'_>, hopeless: bool) -> Option<Finding> {
    let open = exposed.subject;
    let (first, others) = open.entries.split_first()?;
    let requirement = context.view.package(*first);
    let flaws = &exposed.flaws;
    let mut finding = Finding::new(&RULE, next_step::label_of(requirement), message(requirement, exposed));
    finding.level = match exposed.degree {
        Degree::Always => Level::Deny,
        Degree::Newest => Level::Warn,
        Degree::Some => Level::Note,
    };
    let python = context.view.project.inputs.iter().find_map(|input| input.requires_python.as_deref());
    if next_step::excluded_by_python(requirement.marker.as_deref(), python) {
        finding.level = Level::Note;
        finding.message.push_str(" (its marker excludes every Python that this project admits)");
    }
    finding.severity = flaws.iter().map(|flaw| flaw.severity).max();
    finding.package = next_step::package_ref(requirement).map(Arc::new);
    if let Some(package) = &mut finding.package {
        let package = Arc::make_mut(package);
        let groups = others.iter().flat_map(|entry| &context.view.package(*entry).groups);
        package.groups.extend(groups.cloned());
        package.groups.arrange();
        package.groups.dedup();
    }
    let place = |entry| Label::new(context.view.package(entry).edit_span(), "required here too");
    finding.related = others.iter().take(MOST_PLACES).map(|entry| place(*entry)).collect();
    let limit = |entry| Label::new(context.view.package(entry).edit_span(), "limited by this constraint");
    finding.related.extend(open.limits.iter().map(|entry| limit(*entry)));
    finding.paths = Arc::new(vec![vec![open.name.to_string()]]);
    let floor = exposed.floor.as_deref().filter(|_| !hopeless);
    let beyond = exposed.beyond.as_deref().filter(|_| !hopeless);
    finding.help = Some(help(requirement, floor, beyond));
    finding.evidence = Some(Evidence::Range(Box::new(RangeEvidence {
        specifier: open.specifier.clone(),
        degree: exposed.degree,
        flaws: flaws.iter().map(range_flaw).collect::<Arc<[_]>>(),
        floor: floor.map(str::to_owned),
    })));
    Some(finding)
}

fn range_flaw(flaw: &Flaw) -> RangeFlaw {
    RangeFlaw {
        id: flaw.evidence.id.clone(),
        aliases: flaw.evidence.aliases.clone(),
        severity: flaw.severity,
        malicious: flaw.malicious,
        exploited: flaw.evidence.kev.is_some(),
    }
}

fn message(requirement: &Package, exposed: &Exposed<'_>) -> String {
    let flaws = &exposed.flaws;
    let malware = flaws.iter().filter(|flaw| flaw.malicious).count();
    let what = match (flaws.len(), malware) {
        (1, 1) => "that are malware",
        (1, _) => "with a known flaw",
        (all, malware) if all == malware => "that are malware",
        (_, 0) => "with known flaws",
        _ => "with known flaws or malware",
    };
    let name = requirement.name.as_ref().map_or(requirement.written.as_str(), PackageName::as_str);
    let specifier = exposed.subject.specifier.as_str();
    let space = if is_pep_440(specifier) { "" } else { " " };
    let text = format!("{name}{}{space}{specifier}", extras(requirement));
    let admits = match exposed.degree {
        Degree::Always => format!("{text} admits only versions {what}"),
        Degree::Newest => format!("the newest versions that {text} admits are ones {what}"),
        Degree::Some => format!("{text} admits versions {what}"),
    };
    let Some(worst) = flaws.iter().rev().max_by_key(|flaw| (flaw.malicious, flaw.severity)) else {
        return admits;
    };
    let title = worst.evidence.title(flaws.iter().map(|flaw| flaw.evidence.as_ref()));
    let severity = match worst.severity {
        Severity::Unknown => String::new(),
        severity => format!(", {severity}"),
    };
    let described =
        advisory::description(&worst.evidence).map(|text| format!(": {text}")).unwrap_or_default();
    match flaws.len() {
        1 => format!("{admits} ({title}{severity}{described})"),
        many => format!("{admits} ({many} flaws, the worst {title}{severity}{described})"),
    }
}

fn help(requirement: &Package, floor: Option<&str>, beyond: Option<&str>) -> String {
    let name = requirement.name.as_ref().map_or(requirement.written.as_str(), PackageName::as_str);
    match (floor, beyond) {
        (Some(floor), _) if is_pep_440(floor) => format!("write `{name}{}{floor}`", extras(requirement)),
        // A table of Poetry has the extras elsewhere.
        (Some(floor), _) if !requirement.extras.is_empty() => {
            format!("write `version = \"{floor}\"` for {name}")
        }
        (Some(floor), _) => format!("write `{name} = \"{floor}\"`"),
        (None, Some(beyond)) => format!(
            "no floor within these bounds ends it: widen them and ask for `{name}{}{beyond}`",
            extras(requirement)
        ),
        (None, None) => {
            format!("no floor ends it, for no version above is free of these flaws: replace {name}")
        }
    }
}

fn extras(requirement: &Package) -> String {
    let extras: Vec<&str> = requirement.extras.iter().map(PackageName::as_str).collect();
    if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) }
}

/// Whether a specifier is none of Poetry's own notation: `^2.0`, `~2.0`, `2.0`, a choice.
fn is_pep_440(specifier: &str) -> bool {
    let clauses = || specifier.split(',').map(str::trim);
    let operators = ["==", ">", "<", "!=", "~="];
    specifier.is_empty()
        || !specifier.contains('|')
            && clauses().all(|clause| operators.iter().any(|operator| clause.starts_with(operator)))
}
