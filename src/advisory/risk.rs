//! Is a flaw exploited, and how likely is it to be? What the tables of the sources in use say about CVE ids.

use super::Error;
use super::encode::layout::{Cursor, Damaged};
use super::encode::table::{NO_SHARE, PARTS, RANSOMWARE, TableKind, cve_key};
use super::store::{Store, StoredTable};
use crate::model::{ExploitProbability, KnownExploited};

/// A table in use: what it is about, the store that holds it, and the day of its data.
pub(crate) type RiskSource<'a> = (TableKind, &'a Store, &'a str);

/// The tables in use, opened.
#[derive(Debug)]
pub(crate) struct Risks<'a> {
    tables: Vec<(TableKind, StoredTable<'a>, &'a str)>,
}

impl<'a> Risks<'a> {
    /// Opens tables: reads the first id of each of their pages.
    pub(crate) fn open(sources: &[RiskSource<'a>]) -> Result<Self, Error> {
        let mut tables = Vec::new();
        for (kind, store, day) in sources {
            if let Some(table) = store.table(*kind)? {
                tables.push((*kind, table, *day));
            }
        }
        Ok(Self { tables })
    }

    /// What the catalogue says about the first of these ids that it lists.
    pub(crate) fn known_exploited<'i>(
        &self,
        ids: impl IntoIterator<Item = &'i str>,
    ) -> Result<Option<KnownExploited>, Error> {
        let Some((_, table, _)) = self.tables.iter().find(|(kind, ..)| *kind == TableKind::Kev) else {
            return Ok(None);
        };
        for key in ids.into_iter().filter_map(cve_key) {
            if let Some(row) = table.find(key)? {
                return kev(&row).map(Some).map_err(|Damaged| table.damaged());
            }
        }
        Ok(None)
    }

    /// The highest probability that is known of any of these ids.
    pub(crate) fn probability<'i>(
        &self,
        ids: impl IntoIterator<Item = &'i str>,
    ) -> Result<Option<ExploitProbability>, Error> {
        let Some((_, table, day)) = self.tables.iter().find(|(kind, ..)| *kind == TableKind::Epss) else {
            return Ok(None);
        };
        let mut highest: Option<(u32, Option<u32>)> = None;
        for key in ids.into_iter().filter_map(cve_key) {
            if let Some(row) = table.find(key)? {
                highest = highest.max(Some(epss(&row).map_err(|Damaged| table.damaged())?));
            }
        }
        Ok(highest.map(|(probability, percentile)| ExploitProbability {
            probability: share(probability),
            percentile: percentile.map(share),
            published: (*day).to_owned(),
        }))
    }
}

fn share(parts: u32) -> f64 {
    f64::from(parts) / f64::from(PARTS)
}

fn kev(row: &[u8]) -> Result<KnownExploited, Damaged> {
    let mut cursor = Cursor::new(row);
    let mut number = || cursor.array().map(u32::from_le_bytes);
    let (added, due) = (number()?, number()?);
    let ransomware = cursor.byte()? & RANSOMWARE != 0;
    Ok(KnownExploited { added: day(added), due: (due != 0).then(|| day(due)), ransomware })
}

fn epss(row: &[u8]) -> Result<(u32, Option<u32>), Damaged> {
    let mut cursor = Cursor::new(row);
    let mut number = || cursor.array().map(u32::from_le_bytes);
    let (probability, percentile) = (number()?, number()?);
    Ok((probability, Some(percentile).filter(|percentile| *percentile != NO_SHARE)))
}

/// `20240501` as a day.
fn day(number: u32) -> String {
    format!("{:04}-{:02}-{:02}", number / 10_000, number / 100 % 100, number % 100)
}
