//! One requirement: our own reader of PEP 508 texts and of what pip takes besides them, with the place of each part.
//!
//! ```text
//! requirement = name [ "[" extras "]" ] ( "@" url [ space ";" marker ] | [ specifier ] [ ";" marker ] )
//! specifier   = "(" clauses ")" | clauses            clauses = clause *( "," clause ) [ "," ]
//! clause      = operator version                     operator = "===" "==" "~=" "!=" "<=" ">=" "<" ">"
//! ```
//!
//! Sources: PyPA specification "Dependency specifiers" (PEP 508) and, where texts in the wild differ, what the
//! `packaging` library accepts (`foo>=1.0,` and `===anything`). Nothing is rewritten: every part is quoted as written.

mod cursor;
mod line;
mod package;

use std::ops::Range;

pub use line::read_line;
pub use package::to_package;

use crate::model::Marker;
use cursor::Cursor;

/// A part of a text, with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The part as written.
    pub text: String,
    /// Where it stands in the text that was read.
    pub range: Range<usize>,
}

/// A requirement, part by part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirement {
    /// The name; `None` when the text gives none (`.`, a bare URL).
    pub name: Option<Piece>,
    /// The extras asked for.
    pub extras: Vec<Piece>,
    /// The version specifier without parentheses.
    pub specifier: Option<Piece>,
    /// The environment marker.
    pub marker: Option<Piece>,
    /// A URL or path.
    pub url: Option<Piece>,
    /// Whether it was read as editable (`-e`).
    pub editable: bool,
}

/// Why a text is no requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequirementError {
    /// The wrong part.
    pub range: Range<usize>,
    /// What was expected; lower case, no full stop.
    pub message: String,
}

impl RequirementError {
    fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { range, message: message.into() }
    }
}

/// Reads a PEP 508 requirement: the whole text must be one.
pub fn read(text: &str) -> Result<Requirement, RequirementError> {
    let mut cursor = Cursor::new(text);
    cursor.skip_space();
    let name = cursor.name().ok_or_else(|| cursor.expected("a package name"))?;
    let mut requirement = Requirement { name: Some(name), ..Requirement::default() };
    cursor.skip_space();
    if cursor.peek() == Some('[') {
        requirement.extras = extras(&mut cursor)?;
        cursor.skip_space();
    }
    if cursor.take('@') {
        cursor.skip_space();
        let url = cursor.piece_while(|character| !matches!(character, ' ' | '\t'));
        requirement.url = Some(url.ok_or_else(|| cursor.expected("a URL after `@`"))?);
        let spaces = cursor.skip_space();
        if cursor.is_at_end() {
            return Ok(requirement);
        }
        if spaces == 0 || cursor.peek() != Some(';') {
            return Err(cursor.expected("`;` and a marker, or nothing, after the URL"));
        }
    } else {
        requirement.specifier = specifier(&mut cursor)?;
        cursor.skip_space();
    }
    if cursor.take(';') {
        requirement.marker = Some(marker_piece(&mut cursor)?);
    } else if !cursor.is_at_end() {
        let wanted = if requirement.specifier.is_some() {
            "`,` and another clause, `;` and a marker, or the end"
        } else {
            "a version specifier like `>=1.0`, `;` and a marker, or the end"
        };
        return Err(cursor.expected(wanted));
    }
    Ok(requirement)
}

fn marker_piece(cursor: &mut Cursor<'_>) -> Result<Piece, RequirementError> {
    cursor.skip_space();
    let start = cursor.position();
    let rest = cursor.rest();
    Marker::parse(rest)
        .map_err(|(range, message)| RequirementError::new(start + range.start..start + range.end, message))?;
    let text = rest.trim_end();
    Ok(Piece { text: text.to_owned(), range: start..start + text.len() })
}

/// `[a, b]`, the bracket included.
fn extras(cursor: &mut Cursor<'_>) -> Result<Vec<Piece>, RequirementError> {
    let open = cursor.position();
    cursor.take('[');
    let mut extras = Vec::new();
    cursor.skip_space();
    if cursor.take(']') {
        return Ok(extras);
    }
    loop {
        cursor.skip_space();
        extras.push(cursor.name().ok_or_else(|| cursor.expected("the name of an extra"))?);
        cursor.skip_space();
        if cursor.take(']') {
            return Ok(extras);
        }
        if cursor.is_at_end() {
            return Err(RequirementError::new(open..open + 1, "expected `]` to close the extras"));
        }
        if !cursor.take(',') {
            return Err(cursor.expected("`,` or `]` after an extra"));
        }
    }
}

fn specifier(cursor: &mut Cursor<'_>) -> Result<Option<Piece>, RequirementError> {
    let parenthesis = (cursor.peek() == Some('(')).then(|| cursor.position());
    if parenthesis.is_some() {
        cursor.take('(');
        cursor.skip_space();
    }
    let start = cursor.position();
    let mut end = start;
    while clause(cursor)? {
        end = cursor.position();
        cursor.skip_space();
        if !cursor.take(',') {
            break;
        }
        end = cursor.position();
        cursor.skip_space();
    }
    if let Some(open) = parenthesis {
        cursor.skip_space();
        if !cursor.take(')') {
            return Err(RequirementError::new(open..open + 1, "expected `)` to close the version specifier"));
        }
    }
    let text = cursor.slice(start..end);
    Ok(if text.is_empty() { None } else { Some(Piece { text: text.to_owned(), range: start..end }) })
}

/// One clause; whether there was one.
fn clause(cursor: &mut Cursor<'_>) -> Result<bool, RequirementError> {
    const OPERATORS: [&str; 8] = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];
    let Some(operator) = OPERATORS.iter().find(|operator| cursor.rest().starts_with(**operator)) else {
        if cursor.rest().starts_with('=') {
            return Err(cursor.expected("`==`: a single `=` is no operator"));
        }
        return Ok(false);
    };
    cursor.advance(operator.len());
    cursor.skip_space();
    if *operator == "===" {
        // Arbitrary equality takes any text (PEP 440, "Arbitrary equality"), up to the comma at which `packaging` takes
        // specifiers apart before it reads them.
        let _ = cursor
            .piece_while(|character| !character.is_whitespace() && !matches!(character, ',' | ';' | ')'));
        return Ok(true);
    }
    let version = cursor.piece_while(|character| {
        !character.is_whitespace() && !matches!(character, ',' | ';' | ')' | '<' | '>' | '=' | '~')
    });
    let Some(version) = version else {
        return Err(cursor.expected(&format!("a version after `{operator}`")));
    };
    check_version(operator, &version).map(|()| true)
}

fn check_version(operator: &str, version: &Piece) -> Result<(), RequirementError> {
    let error = |message: String| Err(RequirementError::new(version.range.clone(), message));
    let text = version.text.as_str();
    let equality = matches!(operator, "==" | "!=");
    let (base, wildcard) = match text.strip_suffix(".*") {
        Some(base) => (base, true),
        None => (text, false),
    };
    if wildcard && !equality {
        return error(format!("`.*` goes with `==` and `!=` only, not with `{operator}`"));
    }
    let Ok(parsed) = base.parse::<pep440_rs::Version>() else {
        return error(format!("`{}` is no version that PEP 440 knows", cursor::short(text)));
    };
    if wildcard && (parsed.any_prerelease() || parsed.is_post() || parsed.is_local()) {
        return error("`.*` may only follow the release numbers".to_owned());
    }
    if parsed.is_local() && !equality {
        return error(format!("a local version (`+…`) goes with `==` and `!=` only, not with `{operator}`"));
    }
    if operator == "~=" && parsed.release().len() < 2 {
        return error("`~=` needs at least two release numbers, like `~=1.4`".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
