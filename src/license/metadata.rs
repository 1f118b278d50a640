//! What the metadata of a release says about its license: `METADATA` of a wheel, `PKG-INFO` of a source archive.
//!
//! Source: PyPA specification "Core metadata": `License-Expression` and `License-File` since 2.4 (PEP 639), `License` and
//! the classifiers before. Of a field that may stand there once the first counts, as Python's own reader has it.

use std::borrow::Cow;
use std::ops::Range;

use super::expression::parse_quietly;
use super::{classifier, free_text, parse};
use crate::model::{
    EvidenceSource, EvidenceStrength, LicenseEvidence, LicenseReading, SourceId, Span, headers, unfolded,
};

/// What the metadata of one release says. Every text is untrusted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeclaredLicense {
    /// `Name` as written; `None` when it is missing or empty.
    pub name: Option<String>,
    /// `Version` as written; `None` when it is missing or empty.
    pub version: Option<String>,
    /// What it says about the license, best first; nothing for a field that is empty or `UNKNOWN`. The value of each is
    /// the text of the file at its span, so that a range of an [`crate::model::ExpressionError`] can be added to the
    /// start of the span; of classifiers the value is all of them, the span that of the first.
    pub evidence: Vec<LicenseEvidence>,
    /// The paths of `License-File` as written, with their places.
    pub license_files: Vec<(String, Span)>,
    /// Who wrote it: `Author`, else the names (or else the addresses) of `Author-email`, else the same of maintainers.
    pub author: Option<String>,
    /// `Home-page`, else the project URL that is labelled so. Raw: mask it.
    pub homepage: Option<String>,
}

/// Values longer than this are not kept whole as the value of a piece of evidence, in bytes: some releases put a whole
/// license into the field.
const LONGEST_VALUE: usize = 64 * 1024;

/// More license files than this are not listed.
const MOST_FILES: usize = 1000;

/// Reads metadata. `text` is decoded (bytes that are no UTF-8 replaced); all spans are in it.
pub fn read(text: &str, source: SourceId) -> DeclaredLicense {
    let mut fields = Fields::default();
    let mut declared = DeclaredLicense::default();
    for (key, range) in headers(text) {
        let value = text.get(range.clone()).unwrap_or_default();
        if value.is_empty() {
            continue;
        }
        if let Some((_, slot)) = fields.once().into_iter().find(|(name, _)| key.eq_ignore_ascii_case(name)) {
            slot.get_or_insert(range);
        } else if key.eq_ignore_ascii_case("Classifier") {
            if classifier::is_about_license(value) {
                fields.classifiers.push(range);
            }
        } else if key.eq_ignore_ascii_case("License-File") {
            if declared.license_files.len() < MOST_FILES {
                let span = Span::new(source, range);
                declared.license_files.push((unfolded(value).into_owned(), span));
            }
        } else if key.eq_ignore_ascii_case("Project-URL") {
            fields.homepage_url = fields.homepage_url.or_else(|| homepage(value));
        }
    }
    let one = |range: &Option<Range<usize>>| {
        let value = unfolded(text.get(range.clone()?)?);
        (value != "UNKNOWN").then(|| value.into_owned())
    };
    declared.name = one(&fields.name);
    declared.version = one(&fields.version);
    declared.author = one(&fields.author)
        .or_else(|| names(&one(&fields.author_email)?))
        .or_else(|| one(&fields.maintainer))
        .or_else(|| names(&one(&fields.maintainer_email)?));
    declared.homepage = one(&fields.home_page).or(fields.homepage_url.take());
    declared.evidence = fields.evidence(text, source);
    declared
}

#[derive(Default)]
struct Fields {
    name: Option<Range<usize>>,
    version: Option<Range<usize>>,
    expression: Option<Range<usize>>,
    license: Option<Range<usize>>,
    author: Option<Range<usize>>,
    author_email: Option<Range<usize>>,
    maintainer: Option<Range<usize>>,
    maintainer_email: Option<Range<usize>>,
    home_page: Option<Range<usize>>,
    homepage_url: Option<String>,
    classifiers: Vec<Range<usize>>,
}

impl Fields {
    /// The fields of which the first counts.
    fn once(&mut self) -> [(&'static str, &mut Option<Range<usize>>); 9] {
        [
            ("Name", &mut self.name),
            ("Version", &mut self.version),
            ("License-Expression", &mut self.expression),
            ("License", &mut self.license),
            ("Author", &mut self.author),
            ("Author-email", &mut self.author_email),
            ("Maintainer", &mut self.maintainer),
            ("Maintainer-email", &mut self.maintainer_email),
            ("Home-page", &mut self.home_page),
        ]
    }

    fn evidence(&self, text: &str, source: SourceId) -> Vec<LicenseEvidence> {
        let piece = |from, strength, value: Cow<'_, str>, reading, range: Range<usize>| LicenseEvidence {
            source: from,
            strength,
            value: value.into_owned(),
            reading,
            span: Some(Span::new(source, range)),
            score: None,
            about: None,
        };
        let mut evidence = Vec::new();
        let value = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        if let Some(range) = &self.expression {
            let value = value(range);
            let reading = parse(value).map_or_else(LicenseReading::Invalid, LicenseReading::License);
            let strength = EvidenceStrength::Strong;
            evidence.push(piece(
                EvidenceSource::LicenseExpression,
                strength,
                start_of(value).into(),
                reading,
                range.clone(),
            ));
        }
        let classifiers: Vec<&str> = self.classifiers.iter().map(value).collect();
        if let (Some(reading), Some(first)) = (classifier::read(&classifiers), self.classifiers.first()) {
            let value = classifiers.join("; ");
            let value = start_of(&value).to_owned().into();
            evidence.push(piece(
                EvidenceSource::Classifier,
                EvidenceStrength::Fair,
                value,
                reading,
                first.clone(),
            ));
        }
        if let Some(range) = self.license.as_ref().filter(|range| value(range) != "UNKNOWN") {
            let value = value(range);
            // Text that is an expression needs no interpretation.
            let strength =
                if parse_quietly(value).is_some() { EvidenceStrength::Fair } else { EvidenceStrength::Weak };
            let reading = free_text::read(value);
            evidence.push(piece(
                EvidenceSource::LicenseField,
                strength,
                start_of(value).into(),
                reading,
                range.clone(),
            ));
        }
        evidence
    }
}

/// As much of a value as is kept.
fn start_of(value: &str) -> &str {
    let end = (0..=LONGEST_VALUE.min(value.len())).rev().find(|end| value.is_char_boundary(*end));
    value.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// The URL of `Project-URL: label, url` when the label, without case and punctuation, is that of a home page.
/// Source: PyPA specification "Well-known project URLs".
fn homepage(value: &str) -> Option<String> {
    let (label, url) = value.split_once(',')?;
    let letters = label.chars().filter(char::is_ascii_alphanumeric);
    let label: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    (label == "homepage").then(|| unfolded(url.trim()).into_owned())
}

/// `Jane Doe <jane@example.com>, joe@example.com` as `Jane Doe`; the addresses when there are no names.
fn names(addresses: &str) -> Option<String> {
    let mut names = Vec::new();
    let mut rest = addresses;
    while let Some((before, after)) = rest.split_once('<') {
        let name = before.trim_matches(|character: char| {
            character.is_whitespace() || matches!(character, ',' | ';' | '"')
        });
        // An address without a name may stand before this one.
        let name = name.rsplit(',').find(|part| !part.contains('@')).unwrap_or_default().trim();
        if !name.is_empty() {
            names.push(name);
        }
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    if names.is_empty() {
        let text = addresses.trim();
        return (!text.is_empty()).then(|| text.to_owned());
    }
    Some(names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceFile, SourceMap, Sources};

    fn declared(text: &str) -> (DeclaredLicense, Sources) {
        let mut sources = Sources::new(0);
        let source = sources.add(SourceFile::new("METADATA", text.to_owned()));
        (read(text, source), sources)
    }

    /// Each piece of evidence: source, the text at its span, what it says.
    fn evidence(text: &str) -> Vec<String> {
        let (declared, _) = declared(text);
        let shown = declared.evidence.iter().map(|piece| {
            let place = text.get(piece.span.unwrap().range()).unwrap();
            let reading = match &piece.reading {
                LicenseReading::License(license) => license.to_string(),
                LicenseReading::Ambiguous(candidates) => format!("{} candidates", candidates.len()),
                LicenseReading::Invalid(error) => format!("invalid at `{}`", &place[error.range.clone()]),
                LicenseReading::Unknown => "unknown".to_owned(),
            };
            format!("{} `{place}` {} {reading}", piece.source.as_str(), piece.strength.as_str())
        });
        shown.collect()
    }

    const FULL: &str = "\
Metadata-Version: 2.4
Name: Harbour.Master
Version: 1.2
Home-page: https://harbour.example.com
Author: Jane Doe
author-EMAIL: \"Joe\" <joe@example.com>
license-expression: MIT OR
        Apache 2.0
License: see LICENSE
License: BSD
Classifier: Programming Language :: Python
Classifier: License :: OSI Approved
Classifier: License :: OSI Approved :: MIT License
License-File: LICENSE
License-File: licenses/NOTICE

License: GPL-3.0-only
License-Expression: ISC
";

    #[test]
    fn fields_are_read_with_their_places() {
        let (read, sources) = declared(FULL);
        let sources = SourceMap::new(vec![sources]);
        assert_eq!((read.name.as_deref(), read.version.as_deref()), (Some("Harbour.Master"), Some("1.2")));
        assert_eq!(read.author.as_deref(), Some("Jane Doe"));
        assert_eq!(read.homepage.as_deref(), Some("https://harbour.example.com"));
        assert_eq!(
            evidence(FULL),
            [
                "license-expression `MIT OR\n        Apache 2.0` strong invalid at `Apache 2.0`",
                "classifier `License :: OSI Approved` fair MIT",
                "license-field `see LICENSE` weak unknown",
            ]
        );
        let files: Vec<_> = read.license_files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(files, ["LICENSE", "licenses/NOTICE"]);
        assert_eq!(sources.location(read.license_files[1].1).line, 15);
        let invalid = &read.evidence[0];
        let LicenseReading::Invalid(error) = &invalid.reading else { panic!("invalid") };
        let start = invalid.span.unwrap().range().start + error.range.start;
        let place =
            sources.location(Span::new(invalid.span.unwrap().source, start..start + error.range.len()));
        assert_eq!(
            (place.line, place.column, place.end_column),
            (8, 9, 19),
            "in the second line of the value"
        );
    }

    #[test]
    fn what_is_empty_or_unknown_says_nothing() {
        let (read, _) =
            declared("Name:\nVersion: UNKNOWN\nLicense: UNKNOWN\nLicense-Expression: \nAuthor: UNKNOWN\n");
        assert_eq!(read, DeclaredLicense::default());
        assert_eq!(declared("").0, DeclaredLicense::default());
        assert_eq!(declared("\u{fffd}\u{fffd}: \u{fffd}\r\n\u{0}").0, DeclaredLicense::default());
        assert_eq!(evidence("License:\nLicense: MIT\n"), ["license-field `MIT` fair MIT"]);
    }

    #[test]
    fn people_and_pages_are_found_where_newer_tools_write_them() {
        let text = "Author-email: \"Jane Doe\" <jane@example.com>, b@example.com, Joe <joe@example.com>\n\
                    Project-URL: Source, https://example.com/source\nProject-URL: Home Page, https://example.com/\n";
        let (read, _) = declared(text);
        assert_eq!(read.author.as_deref(), Some("Jane Doe, Joe"));
        assert_eq!(read.homepage.as_deref(), Some("https://example.com/"));
        assert_eq!(declared("Author-email: a@example.com\n").0.author.as_deref(), Some("a@example.com"));
        assert_eq!(declared("Maintainer: M\n").0.author.as_deref(), Some("M"));
        assert_eq!(declared("Author-email: <<<,,<\n").0.author.as_deref(), Some("<<<,,<"));
    }
}
