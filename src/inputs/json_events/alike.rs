//! What the reader has to agree about with `serde_json`. Property tests and a fuzz target ask it.

use serde_json::Value as Expected;

use super::{Kind, Value, read};

fn same(ours: Value<'_>, expected: &Expected) -> bool {
    match (ours.kind(), expected) {
        (Kind::Null, Expected::Null) => true,
        (Kind::Boolean(ours), Expected::Bool(expected)) => ours == *expected,
        (Kind::Number, Expected::Number(expected)) => {
            let number = ours.number().and_then(|text| text.parse::<f64>().ok()).unwrap_or(f64::NAN);
            let expected = expected.as_f64().unwrap_or(f64::NAN);
            (number - expected).abs() <= number.abs() * 1e-12
        }
        (Kind::String, Expected::String(expected)) => ours.text().as_deref() == Some(expected.as_str()),
        (Kind::Array, Expected::Array(expected)) => {
            ours.len() as usize == expected.len()
                && ours.items().zip(expected).all(|(ours, expected)| same(ours, expected))
        }
        (Kind::Object, Expected::Object(expected)) => {
            ours.len() as usize == expected.len()
                && ours.entries().all(|entry| {
                    let key = entry.key();
                    ours.get(&key).is_some_and(|found| found.range() == entry.range())
                        && expected.get(&*key).is_some_and(|expected| same(entry, expected))
                })
        }
        _ => false,
    }
}

/// What `serde_json` refuses ours refuses, what it reads ours reads alike or says why it does not.
pub(crate) fn assert_agreement(text: &str) {
    let expected = serde_json::from_str::<Expected>(text);
    match (read(text), expected) {
        (Ok(document), Ok(expected)) => {
            assert!(same(document.root(), &expected), "{text:?} is read as something else");
        }
        (Ok(_), Err(error)) => panic!("{text:?} is read, but: {error}"),
        (Err(error), expected) => {
            assert!(text.get(error.range.clone()).is_some(), "{text:?}: {error:?}");
            // Only what is said to be so is refused by ours alone.
            let ours_alone =
                ["twice", "too large", "merge conflict"].iter().any(|words| error.message.contains(words));
            assert!(expected.is_err() || ours_alone, "{text:?} is refused: {}", error.message);
        }
    }
}
