//! Texts that are open in the editor, and the documents compiled with them.

use super::position::{Encoding, path_of};
use crate::cli::failure::Failure;
use crate::cli::watch::KEPT_BYTES;
use crate::cli::workspace::Workspace;
use crate::diagnostic::Diagnostic;
use crate::resolve::{Context, Library};
use crate::source::{FileError, Files};
use crate::{Compiled, Session};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
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

/// Files of a project, with those that are open as the editor has them.
struct Overlay<'a> {
    files: &'a dyn Files,
    texts: BTreeMap<String, &'a str>,
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.texts.get(path).map_or_else(|| self.files.read(path), |text| Ok(text.as_bytes().to_vec()))
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.files.names(folder)
    }
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
                    if let Some(bytes) = self.encoding.bytes(text, range) {
                        text.replace_range(bytes, new);
                    }
                }
                None => new.clone_into(text),
            }
        }
    }

    /// The text of a file, open or not.
    pub fn text(&self, place: &Place, path: &str) -> Option<String> {
        let open = self.texts.get(&place.workspace.root().join(path)).cloned();
        open.or_else(|| String::from_utf8(place.workspace.with_files(|files| files.read(path)).ok()?).ok())
    }

    /// The project of an open file.
    pub fn place(&self, file: &PathBuf) -> Result<Place, Failure> {
        let workspace = Workspace::open(None, std::slice::from_ref(file))?;
        let real = std::fs::canonicalize(file).unwrap_or_else(|_| file.clone());
        let inside = real.strip_prefix(workspace.root()).or_else(|_| file.strip_prefix(workspace.root()));
        let path = inside.map(|path| path.to_string_lossy().replace('\\', "/")).unwrap_or_default();
        Ok(Place { workspace, path })
    }

    /// Does something with the documents of a project, which are compiled on the way.
    pub fn with_context<T>(&mut self, place: &Place, work: impl FnOnce(&Session, &Context) -> T) -> T {
        let workspace = &place.workspace;
        let root = workspace.root();
        let session = self.sessions.entry(root.to_owned()).or_insert_with(|| Session::new(KEPT_BYTES));
        let inside = |(path, text): (&'_ PathBuf, &'_ String)| {
            let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
            let path = real.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/");
            Some((path, text.clone()))
        };
        let open: Vec<(String, String)> = self.texts.iter().filter_map(inside).collect();
        workspace.with_files(|files| {
            let texts = open.iter().map(|(path, text)| (path.clone(), text.as_str())).collect();
            let overlay = Overlay { files, texts };
            let library = Library::from_paths(workspace.documents.iter().cloned(), &workspace.project);
            let context = Context {
                project: &workspace.project,
                library: &library,
                files: &overlay,
                profiles: &[],
                source_date_epoch: None,
                index: None,
                compared: &BTreeSet::new(),
            };
            work(session, &context)
        })
    }

    /// The documents that a file is part of: itself, or all that read it.
    pub fn documents(&mut self, place: &Place) -> Vec<Arc<Compiled>> {
        let documents = place.workspace.documents.clone();
        let path = place.path.clone();
        self.with_context(place, |session, context| {
            if documents.contains(&path) {
                return vec![session.compile(&path, context)];
            }
            let all: Vec<Arc<Compiled>> = documents.par_iter().map(|path| session.compile(path, context)).collect();
            all.into_iter().filter(|compiled| compiled.basis.reads.inputs.contains_key(&path)).collect()
        })
    }

    /// What is wrong with a document, at the levels of its project.
    pub fn problems(place: &Place, compiled: &Compiled) -> Vec<Diagnostic> {
        let metadata = compiled.compilation.document.as_ref().map(|document| &document.metadata);
        let project = &place.workspace.project;
        let levelled = compiled.compilation.diagnostics.clone().into_sorted().into_iter();
        levelled
            .filter_map(|mut problem| {
                problem.severity = project.severity_of(&problem, metadata)?;
                Some(problem)
            })
            .collect()
    }
}
