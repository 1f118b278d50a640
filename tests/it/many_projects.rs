//! Thousands of projects in one run.

#[cfg(unix)]
#[test]
fn ten_thousand_projects_in_one_run() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..10_000 {
        let project = folder.path().join(format!("p{:02}/q{number:05}", number / 100));
        std::fs::create_dir_all(&project).unwrap();
        std::fs::write(project.join("requirements.txt"), format!("idna==3.{}\n", number % 9 + 7)).unwrap();
    }
    // 64 open files and 300 MB of address space beyond the program are far more than it needs.
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -n 64 -v 600000; exec \"$0\" --no-config --format json ."]);
    let output = command.arg(env!("CARGO_BIN_EXE_audit")).current_dir(folder.path()).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(report["projects"].as_array().unwrap().len(), 10_000);
    assert_eq!(report["summary"]["inputs"], 10_000);
    assert_eq!(report["summary"]["packages"], 9);
    let paths: Vec<_> =
        report["projects"].as_array().unwrap().iter().map(|project| &project["path"]).collect();
    assert!(paths.is_sorted_by_key(|path| path.as_str().unwrap()), "a stable order");
}
