//! One file from a server: asked for conditionally, again when it is cut, and never more of it than allowed.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::blocking::{Client, Response};
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE, RETRY_AFTER,
};
use reqwest::{StatusCode, Url};
use serde::{Deserialize, Serialize};
use tempfile::{Builder, NamedTempFile};

use super::error::{UpdateError, host, root};
use super::lock::folder_of;
use super::sink::{GzipTrouble, Sink, gunzip};
use super::{Progress, Unit, address, client, pause};
use crate::advisory::write::temporary_prefix;

/// How often a file is asked for.
const TRIES: u32 = 4;
/// How long one file may take altogether: a server that drips must not hold the lock for ever.
const LONGEST: Duration = Duration::from_hours(1);
/// The longest header that is remembered.
const REMEMBERED: usize = 512;

/// What a server says about a file, to be asked later whether it changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Head {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_modified: Option<String>,
}

impl Head {
    fn of(response: &Response) -> Self {
        let text = |name| text(response, name).filter(|value| value.len() <= REMEMBERED);
        Self { etag: text(ETAG), last_modified: text(LAST_MODIFIED) }
    }

    /// What makes a range safe: a strong tag, else a date. Source: RFC 9110, 13.1.5.
    fn validator(&self) -> Option<&str> {
        self.etag.as_deref().filter(|etag| !etag.starts_with("W/")).or(self.last_modified.as_deref())
    }
}

fn text(response: &Response, name: HeaderName) -> Option<String> {
    response.headers().get(name)?.to_str().ok().map(str::to_owned)
}

/// A file that was fetched; removed when this is dropped.
#[derive(Debug)]
pub(super) struct Download {
    pub(super) file: NamedTempFile,
    pub(super) head: Head,
}

/// Fetches files over one client.
#[derive(Debug)]
pub(super) struct Fetcher {
    client: Client,
    /// Beside which temporary files are made.
    store: PathBuf,
}

/// Small files are not worth a bar.
struct Unwatched;

impl Progress for Unwatched {
    fn begin(&mut self, _: &str, _: Unit, _: Option<u64>) {}
    fn advance(&mut self, _: u64) {}
    fn end(&mut self) {}
    fn note(&mut self, _: &str) {}
}

/// What was received of a file so far.
#[derive(Debug, Default)]
struct Partial {
    received: u64,
    head: Head,
    packed: bool,
}

/// Why a try failed.
enum Trouble {
    /// Trying again is no use.
    Final(UpdateError),
    /// It may go better next time, at the earliest after the pause that the server asked for.
    Passing(UpdateError, Option<Duration>),
}

/// What a server is asked for.
#[derive(Clone, Copy)]
struct Question<'a> {
    url: &'a Url,
    /// What is remembered: the answer may be that nothing changed.
    known: Option<&'a Head>,
    limit: u64,
}

impl Fetcher {
    pub(super) fn new(patience: Duration, store: &Path) -> Result<Self, UpdateError> {
        Ok(Self { client: client::build(patience)?, store: store.to_owned() })
    }

    /// A temporary file beside the store.
    pub(super) fn temporary(&self, ending: &str) -> Result<NamedTempFile, UpdateError> {
        let prefix = temporary_prefix(&self.store);
        let file = Builder::new().prefix(&prefix).suffix(ending).tempfile_in(folder_of(&self.store));
        file.map_err(|error| UpdateError::disk(&error))
    }

    /// A large file to the disk; `None` when it is the one that is known.
    pub(super) fn to_file(
        &self,
        url: &Url,
        known: Option<&Head>,
        limit: u64,
        progress: &mut dyn Progress,
    ) -> Result<Option<Download>, UpdateError> {
        let mut file = self.temporary(address::ending(url))?;
        let question = Question { url, known, limit };
        let Some(partial) = self.ask(question, file.as_file_mut(), progress)? else { return Ok(None) };
        if partial.packed {
            let mut unpacked = self.temporary(address::ending(url))?;
            let packed = File::open(file.path()).map_err(|error| UpdateError::disk(&error))?;
            gunzip(packed, limit, unpacked.as_file_mut()).map_err(|trouble| of_gzip(trouble, question))?;
            file = unpacked;
        }
        Ok(Some(Download { file, head: partial.head }))
    }

    /// A small file into memory; `None` when it is the one that is known.
    pub(super) fn to_memory(
        &self,
        url: &Url,
        known: Option<&Head>,
        limit: u64,
    ) -> Result<Option<(Vec<u8>, Head)>, UpdateError> {
        let question = Question { url, known, limit };
        let mut bytes = Vec::new();
        let Some(partial) = self.ask(question, &mut bytes, &mut Unwatched)? else { return Ok(None) };
        if partial.packed {
            let mut unpacked = Vec::new();
            gunzip(bytes.as_slice(), limit, &mut unpacked).map_err(|trouble| of_gzip(trouble, question))?;
            bytes = unpacked;
        }
        Ok(Some((bytes, partial.head)))
    }

    fn ask(
        &self,
        question: Question<'_>,
        sink: &mut dyn Sink,
        progress: &mut dyn Progress,
    ) -> Result<Option<Partial>, UpdateError> {
        let mut partial = Partial::default();
        let started = Instant::now();
        let mut failures = 0;
        loop {
            let answer = self.once(question, &mut partial, sink, progress, started);
            progress.end();
            let (error, named) = match answer {
                Ok(changed) => return Ok(changed.then_some(partial)),
                Err(Trouble::Final(error)) => return Err(error),
                Err(Trouble::Passing(error, named)) => (error, named),
            };
            let pause = pause::after(failures, named);
            failures += 1;
            if failures >= TRIES {
                return Err(error);
            }
            if pause > pause::LONGEST {
                let help = format!("the server asks to wait {} s: try again then", pause.as_secs());
                return Err(error.help(help));
            }
            thread::sleep(pause);
        }
    }

    /// One try. Whether there was something new.
    fn once(
        &self,
        question: Question<'_>,
        partial: &mut Partial,
        sink: &mut dyn Sink,
        progress: &mut dyn Progress,
        started: Instant,
    ) -> Result<bool, Trouble> {
        let Question { url, known, limit } = question;
        let disk = |error: std::io::Error| Trouble::Final(UpdateError::disk(&error));
        // An archive is packed already, and a range of it is a range of the file.
        let encoding = if address::is_zip(url) { "identity" } else { "gzip" };
        let mut request = self.client.get(url.clone()).header(ACCEPT_ENCODING, encoding);
        let validator = partial.head.validator().filter(|_| partial.received > 0);
        let ranged = validator.is_some();
        if let Some(validator) = validator {
            request =
                request.header(RANGE, format!("bytes={}-", partial.received)).header(IF_RANGE, validator);
        } else if let Some(known) = known {
            for (name, value) in [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)] {
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
        }
        let mut response = request.send().map_err(|error| of_request(url, &error))?;
        match response.status() {
            StatusCode::NOT_MODIFIED if known.is_some() && !ranged => return Ok(false),
            StatusCode::PARTIAL_CONTENT if ranged && continues(&response, partial.received) => {}
            StatusCode::OK => {
                sink.restart().map_err(disk)?;
                let packed = is_packed(&response).map_err(|what| {
                    Trouble::Final(UpdateError::broken(
                        url,
                        &format!("it comes packed as {what}, which nobody asked for"),
                    ))
                })?;
                *partial = Partial { received: 0, head: Head::of(&response), packed };
            }
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                *partial = Partial::default();
                let error = UpdateError::broken(url, "the server sends another part than the one asked for");
                return Err(Trouble::Passing(error, None));
            }
            status => return Err(of_status(url, status, &response)),
        }
        if is_web_page(&response) {
            return Err(Trouble::Final(UpdateError::web_page(url)));
        }
        let expected = response.content_length().map(|rest| rest.saturating_add(partial.received));
        if expected.is_some_and(|length| length > limit) {
            return Err(Trouble::Final(UpdateError::too_large(url, limit)));
        }
        receive(&mut response, question, partial, sink, progress, (started, expected))?;
        Ok(true)
    }
}

/// Reads the body.
fn receive(
    response: &mut Response,
    Question { url, limit, .. }: Question<'_>,
    partial: &mut Partial,
    sink: &mut dyn Sink,
    progress: &mut dyn Progress,
    (started, expected): (Instant, Option<u64>),
) -> Result<(), Trouble> {
    progress.begin(&host(url), Unit::Bytes, expected);
    let mut piece = vec![0; 64 << 10];
    loop {
        let count = response.read(&mut piece).map_err(|error| {
            let what = format!("the connection broke after {} bytes: {}", partial.received, root(&error));
            Trouble::Passing(UpdateError::broken(url, &what), None)
        })?;
        if count == 0 {
            return Ok(());
        }
        partial.received += count as u64;
        if partial.received > limit {
            return Err(Trouble::Final(UpdateError::too_large(url, limit)));
        }
        if started.elapsed() > LONGEST {
            return Err(Trouble::Final(UpdateError::broken(url, "it took more than an hour")));
        }
        let bytes = piece.get(..count).unwrap_or_default();
        sink.add(bytes).map_err(|error| Trouble::Final(UpdateError::disk(&error)))?;
        progress.advance(partial.received);
    }
}

/// Whether a part begins where the last one broke off. Source: RFC 9110, 14.4.
fn continues(response: &Response, received: u64) -> bool {
    let range = text(response, CONTENT_RANGE);
    let start =
        range.as_deref().and_then(|range| range.strip_prefix("bytes ")?.split('-').next()?.parse().ok());
    start == Some(received)
}

/// Whether the body is gzip; the name of another encoding is an error.
fn is_packed(response: &Response) -> Result<bool, String> {
    match text(response, CONTENT_ENCODING).map(|value| value.trim().to_ascii_lowercase()).as_deref() {
        None | Some("" | "identity") => Ok(false),
        Some("gzip" | "x-gzip") => Ok(true),
        Some(other) => Err(other.to_owned()),
    }
}

fn is_web_page(response: &Response) -> bool {
    let kind = text(response, CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    kind.starts_with("text/html") || kind.starts_with("application/xhtml")
}

fn of_status(url: &Url, status: StatusCode, response: &Response) -> Trouble {
    let error = UpdateError::status(url, status);
    if status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
    {
        let named = text(response, RETRY_AFTER);
        Trouble::Passing(error, named.and_then(|value| pause::retry_after(&value, Timestamp::now())))
    } else {
        Trouble::Final(error)
    }
}

fn of_request(url: &Url, error: &reqwest::Error) -> Trouble {
    if error.is_connect() {
        return Trouble::Final(UpdateError::unreachable(url, error));
    }
    let error_text = root(error);
    if error.is_redirect() || error.is_builder() {
        return Trouble::Final(
            UpdateError::new(format!("cannot fetch {}: {error_text}", address::shown(url)))
                .help("check the address, or name the one that it leads to"),
        );
    }
    Trouble::Passing(UpdateError::broken(url, &error_text), None)
}

fn of_gzip(trouble: GzipTrouble, Question { url, limit, .. }: Question<'_>) -> UpdateError {
    match trouble {
        GzipTrouble::TooLarge => UpdateError::too_large(url, limit),
        GzipTrouble::Broken(error) => UpdateError::broken(url, &format!("it cannot be unpacked: {error}")),
        GzipTrouble::Disk(error) => UpdateError::disk(&error),
    }
}
