//! The integration tests, in one binary so that linking is paid once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit_reports;
mod bad_formats;
mod bad_input;
mod bestiary;
mod bestiary_environment_yml;
mod bestiary_locks;
mod bestiary_pipenv;
mod bestiary_sbom;
mod bestiary_script;
mod bestiary_setup_cfg;
mod change;
mod command_line;
mod common;
mod confusion;
mod credentials;
mod database;
mod db_update;
mod docs;
mod explain;
mod extra;
mod graph_questions;
mod honesty;
mod hostile;
mod hostile_text;
mod hygiene;
mod indexes;
mod inline_ignores;
mod installed_environments;
mod layering;
mod license_reports;
mod license_sample;
mod licenses;
mod lock_input;
mod lock_sizes;
mod many_projects;
mod names;
mod people_reports;
#[cfg(unix)]
mod planted;
#[cfg(unix)]
mod planted_change;
#[cfg(unix)]
mod planted_words;
mod policy;
mod policy_schema;
mod report_sample;
mod reports;
mod repository;
mod risk;
mod rows;
mod rules;
mod same_graph;
mod server;
mod tool_cases;
mod vex;
mod walls;
mod workspaces;
