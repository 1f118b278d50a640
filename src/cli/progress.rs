//! A bar for runs that take long enough to wonder about.

use std::io::{IsTerminal as _, stderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::Progress;

/// Nothing is drawn before: most runs are over by then.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the bar is drawn.
const TICK: Duration = Duration::from_millis(100);

/// Does the work, and draws on standard error how far it is when that is a terminal and `wanted`.
pub(crate) fn watched<T>(progress: &Progress, wanted: bool, work: impl FnOnce() -> T) -> T {
    if !wanted || !stderr().is_terminal() {
        return work();
    }
    std::thread::scope(|scope| {
        let (finished, waiting) = channel::<()>();
        scope.spawn(move || draw(progress, &waiting));
        let done = work();
        drop(finished);
        done
    })
}

/// Draws until the other end of the channel is gone.
fn draw(progress: &Progress, waiting: &Receiver<()>) {
    if waiting.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let bar = ProgressBar::new_spinner();
    let mut counting = false;
    loop {
        let total = progress.total() as u64;
        if total > 0 && !counting {
            counting = true;
            // A template is ours; one with a mistake would be the default instead.
            if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
                bar.set_style(style);
            }
            bar.set_message("auditing");
        }
        if counting {
            bar.set_length(total);
            bar.set_position(progress.done() as u64);
        } else {
            bar.set_message(format!("looking for dependency files: {} folders", progress.folders()));
        }
        bar.tick();
        if waiting.recv_timeout(TICK) != Err(RecvTimeoutError::Timeout) {
            return bar.finish_and_clear();
        }
    }
}
