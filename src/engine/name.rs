//! Single names: what they seem to be, with what the policy says about them.

use std::path::Path;

use super::error::Error;
use super::file_system::FileSystem;
use super::policy_file::{self, PolicyChoice};
use super::tree::Tree;
use crate::model::{PackageName, Sources};
use crate::names::{Accepted, Judge, Judgement};
use crate::policy::NamesPolicy;

/// Judges names, knowing the policy.
#[derive(Debug, Clone)]
pub struct NameJudge {
    judge: Judge,
    policy: NamesPolicy,
}

impl NameJudge {
    /// Finds and reads the policy as an audit in this folder would.
    ///
    /// # Errors
    /// A policy that cannot be used.
    pub fn new(choice: &PolicyChoice, working_directory: &Path) -> Result<Self, Error> {
        let here = std::fs::canonicalize(working_directory).unwrap_or(working_directory.to_owned());
        let root = Tree::root_for(&here, &here);
        let found = policy_file::find(choice, &FileSystem::Disk, &here, &root, &mut Sources::new(0))?;
        let policy = found.policy.names;
        let own: Vec<PackageName> = policy.private_names().collect();
        Ok(Self { judge: Judge::knowing(&own, []), policy })
    }

    /// Judges a name as it was written.
    pub fn judge(&self, written: &str) -> Judgement {
        let name = PackageName::new(written);
        if name.is_well_formed() && self.policy.private(&name).is_some() {
            Judgement::accepted(written, Accepted::Private)
        } else if name.is_well_formed() && self.policy.trusted(&name).is_some() {
            Judgement::accepted(written, Accepted::Trusted)
        } else {
            self.judge.judge(written)
        }
    }
}
