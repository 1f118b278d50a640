//! Settling: levels, ignores, order, counts, verdict. After this nothing changes any more.

use crate::model::Arrange as _;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::check::Options;
use super::error::Error;
use super::ignores::{accept, ignore_of, suppression};
use super::licensing::LicenseUses;
use super::past::Past;
use crate::model::{
    DatabaseInfo, Finding, Ignored, InputSummary, Label, Level, Note, PackageName, ProjectSummary, Report,
    Rule, Selected, Severity, Skipped, SourceMap, Status, Summary, Verdict, Version,
};
use crate::policy::{FailOn, Ignore, Policy};
use crate::rules::{self, Check, IgnoreContext, IgnoreUse, LicenseEntry, UntrustedIgnore};

/// What a run found, before it is weighed.
pub(crate) struct Unsettled {
    /// The folder of the root, without its parents.
    pub(crate) root_name: String,
    pub(crate) findings: Vec<Finding>,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) notes: Vec<Note>,
    pub(crate) inputs: Vec<InputSummary>,
    /// What was audited, sorted.
    pub(crate) packages: Vec<(PackageName, Option<Version>)>,
    /// The licenses that were learnt, when something is compared.
    pub(crate) licenses: BTreeMap<(PackageName, Option<Version>), String>,
    /// What there was before the change.
    pub(crate) past: Option<Past>,
    /// The ignores that the change itself brings.
    pub(crate) untrusted: Vec<Ignore>,
    pub(crate) whole_root: bool,
    pub(crate) selection: Option<Selected>,
    pub(crate) projects: Vec<ProjectSummary>,
    pub(crate) database: DatabaseInfo,
    pub(crate) database_age: Option<i64>,
    /// Which entries about licenses were needed; `None` when nothing asked about licenses.
    pub(crate) license_uses: Option<LicenseUses>,
}

/// The rule that a level on the command line names.
///
/// # Errors
/// An unknown rule, with the nearest one; one whose level cannot be set.
pub(crate) fn known_rule(id: &str) -> Result<&'static Rule, Error> {
    match rules::find(id) {
        Some(rule) if rule.configurable => Ok(rule),
        Some(rule) => Err(Error::new(format!("no level can be set for {}", rule.id))
            .help("accept single skips with an [[ignore]] in the policy, or pass --allow-incomplete")),
        None => {
            let help = rules::near(id).map_or_else(
                || "`audit rules` lists them".to_owned(),
                |known| format!("did you mean {known}? `audit rules` lists them all"),
            );
            Err(Error::new(format!("there is no rule {id}")).help(help))
        }
    }
}

/// What is said of an ignore behind a line when another file asks for the same.
const NOT_ENOUGH: &str = "this ignore does not speak for the other files";

/// Weighs, sorts and counts.
pub(crate) fn settle(
    unsettled: Unsettled,
    policy: &Policy,
    options: &Options,
    sources: &SourceMap,
) -> Report {
    let Unsettled {
        root_name,
        findings,
        mut skipped,
        mut notes,
        mut inputs,
        packages,
        licenses,
        mut past,
        untrusted,
        whole_root,
        selection,
        mut projects,
        database,
        database_age,
        license_uses,
    } = unsettled;
    let mut uses: Vec<IgnoreUse<'_>> =
        policy.ignores.iter().map(|ignore| IgnoreUse { ignore, matched: false }).collect();
    let mut kept = Vec::new();
    let mut ignored = Vec::new();
    let mut findings = without_duplicates(findings, sources);
    if let Some(past) = &mut past {
        past.findings_mut().iter_mut().for_each(|finding| weigh(finding, policy, options));
        past.compare(&mut findings, sources);
    }
    for mut finding in findings {
        weigh(&mut finding, policy, options);
        weigh_status(&mut finding, policy);
        match ignore_of(&finding, &mut uses, &inputs, options, sources) {
            Ok(ignore) if finding.level > Level::Allow => ignored.push(Ignored {
                finding,
                reason: ignore.reason.clone().unwrap_or_default(),
                until: ignore.until.map(|until| until.to_string()),
                by: suppression(&ignore.origin),
                place: ignore.span,
            }),
            decision => {
                if let Err(Some(ignore)) = decision {
                    finding.related.push(Label::new(ignore.span, NOT_ENOUGH));
                }
                kept.push(finding);
            }
        }
    }
    skipped.arrange_by_key(|skip| place(skip, sources));
    skipped.dedup_by_key(|skip| (place(skip, sources), skip.what.clone(), skip.why.clone()));
    accept(&mut skipped, &mut uses, options, sources);

    let license_entries = license_entries(policy, license_uses.as_ref());
    let words = "is added by this change";
    let untrusted: Vec<_> = untrusted.iter().map(|ignore| UntrustedIgnore { ignore, words }).collect();
    let context = IgnoreContext {
        today: options.today,
        ignores: &uses,
        untrusted: &untrusted,
        license_entries: &license_entries,
        complete: whole_root,
        every_group: selection.is_none(),
    };
    for mut finding in about_entries(&context) {
        weigh(&mut finding, policy, options);
        finding.status = past.is_some().then(|| status_of_entry(&finding));
        weigh_status(&mut finding, policy);
        kept.push(finding);
    }
    kept.retain(|finding| finding.level > Level::Allow);
    sort(&mut kept, sources);
    ignored.arrange_by_cached_key(|ignored| order(&ignored.finding, sources));
    inputs.arrange_by(|left, right| left.path.cmp(&right.path));
    notes.arrange_by(|left, right| {
        (&left.path, left.span, &left.text).cmp(&(&right.path, right.span, &right.text))
    });
    notes.dedup();

    let summary =
        Summary { inputs: inputs.len(), packages: packages.len(), ..summary(&kept, &ignored, &skipped) };
    let verdict = Verdict::of(summary.deny, summary.skipped);
    count_by_project(&mut projects, &kept, &skipped);
    let change = past.map(|past| past.change(&packages, &licenses, &kept));
    Report {
        project: None,
        root_name,
        today: options.today.to_string(),
        database,
        database_age,
        verdict,
        allow_incomplete: options.allow_incomplete,
        selection,
        summary,
        projects,
        inputs,
        findings: kept,
        ignored,
        skipped,
        notes,
        packages,
        change,
        licenses: None,
    }
}

/// What the rules about ignores and other entries find.
fn about_entries(context: &IgnoreContext<'_>) -> Vec<Finding> {
    let checks = rules::TABLE.iter().filter_map(|entry| match entry.check {
        Check::Ignores(check) => Some(check),
        _ => None,
    });
    checks.flat_map(|check| check(context)).collect()
}

/// The counts of what was found; files and packages are left to others.
fn summary(kept: &[Finding], ignored: &[Ignored], skipped: &[Skipped]) -> Summary {
    let count = |level| kept.iter().filter(|finding| finding.level == level).count();
    let accepted = skipped.iter().filter(|skip| skip.accepted.is_some()).count();
    Summary {
        deny: count(Level::Deny),
        warn: count(Level::Warn),
        note: count(Level::Note),
        ignored: ignored.len(),
        accepted,
        skipped: skipped.len() - accepted,
        ..Summary::default()
    }
}

/// What a change does not bring does not fail it: news count as the policy says, what was there before is noted.
fn weigh_status(finding: &mut Finding, policy: &Policy) {
    let most = match finding.status {
        None | Some(Status::New) => return,
        Some(Status::News) => policy.news,
        Some(Status::Known) => Level::Note,
    };
    finding.level = finding.level.min(most);
}

/// What a finding about an ignore is to a change: those of the policy are the target's, and were there before.
fn status_of_entry(finding: &Finding) -> Status {
    let is_of_policy = finding.primary.span.source.unit() == 0;
    let is_untrusted = finding.rule.id == "untrusted-ignore";
    if is_of_policy && !is_untrusted { Status::Known } else { Status::New }
}

/// The exceptions and clarifications of the policy, and whether a package needed them.
fn license_entries<'a>(policy: &'a Policy, uses: Option<&LicenseUses>) -> Vec<LicenseEntry<'a>> {
    let Some(uses) = uses else { return Vec::new() };
    let exceptions = policy.licenses.exceptions.iter().enumerate().map(|(index, entry)| LicenseEntry {
        what: "exception",
        package: &entry.package,
        reasoned: entry.reason.is_some(),
        used: uses.exceptions.contains(&index),
        span: entry.span,
    });
    let clarifications = policy.licenses.clarify.iter().enumerate().map(|(index, entry)| LicenseEntry {
        what: "clarification",
        package: &entry.package,
        reasoned: entry.reason.is_some(),
        used: uses.clarifications.contains(&index),
        span: entry.span,
    });
    exceptions.chain(clarifications).collect()
}

/// Counts what belongs to each project: what stands in one of its texts, or at least in its folder.
fn count_by_project(projects: &mut [ProjectSummary], findings: &[Finding], skipped: &[Skipped]) {
    projects.arrange_by(|left, right| left.folder.cmp(&right.folder));
    let by_unit: HashMap<u32, usize> =
        projects.iter().enumerate().map(|(index, project)| (project.unit, index)).collect();
    for finding in findings {
        let Some(index) = by_unit.get(&finding.primary.span.source.unit()) else { continue };
        match finding.level {
            Level::Deny => projects[*index].deny += 1,
            Level::Warn => projects[*index].warn += 1,
            _ => {}
        }
    }
    let by_folder: HashMap<String, usize> =
        projects.iter().enumerate().map(|(index, project)| (project.folder.clone(), index)).collect();
    for skip in skipped.iter().filter(|skip| skip.accepted.is_none()) {
        let folder = skip.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let unit = skip.span.and_then(|span| by_unit.get(&span.source.unit()));
        if let Some(index) = unit.or_else(|| by_folder.get(folder)) {
            projects[*index].skipped += 1;
        }
    }
}

/// By place, rule and package; those of one package by urgency.
fn order(finding: &Finding, sources: &SourceMap) -> impl Ord + use<> {
    let place = sources.location(finding.primary.span);
    let package = finding.package.as_ref().map(|package| (package.name.clone(), package.version.clone()));
    let place = (place.path, place.line, place.column);
    (place, finding.rule.id, package, finding.urgency(), finding.message.clone())
}

fn sort(findings: &mut [Finding], sources: &SourceMap) {
    findings.arrange_by_cached_key(|finding| order(finding, sources));
}

fn place(skip: &Skipped, sources: &SourceMap) -> (String, usize, usize) {
    let location = skip.span.map(|span| sources.location(span));
    location.map_or((skip.path.clone(), 0, 0), |place| (place.path, place.line, place.column))
}

/// One finding per place, rule, package, version and flaw: a file that several inputs include is read several times.
pub(super) fn without_duplicates(findings: Vec<Finding>, sources: &SourceMap) -> Vec<Finding> {
    type Key = (String, u32, &'static str, Option<(PackageName, Option<Version>)>, Vec<String>, String);
    let mut seen: BTreeSet<Key> = BTreeSet::new();
    let mut kept = Vec::with_capacity(findings.len());
    for finding in findings {
        let path = sources.get(finding.primary.span.source).map_or("", |file| file.path()).to_owned();
        let package = finding.package.as_ref().map(|package| (package.name.clone(), package.version.clone()));
        // All ids: one record may speak of two flaws, which then share its id.
        let flaw: Vec<String> = finding
            .advisory()
            .into_iter()
            .flat_map(|advisory| std::iter::once(&advisory.id).chain(&advisory.aliases))
            .cloned()
            .collect();
        let start = finding.primary.span.start;
        if seen.insert((path, start, finding.rule.id, package, flaw, finding.message.clone())) {
            kept.push(finding);
        }
    }
    kept
}

/// The level that the command line sets for a rule: the last one counts.
fn on_command_line(id: &str, options: &Options) -> Option<Level> {
    options.levels.iter().rev().find(|(rule, _)| rule == id).map(|(_, level)| *level)
}

/// The level that somebody set for a rule.
pub(crate) fn level_set(id: &str, policy: &Policy, options: &Options) -> Option<Level> {
    on_command_line(id, options).or_else(|| policy.rules.get(id).map(|placed| placed.value))
}

/// Sets the level: command line, then policy, then what the rule and its thresholds say.
fn weigh(finding: &mut Finding, policy: &Policy, options: &Options) {
    let id = finding.rule.id;
    let on_command_line = on_command_line(id, options);
    let in_policy = policy.rules.get(id).map(|placed| placed.value);
    if finding.range().is_some() {
        weigh_range(finding, on_command_line, in_policy, policy, options);
        return;
    }
    if let Some(severity) = finding.severity {
        if finding.level == Level::Note {
            return; // its marker excludes every Python of the project: listed, not counted
        }
        let counts_as = if severity == Severity::Unknown { policy.unknown_severity } else { severity };
        let fails = fails(finding, threshold(finding, policy, options), counts_as, policy, options);
        finding.level = match (on_command_line, in_policy) {
            (Some(Level::Deny), _) if options.fail_on.is_none() => Level::Deny,
            (Some(Level::Deny), _) | (None, Some(Level::Deny) | None) if fails => Level::Deny,
            (Some(Level::Deny), _) | (None, Some(Level::Deny) | None) => Level::Warn,
            (Some(level), _) | (None, Some(level)) => level,
        };
        return;
    }
    if let Some(level) = on_command_line {
        finding.level = level;
        return;
    }
    if id == rules::advisory::stale_database::RULE.id && options.max_age.is_some() {
        return; // the limit of the command line denies
    }
    if let Some(level) = in_policy {
        finding.level = level;
        return;
    }
    if id == rules::triage::unlocked_dependencies::RULE.id
        && let Some(lock) = policy.require_lock.filter(|lock| lock.value)
    {
        finding.level = Level::Deny;
        finding.related.push(Label::new(lock.span, "a lock is required here"));
    }
}

/// Sets the level of a requirement that admits affected versions. A level that somebody set holds for all degrees;
/// deny, set or by degree, is held against the thresholds, but for malware.
fn weigh_range(
    finding: &mut Finding,
    on_command_line: Option<Level>,
    in_policy: Option<Level>,
    policy: &Policy,
    options: &Options,
) {
    let Some(range) = finding.range() else { return };
    let level = on_command_line.or(in_policy).unwrap_or(finding.level);
    let malicious = range.flaws.iter().any(|flaw| flaw.malicious);
    let severity = finding.severity.unwrap_or(Severity::Unknown);
    let counts_as = if severity == Severity::Unknown { policy.unknown_severity } else { severity };
    let by_hand = on_command_line == Some(Level::Deny) && options.fail_on.is_none();
    let denies = by_hand
        || malicious
        || fails(finding, threshold(finding, policy, options), counts_as, policy, options);
    finding.level = if level == Level::Deny && !denies { Level::Warn } else { level };
}

/// Whether a vulnerability fails the run. Known exploitation outweighs the threshold and the lack of a fix; but
/// "never" is never, unless the policy says `fail-on-kev = true` and the command line does not say never.
fn fails(
    finding: &Finding,
    threshold: FailOn,
    counts_as: Severity,
    policy: &Policy,
    options: &Options,
) -> bool {
    let (is_exploited, is_fixable) = match (finding.advisory(), finding.range()) {
        (Some(advisory), _) => (advisory.kev.is_some(), advisory.safe_version.is_some()),
        (None, Some(range)) => (range.flaws.iter().any(|flaw| flaw.exploited), range.floor.is_some()),
        (None, None) => (false, false),
    };
    let exploited_fails = match policy.fail_on_kev {
        _ if options.fail_on == Some(FailOn::Never) => false,
        Some(fails) => fails,
        None => threshold != FailOn::Never,
    };
    if is_exploited && exploited_fails {
        return true;
    }
    threshold.fails(counts_as) && (is_fixable || !policy.fail_on_fixable)
}

/// From which severity on this finding fails the run: a package in several groups takes the strictest.
fn threshold(finding: &Finding, policy: &Policy, options: &Options) -> FailOn {
    if let Some(fail_on) = options.fail_on {
        return fail_on;
    }
    let groups = finding.package.as_ref().map(|package| package.groups.as_slice()).unwrap_or_default();
    let of_group =
        |group: &String| policy.groups.get(group).and_then(|group| group.fail_on).unwrap_or(policy.fail_on);
    groups.iter().map(of_group).min().unwrap_or(policy.fail_on)
}
