//! CVSS vectors: base scores, and what a vector says in words.

use std::str::FromStr;

use cvss::Cvss;

/// A vector that is complete, with its base score.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scored<'a> {
    /// As the record writes it.
    pub(crate) vector: &'a str,
    /// 0.0 to 10.0.
    pub(crate) score: f64,
}

/// The highest score of any complete vector; of equal scores the newest version of CVSS.
pub(crate) fn highest<'a>(vectors: impl IntoIterator<Item = &'a str>) -> Option<Scored<'a>> {
    let scored = vectors.into_iter().filter_map(|vector| Some((score(vector)?, version(vector), vector)));
    let best = scored.max_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(right.1)));
    best.map(|(score, _, vector)| Scored { vector, score })
}

/// The base score of a complete vector; `None` for one that lacks a base metric or cannot be read.
///
/// Version 2 vectors have no prefix, but appear in parentheses and with `CVSS:2.0/` all the same.
pub(crate) fn score(vector: &str) -> Option<f64> {
    let vector = vector.trim();
    let bare = vector.strip_prefix('(').and_then(|vector| vector.strip_suffix(')')).unwrap_or(vector);
    let bare = bare.strip_prefix("CVSS:2.0/").unwrap_or(bare);
    let parsed = Cvss::from_str(bare).ok()?;
    let complete = match &parsed {
        // The crate scores what is missing as harmless. CVSS v3.1, section 6: all base metrics are mandatory.
        Cvss::CvssV30(base) | Cvss::CvssV31(base) => {
            base.av.is_some()
                && base.ac.is_some()
                && base.pr.is_some()
                && base.ui.is_some()
                && base.s.is_some()
                && base.c.is_some()
                && base.i.is_some()
                && base.a.is_some()
        }
        // CVSS v2, section 2.4.
        Cvss::CvssV20(base) => {
            base.av.is_some()
                && base.ac.is_some()
                && base.au.is_some()
                && base.c.is_some()
                && base.i.is_some()
                && base.a.is_some()
        }
        // CVSS v4.0, section 7: eleven base metrics.
        Cvss::CvssV40(_) => ["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"]
            .iter()
            .all(|name| metric(bare, name).is_some()),
        _ => false,
    };
    let score = parsed.score();
    (complete && score.is_finite()).then(|| (score.clamp(0.0, 10.0) * 10.0).round() / 10.0)
}

/// `4.0`, `3.1`, `3.0`, or `2.0`.
fn version(vector: &str) -> &str {
    let prefix = vector.trim().strip_prefix("CVSS:").and_then(|rest| rest.split_once('/'));
    prefix.map_or("2.0", |(version, _)| version)
}

/// The value of a metric of a vector.
fn metric<'a>(vector: &'a str, name: &str) -> Option<&'a str> {
    vector
        .split(['/', '(', ')'])
        .filter_map(|part| part.split_once(':'))
        .find(|(key, _)| *key == name)
        .map(|part| part.1)
}

/// What a vector says, in our own words: how it is reached, then what it does. `None` when the vector is no help.
pub(crate) fn words(vector: &str) -> Option<String> {
    score(vector)?;
    let get = |name| metric(vector, name).unwrap_or("");
    let mut reach = vec![match get("AV") {
        "N" => "over the network",
        "A" => "from the same network",
        "L" => "from the same machine",
        "P" => "with the machine in hand",
        _ => return None,
    }];
    let old = version(vector) == "2.0";
    if old {
        reach.push(if get("Au") == "N" { "no login" } else { "with a login" });
    } else {
        reach.push(match get("PR") {
            "N" => "no login",
            "L" => "with a login",
            _ => "with an administrator's login",
        });
        reach.push(if get("UI") == "N" { "no click" } else { "when a user is led on" });
    }
    if get("AC") == "H" || get("AT") == "P" {
        reach.push("not at will");
    }
    let prefix = if version(vector) == "4.0" { "V" } else { "" };
    let impact = |name: &str| metric(vector, &format!("{prefix}{name}")).unwrap_or("N");
    let (reads, changes, stops) = (impact("C"), impact("I"), impact("A"));
    let full = |value: &str| matches!(value, "H" | "C");
    let mut does = Vec::new();
    match (reads, changes) {
        ("N", "N") => {}
        (value, "N") => does.push(if full(value) { "reads data" } else { "reads some data" }),
        ("N", value) => does.push(if full(value) { "changes data" } else { "changes some data" }),
        (left, right) => {
            does.push(if full(left) || full(right) {
                "reads and changes data"
            } else {
                "reads and changes some data"
            });
        }
    }
    if stops != "N" {
        does.push(if full(stops) { "stops the service" } else { "slows the service" });
    }
    let beyond = get("S") == "C" || ["SC", "SI", "SA"].iter().any(|name| !matches!(get(name), "" | "N"));
    if beyond {
        does.push("reaches other systems");
    }
    if does.is_empty() {
        does.push("no effect is recorded");
    }
    Some(format!("{}; {}", reach.join(", "), join(&does)))
}

fn join(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{}, {last}", first.join(", ")),
    }
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
            assert_eq!(score(vector), Some(expected), "{vector}");
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

    #[test]
    fn the_highest_complete_vector_counts() {
        let vectors = [
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
            "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N",
            "CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N",
        ];
        let best = highest(vectors).unwrap();
        assert_eq!((best.score, best.vector), (6.4, vectors[1]));
        assert_eq!(highest(["CVSS:3.1/AV:N"]), None);
    }

    #[test]
    fn vectors_in_words() {
        for (vector, expected) in [
            (
                "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N",
                "over the network, no login, no click; reads and changes data",
            ),
            (
                "CVSS:3.1/AV:L/AC:H/PR:L/UI:R/S:C/C:N/I:N/A:L",
                "from the same machine, with a login, when a user is led on, not at will; slows the service, reaches other systems",
            ),
            (
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:H/SC:N/SI:N/SA:N",
                "over the network, no login, no click; reads some data, stops the service",
            ),
            ("(AV:N/AC:L/Au:N/C:N/I:N/A:C)", "over the network, no login; stops the service"),
        ] {
            assert_eq!(words(vector).as_deref(), Some(expected));
        }
        assert_eq!(words("CVSS:3.1/AV:N"), None);
    }
}
