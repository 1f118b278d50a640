//! The URLs that a project names, each with its place.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use crate::model::{
    Evidence, Finding, IndexOrigin, IndexUse, Input, Label, Package, PackageName, PackageSource, Redirect,
    Role, Rule, Span, mask,
};
use crate::rules::ProjectContext;
use crate::rules::advisory::package_ref;

/// How much of a URL a message shows.
const SHOWN: usize = 200;
/// How many further places of one URL are shown.
const MOST_RELATED: usize = 3;

/// Who names a URL.
#[derive(Clone, Copy)]
pub(super) enum Names<'a> {
    /// An option that names an index, links or a host.
    Index(&'a IndexUse),
    /// A requirement or lock entry.
    Package(&'a Package),
    /// A table that takes a package from elsewhere.
    Redirect(&'a Redirect),
    /// A text that is neither: the URL of a file in a lock, a line that was not read.
    Text,
}

/// A URL with its place.
#[derive(Clone, Copy)]
pub(super) struct Address<'a> {
    /// As the model has it: without the marks of a notation.
    pub(super) url: &'a str,
    pub(super) span: Span,
    pub(super) names: Names<'a>,
    /// The input that says it, by its number; `None` for the configuration of pip.
    pub(super) input: Option<usize>,
    /// A tool wrote it: what it was made from is to be edited.
    pub(super) is_made: bool,
}

impl<'a> Address<'a> {
    /// An address of the configuration of pip.
    pub(super) fn of_config(index: &'a IndexUse) -> Self {
        let names = Names::Index(index);
        Self { url: &index.address, span: index.span, names, input: None, is_made: false }
    }

    /// Where the package is taken from, when it is about one.
    pub(super) fn source(&self) -> Option<&'a PackageSource> {
        match self.names {
            Names::Index(_) | Names::Text => None,
            Names::Package(package) => Some(&package.source),
            Names::Redirect(redirect) => Some(&redirect.source),
        }
    }

    /// The name of the package, when it is about one that has a name.
    pub(super) fn package_name(&self) -> Option<&'a str> {
        match self.names {
            Names::Index(_) | Names::Text => None,
            Names::Package(package) => package.name.as_ref().map(PackageName::as_str),
            Names::Redirect(redirect) => Some(redirect.name.as_str()),
        }
    }

    /// What two places of one URL have in common: neither credentials nor how a notation ends it.
    fn key(&self) -> String {
        let plain = without_credentials(self.url);
        let end = plain.find('?').unwrap_or(plain.len());
        let plain = plain.get(..end).unwrap_or(&plain).trim_end_matches('/');
        plain.strip_suffix(".git").unwrap_or(plain).to_owned()
    }

    /// What tells it from others across runs.
    pub(super) fn evidence(&self) -> Evidence {
        Evidence::Address { address: without_credentials(self.url) }
    }
}

/// A URL that holds no secret: no userinfo, no secret value in its query, no fragment.
fn without_credentials(url: &str) -> String {
    // What a password holds may look like the end of an authority: it is hidden before anything is taken apart.
    let masked = mask(url.trim());
    let plain = masked.split('#').next().unwrap_or("");
    let Some((scheme, rest)) = plain.split_once("://") else { return plain.to_owned() };
    let authority = rest.find(['/', '?']).unwrap_or(rest.len());
    let host = rest.get(..authority).and_then(|authority| authority.rfind('@')).map_or(0, |at| at + 1);
    format!("{}://{}", scheme.to_ascii_lowercase(), rest.get(host..).unwrap_or(""))
}

/// All URLs that `wanted` takes, asked of what the model has: nothing is copied for the others.
pub(super) fn addresses<'a>(
    context: &ProjectContext<'a>,
    wanted: impl Fn(&Address<'a>) -> bool,
) -> Vec<Address<'a>> {
    let project = context.view.project;
    let mut found = Vec::new();
    for (number, input) in project.inputs.iter().enumerate() {
        let is_made = is_made(context, number, input);
        let new = |url, span, names| Address { url, span, names, input: Some(number), is_made };
        let indexes = input.indexes.iter().filter(|index| index.origin == IndexOrigin::File);
        let indexes = indexes.map(|index| new(index.address.as_str(), index.span, Names::Index(index)));
        let packages = input.packages.iter().filter_map(|package| {
            Some(new(package.source.url.as_deref()?, package.source_span?, Names::Package(package)))
        });
        let redirects = input.redirects.iter().filter_map(|redirect| {
            Some(new(redirect.source.url.as_deref()?, redirect.span, Names::Redirect(redirect)))
        });
        found.extend(indexes.chain(packages).chain(redirects).filter(&wanted));
    }
    found
}

/// Whether a tool writes the file from another one that is part of the project.
fn is_made(context: &ProjectContext<'_>, number: usize, input: &Input) -> bool {
    input.role == Role::Lock
        || (input.role == Role::Requirements && context.view.project.manifests_of(number).next().is_some())
}

/// One finding for each place that people edit; what tools made of the same URL is told besides. A URL that only such
/// files name is one finding, at its first place.
pub(super) fn findings<'a>(
    rule: &'static Rule,
    context: &ProjectContext<'a>,
    found: &[Address<'a>],
    label: &str,
    words: impl Fn(&Address<'a>) -> (String, String),
) -> Vec<Finding> {
    let path = |span: Span| context.sources.get(span.source).map_or("", |file| file.path());
    // A file that two inputs include is read twice.
    let mut seen = HashSet::new();
    let mut by_url = ByUrl::new();
    for address in found.iter().filter(|address| !matches!(address.names, Names::Text)) {
        if seen.insert((path(address.span), address.span.start)) {
            let (written, made) = by_url.entry(address.key()).or_default();
            if address.is_made { made.push(address) } else { written.push(address) }
        }
    }
    add_texts(found, &mut by_url, |address| seen.insert((path(address.span), address.span.start)));
    let mut findings = Vec::new();
    for (mut written, mut made) in by_url.into_values() {
        if written.is_empty() {
            written.extend(made.first().copied());
            made.remove(0);
        }
        for (number, address) in written.iter().enumerate() {
            let (message, help) = words(address);
            let mut finding = Finding::new(rule, Label::new(address.span, label), message);
            finding.help = Some(help);
            finding.evidence = Some(address.evidence());
            if let Names::Package(package) = address.names {
                finding.package = package_ref(package).map(Arc::new);
            }
            if number == 0 {
                let more = made.len().saturating_sub(MOST_RELATED);
                for (count, other) in made.iter().take(MOST_RELATED).enumerate() {
                    let text = match more {
                        more if more > 0 && count + 1 == MOST_RELATED => {
                            format!("and here, and {more} more time{}", if more == 1 { "" } else { "s" })
                        }
                        _ => "and here".to_owned(),
                    };
                    finding.related.push(Label::new(other.span, text));
                }
            }
            findings.push(finding);
        }
    }
    findings
}

/// The places of each URL: those that people edit, and those that tools wrote.
type ByUrl<'f, 'a> = BTreeMap<String, (Vec<&'f Address<'a>>, Vec<&'f Address<'a>>)>;

/// Adds the URLs of texts, thousands in a lock, to those of the same host, or else as one for each host.
fn add_texts<'f, 'a>(
    found: &'f [Address<'a>],
    by_url: &mut ByUrl<'f, 'a>,
    mut is_new: impl FnMut(&Address<'a>) -> bool,
) {
    let mut texts = found.iter().filter(|address| matches!(address.names, Names::Text)).peekable();
    if texts.peek().is_none() {
        return;
    }
    let mut hosts: HashMap<String, String> = HashMap::new();
    for (key, (written, made)) in by_url.iter() {
        for address in written.iter().chain(made) {
            hosts.entry(host(address.url).to_ascii_lowercase()).or_insert_with(|| key.clone());
        }
    }
    for address in texts.filter(|address| is_new(address)) {
        let host = host(address.url).to_ascii_lowercase();
        let key = hosts.entry(host).or_insert_with(|| address.key());
        let (written, made) = by_url.entry(key.clone()).or_default();
        if address.is_made { made.push(address) } else { written.push(address) }
    }
}

/// A URL as a message shows it: without secrets, and not longer than a person reads.
pub(super) fn shown(url: &str) -> String {
    let masked = mask(url.trim());
    if masked.chars().nth(SHOWN).is_none() {
        return masked.into_owned();
    }
    masked.chars().take(SHOWN).chain(['…']).collect()
}

/// The host of a URL, or of `host[:port]`, without credentials and port.
pub(super) fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let authority = authority.rsplit('@').next().unwrap_or(authority).trim();
    if let Some(end) = authority.strip_prefix('[').and_then(|rest| rest.find(']')) {
        return authority.get(1..=end).unwrap_or(authority);
    }
    match authority.split_once(':') {
        // More than one colon: an IPv6 address without brackets.
        Some((host, port)) if !port.contains(':') => host,
        _ => authority,
    }
}

/// Whether a host is this very machine (RFC 6761, 6.3; RFC 1122, 3.2.1.3; RFC 4291, 2.5.3).
pub(super) fn is_loopback(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    // `example.com\\.localhost` is example.com to those who read a backslash as a slash (WHATWG URL).
    let is_name = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let named = is_name && host.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("localhost"));
    named
        || match host.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => address.is_loopback(),
            Ok(IpAddr::V6(address)) => {
                let mapped = Ipv6Addr::to_ipv4_mapped(&address);
                address.is_loopback() || mapped.is_some_and(|address| address.is_loopback())
            }
            Err(_) => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_every_notation() {
        for (address, expected) in [
            ("http://index.example.com/simple", "index.example.com"),
            ("http://user:p@ss:w@index.example.com:8080/x@y", "index.example.com"),
            ("http://[2001:db8::1]:80/", "2001:db8::1"),
            ("index.example.com:8080", "index.example.com"),
            ("::1", "::1"),
            ("http://[::1", "[::1"),
            ("http://", ""),
            ("", ""),
        ] {
            assert_eq!(host(address), expected, "{address}");
        }
    }

    #[test]
    fn this_machine_by_every_name() {
        for host in
            ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "localhost.example.com",
            "128.0.0.1",
            "127.0.0.1.example.com",
            "::2",
            "",
            "10.0.0.1",
            "mylocalhost",
            "example.com\\.localhost",
            "example.com%5c.localhost",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
