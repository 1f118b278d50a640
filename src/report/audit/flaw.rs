//! The flaws behind a finding, one by one, for formats whose entries are flaws: with their ids in an order that stays.

use crate::model::Arrange as _;
use crate::model::{AdvisoryEvidence, Degree, Finding, Severity, cve};
use crate::report::purl::percent;

/// One flaw, or malware.
pub(super) struct Flaw<'a> {
    /// The id that people see.
    pub(super) shown: &'a str,
    /// All ids: CVE ids first, the oldest before others, then as the evidence has them.
    pub(super) ids: Vec<&'a str>,
    /// `None` for malware.
    pub(super) severity: Option<Severity>,
    /// What the records say; `None` for a requirement that admits affected versions.
    pub(super) advisory: Option<&'a AdvisoryEvidence>,
    pub(super) exploited: bool,
}

/// The flaws of a finding: none when it does not rest on advisories, many of a requirement. One that merely admits affected
/// versions has none either, as long as the newest of what it admits is not affected: nobody installs them.
#[inline(never)]
pub(super) fn flaws(finding: &Finding) -> Vec<Flaw<'_>> {
    if let Some(advisory) = finding.advisory() {
        return vec![Flaw {
            shown: &advisory.id,
            ids: sorted(std::iter::once(&advisory.id).chain(&advisory.aliases).map(String::as_str)),
            severity: finding.severity,
            advisory: Some(advisory),
            exploited: advisory.kev.is_some(),
        }];
    }
    let of_range = finding.range().filter(|range| range.degree != Degree::Some);
    let of_range = of_range.into_iter().flat_map(|range| range.flaws.iter());
    let flaws = of_range.map(|flaw| Flaw {
        shown: &flaw.id,
        ids: sorted(flaw.ids()),
        severity: Some(flaw.severity).filter(|_| !flaw.malicious),
        advisory: None,
        exploited: flaw.exploited,
    });
    flaws.collect()
}

fn sorted<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut ids: Vec<_> = ids.collect();
    ids.arrange_by_key(|id| cve(id).map_or((true, None), |cve| (false, Some(cve))));
    ids.dedup();
    ids
}

/// Who gives out an id.
pub(super) struct Issuer {
    /// In the words of GitLab's reports.
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    /// Where the id is explained; `None` for a text that is no id.
    pub(super) url: Option<String>,
}

/// Who gives out an id, and where it is explained.
#[inline(never)]
pub(super) fn issuer(id: &str) -> Issuer {
    let is_id =
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
    let (kind, name, start) = match id.split_once('-').map(|(prefix, _)| prefix) {
        Some("CVE") => ("cve", "CVE", "https://www.cve.org/CVERecord?id="),
        Some("GHSA") => ("ghsa", "GitHub", "https://github.com/advisories/"),
        Some("PYSEC") => ("pysec", "PyPA", "https://osv.dev/vulnerability/"),
        Some("MAL") => ("mal", "OpenSSF", "https://osv.dev/vulnerability/"),
        _ => ("osv", "OSV", "https://osv.dev/vulnerability/"),
    };
    Issuer { kind, name, url: is_id.then(|| format!("{start}{}", percent(id, ""))) }
}

/// The links of an advisory that lead to pages.
pub(super) fn links(advisory: &AdvisoryEvidence) -> impl Iterator<Item = String> {
    let links = advisory.references.iter().filter_map(|url| crate::report::bill::web_address(url));
    links.filter(|url| url.starts_with("http://") || url.starts_with("https://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_cve_comes_first() {
        let ids = ["PYSEC-1", "CVE-2024-20", "GHSA-x", "CVE-2024-3", "CVE-x", "PYSEC-1"];
        assert_eq!(
            sorted(ids.into_iter()),
            ["CVE-2024-3", "CVE-2024-20", "PYSEC-1", "GHSA-x", "CVE-x", "PYSEC-1"]
        );
    }

    #[test]
    fn only_ids_have_pages() {
        assert_eq!(issuer("GHSA-aaaa").url.unwrap(), "https://github.com/advisories/GHSA-aaaa");
        assert_eq!(issuer("CVE-2024-1\">").url, None);
        assert_eq!((issuer("PVE-2026-1").kind, issuer("").url), ("osv", None));
    }
}
