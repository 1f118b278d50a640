//! What the reader has to agree about: with `toml::de::DeTable::parse`, and with itself whatever is taken out of a
//! file. Property tests and a fuzz target ask it.
#![allow(clippy::unwrap_used, reason = "a test, also where fuzzing makes it one")]

use crate::model::Arrange as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::builder::{parse, read};
use super::{Kind, TomlError, Value};

/// A value as text: kinds, keys, contents and places, keys sorted as `DeTable` has them.
fn ours(value: Value<'_>, out: &mut String) {
    let place = |value: Value<'_>| format!("{:?}", value.range());
    match value.kind() {
        Kind::Table => {
            let mut entries: Vec<_> = value.entries().collect();
            assert_eq!(entries.len(), value.len() as usize);
            entries.arrange_by_key(|entry| entry.key().into_owned());
            out.push('{');
            for entry in entries {
                assert_eq!(value.get(&entry.key()).unwrap().entry_range(), entry.entry_range());
                *out += &format!("{:?}: ", entry.key());
                ours(entry, out);
            }
            out.push('}');
        }
        Kind::Array | Kind::ArrayOfTables => {
            out.push('[');
            value.items().for_each(|item| ours(item, out));
            out.push(']');
        }
        Kind::String => *out += &format!("{:?} at {}, ", value.text().unwrap(), place(value)),
        Kind::Boolean(boolean) => *out += &format!("{boolean} at {}, ", place(value)),
        kind => *out += &format!("{} at {}, ", kind.name(), place(value)),
    }
}

fn theirs(value: &Spanned<DeValue<'_>>, out: &mut String) {
    let place = value.span();
    match value.get_ref() {
        DeValue::Table(table) => their_table(table, out),
        DeValue::Array(array) => {
            out.push('[');
            array.iter().for_each(|item| theirs(item, out));
            out.push(']');
        }
        DeValue::String(text) => *out += &format!("{text:?} at {place:?}, "),
        DeValue::Boolean(boolean) => *out += &format!("{boolean} at {place:?}, "),
        DeValue::Integer(_) => *out += &format!("an integer at {place:?}, "),
        DeValue::Float(_) => *out += &format!("a float at {place:?}, "),
        DeValue::Datetime(_) => *out += &format!("a date at {place:?}, "),
    }
}

fn their_table(table: &DeTable<'_>, out: &mut String) {
    out.push('{');
    for (key, value) in table {
        *out += &format!("{:?}: ", key.get_ref());
        theirs(value, out);
    }
    out.push('}');
}

/// What `toml` refuses ours refuses, what it reads ours reads alike.
pub(super) fn assert_alike(text: &str) {
    match (parse(text, &[]), DeTable::parse(text)) {
        (Ok(document), Ok(table)) => {
            let (mut left, mut right) = (String::new(), String::new());
            ours(document.root(), &mut left);
            their_table(table.get_ref(), &mut right);
            assert_eq!(left, right, "{text}");
        }
        (Err(error), Err(_)) => {
            assert!(text.get(error.range.clone()).is_some(), "{error:?}");
        }
        (Ok(_), Err(error)) => panic!("toml refuses:\n{text}\n{error}"),
        (Err(error), Ok(_)) => panic!("we refuse:\n{text}\n{error:?}"),
    }
}

const COUNTED: &[&[&str]] = &[&["package", "files"], &["metadata", "files", "*"]];

/// Everything that a format can see: kinds, keys, contents, places and lengths.
fn seen(value: Value<'_>, out: &mut String) {
    *out += &format!(
        "{:?} {:?} {:?} {} {:?} ",
        value.kind(),
        value.key(),
        value.range(),
        value.len(),
        value.text()
    );
    *out += &format!("{:?} {:?}\n", value.entry_range(), value.content_range());
    value.entries().chain(value.items()).for_each(|child| seen(child, out));
}

/// A file is the same whether lines of hashes are taken out of it or not: what is said about a wrong one, too.
pub(super) fn assert_squeezed_alike(text: &str) {
    let dump = |value: Value<'_>| {
        let mut out = String::new();
        seen(value, &mut out);
        out
    };
    let squeezed: Result<String, TomlError> = read(text, COUNTED, |document| Ok(dump(document.root())));
    let plain = parse(text, COUNTED).map(|document| dump(document.root()));
    assert_eq!(squeezed, plain, "{text}");
}

/// Both, for whoever fuzzes.
#[cfg(fuzzing)]
pub(crate) fn assert_agreement(text: &str) {
    assert_alike(text);
    assert_squeezed_alike(text);
}
