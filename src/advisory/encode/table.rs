//! Facts about single CVE ids: rows of one width, by id, in sealed pages of their own.
//!
//! A look-up reads the first id of each page and one page, whatever the number of rows: the EPSS file has a row for
//! each of 300,000 CVE ids, of which an audit asks for a handful.

/// A page holds so many rows.
pub(crate) const ROWS_PER_PAGE: usize = 256;
/// How many bytes a CVE id takes.
pub(crate) const KEY: usize = 6;
/// Stands for a percentile that is not known.
pub(crate) const NO_SHARE: u32 = u32::MAX;
/// Probabilities and percentiles are kept in so many parts of one.
pub(crate) const PARTS: u32 = 1_000_000;

/// Flag of a row of [`TableKind::Kev`]: used in ransomware campaigns.
pub(crate) const RANSOMWARE: u8 = 1;

/// A CVE id as bytes that compare as year and number do.
pub(crate) type CveKey = [u8; KEY];

/// What the rows of a table say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TableKind {
    /// CISA's catalogue of known exploited vulnerabilities.
    Kev,
    /// FIRST's probability of exploitation.
    Epss,
}

impl TableKind {
    /// All of them, by name of their source.
    pub(crate) const ALL: [Self; 2] = [Self::Epss, Self::Kev];

    /// The name of the source that it is.
    pub(crate) fn source(self) -> &'static str {
        match self {
            Self::Kev => "kev",
            Self::Epss => "epss",
        }
    }

    /// How many bytes a row takes.
    pub(crate) fn width(self) -> usize {
        match self {
            Self::Kev => KEY + 4 + 4 + 1,
            Self::Epss => KEY + 4 + 4,
        }
    }

    /// The sections of its first ids and of its pages.
    pub(crate) fn sections(self) -> [[u8; 4]; 2] {
        match self {
            Self::Kev => [*b"kevi", *b"kevp"],
            Self::Epss => [*b"epsi", *b"epsp"],
        }
    }
}

/// The rows of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) kind: TableKind,
    /// By id, each id once.
    pub(crate) rows: Vec<u8>,
}

impl Table {
    /// Puts rows in order. Of rows with one id the greatest stays, so that the order of the input does not matter.
    pub(crate) fn new(kind: TableKind, mut rows: Vec<Vec<u8>>) -> Self {
        rows.sort_unstable();
        let id = |row: &Vec<u8>| row.first_chunk::<KEY>().copied();
        rows.dedup_by(|right, left| {
            let same = id(right) == id(left);
            if same {
                std::mem::swap(right, left);
            }
            same
        });
        Self { kind, rows: rows.concat() }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len() / self.kind.width()
    }
}

/// The key of a CVE id in its usual form; `None` for anything else.
pub(crate) fn cve_key(id: &str) -> Option<CveKey> {
    let (prefix, rest) = id.split_at_checked(4)?;
    let (year, number) = rest.split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = number.len() == 4 || (number.len() > 4 && !number.starts_with('0'));
    if !prefix.eq_ignore_ascii_case("CVE-")
        || year.len() != 4
        || !canonical
        || !digits(year)
        || !digits(number)
    {
        return None;
    }
    let year: u16 = year.parse().ok()?;
    let number: u32 = number.parse().ok()?;
    let mut key = [0; KEY];
    let (high, low) = key.split_at_mut(2);
    high.copy_from_slice(&year.to_be_bytes());
    low.copy_from_slice(&number.to_be_bytes());
    Some(key)
}

/// The id of a key.
pub(crate) fn cve_of(key: CveKey) -> String {
    let value = |bytes: &[u8]| bytes.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let (year, number) = key.split_at(2);
    format!("CVE-{:04}-{:04}", value(year), value(number))
}

/// A row of [`TableKind::Kev`]. Days are numbers: 20240501; 0 when there is none.
pub(crate) fn kev_row(key: CveKey, added: u32, due: u32, flags: u8) -> Vec<u8> {
    [&key[..], &added.to_le_bytes(), &due.to_le_bytes(), &[flags]].concat()
}

/// A row of [`TableKind::Epss`]: probability and percentile in parts of [`PARTS`].
pub(crate) fn epss_row(key: CveKey, probability: u32, percentile: Option<u32>) -> Vec<u8> {
    [&key[..], &probability.to_le_bytes(), &percentile.unwrap_or(NO_SHARE).to_le_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_in_their_usual_form() {
        for id in ["CVE-1999-0001", "CVE-2024-1234567", "CVE-2024-4294967295"] {
            assert_eq!(cve_of(cve_key(id).unwrap()), id);
        }
        assert_eq!(cve_key("cve-1999-0001"), cve_key("CVE-1999-0001"));
        for other in [
            "",
            "CVE",
            "CVE-",
            "CVE-99-0001",
            "CVE-2024-001",
            "CVE-2024-00001",
            "CVE-2024-4294967296",
            "CVE-2024-+123",
            "GHSA-a",
            "ÄÖÜ-2024-1234",
        ] {
            assert_eq!(cve_key(other), None, "{other}");
        }
    }

    #[test]
    fn the_order_of_the_input_does_not_matter() {
        let key = |id: &str| cve_key(id).unwrap();
        let (low, high) =
            (epss_row(key("CVE-2024-0001"), 1, None), epss_row(key("CVE-2024-0001"), 2, Some(3)));
        let other = epss_row(key("CVE-2023-0001"), 9, None);
        let first = Table::new(TableKind::Epss, vec![low.clone(), other.clone(), high.clone()]);
        let second = Table::new(TableKind::Epss, vec![high.clone(), low, other.clone()]);
        assert_eq!((first.len(), &first), (2, &second));
        assert_eq!(first.rows, [other, high].concat());
    }

    proptest! {
        #[test]
        fn keys_compare_as_numbers(left in (0..10_000_u16, 0_u32..), right in (0..10_000_u16, 0_u32..)) {
            let id = |(year, number): (u16, u32)| format!("CVE-{year:04}-{number:04}");
            let (one, other) = (cve_key(&id(left)).unwrap(), cve_key(&id(right)).unwrap());
            prop_assert_eq!(one.cmp(&other), left.cmp(&right));
            prop_assert_eq!(cve_of(one), id(left));
        }
    }
}
