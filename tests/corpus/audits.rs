//! The program over every file, and over all of them at once.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::common::{Ran, finish, program};
use super::files::{corpus, expected, manifest};
use super::graphs::KINDS;
use super::hostile::{assert_sane, limited};

/// Enough for the largest file many times over.
const MEMORY: u64 = 2 * 1024;
/// Processor seconds for one file.
const SECONDS: u64 = 10;

fn verdict_of(run: &Ran) -> String {
    run.json()["verdict"].as_str().unwrap().to_owned()
}

/// Files with an entry that no version is known for: not a limit, not a path, not the project itself, and no lock or
/// constraint that could answer for it.
fn open_ended() -> Vec<String> {
    let answers = expected();
    let is_open = |answer: &&Value| {
        let entries = answer["entries"].as_array().unwrap();
        let limits = entries.iter().any(|entry| entry["constraint"] == true);
        let asks = |entry: &Value| {
            entry["version"].is_null()
                && entry["name"].is_string()
                && entry["name"] != answer["meta"]["name"]
                && entry["source"]["type"] == "index"
                && entry["constraint"] != true
        };
        let kind = answer["kind"].as_str().unwrap();
        KINDS.contains(&kind) && !kind.contains("lock") && !limits && entries.iter().any(asks)
    };
    let files = answers.iter().filter(is_open).map(|answer| answer["file"].as_str().unwrap().to_owned());
    let has_lock = |file: &String| {
        let beside = |lock: &str| corpus().join(file).with_file_name(lock).exists();
        ["Pipfile.lock", "poetry.lock", "uv.lock", "pdm.lock", "pylock.toml"].into_iter().any(beside)
    };
    files.filter(|file| !has_lock(file)).collect()
}

#[test]
fn every_file_ends_well() {
    let open_ended = open_ended();
    let (mut clean, mut findings, mut incomplete) = (0, 0, 0);
    let mut slowest = (Duration::ZERO, String::new());
    let files = manifest();
    let mut wrong = Vec::new();
    for (file, kind) in &files {
        let start = Instant::now();
        let mut command = limited(corpus(), MEMORY, SECONDS);
        let run = finish(command.args(["--no-config", "--format", "json", "--root", "."]).arg(file));
        assert_sane(&run);
        slowest = slowest.max((start.elapsed(), file.clone()));
        let skipped = run.json()["skipped"].as_array().unwrap().len();
        let expected = match (run.code, skipped) {
            (0, 0) => "clean",
            (1, _) => "findings",
            (3, 1..) => "incomplete",
            _ => "no verdict at all",
        };
        let is_read = KINDS.contains(&kind.as_str());
        if verdict_of(&run) != expected
            || (!is_read && run.code != 3)
            || (open_ended.contains(file) && skipped == 0 && run.json()["summary"]["packages"] == 0)
        {
            wrong.push(format!("{file} ({kind}): code {}, {skipped} skipped", run.code));
        }
        match run.code {
            0 => clean += 1,
            1 => findings += 1,
            _ => incomplete += 1,
        }
    }
    println!(
        "audits: {} files: {clean} clean, {findings} with findings, {incomplete} incomplete; slowest {} in {:?}; \
         {} have requirements that nothing resolves, all of them weighed or skipped",
        files.len(),
        slowest.1,
        slowest.0,
        open_ended.len(),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(clean > 0 && findings > 0 && incomplete > 0, "one kind of verdict never occurs");
    assert!(slowest.0 < Duration::from_secs(5), "{} took {:?}", slowest.1, slowest.0);
}

#[test]
fn threads_change_nothing() {
    for command in
        [["--format", "json", "--root", "."].as_slice(), &["graph", "--format", "json", "--root", "."]]
    {
        let outputs = ["1", "4"].map(|threads| {
            let run = finish(program(corpus()).args(command).arg(".").env("RAYON_NUM_THREADS", threads));
            assert_sane(&run);
            run.out
        });
        assert!(!outputs[0].is_empty());
        assert!(outputs[0] == outputs[1], "{command:?} differs with 1 and 4 threads");
        println!("whole folder, {command:?}: {} bytes, the same with 1 and 4 threads", outputs[0].len());
    }
}
