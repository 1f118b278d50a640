//! What makes two findings the same across runs: rule, package, and what of its evidence tells it from others. Of a flaw
//! that is the oldest CVE, else the shown id; of a URL its address without secrets. Never a line, nor a count.

use std::borrow::Cow;
use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::model::{Evidence, Finding};

/// 32 hexadecimal digits.
pub(super) fn fingerprint(finding: &Finding) -> String {
    let package = finding.package.as_ref().map_or("", |package| package.name.as_str());
    let id = match &finding.evidence {
        Some(Evidence::Advisory(advisory)) => {
            let ids = std::iter::once(&advisory.id).chain(&advisory.aliases);
            let oldest = ids.filter_map(|id| Some((cve(id)?, id))).min();
            let id = oldest.map_or(advisory.id.as_str(), |(_, id)| id);
            Cow::Owned(id.to_ascii_uppercase())
        }
        Some(Evidence::Ignore { id }) => Cow::Owned(id.to_ascii_uppercase()),
        Some(Evidence::Address { address }) => Cow::Borrowed(address.as_str()),
        Some(Evidence::Indexes { addresses, .. }) => Cow::Owned(addresses.join("\0")),
        Some(Evidence::Lock { path } | Evidence::Entries { path, .. }) => Cow::Borrowed(path.as_str()),
        // A new license of a package is something new.
        Some(Evidence::Terms(terms)) => Cow::Owned(match &terms.expression {
            Some(expression) => expression.clone(),
            None => terms.candidates.join("\0"),
        }),
        // What was not read has no package.
        Some(Evidence::Name(name)) if package.is_empty() => Cow::Owned(name.reasons.join("\0")),
        _ => Cow::Borrowed(""),
    };
    let digest = Sha256::digest(format!("{}\0{package}\0{id}", finding.rule.id));
    digest.iter().take(16).fold(String::with_capacity(32), |text, byte| text + &format!("{byte:02x}"))
}

/// Year and number of a CVE id.
pub(super) fn cve(id: &str) -> Option<(u32, u64)> {
    let (year, number) = id.strip_prefix("CVE-")?.split_once('-')?;
    Some((year.parse().ok()?, number.parse().ok()?))
}

/// Tells findings with the same fingerprint apart by a number: the same flaw in a second project is another finding.
#[derive(Default)]
pub(super) struct Fingerprints(HashMap<String, usize>);

impl Fingerprints {
    /// The fingerprint of a finding, and how many had it up to now, with it.
    #[inline(never)]
    pub(super) fn next(&mut self, finding: &Finding) -> (String, usize) {
        let print = fingerprint(finding);
        let count = self.0.entry(print.clone()).or_insert(0);
        *count += 1;
        (print, *count)
    }
}
