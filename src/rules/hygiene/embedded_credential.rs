//! `embedded-credential`: a URL carries a password or a token.

use std::collections::HashSet;
use std::ops::Range;

use super::addresses::{Address, Names, addresses, findings, host, shown};
use crate::model::{
    Explanation, Finding, Group, IndexKind, IndexTool, IndexUse, Label, Level, Rule, SourceFile, SourceId,
    Sources, Span, credentials, mask,
};
use crate::rules::{ProjectContext, RunContext};

/// The rule.
pub static RULE: Rule = Rule {
    id: "embedded-credential",
    group: Group::Hygiene,
    default_level: Level::Deny,
    configurable: true,
    summary: "a URL carries a password or a token, which everyone can read who has the file",
    explanation: Explanation {
        checks: "\
Whether the URL of an index, of a page of links, of a requirement, of a lock entry or one of its files, or of a file to \
include carries a password, a token in the \
place of the user name, or one in its query (`?token=`). Requirement files, pyproject.toml, scripts, Pipfile and its \
lock, setup.cfg, locks, and pip's configuration when `--pip-config` names it. Placeholders (`${PASSWORD}`, `$PASSWORD`, \
`%(PASSWORD)s`) and bare user names (`git@…`) are none. No output of this program ever shows the secret.",
        matters: "\
The file is committed, copied into images and logs, and the secret with it, for as long as the history is kept. Who \
has it can read the private packages, often publish them, and is then installed everywhere.",
        example: "`--extra-index-url https://build:…@index.example.com/simple` in requirements.txt.",
        action: "\
Revoke the secret and make a new one: what was committed is known. Then write a variable in its place where the tool \
fills it in (pip in requirement files, PDM and Pipenv in their sources: `${INDEX_PASSWORD}`), or leave it out and let the \
tool ask: `UV_INDEX_NAME_PASSWORD`, `poetry config http-basic.NAME`, keyring, `.netrc`, git's credential helper.",
        configuration: "[rules] embedded-credential sets the level.",
        sources: "\
pip, authentication: https://pip.pypa.io/en/stable/topics/authentication/
pip, environment variables in requirement files: \
https://pip.pypa.io/en/stable/reference/requirements-file-format/#using-environment-variables
uv, authentication: https://docs.astral.sh/uv/concepts/indexes/#providing-credentials-directly
Poetry, credentials: https://python-poetry.org/docs/repositories/#configuring-credentials",
    },
};

/// Findings of a project.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let mut found = addresses(context, has_credential);
    texts(context, &mut found);
    if found.is_empty() {
        return Vec::new();
    }
    findings(&RULE, context, &found, "", |address| words(address, context.sources, kind_of(context, address)))
}

/// Findings of pip's configuration.
pub fn check_run(context: &RunContext<'_>) -> Vec<Finding> {
    let found = context.pip_config.iter().map(Address::of_config).filter(has_credential);
    let finding = |address: Address<'_>| {
        let (message, help) = words(&address, context.sources, "");
        let mut finding = Finding::new(&RULE, Label::new(address.span, ""), message);
        finding.help = Some(help);
        finding.evidence = Some(address.evidence());
        finding
    };
    found.map(finding).collect()
}

/// The locks that keep the URLs of files. Others keep at most their names.
const KEEP_URLS: [&str; 4] = ["pdm.lock", "pylock.toml", "uv script lock", "uv.lock"];

/// Adds the URLs of which the model keeps nothing but a count or the line: those of the files in a lock, and of what was
/// not read.
fn texts<'a>(context: &ProjectContext<'a>, found: &mut Vec<Address<'a>>) {
    let known: HashSet<(SourceId, u32)> =
        found.iter().map(|address| (address.span.source, address.span.end)).collect();
    let mut add = |source: SourceId, range: Range<usize>, url: &'a str, input, is_made| {
        let span = Span::new(source, range);
        let address = Address { url, span, names: Names::Text, input: Some(input), is_made };
        if !known.contains(&(source, span.end)) && has_credential(&address) {
            found.push(address);
        }
    };
    for (number, input) in context.view.project.inputs.iter().enumerate() {
        for span in input.skipped.iter().filter_map(|skip| skip.span) {
            let text = context.sources.slice(span);
            urls(text, |range| {
                let url = text.get(range.clone()).unwrap_or("");
                let start = span.range().start;
                add(span.source, start + range.start..start + range.end, url, number, false);
            });
        }
        let Some(start) = input.start.filter(|_| KEEP_URLS.contains(&input.kind)) else { continue };
        let text = context.sources.get(start.source).map_or("", SourceFile::text);
        urls(text, |range| {
            add(start.source, range.clone(), text.get(range).unwrap_or(""), number, true);
        });
    }
}

/// The URLs of a text that may carry a secret: those with an `@`, or with a query. Most locks have none, and are left
/// after one search for two bytes.
fn urls(text: &str, mut found: impl FnMut(Range<usize>)) {
    let is_end = |byte: u8| byte <= b' ' || b"\"'<>`".contains(&byte);
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = memchr::memchr2(b'@', b'?', bytes.get(from..).unwrap_or_default()) {
        let at = from + at;
        let before = bytes.get(from..at).unwrap_or_default();
        let start = before.iter().rposition(|byte| is_end(*byte)).map_or(from, |end| from + end + 1);
        let rest = bytes.get(at..).unwrap_or_default();
        let end = rest.iter().position(|byte| is_end(*byte)).map_or(bytes.len(), |length| at + length);
        found(start..end);
        from = end;
    }
}

fn kind_of(context: &ProjectContext<'_>, address: &Address<'_>) -> &'static str {
    address.input.and_then(|input| context.view.project.inputs.get(input)).map_or("", |input| input.kind)
}

fn has_credential(address: &Address<'_>) -> bool {
    let is_repeated = matches!(address.names, Names::Index(index) if index.kind == IndexKind::TrustedHost);
    !is_repeated && !credentials(address.url).is_empty()
}

fn words(address: &Address<'_>, sources: &Sources, kind: &str) -> (String, String) {
    let written = sources.slice(address.span);
    // What is written with escapes is told as the model has it.
    let url = if credentials(written).is_empty() { address.url } else { written };
    let secret = if is_token(url) { "token" } else { "password" };
    let message = match (address.names, address.package_name()) {
        (Names::Index(index), _) if index.kind == IndexKind::FindLinks => {
            format!("the address of the links carries a {secret}")
        }
        (Names::Index(_), _) => format!("the address of the index carries a {secret}"),
        (Names::Text, _) if address.is_made => {
            format!("the URL of a file at {} carries a {secret}", shown(host(&mask(url))))
        }
        (_, Some(name)) => format!("the URL of {name} carries a {secret}"),
        (_, None) => format!("the URL carries a {secret}"),
    };
    let revoke = format!("revoke the {secret}");
    let without = || shown(&replaced(url, None));
    let with = |name: &str| shown(&replaced(url, Some(name)));
    let upper = secret.to_ascii_uppercase();
    let is_requirement_file = matches!(kind, "requirements.txt" | "requirements.in" | "constraints.txt");
    let help = match address.names {
        _ if address.is_made && !is_requirement_file => {
            format!("{revoke}, take it out where this file is made from, and make it again")
        }
        Names::Text => format!(
            "{revoke}, then write `{}` and set URL_{upper} where the file is installed",
            with(&format!("URL_{upper}"))
        ),
        Names::Index(index) => format!("{revoke}, then {}", for_index(index, &without, &with, &upper)),
        _ if is_requirement_file => format!(
            "{revoke}, then write `{}` and set GIT_{upper} where pip runs, or leave it to git's credential helper",
            with(&format!("GIT_{upper}"))
        ),
        _ => format!(
            "{revoke}, then write `{}` and leave the rest to git's credential helper or .netrc",
            without()
        ),
    };
    (message, help)
}

/// What to write in the place of the address of an index, in the words of its tool.
fn for_index(
    index: &IndexUse,
    without: &dyn Fn() -> String,
    with: &dyn Fn(&str) -> String,
    secret: &str,
) -> String {
    let variable = format!("INDEX_{secret}");
    let name = index.name.as_deref().unwrap_or("NAME");
    match index.tool {
        IndexTool::Pip if index.origin == crate::model::IndexOrigin::PipConfig => {
            format!("write `{}` and keep it in keyring or .netrc, which pip asks", without())
        }
        IndexTool::Pip | IndexTool::Pipenv => {
            format!("write `{}` and set {variable} where the file is installed", with(&variable))
        }
        IndexTool::Pdm => format!("write `{}` and set {variable}, or leave it to keyring", with(&variable)),
        IndexTool::Uv => {
            let plain = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
            let upper: String = name.chars().map(plain).collect::<String>().to_ascii_uppercase();
            let variables = format!("UV_INDEX_{upper}_USERNAME and UV_INDEX_{upper}_PASSWORD");
            match index.name {
                Some(_) => format!("write `{}` and set {variables}", without()),
                None => format!("write `{}`, give the index a `name`, and set {variables}", without()),
            }
        }
        IndexTool::Poetry => {
            format!("write `{}` and run `poetry config http-basic.{name} USER`, which asks for it", without())
        }
        IndexTool::Setuptools => format!("write `{}` and keep it in .netrc", without()),
    }
}

/// Whether the first secret is a token rather than a password: in the place of the user, or in the query.
fn is_token(url: &str) -> bool {
    let Some(first) = credentials(url).into_iter().next() else { return false };
    let before = url.get(..first.start).unwrap_or("");
    before.ends_with("://") || before.ends_with('=')
}

/// The URL with a variable in the place of each secret, or without userinfo and secret pairs of the query.
fn replaced(url: &str, variable: Option<&str>) -> String {
    let mut text = String::with_capacity(url.len());
    let mut at = 0;
    for secret in credentials(url) {
        let before = url.get(at..secret.start).unwrap_or("");
        at = secret.end;
        if let Some(variable) = variable {
            text.push_str(before);
            text.push_str("${");
            text.push_str(variable);
            text.push('}');
            continue;
        }
        text.push_str(before);
        let is_pair = text.ends_with('=');
        let begin = if is_pair { text.rfind(['?', '&', '#']) } else { text.find("://").map(|at| at + 3) };
        let mark = begin.and_then(|begin| text.get(begin..=begin)) == Some("?");
        text.truncate(begin.unwrap_or(text.len()));
        if is_pair {
            // The next pair of the query is now the first.
            if mark && url.get(at..).is_some_and(|rest| rest.starts_with('&')) {
                text.push('?');
                at += 1;
            }
        } else {
            // The user name goes with the password.
            at += url.get(at..).and_then(|rest| rest.find('@')).map_or(0, |length| length + 1);
        }
    }
    text.push_str(url.get(at.min(url.len())..).unwrap_or(""));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_to_be_written_instead() {
        for (url, with, without) in [
            (
                "https://build:hunter2@i.example.com/s",
                "https://build:${V}@i.example.com/s",
                "https://i.example.com/s",
            ),
            (
                "git+https://ghp_0123@g.example.com/a@v1#egg=a",
                "git+https://${V}@g.example.com/a@v1#egg=a",
                "git+https://g.example.com/a@v1#egg=a",
            ),
            (
                "https://i.example.com/a.whl?token=abc&b=c",
                "https://i.example.com/a.whl?token=${V}&b=c",
                "https://i.example.com/a.whl?b=c",
            ),
            ("https://u:a:b@c@i.example.com/", "https://u:${V}@i.example.com/", "https://i.example.com/"),
        ] {
            assert_eq!(replaced(url, Some("V")), with);
            assert_eq!(replaced(url, None), without);
        }
    }

    proptest! {
        #[test]
        fn no_secret_is_left(user in "[a-z]{0,8}", password in "[A-Z0-9:@!]{6,20}Z9z", host in "[a-z]{1,8}") {
            let url = format!("https://{user}:{password}@{host}.example.com/simple");
            for instead in [replaced(&url, Some("V")), replaced(&url, None)] {
                prop_assert!(!instead.contains(&password), "{}", instead);
                prop_assert!(credentials(&instead).is_empty(), "{}", instead);
                let host = format!("{host}.example.com/simple");
                prop_assert!(instead.ends_with(&host), "{}", instead);
            }
        }
    }
}
