//! From a requirement to an entry of the graph.

use crate::model::Arrange as _;
use std::ops::Range;

use super::line::is_vcs;
use super::{Piece, Requirement};
use crate::model::{Package, PackageName, PackageSource, SourceKind, Span, Version};

/// The entry of a requirement. `place` turns bytes of the text that was read into a span of the file; `whole` covers
/// the text.
pub fn to_package(requirement: &Requirement, place: &dyn Fn(Range<usize>) -> Span, whole: Span) -> Package {
    let written = requirement.name.as_ref().map_or("", |name| name.text.as_str());
    let mut package = Package::new(written, whole);
    if let Some(name) = &requirement.name {
        package.name_span = place(name.range.clone());
    }
    if let Some(specifier) = &requirement.specifier {
        package.version_span = Some(place(specifier.range.clone()));
        package.specifier = Some(specifier.text.clone());
        package.version = pinned(&specifier.text).map(Version::new);
    }
    package.marker = requirement.marker.as_ref().map(|marker| marker.text.clone());
    package.extras = requirement.extras.iter().map(|extra| PackageName::new(&extra.text)).collect();
    package.extras.arrange();
    package.extras.dedup();
    package.editable = requirement.editable;
    if let Some(url) = &requirement.url {
        // What an address pins is not what `==` pins: `egg=name==1.0` names, it does not choose.
        package.version = None;
        package.source = source(url);
        package.source_span = Some(place(url.range.clone()));
        package.hashes = u32::from(!package.source.kind.is_vcs() && has_digest(&url.text));
        if requirement.name.is_none() {
            package.name_span = place(url.range.clone());
        }
    }
    package
}

/// The version that one `==` or `===` without a wildcard pins.
fn pinned(specifier: &str) -> Option<&str> {
    let text = specifier.trim();
    if let Some(version) = text.strip_prefix("===") {
        let version = version.trim_end().trim_end_matches(',').trim();
        return Some(version).filter(|version| !version.is_empty() && !version.contains(','));
    }
    let version = text.strip_prefix("==")?.trim_end().trim_end_matches(',').trim();
    let single =
        !version.is_empty() && !version.contains([',', '<', '>', '=', '~', '!', '*']) || is_epoch(version);
    single.then_some(version)
}

/// `1!2.0`: an exclamation mark that is no operator.
fn is_epoch(version: &str) -> bool {
    let Some((epoch, rest)) = version.split_once('!') else { return false };
    !epoch.is_empty()
        && epoch.bytes().all(|byte| byte.is_ascii_digit())
        && !rest.contains([',', '<', '>', '=', '~', '!', '*'])
}

/// What an address says about where a package is taken from.
fn source(url: &Piece) -> PackageSource {
    let text = url.text.trim();
    let (body, fragment) = text.split_once('#').unwrap_or((text, ""));
    let subdirectory =
        fragment.split('&').find_map(|pair| pair.strip_prefix("subdirectory=")).map(str::to_owned);
    let mut source = PackageSource { subdirectory, ..PackageSource::default() };
    if let Some(system) = is_vcs(body) {
        source.kind = match system {
            "hg" => SourceKind::Hg,
            "svn" => SourceKind::Svn,
            "bzr" => SourceKind::Bzr,
            _ => SourceKind::Git,
        };
        let address = &body[system.len() + 1..];
        let (address, reference) = split_reference(address);
        source.url = Some(address.to_owned());
        source.reference = reference.map(str::to_owned);
        return source;
    }
    let lower = body.get(..8).unwrap_or(body).to_ascii_lowercase();
    let remote = ["http://", "https://", "ftp://"].iter().any(|scheme| lower.starts_with(scheme));
    source.kind = if remote { SourceKind::Url } else { SourceKind::Path };
    source.url = Some(body.to_owned());
    source
}

/// Whether an address ends in the digest of what it names: `#sha256=…`. Source: pip, "Hash-checking Mode", and
/// `_SUPPORTED_HASHES` of its `link.py`.
fn has_digest(text: &str) -> bool {
    const DIGESTS: [&str; 6] = ["sha512", "sha384", "sha256", "sha224", "sha1", "md5"];
    let fragment = text.split_once('#').map_or("", |(_, fragment)| fragment);
    let mut pairs = fragment.split('&').filter_map(|pair| pair.split_once('='));
    pairs.any(|(key, value)| DIGESTS.contains(&key) && !value.trim().is_empty())
}

/// Splits `address@reference`. The `@` of a user name stands before the host, so only one behind the last `/` of the
/// authority counts, and a reference holds neither `@` nor `:`.
fn split_reference(address: &str) -> (&str, Option<&str>) {
    let authority = address.find("://").map_or(0, |at| at + 3);
    let path = address[authority..].find('/').map_or(address.len(), |at| authority + at);
    // `git+ssh://git@host:group/project.git@ref` has its path behind a colon as well.
    match address[path..].rfind('@') {
        Some(at) if !address[path + at + 1..].contains(':') && path + at + 1 < address.len() => {
            (&address[..path + at], Some(&address[path + at + 1..]))
        }
        _ => (address, None),
    }
}
