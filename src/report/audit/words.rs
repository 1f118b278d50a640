//! What several formats for people say in the same words. All of it is raw: escape it.

use crate::model::{
    Change, Finding, Ignored, Level, PackageChange, PackageName, PackageStep, Report, Selected, Selection,
    SourceMap, Suppression, Verdict, Version, set_of,
};
use crate::report::words::{count, place, thousands};

/// So many digits of a commit are shown.
const DIGITS: usize = 10;

/// Which data was used, and how old it is.
pub(super) fn data_line(report: &Report) -> String {
    let sources: Vec<_> = report
        .database
        .sources
        .iter()
        .map(|source| {
            let day = if source.published.is_empty() { "of an unknown day" } else { &source.published };
            format!("{} {day} ({})", source.name, thousands(source.records))
        })
        .collect();
    let age = match report.database_age {
        Some(days) => {
            format!("; the oldest is {} old", count(usize::try_from(days).unwrap_or(0), "day", "days"))
        }
        None => String::new(),
    };
    format!("advisories: {}{age}", if sources.is_empty() { "none".to_owned() } else { sources.join(", ") })
}

/// What the verdict means.
pub(super) fn verdict_words(report: &Report) -> String {
    let summary = report.summary;
    let scope = format!(
        "{} from {}",
        count(summary.packages, "package", "packages"),
        count(summary.inputs, "file", "files")
    );
    let mut extras = Vec::new();
    if summary.warn > 0 {
        extras.push(count(summary.warn, "warning", "warnings"));
    }
    if summary.ignored > 0 {
        extras.push(format!("{} ignored", thousands(summary.ignored)));
    }
    if summary.accepted > 0 {
        extras.push(format!("{} accepted", count(summary.accepted, "skip", "skips")));
    }
    let skipped = match summary.skipped {
        0 => String::new(),
        1 => ", and 1 thing was not audited".to_owned(),
        many => format!(", and {} things were not audited", thousands(many)),
    };
    let text = match report.verdict {
        Verdict::Clean => format!("{scope} audited, nothing denied"),
        Verdict::Findings => {
            let affected = match affected_packages(report) {
                0 => format!("{scope} audited"),
                some => format!("in {} of {scope}", thousands(some)),
            };
            format!("{} denied, {affected}{skipped}", thousands(summary.deny))
        }
        Verdict::Incomplete => {
            format!("nothing denied in {scope}{}", skipped.replacen(", and", ", but", 1))
        }
    };
    if extras.is_empty() { text } else { format!("{text} ({})", extras.join(", ")) }
}

/// What was asked about, and how much that left out.
pub(super) fn selected_line(selected: &Selected) -> String {
    let Selection { groups, no_dev, extras, environment } = &selected.selection;
    let mut parts = Vec::new();
    if !groups.is_empty() {
        parts.push(format!("group {}", groups.join(", ")));
    }
    if *no_dev {
        parts.push("no development groups".to_owned());
    }
    if !extras.is_empty() {
        let names: Vec<_> = extras.iter().map(PackageName::as_str).collect();
        parts.push(format!("extra {}", names.join(", ")));
    }
    if let Some(release) = &environment.python {
        let numbers: Vec<_> = release.iter().map(u64::to_string).collect();
        parts.push(format!("Python {}", numbers.join(".")));
    }
    parts.extend(environment.platform.map(|platform| platform.as_str().to_owned()));
    let left_out = count(selected.left_out, "entry", "entries");
    format!("asked about: {}; {left_out} left out", parts.join(", "))
}

/// How many packages (name and version) a denied finding is about.
fn affected_packages(report: &Report) -> usize {
    let denied = report.findings.iter().filter(|finding| finding.level == Level::Deny);
    let packages = denied.filter_map(|finding| finding.package.as_ref());
    set_of(packages.map(|package| (&package.name, &package.version))).len()
}

/// What is compared, for people: `main (1a2b3c4d5e)`.
fn compared(change: &Change) -> String {
    let side = |name: &str, commit: &Option<String>| match commit {
        Some(commit) if !commit.starts_with(name) => {
            format!("{name} ({})", commit.get(..DIGITS).unwrap_or(commit))
        }
        _ => name.to_owned(),
    };
    let base = side(&change.base, &change.base_commit);
    match &change.head {
        Some(head) => format!("{} compared with {base}", side(head, &change.head_commit)),
        None => format!("compared with {base}"),
    }
}

/// How many findings are what, in a line for the end.
pub(super) fn counts(change: &Change) -> String {
    let mut parts = vec![format!("{} new", thousands(change.new))];
    if change.news > 0 {
        parts.push(format!("{} in the news about what it does not touch", thousands(change.news)));
    }
    parts.push(format!("{} known before", thousands(change.known)));
    if !change.ended.is_empty() {
        parts.push(format!("{} ended", thousands(change.ended.len())));
    }
    format!("{}: {}", compared(change), parts.join(", "))
}

/// How many packages the change adds, removes and moves: `2 added, 1 moved`.
pub(super) fn step_words(change: &Change) -> String {
    let of = |step| change.packages.iter().filter(|package| package.step == step).count();
    let steps = [PackageStep::Added, PackageStep::Removed, PackageStep::Moved];
    let steps = steps.map(|step| (of(step), step.as_str()));
    let words: Vec<_> =
        steps.iter().filter(|(many, _)| *many > 0).map(|(many, step)| format!("{many} {step}")).collect();
    words.join(", ")
}

/// The versions of a package that a change touches: `1.0 -> 1.1`.
pub(super) fn version_words(package: &PackageChange) -> String {
    let versions = |versions: &[Version]| match versions {
        [] => "any version".to_owned(),
        versions => versions.iter().map(Version::as_str).collect::<Vec<_>>().join(", "),
    };
    match package.step {
        PackageStep::Added => versions(&package.after),
        PackageStep::Removed => versions(&package.before),
        PackageStep::Moved => format!("{} -> {}", versions(&package.before), versions(&package.after)),
    }
}

/// The license of a package that a change touches; empty when there is nothing to say.
pub(super) fn license_words(package: &PackageChange) -> String {
    match (&package.license_before, &package.license_after) {
        (Some(before), Some(after)) if before != after => format!("{before} -> {after}"),
        (_, Some(license)) | (Some(license), None) => license.clone(),
        (None, None) if package.step == PackageStep::Added => "no license learnt".to_owned(),
        (None, None) => String::new(),
    }
}

/// An ignored finding: what, where, by whom, why, until when, and what would end it.
pub(super) fn ignored_words(ignored: &Ignored, sources: &SourceMap) -> String {
    let finding = &ignored.finding;
    let id = finding.advisory().map_or(finding.rule.id, |advisory| advisory.id.as_str());
    let package = finding.package.as_ref().map(|package| {
        let version = package.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        format!("{}{version} ", package.name)
    });
    let by = match ignored.by {
        Suppression::Inline => "inline".to_owned(),
        Suppression::CommandLine => "command line".to_owned(),
        Suppression::Policy | Suppression::Vex { .. } => place(sources, ignored.place),
    };
    let reason = if ignored.reason.is_empty() { "no reason given" } else { &ignored.reason };
    let fix = fix(finding).unwrap_or_default();
    let until = ignored.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
    let at = place(sources, finding.primary.span);
    format!("{}{id} at {at} [{by}]: {reason}{until}{fix}", package.unwrap_or_default())
}

/// What would take an ignored flaw out of the world.
pub(super) fn fix(finding: &Finding) -> Option<String> {
    let version = finding.advisory().and_then(|advisory| advisory.safe_version.as_ref());
    let floor = || finding.range().and_then(|range| range.floor.as_ref());
    match version {
        Some(version) => Some(format!("; {version} is safe now")),
        None => floor().map(|floor| format!("; {floor} is safe now")),
    }
}
