use proptest::prelude::*;

use super::*;
use crate::model::{Package, PackageName, SourceFile, SourceKind, Sources, Span};

fn package(text: &str, editable: bool) -> Package {
    let mut sources = Sources::new(0);
    let source = sources.add(SourceFile::new("requirements.txt", text.to_owned()));
    let requirement = read_line(text, editable).unwrap_or_else(|error| panic!("{text}: {}", error.message));
    to_package(&requirement, &|range| Span::new(source, range), Span::new(source, 0..text.len()))
}

fn parts(text: &str) -> (String, Vec<String>, String, String, String) {
    let requirement = read(text).unwrap_or_else(|error| panic!("{text}: {}", error.message));
    let piece = |piece: &Option<Piece>| piece.as_ref().map(|piece| piece.text.clone()).unwrap_or_default();
    let extras = requirement.extras.iter().map(|extra| extra.text.clone()).collect();
    (
        piece(&requirement.name),
        extras,
        piece(&requirement.specifier),
        piece(&requirement.marker),
        piece(&requirement.url),
    )
}

#[test]
fn a_long_extra_is_not_shortened() {
    let long = "with-everything-that-a-harbour-of-this-size-needs";
    for (text, editable) in
        [(format!("./harbour[sails, {long}]"), true), (format!("./h-1.0.zip#egg=h[{long}]"), false)]
    {
        let extras = package(&text, editable).extras;
        assert_eq!(extras.last().map(PackageName::as_str), Some(long), "{text}");
    }
}

#[test]
fn only_a_specifier_behind_an_egg_is_one() {
    for (egg, specifier) in [
        ("ship==1.0", Some("==1.0")),
        ("ship[sails]>=1,<2", Some(">=1,<2")),
        ("ship(>=1)", Some(">=1")),
        ("ship==1.0;os_name=='nt'", Some("==1.0")),
        ("ship@v2#egg=ship", None),
        ("ship;os_name=='nt'", None),
    ] {
        let text = format!("git+https://git.example.com/ship#egg={egg}");
        let requirement = read_line(&text, false).unwrap();
        let found = requirement.specifier.as_ref().map(|piece| piece.text.as_str());
        assert_eq!(found, specifier, "{egg}");
        assert_eq!(requirement.specifier.map(|piece| text[piece.range].to_owned()).as_deref(), specifier);
    }
}

#[test]
fn a_comma_ends_arbitrary_equality() {
    assert_eq!(parts("ship===2.9.0-NA, >=2 ; os_name == 'nt'").2, "===2.9.0-NA, >=2");
    assert!(read("ship===2.9.0,NA").is_err(), "`packaging` refuses it too");
    assert_eq!(package("ship===1.0,!=2", false).version, None, "two clauses are no pin");
}

#[test]
fn every_part_is_quoted_as_written() {
    let (name, extras, specifier, marker, url) =
        parts("  Foo_Bar [one, two] >= 1.0 , < 2 ; python_version < '3.9' and (os_name=='nt')");
    assert_eq!((name.as_str(), extras), ("Foo_Bar", vec!["one".to_owned(), "two".to_owned()]));
    assert_eq!((specifier.as_str(), url.as_str()), (">= 1.0 , < 2", ""));
    assert_eq!(marker, "python_version < '3.9' and (os_name=='nt')");
    assert_eq!(
        parts("foo@https://x.example/a;b").4,
        "https://x.example/a;b",
        "`;` belongs to the URL without a space"
    );
    assert_eq!(parts("foo @ https://x.example/a ; extra == 'x'").3, "extra == 'x'");
    assert_eq!(parts("foo (>=1,<2)").2, ">=1,<2");
}

#[test]
fn accepts_what_packaging_accepts() {
    for text in [
        "foo>=1.0,",
        "foo===2.9.0-NA",
        "foo===",
        "foo==1!2.0+local.1",
        "foo==1.*",
        "foo!=1.2.*",
        "a",
        "A.b-c_d",
        "foo_",
        "foo[]",
        "foo ;python_version not in '3.0, 3.1'",
        "foo; 'dev' in dependency_groups",
        "foo;os.name=='posix'",
        "foo; python_version>='3'and os_name=='nt'",
        "foo==v1.0",
        "foo==1.0-1",
        "foo~=1.4.post1",
        "foo()",
        "foo==1.0.dev0,!=1.1",
        "foo[bar]@ https://x",
        "foo; 'linux' == sys_platform",
        "foo==1.0RC1",
    ] {
        assert!(read(text).is_ok(), "{text}: {:?}", read(text));
    }
}

#[test]
fn refuses_what_packaging_refuses_and_says_where() {
    for (text, column, words) in [
        ("", 0, "expected a package name, found the end"),
        ("-foo", 0, "expected a package name, found `-foo`"),
        ("foo=1.0", 3, "a single `=` is no operator"),
        ("foo==", 5, "expected a version after `==`, found the end"),
        ("foo>=1.*", 5, "`.*` goes with `==` and `!=` only"),
        ("foo==1.0a1.*", 5, "`.*` may only follow the release numbers"),
        ("foo~=1", 5, "at least two release numbers"),
        ("foo>=1.0+x", 5, "a local version"),
        ("foo==1.0 bar", 9, "found `bar`"),
        ("foo[bar", 3, "expected `]`"),
        ("foo[bar,]", 8, "the name of an extra"),
        ("foo>=1 python_version<'3'", 7, "`;` and a marker"),
        ("foo; python_versio<'3'", 5, "a marker variable or a quoted text"),
        ("foo; python_version<'3", 20, "never closed"),
        ("foo; (python_version<'3'", 24, "expected `)`"),
        ("foo; python_version<'3' or", 26, "a marker variable"),
        ("foo @", 5, "a URL after `@`"),
        ("foo @ https://x y", 16, "after the URL"),
        ("requ\u{435}sts==1", 0, "expected a package name"),
        ("foo==abc", 5, "no version that PEP 440 knows"),
    ] {
        let error = read(text).expect_err(text);
        assert!(error.message.contains(words), "{text}: {}", error.message);
        assert_eq!(error.range.start, column, "{text}: {}", error.message);
    }
}

#[test]
fn nesting_and_length_have_a_limit() {
    let nested = format!("foo; {}os_name=='nt'{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(read(&nested).expect_err("deep").message.contains("longer than"));
    let nested = format!("foo; {}os_name=='nt'{}", "(".repeat(33), ")".repeat(33));
    assert!(read(&nested).expect_err("deep").message.contains("nested deeper than 32"));
    let bearable = format!("foo; {}os_name=='nt'{}", "(".repeat(32), ")".repeat(32));
    assert!(read(&bearable).is_ok());
}

#[test]
fn addresses_become_sources() {
    let source = |text: &str, editable| {
        let package = package(text, editable);
        let name = package.name.map_or("-".to_owned(), |name| name.to_string());
        (name, package.source.kind, package.source.url.unwrap_or_default(), package.source.reference)
    };
    let reference = |text: &str| Some(text.to_owned());
    assert_eq!(
        source("discord.py[speed,voice] @ git+https://forge.example/r/d.git@ebc1bc3", false),
        ("discord-py".into(), SourceKind::Git, "https://forge.example/r/d.git".into(), reference("ebc1bc3"))
    );
    assert_eq!(
        source("git+https://git@forge.example/a/b.git", false),
        ("-".into(), SourceKind::Git, "https://git@forge.example/a/b.git".into(), None)
    );
    assert_eq!(
        source("git+ssh://git@forge.example/a/b.git@feature/x#egg=B[one]&subdirectory=src", true),
        ("b".into(), SourceKind::Git, "ssh://git@forge.example/a/b.git".into(), reference("feature/x"))
    );
    assert_eq!(source(".", false).1, SourceKind::Path);
    assert_eq!(source("master[test,tls]", true), ("-".into(), SourceKind::Path, "master".into(), None));
    assert_eq!(source("./libs/shop/", false).2, "./libs/shop/");
    assert_eq!(source("https://x.example/Foo_Bar-1.0-py3-none-any.whl", false).0, "foo-bar");
    assert_eq!(source("https://x.example/a-1.0+l.tar.gz", false).1, SourceKind::Url);
    assert_eq!(source("vendor/foo-1.0.tar.gz ; os_name=='nt'", false).2, "vendor/foo-1.0.tar.gz");
    assert_eq!(package("a[b]@ file:///x/y", false).extras.len(), 1);
    assert_eq!(source("git+https://x.example/é/ü ;os_name=='nt'", false).2, "https://x.example/é/ü");
}

#[test]
fn versions_are_pins_only() {
    let version = |text: &str| package(text, false).version.map(|version| version.as_str().to_owned());
    let pin = |text: &str| Some(text.to_owned());
    assert_eq!(version("foo==1.0"), pin("1.0"));
    assert_eq!(version("foo == 1!2.0+a"), pin("1!2.0+a"));
    assert_eq!(version("foo===1.0-NA"), pin("1.0-NA"));
    assert_eq!(
        [version("foo==1.*"), version("foo==1.0,!=2"), version("foo>=1"), version("foo")],
        [None, None, None, None]
    );
}

proptest! {
    #[test]
    fn never_panics_and_pieces_stand_where_they_say(text in "[a-zA-Z0-9 \\[\\](),;@=<>~!.*'\"_+/:#é-]{0,40}", editable: bool) {
        if let Ok(requirement) = read_line(&text, editable) {
            let pieces = requirement.name.iter().chain(&requirement.specifier).chain(&requirement.marker);
            for piece in pieces {
                prop_assert_eq!(text.get(piece.range.clone()), Some(piece.text.as_str()));
            }
        }
    }

    #[test]
    fn whatever_the_text(text in "(git\\+|https://|\\./)?\\PC{0,60}", editable: bool) {
        match read_line(&text, editable) {
            Ok(_) => {}
            Err(error) => prop_assert!(error.range.start <= error.range.end && error.range.end <= text.len()),
        }
    }
}
