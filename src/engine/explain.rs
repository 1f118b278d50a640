//! One advisory: what it says, and what that means for the packages of some dependency files.

use super::check::Options;
use super::collect::{Collection, Request, collect, collect_if_any};
use super::error::Error;
use super::file_system::FileSystem;
use super::look::{Looked, with_own};
use super::parse::Parsed;
use super::policy_file;
use super::units::each_unit;
use crate::advisory::{self, Advisory, Concerned, Database};
use crate::model::{Label, ProjectView, Skipped, SourceMap, Sources};

/// What there is to say about an id.
#[derive(Debug)]
pub enum Explained {
    /// No record names it; these ids are near.
    Unknown(Vec<String>),
    /// What the records say, the packages that they are about, and how many files were read.
    Known(Box<Advisory>, Vec<Concerned>, usize),
}

/// Looks an id up, and every package of the dependency files that its records are about.
///
/// With `files` there must be dependency files; without, there may be none.
///
/// # Errors
/// As [`audit`](super::audit).
pub fn explain(
    request: &Request,
    files: bool,
    id: &str,
    options: &Options,
) -> Result<Looked<Explained>, Error> {
    let collection = if files { collect(request, true)? } else { collect_if_any(request, true)? };
    let Collection { units, mut skipped, mut notes, root, .. } = collection;
    let here = std::fs::canonicalize(&request.working_directory).unwrap_or(request.working_directory.clone());
    let mut own = Sources::new(0);
    let found = policy_file::find(&options.policy, &FileSystem::Disk, &here, &root, &mut own)?;
    let (database, said, unread) = super::extra::open(options, &found, &root, &own)?;
    notes.extend(said);
    skipped.extend(unread);
    let Some(advisory) = database.look_up(id)? else {
        let found = Explained::Unknown(database.near_ids(id)?);
        let sources = SourceMap::new(with_own(Vec::new()));
        return Ok(Looked { found, skipped: Vec::new(), notes: Vec::new(), sources });
    };
    let checked = each_unit(units, true, request, |parsed| check_unit(parsed, &database, &advisory));
    let mut all = Vec::new();
    let mut inputs = 0;
    let mut texts = Vec::new();
    for unit in checked {
        let (concerned, unread, count, sources) = unit?;
        all.extend(concerned);
        skipped.extend(unread);
        inputs += count;
        texts.push(sources);
    }
    let sources = SourceMap::new(with_own(texts));
    Ok(Looked { found: Explained::Known(Box::new(advisory), all, inputs), skipped, notes, sources })
}

type Unit = (Vec<Concerned>, Vec<Skipped>, usize, Sources);

fn check_unit(parsed: Parsed, database: &Database, advisory: &Advisory) -> Result<Unit, advisory::Error> {
    let Parsed { sources, project, .. } = parsed;
    let view = ProjectView::new(&project);
    let names = advisory.packages();
    let ids: Vec<&str> = advisory.records.iter().map(|record| record.id.as_str()).collect();
    let mut concerned = Vec::new();
    for target in project.targets.iter().filter(|target| names.contains(&target.name)) {
        let whereabouts = view.whereabouts(target);
        let mut this = Concerned {
            name: target.name.clone(),
            version: Some(target.version.clone()),
            verdicts: database.verdicts(&target.name, &target.version, &ids)?,
            safe_version: None,
            place: whereabouts.primary,
            related: whereabouts.related,
            paths: whereabouts.paths.to_vec(),
        };
        if this.is_affected() {
            let flaws = database.flaws(&target.name, &target.version)?;
            this.safe_version = flaws.into_iter().find_map(|flaw| flaw.evidence.safe_version.clone());
        }
        concerned.push(this);
    }
    for unresolved in &project.unresolved {
        let name = project.package(unresolved.entry).name.as_ref();
        let Some(name) = name.filter(|name| names.contains(name)) else { continue };
        concerned.push(Concerned {
            name: name.clone(),
            version: None,
            verdicts: Vec::new(),
            safe_version: None,
            place: Label::new(unresolved.span, unresolved.why.clone()),
            related: Vec::new(),
            paths: Vec::new(),
        });
    }
    for open in project.open.iter().filter(|open| names.contains(&open.name)) {
        for entry in &open.entries {
            let words = "nothing says which version is installed: `audit` weighs all that this admits";
            concerned.push(Concerned {
                name: open.name.clone(),
                version: None,
                verdicts: Vec::new(),
                safe_version: None,
                place: Label::new(project.package(*entry).edit_span(), words),
                related: Vec::new(),
                paths: Vec::new(),
            });
        }
    }
    let inputs = || project.inputs.iter().filter(|input| !input.companion);
    let skipped = inputs().flat_map(|input| input.skipped.iter().cloned()).collect();
    let count = inputs().count();
    Ok((concerned, skipped, count, sources))
}
