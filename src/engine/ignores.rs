//! Which ignore takes a finding out, or accepts a skip.

use crate::model::Arrange as _;
use std::collections::BTreeMap;

use crate::inputs::{Detected, FORMATS, Role, detect};
use crate::model::{
    Finding, Group, Input, InputSummary, Label, Level, Project, Skipped, SourceMap, Sources, Span,
    Suppression,
};
use crate::policy::{self, Ignore, IgnoreLine, IgnoreOrigin, Policy, Subject};
use crate::rules::{self, IgnoreUse};

use super::check::Options;
use super::settle::level_set;

/// The ignores in the comments of a project's files.
pub(super) fn inline(project: &Project, sources: &Sources) -> Vec<Ignore> {
    let known = rules::all();
    let of_input = |input: &Input| -> Vec<Ignore> {
        let of_comment = |comment: &crate::model::InlineIgnore| {
            let range = comment.line.range();
            let stands = |span: Span| {
                let span_range = span.range();
                span.source == comment.line.source
                    && span_range.start < range.end
                    && range.start < span_range.end.max(span_range.start + 1)
            };
            let packages = input.packages.iter().filter(|package| stands(package.span));
            let line = IgnoreLine {
                path: sources.get(comment.span.source).map_or("", |file| file.path()).to_owned(),
                range: range.clone(),
                packages: packages.filter_map(|package| package.name.clone()).collect(),
                audited: !input.companion,
            };
            policy::inline(comment, &line, &known)
        };
        input.ignores.iter().flat_map(of_comment).collect()
    };
    project.inputs.iter().flat_map(of_input).collect()
}

/// Joins the ignores of all files with those of the policy: once each, however often their file was read.
pub(super) fn add_inline(policy: &mut Policy, found: Vec<Ignore>, options: &Options) {
    let mut seen: BTreeMap<(String, u32, String), usize> = BTreeMap::new();
    for mut ignore in found {
        if options.only_licenses && !is_about_licenses(&ignore.id) {
            continue;
        }
        let Some(line) = &mut ignore.line else { continue };
        // A rule that does not run needs no ignore today.
        line.audited &= rules::find(&ignore.id.to_ascii_lowercase()).is_none_or(|rule| {
            let is_off = rule.default_level == Level::Allow
                && level_set(rule.id, policy, options).unwrap_or(Level::Allow) == Level::Allow;
            !is_off && (rule.group != Group::License || policy.judges_licenses())
        });
        let audited = line.audited;
        let key = (line.path.clone(), ignore.span.start, ignore.id.clone());
        if let Some(known) = seen.get(&key).and_then(|index| policy.ignores.get_mut(*index)) {
            if let Some(line) = &mut known.line {
                line.audited |= audited;
            }
        } else {
            seen.insert(key, policy.ignores.len());
            policy.ignores.push(ignore);
        }
    }
}

/// Whether an ignore is about what is asked when only licenses are.
pub(super) fn is_about_licenses(id: &str) -> bool {
    id.eq_ignore_ascii_case(rules::triage::unsupported_input::RULE.id)
        || rules::find(id).is_some_and(|rule| rule.group == Group::License)
}

/// What a report says about who takes a finding out.
pub(super) fn suppression(origin: &IgnoreOrigin) -> Suppression {
    match origin {
        IgnoreOrigin::Policy => Suppression::Policy,
        IgnoreOrigin::CommandLine => Suppression::CommandLine,
        IgnoreOrigin::Inline => Suppression::Inline,
        IgnoreOrigin::Vex { status, justification } => {
            Suppression::Vex { status: *status, justification: justification.clone() }
        }
    }
}

/// What an ignore has to cover to take a finding out.
struct Places {
    /// For one with a path: the dependency files, of which it must cover all. An ignore for one requirement file does
    /// not hide the same flaw in another. A lock goes with its manifest.
    paths: Vec<String>,
    /// For one behind a line: the line to edit.
    primary: (String, Span),
    /// The lines of other files that ask for the same, each of which needs an ignore of its own. What was compiled from
    /// the file of the line is none, nor is what a constraint pins.
    others: BTreeMap<String, Vec<Span>>,
}

impl Places {
    fn of(finding: &Finding, inputs: &[InputSummary], sources: &SourceMap) -> Self {
        let path = |label: &Label| sources.get(label.span.source).map(|file| file.path().to_owned());
        let is_lock = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            FORMATS.iter().any(|format| format.role == Role::Lock && format.kind == name)
        };
        let primary = path(&finding.primary).unwrap_or_default();
        let (is_constraint, is_source) = match detect(&primary) {
            Detected::Format(format) => (
                format.role == Role::Constraints,
                format.role == Role::Manifest || format.kind == "requirements.in",
            ),
            _ => (false, false),
        };
        let is_compiled = |path: &str| {
            let of = |input: &InputSummary| input.kind == "requirements.txt" && input.closed == Some(true);
            is_source && inputs.iter().any(|input| input.path == path && of(input))
        };
        // The policy, the command line and the like explain a finding; it does not stand there.
        let related = finding.related.iter().filter(|label| label.span.source.unit() != 0);
        let related = related.filter_map(|label| Some((path(label)?, label.span)));
        let related: Vec<_> = related.filter(|(path, _)| !is_lock(path)).collect();
        let mut paths: Vec<String> =
            [&primary].into_iter().chain(related.iter().map(|(path, _)| path)).cloned().collect();
        paths.arrange();
        paths.dedup();
        let mut others: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        for (path, span) in related {
            if !is_constraint && path != primary && !is_compiled(&path) {
                others.entry(path).or_default().push(span);
            }
        }
        Self { paths, primary: (primary, finding.primary.span), others }
    }
}

/// The ignore that takes a finding out; marks every one that speaks about it. Else perhaps the one behind its line that
/// would, if the same were not asked for in another file.
pub(super) fn ignore_of<'a>(
    finding: &Finding,
    uses: &mut [IgnoreUse<'a>],
    inputs: &[InputSummary],
    options: &Options,
    sources: &SourceMap,
) -> Result<&'a Ignore, Option<&'a Ignore>> {
    if uses.is_empty() {
        return Err(None);
    }
    let places = Places::of(finding, inputs, sources);
    if let Some(range) = finding.range() {
        // The finding goes when every flaw is ignored: by an entry of its own, or by one about the rule.
        let mut live = Vec::with_capacity(range.flaws.len());
        for flaw in range.flaws.iter() {
            let ids: Vec<&str> = flaw.ids().collect();
            live.push(ignore_of_flaw(finding, &ids, &places, uses, options));
        }
        let failed = live.iter().find_map(|one| one.err());
        return match (failed, live.into_iter().find_map(Result::ok)) {
            (None, Some(first)) => Ok(first),
            (failed, _) => Err(failed.flatten()),
        };
    }
    let advisory = finding.advisory().into_iter();
    let ids: Vec<&str> = advisory
        .flat_map(|advisory| std::iter::once(&advisory.id).chain(&advisory.aliases))
        .map(String::as_str)
        .collect();
    ignore_of_flaw(finding, &ids, &places, uses, options)
}

/// The ignore that takes out one flaw of a finding; marks every one that speaks about it.
fn ignore_of_flaw<'a>(
    finding: &Finding,
    ids: &[&str],
    places: &Places,
    uses: &mut [IgnoreUse<'a>],
    options: &Options,
) -> Result<&'a Ignore, Option<&'a Ignore>> {
    let mut first = None;
    let mut behind_line = None;
    let mut open: Vec<&String> = places.others.keys().collect();
    for entry in uses {
        let ignore = entry.ignore;
        let concerns = |path: &str, place: Option<Span>| {
            ignore.concerns(&Subject {
                rule: finding.rule.id,
                ids,
                package: finding.package.as_ref().map(|package| &package.name),
                version: finding.package.as_ref().and_then(|package| package.version.as_ref()),
                path,
                place,
            })
        };
        let counts = !ignore.is_expired(options.today);
        if ignore.line.is_none() {
            if places.paths.iter().all(|path| concerns(path, None)) {
                entry.matched = true;
                first = first.or(Some(ignore).filter(|_| counts));
            }
            continue;
        }
        if concerns(&places.primary.0, Some(places.primary.1)) {
            entry.matched = true;
            behind_line = behind_line.or(Some(ignore).filter(|_| counts));
        }
        for (path, spans) in &places.others {
            if spans.iter().any(|span| concerns(path, Some(*span))) {
                entry.matched = true;
                open.retain(|open| !counts || *open != path);
            }
        }
    }
    match (first, behind_line) {
        (Some(ignore), _) => Ok(ignore),
        (None, Some(ignore)) if open.is_empty() => Ok(ignore),
        (None, ignore) => Err(ignore),
    }
}

/// Accepts the skips that an ignore of `unsupported-input` names.
pub(super) fn accept(
    skipped: &mut [Skipped],
    uses: &mut [IgnoreUse<'_>],
    options: &Options,
    sources: &SourceMap,
) {
    let rule = rules::triage::unsupported_input::RULE.id;
    for skip in skipped {
        for entry in uses.iter_mut().filter(|entry| entry.ignore.id.eq_ignore_ascii_case(rule)) {
            let text = skip.span.and_then(|span| sources.get(span.source));
            let path = match (&entry.ignore.line, text) {
                // A skip inside an included file is also one of the file that includes it.
                (Some(_), Some(text)) => text.path().to_owned(),
                _ => skip.path.clone(),
            };
            let subject = Subject {
                rule,
                ids: &[],
                package: skip.package.as_ref(),
                version: None,
                path: &path,
                place: skip.span,
            };
            if entry.ignore.concerns(&subject) {
                entry.matched = true;
                if skip.accepted.is_none() && !entry.ignore.is_expired(options.today) {
                    skip.accepted = Some(entry.ignore.reason.clone().unwrap_or_default());
                }
            }
        }
    }
}
