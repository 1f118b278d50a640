//! JSON values that are not what they should be: taken when they can be understood, counted when not, never fatal.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text; a number becomes its text.
#[derive(Debug, Default, Clone)]
pub(super) enum Text<'a> {
    /// Absent or `null`.
    #[default]
    Missing,
    /// Something that is no text.
    Odd,
    Is(Cow<'a, str>),
}

impl<'a> Text<'a> {
    /// The text, empty when there is none; counts what is odd.
    pub(super) fn get(self, odd: &mut usize) -> Cow<'a, str> {
        match self {
            Self::Is(text) => text,
            Self::Missing => Cow::Borrowed(""),
            Self::Odd => {
                *odd += 1;
                Cow::Borrowed("")
            }
        }
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text::Is(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text::Is(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Text::Is(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Text::Is(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        // `{:?}` keeps the point of `1.0`.
        Ok(Text::Is(Cow::Owned(format!("{number:?}"))))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Text::Odd)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Text::Missing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        while access.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text::Odd)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        while access.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text::Odd)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

/// A list; a lone text counts as a list of one.
#[derive(Debug, Clone)]
pub(super) struct List<T> {
    items: Vec<T>,
    odd: bool,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), odd: false }
    }
}

impl<T> List<T> {
    /// The elements; counts what was no list.
    pub(super) fn get(self, odd: &mut usize) -> Vec<T> {
        *odd += usize::from(self.odd);
        self.items
    }
}

impl<'a> List<Text<'a>> {
    /// The elements that are texts and not empty; counts the others.
    pub(super) fn texts<'b>(self, odd: &'b mut usize) -> impl Iterator<Item = Cow<'a, str>> + use<'a, 'b> {
        *odd += usize::from(self.odd);
        self.items.into_iter().filter_map(move |text| Some(text.get(odd)).filter(|text| !text.is_empty()))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<T> ListVisitor<T> {
    fn odd(items: Vec<T>) -> List<T> {
        List { items, odd: true }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(List { items, odd: false })
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Self::odd(vec![T::deserialize(BorrowedStrDeserializer::new(text))?]))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Self::odd(vec![T::deserialize(StrDeserializer::new(text))?]))
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        Ok(Self::odd(vec![T::deserialize(MapAccessDeserializer::new(access))?]))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(List::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Self::odd(Vec::new()))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Self::odd(Vec::new()))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Self::odd(Vec::new()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Self::odd(Vec::new()))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

/// An object; anything else is none.
#[derive(Debug, Clone)]
pub(super) struct Object<T> {
    value: T,
    odd: bool,
}

impl<T: Default> Default for Object<T> {
    fn default() -> Self {
        Self { value: T::default(), odd: false }
    }
}

impl<T> Object<T> {
    /// The object; `None` when something else stands there.
    pub(super) fn only(self) -> Option<T> {
        (!self.odd).then_some(self.value)
    }

    /// The object, or an empty one; counts what is odd.
    pub(super) fn get(self, odd: &mut usize) -> T {
        *odd += usize::from(self.odd);
        self.value
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<T: Default> ObjectVisitor<T> {
    fn odd() -> Object<T> {
        Object { value: T::default(), odd: true }
    }
}

impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        Ok(Object { value: T::deserialize(MapAccessDeserializer::new(access))?, odd: false })
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Object::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Self::odd())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Self::odd())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Self::odd())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Self::odd())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Self::odd())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        while access.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::odd())
    }
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

/// Whether something other than `null` is there.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Present(pub(super) bool);

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<IgnoredAny>::deserialize(deserializer).map(|value| Self(value.is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_values_are_taken_or_counted() {
        let mut odd = 0;
        let list: List<Text<'_>> =
            serde_json::from_str(r#"["1.0", 2, 2.5, null, {"a": [1]}, [2], true]"#).unwrap();
        assert_eq!(list.texts(&mut odd).collect::<Vec<_>>(), ["1.0", "2", "2.5"]);
        assert_eq!(odd, 3);
        for (text, items, strange) in [("\"x\"", 1, 1), ("null", 0, 0), ("3", 0, 1), ("{\"a\":1}", 1, 1)] {
            let mut odd = 0;
            let list: List<Text<'_>> = serde_json::from_str(text).unwrap();
            assert_eq!((list.get(&mut odd).len(), odd), (items, strange), "{text}");
        }
    }
}
