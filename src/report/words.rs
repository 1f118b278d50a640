//! Small words for people: numbers, plurals, places.

use crate::model::{AdvisoryEvidence, ExploitProbability, KnownExploited, Location, SourceMap, Span, mask};

/// `1 package`, `12 packages`, `7,080 packages`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// `7,080`.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `path:line:column`, raw: escape it before it is shown.
pub(crate) fn place(sources: &SourceMap, span: Span) -> String {
    let Location { path, line, column, .. } = sources.location(span);
    format!("{path}:{line}:{column}")
}

/// What is known about the exploitation of a flaw; `None` when nothing is.
pub(crate) fn risk(advisory: &AdvisoryEvidence) -> Option<String> {
    risk_words(advisory.kev.as_ref(), advisory.epss.as_ref())
}

/// The same for what stands alone.
pub(crate) fn risk_words(kev: Option<&KnownExploited>, epss: Option<&ExploitProbability>) -> Option<String> {
    let mut words = Vec::new();
    if let Some(kev) = kev {
        let ransomware = if kev.ransomware { ", also for ransomware" } else { "" };
        words.push(format!("known exploited since {}{ransomware}", kev.added));
    }
    if let Some(epss) = epss {
        let higher = epss.percentile.map(|share| format!(" (higher than {} of all)", percentage(share)));
        words.push(format!("EPSS {}{}", percentage(epss.probability), higher.unwrap_or_default()));
    }
    (!words.is_empty()).then(|| words.join(", "))
}

/// `94 %`, `0.04 %`. Rounded down: nothing but certainty is 100 %.
fn percentage(share: f64) -> String {
    let hundredths = (share * 10_000.0 + 1e-6).floor();
    match hundredths {
        none if none < 1.0 => "under 0.01 %".to_owned(),
        few if few < 100.0 => format!("{:.2} %", few / 100.0),
        many => format!("{} %", (many / 100.0).floor()),
    }
}

/// The package URL of a PyPI package. Source: purl specification, type `pypi`.
///
/// Secrets are masked before the text is encoded, behind which nobody finds them any more.
pub(crate) fn purl(name: &str, version: Option<&str>) -> String {
    let mut purl = format!("pkg:pypi/{}", percent(&mask(name)));
    if let Some(version) = version {
        purl.push('@');
        purl.push_str(&percent(&mask(version)));
    }
    purl
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// A score with three places: more of them would only say how the sum was made.
pub(crate) fn thousandths(score: f32) -> f64 {
    (f64::from(score) * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_purls() {
        assert!(!purl("https://user:hunter2@host", Some("https://user:hunter2@host")).contains("hunter2"));
        assert_eq!([7, 7080, 588_000, 1_000_000].map(thousands), ["7", "7,080", "588,000", "1,000,000"]);
        assert_eq!(count(1, "file", "files"), "1 file");
        assert_eq!(purl("torch", Some("2.0.0+cpu")), "pkg:pypi/torch@2.0.0%2Bcpu");
    }
}
