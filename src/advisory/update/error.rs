//! What stops an update, in words for people: what happened, and what to do.

use std::error::Error as StdError;
use std::io;

use reqwest::{StatusCode, Url};

use super::address::shown;

/// Why an update did not take place. The store is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateError {
    /// What went wrong; lower case, no full stop. Holds no credentials, but untrusted text.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    pub(super) kind: Kind,
}

/// What an error means for those who could do without the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The server has no such file.
    Missing,
    /// The server cannot be reached at all.
    Unreachable,
    /// Anything else.
    Other,
}

/// What helps when a server cannot be used.
const ELSEWHERE: &str = "the present advisories stay in use; try again later, name a mirror with --source URL, or \
                         fetch the file elsewhere and run `audit db update --source FILE`";

impl UpdateError {
    /// An error without a next step.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, kind: Kind::Other }
    }

    /// The same with a next step.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// No connection, or none that may be trusted.
    pub(super) fn unreachable(url: &Url, error: &reqwest::Error) -> Self {
        let cause = root(error);
        let message = format!("cannot reach {}: {cause}", host(url));
        // The words of rustls and of hyper's tunnel: their types do not reach us.
        let help = if cause.contains("certificate") {
            "install the certificates of the system (ca-certificates); if your network has an authority of its own, \
             name its PEM file in SSL_CERT_FILE"
        } else if cause.contains("tunnel") || cause.contains("proxy") {
            "check the proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY; its user and password belong into that URL"
        } else {
            ELSEWHERE
        };
        Self { kind: Kind::Unreachable, ..Self::new(message).help(help) }
    }

    /// A connection that broke, and stayed broken.
    pub(super) fn broken(url: &Url, what: &str) -> Self {
        Self::new(format!("cannot fetch {}: {what}", shown(url))).help(ELSEWHERE)
    }

    /// A server that says no.
    pub(super) fn status(url: &Url, status: StatusCode) -> Self {
        let help = match status.as_u16() {
            401 => "the server wants a user and a password: put them into the URL, before the host",
            403 => "the server refuses: check user, password and address",
            404 | 410 => "check the address: an export of OSV ends in PyPI/all.zip",
            407 => {
                "the proxy wants a user and a password: put them into its URL in HTTP_PROXY or HTTPS_PROXY"
            }
            _ => ELSEWHERE,
        };
        let reason = status.canonical_reason().unwrap_or("an unknown status");
        let message = format!("cannot fetch {}: the server says {} {reason}", shown(url), status.as_u16());
        let missing = matches!(status.as_u16(), 403 | 404 | 410); // a bucket without a list of files says 403
        Self { kind: if missing { Kind::Missing } else { Kind::Other }, ..Self::new(message).help(help) }
    }

    /// More than anyone should send.
    pub(super) fn too_large(url: &Url, limit: u64) -> Self {
        let limit = if limit >= 1 << 20 { format!("{} MiB", limit >> 20) } else { format!("{limit} bytes") };
        Self::new(format!("cannot use {}: it is larger than {limit}", shown(url)))
            .help("check the address: advisories are far smaller")
    }

    /// HTML where data should be.
    pub(super) fn web_page(url: &Url) -> Self {
        Self::new(format!("{} is a web page and not advisories", shown(url)))
            .help("is a login or a proxy in between? open the address in a browser and look")
    }

    /// Advisories that cannot be used.
    pub(super) fn unusable(why: &str) -> Self {
        Self::new(why).help("nothing was changed; the present advisories stay in use")
    }

    /// The disk said no.
    pub(super) fn disk(error: &io::Error) -> Self {
        Self::new(format!("cannot write beside the store: {error}"))
            .help("nothing was changed; make room and access, or name another file with --db")
    }

    /// The store could not be written.
    pub(super) fn write(error: &crate::advisory::Error) -> Self {
        Self::new(chain(error))
            .help("nothing was changed; make room and access, or name another file with --db")
    }
}

impl std::fmt::Display for UpdateError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StdError for UpdateError {}

/// Host and port, which hold no credentials.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the server");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The last cause: what the layers above it say is what they were doing.
pub(super) fn root(error: &dyn StdError) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}

/// An error with its causes.
pub(super) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}
