//! Small words for people: numbers, plurals, places.

use crate::model::{Location, SourceMap, Span};

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

/// The package URL of a PyPI package. Source: purl specification, type `pypi`.
pub(crate) fn purl(name: &str, version: Option<&str>) -> String {
    let mut purl = format!("pkg:pypi/{}", percent(name));
    if let Some(version) = version {
        purl.push('@');
        purl.push_str(&percent(version));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_purls() {
        assert_eq!([7, 7080, 588_000, 1_000_000].map(thousands), ["7", "7,080", "588,000", "1,000,000"]);
        assert_eq!(count(1, "file", "files"), "1 file");
        assert_eq!(purl("torch", Some("2.0.0+cpu")), "pkg:pypi/torch@2.0.0%2Bcpu");
    }
}
