//! The `License` field of metadata: free text, in which people write what they like.
//!
//! Names and habits of people are known (`names`); what they leave open stays open. Two licenses with "or" between
//! them are a choice, with "and" they both apply; with a comma or a blank nobody can tell.

mod address;
mod names;
pub(super) mod phrase;

use super::classifier;
use super::expression::parse_quietly;
use crate::model::Arrange as _;
use crate::model::{LicenseExpression, LicenseReading};

/// Longer text is no name of a license, but perhaps a license, in bytes.
const LONGEST_NAME: usize = 400;

/// More combinations than this of what the parts may mean are not listed.
const MOST_COMBINATIONS: usize = 16;

/// What a name may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::license) enum Said {
    /// These terms.
    Is(LicenseExpression),
    /// One of these. Not empty; sorted.
    MayBe(Vec<LicenseExpression>),
}

impl Said {
    /// All that it may mean.
    pub(in crate::license) fn candidates(&self) -> &[LicenseExpression] {
        match self {
            Self::Is(license) => std::slice::from_ref(license),
            Self::MayBe(candidates) => candidates,
        }
    }

    fn doubtful(self) -> Self {
        match self {
            Self::Is(license) => Self::MayBe(vec![license]),
            Self::MayBe(candidates) => Self::MayBe(candidates),
        }
    }
}

/// What the text says. Never [`LicenseReading::Invalid`].
pub fn read(text: &str) -> LicenseReading {
    let text = text.trim();
    if let Some(expression) = parse_quietly(text) {
        return LicenseReading::License(expression);
    }
    if text.len() > LONGEST_NAME {
        return super::text::recognise(text).reading();
    }
    // What could not be decoded may have said anything.
    if text.contains('\u{fffd}') {
        return LicenseReading::Unknown;
    }
    if classifier::is_about_license(text) {
        return classifier::read(&[text]).unwrap_or(LicenseReading::Unknown);
    }
    match names_in(&text.split_whitespace().collect::<Vec<_>>().join(" ")) {
        Some(Said::Is(expression)) => LicenseReading::License(expression),
        Some(Said::MayBe(candidates)) => LicenseReading::Ambiguous(candidates),
        None => LicenseReading::Unknown,
    }
}

/// What stands between two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Between {
    Or,
    And,
    /// A comma, a blank, "and/or".
    Anything,
}

fn names_in(text: &str) -> Option<Said> {
    if let Some(said) = phrase::read(text) {
        return Some(said);
    }
    let whole = one_name(text);
    if matches!(whole, Some(Said::Is(_))) {
        return whole;
    }
    let (text, dual, mixed) = without_beginning(text);
    let (parts, between) = split(text);
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !is_remark(part)).collect();
    let read: Vec<Option<Said>> =
        parts.iter().map(|part| one_name(part).or_else(|| row_of_ids(part))).collect();
    if let [one] = &read[..] {
        let said = one.clone().or(whole);
        return if mixed { said.map(Said::doubtful) } else { said };
    }
    let is = |wanted: Between| !mixed && between.iter().all(|between| *between == wanted);
    // "Dual licensed under A and B" is as often a choice.
    let operator = match () {
        () if is(Between::Or) => Some(Between::Or),
        () if is(Between::And) && !dual => Some(Between::And),
        () => None,
    };
    let combined = match (operator, read.iter().cloned().collect::<Option<Vec<Said>>>()) {
        (Some(operator), Some(all)) if !all.is_empty() => combine(operator, &all),
        _ => None,
    };
    combined.or_else(|| may_be(read.iter().flatten().flat_map(Said::candidates).cloned().collect())).or(whole)
}

fn may_be(mut candidates: Vec<LicenseExpression>) -> Option<Said> {
    candidates.arrange();
    candidates.dedup();
    (!candidates.is_empty()).then_some(Said::MayBe(candidates))
}

/// All ways in which the parts can be read, joined by an operator; `None` when there are too many.
fn combine(operator: Between, parts: &[Said]) -> Option<Said> {
    let mut rows: Vec<Vec<LicenseExpression>> = vec![Vec::new()];
    for part in parts {
        let mut longer = Vec::new();
        for row in &rows {
            for candidate in part.candidates() {
                let mut row = row.clone();
                row.push(candidate.clone());
                longer.push(row);
            }
        }
        if longer.len() > MOST_COMBINATIONS {
            return None;
        }
        rows = longer;
    }
    // Printed and read again, so that nested expressions become flat.
    let word = if operator == Between::Or { " OR " } else { " AND " };
    let join = |row: Vec<LicenseExpression>| {
        let parts: Vec<String> = row.iter().map(|part| format!("({part})")).collect();
        parse_quietly(&parts.join(word))
    };
    let definite = parts.iter().all(|part| matches!(part, Said::Is(_)));
    let mut joined: Vec<LicenseExpression> = rows.into_iter().filter_map(join).collect();
    match joined.pop() {
        Some(only) if definite => Some(Said::Is(only)),
        Some(last) => {
            joined.push(last);
            may_be(joined)
        }
        None => None,
    }
}

/// One name, perhaps with the same in other words in parentheses or as an address.
fn one_name(text: &str) -> Option<Said> {
    if let Some(said) = phrase::read(text) {
        return Some(said);
    }
    let mut outside = String::new();
    let mut others: Vec<Option<Said>> = Vec::new();
    let mut inside: Option<String> = None;
    for word in text.split_inclusive(['(', ')', ' ']) {
        let (word, end) = match word.char_indices().next_back() {
            Some((at, end @ ('(' | ')' | ' '))) => (word.get(..at).unwrap_or_default(), end),
            _ => (word, ' '),
        };
        if address::is_address(word) {
            others.push(address::read(word));
        } else {
            let into = inside.as_mut().unwrap_or(&mut outside);
            into.push_str(word);
            into.push(' ');
        }
        match (end, inside.take()) {
            ('(', None) => inside = Some(String::new()),
            (')', Some(remark)) => {
                let remark = remark.trim();
                if !remark.is_empty() && !is_remark(remark) {
                    others.push(phrase::read(remark));
                }
            }
            (_, still) => inside = still,
        }
    }
    let outside = outside.trim();
    if others.is_empty() && (inside.is_some() || outside == text) {
        return None;
    }
    let outside = outside.trim_end_matches(|character: char| " ,;:-".contains(character));
    let mut all = others;
    if !outside.is_empty() && !is_remark(outside) {
        all.push(phrase::read(outside));
    }
    let doubtful = inside.is_some() || all.iter().any(Option::is_none);
    let said = all.into_iter().flatten().reduce(agree)?;
    Some(if doubtful { said.doubtful() } else { said })
}

/// What two names for the same license mean together.
fn agree(one: Said, other: Said) -> Said {
    let common: Vec<LicenseExpression> =
        one.candidates().iter().filter(|candidate| other.candidates().contains(candidate)).cloned().collect();
    match (one, other) {
        (Said::Is(license), _) | (_, Said::Is(license)) if common.contains(&license) => Said::Is(license),
        (one, other) if common.is_empty() => {
            let mut all = [one.candidates(), other.candidates()].concat();
            all.arrange();
            all.dedup();
            Said::MayBe(all)
        }
        _ => Said::MayBe(common),
    }
}

/// Whether words point at a file instead of naming a license.
fn is_remark(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    text.is_empty() || text.starts_with("see ") || text.starts_with("file:") || text == "oss"
}

/// The text without "dual licensed under" and the like; whether it was dual, whether mixed.
fn without_beginning(text: &str) -> (&str, bool, bool) {
    const BEGINNINGS: [&str; 14] = [
        "dual",
        "dual-license",
        "dual-licensed",
        "either",
        "both",
        "mixed",
        "license",
        "licensed",
        "licensed:",
        "licence",
        "under",
        "released",
        "distributed",
        "license:",
    ];
    let (mut rest, mut dual, mut mixed) = (text, false, false);
    while let Some((word, after)) = rest.split_once([' ', ',', ':']) {
        let folded = word.to_ascii_lowercase();
        if !word.is_empty() && word != "-" && !BEGINNINGS.contains(&folded.as_str()) {
            break;
        }
        dual |= folded.starts_with("dual");
        mixed |= folded == "mixed";
        rest = after;
    }
    (rest, dual, mixed)
}

/// The parts of a text, and what stands between them.
fn split(text: &str) -> (Vec<String>, Vec<Between>) {
    let mut parts: Vec<String> = vec![String::new()];
    let mut between: Vec<Between> = Vec::new();
    let mut next = |separator: Between, parts: &mut Vec<String>| {
        if parts.last().is_some_and(|last| !last.trim().is_empty()) {
            parts.push(String::new());
            between.push(separator);
        } else if let Some(last) = between.last_mut() {
            // ", and" is "and"; any other pair is a riddle.
            *last =
                if *last == Between::Anything || *last == separator { separator } else { Between::Anything };
        }
    };
    let mut words = text.split_inclusive(' ').peekable();
    let mut open = 0_usize;
    while let Some(word) = words.next() {
        let following = words.peek().map(|next| next.trim().to_ascii_lowercase()).unwrap_or_default();
        let goes_on =
            ["later", "any", "newer", "greater", "higher", "above", "lesser"].contains(&following.as_str());
        let separator = match word.trim().to_ascii_lowercase().as_str() {
            "or" | "-or-" | "|" | "||" | "/" if !goes_on => Some(Between::Or),
            "and" | "-and-" | "&" if !goes_on => Some(Between::And),
            "and/or" => Some(Between::Anything),
            _ => None,
        };
        if let (Some(separator), 0) = (separator, open) {
            next(separator, &mut parts);
            continue;
        }
        for character in word.chars() {
            match character {
                '(' => open += 1,
                ')' => open = open.saturating_sub(1),
                '/' | '|' if open == 0 && !address::is_address(word) => {
                    next(Between::Or, &mut parts);
                    continue;
                }
                // "Apache License, Version 2.0" is one name.
                ',' if following.starts_with("version") || following.starts_with("v2") => continue,
                ',' | ';' if open == 0 => {
                    next(Between::Anything, &mut parts);
                    continue;
                }
                _ => {}
            }
            if let Some(last) = parts.last_mut() {
                last.push(character);
            }
        }
    }
    let empty = |part: &String| part.trim().is_empty();
    while parts.last().is_some_and(empty) {
        parts.pop();
        between.truncate(parts.len().saturating_sub(1));
    }
    (parts, between)
}

/// Ids with nothing but blanks between them, perhaps with a few other words: any of them, or all.
fn row_of_ids(text: &str) -> Option<Said> {
    let words: Vec<&str> = text.split([' ', '(', ')', '|']).filter(|word| !word.is_empty()).collect();
    let said: Vec<Said> = words.iter().filter_map(|word| phrase::read(word)).collect();
    let is_id = |word: &&str| parse_quietly(word).is_some();
    // Some ids are words ("Fair"): one of them among others says nothing, unless it has a version.
    let first_says =
        words.first().is_some_and(|word| is_id(word) && word.contains(|c: char| c.is_ascii_digit()));
    let half = said.len() * 2 >= words.len() && words.iter().any(is_id);
    if words.len() < 2 || words.len() > 8 || !(half || first_says) {
        return None;
    }
    may_be(said.iter().flat_map(Said::candidates).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(text: &str) -> String {
        match read(text) {
            LicenseReading::License(license) => license.to_string(),
            LicenseReading::Ambiguous(candidates) => candidates
                .iter()
                .map(ToString::to_string)
                .fold("?".to_owned(), |all, one| format!("{all} {one};")),
            LicenseReading::Invalid(_) => "invalid".to_owned(),
            LicenseReading::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn names_and_habits_of_people() {
        for (id, names) in [
            (
                "Apache-2.0",
                "Apache-2.0|apache 2.0|Apache 2|ASL 2.0|Apache2|Apache License, Version 2.0|Apache License v2.0|\
                 The Apache Software License, Version 2.0|Apache License 2.0 (Apache-2.0)|'Apache-2.0'|\
                 https://www.apache.org/licenses/LICENSE-2.0.txt|http://opensource.org/licenses/Apache-2.0|\
                 Apache 2.0 (http://www.apache.org/licenses/LICENSE-2.0)|Apache Software License 2.0",
            ),
            (
                "MIT",
                "mit|MIT license|The MIT License (MIT)|MIT Licence|Expat|Expat License|\"MIT\"|MIT.|License: MIT|\
                 OSI Approved :: MIT License|License :: OSI Approved :: MIT License|MIT License, see LICENSE|\
                 https://opensource.org/licenses/MIT|http://www.opensource.org/licenses/mit-license.php|\
                 MIT (https://choosealicense.com/licenses/mit/)|MIT (see LICENSE file)",
            ),
            (
                "BSD-3-Clause",
                "new BSD|New BSD License|Modified BSD License|3-Clause BSD License|BSD 3-Clause|BSD-3|BSD (3-clause)|\
                 Revised BSD|three-clause BSD|BSD 3 clause License|BSD-3-Clause License|BSD (3 clause)",
            ),
            (
                "BSD-2-Clause",
                "BSD 2-Clause|Simplified BSD|BSD-2|2-clause BSD license|FreeBSD|Simplified BSD (2-clause)",
            ),
            ("0BSD", "0BSD|Zero-Clause BSD|BSD 0-clause"),
            (
                "GPL-3.0-or-later",
                "GPLv3+|GPL-3+|GNU General Public License v3 or later (GPLv3+)|GPL v3 or any later version",
            ),
            ("GPL-3.0-only", "GPL-3.0|GPLv3 only|GNU GPL version 3 only"),
            ("LGPL-2.1-or-later", "LGPLv2.1 or later|LGPL-2.1+|GNU LGPL v2.1+|LGPL 2.1 or newer"),
            ("AGPL-3.0-or-later", "AGPLv3+|GNU Affero General Public License v3 or later (AGPLv3+)"),
            ("ISC", "ISCL|ISC License (ISCL)|isc license"),
            ("MPL-2.0", "MPL 2.0|MPL2|Mozilla Public License 2.0 (MPL 2.0)|https://mozilla.org/MPL/2.0/"),
            ("Unlicense", "Unlicense|The Unlicense (Unlicense)|https://unlicense.org/"),
            ("Zlib", "zlib/libpng|zlib/libpng License|ZLIB"),
            ("CC0-1.0", "CC0|CC0 1.0 Universal|CC0 1.0|https://creativecommons.org/publicdomain/zero/1.0/"),
            ("CC-BY-SA-4.0", "CC BY-SA 4.0|https://creativecommons.org/licenses/by-sa/4.0/"),
            ("PSF-2.0", "PSF 2.0|PSF-2"),
            ("BSL-1.0", "Boost Software License 1.0|Boost"),
            ("EPL-2.0", "Eclipse Public License 2.0|EPL 2.0|EPL v2.0"),
            ("WTFPL", "WTFPL|WTFPL v2"),
            (
                "MIT OR Apache-2.0",
                "MIT or Apache-2.0|MIT/Apache-2.0|MIT -or- Apache License 2.0|MIT / Apache 2|\
                Dual-licensed under MIT or Apache 2.0|MIT License or Apache License, Version 2.0|either MIT or Apache 2.0",
            ),
            ("MIT OR BSD-3-Clause", "Dual MIT/BSD-3-Clause"),
            (
                "Apache-2.0 AND MIT",
                "Apache-2.0 and MIT|Apache License 2.0 & MIT|Apache 2.0 and The MIT License (MIT)",
            ),
            ("GPL-2.0-or-later OR MIT", "GPLv2 or later or MIT|GPLv2+ or MIT"),
        ] {
            for name in names.split('|') {
                assert_eq!(said(name), id, "{name}");
            }
        }
    }

    #[test]
    fn what_can_mean_several_is_left_open() {
        let texts = [
            "BSD",
            "BSD License",
            "BSD-style",
            "Apache",
            "Apache Software License",
            "ASL",
            "GPL",
            "LGPL",
            "GNU GPL",
            "GPL-3",
            "GPLv3",
            "GNU General Public License v3 (GPLv3)",
            "LGPLv2",
            "LGPL-3",
            "Artistic License",
            "PSF",
            "Python Software Foundation License",
            "Python",
            "MIT/X11",
            "Mozilla Public License",
            "MIT, BSD-3-Clause",
            "Apache-2.0 MIT",
            "Apache-2.0 BSD MIT",
            "Mixed MIT, LGPL-2.0",
            "BSD or GPLv3",
            "PSF AND MIT",
            "Dual licensed under MIT and Apache 2.0",
            "MIT and others",
            "ISC (Python code), MPL-2.0 (cacert.pem)",
            "MIT (jquery)",
            "GPL-2.0 with linking exception",
            "MIT and/or ISC",
            "MIT, ISC or Zlib",
            "|| ( Apache-2.0 MIT )",
            "https://www.gnu.org/licenses/gpl-3.0.html",
            "MIT (ISC)",
            "BSD/MIT",
            "GPLv2 or GPLv3",
            "Dual Licensed - GNU AFFERO GPL 3.0 or Artifex Commercial License",
            "Apache 2.0 https://opensource.org/licenses/MIT",
        ];
        let shown: Vec<String> = texts.iter().map(|text| format!("{text}: {}", said(text))).collect();
        assert!(
            texts.iter().all(|text| matches!(read(text), LicenseReading::Ambiguous(_))),
            "{}",
            shown.join("\n")
        );
        insta::assert_snapshot!(shown.join("\n"));
    }

    #[test]
    fn what_names_no_license_is_unknown() {
        for text in [
            "",
            " ",
            "UNKNOWN",
            "see LICENSE",
            "See the LICENSE file",
            "LICENSE.txt",
            "Dual License",
            "Mixed",
            "custom",
            "Proprietary",
            "Commercial",
            "All rights reserved",
            "Public Domain",
            "Unlicensed",
            "none",
            "Free",
            "Other",
            "https://github.com/example/example/blob/main/LICENSE",
            "(",
            "((((",
            ")(",
            "/",
            "or",
            "and or",
            ",;,",
            "+",
            "v",
            "GNU",
            "the license",
            "style",
            "Copyright (c) 2020 Jane Doe",
            "MITRE",
            "GPLv9",
            "LGPL 7",
            "BSD 9-clause",
        ] {
            assert_eq!(said(text), "unknown", "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[ -~]{0,80}") {
            prop_assert!(!matches!(read(&text), LicenseReading::Invalid(_)));
        }

        #[test]
        fn candidates_are_sorted_and_never_none(words in prop::collection::vec(prop::sample::select(vec![
            "MIT", "BSD", "GPL", "v3", "or", "and", ",", "(", ")", "/", "later", "Apache", "2.0", "License", "+", "with",
        ]), 0..10)) {
            if let LicenseReading::Ambiguous(candidates) = read(&words.join(" ")) {
                prop_assert!(!candidates.is_empty() && candidates.is_sorted());
            }
        }
    }
}
