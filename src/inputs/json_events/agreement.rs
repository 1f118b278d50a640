//! The reader against `serde_json`: what that refuses ours refuses, and what ours reads it reads alike.

use proptest::prelude::*;

use super::alike::assert_agreement;

/// A JSON value as text, spaced and escaped in many ways.
fn value() -> impl Strategy<Value = String> {
    let string = "\"([ -!#-\\[\\]-~é🐍]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4}|\\\\ud83d\\\\ude00){0,6}\"";
    let scalar = prop_oneof![
        string,
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        Just("true".to_owned()),
        Just("false".to_owned()),
        Just("null".to_owned()),
    ];
    scalar.prop_recursive(5, 60, 30, move |inner| {
        let space = "[ \n\r\t]{0,3}";
        let list = proptest::collection::vec((space, inner.clone(), space), 0..6)
            .prop_map(|items| items.into_iter().map(|(a, b, c)| a + &b + &c).collect::<Vec<_>>().join(","));
        let keys = prop_oneof![string, "\"[a-f]\""];
        let table = proptest::collection::vec((space, keys, space, inner), 0..30).prop_map(|entries| {
            let entries = entries.into_iter().map(|(a, key, b, value)| format!("{a}{key}{b}:{value}"));
            entries.collect::<Vec<_>>().join(",")
        });
        prop_oneof![list.prop_map(|list| format!("[{list}]")), table.prop_map(|table| format!("{{{table}}}"))]
    })
}

proptest! {
    #[test]
    fn json_is_read_alike(text in value()) {
        assert_agreement(&text);
    }

    #[test]
    fn json_with_a_flaw_is_refused_alike(
        text in value(),
        at in any::<prop::sample::Index>(),
        flaw in "[\\[\\]{}\",:0-9eE.+\\\\tnu\u{0}\n é-]{0,3}",
        cut in 0..3_usize,
    ) {
        let mut characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len() + 1);
        let end = (at + cut).min(characters.len());
        characters.splice(at..end, flaw.chars());
        assert_agreement(&characters.into_iter().collect::<String>());
    }

    #[test]
    fn noise_is_refused_alike(text in "[\\[\\]{}\",:0-9eE.+\\\\tnufalsr \n-]{0,24}") {
        assert_agreement(&text);
    }
}
