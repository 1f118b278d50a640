//! Only what changed is fetched, and the result is what a full download gives.

use std::sync::{Arc, Mutex};

use super::super::server::{Answer, Server, file};
use super::{Place, export, record};

type Row = (&'static str, &'static str, &'static str, &'static str);

const OLD: [Row; 3] = [
    ("GHSA-changes", "shoplib", "1.5", "2026-02-01T00:00:00Z"),
    ("GHSA-stays", "shoplib", "1.2", "2026-02-02T00:00:00.120Z"),
    // Times in the future occur, and must hide nothing.
    ("GHSA-future", "shoplib", "1.3", "2027-07-09T15:45:00Z"),
];

const NEW: [Row; 4] = [
    ("GHSA-changes", "shoplib", "1.6", "2026-03-01T00:00:00Z"),
    OLD[1],
    OLD[2],
    ("MAL-2026-1", "shoplib", "9", "2026-03-02T00:00:00Z"),
];

/// The list of changes, newest first. One time is written another way than in the record.
fn list(rows: &[Row]) -> String {
    let mut rows: Vec<_> =
        rows.iter().map(|(id, .., time)| format!("{},{id}\n", time.replace(".120Z", ".12Z"))).collect();
    rows.sort_by(|left, right| right.cmp(left));
    rows.concat()
}

/// An export whose records can be exchanged while it is served.
fn exporting(rows: &[Row]) -> (Server, Arc<Mutex<Vec<Row>>>) {
    let rows = Arc::new(Mutex::new(rows.to_vec()));
    let current = rows.clone();
    let server = Server::start(move |asked, _| {
        let rows = current.lock().unwrap().clone();
        let tag = list(&rows).len().to_string();
        match asked.target.rsplit('/').next() {
            Some("all.zip") => file(asked, &export(&rows), &tag),
            Some("modified_id.csv") => file(asked, list(&rows).as_bytes(), &tag),
            Some(name) => match rows.iter().find(|(id, ..)| name == format!("{id}.json")) {
                Some((id, name, fixed, time)) => Answer::ok(record(id, name, fixed, time)),
                None => Answer::status(404),
            },
            None => Answer::status(404),
        }
    });
    (server, rows)
}

/// A store of the old records, and the server after the records became others.
fn after(new: &[Row]) -> (Place, Server, String) {
    let (server, rows) = exporting(&OLD);
    let place = Place::new();
    let url = server.url("/PyPI/all.zip");
    place.updated(&url);
    *rows.lock().unwrap() = new.to_vec();
    server.asked();
    (place, server, url)
}

fn assert_like_full(place: &Place, url: &str) {
    let whole = Place::new();
    // The few malware records here are fewer than what is built in.
    assert_eq!(whole.update(&["--source", url, "--force"]).code, 0);
    assert!(place.bytes() == whole.bytes(), "an increment and a full download differ");
}

#[test]
fn an_increment_gives_the_store_of_a_full_download() {
    let (place, server, url) = after(&NEW);
    let ran = place.updated(&url);
    let mut targets = server.targets();
    targets.sort();
    assert_eq!(targets, ["/PyPI/GHSA-changes.json", "/PyPI/MAL-2026-1.json", "/PyPI/modified_id.csv"]);
    assert!(ran.out.contains("2 changed records fetched"), "{}", ran.out);
    assert!(ran.out.contains("openssf: 1 record of 2026-03-02 (new)"), "{}", ran.out);
    assert!(ran.out.contains("github: 3 records of 2026-03-01 (before: 3 of 2026-02-02)"), "{}", ran.out);
    assert!(place.found().contains("MAL-2026-1"));
    // Nothing more: the list itself is known now.
    let ran = place.updated(&url);
    assert!(ran.out.starts_with("already up to date"), "{}", ran.out);
    assert!(server.asked()[0].header("if-none-match").is_some());
    assert_like_full(&place, &url);
}

#[test]
fn nothing_changed() {
    let (place, server, url) = after(&OLD);
    assert!(place.updated(&url).out.starts_with("already up to date"));
    assert_eq!(server.targets(), ["/PyPI/modified_id.csv"]);
    assert!(place.updated(&url).out.starts_with("already up to date"));
    assert!(server.asked()[0].header("if-none-match").is_some());
}

/// Everything is fetched, and the reason is named.
fn full_because(new: &[Row], why: &str) {
    let (place, server, url) = after(new);
    let ran = place.updated(&url);
    assert!(ran.err.contains(why), "{}", ran.err);
    assert_eq!(server.targets().last().map(String::as_str), Some("/PyPI/all.zip"));
    assert_like_full(&place, &url);
}

#[test]
fn a_record_that_was_taken_back() {
    full_because(&NEW[..2], "GHSA-future was taken back");
}

#[test]
fn too_many_changes() {
    let ids: Vec<String> = (0..1001).map(|number| format!("GHSA-{number}")).collect();
    let many = ids.iter().map(|id| {
        let row: Row = (Box::leak(id.clone().into_boxed_str()), "shoplib", "2", "2026-03-01T00:00:00Z");
        row
    });
    full_because(&OLD.into_iter().chain(many).collect::<Vec<_>>(), "1001 records changed");
}

/// The list, and what else differs from a good server.
fn doubtful(list: &'static str, single: fn() -> Answer, why: &str) {
    let place = Place::new();
    let server = Server::start(move |asked, _| match asked.target.rsplit('/').next() {
        Some("all.zip") => Answer::ok(export(&OLD)),
        Some("modified_id.csv") => Answer::ok(list),
        _ => single(),
    });
    place.updated(&server.url("/all.zip"));
    server.asked();
    let ran = place.updated(&server.url("/all.zip"));
    assert!(ran.err.contains(why), "{}", ran.err);
    assert_eq!(server.targets().last().map(String::as_str), Some("/all.zip"));
    assert!(ran.out.starts_with("already up to date"), "{}", ran.out);
}

#[test]
fn any_doubt_fetches_everything() {
    let good = "2027-07-09T15:45:00Z,GHSA-future\n2026-02-02T00:00:00.12Z,GHSA-stays\n2026-02-05T00:00:00Z,GHSA-changes\n";
    let no_answer = || Answer::status(404);
    doubtful(good, no_answer, "404 Not Found");
    doubtful(good, || Answer::ok("<html>").header("Content-Type", "text/html"), "is a web page");
    doubtful(
        good,
        || Answer::ok(record("GHSA-other", "shoplib", "3", "2026-02-05T00:00:00Z")),
        "GHSA-other was not asked for",
    );
    doubtful(good, || Answer::ok("{}"), "no advisory");
    doubtful("2026-02-05T00:00:00Z,../../secret\n", no_answer, "cannot be read");
    doubtful("when,what\n", no_answer, "cannot be read");
    doubtful("", no_answer, "cannot be read");
}

#[test]
fn a_mirror_without_a_list_is_asked_for_the_archive() {
    let place = Place::new();
    let server = Server::start(move |asked, _| {
        if asked.target.ends_with("csv") { Answer::status(404) } else { file(asked, &export(&OLD), "1") }
    });
    place.updated(&server.url("/all.zip"));
    server.asked();
    let ran = place.updated(&server.url("/all.zip"));
    assert_eq!((ran.out.starts_with("already up to date"), ran.err.as_str()), (true, ""));
    assert_eq!(server.asked()[1].header("if-none-match"), Some("\"1\""));
}

#[test]
fn other_sources_are_kept_by_an_increment() {
    let (server, rows) = exporting(&OLD);
    let place = Place::new();
    let own = place.folder.path().join("PYSEC-0000-1.json");
    std::fs::write(&own, record("PYSEC-0000-1", "shoplib", "5", "2026-01-05T00:00:00Z")).unwrap();
    // Fewer than what is built in, which would be suspicious.
    assert_eq!(place.update(&["--source", own.to_str().unwrap(), "--force"]).code, 0);
    let url = server.url("/PyPI/all.zip");
    place.updated(&url);
    *rows.lock().unwrap() = NEW.to_vec();
    let ran = place.updated(&url);
    assert!(ran.out.contains("pypa: 1 record of 2026-01-05 (kept)"), "{}", ran.out);
    assert!(ran.out.contains("2 changed records fetched"), "{}", ran.out);
    assert!(place.found().contains("PYSEC-0000-1"));
}

#[test]
fn a_changed_record_that_cannot_be_read_is_listed_and_asked_for_once() {
    let place = Place::new();
    let times = Arc::new(Mutex::new(0));
    let counter = times.clone();
    let server = Server::start(move |asked, _| match asked.target.rsplit('/').next() {
        Some("all.zip") => file(asked, &export(&OLD), "1"),
        Some("modified_id.csv") => {
            *counter.lock().unwrap() += 1;
            let number = *counter.lock().unwrap();
            // Another list each time, so that it is read.
            let text = format!(
                "{}2026-02-0{number}T00:00:00Z,GHSA-x{number}\n2026-03-01T00:00:00Z,GHSA-broken\n",
                list(&OLD)
            );
            let known: Vec<String> =
                (1..number).map(|number| format!("2026-02-0{number}T00:00:00Z,GHSA-x{number}\n")).collect();
            Answer::ok(text + &known.concat())
        }
        Some("GHSA-broken.json") => Answer::ok("{\"id\": \"GHSA-broken\", \"affected\": 7"),
        Some(name) => Answer::ok(record(
            name.trim_end_matches(".json"),
            "shoplib",
            "2",
            &format!("2026-02-0{}T00:00:00Z", &name[6..7]),
        )),
        None => Answer::status(404),
    });
    let url = server.url("/all.zip");
    place.updated(&url);
    let ran = place.updated(&url);
    let listed = format!("left out: {}: ", server.url("/GHSA-broken.json"));
    assert!(ran.err.contains(&listed), "{}", ran.err);
    assert!(ran.out.contains("1 left out"), "{}", ran.out);
    server.asked();
    place.updated(&url);
    assert_eq!(server.targets(), ["/modified_id.csv", "/GHSA-x2.json"]);
}
