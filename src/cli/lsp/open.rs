//! Texts that are open in the editor, and the documents compiled with them.

use super::position::{Encoding, path_of};
use crate::cli::failure::Failure;
use crate::cli::watch::KEPT_BYTES;
use crate::cli::workspace::{Workspace, is_source};
use crate::diagnostic::Diagnostic;
use crate::resolve::Context;
use crate::source::Source;
use crate::{Compiled, Session};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is open, and what became of it.
pub struct Open {
    pub encoding: Encoding,
    /// Texts by the files that they are of.
    pub texts: BTreeMap<PathBuf, String>,
    /// One for each folder that is a project or holds a document without one.
    sessions: BTreeMap<PathBuf, Session>,
}

/// The project of a file, and the file's path in it.
pub struct Place {
    pub workspace: Workspace,
    pub path: String,
}

impl Open {
    /// Nothing is open.
    pub fn new(encoding: Encoding) -> Open {
        Open { encoding, texts: BTreeMap::new(), sessions: BTreeMap::new() }
    }

    /// Takes over the changes of a text (LSP, TextDocumentContentChangeEvent).
    pub fn change(&mut self, uri: &str, changes: &[Value]) {
        let Some(text) = path_of(uri).and_then(|path| self.texts.get_mut(&path)) else { return };
        for change in changes {
            let Some(new) = change["text"].as_str() else { continue };
            match change.get("range") {
                Some(range) => {
                    if let Some(bytes) = self.encoding.bytes(&Source::new("", text.as_str()), range) {
                        text.replace_range(bytes, new);
                    }
                }
                None => new.clone_into(text),
            }
        }
    }

    /// The project of an open file, in which all that is open counts before the disk.
    pub fn place(&self, file: &PathBuf) -> Result<Place, Failure> {
        let mut workspace = Workspace::open(None, std::slice::from_ref(file))?;
        if workspace.is_project {
            // A file that is named counts as a document, and may be a part of one.
            workspace = Workspace::open(Some(workspace.root()), &[])?;
        }
        let root = workspace.root().to_owned();
        for (file, text) in &self.texts {
            if let Some(path) = inside(&root, file) {
                workspace.lay_over(&path, text.as_str());
            }
        }
        let path = inside(&root, file).unwrap_or_default();
        Ok(Place { workspace, path })
    }

    /// Does something with the documents of a project, which are compiled on the way.
    pub fn with_context<T>(&mut self, place: &Place, work: impl FnOnce(&Session, &Context) -> T) -> T {
        let root = place.workspace.root().to_owned();
        let session = self.sessions.entry(root).or_insert_with(|| Session::new(KEPT_BYTES));
        place.workspace.with_context(&[], None, |context| work(session, context))
    }

    /// The documents that a file is part of: itself, or all that read it. A source that none
    /// reads is looked at as if it were one.
    pub fn documents(&mut self, place: &Place) -> Vec<Arc<Compiled>> {
        let (documents, path) = (&place.workspace.documents, &place.path);
        self.with_context(place, |session, context| {
            if documents.contains(path) {
                return vec![session.compile(path, context)];
            }
            let all: Vec<Arc<Compiled>> = documents.par_iter().map(|path| session.compile(path, context)).collect();
            let reads = |compiled: &Arc<Compiled>| compiled.basis.reads.inputs.contains_key(path);
            let mut found: Vec<Arc<Compiled>> = all.into_iter().filter(reads).collect();
            if found.is_empty() && is_source(Path::new(path)) {
                found.push(session.compile(path, context));
            }
            found
        })
    }

    /// What is wrong with a document, at the levels of its project.
    pub fn problems(place: &Place, compiled: &Compiled) -> Vec<Diagnostic> {
        let metadata = compiled.compilation.document.as_ref().map(|document| &document.metadata);
        place.workspace.project.levelled(compiled.compilation.diagnostics.clone(), metadata)
    }
}

/// The path of a file from a folder, where it lies below that; its own folder may be a link.
pub fn inside(root: &Path, file: &Path) -> Option<String> {
    let in_real_folder = || Some(file.parent()?.canonicalize().ok()?.join(file.file_name()?));
    let real = file.canonicalize().ok().or_else(in_real_folder).unwrap_or_else(|| file.to_owned());
    let path = real.strip_prefix(root).or_else(|_| file.strip_prefix(root)).ok()?;
    Some(path.to_string_lossy().replace('\\', "/"))
}
