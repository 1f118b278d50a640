//! The state before a change: what was found in it, and what of that is still there.

use crate::model::Arrange as _;
use crate::model::set_of;
use std::collections::{BTreeMap, BTreeSet};

use super::against::{Before, Comparison};
use super::check_unit::{Checked, Checking, check_unit};
use super::collect::Request;
use super::compare::{Mark, pair};
use super::error::Error;
use super::settle::without_duplicates;
use super::units::each_unit;
use crate::advisory;
use crate::model::{
    Change, Ended, Evidence, Finding, PackageChange, PackageName, PackageStep, SourceMap, Sources, Status,
    Version,
};

/// A package that was audited, with the license that was learnt of it.
type Audited = (PackageName, Option<Version>);

/// What was found before the change.
pub(super) struct Past {
    change: Change,
    marks: Vec<Mark>,
    /// The findings behind the marks, with their texts; none of a baseline.
    findings: Vec<Finding>,
    sources: SourceMap,
    packages: Vec<Audited>,
    licenses: BTreeMap<Audited, String>,
    /// What was published after this moment (seconds since 1970) is news.
    time: Option<i64>,
    /// Packages that are there as they were, and of which a baseline knows less: news as well.
    is_baseline: bool,
}

impl Past {
    /// Audits the state before the change, or takes what a baseline says of it.
    ///
    /// # Errors
    /// It cannot be collected, or a part of the advisories is damaged.
    pub(super) fn of(
        comparison: Comparison,
        request: &Request,
        root: &std::path::Path,
        checking: &Checking<'_>,
    ) -> Result<Self, Error> {
        let collection = comparison.collect(request, root)?;
        let Comparison { change, before, time, .. } = comparison;
        let mut past = Self {
            change,
            marks: Vec::new(),
            findings: Vec::new(),
            sources: SourceMap::new(vec![Sources::new(0)]),
            packages: Vec::new(),
            licenses: BTreeMap::new(),
            time,
            is_baseline: false,
        };
        let Some(collection) = collection else {
            if let Before::Baseline(baseline) = before {
                past.marks = baseline.marks;
                past.packages = baseline.packages;
                past.is_baseline = true;
            }
            return Ok(past);
        };
        let checking = Checking { is_alone: false, wants_rows: false, ..*checking };
        let checked: Result<Vec<Checked>, advisory::Error> =
            each_unit(collection.units, true, request, |parsed| check_unit(parsed, &checking))
                .into_iter()
                .collect();
        let mut texts = vec![Sources::new(0)];
        let mut findings = Vec::new();
        for unit in checked? {
            findings.extend(unit.findings);
            past.packages.extend(unit.audited);
            past.licenses.extend(unit.known_licenses);
            texts.push(unit.sources);
        }
        past.packages.arrange();
        past.packages.dedup();
        past.sources = SourceMap::new(texts);
        past.findings = without_duplicates(findings, &past.sources);
        past.marks = past.findings.iter().map(|finding| Mark::of(finding, &past.sources)).collect();
        Ok(past)
    }

    /// The findings before the change, to be weighed.
    pub(super) fn findings_mut(&mut self) -> &mut [Finding] {
        &mut self.findings
    }

    /// Gives the findings after the change their status; what it ends is kept. Findings about no file, such as the age of
    /// the data, are nothing that a change brings.
    pub(super) fn compare(&mut self, after: &mut [Finding], sources: &SourceMap) {
        let of_files: Vec<usize> =
            (0..after.len()).filter(|index| after[*index].primary.span.source.unit() != 0).collect();
        let marks: Vec<Mark> = of_files.iter().map(|index| Mark::of(&after[*index], sources)).collect();
        let partners = pair(&self.marks, &marks);
        for (index, partner) in of_files.into_iter().zip(&partners) {
            let finding = &mut after[index];
            finding.status = Some(self.status(finding, partner.is_some()));
        }
        let kept: BTreeSet<usize> = set_of(partners.into_iter().flatten());
        let ended = (0..self.findings.len()).filter(|index| !kept.contains(index));
        let mut ended: Vec<Ended> = ended.filter_map(|index| self.ended(&self.findings[index])).collect();
        ended.arrange_by(|left, right| {
            let key = |ended: &Ended| (ended.location.path.clone(), ended.location.line, ended.rule.id);
            key(left).cmp(&key(right)).then_with(|| left.id.cmp(&right.id))
        });
        self.change.ended = ended;
    }

    fn status(&self, finding: &Finding, is_there: bool) -> Status {
        if is_there {
            let is_later = |published: &str| {
                let moment = published.parse::<jiff::Timestamp>().ok();
                moment.zip(self.time).is_some_and(|(moment, time)| moment.as_second() > time)
            };
            let published = finding.advisory().and_then(|advisory| advisory.published.as_deref());
            return if published.is_some_and(is_later) { Status::News } else { Status::Known };
        }
        let is_flaw = matches!(finding.evidence, Some(Evidence::Advisory(_) | Evidence::Range(_)));
        let is_untouched = self.is_baseline
            && is_flaw
            && finding.package.as_ref().is_some_and(|package| {
                let audited = (package.name.clone(), package.version.clone());
                self.packages.binary_search(&audited).is_ok()
            });
        if is_untouched { Status::News } else { Status::New }
    }

    fn ended(&self, finding: &Finding) -> Option<Ended> {
        (finding.level > crate::model::Level::Allow).then(|| Ended {
            rule: finding.rule,
            package: finding.package.as_ref().map(|package| (package.name.clone(), package.version.clone())),
            id: finding.advisory().map(|advisory| advisory.id.clone()),
            message: finding.message.clone(),
            location: self.sources.location(finding.primary.span),
        })
    }

    /// What the change brings, with what was audited after it.
    pub(super) fn change(
        self,
        after: &[Audited],
        licenses: &BTreeMap<Audited, String>,
        findings: &[Finding],
    ) -> Change {
        let mut change = self.change;
        let count = |status| findings.iter().filter(|finding| finding.status == Some(status)).count();
        change.new = count(Status::New);
        change.news = count(Status::News);
        change.known = count(Status::Known);
        let (old, new) = (by_name(&self.packages), by_name(after));
        let names: BTreeSet<&PackageName> = set_of(old.keys().chain(new.keys()).copied());
        for name in names {
            let (before, after) = (old.get(name), new.get(name));
            let step = match (before, after) {
                (None, _) => PackageStep::Added,
                (_, None) => PackageStep::Removed,
                (before, after) if before == after => continue,
                _ => PackageStep::Moved,
            };
            let versions = |versions: Option<&BTreeSet<Option<Version>>>| -> Vec<Version> {
                versions.into_iter().flatten().flatten().cloned().collect()
            };
            let license = |versions: Option<&BTreeSet<Option<Version>>>,
                           known: &BTreeMap<Audited, String>| {
                let mut found: Vec<&String> = versions
                    .into_iter()
                    .flatten()
                    .filter_map(|version| known.get(&(name.clone(), version.clone())))
                    .collect();
                found.dedup();
                // Of several versions with different licenses there is not one to tell.
                if let [one] = found[..] { Some(one.clone()) } else { None }
            };
            let resembles = findings.iter().find_map(|finding| {
                let is_about = finding.package.as_ref().is_some_and(|package| package.name == *name);
                finding.name().filter(|_| is_about).and_then(|evidence| evidence.target.clone())
            });
            change.packages.push(PackageChange {
                name: name.clone(),
                step,
                before: versions(before),
                after: versions(after),
                license_before: license(before, &self.licenses),
                license_after: license(after, licenses),
                resembles,
            });
        }
        change
    }
}

fn by_name(packages: &[Audited]) -> BTreeMap<&PackageName, BTreeSet<Option<Version>>> {
    let mut by_name: BTreeMap<&PackageName, BTreeSet<Option<Version>>> = BTreeMap::new();
    for (name, version) in packages {
        by_name.entry(name).or_default().insert(version.clone());
    }
    by_name
}
