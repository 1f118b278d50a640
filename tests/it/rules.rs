//! The rule table, and every rule over every fixture.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use depaudit::rules::{self, TABLE};

use super::common::{Ran, audit, test_database, top};

fn fixtures() -> PathBuf {
    top().join("fixtures/rules")
}

/// Audits a fixture of a rule with our own advisories, as JSON.
fn run(folder: &Path) -> Ran {
    let options = fs::read_to_string(folder.join("arguments")).unwrap_or_default();
    let mut arguments = vec!["--root", ".", "--format", "json", "--db", test_database()];
    arguments.extend(options.lines());
    audit(folder, &arguments)
}

/// `level rule path:line:column message`, one a finding; then the skips.
fn rows(ran: &Ran) -> String {
    let report = ran.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let mut rows = vec![format!("{} (exit {})", text(&report["verdict"]), ran.code)];
    for (list, mark) in [("findings", ""), ("ignored", "ignored: ")] {
        for finding in report[list].as_array().unwrap() {
            let place = &finding["location"];
            rows.push(format!(
                "{mark}{} {} {}:{}:{} {}",
                text(&finding["level"]),
                text(&finding["rule"]),
                text(&place["path"]).replace(test_database(), "<database>"),
                place["line"],
                place["column"],
                text(&finding["message"])
            ));
        }
    }
    for skip in report["skipped"].as_array().unwrap() {
        let accepted = if skip["accepted"] == true { " (accepted)" } else { "" };
        rows.push(format!(
            "skipped{accepted} {}:{} {}",
            text(&skip["path"]),
            skip["line"],
            text(&skip["why"])
        ));
    }
    rows.join("\n")
}

#[test]
fn the_table_is_sorted_and_complete() {
    let ids: Vec<&str> = TABLE.iter().map(|entry| entry.rule.id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "sorted and unique: {ids:?}");
    let mut files = BTreeSet::new();
    for group in ["advisory", "hygiene", "license", "names", "triage"] {
        for entry in fs::read_dir(top().join("src/rules").join(group)).unwrap() {
            let path = entry.unwrap().path();
            if fs::read_to_string(&path).unwrap().contains("pub static RULE: Rule") {
                files.insert(path.file_stem().unwrap().to_str().unwrap().replace('_', "-"));
            }
        }
    }
    assert_eq!(files, ids.iter().map(|id| (*id).to_owned()).collect(), "one file each, all in the table");
}

#[test]
fn every_rule_explains_itself() {
    for entry in TABLE {
        let rule = entry.rule;
        let plain = |character: char| character.is_ascii_lowercase() || character == '-';
        assert!(rule.id.chars().all(plain), "{} is in kebab case", rule.id);
        assert!(!rule.summary.ends_with('.') && rule.summary.len() < 100, "{}", rule.id);
        let explanation = &rule.explanation;
        let sections = [
            explanation.checks,
            explanation.matters,
            explanation.example,
            explanation.action,
            explanation.configuration,
            explanation.sources,
        ];
        for section in sections {
            assert!(!section.trim().is_empty() && section.trim() == section, "{}: {section:?}", rule.id);
        }
        let text = rules::explain(rule, 80);
        let titles: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let expected =
            ["What it checks", "Why it matters", "Example", "What to do", "Configuration", "Sources"];
        assert_eq!(titles, expected, "{}", rule.id);
        assert!(
            explanation.configuration.contains(rule.id)
                || !rule.configurable
                || rule.id.contains("vulnerab")
                || rule.id == "stale-database",
            "{}: says how its level is set",
            rule.id
        );
    }
}

#[test]
fn every_rule_fires_where_it_must_and_nowhere_else() {
    let mut folders: Vec<String> = fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let ids: Vec<String> = TABLE.iter().map(|entry| entry.rule.id.to_owned()).collect();
    assert_eq!(folders, ids, "a folder for each rule");
    for id in ids {
        for kind in ["flagged", "clean"] {
            let ran = run(&fixtures().join(&id).join(kind));
            let report = ran.json();
            let fires = if id == "unsupported-input" {
                report["summary"]["skipped"].as_u64().unwrap() > 0
            } else {
                report["findings"].as_array().unwrap().iter().any(|finding| finding["rule"] == id.as_str())
            };
            // Without a target to compare with every ignore is in force; what the rule says of one is tested beside it.
            let must_fire = kind == "flagged" && id != "untrusted-ignore";
            assert_eq!(fires, must_fire, "{id}/{kind}\n{}", rows(&ran));
            insta::assert_snapshot!(format!("{id}_{kind}"), rows(&ran));
        }
    }
}

#[test]
fn the_explanations_in_docs_are_those_of_the_program() {
    for entry in TABLE {
        let text = rules::explain(entry.rule, 100);
        super::docs::assert_generated(&format!("docs/rules/{}.md", entry.rule.id), &text);
    }
    let mut list = String::from(
        "# Rules\n\n`audit rules` lists them, `audit explain RULE` prints a page. Levels are set in the policy (`[rules]`) or on the \
         command line\n(`--deny`, `--warn`, `--allow`).\n\n| rule | default | fires when |\n|---|---|---|\n",
    );
    for entry in TABLE {
        let rule = entry.rule;
        let level = if rule.configurable { rule.default_level.as_str() } else { "incomplete" };
        list += &format!("| [`{0}`]({0}.md) | {level} | {1} |\n", rule.id, rule.summary);
    }
    super::docs::assert_generated("docs/rules/README.md", &list);
    let files = fs::read_dir(top().join("docs/rules")).unwrap().count();
    assert_eq!(files, TABLE.len() + 1, "one page for each rule, and the list");
}
