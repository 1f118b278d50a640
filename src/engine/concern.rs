//! Which packages dependency files are about, for commands that ask about advisories and not about findings.

use std::collections::BTreeSet;

use super::collect::{Collection, Request, collect};
use super::error::Error;
use super::look::Looked;
use super::parse::Parsed;
use super::units::each_unit;
use crate::model::{PackageName, SourceMap, Sources, Version};

/// The packages of dependency files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concern {
    /// Every name that a file lists, with or without a version.
    pub names: BTreeSet<PackageName>,
    /// Names with the versions that are locked or pinned.
    pub locked: BTreeSet<(PackageName, Version)>,
}

/// Reads the dependency files of a request.
///
/// # Errors
/// A named path that does not exist; no dependency file at all.
pub fn concern(request: &Request) -> Result<Looked<Concern>, Error> {
    let Collection { units, mut skipped, notes, .. } = collect(request, true)?;
    let parsed = each_unit(units, true, request, |parsed: Parsed| {
        let project = &parsed.project;
        let inputs = || project.inputs.iter().filter(|input| !input.companion);
        let names: Vec<_> =
            inputs().flat_map(|input| &input.packages).filter_map(|package| package.name.clone()).collect();
        let locked: Vec<_> =
            project.targets.iter().map(|target| (target.name.clone(), target.version.clone())).collect();
        let unread: Vec<_> = inputs().flat_map(|input| input.skipped.iter().cloned()).collect();
        (names, locked, unread, parsed.sources)
    });
    let mut found = Concern::default();
    // Number 0 is kept for texts that are no input.
    let mut texts = vec![Sources::new(0)];
    for (names, locked, unread, sources) in parsed {
        found.names.extend(names);
        found.locked.extend(locked);
        skipped.extend(unread);
        texts.push(sources);
    }
    Ok(Looked { found, skipped, notes, sources: SourceMap::new(texts) })
}
