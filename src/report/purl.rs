//! Package URLs of Python packages.
//!
//! Source: purl specification, "Rules for each purl component" and type `pypi`. Secrets are masked before a text is
//! encoded, behind which nobody finds them any more.

use crate::model::{LicenseRow, SourceKind, is_public_index, mask};

/// The package URL of a package of the public index.
pub(crate) fn purl(name: &str, version: Option<&str>) -> String {
    let mut purl = format!("pkg:pypi/{}", percent(&mask(name), ""));
    if let Some(version) = version {
        purl.push('@');
        purl.push_str(&percent(&mask(version), ""));
    }
    purl
}

/// The package URL of a row, with a qualifier that says where it is taken from when that is not the public index.
#[inline(never)]
pub(crate) fn purl_of(row: &LicenseRow) -> String {
    let mut purl = purl(row.name.as_str(), row.version.as_ref().map(crate::model::Version::as_str));
    let Some(url) = &row.source.url else { return purl };
    let (key, value) = match row.source.kind {
        SourceKind::Index if !is_public_index(url) => ("repository_url", url.clone()),
        SourceKind::Url => ("download_url", url.clone()),
        kind if kind.is_vcs() => ("vcs_url", vcs_url(row)),
        _ => return purl,
    };
    purl.push_str(&format!("?{key}={}", percent(&masked_url(&value), ":/")));
    purl
}

/// A repository as `pip`, the purl specification and SPDX (2.3, 7.7) write it: `git+https://host/path@commit#folder`.
pub(crate) fn vcs_url(row: &LicenseRow) -> String {
    let source = &row.source;
    let kind = source.kind.as_str();
    let url = source.url.as_deref().unwrap_or("");
    let mut written = match url.strip_prefix(kind) {
        Some(rest) if rest.starts_with('+') => url.to_owned(),
        _ => format!("{kind}+{url}"),
    };
    if let Some(commit) = source.resolved.as_ref().or(source.reference.as_ref()) {
        written.push_str(&format!("@{commit}"));
    }
    if let Some(folder) = &source.subdirectory {
        written.push_str(&format!("#{folder}"));
    }
    written
}

/// The text of a field that is one URL, without its secrets. White space would end the URL for [`mask`], which looks
/// for them in any text: what stands behind it is part of the URL here, and is encoded (RFC 3986, 2.1).
#[inline(never)]
pub(crate) fn masked_url(url: &str) -> String {
    let mut whole = String::with_capacity(url.len());
    for character in url.chars() {
        if character.is_whitespace() || "\"'<>`".contains(character) {
            whole.push_str(&percent(character.encode_utf8(&mut [0; 4]), ""));
        } else {
            whole.push(character);
        }
    }
    mask(&whole).into_owned()
}

/// Percent-encodes all but RFC 3986's unreserved characters and those of `kept`.
#[inline(never)]
pub(crate) fn percent(text: &str, kept: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let character = char::from(byte);
        if byte.is_ascii_alphanumeric() || "-._~".contains(character) || kept.contains(character) {
            encoded.push(character);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_versions_are_encoded_without_secrets() {
        assert!(!purl("https://user:hunter2@host", Some("https://user:hunter2@host")).contains("hunter2"));
        assert_eq!(purl("torch", Some("2.0.0+cpu")), "pkg:pypi/torch@2.0.0%2Bcpu");
        assert_eq!(masked_url("https://h.example/a b?token=hunter2"), "https://h.example/a%20b?token=****");
        assert_eq!(purl("ä", None), "pkg:pypi/%C3%A4");
    }
}
