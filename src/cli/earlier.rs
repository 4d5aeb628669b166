//! The earlier version that a project's documents are compared with: a folder, or a revision of the
//! project's git repository.

use super::failure::Failure;
use super::panics::catch_panic;
use super::produce::inputs;
use super::report::Found;
use super::workspace::Workspace;
#[cfg(feature = "git")]
use super::{revision::Revision, workspace::is_source};
use crate::Session;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::project::{PROJECT_FILE, Project};
use crate::resolve::{Context, Library, Resolved};
use crate::source::hash::sha256;
use crate::source::{FileId, Files, Source, Sources, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The earlier version.
pub struct Earlier {
    files: Box<dyn Files + Send>,
    library: Library,
    session: Session,
    /// Earlier documents by their present paths.
    pairs: BTreeMap<String, String>,
    /// The present documents that have an earlier version.
    compared: BTreeSet<String>,
    /// Prefix of its paths in messages: `v1.0:` or `earlier/`.
    shown: String,
    /// Whether its files are in the project, under that prefix.
    is_inside: bool,
    /// Its folder, if that is outside of the project.
    outside: Option<PathBuf>,
    /// Identifies the version, besides its files.
    key: String,
}

/// A document in the earlier version.
pub struct EarlierDocument {
    pub document: Option<Resolved>,
    pub sources: Sources,
    pub errors: Vec<Diagnostic>,
    /// Its name in messages.
    name: String,
    /// All files that it depends on, with the SHA-256 of their bytes.
    pub inputs: BTreeMap<String, String>,
}

/// An opened earlier version.
struct Opened {
    files: Box<dyn Files + Send>,
    documents: Vec<String>,
    /// The earlier project, as far as it affects paths.
    project: Project,
    shown: String,
    is_inside: bool,
    outside: Option<PathBuf>,
    key: String,
}

impl Earlier {
    /// Opens an earlier version by name: a folder relative to `base`, or else a revision. With
    /// `is_sealed` a folder must be in the project.
    pub fn open(
        name: &str,
        base: &Path,
        is_sealed: bool,
        new: &Workspace,
    ) -> Result<(Earlier, Vec<Found>), Diagnostic> {
        let folder = base.join(name);
        let opened = match folder.canonicalize() {
            Ok(folder) if folder.is_dir() => {
                if is_sealed && !folder.starts_with(new.root()) {
                    let message = format!("the folder {name} leads out of the project");
                    return Err(problem(
                        message,
                        "put the earlier version into the project, or name it with --against",
                    ));
                }
                of_folder(&folder, name, new)?
            }
            Ok(_) => {
                let message = format!("{name} is a file, and an earlier version is a folder or a revision");
                return Err(problem(message, "`chancery diff OLD NEW` compares two files"));
            }
            Err(_) => of_revision(name, new)?,
        };
        if opened.documents.is_empty() {
            let message = format!("there are no documents in the earlier version, {name}");
            return Err(problem(message, "its documents stand in a folder `source`, or where chancery.toml says"));
        }
        let (pairs, found) = pairs(&opened, new);
        let library = Library::from_paths(opened.documents, &opened.project);
        let Opened { files, shown, is_inside, outside, key, .. } = opened;
        let compared = pairs.keys().cloned().collect();
        let session = Session::default();
        let earlier = Earlier { files, library, session, pairs, compared, shown, is_inside, outside, key };
        Ok((earlier, found))
    }

    /// The present documents that have an earlier version.
    pub fn compared(&self) -> &BTreeSet<String> {
        &self.compared
    }

    /// Identifies the earlier version and its pairing with present documents, besides its files.
    pub fn key(&self) -> String {
        format!("{} {:?}", self.key, self.pairs)
    }

    /// The earlier version of a present document, compiled with the present project's settings.
    /// `None` if there is none.
    pub fn was(&self, path: &str, context: &Context) -> Option<EarlierDocument> {
        let path = self.pairs.get(path)?;
        let compared = BTreeSet::new();
        let context = Context {
            library: &self.library,
            files: self.files.as_ref(),
            index: None,
            compared: &compared,
            dead_links_stay: true,
            ..*context
        };
        let name = format!("{}{path}", self.shown);
        let compiled = catch_panic(|| self.session.compile(path, &context));
        let compiled = match compiled {
            Ok(compiled) => compiled,
            Err(fault) => {
                let errors = vec![super::panics::internal(&fault)];
                return Some(EarlierDocument {
                    document: None,
                    sources: Sources::default(),
                    errors,
                    name,
                    inputs: BTreeMap::new(),
                });
            }
        };
        let inputs =
            inputs(&compiled.dependencies.reads, &self.library.documents_of(compiled.dependencies.queries()), &context);
        let compilation = &compiled.compilation;
        let metadata = compilation.document.as_ref().map(|document| &document.metadata);
        let problems = compilation.diagnostics.clone().into_sorted().into_iter();
        let is_error = |problem: &Diagnostic| context.project.severity_of(problem, metadata) == Some(Severity::Error);
        let errors = problems.filter(is_error).map(|mut problem| {
            problem.severity = Severity::Error;
            problem
        });
        let mut sources = Sources::default();
        for (_, source) in compilation.sources.iter() {
            sources.add(Source::new(format!("{}{}", self.shown, source.path()), source.text()));
        }
        Some(EarlierDocument {
            errors: errors.collect(),
            document: compilation.document.clone(),
            sources,
            name,
            inputs,
        })
    }

    /// Files of the earlier version that are in the project, by their paths in it.
    pub fn inputs_inside(&self, was: &EarlierDocument) -> BTreeMap<String, String> {
        if !self.is_inside {
            return BTreeMap::new();
        }
        was.inputs.iter().map(|(path, hash)| (format!("{}{path}", self.shown), hash.clone())).collect()
    }

    /// The path of a file of the earlier version, if that is outside of the project.
    pub fn outside(&self, path: &str) -> Option<PathBuf> {
        self.outside.as_ref().map(|folder| folder.join(path))
    }

    /// Whether no file of the earlier version has changed.
    pub fn is_up_to_date(&self, inputs: &BTreeMap<String, String>) -> bool {
        inputs.iter().all(|(path, was)| self.files.read(path).is_ok_and(|bytes| sha256(&bytes) == *was))
    }
}

impl EarlierDocument {
    /// Its errors, which prevent a comparison, for the list of problems of a document that has
    /// `files` files.
    pub fn problems(&self, files: usize) -> Vec<Diagnostic> {
        let shift =
            |span: Span| Span { file: FileId(span.file.0.saturating_add(u32::try_from(files).unwrap_or(0))), ..span };
        let moved = |problem: &Diagnostic| {
            let mut problem = problem.clone();
            problem.span = problem.span.map(shift);
            problem.secondary.iter_mut().for_each(|(span, _)| *span = shift(*span));
            problem
        };
        let message = format!("the earlier version, {}, has errors: nothing is compared", self.name);
        let reason = Diagnostic::without_place(Code::NotCompared, message);
        let reason = reason.hint("mend the errors of that version, or compare with another one");
        self.errors.iter().map(moved).chain([reason]).collect()
    }
}

fn problem(message: impl Into<String>, hint: impl Into<String>) -> Diagnostic {
    Diagnostic::without_place(Code::NoEarlierVersion, message).hint(hint)
}

/// Opens a folder that contains a project, a folder of sources, or the documents themselves.
pub fn workspace(folder: &Path, source: &str) -> Result<Workspace, Failure> {
    let sources = folder.join(source);
    let documents = match (folder.join(PROJECT_FILE).is_file(), sources.is_dir()) {
        (true, _) => Vec::new(),
        (false, true) => vec![sources],
        (false, false) => vec![folder.to_owned()],
    };
    Workspace::open(Some(folder), &documents)
}

/// Opens the earlier version in a folder.
fn of_folder(folder: &Path, name: &str, new: &Workspace) -> Result<Opened, Diagnostic> {
    let is_project = folder.join(PROJECT_FILE).is_file();
    let workspace = workspace(folder, &new.project.source).map_err(|failure| {
        problem(format!("the earlier version, {name}, cannot be read: {failure}"), "name a folder that can be read")
    })?;
    let mut project = workspace.project.clone();
    if !is_project {
        project.source.clone_from(&new.project.source);
    }
    let inside = folder.strip_prefix(new.root()).ok().filter(|inside| !inside.as_os_str().is_empty());
    let shown = inside.map_or_else(|| name.to_owned(), |inside| inside.to_string_lossy().replace('\\', "/"));
    let outside = inside.is_none().then(|| workspace.root().to_owned());
    Ok(Opened {
        documents: workspace.selected.iter().cloned().collect(),
        files: Box::new(workspace.disk),
        project,
        shown: format!("{}/", shown.trim_end_matches('/')),
        is_inside: inside.is_some(),
        outside,
        key: "folder".to_owned(),
    })
}

#[cfg(feature = "git")]
fn of_revision(name: &str, new: &Workspace) -> Result<Opened, Diagnostic> {
    // A repository is untrusted input.
    let opened = catch_panic(|| Revision::open(new.root(), name)).map_err(|fault| {
        problem(format!("the git repository cannot be read: {fault}"), "`git fsck` says what is wrong with it")
    })?;
    let revision = opened.map_err(|reason| problem(reason.message, reason.hint))?;
    let mut project = new.project.clone();
    let (mut sources, mut diagnostics) = (Sources::default(), crate::diagnostic::Diagnostics::default());
    if revision.paths().any(|path| path == PROJECT_FILE)
        && let Some(file) = crate::load(PROJECT_FILE, &revision, &mut sources, &mut diagnostics)
    {
        project.source = Project::parse(file, &sources, &mut diagnostics).source;
    }
    let start = format!("{}/", project.source);
    let is_document = |path: &&str| {
        let inside = path.strip_prefix(start.as_str());
        let is_open = |part: &str| !part.starts_with(['.', '_']);
        inside.is_some_and(|inside| inside.split('/').all(is_open)) && is_source(Path::new(path))
    };
    let documents = revision.paths().filter(is_document).map(str::to_owned).collect();
    let (shown, key) = (format!("{name}:"), format!("{} {}", revision.commit, revision.tree));
    Ok(Opened { files: Box::new(revision), documents, project, shown, is_inside: false, outside: None, key })
}

#[cfg(not(feature = "git"))]
fn of_revision(name: &str, _: &Workspace) -> Result<Opened, Diagnostic> {
    let message = format!("there is no folder {name}, and this Chancery was built without the feature `git`");
    Err(problem(message, "name a folder that holds the earlier version"))
}

/// Pairs present documents with earlier ones, by their paths, or by their content if the path
/// changed.
fn pairs(old: &Opened, new: &Workspace) -> (BTreeMap<String, String>, Vec<Found>) {
    let by_stem: BTreeMap<&str, &String> = old.documents.iter().map(|path| (old.project.stem(path), path)).collect();
    let mut pairs = BTreeMap::new();
    let mut strange = Vec::new();
    for path in &new.documents {
        match by_stem.get(new.project.stem(path)) {
            Some(was) => drop(pairs.insert(path.clone(), (*was).clone())),
            None => strange.push(path),
        }
    }
    let known: BTreeSet<&String> = pairs.values().collect();
    let gone: Vec<String> = old.documents.iter().filter(|path| !known.contains(path)).cloned().collect();
    let renamed = new.with_files(|files| renamed(&strange, files, &gone, old.files.as_ref()));
    let mut found = Vec::new();
    for path in strange.into_iter().filter(|path| new.selected.contains(*path)) {
        let problem = match renamed.get(path) {
            Some(was) => {
                let message = format!("the document was called {}{was} in the earlier version", old.shown);
                Diagnostic::without_place(Code::Renamed, message).hint("it is compared with that one")
            }
            None => {
                let problem = Diagnostic::without_place(Code::OneVersion, "the earlier version has no such document");
                problem.hint("no edition says what changed in it")
            }
        };
        found.push(Found::in_project(path.clone(), Sources::default(), vec![problem]));
    }
    let is_whole = new.documents.len() == new.selected.len();
    for path in gone.iter().filter(|path| is_whole && !renamed.values().any(|was| was == *path)) {
        let problem = Diagnostic::without_place(Code::OneVersion, "only the earlier version has this document");
        let problem = problem.hint("a document that was withdrawn is nowhere among the editions");
        found.push(Found::without_text(format!("{}{path}", old.shown), vec![problem]));
    }
    pairs.extend(renamed);
    (pairs, found)
}

/// Finds renamed documents by the share of sentences in common.
fn renamed(new: &[&String], files: &dyn Files, old: &[String], earlier: &dyn Files) -> BTreeMap<String, String> {
    /// Maximum number of compared pairs.
    const MOST: usize = 250_000;
    let mut renamed = BTreeMap::new();
    if new.len().saturating_mul(old.len()) > MOST {
        return renamed;
    }
    let parts = |path: &String, files: &dyn Files| -> BTreeSet<String> {
        let bytes = files.read_untracked(path).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        // Sentences, cells and headings as written, without very short ones.
        text.split(['\n', '.', '|']).map(str::trim).filter(|part| part.len() > 3).map(str::to_owned).collect()
    };
    let olds: Vec<BTreeSet<String>> = old.iter().map(|path| parts(path, earlier)).collect();
    let mut likely = Vec::new();
    for path in new {
        let own = parts(path, files);
        for (was, other) in old.iter().zip(&olds) {
            let (common, all) = (own.intersection(other).count(), own.len() + other.len());
            // More than half of both.
            if common * 4 > all {
                likely.push((common * 1000 / all.max(1), (*path).clone(), was.clone()));
            }
        }
    }
    likely.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| (&one.1, &one.2).cmp(&(&other.1, &other.2))));
    let mut taken = BTreeSet::new();
    for (_, path, was) in likely {
        if !renamed.contains_key(&path) && taken.insert(was.clone()) {
            renamed.insert(path, was);
        }
    }
    renamed
}
