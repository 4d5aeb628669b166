//! Texts open in the editor, and the documents compiled with them.

use super::position::Encoding;
use super::symbols::Reading;
use crate::cli::failure::Failure;
use crate::cli::idle_layout;
use crate::cli::watch::KEPT_BYTES;
use crate::cli::workspace::{Texts, Workspace, find_project, is_source};
use crate::cli::workspace_cache::WorkspaceCache;
use crate::diagnostic::Diagnostic;
use crate::parse::{ParseCache, body_start};
use crate::resolve::Context;
use crate::source::Source;
use crate::{Compiled, Session};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The open texts and what is computed from them.
pub struct Open {
    pub encoding: Encoding,
    pub texts: Texts,
    /// Readings of open texts, made at first use.
    readings: BTreeMap<PathBuf, KeptReading>,
    projects: BTreeMap<PathBuf, WorkspaceCache>,
    /// One session for each project folder, or folder with a document without a project.
    sessions: BTreeMap<PathBuf, Arc<Session>>,
}

/// The last reading of a text and the parse cache for the next one.
#[derive(Default)]
struct KeptReading {
    last: Option<Arc<Reading>>,
    parts: ParseCache,
}

/// The project of a file, and the file's path in it.
pub struct ProjectFile {
    pub workspace: Arc<Workspace>,
    pub path: String,
}

impl Open {
    /// No open texts.
    pub fn new(encoding: Encoding) -> Open {
        Open {
            encoding,
            texts: Texts::new(),
            readings: BTreeMap::new(),
            projects: BTreeMap::new(),
            sessions: BTreeMap::new(),
        }
    }

    /// Adds an opened text.
    pub fn open(&mut self, file: &Path, text: &str) {
        self.texts.insert(file.to_owned(), Arc::new(Source::new(file.to_string_lossy(), text)));
    }

    /// Applies the changes of a text (LSP, TextDocumentContentChangeEvent).
    pub fn change(&mut self, file: &Path, changes: &[Value]) {
        let Some(text) = self.texts.get_mut(file) else { return };
        let source = Arc::make_mut(text);
        for change in changes {
            let Some(new) = change["text"].as_str() else { continue };
            let part = match change.get("range") {
                Some(range) => self.encoding.bytes(source, range),
                None => Some(0..source.text().len()),
            };
            part.into_iter().for_each(|part| source.replace(part, new));
        }
    }

    /// Closes a text; the file on disk is used again.
    pub fn close(&mut self, file: &Path) {
        self.texts.remove(file);
        self.readings.remove(file);
    }

    /// The reading of a file of a project. For an open text it is cached and reuses parsed chunks.
    pub fn reading(&mut self, workspace: &Workspace, path: &str, file: &Path, text: &str) -> Arc<Reading> {
        if !self.texts.contains_key(file) {
            return Arc::new(Reading::from_text(text));
        }
        let session = self.session(workspace);
        let KeptReading { last, parts } = self.readings.entry(file.to_owned()).or_default();
        if let Some(known) = last.as_ref().filter(|last| last.text == text) {
            return Arc::clone(known);
        }
        let parsed = session.parts(path, text, body_start(text));
        let before = last.as_deref();
        let reading = match parsed {
            Some(parts) => Reading::from_parts(text, &parts, before),
            None => Reading::again(text, parts, before),
        };
        Arc::clone(last.insert(Arc::new(reading)))
    }

    /// The project of an open file, overlaid with all open texts.
    ///
    /// # Errors
    /// If the file or its project cannot be read.
    pub fn project_file(&mut self, file: &PathBuf) -> Result<ProjectFile, Failure> {
        let workspace = match find_project(file) {
            Some(root) => self.projects.entry(root.clone()).or_default().with(Some(&root), &[], &self.texts)?,
            None => WorkspaceCache::default().with(None, std::slice::from_ref(file), &self.texts)?,
        };
        let path = workspace.inside(file).unwrap_or_default();
        Ok(ProjectFile { workspace, path })
    }

    /// The session of a project.
    pub fn session(&mut self, workspace: &Workspace) -> Arc<Session> {
        let root = workspace.root().to_owned();
        Arc::clone(self.sessions.entry(root).or_insert_with(|| Arc::new(Session::new(KEPT_BYTES))))
    }

    /// Calls `work` with the session and the context of a project.
    pub fn with_context<T>(&mut self, project_file: &ProjectFile, work: impl FnOnce(&Session, &Context) -> T) -> T {
        let session = self.session(&project_file.workspace);
        project_file.workspace.with_context(&[], None, |context| work(&session, context))
    }

    /// The documents that a file is part of: itself, or all that read it. A source that no document
    /// reads is compiled as a document.
    pub fn documents(&mut self, project_file: &ProjectFile) -> Vec<Arc<Compiled>> {
        let (documents, path) = (&project_file.workspace.documents, &project_file.path);
        self.with_context(project_file, |session, context| {
            if documents.contains(path) {
                return vec![session.compile(path, context)];
            }
            let all: Vec<Arc<Compiled>> = documents.par_iter().map(|path| session.compile(path, context)).collect();
            let reads = |compiled: &Arc<Compiled>| compiled.dependencies.reads.inputs.contains_key(path);
            let mut found: Vec<Arc<Compiled>> = all.into_iter().filter(reads).collect();
            if found.is_empty() && is_source(Path::new(path)) {
                found.push(session.compile(path, context));
            }
            found
        })
    }

    /// The known problems of a document.
    pub fn problems(project_file: &ProjectFile, compiled: &Compiled) -> Vec<Diagnostic> {
        let path =
            compiled.compilation.sources.iter().next().map_or(project_file.path.as_str(), |(_, source)| source.path());
        idle_layout::problems(path, compiled, &project_file.workspace.project)
    }
}
