//! Texts inside files: markers, requirements, specifiers; and the two notations under many formats.

use depaudit::inputs::requirement::{Piece, RequirementError, read, read_line};
use depaudit::model::{Constraint, Environment, Marker, Platform, RangeSet, Version};

/// What `toml` refuses ours refuses, what it reads ours reads alike.
pub fn toml(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        depaudit::inputs::fuzzing::assert_toml_agreement(text);
    }
}

/// The same for JSON.
pub fn json(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        depaudit::inputs::fuzzing::assert_json_agreement(text);
    }
}

/// What is known never turns round when more is known.
pub fn marker(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let marker = match Marker::parse(&text) {
        Ok(marker) => marker,
        Err((range, message)) => {
            assert!(!message.is_empty());
            assert!(text.get(range.clone()).is_some(), "{range:?} of {text:?}");
            return;
        }
    };
    let environment = |python: Option<&str>, platform| Environment {
        python: python.map(|text| Environment::python_release(text).expect("a release")),
        platform,
    };
    let nothing = marker.evaluate(&Environment::default());
    for (series, release) in [("3.9", "3.9.0"), ("3.12", "3.12.4"), ("3.14", "3.14.30")] {
        for platform in [Platform::Linux, Platform::MacOs, Platform::Windows] {
            let steps = [
                nothing,
                marker.evaluate(&environment(Some(series), None)),
                marker.evaluate(&environment(Some(series), Some(platform))),
                marker.evaluate(&environment(Some(release), Some(platform))),
            ];
            for pair in steps.windows(2) {
                assert!(pair[0].is_none() || pair[0] == pair[1], "{text:?} turns round: {steps:?} {release}");
            }
            let known = environment(Some(release), Some(platform));
            assert_eq!(known.may_hold(&text), steps[3] != Some(false), "{text:?}");
        }
    }
    if let Ok(nested) = Marker::parse(&format!("({text})")) {
        assert_eq!(nested, marker, "parentheses change {text:?}");
    }
}

/// Each part of a requirement is the text at its place.
pub fn requirement(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let results = [read(&text), read_line(&text, false), read_line(&text, true)];
    for result in results {
        match result {
            Ok(requirement) => {
                let parts =
                    [&requirement.name, &requirement.specifier, &requirement.marker, &requirement.url];
                for Piece { text: part, range } in parts.into_iter().flatten().chain(&requirement.extras) {
                    assert_eq!(text.get(range.clone()), Some(part.as_str()), "{text:?}: {requirement:?}");
                }
                if let Some(marker) = &requirement.marker {
                    assert!(Marker::parse(&marker.text).is_ok(), "{marker:?}");
                }
                if let Some(specifier) = &requirement.specifier {
                    // After `===` any text may stand, or none, also what a constraint gives another meaning; and what
                    // `~=` of the highest number ends before has no number.
                    let free = ["===", "18446744073709551615"].iter().any(|odd| specifier.text.contains(odd));
                    assert!(
                        free || Constraint::parse(&specifier.text).is_some(),
                        "{specifier:?} of {text:?}"
                    );
                }
            }
            Err(RequirementError { range, message }) => {
                assert!(!message.is_empty());
                assert!(text.get(range.clone()).is_some(), "{range:?} of {text:?}: {message}");
            }
        }
    }
}

/// A constraint admits what its set holds. Lines: a constraint, another one, versions.
pub fn specifier(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.lines();
    let (first, second) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
    let own =
        [first, second].into_iter().flat_map(|text| text.split(|character| "|, <>=!~^*".contains(character)));
    let mut versions: Vec<Version> = lines.chain(own).take(64).map(Version::new).collect();
    for local in ["+a", ".post1", ".dev0", "a1", ".0.1"] {
        let more =
            versions.iter().take(8).map(|version| Version::new(&format!("{}{local}", version.as_str())));
        versions.extend(more.collect::<Vec<_>>());
    }
    let first = members(first, &versions);
    let second = members(second, &versions);
    let (Some(first), Some(second)) = (first, second) else { return };
    let union = first.union(&second);
    let both = first.intersection(&second);
    assert_eq!(first.difference(&second).union(&both), first);
    assert_eq!(union.complement(), first.complement().intersection(&second.complement()));
    for version in &versions {
        let (one, other) = (first.contains(version), second.contains(version));
        assert_eq!(union.contains(version), one || other, "{version:?}");
        assert_eq!(both.contains(version), one && other, "{version:?}");
        assert_ne!(first.complement().contains(version), one, "{version:?}");
    }
}

/// The set of a constraint, held to what the constraint says about versions and to its other notations.
fn members(text: &str, versions: &[Version]) -> Option<RangeSet> {
    let constraint = Constraint::parse(text)?;
    let again =
        constraint.to_pep440().map(|text| Constraint::parse(&text).unwrap_or_else(|| panic!("{text:?}")));
    let set = constraint.set();
    let _ = constraint.to_python_marker();
    for version in versions {
        let admits = constraint.admits(version);
        if let Some(again) = &again {
            assert_eq!(again.admits(version), admits, "{text:?} as PEP 440: {again:?}, {version:?}");
        }
        // No set holds what PEP 440 refuses, but for the very text; and none tells two spellings of a version apart.
        if let Some(set) = set.as_ref().filter(|_| version.is_pep440()) {
            let holds = set.contains(version);
            assert!(holds == admits || (holds && text.contains("===")), "{text:?}: {version:?}");
        }
    }
    set
}
