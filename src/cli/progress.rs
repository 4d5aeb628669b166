//! A progress bar, on a terminal, for builds that take their time.

use indicatif::{ProgressBar, ProgressDrawTarget};
use std::io::IsTerminal;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Shorter builds need no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Counts documents and shows how far they are.
pub struct Progress {
    count: u64,
    done: AtomicU64,
    /// Made when it is first shown.
    bar: OnceLock<ProgressBar>,
    started: Instant,
    terminal: bool,
}

impl Progress {
    /// A bar for a number of documents, not yet shown.
    pub fn new(count: usize) -> Progress {
        Progress {
            count: count as u64,
            done: AtomicU64::new(0),
            bar: OnceLock::new(),
            started: Instant::now(),
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Counts one more document as done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
        if self.terminal && self.started.elapsed() > PATIENCE {
            let new = || ProgressBar::with_draw_target(Some(self.count), ProgressDrawTarget::stderr());
            self.bar.get_or_init(new).set_position(self.done.load(Ordering::Relaxed));
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
