//! Where advisories come from: a URL, or something on a disk.

use std::path::{Path, PathBuf};

use reqwest::Url;

use super::error::UpdateError;

/// A source as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    Remote(Url),
    Local(PathBuf),
}

impl Address {
    /// A URL has `://`; anything else, and `file://`, is a path.
    pub(super) fn parse(source: &Path) -> Result<Self, UpdateError> {
        let Some(text) = source.to_str().filter(|text| text.contains("://")) else {
            return Ok(Self::Local(source.to_owned()));
        };
        // The text may hold a password in a place where only a reader of URLs would find it.
        let scheme = text.split("://").next().unwrap_or_default();
        let url = Url::parse(text).map_err(|error| {
            UpdateError::new(format!("the source {scheme}://… is not a URL that can be used: {error}"))
                .help("a user or a password with special characters must be percent-encoded")
        })?;
        match url.scheme() {
            "http" | "https" => Ok(Self::Remote(url)),
            "file" => url.to_file_path().map(Self::Local).map_err(|()| {
                UpdateError::new(format!("{} names no file of this computer", shown(&url)))
                    .help("write file:///PATH, or the path alone")
            }),
            other => Err(UpdateError::new(format!("cannot fetch {other}:// addresses"))
                .help("use https://, http://, file:// or a path")),
        }
    }

    /// The URL, when it is one.
    pub(super) fn url(&self) -> Option<&Url> {
        match self {
            Self::Remote(url) => Some(url),
            Self::Local(_) => None,
        }
    }

    pub(super) fn is_remote(&self) -> bool {
        self.url().is_some()
    }
}

/// A URL without anything secret: no user, no password, no query.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Cannot fail where there is a host, and without one there is nothing to take out.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    url.set_fragment(None);
    url.to_string().replace("%E2%80%A6", "…")
}

/// The name under which a URL is remembered: the same for other credentials. A query may hold a secret or change
/// each time, so nothing is remembered about a URL that has one.
pub(super) fn key(url: &Url) -> Option<String> {
    url.query().is_none().then(|| shown(url))
}

/// Whether it says that it is a zip.
pub(super) fn is_zip(url: &Url) -> bool {
    url.path().to_ascii_lowercase().ends_with(".zip")
}

/// The ending of a file that keeps what the import looks at.
pub(super) fn ending(url: &Url) -> &'static str {
    if url.path().ends_with(".jsonl") { ".jsonl" } else { ".tmp" }
}

/// The list of changes beside an `all.zip`.
pub(super) fn list_of(url: &Url) -> Option<Url> {
    url.path()
        .ends_with("/all.zip")
        .then(|| url.join("modified_id.csv").ok())
        .flatten()
        .map(|list| with(list, url))
}

/// A single record beside an `all.zip`.
pub(super) fn record_of(url: &Url, id: &str) -> Option<Url> {
    url.join(&format!("{id}.json")).ok().map(|record| with(record, url))
}

/// Joining keeps credentials; a query is part of the first address alone.
fn with(mut url: Url, base: &Url) -> Url {
    url.set_query(base.query());
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn nothing_secret_is_shown() {
        assert_eq!(
            shown(&url("https://me:hunter2@h.example:8443/a?sig=abc#x")),
            "https://h.example:8443/a?…"
        );
        assert_eq!(shown(&url("http://token@h.example/PyPI/all.zip")), "http://h.example/PyPI/all.zip");
        assert_eq!(key(&url("https://a:b@h.example/all.zip")), Some("https://h.example/all.zip".to_owned()));
        assert_eq!(key(&url("https://h.example/all.zip?a=b")), None);
        let error = Address::parse(Path::new("https://me:hunter2@h.example:port/x")).unwrap_err();
        assert!(!error.message.contains("hunter2"), "{error}");
    }

    #[test]
    fn addresses() {
        assert_eq!(Address::parse(Path::new("a/b.zip")).unwrap(), Address::Local("a/b.zip".into()));
        assert_eq!(Address::parse(Path::new("file:///a/b%20c")).unwrap(), Address::Local("/a/b c".into()));
        assert!(Address::parse(Path::new("ftp://h.example/all.zip")).is_err());
        assert!(Address::parse(Path::new("HTTPS://h.example/all.zip")).unwrap().is_remote());
    }

    #[test]
    fn neighbours_of_an_export() {
        let zip = url("https://u:p@h.example/m/PyPI/all.zip");
        assert_eq!(list_of(&zip), Some(url("https://u:p@h.example/m/PyPI/modified_id.csv")));
        assert_eq!(record_of(&zip, "MAL-2024-1"), Some(url("https://u:p@h.example/m/PyPI/MAL-2024-1.json")));
        assert_eq!(list_of(&url("https://h.example/m/other.zip")), None);
    }
}
