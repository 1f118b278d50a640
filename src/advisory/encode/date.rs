//! Time stamps in few bytes: `2024-05-20T08:15:08.5Z` takes eight instead of twenty-two, and comes back as written.

use std::cmp::Ordering;

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
        let low: [u8; 6] = cursor.array()?;
        let number = low.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
        let fraction = if digits > 0 { cursor.number()? } else { 0 };
        if digits > 9 || number >= 100_000_000_000_000 {
            return Err(Damaged);
        }
        Ok(Self::Packed { digits, number, fraction })
    }

    /// What it is compared by: the digits of the second, its fraction, and something that tells unequal ones apart.
    fn order(self) -> (u64, u64, u8, &'a str) {
        match self {
            Self::None => (0, 0, 0, ""),
            Self::Packed { digits, number, fraction } => {
                let scale = 10_u64.pow(u32::from(9_u8.saturating_sub(digits)));
                (number, fraction.saturating_mul(scale), digits, "")
            }
            Self::AsWritten(text) => {
                let digits = text.bytes().filter(u8::is_ascii_digit).take(14);
                let number = digits
                    .fold((0, 14), |(number, left), byte| (number * 10 + u64::from(byte - b'0'), left - 1));
                // A day alone stands for its first second.
                (number.0 * 10_u64.pow(number.1), 0, AS_WRITTEN, text)
            }
        }
    }

    /// There is none.
    pub(crate) fn is_none(self) -> bool {
        self == Self::None
    }

    /// The text; empty when there is none.
    pub(crate) fn to_text(self) -> String {
        let (digits, number, fraction) = match self {
            Self::None => return String::new(),
            Self::AsWritten(text) => return text.to_owned(),
            Self::Packed { digits, number, fraction } => (usize::from(digits), number, fraction),
        };
        let mut text = *b"0000-00-00T00:00:00";
        let mut rest = number;
        for place in text.iter_mut().rev().filter(|place| **place == b'0') {
            *place = b"0123456789".get((rest % 10) as usize).copied().unwrap_or(b'?');
            rest /= 10;
        }
        let mut text = String::from_utf8_lossy(&text).into_owned();
        if digits > 0 {
            text.push_str(&format!(".{fraction:0digits$}"));
        }
        text.push('Z');
        text
    }
}

impl Ord for Date<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

impl PartialOrd for Date<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
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
    fn a_fraction_comes_after_its_second() {
        let stamps = [
            "2024-05-20T08:15:08Z",
            "2024-05-20T08:15:08.05Z",
            "2024-05-20T08:15:08.5Z",
            "2024-05-20T08:15:09Z",
        ];
        let packed = |text: &str| {
            let mut bytes = Vec::new();
            put_date(&mut bytes, text);
            bytes
        };
        let bytes: Vec<_> = stamps.iter().map(|text| packed(text)).collect();
        let dates: Vec<_> = bytes.iter().map(|bytes| Date::take(&mut Cursor::new(bytes)).unwrap()).collect();
        assert!(dates.is_sorted() && Date::None < dates[0]);
        assert!(
            Date::AsWritten("2024-05-20") < dates[0]
                && Date::AsWritten("2025-01-01T00:00:00+01:00") > dates[3]
        );
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
