//! How far a run is: counters that the run moves and that anybody may look at.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How far a run is. Clones look at the same counters.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct Counters {
    folders: AtomicUsize,
    total: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// How many folders were walked.
    pub fn folders(&self) -> usize {
        self.counters.folders.load(Ordering::Relaxed)
    }

    /// How many projects there are; 0 while they are still looked for.
    pub fn total(&self) -> usize {
        self.counters.total.load(Ordering::Relaxed)
    }

    /// How many projects were read.
    pub fn done(&self) -> usize {
        self.counters.done.load(Ordering::Relaxed)
    }

    pub(super) fn walked(&self) {
        self.counters.folders.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn found(&self, projects: usize) {
        self.counters.total.fetch_add(projects, Ordering::Relaxed);
    }

    pub(super) fn read(&self) {
        self.counters.done.fetch_add(1, Ordering::Relaxed);
    }
}
