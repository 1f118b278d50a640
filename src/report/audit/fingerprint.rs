//! What makes two findings the same across runs: rule, package, and the oldest CVE of the flaw, else its shown id.

use sha2::{Digest, Sha256};

use crate::model::{Evidence, Finding};

/// 32 hexadecimal digits.
pub(super) fn fingerprint(finding: &Finding) -> String {
    let package = finding.package.as_ref().map_or("", |package| package.name.as_str());
    let id = match &finding.evidence {
        Some(Evidence::Advisory(advisory)) => {
            let ids = std::iter::once(&advisory.id).chain(&advisory.aliases);
            let oldest = ids.filter_map(|id| Some((cve(id)?, id))).min();
            oldest.map_or(advisory.id.as_str(), |(_, id)| id)
        }
        Some(Evidence::Ignore { id }) => id,
        _ => "",
    };
    let digest = Sha256::digest(format!("{}\0{package}\0{}", finding.rule.id, id.to_ascii_uppercase()));
    digest.iter().take(16).fold(String::with_capacity(32), |text, byte| text + &format!("{byte:02x}"))
}

/// Year and number of a CVE id.
fn cve(id: &str) -> Option<(u32, u64)> {
    let (year, number) = id.strip_prefix("CVE-")?.split_once('-')?;
    Some((year.parse().ok()?, number.parse().ok()?))
}
