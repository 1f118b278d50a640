//! `../shared/oracle/advisories.py`, run once for all pins.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::pins::Pins;
use crate::shared::{project, scratch, shared};

/// The ids of the records that affect each `name==version`.
pub(crate) type Answers = BTreeMap<String, Vec<String>>;

/// Runs the script as it is, but remembers each version that it has read: it reads them again for every pin.
const RUN: &str = "
import functools, runpy, sys
sys.argv = sys.argv[1:]
import importlib.util
spec = importlib.util.spec_from_file_location('oracle', sys.argv[0])
oracle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(oracle)
oracle.read_version = functools.lru_cache(maxsize=None)(oracle.read_version)
oracle.main()
";

/// The Python to use.
pub(crate) fn python() -> OsString {
    let own = project().join("target/venv/bin/python");
    std::env::var_os("AUDIT_PYTHON")
        .unwrap_or_else(|| if own.exists() { own.into_os_string() } else { "python3".into() })
}

/// The oracle takes a pin `0` for the events' `"0"`, which is below every version (OSV schema, "events[]":
/// only `introduced` has that meaning). The version 0 of PEP 440 is equal to 0.0, and is asked for so.
fn spelled(version: &str) -> String {
    match version.strip_prefix('0') {
        Some(local) if local.is_empty() || local.starts_with('+') => format!("0.0{local}"),
        _ => version.to_owned(),
    }
}

/// What the oracle says about the records in `folder`; pins without a hit have an empty list.
pub(crate) fn ask(folder: &Path, pins: &Pins, name: &str) -> Answers {
    let python = python();
    let found = Command::new(&python).args(["-c", "import packaging, yaml"]).output();
    assert!(
        found.is_ok_and(|output| output.status.success()),
        "{} cannot import `packaging` and `yaml`: run `python3 -m venv target/venv && \
         target/venv/bin/pip install packaging pyyaml`, or name another Python with AUDIT_PYTHON",
        python.display()
    );
    let folder_of_pins = scratch(name);
    let script = shared("oracle/advisories.py");
    let pairs = pins.pairs();
    // Two at once: Python is by far the slower side.
    let halves: Vec<_> = pairs.chunks(pairs.len().div_ceil(2).max(1)).enumerate().collect();
    let start = |(number, half): (usize, &[(&str, &str)])| {
        let asked: Vec<_> = half.iter().map(|(name, version)| (name, spelled(version))).collect();
        let file = folder_of_pins.join(format!("pins-{number}.json"));
        fs::write(&file, serde_json::to_vec(&asked).unwrap()).unwrap();
        let arguments = [script.as_path(), folder, file.as_path(), Path::new("--all")];
        let answers = fs::File::create(folder_of_pins.join(format!("answers-{number}.json"))).unwrap();
        Command::new(&python).args(["-c", RUN]).args(arguments).stdout(answers).spawn().unwrap()
    };
    let running: Vec<_> = halves.into_iter().map(start).collect();
    let mut found = Answers::new();
    for (number, mut process) in running.into_iter().enumerate() {
        assert!(process.wait().unwrap().success(), "the oracle failed");
        let text = fs::read(folder_of_pins.join(format!("answers-{number}.json"))).unwrap();
        found.extend(serde_json::from_slice::<Answers>(&text).unwrap());
    }
    let answer = |(name, version): &(&str, &str)| {
        let ids = found.get(&format!("{name}=={}", spelled(version))).cloned().unwrap_or_default();
        (format!("{name}=={version}"), ids)
    };
    pairs.iter().map(answer).collect()
}
