//! What is found when the writer rests: problems that only the pages of a document meet. Whoever
//! types does not wait for them.

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

/// How long nothing has changed when the writer rests: longer than from one letter to the next.
const DEBOUNCE: Duration = Duration::from_millis(250);

/// A thread that lays documents out as soon as the writer rests.
pub struct IdleLayout {
    changed: Sender<VecDeque<Arc<Compiled>>>,
}

impl IdleLayout {
    /// Has `tell` called with each document of which the pages meet a problem.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn begin(tell: impl Fn(&Arc<Compiled>) + Send + 'static) -> std::io::Result<IdleLayout> {
        let (changed, heard) = channel();
        Builder::new().stack_size(STACK).spawn(move || work(&heard, tell))?;
        Ok(IdleLayout { changed })
    }

    /// Takes these documents in the place of those that were to be laid out.
    pub fn lay_out(&self, documents: VecDeque<Arc<Compiled>>) {
        // Where nobody listens any more the program is about to end.
        let _ = self.changed.send(documents);
    }
}

/// Lays documents out until there is nobody to tell.
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
                // What is met on the pages is told before the drawings on them are looked at.
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

/// What is wrong with the document at a path, at the levels of its project: as far as it is laid
/// out, what `chancery check` says.
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

/// Whether the pages of a document without errors may meet more problems.
pub fn needs_layout(path: &str, compiled: &Compiled, project: &Project) -> bool {
    compiled.known_in_drawings().is_none() && project.formats_of(path).contains(&Format::Pdf)
}
