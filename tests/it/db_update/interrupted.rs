//! Killed, locked out, out of room: always the old store or the new one.

use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::super::common::finish;
use super::super::server::{Answer, Server, file};
use super::{Place, command, export, one};

/// Many records, so that reading and writing take a while.
fn large(id: &str) -> Vec<u8> {
    let ids: Vec<String> = (0..400).map(|number| format!("GHSA-{number}")).collect();
    let mut rows: Vec<_> =
        ids.iter().map(|id| (id.as_str(), "other", "2.0", "2026-01-01T00:00:00Z")).collect();
    rows.push((id, "shoplib", "2.0", "2026-02-01T00:00:00Z"));
    export(&rows)
}

fn start(place: &Place, url: &str) -> Child {
    command(place.folder.path(), &["db", "update", "--db", "team.store", "--source", url])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_killed_update_leaves_the_old_store_or_the_new_one() {
    let old = large("GHSA-old");
    let new = large("GHSA-new");
    let (asked_for, requests): (Sender<()>, Receiver<()>) = channel();
    let asked_for = Mutex::new(asked_for);
    let server = Server::start(move |asked, _| {
        if asked.target.contains("old") {
            return file(asked, &old, "old");
        }
        asked_for.lock().unwrap().send(()).unwrap();
        file(asked, &new, "new").slowly(8 << 10, Duration::from_millis(2))
    });
    let place = Place::new();
    place.updated(&server.url("/old.zip"));
    let (store, state) = (place.store(), place.folder.path().join("team.store.update.json"));
    let (old_store, old_state) = (std::fs::read(&store).unwrap(), std::fs::read(&state).unwrap());
    let (mut olds, mut news, mut pause) = (0, 0, 0);
    // While it is sent, and then until after the rename, however slow the machine is.
    while news < 8 {
        std::fs::write(&store, &old_store).unwrap();
        std::fs::write(&state, &old_state).unwrap();
        let mut child = start(&place, &server.url("/new.zip"));
        requests.recv().unwrap();
        thread::sleep(Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = place.found();
        assert!(found.contains("GHSA-old") != found.contains("GHSA-new"), "{found}");
        if found.contains("GHSA-old") {
            olds += 1;
        } else {
            news += 1;
        }
        pause += 3 + pause / 16;
    }
    assert!(olds > 0, "killed {news} times, and always too late");
    // Killed between the store and what is remembered of it; and whatever was left behind is cleaned up.
    std::fs::write(&state, &old_state).unwrap();
    std::fs::write(place.folder.path().join(".team.store.Ab12Cd.tmp"), "PK").unwrap();
    place.updated(&server.url("/new.zip"));
    assert!(place.found().contains("GHSA-new"));
    assert_eq!(place.leftovers(), [""; 0]);
}

#[test]
fn two_at_once() {
    let body = one("GHSA-good");
    let (asked_for, requests) = channel();
    let (go, wait) = channel::<()>();
    let gates = Mutex::new((asked_for, wait));
    let server = Server::start(move |asked, _| {
        let gates = gates.lock().unwrap();
        gates.0.send(()).unwrap();
        gates.1.recv().unwrap();
        file(asked, &body, "1")
    });
    let place = Place::new();
    let mut first = start(&place, &server.url("/export.zip"));
    requests.recv().unwrap();
    let second = place.update(&["--source", &server.url("/export.zip")]);
    assert_eq!(second.code, 2);
    assert!(second.err.contains("another process is updating team.store"), "{}", second.err);
    let import = command(place.folder.path(), &["db", "import", "--db", "team.store", "."]).output().unwrap();
    assert_eq!(import.status.code(), Some(2), "an import writes the same file");
    go.send(()).unwrap();
    assert!(first.wait().unwrap().success());
    assert!(place.found().contains("GHSA-good"));
}

#[cfg(unix)]
#[test]
fn a_full_disk() {
    let new = large("GHSA-new");
    let server = Server::start(move |asked, _| {
        if asked.target.contains("old") {
            file(asked, &one("GHSA-old"), "old")
        } else {
            file(asked, &new, "new")
        }
    });
    let place = Place::new();
    place.updated(&server.url("/old.zip"));
    // With room for the download or without; in units of 512 bytes. A file that grows too large is an error, as on
    // a full disk, once the signal is ignored.
    for room in [8, 40] {
        let script = format!("trap '' XFSZ; ulimit -f {room}; exec \"$0\" \"$@\"");
        let mut shell = std::process::Command::new("sh");
        let program = env!("CARGO_BIN_EXE_audit");
        let url = server.url("/new.zip");
        shell.current_dir(place.folder.path()).env_clear().args(["-c", &script, program, "db", "update"]);
        let ran = finish(shell.args(["--db", "team.store", "--source", &url]));
        assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("File too large") && ran.err.contains("make room"), "{}", ran.err);
        assert!(place.found().contains("GHSA-old"));
        assert_eq!(place.leftovers(), [""; 0]);
    }
}

/// A file in the place of the folder: closed permissions would not stop root.
#[test]
fn a_folder_that_cannot_be_written() {
    let place = Place::new();
    std::fs::write(place.folder.path().join("file"), "").unwrap();
    let source = place.folder.path().join("GHSA-x.json");
    std::fs::write(source, super::record("GHSA-x", "shoplib", "2", "2026-01-01T00:00:00Z")).unwrap();
    let arguments = ["db", "update", "--db", "file/team.store", "--source", "GHSA-x.json"];
    let ran = finish(&mut command(place.folder.path(), &arguments));
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("cannot write in file") && ran.err.contains("--db"), "{}", ran.err);
}

#[test]
fn a_server_that_closes_the_connection_each_time() {
    let place = Place::new();
    let body = Arc::new(one("GHSA-good"));
    let server = Server::start(move |asked, _| {
        let length = body.len();
        if asked.target.ends_with("csv") {
            return Answer::ok("2026-02-01T00:00:00Z,GHSA-good\n").header("Connection", "close").cut(1000);
        }
        file(asked, &body, "1").header("Connection", "close").cut(length)
    });
    place.updated(&server.url("/all.zip"));
    assert!(place.updated(&server.url("/all.zip")).out.starts_with("already up to date"));
}
