//! OpenVEX documents: what somebody says about vulnerabilities of products.

use serde_json::{Value, json};

use super::common::{Ran, audit, folder, test_database};

const REQUIREMENTS: &str = "shoplib==1.4.1\n"; // PYSEC-0000-1 and PYSEC-0000-2

fn document(statements: &Value) -> String {
    let document = json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://example.com/vex/1",
        "author": "Security",
        "timestamp": "2026-11-01T12:00:00Z",
        "version": 1,
        "statements": statements,
    });
    serde_json::to_string_pretty(&document).unwrap()
}

fn run(vex: &[&str], arguments: &[&str]) -> Ran {
    let names: Vec<String> = (0..vex.len()).map(|number| format!("{number}.json")).collect();
    let mut files =
        vec![("requirements.txt", REQUIREMENTS), ("pyproject.toml", "[project]\nname = 'Web_Shop'\n")];
    files.extend(names.iter().map(String::as_str).zip(vex.iter().copied()));
    let folder = folder(&files);
    let mut all = vec!["--db", test_database()];
    for name in &names {
        all.extend(["--vex", name]);
    }
    all.extend(arguments);
    audit(folder.path(), &all)
}

/// How many vulnerabilities are found, how many are taken out, and what is said about the document.
fn said(statements: &Value) -> String {
    let report = run(&[&document(statements)], &["--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap();
    let of = |rule: &str| findings.iter().filter(|finding| finding["rule"] == rule).collect::<Vec<_>>();
    let words: Vec<String> = of("unused-ignore")
        .iter()
        .map(|finding| {
            format!("{}: {}", finding["level"].as_str().unwrap(), finding["message"].as_str().unwrap())
        })
        .collect();
    let ignored = report["ignored"].as_array().unwrap();
    assert!(ignored.iter().all(|ignored| ignored["by"] == "vex"));
    format!("{} {} {}", of("known-vulnerability").len(), ignored.len(), words.join("; "))
        .trim_end()
        .to_owned()
}

fn statement(id: &str, product: &str, status: &str) -> Value {
    json!({
        "vulnerability": {"name": id},
        "products": [{"@id": product}],
        "status": status,
        "justification": "vulnerable_code_not_present",
        "action_statement": "update",
    })
}

/// The same, said a day later.
fn later(mut statement: Value) -> Value {
    statement["timestamp"] = "2026-11-02T12:00:00+02:00".into();
    statement
}

#[test]
fn products_are_matched_by_their_purl() {
    let one = |product: &str| said(&json!([statement("CVE-0000-0001", product, "not_affected")]));
    for product in [
        "pkg:pypi/shoplib@1.4.1",
        "pkg:pypi/ShopLib@1.4.1.0?extension=zip#x",
        "pkg:pypi/shoplib",
        "pkg:pypi/web-shop@2.0",
        "pkg:oci/web-shop@sha256%3A00",
        "https://git.example.com/acme/Web-Shop.git",
    ] {
        assert_eq!(one(product), "1 1", "{product}");
    }
    for product in
        ["pkg:pypi/shoplib@1.4.2", "pkg:npm/shoplib", "pkg:pypi/other", "https://example.com/other"]
    {
        let words = format!(
            "warn: the statement about CVE-0000-0001 speaks about what is not in this project: {product}"
        );
        assert_eq!(one(product), format!("2 0 {words}"));
    }
    let by_identifier = json!([{
        "vulnerability": {"name": "ACME-7", "aliases": ["GHSA-0000-0000-0001"]},
        "products": [{"@id": "urn:x", "identifiers": {"purl": "pkg:pypi/shoplib@1.4.1"}}],
        "status": "fixed",
    }]);
    assert_eq!(said(&by_identifier), "1 1", "an alias, an identifier");
}

#[test]
fn subcomponents_of_this_project_and_of_no_other() {
    let with = |product: &str, part: &str| {
        let mut statement = statement("https://example.com/CVE-0000-0001", product, "not_affected");
        statement["vulnerability"] =
            json!({"@id": "https://example.com/CVE-0000-0001", "name": "basket flaw"});
        statement["products"][0]["subcomponents"] = json!([{"@id": part}]);
        said(&json!([statement]))
    };
    assert_eq!(with("pkg:pypi/web-shop", "pkg:pypi/shoplib@1.4.1"), "1 1");
    let absent = "warn: the statement about basket flaw speaks about what is not in this project: ";
    assert_eq!(
        with("pkg:pypi/web-shop", "pkg:pypi/shoplib@1.4.0"),
        format!("2 0 {absent}pkg:pypi/shoplib@1.4.0")
    );
    assert_eq!(with("pkg:pypi/other", "pkg:pypi/shoplib@1.4.1"), format!("2 0 {absent}pkg:pypi/other"));
    assert_eq!(with("pkg:pypi/shoplib", "pkg:pypi/shoplib@1.4.1"), format!("2 0 {absent}pkg:pypi/shoplib"));
}

#[test]
fn the_latest_statement_counts() {
    let of = |status: &str, product: &str| statement("CVE-0000-0001", product, status);
    let (all, one) = ("pkg:pypi/shoplib", "pkg:pypi/shoplib@1.4.1");
    let other = "pkg:pypi/shoplib@1.5.0";
    assert_eq!(said(&json!([of("not_affected", one), later(of("affected", one))])), "2 0");
    assert_eq!(said(&json!([later(of("not_affected", one)), of("affected", one)])), "1 1");
    assert_eq!(said(&json!([of("under_investigation", all), later(of("not_affected", one))])), "1 1");
    assert_eq!(said(&json!([of("not_affected", one), of("affected", all)])), "2 0", "at the same time");
    let part = "the statement about CVE-0000-0001";
    let split = said(&json!([of("not_affected", all), later(of("affected", one))]));
    assert!(
        split.starts_with("2 0 warn: a later statement about CVE-0000-0001 contradicts this one in part"),
        "{split}"
    );
    let elsewhere = said(&json!([of("not_affected", one), later(of("affected", other))]));
    assert_eq!(elsewhere, format!("1 1 warn: {part} speaks about what is not in this project: {other}"));
    let two = [document(&json!([of("fixed", one)])), document(&json!([later(of("affected", one))]))];
    let ran = run(&[&two[0], &two[1]], &["--format", "json"]);
    assert_eq!(ran.json()["summary"]["ignored"], 0, "over all documents");
}

#[test]
fn nothing_is_hidden_without_a_reason_or_by_a_word_for_something_else() {
    let mut silent = statement("CVE-0000-0001", "pkg:pypi/shoplib", "not_affected");
    silent.as_object_mut().unwrap().remove("justification");
    let refused = "2 0 warn: the statement about CVE-0000-0001 says not_affected without a justification or an \
                   impact_statement: it hides nothing";
    assert_eq!(said(&json!([silent])), refused);
    silent["impact_statement"] = "no baskets".into();
    assert_eq!(said(&json!([silent])), "1 1");
    let rule = said(&json!([statement("known-vulnerability", "pkg:pypi/shoplib", "not_affected")]));
    let nothing = "takes out nothing: no finding is about it";
    assert_eq!(rule, format!("2 0 warn: the statement about known-vulnerability {nothing}"));
    let fixed = said(&json!([statement("CVE-0000-0009", "pkg:pypi/shoplib", "fixed")]));
    assert_eq!(fixed, format!("2 0 note: the statement about CVE-0000-0009 {nothing}"));
    let mut nowhere = statement("CVE-0000-0001", "x", "fixed");
    nowhere.as_object_mut().unwrap().remove("products");
    assert_eq!(
        said(&json!([nowhere])),
        "2 0 warn: the statement about CVE-0000-0001 names no product: it hides nothing"
    );
}

/// What `audit` writes it reads. One record is about two flaws here: its id is an alias of both, and hides neither by itself.
#[test]
fn what_is_written_is_read_back() {
    let folder = folder(&[("requirements.txt", "twocves==2  # audit: ignore[CVE-0000-0008] looked at\n")]);
    let arguments = ["--db", test_database(), "--format", "openvex"];
    let written = audit(folder.path(), &arguments);
    std::fs::write(folder.path().join("out.json"), &written.out).unwrap();
    std::fs::write(folder.path().join("requirements.txt"), "twocves==2\n").unwrap();
    let report =
        audit(folder.path(), &["--db", test_database(), "--vex", "out.json", "--format", "json"]).json();
    let of = |list: &str| {
        let found = report[list].as_array().unwrap().iter();
        found.filter(|finding| finding["rule"] == "known-vulnerability").cloned().collect::<Vec<_>>()
    };
    assert_eq!((of("findings").len(), of("ignored").len()), (1, 1));
    assert!(of("ignored")[0]["advisory"].to_string().contains("CVE-0000-0008"));
}

#[test]
fn what_a_person_sees() {
    let mut written = statement("CVE-0000-0001", "pkg:pypi/shoplib@1.4.1", "not_affected");
    written["impact_statement"] = "no \u{1b}[31mbaskets here".into();
    let statements = json!([written, statement("CVE-0000-0002", "pkg:pypi/gone@1.0", "not_affected")]);
    let ran = run(&[&document(&statements)], &[]);
    assert!(!ran.out.contains('\u{1b}'));
    insta::assert_snapshot!(ran.out);
    let report = run(&[&document(&statements)], &["--format", "json"]).json();
    let ignored = &report["ignored"][0];
    assert_eq!(ignored["vex"]["status"], "not_affected");
    assert_eq!(ignored["vex"]["justification"], "vulnerable_code_not_present");
}

#[test]
fn a_document_that_cannot_be_read_is_an_error_with_a_place() {
    let whole = document(&json!([statement("CVE-0000-0001", "pkg:pypi/shoplib", "fixed")]));
    let context = "https://openvex.dev/ns/v0.2.0";
    for (wrong, place, words) in [
        (String::new(), "1:1", "this is no JSON: EOF while parsing a value"),
        ("{\n  \"@context\": tru\n}".to_owned(), "2:18", "this is no JSON: expected ident"),
        ("[]".to_owned(), "1:1", "a VEX document must be an object"),
        ("{}".to_owned(), "1:1", "the document has no `@context`"),
        (
            whole.replace(context, "https://openvex.dev/ns/v0.0.1"),
            "2:15",
            "the context `https://openvex.dev/ns/v0.0.1` is not read",
        ),
        (whole.replace(context, "https://cyclonedx.org"), "2:15", "OpenVEX 0.2.0 is read"),
        (whole.replace("\"fixed\"", "\"solved\""), "", "`status` cannot be `solved`"),
        (whole.replace("\"fixed\"", "7"), "", "`status` must be a string"),
        (
            whole.replace("vulnerable_code_not_present", "trust_me"),
            "",
            "`justification` cannot be `trust_me`",
        ),
        (whole.replace("2026-11-01T12:00:00Z", "yesterday"), "", "`yesterday` is no time"),
        (
            whole.replace("\"timestamp\"", "\"time\""),
            "",
            "neither the statement nor the document has a `timestamp`",
        ),
        (whole.replace("\"statements\"", "\"statement\""), "1:1", "the document has no `statements`"),
        (
            whole.replace("\"status\": \"fixed\"", "\"status\": \"fixed\", \"status\": \"affected\""),
            "",
            "`status` stands twice",
        ),
        (whole.replace("\"name\"", "\"title\""), "", "a vulnerability must have a `name`"),
        (whole.replace("\"@id\": \"pkg", "\"purl\": \"pkg"), "", "a product must have an `@id` or a purl"),
        ("[".repeat(200_000), "1:", "this is no JSON"),
    ] {
        let ran = run(&[&wrong], &[]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words}");
        assert!(
            ran.err.contains(words) && ran.err.contains(&format!("0.json:{place}")),
            "{words}\n{}",
            ran.err
        );
    }
    let missing = run(&[], &["--vex", "missing.json"]);
    assert_eq!(missing.code, 2);
    assert!(
        missing.err.contains("cannot read the VEX document missing.json: there is no such file"),
        "{}",
        missing.err
    );
}
