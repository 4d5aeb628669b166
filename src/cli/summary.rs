//! The summary that a build prints.

use super::build::{Finished, Sink, shown};
use super::folder::Written;
use super::report::{self, counted, size};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// The results of a build.
#[derive(Default)]
pub struct Summary {
    documents: usize,
    /// Number of them reused from an earlier build.
    kept: usize,
    failed: usize,
    new: Vec<(String, u64)>,
    unchanged: usize,
    bytes: u64,
    /// Files that were copied beside the editions.
    pub copied: Vec<String>,
    pub removed: Vec<String>,
}

impl Summary {
    /// Counts a document.
    pub fn add(&mut self, document: &Finished) {
        if document.entries.is_empty() {
            self.failed += 1;
            return;
        }
        self.documents += 1;
        self.kept += usize::from(document.is_kept);
        let sizes: BTreeMap<&String, u64> = document.entries.iter().map(|(path, entry)| (path, entry.bytes)).collect();
        self.bytes = sizes.values().fold(self.bytes, |sum, bytes| sum.saturating_add(*bytes));
        for (path, written) in &document.written {
            match written {
                Written::New(_) => self.new.push((path.clone(), sizes.get(path).copied().unwrap_or_default())),
                Written::Unchanged => self.unchanged += 1,
            }
        }
    }

    /// Says what was done.
    pub fn print(&self, sink: Sink, out: &Path, started: Instant) {
        const LISTED: usize = 12;
        let seconds = started.elapsed().as_secs_f64();
        let documents = counted(self.documents, "document", "documents");
        let failed = if self.failed == 0 {
            String::new()
        } else {
            format!("; {} not built", counted(self.failed, "document", "documents"))
        };
        if sink == Sink::Compare {
            report::say(&format!("compared {documents} with {} in {seconds:.2} s{failed}\n", shown(out)));
            return;
        }
        let mut text = String::new();
        for (path, bytes) in self.new.iter().take(LISTED) {
            text += &format!("  {}  {}\n", shown(&out.join(path)), size(*bytes));
        }
        if self.new.len() > LISTED {
            text += &format!("  and {} more\n", self.new.len() - LISTED);
        }
        for path in &self.copied {
            text += &format!("  copied {}\n", shown(&out.join(path)));
        }
        for path in &self.removed {
            text += &format!("  removed {}\n", shown(&out.join(path)));
        }
        let documents = match self.kept {
            0 => documents,
            kept => format!("{} of {documents}", self.documents.saturating_sub(kept)),
        };
        text += &format!(
            "built {documents} in {seconds:.2} s: {} written, {} unchanged, {}{failed}\n",
            counted(self.new.len(), "edition", "editions"),
            self.unchanged,
            size(self.bytes),
        );
        report::say(&text);
    }
}
