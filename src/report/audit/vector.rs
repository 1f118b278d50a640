//! CVSS vectors, for formats that only take some of them.

use crate::model::AdvisoryEvidence;

/// The version of CVSS that a vector is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scale {
    V2,
    V30,
    V31,
    V4,
}

/// A vector whose score is known, without parentheses and without the prefix that only version 2 never has.
pub(super) struct Vector<'a> {
    pub(super) scale: Scale,
    pub(super) text: &'a str,
    pub(super) score: f64,
}

/// The vector of an advisory; `None` without a score, and for what is no vector at all.
#[inline(never)]
pub(super) fn vector(advisory: &AdvisoryEvidence) -> Option<Vector<'_>> {
    let (text, score) = (advisory.cvss.as_deref()?.trim(), advisory.score?);
    let bare = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let (scale, metrics) = match bare.strip_prefix("CVSS:").and_then(|rest| rest.split_once('/')) {
        None | Some(("2.0", _)) => (Scale::V2, bare.strip_prefix("CVSS:2.0/").unwrap_or(bare)),
        Some(("3.0", metrics)) => (Scale::V30, metrics),
        Some(("3.1", metrics)) => (Scale::V31, metrics),
        Some(("4.0", metrics)) => (Scale::V4, metrics),
        Some(_) => return None,
    };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_metric =
        |part: &str| part.split_once(':').is_some_and(|(name, value)| is_word(name) && is_word(value));
    let text = if scale == Scale::V2 { metrics } else { bare };
    metrics.split('/').all(is_metric).then_some(Vector { scale, text, score })
}

impl Vector<'_> {
    /// Whether it holds base metrics only, each once and with a value that it can have. Sources: CVSS v2, section 2.4;
    /// CVSS v3.1, section 6.
    #[inline(never)]
    pub(super) fn is_base_only(&self) -> bool {
        let known: &[(&str, &str)] = match self.scale {
            Scale::V2 => {
                &[("AV", "NAL"), ("AC", "LMH"), ("Au", "MSN"), ("C", "NPC"), ("I", "NPC"), ("A", "NPC")]
            }
            Scale::V30 | Scale::V31 => &[
                ("AV", "NALP"),
                ("AC", "LH"),
                ("PR", "NLH"),
                ("UI", "NR"),
                ("S", "UC"),
                ("C", "NLH"),
                ("I", "NLH"),
                ("A", "NLH"),
            ],
            Scale::V4 => return false,
        };
        let metrics: Vec<_> = self.text.split('/').filter_map(|part| part.split_once(':')).collect();
        let metrics = metrics.strip_prefix(&[("CVSS", "3.0")][..]).unwrap_or(&metrics);
        let metrics = metrics.strip_prefix(&[("CVSS", "3.1")][..]).unwrap_or(metrics);
        metrics.len() == known.len()
            && known.iter().all(|(name, values)| {
                let found = metrics.iter().find(|(metric, _)| metric == name);
                found.is_some_and(|(_, value)| value.len() == 1 && values.contains(value))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_every_version() {
        let of = |text: &str| {
            let advisory = AdvisoryEvidence {
                cvss: Some(text.to_owned()),
                score: Some(5.0),
                ..AdvisoryEvidence::default()
            };
            vector(&advisory).map(|vector| (vector.scale, vector.text.to_owned(), vector.is_base_only()))
        };
        let two = "AV:N/AC:L/Au:N/C:P/I:N/A:N";
        assert_eq!(of(two), Some((Scale::V2, two.to_owned(), true)));
        assert_eq!(of(&format!("({two})")), Some((Scale::V2, two.to_owned(), true)));
        assert_eq!(of(&format!("CVSS:2.0/{two}")), Some((Scale::V2, two.to_owned(), true)));
        assert_eq!(of(&format!("{two}/E:POC")), Some((Scale::V2, format!("{two}/E:POC"), false)));
        for (prefix, scale) in [("3.0", Scale::V30), ("3.1", Scale::V31)] {
            let text = format!("CVSS:{prefix}/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
            assert_eq!(of(&text), Some((scale, text.clone(), true)));
            assert!(!of(&text.replace("A:H", "A:X")).unwrap().2);
        }
        let four = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N";
        assert_eq!(of(four), Some((Scale::V4, four.to_owned(), false)));
        for text in ["", "CVSS:5.0/AV:N", "=cmd|calc", "CVSS:3.1/AV:N AC:L"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
