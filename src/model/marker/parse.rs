//! Reading markers.

use super::{Marker, Operator, Value, Wrong};

/// The deepest nesting of parentheses that is read.
const DEEPEST: usize = 32;
/// The longest marker that is read, in bytes.
const LONGEST: usize = 8 * 1024;

/// The variables as they may be written, with their present names.
const VARIABLES: [(&str, &str); 20] = [
    ("python_version", "python_version"),
    ("python_full_version", "python_full_version"),
    ("os_name", "os_name"),
    ("os.name", "os_name"),
    ("sys_platform", "sys_platform"),
    ("sys.platform", "sys_platform"),
    ("platform_release", "platform_release"),
    ("platform_system", "platform_system"),
    ("platform_version", "platform_version"),
    ("platform.version", "platform_version"),
    ("platform_machine", "platform_machine"),
    ("platform.machine", "platform_machine"),
    ("platform_python_implementation", "platform_python_implementation"),
    ("platform.python_implementation", "platform_python_implementation"),
    ("python_implementation", "platform_python_implementation"),
    ("implementation_name", "implementation_name"),
    ("implementation_version", "implementation_version"),
    ("extra", "extra"),
    ("extras", "extras"),
    ("dependency_groups", "dependency_groups"),
];

impl Marker {
    /// The extra that has to be asked for so that the marker can hold: the one that it compares `extra` with for
    /// equality, by itself or with `and`.
    pub fn extra(&self) -> Option<String> {
        match self {
            Self::Comparison(
                Value::Variable("extra"),
                Operator::Version("==" | "==="),
                Value::Text(name),
            )
            | Self::Comparison(
                Value::Text(name),
                Operator::Version("==" | "==="),
                Value::Variable("extra"),
            ) => Some(name.to_string()),
            Self::And(parts) => parts.iter().find_map(Self::extra),
            _ => None,
        }
    }

    /// Reads a whole text; else the wrong part and what was expected.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        if text.len() > LONGEST {
            return Err((0..1, format!("the marker is longer than {LONGEST} bytes")));
        }
        let mut reader = Reader { text, position: 0, depth: 0 };
        let marker = reader.or()?;
        reader.space();
        if reader.position < text.len() {
            return Err(reader.wrong("`and`, `or` or the end"));
        }
        Ok(marker)
    }
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

    fn or(&mut self) -> Result<Marker, Wrong> {
        self.joined("or", Self::and, Marker::Or)
    }

    fn and(&mut self) -> Result<Marker, Wrong> {
        self.joined("and", Self::atom, Marker::And)
    }

    fn joined(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Result<Marker, Wrong>,
        join: fn(Vec<Marker>) -> Marker,
    ) -> Result<Marker, Wrong> {
        let first = part(self)?;
        self.space();
        if !self.word(word) {
            return Ok(first);
        }
        let mut parts = vec![first];
        loop {
            parts.push(part(self)?);
            self.space();
            if !self.word(word) {
                return Ok(join(parts));
            }
        }
    }

    fn atom(&mut self) -> Result<Marker, Wrong> {
        self.space();
        if !self.rest().starts_with('(') {
            let left = self.value()?;
            let operator = self.operator()?;
            return Ok(Marker::Comparison(left, operator, self.value()?));
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            let place = self.position..self.position + 1;
            return Err((place, format!("the marker is nested deeper than {DEEPEST} parentheses")));
        }
        self.position += 1;
        let inner = self.or()?;
        self.space();
        if !self.rest().starts_with(')') {
            return Err(self.wrong("`)`"));
        }
        self.position += 1;
        self.depth -= 1;
        Ok(inner)
    }

    fn value(&mut self) -> Result<Value, Wrong> {
        self.space();
        let rest = self.rest();
        if let Some(quote) = rest.chars().next().filter(|character| matches!(character, '\'' | '"')) {
            let Some(length) = rest[1..].find(quote) else {
                return Err((
                    self.position..self.position + 1,
                    "this quote of the marker is never closed".to_owned(),
                ));
            };
            let text = rest[1..=length].into();
            self.position += length + 2;
            return Ok(Value::Text(text));
        }
        let known = VARIABLES.iter().find(|(written, _)| self.word(written));
        known
            .map(|(_, name)| Value::Variable(name))
            .ok_or_else(|| self.wrong("a marker variable or a quoted text"))
    }

    fn operator(&mut self) -> Result<Operator, Wrong> {
        self.space();
        let start = self.position;
        if self.word("in") {
            return Ok(Operator::In);
        }
        if self.word("not") {
            self.space();
            if self.position > start + 3 && self.word("in") {
                return Ok(Operator::NotIn);
            }
            return Err(self.wrong("`in` after `not`"));
        }
        let operators = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];
        let Some(operator) = operators.into_iter().find(|operator| self.rest().starts_with(*operator)) else {
            return Err(self.wrong("an operator like `==`, `in` or `not in`"));
        };
        self.position += operator.len();
        Ok(Operator::Version(operator))
    }
}
