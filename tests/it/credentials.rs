//! Secrets in URLs: every file that can carry one, and what tells findings about URLs apart.

use std::collections::BTreeSet;

use serde_json::Value;

use super::common::{audit, folder, test_database};

const SECRET: &str = "hunter2Zq9";

fn report(files: &[(&str, &str)], arguments: &[&str]) -> Value {
    let folder = folder(files);
    let mut all = vec!["--db", test_database(), "--format", "json"];
    all.extend(arguments);
    let ran = audit(folder.path(), &all);
    assert!(!ran.out.contains(SECRET) && !ran.err.contains(SECRET), "{}{}", ran.out, ran.err);
    ran.json()
}

fn findings(files: &[(&str, &str)], rule: &str) -> Vec<Value> {
    let report = report(files, &[]);
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["rule"] == rule).cloned().collect()
}

fn fingerprints(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    let found = findings(files, rule);
    found.iter().map(|finding| finding["fingerprint"].as_str().unwrap().to_owned()).collect()
}

fn place(finding: &Value) -> String {
    let location = &finding["location"];
    format!("{}:{}:{}", location["path"].as_str().unwrap(), location["line"], location["column"])
}

fn uv_lock(files: &str) -> String {
    format!(
        "version = 1\nrequires-python = \">=3.9\"\n\n[[package]]\nname = \"tidepool\"\nversion = \"1.0\"\n\
         source = {{ registry = \"https://index.example.com/simple\" }}\nwheels = [\n{files}]\n"
    )
}

/// A file of a package, with its URL at column 14.
fn wheel(url: &str) -> String {
    format!("    {{ url = \"{url}\", hash = \"sha256:{}\" }},\n", "0".repeat(64))
}

#[test]
fn files_of_a_lock_are_one_finding_for_each_host() {
    let hosts = [
        format!("https://ci:{SECRET}@a.example.com/1/tidepool-1.0-py3-none-any.whl"),
        format!("https://b.example.com/tidepool-1.0-cp39.whl?token={SECRET}"),
        "https://c.example.com/tidepool-1.0-cp310.whl".to_owned(),
        "https://${USER}:${PASSWORD}@d.example.com/tidepool-1.0-cp311.whl".to_owned(),
    ];
    let many: String = (0..1_000).map(|_| hosts.each_ref().map(|url| wheel(url)).concat()).collect();
    let found = findings(&[("uv.lock", &uv_lock(&many))], "embedded-credential");
    let told: Vec<_> = found.iter().map(|finding| (place(finding), finding["message"].clone())).collect();
    let expected = [
        ("uv.lock:9:14".to_owned(), "the URL of a file at a.example.com carries a password".into()),
        ("uv.lock:10:14".to_owned(), "the URL of a file at b.example.com carries a token".into()),
    ];
    assert_eq!(told, expected);
    let related = found[0]["related"].as_array().unwrap();
    assert_eq!(related.len(), 3);
    assert_eq!(related[2]["message"], "and here, and 996 more times");
}

#[test]
fn every_lock_that_keeps_urls_of_files() {
    let url = format!("https://ci:{SECRET}@files.example.com/tidepool-1.0.tar.gz");
    let hash = "0".repeat(64);
    let pdm = format!(
        "[metadata]\nlock_version = \"4.5.0\"\ncontent_hash = \"sha256:{hash}\"\n\n[[package]]\nname = \"tidepool\"\n\
         version = \"1.0\"\nfiles = [\n    {{url = \"{url}\", hash = \"sha256:{hash}\"}},\n]\n"
    );
    let pylock = format!(
        "lock-version = \"1.0\"\ncreated-by = \"x\"\n\n[[packages]]\nname = \"tidepool\"\nversion = \"1.0\"\n\
         sdist = {{ name = \"tidepool-1.0.tar.gz\", url = \"{url}\", hashes = {{ sha256 = \"{hash}\" }} }}\n"
    );
    let poetry = format!(
        "[[package]]\nname = \"tidepool\"\nversion = \"1.0\"\ndescription = \"\"\noptional = false\n\
         python-versions = \"*\"\nfiles = []\n\n[package.source]\ntype = \"legacy\"\nurl = \"{url}\"\n\
         reference = \"x\"\n\n[metadata]\nlock-version = \"2.0\"\npython-versions = \"*\"\n\
         content-hash = \"{hash}\"\n"
    );
    for (file, text, at) in [
        ("uv.lock", uv_lock(&wheel(&url)), "uv.lock:9:14"),
        ("pdm.lock", pdm, "pdm.lock:9:13"),
        ("pylock.toml", pylock, "pylock.toml:7:48"),
        ("poetry.lock", poetry, "poetry.lock:11:8"),
    ] {
        let found = findings(&[(file, &text)], "embedded-credential");
        assert_eq!(found.iter().map(place).collect::<Vec<_>>(), [at], "{file}");
        assert!(found[0]["message"].as_str().unwrap().contains("a password"), "{}", found[0]["message"]);
        let without = text.replace(&format!("ci:{SECRET}@"), "");
        assert!(findings(&[(file, &without)], "embedded-credential").is_empty(), "{file}");
    }
}

#[test]
fn what_a_manifest_writes_leads_to_the_files_of_its_lock() {
    let url = format!("https://ci:{SECRET}@files.example.com/simple");
    let manifest = format!(
        "[project]\nname = \"own\"\nversion = \"1\"\ndependencies = [\"tidepool\"]\n\n[[tool.uv.index]]\nname = \"x\"\n\
         url = \"{url}\"\n"
    );
    let lock = uv_lock(&wheel(&format!("{url}/tidepool-1.0-py3-none-any.whl")));
    let found = findings(&[("pyproject.toml", &manifest), ("uv.lock", &lock)], "embedded-credential");
    assert_eq!(found.iter().map(place).collect::<Vec<_>>(), ["pyproject.toml:8:8"]);
    let related = &found[0]["related"];
    assert_eq!((&related[0]["path"], &related[0]["line"]), (&"uv.lock".into(), &9.into()));
}

#[test]
fn an_include_that_is_not_fetched_carries_its_password_all_the_same() {
    let lines = format!(
        "-r https://ci:{SECRET}@files.example.com/a.txt\n--constraint=HTTPS://ci:{SECRET}@files.example.com/b.txt\n\
         -r https://ci:${{PASSWORD}}@files.example.com/c.txt\n-r https://files.example.com/@d.txt\n"
    );
    let found = findings(&[("requirements.txt", &lines)], "embedded-credential");
    let places: Vec<_> = found.iter().map(place).collect();
    assert_eq!(places, ["requirements.txt:1:4", "requirements.txt:2:14"]);
    assert_eq!(
        found[0]["help"],
        "revoke the password, then write `https://ci:${URL_PASSWORD}@files.example.com/a.txt` and set URL_PASSWORD \
         where the file is installed"
    );
}

#[test]
fn an_at_sign_alone_is_no_credential() {
    let files = [
        "git+ssh://git@git.example.com/tidepool.git",
        "https://files.example.com/@scope/tidepool-1.0.whl?v=1",
        "somebody@example.com",
        "@",
        "?",
    ];
    let lock = uv_lock(&files.map(wheel).concat());
    assert!(findings(&[("uv.lock", &lock)], "embedded-credential").is_empty());
}

#[test]
fn fingerprints_follow_the_url_and_nothing_else() {
    let lines = |secret: &str| {
        format!(
            "--extra-index-url http://ci:{secret}@a.example.com/simple\n\
             --extra-index-url http://ci:{secret}@b.example.com/simple\n\
             --trusted-host a.example.com\n--trusted-host b.example.com\ntidepool==1.0\n"
        )
    };
    for (rule, count) in [("extra-index", 2), ("insecure-index", 4), ("embedded-credential", 2)] {
        let of = |text: String| fingerprints(&[("requirements.txt", &text)], rule);
        let found = of(lines(SECRET));
        assert_eq!((found.len(), found.iter().collect::<BTreeSet<_>>().len()), (count, count), "{rule}");
        assert_eq!(of(format!("# moved\n\n{}", lines(SECRET))), found, "{rule}: a line further down");
        assert_eq!(of(lines("otherZq7pass")), found, "{rule}: the secret is no part of it");
        assert_ne!(of(lines(SECRET).replace("/simple", "/other")), found, "{rule}: another URL");
    }
}

#[test]
fn fingerprints_of_files_are_those_of_their_paths() {
    let text = format!("tidepool==1.0 --hash=sha256:{}\nropework==1.2\n", "0".repeat(64));
    let files = [("requirements.txt", text.as_str()), ("dev-requirements.txt", text.as_str())];
    let found = fingerprints(&files, "partial-hashes");
    assert_eq!((found.len(), found.iter().collect::<BTreeSet<_>>().len()), (2, 2));
}
