//! The schema of the policy, which editors read, knows what the reader knows: neither may know more.

use std::collections::BTreeSet;
use std::fs;

use depaudit::license;
use depaudit::model::{SourceFile, Sources};
use depaudit::policy::{Complaint, Dialect, read};
use depaudit::rules::{self, TABLE};
use serde_json::Value;

use super::common::top;

fn schema() -> Value {
    serde_json::from_str(&fs::read_to_string(top().join("docs/schema/policy.schema.json")).unwrap()).unwrap()
}

fn complaints(policy: &str) -> Vec<Complaint> {
    let source = Sources::new(0).add(SourceFile::new("audit.toml", policy.to_owned()));
    read(policy, source, Dialect::AuditToml, &rules::all(), license::wording()).err().unwrap_or_default()
}

/// The words that the reader lists in its help about what stands at `place`.
fn listed(policy: &str, lead: &str) -> BTreeSet<String> {
    let complaints = complaints(policy);
    let help = complaints.iter().find_map(|complaint| complaint.help.as_deref()?.strip_prefix(lead));
    let help = help.unwrap_or_else(|| panic!("{policy}: {complaints:?}"));
    help.split(", ").map(str::to_owned).collect()
}

fn words(value: &Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// Each closed table of the schema, by pointer, and a policy that asks the reader for a key that it cannot know there.
const TABLES: &[(&str, &str)] = &[
    ("", "ZZZZZZZZZZZZ = 1"),
    ("/properties/groups/additionalProperties", "[groups.dev]\nZZZZZZZZZZZZ = 1"),
    (
        "/properties/groups/additionalProperties/properties/licenses",
        "[groups.dev.licenses]\nZZZZZZZZZZZZ = 1",
    ),
    ("/properties/vulnerabilities", "[vulnerabilities]\nZZZZZZZZZZZZ = 1"),
    ("/properties/database", "[database]\nZZZZZZZZZZZZ = 1"),
    ("/properties/names", "[names]\nZZZZZZZZZZZZ = 1"),
    ("/properties/indexes/additionalProperties", "[indexes.\"https://a.example.com\"]\nZZZZZZZZZZZZ = 1"),
    ("/properties/licenses", "[licenses]\nZZZZZZZZZZZZ = 1"),
    ("/properties/licenses/properties/exceptions/items", "[[licenses.exceptions]]\nZZZZZZZZZZZZ = 1"),
    ("/properties/licenses/properties/clarify/items", "[[licenses.clarify]]\nZZZZZZZZZZZZ = 1"),
    ("/properties/since", "[since]\nZZZZZZZZZZZZ = 1"),
    ("/properties/ignore/items", "[[ignore]]\nZZZZZZZZZZZZ = 1"),
    ("/properties/rules", "[rules]\nZZZZZZZZZZZZ = \"warn\""),
];

#[test]
fn the_same_keys_in_every_table() {
    let schema = schema();
    for (pointer, policy) in TABLES {
        let table = schema.pointer(pointer).unwrap();
        assert_eq!(table["additionalProperties"], false, "{pointer}");
        let keys: BTreeSet<String> = table["properties"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, listed(policy, "known here: "), "{pointer}");
    }
    // Every table of the schema that has keys is one of these.
    let closed = fs::read_to_string(top().join("docs/schema/policy.schema.json")).unwrap();
    assert_eq!(
        closed.matches("\"properties\": {").count(),
        TABLES.len() + 1,
        "and a condition of [[ignore]]"
    );
}

#[test]
fn the_same_words_and_defaults() {
    let schema = schema();
    let at = |pointer: &str| schema.pointer(pointer).unwrap();
    for (pointer, policy) in [
        ("/properties/fail-on/enum", "fail-on = \"?\""),
        ("/properties/groups/additionalProperties/properties/fail-on/enum", "groups.dev.fail-on = \"?\""),
        (
            "/properties/vulnerabilities/properties/unknown-severity/enum",
            "vulnerabilities.unknown-severity = \"?\"",
        ),
        ("/$defs/level/enum", "since.news = \"?\""),
        ("/$defs/level/enum", "rules.typosquat = \"?\""),
    ] {
        assert_eq!(words(at(pointer)), listed(policy, "one of "), "{pointer}");
    }
    let default = depaudit::policy::Policy::default();
    assert_eq!(at("/properties/fail-on/default"), default.fail_on.as_str());
    assert_eq!(at("/properties/since/properties/news/default"), default.news.as_str());
    let unknown = at("/properties/vulnerabilities/properties/unknown-severity/default");
    assert_eq!(unknown, default.unknown_severity.as_str());
    let fixable = at("/properties/vulnerabilities/properties/fail-on-fixable/default");
    assert_eq!(fixable, default.fail_on_fixable);
}

#[test]
fn the_same_rules() {
    let schema = schema();
    let ids: BTreeSet<String> = TABLE.iter().map(|entry| entry.rule.id.to_owned()).collect();
    assert_eq!(words(&schema["$defs"]["rule"]["enum"]), ids);
    for entry in TABLE.iter().filter(|entry| entry.rule.configurable) {
        let rule = &schema["properties"]["rules"]["properties"][entry.rule.id];
        assert_eq!(rule["description"], entry.rule.summary, "{}", entry.rule.id);
        assert_eq!(rule["default"], entry.rule.default_level.as_str(), "{}", entry.rule.id);
    }
}

/// What `audit init` writes is a policy, and so is every line of it that is commented out.
#[test]
fn the_starting_policy_with_everything_in_it() {
    let is_line = |line: &str| line.starts_with('[') || line.contains(" = ");
    let uncommented = |line: &str| {
        let bare =
            line.strip_prefix("# ").filter(|bare| is_line(bare) && !bare.contains("==")).unwrap_or(line);
        format!("{bare}\n")
    };
    let text: String = depaudit::policy::starter(None).lines().map(uncommented).collect();
    assert_eq!(complaints(&text), [], "{text}");
    let document: toml::Table = toml::from_str(&text).unwrap();
    let ignore = &document["ignore"].as_array().unwrap()[0];
    let keys: BTreeSet<String> = ignore.as_table().unwrap().keys().cloned().collect();
    let known = schema()["properties"]["ignore"]["items"]["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(keys, known, "an ignore with all keys");
    assert!(document.contains_key("since"));
    assert!(depaudit::policy::starter(None).contains("# audit: ignore[CVE-2024-1234]"));
}
