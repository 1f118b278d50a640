//! From the text of a policy to a [`Policy`], or to every complaint about it.

use crate::model::Arrange as _;
use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ignore::{Ignore, IgnoreOrigin};
use super::indexes::IndexesPolicy;
use super::licenses::{LicenseLists, LicensesPolicy};
use super::names::NamesPolicy;
use super::table::{Ledger, Table, nearest_help, short};
use super::value::{FailOn, MaxAge, Placed, parse_date};
use crate::model::{Constraint, Level, LicenseWording, PackageName, Rule, Severity, SourceId, Span};

/// How many paths `database.extra` may have.
const EXTRA_LIMIT: usize = 100;

/// The id with which an ignore accepts a skip.
const UNSUPPORTED_INPUT: &str = "unsupported-input";

/// Which file a policy stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `audit.toml`, or a file given with `--config`: the keys stand at the top.
    AuditToml,
    /// `pyproject.toml`: they stand in `[tool.audit]`.
    Pyproject,
}

/// Something wrong in a policy, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Where.
    pub span: Span,
    /// What is wrong; lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// What holds for one dependency group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupPolicy {
    /// Its own threshold.
    pub fail_on: Option<FailOn>,
    /// `[groups.NAME.licenses]`: asked before what holds for every package.
    pub licenses: Option<LicenseLists>,
}

/// A policy, with defaults where it says nothing.
#[derive(Debug, Clone)]
pub struct Policy {
    /// From which severity on a vulnerability fails the run.
    pub fail_on: FailOn,
    /// `require-lock = true`: requirements without what they pull in fail the run.
    pub require_lock: Option<Placed<bool>>,
    /// Levels by rule id.
    pub rules: BTreeMap<String, Placed<Level>>,
    /// What holds for single groups.
    pub groups: BTreeMap<String, GroupPolicy>,
    /// How a record without a usable vector counts.
    pub unknown_severity: Severity,
    /// `fail-on-kev`: a vulnerability that is known to be exploited fails the run whatever its severity. Unset: it
    /// does, but for `fail-on = "never"`.
    pub fail_on_kev: Option<bool>,
    /// `fail-on-fixable`: one without a safe version only warns.
    pub fail_on_fixable: bool,
    /// How old the advisory data may be before the run fails.
    pub max_age: Option<Placed<MaxAge>>,
    /// Folders and files of advisories to use besides, relative to the policy.
    pub extra: Vec<Placed<String>>,
    /// Which names are private, and which are trusted.
    pub names: NamesPolicy,
    /// Which package indexes are private.
    pub indexes: IndexesPolicy,
    /// Which licenses are accepted.
    pub licenses: LicensesPolicy,
    /// `[since] news`: the level of a new advisory on a dependency that the change under review does not touch.
    pub news: Level,
    /// The ignores, in the order of the file.
    pub ignores: Vec<Ignore>,
}

impl Policy {
    /// Whether there is a policy about licenses: a table that says what is accepted, or a level for a rule about them.
    pub fn judges_licenses(&self) -> bool {
        self.licenses.span.is_some()
            || self.licenses.asked
            || self.groups.values().any(|group| group.licenses.is_some())
            || self.rules.iter().any(|(id, level)| id.starts_with("license-") && level.value > Level::Allow)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            fail_on: FailOn::At(Severity::Low),
            require_lock: None,
            rules: BTreeMap::new(),
            groups: BTreeMap::new(),
            unknown_severity: Severity::High,
            fail_on_kev: None,
            fail_on_fixable: false,
            max_age: None,
            extra: Vec::new(),
            names: NamesPolicy::default(),
            indexes: IndexesPolicy::default(),
            licenses: LicensesPolicy::default(),
            news: Level::Warn,
            ignores: Vec::new(),
        }
    }
}

/// Reads a policy. `Ok(None)`: a `pyproject.toml` without `[tool.audit]`.
///
/// # Errors
/// Every complaint, in the order of the text: TOML that does not parse (the first error only), unknown keys,
/// values of a wrong type or outside their words, ignores without an id.
pub fn read(
    text: &str,
    source: SourceId,
    dialect: Dialect,
    rules: &[&'static Rule],
    licenses: LicenseWording,
) -> Result<Option<Policy>, Vec<Complaint>> {
    let mut ledger = Ledger::new(source);
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(error) => {
            ledger.complain(error.span().unwrap_or(0..0), error.message().replace('\n', ", "), None);
            return Err(ledger.complaints);
        }
    };
    let root = match dialect {
        Dialect::AuditToml => document.get_ref(),
        Dialect::Pyproject => match audit_table(document.get_ref()) {
            None => return Ok(None),
            Some(value) => {
                let Some(table) = value.get_ref().as_table() else {
                    ledger.complain(value.span(), "`tool.audit` must be a table", None);
                    return Err(ledger.complaints);
                };
                table
            }
        },
    };
    let policy = Reader { ledger: &mut ledger, rules, licenses }.policy(root);
    if ledger.complaints.is_empty() {
        Ok(Some(policy))
    } else {
        ledger.complaints.arrange_by_key(|complaint| complaint.span);
        Err(ledger.complaints)
    }
}

/// Whether the text of a `pyproject.toml` has a table `[tool.audit]`, however it is spelled.
pub fn has_table(text: &str) -> bool {
    DeTable::parse(text).is_ok_and(|document| audit_table(document.get_ref()).is_some())
}

fn audit_table<'a, 'i>(document: &'a DeTable<'i>) -> Option<&'a Spanned<DeValue<'i>>> {
    let child = |table: &'a DeTable<'i>, name: &str| {
        table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
    };
    child(child(document, "tool")?.get_ref().as_table()?, "audit")
}

struct Reader<'a> {
    ledger: &'a mut Ledger,
    rules: &'a [&'static Rule],
    licenses: LicenseWording,
}

impl Reader<'_> {
    fn policy(&mut self, root: &DeTable<'_>) -> Policy {
        let mut policy = Policy::default();
        let mut table = Table::new("", root);
        if let Some(fail_on) = self.fail_on(&mut table) {
            policy.fail_on = fail_on;
        }
        policy.require_lock = table
            .boolean("require-lock", self.ledger)
            .map(|(value, range)| Placed { value, span: self.ledger.span(range) });
        if let Some(rules) = table.table("rules", self.ledger) {
            policy.rules = self.levels(rules);
        }
        if let Some(groups) = table.table("groups", self.ledger) {
            policy.groups = self.groups(groups);
        }
        if let Some(vulnerabilities) = table.table("vulnerabilities", self.ledger) {
            let mut table = Table::new("vulnerabilities", vulnerabilities);
            if let Some(severity) = self.unknown_severity(&mut table) {
                policy.unknown_severity = severity;
            }
            policy.fail_on_kev = table.boolean("fail-on-kev", self.ledger).map(|(value, _)| value);
            policy.fail_on_fixable =
                table.boolean("fail-on-fixable", self.ledger).is_some_and(|(value, _)| value);
            table.finish(self.ledger);
        }
        if let Some(database) = table.table("database", self.ledger) {
            let mut table = Table::new("database", database);
            policy.max_age = self.max_age(&mut table);
            policy.extra = self.extra(&mut table);
            table.finish(self.ledger);
        }
        if let Some(names) = table.table("names", self.ledger) {
            policy.names = NamesPolicy::read(names, self.ledger);
        }
        if let Some(indexes) = table.table("indexes", self.ledger) {
            policy.indexes = IndexesPolicy::read(indexes, self.ledger);
        }
        if let Some(value) = table.take("licenses") {
            match value.get_ref().as_table() {
                Some(licenses) => {
                    policy.licenses =
                        LicensesPolicy::read(licenses, value.span(), self.licenses, self.ledger);
                }
                None => self.ledger.complain(value.span(), "`licenses` must be a table", None),
            }
        }
        if let Some(since) = table.table("since", self.ledger) {
            let mut table = Table::new("since", since);
            let news = table.take("news").and_then(|value| self.level("since.news", value));
            policy.news = news.unwrap_or(policy.news);
            table.finish(self.ledger);
        }
        if let Some(ignores) = table.take("ignore") {
            policy.ignores = self.ignores(ignores);
        }
        table.finish(self.ledger);
        policy
    }

    fn fail_on(&mut self, table: &mut Table<'_, '_>) -> Option<FailOn> {
        let (word, range) = table.string("fail-on", self.ledger)?;
        let fail_on = FailOn::from_word(word);
        if fail_on.is_none() {
            self.one_of("fail-on", word, range, &FailOn::WORDS);
        }
        fail_on
    }

    fn unknown_severity(&mut self, table: &mut Table<'_, '_>) -> Option<Severity> {
        const WORDS: [&str; 5] = ["none", "low", "medium", "high", "critical"];
        let (word, range) = table.string("unknown-severity", self.ledger)?;
        if !WORDS.contains(&word) {
            self.one_of("vulnerabilities.unknown-severity", word, range, &WORDS);
            return None;
        }
        Severity::from_word(word)
    }

    fn max_age(&mut self, table: &mut Table<'_, '_>) -> Option<Placed<MaxAge>> {
        let (text, range) = table.string("max-age", self.ledger)?;
        let Some(value) = MaxAge::from_text(text) else {
            let message =
                format!("`database.max-age` must be a number of days or weeks, not `{}`", short(text));
            self.ledger.complain(range, message, Some("write for example \"90d\" or \"12w\"".to_owned()));
            return None;
        };
        Some(Placed { value, span: self.ledger.span(range) })
    }

    fn extra(&mut self, table: &mut Table<'_, '_>) -> Vec<Placed<String>> {
        let Some(value) = table.take("extra") else { return Vec::new() };
        let help = || Some("write for example extra = [\"advisories/\"]".to_owned());
        let Some(entries) = value.get_ref().as_array() else {
            self.ledger.complain(value.span(), "`database.extra` must be a list of paths", help());
            return Vec::new();
        };
        if entries.len() > EXTRA_LIMIT {
            let message = format!("`database.extra` must not have more than {EXTRA_LIMIT} paths");
            self.ledger.complain(value.span(), message, None);
        }
        let mut paths = Vec::new();
        for entry in entries {
            let usable = |text: &&str| !text.trim().is_empty() && !text.chars().any(char::is_control);
            match entry.get_ref().as_str().filter(usable) {
                Some(path) => {
                    paths.push(Placed { value: path.to_owned(), span: self.ledger.span(entry.span()) });
                }
                None => {
                    self.ledger.complain(entry.span(), "`database.extra` must be a list of paths", help());
                }
            }
        }
        paths
    }

    fn levels(&mut self, table: &DeTable<'_>) -> BTreeMap<String, Placed<Level>> {
        let mut levels = BTreeMap::new();
        for (id, place, value) in Table::new("rules", table).rest() {
            match self.rules.iter().find(|rule| rule.id == id) {
                None => {
                    let known = self.rules.iter().filter(|rule| rule.configurable).map(|rule| rule.id);
                    let help = nearest_help(id, known);
                    self.ledger.complain(place, format!("unknown rule `{}`", short(id)), Some(help));
                    continue;
                }
                Some(rule) if !rule.configurable => {
                    let help =
                        "accept single skips with an [[ignore]] that has a package or a path".to_owned();
                    self.ledger.complain(place, format!("no level can be set for `{id}`"), Some(help));
                    continue;
                }
                Some(_) => {}
            }
            if let Some(level) = self.level(&format!("rules.{id}"), value) {
                levels.insert(id.to_owned(), Placed { value: level, span: self.ledger.span(value.span()) });
            }
        }
        levels
    }

    fn level(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Level> {
        const WORDS: [&str; 4] = ["allow", "note", "warn", "deny"];
        let Some(word) = value.get_ref().as_str() else {
            let message = format!("`{key}` must be a level");
            self.ledger.complain(value.span(), message, Some(format!("one of {}", WORDS.join(", "))));
            return None;
        };
        let level = Level::from_word(word);
        if level.is_none() {
            self.one_of(key, word, value.span(), &WORDS);
        }
        level
    }

    fn groups(&mut self, table: &DeTable<'_>) -> BTreeMap<String, GroupPolicy> {
        let mut groups = BTreeMap::new();
        for (name, _, value) in Table::new("groups", table).rest() {
            let Some(entry) = value.get_ref().as_table() else {
                let message = format!("`groups.{}` must be a table", short(name));
                self.ledger.complain(value.span(), message, None);
                continue;
            };
            let title = format!("groups.{}", short(name));
            let mut entry = Table::new(&title, entry);
            let fail_on = self.fail_on(&mut entry);
            let licenses = self.group_licenses(&title, &mut entry);
            entry.finish(self.ledger);
            groups.insert(name.to_owned(), GroupPolicy { fail_on, licenses });
        }
        groups
    }

    fn group_licenses(&mut self, title: &str, group: &mut Table<'_, '_>) -> Option<LicenseLists> {
        let value = group.take("licenses")?;
        let title = format!("{title}.licenses");
        let Some(entries) = value.get_ref().as_table() else {
            self.ledger.complain(value.span(), format!("`{title}` must be a table"), None);
            return None;
        };
        let mut table = Table::new(&title, entries);
        let span = self.ledger.span(value.span());
        let lists = LicenseLists::take(&title, span, &mut table, self.licenses, self.ledger);
        table.finish(self.ledger);
        Some(lists)
    }

    fn ignores(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<Ignore> {
        let Some(entries) = value.get_ref().as_array() else {
            let help = Some("write each as its own [[ignore]] table".to_owned());
            self.ledger.complain(value.span(), "`ignore` must be a list of tables", help);
            return Vec::new();
        };
        entries.iter().filter_map(|entry| self.ignore(entry)).collect()
    }

    fn ignore(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Ignore> {
        let Some(entry) = value.get_ref().as_table() else {
            self.ledger.complain(value.span(), "an ignore must be a table", None);
            return None;
        };
        let mut table = Table::new("ignore", entry);
        let before = self.ledger.complaints.len();
        let id = table.string("id", self.ledger).filter(|(id, _)| !id.trim().is_empty());
        let package = table.string("package", self.ledger);
        let version = table.string("version", self.ledger);
        let path = table.string("path", self.ledger);
        let reason = table.string("reason", self.ledger);
        let until = table.take("until");
        table.finish(self.ledger);
        let Some((id, id_place)) = id else {
            if self.ledger.complaints.len() == before {
                let help = Some("any id of the advisory: id = \"CVE-…\"".to_owned());
                self.ledger.complain(value.span(), "an ignore must have an `id`", help);
            }
            return None;
        };
        let is_rule = self.rules.iter().any(|rule| rule.id == id);
        if is_rule && package.is_none() && path.is_none() {
            let help = if id == UNSUPPORTED_INPUT {
                "say which skip it accepts"
            } else {
                "to turn a whole rule off, set its level in [rules]"
            };
            let message = format!("an ignore of `{id}` needs a `package` or a `path`");
            self.ledger.complain(id_place.clone(), message, Some(help.to_owned()));
        }
        let version = version.and_then(|(text, place)| {
            let range = Constraint::parse(text);
            if range.is_none() {
                let message = format!("`ignore.version` must be a version specifier, not `{}`", short(text));
                self.ledger.complain(place, message, Some("for example \"<3.1\" or \">=2,<3\"".to_owned()));
            }
            range
        });
        let until = until.and_then(|value| self.date(value));
        let mut ignore = Ignore::new(id.trim(), IgnoreOrigin::Policy, self.ledger.span(id_place));
        ignore.package = package.map(|(name, _)| PackageName::new(name));
        ignore.version = version;
        ignore.path = path.map(|(path, _)| path.replace('\\', "/"));
        ignore.reason = reason.map(|(text, _)| text.trim().to_owned()).filter(|text| !text.is_empty());
        ignore.until = until;
        Some(ignore)
    }

    fn date(&mut self, value: &Spanned<DeValue<'_>>) -> Option<jiff::civil::Date> {
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let date = parse_date(&text);
        if date.is_none() {
            let help = Some("write for example until = 2026-12-31".to_owned());
            self.ledger.complain(value.span(), "`ignore.until` must be a day that exists", help);
        }
        date
    }

    fn one_of(&mut self, key: &str, word: &str, place: Range<usize>, words: &[&'static str]) {
        let message = format!("`{key}` cannot be `{}`", short(word));
        self.ledger.complain(place, message, Some(format!("one of {}", words.join(", "))));
    }
}
