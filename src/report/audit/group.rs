//! Findings that are told together: those of one rule about one package version at one place.

use std::collections::HashMap;

use crate::model::{Arrange as _, Finding, Level, PackageName, Severity, Status, Version};
use crate::report::words::risk;

/// Findings of one rule about one package version at one place. Never empty.
pub(super) struct Group<'a> {
    pub(super) findings: Vec<&'a Finding>,
}

impl<'a> Group<'a> {
    pub(super) fn first(&self) -> &'a Finding {
        self.findings[0]
    }

    pub(super) fn level(&self) -> Level {
        self.findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Note)
    }

    pub(super) fn package(&self) -> Option<(&'a PackageName, Option<&'a Version>)> {
        self.first().package.as_ref().map(|package| (&package.name, package.version.as_ref()))
    }

    pub(super) fn worst(&self) -> Option<Severity> {
        self.findings.iter().filter_map(|finding| finding.severity).max()
    }

    /// Advisories say that it is malware.
    pub(super) fn is_malware(&self) -> bool {
        self.worst().is_none() && self.first().advisory().is_some()
    }

    /// The version that clears most: the highest safe one.
    pub(super) fn safe_version(&self) -> Option<Version> {
        let safe = self.findings.iter().filter_map(|finding| finding.advisory()?.safe_version.as_deref());
        safe.map(Version::new).max()
    }

    /// What is wrong, in one sentence. Raw: escape it.
    pub(super) fn headline(&self) -> String {
        match (&self.findings[..], self.package()) {
            ([_], _) | (_, None) => sentence(self.first()),
            (many, Some((name, version))) => {
                let version = version.map(|version| format!(" {version}")).unwrap_or_default();
                let worst = self.worst();
                let kind = if worst.is_some() { "known vulnerabilities" } else { "reports of malware" };
                let worst = worst.map(|worst| format!(", the worst {worst}")).unwrap_or_default();
                format!("{name}{version} has {} {kind}{worst}", many.len())
            }
        }
    }

    /// The id of one of its flaws, and what there is to say about it. Raw: escape it.
    pub(super) fn flaw(&self, finding: &Finding) -> Option<(String, String)> {
        let advisory = finding.advisory()?;
        let title = advisory.title(self.findings.iter().filter_map(|finding| finding.advisory()));
        let severity = match (finding.severity, advisory.score) {
            (Some(severity), Some(score)) => format!("{severity} {score:.1}"),
            (Some(severity), None) => severity.to_string(),
            _ => String::new(),
        };
        let what = finding.message.split_once(": ").map_or(finding.message.as_str(), |(_, what)| what);
        let weak = if finding.level == Level::Deny { String::new() } else { format!(" [{}]", finding.level) };
        let risk = risk(advisory).map(|risk| format!(", {risk}")).unwrap_or_default();
        let before = format!("{severity}{risk}{weak}");
        Some((title, if before.is_empty() { what.to_owned() } else { format!("{before}: {what}") }))
    }

    /// The next step: that of the finding with the highest safe version, which clears the others as well.
    pub(super) fn help(&self) -> Option<String> {
        let safe = self.safe_version();
        let best = self.findings.iter().find(|finding| {
            let version = finding.advisory().and_then(|advisory| advisory.safe_version.as_deref());
            safe.is_some() && version.map(Version::new) == safe
        });
        let help = best.unwrap_or(&self.findings[0]).help.clone()?;
        let unfixed: Vec<_> = self
            .findings
            .iter()
            .filter_map(|finding| finding.advisory())
            .filter(|advisory| advisory.safe_version.is_none())
            .map(|advisory| advisory.id.as_str())
            .collect();
        if unfixed.is_empty() || safe.is_none() {
            return Some(help);
        }
        Some(format!("{help}; no fixed version is known for {}", unfixed.join(", ")))
    }

    /// The smaller, the more urgent: by level, then what the change brings before news, then malware, then what is known
    /// to be exploited, then severity, then probability of exploitation.
    fn rank(&self) -> u64 {
        let news = u64::from(self.first().status == Some(Status::News));
        let calm = u64::from(!self.is_malware());
        let of_flaw = |finding: &&Finding| {
            let advisory = finding.advisory();
            let exploited = advisory.is_some_and(|advisory| advisory.kev.is_some());
            let severity = finding.severity.map_or(0, |severity| severity as u64 + 1);
            let epss = advisory.and_then(|advisory| advisory.epss.as_ref());
            let probability = epss.map_or(0, |epss| u64::from(epss.parts()) / 100);
            u64::from(!exploited) << 17 | (7 - severity.min(7)) << 14 | (10_000 - probability.min(10_000))
        };
        let flaw = self.findings.iter().map(of_flaw).min().unwrap_or(0);
        (Level::Deny as u64 - self.level() as u64) << 20 | news << 19 | calm << 18 | flaw
    }
}

/// The message with its severity, for a finding that stands alone.
fn sentence(finding: &Finding) -> String {
    if finding.range().is_some() {
        return finding.message.clone(); // it says how severe the worst flaw is
    }
    match (finding.severity, finding.advisory().and_then(|advisory| advisory.score)) {
        (Some(severity), Some(score)) => format!("{} ({severity} {score:.1})", finding.message),
        (Some(severity), None) => format!("{} (severity {severity})", finding.message),
        _ => finding.message.clone(),
    }
}

/// The groups, in the order of their first findings.
pub(super) fn groups<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    // Where the group of a place lies: a run over many projects has thousands of them.
    let mut known: HashMap<_, usize> = HashMap::new();
    for finding in findings {
        // Only flaws of one package are told in one sentence.
        let Some(package) = finding.package.as_ref().filter(|_| finding.advisory().is_some()) else {
            groups.push(Group { findings: vec![finding] });
            continue;
        };
        let version = package.version.as_ref().map(Version::as_str);
        let key = (
            (finding.rule.id, finding.status),
            &package.name,
            version,
            finding.primary.span,
            &finding.primary.message,
        );
        let same = |group: &Group<'_>| group.first().package == finding.package;
        if let Some(index) = known.get(&key).copied().filter(|index| groups.get(*index).is_some_and(same)) {
            groups[index].findings.push(finding);
        } else {
            known.insert(key, groups.len());
            groups.push(Group { findings: vec![finding] });
        }
    }
    groups
}

/// The groups, most urgent first, else as they were.
pub(super) fn most_urgent(mut groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    groups.arrange_by_cached_key(Group::rank);
    groups
}
