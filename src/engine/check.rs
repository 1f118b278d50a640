//! A whole audit: read, look up, weigh, settle.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::against::{self, Against, Comparison, Opened};
use super::check_unit::{Checked, Checking, Joined, NOT_USED, ProjectCheck, check_unit, join};
use super::collect::{Collection, Request};
use super::error::Error;
use super::file_system::FileSystem;
use super::ignores;
use super::license_report::license_report;
use super::license_rows;
use super::licensing::{LicenseUses, Shelves};
use super::own_texts::OwnTexts;
use super::past::Past;
use super::pip_config;
use super::policy_file::{self, Found, PolicyChoice};
use super::selection;
use super::settle::{self, Unsettled};
use super::units::each_unit;
use super::untrusted::Untrusted;
use super::vex;
use crate::advisory::{self, Database};
use crate::model::{Finding, Group, Level, Note, Report, Rule, Selected, SourceMap, Sources};
use crate::policy::{FailOn, MaxAge, Policy};
use crate::rules::{self, Check, RunContext};

/// Everything that the command line says about how to audit.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where the policy comes from.
    pub policy: PolicyChoice,
    /// `--deny`, `--warn`, `--allow`, in the order in which they were written: the last one about a rule counts.
    pub levels: Vec<(String, Level)>,
    /// `--fail-on`.
    pub fail_on: Option<FailOn>,
    /// `--ignore` with its `--reason`.
    pub ignores: Vec<(String, String)>,
    /// `--db`.
    pub database: Option<PathBuf>,
    /// `--vex`: documents that say which vulnerabilities do not matter.
    pub vex: Vec<PathBuf>,
    /// The folder of the user's store.
    pub data_folder: Option<PathBuf>,
    /// `--metadata`: folders with the metadata of releases.
    pub metadata: Vec<PathBuf>,
    /// Only the licenses: their rules, and the rows of the license report.
    pub only_licenses: bool,
    /// A report is wanted that lists the packages with their graph and licenses.
    pub wants_packages: bool,
    /// `--pip-config`.
    pub pip_config: Option<PathBuf>,
    /// `--max-db-age`.
    pub max_age: Option<MaxAge>,
    /// What the run is compared with.
    pub against: Against,
    /// `--allow-incomplete`.
    pub allow_incomplete: bool,
    /// The day that counts as today (UTC).
    pub today: Date,
}

/// A settled report with the texts that its places point into.
#[derive(Debug)]
pub struct Audit {
    /// What was found.
    pub report: Report,
    /// The texts.
    pub sources: SourceMap,
}

/// The advisory database of a run: the named file alone, or the user's store and the embedded snapshot.
///
/// # Errors
/// A store that cannot be read or is damaged.
pub fn open_database(file: Option<&Path>, data_folder: Option<&Path>) -> Result<Database, Error> {
    let opened = match file {
        Some(file) => Database::open(file),
        None => Database::for_user(data_folder),
    };
    opened.map_err(Error::from)
}

/// Audits.
///
/// # Errors
/// Why the run could not take place: a path, the policy, the database. Nothing was audited then.
pub fn audit(request: &Request, options: &Options) -> Result<Audit, Error> {
    let here = here(request);
    let Opened { collection, comparison } = against::open(request, &options.against, &here)?;
    let Collection { units, mut skipped, mut notes, policies, whole_root, root } = collection;
    let mut own = OwnTexts::new();
    let judge = Comparison::judge(comparison.as_ref());
    let (found, mut untrusted) =
        in_force(comparison.as_ref(), &judge, options, &here, &root, &mut own.sources)?;
    notes.extend(untrusted.note.take());
    let (mut database, said, unread) = super::extra::open(options, &found, &root, &own.sources)?;
    notes.extend(said);
    // Advisories that cannot be read leave nothing out of a question about licenses.
    skipped.extend(unread.into_iter().filter(|_| !options.only_licenses));
    notes.extend(found.notes);
    let mut policy = asked_policy(found.policy, options)?;
    let command_line = own.add_command_line(options);
    let statements = vex::read(&options.vex, &judge, &here, &mut own.sources, &mut notes)?;
    policy.ignores.extend(command_line.ignores);
    let max_age = command_line.max_age.or(policy.max_age);

    let judges_licenses = policy.judges_licenses();
    let wants_rows = options.only_licenses || options.wants_packages;
    let needs_licenses = judges_licenses || wants_rows || comparison.is_some();
    let shelves = needs_licenses.then(|| Shelves::new(&options.metadata, &request.site_packages, &here));
    let shelves = shelves.transpose()?;
    notes.extend(options.metadata.first().filter(|_| !needs_licenses).map(|folder| not_needed(folder)));
    let config = pip_config::read(options.pip_config.as_deref(), &here, &root, &mut own.sources)?;
    let is_alone = units.len() == 1;
    if !is_alone {
        database.remember();
    }
    let info = database.info();
    let places = own.add_database(options.database.as_deref(), &info);

    notes.extend(not_used(&policies, found.file.as_deref(), &root));
    let policy_path = found.file.as_deref().and_then(|file| relative(file, &root));
    let checks = project_checks(&policy, options);
    let checking = Checking {
        database: &database,
        policy: &policy,
        checks: &checks,
        config: &config,
        policy_path: policy_path.as_deref(),
        shelves: shelves.as_ref(),
        policy_texts: &own.sources,
        is_alone,
        wants_rows,
        wants_licenses: comparison.is_some(),
    };
    let past = comparison.map(|comparison| Past::of(comparison, request, &root, &checking)).transpose()?;
    let checked: Result<Vec<Checked>, advisory::Error> =
        each_unit(units, true, request, |parsed| check_unit(parsed, &checking)).into_iter().collect();
    let checked = checked?;
    let groups = checked.iter().flat_map(|unit| unit.groups.iter().cloned()).collect();
    selection::check(&request.selection, &groups)?;

    let oldest = database.oldest();
    let place = |name: &str| {
        let index = info.sources.iter().position(|source| source.name == name);
        index.and_then(|index| places.get(index)).copied().unwrap_or_default()
    };
    let age = |published: &str| crate::policy::parse_date(published);
    let oldest = oldest.iter().map(|of| (of.source.as_str(), age(&of.published), place(&of.source)));
    let context = RunContext {
        today: options.today,
        oldest: oldest.collect(),
        max_age,
        pip_config: &config,
        sources: &own.sources,
    };
    let root_name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut unsettled = Unsettled {
        root_name,
        findings: run_rules(&context),
        skipped,
        notes,
        inputs: Vec::new(),
        projects: Vec::new(),
        packages: Vec::new(),
        licenses: BTreeMap::new(),
        past,
        untrusted: Vec::new(),
        whole_root: whole_root && request.selection.is_everything(),
        selection: Some(Selected { selection: request.selection.clone(), left_out: 0 })
            .filter(|selected| !selected.selection.is_everything()),
        database_age: oldest_age(&context),
        database: info.clone(),
        license_uses: judges_licenses.then(LicenseUses::default),
    };
    if options.only_licenses {
        unsettled.findings.clear();
    }
    let Joined { rows, names, texts, ignores } = join(checked, own.sources, &mut unsettled);
    let ignores = untrusted.keep_trusted(ignores, request, &root)?;
    unsettled.untrusted = untrusted.ignores;
    ignores::add_inline(&mut policy, ignores, options);
    policy.ignores.extend(vex::ignores(&statements, &unsettled.packages, &names, &unsettled.root_name));
    let sources = SourceMap::new(texts);
    let mut report = settle::settle(unsettled, &policy, options, &sources);
    report.project = names.first().filter(|_| report.projects.len() == 1).map(ToString::to_string);
    if wants_rows {
        let rows = license_rows::join(rows);
        report.licenses = Some(license_report(&report, rows, judges_licenses, options.only_licenses));
    }
    Ok(Audit { report, sources })
}

/// The working directory, without links.
fn here(request: &Request) -> PathBuf {
    std::fs::canonicalize(&request.working_directory).unwrap_or_else(|_| request.working_directory.clone())
}

/// The policy that holds: that of the target of a change, else that on the disk; and what the change does to it.
fn in_force(
    comparison: Option<&Comparison>,
    judge: &FileSystem,
    options: &Options,
    here: &Path,
    root: &Path,
    sources: &mut Sources,
) -> Result<(Found, Untrusted), Error> {
    let found = policy_file::find(&options.policy, judge, here, root, sources)?;
    let untrusted = match comparison.and_then(|comparison| comparison.judge.as_ref()) {
        Some(judge) => Untrusted::of(&options.policy, &found, judge, here, root, sources)?,
        None => Untrusted::default(),
    };
    Ok((found, untrusted))
}

/// The policy as far as it is about what is asked.
///
/// # Errors
/// The command line names a rule that there is not.
fn asked_policy(mut policy: Policy, options: &Options) -> Result<Policy, Error> {
    for (id, _) in &options.levels {
        settle::known_rule(id)?;
    }
    if options.only_licenses {
        // The others would all be called unused.
        policy.ignores.retain(|ignore| ignores::is_about_licenses(&ignore.id));
    }
    policy.licenses.asked =
        options.levels.iter().any(|(id, level)| id.starts_with("license-") && *level > Level::Allow);
    Ok(policy)
}

/// The note about metadata that nothing asks for.
fn not_needed(folder: &Path) -> Note {
    let text =
        "not read: there is no policy about licenses; `audit licenses` lists them without one".to_owned();
    Note { path: folder.to_string_lossy().into_owned(), span: None, text }
}

/// Notes about the policies that were found and are not the one in use.
fn not_used(policies: &[PathBuf], used: Option<&Path>, root: &Path) -> Vec<Note> {
    let others = policies.iter().filter(|policy| Some(policy.as_path()) != used);
    let note = |policy: &PathBuf| {
        let path = relative(policy, root).unwrap_or_else(|| policy.to_string_lossy().into_owned());
        Note { path, span: None, text: format!("this policy {NOT_USED}") }
    };
    others.map(note).collect()
}

/// A path below the root, with `/`.
fn relative(path: &Path, root: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    Some(below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
}

fn run_rules(context: &RunContext<'_>) -> Vec<Finding> {
    let checks = rules::TABLE.iter().filter_map(|entry| match entry.check {
        Check::Run(check) | Check::Both(_, check) => Some(check),
        _ => None,
    });
    checks.flat_map(|check| check(context)).collect()
}

/// The checks of a project. A rule that is off by default is asked when something sets its level, or when an ignore
/// names it, which is then not called unused.
fn project_checks(policy: &Policy, options: &Options) -> Vec<ProjectCheck> {
    let is_off = |rule: &Rule| {
        rule.default_level == Level::Allow
            && settle::level_set(rule.id, policy, options).unwrap_or(Level::Allow) == Level::Allow
            && !policy.ignores.iter().any(|ignore| ignore.id.eq_ignore_ascii_case(rule.id))
    };
    let is_asked = |rule: &Rule| !options.only_licenses || rule.group == Group::License;
    let checks =
        rules::TABLE.iter().filter(|entry| is_asked(entry.rule)).filter_map(|entry| match entry.check {
            Check::Project(check) | Check::Both(check, _) if !is_off(entry.rule) => Some(check),
            _ => None,
        });
    checks.collect()
}

fn oldest_age(context: &RunContext<'_>) -> Option<i64> {
    let oldest = context.oldest.iter().filter_map(|(_, date, _)| *date).min()?;
    Some(i64::from((context.today - oldest).get_days()))
}
