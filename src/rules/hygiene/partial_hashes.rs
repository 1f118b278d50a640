//! `partial-hashes`: some lines have hashes and others do not.

use super::entries::{OfFile, by_file, compile_step};
use super::hashes::{self, Hash};
use crate::model::{
    Explanation, Finding, Group, Input, Label, Level, Package, Role, Rule, SourceKind, Sources,
};
use crate::rules::ProjectContext;
use crate::rules::advisory::commands;

/// The rule.
pub static RULE: Rule = Rule {
    id: "partial-hashes",
    group: Group::Hygiene,
    default_level: Level::Warn,
    configurable: true,
    summary: "some requirements of a file have hashes and others do not",
    explanation: Explanation {
        checks: "\
Whether a requirement file in which a line has a `--hash`, or that says `--require-hashes`, has one on every line, \
with the files that it includes: one finding per file, at the first line without. A URL that ends in `#sha256=…` \
counts as hashed; constraints and `.in` files are not looked at. In a lock: whether packages of a remote index lack \
the hashes that others have; what comes from a repository, a folder or a local index has none and needs none.",
        matters: "\
pip checks all or nothing: as soon as one line has a hash it refuses to install anything without one, so that such a \
file does not install at all. Another tool that does install it checks some files and takes the rest as they come.",
        example: "\
Forty lines of requirements.txt are compiled with hashes; somebody added `urllib3==2.2.1` by hand below them.",
        action: "\
Compile the file again with hashes: `uv pip compile --generate-hashes requirements.in -o requirements.txt`, or \
`pip-compile --generate-hashes requirements.in`. pip can check no hash of a checkout (`git+https://…`), a folder or an \
editable install: name a release or an archive instead, or install it apart, from a file of its own.",
        configuration: "[rules] partial-hashes sets the level.",
        sources: "\
pip, hash-checking mode: https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode",
    },
};

/// At most one finding per file.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, input) in context.view.project.inputs.iter().enumerate() {
        if input.companion || !hashes::are_possible(input) || !is_mixed(input) {
            continue;
        }
        for file in by_file(input, |_, package| Some(hashes::of(input, package)? != Hash::Present)) {
            let manifest = context.view.project.manifests_of(number).next();
            findings.extend(finding(input, manifest, context.sources, &file));
        }
    }
    findings
}

/// Whether a hash of its own makes pip ask for all of them (one in a URL does not), and something has none. Asked of
/// every file: it only counts.
fn is_mixed(input: &Input) -> bool {
    let asks = |package: &Package| {
        package.hashes > 0 && !package.constraint && package.source.kind == SourceKind::Index
    };
    (input.require_hashes.is_some() || input.packages.iter().any(asks))
        && input.packages.iter().any(|package| package.hashes == 0)
}

fn finding(input: &Input, manifest: Option<&Input>, sources: &Sources, file: &OfFile<'_>) -> Option<Finding> {
    let is_impossible = |package: &Package| hashes::of(input, package) == Some(Hash::Impossible);
    if input.role == Role::Lock {
        let (counted, has) = (file.counted("package"), file.has());
        let message = format!("{counted} {has} no hash: what is downloaded for them is not checked");
        let message = if file.flawed.len() == 1 { message.replace("for them", "for it") } else { message };
        let mut finding = file.finding(&RULE, sources, message, &|_| "no hash")?;
        finding.help = Some(match commands(input) {
            Some((lock, _)) => format!("run `{lock}` and commit the lock"),
            None => format!("lock again, so that {} has a hash for every file", input.file_name()),
        });
        return Some(finding);
    }
    let message =
        format!("{} {} no hash: pip refuses to install such a file", file.counted("requirement"), file.has());
    let label =
        |package: &Package| if is_impossible(package) { "pip can check no hash of this" } else { "no hash" };
    let mut finding = file.finding(&RULE, sources, message, &label)?;
    if let Some(place) = input.require_hashes {
        finding.related.push(Label::new(place, "hashes are required here"));
    }
    let unhashable = file.flawed.iter().find(|package| is_impossible(package));
    let others = file.flawed.iter().any(|package| !is_impossible(package));
    let mut steps = Vec::new();
    if others {
        let again = compile_step(input, manifest, "--generate-hashes ");
        // An included file is compiled from its own source, which nobody names here.
        steps.push(if file.is_own(input) {
            again
        } else {
            "compile this file with --generate-hashes".to_owned()
        });
    }
    if let Some(package) = unhashable {
        let what = match package.source.kind {
            kind if kind.is_vcs() => "a checkout",
            _ if package.editable => "an editable install",
            _ => "a folder",
        };
        let first = if others { "pip" } else { "of" };
        steps.push(if others {
            format!("{first} can check no hash of {what}: install it apart, from a file of its own")
        } else {
            format!("{first} {what} pip can check no hash: install it apart, from a file of its own, or name a release")
        });
    }
    finding.help = Some(steps.join("; "));
    Some(finding)
}
