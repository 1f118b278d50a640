//! Validation of keys and scalars, with short ways for the notations that fill lock files.

use toml::value::Datetime;
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::{ErrorSink, ParseError, Raw, Span};

use super::document::{Kind, Token};

/// A place of the text as a token.
pub(super) fn token(span: Span, plain: bool) -> Token {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Token { start: offset(span.start()), end: offset(span.end()), plain }
}

/// Checks a key and says whether its text needs no decoding.
pub(super) fn check_key(
    text: &str,
    span: Span,
    encoding: Option<Encoding>,
    errors: &mut dyn ErrorSink,
) -> bool {
    let raw = text.get(span.start()..span.end()).unwrap_or("");
    let plain = match encoding {
        None => {
            !raw.is_empty()
                && raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        }
        Some(encoding) => is_plain_string(raw, encoding),
    };
    if !plain {
        Raw::new_unchecked(raw, encoding, span).decode_key(&mut (), errors);
    }
    plain
}

/// Checks a scalar, and says what it is and whether its text needs no decoding.
pub(super) fn check_scalar(
    text: &str,
    span: Span,
    encoding: Option<Encoding>,
    errors: &mut dyn ErrorSink,
) -> (Kind, bool) {
    let raw = text.get(span.start()..span.end()).unwrap_or("");
    match encoding {
        Some(encoding) if is_plain_string(raw, encoding) => return (Kind::String, true),
        None if raw == "true" => return (Kind::Boolean(true), false),
        None if raw == "false" => return (Kind::Boolean(false), false),
        None if is_plain_integer(raw) => return (Kind::Integer, false),
        _ => {}
    }
    let kind = match Raw::new_unchecked(raw, encoding, span).decode_scalar(&mut (), errors) {
        ScalarKind::String => Kind::String,
        ScalarKind::Boolean(value) => Kind::Boolean(value),
        ScalarKind::Integer(_) => Kind::Integer,
        ScalarKind::Float => Kind::Float,
        ScalarKind::DateTime => {
            if let Err(error) = raw.parse::<Datetime>() {
                errors.report_error(ParseError::new(error.to_string()).with_unexpected(span));
            }
            Kind::Datetime
        }
    };
    (kind, false)
}

/// Whether a string on one line is closed, valid, and the same decoded: no control characters, no escapes.
/// The lexer ends it at the first quote, so there is none inside.
fn is_plain_string(raw: &str, encoding: Encoding) -> bool {
    let (quote, escape) = match encoding {
        Encoding::BasicString => (b'"', b'\\'),
        // No escapes here; the quote cannot be inside either.
        Encoding::LiteralString => (b'\'', b'\''),
        Encoding::MlBasicString | Encoding::MlLiteralString => return false,
    };
    let [first, inner @ .., last] = raw.as_bytes() else { return false };
    // Sums instead of a short cut, so that many bytes are looked at at a time.
    let is_odd = |byte: u8| u8::from(byte < b' ') | u8::from(byte == escape) | u8::from(byte == 0x7f);
    let odd = inner.iter().fold(0, |odd, byte| odd | is_odd(*byte)) != 0;
    *first == quote && *last == quote && !odd
}

/// Whether it is a decimal integer without sign, underscores or leading zeros.
fn is_plain_integer(raw: &str) -> bool {
    match raw.as_bytes() {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}
