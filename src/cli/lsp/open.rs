//! Texts that are open in the editor, and the documents compiled with them.

use super::position::{Encoding, path_of};
use crate::cli::failure::Failure;
use crate::cli::watch::KEPT_BYTES;
use crate::cli::workspace::{Workspace, find_project, is_source};
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
    /// The projects as they were last found, with the texts that lie over them.
    projects: BTreeMap<PathBuf, Known>,
    /// One for each folder that is a project or holds a document without one.
    sessions: BTreeMap<PathBuf, Arc<Session>>,
}

/// The project of a file, and the file's path in it.
pub struct Place {
    pub workspace: Arc<Workspace>,
    pub path: String,
}

/// A project, and the texts that lie over its files.
struct Known {
    workspace: Arc<Workspace>,
    texts: BTreeMap<PathBuf, String>,
}

impl Open {
    /// Nothing is open.
    pub fn new(encoding: Encoding) -> Open {
        Open { encoding, texts: BTreeMap::new(), projects: BTreeMap::new(), sessions: BTreeMap::new() }
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
    ///
    /// # Errors
    /// Where the file or its project cannot be read.
    pub fn place(&mut self, file: &PathBuf) -> Result<Place, Failure> {
        let workspace = match find_project(file) {
            Some(root) => self.project(&root)?,
            None => {
                let mut workspace = Workspace::open(None, std::slice::from_ref(file))?;
                workspace.lay_over_files(&self.texts);
                Arc::new(workspace)
            }
        };
        let path = workspace.inside(file).unwrap_or_default();
        Ok(Place { workspace, path })
    }

    /// The project of a folder. It is looked for again where its files are others, or a text
    /// lies over it no more.
    fn project(&mut self, root: &Path) -> Result<Arc<Workspace>, Failure> {
        let known = self.projects.remove(root).filter(|known| {
            known.workspace.is_current() && known.texts.keys().all(|file| self.texts.contains_key(file))
        });
        let mut known = match known {
            Some(known) => known,
            None => Known { workspace: Arc::new(Workspace::open(Some(root), &[])?), texts: BTreeMap::new() },
        };
        let changed = self.texts.iter().filter(|(file, text)| known.texts.get(*file) != Some(text));
        let changed: BTreeMap<PathBuf, String> = changed.map(|(file, text)| (file.clone(), text.clone())).collect();
        if let Some(workspace) = Arc::get_mut(&mut known.workspace).filter(|_| !changed.is_empty()) {
            workspace.lay_over_files(&changed);
        } else if !changed.is_empty() {
            // Somebody still works with what was.
            let mut workspace = Workspace::open(Some(root), &[])?;
            workspace.lay_over_files(&self.texts);
            known.workspace = Arc::new(workspace);
        }
        known.texts.extend(changed);
        let workspace = Arc::clone(&known.workspace);
        self.projects.insert(root.to_owned(), known);
        Ok(workspace)
    }

    /// What keeps the documents of a project.
    pub fn session(&mut self, workspace: &Workspace) -> Arc<Session> {
        let root = workspace.root().to_owned();
        Arc::clone(self.sessions.entry(root).or_insert_with(|| Arc::new(Session::new(KEPT_BYTES))))
    }

    /// Does something with the documents of a project, which are compiled on the way.
    pub fn with_context<T>(&mut self, place: &Place, work: impl FnOnce(&Session, &Context) -> T) -> T {
        let session = self.session(&place.workspace);
        place.workspace.with_context(&[], None, |context| work(&session, context))
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
