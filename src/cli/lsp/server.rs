//! The main loop: processes the messages of the editor in order.

use super::event_queue::{Event, EventQueue};
use super::live::{self, Live};
use super::open::{Open, ProjectFile};
use super::position::{Encoding, beginning, path_of, uri_of};
use super::{answer, complete, rename_files, tokens};
use crate::Compiled;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::idle_layout::{self, IdleLayout};
use crate::cli::panics::{catch_panic, internal};
use crate::cli::produce::has_errors;
use crate::cli::serve::FilePosition;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::project::PROJECT_FILE;
use crate::source::{Source, Sources, Span};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The request that makes an editor show a file or a page (LSP 3.17).
const SHOW: &str = "window/showDocument";
/// Requests that are still answered after the text has changed: they ask about a position and
/// return no edits. The editor repeats others if it needs them.
const LATE: [&str; 5] = [
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/hover",
    "textDocument/prepareRename",
    "textDocument/references",
];

/// The failure if the editor has gone, or violates the protocol.
fn lost(error: impl std::fmt::Display) -> Failure {
    Failure::Io(format!("cannot talk to the editor: {error}"))
}

/// Runs until the editor exits.
pub fn run(connection: &Connection, serve: bool) -> Result<Outcome, Failure> {
    let (id, asked) = connection.initialize_start().map_err(lost)?;
    let encoding = Encoding::offered(&asked["capabilities"]);
    let answer = json!({
        "capabilities": capabilities(encoding),
        "serverInfo": { "name": "chancery", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer).map_err(lost)?;
    let mut queue = EventQueue::open(connection).map_err(lost)?;
    let laid_out = queue.sender();
    let tell = move |_: &Arc<Compiled>| {
        // If nobody reads it, the program is about to end.
        let _ = laid_out.send(Event::Pages);
    };
    let mut server = Server {
        connection,
        open: Open::new(encoding),
        live: Live::new(asked["capabilities"]["window"]["showDocument"]["support"] == true),
        serve,
        rest: IdleLayout::begin(tell).map_err(lost)?,
        told: BTreeMap::new(),
        versions: BTreeMap::new(),
        edited: BTreeSet::new(),
        is_stale: false,
        has_pages: false,
        has_shut_down: false,
        ends: None,
    };
    while server.ends.is_none() {
        match queue.next() {
            Event::Message(Message::Request(request)) => server.request(request, &mut queue)?,
            Event::Message(Message::Notification(notification)) => server.notification(&notification),
            // The results of our own requests (showing pages or files) are ignored.
            Event::Message(Message::Response(_)) => {}
            Event::Pages => server.has_pages = true,
            Event::End => break,
        }
        if queue.has_no_pending_edit() {
            server.tell()?;
        }
    }
    Ok(server.ends.unwrap_or(Outcome::Fine))
}

fn capabilities(encoding: Encoding) -> Value {
    json!({
        "positionEncoding": encoding.name(),
        "textDocumentSync": { "openClose": true, "change": 2, "save": true },
        "documentFormattingProvider": true,
        "documentSymbolProvider": true,
        "workspaceSymbolProvider": true,
        "foldingRangeProvider": true,
        "selectionRangeProvider": true,
        "definitionProvider": true,
        "referencesProvider": true,
        "renameProvider": { "prepareProvider": true },
        "hoverProvider": true,
        "documentLinkProvider": {},
        "inlayHintProvider": true,
        "codeActionProvider": { "codeActionKinds": ["quickfix", "source.fixAll"] },
        "semanticTokensProvider": {
            "legend": { "tokenTypes": tokens::TYPES, "tokenModifiers": tokens::MODIFIERS },
            "full": true,
            "range": true,
        },
        "workspace": { "fileOperations": { "willRename": { "filters": [{ "pattern": { "glob": "**/*" } }] } } },
        "executeCommandProvider": { "commands": [live::PAGES, live::REVEAL] },
        "completionProvider": { "triggerCharacters": ["@", "#", "^", ":", "{", "(", "/", "="] },
    })
}

struct Server<'a> {
    connection: &'a Connection,
    open: Open,
    live: Live,
    /// Whether to show the live page as soon as a file is open.
    serve: bool,
    rest: IdleLayout,
    /// The last published problems, by the addresses of their files.
    told: BTreeMap<String, Vec<Value>>,
    /// The versions of open texts.
    versions: BTreeMap<String, Value>,
    /// Texts changed since then: the editor may have moved the markers.
    edited: BTreeSet<String>,
    /// Whether the problems may have changed since they were published.
    is_stale: bool,
    /// Whether layout found problems that are not published yet.
    has_pages: bool,
    /// Whether the editor has sent `shutdown`.
    has_shut_down: bool,
    /// The outcome, after `exit`.
    ends: Option<Outcome>,
}

impl Server<'_> {
    /// Publishes the results of the changes.
    fn tell(&mut self) -> Result<(), Failure> {
        let has_pages = std::mem::take(&mut self.has_pages);
        if std::mem::take(&mut self.is_stale) && self.ends.is_none() {
            let unseen = self.tell_problems()?;
            self.live.show(&self.open.texts);
            self.rest.lay_out(unseen);
        } else if has_pages {
            self.tell_problems()?;
        }
        let first = self.open.texts.keys().next().cloned();
        if let Some(file) = first.filter(|_| self.serve) {
            self.serve = false;
            if let Ok(address) = self.open_pages(&file) {
                self.show_page(&address)?;
            }
        }
        Ok(())
    }

    fn send(&self, message: impl Into<Message>) -> Result<(), Failure> {
        self.connection.sender.send(message.into()).map_err(lost)
    }

    fn request(&mut self, request: Request, queue: &mut EventQueue) -> Result<(), Failure> {
        if queue.is_cancelled(&request.id) {
            return self.refuse(request.id, ErrorCode::RequestCanceled, "the editor takes it back");
        }
        if queue.is_superseded(&request) {
            if LATE.contains(&request.method.as_str()) {
                queue.defer(request);
                return Ok(());
            }
            return self.refuse(request.id, ErrorCode::ContentModified, "the text has changed since");
        }
        let Request { id, method, params } = request;
        if self.has_shut_down {
            return self.refuse(id, ErrorCode::InvalidRequest, "the server has been shut down");
        }
        if method == "shutdown" {
            self.has_shut_down = true;
            return self.send(Response::new_ok(id, Value::Null));
        }
        match catch_panic(|| self.answer(&method, &params)) {
            Ok(Ok(answer)) => self.send(Response::new_ok(id, answer)),
            Ok(Err(Refusal::Unknown)) => self.refuse(id, ErrorCode::MethodNotFound, &method),
            Ok(Err(Refusal::Because(reason))) => self.refuse(id, ErrorCode::RequestFailed, &reason),
            Err(fault) => self.refuse(id, ErrorCode::InternalError, &fault),
        }
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, reason: &str) -> Result<(), Failure> {
        self.send(Response::new_err(id, code as i32, reason.to_owned()))
    }

    fn answer(&mut self, method: &str, params: &Value) -> Result<Value, Refusal> {
        if method == "workspace/symbol" {
            return Ok(answer::workspace_symbols(&mut self.open, params));
        }
        if method == "workspace/executeCommand" {
            return self.execute(params).map_err(Refusal::Because);
        }
        if method == "workspace/willRenameFiles" {
            return Ok(rename_files::moved(&mut self.open, params));
        }
        let known = [
            "textDocument/formatting",
            "textDocument/documentSymbol",
            "textDocument/foldingRange",
            "textDocument/selectionRange",
            "textDocument/definition",
            "textDocument/references",
            "textDocument/prepareRename",
            "textDocument/rename",
            "textDocument/hover",
            "textDocument/documentLink",
            "textDocument/inlayHint",
            "textDocument/codeAction",
            "textDocument/semanticTokens/full",
            "textDocument/semanticTokens/range",
            "textDocument/completion",
        ];
        if !known.contains(&method) {
            return Err(Refusal::Unknown);
        }
        // Texts that are not open, or not files, have no answers.
        let Some(mut asked) = answer::Asked::from_params(&mut self.open, params) else { return Ok(Value::Null) };
        Ok(match method {
            "textDocument/formatting" => asked.formatting(),
            "textDocument/documentSymbol" => asked.symbols(),
            "textDocument/foldingRange" => asked.folding(),
            "textDocument/selectionRange" => asked.selection(params),
            "textDocument/definition" => asked.definition(),
            "textDocument/references" => asked.references(params),
            "textDocument/prepareRename" => asked.prepare_rename(),
            "textDocument/rename" => asked.rename(params).map_err(Refusal::Because)?,
            "textDocument/hover" => asked.hover(),
            "textDocument/documentLink" => asked.links(),
            "textDocument/inlayHint" => asked.hints(params),
            "textDocument/codeAction" => asked.actions(params),
            "textDocument/semanticTokens/full" | "textDocument/semanticTokens/range" => asked.tokens(params),
            _ => complete::complete(&mut asked),
        })
    }

    /// Executes a command: shows the live page, or a line of a file on it.
    fn execute(&mut self, params: &Value) -> Result<Value, String> {
        let argument = &params["arguments"][0];
        let file = argument["uri"].as_str().and_then(path_of).or_else(|| self.open.texts.keys().next().cloned());
        let file = file.ok_or("no file is open")?;
        let address = self.open_pages(&file)?;
        match params["command"].as_str() {
            Some(live::PAGES) => Ok(json!({ "address": address })),
            Some(live::REVEAL) => {
                let line = argument["position"]["line"].as_u64().and_then(|line| usize::try_from(line).ok());
                let project_file = self.open.project_file(&file).map_err(|failure| failure.to_string())?;
                Ok(self.live.reveal(&project_file, &address, line.unwrap_or_default() + 1))
            }
            _ => Err("there is no such command".to_owned()),
        }
    }

    /// The address of the live page of a file, which is opened if necessary.
    fn open_pages(&mut self, file: &Path) -> Result<String, String> {
        let project_file = self.open.project_file(&file.to_owned()).map_err(|failure| failure.to_string())?;
        let session = self.open.session(&project_file.workspace);
        let (sender, encoding, shows) = (self.connection.sender.clone(), self.open.encoding, self.live.shows_documents);
        let asked = AtomicU64::new(0);
        let in_editor = move |file: &Path, place: &FilePosition| {
            if !shows {
                return Ok(());
            }
            let number = asked.fetch_add(1, Ordering::Relaxed);
            let request =
                Request::new(format!("place-{number}").into(), SHOW.to_owned(), live::place(file, place, encoding));
            sender.send(request.into()).map_err(std::io::Error::other)
        };
        self.live
            .open(&project_file, file, session, &self.open.texts, Box::new(in_editor))
            .map_err(|failure| failure.to_string())
    }

    /// Asks the editor to show the live page, or else its address.
    fn show_page(&self, address: &str) -> Result<(), Failure> {
        if self.live.shows_documents {
            let params = json!({ "uri": address, "external": true });
            return self.send(Request::new("page".to_owned().into(), SHOW.to_owned(), params));
        }
        let params = json!({ "type": 3, "message": format!("The live page is at {address}") });
        self.send(Notification::new("window/showMessage".to_owned(), params))
    }

    fn notification(&mut self, notification: &Notification) {
        if notification.method == "exit" {
            self.ends = Some(if self.has_shut_down { Outcome::Fine } else { Outcome::Problems });
            return;
        }
        let params = &notification.params;
        let document = &params["textDocument"];
        let Some(uri) = document["uri"].as_str() else {
            self.is_stale |= notification.method == "workspace/didChangeWatchedFiles";
            return;
        };
        let Some(path) = path_of(uri) else { return };
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                self.open.open(&path, document["text"].as_str().unwrap_or_default());
                self.versions.insert(uri_of(&path), document["version"].clone());
                self.edited.insert(uri_of(&path));
            }
            "textDocument/didChange" => {
                let changes = params["contentChanges"].as_array().map(Vec::as_slice).unwrap_or_default();
                self.open.change(&path, changes);
                self.versions.insert(uri_of(&path), document["version"].clone());
                self.edited.insert(uri_of(&path));
            }
            "textDocument/didClose" => {
                self.open.close(&path);
                self.versions.remove(&uri_of(&path));
                self.edited.remove(&uri_of(&path));
            }
            "textDocument/didSave" => {}
            _ => return,
        }
        self.is_stale = true;
    }

    /// Publishes the problems of all open texts, and empty lists for files without problems. Files
    /// that have neither an edit nor new problems are skipped. Returns the documents that are not
    /// laid out yet.
    fn tell_problems(&mut self) -> Result<VecDeque<Arc<Compiled>>, Failure> {
        let files: Vec<PathBuf> = self.open.texts.keys().cloned().collect();
        let (mut found, mut looked_at) = (BTreeMap::<String, Vec<Value>>::new(), LookedAt::default());
        for file in files {
            let own = catch_panic(|| problems(&mut self.open, &file, &mut looked_at)).unwrap_or_else(|fault| {
                let problem = json!({
                    "range": beginning(),
                    "severity": 1,
                    "code": Code::Internal.as_str(),
                    "source": "chancery",
                    "message": internal(&fault).message,
                });
                vec![(uri_of(&file), problem)]
            });
            own.into_iter().for_each(|(uri, problem)| found.entry(uri).or_default().push(problem));
        }
        // Several documents may have the same problem in an included file.
        for list in found.values_mut().filter(|_| looked_at.paths.len() > 1) {
            let mut known = BTreeSet::new();
            list.retain(|problem| known.insert(problem.to_string()));
        }
        let (told, edited) = (std::mem::replace(&mut self.told, found), std::mem::take(&mut self.edited));
        let files: BTreeSet<&String> = told.keys().chain(self.told.keys()).chain(&edited).collect();
        for uri in files {
            if edited.contains(uri) || told.get(uri) != self.told.get(uri) {
                let problems = self.told.get(uri).map(Vec::as_slice).unwrap_or_default();
                let mut params = json!({ "uri": uri, "diagnostics": problems });
                if let Some(version) = self.versions.get(uri).filter(|version| version.is_number()) {
                    params["version"] = version.clone();
                }
                self.send(Notification::new("textDocument/publishDiagnostics".to_owned(), params))?;
            }
        }
        Ok(looked_at.unseen)
    }
}

/// Why there is no answer.
enum Refusal {
    Unknown,
    Because(String),
}

/// Documents whose problems have been collected.
#[derive(Default)]
struct LookedAt {
    /// Paths with their project folders.
    paths: BTreeSet<(PathBuf, String)>,
    /// Documents that still need layout.
    unseen: VecDeque<Arc<Compiled>>,
}

/// The problems of the documents that a file is part of, except those collected already; each with
/// the address of its file.
fn problems(open: &mut Open, file: &PathBuf, looked_at: &mut LookedAt) -> Vec<(String, Value)> {
    let Ok(project_file) = open.project_file(file) else { return Vec::new() };
    let (encoding, root) = (open.encoding, project_file.workspace.root().to_owned());
    let mut found = Vec::new();
    if looked_at.paths.insert((root.clone(), PROJECT_FILE.to_owned())) {
        let project = project_file.workspace.project_problems();
        let told = project.diagnostics.iter();
        found.extend(told.map(|problem| diagnostic(problem, project.sources(), &project_file, encoding)));
    }
    for compiled in open.documents(&project_file) {
        let sources = &compiled.compilation.sources;
        let path = sources.iter().next().map_or(project_file.path.as_str(), |(_, source)| source.path());
        if looked_at.paths.insert((root.clone(), path.to_owned())) {
            let told = Open::problems(&project_file, &compiled);
            if !has_errors(&told) && idle_layout::needs_layout(path, &compiled, &project_file.workspace.project) {
                looked_at.unseen.push_back(Arc::clone(&compiled));
            }
            found.extend(told.iter().map(|problem| diagnostic(problem, sources, &project_file, encoding)));
        }
    }
    found
}

/// A problem as an LSP `Diagnostic`, with the address of its file.
pub fn diagnostic(
    problem: &Diagnostic,
    sources: &Sources,
    project_file: &ProjectFile,
    encoding: Encoding,
) -> (String, Value) {
    let located = |span: Span| {
        let source = sources.get(span.file)?;
        Some((address(source.path(), project_file), encoding.range(source, span.range())))
    };
    let nowhere = || {
        let path = sources.iter().next().map_or(project_file.path.as_str(), |(_, source): (_, &Source)| source.path());
        (address(path, project_file), beginning())
    };
    let (uri, range) = problem.span.and_then(located).unwrap_or_else(nowhere);
    let message = match &problem.hint {
        Some(hint) => format!("{}\n{hint}", problem.message),
        None => problem.message.to_string(),
    };
    let related: Vec<Value> = problem
        .secondary
        .iter()
        .filter_map(|(span, words)| {
            let (uri, range) = located(*span)?;
            Some(json!({ "location": { "uri": uri, "range": range }, "message": words }))
        })
        .collect();
    let severity = match problem.severity {
        Severity::Error => 1,
        Severity::Warning => 2,
        Severity::Advice => 3,
    };
    let shown = json!({
        "range": range,
        "severity": severity,
        "code": problem.code.as_str(),
        "source": "chancery",
        "message": message,
        "relatedInformation": related,
    });
    (uri, shown)
}

/// The address of a file of a project.
pub fn address(path: &str, project_file: &ProjectFile) -> String {
    uri_of(&project_file.workspace.root().join(path))
}
