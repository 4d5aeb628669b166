//! The HTTP server, for browsers on this machine only. All answers come from memory: requests
//! contain numbers and hashes, never paths. The address has a token that other pages cannot know.
//! Requests from other pages, or to another host name, are refused (request forgery, DNS
//! rebinding).

use super::preview::{Caret, ClientRevision, FilePosition, LastGood, Preview};
use crate::cli::failure::Failure;
use crate::cli::threads::STACK;
use crate::format::Format;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Builder;
use std::time::Duration;
use tiny_http::{Header, Method, Request, Response, Server};

/// Number of threads that answer.
const THREADS: usize = 4;
/// Maximum number of windows with an event stream.
const WINDOWS: usize = 16;
/// Maximum size of a request's body, in bytes.
const BODY: u64 = 4096;
/// Size of the token in the address, in bytes: 128 bits.
const TOKEN: usize = 16;
/// Interval of keep-alive comments in an event stream.
const ALIVE: Duration = Duration::from_secs(15);

/// The media type of editions in HTML.
const HTML: &str = "text/html; charset=utf-8";

const PAGE: &str = include_str!("assets/desk.html");
const STYLE: &str = include_str!("assets/desk.css");
const ICON: &str = include_str!("assets/desk.svg");
const SCRIPT: &str = include_str!("assets/desk.js");

/// Policy of the preview's own page: it may load resources from this server only.
const DESK_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     font-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'";
/// Policy of a document's page: it may load nothing. Its styles and pictures are embedded.
const DOCUMENT_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; \
     base-uri 'none'; form-action 'none'; sandbox allow-same-origin";

/// Who may embed the preview's page in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frames {
    None,
    /// A panel of Visual Studio Code. No web page has an address with these schemes.
    Editor,
}

impl Frames {
    /// Allowed ancestors of the preview's page (CSP 3, 6.4.2).
    const fn of_desk(self) -> &'static str {
        match self {
            Frames::None => "'none'",
            Frames::Editor => "vscode-webview: vscode-file:",
        }
    }

    /// Allowed ancestors of a document, which the preview's page embeds.
    const fn of_document(self) -> &'static str {
        match self {
            Frames::None => "'self'",
            Frames::Editor => "'self' vscode-webview: vscode-file:",
        }
    }
}

/// The preview with its access checks.
struct Access {
    preview: Arc<Preview>,
    token: String,
    port: u16,
    frames: Frames,
    windows: AtomicUsize,
}

/// Opens the server and returns its address.
///
/// # Errors
/// Where the port is taken, or the system gives no randomness.
pub fn open(preview: Arc<Preview>, port: u16, frames: Frames) -> Result<String, Failure> {
    let refused = |fault: &dyn std::fmt::Display| Failure::Io(format!("cannot serve on port {port}: {fault}"));
    let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|fault| refused(&fault))?;
    send_at_once(&listener);
    let server = Server::from_listener(listener, None).map_err(|fault| refused(&fault))?;
    let port = server.server_addr().to_ip().map_or(port, |address| address.port());
    let mut bytes = [0; TOKEN];
    getrandom::fill(&mut bytes).map_err(|fault| refused(&fault))?;
    let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let address = format!("http://127.0.0.1:{port}/{token}/");
    let access = Arc::new(Access { preview, token, port, frames, windows: AtomicUsize::new(0) });
    let server = Arc::new(server);
    for _ in 0..THREADS {
        let (server, access) = (Arc::clone(&server), Arc::clone(&access));
        let answering = move || {
            while let Ok(request) = server.recv() {
                Access::take(&access, request);
            }
        };
        Builder::new().stack_size(STACK).spawn(answering).map_err(|fault| refused(&fault))?;
    }
    Ok(address)
}

/// Lets connections send the end of an answer before its start was acknowledged, which takes 40 ms
/// (TCP_NODELAY; accepted connections inherit it from the listener: Linux, tcp(7)).
#[cfg(target_os = "linux")]
fn send_at_once(listener: &TcpListener) {
    // Without it answers take longer.
    let _ = rustix::net::sockopt::set_tcp_nodelay(listener, true);
}

#[cfg(not(target_os = "linux"))]
fn send_at_once(_listener: &TcpListener) {}

/// An answer: its status, media type, policy and body.
struct Answer {
    status: u16,
    media_type: &'static str,
    policy: &'static str,
    /// Allowed ancestors, if it is in a frame.
    frames: &'static str,
    /// Whether the address identifies the content, so that it never changes.
    is_lasting: bool,
    body: Vec<u8>,
}

impl Answer {
    fn with_body(media_type: &'static str, body: impl Into<Vec<u8>>) -> Answer {
        Answer {
            status: 200,
            media_type,
            policy: DESK_POLICY,
            frames: Frames::None.of_desk(),
            is_lasting: false,
            body: body.into(),
        }
    }

    fn lasting(self) -> Answer {
        Answer { is_lasting: true, ..self }
    }

    fn json(value: &impl Serialize) -> Answer {
        match serde_json::to_string(value) {
            Ok(text) => Answer::with_body("application/json", text),
            Err(_) => Answer::absent(),
        }
    }

    fn refusal(status: u16, words: &str) -> Answer {
        Answer { status, ..Answer::with_body("text/plain; charset=utf-8", words) }
    }

    fn absent() -> Answer {
        Answer::refusal(404, "there is nothing here")
    }

    fn send(self, request: Request) {
        let response = Response::from_data(self.body).with_status_code(self.status);
        // The body is complete. Chunks would only copy it again.
        let mut response = response.with_chunked_threshold(usize::MAX);
        let cache = if self.is_lasting { "private, max-age=31536000, immutable" } else { "no-store" };
        let policy = format!("{}; frame-ancestors {}", self.policy, self.frames);
        let headers = [
            ("Content-Type", self.media_type),
            ("Content-Security-Policy", policy.as_str()),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", cache),
        ];
        for (name, value) in headers {
            if let Ok(header) = Header::from_bytes(name, value) {
                response.add_header(header);
            }
        }
        // An error means that the browser has gone.
        let _ = request.respond(response);
    }
}

impl Access {
    /// Answers a request, or starts an event stream on its own thread.
    fn take(access: &Arc<Access>, mut request: Request) {
        if let Some(refusal) = access.refusal(&request) {
            return refusal.send(request);
        }
        let url = request.url().to_owned();
        let inside = url.split_once('?').map_or(url.as_str(), |(path, _)| path);
        let Some(inside) = inside.strip_prefix('/').and_then(|path| path.strip_prefix(access.token.as_str())) else {
            return Answer::absent().send(request);
        };
        let parts: Vec<&str> = inside.split('/').skip(1).collect();
        match (request.method().clone(), parts.as_slice()) {
            (Method::Get, ["events"]) => access.events(Arc::clone(access), request),
            (Method::Get, parts) => access.get(parts).send(request),
            (Method::Post, parts) => {
                let answer = match body(&mut request) {
                    Some(body) => access.post(parts, &body),
                    None => Answer::refusal(400, "this is not what the page sends"),
                };
                answer.send(request);
            }
            _ => Answer::refusal(405, "the method is not allowed").send(request),
        }
    }

    /// Why a request is refused, if it is.
    fn refusal(&self, request: &Request) -> Option<Answer> {
        let header = |name: &'static str| {
            let mut found = request.headers().iter().filter(|header| header.field.equiv(name));
            let first = found.next().map(|header| header.value.as_str());
            // A duplicate header is never accepted.
            if found.next().is_some() { Some("") } else { first }
        };
        let hosts = [format!("127.0.0.1:{}", self.port), format!("localhost:{}", self.port)];
        if !header("Host").is_some_and(|host| hosts.iter().any(|known| known == host)) {
            return Some(Answer::refusal(403, "this server is for this machine alone"));
        }
        let is_own = |origin: &str| hosts.iter().any(|host| origin.strip_prefix("http://") == Some(host.as_str()));
        let is_allowed = match (request.method(), header("Origin")) {
            (_, Some(origin)) => is_own(origin),
            (Method::Get, None) => true,
            (_, None) => false,
        };
        (!is_allowed).then(|| Answer::refusal(403, "another page has sent this"))
    }

    fn get(&self, parts: &[&str]) -> Answer {
        match parts {
            [""] => Answer { frames: self.frames.of_desk(), ..Answer::with_body(HTML, PAGE) },
            ["desk.css"] => Answer::with_body("text/css; charset=utf-8", STYLE),
            ["desk.js"] => Answer::with_body("text/javascript; charset=utf-8", SCRIPT),
            ["desk.svg"] => Answer::with_body("image/svg+xml", ICON),
            ["state"] => Answer::json(&self.preview.summary()),
            ["html", number] => self.edition(number, Format::Html, HTML),
            ["html", _, name] => match self.preview.web_page(name) {
                Some(page) => self.document(HTML, page.bytes.as_slice()),
                None => Answer::absent(),
            },
            ["changes", number, known] => {
                let changes = number.parse().ok().and_then(|number| self.preview.web_changes(number, known));
                changes.map_or_else(Answer::absent, |changes| Answer::json(&changes))
            }
            ["pdf", number] => self.edition(number, Format::Pdf, "application/pdf"),
            ["pages", number] => match self.good(number).as_deref().and_then(LastGood::view) {
                Some(view) => Answer::json(&view.summary()),
                None => Answer::absent(),
            },
            ["page", number, name] => match self.good(number).and_then(|good| good.view()?.page(name)) {
                Some(list) => Answer::json(&list).lasting(),
                None => Answer::absent(),
            },
            ["resource", number, name] => match self.good(number).and_then(|good| good.view()?.resource(name)) {
                // A drawing may be opened alone and must not load anything then either.
                Some(found) => {
                    let answer = Answer::with_body(found.media_type, found.bytes.as_ref()).lasting();
                    Answer { policy: DOCUMENT_POLICY, frames: self.frames.of_document(), ..answer }
                }
                None => Answer::absent(),
            },
            _ => Answer::absent(),
        }
    }

    fn good(&self, number: &str) -> Option<Arc<LastGood>> {
        self.preview.good(number.parse().ok()?)
    }

    fn edition(&self, number: &str, format: Format, media_type: &'static str) -> Answer {
        match self.good(number).and_then(|good| good.edition(format)) {
            Some(bytes) => self.document(media_type, bytes.as_slice()),
            None => Answer::absent(),
        }
    }

    fn document(&self, media_type: &'static str, bytes: &[u8]) -> Answer {
        let (policy, frames) = (DOCUMENT_POLICY, self.frames.of_document());
        Answer { policy, frames, ..Answer::with_body(media_type, bytes) }
    }

    fn post(&self, parts: &[&str], body: &Value) -> Answer {
        let number =
            |name: &str| body.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
        let length = |name: &str| body.get(name).and_then(Value::as_f64).map(|length| length as f32);
        match parts {
            // A click on a page.
            ["click"] => {
                let place = || {
                    let good = self.preview.good(number("document")?)?;
                    good.place(number("page")?, length("x")?, length("y")?)
                };
                self.edit(place())
            }
            // A click on a problem.
            ["problem"] => {
                let place = || self.preview.problem(number("document")?, number("problem")?);
                self.edit(place())
            }
            // The caret of an editor.
            ["caret"] => {
                let found = || self.preview.reveal(body.get("path")?.as_str()?, number("line")?);
                found().map_or_else(Answer::absent, |caret| Answer::json(&json(caret)))
            }
            _ => Answer::absent(),
        }
    }

    fn edit(&self, place: Option<FilePosition>) -> Answer {
        let Some(place) = place else { return Answer::absent() };
        match self.preview.edit(&place) {
            Ok(()) => Answer::json(&json!({"path": place.path, "line": place.line, "column": place.column})),
            Err(fault) => Answer::refusal(500, &format!("the editor cannot be started: {fault}")),
        }
    }

    /// Sends changes to a window until it is closed (server-sent events, HTML 9.2).
    fn events(&self, access: Arc<Access>, request: Request) {
        if self.windows.fetch_add(1, Ordering::Relaxed) >= WINDOWS {
            self.windows.fetch_sub(1, Ordering::Relaxed);
            return Answer::refusal(503, "too many windows are open").send(request);
        }
        let telling = move || {
            // The stream ends with the window.
            let _ = tell(&access.preview, request.into_writer().as_mut());
            access.windows.fetch_sub(1, Ordering::Relaxed);
        };
        if Builder::new().spawn(telling).is_err() {
            self.windows.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

fn tell(preview: &Preview, window: &mut dyn Write) -> std::io::Result<()> {
    window.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
          X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
    )?;
    // A new window gets the current revision, but no earlier caret.
    let mut known = ClientRevision {
        revision: u64::MAX,
        ..preview.newer(ClientRevision::default(), Duration::ZERO).unwrap_or_default()
    };
    while let Some(news) = preview.newer(known, ALIVE) {
        if news.revision != known.revision {
            write!(window, "data: {}\n\n", news.revision)?;
        }
        if let Some(caret) = news.caret.filter(|_| news.carets != known.carets) {
            write!(window, "event: caret\ndata: {}\n\n", json(caret))?;
        }
        if news == known {
            window.write_all(b": still here\n\n")?;
        }
        window.flush()?;
        known = news;
    }
    write!(window, "event: end\ndata: \n\n")?;
    window.flush()
}

fn json(Caret { document, page, y }: Caret) -> Value {
    json!({"document": document, "page": page, "y": y})
}

/// The JSON body of a request, if it is valid and short enough.
fn body(request: &mut Request) -> Option<Value> {
    let mut bytes = Vec::new();
    request.as_reader().take(BODY + 1).read_to_end(&mut bytes).ok()?;
    let is_short = bytes.len() as u64 <= BODY;
    is_short.then(|| serde_json::from_slice(&bytes).ok()).flatten()
}
