//! Environment markers: whether a text is one. What it means is asked elsewhere, when something needs it.
//!
//! ```text
//! or    = and *( "or" and )        and  = atom *( "and" atom )
//! atom  = "(" or ")" | value operator value
//! value = variable | quoted        operator = "in" | "not" "in" | "==" …
//! ```
//!
//! Source: PyPA specification "Dependency specifiers", grammar; the variables are those of `packaging` 25, with the
//! dotted names of PEP 345 and with `extras` and `dependency_groups` of PEP 751.

use std::ops::Range;

/// The deepest nesting of parentheses that is read.
const DEEPEST: usize = 32;
/// The longest marker that is read, in bytes.
const LONGEST: usize = 8 * 1024;

const VARIABLES: [&str; 20] = [
    "python_version",
    "python_full_version",
    "os_name",
    "os.name",
    "sys_platform",
    "sys.platform",
    "platform_release",
    "platform_system",
    "platform_version",
    "platform.version",
    "platform_machine",
    "platform.machine",
    "platform_python_implementation",
    "platform.python_implementation",
    "python_implementation",
    "implementation_name",
    "implementation_version",
    "extra",
    "extras",
    "dependency_groups",
];

type Wrong = (Range<usize>, String);

/// Whether the whole text is a marker; else the wrong part and what was expected.
pub(super) fn check(text: &str) -> Result<(), Wrong> {
    if text.len() > LONGEST {
        return Err((0..1, format!("the marker is longer than {LONGEST} bytes")));
    }
    let mut reader = Reader { text, position: 0, depth: 0 };
    reader.or()?;
    reader.space();
    if reader.position < text.len() {
        return Err(reader.wrong("`and`, `or` or the end"));
    }
    Ok(())
}

struct Reader<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.position..]
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.position += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    fn wrong(&self, wanted: &str) -> Wrong {
        let rest = self.rest();
        let word: String = rest.chars().take_while(|character| !character.is_whitespace()).take(40).collect();
        let found = if word.is_empty() { "the end".to_owned() } else { format!("`{word}`") };
        let length = rest.chars().next().map_or(0, char::len_utf8);
        (self.position..self.position + length, format!("expected {wanted} in the marker, found {found}"))
    }

    /// A word that no letter follows.
    fn word(&mut self, word: &str) -> bool {
        let rest = self.rest();
        let next = rest.strip_prefix(word).map(|tail| tail.chars().next());
        let whole = next.is_some_and(|next| next.is_none_or(|next| !next.is_alphanumeric() && next != '_'));
        if whole {
            self.position += word.len();
        }
        whole
    }

    fn or(&mut self) -> Result<(), Wrong> {
        loop {
            self.and()?;
            self.space();
            if !self.word("or") {
                return Ok(());
            }
        }
    }

    fn and(&mut self) -> Result<(), Wrong> {
        loop {
            self.atom()?;
            self.space();
            if !self.word("and") {
                return Ok(());
            }
        }
    }

    fn atom(&mut self) -> Result<(), Wrong> {
        self.space();
        if !self.rest().starts_with('(') {
            self.value()?;
            self.operator()?;
            return self.value();
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            let place = self.position..self.position + 1;
            return Err((place, format!("the marker is nested deeper than {DEEPEST} parentheses")));
        }
        self.position += 1;
        self.or()?;
        self.space();
        if !self.rest().starts_with(')') {
            return Err(self.wrong("`)`"));
        }
        self.position += 1;
        self.depth -= 1;
        Ok(())
    }

    fn value(&mut self) -> Result<(), Wrong> {
        self.space();
        let rest = self.rest();
        if let Some(quote) = rest.chars().next().filter(|character| matches!(character, '\'' | '"')) {
            let Some(length) = rest[1..].find(quote) else {
                return Err((
                    self.position..self.position + 1,
                    "this quote of the marker is never closed".to_owned(),
                ));
            };
            self.position += length + 2;
            return Ok(());
        }
        let known = VARIABLES.iter().any(|variable| self.word(variable));
        if known { Ok(()) } else { Err(self.wrong("a marker variable or a quoted text")) }
    }

    fn operator(&mut self) -> Result<(), Wrong> {
        self.space();
        let start = self.position;
        if self.word("in") {
            return Ok(());
        }
        if self.word("not") {
            self.space();
            if self.position > start + 3 && self.word("in") {
                return Ok(());
            }
            return Err(self.wrong("`in` after `not`"));
        }
        let operators = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];
        let Some(operator) = operators.iter().find(|operator| self.rest().starts_with(**operator)) else {
            return Err(self.wrong("an operator like `==`, `in` or `not in`"));
        };
        self.position += operator.len();
        Ok(())
    }
}
