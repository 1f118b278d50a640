//! Which letters are easily taken for each other: by the finger, by the eye.

/// The rows of the usual keyboard.
const ROWS: [&[u8]; 4] = [b"1234567890-", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];

/// How far each row is moved to the right against the first, in halves of a key.
const SHIFTS: [usize; 4] = [0, 1, 2, 3];

/// Whether two keys touch on a QWERTY keyboard.
pub(super) fn are_neighbours(one: u8, other: u8) -> bool {
    let key = |letter: u8| {
        ROWS.iter().zip(SHIFTS).enumerate().find_map(|(row, (keys, shift))| {
            keys.iter().position(|key| *key == letter).map(|column| (row, 2 * column + shift))
        })
    };
    match (key(one), key(other)) {
        (Some((row, x)), Some((other_row, y))) => {
            one != other
                && row.abs_diff(other_row) <= 1
                && x.abs_diff(y) <= if row == other_row { 2 } else { 1 }
        }
        _ => false,
    }
}

/// Pairs of one shape in many fonts.
const ALIKE: &[(u8, u8)] = &[
    (b'0', b'o'),
    (b'1', b'i'),
    (b'1', b'l'),
    (b'2', b'z'),
    (b'3', b'e'),
    (b'4', b'a'),
    (b'5', b's'),
    (b'6', b'b'),
    (b'6', b'g'),
    (b'7', b't'),
    (b'8', b'b'),
    (b'9', b'g'),
    (b'i', b'j'),
    (b'i', b'l'),
    (b'u', b'v'),
];

/// Groups of letters that look like one.
pub(super) const GROUPS: &[(&str, &str)] = &[("rn", "m"), ("vv", "w"), ("cl", "d")];

/// Whether two letters look alike.
pub(super) fn look_alike(one: u8, other: u8) -> bool {
    ALIKE.contains(&(one, other)) || ALIKE.contains(&(other, one))
}

/// The letters that a digit stands for when it is used as one.
pub(super) fn read_as(digit: u8) -> &'static [u8] {
    match digit {
        b'0' => b"o",
        b'1' => b"li",
        b'3' => b"e",
        b'4' => b"a",
        b'5' => b"s",
        b'7' => b"t",
        b'8' => b"b",
        _ => b"",
    }
}

/// Whether a letter is a vowel: those are mixed up by ear.
pub(super) fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_those_of_a_keyboard() {
        for (key, around) in [(b's', "awedxz"), (b'q', "12wa"), (b'p', "o0-l"), (b'b', "vghn")] {
            let found: Vec<u8> = (b'-'..=b'z').filter(|other| are_neighbours(key, *other)).collect();
            let mut expected = around.as_bytes().to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected, "{}", char::from(key));
        }
        assert!(!are_neighbours(b's', b's'));
        assert!(look_alike(b'o', b'0') && look_alike(b'0', b'o') && !look_alike(b'x', b'0'));
    }
}
