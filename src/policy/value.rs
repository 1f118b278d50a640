//! Values of the policy that have a grammar of their own.

use jiff::civil::Date;

use crate::model::{Severity, Span};

/// A value with the place that set it, so that a finding can point there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it was set.
    pub span: Span,
}

/// From which severity on a vulnerability fails the run; below it only warns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailOn {
    /// At this severity and above.
    At(Severity),
    /// Never. Malware still denies.
    Never,
}

impl FailOn {
    /// The words that configuration and command line accept.
    pub const WORDS: [&'static str; 5] = ["low", "medium", "high", "critical", "never"];

    /// Reads one of [`Self::WORDS`].
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "never" => Some(Self::Never),
            _ if Self::WORDS.contains(&word) => Severity::from_word(word).map(Self::At),
            _ => None,
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::At(severity) => severity.as_str(),
            Self::Never => "never",
        }
    }

    /// Whether a vulnerability of this severity fails the run.
    pub fn fails(self, severity: Severity) -> bool {
        match self {
            Self::At(threshold) => severity >= threshold,
            Self::Never => false,
        }
    }
}

/// How old advisory data may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxAge {
    /// Whole days.
    pub days: i64,
}

impl MaxAge {
    /// Reads `90d`, `12w`; a bare number is days.
    pub fn from_text(text: &str) -> Option<Self> {
        let (number, factor) = match text.as_bytes().last()? {
            b'd' => (text.strip_suffix('d')?, 1),
            b'w' => (text.strip_suffix('w')?, 7),
            _ => (text, 1),
        };
        if number.is_empty() || number.len() > 6 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(Self { days: number.parse::<i64>().ok()? * factor })
    }
}

/// Reads a day: `2026-12-31`, and no other notation. 30 February is refused.
pub fn parse_date(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_compare_with_severities() {
        let high = FailOn::from_word("high").unwrap();
        assert!(
            high.fails(Severity::Critical) && high.fails(Severity::High) && !high.fails(Severity::Medium)
        );
        assert!(!FailOn::from_word("never").unwrap().fails(Severity::Critical));
        assert!(!FailOn::from_word("low").unwrap().fails(Severity::None), "a score of 0.0 is below low");
        assert_eq!([FailOn::from_word("unknown"), FailOn::from_word("High")], [None, None]);
    }

    #[test]
    fn ages_are_days_or_weeks() {
        let days = |text| MaxAge::from_text(text).map(|age| age.days);
        assert_eq!([days("90d"), days("2w"), days("7"), days("0d")], [Some(90), Some(14), Some(7), Some(0)]);
        assert_eq!([days("d"), days(""), days("-3d"), days("1y"), days("9999999d"), days("é")], [None; 6]);
    }

    #[test]
    fn dates_exist() {
        assert!(parse_date("2026-12-31").is_some() && parse_date("2024-02-29").is_some());
        assert_eq!([parse_date("2026-02-30"), parse_date("2026-1-1"), parse_date("20261231")], [None; 3]);
    }
}
