//! Servers, good and bad.

use std::io::Write as _;
use std::time::Duration;

use super::super::server::{Answer, Server, file};
use super::{Place, one, zip};

/// Serves one file under every path.
fn serving(body: Vec<u8>, tag: &'static str) -> Server {
    Server::start(move |asked, _| file(asked, &body, tag))
}

/// A store with a record, and a server whose answers are bad.
fn refused(answer: impl Fn() -> Answer + Send + Sync + 'static, says: &[&str]) -> usize {
    let place = Place::new();
    let good = serving(one("GHSA-good"), "1");
    place.updated(&good.url("/export.zip"));
    let bad = Server::start(move |_, _| answer());
    place.refused(&["--source", &bad.url("/export.zip"), "--timeout", "1"], says);
    assert!(place.found().contains("GHSA-good"), "the old store works");
    bad.targets().len()
}

#[test]
fn what_did_not_change_is_not_fetched_again() {
    let place = Place::new();
    let server = serving(one("GHSA-good"), "1");
    let first = place.updated(&server.url("/export.zip"));
    assert!(first.out.starts_with("updated\ngithub: 1 record of 2026-02-01 (new)\n"), "{}", first.out);
    assert!(place.found().contains("GHSA-good"));
    let asked = server.asked();
    assert_eq!(asked[0].header("user-agent"), Some(concat!("audit/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(asked[0].header("if-none-match"), None);
    let second = place.updated(&server.url("/export.zip"));
    assert!(second.out.starts_with("already up to date\ngithub: 1 record of 2026-02-01\n"), "{}", second.out);
    assert_eq!(server.asked()[0].header("if-none-match"), Some("\"1\""));
    // Credentials do not make it another file; `--full` and a store that is another one ask for all of it.
    place.updated(&server.url("/export.zip").replace("://", "://user:secret@"));
    let asked = server.asked();
    assert_eq!(asked[0].header("if-none-match"), Some("\"1\""));
    assert_eq!(asked[0].header("authorization"), Some("Basic dXNlcjpzZWNyZXQ="));
    let remembered = std::fs::read_to_string(place.folder.path().join("team.store.update.json")).unwrap();
    assert!(!remembered.contains("secret"), "{remembered}");
    assert_eq!(place.update(&["--source", &server.url("/export.zip"), "--full"]).code, 0);
    assert_eq!(server.asked()[0].header("if-none-match"), None);
    std::fs::remove_file(place.store()).unwrap();
    assert!(place.updated(&server.url("/export.zip")).out.starts_with("updated"));
    assert_eq!(server.asked()[0].header("if-none-match"), None);
}

#[test]
fn quiet_says_nothing() {
    let place = Place::new();
    let server = serving(one("GHSA-good"), "1");
    let ran = place.update(&["--source", &server.url("/export.zip"), "--quiet"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
}

#[test]
fn a_cut_body_is_continued_where_it_broke_off() {
    let body = one("GHSA-good");
    let half = body.len() / 2;
    let place = Place::new();
    let server = Server::start(move |asked, before| {
        let answer = file(asked, &body, "1");
        if before == 0 { answer.cut(half) } else { answer }
    });
    place.updated(&server.url("/export.zip"));
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].header("range"), Some(format!("bytes={half}-").as_str()));
    assert_eq!(asked[1].header("if-range"), Some("\"1\""));
    assert!(place.found().contains("GHSA-good"));
}

#[test]
fn a_cut_body_is_begun_again_when_the_file_changed_or_has_no_tag() {
    let (old, new) = (one("GHSA-old-and-longer"), one("GHSA-good"));
    let place = Place::new();
    let server = Server::start(move |asked, before| match before {
        0 => file(asked, &old, "1").cut(100),
        1 => file(asked, &new, "2").cut(50),
        // The tag of another part, without a range that fits.
        2 => Answer::status(206).header("Content-Range", "bytes 7-9/10").header("ETag", "\"2\""),
        _ => Answer::ok(new.clone()),
    });
    place.updated(&server.url("/export.zip"));
    let ranges: Vec<_> =
        server.asked().iter().map(|asked| asked.header("range").map(str::to_owned)).collect();
    assert_eq!(ranges, [None, Some("bytes=100-".to_owned()), Some("bytes=50-".to_owned()), None]);
    assert!(place.found().contains("GHSA-good"));
}

#[test]
fn a_busy_server_is_asked_again() {
    let body = one("GHSA-good");
    let place = Place::new();
    let server = Server::start(move |asked, before| match before {
        0 => Answer::status(429).header("Retry-After", "0"),
        1 => Answer::status(503),
        _ => file(asked, &body, "1").slowly(64, Duration::from_millis(2)),
    });
    place.updated(&server.url("/export.zip"));
    assert_eq!(server.targets().len(), 3);
}

#[test]
fn but_not_for_ever() {
    let busy = || Answer::status(500).header("Retry-After", "0");
    assert_eq!(refused(busy, &["the server says 500 Internal Server Error", "--source FILE"]), 4);
    let later = || Answer::status(429).header("Retry-After", "7200");
    assert_eq!(refused(later, &["429 Too Many Requests", "asks to wait 7200 s"]), 1);
}

#[test]
fn a_server_that_falls_silent() {
    // One byte more than it sends: each try ends with the time-out.
    let silent =
        || Answer::ok(one("GHSA-x")).slowly(200, Duration::from_millis(1300)).header("ETag", "W/\"x\"");
    assert_eq!(refused(silent, &["the connection broke after 200 bytes", "timed out"]), 4);
}

#[test]
fn a_body_that_stays_cut_or_is_shorter_than_it_says() {
    let cut = || Answer::ok(one("GHSA-x")).claiming(5000);
    assert_eq!(refused(cut, &["the connection broke after"]), 4);
    let longer = || Answer::ok(one("GHSA-x")).claiming(300);
    assert_eq!(refused(longer, &["not a whole zip"]), 1);
}

#[test]
fn answers_that_are_no_advisories() {
    let login = || Answer::ok("<!doctype html><title>Log in</title>").header("Content-Type", "text/html");
    assert_eq!(refused(login, &["is a web page and not advisories", "a login or a proxy"]), 1);
    let unnamed = || Answer::ok("\n <html>");
    assert_eq!(refused(unnamed, &["is a web page"]), 1);
    assert_eq!(refused(|| Answer::ok("7z\u{bc}\u{af}"), &["is not a zip archive"]), 1);
    assert_eq!(refused(|| Answer::ok(""), &["is not a zip archive"]), 1);
    assert_eq!(refused(|| Answer::ok("PK\u{3}\u{4}"), &["not a whole zip"]), 1);
    assert_eq!(refused(|| Answer::ok(zip(&[])), &["no advisory about a Python package"]), 1);
    let packed = || Answer::ok(one("GHSA-x")).header("Content-Encoding", "br");
    assert_eq!(refused(packed, &["packed as br"]), 1);
}

#[test]
fn what_a_server_refuses() {
    assert_eq!(refused(|| Answer::status(404), &["404 Not Found", "PyPI/all.zip"]), 1);
    assert_eq!(refused(|| Answer::status(403), &["403 Forbidden", "password"]), 1);
    assert_eq!(refused(|| Answer::status(401), &["401 Unauthorized", "into the URL"]), 1);
    assert_eq!(refused(|| Answer::status(204), &["204 No Content"]), 1);
}

#[test]
fn larger_than_allowed_by_what_it_says() {
    let huge = || Answer::ok("PK").claiming(usize::MAX / 2);
    assert_eq!(refused(huge, &["it is larger than 1024 MiB"]), 1);
}

#[test]
fn an_endless_list_ends_at_the_limit() {
    let place = Place::new();
    let body = one("GHSA-good");
    let server = Server::start(move |asked, before| match (asked.target.ends_with("csv"), before) {
        (true, _) => Answer::ok(vec![b'x'; 1 << 20]).endless(),
        _ => file(asked, &body, "1"),
    });
    place.updated(&server.url("/all.zip"));
    let second = place.updated(&server.url("/all.zip"));
    assert!(second.err.contains("larger than 64 MiB"), "{}", second.err);
    assert!(second.out.starts_with("already up to date"), "everything was read instead: {}", second.out);
}

#[test]
fn redirects_are_followed_a_few_times() {
    let body = one("GHSA-good");
    let place = Place::new();
    let server = Server::start(move |asked, _| match asked.target.trim_start_matches('/').parse::<u32>() {
        Ok(0) => file(asked, &body, "1"),
        Ok(hops) => Answer::status(302).header("Location", &format!("/{}", hops - 1)),
        Err(_) => Answer::status(301).header("Location", &asked.target),
    });
    place.updated(&server.url("/5"));
    place.refused(&["--source", &server.url("/6")], &["redirected more than 5 times"]);
    place.refused(&["--source", &server.url("/round")], &["redirected more than 5 times"]);
}

#[test]
fn a_redirect_elsewhere_takes_no_credentials_along() {
    let body = one("GHSA-good");
    let other = Server::start(move |asked, _| file(asked, &body, "1"));
    let target = other.url("/x.zip");
    let place = Place::new();
    let server = Server::start(move |_, _| Answer::status(302).header("Location", &target));
    place.updated(&server.url("/export.zip").replace("://", "://user:secret@"));
    assert!(server.asked()[0].header("authorization").is_some());
    assert_eq!(other.asked()[0].header("authorization"), None);
    let server = Server::start(|_, _| Answer::status(302).header("Location", "file:///etc/passwd"));
    place.refused(&["--source", &server.url("/export.zip")], &["cannot fetch"]);
}

#[test]
fn gzip_is_unpacked_within_limits() {
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let body = gzip(&one("GHSA-good"));
    let half = body.len() / 2;
    let place = Place::new();
    let server = Server::start(move |asked, before| {
        let answer = file(asked, &body, "1").header("Content-Encoding", "gzip");
        if before == 0 { answer.cut(half) } else { answer }
    });
    place.updated(&server.url("/export"));
    assert_eq!(server.asked()[0].header("accept-encoding"), Some("gzip"));
    assert!(place.found().contains("GHSA-good"));
    // A list of a gigabyte in a megabyte.
    let bomb = gzip(&vec![b'x'; 80 << 20]);
    let server = Server::start(move |asked, _| {
        if asked.target.ends_with("csv") {
            Answer::ok(bomb.clone()).header("Content-Encoding", "gzip")
        } else {
            file(asked, &one("GHSA-good"), "1")
        }
    });
    place.updated(&server.url("/all.zip"));
    assert!(place.updated(&server.url("/all.zip")).err.contains("larger than 64 MiB"));
    assert_eq!(refused(|| Answer::ok("PK").header("Content-Encoding", "gzip"), &["cannot be unpacked"]), 1);
}

#[test]
fn hostile_headers() {
    let long = || Answer::ok("PK").header("X-Long", &"x".repeat(1 << 20));
    refused(long, &["cannot fetch"]);
    let place = Place::new();
    let body = one("GHSA-good");
    let server = Server::start(move |_, _| {
        Answer::ok(body.clone())
            .header("ETag", &"e".repeat(5000))
            .header("Last-Modified", "\u{1b}[31m")
            .header("Content-Type", "\u{ff}")
    });
    let ran = place.update(&["--source", &server.url("/export.zip")]);
    assert!(!ran.err.contains('\u{1b}') && !ran.out.contains('\u{1b}'));
    let remembered = std::fs::read_to_string(place.folder.path().join("team.store.update.json"));
    assert!(remembered.is_err() || !remembered.unwrap().contains("eeee"));
}

#[test]
fn no_network_at_all() {
    let place = Place::new();
    // A port that nobody listens on: bound, and given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://user:secret@127.0.0.1:{port}/all.zip?sig=secret");
    let host = format!("cannot reach 127.0.0.1:{port}: ");
    let ran = place.refused(&["--source", &url], &[&host, "--source FILE", "--source URL"]);
    assert!(!ran.err.contains("secret"), "{}", ran.err);
}

#[test]
fn proxies_are_honoured() {
    let body = one("GHSA-good");
    let proxy = Server::start(move |asked, _| {
        if asked.target.starts_with("http://mirror.invalid/") {
            file(asked, &body, "1")
        } else {
            Answer::status(407).header("Proxy-Authenticate", "Basic realm=\"x\"")
        }
    });
    let place = Place::new();
    let through = |name: &str, source: &[&str]| {
        let mut arguments = vec!["db", "update", "--db", "team.store"];
        arguments.extend_from_slice(source);
        let proxy = format!("http://user:secret@{}", proxy.address());
        super::super::common::finish(super::command(place.folder.path(), &arguments).env(name, proxy))
    };
    let ran = through("http_proxy", &["--source", "http://mirror.invalid/export.zip"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(proxy.asked()[0].header("proxy-authorization"), Some("Basic dXNlcjpzZWNyZXQ="));
    // The default source, through a proxy that wants something else.
    let ran = through("HTTPS_PROXY", &[]);
    assert_eq!(ran.code, 2);
    assert_eq!(proxy.targets(), ["osv-vulnerabilities.storage.googleapis.com:443"]);
    assert!(ran.err.contains("proxy") && !ran.err.contains("secret"), "{}", ran.err);
    let ran = through("HTTP_PROXY", &["--source", "http://other.invalid/export.zip"]);
    assert!(ran.err.contains("407") && ran.err.contains("HTTP_PROXY"), "{}", ran.err);
}
