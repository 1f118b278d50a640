//! All units: read side by side, and the first-party code that they name brought to where it is resolved.

use crate::model::Arrange as _;
use crate::model::set_of;
use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::collect::{Request, Unit};
use super::discover::Candidate;
use super::parse::{By, Parsed, Wanted, parse};
use crate::inputs::Detected;
use crate::model::Role;

/// From this many bytes on, in at least two units, threads pay for their start.
const THREADS_FROM: u64 = 1024 * 1024;

/// Reads every unit and gives each to `work`; with `follow`, the first-party code that they name joins the audit.
///
/// The results stand in the order of the units' numbers, whatever thread was first.
pub(crate) fn each_unit<T: Send>(
    units: Vec<Unit>,
    follow: bool,
    request: &Request,
    work: impl Fn(Parsed) -> T + Sync,
) -> Vec<T> {
    // Number 0 is kept for texts that are no input: the policy, the command line, the database.
    let run = |units: &[(u32, &Unit)]| -> Vec<(usize, T, Vec<Wanted>)> {
        let one = |(number, unit): &(u32, &Unit)| {
            let mut parsed = parse(unit, *number, &request.selection);
            let wanted = std::mem::take(&mut parsed.wanted);
            let result = work(parsed);
            request.progress.read();
            (*number as usize - 1, result, wanted)
        };
        if units.len() > 1 && size(units) >= THREADS_FROM {
            units.par_iter().map(one).collect()
        } else {
            units.iter().map(one).collect()
        }
    };
    let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
    let mut units = Units::new(units);
    let mut results: Vec<Option<T>> = Vec::new();
    let mut dirty: BTreeSet<usize> = set_of(0..units.all.len());
    while !dirty.is_empty() {
        request.progress.found(dirty.len());
        results.resize_with(units.all.len(), || None);
        let batch: Vec<_> = dirty.iter().map(|index| (number(*index), &units.all[*index])).collect();
        let done = run(&batch);
        let mut again = BTreeSet::new();
        let mut all_wanted = Vec::new();
        for (index, result, wanted) in done {
            results[index] = Some(result);
            if follow {
                all_wanted.extend(wanted.into_iter().map(|wanted| (index, wanted)));
            }
        }
        // A lock that resolves all of a manifest has more right to it than one that resolves a part.
        all_wanted.arrange_by_key(|(index, wanted)| (std::cmp::Reverse(wanted.by), *index));
        for (index, wanted) in all_wanted {
            units.adopt(index, wanted, &mut again);
        }
        // A manifest that went to its lock may have been all of its unit.
        for (index, result) in results.iter_mut().enumerate() {
            if units.all[index].candidates.is_empty() {
                *result = None;
                again.remove(&index);
            }
        }
        dirty = again;
    }
    results.into_iter().flatten().collect()
}

/// The units, and where to find them.
struct Units {
    all: Vec<Unit>,
    by_folder: HashMap<String, usize>,
    /// The manifests that a lock in another folder has taken: path, and the unit of the lock.
    taken: HashMap<String, usize>,
}

impl Units {
    fn new(all: Vec<Unit>) -> Self {
        let by_folder = all.iter().enumerate().map(|(index, unit)| (unit.folder.clone(), index)).collect();
        Self { all, by_folder, taken: HashMap::new() }
    }

    /// Brings a first-party manifest to the unit whose lock resolves it, else to the unit of its folder. `changed`
    /// gets the units that have to be read again.
    fn adopt(&mut self, namer: usize, wanted: Wanted, changed: &mut BTreeSet<usize>) {
        let Wanted { candidate, by } = wanted;
        let home = self.by_folder.get(candidate.folder()).copied();
        if by > By::Requirement && home != Some(namer) {
            self.give_to_lock(namer, home, candidate, changed);
        } else if by == By::Requirement && !self.taken.contains_key(&candidate.path) {
            self.give_home(namer, home, candidate, changed);
        }
    }

    fn give_to_lock(
        &mut self,
        namer: usize,
        home: Option<usize>,
        mut candidate: Candidate,
        changed: &mut BTreeSet<usize>,
    ) {
        if self.all[namer].candidates.iter().any(|known| known.path == candidate.path) {
            return;
        }
        // A member with a lock of its own, or of a second workspace, is audited there; here it tells the lines.
        let is_lock = |known: &Candidate| is_lock_of(known, candidate.name());
        let has_lock = home.is_some_and(|home| self.all[home].candidates.iter().any(is_lock));
        candidate.companion = has_lock || self.taken.contains_key(&candidate.path);
        if !candidate.companion {
            self.taken.insert(candidate.path.clone(), namer);
            if let Some(home) = home {
                let unit = &mut self.all[home];
                let only = unit.candidates.iter().all(|known| known.path == candidate.path);
                if only {
                    unit.candidates.clear();
                } else if let Some(known) =
                    unit.candidates.iter_mut().find(|known| known.path == candidate.path)
                {
                    known.companion = true;
                }
                changed.insert(home);
            }
        }
        self.all[namer].add(candidate);
        changed.insert(namer);
    }

    fn give_home(
        &mut self,
        namer: usize,
        home: Option<usize>,
        candidate: Candidate,
        changed: &mut BTreeSet<usize>,
    ) {
        let Some(home) = home else {
            let folder = candidate.folder().to_owned();
            self.by_folder.insert(folder.clone(), self.all.len());
            changed.insert(self.all.len());
            let tree = self.all[namer].tree.clone();
            self.all.push(Unit { folder, tree, candidates: vec![candidate] });
            return;
        };
        let unit = &mut self.all[home];
        match unit.candidates.iter_mut().find(|known| known.path == candidate.path) {
            Some(known) if known.companion => known.companion = false,
            Some(_) => return,
            None => unit.add(candidate),
        }
        changed.insert(home);
    }
}

/// Whether a file is the lock of a manifest that lies beside it; that of a script is none of the project's.
fn is_lock_of(candidate: &Candidate, manifest: &str) -> bool {
    let Detected::Format(format) = candidate.detected else { return false };
    let is_lock = format.role == Role::Lock && !candidate.companion;
    let of = format.manifest.of(candidate.name());
    is_lock && of.as_deref() == Some(manifest) && format.manifest.is_whole(candidate.name())
}

fn size(units: &[(u32, &Unit)]) -> u64 {
    let files = units.iter().flat_map(|(_, unit)| &unit.candidates);
    files.map(|candidate| std::fs::metadata(&candidate.file).map_or(0, |data| data.len())).sum()
}
