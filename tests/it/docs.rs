//! Reference pages are generated from the code and committed; these tests hold the two together.
//!
//! `AUDIT_WRITE_DOCS=1 cargo test --test it docs` writes them anew. Look at the difference before you commit it.

use std::fs;

use super::common::top;

/// Fails when a page is not the text that the code gives; writes it instead when asked to.
pub(crate) fn assert_generated(path: &str, text: &str) {
    let file = top().join(path);
    if std::env::var_os("AUDIT_WRITE_DOCS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "{path} is out of date: AUDIT_WRITE_DOCS=1 cargo test --test it");
}

#[test]
fn the_page_of_the_formats() {
    use depaudit::inputs::{FORMATS, Manifest, Role};
    let mut page = String::from(
        "# The formats\n\nEverything that is read. A manifest says what people ask for, a lock what was resolved; a lock \
         is joined with the manifest that it was made from.\n\n\
         | format | part | made from | made again by | one package moved by |\n|---|---|---|---|---|\n",
    );
    for format in FORMATS {
        let part = match format.role {
            Role::Manifest => "manifest",
            Role::Lock => "lock",
            Role::Requirements => "either",
            Role::Constraints => "limits",
        };
        let manifest = match format.manifest {
            Manifest::None => String::new(),
            Manifest::Beside(name) | Manifest::PartlyBeside { manifest: name, .. } => format!("`{name}`"),
            Manifest::Stem => "the script".to_owned(),
        };
        let command = |text: Option<&str>| text.map(|text| format!("`{text}`")).unwrap_or_default();
        let lock = command(format.commands.map(|commands| commands.lock));
        let upgrade = command(format.commands.map(|commands| commands.upgrade));
        page += &format!("| `{}` | {part} | {manifest} | {lock} | {upgrade} |\n", format.kind);
    }
    assert_generated("docs/formats.md", &page);
}

#[test]
fn the_command_line_page() {
    let mut page = String::from(
        "# The command line\n\nWhat `audit --help` and `audit COMMAND --help` print. Exit codes and outputs: see the \
         [README](../README.md).\n",
    );
    let mut command = depaudit::cli::command().term_width(100);
    command.build();
    let mut waiting = vec![command];
    while let Some(mut command) = waiting.pop() {
        let name = command.get_bin_name().unwrap_or("audit").to_owned();
        let help = command.render_long_help().to_string();
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        page += &format!("\n## {name}\n\n```text\n{}\n```\n", lines.join("\n").trim_end());
        let mut children: Vec<_> = command.get_subcommands().cloned().collect();
        children.reverse();
        waiting.extend(children);
    }
    assert_generated("docs/command-line.md", &page);
}

/// The example of the configuration page is a policy that works.
#[test]
fn the_example_policy_is_one() {
    let page = fs::read_to_string(top().join("docs/configuration.md")).unwrap();
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let folder = super::common::folder(&[("requirements.txt", "shoplib==1.5.0\n"), ("audit.toml", example)]);
    let ran = super::common::audit(folder.path(), &["--db", super::common::test_database()]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
}

/// Links between pages lead somewhere.
#[test]
fn links_lead_somewhere() {
    let mut pages = vec!["README.md".to_owned(), "CHANGELOG.md".to_owned()];
    for folder in [
        "docs",
        "docs/rules",
        "fixtures/projects",
        "fixtures/rules",
        "fixtures/advisories",
        "fixtures/risk",
        "advisory-db",
    ] {
        for entry in fs::read_dir(top().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".md") {
                pages.push(format!("{folder}/{name}"));
            }
        }
    }
    for page in pages {
        let text = fs::read_to_string(top().join(&page)).unwrap();
        let folder = top().join(&page).parent().unwrap().to_owned();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap();
            if !target.contains("://") && !file.is_empty() {
                assert!(folder.join(file).exists(), "{page} links to {target}");
            }
        }
    }
}
