//! Tables of TOML and objects of JSON, seen alike: an entry says the same in both files.

use std::borrow::Cow;
use std::ops::Range;

use crate::inputs::{json_events, toml_events};

/// A value of either notation, with its key.
pub(super) trait Table: Copy {
    /// Whether it has keys.
    fn is_table(self) -> bool;
    /// The word for what it is.
    fn kind_name(self) -> &'static str;
    /// The text of a string.
    fn text(self) -> Option<String>;
    /// The value of a boolean.
    fn boolean(self) -> Option<bool>;
    /// How many elements it has.
    fn len(self) -> u32;
    /// The entry under a key.
    fn get(self, key: &str) -> Option<Self>;
    /// The elements of a list.
    fn items(self) -> Vec<Self>;
    /// Its key.
    fn key(self) -> String;
    /// Where the key is written, without quotes.
    fn key_range(self) -> Range<usize>;
    /// Where it is written.
    fn range(self) -> Range<usize>;
    /// Where the content of a string is written.
    fn content_range(self) -> Range<usize>;
    /// From the key to its end.
    fn entry_range(self) -> Range<usize>;
}

impl Table for toml_events::Value<'_> {
    fn is_table(self) -> bool {
        self.kind() == toml_events::Kind::Table
    }

    fn kind_name(self) -> &'static str {
        self.kind().name()
    }

    fn text(self) -> Option<String> {
        self.text().map(Cow::into_owned)
    }

    fn boolean(self) -> Option<bool> {
        self.boolean()
    }

    fn len(self) -> u32 {
        self.len()
    }

    fn get(self, key: &str) -> Option<Self> {
        self.get(key)
    }

    fn items(self) -> Vec<Self> {
        self.items().collect()
    }

    fn key(self) -> String {
        self.key().into_owned()
    }

    fn key_range(self) -> Range<usize> {
        self.key_range()
    }

    fn range(self) -> Range<usize> {
        self.range()
    }

    fn content_range(self) -> Range<usize> {
        self.content_range()
    }

    fn entry_range(self) -> Range<usize> {
        self.entry_range()
    }
}

impl Table for json_events::Value<'_> {
    fn is_table(self) -> bool {
        self.kind() == json_events::Kind::Object
    }

    fn kind_name(self) -> &'static str {
        self.kind().name()
    }

    fn text(self) -> Option<String> {
        self.text().map(Cow::into_owned)
    }

    fn boolean(self) -> Option<bool> {
        self.boolean()
    }

    fn len(self) -> u32 {
        self.len()
    }

    fn get(self, key: &str) -> Option<Self> {
        self.get(key)
    }

    fn items(self) -> Vec<Self> {
        self.items().collect()
    }

    fn key(self) -> String {
        self.key().into_owned()
    }

    fn key_range(self) -> Range<usize> {
        self.key_range()
    }

    fn range(self) -> Range<usize> {
        self.range()
    }

    fn content_range(self) -> Range<usize> {
        self.content_range()
    }

    fn entry_range(self) -> Range<usize> {
        self.entry_range()
    }
}
