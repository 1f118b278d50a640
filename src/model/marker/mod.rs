//! Environment markers: what they say, and whether they hold where only a part of the environment is known.
//!
//! ```text
//! or    = and *( "or" and )        and  = atom *( "and" atom )
//! atom  = "(" or ")" | value operator value
//! value = variable | quoted        operator = "in" | "not" "in" | "==" …
//! ```
//!
//! Source: PyPA specification "Dependency specifiers", grammar and "Environment Markers"; the variables are those of
//! `packaging` 25, with the dotted names of PEP 345 and with `extras` and `dependency_groups` of PEP 751.

mod evaluate;
mod parse;

pub(super) use evaluate::Memo;
pub use evaluate::{Environment, Platform};

/// A marker that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marker {
    /// At least one of them holds.
    Or(Vec<Self>),
    /// All of them hold.
    And(Vec<Self>),
    /// A comparison.
    Comparison(Value, Operator, Value),
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A variable of the environment, by its present name.
    Variable(&'static str),
    /// A text between quotes.
    Text(Box<str>),
}

/// What two values are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `===`, `==`, `~=`, `!=`, `<=`, `>=`, `<` or `>`
    Version(&'static str),
}

/// Why a text is no marker: the wrong part, and what was expected.
pub(super) type Wrong = (std::ops::Range<usize>, String);
