//! `mutable-reference`: what a requirement names can become something else.

use std::collections::HashMap;

use super::addresses::{Address, Names, addresses, findings, shown};
use crate::model::{
    Explanation, Finding, Group, Level, Package, PackageName, PackageSource, Role, Rule, SourceKind,
};
use crate::rules::ProjectContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "mutable-reference",
    group: Group::Hygiene,
    default_level: Level::Warn,
    configurable: true,
    summary: "a repository without a full commit id, or an archive without a hash: it may change",
    explanation: Explanation {
        checks: "\
Whether a requirement that names a repository names a commit in full (40 or 64 hexadecimal digits; for Subversion and \
Bazaar a revision), and whether one that names an archive has its hash, as `#sha256=…` or `--hash`. Quiet where the \
lock of the file records the commit or the hash, in locks that do, and for files and folders of your own.",
        matters: "\
A branch moves, a tag can be moved, and the archive behind a URL can be replaced: two installations of the same file \
are not the same code, and whoever takes over the repository is installed next time.",
        example: "`tide @ git+https://git.example.com/tide.git@main`.",
        action: "\
Write the commit in full: `git ls-remote URL REFERENCE` prints it. For an archive add `#sha256=…` to the URL: `pip \
hash FILE` prints the digest. Or lock, and install from the lock.",
        configuration: "[rules] mutable-reference sets the level.",
        sources: "\
pip, VCS support: https://pip.pypa.io/en/stable/topics/vcs-support/
pip, secure installs: https://pip.pypa.io/en/stable/topics/secure-installs/",
    },
};

/// One finding for each place that people edit.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let mut found = addresses(context, |address| address.source().is_some_and(is_mutable(address)));
    if found.is_empty() {
        return Vec::new();
    }
    let fixed = Fixed::new(context);
    found.retain(|address| !is_locked(context, &fixed, address));
    findings(&RULE, context, &found, "", |address| words(context, &fixed, address))
}

/// The entries that are one state for ever, by name: of thousands that are not, none searches all the others.
struct Fixed<'a>(HashMap<&'a PackageName, Vec<(usize, &'a Package)>>);

impl<'a> Fixed<'a> {
    /// How many of one name are looked at. A lock has one for each marker.
    const MOST: usize = 100;

    fn new(context: &ProjectContext<'a>) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for (number, input) in context.view.project.inputs.iter().enumerate() {
            for package in &input.packages {
                let source = &package.source;
                let is_one = match source.kind {
                    SourceKind::Url => package.hashes > 0,
                    kind => kind.is_vcs() && is_fixed(source),
                };
                if let Some(name) = package.name.as_ref().filter(|_| is_one) {
                    let of_name = by_name.entry(name).or_default();
                    if of_name.len() < Self::MOST {
                        of_name.push((number, package));
                    }
                }
            }
        }
        Self(by_name)
    }

    fn of(&self, name: &str) -> &[(usize, &'a Package)] {
        self.0.get(&PackageName::new(name)).map_or(&[], Vec::as_slice)
    }
}

/// Whether what an address names may change.
fn is_mutable(address: &Address<'_>) -> impl FnOnce(&PackageSource) -> bool {
    let hashes = match address.names {
        Names::Package(package) => package.hashes,
        Names::Index(_) | Names::Redirect(_) | Names::Text => 0,
    };
    let has_digest = matches!(address.names, Names::Redirect(_)) && address.url.contains("#sha256=");
    move |source| match source.kind {
        SourceKind::Url => hashes == 0 && !has_digest && is_remote(source.url.as_deref().unwrap_or("")),
        kind if kind.is_vcs() => !is_fixed(source),
        _ => false,
    }
}

fn is_remote(url: &str) -> bool {
    let schemes = ["http://", "https://", "ftp://"];
    let start = url.trim_start().get(..8).unwrap_or(url.trim_start()).to_ascii_lowercase();
    schemes.iter().any(|scheme| start.starts_with(scheme))
}

/// Whether a source is one state of a repository for ever.
fn is_fixed(source: &PackageSource) -> bool {
    let known = source.resolved.iter().chain(&source.reference);
    let numbered = matches!(source.kind, SourceKind::Svn | SourceKind::Bzr);
    known.into_iter().any(|text| {
        is_commit(text) || (numbered && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// Whether a text is the full id of a commit (SHA-1 or SHA-256).
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether the lock of the file says which state is installed.
fn is_locked(context: &ProjectContext<'_>, fixed: &Fixed<'_>, address: &Address<'_>) -> bool {
    let project = context.view.project;
    let (Some(input), Some(name)) = (address.input, address.package_name()) else { return false };
    let Some(path) = project.inputs.get(input).map(|input| input.path.as_str()) else { return false };
    let of_lock = |lock: usize| project.manifests_of(lock).any(|manifest| manifest.path == path);
    fixed.of(name).iter().any(|(lock, _)| of_lock(*lock))
}

fn words(context: &ProjectContext<'_>, fixed: &Fixed<'_>, address: &Address<'_>) -> (String, String) {
    let Some(source) = address.source() else { return (String::new(), String::new()) };
    let name = address.package_name().map_or_else(|| shown(address.url), str::to_owned);
    let written = context.sources.slice(address.span).trim();
    if source.kind == SourceKind::Url {
        let message = format!("{name} is an archive without a hash: what the URL leads to may be replaced");
        let (url, fragment) = address.url.split_once('#').unwrap_or((address.url, ""));
        let fragment = if fragment.is_empty() { String::new() } else { format!("&{fragment}") };
        let help = format!(
            "write `{}`, with the digest that `pip hash FILE` prints for what you reviewed",
            shown(&format!("{url}#sha256=DIGEST{fragment}"))
        );
        return (message, help);
    }
    let message = match source.reference.as_deref() {
        None => format!("{name} is whatever the repository holds on the day of installation"),
        Some(reference) if is_short(reference) => {
            format!(
                "{name} is taken from the abbreviated commit {reference}, which may come to mean another one"
            )
        }
        Some(reference) => {
            format!("{name} is taken from `{}`, which may come to mean another commit", shown(reference))
        }
    };
    let commit = commit_of(fixed, address, source);
    let input = address.input.and_then(|input| context.view.project.inputs.get(input));
    let system = source.kind.as_str();
    let id = commit.clone().unwrap_or_else(|| "COMMIT".to_owned());
    let instead = if written.contains('+') && written.to_ascii_lowercase().starts_with(system) {
        let (url, fragment) =
            written.split_once('#').map_or((written, ""), |(url, _)| url_and_rest(written, url));
        let plain =
            source.reference.as_deref().and_then(|reference| url.strip_suffix(&format!("@{reference}")));
        format!("{}@{id}{fragment}", plain.unwrap_or(url).trim_end_matches('@'))
    } else {
        let is_pipenv = input.is_some_and(|input| input.kind.starts_with("Pipfile"));
        format!("{} = \"{id}\"", if is_pipenv { "ref" } else { "rev" })
    };
    let is_lock = input.is_some_and(|input| input.role == Role::Lock);
    let mut help = format!("write `{}`", shown(&instead));
    match commit {
        Some(_) => help.push_str(", the commit that is locked"),
        None if is_lock => {
            "lock again, with a version of the tool that records the commit".clone_into(&mut help);
        }
        None if source.kind == SourceKind::Git => {
            let asked = source.reference.as_deref().unwrap_or("HEAD");
            let asked = format!("git ls-remote {} {asked}", source.url.as_deref().unwrap_or(""));
            help.push_str(&format!(" with the full id of the commit: `{}` prints it", shown(&asked)));
        }
        None => help.push_str(" with the full id of the commit"),
    }
    if address.is_made && !is_lock {
        help.push_str("; write it where this file is compiled from, and compile it again");
    }
    (message, help)
}

/// A URL and its fragment, with the `#`.
fn url_and_rest<'t>(written: &'t str, url: &'t str) -> (&'t str, &'t str) {
    (url, written.get(url.len()..).unwrap_or(""))
}

/// An abbreviation of a commit. Seven digits is what git shows at least.
fn is_short(reference: &str) -> bool {
    (7..40).contains(&reference.len())
        && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
        && reference.bytes().any(|byte| byte.is_ascii_digit())
}

/// The commit that a lock of the project has for the same repository.
fn commit_of(fixed: &Fixed<'_>, address: &Address<'_>, source: &PackageSource) -> Option<String> {
    let same = |url: &str| {
        let plain = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/');
        plain.strip_suffix(".git").unwrap_or(plain).to_owned()
    };
    let wanted = same(source.url.as_deref()?);
    let mut found = fixed
        .of(address.package_name()?)
        .iter()
        .filter(|(_, package)| package.source.kind == source.kind)
        .filter(|(_, package)| package.source.url.as_deref().is_some_and(|url| same(url) == wanted))
        .filter_map(|(_, package)| {
            let known = package.source.resolved.iter().chain(&package.source.reference);
            known.into_iter().find(|text| is_commit(text)).cloned()
        });
    found.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_one_state_for_ever() {
        let source = |kind, reference: &str| PackageSource {
            kind,
            reference: Some(reference.to_owned()),
            ..PackageSource::default()
        };
        let (sha1, sha256) = ("0".repeat(39) + "a", "A".repeat(64));
        for (kind, reference, fixed) in [
            (SourceKind::Git, sha1.as_str(), true),
            (SourceKind::Git, &sha256, true),
            (SourceKind::Git, &sha1[1..], false),
            (SourceKind::Git, &sha256.replacen('A', "g", 1), false),
            (SourceKind::Git, "main", false),
            (SourceKind::Git, "2019", false),
            (SourceKind::Hg, &sha1, true),
            (SourceKind::Svn, "2019", true),
            (SourceKind::Bzr, "2019", true),
            (SourceKind::Svn, "", false),
        ] {
            assert_eq!(is_fixed(&source(kind, reference)), fixed, "{kind:?} {reference}");
        }
        assert!(is_short("0123abc") && !is_short("deadbeef") && !is_short("v1.0.0"));
    }
}
