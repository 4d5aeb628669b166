//! Changes of files, as the system tells of them.

use notify::event::EventKind;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::sleep;
use std::time::Duration;

/// A signal about files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    Changed,
    /// No event within the time.
    Silence,
    /// Nothing will be heard any more.
    Ended,
}

/// Where one hears of changes.
pub trait Events {
    /// The next signal within some time.
    fn next(&mut self, within: Duration) -> Signal;
}

/// The events of the system.
pub struct SystemEvents {
    signals: Receiver<()>,
    /// Watches until it is dropped.
    _watcher: RecommendedWatcher,
}

impl SystemEvents {
    /// Events of a folder, and of all folders below it or not, but for some paths and what is
    /// below them.
    ///
    /// # Errors
    /// Why the system tells of no events.
    pub fn watch_folder(folder: &Path, below: bool, ignored: Vec<PathBuf>) -> Result<SystemEvents, String> {
        let (sender, signals) = channel();
        let told = move |event: notify::Result<notify::Event>| {
            let is_news = event.map_or(true, |event| {
                let is_ignored = |path: &PathBuf| ignored.iter().any(|ignored| path.starts_with(ignored));
                let is_ours = !event.paths.is_empty() && event.paths.iter().all(is_ignored);
                event.need_rescan() || !(is_ours || matches!(event.kind, EventKind::Access(_)))
            });
            if is_news {
                // If nobody listens, the program is about to end.
                let _ = sender.send(());
            }
        };
        let mut watcher = notify::recommended_watcher(told).map_err(|fault| fault.to_string())?;
        let mode = if below { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        watcher.watch(folder, mode).map_err(|fault| fault.to_string())?;
        Ok(SystemEvents { signals, _watcher: watcher })
    }
}

impl Events for SystemEvents {
    fn next(&mut self, within: Duration) -> Signal {
        match self.signals.recv_timeout(within) {
            Ok(()) => Signal::Changed,
            Err(RecvTimeoutError::Timeout) => Signal::Silence,
            Err(RecvTimeoutError::Disconnected) => Signal::Ended,
        }
    }
}

/// No events: the caller polls for changes.
pub struct Polling;

/// Slow enough to cost nothing, quick enough to be done before the writer looks up.
const INTERVAL: Duration = Duration::from_millis(300);

impl Events for Polling {
    fn next(&mut self, within: Duration) -> Signal {
        sleep(INTERVAL.min(within));
        Signal::Silence
    }
}
