//! What the tests with hostile input share: a run under limits, and what it skipped.

use std::path::Path;
use std::process::Command;

use super::common::{Ran, program};

/// The program under a limit of memory (MiB of address space) and of processor time (seconds): what loops or swells
/// ends with a signal, which is no exit code.
pub(crate) fn limited(folder: &Path, mebibytes: u64, seconds: u64) -> Command {
    let bare = program(folder);
    let mut shell = Command::new("/bin/sh");
    let script =
        format!("ulimit -v {} && ulimit -t {seconds} && exec \"$0\" \"$@\"", mebibytes.saturating_mul(1024));
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_audit")]).current_dir(folder).env_clear();
    shell.envs(bare.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.env("SOURCE_DATE_EPOCH", "1785542400");
    shell
}

/// The rows of `skipped` in a report, each as `path:line: what: why`.
pub(crate) fn skips(ran: &Ran) -> Vec<String> {
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let row = |skip: &serde_json::Value| {
        let [path, line, what, why] = ["path", "line", "what", "why"].map(|key| text(&skip[key]));
        format!("{path}:{line}: {what}: {why}")
    };
    ran.json()["skipped"].as_array().unwrap().iter().map(row).collect()
}

/// Fails when the run did not end as a program should.
pub(crate) fn assert_sane(ran: &Ran) {
    assert!((0..=3).contains(&ran.code), "ended with {}: {}", ran.code, ran.err);
    for word in ["panicked", "RUST_BACKTRACE", "stack overflow", "internal error"] {
        assert!(!ran.err.contains(word), "{}", ran.err);
    }
}
