//! What follows from all that is known about the license of a release.
//!
//! The best evidence that says one license decides. What may be several is settled by weaker evidence only when that
//! says one of them. Nothing is settled by counting.

use crate::model::Arrange as _;
use std::collections::BTreeSet;

use crate::model::{
    EvidenceSource, LicenseConclusion, LicenseEvidence, LicenseExpression, LicenseReading, SimpleLicense,
};

/// What one source says: all license files of a release are one.
struct Voice {
    /// The index of the evidence that stands for it.
    at: usize,
    said: Said,
}

enum Said {
    One(LicenseExpression),
    /// Sorted, without repetitions, not empty.
    Several(Vec<LicenseExpression>),
}

/// The conclusion from evidence that is sorted best first ([`EvidenceSource`] is ordered so).
///
/// - The first definite reading decides. An invalid expression, and what is unknown, is passed over.
/// - An ambiguous reading is settled by a weaker one of which every license is among its candidates. Else its candidates
///   stay, fewer when weaker evidence of the release has none but some of them.
/// - Different licenses in several license files are ambiguous: nobody can tell whether all apply.
/// - Evidence conflicts when it names a license that the conclusion does not contain; license files, of which some may be
///   about bundled parts, when none of them names one that it contains. `-only` and `-or-later` are the same here, and
///   exceptions do not matter: neither texts of licenses nor classifiers tell them apart. Recipes are about another
///   version and never conflict; nothing conflicts with what somebody wrote into the policy.
pub fn conclude(evidence: &[LicenseEvidence]) -> LicenseConclusion {
    let mut open: Option<(usize, Vec<LicenseExpression>)> = None;
    for voice in voices(evidence) {
        // About another version: better than nothing, but no answer to what the release leaves open.
        let is_recipe = evidence.get(voice.at).is_some_and(|piece| piece.source == EvidenceSource::Recipe);
        if is_recipe && open.is_some() {
            continue;
        }
        match (voice.said, open.as_mut()) {
            (Said::One(license), None) => return decided(evidence, voice.at, license),
            (Said::One(license), Some((_, candidates))) if is_among(&license, candidates) => {
                return decided(evidence, voice.at, license);
            }
            (Said::One(_), Some(_)) => {}
            (Said::Several(candidates), None) => open = Some((voice.at, candidates)),
            (Said::Several(others), Some((_, candidates))) => {
                // Others that know more than these may mean that several apply.
                if others.iter().all(|other| candidates.contains(other)) {
                    *candidates = others;
                }
            }
        }
    }
    let Some((at, candidates)) = open else { return LicenseConclusion::default() };
    let conflicts = conflicts(evidence, at, &candidates);
    LicenseConclusion { expression: None, candidates, decided_by: Some(at), conflicts }
}

fn decided(evidence: &[LicenseEvidence], at: usize, license: LicenseExpression) -> LicenseConclusion {
    let conflicts = conflicts(evidence, at, std::slice::from_ref(&license));
    LicenseConclusion { expression: Some(license), candidates: Vec::new(), decided_by: Some(at), conflicts }
}

fn voices(evidence: &[LicenseEvidence]) -> Vec<Voice> {
    let mut voices: Vec<Voice> = Vec::new();
    let mut files: Option<usize> = None;
    for (at, piece) in evidence.iter().enumerate() {
        let candidates = match &piece.reading {
            LicenseReading::License(license) => std::slice::from_ref(license),
            LicenseReading::Ambiguous(candidates) => candidates,
            LicenseReading::Invalid(_) | LicenseReading::Unknown => continue,
        };
        let earlier = files.filter(|_| piece.source == EvidenceSource::LicenseFile);
        if let Some(voice) = earlier.and_then(|files| voices.get_mut(files)) {
            let mut all = candidates.to_vec();
            match &voice.said {
                Said::One(license) => all.push(license.clone()),
                Said::Several(candidates) => all.extend(candidates.iter().cloned()),
            }
            let is_one = matches!((&voice.said, &piece.reading), (Said::One(one), LicenseReading::License(other))
                if one.sorted() == other.sorted());
            if !is_one {
                voice.said = Said::Several(tidy(all));
            }
            continue;
        }
        if piece.source == EvidenceSource::LicenseFile {
            files = Some(voices.len());
        }
        let said = match &piece.reading {
            LicenseReading::License(license) => Said::One(license.clone()),
            _ => Said::Several(tidy(candidates.to_vec())),
        };
        voices.push(Voice { at, said });
    }
    voices
}

fn tidy(mut candidates: Vec<LicenseExpression>) -> Vec<LicenseExpression> {
    candidates.arrange();
    candidates.dedup();
    candidates
}

/// Whether terms are a choice of the candidates: one of them, or made of nothing but licenses that are.
fn is_among(license: &LicenseExpression, candidates: &[LicenseExpression]) -> bool {
    let single = |id: &str| {
        candidates.iter().any(
            |candidate| matches!(candidate, LicenseExpression::License(candidate) if *candidate.id == *id),
        )
    };
    candidates.contains(license) || license.licenses().iter().all(|license| single(&license.id))
}

/// What a license is called when "only" and "or later" do not matter.
fn base(license: &SimpleLicense) -> &str {
    let id = &*license.id;
    // The text of Python's license is that of the foundation with those before it; both ids are in use for it.
    if matches!(id, "Python-2.0" | "Python-2.0.1") {
        return "PSF-2.0";
    }
    id.strip_suffix("-only").or_else(|| id.strip_suffix("-or-later")).unwrap_or(id)
}

fn bases(expressions: &[LicenseExpression]) -> BTreeSet<&str> {
    expressions.iter().flat_map(LicenseExpression::licenses).map(base).collect()
}

/// The indexes of evidence that contradicts what was concluded at `at`, or all candidates of it.
fn conflicts(evidence: &[LicenseEvidence], at: usize, concluded: &[LicenseExpression]) -> Vec<usize> {
    let decided_by = evidence.get(at).map(|piece| piece.source);
    if decided_by == Some(EvidenceSource::Clarification) {
        return Vec::new();
    }
    let contained = bases(concluded);
    let mut conflicts = Vec::new();
    let mut files = Vec::new();
    let mut files_agree = false;
    for (index, piece) in evidence.iter().enumerate() {
        if index == at {
            files_agree |= piece.source == EvidenceSource::LicenseFile;
            continue;
        }
        let (named, is_sure) = match &piece.reading {
            LicenseReading::License(license) => (std::slice::from_ref(license), true),
            LicenseReading::Ambiguous(candidates) => (&candidates[..], false),
            LicenseReading::Invalid(_) | LicenseReading::Unknown => continue,
        };
        let named = bases(named);
        let overlaps = named.iter().any(|name| contained.contains(name));
        match piece.source {
            EvidenceSource::Recipe | EvidenceSource::Clarification => {}
            EvidenceSource::LicenseFile => {
                // The LGPL 3 is written as additions to the GPL 3, whose text goes with it.
                let is_base = contained.contains("LGPL-3.0") && named.contains("GPL-3.0");
                // A file of several texts is a collection, of which one may not have been recognised.
                let is_collection = named.len() > 1;
                files_agree |= overlaps || is_base || is_collection;
                files.push(index);
            }
            EvidenceSource::LicenseExpression | EvidenceSource::Classifier | EvidenceSource::LicenseField => {
                let agrees = if is_sure { named.is_subset(&contained) } else { overlaps };
                if !agrees {
                    conflicts.push(index);
                }
            }
        }
    }
    if !files_agree {
        conflicts.extend(files);
        conflicts.arrange();
    }
    conflicts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::license::{classifier, free_text, parse};
    use crate::model::EvidenceStrength;

    fn piece(source: EvidenceSource, reading: LicenseReading) -> LicenseEvidence {
        let (strength, value) = (EvidenceStrength::Fair, String::new());
        LicenseEvidence { source, strength, value, reading, span: None, score: None, about: None }
    }

    /// One piece: `expression: MIT`, `file: MIT`, `classifier: BSD License`, `field: BSD`, `recipe: MIT`.
    fn evidence(pieces: &[&str]) -> Vec<LicenseEvidence> {
        let one = |text: &&str| {
            let (source, value) = text.split_once(": ").unwrap();
            let expression = || parse(value).map_or_else(LicenseReading::Invalid, LicenseReading::License);
            match source {
                "policy" => piece(EvidenceSource::Clarification, expression()),
                "expression" => piece(EvidenceSource::LicenseExpression, expression()),
                "file" => piece(EvidenceSource::LicenseFile, free_text::read(value)),
                "classifier" => {
                    let all: Vec<String> =
                        value.split(" + ").map(|name| format!("License :: OSI Approved :: {name}")).collect();
                    let all: Vec<&str> = all.iter().map(String::as_str).collect();
                    piece(EvidenceSource::Classifier, classifier::read(&all).unwrap())
                }
                "field" => piece(EvidenceSource::LicenseField, free_text::read(value)),
                "recipe" => piece(EvidenceSource::Recipe, free_text::read(value)),
                other => panic!("{other}"),
            }
        };
        pieces.iter().map(one).collect()
    }

    /// What is concluded, the index that decided, those in conflict.
    fn concluded(pieces: &[&str]) -> String {
        let found = conclude(&evidence(pieces));
        let what = match &found.expression {
            Some(expression) => {
                assert_eq!(found.candidates, []);
                expression.to_string()
            }
            None => found.candidates.iter().fold("?".to_owned(), |all, one| format!("{all} {one};")),
        };
        let by = found.decided_by.map_or("-".to_owned(), |at| at.to_string());
        format!("{what} by {by} against {:?}", found.conflicts)
    }

    #[test]
    fn the_best_definite_reading_decides() {
        assert_eq!(concluded(&[]), "? by - against []");
        assert_eq!(concluded(&["field: see LICENSE"]), "? by - against []");
        assert_eq!(
            concluded(&["expression: MIT", "file: MIT", "classifier: MIT License"]),
            "MIT by 0 against []"
        );
        assert_eq!(concluded(&["field: see LICENSE", "recipe: MIT"]), "MIT by 1 against []");
        assert_eq!(
            concluded(&["expression: MTI", "field: MIT"]),
            "MIT by 1 against []",
            "invalid decides nothing"
        );
        assert_eq!(concluded(&["policy: ISC", "expression: MIT", "file: MIT"]), "ISC by 0 against []");
    }

    #[test]
    fn weaker_evidence_settles_what_is_open() {
        assert_eq!(
            concluded(&["classifier: BSD License", "field: BSD-3-Clause"]),
            "BSD-3-Clause by 1 against []"
        );
        assert_eq!(
            concluded(&["classifier: BSD License", "recipe: BSD-3-Clause"]),
            "? 0BSD; BSD-2-Clause; BSD-3-Clause; BSD-4-Clause; by 0 against []",
            "a recipe is about another version"
        );
        assert_eq!(
            concluded(&["classifier: MIT License + Apache Software License", "field: MIT OR Apache-2.0"]),
            "MIT OR Apache-2.0 by 1 against []"
        );
        assert_eq!(
            concluded(&["file: GPLv3", "classifier: GNU General Public License v3 or later (GPLv3+)"]),
            "GPL-3.0-or-later by 1 against []"
        );
        assert_eq!(
            concluded(&["classifier: Apache Software License", "field: Apache", "file: Apache-2.0"]),
            "Apache-2.0 by 2 against []"
        );
    }

    #[test]
    fn what_stays_open_keeps_its_candidates() {
        assert_eq!(
            concluded(&["classifier: BSD License", "field: BSD-style"]),
            "? 0BSD; BSD-2-Clause; BSD-3-Clause; BSD-4-Clause; by 0 against []"
        );
        assert_eq!(
            concluded(&["classifier: BSD License", "field: MIT, BSD-3-Clause"]),
            "? 0BSD; BSD-2-Clause; BSD-3-Clause; BSD-4-Clause; by 0 against []",
            "several may apply"
        );
        assert_eq!(
            concluded(&["classifier: BSD License", "field: BSD-2-Clause, BSD-3-Clause"]),
            "? BSD-2-Clause; BSD-3-Clause; by 0 against []",
            "narrowed, and not decided"
        );
        assert_eq!(
            concluded(&["classifier: BSD License", "recipe: CC-BY-SA-4.0, BSD-3-Clause"]),
            "? 0BSD; BSD-2-Clause; BSD-3-Clause; BSD-4-Clause; by 0 against []",
            "recipes that do not agree leave no fewer"
        );
        assert_eq!(
            concluded(&["classifier: Apache Software License", "recipe: MIT"]),
            "? Apache-1.0; Apache-1.1; Apache-2.0; by 0 against []"
        );
        assert_eq!(
            concluded(&["classifier: Apache Software License", "field: MIT"]),
            "? Apache-1.0; Apache-1.1; Apache-2.0; by 0 against [1]"
        );
    }

    #[test]
    fn collections_of_texts_contradict_nothing() {
        assert_eq!(
            concluded(&["expression: MIT-CMU", "file: Apache-2.0, BSD-3-Clause"]),
            "MIT-CMU by 0 against []"
        );
        assert_eq!(concluded(&["expression: PSF-2.0", "file: Python-2.0.1"]), "PSF-2.0 by 0 against []");
    }

    #[test]
    fn several_license_files_are_one_voice() {
        assert_eq!(concluded(&["file: MIT", "file: MIT"]), "MIT by 0 against []");
        assert_eq!(concluded(&["file: MIT", "file: Apache-2.0"]), "? Apache-2.0; MIT; by 0 against []");
        assert_eq!(
            concluded(&["file: MIT", "file: Apache-2.0", "classifier: MIT License"]),
            "MIT by 2 against []"
        );
        assert_eq!(
            concluded(&["expression: MIT", "file: Apache-2.0", "file: MIT", "file: ISC"]),
            "MIT by 0 against []",
            "of bundled parts"
        );
        assert_eq!(
            concluded(&["expression: MIT", "file: Apache-2.0", "file: ISC"]),
            "MIT by 0 against [1, 2]"
        );
    }

    #[test]
    fn contradictions_are_found() {
        assert_eq!(
            concluded(&["expression: MIT", "classifier: Apache Software License"]),
            "MIT by 0 against [1]"
        );
        assert_eq!(concluded(&["expression: MIT", "file: GPLv3"]), "MIT by 0 against [1]");
        assert_eq!(concluded(&["expression: MIT", "field: MIT AND ISC"]), "MIT by 0 against [1]");
        assert_eq!(concluded(&["expression: MIT", "recipe: ISC"]), "MIT by 0 against []");
        assert_eq!(
            concluded(&["file: MIT", "classifier: ISC License (ISCL)", "field: ISC"]),
            "MIT by 0 against [1, 2]"
        );
        for fine in [
            "file: GPLv3",
            "classifier: GNU General Public License v3 (GPLv3)",
            "classifier: GNU General Public License (GPL)",
            "field: GPL",
        ] {
            assert_eq!(
                concluded(&["expression: GPL-3.0-or-later", fine]),
                "GPL-3.0-or-later by 0 against []"
            );
        }
        assert_eq!(concluded(&["expression: LGPL-3.0-only", "file: GPLv3"]), "LGPL-3.0-only by 0 against []");
        assert_eq!(
            concluded(&["expression: GPL-2.0-only WITH Classpath-exception-2.0", "file: GPLv2"]),
            "GPL-2.0-only WITH Classpath-exception-2.0 by 0 against []"
        );
    }
}
