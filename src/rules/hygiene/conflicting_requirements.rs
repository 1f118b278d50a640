//! `conflicting-requirements`: two lines of one resolved set that no version satisfies.

use std::sync::Arc;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{
    Constraint, EntryId, Evidence, Explanation, Finding, Group, Input, Label, Level, Package, PackageName,
    PackageRef, RangeSet, Role, Rule, SourceKind,
};
use crate::rules::ProjectContext;

/// How many lines of one name, of different words, one line is compared with. Real files have two or three.
const MOST_COMPARED: usize = 64;

/// The rule.
pub static RULE: Rule = Rule {
    id: "conflicting-requirements",
    group: Group::Hygiene,
    default_level: Level::Deny,
    configurable: true,
    summary: "two lines of one resolved set ask for versions that no release can satisfy together",
    explanation: Explanation {
        checks: "\
Whether two requirements of one package in one set exclude each other: two different pins (deny), or a pin and a \
range, two ranges, a requirement and a constraint (warn). One set is what is installed together: a requirement file \
with what it includes and its constraints; one group of a manifest. Only lines with the same marker, or both without \
one, are compared: `a==1 ; python_version < '3.9'` and `a==2 ; python_version >= '3.9'` are two branches. Lines of \
different groups or extras, overrides, lock files, and requirements from a URL, a path or a checkout are not compared.",
        matters: "\
An installer refuses such a set, or an old one silently takes the first line. What is installed in the end is then \
not what one of the two lines says, and an audit of that line is about a version that nobody has.",
        example: "\
requirements.txt says django==4.2.1 in line 3, and base.txt, which it includes, says django==3.2.19.",
        action: "\
Keep one of the two lines, or give both a marker when they are meant for different machines.",
        configuration: "[rules] conflicting-requirements sets the level of both degrees.",
        sources: "\
PEP 440, version specifiers: https://peps.python.org/pep-0440/#version-specifiers
pip, dependency resolution: https://pip.pypa.io/en/stable/topics/dependency-resolution/",
    },
};

/// One finding per line that excludes an earlier one.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, input) in context.view.project.inputs.iter().enumerate() {
        if !input.companion && matches!(input.role, Role::Manifest | Role::Requirements) {
            let pairs = pairs(number, input);
            findings
                .extend(pairs.into_iter().filter_map(|(later, earlier)| finding(context, later, earlier)));
        }
    }
    findings
}

/// A line that was read before others of its set.
struct Line {
    entry: EntryId,
    set: RangeSet,
}

/// The later and the earlier line of each conflict.
fn pairs(number: usize, input: &Input) -> BTreeSet<(EntryId, EntryId)> {
    let mut by_name: HashMap<&PackageName, Vec<usize>> = HashMap::new();
    let mut names = Vec::new();
    for (index, package) in input.packages.iter().enumerate().filter(|(_, package)| is_compared(package)) {
        let Some(name) = &package.name else { continue };
        let lines = by_name.entry(name).or_default();
        if lines.is_empty() {
            names.push(name);
        }
        lines.push(index);
    }
    let lines = names.iter().filter_map(|name| by_name.get(name)).filter(|lines| lines.len() > 1);
    lines.flat_map(|lines| pairs_of_name(number, input, lines)).collect()
}

/// Whether an entry is a requirement of the index that can exclude another.
fn is_compared(package: &Package) -> bool {
    let is_override = package.constraint && package.groups.iter().any(|group| group == "uv-override");
    package.source.kind == SourceKind::Index && package.specifier.is_some() && !is_override
}

/// What is installed together: a group (none in a requirement file) and a marker.
type Set<'a> = (Option<&'a str>, Option<&'a str>);

fn pairs_of_name(number: usize, input: &Input, lines: &[usize]) -> Vec<(EntryId, EntryId)> {
    let mut sets: BTreeMap<Set<'_>, (BTreeSet<&str>, Vec<Line>)> = BTreeMap::new();
    let groups: BTreeSet<Option<&str>> = lines
        .iter()
        .map(|index| &input.packages[*index])
        .filter(|package| !package.constraint)
        .flat_map(groups_of)
        .collect();
    let mut found = Vec::new();
    for index in lines {
        let package = &input.packages[*index];
        let specifier = package.specifier.as_deref().unwrap_or_default().trim();
        let Some(set) = Constraint::parse(specifier).and_then(|constraint| constraint.set()) else {
            continue;
        };
        let entry = EntryId { input: number, package: *index };
        // A constraint limits every group that asks for the package, and conflicts with nothing when none does.
        let of: Vec<Option<&str>> =
            if package.constraint { groups.iter().copied().collect() } else { groups_of(package) };
        for group in of {
            let marker = package.marker.as_deref().map(str::trim);
            let (seen, before) = sets.entry((group, marker)).or_default();
            if set.is_empty() || !seen.insert(specifier) {
                continue;
            }
            match before.iter().find(|line| line.set.intersection(&set).is_empty()) {
                Some(line) => found.push((entry, line.entry)),
                None if before.len() < MOST_COMPARED => before.push(Line { entry, set: set.clone() }),
                None => {}
            }
        }
    }
    found
}

fn groups_of(package: &Package) -> Vec<Option<&str>> {
    if package.groups.is_empty() {
        return vec![None];
    }
    package.groups.iter().map(|group| Some(group.as_str())).collect()
}

fn finding(context: &ProjectContext<'_>, later: EntryId, earlier: EntryId) -> Option<Finding> {
    let (one, other) = (context.view.package(later), context.view.package(earlier));
    let name = one.name.clone()?;
    let text = |package: &Package| package.specifier.as_deref().unwrap_or_default().trim().to_owned();
    let (specifier, against) = (text(one), text(other));
    let message = format!("no version of {name} is both {against} and {specifier}");
    let words =
        if other.constraint { "the constraint that excludes it" } else { "the line that excludes it" };
    let mut finding = Finding::new(&RULE, Label::new(one.edit_span(), "excluded by another line"), message);
    let both_pins = one.version.is_some() && other.version.is_some();
    finding.level = if both_pins { Level::Deny } else { Level::Warn };
    finding.related = vec![Label::new(other.edit_span(), words)];
    finding.help = Some(
        "keep one of the two, or give both a marker when they are meant for different machines".to_owned(),
    );
    finding.package = Some(Arc::new(PackageRef {
        name,
        version: one.version.clone(),
        groups: one.groups.clone(),
        marker: one.marker.clone(),
        source: one.source.clone(),
    }));
    finding.evidence = Some(Evidence::Conflict { specifiers: [against, specifier] });
    Some(finding)
}
