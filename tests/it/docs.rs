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
