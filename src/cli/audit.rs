//! `audit [PATH]...`

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::args::{AuditOptions, ComparisonOptions, JudgingOptions, PathOptions};
use super::exit::ExitCode;
use super::output::{Failure, Terminal};
use super::progress::watched;
use crate::engine::{self, Against, Audit, Error, Options, PolicyChoice, Progress, Request, Side};
use crate::model::Selection;
use crate::report::Style;
use crate::report::audit::{Format, find};

pub(crate) fn run(options: &AuditOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let against = match (&options.since, &options.baseline) {
        (Some(revision), _) => Against::Since(revision.clone()),
        (None, Some(file)) => Against::Baseline(file.clone()),
        (None, None) => Against::Nothing,
    };
    let request = request(&options.paths, options.judging.selection.selection())?;
    audited(&request, against, &options.judging, options.paths.no_progress, terminal)
}

/// `audit diff BASE [HEAD]`
pub(crate) fn diff(options: &ComparisonOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let paths = PathOptions {
        paths: Vec::new(),
        root: options.root.clone(),
        site_packages: Vec::new(),
        no_progress: options.no_progress,
        stdin_name: String::new(),
    };
    let request = request(&paths, options.judging.selection.selection())?;
    let side = |word: &String| Side::named(word, &request.working_directory);
    let head = options.head.as_ref().map(side).transpose()?;
    let against = Against::Diff { base: side(&options.base)?, head };
    audited(&request, against, &options.judging, options.no_progress, terminal)
}

fn audited(
    request: &Request,
    against: Against,
    options: &JudgingOptions,
    no_progress: bool,
    terminal: &Terminal,
) -> Result<ExitCode, Failure> {
    let mut settings = settings(options)?;
    settings.wants_packages = needs_packages(options)?;
    settings.against = against;
    let wanted = !no_progress && terminal.style().detail >= 0;
    let audited = watched(&request.progress, wanted, || engine::audit(request, &settings));
    let Audit { report, sources } = audited?;
    let code = ExitCode::of(&report);
    // Files first: they must be complete whoever reads standard output.
    for (name, file) in &options.report {
        let format = format(name)?;
        let mut text = Vec::new();
        let style = Style { width: 100, color: false, detail: 1 };
        let written =
            (format.render)(&report, &sources, style, &mut text).and_then(|()| write_file(file, &text));
        written
            .map_err(|error| Error::new(format!("cannot write the report {}: {error}", file.display())))?;
    }
    let format = format(&options.format)?;
    Terminal::print(code, |out| (format.render)(&report, &sources, terminal.style(), out))?;
    Ok(code)
}

/// Whether one of the formats lists the packages.
fn needs_packages(options: &JudgingOptions) -> Result<bool, Error> {
    let names = options.report.iter().map(|(name, _)| name).chain([&options.format]);
    let formats: Result<Vec<_>, Error> = names.map(|name| format(name)).collect();
    Ok(formats?.iter().any(|format| format.needs_packages))
}

fn format(name: &str) -> Result<&'static Format, Error> {
    find(name).ok_or_else(|| Error::new(format!("there is no report format {name}")))
}

/// Writes a report as a whole or not at all.
pub(crate) fn write_file(file: &Path, text: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A link in the audited tree must not lead a report to another file: it is replaced, not followed.
    let is_plain = std::fs::symlink_metadata(file).map_or(true, |data| data.is_file() || data.is_symlink());
    if !is_plain || file.starts_with("/dev") {
        return std::fs::write(file, text); // a device or pipe: /dev/stderr
    }
    let mut temporary = tempfile::Builder::new().prefix(".audit-report").tempfile_in(folder)?;
    temporary.write_all(text)?;
    share(temporary.as_file())?;
    temporary.persist(file).map_err(|error| error.error)?;
    Ok(())
}

/// Readable for all: a report is for others. Temporary files are private by default.
fn share(file: &std::fs::File) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    let _ = file;
    Ok(())
}

/// The paths of a command, with standard input read when `-` is among them.
pub(crate) fn request(options: &PathOptions, selection: Selection) -> Result<Request, Error> {
    let working_directory = std::env::current_dir()
        .map_err(|error| Error::new(format!("cannot tell the working directory: {error}")))?;
    let (from_stdin, mut paths): (Vec<PathBuf>, Vec<PathBuf>) =
        options.paths.iter().cloned().partition(|path| path.as_os_str() == "-");
    let stdin = if from_stdin.is_empty() {
        None
    } else {
        let mut bytes = Vec::new();
        let limit = 256 * 1024 * 1024 + 1;
        std::io::stdin()
            .lock()
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| Error::new(format!("cannot read standard input: {error}")))?;
        if bytes.len() as u64 == limit {
            return Err(Error::new("cannot audit standard input: it is larger than 256 MiB"));
        }
        Some((options.stdin_name.clone(), bytes))
    };
    if let Some(error) = paths.iter().find_map(|path| mistyped_command(path)) {
        return Err(error);
    }
    let site_packages = options.site_packages.clone();
    if paths.is_empty() && stdin.is_none() && site_packages.is_empty() {
        paths.push(PathBuf::from("."));
    }
    Ok(Request {
        paths,
        site_packages,
        stdin,
        root: options.root.clone(),
        working_directory,
        selection,
        progress: Progress::default(),
    })
}

/// A word that is no path and nearly a command: `audit explian`.
fn mistyped_command(path: &Path) -> Option<Error> {
    let word = path.to_str().filter(|word| !word.contains(['/', '\\', '.']) && !path.exists())?;
    let commands = super::command();
    let near = commands
        .get_subcommands()
        .map(clap::Command::get_name)
        .filter(|name| strsim::damerau_levenshtein(word, name) <= 1 + name.len() / 4);
    let near = near.min_by_key(|name| strsim::damerau_levenshtein(word, name))?;
    let message = format!("cannot audit {word}: there is no such file or folder");
    Some(Error::new(message).help(format!("did you mean `audit {near}`?")))
}

fn settings(options: &JudgingOptions) -> Result<Options, Error> {
    let ignores = match (&options.ignore[..], &options.reason[..]) {
        (ids, [one]) => ids.iter().map(|id| (id.clone(), one.clone())).collect(),
        (ids, reasons) if ids.len() == reasons.len() => {
            ids.iter().cloned().zip(reasons.iter().cloned()).collect()
        }
        (ids, reasons) => {
            let message = format!("{} --ignore but {} --reason", ids.len(), reasons.len());
            return Err(
                Error::new(message).help("give one reason for all, or one for each, in the same order")
            );
        }
    };
    Ok(Options {
        policy: policy(options.policy.config.as_deref(), options.policy.no_config),
        levels: options.levels.0.clone(),
        fail_on: options.fail_on,
        ignores,
        database: options.db.clone(),
        metadata: options.metadata.clone(),
        only_licenses: false,
        wants_packages: false,
        against: Against::Nothing,
        pip_config: options.pip_config.clone(),
        vex: options.vex.clone(),
        data_folder: data_folder(),
        max_age: options.max_db_age,
        allow_incomplete: options.allow_incomplete,
        today: today(options.today)?,
    })
}

/// `--config`, `--no-config`, or neither.
pub(crate) fn policy(file: Option<&Path>, none: bool) -> PolicyChoice {
    match file {
        Some(file) => PolicyChoice::File(file.to_owned()),
        None if none => PolicyChoice::None,
        None => PolicyChoice::Nearest,
    }
}

/// The folder of the user's database: the platform's data folder.
pub(crate) fn data_folder() -> Option<PathBuf> {
    use etcetera::BaseStrategy as _;
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.data_dir().join("audit"))
}

/// `--today`, else `SOURCE_DATE_EPOCH`, else the clock; UTC.
pub(crate) fn today(option: Option<jiff::civil::Date>) -> Result<jiff::civil::Date, Error> {
    if let Some(today) = option {
        return Ok(today);
    }
    let now = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => {
            let seconds = text.trim().parse::<i64>().ok();
            let moment = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
            moment.ok_or_else(|| {
                Error::new("SOURCE_DATE_EPOCH is not a number of seconds").help("unset it, or pass --today")
            })?
        }
        Err(_) => jiff::Timestamp::now(),
    };
    Ok(now.to_zoned(jiff::tz::TimeZone::UTC).date())
}
