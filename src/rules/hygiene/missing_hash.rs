//! `missing-hash`: nothing in a file has a hash.

use super::entries::{by_file, compile_step};
use super::hashes::{self, Hash};
use crate::model::{Explanation, Finding, Group, Level, Package, Role, Rule};
use crate::rules::ProjectContext;
use crate::rules::advisory::commands;

/// The rule.
pub static RULE: Rule = Rule {
    id: "missing-hash",
    group: Group::Hygiene,
    default_level: Level::Allow,
    configurable: true,
    summary: "a requirement file or lock without any hash",
    explanation: Explanation {
        checks: "\
Whether a requirement file or a lock holds the hash of anything that it names: one finding per file with a count, when \
it holds none. Manifests, constraints and `.in` files name no files and cannot have hashes; checkouts, folders and \
editable installs do not count. A file in which some lines have hashes is `partial-hashes`.",
        matters: "\
A version number does not say what is behind it. With hashes an installer refuses an archive that somebody replaced, \
on the index, on a mirror or on the way; without them it installs what it is given.",
        example: "requirements.txt pins twelve packages with `==` and has no `--hash`.",
        action: "\
Compile with hashes: `uv pip compile --generate-hashes requirements.in -o requirements.txt`, or `pip-compile \
--generate-hashes requirements.in`. Poetry, uv, PDM and Pipenv write them by themselves: lock again.",
        configuration: "[rules] missing-hash sets the level; it is off unless somebody turns it on.",
        sources: "\
pip, hash-checking mode: https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode",
    },
};

/// At most one finding per file.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let project = context.view.project;
    let mut findings = Vec::new();
    for (number, input) in project.inputs.iter().enumerate() {
        let is_looked_at = !input.companion && hashes::are_possible(input) && input.require_hashes.is_none();
        let has_any = |package: &Package| hashes::of(input, package) == Some(Hash::Present);
        if !is_looked_at || input.packages.iter().any(has_any) {
            continue;
        }
        let is_missing = |_: usize, package: &Package| match hashes::of(input, package)? {
            Hash::Missing => Some(true),
            Hash::Present | Hash::Impossible => None,
        };
        for file in by_file(input, is_missing) {
            let is_lock = input.role == Role::Lock;
            let noun = if is_lock { "package" } else { "requirement" };
            let message = match file.of {
                1 => format!("its only {noun} has no hash"),
                count => format!("none of its {count} {noun}s has a hash"),
            };
            let label = if is_lock { "the first of them" } else { "no hash" };
            let Some(mut finding) = file.finding(&RULE, context.sources, message, &|_| label) else {
                continue;
            };
            // All of them lack it: one place says as much as five.
            finding.related.clear();
            finding.help = Some(match commands(input) {
                Some((lock, _)) => format!("run `{lock}` and commit the lock"),
                None if is_lock => format!("lock again, so that {} has hashes", input.file_name()),
                None if !file.is_own(input) => "compile this file with --generate-hashes".to_owned(),
                None => {
                    let manifest = project.manifests_of(number).next();
                    compile_step(input, manifest, "--generate-hashes ")
                }
            });
            findings.push(finding);
        }
    }
    findings
}
