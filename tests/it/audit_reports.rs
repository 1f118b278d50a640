//! The report of an audit in all its formats, from one sample with a bit of everything.
//!
//! The documents are written to `target/tmp/reports` as well, where `.ci/reports.py` holds them to the standards that
//! they claim to follow.

use std::fs;
use std::path::{Path, PathBuf};

use depaudit::model::{Report, SourceMap};
use depaudit::report::Style;
use depaudit::report::audit::{FORMATS, find};
use depaudit::report::sanitize::is_unsafe;

use super::license_sample::SECRETS;
use super::report_sample::{benign, sample};

pub(crate) const STYLE: Style = Style { width: 80, color: false, detail: 1 };

pub(crate) fn render_with(format: &str, report: &Report, sources: &SourceMap) -> String {
    let mut out = Vec::new();
    (find(format).unwrap().render)(report, sources, STYLE, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A folder for what the validators read.
pub(crate) fn documents() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports");
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_table_of_formats_is_sorted() {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    assert!(names.is_sorted(), "{names:?}");
}

/// Writes every document, for the validators, and holds all of them to what every output owes.
#[test]
fn every_format_is_safe_and_the_same_again() {
    for format in FORMATS {
        for (name, (report, sources)) in [("sample", sample()), ("benign", benign())] {
            let text = render_with(format.name, &report, &sources);
            fs::write(documents().join(format!("{name}.{}", format.name)), &text).unwrap();
            assert_eq!(text, render_with(format.name, &report, &sources), "{}", format.name);
            assert!(text.ends_with('\n'), "{}", format.name);
            for secret in SECRETS {
                assert!(!text.contains(secret), "{} of {}", secret, format.name);
            }
            let unsafe_one = text.chars().find(|one| !matches!(one, '\n' | '\r') && is_unsafe(*one));
            assert_eq!(unsafe_one, None, "{}", format.name);
            assert!(format.name == "csv" || !text.contains('\r'), "{}", format.name);
            if format.name != "github" {
                assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{}", format.name);
            }
        }
    }
}

/// What is out of the ordinary: nothing found, nothing read, no packages known.
#[test]
fn every_format_of_a_report_with_nothing_in_it() {
    let (mut report, sources) = benign();
    report.findings.clear();
    report.ignored.clear();
    report.skipped.clear();
    report.notes.clear();
    report.inputs.clear();
    report.projects.clear();
    (report.project, report.change, report.selection) = (None, None, None);
    report.licenses = report.licenses.map(|mut licenses| {
        licenses.rows.clear();
        licenses
    });
    report.summary = depaudit::model::Summary::default();
    report.verdict = depaudit::model::Verdict::Clean;
    for format in FORMATS {
        let text = render_with(format.name, &report, &sources);
        assert!(!text.is_empty(), "{}", format.name);
        fs::write(documents().join(format!("empty.{}", format.name)), &text).unwrap();
    }
}
