//! Holds the reader to `toml::de::DeTable::parse`: what that refuses ours refuses, what it reads ours reads alike.

use proptest::prelude::*;

use super::alike::{assert_alike, assert_squeezed_alike};
use super::builder::parse;

fn key() -> impl Strategy<Value = String> {
    let simple = prop::sample::select(vec![
        "a",
        "b",
        "c",
        "\"a\"",
        "'b'",
        "\"\\u0063\"",
        "1",
        "a-b",
        "\"a.b\"",
        "\"\"",
    ]);
    prop::collection::vec(simple, 1..4).prop_map(|keys| keys.join("."))
}

fn value() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec![
        "1",
        "0",
        "-7",
        "1_000",
        "0xff",
        "01",
        "1.5",
        "1e3",
        ".5",
        "inf",
        "nan",
        "true",
        "false",
        "True",
        "1979-05-27",
        "07:32:00",
        "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00.5-07:00",
        "2024-99-99",
        "2023-02-29",
        "\"x\"",
        "\"\"",
        "'y'",
        "''",
        "\"\\n\\u00e9\"",
        "\"\\q\"",
        "\"tab\tin\"",
        "\"\u{1}\"",
        "\"\"\"a\nb\"\"\"",
        "'''c\n'd''''",
        "\"\"\"\\\n  z\"\"\"",
        "\"open",
        "foo",
        "",
        "\"é\"",
        "'\\'",
        "\"\u{7f}\"",
    ]);
    scalar.prop_map(str::to_owned).prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..4), prop::sample::select(vec!["", ",", " # c\n"]))
                .prop_map(|(items, tail)| format!("[{}{tail}]", items.join(", "))),
            (prop::collection::vec((key(), inner), 0..4), prop::sample::select(vec!["", ",", "\n"]))
                .prop_map(|(entries, tail)| {
                    let entries: Vec<_> =
                        entries.iter().map(|(key, value)| format!("{key} = {value}")).collect();
                    format!("{{{}{tail}}}", entries.join(", "))
                }),
        ]
    })
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (key(), value()).prop_map(|(key, value)| format!("{key} = {value}")),
        3 => key().prop_map(|key| format!("[{key}]")),
        3 => key().prop_map(|key| format!("[[{key}]]")),
        1 => Just("# comment".to_owned()),
        1 => Just(String::new()),
        1 => Just("# \u{1}".to_owned()),
    ]
}

/// Simple lines, so that most documents are valid.
fn valid_line() -> impl Strategy<Value = String> {
    let keys = prop::sample::select(vec!["a", "b", "c", "d", "e"]);
    let path = prop::collection::vec(keys, 1..4).prop_map(|keys| keys.join("."));
    (path, 0..6).prop_map(|(path, choice)| match choice {
        0 => format!("[{path}]"),
        1 => format!("[[{path}]]"),
        2 => format!("{path} = {{ a.b = 1, a.c = 'x', b = [] }}"),
        3 => format!("{path} = [{{}}, {{ a = 1 }}]"),
        _ => format!("{path} = \"v\""),
    })
}

fn edit(mut text: String, edits: &[(prop::sample::Index, char)]) -> String {
    for (place, with) in edits {
        let at = text.floor_char_boundary(place.index(text.len() + 1));
        match with {
            '⌫' if at < text.len() => drop(text.remove(at)),
            '✂' => text.truncate(at),
            _ => text.insert(at, *with),
        }
    }
    text
}

fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, char)>> {
    let with = prop::sample::select("⌫⌫⌫✂[]{}.,=\"'#\n\r \t_-0aé\u{1}\u{feff}".chars().collect::<Vec<_>>());
    prop::collection::vec((any::<prop::sample::Index>(), with), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn generated_files(lines in prop::collection::vec(line(), 0..10), edits in edits()) {
        assert_alike(&edit(lines.join("\n"), &edits));
    }

    #[test]
    fn mostly_valid_files(lines in prop::collection::vec(valid_line(), 0..8), edits in edits()) {
        assert_alike(&lines.join("\n"));
        assert_alike(&edit(lines.join("\r\n"), &edits));
    }

    #[test]
    fn any_text(text in "[\\[\\]{}=.,\"'#\\\\ab1 \\n\\r\\t-]{0,40}") {
        assert_alike(&text);
    }

    #[test]
    fn large_tables(keys in prop::collection::vec("[a-e]{1,2}|\"[a-e]\"|\"\\\\u0061\"", 0..48), inline in any::<bool>()) {
        let entries: Vec<_> = keys.iter().map(|key| format!("{key} = 1")).collect();
        assert_alike(&if inline { format!("x = {{ {} }}", entries.join(", ")) } else { entries.join("\n") });
    }
}

#[test]
fn tables_that_are_opened_in_odd_orders() {
    for text in [
        "[a.b]\n[a]\nc = 1",
        "[a]\nb.c = 1\n[a.b]",
        "[a]\nb.c = 1\n[a.b.d]",
        "[[a.b]]\n[a]\nb.c.d = 1",
        "[[a.b]]\n[a]\nb.c = 1",
        "[[a]]\n[a.b]\n[[a]]\n[a.b]",
        "[a]\n[[a]]",
        "a = []\n[[a]]",
        "a.b = 1\n[a]",
        "a.b = 1\na.c = 2",
        "a = {}\na.b = 1",
        "a = {}\n[a.b]",
        "[a]\n[a]",
        "[a.b.c]\n[a.b]\n[a]",
        "[a]\nb = 1\n[a.b]",
        "x = { a.b = 1, a.c = 2, a = 3 }",
        "x = { a = { b = 1 }, a.c = 2 }",
        "a = 1\n\"\\u0061\" = 2",
        "\u{feff}a = 1",
    ] {
        assert_alike(text);
    }
}

#[test]
fn nesting_is_bounded() {
    for depth in [79, 80, 81, 10_000] {
        assert_alike(&format!("a = {}{}", "[".repeat(depth), "]".repeat(depth)));
        assert_alike(&format!("a = {}1{}", "{b=".repeat(depth), "}".repeat(depth)));
        assert_alike(&format!("{}a = 1", "b.".repeat(depth)));
        assert_alike(&format!("[{}a]", "b.".repeat(depth)));
    }
    assert!(parse(&"[".repeat(100_000), &[]).is_err());
    assert!(parse(&format!("a = {}", "[".repeat(100_000)), &[]).is_err());
}

#[test]
fn chunks_end_where_expressions_end() {
    use std::fmt::Write as _;
    let mut text = String::new();
    for number in 0..5_000 {
        write!(text, "[[p]]\nn = {number}\nl = [\n  {{ a = '{number}' }},\n]\n").unwrap();
    }
    assert_alike(&text);
    text.push_str("[p]\n");
    assert_alike(&text);
}

#[test]
fn counted_arrays_keep_their_length_only() {
    let text = "[[package]]\nname = 'a'\nfiles = [{f = 1}, {f = 2}, {f = 3}]\n\
                other.files = [1, 2]\n[metadata.files]\nb = ['x', 'y']\n";
    let document = parse(text, &[&["package", "files"], &["metadata", "files", "*"]]).unwrap();
    let package = document.root().get("package").unwrap().items().next().unwrap();
    let files = package.get("files").unwrap();
    assert_eq!((files.len(), files.items().count()), (3, 0));
    let other = package.get("other").and_then(|other| other.get("files")).unwrap();
    assert_eq!((other.len(), other.items().count()), (2, 2));
    let hashes = document.root().get("metadata").and_then(|metadata| metadata.get("files")).unwrap();
    assert_eq!(
        hashes.entries().map(|entry| (entry.len(), entry.items().count())).collect::<Vec<_>>(),
        [(2, 0)]
    );
    assert!(parse("[[package]]\nfiles = [{f = 1, f = 2}]", &[&["package", "files"]]).is_err(), "still TOML");
}

#[test]
fn places_are_those_of_the_content() {
    let text = "[[package]]\nname = \"a\"\n'k' = '''\nlong'''\n";
    let document = parse(text, &[]).unwrap();
    let package = document.root().get("package").unwrap().items().next().unwrap();
    assert_eq!(&text[package.range()], "[[package]]");
    let name = package.get("name").unwrap();
    assert_eq!(
        (&text[name.content_range()], &text[name.range()], &text[name.entry_range()]),
        ("a", "\"a\"", "name = \"a\"")
    );
    let long = package.get("k").unwrap();
    assert_eq!((&*long.key(), long.text().as_deref()), ("k", Some("long")));
}

/// Lines of a lock, whole and broken ones.
fn lock_line() -> impl Strategy<Value = String> {
    let digest = "0123456789abcdef".repeat(4);
    let hash = move |file: String| format!("    {{file = \"{file}\", hash = \"sha256:{digest}\"}},");
    prop_oneof![
        8 => "[a-z]{1,9}[0-9.é\"\\\\]{0,4}".prop_map(hash),
        8 => ("[a-z]{1,9}[0-9.é\"\\\\]{0,2}", "[0-9]{0,20}", prop::sample::select(vec!["-", "_", " "]), "\"[a-z0-9]{0,4}\"?")
            .prop_map(|(url, size, dash, time)| {
                format!("    {{ url = \"{url}\", hash = \"b\", size = {size}, upload{dash}time = {time} }},")
            }),
        4 => "[a-z]{1,9}[0-9.é\"\\\\]{0,2}".prop_map(|url| format!("    {{url = \"{url}\", hash = \"b\"}},")),
        5 => prop::sample::select(vec!["files = [", "wheels = [", "a = [", "\"b.c\" = [", "x = [", " files = [", "files = [ # ["])
            .prop_map(str::to_owned),
        5 => Just("]".to_owned()),
        4 => prop::sample::select(vec!["[[package]]", "[metadata.files]", "[metadata]", "[package.d]"])
            .prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            "name = \"n\"", "    {file = 1},", "    {file = \"a\"}", "d = \"\"\"", "\"\"\"", "d = , ", "# files = [",
            "  1,", "x = {", "}", "", "é = 1",
        ]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn hashes_taken_out_change_nothing(
        blocks in prop::collection::vec((0..4_usize, prop::collection::vec(lock_line(), 0..5)), 0..6),
        end in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        let digest = "ab".repeat(32);
        let mut lines = Vec::new();
        for (hashes, odd) in blocks {
            lines.push("[[package]]".to_owned());
            lines.push("files = [".to_owned());
            lines.extend((0..hashes).map(|number| format!("    {{file = \"f{number}\", hash = \"sha256:{digest}\"}},")));
            lines.push("]".to_owned());
            lines.extend(odd);
        }
        assert_squeezed_alike(&lines.join(end));
    }

    #[test]
    fn hashes_taken_out_of_broken_files(lines in prop::collection::vec(lock_line(), 0..14)) {
        assert_squeezed_alike(&lines.join("\n"));
    }
}
