//! One audit with a bit of everything, for the tests of all its formats: `sample` also with hostile text, `benign`
//! without, for documents that people read in snapshots.

mod findings;
mod texts;

use depaudit::model::{
    AdvisorySource, Change, DatabaseInfo, Ended, Finding, InputSummary, Level, LicenseDecision,
    LicenseReport, LicenseRow, Location, Note, PackageChange, PackageName, PackageStep, ProjectSummary,
    Report, Selected, Selection, Skipped, SourceMap, SubjectKind, Summary, Verdict, Version,
};
use depaudit::rules;

use self::findings::{hostile, ignored, of_advisories, of_other_rules, texts};
use self::texts::Texts;
use super::license_sample::{self, HOSTILE, license, row};

fn rows(with_hostile: bool) -> LicenseReport {
    let rows: [(&str, &str, &str, &[usize]); 6] = [
        ("acme-core", "3.1", "AGPL-3.0-or-later", &[]),
        ("basket", "1.2.0", "BSD-3-Clause", &[2, 4]),
        ("parcelbox", "2.4", "MIT OR Apache-2.0", &[]),
        ("reqeusts", "2.32.3", "Apache-2.0", &[]),
        ("shoplib", "1.4.1", "MIT", &[]),
        ("shop", "1.0.0", "MIT", &[1, 2, 3, 4]),
    ];
    let make = |(name, version, terms, dependencies): (&str, &str, &str, &[usize])| -> LicenseRow {
        let mut row = row(name, version, license(terms));
        row.dependencies = dependencies.to_vec();
        row.kind = if name == "shop" { SubjectKind::FirstParty } else { SubjectKind::Dependency };
        if name == "acme-core" {
            row.places = vec![("services/pay desk/requirements.txt".to_owned(), 4)];
            (row.decision, row.rule) = (LicenseDecision::Denied, Some("license-denied"));
        }
        if name == "shoplib" {
            row.places.push(("services/pay desk/requirements.txt".to_owned(), 2));
            row.paths = vec![texts(&["shoplib"]), texts(&["basket", "shoplib"])];
        }
        row
    };
    let mut rows: Vec<_> = rows.map(make).into();
    if with_hostile {
        let mut other = row(&format!("zz {HOSTILE}"), HOSTILE, license("MIT"));
        other.places = vec![(format!("{HOSTILE}/requirements.txt"), 1)];
        (other.groups, other.homepage) = (texts(&[HOSTILE]), Some(HOSTILE.to_owned()));
        rows.push(other);
    }
    let mut report = license_sample::report(rows);
    report.skipped.clear();
    report
}

fn skipped(texts_: &Texts, with_hostile: bool) -> Vec<Skipped> {
    let place = texts_.place("pyproject.toml", "cart = {git");
    let mut accepted = Skipped::at("pyproject.toml", place, "cart", "a git checkout without a version");
    accepted.accepted = Some("ours, and reviewed".to_owned());
    accepted.package = Some(PackageName::new("cart"));
    let include =
        Skipped::file("services/pay desk/requirements.txt", "-r ../../../base.txt", "outside the root");
    let mut all = vec![accepted, include];
    if with_hostile {
        let path = format!("{HOSTILE}/requirements.txt");
        all.push(Skipped::at(&path, texts_.place(&path, "last"), HOSTILE, HOSTILE));
    }
    all
}

fn change(hostile: bool) -> Change {
    let versions = |version: &str| vec![Version::new(version)];
    let text = |text: &str| if hostile { HOSTILE.to_owned() } else { text.to_owned() };
    Change {
        base: text("main"),
        base_commit: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
        head: None,
        head_commit: None,
        new: 1,
        news: 4,
        known: 1,
        ended: vec![Ended {
            rule: rules::find("known-vulnerability").unwrap(),
            package: Some((PackageName::new("basket"), Some(Version::new("1.1.0")))),
            id: Some(text("PYSEC-2025-99")),
            message: text("basket 1.1.0 is affected by PYSEC-2025-99"),
            location: Location {
                path: text("poetry.lock"),
                line: 3,
                column: 12,
                end_line: 3,
                end_column: 17,
            },
        }],
        packages: vec![
            PackageChange {
                name: PackageName::new("basket"),
                step: PackageStep::Moved,
                before: versions("1.1.0"),
                after: versions("1.2.0"),
                license_before: Some("MIT".to_owned()),
                license_after: Some("BSD-3-Clause".to_owned()),
                resembles: None,
            },
            PackageChange {
                name: PackageName::new("reqeusts"),
                step: PackageStep::Added,
                before: Vec::new(),
                after: versions("2.32.3"),
                license_before: None,
                license_after: Some("Apache-2.0".to_owned()),
                resembles: Some(text("requests")),
            },
            PackageChange {
                name: PackageName::new(&text("old-timer")),
                step: PackageStep::Removed,
                before: versions(&text("0.1")),
                after: Vec::new(),
                license_before: Some(text("ISC")),
                license_after: None,
                resembles: None,
            },
        ],
    }
}

/// The report with hostile text in every place that holds text from outside, and the texts that its places are in.
pub(crate) fn sample() -> (Report, SourceMap) {
    build(true)
}

/// The same without what is hostile.
pub(crate) fn benign() -> (Report, SourceMap) {
    build(false)
}

fn build(with_hostile: bool) -> (Report, SourceMap) {
    let all = Texts::new();
    let mut findings = of_advisories(&all);
    findings.extend(of_other_rules(&all));
    let mut ignored = ignored(&all);
    let pay = "services/pay desk";
    let mut folders = vec![(String::new(), 1, 2), (pay.to_owned(), 2, 1)];
    let mut files = vec![
        ("poetry.lock".to_owned(), "poetry.lock", 4, Some(true)),
        ("pyproject.toml".to_owned(), "pyproject.toml", 5, Some(false)),
        (format!("{pay}/requirements.txt"), "requirements.txt", 4, Some(false)),
    ];
    let mut notes =
        vec![Note { path: "audit.toml".to_owned(), span: None, text: "this policy holds".to_owned() }];
    if with_hostile {
        let (more, taken) = hostile(&all);
        findings.extend(more);
        ignored.extend(taken);
        folders.push((HOSTILE.to_owned(), 3, 1));
        files.push((format!("{HOSTILE}/requirements.txt"), "requirements.txt", 2, None));
        notes.push(Note { path: HOSTILE.to_owned(), span: None, text: HOSTILE.to_owned() });
    }
    let skipped = skipped(&all, with_hostile);
    let sources = SourceMap::new(all.units);
    findings.sort_by_cached_key(|finding| (sources.location(finding.primary.span), finding.rule.id));
    let open = |unit: Option<u32>| {
        let of_unit = |skip: &&Skipped| {
            let in_unit = if skip.path.starts_with(pay) {
                2
            } else if skip.path == "pyproject.toml" {
                1
            } else {
                3
            };
            skip.accepted.is_none() && unit.is_none_or(|unit| unit == in_unit)
        };
        skipped.iter().filter(of_unit).count()
    };
    let count = |unit: Option<u32>, level: Level| {
        let of_unit = |finding: &&Finding| {
            finding.level == level && unit.is_none_or(|unit| finding.primary.span.source.unit() == unit)
        };
        findings.iter().filter(of_unit).count()
    };
    let projects = folders.into_iter().map(|(folder, unit, inputs)| ProjectSummary {
        folder,
        unit,
        inputs,
        packages: 3,
        deny: count(Some(unit), Level::Deny),
        warn: count(Some(unit), Level::Warn),
        skipped: open(Some(unit)),
    });
    let summary = Summary {
        inputs: files.len(),
        packages: 6 + usize::from(with_hostile),
        deny: count(None, Level::Deny),
        warn: count(None, Level::Warn),
        note: count(None, Level::Note),
        ignored: ignored.len(),
        accepted: 1,
        skipped: open(None),
    };
    let source = |name: &str, published: &str, records| AdvisorySource {
        name: name.to_owned(),
        published: published.to_owned(),
        records,
    };
    let inputs =
        files.into_iter().map(|(path, kind, packages, closed)| InputSummary { path, kind, packages, closed });
    let report = Report {
        project: Some(if with_hostile { HOSTILE.to_owned() } else { "shop".to_owned() }),
        root_name: "shop".to_owned(),
        today: "2026-11-21".to_owned(),
        database: DatabaseInfo {
            sources: vec![source("openssf", "2025-05-28", 4596), source("pypa", "2026-07-23", 7080)],
            sha256: "ab".repeat(32),
        },
        database_age: Some(542),
        verdict: Verdict::of(summary.deny, summary.skipped),
        allow_incomplete: false,
        selection: Some(Selected {
            selection: Selection { groups: texts(&["main"]), ..Selection::default() },
            left_out: 2,
        }),
        summary,
        projects: projects.collect(),
        inputs: inputs.collect(),
        findings,
        ignored,
        skipped,
        notes,
        packages: rows(with_hostile).rows.into_iter().map(|row| (row.name, row.version)).collect(),
        change: Some(change(with_hostile)),
        licenses: Some(rows(with_hostile)),
    };
    (report, sources)
}
