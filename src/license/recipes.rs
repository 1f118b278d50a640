//! What recipes of distributions say about licenses: for releases of which nothing else is known.
//!
//! They are about the version that the distributions package, and now and then wrong: a fallback. See
//! `advisory-db/README.md` for their sources.

use crate::model::Arrange as _;
use std::cmp::Ordering;

use super::embedded::Embedded;
use super::expression::parse_quietly;
use crate::model::{
    EvidenceSource, EvidenceStrength, LicenseEvidence, LicenseExpression, LicenseReading, PackageName,
};

/// Each line: name, expressions with `|` between them, newest version or nothing, `agreeing/all`. Sorted by the bytes of
/// the line.
static RECIPES: Embedded = Embedded::new(include_bytes!(concat!(env!("OUT_DIR"), "/licenses.deflated")));

/// What recipes say about a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// The terms. Several when no more than half of the recipes agree: all that they give, sorted.
    pub expressions: Vec<LicenseExpression>,
    /// The newest version that one of those recipes was about.
    pub version: Option<&'static str>,
    /// How many recipes give these terms.
    pub agreeing: usize,
    /// How many recipes there are.
    pub recipes: usize,
}

/// What recipes say about a project; `None` when there is none.
pub fn find(name: &PackageName) -> Option<Recipe> {
    let (expressions, version, counts) = line_of(RECIPES.text(), name.as_str())?;
    let (agreeing, recipes) = counts.split_once('/')?;
    let mut expressions: Vec<LicenseExpression> = expressions.split('|').filter_map(parse_quietly).collect();
    expressions.arrange();
    if expressions.is_empty() {
        return None;
    }
    let version = Some(version).filter(|version| !version.is_empty());
    Some(Recipe { expressions, version, agreeing: agreeing.parse().ok()?, recipes: recipes.parse().ok()? })
}

/// The fields after the name.
fn line_of<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        let start = text.as_bytes().get(low..middle)?.iter().rposition(|byte| *byte == b'\n');
        let start = start.map_or(low, |at| low + at + 1);
        let line = text.get(start..)?.lines().next()?;
        let (found, rest) = line.split_once('\t').unwrap_or((line, ""));
        match found.cmp(name) {
            Ordering::Less => low = start + line.len() + 1,
            Ordering::Greater => high = start,
            Ordering::Equal => {
                let (expressions, rest) = rest.split_once('\t')?;
                let (version, counts) = rest.split_once('\t')?;
                return Some((expressions, version, counts));
            }
        }
    }
    None
}

impl Recipe {
    /// As a piece of evidence: a fallback.
    pub fn evidence(&self) -> LicenseEvidence {
        let value = match (&self.expressions[..], self.agreeing, self.recipes) {
            ([_], 1, 1) => "1 distribution recipe".to_owned(),
            ([_], agreeing, all) if agreeing == all => format!("{all} distribution recipes"),
            ([_], agreeing, all) => format!("{agreeing} of {all} distribution recipes"),
            (_, _, all) => format!("{all} distribution recipes, which do not agree"),
        };
        let reading = match &self.expressions[..] {
            [one] => LicenseReading::License(one.clone()),
            several => LicenseReading::Ambiguous(several.to_vec()),
        };
        LicenseEvidence {
            source: EvidenceSource::Recipe,
            strength: EvidenceStrength::Fallback,
            value,
            reading,
            span: None,
            score: None,
            about: self.version.map(ToOwned::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_every_other_name_is_not() {
        let text = RECIPES.text();
        let mut count = 0;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let recipe = find(&PackageName::new(fields[0])).unwrap_or_else(|| panic!("{line}"));
            let written: Vec<String> = recipe.expressions.iter().map(ToString::to_string).collect();
            let mut expected: Vec<&str> = fields[1].split('|').collect();
            expected.sort_unstable();
            let mut sorted = written.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, expected, "{line}: printed as it is written");
            assert!(recipe.agreeing <= recipe.recipes && recipe.agreeing > 0, "{line}");
            count += 1;
        }
        assert!(count > 3500, "{count}");
        for name in ["", "0", "zzzz", "requests-", "reques", "#"] {
            assert_eq!(find(&PackageName::new(name)), None, "{name}");
        }
    }

    #[test]
    fn a_recipe_is_a_fallback_that_says_how_many_agree() {
        let evidence = find(&PackageName::new("Requests")).unwrap().evidence();
        assert_eq!(evidence.strength, EvidenceStrength::Fallback);
        assert_eq!(evidence.reading, LicenseReading::License(parse_quietly("Apache-2.0").unwrap()));
        assert!(evidence.value.ends_with(" distribution recipes") && evidence.about.is_some());
        let open = find(&PackageName::new("async-generator")).unwrap().evidence();
        assert_eq!(open.value, "4 distribution recipes, which do not agree");
        assert!(matches!(open.reading, LicenseReading::Ambiguous(all) if all.len() == 3));
        let most = find(&PackageName::new("aiohttp")).unwrap().evidence();
        assert_eq!(most.value, "5 of 6 distribution recipes");
    }
}
