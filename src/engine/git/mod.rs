//! What a git repository holds, read without `git` and without its configuration: commits as trees of files, what the
//! index tracks, what `.gitignore` leaves out.
//!
//! Nothing here runs a program, follows the environment (`GIT_DIR`, …) or reads `.git/config`: a hostile repository
//! can say little more than which bytes its objects have. The crates below `gix` read objects, references and the index.

mod commit;
mod ignored;
mod repository;
mod revision;

pub(crate) use commit::Commit;
pub(crate) use ignored::{Ignored, Tracked};
pub(crate) use repository::{Located, Repository, locate};
