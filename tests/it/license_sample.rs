//! One license report with a bit of everything, for the tests of all its formats.

use depaudit::model::{
    EvidenceSource, EvidenceStrength, ExpressionError, LicenseConclusion, LicenseDecision, LicenseEvidence,
    LicenseExpression, LicenseFileText, LicenseReading, LicenseReport, LicenseRow, LicenseSummary,
    PackageHash, PackageName, PackageSource, Skipped, SourceFile, SourceKind, SourceMap, Sources, Span,
    SubjectKind, Verdict, Version,
};

/// What must never come out of any format.
pub(crate) const SECRETS: [&str; 2] = ["hunter2", "glpat-abcdefghijklmnop"];

/// Text that tries everything at once.
pub(crate) const HOSTILE: &str = "=cmd|' /C calc'!A0 \u{1b}[31m\u{202e}rtl\u{202c}\r\n::error::boo | `code` <script>\
    document.title='run'</script><img src=x onerror=\"document.title='run'\"> &amp; \"q\" @team #1 \0 \u{fffe} \u{85} \
    https://user:hunter2@evil.example/ [x](javascript:alert(1)) ]]> --> %0A";

/// An expression, as our reader reads it.
pub(crate) fn license(text: &str) -> LicenseExpression {
    depaudit::license::parse(text).unwrap()
}

fn evidence(source: EvidenceSource, value: &str, reading: LicenseReading) -> LicenseEvidence {
    let strength = match source {
        EvidenceSource::Clarification => EvidenceStrength::Certain,
        EvidenceSource::LicenseExpression | EvidenceSource::LicenseFile => EvidenceStrength::Strong,
        EvidenceSource::Classifier => EvidenceStrength::Fair,
        EvidenceSource::LicenseField => EvidenceStrength::Weak,
        EvidenceSource::Recipe => EvidenceStrength::Fallback,
    };
    LicenseEvidence {
        source,
        strength,
        value: value.to_owned(),
        reading,
        span: None,
        score: None,
        about: None,
    }
}

/// A package with a `License-Expression`, asked for directly, from the public index.
pub(crate) fn row(name: &str, version: &str, expression: LicenseExpression) -> LicenseRow {
    let text = expression.to_string();
    let reading = LicenseReading::License(expression.clone());
    LicenseRow {
        name: PackageName::new(name),
        version: Some(Version::new(version)),
        specifier: String::new(),
        kind: SubjectKind::Dependency,
        source: PackageSource::default(),
        hashes: Vec::new(),
        groups: vec!["main".to_owned()],
        paths: vec![vec![name.to_owned()]],
        dependencies: Vec::new(),
        places: vec![("poetry.lock".to_owned(), 10)],
        evidence: vec![evidence(EvidenceSource::LicenseExpression, &text, reading)],
        conclusion: LicenseConclusion {
            expression: Some(expression),
            decided_by: Some(0),
            ..Default::default()
        },
        decision: LicenseDecision::Allowed,
        rule: None,
        reason: "allowed by \"MIT\" in audit.toml:2".to_owned(),
        author: None,
        homepage: None,
        texts: Vec::new(),
        copyrights: Vec::new(),
    }
}

fn hash(algorithm: &str, digits: usize, digit: char) -> PackageHash {
    PackageHash { algorithm: algorithm.to_owned(), digest: digit.to_string().repeat(digits) }
}

fn text(name: &str, text: &str) -> LicenseFileText {
    LicenseFileText { name: name.to_owned(), text: text.to_owned() }
}

const MIT: &str = "MIT License\n\nCopyright (c) 2020 Ada\n\nPermission is hereby granted, free of charge, to any\n\
                   person obtaining a copy of this software.\n";

/// A row, and the names of what it depends on, which are resolved when all rows are there.
type Linked = (LicenseRow, Vec<&'static str>);

fn rows(span: Span) -> Vec<Linked> {
    let mut rows = ordinary(span);
    rows.extend(judged());
    rows.extend(odd());
    rows
}

/// The project and a member of its workspace, and packages about which there is nothing to say.
fn ordinary(span: Span) -> Vec<Linked> {
    let mut rows = Vec::new();
    let mut shop = row("shop", "1.0.0", license("MIT"));
    shop.kind = SubjectKind::FirstParty;
    shop.decision = LicenseDecision::Undecided;
    (shop.evidence, shop.conclusion, shop.reason) = (Vec::new(), LicenseConclusion::default(), String::new());
    shop.source.kind = SourceKind::Virtual;
    let mut member = shop.clone();
    member.name = PackageName::new("shop-cart");
    member.version = None;
    rows.push((shop, vec!["attrs", "cart-git", "shop-cart", "tests-only", "zz-hostile"]));
    rows.push((member, vec!["left", "attrs"]));

    let mut attrs = row("attrs", "25.3.0", license("MIT"));
    attrs.evidence[0].span = Some(span);
    attrs.hashes = vec![hash("sha256", 64, 'a'), hash("sha256", 64, 'b'), hash("md5", 32, 'c')];
    attrs.homepage = Some("https://attrs.example.org/".to_owned());
    attrs.author = Some("Ada".to_owned());
    attrs.texts = vec![text("licenses/LICENSE", MIT)];
    attrs.copyrights = vec!["Copyright (c) 2020 Ada".to_owned()];
    rows.push((attrs, vec![]));

    // A cycle, and a text that is the same as another one.
    let mut left = row("left", "1.0", license("MIT OR Apache-2.0"));
    left.paths = vec![vec!["shop-cart".to_owned(), "left".to_owned()]];
    left.texts = vec![text("LICENSE.txt", MIT), text("NOTICE", "left: a notice\n")];
    rows.push((left, vec!["right"]));
    let terms = "GPL-2.0-only WITH Classpath-exception-2.0 AND (MIT OR BSD-3-Clause) AND Apache-1.1+";
    let mut right = row("right", "2.0+cpu", license(terms));
    right.paths = vec![vec!["left".to_owned(), "right".to_owned()]];
    rows.push((right, vec!["left"]));

    rows
}

/// What the policy has something to say about.
fn judged() -> Vec<Linked> {
    let mut rows = Vec::new();
    let mut denied = row("cart-git", "0.9", license("AGPL-3.0-or-later"));
    denied.source = PackageSource {
        kind: SourceKind::Git,
        url: Some("https://ada:hunter2@git.example.com/shop/cart.git".to_owned()),
        reference: Some("main".to_owned()),
        resolved: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
        subdirectory: Some("python".to_owned()),
    };
    denied.decision = LicenseDecision::Denied;
    denied.rule = Some("license-denied");
    denied.reason = "denied by \"AGPL-3.0-or-later\" in audit.toml:4".into();
    rows.push((denied, vec!["attrs"]));

    let mut private = row("acme-core", "3.1", license("LicenseRef-Acme"));
    private.source.url =
        Some("https://glpat-abcdefghijklmnop@index.example.com/simple?token=hunter2".to_owned());
    private.decision = LicenseDecision::Unlisted;
    private.rule = Some("license-unlisted");
    private.reason = "LicenseRef-Acme is neither allowed nor denied in audit.toml".into();
    private.texts = vec![text("LICENSE", "All of this is Acme's.\u{1b}[2J\n\n::error::not yours\n")];
    private.hashes = vec![
        hash("sha256", 64, 'd'),
        hash("blake2b", 128, 'e'),
        hash("crc32", 8, 'f'),
        hash("sha512", 3, 'x'),
    ];
    rows.push((private, vec![]));

    let mut ambiguous = row("bsdish", "4.0", license("MIT"));
    let candidates = vec![license("BSD-2-Clause"), license("BSD-3-Clause")];
    let classifier = "License :: OSI Approved :: BSD License";
    ambiguous.evidence =
        vec![evidence(EvidenceSource::Classifier, classifier, LicenseReading::Ambiguous(candidates.clone()))];
    ambiguous.conclusion =
        LicenseConclusion { candidates, decided_by: Some(0), ..LicenseConclusion::default() };
    ambiguous.decision = LicenseDecision::Ambiguous;
    ambiguous.rule = Some("license-ambiguous");
    ambiguous.reason = "\"BSD License\" is BSD-2-Clause or BSD-3-Clause".into();
    rows.push((ambiguous, vec![]));

    let mut recipe = row("old-timer", "2.0", license("BSD-3-Clause"));
    let reading = LicenseReading::License(license("BSD-3-Clause"));
    recipe.evidence = vec![evidence(EvidenceSource::Recipe, "conda-forge, nixpkgs", reading)];
    recipe.evidence[0].about = Some("1.8".to_owned());
    rows.push((recipe, vec![]));

    let mut unknown = row("mystery", "0.0.1", license("MIT"));
    unknown.version = None;
    unknown.specifier = ">=0.0.1,<2".into();
    unknown.evidence = vec![evidence(EvidenceSource::LicenseField, "see LICENSE", LicenseReading::Unknown)];
    unknown.conclusion = LicenseConclusion::default();
    unknown.decision = LicenseDecision::Unknown;
    unknown.rule = Some("license-unknown");
    unknown.reason = "nothing says what its license is".into();
    unknown.groups = vec!["extra:speed".to_owned()];
    rows.push((unknown, vec![]));

    let mut conflict = row("two-faced", "5", license("MIT"));
    let gpl = LicenseReading::License(license("GPL-3.0-only"));
    let mut file = evidence(EvidenceSource::LicenseFile, "licenses/COPYING", gpl);
    file.score = Some(0.987_65);
    let invalid = ExpressionError { range: 0..3, message: "no license of the list".to_owned(), help: None };
    let other = evidence(EvidenceSource::Classifier, "License :: Foo", LicenseReading::Invalid(invalid));
    conflict.evidence.extend([file, other]);
    conflict.conclusion.conflicts = vec![1];
    conflict.rule = Some("license-conflict");
    rows.push((conflict, vec![]));

    rows
}

/// Development only, no policy, and text that tries everything.
fn odd() -> Vec<Linked> {
    let mut rows = Vec::new();
    let mut tests = row("tests-only", "8.0", license("MIT"));
    tests.groups = vec!["dev".to_owned(), "lint".to_owned()];
    tests.source = PackageSource {
        kind: SourceKind::Url,
        url: Some("https://files.example.com/tests only-8.0.whl?sig=hunter2".to_owned()),
        ..PackageSource::default()
    };
    rows.push((tests, vec!["attrs"]));

    let mut undecided = row("zz-exception", "1", license("LGPL-2.1-or-later"));
    undecided.evidence[0].source = EvidenceSource::Clarification;
    undecided.evidence[0].strength = EvidenceStrength::Certain;
    undecided.decision = LicenseDecision::Undecided;
    undecided.reason = String::new();
    rows.push((undecided, vec!["no-such-package"]));

    let mut hostile = row(&format!("zz-hostile {HOSTILE}"), HOSTILE, license("MIT"));
    hostile.specifier = HOSTILE.into();
    hostile.groups = vec![HOSTILE.to_owned()];
    hostile.paths = vec![vec![HOSTILE.to_owned(), "zz-hostile".to_owned()]];
    hostile.places = vec![(HOSTILE.to_owned(), 1)];
    hostile.evidence[0].value = HOSTILE.into();
    hostile.evidence[0].about = Some(HOSTILE.to_owned());
    hostile.reason = HOSTILE.into();
    hostile.author = Some(HOSTILE.to_owned());
    hostile.homepage = Some(format!("javascript:alert('{HOSTILE}')"));
    hostile.texts =
        vec![text(HOSTILE, &format!("{HOSTILE}\n</pre></details><script>document.title='run'</script>\n"))];
    hostile.copyrights = vec![HOSTILE.to_owned()];
    hostile.hashes = vec![PackageHash { algorithm: HOSTILE.to_owned(), digest: HOSTILE.to_owned() }];
    hostile.source =
        PackageSource { kind: SourceKind::Git, url: Some(HOSTILE.to_owned()), ..PackageSource::default() };
    rows.push((hostile, vec![]));
    rows
}

/// The report, and the texts that its places are in.
pub(crate) fn sample() -> (LicenseReport, SourceMap) {
    let mut sources = Sources::new(0);
    let metadata = "Metadata-Version: 2.4\nName: attrs\nLicense-Expression: MIT\n";
    let file =
        sources.add(SourceFile::new("site-packages/attrs-25.3.0.dist-info/METADATA", metadata.to_owned()));
    let start = metadata.find("MIT").unwrap();
    let mut rows = rows(Span::new(file, start..start + 3));
    rows.sort_by(|(left, _), (right, _)| left.name.cmp(&right.name));
    let names: Vec<_> = rows.iter().map(|(row, _)| row.name.clone()).collect();
    let index = |wanted: &str| names.iter().position(|name| name.as_str().split(' ').next() == Some(wanted));
    let finished = |(mut row, wanted): (LicenseRow, Vec<&str>)| {
        row.dependencies = wanted.into_iter().filter_map(index).collect();
        row.dependencies.sort_unstable();
        row
    };
    let report = report(rows.into_iter().map(finished).collect());
    (report, SourceMap::new(vec![sources]))
}

/// A report with these rows, and the counts that follow from them.
pub(crate) fn report(rows: Vec<LicenseRow>) -> LicenseReport {
    let judged = || rows.iter().filter(|row| row.kind == SubjectKind::Dependency);
    let is_fallback = |row: &&LicenseRow| {
        !row.evidence.is_empty()
            && row.evidence.iter().all(|evidence| evidence.source == EvidenceSource::Recipe)
    };
    let deny = judged().filter(|row| row.decision == LicenseDecision::Denied).count();
    let summary = LicenseSummary {
        packages: judged().count(),
        with_expression: judged().filter(|row| row.conclusion.expression.is_some()).count(),
        fallback: judged().filter(is_fallback).count(),
        deny,
        warn: judged().filter(|row| row.rule.is_some()).count() - deny,
        skipped: 1,
    };
    let mut accepted = Skipped::file("docs/requirements.txt", "-r ../x.txt", "outside the root");
    accepted.accepted = Some("built elsewhere".to_owned());
    LicenseReport {
        project: Some("shop".to_owned()),
        root_name: "shop".to_owned(),
        verdict: Verdict::of(deny, 1),
        has_policy: true,
        today: "2026-11-21".to_owned(),
        summary,
        rows,
        skipped: vec![
            accepted,
            Skipped::file("requirements.txt", HOSTILE, "a URL without a name; write NAME @ URL"),
        ],
        notes: Vec::new(),
    }
}
