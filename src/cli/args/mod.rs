//! What can be written on the command line.

mod database;

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use super::levels::LevelOptions;
use crate::model::{Environment, PackageName, Platform, Selection};
use crate::policy::{FailOn, LicenseStance, MaxAge, parse_date};
pub(crate) use database::{
    DbCommand, DbOptions, DiffOptions, ExportOptions, ImportOptions, ShowOptions, StatusOptions,
    UpdateOptions, VerifyOptions,
};

/// Audit the Python packages a project depends on: known vulnerabilities and malware, offline.
#[derive(Debug, Parser)]
#[command(
    name = "audit",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 clean, 1 findings, 2 could not run, 3 incomplete.\n`audit --help` tells of all options.",
    after_long_help = "Exit codes: 0 clean, 1 findings, 2 could not run, 3 incomplete (something was not audited).\n\n\
        Examples:\n  \
          audit                                    this folder and everything below\n  \
          pip freeze | audit -                     what a tool prints\n  \
          audit --since origin/main                only what this change brings fails\n  \
          audit --report sarif=audit.sarif         for people and for programs, from one run\n  \
          audit --ignore CVE-2024-1234 --reason \"templates are ours\""
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) audit: AuditOptions,

    /// Colour the output [default: auto; `NO_COLOR` is honoured]
    #[arg(
        long,
        value_name = "WHEN",
        global = true,
        value_enum,
        default_value_t,
        hide_default_value = true,
        hide_possible_values = true,
        hide_short_help = true,
        help = "Colour the output: auto, always, never [default: auto; NO_COLOR is honoured]"
    )]
    pub(crate) color: Color,

    /// Findings and what was not audited, nothing else
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Also all paths, references, and what matched
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// The command with its options, for documentation and completions.
pub fn command() -> clap::Command {
    Arguments::command()
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the dependency graph of each file
    Graph(GraphOptions),
    /// Show every way in which a package comes in
    Why(WhyOptions),
    /// Show what comes in under which license
    ///
    /// How that is known, and what the policy says of it.
    Licenses(LicensesOptions),
    /// Tell whether names are what they seem
    ///
    /// For before something is installed.
    Name(NameOptions),
    /// Explain a rule, or an advisory and why it matches
    ///
    /// What a rule checks and what to do; what an advisory says, and why it affects a package or does not.
    Explain(ExplainOptions),
    /// List all rules with level and summary
    Rules(RulesOptions),
    /// Write a commented policy, audit.toml, in this folder
    Init(InitOptions),
    /// Show what changed between two states, and what that brings
    ///
    /// Files, folders or git revisions: packages with their licenses, and findings.
    Diff(ComparisonOptions),
    /// Work with the advisory database
    Db(DbOptions),
    /// Print completions for a shell
    Completions(CompletionOptions),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Args)]
pub(crate) struct PathOptions {
    /// Files or folders [default: this folder]; `-` reads standard input
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// The folder that includes and links must not leave [default: the nearest with a .git, else this folder]
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub(crate) root: Option<PathBuf>,

    /// Also what is installed in this site-packages folder; repeatable
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub(crate) site_packages: Vec<PathBuf>,

    /// Draw no bar during long runs
    #[arg(long, hide_short_help = true)]
    pub(crate) no_progress: bool,

    /// What standard input is [default: requirements.txt]
    #[arg(
        long,
        value_name = "NAME",
        default_value = "requirements.txt",
        hide_default_value = true,
        hide_short_help = true
    )]
    pub(crate) stdin_name: String,
}

/// What of each project is asked about.
#[derive(Debug, Args)]
pub(crate) struct SelectionOptions {
    /// Of the groups only this one: main, dev or its own name; repeatable [default: all of them]
    #[arg(long, value_name = "NAME", help_heading = "What is asked about", hide_short_help = true)]
    pub(crate) group: Vec<String>,

    /// None of the groups that only development uses
    #[arg(long, help_heading = "What is asked about", conflicts_with = "group")]
    pub(crate) no_dev: bool,

    /// Of the extras only this one; repeatable [default: all of them, none with --group]
    #[arg(long, value_name = "NAME", help_heading = "What is asked about", hide_short_help = true)]
    pub(crate) extra: Vec<String>,

    /// Only what this Python installs, e.g. 3.12
    ///
    /// Or 3.12.4 [default: every branch counts].
    #[arg(long, value_name = "VERSION", value_parser = parse_python, help_heading = "What is asked about")]
    pub(crate) python: Option<Python>,

    /// Only what this platform installs: linux, macos, windows [default: every branch counts]
    #[arg(long, value_name = "NAME", value_parser = parse_platform, help_heading = "What is asked about", hide_short_help = true)]
    pub(crate) platform: Option<Platform>,
}

/// A release of Python.
#[derive(Debug, Clone)]
pub(crate) struct Python(Vec<u64>);

impl SelectionOptions {
    /// The selection.
    pub(crate) fn selection(&self) -> Selection {
        Selection {
            groups: self.group.clone(),
            no_dev: self.no_dev,
            extras: self.extra.iter().map(|name| PackageName::new(name)).collect(),
            environment: Environment {
                python: self.python.as_ref().map(|python| python.0.clone()),
                platform: self.platform,
            },
        }
    }
}

/// Which policy holds.
#[derive(Debug, Args)]
pub(crate) struct PolicyOptions {
    /// Read the policy from this file
    ///
    /// [default: the nearest audit.toml, or [tool.audit] in a pyproject.toml, from here up to the root].
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", help_heading = "Policy")]
    pub(crate) config: Option<PathBuf>,

    /// Use no policy
    #[arg(long, help_heading = "Policy", hide_short_help = true)]
    pub(crate) no_config: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AuditOptions {
    #[command(flatten)]
    pub(crate) paths: PathOptions,

    /// Fail only on what this change adds to REV
    ///
    /// The working tree is compared with where its branch left this git revision, the target branch, whose policy holds
    /// [default: everything counts].
    #[arg(long, value_name = "REV", conflicts_with = "baseline", help_heading = "What is asked about")]
    pub(crate) since: Option<String>,

    /// Fail only on what is not in this file, which --report baseline=FILE wrote
    #[arg(long, value_name = "FILE", help_heading = "What is asked about", hide_short_help = true)]
    pub(crate) baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) judging: JudgingOptions,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 HEAD brings nothing that is denied, 1 it does, 2 could not run, 3 incomplete.\n\
                  BASE and HEAD are read from git objects, or from the disk; nothing is checked out."
)]
pub(crate) struct ComparisonOptions {
    /// What was: a file, a folder, or a git revision, whose policy then holds
    #[arg(value_name = "BASE")]
    pub(crate) base: String,

    /// What it became: a file, a folder, or a git revision [default: the working tree, when BASE is a revision]
    #[arg(value_name = "HEAD")]
    pub(crate) head: Option<String>,

    /// The folder that includes and links must not leave [default: the nearest with a .git, else this folder]
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub(crate) root: Option<PathBuf>,

    /// Draw no bar during long runs
    #[arg(long, hide_short_help = true)]
    pub(crate) no_progress: bool,

    #[command(flatten)]
    pub(crate) judging: JudgingOptions,
}

/// How what was found is judged and reported.
#[derive(Debug, Args)]
pub(crate) struct JudgingOptions {
    #[command(flatten)]
    pub(crate) selection: SelectionOptions,

    /// How to report on standard output [default: human]
    ///
    /// One of: baseline, codequality, csv, cyclonedx, github, gitlab, html, human, json, junit, markdown, openvex, sarif,
    /// table.
    #[arg(long, value_name = "FORMAT", default_value = "human", hide_default_value = true, value_parser = audit_formats(), hide_possible_values = true, help_heading = "Reports")]
    pub(crate) format: String,

    /// Also write a report to a file; repeatable
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_report, help_heading = "Reports")]
    pub(crate) report: Vec<(String, PathBuf)>,

    /// Fail from this severity on [default: low]
    ///
    /// One of: low, medium, high, critical, never. Vulnerabilities below only warn; malware fails all the same.
    #[arg(long, value_name = "SEVERITY", value_parser = parse_fail_on, help_heading = "Policy")]
    pub(crate) fail_on: Option<FailOn>,

    #[command(flatten)]
    pub(crate) levels: LevelOptions,

    /// Take out an advisory by any of its ids; repeatable
    ///
    /// Needs --reason. What is taken out is listed and counted.
    #[arg(long, value_name = "ID", requires = "reason", help_heading = "Policy")]
    pub(crate) ignore: Vec<String>,

    /// Why it is ignored: one for all, or one for each
    #[arg(long, value_name = "TEXT", requires = "ignore", value_parser = parse_reason, help_heading = "Policy")]
    pub(crate) reason: Vec<String>,

    /// Take out what this OpenVEX document says does not affect the project; repeatable
    #[arg(long, value_name = "FILE", help_heading = "Policy", hide_short_help = true)]
    pub(crate) vex: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) policy: PolicyOptions,

    /// Exit 0 although something was not audited; the report still says incomplete
    #[arg(long, help_heading = "Policy", hide_short_help = true)]
    pub(crate) allow_incomplete: bool,

    /// Learn licenses from the wheels and .metadata files in this folder; repeatable [default: .venv beside the project]
    #[arg(long, value_name = "DIR", help_heading = "What is asked about", hide_short_help = true)]
    pub(crate) metadata: Vec<PathBuf>,

    /// Also judge the indexes of this pip.conf, as those of every requirement file [default: none]
    #[arg(long, value_name = "FILE", help_heading = "What is asked about", hide_short_help = true)]
    pub(crate) pip_config: Option<PathBuf>,

    /// Use this advisory database alone [default: what `audit db update` wrote and what is built in]
    #[arg(long, value_name = "FILE", help_heading = "Advisories", hide_short_help = true)]
    pub(crate) db: Option<PathBuf>,

    /// Fail when the advisory data is older, e.g. 7d or 4w [default: warn after 90d]
    #[arg(long, value_name = "AGE", value_parser = parse_age, help_heading = "Advisories", hide_short_help = true)]
    pub(crate) max_db_age: Option<MaxAge>,

    /// The day that counts as today [default: `SOURCE_DATE_EPOCH`, else the clock]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day, help_heading = "Advisories", hide_short_help = true)]
    pub(crate) today: Option<jiff::civil::Date>,
}

#[derive(Debug, Args)]
pub(crate) struct GraphOptions {
    #[command(flatten)]
    pub(crate) paths: PathOptions,

    #[command(flatten)]
    pub(crate) selection: SelectionOptions,

    /// How to show it: tree, json, dot (Graphviz), mermaid [default: tree]
    #[arg(long, value_name = "FORMAT", default_value = "tree", hide_default_value = true, value_parser = ["dot", "json", "mermaid", "tree"], hide_possible_values = true)]
    pub(crate) format: String,

    /// How many steps from what a person asked for; 0 shows just that [default: all]
    #[arg(long, value_name = "N")]
    pub(crate) depth: Option<usize>,

    /// Turn the graph round: from each package to what needs it
    #[arg(long)]
    pub(crate) invert: bool,
}

#[derive(Debug, Args)]
pub(crate) struct WhyOptions {
    /// The package
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) paths: PathOptions,

    #[command(flatten)]
    pub(crate) selection: SelectionOptions,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 every license is fine or only warned about, 1 one is denied or the checked notice is out of date, \
                  2 could not run, 3 incomplete (something was not audited)."
)]
pub(crate) struct LicensesOptions {
    #[command(flatten)]
    pub(crate) paths: PathOptions,

    #[command(flatten)]
    pub(crate) selection: SelectionOptions,

    /// Learn licenses from the wheels and .metadata files in this folder; repeatable [default: .venv beside the project]
    #[arg(long, value_name = "DIR", help_heading = "What is asked about", hide_short_help = true)]
    pub(crate) metadata: Vec<PathBuf>,

    /// How to report: table, json, csv, markdown, html, notice, spdx, cyclonedx [default: table]
    #[arg(long, value_name = "FORMAT", default_value = "table", hide_default_value = true, value_parser = ["csv", "cyclonedx", "html", "json", "markdown", "notice", "spdx", "table"], hide_possible_values = true, help_heading = "Reports")]
    pub(crate) format: String,

    /// Also write a report to a file, as FORMAT=FILE; repeatable
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_license_report, help_heading = "Reports")]
    pub(crate) report: Vec<(String, PathBuf)>,

    /// Fail when this notice is not what `--format notice` writes; prints what differs
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "report"], help_heading = "Reports")]
    pub(crate) check: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) levels: LevelOptions,

    #[command(flatten)]
    pub(crate) policy: PolicyOptions,

    /// Exit 0 although something was not audited; the report still says so
    #[arg(long, help_heading = "Policy", hide_short_help = true)]
    pub(crate) allow_incomplete: bool,

    /// The day that counts as today, for documents with a date [default: `SOURCE_DATE_EPOCH`, else the clock]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day, help_heading = "Reports", hide_short_help = true)]
    pub(crate) today: Option<jiff::civil::Date>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 all names are ok, 1 one is suspect or deceptive, 2 no name, or no usable policy."
)]
pub(crate) struct NameOptions {
    /// Names of packages [default: one a line on standard input]
    #[arg(value_name = "NAME", allow_hyphen_values = false)]
    pub(crate) names: Vec<String>,

    /// How to report on standard output: human, json (one object a line) [default: human]
    #[arg(long, value_name = "FORMAT", default_value = "human", hide_default_value = true, value_parser = ["human", "json"], hide_possible_values = true)]
    pub(crate) format: String,

    /// Read private and trusted names from this policy [default: the nearest, as `audit` does]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,

    /// Use no policy
    #[arg(long, hide_short_help = true)]
    pub(crate) no_config: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainOptions {
    /// A rule, or any id of an advisory: PYSEC-…, GHSA-…, CVE-…, MAL-…
    #[arg(value_name = "RULE|ADVISORY")]
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) paths: PathOptions,

    /// Read the policy from this file, for its own advisories [default: the nearest, as `audit` does]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,

    /// Use no policy
    #[arg(long, hide_short_help = true)]
    pub(crate) no_config: bool,

    /// Use this advisory database alone [default: what `audit db update` wrote and what is built in]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) db: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 written, 2 there is a policy already, or it cannot be written.")]
pub(crate) struct InitOptions {
    /// Which licenses to start from: permissive, weak-copyleft, any-osi [default: no policy about licenses]
    #[arg(long, value_name = "STANCE", value_parser = LicenseStance::WORDS, hide_possible_values = true)]
    pub(crate) licenses: Option<String>,

    /// Print it instead
    #[arg(long)]
    pub(crate) stdout: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RulesOptions {}

#[derive(Debug, Args)]
#[command(after_help = "bash: audit completions bash > ~/.local/share/bash-completion/completions/audit\n\
                        zsh: audit completions zsh > \"${fpath[1]}/_audit\"\n\
                        fish: audit completions fish > ~/.config/fish/completions/audit.fish\n\
                        PowerShell: audit completions powershell >> $PROFILE")]
pub(crate) struct CompletionOptions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

fn parse_fail_on(text: &str) -> Result<FailOn, String> {
    FailOn::from_word(text).ok_or_else(|| format!("expected one of {}", FailOn::WORDS.join(", ")))
}

fn parse_age(text: &str) -> Result<MaxAge, String> {
    MaxAge::from_text(text).ok_or_else(|| "expected days or weeks, like 7d or 4w".to_owned())
}

fn parse_day(text: &str) -> Result<jiff::civil::Date, String> {
    parse_date(text).ok_or_else(|| "expected a day that exists, like 2026-12-31".to_owned())
}

fn parse_python(text: &str) -> Result<Python, String> {
    let release = Environment::python_release(text).map(Python);
    release.ok_or_else(|| "expected a version like 3.12 or 3.12.4".to_owned())
}

fn parse_platform(text: &str) -> Result<Platform, String> {
    Platform::named(text).ok_or_else(|| "expected linux, macos or windows".to_owned())
}

fn parse_reason(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("a reason needs words".to_owned()) } else { Ok(text.to_owned()) }
}

/// The formats of an audit, by the table.
fn audit_formats() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(crate::report::audit::FORMATS.iter().map(|format| format.name))
}

fn parse_report(text: &str) -> Result<(String, PathBuf), String> {
    format_and_file(text, &crate::report::audit::FORMATS.iter().map(|format| format.name).collect::<Vec<_>>())
}

fn parse_license_report(text: &str) -> Result<(String, PathBuf), String> {
    format_and_file(
        text,
        &crate::report::licenses::FORMATS.iter().map(|format| format.name).collect::<Vec<_>>(),
    )
}

fn format_and_file(text: &str, names: &[&str]) -> Result<(String, PathBuf), String> {
    let expected = || format!("expected FORMAT=FILE, with FORMAT one of {}", names.join(", "));
    let (format, file) = text.split_once('=').ok_or_else(expected)?;
    if !names.contains(&format) || file.is_empty() {
        return Err(expected());
    }
    Ok((format.to_owned(), PathBuf::from(file)))
}
