//! JSON with places, for documents of a bearable size: `serde_json` says whether it is JSON, and what is then known to be
//! that is walked without a tree. Nothing recurses, so that no nesting is too deep.

use std::ops::Range;

use serde::de::IgnoredAny;

/// A value of a text that is JSON.
#[derive(Debug, Clone)]
pub(super) struct Json<'a> {
    text: &'a str,
    /// Where it stands.
    pub(super) range: Range<usize>,
}

/// A key of an object with its place, and its value.
pub(super) struct Entry<'a> {
    pub(super) key: String,
    pub(super) place: Range<usize>,
    pub(super) value: Json<'a>,
}

impl<'a> Json<'a> {
    /// The whole text.
    ///
    /// # Errors
    /// What is no JSON: the byte at which that shows, and why.
    pub(super) fn parse(text: &'a str) -> Result<Self, (usize, String)> {
        if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
            let line = error.line().saturating_sub(1);
            let start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
            let mut at = (start + error.column()).saturating_sub(1).min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default().to_owned();
            return Err((at, message));
        }
        let mut walk = Walk { text, at: 0 };
        walk.spaces();
        let start = walk.at;
        walk.value();
        Ok(Self { text, range: start..walk.at })
    }

    fn first(&self) -> u8 {
        self.text.as_bytes().get(self.range.start).copied().unwrap_or(b' ')
    }

    /// Whether it is an object.
    pub(super) fn is_object(&self) -> bool {
        self.first() == b'{'
    }

    /// Whether it is a list.
    pub(super) fn is_list(&self) -> bool {
        self.first() == b'['
    }

    /// The text of a string.
    pub(super) fn string(&self) -> Option<String> {
        serde_json::from_str(self.text.get(self.range.clone())?).ok()
    }

    /// The entries of an object, in their order; none of anything else.
    pub(super) fn entries(&self) -> Vec<Entry<'a>> {
        let mut entries = Vec::new();
        if !self.is_object() {
            return entries;
        }
        let mut walk = Walk { text: self.text, at: self.range.start + 1 };
        while walk.next(b'}') {
            let key = walk.at;
            walk.value();
            let place = key..walk.at;
            walk.next(b':');
            let start = walk.at;
            walk.value();
            let key = Self { text: self.text, range: place.clone() }.string().unwrap_or_default();
            entries.push(Entry { key, place, value: Self { text: self.text, range: start..walk.at } });
        }
        entries
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> Vec<Self> {
        let mut items = Vec::new();
        if !self.is_list() {
            return items;
        }
        let mut walk = Walk { text: self.text, at: self.range.start + 1 };
        while walk.next(b']') {
            let start = walk.at;
            walk.value();
            items.push(Self { text: self.text, range: start..walk.at });
        }
        items
    }
}

/// A way through a text that is known to be JSON.
struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl Walk<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn spaces(&mut self) {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Goes to the next value, over a comma or colon; whether there is one before `end`.
    fn next(&mut self, end: u8) -> bool {
        self.spaces();
        if matches!(self.byte(), Some(b',' | b':')) {
            self.at += 1;
            self.spaces();
        }
        self.byte().is_some_and(|byte| byte != end)
    }

    /// Goes over one value.
    fn value(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.byte() {
                None => return,
                Some(b'"') => self.over_string(),
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                Some(b',' | b':') => self.at += 1,
                Some(byte) if byte.is_ascii_whitespace() => self.at += 1,
                Some(_) => {
                    while self
                        .byte()
                        .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
                    {
                        self.at += 1;
                    }
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn over_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.byte() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same(json: &Json<'_>, wanted: &serde_json::Value) -> bool {
        match wanted {
            serde_json::Value::Object(map) => {
                let entries = json.entries();
                json.is_object()
                    && entries.len() == map.len()
                    && entries
                        .iter()
                        .all(|entry| map.get(&entry.key).is_some_and(|value| same(&entry.value, value)))
            }
            serde_json::Value::Array(list) => {
                let items = json.items();
                json.is_list()
                    && items.len() == list.len()
                    && items.iter().zip(list).all(|(one, other)| same(one, other))
            }
            serde_json::Value::String(text) => json.string().as_ref() == Some(text),
            _ => json.text.get(json.range.clone()).is_some_and(|text| *wanted.to_string() == *text),
        }
    }

    #[test]
    fn errors_have_a_place() {
        assert_eq!(Json::parse("{\n \"é\": tru }").unwrap_err().0, 12);
        assert!(Json::parse("").is_err() && Json::parse("{} x").is_err());
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(Json::parse(&deep).map_or(true, |json| json.items().len() == 1), "no overflow");
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_reads(text in "([\\[\\]{},: \n]|\"(a|b|\\\\\"|\\\\u00e9|é)*\"|1|-2|true|null){0,24}") {
            let wanted: Result<serde_json::Value, _> = serde_json::from_str(&text);
            match Json::parse(&text) {
                Ok(json) => {
                    let wanted = wanted.unwrap();
                    // A repeated key has one value there.
                    prop_assert!(same(&json, &wanted) || text.matches(':').count() > 1);
                }
                Err((at, _)) => prop_assert!(wanted.is_err() && text.is_char_boundary(at)),
            }
        }
    }
}
