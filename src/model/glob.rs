//! Patterns of names.

/// Whether a name matches a pattern: `*` stands for any characters or none, `?` for one, anything else for itself in
/// either case. Names that an index accepts are ASCII: a `?` is a byte. The last `*` alone is tried again further on, so
/// that the work is at most the product of both lengths.
pub fn is_match(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut from) = (0, 0);
    let mut retry = None;
    while let Some(byte) = name.get(from) {
        match pattern.get(at) {
            Some(b'*') => {
                retry = Some((at + 1, from));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || wanted.eq_ignore_ascii_case(byte) => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((after, start)) = retry else { return false };
                retry = Some((after, start + 1));
                (at, from) = (after, start + 1);
            }
        }
    }
    pattern.get(at..).is_none_or(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The obvious way.
    fn slow(pattern: &[u8], text: &[u8]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((b'*', rest)) => (0..=text.len()).any(|at| slow(rest, &text[at..])),
            Some((b'?', rest)) => !text.is_empty() && slow(rest, &text[1..]),
            Some((byte, rest)) => text.first() == Some(byte) && slow(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_obvious_way(pattern in "[ab*?]{0,8}", text in "[ab]{0,10}") {
            let expected = slow(pattern.as_bytes(), text.as_bytes());
            prop_assert_eq!(is_match(&pattern, &text), expected);
            prop_assert_eq!(is_match(&pattern.to_uppercase(), &text), expected);
        }
    }
}
