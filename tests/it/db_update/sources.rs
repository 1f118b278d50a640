//! Where advisories may come from, what is kept, and what is not believed.

use super::super::server::{Server, file};
use super::{Place, export, one, record, zip};

#[test]
fn files_folders_and_file_urls_need_no_server() {
    let place = Place::new();
    let inside = |name: &str| place.folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(inside("export.zip"), one("GHSA-good")).unwrap();
    assert!(place.updated("export.zip").out.starts_with("updated"));
    assert!(place.updated("export.zip").out.starts_with("already up to date"));
    let url = format!("file://{}", inside("export.zip"));
    assert!(place.updated(&url).out.starts_with("already up to date"));
    std::fs::create_dir(inside("records")).unwrap();
    std::fs::write(inside("records/a.json"), record("GHSA-folder", "shoplib", "2", "2026-02-03T00:00:00Z"))
        .unwrap();
    let both = place.update(&["--source", "records", "--source", &url]);
    assert!(both.out.contains("github: 2 records of 2026-02-03 (before: 1 of 2026-02-01)"), "{}", both.out);
    let found = place.found();
    assert!(found.contains("GHSA-folder") && found.contains("GHSA-good"), "{found}");
    place.refused(&["--source", "nowhere"], &["cannot read `nowhere`", "No such file"]);
    place.refused(&["--source", "ftp://host/all.zip"], &["cannot fetch ftp:// addresses"]);
    place.refused(&["--source", "https://u:secret@host:x/"], &["not a URL that can be used"]);
}

#[test]
fn one_source_is_replaced_and_the_others_stay() {
    let place = Place::new();
    let server = Server::start(|asked, _| {
        if asked.target.contains("malware") {
            file(asked, &export(&[("MAL-2026-1", "shoplib", "9", "2026-02-01T00:00:00Z")]), "m")
        } else {
            file(asked, &one("GHSA-good"), "1")
        }
    });
    place.updated(&server.url("/export.zip"));
    let ran = place.update(&["--source", &server.url("/malware.zip"), "--force"]);
    assert!(ran.out.contains("github: 1 record of 2026-02-01 (kept)"), "{}", ran.out);
    let found = place.found();
    assert!(found.contains("GHSA-good") && found.contains("MAL-2026-1"), "{found}");
    // Two addresses, one of which changed: both are read.
    let both = [server.url("/export.zip"), server.url("/malware.zip")];
    let arguments = ["--source", &both[0], "--source", &both[1]];
    assert!(place.update(&arguments).out.starts_with("already up to date"));
    server.asked();
    assert!(place.update(&arguments).out.starts_with("already up to date"));
    assert!(server.asked().iter().all(|asked| asked.header("if-none-match").is_some()));
}

#[test]
fn a_suspicious_loss_is_refused() {
    let rows = |count: usize| {
        let ids: Vec<String> = (0..count).map(|number| format!("GHSA-{number}")).collect();
        export(
            &ids.iter().map(|id| (id.as_str(), "shoplib", "2", "2026-02-01T00:00:00Z")).collect::<Vec<_>>(),
        )
    };
    let place = Place::new();
    let write = |count| std::fs::write(place.folder.path().join("export.zip"), rows(count)).unwrap();
    write(210);
    place.updated("export.zip");
    write(188);
    place.refused(&["--source", "export.zip"], &["github would have 188 records, 210 are now", "--force"]);
    write(189);
    place.updated("export.zip");
    write(1);
    let forced = place.update(&["--source", "export.zip", "--force"]);
    assert!(forced.out.contains("github: 1 record of 2026-02-01 (before: 189 of"), "{}", forced.out);
    // Without a store: compared with what is built in.
    let fresh = Place::new();
    std::fs::write(fresh.folder.path().join("export.zip"), one("PYSEC-2026-1")).unwrap();
    fresh.refused(&["--source", "export.zip"], &["pypa would have 1 records", "are built in"]);
}

#[test]
fn a_source_that_vanishes_from_its_address_is_a_loss() {
    let place = Place::new();
    let many: Vec<String> = (0..30).map(|number| format!("MAL-2026-{number}")).collect();
    let mut rows: Vec<_> =
        many.iter().map(|id| (id.as_str(), "shoplib", "2", "2026-02-01T00:00:00Z")).collect();
    rows.push(("GHSA-good", "shoplib", "2", "2026-02-01T00:00:00Z"));
    let first = export(&rows);
    let server = Server::start(move |asked, before| match before {
        0 => file(asked, &first, "1"),
        _ => file(asked, &one("GHSA-good"), "2"),
    });
    assert_eq!(place.update(&["--source", &server.url("/x.zip"), "--force"]).code, 0);
    place.refused(&["--source", &server.url("/x.zip")], &["openssf would have 0 records, 30 are now"]);
}

#[test]
fn bad_records_are_listed_and_left_out() {
    let place = Place::new();
    let large = |size: usize| format!("{{\"id\": \"GHSA-x\", \"details\": \"{}\"}}", "x".repeat(size));
    let files = [
        ("GHSA-good.json", record("GHSA-good", "shoplib", "2", "2026-02-01T00:00:00Z")),
        ("GHSA-broken.json", "{\"id\":".to_owned()),
        ("GHSA-large.json", large(8 << 20)),
        ("GHSA-bomb.json", large(1 << 20)),
    ];
    let body = zip(&files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    let server = Server::start(move |asked, _| file(asked, &body, "1"));
    let ran = place.updated(&server.url("/export.zip"));
    assert!(ran.out.contains("3 left out because they could not be read"), "{}", ran.out);
    let place_of = |name: &str| format!("left out: {}:{name}: ", server.url("/export.zip"));
    assert!(ran.err.contains(&place_of("GHSA-broken.json")), "{}", ran.err);
    assert!(ran.err.contains(&(place_of("GHSA-large.json") + "a record of more than")), "{}", ran.err);
    assert!(
        ran.err.contains(&(place_of("GHSA-bomb.json") + "unpacks to more than 200 times")),
        "{}",
        ran.err
    );
    assert!(place.found().contains("GHSA-good"));
}

#[test]
fn a_store_of_a_newer_format_is_not_overwritten() {
    let place = Place::new();
    std::fs::write(place.folder.path().join("export.zip"), one("GHSA-good")).unwrap();
    place.updated("export.zip");
    let mut bytes = place.bytes();
    bytes[8] = 99;
    std::fs::write(place.store(), &bytes).unwrap();
    place.refused(&["--source", "export.zip"], &["has format 99 and is not overwritten", "update `audit`"]);
    std::fs::write(place.store(), "my notes, which are longer than the first bytes of a store").unwrap();
    place.refused(&["--source", "export.zip"], &["is no advisory store and is not overwritten"]);
}

#[test]
fn a_damaged_store_is_made_anew() {
    let place = Place::new();
    let server = Server::start(|asked, _| file(asked, &one("GHSA-good"), "1"));
    place.updated(&server.url("/all.zip"));
    let whole = place.bytes();
    let mut bytes = whole.clone();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(place.store(), &bytes).unwrap();
    let ran = place.updated(&server.url("/all.zip"));
    assert!(ran.err.contains("is damaged") && ran.err.contains("made anew"), "{}", ran.err);
    assert!(place.bytes() == whole);
}

#[test]
fn a_state_that_is_no_state_is_ignored() {
    let place = Place::new();
    let server = Server::start(|asked, _| file(asked, &one("GHSA-good"), "1"));
    place.updated(&server.url("/x.zip"));
    for text in [
        "",
        "{",
        "[]",
        "{\"format\": 1, \"store\": 7}",
        "{\"format\": 2, \"store\": \"\", \"addresses\": []}",
    ] {
        std::fs::write(place.folder.path().join("team.store.update.json"), text).unwrap();
        server.asked();
        assert!(place.updated(&server.url("/x.zip")).out.starts_with("already up to date"));
        assert_eq!(server.asked()[0].header("if-none-match"), None, "{text}");
    }
}

/// Ten thousand names for one packed megabyte: ten gigabytes in an archive of one.
#[test]
fn an_archive_whose_entries_overlap() {
    let place = Place::new();
    std::fs::write(place.folder.path().join("good.zip"), one("GHSA-good")).unwrap();
    place.updated("good.zip");
    let body = zip(&[(
        "GHSA-1.json".to_owned(),
        record("GHSA-1", "shoplib", "2", "2026-01-01T00:00:00Z").into_bytes(),
    )]);
    let list = body.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    let (files, rest) = body.split_at(list);
    let (entry, end) = rest.split_at(rest.len() - 22);
    let count: u16 = 10_000;
    let mut bomb = [files, &entry.repeat(count.into()), end].concat();
    let at = bomb.len() - 22;
    bomb[at + 8..at + 10].copy_from_slice(&count.to_le_bytes());
    bomb[at + 10..at + 12].copy_from_slice(&count.to_le_bytes());
    bomb[at + 12..at + 16]
        .copy_from_slice(&u32::try_from(entry.len() * usize::from(count)).unwrap().to_le_bytes());
    let server = Server::start(move |asked, _| file(asked, &bomb, "1"));
    let url = server.url("/export.zip");
    let says = format!("cannot use the archive `{url}`: entries overlap");
    place.refused(&["--source", &url], &[&says]);
}
