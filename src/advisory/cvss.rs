//! CVSS vectors: which of several counts, and what a vector says in words.

/// A complete vector and its base score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scored<'a> {
    /// As the record writes it.
    pub(crate) vector: &'a str,
    /// 0 to 100.
    pub(crate) tenths: u8,
}

impl Scored<'_> {
    /// 0.0 to 10.0.
    pub(crate) fn score(&self) -> f64 {
        f64::from(self.tenths) / 10.0
    }
}

/// The highest score of any complete vector; of equal scores the newest version of CVSS.
pub(crate) fn highest<'a>(vectors: impl IntoIterator<Item = Scored<'a>>) -> Option<Scored<'a>> {
    vectors.into_iter().max_by_key(|scored| (scored.tenths, version(scored.vector)))
}

/// `4.0`, `3.1`, `3.0`, or `2.0`.
fn version(vector: &str) -> &str {
    let prefix = vector.trim().strip_prefix("CVSS:").and_then(|rest| rest.split_once('/'));
    prefix.map_or("2.0", |(version, _)| version)
}

/// The metrics that words are made of; empty where a vector has none.
#[derive(Default)]
struct Metrics<'a> {
    reach: &'a str,
    complexity: &'a str,
    requirements: &'a str,
    login: &'a str,
    old_login: &'a str,
    click: &'a str,
    scope: &'a str,
    /// Confidentiality, integrity, availability.
    impact: [&'a str; 3],
    /// The same for the systems behind.
    beyond: [&'a str; 3],
}

impl<'a> Metrics<'a> {
    fn read(vector: &'a str) -> Self {
        let mut metrics = Self::default();
        let bare = vector.trim().trim_start_matches('(').trim_end_matches(')');
        for (name, value) in bare.split('/').filter_map(|part| part.split_once(':')) {
            let slot = match name {
                "AV" => &mut metrics.reach,
                "AC" => &mut metrics.complexity,
                "AT" => &mut metrics.requirements,
                "PR" => &mut metrics.login,
                "Au" => &mut metrics.old_login,
                "UI" => &mut metrics.click,
                "S" => &mut metrics.scope,
                "C" | "VC" => &mut metrics.impact[0],
                "I" | "VI" => &mut metrics.impact[1],
                "A" | "VA" => &mut metrics.impact[2],
                "SC" => &mut metrics.beyond[0],
                "SI" => &mut metrics.beyond[1],
                "SA" => &mut metrics.beyond[2],
                _ => continue,
            };
            *slot = value;
        }
        metrics
    }
}

/// What a complete vector says, in our own words: how it is reached, then what it does. `None` when it is no help.
pub(crate) fn words(vector: &str) -> Option<String> {
    let metrics = Metrics::read(vector);
    let mut text = String::with_capacity(96);
    text.push_str(match metrics.reach {
        "N" => "over the network",
        "A" => "from the same network",
        "L" => "from the same machine",
        "P" => "with the machine in hand",
        _ => return None,
    });
    text.push_str(match (metrics.old_login, metrics.login) {
        ("N", _) | ("", "N") => ", no login",
        ("", "H") => ", with an administrator's login",
        _ => ", with a login",
    });
    // CVSS 2.0 has no such metric.
    if metrics.old_login.is_empty() {
        text.push_str(if metrics.click == "N" { ", no click" } else { ", when a user is led on" });
    }
    if metrics.complexity == "H" || metrics.requirements == "P" {
        text.push_str(", not at will");
    }
    let [reads, changes, stops] = metrics.impact;
    let none = |value: &str| matches!(value, "N" | "");
    let full = |value: &str| matches!(value, "H" | "C");
    let data = match (none(reads), none(changes)) {
        (true, true) => "",
        (false, true) if full(reads) => "reads data",
        (false, true) => "reads some data",
        (true, false) if full(changes) => "changes data",
        (true, false) => "changes some data",
        (false, false) if full(reads) || full(changes) => "reads and changes data",
        (false, false) => "reads and changes some data",
    };
    let service = match stops {
        _ if none(stops) => "",
        _ if full(stops) => "stops the service",
        _ => "slows the service",
    };
    let further = metrics.scope == "C" || !metrics.beyond.into_iter().all(none);
    let further = if further { "reaches other systems" } else { "" };
    let mut between = "; ";
    for effect in [data, service, further].into_iter().filter(|effect| !effect.is_empty()) {
        text.push_str(between);
        text.push_str(effect);
        between = ", ";
    }
    if between == "; " {
        text.push_str("; no effect is recorded");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::score::score;

    #[test]
    fn the_highest_complete_vector_counts() {
        let scored = |vector| score(vector).map(|tenths| Scored { vector, tenths });
        let vectors = [
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
            "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N",
            "CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N",
            "AV:N/AC:L/Au:N/C:N/I:N/A:P",
        ];
        let best = highest(vectors.into_iter().filter_map(scored)).unwrap();
        assert_eq!((best.score(), best.vector), (6.4, vectors[1]));
        assert_eq!(highest([]), None);
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
        assert_eq!(words("HIGH"), None);
    }
}
