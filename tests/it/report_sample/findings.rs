//! What was found, and what was taken out.

use std::sync::Arc;

use depaudit::model::{
    AdvisoryEvidence, Confidence, Degree, Evidence, ExploitProbability, Finding, Ignored, KnownExploited,
    Label, Level, Matched, NameEvidence, PackageName, PackageRef, PackageSource, RangeEvidence, RangeFlaw,
    Severity, SourceKind, Status, Suppression, TermsEvidence, Version, VexStatus,
};

use super::HOSTILE;
use super::texts::Texts;

pub(super) fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn package(name: &str, version: Option<&str>) -> Arc<PackageRef> {
    Arc::new(PackageRef {
        name: PackageName::new(name),
        version: version.map(Version::new),
        groups: texts(&["main"]),
        marker: None,
        source: PackageSource::default(),
    })
}

fn advisory(id: &str, aliases: &[&str], vector: Option<(&str, f64)>) -> AdvisoryEvidence {
    AdvisoryEvidence {
        id: id.to_owned(),
        aliases: texts(aliases),
        cvss: vector.map(|(vector, _)| vector.to_owned()),
        score: vector.map(|(_, score)| score),
        matched: vec![Matched {
            record: id.to_owned(),
            introduced: Some("0".to_owned()),
            ..Matched::default()
        }],
        ..AdvisoryEvidence::default()
    }
}

/// Of a package that comes in by `basket`, with its severity by the score.
fn vulnerability(mut finding: Finding, name: &str, version: &str, evidence: AdvisoryEvidence) -> Finding {
    finding.package = Some(package(name, Some(version)));
    finding.severity = Some(evidence.score.map_or(Severity::Unknown, Severity::from_score));
    finding.paths = Arc::new(vec![texts(&[name]), texts(&["basket", name])]);
    finding.evidence = Some(Evidence::Advisory(Arc::new(evidence)));
    finding
}

/// Vectors of every version of CVSS, and none; malware; a requirement that admits affected versions.
pub(super) fn of_advisories(texts_: &Texts) -> Vec<Finding> {
    let mut all = Vec::new();
    let mut evidence = advisory(
        "PYSEC-2026-101",
        &["CVE-2026-0101", "GHSA-aaaa-bbbb-cccc"],
        Some(("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8)),
    );
    evidence.summary = Some("Shoplib runs what a basket says".to_owned());
    evidence.published = Some("2026-03-01T10:20:30.123456Z".to_owned());
    evidence.modified = Some("2026-04-02T00:00:00+02:00".to_owned());
    evidence.fixed = texts(&["1.4.2", "2.0.1"]);
    evidence.safe_version = Some("1.4.3".to_owned());
    evidence.references =
        texts(&["https://shoplib.example.org/advisories/101", "https://shoplib.example.org/fix"]);
    evidence.kev = Some(KnownExploited { added: "2026-05-01".to_owned(), due: None, ransomware: true });
    evidence.epss = Some(ExploitProbability {
        probability: 0.94,
        percentile: Some(0.99),
        published: "2026-11-10".to_owned(),
    });
    let message = "shoplib 1.4.1 is affected by PYSEC-2026-101: over the network, no login, no click";
    let finding = texts_.finding("known-vulnerability", "pyproject.toml", "^1.4", message);
    let mut first = vulnerability(finding, "shoplib", "1.4.1", evidence);
    first.help = Some("raise shoplib to 1.4.3, then run `poetry lock`".to_owned());
    first.status = Some(Status::New);
    first.related = vec![Label::new(texts_.place("poetry.lock", "1.4.1"), "locked here")];
    first.blocked_by = Arc::new(vec![(PackageName::new("basket"), "shoplib<1.4.3".to_owned())]);
    // The same flaw in a second project has the same fingerprint.
    let mut second = first.clone();
    second.primary = Label::new(texts_.place("services/pay desk/requirements.txt", "1.4.1"), "required here");
    (second.related, second.paths) = (Vec::new(), Arc::new(vec![texts(&["shoplib"])]));
    second.status = Some(Status::Known);
    second.level = Level::Note;
    all.extend([first, second]);

    let vectors = [
        ("PYSEC-2026-102", "CVE-2026-0102", Some(("AV:N/AC:L/Au:N/C:P/I:N/A:N", 5.0)), Level::Warn),
        (
            "GHSA-dddd-eeee-ffff",
            "CVE-2026-0108",
            Some(("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 8.7)),
            Level::Deny,
        ),
        (
            "CVE-2026-0109",
            "PVE-2026-1",
            Some(("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1)),
            Level::Deny,
        ),
        ("PYSEC-2026-110", "OSV-2026-1", None, Level::Deny),
    ];
    for (id, alias, vector, level) in vectors {
        let message = format!("parcelbox 2.4 is affected by {id}");
        let finding = texts_.finding("known-vulnerability", "pyproject.toml", "\"*\"", &message);
        let mut finding = vulnerability(finding, "parcelbox", "2.4", advisory(id, &[alias], vector));
        (finding.level, finding.status) = (level, Some(Status::News));
        finding.help = Some("nothing is fixed yet: replace parcelbox".to_owned());
        all.push(finding);
    }

    let message = "reqeusts 2.32.3 is malware: MAL-2026-7";
    let finding = texts_.finding("malicious-package", "pyproject.toml", "reqeusts", message);
    let mut evidence = advisory("MAL-2026-7", &[], None);
    evidence.every_version = true;
    let mut malware = vulnerability(finding, "reqeusts", "2.32.3", evidence);
    malware.severity = None;
    malware.help = Some("remove reqeusts, and treat machines that installed it as compromised".to_owned());
    all.push(malware);

    let message = "ledger >=2.0 admits versions with 2 known vulnerabilities";
    let path = "services/pay desk/requirements.txt";
    let mut range = texts_.finding("vulnerable-range", path, ">=2.0", message);
    range.package = Some(package("ledger", None));
    range.severity = Some(Severity::High);
    range.help = Some("write ledger>=2.5".to_owned());
    let flaw = |id: &str, severity| RangeFlaw {
        id: id.to_owned(),
        aliases: texts(&["CVE-2026-0111"]),
        severity,
        malicious: false,
        exploited: false,
    };
    range.evidence = Some(Evidence::Range(Box::new(RangeEvidence {
        specifier: ">=2.0".to_owned(),
        degree: Degree::Newest,
        flaws: vec![flaw("PYSEC-2026-111", Severity::High), flaw("PYSEC-2026-112", Severity::Unknown)].into(),
        floor: Some(">=2.5".to_owned()),
    })));
    all.push(range);
    all
}

/// A finding of every other family of rules, with every kind of evidence.
pub(super) fn of_other_rules(texts_: &Texts) -> Vec<Finding> {
    let pay = "services/pay desk/requirements.txt";
    let mut all = Vec::new();
    let mut add = |rule, path, words, level, message, about: Option<(&str, Option<&str>)>, evidence| {
        let mut finding = texts_.finding(rule, path, words, message);
        finding.level = level;
        finding.package = about.map(|(name, version)| package(name, version));
        finding.evidence = evidence;
        all.push(finding);
    };
    let name = NameEvidence {
        target: Some("requests".to_owned()),
        kind: "transposition",
        score: 0.97,
        reasons: texts(&["two letters swapped from requests, rank 7 of the most downloaded"]),
    };
    let message = "reqeusts may be mistaken for requests";
    let of_name = Some(Evidence::Name(Box::new(name)));
    let about = Some(("reqeusts", Some("2.32.3")));
    add("typosquat", "pyproject.toml", "reqeusts", Level::Warn, message, about, of_name);
    let terms = |expression: Option<&str>, candidates: &[&str]| {
        Some(Evidence::Terms(Box::new(TermsEvidence {
            expression: expression.map(str::to_owned),
            candidates: texts(candidates),
            learnt: Vec::new(),
        })))
    };
    let message = "acme-core 3.1 is under AGPL-3.0-or-later, which the policy denies";
    let denied = terms(Some("AGPL-3.0-or-later"), &[]);
    add("license-denied", pay, "acme-core", Level::Deny, message, Some(("acme-core", Some("3.1"))), denied);
    let message = "basket 1.2.0 is under BSD-2-Clause or BSD-3-Clause";
    let ambiguous = terms(None, &["BSD-2-Clause", "BSD-3-Clause"]);
    let about = Some(("basket", Some("1.2.0")));
    add("license-ambiguous", "poetry.lock", "1.2.0", Level::Warn, message, about, ambiguous);
    let entries = Evidence::Entries { path: pay.to_owned(), count: 3, of: 4 };
    let message = "3 of 4 requirements have no hash";
    add("missing-hash", pay, "shoplib==1.4.1", Level::Note, message, None, Some(entries));
    let address = Evidence::Address { address: "https://git.example.com/shop/cart.git".to_owned() };
    let url = "https://ada:hunter2@git.example.com/shop/cart.git";
    let message = "the URL https://ada:hunter2@git.example.com/shop/cart.git carries a password";
    add(
        "embedded-credential",
        "pyproject.toml",
        url,
        Level::Warn,
        message,
        Some(("cart", None)),
        Some(address),
    );
    let indexes =
        Evidence::Indexes { resolved: false, addresses: texts(&["https://index.example.com/simple"]) };
    let message = "acme-core is private, but a public index may answer for it";
    let about = Some(("acme-core", Some("3.1")));
    add("dependency-confusion", pay, "acme-core", Level::Deny, message, about, Some(indexes));
    let lock = Evidence::Lock { path: "poetry.lock".to_owned() };
    let message = "poetry.lock was not made from this manifest";
    add(
        "outdated-lock",
        "pyproject.toml",
        "[tool.poetry.dependencies]",
        Level::Warn,
        message,
        None,
        Some(lock),
    );
    for (line, days, message) in [
        ("openssf 2025-05-28", 542, "the advisory data is 542 days old: openssf is of 2025-05-28"),
        ("pypa 2026-07-23", 121, "the advisory data is 121 days old: pypa is of 2026-07-23"),
    ] {
        let age = Some(Evidence::Age { days, limit: 90 });
        add("stale-database", "<advisory database>", line, Level::Warn, message, None, age);
    }
    let unused = || Some(Evidence::Ignore { id: "CVE-2020-9999".to_owned() });
    let message = "nothing matches the ignore of CVE-2020-9999";
    add("unused-ignore", "audit.toml", "CVE-2020-9999", Level::Warn, message, None, unused());
    let message = "nothing matches one of the ignores";
    add("unused-ignore", "<command line>", "PYSEC-2026-105", Level::Note, message, None, unused());
    let message = "shoplib is not locked: without a lock file another version may be installed";
    add("unlocked-dependencies", pay, "ändern==1.0", Level::Note, message, None, Some(Evidence::Count(4)));
    let squat = all.first_mut().unwrap();
    squat.confidence = Some(Confidence::High);
    squat.help = Some("write requests, or trust the name in the policy".to_owned());
    all
}

/// A finding for every way of taking one out.
pub(super) fn ignored(texts_: &Texts) -> Vec<Ignored> {
    let not_affected = Suppression::Vex {
        status: VexStatus::NotAffected,
        justification: Some("vulnerable_code_not_in_execute_path".to_owned()),
    };
    let fixed = Suppression::Vex { status: VexStatus::Fixed, justification: None };
    let vex = "vex/shop.openvex.json";
    let pay = "services/pay desk/requirements.txt";
    let all = [
        (
            "103",
            "poetry.lock",
            "2.4",
            Suppression::Policy,
            "the template is ours",
            "audit.toml",
            "CVE-2026-0103",
        ),
        ("104", "poetry.lock", "2.4", Suppression::Policy, "never called", "audit.toml", "PYSEC-2026-104"),
        (
            "105",
            "poetry.lock",
            "2.4",
            Suppression::CommandLine,
            "looked at on Friday",
            "<command line>",
            "PYSEC-2026-105",
        ),
        ("106", "poetry.lock", "2.4", not_affected, "we never parse foreign parcels", vex, "CVE-2026-0106"),
        ("113", "poetry.lock", "2.4", fixed, "patched by our distribution", vex, "CVE-2026-0106"),
        (
            "107",
            pay,
            ">=2.0",
            Suppression::Inline,
            "only reads our own files",
            pay,
            "# audit: ignore[PYSEC-2026-107]",
        ),
    ];
    let make = |(number, path, words, by, reason, file, entry): (
        &str,
        &str,
        &str,
        Suppression,
        &str,
        &str,
        &str,
    )| {
        let id = format!("PYSEC-2026-{number}");
        let evidence = advisory(
            &id,
            &[&format!("CVE-2026-0{number}")],
            Some(("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4)),
        );
        let name = if path == pay { "ledger" } else { "parcelbox" };
        let finding =
            texts_.finding("known-vulnerability", path, words, &format!("{name} 2.4 is affected by {id}"));
        Ignored {
            finding: vulnerability(finding, name, "2.4", evidence),
            reason: reason.to_owned(),
            until: (number == "103").then(|| "2026-12-31".to_owned()),
            by,
            place: texts_.place(file, entry),
        }
    };
    all.map(make).into()
}

/// Findings in which every text is hostile, and what of them is taken out.
pub(super) fn hostile(texts_: &Texts) -> (Vec<Finding>, Vec<Ignored>) {
    let path = format!("{HOSTILE}/requirements.txt");
    let mut evidence = advisory(HOSTILE, &[HOSTILE, "CVE-2026-=cmd|calc"], Some((HOSTILE, 9.9)));
    evidence.summary = Some(HOSTILE.to_owned());
    (evidence.published, evidence.modified) = (Some(HOSTILE.to_owned()), Some(HOSTILE.to_owned()));
    (evidence.fixed, evidence.safe_version) = (texts(&[HOSTILE]), Some(HOSTILE.to_owned()));
    evidence.references = texts(&[
        HOSTILE,
        "javascript:alert(1)",
        "https://user:hunter2@evil.example/a b\"<script>?token=glpat-abcdefghijklmnop",
    ]);
    evidence.matched[0].version = Some(HOSTILE.to_owned());
    evidence.kev = Some(KnownExploited { added: HOSTILE.to_owned(), due: None, ransomware: false });
    let rules = ["known-vulnerability", "malicious-package", "typosquat", "license-denied", "insecure-index"];
    let mut all = Vec::new();
    for rule in rules {
        let mut finding = texts_.finding(rule, &path, "=cmd", HOSTILE);
        finding.related = vec![Label::new(texts_.place(&path, "last"), HOSTILE)];
        finding = vulnerability(finding, "x", HOSTILE, evidence.clone());
        let mut about = package(&format!("zz {HOSTILE}"), Some(HOSTILE));
        let inside = Arc::get_mut(&mut about).unwrap();
        (inside.groups, inside.marker) = (texts(&[HOSTILE]), Some(HOSTILE.to_owned()));
        inside.source = PackageSource {
            kind: SourceKind::Git,
            url: Some(HOSTILE.to_owned()),
            ..PackageSource::default()
        };
        (finding.package, finding.help) = (Some(about), Some(HOSTILE.to_owned()));
        finding.paths = Arc::new(vec![texts(&[HOSTILE, "x"])]);
        finding.blocked_by = Arc::new(vec![(PackageName::new(HOSTILE), HOSTILE.to_owned())]);
        finding.level = Level::Deny;
        finding.evidence = match rule {
            "typosquat" => Some(Evidence::Name(Box::new(NameEvidence {
                target: Some(HOSTILE.to_owned()),
                kind: "affix",
                score: 0.5,
                reasons: texts(&[HOSTILE]),
            }))),
            "license-denied" => Some(Evidence::Terms(Box::new(TermsEvidence {
                expression: Some(HOSTILE.to_owned()),
                candidates: texts(&[HOSTILE]),
                learnt: Vec::new(),
            }))),
            "insecure-index" => Some(Evidence::Address { address: HOSTILE.to_owned() }),
            _ => finding.evidence,
        };
        all.push(finding);
    }
    let vex = Suppression::Vex { status: VexStatus::NotAffected, justification: Some(HOSTILE.to_owned()) };
    let taken = |by, until: Option<&str>| Ignored {
        finding: all[0].clone(),
        reason: HOSTILE.to_owned(),
        until: until.map(str::to_owned),
        by,
        place: texts_.place(&path, "last"),
    };
    let ignored = vec![taken(vex, None), taken(Suppression::Policy, Some("2027-01-01"))];
    (all, ignored)
}
