//! A progress bar, on a terminal, for builds that take their time.

use indicatif::{ProgressBar, ProgressDrawTarget};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Shorter builds need no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Counts documents and shows how far they are.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    terminal: bool,
}

impl Progress {
    /// A bar for a number of documents, not yet shown.
    pub fn new(count: usize) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(count as u64), ProgressDrawTarget::hidden());
        Progress { bar, started: Instant::now(), terminal: std::io::stderr().is_terminal() }
    }

    /// One document more is done.
    pub fn step(&self) {
        if self.terminal && self.bar.is_hidden() && self.started.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
