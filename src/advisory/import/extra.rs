//! The advisories that a policy adds: read at run time, each folder or file a source of its own.

use std::path::Path;

use super::gather::Gathered;
use super::{ImportOptions, ImportReport, Limits, RefusedRecord, origin};
use crate::advisory::Error;
use crate::advisory::encode::facts::{Facts, Source};
use crate::advisory::encode::writer::{self, Tools};
use crate::advisory::tools::TOOLS;

/// How the names of these sources start.
pub(crate) const EXTRA: &str = "extra:";

/// Sources that come to others, whatever their day is.
#[derive(Debug, Default)]
pub struct Extra {
    facts: Facts,
}

impl Extra {
    /// What the folders of a policy may cost, each of them: a tenth of an import and less, because every run pays it.
    pub const LIMITS: Limits =
        Limits { file: 64 << 20, entries: 100_000, record: 8 << 20, total: 256 << 20, ratio: 200 };

    /// Adds a folder or file of records as the source `extra:NAME`. One without records adds nothing.
    pub fn add(
        &mut self,
        name: &str,
        path: &Path,
        options: &ImportOptions<'_>,
    ) -> Result<ImportReport, Error> {
        let mut gathered = Gathered::new(options);
        gathered.add(path)?;
        let mut report = std::mem::take(&mut gathered.report);
        report.records = gathered.records.len();
        if !gathered.risks.is_empty() {
            let reason =
                "holds KEV or EPSS data, which are no advisories: `audit db import` takes them".to_owned();
            report.refused.push(RefusedRecord { place: path.display().to_string(), reason });
        }
        let found = origin::attribute(gathered.records);
        let published = found.sources.into_iter().map(|source| source.published).max();
        if let Some(published) = published {
            let number = self.facts.sources.len();
            self.facts.sources.push(Source { name: format!("{EXTRA}{name}"), published });
            self.facts.records.extend(found.records.into_iter().map(|(_, record)| (number, record)));
        }
        Ok(report)
    }

    /// The bytes of a store; `None` when there is no record. Not packed: it lives as long as the run.
    pub(crate) fn store(&self) -> Option<Vec<u8>> {
        let tools = Tools { deflate: None, ..TOOLS };
        (!self.facts.sources.is_empty()).then(|| writer::write(&self.facts, &tools))
    }
}
