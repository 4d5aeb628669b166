//! State of the preview server: the last compilation of each document, and the last error-free one
//! of those that are viewed.

use super::pages::PageView;
use super::sync::SourceMap;
use super::web::WebPage;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::idle_layout::{self, IdleLayout};
use crate::cli::panics::catch_panic;
use crate::cli::workspace::{Texts, Workspace};
use crate::cli::workspace_cache::WorkspaceCache;
use crate::diagnostic::{Diagnostic, Severity};
use crate::format::Format;
use crate::parallel::locked;
use crate::project::Project;
use crate::resolve::Context;
use crate::source::{Source, Sources};
use crate::{Compilation, Compiled, Session};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

/// Maximum number of kept documents with a view.
const OPENED: usize = 16;
/// Maximum number of kept HTML editions that changes can be computed from.
const WEB_PAGES: usize = 8;
/// Maximum number of listed problems per document.
const PROBLEMS: usize = 200;

/// Which documents are shown, and for which profiles.
pub struct Settings {
    pub project: Option<PathBuf>,
    pub paths: Vec<PathBuf>,
    pub profiles: Vec<String>,
    pub source_date_epoch: Option<i64>,
}

/// A callback that opens a position of a file in the writer's editor.
pub type OpenPlace = Box<dyn Fn(&Path, &FilePosition) -> std::io::Result<()> + Send>;

/// Shared state of the preview server.
pub struct Preview {
    settings: Settings,
    rest: OnceLock<IdleLayout>,
    editor: Mutex<Option<OpenPlace>>,
    session: Arc<Session>,
    /// Unsaved texts of the editor.
    texts: Mutex<Texts>,
    workspace: Mutex<WorkspaceCache>,
    /// Held while documents are compiled, so that results appear in order.
    refreshing: Mutex<()>,
    state: Mutex<State>,
    changed: Condvar,
    /// HTML editions sent to windows, the newest one last.
    web: Mutex<VecDeque<Arc<WebPage>>>,
}

/// The current state with its revision.
#[derive(Default)]
struct State {
    revision: u64,
    title: String,
    root: PathBuf,
    documents: Vec<Document>,
    /// Numbers of documents by path. A number never changes.
    numbers: BTreeMap<String, usize>,
    /// Last error-free compilations by document number, the most recently used one last.
    opened: Vec<(usize, Arc<LastGood>)>,
    failure: Option<String>,
    caret: Option<Caret>,
    /// Number of caret moves.
    carets: u64,
    has_ended: bool,
}

/// Position of the editor's caret on the pages of a document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Caret {
    pub document: usize,
    pub page: usize,
    /// Distance from the page's upper edge, in points.
    pub y: f32,
}

/// The state that a window has, or is sent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClientRevision {
    pub revision: u64,
    pub carets: u64,
    pub caret: Option<Caret>,
}

/// The last compilation of a document.
struct Document {
    /// The result, while another owner keeps it alive.
    compiled: Weak<Compiled>,
    number: usize,
    path: String,
    title: String,
    problems: Vec<Problem>,
    has_errors: bool,
}

/// A problem with its position.
struct Problem {
    severity: Severity,
    code: &'static str,
    message: String,
    hint: Option<String>,
    place: Option<FilePosition>,
}

/// A position in a file of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePosition {
    pub path: String,
    pub line: usize,
    pub column: usize,
    /// Text before it in its line.
    pub before: String,
}

impl FilePosition {
    /// The position of a byte of a source.
    fn from_offset(source: &Source, at: usize) -> FilePosition {
        let place = source.place(at);
        let before = source.text().get(source.line_start(place.line)..at).unwrap_or_default().to_owned();
        FilePosition { path: source.path().to_owned(), line: place.line, column: place.column, before }
    }
}

/// The last error-free compilation of a document, with its views.
pub struct LastGood {
    compiled: Arc<Compiled>,
    /// The previous state with a page view, kept until this state's view exists (unchanged pages
    /// keep their names).
    before: Mutex<Option<Arc<LastGood>>>,
    view: OnceLock<Option<PageView>>,
    /// Its HTML edition.
    web: OnceLock<Option<Arc<WebPage>>>,
}

impl LastGood {
    /// Its pages, laid out at the first request.
    pub fn view(&self) -> Option<&PageView> {
        let make = || {
            let before = locked(&self.before).take();
            let seen = before.as_ref().and_then(|before| before.view.get()?.as_ref());
            let view = catch_panic(|| PageView::from_compiled(&self.compiled, seen)).ok().flatten();
            // Dropping a long document takes a while; another thread does it.
            rayon::spawn(move || drop(before));
            view
        };
        self.view.get_or_init(make).as_ref()
    }

    /// Its HTML edition, made at the first request.
    fn web(&self) -> Option<Arc<WebPage>> {
        let make = || catch_panic(|| self.compiled.html()).ok().flatten().map(|page| Arc::new(WebPage::new(page)));
        self.web.get_or_init(make).clone()
    }

    /// The state after another one.
    fn after(before: Option<Arc<LastGood>>, compiled: Arc<Compiled>) -> LastGood {
        let seen = before.and_then(|before| match before.view.get() {
            Some(_) => Some(before),
            None => locked(&before.before).take(),
        });
        LastGood { compiled, before: Mutex::new(seen), view: OnceLock::new(), web: OnceLock::new() }
    }

    /// Its source map.
    fn places(&self) -> Option<SourceMap<'_>> {
        let Compilation { document, sources, .. } = &self.compiled.compilation;
        Some(SourceMap { document: document.as_ref()?, layout: self.view()?.layout(), sources })
    }

    /// An edition.
    pub fn edition(&self, format: Format) -> Option<Arc<Vec<u8>>> {
        catch_panic(|| self.compiled.edition(format)).ok().flatten().map(|edition| Arc::clone(&edition.bytes))
    }

    /// The source position of a point on a page, in points from its upper left corner.
    pub fn place(&self, page: usize, x: f32, y: f32) -> Option<FilePosition> {
        let places = self.places()?;
        let at = catch_panic(|| places.at(page, x, y)).ok().flatten()?;
        Some(FilePosition::from_offset(places.sources.get(at.file)?, at.start as usize))
    }

    /// The page of a line of a file, and the distance from the page's upper edge.
    pub fn forward_search(&self, path: &str, line: usize) -> Option<(usize, f32)> {
        let places = self.places()?;
        catch_panic(|| places.forward_search(path, line)).ok().flatten()
    }
}

impl Preview {
    /// Opens an empty preview.
    ///
    /// # Errors
    /// If no thread is available.
    pub fn open(settings: Settings, session: Arc<Session>, editor: Option<OpenPlace>) -> std::io::Result<Arc<Preview>> {
        let preview = Arc::new(Preview::new(settings, session, editor));
        let known = Arc::downgrade(&preview);
        let rest = IdleLayout::begin(move |compiled| {
            if let Some(preview) = known.upgrade() {
                preview.add_problems_of_pages(compiled);
            }
        })?;
        preview.rest.get_or_init(|| rest);
        Ok(preview)
    }

    fn new(settings: Settings, session: Arc<Session>, editor: Option<OpenPlace>) -> Preview {
        Preview {
            settings,
            rest: OnceLock::new(),
            editor: Mutex::new(editor),
            session,
            texts: Mutex::default(),
            workspace: Mutex::default(),
            refreshing: Mutex::default(),
            state: Mutex::default(),
            changed: Condvar::new(),
            web: Mutex::default(),
        }
    }

    /// Sets the unsaved texts of the editor.
    pub fn lay_over(&self, texts: Texts) {
        *locked(&self.texts) = texts;
    }

    /// The workspace with the current files and unsaved texts.
    fn workspace(&self) -> Result<Arc<Workspace>, Failure> {
        let texts = locked(&self.texts).clone();
        let mut workspace = locked(&self.workspace);
        workspace.with(self.settings.project.as_deref(), &self.settings.paths, &texts)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    /// Compiles changed documents and notifies the windows.
    pub fn refresh(&self) -> Result<Outcome, Failure> {
        let _alone = locked(&self.refreshing);
        let workspace = self.workspace()?;
        let opened: BTreeSet<usize> = self.state().opened.iter().map(|(number, _)| *number).collect();
        let numbers = self.numbers(&workspace);
        let compiled: Vec<(Document, Option<Arc<Compiled>>)> = self.with_context(&workspace, |context| {
            let of = |path: &String| self.compile(numbers.get(path).copied().unwrap_or_default(), path, context);
            workspace.selected.par_iter().map(of).collect()
        });
        let has_errors = compiled.iter().any(|(document, _)| document.has_errors);
        let mut state = self.state();
        // Dropping a long document takes a while; it happens after the lock is released.
        let _old = state.opened.clone();
        let mut documents = Vec::with_capacity(compiled.len());
        let mut unseen = VecDeque::new();
        for (document, compiled) in compiled {
            if let Some(compiled) = compiled.filter(|_| !document.has_errors) {
                let is_open = opened.contains(&document.number);
                if idle_layout::needs_layout(&document.path, &compiled, &workspace.project) {
                    // Viewed documents come first.
                    unseen.insert(if is_open { 0 } else { unseen.len() }, Arc::clone(&compiled));
                }
                if is_open {
                    state.replace(document.number, compiled);
                }
            }
            documents.push(document);
        }
        let shown: BTreeSet<usize> = documents.iter().map(|document| document.number).collect();
        state.opened.retain(|(number, _)| shown.contains(number));
        let title = workspace.project.title.clone();
        state.title =
            title.unwrap_or_else(|| workspace.root().file_name().unwrap_or_default().to_string_lossy().into_owned());
        state.root = workspace.root().to_owned();
        state.documents = documents;
        state.failure = None;
        self.tell(state);
        if let Some(rest) = self.rest.get() {
            rest.lay_out(unseen);
        }
        Ok(if has_errors { Outcome::Problems } else { Outcome::Fine })
    }

    /// Adds the problems found by layout, unless the document was compiled again since.
    fn add_problems_of_pages(&self, compiled: &Arc<Compiled>) {
        let Ok(workspace) = self.workspace() else { return };
        let mut state = self.state();
        let is_it = |document: &&mut Document| document.compiled.as_ptr() == Arc::as_ptr(compiled);
        let Some(document) = state.documents.iter_mut().find(is_it) else { return };
        document.problems = problems(&document.path, compiled, &workspace.project);
        self.tell(state);
    }

    /// Shows why nothing could be compiled. The documents stay visible, marked as old.
    pub fn fail(&self, failure: &Failure) {
        let mut state = self.state();
        state.failure = Some(failure.to_string());
        self.tell(state);
    }

    /// Ends all waiting and drops the editor.
    pub fn end(&self) {
        locked(&self.editor).take();
        let mut state = self.state();
        state.has_ended = true;
        self.tell(state);
    }

    fn tell(&self, mut state: MutexGuard<'_, State>) {
        state.revision += 1;
        drop(state);
        self.changed.notify_all();
    }

    /// Waits for a state newer than `known`, at most for `within`. `None` after the end.
    pub fn newer(&self, known: ClientRevision, within: Duration) -> Option<ClientRevision> {
        let is_known = |state: &State| (state.revision, state.carets) == (known.revision, known.carets);
        let waiting = |state: &mut State| is_known(state) && !state.has_ended;
        let state = self.changed.wait_timeout_while(self.state(), within, waiting);
        let (state, _) = state.unwrap_or_else(PoisonError::into_inner);
        let news = ClientRevision { revision: state.revision, carets: state.carets, caret: state.caret };
        (!state.has_ended).then_some(news)
    }

    /// Shows the editor's caret, a line of a file. `None` if it is on no page.
    pub fn reveal(&self, path: &str, line: usize) -> Option<Caret> {
        let own = self.number(path).and_then(|document| Some((document, self.good(document)?)));
        // A partial is searched in the viewed documents.
        let opened = || self.state().opened.iter().rev().map(|(number, good)| (*number, Arc::clone(good))).collect();
        let shown: Vec<(usize, Arc<LastGood>)> = own.map_or_else(opened, |own| vec![own]);
        let mut found = shown.iter().filter_map(|(number, good)| Some((*number, good.forward_search(path, line)?)));
        let (document, (page, y)) = found.next()?;
        let caret = Caret { document, page, y };
        let mut state = self.state();
        state.caret = Some(caret);
        state.carets += 1;
        drop(state);
        self.changed.notify_all();
        Some(caret)
    }

    /// The numbers of a workspace's documents.
    fn numbers(&self, workspace: &Workspace) -> BTreeMap<String, usize> {
        let mut state = self.state();
        for path in &workspace.selected {
            let next = state.numbers.len();
            state.numbers.entry(path.clone()).or_insert(next);
        }
        state.numbers.clone()
    }

    fn with_context<T>(&self, workspace: &Workspace, work: impl FnOnce(&Context) -> T) -> T {
        workspace.with_context(&self.settings.profiles, self.settings.source_date_epoch, work)
    }

    fn compile(&self, number: usize, path: &str, context: &Context) -> (Document, Option<Arc<Compiled>>) {
        let compiled = catch_panic(|| self.session.compile(path, context));
        let (title, problems, compiled) = match compiled {
            Ok(compiled) => {
                let title = compiled.compilation.document.as_ref().map(|document| document.title_text.clone());
                (title, problems(path, &compiled, context.project), Some(compiled))
            }
            Err(fault) => {
                let problem = crate::cli::panics::internal(&fault);
                (None, vec![Problem::from_diagnostic(&problem, &Sources::default())], None)
            }
        };
        let has_errors = compiled.as_ref().is_none_or(|compiled| compiled.compilation.document.is_none())
            || problems.iter().any(|problem| problem.severity == Severity::Error);
        let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| path.to_owned());
        let known = compiled.as_ref().map(Arc::downgrade).unwrap_or_default();
        (Document { compiled: known, number, path: path.to_owned(), title, problems, has_errors }, compiled)
    }

    /// The last error-free state of a document.
    pub fn good(&self, number: usize) -> Option<Arc<LastGood>> {
        let path = {
            let mut state = self.state();
            if let Some(at) = state.opened.iter().position(|(opened, _)| *opened == number) {
                let opened = state.opened.remove(at);
                let good = Arc::clone(&opened.1);
                state.opened.push(opened);
                return Some(good);
            }
            state.documents.iter().find(|document| document.number == number)?.path.clone()
        };
        let workspace = self.workspace().ok()?;
        let (document, compiled) = self.with_context(&workspace, |context| self.compile(number, &path, context));
        let compiled = compiled.filter(|_| !document.has_errors)?;
        let mut state = self.state();
        Some(state.replace(number, compiled))
    }

    /// The name of a document's HTML edition, with the replacements from the edition named `known`,
    /// or `null` if the whole page must be loaded.
    pub fn web_changes(&self, number: usize, known: &str) -> Option<Value> {
        let page = self.good(number)?.web()?;
        let mut handed_out = locked(&self.web);
        let before = handed_out.iter().find(|page| page.name == known).map(Arc::clone);
        handed_out.retain(|known| known.name != page.name);
        handed_out.push_back(Arc::clone(&page));
        if handed_out.len() > WEB_PAGES {
            handed_out.pop_front();
        }
        drop(handed_out);
        let patches = before.and_then(|before| before.patches(&page));
        Some(json!({ "name": page.name, "patches": patches }))
    }

    /// An HTML edition that was sent, by name.
    pub fn web_page(&self, name: &str) -> Option<Arc<WebPage>> {
        let handed_out = locked(&self.web);
        handed_out.iter().find(|page| page.name == name).map(Arc::clone)
    }

    /// The state of all documents as JSON, for the page.
    pub fn summary(&self) -> Value {
        let state = self.state();
        let documents: Vec<Value> = state
            .documents
            .iter()
            .map(|document| {
                let problems: Vec<Value> = document.problems.iter().map(Problem::json).collect();
                json!({
                    "number": document.number,
                    "path": document.path,
                    "title": document.title,
                    "old": document.has_errors,
                    "problems": problems,
                })
            })
            .collect();
        json!({
            "revision": state.revision,
            "title": state.title,
            "failure": state.failure,
            "editor": locked(&self.editor).is_some(),
            "documents": documents,
        })
    }

    /// The position of a problem of a document.
    pub fn problem(&self, number: usize, problem: usize) -> Option<FilePosition> {
        let state = self.state();
        let document = state.documents.iter().find(|document| document.number == number)?;
        document.problems.get(problem)?.place.clone()
    }

    /// The number of the document at a path.
    fn number(&self, path: &str) -> Option<usize> {
        let state = self.state();
        state.documents.iter().find(|document| document.path == path).map(|document| document.number)
    }

    /// Opens a position in the editor, if there is one.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn edit(&self, place: &FilePosition) -> std::io::Result<()> {
        let file = self.state().root.join(&place.path);
        let editor = locked(&self.editor);
        editor.as_ref().map_or(Ok(()), |open| open(&file, place))
    }
}

impl State {
    /// Sets the state of a document, unless it is the same compilation.
    fn replace(&mut self, number: usize, compiled: Arc<Compiled>) -> Arc<LastGood> {
        let known = self.opened.iter().position(|(opened, _)| *opened == number).map(|at| self.opened.remove(at));
        let good = match known {
            Some((_, good)) if Arc::ptr_eq(&good.compiled, &compiled) => good,
            known => Arc::new(LastGood::after(known.map(|(_, good)| good), compiled)),
        };
        self.opened.push((number, Arc::clone(&good)));
        if self.opened.len() > OPENED {
            self.opened.remove(0);
        }
        good
    }
}

impl Problem {
    fn from_diagnostic(problem: &Diagnostic, sources: &Sources) -> Problem {
        let place = problem.span.and_then(|span| {
            let source = sources.get(span.file)?;
            Some(FilePosition::from_offset(source, span.start as usize))
        });
        Problem {
            severity: problem.severity,
            code: problem.code.as_str(),
            message: problem.message.to_string(),
            hint: problem.hint.as_deref().map(str::to_owned),
            place,
        }
    }

    fn json(&self) -> Value {
        let place = self.place.as_ref();
        json!({
            "severity": self.severity.name(),
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "path": place.map(|place| &place.path),
            "line": place.map(|place| place.line),
            "column": place.map(|place| place.column),
        })
    }
}

/// The known problems of a document, up to a limit.
fn problems(path: &str, compiled: &Compiled, project: &Project) -> Vec<Problem> {
    let known = idle_layout::problems(path, compiled, project);
    let sources = &compiled.compilation.sources;
    let mut problems: Vec<Problem> = known.iter().map(|problem| Problem::from_diagnostic(problem, sources)).collect();
    // Errors come first, so that the limit does not drop them.
    problems.sort_by_key(|problem| problem.severity != Severity::Error);
    problems.truncate(PROBLEMS);
    problems
}
