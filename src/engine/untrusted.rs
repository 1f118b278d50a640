//! What a change does to the policy that judges it: nothing, but it is told.

use std::path::Path;
use std::sync::Arc;

use super::collect::{Request, collect_commit};
use super::error::Error;
use super::file_system::FileSystem;
use super::git::Commit;
use super::ignores;
use super::policy_file::{self, Found, PolicyChoice};
use super::units::each_unit;
use crate::model::{Note, Sources};
use crate::policy::Ignore;

/// What a change adds to its own policy.
#[derive(Debug, Default)]
pub(super) struct Untrusted {
    /// Ignores that the target does not have.
    pub(super) ignores: Vec<Ignore>,
    /// That the policies differ.
    pub(super) note: Option<Note>,
    /// The target.
    judge: Option<Arc<Commit>>,
}

impl Untrusted {
    /// Compares the policy that holds, of the target named `name`, with the one on the disk.
    ///
    /// # Errors
    /// The policy on the disk cannot be used: merged, it would stop every run.
    pub(super) fn of(
        choice: &PolicyChoice,
        trusted: &Found,
        judge: &(Arc<Commit>, String),
        here: &Path,
        root: &Path,
        sources: &mut Sources,
    ) -> Result<Self, Error> {
        let (commit, name) = judge;
        let same = Self { judge: Some(commit.clone()), ..Self::default() };
        if trusted.files.is_disk() && trusted.file.is_some() {
            return Ok(same); // named, and not known to git
        }
        let own = policy_file::find(choice, &FileSystem::Disk, here, root, sources)?;
        let text = |found: &Found| found.file.as_ref().and_then(|file| found.files.read(file).ok());
        if text(&own) == text(trusted) {
            return Ok(same);
        }
        let file = own.file.as_ref().or(trusted.file.as_ref());
        let path = file.map_or(policy_file::POLICY_FILE.to_owned(), |file| policy_file::shown(file, root));
        let text =
            format!("differs from that of {name}, which holds for this change; it counts once it is merged");
        let is_new = |ignore: &Ignore| !trusted.policy.ignores.iter().any(|known| is_same(known, ignore));
        Ok(Self {
            ignores: own.policy.ignores.into_iter().filter(is_new).collect(),
            note: Some(Note { path, span: None, text }),
            ..same
        })
    }

    /// Of the ignores in comments those that stand behind the same requirements of the same files of the target; the
    /// others come to the untrusted ones. A comment that says nothing usable is kept: it hides nothing.
    ///
    /// # Errors
    /// The files of the target cannot be collected.
    pub(super) fn keep_trusted(
        &mut self,
        inline: Vec<Ignore>,
        request: &Request,
        root: &Path,
    ) -> Result<Vec<Ignore>, Error> {
        let Some(judge) = self.judge.clone().filter(|_| !inline.is_empty()) else { return Ok(inline) };
        let units = collect_commit(request, judge, root)?.units;
        let known =
            each_unit(units, true, request, |parsed| ignores::inline(&parsed.project, &parsed.sources));
        let known: Vec<Ignore> = known.into_iter().flatten().collect();
        let line =
            |ignore: &Ignore| ignore.line.as_ref().map(|line| (line.path.clone(), line.packages.clone()));
        let is_known = |ignore: &Ignore| {
            ignore.fault.is_some()
                || known.iter().any(|known| is_same(known, ignore) && line(known) == line(ignore))
        };
        let (kept, brought) = inline.into_iter().partition(is_known);
        self.ignores.extend::<Vec<Ignore>>(brought);
        Ok(kept)
    }
}

/// Whether two ignores take out the same, until the same day.
pub(super) fn is_same(one: &Ignore, other: &Ignore) -> bool {
    let version = |ignore: &Ignore| format!("{:?}", ignore.version);
    one.exactly == other.exactly
        && one.id.eq_ignore_ascii_case(&other.id)
        && one.package == other.package
        && one.path == other.path
        && one.until == other.until
        && version(one) == version(other)
}
