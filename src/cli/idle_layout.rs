//! Background layout while the writer pauses. It finds the problems that only layout finds, without
//! delaying typing.

use super::panics::catch_panic;
use super::produce::has_errors;
use super::threads::STACK;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::format::Format;
use crate::project::Project;
use crate::{Compilation, Compiled};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::Builder;
use std::time::Duration;

/// Time without changes that counts as a pause: longer than between two keystrokes.
const DEBOUNCE: Duration = Duration::from_millis(250);

/// A thread that lays documents out when the writer pauses.
pub struct IdleLayout {
    changed: Sender<VecDeque<Arc<Compiled>>>,
}

impl IdleLayout {
    /// Starts the thread. It calls `tell` with each document in which layout found problems.
    ///
    /// # Errors
    /// If no thread is available.
    pub fn begin(tell: impl Fn(&Arc<Compiled>) + Send + 'static) -> std::io::Result<IdleLayout> {
        let (changed, heard) = channel();
        Builder::new().stack_size(STACK).spawn(move || work(&heard, tell))?;
        Ok(IdleLayout { changed })
    }

    /// Replaces the documents that wait for layout.
    pub fn lay_out(&self, documents: VecDeque<Arc<Compiled>>) {
        // If nobody listens, the program is about to end.
        let _ = self.changed.send(documents);
    }
}

/// Lays documents out until the sender is gone.
fn work(heard: &Receiver<VecDeque<Arc<Compiled>>>, tell: impl Fn(&Arc<Compiled>)) {
    let (mut waiting, mut pause) = (VecDeque::new(), DEBOUNCE);
    loop {
        let news = if waiting.is_empty() {
            heard.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            heard.recv_timeout(pause)
        };
        match news {
            Ok(documents) => (waiting, pause) = (documents, DEBOUNCE),
            Err(RecvTimeoutError::Timeout) => {
                pause = Duration::ZERO;
                let Some(compiled) = waiting.pop_front() else { continue };
                // Problems of layout are reported before the drawings are checked.
                let met = |found: Option<&Diagnostics>| found.is_some_and(|found| found.iter().next().is_some());
                let pages = catch_panic(|| compiled.pages()).ok().flatten();
                if met(pages.as_deref().map(|pages| &pages.diagnostics)) {
                    tell(&compiled);
                }
                if met(catch_panic(|| compiled.in_drawings()).ok().flatten()) {
                    tell(&compiled);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// The problems of a document at the levels of its project. If it has been laid out, they are those
/// of `chancery check`.
pub fn problems(path: &str, compiled: &Compiled, project: &Project) -> Vec<Diagnostic> {
    let Compilation { document, diagnostics, .. } = &compiled.compilation;
    let levelled = |found| project.levelled(found, document.as_ref().map(|document| &document.metadata));
    let found = levelled(diagnostics.clone());
    let is_printed = project.formats_of(path).contains(&Format::Pdf) && !has_errors(&found);
    match compiled.known_pages().filter(|_| is_printed) {
        Some(pages) => {
            let mut all = diagnostics.clone();
            all.append(pages.diagnostics.clone());
            all.append(compiled.known_in_drawings().cloned().unwrap_or_default());
            levelled(all)
        }
        None => found,
    }
}

/// Whether layout of a document without errors may find more problems.
pub fn needs_layout(path: &str, compiled: &Compiled, project: &Project) -> bool {
    compiled.known_in_drawings().is_none() && project.formats_of(path).contains(&Format::Pdf)
}
