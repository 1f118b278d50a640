//! Ignores: entries that take a finding out, or accept a skip, with a reason and perhaps an end.

use std::ops::Range;

use jiff::civil::Date;

use crate::model::{Constraint, PackageName, Span, Version, VexStatus};

/// Who wrote an ignore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IgnoreOrigin {
    /// An `[[ignore]]` of the policy.
    Policy,
    /// `--ignore ID --reason TEXT`.
    CommandLine,
    /// A comment behind a requirement: `# audit: ignore[ID] reason`.
    Inline,
    /// A statement of a VEX document.
    Vex {
        /// `not_affected` or `fixed`.
        status: VexStatus,
        /// One of the words of OpenVEX, when the statement gives one.
        justification: Option<String>,
    },
}

/// The line of a dependency file behind which an ignore stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreLine {
    /// The file, relative to the root.
    pub path: String,
    /// The bytes of the line.
    pub range: Range<usize>,
    /// The packages that the line requires.
    pub packages: Vec<PackageName>,
    /// Whether the file was audited itself, with the rules that the ignore names: only then it can be called unused.
    pub audited: bool,
}

/// One ignore.
#[derive(Debug, Clone)]
pub struct Ignore {
    /// Any id of a flaw, or the id of a rule.
    pub id: String,
    /// Other ids of the same flaw, as the author of the ignore has them.
    pub aliases: Vec<String>,
    /// Only this package.
    pub package: Option<PackageName>,
    /// Only these versions.
    pub version: Option<Constraint>,
    /// Only this version.
    pub exactly: Option<Version>,
    /// Only this file or what lies in this folder, relative to the root.
    pub path: Option<String>,
    /// Only what is said about this line.
    pub line: Option<Box<IgnoreLine>>,
    /// Why; `None` when nobody said.
    pub reason: Option<String>,
    /// The last day on which it counts (UTC).
    pub until: Option<Date>,
    /// Why it counts for nothing, when it cannot be understood; lower case, no full stop.
    pub fault: Option<String>,
    /// Who wrote it.
    pub origin: IgnoreOrigin,
    /// Where it is written.
    pub span: Span,
}

/// What an ignore is held against: a finding or a skip.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The rule that fired.
    pub rule: &'a str,
    /// All ids of the flaw; empty when it is none.
    pub ids: &'a [&'a str],
    /// The package it is about.
    pub package: Option<&'a PackageName>,
    /// Its version.
    pub version: Option<&'a Version>,
    /// The file, relative to the root.
    pub path: &'a str,
    /// The place in it; `None` for the file as a whole.
    pub place: Option<Span>,
}

impl Ignore {
    /// An ignore of everything with this id, without a reason.
    pub fn new(id: impl Into<String>, origin: IgnoreOrigin, span: Span) -> Self {
        Self {
            id: id.into(),
            aliases: Vec::new(),
            package: None,
            version: None,
            exactly: None,
            path: None,
            line: None,
            reason: None,
            until: None,
            fault: None,
            origin,
            span,
        }
    }

    /// Whether it speaks about this subject, leaving aside its date and reason.
    ///
    /// A version range never holds for something without a version: an ignore takes out no more than it names. What a
    /// VEX document calls a vulnerability is never the name of a rule, and the id of a rule behind a line is about the
    /// packages of that line, not about those that they bring in.
    pub fn concerns(&self, subject: &Subject<'_>) -> bool {
        let names = |id: &str| {
            id.eq_ignore_ascii_case(&self.id)
                || self.aliases.iter().any(|alias| id.eq_ignore_ascii_case(alias))
        };
        let names_rule = || {
            names(subject.rule)
                && !matches!(self.origin, IgnoreOrigin::Vex { .. })
                && self
                    .line
                    .as_ref()
                    .is_none_or(|line| subject.package.is_none_or(|package| line.packages.contains(package)))
        };
        let names_flaw = || {
            if matches!(self.origin, IgnoreOrigin::Vex { .. }) {
                let own: Vec<&str> =
                    std::iter::once(&self.id).chain(&self.aliases).map(String::as_str).collect();
                return same_flaw(&own, subject.ids);
            }
            subject.ids.iter().any(|id| names(id))
        };
        self.fault.is_none()
            && (names_flaw() || names_rule())
            && self.package.as_ref().is_none_or(|package| subject.package == Some(package))
            && self.version.as_ref().is_none_or(|range| {
                subject.version.is_some_and(|version| version.is_pep440() && range.admits(version))
            })
            && self.exactly.as_ref().is_none_or(|version| subject.version == Some(version))
            && self.path.as_ref().is_none_or(|path| covers(path, subject.path))
            && self.line.as_ref().is_none_or(|line| line.holds(subject))
    }

    /// Whether its last day is over.
    pub fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| today > until)
    }
}

/// Whether two lists of ids are about one flaw: they share an id, and where both have a CVE id, one of those. A record may be
/// about two, and then its own id is an alias of both.
pub(super) fn same_flaw(left: &[&str], right: &[&str]) -> bool {
    let is_cve = |id: &&&str| id.get(..4).is_some_and(|lead| lead.eq_ignore_ascii_case("CVE-"));
    let only_cve = left.iter().any(|id| is_cve(&id)) && right.iter().any(|id| is_cve(&id));
    let mut compared = left.iter().filter(|id| !only_cve || is_cve(id));
    compared.any(|one| right.iter().any(|other| one.eq_ignore_ascii_case(other)))
}

impl IgnoreLine {
    /// Whether the subject stands on the line, in part at least.
    fn holds(&self, subject: &Subject<'_>) -> bool {
        self.path == subject.path
            && subject.place.is_some_and(|place| {
                let place = place.range();
                place.start < self.range.end && self.range.start < place.end.max(place.start + 1)
            })
    }
}

/// Whether `path` is `wanted` itself or lies below it.
fn covers(wanted: &str, path: &str) -> bool {
    let wanted = wanted.trim_start_matches("./").trim_end_matches('/');
    if wanted.is_empty() || wanted == "." {
        return true;
    }
    path.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceFile, Sources};

    fn ignore(id: &str) -> Ignore {
        let source = Sources::new(0).add(SourceFile::new("audit.toml", String::new()));
        let mut ignore = Ignore::new(id, IgnoreOrigin::Policy, Span::start_of(source));
        ignore.reason = Some("because".to_owned());
        ignore
    }

    #[test]
    fn any_alias_in_any_case_within_its_limits() {
        let (name, version) = (PackageName::new("jinja2"), Version::new("3.0.1"));
        let subject = Subject {
            rule: "known-vulnerability",
            ids: &["PYSEC-2024-1", "CVE-2024-1234"],
            package: Some(&name),
            version: Some(&version),
            path: "docs/requirements.txt",
            place: None,
        };
        let mut entry = ignore("cve-2024-1234");
        assert!(entry.concerns(&subject));
        assert!(!ignore("CVE-2024-12345").concerns(&subject));
        entry.version = Constraint::parse("<3.1");
        entry.path = Some("docs/".to_owned());
        assert!(entry.concerns(&subject));
        assert!(!entry.concerns(&Subject { path: "docs2/requirements.txt", ..subject }));
        assert!(!entry.concerns(&Subject { version: None, ..subject }));
        entry.package = Some(PackageName::new("flask"));
        assert!(!entry.concerns(&subject));
    }

    #[test]
    fn the_last_day_still_counts() {
        let mut entry = ignore("CVE-1");
        entry.until = super::super::parse_date("2026-12-31");
        let day = |text| super::super::parse_date(text).unwrap();
        assert!(!entry.is_expired(day("2026-12-31")) && entry.is_expired(day("2027-01-01")));
    }
}
