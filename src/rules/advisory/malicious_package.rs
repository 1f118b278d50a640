//! `malicious-package`: an advisory says that the release, or every release, is malware.

use std::sync::Arc;

use super::next_step;
use crate::advisory::Flaw;
use crate::model::{Evidence, Explanation, Finding, Group, Level, PackageName, Rule};
use crate::rules::ProjectContext;

/// The rule.
pub static RULE: Rule = Rule {
    id: "malicious-package",
    group: Group::Advisory,
    default_level: Level::Deny,
    configurable: true,
    summary: "an advisory says that the release, or every release, is malware",
    explanation: Explanation {
        checks: "\
Whether an advisory says that a package is malware: records named MAL-…, and records that say so. A record that \
affects every version matches by name alone, so a requirement without a version is enough. A compromised release of a \
good project matches by its version only, never by the name.",
        matters: "\
Malware runs when it is installed, on the machine of the developer and in CI. It looks for tokens, keys and wallets. \
Removing the line afterwards does not take back what it has read.",
        example: "\
requirements.txt line 3: a name one letter away from a popular one, uploaded to steal credentials, long removed from \
the index and still in a mirror.",
        action: "\
Remove it now. Treat every machine that has installed it as compromised: revoke the credentials that were reachable \
from there. Find the package that was meant.",
        configuration: "\
fail-on does not weaken this rule. [rules] malicious-package sets its level; an [[ignore]] with the record's id takes \
one out, with a reason.",
        sources: "\
OpenSSF malicious packages: https://github.com/ossf/malicious-packages
OSV schema: https://ossf.github.io/osv-schema/",
    },
};

/// One finding per record family and version.
pub fn check(context: &ProjectContext<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for hit in &context.hits {
        let mut flaws = hit.flaws.iter().filter(|flaw| flaw.malicious).peekable();
        if flaws.peek().is_none() {
            continue;
        }
        let place = context.view.whereabouts(hit.subject);
        for flaw in flaws {
            let (name, version) = (&hit.subject.name, &hit.subject.version);
            let message = if flaw.evidence.every_version {
                format!("{name} is malware: {} covers every version", flaw.evidence.id)
            } else {
                format!("{name} {version} is a malicious release: {}", flaw.evidence.id)
            };
            let mut finding = Finding::new(&RULE, place.primary.clone(), with_summary(message, flaw));
            finding.help = Some(help(name.as_str(), flaw));
            finding.package = Some(place.package.clone());
            finding.related.clone_from(&place.related);
            finding.paths.clone_from(&place.paths);
            finding.evidence = Some(Evidence::Advisory(flaw.evidence.clone()));
            findings.push(finding);
        }
    }
    for hit in &context.hits_by_name {
        let requirement = context.view.package(*hit.subject);
        let name = requirement.name.as_ref().map_or("", PackageName::as_str);
        for flaw in hit.flaws.iter().filter(|flaw| flaw.malicious) {
            let message = format!("{name} is malware: {} covers every version", flaw.evidence.id);
            let label = next_step::label_of(requirement);
            let mut finding = Finding::new(&RULE, label, with_summary(message, flaw));
            finding.help = Some(help(name, flaw));
            finding.package = next_step::package_ref(requirement).map(Arc::new);
            finding.paths = Arc::new(vec![vec![name.to_owned()]]);
            finding.evidence = Some(Evidence::Advisory(flaw.evidence.clone()));
            findings.push(finding);
        }
    }
    findings
}

fn with_summary(message: String, flaw: &Flaw) -> String {
    match &flaw.evidence.summary {
        Some(summary) => format!("{message}: {summary}"),
        None => message,
    }
}

fn help(name: &str, flaw: &Flaw) -> String {
    let what = match (&flaw.evidence.safe_version, flaw.evidence.every_version) {
        (Some(safe), false) => format!("move to {name} {safe}"),
        (None, false) => format!("move to another release of {name}, or remove it"),
        (_, true) => format!("remove {name}"),
    };
    format!("{what} now, and revoke every credential that was within reach of a machine that installed it")
}
