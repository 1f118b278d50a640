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

/// The beginning of a text: at most `most` characters of it, and `…` when there are more. Secrets are cut out before:
/// nobody could tell half a URL by what it holds.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let masked = mask(text);
    match masked.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked.into_owned(),
    }
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

/// Short, so that a row is a line: that a person asked for it, or the first that brings it in. Raw: escape it.
pub(crate) fn comes_in_by(paths: &[Vec<String>]) -> String {
    let asked_for = paths.is_empty() || paths.iter().any(|path| path.len() == 1);
    let mut starts: Vec<&str> = paths
        .iter()
        .filter(|path| path.len() > 1)
        .filter_map(|path| path.first())
        .map(String::as_str)
        .collect();
    starts.dedup();
    match (asked_for, &starts[..]) {
        (true, []) => "directly".to_owned(),
        (true, more) => format!("directly, and {} more", more.len()),
        (false, [one]) => (*one).to_owned(),
        (false, [first, more @ ..]) => format!("{}, and {} more", first, more.len()),
        (false, []) => String::new(),
    }
}

/// A score with three places: more of them would only say how the sum was made.
pub(crate) fn thousandths(score: f32) -> f64 {
    (f64::from(score) * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!([7, 7080, 588_000, 1_000_000].map(thousands), ["7", "7,080", "588,000", "1,000,000"]);
        assert_eq!(count(1, "file", "files"), "1 file");
    }

    #[test]
    fn no_cut_shows_half_a_password() {
        let text = "see https://user:hunter2hunter2@a.example/ for more";
        for most in 0..60 {
            assert!(!shortened(text, most).contains("hunt"), "{most}");
        }
        assert_eq!(shortened("äöü", 2), "äö…");
        assert_eq!(shortened("äöü", 3), "äöü");
    }
}
