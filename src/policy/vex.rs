//! VEX documents: what somebody says about vulnerabilities of products. OpenVEX 0.2.0.
//!
//! [`read_vex`] takes the text of a document; [`vex_ignores`] holds its statements against a project and gives the ignores
//! that they come to. Of statements about one vulnerability and one package the latest counts.

use crate::model::Arrange as _;
use std::ops::Range;

use jiff::Timestamp;

use super::config::Complaint;
use super::ignore::{Ignore, IgnoreOrigin, same_flaw};
use super::json::{Entry, Json};
use super::purl::Purl;
use super::table::short;
use crate::model::{PackageName, SourceId, Span, VEX_JUSTIFICATIONS, Version, VexStatus};

/// The contexts that are read.
const CONTEXT: &str = "https://openvex.dev/ns/v0.2.0";
/// More statements than this in one document are refused.
const STATEMENT_LIMIT: usize = 100_000;
/// How many products a message names.
const NAMED: usize = 3;

/// A statement of a VEX document.
#[derive(Debug, Clone)]
pub struct VexStatement {
    /// The vulnerability: its name, then every other id.
    ids: Vec<String>,
    status: VexStatus,
    justification: Option<String>,
    /// The reason, in words.
    reason: String,
    time: Timestamp,
    products: Vec<Product>,
    /// Where the vulnerability is named.
    span: Span,
    /// Why the statement counts for nothing.
    fault: Option<&'static str>,
}

impl VexStatement {
    fn ids(&self) -> Vec<&str> {
        self.ids.iter().map(String::as_str).collect()
    }
}

#[derive(Debug, Clone)]
struct Product {
    component: Component,
    subcomponents: Vec<Component>,
}

/// What a product or subcomponent is called, and where.
#[derive(Debug, Clone)]
struct Component {
    written: String,
    purl: Option<Purl>,
    span: Span,
}

/// What statements are held against.
pub struct VexProject<'a> {
    /// What is audited; without a version when all that a requirement admits is.
    pub packages: &'a [(PackageName, Option<Version>)],
    /// What the project itself is called.
    pub names: Vec<PackageName>,
}

/// Reads a document.
///
/// # Errors
/// Every complaint, in the order of the text: what is no JSON (the first error only), another notation than OpenVEX 0.2.0,
/// a word that it does not know, a time that is none, a key that stands twice.
pub fn read_vex(text: &str, source: SourceId) -> Result<Vec<VexStatement>, Vec<Complaint>> {
    let mut reader = Reader { source, complaints: Vec::new(), time: None };
    let statements = match Json::parse(text) {
        Ok(json) => reader.document(&json),
        Err((at, why)) => {
            reader.complain(at..at, format!("this is no JSON: {why}"), None);
            Vec::new()
        }
    };
    if reader.complaints.is_empty() { Ok(statements) } else { Err(reader.complaints) }
}

struct Reader {
    source: SourceId,
    complaints: Vec<Complaint>,
    /// The time of the document.
    time: Option<Timestamp>,
}

impl Reader {
    fn complain(&mut self, range: Range<usize>, message: impl Into<String>, help: Option<&str>) {
        let (span, help) = (Span::new(self.source, range), help.map(str::to_owned));
        self.complaints.push(Complaint { span, message: message.into(), help });
    }

    /// The entries of an object; a key that is read must not stand twice.
    fn object<'a>(&mut self, json: &Json<'a>, what: &str, known: &[&str]) -> Option<Vec<Entry<'a>>> {
        if !json.is_object() {
            self.complain(json.range.clone(), format!("{what} must be an object"), None);
            return None;
        }
        let entries = json.entries();
        for (index, entry) in
            entries.iter().enumerate().filter(|(_, entry)| known.contains(&entry.key.as_str()))
        {
            if entries.iter().take(index).any(|before| before.key == entry.key) {
                self.complain(entry.place.clone(), format!("`{}` stands twice in {what}", entry.key), None);
            }
        }
        Some(entries)
    }

    /// A string of an object.
    fn text(&mut self, entries: &[Entry<'_>], key: &str) -> Option<(String, Range<usize>)> {
        let value = &entries.iter().find(|entry| entry.key == key)?.value;
        let text = value.string();
        if text.is_none() {
            self.complain(value.range.clone(), format!("`{key}` must be a string"), None);
        }
        Some((text?, value.range.clone()))
    }

    /// The items of a list of an object.
    fn list<'a>(&mut self, entries: &[Entry<'a>], key: &str) -> Option<Vec<Json<'a>>> {
        let value = &entries.iter().find(|entry| entry.key == key)?.value;
        if !value.is_list() {
            self.complain(value.range.clone(), format!("`{key}` must be a list"), None);
            return None;
        }
        Some(value.items())
    }

    fn document(&mut self, json: &Json<'_>) -> Vec<VexStatement> {
        let Some(entries) = self.object(json, "a VEX document", &["@context", "timestamp", "statements"])
        else {
            return Vec::new();
        };
        let help = "OpenVEX 0.2.0 is read: \"@context\": \"https://openvex.dev/ns/v0.2.0\"";
        match self.text(&entries, "@context") {
            Some((context, _)) if context == CONTEXT => {}
            Some((context, place)) => {
                self.complain(place, format!("the context `{}` is not read", short(&context)), Some(help));
                return Vec::new();
            }
            None => {
                let start = json.range.start;
                self.complain(start..start + 1, "the document has no `@context`", Some(help));
                return Vec::new();
            }
        }
        self.time = self.timestamp(&entries);
        let Some(statements) = self.list(&entries, "statements") else {
            if self.complaints.is_empty() {
                let start = json.range.start;
                self.complain(start..start + 1, "the document has no `statements`", None);
            }
            return Vec::new();
        };
        if statements.len() > STATEMENT_LIMIT {
            let message = format!("a document must not have more than {STATEMENT_LIMIT} statements");
            self.complain(json.range.start..json.range.start + 1, message, None);
            return Vec::new();
        }
        statements.iter().filter_map(|statement| self.statement(statement)).collect()
    }

    fn timestamp(&mut self, entries: &[Entry<'_>]) -> Option<Timestamp> {
        let (text, place) = self.text(entries, "timestamp")?;
        let time = text.parse().ok();
        if time.is_none() {
            let message = format!("`{}` is no time", short(&text));
            self.complain(place, message, Some("write it as in RFC 3339: \"2026-11-21T12:00:00Z\""));
        }
        time
    }

    fn statement(&mut self, json: &Json<'_>) -> Option<VexStatement> {
        let known = ["vulnerability", "products", "status", "justification", "impact_statement", "timestamp"];
        let entries = self.object(json, "a statement", &known)?;
        let before = self.complaints.len();
        let start = json.range.start..json.range.start + 1;
        let vulnerability = entries.iter().find(|entry| entry.key == "vulnerability");
        if vulnerability.is_none() {
            self.complain(start.clone(), "a statement must name a `vulnerability`", None);
        }
        let vulnerability = vulnerability.and_then(|entry| self.vulnerability(&entry.value));
        let status = self.status(&entries, &start);
        let justification = self.justification(&entries);
        let impact = self.text(&entries, "impact_statement").map(|(text, _)| text.trim().to_owned());
        let impact = impact.filter(|text| !text.is_empty());
        let notes = self.text(&entries, "status_notes").map(|(text, _)| text.trim().to_owned());
        let has_time = entries.iter().any(|entry| entry.key == "timestamp");
        let time = if has_time { self.timestamp(&entries) } else { self.time };
        if time.is_none() && self.complaints.len() == before {
            self.complain(start, "neither the statement nor the document has a `timestamp`", None);
        }
        let products = self.list(&entries, "products").unwrap_or_default();
        let products: Vec<_> = products.iter().filter_map(|product| self.product(product)).collect();
        if self.complaints.len() > before {
            return None;
        }
        let ((ids, place), status) = (vulnerability?, status?);
        let fault = if status == VexStatus::NotAffected && justification.is_none() && impact.is_none() {
            Some("says not_affected without a justification or an impact_statement")
        } else if products.is_empty() {
            Some("names no product")
        } else {
            None
        };
        let words = [justification.clone(), impact.or(notes.filter(|text| !text.is_empty()))];
        let reason: Vec<String> = words.into_iter().flatten().collect();
        let reason = if reason.is_empty() { "fixed".to_owned() } else { reason.join(": ") };
        let span = Span::new(self.source, place);
        Some(VexStatement { ids, status, justification, reason, time: time?, products, span, fault })
    }

    fn status(&mut self, entries: &[Entry<'_>], start: &Range<usize>) -> Option<VexStatus> {
        let words = || VexStatus::ALL.map(VexStatus::as_str).join(", ");
        if !entries.iter().any(|entry| entry.key == "status") {
            self.complain(
                start.clone(),
                "a statement must have a `status`",
                Some(&format!("one of {}", words())),
            );
        }
        let (word, place) = self.text(entries, "status")?;
        let status = VexStatus::from_word(&word);
        if status.is_none() {
            let message = format!("`status` cannot be `{}`", short(&word));
            self.complain(place, message, Some(&format!("one of {}", words())));
        }
        status
    }

    fn justification(&mut self, entries: &[Entry<'_>]) -> Option<String> {
        let (word, place) = self.text(entries, "justification")?;
        if word.is_empty() {
            return None;
        }
        if !VEX_JUSTIFICATIONS.contains(&word.as_str()) {
            let message = format!("`justification` cannot be `{}`", short(&word));
            self.complain(place, message, Some(&format!("one of {}", VEX_JUSTIFICATIONS.join(", "))));
        }
        Some(word)
    }

    /// All ids of a vulnerability: its name, its aliases, and the last part of the address that is its `@id`.
    fn vulnerability(&mut self, json: &Json<'_>) -> Option<(Vec<String>, Range<usize>)> {
        let entries = self.object(json, "a `vulnerability`", &["@id", "name", "aliases"])?;
        let Some((name, place)) = self.text(&entries, "name").filter(|(name, _)| !name.trim().is_empty())
        else {
            let help = Some("write for example \"vulnerability\": {\"name\": \"CVE-2024-1234\"}");
            self.complain(json.range.start..json.range.start + 1, "a vulnerability must have a `name`", help);
            return None;
        };
        let mut ids = vec![name.trim().to_owned()];
        for alias in self.list(&entries, "aliases").unwrap_or_default() {
            match alias.string() {
                Some(text) => ids.push(text.trim().to_owned()),
                None => self.complain(alias.range, "an alias must be a string", None),
            }
        }
        let iri = self.text(&entries, "@id").map(|(iri, _)| iri);
        ids.extend(iri.and_then(|iri| Some(iri.trim_end_matches('/').rsplit(['/', ':']).next()?.to_owned())));
        ids.retain(|id| !id.is_empty());
        Some((ids, place))
    }

    fn product(&mut self, json: &Json<'_>) -> Option<Product> {
        let component = self.component(json)?;
        let entries = json.entries();
        let subcomponents = self.list(&entries, "subcomponents").unwrap_or_default();
        let subcomponents = subcomponents.iter().filter_map(|part| self.component(part)).collect();
        Some(Product { component, subcomponents })
    }

    /// A product or subcomponent: `identifiers.purl`, else `@id`.
    fn component(&mut self, json: &Json<'_>) -> Option<Component> {
        let entries = self.object(json, "a product", &["@id", "identifiers", "subcomponents"])?;
        let id = self.text(&entries, "@id");
        let identifiers = entries.iter().find(|entry| entry.key == "identifiers");
        let identifiers = identifiers.map(|entry| self.object(&entry.value, "`identifiers`", &["purl"]));
        let purl = identifiers.flatten().and_then(|entries| self.text(&entries, "purl"));
        let Some((written, place)) = purl.or(id) else {
            let help = Some("write for example \"@id\": \"pkg:pypi/jinja2@3.1.2\"");
            self.complain(
                json.range.start..json.range.start + 1,
                "a product must have an `@id` or a purl",
                help,
            );
            return None;
        };
        let purl = Purl::parse(&written);
        Some(Component { written, purl, span: Span::new(self.source, place) })
    }
}

/// What a statement is about in a project.
#[derive(Debug, Clone, PartialEq)]
struct Scope {
    /// `None`: whatever has the vulnerability.
    package: Option<PackageName>,
    version: Option<Version>,
}

impl Scope {
    /// Whether all of `other` is within it.
    fn covers(&self, other: &Self) -> bool {
        (self.package.is_none() || self.package == other.package)
            && (self.version.is_none() || self.version == other.version)
    }

    fn meets(&self, other: &Self) -> bool {
        let meet = |one: bool, same: bool| one || same;
        meet(self.package.is_none() || other.package.is_none(), self.package == other.package)
            && meet(self.version.is_none() || other.version.is_none(), self.version == other.version)
    }
}

impl VexProject<'_> {
    /// What a component is about when it is a package of the project.
    fn scope(&self, component: &Component) -> Option<Scope> {
        let (name, version) = component.purl.as_ref()?.package()?;
        let is_meant = |package: &&(PackageName, Option<Version>)| {
            package.0 == name && (version.is_none() || package.1 == version)
        };
        let found = self.packages.iter().find(is_meant)?;
        Some(Scope { package: Some(found.0.clone()), version })
    }

    /// Whether a component is the project itself: by the name of its purl or the last part of its address.
    fn is_own(&self, component: &Component) -> bool {
        let name = match &component.purl {
            Some(purl) => purl.name.as_str(),
            None => component.written.trim_end_matches('/').rsplit('/').next().unwrap_or_default(),
        };
        let name = PackageName::new(name.trim_end_matches(".git"));
        self.names.contains(&name)
    }

    /// What a statement is about here, each with its place; and what of it is not here.
    fn scopes<'s>(&self, statement: &'s VexStatement) -> (Vec<(Scope, Span)>, Vec<&'s Component>) {
        let (mut found, mut absent) = (Vec::new(), Vec::new());
        for product in &statement.products {
            let component = &product.component;
            let is_own = self.is_own(component);
            match (self.scope(component), product.subcomponents.as_slice()) {
                (Some(scope), []) => found.push((scope, component.span)),
                (None, []) if is_own => found.push((Scope { package: None, version: None }, component.span)),
                (_, parts) if is_own => {
                    for part in parts {
                        match self.scope(part) {
                            Some(scope) => found.push((scope, part.span)),
                            None => absent.push(part),
                        }
                    }
                }
                // What holds inside somebody else's product says nothing about this one.
                _ => absent.push(component),
            }
        }
        (found, absent)
    }
}

/// The ignores that the statements come to in a project, the latest first. A statement without a reason, and one about
/// nothing of the project, is an ignore with a fault.
pub fn vex_ignores(statements: &[VexStatement], project: &VexProject<'_>) -> Vec<Ignore> {
    let mut latest: Vec<&VexStatement> = statements.iter().collect();
    latest.arrange_by_key(|statement| std::cmp::Reverse(statement.time));
    let mut ignores = Vec::new();
    // What is said to be affected, or not yet known: against it only a later statement counts.
    let mut open: Vec<(&VexStatement, Scope)> = Vec::new();
    let scoped: Vec<_> = latest.iter().map(|statement| (*statement, project.scopes(statement))).collect();
    for (statement, (scopes, _)) in &scoped {
        if matches!(statement.status, VexStatus::Affected | VexStatus::UnderInvestigation) {
            open.extend(scopes.iter().map(|(scope, _)| (*statement, scope.clone())));
        }
    }
    for (statement, (scopes, absent)) in scoped {
        let Some(id) = statement.ids.first() else { continue };
        let origin =
            || IgnoreOrigin::Vex { status: statement.status, justification: statement.justification.clone() };
        let faulty =
            |fault: String, span| Ignore { fault: Some(fault), ..Ignore::new(id.as_str(), origin(), span) };
        if let Some(fault) = statement.fault {
            ignores.push(faulty(
                format!("the statement about {} {fault}: it hides nothing", short(id)),
                statement.span,
            ));
            continue;
        }
        if let Some(first) = absent.first() {
            let mut named: Vec<String> = absent.iter().take(NAMED).map(|part| short(&part.written)).collect();
            if absent.len() > NAMED {
                named.push(format!("{} more", absent.len() - NAMED));
            }
            let fault = format!(
                "the statement about {} speaks about what is not in this project: {}",
                short(id),
                named.join(", ")
            );
            ignores.push(faulty(fault, first.span));
        }
        if matches!(statement.status, VexStatus::Affected | VexStatus::UnderInvestigation) {
            continue;
        }
        for (scope, span) in scopes {
            let same = |other: &VexStatement| same_flaw(&other.ids(), &statement.ids());
            let mut against = open
                .iter()
                .filter(|(other, _)| other.time >= statement.time && same(other))
                .map(|(_, scope)| scope);
            if against.clone().any(|other| other.covers(&scope)) {
                continue; // superseded
            }
            if against.any(|other| other.meets(&scope)) {
                let fault = format!(
                    "a later statement about {} contradicts this one in part: it hides nothing",
                    short(id)
                );
                ignores.push(faulty(fault, span));
                continue;
            }
            let mut ignore = Ignore::new(id.as_str(), origin(), span);
            ignore.aliases = statement.ids.iter().skip(1).cloned().collect();
            ignore.package = scope.package;
            ignore.exactly = scope.version;
            ignore.reason = Some(statement.reason.clone());
            ignores.push(ignore);
        }
    }
    ignores
}
