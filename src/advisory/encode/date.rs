//! Time stamps in few bytes: `2024-05-20T08:15:08.5Z` takes eight instead of twenty-two, and comes back as written.

use super::layout::{Cursor, Damaged, put_bytes, put_number};

/// First byte of a stamp in another form, which follows as text.
const AS_WRITTEN: u8 = 0xff;

/// Appends a stamp; an empty text means that there is none.
pub(crate) fn put_date(out: &mut Vec<u8>, text: &str) {
    if text.is_empty() {
        out.push(0);
    } else if let Some((digits, seconds, fraction)) = packed(text) {
        out.push(1 + digits);
        out.extend_from_slice(&seconds.to_le_bytes()[..6]);
        if digits > 0 {
            put_number(out, fraction);
        }
    } else {
        out.push(AS_WRITTEN);
        put_bytes(out, text.as_bytes());
    }
}

/// The number of digits of the fraction, the stamp's fourteen digits as one number, the fraction.
fn packed(text: &str) -> Option<(u8, u64, u64)> {
    let text = text.strip_suffix('Z')?;
    let (stamp, fraction) = text.split_once('.').unwrap_or((text, ""));
    let no_fraction = !text.contains('.');
    if stamp.len() != 19 || fraction.is_empty() != no_fraction || fraction.len() > 9 {
        return None;
    }
    let mut seconds = 0;
    for (byte, pattern) in stamp.bytes().zip(*b"0000-00-00T00:00:00") {
        if pattern == b'0' && byte.is_ascii_digit() {
            seconds = seconds * 10 + u64::from(byte - b'0');
        } else if byte != pattern {
            return None;
        }
    }
    let value = fraction
        .bytes()
        .try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u64::from(byte - b'0')))?;
    Some((u8::try_from(fraction.len()).ok()?, seconds, value))
}

/// A stamp as it lies in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Date<'a> {
    /// There is none.
    None,
    /// Fourteen digits as one number, and a fraction of so many digits.
    Packed {
        /// Digits of the fraction.
        digits: u8,
        /// `20240520081508`.
        number: u64,
        /// The fraction.
        fraction: u64,
    },
    /// In another form.
    AsWritten(&'a str),
}

impl<'a> Date<'a> {
    /// Reads one.
    pub(crate) fn take(cursor: &mut Cursor<'a>) -> Result<Self, Damaged> {
        let digits = match cursor.byte()? {
            0 => return Ok(Self::None),
            AS_WRITTEN => return Ok(Self::AsWritten(cursor.text()?)),
            form => form - 1,
        };
        let [a, b, c, d, e, f] = cursor.array()?;
        let number = u64::from_le_bytes([a, b, c, d, e, f, 0, 0]);
        let fraction = if digits > 0 { cursor.number()? } else { 0 };
        if digits > 9 || number >= 100_000_000_000_000 {
            return Err(Damaged);
        }
        Ok(Self::Packed { digits, number, fraction })
    }

    /// The text; empty when there is none.
    pub(crate) fn to_text(self) -> String {
        let (digits, number, fraction) = match self {
            Self::None => return String::new(),
            Self::AsWritten(text) => return text.to_owned(),
            Self::Packed { digits, number, fraction } => (usize::from(digits), number, fraction),
        };
        let part = |divisor: u64| number / divisor % 100;
        let year = number / 10_000_000_000;
        let (month, day, hour, minute, second) =
            (part(100_000_000), part(1_000_000), part(10_000), part(100), part(1));
        let stamp = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if digits > 0 { format!("{stamp}.{fraction:0digits$}Z") } else { stamp + "Z" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn round(text: &str) -> (String, usize) {
        let mut bytes = Vec::new();
        put_date(&mut bytes, text);
        let mut cursor = Cursor::new(&bytes);
        let read = Date::take(&mut cursor).unwrap().to_text();
        assert!(cursor.is_empty());
        (read, bytes.len())
    }

    #[test]
    fn usual_stamps_are_short() {
        assert_eq!(round("2024-05-20T08:15:08Z"), ("2024-05-20T08:15:08Z".to_owned(), 7));
        assert_eq!(round("2025-07-15T17:37:50.051730Z").0, "2025-07-15T17:37:50.051730Z");
        assert_eq!(round(""), (String::new(), 1));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]{0,11})?Z?|\\PC{0,30}") {
            prop_assert_eq!(round(&text).0, text);
        }
    }
}
