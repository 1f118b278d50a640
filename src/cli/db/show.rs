//! `audit db show`

use std::io::{self, Write};

use serde::Serialize;

use super::{masked, origin_word, origin_words, safe, wrapped};
use crate::advisory::{AdvisoryRecord, AffectedPackage, AffectedRange};
use crate::cli::args::ShowOptions;
use crate::cli::audit::data_folder;
use crate::cli::exit::ExitCode;
use crate::cli::output::{Failure, Terminal};
use crate::engine::{Error, open_database};
use crate::model::{ExploitProbability, KnownExploited};
use crate::report::{Style, json_text, words};

/// How many lines of details, and how many versions of a list, are shown without `-v`.
const LINES: usize = 40;

pub(crate) fn run(options: &ShowOptions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let database = open_database(options.db.as_deref(), data_folder().as_deref())?;
    let id = options.id.trim();
    let records = database.find(id).map_err(Error::from)?;
    let code = if records.is_empty() { ExitCode::Findings } else { ExitCode::Clean };
    let style = terminal.style();
    if options.format == "json" {
        let document = Document {
            version: 1,
            id: masked(id),
            records: records.iter().map(Record::new).collect(),
            near: if records.is_empty() { near(&database, id)? } else { Vec::new() },
        };
        Terminal::print(code, |out| json_text::write(&document, out))?;
        return Ok(code);
    }
    if records.is_empty() {
        let near = match &near(&database, id)?[..] {
            [] => String::new(),
            near => format!(": did you mean {}?", near.join(", ")),
        };
        Terminal::say(&format!("no record in use has the id {id}{near}"));
        return Ok(code);
    }
    Terminal::print(code, |out| {
        for (number, record) in records.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            render(record, style, out)?;
        }
        Ok(())
    })?;
    Ok(code)
}

fn near(database: &crate::advisory::Database, id: &str) -> Result<Vec<String>, Error> {
    Ok(database.near_ids(id)?.iter().map(|id| masked(id)).collect())
}

fn render(record: &AdvisoryRecord, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let line = record.summary.as_deref().or(record.excerpt.as_deref());
    let title = line.map(|line| format!(": {}", safe(line))).unwrap_or_default();
    writeln!(out, "{}", wrapped(&format!("{}{title}", safe(&record.id)), "", style.width))?;
    let mut row = |label: &str, text: &str| match text {
        "" => Ok(()),
        text => writeln!(out, "{}", wrapped(text, &format!("  {label:<12}"), style.width)),
    };
    if let Some(withdrawn) = &record.withdrawn {
        row("withdrawn", &format!("{}: it never matches", safe(withdrawn)))?;
    }
    row("source", &format!("{}, {}", safe(&record.source), origin_words(&record.origin)))?;
    row("aliases", &safe(&record.aliases.join(" ")))?;
    row("related", &safe(&record.related.join(" ")))?;
    let severity = match (record.malicious, record.score) {
        (true, _) => "malware".to_owned(),
        (false, Some(score)) => format!("{} {score:.1}", record.severity),
        (false, None) => record.severity.to_string(),
    };
    row("severity", &severity)?;
    row("cvss", &safe(record.cvss.as_deref().unwrap_or_default()))?;
    row("risk", &safe(&words::risk_words(record.kev.as_ref(), record.epss.as_ref()).unwrap_or_default()))?;
    row("published", &safe(record.published.as_deref().unwrap_or_default()))?;
    row("modified", &safe(record.modified.as_deref().unwrap_or_default()))?;
    let most = if style.detail > 0 { usize::MAX } else { LINES };
    for package in &record.affected {
        row("affects", &safe(&affected_words(package, most)))?;
    }
    for (kind, url) in &record.references {
        row("see", &safe(&format!("{url} ({})", kind.to_ascii_lowercase())))?;
    }
    row("credits", &safe(&record.credits.join(", ")))?;
    let lines: Vec<_> = record.details.trim_end().lines().collect();
    if !lines.is_empty() {
        writeln!(out)?;
    }
    for line in lines.iter().take(most) {
        writeln!(out, "{}", wrapped(safe(line).trim_end(), "  ", style.width).trim_end())?;
    }
    if lines.len() > most {
        writeln!(out, "  … and {} more lines (-v shows all)", lines.len() - most)?;
    }
    Ok(())
}

/// `shop: every version`, `shop: >=1,<2; 3.0a1`.
fn affected_words(package: &AffectedPackage, most: usize) -> String {
    let mut parts = Vec::new();
    if package.every_version {
        parts.push("every version".to_owned());
    } else {
        parts.extend(package.ranges.iter().take(most).map(range_words));
    }
    let listed: Vec<_> = package.versions.iter().take(most).map(String::as_str).collect();
    if !listed.is_empty() {
        parts.push(format!("version {}", listed.join(", ")));
    }
    let hidden = package.ranges.len().max(package.versions.len()).saturating_sub(most);
    if hidden > 0 {
        parts.push(format!("… and {hidden} more (-v shows all)"));
    }
    if !package.fixed.is_empty() {
        let fixed: Vec<_> = package.fixed.iter().take(most).map(String::as_str).collect();
        parts.push(format!("fixed in {}", fixed.join(", ")));
    }
    format!("{}: {}", package.name, parts.join("; "))
}

fn range_words(range: &AffectedRange) -> String {
    let mut words = Vec::new();
    if range.introduced != "0" {
        words.push(format!(">={}", range.introduced));
    }
    words.extend(range.fixed.as_ref().map(|version| format!("<{version}")));
    words.extend(range.last_affected.as_ref().map(|version| format!("<={version}")));
    words.extend(range.limit.as_ref().map(|version| format!("<{version} (limit)")));
    if words.is_empty() { "every version".to_owned() } else { words.join(",") }
}

#[derive(Serialize)]
struct Document {
    version: u32,
    id: String,
    records: Vec<Record>,
    near: Vec<String>,
}

#[derive(Serialize)]
struct Record {
    id: String,
    source: String,
    origin: &'static str,
    aliases: Vec<String>,
    related: Vec<String>,
    summary: Option<String>,
    excerpt: Option<String>,
    details: Option<String>,
    published: Option<String>,
    modified: Option<String>,
    withdrawn: Option<String>,
    malicious: bool,
    severity: &'static str,
    score: Option<f64>,
    cvss: Option<String>,
    affected: Vec<Affected>,
    references: Vec<Reference>,
    credits: Vec<String>,
    kev: Option<Kev>,
    epss: Option<Epss>,
}

#[derive(Serialize)]
struct Affected {
    package: String,
    every_version: bool,
    ranges: Vec<Range>,
    versions: Vec<String>,
    fixed: Vec<String>,
}

#[derive(Serialize)]
struct Range {
    introduced: String,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

#[derive(Serialize)]
struct Reference {
    r#type: String,
    url: String,
}

#[derive(Serialize)]
struct Kev {
    date_added: String,
    due_date: Option<String>,
    ransomware: bool,
}

#[derive(Serialize)]
struct Epss {
    probability: f64,
    percentile: Option<f64>,
    date: Option<String>,
}

fn texts(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| masked(text)).collect()
}

fn text(text: Option<&String>) -> Option<String> {
    text.map(|text| masked(text))
}

impl Record {
    fn new(record: &AdvisoryRecord) -> Self {
        let kev = |kev: &KnownExploited| Kev {
            date_added: masked(&kev.added),
            due_date: text(kev.due.as_ref()),
            ransomware: kev.ransomware,
        };
        let epss = |epss: &ExploitProbability| Epss {
            probability: epss.probability,
            percentile: epss.percentile,
            date: Some(masked(&epss.published)).filter(|day| !day.is_empty()),
        };
        let reference = |(kind, url): &(String, String)| Reference { r#type: masked(kind), url: masked(url) };
        Self {
            id: masked(&record.id),
            source: masked(&record.source),
            origin: origin_word(&record.origin),
            aliases: texts(&record.aliases),
            related: texts(&record.related),
            summary: text(record.summary.as_ref()),
            excerpt: text(record.excerpt.as_ref()),
            details: Some(masked(&record.details)).filter(|details| !details.is_empty()),
            published: text(record.published.as_ref()),
            modified: text(record.modified.as_ref()),
            withdrawn: text(record.withdrawn.as_ref()),
            malicious: record.malicious,
            severity: record.severity.as_str(),
            score: record.score,
            cvss: text(record.cvss.as_ref()),
            affected: record.affected.iter().map(Affected::new).collect(),
            references: record.references.iter().map(reference).collect(),
            credits: texts(&record.credits),
            kev: record.kev.as_ref().map(kev),
            epss: record.epss.as_ref().map(epss),
        }
    }
}

impl Affected {
    fn new(affected: &AffectedPackage) -> Self {
        let range = |range: &AffectedRange| Range {
            introduced: masked(&range.introduced),
            fixed: text(range.fixed.as_ref()),
            last_affected: text(range.last_affected.as_ref()),
            limit: text(range.limit.as_ref()),
        };
        Self {
            package: masked(&affected.name),
            every_version: affected.every_version,
            ranges: affected.ranges.iter().map(range).collect(),
            versions: texts(&affected.versions),
            fixed: texts(&affected.fixed),
        }
    }
}
