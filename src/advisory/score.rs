//! Base scores of CVSS vectors, worked out once when a store is built.
//!
//! `build.rs` includes this file by path.

use std::str::FromStr;

use cvss::Cvss;

/// The base score of a complete vector, in tenths; `None` for one that lacks a base metric or cannot be read.
///
/// Version 2 vectors have no prefix, but appear in parentheses and with `CVSS:2.0/` all the same.
pub(crate) fn score(vector: &str) -> Option<u8> {
    let vector = vector.trim();
    let bare = vector.strip_prefix('(').and_then(|vector| vector.strip_suffix(')')).unwrap_or(vector);
    let bare = bare.strip_prefix("CVSS:2.0/").unwrap_or(bare);
    let parsed = Cvss::from_str(bare).ok()?;
    let complete = match &parsed {
        // The crate scores what is missing as harmless. CVSS v3.1, section 6: all base metrics are mandatory.
        Cvss::CvssV30(metrics) | Cvss::CvssV31(metrics) => {
            metrics.av.is_some()
                && metrics.ac.is_some()
                && metrics.pr.is_some()
                && metrics.ui.is_some()
                && metrics.s.is_some()
                && metrics.c.is_some()
                && metrics.i.is_some()
                && metrics.a.is_some()
        }
        // CVSS v2, section 2.4.
        Cvss::CvssV20(metrics) => {
            metrics.av.is_some()
                && metrics.ac.is_some()
                && metrics.au.is_some()
                && metrics.c.is_some()
                && metrics.i.is_some()
                && metrics.a.is_some()
        }
        // CVSS v4.0, section 7: eleven base metrics.
        Cvss::CvssV40(_) => {
            ["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"].iter().all(|name| {
                bare.split('/').any(|part| part.split_once(':').is_some_and(|(key, _)| key == *name))
            })
        }
        _ => false,
    };
    let score = parsed.score();
    // A score has one decimal: tenths are all of it.
    (0..=100).find(|tenths| complete && f64::from(*tenths) >= (score * 10.0).round())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores of the examples documents of FIRST: CVSS v2 guide 3.3, v3.1 examples 1 to 3, v4.0 examples.
    #[test]
    fn published_scores() {
        for (vector, expected) in [
            ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8),
            ("(AV:L/AC:H/Au:N/C:C/I:C/A:C)", 6.2),
            ("CVSS:2.0/AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0),
            ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
            ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0),
        ] {
            assert_eq!(score(vector).map(|tenths| f64::from(tenths) / 10.0), Some(expected), "{vector}");
        }
    }

    #[test]
    fn an_incomplete_vector_has_no_score() {
        for vector in [
            "CVSS:3.1/AV:N/AC:L",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H",
            "AV:N/AC:L/Au:N",
            "CVSS:5.0/AV:N",
            "HIGH",
            "",
        ] {
            assert_eq!(score(vector), None, "{vector}");
        }
    }
}
