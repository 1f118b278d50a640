//! What makes two findings the same across runs: rule, package, and [what tells it from others](Finding::identity).

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::model::Finding;

/// 32 hexadecimal digits.
pub(super) fn fingerprint(finding: &Finding) -> String {
    let package = finding.package.as_ref().map_or("", |package| package.name.as_str());
    let digest = Sha256::digest(format!("{}\0{package}\0{}", finding.rule.id, finding.identity()));
    digest.iter().take(16).fold(String::with_capacity(32), |text, byte| text + &format!("{byte:02x}"))
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
