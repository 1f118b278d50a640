//! `insecure-index`: packages that are fetched without encryption, or from a host whose certificate is not checked.

use super::addresses::{Address, Names, addresses, findings, host, is_loopback, shown};
use crate::model::{
    Explanation, Finding, Group, IndexKind, IndexTool, Label, Level, Rule, SourceKind, Sources, mask,
};
use crate::rules::{ProjectContext, RunContext};

/// The rule.
pub static RULE: Rule = Rule {
    id: "insecure-index",
    group: Group::Hygiene,
    default_level: Level::Deny,
    configurable: true,
    summary: "packages are fetched without encryption, or from a host that nobody checks",
    explanation: Explanation {
        checks: "\
Whether an index, a page of links (`--find-links`), a repository or an archive is fetched over `http:`, `git:`, `svn:` \
or `ftp:`, and whether an option turns the check of a certificate off: `--trusted-host`, `verify_ssl = false`, uv's \
`allow-insecure-host`. Requirement files, pyproject.toml, scripts, Pipfile, setup.cfg, locks, and pip's configuration \
when `--pip-config` names it. Addresses of the machine itself (localhost, 127.0.0.0/8, ::1) may be open.",
        matters: "\
What is installed is run. Whoever sits between you and the server (the network of a hotel, a router, a proxy) can put \
anything in the place of a package, and without hashes nobody notices.",
        example: "requirements.txt begins with `--index-url http://index.example.com/simple`.",
        action: "\
Write `https:` in the place of `http:`; for a repository `git+https:` or `git+ssh:`. When the server has a certificate \
of its own authority, give that to the tool (pip: `--cert FILE`) and do not turn the check off.",
        configuration: "[rules] insecure-index sets the level.",
        sources: "\
pip, --trusted-host and --cert: https://pip.pypa.io/en/stable/cli/pip/#cmdoption-trusted-host
Git, the git protocol: https://git-scm.com/book/en/v2/Git-on-the-Server-The-Protocols",
    },
};

/// Findings of a project.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let found = addresses(context, |address| is_insecure(address));
    if found.is_empty() {
        return Vec::new();
    }
    findings(&RULE, context, &found, "", |address| words(address, context.sources))
}

/// Findings of pip's configuration.
pub fn check_run(context: &RunContext<'_>) -> Vec<Finding> {
    let all = context.pip_config.iter().map(Address::of_config);
    let found = all.filter(is_insecure);
    let finding = |address: Address<'_>| {
        let (message, help) = words(&address, context.sources);
        let mut finding = Finding::new(&RULE, Label::new(address.span, ""), message);
        finding.help = Some(help);
        finding.evidence = Some(address.evidence());
        finding
    };
    found.map(finding).collect()
}

fn is_insecure(address: &Address<'_>) -> bool {
    match address.names {
        Names::Index(index) if index.kind == IndexKind::TrustedHost => !is_loopback(host(address.url)),
        Names::Index(index) if index.kind == IndexKind::NoIndex => false,
        _ => open_scheme(address.url).is_some() && !is_loopback(host(address.url)),
    }
}

/// The scheme of a URL that anybody on the way can read and change, and what encrypts it. `http:/host` is one as well: uv
/// repairs it (WHATWG URL, 4.4, "special authority slashes state").
fn open_scheme(url: &str) -> Option<(&str, &'static str)> {
    let url = url.trim_start();
    let start = url.find(':').filter(|at| *at < 16)?;
    let (scheme, rest) = url.split_at_checked(start)?;
    let scheme = scheme.rsplit('+').next().unwrap_or(scheme);
    let is = |schemes: &[&str]| schemes.iter().any(|open| scheme.eq_ignore_ascii_case(open));
    let is_host = rest.len() > 1 && !rest.starts_with(":$");
    (is(&["http", "ftp"]) && is_host || is(&["git", "svn"]) && rest.starts_with("://"))
        .then_some((scheme, "https"))
}

fn words(address: &Address<'_>, sources: &Sources) -> (String, String) {
    if let Names::Index(index) = address.names
        && index.kind == IndexKind::TrustedHost
    {
        let host = shown(host(&mask(address.url)));
        let message =
            format!("the certificate of {host} is not checked: anyone on the way can replace packages");
        let help = match index.tool {
            IndexTool::Pip if address.input.is_none() => format!(
                "take `{host}` out of `{}`; when it has a certificate of its own authority, name that in `cert`",
                index.option
            ),
            IndexTool::Pip => format!(
                "take `{} {host}` out; when {host} has a certificate of its own authority, name that with \
                 `--cert FILE`",
                index.option
            ),
            IndexTool::Uv => format!(
                "take `\"{host}\"` out; when it has a certificate of its own authority, name that in `SSL_CERT_FILE`"
            ),
            _ => "write `verify_ssl = true`; when the server has a certificate of its own authority, name that in \
                  `REQUESTS_CA_BUNDLE`"
                .to_owned(),
        };
        return (message, help);
    }
    let url = shown(address.url);
    let what = match (address.names, address.package_name()) {
        (Names::Index(index), _) if index.kind == IndexKind::FindLinks => {
            format!("links are read from {url}")
        }
        (Names::Index(_), _) => format!("packages come from the index {url}"),
        (_, Some(name)) if address.source().is_some_and(|source| source.kind == SourceKind::Index) => {
            format!("{name} and others come from the index {url}")
        }
        (_, Some(name)) => format!("{name} comes from {url}"),
        (_, None) => format!("a package comes from {url}"),
    };
    let message = format!("{what} without encryption: anyone on the way can replace what is installed");
    let written = sources.slice(address.span);
    let written = if open_scheme(written).is_some() { written } else { address.url };
    let instead = shown(&encrypted(written));
    let help = if address.is_made {
        format!("write `{instead}` where this file is made from, and make it again")
    } else {
        format!("write `{instead}`; when nothing answers there, ask who runs the server to encrypt it")
    };
    (message, help)
}

/// The URL with a scheme that encrypts.
fn encrypted(url: &str) -> String {
    let Some((open, safe)) = open_scheme(url) else { return url.to_owned() };
    let Some((before, rest)) = url.split_once(':') else { return url.to_owned() };
    let before = before.strip_suffix(open).unwrap_or(before);
    let rest = rest.trim_start_matches(['/', '\\']);
    format!("{before}{safe}://{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_url_encrypted() {
        for (url, instead) in [
            ("http://index.example.com:8080/simple", "https://index.example.com:8080/simple"),
            ("HTTP://index.example.com", "https://index.example.com"),
            ("git+http://git.example.com/a.git@v1#egg=a", "git+https://git.example.com/a.git@v1#egg=a"),
            ("git://git.example.com/a.git", "https://git.example.com/a.git"),
            ("git+git://git.example.com/a.git", "git+https://git.example.com/a.git"),
            ("http:/index.example.com/simple", "https://index.example.com/simple"),
            ("HTTP:index.example.com", "https://index.example.com"),
            ("http:\\\\index.example.com", "https://index.example.com"),
            ("svn+http://svn.example.com/a", "svn+https://svn.example.com/a"),
        ] {
            assert!(open_scheme(url).is_some(), "{url}");
            assert_eq!(encrypted(url), instead);
        }
        for url in [
            "https://a",
            "git+ssh://git@a/b",
            "ssh://a",
            "./http",
            "${URL}",
            "file:///http://a",
            "",
            "://",
            "git:a",
            "http:",
        ] {
            assert_eq!(open_scheme(url), None, "{url}");
        }
    }
}
