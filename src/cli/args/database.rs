//! What can be written behind `audit db`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::parse_day;

#[derive(Debug, Args)]
pub(crate) struct DbOptions {
    #[command(subcommand)]
    pub(crate) command: DbCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DbCommand {
    /// Read advisories, known exploited vulnerabilities and EPSS scores, and write a database
    Import(ImportOptions),
    /// Fetch what is new: the only command that uses the network
    Update(UpdateOptions),
    /// Show what the database holds: sources, days, counts, digests
    Status(StatusOptions),
    /// Check every checksum, count and digest
    Verify(VerifyOptions),
    /// Write all that is in use into one file, for networks without a way out
    Export(ExportOptions),
    /// Show the records with an id or alias
    Show(ShowOptions),
    /// Tell what changed between two databases
    Diff(DiffOptions),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Without --db: of each source the newer of the user's database and what is built in, as an audit uses them."
)]
pub(crate) struct StatusOptions {
    /// This database alone [default: the user's, and what is built in]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) db: Option<PathBuf>,

    /// How to show it: human, json [default: human]
    #[arg(long, value_name = "FORMAT", default_value = "human", hide_default_value = true, value_parser = ["human", "json"], hide_possible_values = true)]
    pub(crate) format: String,

    /// The day that counts as today [default: `SOURCE_DATE_EPOCH`, else the clock]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day, hide_short_help = true)]
    pub(crate) today: Option<jiff::civil::Date>,
}

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 whole, 1 damaged, 2 missing or no database.")]
pub(crate) struct VerifyOptions {
    /// The database to check [default: the user's, when there is one, and what is built in]
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "The file is used with `--db FILE` and gives the same findings. The same data gives the same bytes."
)]
pub(crate) struct ExportOptions {
    /// The file to write; written as a whole or not at all
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 found, 1 no record has the id, 2 the database cannot be used.")]
pub(crate) struct ShowOptions {
    /// Any id of a flaw: PYSEC-…, GHSA-…, CVE-…, MAL-…; case does not matter
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    /// This database alone [default: the user's, and what is built in]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) db: Option<PathBuf>,

    /// How to show it: human, json [default: human]
    #[arg(long, value_name = "FORMAT", default_value = "human", hide_default_value = true, value_parser = ["human", "json"], hide_possible_values = true)]
    pub(crate) format: String,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing differs, 1 something differs, 2 a database cannot be used, 3 nothing differs but a \
                  dependency file could not be read whole."
)]
pub(crate) struct DiffOptions {
    /// The database as it was
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,

    /// The database as it is
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,

    /// Only what concerns the packages of these dependency files or folders, and whether the locked version is affected
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// The folder that includes and links must not leave [default: the nearest with a .git, else this folder]
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub(crate) root: Option<PathBuf>,

    /// How to show it: human, json [default: human]
    #[arg(long, value_name = "FORMAT", default_value = "human", hide_default_value = true, value_parser = ["human", "json"], hide_possible_values = true)]
    pub(crate) format: String,
}

#[derive(Debug, Args)]
pub(crate) struct ImportOptions {
    /// OSV: an ecosystem zip (PyPI/all.zip), records in JSON or YAML, folders of them; safety-db; KEV: the catalogue as JSON;
    /// EPSS: scores as .csv or .csv.gz
    #[arg(value_name = "SOURCE", required = true)]
    pub(crate) sources: Vec<PathBuf>,

    /// The file to write [default: the database in the user's data folder]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) db: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct UpdateOptions {
    /// Fetch from here: a URL, a file or a folder; repeatable [default: OSV's public export for PyPI]
    #[arg(long, value_name = "URL|FILE|FOLDER")]
    pub(crate) source: Vec<PathBuf>,

    /// The file to update [default: the database in the user's data folder]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) db: Option<PathBuf>,

    /// Fetch everything, not only what changed
    #[arg(long)]
    pub(crate) full: bool,

    /// Take the new data although it has far fewer records
    #[arg(long)]
    pub(crate) force: bool,

    /// Give up when the server is silent for so many seconds [default: 30]
    #[arg(long, value_name = "SECONDS", default_value_t = 30, hide_default_value = true, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: u64,

    /// Show no progress bar
    #[arg(long, hide_short_help = true)]
    pub(crate) no_progress: bool,
}
