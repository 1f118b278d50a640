//! A whole audit: read, look up, weigh, settle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::collect::{Collection, Request, collect};
use super::error::Error;
use super::ignores;
use super::license_report::license_report;
use super::license_rows::{self, ProjectRows};
use super::licensing::{LicenseUses, Licensing, Shelves};
use super::parse::Parsed;
use super::pip_config;
use super::policy_file::{self, PolicyChoice};
use super::selection;
use super::settle::{self, Unsettled};
use super::units::each_unit;
use super::vex;
use crate::advisory::{self, Database};
use crate::model::{
    Finding, Group, IndexUse, InputSummary, Level, Note, PackageName, ProjectSummary, ProjectView, Report,
    Rule, Selected, Skipped, SourceFile, SourceId, SourceMap, Sources, Span, Version,
};
use crate::policy::{FailOn, Ignore, IgnoreOrigin, MaxAge, Placed, Policy};
use crate::rules::{self, Check, ProjectContext, RunContext};

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

/// What one unit gave.
struct Checked {
    project: ProjectSummary,
    groups: BTreeSet<String>,
    left_out: usize,
    sources: Sources,
    inputs: Vec<InputSummary>,
    /// What was audited; without a version when all that a requirement admits was.
    audited: Vec<(PackageName, Option<Version>)>,
    findings: Vec<Finding>,
    skipped: Vec<Skipped>,
    notes: Vec<Note>,
    /// What the comments of its files ignore.
    ignores: Vec<Ignore>,
    license_uses: LicenseUses,
    license_rows: ProjectRows,
    /// The names that the files of the project give it.
    names: BTreeSet<PackageName>,
}

/// Audits.
///
/// # Errors
/// Why the run could not take place: a path, the policy, the database. Nothing was audited then.
pub fn audit(request: &Request, options: &Options) -> Result<Audit, Error> {
    let Collection { units, mut skipped, mut notes, policies, whole_root, root } = collect(request, true)?;
    let mut own = OwnTexts::new();
    let here = std::fs::canonicalize(&request.working_directory).unwrap_or(request.working_directory.clone());
    let found = policy_file::find(&options.policy, &here, &root, &mut own.sources)?;
    let (mut database, said, unread) = super::extra::open(options, &found, &root, &own.sources)?;
    notes.extend(said);
    // Advisories that cannot be read leave nothing out of a question about licenses.
    skipped.extend(unread.into_iter().filter(|_| !options.only_licenses));
    notes.extend(found.notes);
    let mut policy = asked_policy(found.policy, options);
    let command_line = own.add_command_line(options);
    let statements = vex::read(&options.vex, &here, &mut own.sources)?;
    policy.ignores.extend(command_line.ignores);
    let max_age = command_line.max_age.or(policy.max_age);
    for (id, _) in &options.levels {
        settle::known_rule(id)?;
    }

    let judges_licenses = policy.judges_licenses();
    let wants_rows = options.only_licenses || options.wants_packages;
    let shelves = if judges_licenses || wants_rows {
        Some(Shelves::new(&options.metadata, &request.site_packages, &here)?)
    } else {
        notes.extend(options.metadata.first().map(|folder| not_needed(folder)));
        None
    };
    let config = pip_config::read(options.pip_config.as_deref(), &here, &root, &mut own.sources)?;
    let is_alone = units.len() == 1;
    if !is_alone {
        database.remember();
    }
    let info = database.info();
    let places = own.add_database(options.database.as_deref(), &info);

    let used = found.file.as_deref();
    notes.extend(not_used(&policies, used, &root));
    let policy_path = used.and_then(|file| relative(file, &root));
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
    };
    let checked: Result<Vec<Checked>, advisory::Error> =
        each_unit(units, true, request, |parsed| check_unit(parsed, &checking)).into_iter().collect();
    let checked = checked?;
    let groups = checked.iter().flat_map(|unit| unit.groups.iter().cloned()).collect();
    selection::check(&request.selection, &groups)?;

    let oldest = database.oldest();
    let context = RunContext {
        today: options.today,
        oldest: oldest
            .iter()
            .map(|oldest| {
                let index = info.sources.iter().position(|source| source.name == oldest.source);
                let span = index.and_then(|index| places.get(index)).copied().unwrap_or_default();
                (oldest.source.as_str(), crate::policy::parse_date(&oldest.published), span)
            })
            .collect(),
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
        packages: 0,
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
    let Joined { rows, names, texts, ignores, audited } = join(checked, own.sources, &mut unsettled);
    ignores::add_inline(&mut policy, ignores, options);
    policy.ignores.extend(vex::ignores(&statements, &audited, &names, &unsettled.root_name));
    let sources = SourceMap::new(texts);
    let mut report = settle::settle(unsettled, &policy, options, &sources);
    let project = names.into_iter().next().filter(|_| report.projects.len() == 1);
    report.project = project.map(|name| name.to_string());
    if wants_rows {
        let rows = license_rows::join(rows);
        report.licenses = Some(license_report(&report, rows, judges_licenses, options.only_licenses));
    }
    Ok(Audit { report, sources })
}

/// What the units gave besides what is settled.
struct Joined {
    rows: Vec<ProjectRows>,
    names: BTreeSet<PackageName>,
    texts: Vec<Sources>,
    ignores: Vec<Ignore>,
    /// What was audited; without a version when all that a requirement admits was.
    audited: Vec<(PackageName, Option<Version>)>,
}

/// Joins what the units gave.
fn join(checked: Vec<Checked>, own: Sources, unsettled: &mut Unsettled) -> Joined {
    let mut joined = Joined {
        rows: Vec::new(),
        names: BTreeSet::new(),
        texts: vec![own],
        ignores: Vec::new(),
        audited: Vec::new(),
    };
    for unit in checked {
        unsettled.findings.extend(unit.findings);
        unsettled.skipped.extend(unit.skipped);
        unsettled.notes.extend(unit.notes);
        unsettled.inputs.extend(unit.inputs);
        unsettled.projects.push(unit.project);
        if let Some(selected) = &mut unsettled.selection {
            selected.left_out += unit.left_out;
        }
        if let Some(uses) = &mut unsettled.license_uses {
            uses.extend(unit.license_uses);
        }
        joined.rows.push(unit.license_rows);
        joined.names.extend(unit.names);
        joined.ignores.extend(unit.ignores);
        joined.audited.extend(unit.audited);
        joined.texts.push(unit.sources);
    }
    joined.audited.sort();
    joined.audited.dedup();
    unsettled.packages = joined.audited.len();
    joined
}

/// The policy as far as it is about what is asked.
fn asked_policy(mut policy: Policy, options: &Options) -> Policy {
    if options.only_licenses {
        // The others would all be called unused.
        policy.ignores.retain(|ignore| ignores::is_about_licenses(&ignore.id));
    }
    policy.licenses.asked =
        options.levels.iter().any(|(id, level)| id.starts_with("license-") && *level > Level::Allow);
    policy
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

/// What is said about a policy that lies somewhere else.
const NOT_USED: &str = "is not used: the policy is that of the working directory, or of --config";

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

/// The function of a rule that looks at projects.
type ProjectCheck = fn(&ProjectContext<'_>) -> Vec<Finding>;

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

/// What every unit is checked with.
struct Checking<'a> {
    database: &'a Database,
    policy: &'a Policy,
    checks: &'a [ProjectCheck],
    config: &'a [IndexUse],
    policy_path: Option<&'a str>,
    /// `None` when nothing asks for licenses.
    shelves: Option<&'a Shelves>,
    policy_texts: &'a Sources,
    is_alone: bool,
    wants_rows: bool,
}

fn check_unit(parsed: Parsed, checking: &Checking<'_>) -> Result<Checked, advisory::Error> {
    let Checking { database, policy, checks, config, policy_path, is_alone, .. } = *checking;
    let Parsed { mut sources, tree, mut project, wanted: _ } = parsed;
    pip_config::apply(config, &mut project.inputs);
    let Licensing { licenses, attributions, mut notes } = match checking.shelves {
        Some(shelves) => shelves.learn(&project, &tree, policy, &mut sources),
        None => Licensing::default(),
    };
    let view = ProjectView::new(&project);
    let context = ProjectContext::new(&view, &sources, database, policy, &licenses)?;
    let findings: Vec<Finding> = checks.iter().flat_map(|check| check(&context)).collect();
    let judged = if licenses.is_empty() { Vec::new() } else { rules::license::judge(&context) };
    let license_uses = LicenseUses::of(&judged);
    let license_rows = if checking.wants_rows {
        license_rows::rows(&view, &judged, &attributions, &sources, checking.policy_texts)
    } else {
        ProjectRows::default()
    };
    let names = project.inputs.iter().filter_map(|input| input.project.clone()).collect();
    let mut skipped = Vec::new();
    for unresolved in project.unresolved.iter().chain(&project.doubtful) {
        let package = project.package(unresolved.entry);
        let path = sources.get(package.span.source).map_or("", SourceFile::path);
        let what = match (&package.name, &package.source.url) {
            (Some(_), _) => {
                format!("{}{}", package.written, package.specifier.as_deref().unwrap_or_default())
            }
            (None, Some(url)) => url.clone(),
            (None, None) => sources.slice(package.span).to_owned(),
        };
        let mut skip = Skipped::at(path, unresolved.span, what, &unresolved.why);
        skip.package.clone_from(&package.name);
        skipped.push(skip);
    }
    for input in project.inputs.iter().filter(|input| !input.companion) {
        skipped.extend(input.skipped.iter().cloned());
        notes.extend(input.notes.iter().cloned());
        if input.kind == "pyproject.toml" && policy_path != Some(input.path.as_str()) {
            let text = input.start.and_then(|start| sources.get(start.source)).map_or("", SourceFile::text);
            if text.contains("[tool.audit") {
                let text = format!("its [tool.audit] {NOT_USED}");
                notes.push(Note { path: input.path.clone(), span: None, text });
            }
        }
    }
    let inputs: Vec<_> = project
        .inputs
        .iter()
        .filter(|input| !input.companion)
        .map(|input| InputSummary {
            path: input.path.clone(),
            kind: input.kind,
            packages: input.packages.len(),
            closed: input.closed,
        })
        .collect();
    let targets = project.targets.iter().map(|target| (target.name.clone(), Some(target.version.clone())));
    let open = project.open.iter().map(|open| (open.name.clone(), None));
    let audited: Vec<_> = targets.chain(open).collect();
    let ignores = ignores::inline(&project, &sources);
    if !is_alone {
        sources.keep_only(&used_places(&findings, &skipped, &notes, &ignores));
    }
    let (groups, left_out) = (project.groups.clone(), project.left_out);
    let project = ProjectSummary {
        folder: project.folder.clone(),
        unit: sources.unit(),
        inputs: inputs.len(),
        packages: count_distinct(&audited),
        deny: 0,
        warn: 0,
        skipped: 0,
    };
    Ok(Checked {
        project,
        groups,
        left_out,
        sources,
        inputs,
        audited,
        findings,
        skipped,
        notes,
        ignores,
        license_uses,
        license_rows,
        names,
    })
}

fn count_distinct(audited: &[(PackageName, Option<Version>)]) -> usize {
    audited.iter().collect::<BTreeSet<_>>().len()
}

/// The places that something points to; the rest of the texts need not be kept to the end of a long run.
fn used_places(
    findings: &[Finding],
    skipped: &[Skipped],
    notes: &[Note],
    ignores: &[Ignore],
) -> BTreeMap<SourceId, Vec<std::ops::Range<usize>>> {
    let labels =
        findings.iter().flat_map(|finding| std::iter::once(&finding.primary).chain(&finding.related));
    let spans = labels
        .map(|label| label.span)
        .chain(skipped.iter().filter_map(|skip| skip.span))
        .chain(notes.iter().filter_map(|note| note.span))
        .chain(ignores.iter().map(|ignore| ignore.span));
    let mut places: BTreeMap<SourceId, BTreeSet<(usize, usize)>> = BTreeMap::new();
    for span in spans {
        places.entry(span.source).or_default().insert((span.range().start, span.range().end));
    }
    let ranges = |set: BTreeSet<(usize, usize)>| set.into_iter().map(|(start, end)| start..end).collect();
    places.into_iter().map(|(source, set)| (source, ranges(set))).collect()
}

/// Texts that are no input: the policy, the command line, the database.
struct OwnTexts {
    sources: Sources,
}

struct CommandLine {
    ignores: Vec<Ignore>,
    max_age: Option<Placed<MaxAge>>,
}

impl OwnTexts {
    fn new() -> Self {
        Self { sources: Sources::new(0) }
    }

    /// The options that findings can be about, as a text that they can point into.
    fn add_command_line(&mut self, options: &Options) -> CommandLine {
        let mut text = "audit".to_owned();
        let mut ranges = Vec::new();
        for (id, reason) in &options.ignores {
            text.push_str(" --ignore ");
            let start = text.len();
            text.push_str(id);
            ranges.push(start..text.len());
            text.push_str(&format!(" --reason {reason:?}"));
        }
        let age_start = text.len() + 1;
        if let Some(age) = &options.max_age {
            text.push_str(&format!(" --max-db-age {}d", age.days));
        }
        let age_range = age_start..text.len();
        let source = self.sources.add(SourceFile::new("<command line>", text));
        let ignores = options
            .ignores
            .iter()
            .zip(ranges)
            .map(|((id, reason), range)| {
                let mut ignore =
                    Ignore::new(id.as_str(), IgnoreOrigin::CommandLine, Span::new(source, range));
                ignore.reason = Some(reason.clone()).filter(|reason| !reason.trim().is_empty());
                ignore
            })
            .collect();
        let max_age = options.max_age.map(|value| Placed { value, span: Span::new(source, age_range) });
        CommandLine { ignores, max_age }
    }

    /// One line per advisory source; the places of the lines.
    fn add_database(&mut self, file: Option<&Path>, info: &crate::model::DatabaseInfo) -> Vec<Span> {
        let path =
            file.map_or_else(|| "<advisory database>".to_owned(), |file| file.to_string_lossy().into_owned());
        let mut text = String::new();
        let mut ranges = Vec::new();
        for source in &info.sources {
            let start = text.len();
            text.push_str(&format!("{} {}", source.name, source.published));
            ranges.push(start..text.len());
            text.push_str(&format!(", {} records\n", source.records));
        }
        let source = self.sources.add(SourceFile::new(path, text));
        ranges.into_iter().map(|range| Span::new(source, range)).collect()
    }
}
