//! `[licenses]`: which terms are accepted, which are not, and what was found out about single packages.
//!
//! An entry of a list is one license (with `WITH` its exception), or a property of the license list: `osi-approved`,
//! `fsf-libre`, `copyleft`. What is asked first decides: the exceptions for the package, then `[groups.NAME.licenses]`,
//! then `[licenses]`. Of the entries of one place the one that says most counts: a license with its exception before
//! a license, a license before a property; of two that say as much, the one that denies.
//!
//! A license with versions is a choice: `GPL-2.0-or-later` may be taken as 2.0 or as 3.0. It is allowed when one of
//! them is, and denied when all of them are.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::table::{Ledger, Table, short};
use super::value::Placed;
use crate::model::{
    Constraint, LicenseExpression, LicenseTerm, LicenseWording, PackageName, SimpleLicense, Span, Version,
};

/// How many entries a list may have.
const LIST_LIMIT: usize = 2_000;

/// What holds for one dependency group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LicenseLists {
    /// What is accepted; `None` when there is no such list.
    pub allow: Option<Vec<Placed<LicenseTerm>>>,
    /// What is not.
    pub deny: Vec<Placed<LicenseTerm>>,
    /// Where the list `allow` stands, else the table.
    pub span: Option<Span>,
}

/// `exceptions`: licenses that are accepted for one package.
#[derive(Debug, Clone)]
pub struct LicenseException {
    /// The package.
    pub package: PackageName,
    /// Only these versions.
    pub version: Option<Constraint>,
    /// The licenses.
    pub allow: Vec<Placed<LicenseTerm>>,
    /// Why; `None` when nobody said.
    pub reason: Option<String>,
    /// The package as written.
    pub span: Span,
}

/// `clarify`: what somebody found out about the license of one package.
#[derive(Debug, Clone)]
pub struct Clarification {
    /// The package.
    pub package: PackageName,
    /// Only these versions.
    pub version: Option<Constraint>,
    /// The terms.
    pub expression: LicenseExpression,
    /// Why; `None` when nobody said.
    pub reason: Option<String>,
    /// The package as written.
    pub span: Span,
    /// The expression.
    pub expression_span: Span,
}

/// What the policy says about licenses.
#[derive(Debug, Clone, Default)]
pub struct LicensesPolicy {
    /// Where `[licenses]` stands; `None` when the policy has none.
    pub span: Option<Span>,
    /// Somebody asks about licenses in another way: the command line sets the level of a rule about them.
    pub asked: bool,
    /// What holds for every package.
    pub lists: LicenseLists,
    /// The exceptions, in the order of the file.
    pub exceptions: Vec<LicenseException>,
    /// The clarifications, in the order of the file.
    pub clarify: Vec<Clarification>,
}

/// What a policy says about one license, or about an expression. Ordered: the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LicenseStanding {
    /// Not accepted.
    Denied,
    /// Neither accepted nor denied.
    Unlisted,
    /// Accepted.
    Allowed,
}

/// Who is asked about.
#[derive(Debug, Clone, Copy)]
pub struct LicenseSubject<'a> {
    /// The package.
    pub package: &'a PackageName,
    /// Its version, when it has one.
    pub version: Option<&'a Version>,
    /// What the policy says for the groups through which it comes in: one for each group, `None` for a group about
    /// which it says nothing. Empty: only what holds for every package.
    pub groups: &'a [Option<&'a LicenseLists>],
}

/// What was decided about a license of an expression, and by which place of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseRuling {
    /// The license.
    pub license: SimpleLicense,
    /// What was decided.
    pub standing: LicenseStanding,
    /// The entry that decided, or the list in which none stands; `None` when there is no list.
    pub span: Option<Span>,
    /// The index of the exception that decided.
    pub exception: Option<usize>,
}

impl LicensesPolicy {
    /// The clarification for a package version, with its index. The first one counts.
    pub fn clarification(
        &self,
        package: &PackageName,
        version: Option<&Version>,
    ) -> Option<(usize, &Clarification)> {
        let fits = |(_, entry): &(usize, &Clarification)| {
            entry.package == *package && is_within(entry.version.as_ref(), version)
        };
        self.clarify.iter().enumerate().find(fits)
    }

    /// What the policy says about an expression: `OR` takes its best part, `AND` its worst. The rulings are those of the
    /// licenses that decided, in the order of the expression; never empty.
    pub fn judge(
        &self,
        expression: &LicenseExpression,
        subject: &LicenseSubject<'_>,
    ) -> (LicenseStanding, Vec<LicenseRuling>) {
        match expression {
            LicenseExpression::License(license) => {
                let ruling = self.rule(license, subject);
                (ruling.standing, vec![ruling])
            }
            LicenseExpression::And(parts) => {
                let judged: Vec<_> = parts.iter().map(|part| self.judge(part, subject)).collect();
                let worst = judged.iter().map(|(standing, _)| *standing).min();
                let worst = worst.unwrap_or(LicenseStanding::Unlisted);
                (worst, rulings_of(judged, worst))
            }
            LicenseExpression::Or(parts) => {
                let judged: Vec<_> = parts.iter().map(|part| self.judge(part, subject)).collect();
                let best = judged.iter().map(|(standing, _)| *standing).max();
                let best = best.unwrap_or(LicenseStanding::Unlisted);
                (best, rulings_of(judged, best))
            }
        }
    }

    /// What the policy says about one license. A package of several groups takes the strictest of them.
    fn rule(&self, license: &SimpleLicense, subject: &LicenseSubject<'_>) -> LicenseRuling {
        let of_lists = |lists: &[&LicenseLists]| -> LicenseRuling {
            let decided = lists.iter().find_map(|lists| lists.rule(license));
            let (standing, span) = decided.unwrap_or(match &self.lists.allow {
                Some(_) => (LicenseStanding::Unlisted, self.lists.span),
                None => (LicenseStanding::Allowed, self.lists.span),
            });
            LicenseRuling { license: license.clone(), standing, span, exception: None }
        };
        let general = || of_lists(&[&self.lists]);
        let of_group = |group: Option<&LicenseLists>| match group {
            Some(lists) => of_lists(&[lists, &self.lists]),
            None => general(),
        };
        let strictest = subject.groups.iter().copied().map(of_group).min_by_key(|ruling| ruling.standing);
        let ruling = strictest.unwrap_or_else(general);
        if ruling.standing == LicenseStanding::Allowed {
            return ruling;
        }
        for (index, exception) in self.exceptions.iter().enumerate() {
            let fits = exception.package == *subject.package
                && is_within(exception.version.as_ref(), subject.version);
            let term = exception.allow.iter().find(|term| fits && allows(&term.value, license).is_some());
            if let Some(term) = term {
                let span = Some(term.span);
                return LicenseRuling {
                    standing: LicenseStanding::Allowed,
                    span,
                    exception: Some(index),
                    ..ruling
                };
            }
        }
        ruling
    }

    /// Reads `[licenses]`; `place` is where it stands.
    pub(super) fn read(
        table: &DeTable<'_>,
        place: Range<usize>,
        wording: LicenseWording,
        ledger: &mut Ledger,
    ) -> Self {
        let span = ledger.span(place);
        let mut table = Table::new("licenses", table);
        let lists = LicenseLists::take("licenses", span, &mut table, wording, ledger);
        let exceptions = entries(&mut table, "exceptions", ledger, |entry, place, ledger| {
            exception(entry, place, wording, ledger)
        });
        let clarify = entries(&mut table, "clarify", ledger, |entry, place, ledger| {
            clarification(entry, place, wording, ledger)
        });
        table.finish(ledger);
        Self { span: Some(span), asked: false, lists, exceptions, clarify }
    }
}

/// The rulings of the parts that came out as the whole did. Of an `OR` that is allowed the first part is enough.
fn rulings_of(
    judged: Vec<(LicenseStanding, Vec<LicenseRuling>)>,
    standing: LicenseStanding,
) -> Vec<LicenseRuling> {
    let of_parts = judged.into_iter().filter(|(part, _)| *part == standing).flat_map(|(_, rulings)| rulings);
    let mut kept: Vec<LicenseRuling> = Vec::new();
    for ruling in of_parts {
        if !kept.contains(&ruling) {
            kept.push(ruling);
        }
    }
    kept
}

/// Without a version nothing is within a range: an entry speaks about no more than it names.
fn is_within(range: Option<&Constraint>, version: Option<&Version>) -> bool {
    range.is_none_or(|range| version.is_some_and(|version| range.admits(version)))
}

/// How much an entry says about a license; the most last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Property,
    License,
    WithException,
}

impl LicenseLists {
    /// Reads `allow` and `deny` of a table.
    pub(super) fn take(
        title: &str,
        span: Span,
        table: &mut Table<'_, '_>,
        wording: LicenseWording,
        ledger: &mut Ledger,
    ) -> Self {
        let allow = table.take("allow");
        let place = allow.map_or(span, |value| ledger.span(value.span()));
        let allow = allow.map(|value| terms(&format!("{title}.allow"), value, wording, ledger));
        let deny = table.take("deny").map(|value| terms(&format!("{title}.deny"), value, wording, ledger));
        Self { allow, deny: deny.unwrap_or_default(), span: Some(place) }
    }

    /// What these lists say about a license; `None` when nothing.
    fn rule(&self, license: &SimpleLicense) -> Option<(LicenseStanding, Option<Span>)> {
        let allow = self.allow.iter().flatten().filter_map(|term| {
            Some((allows(&term.value, license)?, LicenseStanding::Allowed, Some(term.span)))
        });
        let deny = self.deny.iter().filter_map(|term| {
            Some((denies(&term.value, license)?, LicenseStanding::Denied, Some(term.span)))
        });
        // Of those that say most the first that denies, else the first that allows.
        let said = deny.chain(allow).reduce(|best, next| if next.0 > best.0 { next } else { best });
        said.map(|(_, standing, span)| (standing, span))
    }
}

/// Whether an entry that allows speaks about a license. An exception has to be named: it changes the terms.
fn allows(term: &LicenseTerm, license: &SimpleLicense) -> Option<Weight> {
    let wanted = match property(term, license) {
        Ok(has) => return has.then_some(Weight::Property),
        Err(wanted) => wanted,
    };
    let is_meant = wanted.exception == license.exception
        && match (&wanted.family, &license.family) {
            (Some(allowed), Some(offered)) => {
                allowed.name == offered.name
                    && offered.versions.iter().any(|version| allowed.versions.contains(version))
            }
            _ => wanted.id == license.id,
        };
    is_meant.then(|| weight(wanted))
}

/// Whether an entry that denies speaks about a license: about all versions that may be chosen. Without an exception it
/// speaks about those with one as well.
fn denies(term: &LicenseTerm, license: &SimpleLicense) -> Option<Weight> {
    let wanted = match property(term, license) {
        Ok(has) => return has.then_some(Weight::Property),
        Err(wanted) => wanted,
    };
    let is_meant = (wanted.exception.is_none() || wanted.exception == license.exception)
        && match (&wanted.family, &license.family) {
            (Some(denied), Some(offered)) => {
                denied.name == offered.name
                    && offered.versions.iter().all(|version| denied.versions.contains(version))
            }
            _ => wanted.id == license.id,
        };
    is_meant.then(|| weight(wanted))
}

fn weight(license: &SimpleLicense) -> Weight {
    if license.exception.is_some() { Weight::WithException } else { Weight::License }
}

/// Whether a license has the property that an entry names, or the license that it names.
fn property<'a>(term: &'a LicenseTerm, license: &SimpleLicense) -> Result<bool, &'a SimpleLicense> {
    match term {
        LicenseTerm::License(wanted) => Err(wanted),
        LicenseTerm::OsiApproved => Ok(license.properties.osi_approved),
        LicenseTerm::FsfLibre => Ok(license.properties.fsf_libre),
        LicenseTerm::Copyleft => Ok(license.properties.copyleft),
    }
}

/// A list of licenses.
fn terms(
    title: &str,
    value: &Spanned<DeValue<'_>>,
    wording: LicenseWording,
    ledger: &mut Ledger,
) -> Vec<Placed<LicenseTerm>> {
    let help = || Some("write for example [\"MIT\", \"Apache-2.0\"]".to_owned());
    let Some(list) = value.get_ref().as_array() else {
        ledger.complain(value.span(), format!("`{title}` must be a list of licenses"), help());
        return Vec::new();
    };
    if list.len() > LIST_LIMIT {
        let message = format!("`{title}` must not have more than {LIST_LIMIT} licenses");
        ledger.complain(value.span(), message, None);
        return Vec::new();
    }
    let mut terms = Vec::with_capacity(list.len());
    for entry in list {
        let Some(text) = entry.get_ref().as_str() else {
            ledger.complain(entry.span(), format!("`{title}` must be a list of licenses"), help());
            continue;
        };
        match (wording.term)(text) {
            Ok(value) => terms.push(Placed { value, span: ledger.span(entry.span()) }),
            Err(error) => {
                let message = if error.message.contains("is no license") {
                    error.message
                } else {
                    format!("`{}` is no license: {}", short(text), error.message)
                };
                ledger.complain(inside(entry.span(), text, &error.range), message, error.help);
            }
        }
    }
    terms
}

/// The place of a part of a string, when it is written without escapes: then it is as long as its text and two quotes.
fn inside(place: Range<usize>, text: &str, part: &Range<usize>) -> Range<usize> {
    if place.len() == text.len() + 2 && part.end <= text.len() {
        let start = place.start + 1;
        start + part.start..start + part.end.max(part.start)
    } else {
        place
    }
}

/// A list of tables.
fn entries<T>(
    table: &mut Table<'_, '_>,
    key: &'static str,
    ledger: &mut Ledger,
    read: impl Fn(&DeTable<'_>, Range<usize>, &mut Ledger) -> Option<T>,
) -> Vec<T> {
    let Some(value) = table.take(key) else { return Vec::new() };
    let message = format!("`licenses.{key}` must be a list of tables");
    let help = format!("write each as its own [[licenses.{key}]] table");
    let Some(list) = value.get_ref().as_array() else {
        ledger.complain(value.span(), message, Some(help));
        return Vec::new();
    };
    if list.len() > LIST_LIMIT {
        let message = format!("`licenses.{key}` must not have more than {LIST_LIMIT} entries");
        ledger.complain(value.span(), message, None);
        return Vec::new();
    }
    let mut found = Vec::with_capacity(list.len());
    for entry in list {
        match entry.get_ref().as_table() {
            Some(table) => found.extend(read(table, entry.span(), ledger)),
            None => ledger.complain(entry.span(), message.clone(), Some(help.clone())),
        }
    }
    found
}

/// What exceptions and clarifications have in common.
struct About {
    package: PackageName,
    version: Option<Constraint>,
    reason: Option<String>,
    span: Span,
}

fn about(title: &str, place: Range<usize>, table: &mut Table<'_, '_>, ledger: &mut Ledger) -> Option<About> {
    let before = ledger.complaints.len();
    let package = table.string("package", ledger);
    let version = table.string("version", ledger);
    let reason = table.string("reason", ledger);
    let version = version.and_then(|(text, place)| {
        let exact = Version::new(text).is_pep440().then(|| format!("=={text}"));
        let range = Constraint::parse(exact.as_deref().unwrap_or(text));
        if range.is_none() {
            let message =
                format!("`{title}.version` must be a version or a specifier, not `{}`", short(text));
            ledger.complain(place, message, Some("for example \"1.2.0\" or \">=2,<3\"".to_owned()));
        }
        range
    });
    let named = package.clone().filter(|(name, _)| PackageName::new(name).is_well_formed());
    let Some((name, name_place)) = named else {
        if ledger.complaints.len() == before {
            let place = package.map_or(place, |(_, place)| place);
            let help = Some("write for example package = \"acme-x\"".to_owned());
            ledger.complain(place, format!("an entry of `{title}` must name a `package`"), help);
        }
        return None;
    };
    let reason = reason.map(|(text, _)| text.trim().to_owned()).filter(|text| !text.is_empty());
    Some(About { package: PackageName::new(name), version, reason, span: ledger.span(name_place) })
}

fn exception(
    table: &DeTable<'_>,
    place: Range<usize>,
    wording: LicenseWording,
    ledger: &mut Ledger,
) -> Option<LicenseException> {
    let title = "licenses.exceptions";
    let mut table = Table::new(title, table);
    let about = about(title, place.clone(), &mut table, ledger);
    let allow = table.take("allow");
    table.finish(ledger);
    let Some(allow) = allow else {
        let help = Some("write for example allow = [\"LGPL-2.1-or-later\"]".to_owned());
        ledger.complain(place, "an exception must say what it allows", help);
        return None;
    };
    let allow = terms("licenses.exceptions.allow", allow, wording, ledger);
    let About { package, version, reason, span } = about?;
    Some(LicenseException { package, version, allow, reason, span })
}

fn clarification(
    table: &DeTable<'_>,
    place: Range<usize>,
    wording: LicenseWording,
    ledger: &mut Ledger,
) -> Option<Clarification> {
    let title = "licenses.clarify";
    let mut table = Table::new(title, table);
    let about = about(title, place.clone(), &mut table, ledger);
    let before = ledger.complaints.len();
    let written = table.string("expression", ledger);
    table.finish(ledger);
    let Some((text, text_place)) = written else {
        if ledger.complaints.len() == before {
            let help = Some("write for example expression = \"MIT\"".to_owned());
            ledger.complain(place, "a clarification must say which `expression` holds", help);
        }
        return None;
    };
    let expression = match (wording.expression)(text) {
        Ok(expression) => expression,
        Err(error) => {
            let message = format!("`{}` is no license expression: {}", short(text), error.message);
            ledger.complain(inside(text_place, text, &error.range), message, error.help);
            return None;
        }
    };
    let About { package, version, reason, span } = about?;
    let expression_span = ledger.span(text_place);
    Some(Clarification { package, version, expression, reason, span, expression_span })
}
