//! JSON as Python's `json.dumps` writes it with `sort_keys`: what a hash is made of has to agree to the byte.

use std::borrow::Cow;
use std::collections::BTreeMap;

use toml::de::{DeArray, DeTable, DeValue};

/// A value to write.
#[derive(Debug, Clone)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Text(Cow<'a, str>),
    List(Vec<Self>),
    /// By name, in the order of their characters' numbers, as Python sorts them.
    Object(BTreeMap<Cow<'a, str>, Self>),
    /// A value of the manifest.
    Toml(&'a DeValue<'a>),
}

impl<'a> Json<'a> {
    /// An object of these members.
    pub(super) fn object<const N: usize>(members: [(&'a str, Self); N]) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect())
    }
}

/// What stands between items, and after names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Separators {
    pub(super) item: &'static str,
    pub(super) name: &'static str,
}

/// Python's own.
pub(super) const SPACED: Separators = Separators { item: ", ", name: ": " };
/// `separators=(",", ":")`.
pub(super) const COMPACT: Separators = Separators { item: ",", name: ":" };

/// The text; `None` when Python refuses to write it: JSON has no dates.
pub(super) fn dump(value: &Json<'_>, separators: Separators) -> Option<String> {
    let mut text = String::new();
    write(&mut text, value, separators)?;
    Some(text)
}

fn write(out: &mut String, value: &Json<'_>, separators: Separators) -> Option<()> {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Json::Text(text) => write_text(out, text),
        Json::List(items) => write_list(out, items.iter(), separators, write)?,
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.as_ref(), value));
            write_object(out, members, separators, write)?;
        }
        Json::Toml(value) => write_toml(out, value, separators)?,
    }
    Some(())
}

fn write_toml(out: &mut String, value: &DeValue<'_>, separators: Separators) -> Option<()> {
    match value {
        DeValue::String(text) => write_text(out, text),
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix()).ok()?;
            out.push_str(&number.to_string());
        }
        DeValue::Float(number) => out.push_str(&float(number.as_str().parse().ok()?)),
        DeValue::Boolean(truth) => out.push_str(if *truth { "true" } else { "false" }),
        DeValue::Datetime(_) => return None,
        DeValue::Array(list) => write_array(out, list, separators)?,
        DeValue::Table(table) => write_table(out, table, separators)?,
    }
    Some(())
}

fn write_array(out: &mut String, list: &DeArray<'_>, separators: Separators) -> Option<()> {
    write_list(out, list.iter().map(toml::Spanned::get_ref), separators, write_toml)
}

fn write_table(out: &mut String, table: &DeTable<'_>, separators: Separators) -> Option<()> {
    let members: BTreeMap<&str, &DeValue<'_>> =
        table.iter().map(|(name, value)| (name.get_ref().as_ref(), value.get_ref())).collect();
    write_object(out, members.into_iter(), separators, write_toml)
}

fn write_list<T>(
    out: &mut String,
    items: impl Iterator<Item = T>,
    separators: Separators,
    write: impl Fn(&mut String, T, Separators) -> Option<()>,
) -> Option<()> {
    out.push('[');
    for (number, item) in items.enumerate() {
        if number > 0 {
            out.push_str(separators.item);
        }
        write(out, item, separators)?;
    }
    out.push(']');
    Some(())
}

fn write_object<'n, T>(
    out: &mut String,
    members: impl Iterator<Item = (&'n str, T)>,
    separators: Separators,
    write: impl Fn(&mut String, T, Separators) -> Option<()>,
) -> Option<()> {
    out.push('{');
    for (number, (name, value)) in members.enumerate() {
        if number > 0 {
            out.push_str(separators.item);
        }
        write_text(out, name);
        out.push_str(separators.name);
        write(out, value, separators)?;
    }
    out.push('}');
    Some(())
}

/// `ensure_ascii`: everything but printable ASCII is escaped, beyond 16 bits as a pair.
fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            _ => {
                let mut pair = [0; 2];
                for unit in character.encode_utf16(&mut pair) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

/// `float.__repr__`: the fewest digits that give the number back, with an exponent below 1e-4 and from 1e16 on.
fn float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() };
    }
    let shortest = format!("{number:e}");
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return format!("{number:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Python 3.12 prints.
    #[test]
    fn python_writes_it_so() {
        let text = "b = [1, 0x1f, 0o17, true, 1_000, -2]\na = 'caf\u{e9} \u{1f40d} \"\\'\n[c]\n\
                    z = \"\\t\\u0001\\u007f\"\ny = {}\nx = []\n";
        let document = DeTable::parse(text).unwrap();
        let value = DeValue::Table(document.into_inner());
        assert_eq!(
            dump(&Json::Toml(&value), SPACED).unwrap(),
            "{\"a\": \"caf\\u00e9 \\ud83d\\udc0d \\\"\\\\\", \"b\": [1, 31, 15, true, 1000, -2], \
             \"c\": {\"x\": [], \"y\": {}, \"z\": \"\\t\\u0001\\u007f\"}}"
        );
        assert_eq!(dump(&Json::List(vec![Json::Null, Json::Bool(false)]), COMPACT).unwrap(), "[null,false]");
    }

    #[test]
    fn python_writes_numbers_so() {
        for (number, text) in [
            (1.0, "1.0"),
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (123_456.789, "123456.789"),
            (f64::INFINITY, "Infinity"),
        ] {
            assert_eq!(float(number), text);
        }
    }
}
