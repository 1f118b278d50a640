//! CISA's catalogue of known exploited vulnerabilities (JSON) and FIRST's EPSS scores (CSV, also gzipped).
//!
//! A bad row is listed and left out. What is no such file is left to the readers of advisories.

use std::path::Path;

use serde::Deserialize;

use super::gather::Gathered;
use super::origin::day;
use crate::advisory::Error;
use crate::advisory::encode::table::{PARTS, RANSOMWARE, TableKind, cve_key, epss_row, kev_row};

/// The rows of a file and the day that they are of; empty when it says none.
pub(super) struct Found {
    pub(super) kind: TableKind,
    pub(super) day: String,
    pub(super) rows: Vec<Vec<u8>>,
}

/// Reads a catalogue or scores; `None` when it is neither. What they hold decides: a download has no name.
pub(super) fn read(path: &Path, bytes: &[u8], gathered: &mut Gathered<'_>) -> Result<Option<Found>, Error> {
    let is_named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    if is_named || is_scores(bytes) {
        return scores(path, bytes, gathered).map(Some);
    }
    if holds(bytes, b"\"cveID\"") {
        return catalogue(path, bytes, gathered);
    }
    Ok(None)
}

/// Whether a text begins as scores do: with the comment about their model, or with the header.
fn is_scores(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let Some(line) = start.split(|byte| *byte == b'\n').find(|line| !line.starts_with(b"#")) else {
        return start.starts_with(b"#model_version");
    };
    let header = String::from_utf8_lossy(line).to_ascii_lowercase();
    let names: Vec<_> = header.split(',').map(|name| name.trim().trim_matches('"')).collect();
    names.contains(&"cve") && names.contains(&"epss")
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Catalogue {
    #[serde(default)]
    catalog_version: Option<String>,
    #[serde(default)]
    date_released: Option<String>,
    vulnerabilities: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exploited {
    #[serde(rename = "cveID")]
    id: String,
    date_added: String,
    #[serde(default)]
    due_date: Option<String>,
    #[serde(default)]
    known_ransomware_campaign_use: Option<String>,
}

/// Reads the catalogue. Source: the JSON schema that CISA publishes with it.
fn catalogue(path: &Path, bytes: &[u8], gathered: &mut Gathered<'_>) -> Result<Option<Found>, Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Ok(catalogue) = serde_json::from_slice::<Catalogue>(bytes) else { return Ok(None) };
    let released = catalogue.date_released.as_deref().and_then(day).map(str::to_owned);
    let version = || catalogue.catalog_version.as_ref().map(|version| version.replace('.', "-"));
    let found_day = released.or_else(|| version().as_deref().and_then(day).map(str::to_owned));
    let mut rows = Vec::new();
    for (number, entry) in catalogue.vulnerabilities.into_iter().enumerate() {
        count(path, number, gathered)?;
        match exploited(entry) {
            Ok(row) => rows.push(row),
            Err(reason) => gathered.refuse(format!("{}: entry {}", path.display(), number + 1), reason),
        }
    }
    Ok(Some(Found { kind: TableKind::Kev, day: found_day.unwrap_or_default(), rows }))
}

fn exploited(entry: serde_json::Value) -> Result<Vec<u8>, String> {
    let entry: Exploited = serde_json::from_value(entry).map_err(|error| error.to_string())?;
    let key = cve_key(entry.id.trim()).ok_or_else(|| format!("`{}` is no CVE id", short(&entry.id)))?;
    let added =
        number_of(&entry.date_added).ok_or_else(|| format!("`{}` is no day", short(&entry.date_added)))?;
    let due = entry.due_date.as_deref().and_then(number_of).unwrap_or(0);
    let ransomware =
        entry.known_ransomware_campaign_use.is_some_and(|word| word.eq_ignore_ascii_case("known"));
    Ok(kev_row(key, added, due, if ransomware { RANSOMWARE } else { 0 }))
}

/// Reads scores: comment lines, a header that names at least `cve` and `epss`, then a row for each id.
fn scores(path: &Path, bytes: &[u8], gathered: &mut Gathered<'_>) -> Result<Found, Error> {
    let (text, score_date) = behind_comments(bytes);
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let day = score_date.or_else(|| day_in(&file_name)).unwrap_or_default();
    let mut found = Found { kind: TableKind::Epss, day, rows: Vec::new() };
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text);
    let place = |line: u64| format!("{}:{line}", path.display());
    let headers = reader.byte_headers().cloned().unwrap_or_default();
    let column = |name: &[u8]| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let (Some(id), Some(probability)) = (column(b"cve"), column(b"epss")) else {
        gathered
            .refuse(path.display().to_string(), "no scores: it has no columns `cve` and `epss`".to_owned());
        return Ok(found);
    };
    let percentile = column(b"percentile");
    let before = bytes.len() - text.len();
    let skipped = bytes.get(..before).unwrap_or_default().split(|byte| *byte == b'\n').count() as u64 - 1;
    let mut record = csv::ByteRecord::new();
    for number in 0.. {
        let read = reader.read_byte_record(&mut record);
        let line = record.position().map_or(0, csv::Position::line) + skipped;
        match read {
            Ok(false) => break,
            Ok(true) => {
                count(path, number, gathered)?;
                let cell = |at: Option<usize>| std::str::from_utf8(record.get(at?)?).ok();
                match scored(cell(Some(id)), cell(Some(probability)), cell(percentile)) {
                    Ok(row) => found.rows.push(row),
                    Err(reason) => gathered.refuse(place(line), reason),
                }
            }
            Err(error) => {
                gathered.refuse(place(line), error.to_string());
                break;
            }
        }
    }
    Ok(found)
}

fn scored(id: Option<&str>, probability: Option<&str>, percentile: Option<&str>) -> Result<Vec<u8>, String> {
    let id = id.unwrap_or_default();
    let key = cve_key(id).ok_or_else(|| format!("`{}` is no CVE id", short(id)))?;
    let word = probability.unwrap_or_default();
    let probability = parts(word).ok_or_else(|| format!("`{}` is no probability", short(word)))?;
    let percentile = match percentile.filter(|word| !word.is_empty()) {
        Some(word) => Some(parts(word).ok_or_else(|| format!("`{}` is no percentile", short(word)))?),
        None => None,
    };
    Ok(epss_row(key, probability, percentile))
}

/// A number from 0 to 1 in parts of [`PARTS`].
fn parts(text: &str) -> Option<u32> {
    let number: f64 = text.parse().ok()?;
    if !(0.0..=1.0).contains(&number) {
        return None;
    }
    let rounded = (number * f64::from(PARTS)).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to PARTS")]
    Some(rounded as u32)
}

/// What follows the comment lines at the start, and the `score_date` in them.
fn behind_comments(bytes: &[u8]) -> (&[u8], Option<String>) {
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut date = None;
    while rest.starts_with(b"#") {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
        let (line, behind) = rest.split_at(end);
        let line = String::from_utf8_lossy(line);
        if let Some((_, said)) = line.split_once("score_date:") {
            date = date.or_else(|| day(said.trim_start()).map(str::to_owned));
        }
        rest = behind;
    }
    (rest, date)
}

/// The first day in a file's name: `epss_scores-2025-07-05.csv`.
fn day_in(name: &str) -> Option<String> {
    name.char_indices().find_map(|(at, _)| day(name.get(at..)?)).map(str::to_owned)
}

/// A day as a number: 20240501.
fn number_of(text: &str) -> Option<u32> {
    day(text.trim())?.replace('-', "").parse().ok()
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Rows are as many as records may be.
fn count(path: &Path, number: usize, gathered: &Gathered<'_>) -> Result<(), Error> {
    let limit = gathered.limits().entries;
    if number < limit {
        return Ok(());
    }
    Err(Error::Archive { path: path.to_owned(), why: format!("more than {limit} rows") })
}
