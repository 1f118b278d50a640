//! The Trove classifiers about licenses.
//!
//! Source: the list of classifiers of the Python package index. A release may have several: whether all apply or one may
//! be chosen is nowhere said, so that two different licenses are ambiguous.

use super::expression::parse_quietly;
use crate::model::Arrange as _;
use crate::model::{LicenseExpression, LicenseReading};

/// Each line: a classifier, `is` or `may be` or `unknown`, and ids with `|` between them. Sorted.
const TABLE: &str = include_str!("../../advisory-db/classifiers.txt");

/// Classifiers that name no license and go with many.
const GENERIC: [&str; 3] =
    ["License :: DFSG approved", "License :: Freely Distributable", "License :: OSI Approved"];

/// More classifiers than this are not compared with one another: an index refuses such a release.
const MOST: usize = 32;

/// Whether a classifier is about licenses.
pub fn is_about_license(classifier: &str) -> bool {
    classifier.starts_with("License ::")
}

/// What one classifier says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    Is(LicenseExpression),
    /// Not empty.
    MayBe(Vec<LicenseExpression>),
    /// A license, or a restriction, that has no id.
    Unknown,
}

/// What the classifiers of a release say of its license; `None` when none of them says anything. Classifiers about
/// other things may be among them.
pub fn read(classifiers: &[&str]) -> Option<LicenseReading> {
    let mut meanings: Vec<Meaning> = Vec::new();
    for classifier in classifiers.iter().map(|classifier| classifier.trim()) {
        if meanings.len() == MOST || !is_about_license(classifier) || GENERIC.contains(&classifier) {
            continue;
        }
        let meaning = meaning(classifier);
        if !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
    }
    if meanings.is_empty() {
        return None;
    }
    // "GPL" beside "GPLv3+" adds nothing.
    let is_said_better = |candidates: &Vec<LicenseExpression>| {
        meanings.iter().any(|other| matches!(other, Meaning::Is(license) if candidates.contains(license)))
    };
    let told: Vec<&Meaning> = meanings
        .iter()
        .filter(|meaning| !matches!(meaning, Meaning::MayBe(candidates) if is_said_better(candidates)))
        .collect();
    if let [Meaning::Is(license)] = told[..] {
        return Some(LicenseReading::License(license.clone()));
    }
    let mut candidates: Vec<LicenseExpression> = told
        .into_iter()
        .flat_map(|meaning| match meaning {
            Meaning::Is(license) => std::slice::from_ref(license),
            Meaning::MayBe(candidates) => candidates,
            Meaning::Unknown => &[],
        })
        .cloned()
        .collect();
    candidates.arrange();
    candidates.dedup();
    Some(if candidates.is_empty() { LicenseReading::Unknown } else { LicenseReading::Ambiguous(candidates) })
}

fn meaning(classifier: &str) -> Meaning {
    let row = TABLE.lines().find_map(|line| line.strip_prefix(classifier)?.strip_prefix('\t'));
    let Some((word, ids)) = row.and_then(|row| row.split_once('\t')) else {
        return Meaning::Unknown;
    };
    let mut candidates: Vec<LicenseExpression> = ids.split('|').filter_map(parse_quietly).collect();
    match (word, candidates.pop()) {
        ("is", Some(license)) => Meaning::Is(license),
        (_, Some(last)) => {
            candidates.push(last);
            Meaning::MayBe(candidates)
        }
        (_, None) => Meaning::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::license::parse;

    /// `MIT`, `? MIT ISC`, `unknown` or `-`.
    fn said(classifiers: &[&str]) -> String {
        let full: Vec<String> = classifiers.iter().map(|end| format!("License :: {end}")).collect();
        match read(&full.iter().map(String::as_str).collect::<Vec<_>>()) {
            None => "-".to_owned(),
            Some(LicenseReading::License(license)) => license.to_string(),
            Some(LicenseReading::Ambiguous(candidates)) => {
                candidates.iter().fold("?".to_owned(), |text, one| format!("{text} {one}"))
            }
            Some(_) => "unknown".to_owned(),
        }
    }

    #[test]
    fn the_table_is_sorted_and_read_whole() {
        let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.is_sorted() && lines.len() > 80);
        let mut definite = 0;
        for line in lines {
            let parts: Vec<&str> = line.split('\t').collect();
            let [classifier, word, ids] = parts[..] else { panic!("{line}") };
            let counted = ids.split('|').filter(|id| !id.is_empty()).count();
            match (word, meaning(classifier)) {
                ("is", Meaning::Is(license)) => {
                    assert_eq!(license.to_string(), ids);
                    definite += 1;
                }
                ("may be", Meaning::MayBe(candidates)) => assert_eq!(candidates.len(), counted),
                ("unknown", Meaning::Unknown) => assert_eq!(counted, 0),
                other => panic!("{line}: {other:?}"),
            }
        }
        assert_eq!(definite, 60);
    }

    #[test]
    fn one_license_is_that_license() {
        assert_eq!(said(&["OSI Approved :: MIT License"]), "MIT");
        assert_eq!(said(&["OSI Approved", "OSI Approved :: MIT License", "DFSG approved"]), "MIT");
        assert_eq!(
            said(&[
                "OSI Approved :: GNU General Public License (GPL)",
                "OSI Approved :: GNU General Public License v3 or later (GPLv3+)",
            ]),
            "GPL-3.0-or-later"
        );
        assert_eq!(said(&["OSI Approved :: BSD License", "OSI Approved :: Zero-Clause BSD (0BSD)"]), "0BSD");
        assert_eq!(
            read(&["  License :: OSI Approved :: ISC License (ISCL) "]),
            parse("ISC").ok().map(LicenseReading::License)
        );
    }

    #[test]
    fn what_may_be_several_is_not_guessed() {
        assert_eq!(said(&["OSI Approved :: BSD License"]), "? 0BSD BSD-2-Clause BSD-3-Clause BSD-4-Clause");
        assert_eq!(said(&["OSI Approved :: MIT License", "OSI Approved :: ISC License (ISCL)"]), "? ISC MIT");
        assert_eq!(
            said(&["OSI Approved :: MIT License", "OSI Approved :: Apache Software License"]),
            "? Apache-1.0 Apache-1.1 Apache-2.0 MIT"
        );
        assert_eq!(said(&["OSI Approved :: MIT License", "Other/Proprietary License"]), "? MIT");
        assert_eq!(said(&["Aladdin Free Public License (AFPL)"]), "? Aladdin");
    }

    #[test]
    fn what_names_no_license_is_unknown_or_nothing() {
        assert_eq!(said(&["OSI Approved"]), "-");
        assert_eq!(said(&[]), "-");
        assert_eq!(read(&["Programming Language :: Python"]), None);
        assert_eq!(said(&["Other/Proprietary License"]), "unknown");
        assert_eq!(said(&["OSI Approved :: No Such License"]), "unknown");
        assert_eq!(said(&["Public Domain"]), "unknown");
    }

    #[test]
    fn thousands_of_classifiers_are_read_at_once() {
        let many: Vec<String> = (0..20_000).map(|number| format!("License :: {number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(read(&many), Some(LicenseReading::Unknown));
    }
}
