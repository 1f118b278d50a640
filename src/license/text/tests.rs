use super::chosen::{COUSINS, USUAL};
use super::*;
use crate::license::parse;

/// The texts of the list that are built in, as the list has them.
fn listed() -> impl Iterator<Item = (&'static str, &'static str)> {
    spdx::text::LICENSE_TEXTS.iter().copied().filter(|(id, _)| USUAL.contains(id) || COUSINS.contains(id))
}

fn shown(text: &LicenseText) -> String {
    let one = |found: &FoundLicense| {
        let names: Vec<String> = found.candidates.iter().map(ToString::to_string).collect();
        format!("{} {:.3}", names.join("|"), found.score)
    };
    text.found.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Every text of the list, changed, is still recognised as what it is; at least as alike as `least`. Says which are not.
fn wrong_after(change: impl Fn(&str) -> String, least: f32) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, text) in listed() {
        let read = recognise(&change(text));
        let expected = parse(id).unwrap();
        let same_text = |found: &FoundLicense| {
            found.candidates.contains(&expected)
                || found.candidates.iter().any(|one| {
                    let other = one.to_string();
                    let text_of = |id: &str| {
                        listed()
                            .find(|(other, _)| *other == id)
                            .map(|(id, text)| template::template(id, text))
                    };
                    text_of(&other) == text_of(id)
                })
        };
        if !read.found.iter().any(|found| same_text(found) && found.score >= least) {
            wrong.push(format!("{id}: {}", shown(&read)));
        }
    }
    wrong
}

#[test]
fn texts_of_the_list_are_what_they_are() {
    let wrong = wrong_after(ToOwned::to_owned, 1.0);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), listed().count(), wrong.join("\n"));
}

/// Wrapped anew, each line with something before it.
fn wrapped(text: &str, width: usize, prefix: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        if lines.last().is_some_and(|line| line.len() + word.len() > width) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
            line.push(' ');
        }
    }
    lines.iter().map(|line| format!("{prefix}{}", line.trim_end())).collect::<Vec<_>>().join("\n")
}

/// Placeholders in angle brackets filled in.
fn filled_in(text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        filled.push_str(before);
        if let Some((inside, tail)) = after.split_once('>').filter(|(inside, _)| inside.len() < 60) {
            filled.push_str(if inside.contains("year") {
                "2011-2026"
            } else {
                "Jane Doe and the Harbour project"
            });
            rest = tail;
        } else {
            filled.push('<');
            rest = after;
        }
    }
    format!("The Harbour License\n\nCopyright (c) 2012 by Jane Doe. All rights reserved.\n\n{filled}{rest}")
}

#[test]
fn wrapping_case_and_comments_do_not_matter() {
    let none = Vec::<String>::new();
    assert_eq!(wrong_after(str::to_uppercase, 1.0), none);
    assert_eq!(wrong_after(|text| wrapped(text, 50, "# "), 1.0), none);
    assert_eq!(wrong_after(|text| wrapped(text, 100_000, "        "), 1.0), none);
    assert_eq!(wrong_after(|text| text.replace('\n', "\r\n").replace(['"', '\''], "`"), 0.95), none);
}

#[test]
fn names_and_years_do_not_matter() {
    // Those with the most names for their length fall below what is definite.
    assert_eq!(wrong_after(filled_in, 0.9), Vec::<String>::new());
    assert!(wrong_after(filled_in, DEFINITE).len() <= 3);
}

/// The first words of the texts of the list, by id.
fn text_of(id: &str) -> &'static str {
    listed().find(|(other, _)| *other == id).map_or_else(|| panic!("{id}"), |(_, text)| text)
}

#[test]
fn several_licenses_in_one_text_are_found_in_their_order() {
    let text = format!(
        "Harbour is under these terms:\n\n{}\n\n======\nParts of it:\n{}\n\n* * *\n\n{}\n",
        text_of("Apache-2.0"),
        text_of("BSD-3-Clause"),
        text_of("MIT")
    );
    let read = recognise(&text);
    assert_eq!(shown(&read), "Apache-2.0 1.000, BSD-3-Clause 1.000, MIT 1.000");
    assert!(matches!(read.reading(), LicenseReading::Ambiguous(candidates) if candidates.len() == 3));
    let mit = &text[read.found[2].range.clone()];
    assert!(mit.starts_with("Permission is hereby granted") && mit.ends_with("SOFTWARE"), "{mit}");
    assert!(!read.truncated);
}

#[test]
fn the_notice_of_the_apache_license_names_it() {
    let (_, notice) = text_of("Apache-2.0").split_once("Licensed under the Apache").unwrap();
    assert_eq!(
        shown(&recognise(&format!("Copyright 2012 Jane\n\nLicensed under the Apache{notice}"))),
        "Apache-2.0 1.000"
    );
}

#[test]
fn what_a_text_cannot_tell_stays_open() {
    let read = recognise(text_of("GPL-3.0-only"));
    let LicenseReading::Ambiguous(candidates) = read.reading() else { panic!("{read:?}") };
    assert_eq!(
        candidates.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["GPL-3.0-only", "GPL-3.0-or-later"]
    );
    assert_eq!(recognise(text_of("MIT")).reading(), LicenseReading::License(parse("MIT").unwrap()));
    assert_eq!(recognise(text_of("Pixar")).reading(), LicenseReading::License(parse("Pixar").unwrap()));
    let evil = text_of("MIT").replace(
        "subject to",
        "for good, never for evil of any kind or by anybody, and not on a boat, subject to",
    );
    let read = recognise(&evil);
    assert!(
        read.score().unwrap() < DEFINITE && matches!(read.reading(), LicenseReading::Ambiguous(_)),
        "{read:?}"
    );
}

#[test]
fn other_texts_are_no_licenses() {
    for text in ["", "MIT", "see LICENSE", "All rights reserved.", "Copyright (c) 2020 Jane Doe"] {
        assert_eq!(recognise(text), LicenseText::default(), "{text}");
    }
    let prose =
        "This program is a fine program, and everybody may read about it in the manual that comes with it. "
            .repeat(50);
    assert_eq!(recognise(&prose).found, []);
}

#[test]
fn long_texts_are_read_in_part() {
    let mit = text_of("MIT");
    let long = format!("{mit}\n{}", "lorem ipsum é ".repeat(300_000));
    let read = recognise(&long);
    assert!(read.truncated);
    assert_eq!(shown(&read), "MIT 1.000");
    let beyond = format!("{}{mit}", " ".repeat(LONGEST));
    assert_eq!(recognise(&beyond), LicenseText { found: Vec::new(), truncated: true });
    let all: String = listed().map(|(_, text)| text).collect();
    assert_eq!(recognise(&all).truncated, all.len() > LONGEST);
    let hostile = format!("{mit}\n").repeat(200);
    assert!(recognise(&hostile).found.iter().all(|found| found.score >= 1.0));
}
