//! Known exploitation and its probability: what a report shows, what fails, in which order.

use std::path::Path;
use std::sync::OnceLock;

use super::common::{Ran, audit, folder, test_database, top};

/// A database of our own advisories with our own catalogue and scores.
pub(crate) fn risk_database() -> &'static str {
    static FILE: OnceLock<String> = OnceLock::new();
    FILE.get_or_init(|| {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("risk.store");
        let file = file.to_str().unwrap().to_owned();
        let imported = audit(
            top(),
            &[
                "db",
                "import",
                "fixtures/advisories",
                "fixtures/risk/known_exploited_vulnerabilities.json",
                "fixtures/risk/epss_scores-2026-11-10.csv",
                "--db",
                &file,
            ],
        );
        assert_eq!(imported.code, 0, "{}", imported.err);
        assert!(
            imported.out.contains("epss: 3 entries of 2026-11-10")
                && imported.out.contains("kev: 1 entry of 2026-11-01"),
            "{}",
            imported.out
        );
        file
    })
}

/// `shoplib` 1.4.1 has a critical flaw, and a low one that is known to be exploited; 1.4.2 has the low one alone.
fn with(requirement: &str, policy: &str, arguments: &[&str]) -> Ran {
    let folder = folder(&[("requirements.txt", requirement), ("audit.toml", policy)]);
    let mut all = vec!["--db", risk_database()];
    all.extend(arguments);
    audit(folder.path(), &all)
}

#[test]
fn a_person_sees_it() {
    let both = with("shoplib==1.4.1\n", "", &[]);
    insta::assert_snapshot!(both.out);
    let one = with("shoplib==1.4.2\n", "", &[]);
    assert!(
        one.out.contains(
            "risk: known exploited since 2026-10-15, also for ransomware, EPSS 94 % (higher than 99 % of all)"
        ),
        "{}",
        one.out
    );
}

#[test]
fn a_program_sees_it() {
    let report = with("shoplib==1.4.1\ninvoicer==2.5\n", "", &["--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap();
    let of_shoplib: Vec<_> =
        findings.iter().filter(|finding| finding["package"]["name"] == "shoplib").collect();
    assert_eq!(
        of_shoplib[0]["advisory"]["id"], "PYSEC-0000-2",
        "the exploited one first, although it is low"
    );
    assert_eq!(
        of_shoplib[0]["advisory"]["kev"],
        serde_json::json!({"date_added": "2026-10-15", "due_date": "2026-11-05", "ransomware": true})
    );
    assert_eq!(
        of_shoplib[0]["advisory"]["epss"],
        serde_json::json!({"probability": 0.94237, "percentile": 0.99871, "date": "2026-11-10"})
    );
    assert_eq!(of_shoplib[1]["advisory"]["kev"], serde_json::Value::Null);
    assert_eq!(of_shoplib[1]["advisory"]["epss"]["probability"], 0.00043);
    let invoicer = findings.iter().find(|finding| finding["package"]["name"] == "invoicer").unwrap();
    assert_eq!(
        (&invoicer["advisory"]["kev"], &invoicer["advisory"]["epss"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
}

#[test]
fn what_is_exploited_fails_below_the_threshold() {
    let low = "shoplib==1.4.2\n";
    let code = |policy: &str, arguments: &[&str]| with(low, policy, arguments).code;
    assert_eq!(code("fail-on = \"critical\"\n", &[]), 1);
    assert_eq!(code("fail-on = \"critical\"\n[vulnerabilities]\nfail-on-kev = false\n", &[]), 0);
    assert_eq!(code("", &["--fail-on", "high"]), 1);
    assert_eq!(code("", &["--fail-on", "never"]), 0);
    assert_eq!(code("fail-on = \"never\"\n", &[]), 0, "never is never");
    assert_eq!(
        code("fail-on = \"never\"\n[vulnerabilities]\nfail-on-kev = true\n", &[]),
        1,
        "unless told otherwise"
    );
    assert_eq!(
        code("[vulnerabilities]\nfail-on-kev = true\n", &["--fail-on", "never"]),
        0,
        "the command line decides"
    );
    assert_eq!(code("[rules]\nknown-vulnerability = \"warn\"\n", &[]), 0, "a level is a level");
    let folder = folder(&[("requirements.txt", low), ("audit.toml", "fail-on = \"critical\"\n")]);
    assert_eq!(
        audit(folder.path(), &["--db", test_database()]).code,
        0,
        "without the catalogue nothing is known"
    );
}

#[test]
fn only_what_can_be_fixed() {
    let fixable = "[vulnerabilities]\nfail-on-fixable = true\n";
    assert_eq!(with("shoplib==1.4.1\n", fixable, &[]).code, 1);
    assert_eq!(with("invoicer==2.5\n", "", &[]).code, 1);
    let unfixed = with("invoicer==2.5\n", fixable, &[]);
    assert_eq!(unfixed.code, 0);
    assert!(unfixed.out.contains("warning") && unfixed.out.contains("invoicer"), "{}", unfixed.out);
    assert_eq!(with("parcelbox==2.3.1\n", fixable, &[]).code, 1, "malware denies all the same");
    assert_eq!(with("shoplib==1.4.1\n", "[vulnerabilities]\nfail-on-fixable = 1\n", &[]).code, 2);
    assert_eq!(with("shoplib==1.4.1\n", "[vulnerabilities]\nfail-on-kew = true\n", &[]).code, 2);
}

/// Each kind of data has an age of its own.
#[test]
fn old_scores_are_told() {
    let ran = with("shoplib==1.5.0\n", "", &["--max-db-age", "15d"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("kev is of 2026-11-01") && !ran.out.contains("epss is of"), "{}", ran.out);
}
