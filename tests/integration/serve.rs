//! The writer's desk, asked as a browser asks, and as others would.

use crate::support::crate_path;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// How often something is looked at that comes about in another process. There is no clock:
/// a window waits for the server to tell it of a change.
const CHANGES: usize = 50;

/// A server of the documents of a folder, or beside an editor.
pub struct Served {
    process: Option<Child>,
    port: u16,
    /// `/TOKEN/`.
    root: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// An answer: its status, its headers in lower case, and its body.
pub struct Answer {
    pub status: u16,
    pub headers: String,
    body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

impl Served {
    pub fn of(folder: &Path, arguments: &[&str]) -> Served {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
        command.arg("serve").args(arguments).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let mut served = Served::at(address.trim());
        served.process = Some(process);
        served.wait_for(|state| state["revision"] != 0);
        served
    }

    /// A server that another process opened.
    pub fn at(address: &str) -> Served {
        let (port, path) = address.strip_prefix("http://127.0.0.1:").unwrap().split_once('/').unwrap();
        Served { process: None, port: port.parse().unwrap(), root: format!("/{path}") }
    }

    fn ask(&self, head: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "{head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut bytes = Vec::new();
        // A refusal may close the door before all is sent.
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let headers = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        let body = bytes[end + 4..].to_vec();
        let body = if headers.contains("transfer-encoding: chunked") { unchunked(&body) } else { body };
        Answer { status, headers, body }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {}{path} HTTP/1.1\r\nHost: 127.0.0.1:{}", self.root, self.port), "")
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        let port = self.port;
        let head =
            format!("POST {}{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}", self.root);
        self.ask(&head, body)
    }

    /// The lines that a window is told.
    pub fn window(&self) -> impl Iterator<Item = String> + use<> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        // A test that would wait for ever fails.
        stream.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
        write!(stream, "GET {}events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.root, self.port).unwrap();
        BufReader::new(stream).lines().map_while(Result::ok).filter(|line| line.contains("data: "))
    }

    /// The state of the documents, as soon as something is true of it.
    pub fn wait_for(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        let news = self.window().take(CHANGES);
        let found = news.map(|_| self.get("state").json()).find(|state| is_so(state));
        found.expect("no change made it true")
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|window| window == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        whole.extend(&body[end + 2..end + 2 + length]);
        body = &body[(end + 4 + length).min(body.len())..];
    }
    whole
}

fn note(text: &str) -> String {
    format!("---\ntitle: Note\nlang: en\ndate: 2026-01-01\n---\n\n{text}\n")
}

/// Saves as editors do: a new file takes the place of the old one.
fn save(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(".new"), text).unwrap();
    std::fs::rename(folder.join(".new"), folder.join(name)).unwrap();
}

fn folder_with(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), "note.md", &note(text));
    folder
}

#[test]
fn a_page_follows_what_is_saved() {
    let folder = folder_with("Some words.");
    let served = Served::of(folder.path(), &["note.md"]);
    assert!(served.get("html/0").text().contains("Some words."));
    assert_eq!(&served.get("pdf/0").body[..5], b"%PDF-");
    let before = served.get("pages/0").json();
    let (mut one, mut other) = (served.window(), served.window());
    let first = [one.next(), other.next()];
    assert_eq!(first[0], first[1]);
    save(folder.path(), "note.md", &note("Other words."));
    // Two windows are told of it.
    assert!(one.next().is_some() && other.next().is_some());
    served.wait_for(|_| served.get("html/0").text().contains("Other words."));
    let after = served.get("pages/0").json();
    assert_ne!(before[0]["name"], after[0]["name"]);
    assert_eq!(before[0]["width"], after[0]["width"]);
}

#[test]
fn the_last_good_page_stays_and_is_called_old() {
    let folder = folder_with("Some words.");
    let served = Served::of(folder.path(), &["note.md"]);
    assert!(served.get("html/0").text().contains("Some words."));
    save(folder.path(), "note.md", &note("New words, see [](#nowhere)."));
    let state = served.wait_for(|state| state["documents"][0]["old"] == true);
    let problem = &state["documents"][0]["problems"][0];
    assert_eq!((problem["code"].as_str(), problem["line"].as_u64()), (Some("E0303"), Some(7)));
    assert!(served.get("html/0").text().contains("Some words."));
    save(folder.path(), "note.md", &note("New words."));
    served.wait_for(|state| state["documents"][0]["old"] == false);
    assert!(served.get("html/0").text().contains("New words."));
}

#[test]
fn documents_come_and_go() {
    let project = folder_with("Some words.");
    let folder = project.path().join("notes");
    std::fs::create_dir(&folder).unwrap();
    std::fs::rename(project.path().join("note.md"), folder.join("note.md")).unwrap();
    std::fs::write(project.path().join("chancery.toml"), "[project]\nsource = \"notes\"\n").unwrap();
    let served = Served::of(project.path(), &[]);
    save(&folder, "other.md", &note("Others.").replace("Note", "Other"));
    let state = served.wait_for(|state| state["documents"].as_array().unwrap().len() == 2);
    assert_eq!(state["documents"][1]["title"], "Other");
    std::fs::rename(folder.join("note.md"), folder.join("renamed.md")).unwrap();
    let state = served.wait_for(|state| state["documents"][1]["path"] == "notes/renamed.md");
    // A number always means the same document.
    assert_eq!(state["documents"][1]["number"], 2);
    assert_eq!(served.get("html/0").status, 404);
    std::fs::remove_file(project.path().join("chancery.toml")).unwrap();
    let state = served.wait_for(|state| !state["failure"].is_null());
    assert_eq!(state["documents"].as_array().unwrap().len(), 2);
}

#[test]
fn every_word_on_a_page_leads_to_its_place() {
    let text = "First words here.\n\n## A heading with *emphasis*\n\n- An item with `code`\n- Another, *“quoted”*, \
                one^[A note on it.]\n\n| Head | Column |\n|---|---|\n| cell | value |\n\n\
                Last words, with &amp; and \\*stars\\*.";
    let folder = folder_with(text);
    let served = Served::of(folder.path(), &["note.md"]);
    let source = note(text);
    let page = served.get("pages/0").json()[0]["name"].as_str().unwrap().to_owned();
    let items = served.get(&format!("page/0/{page}")).json();
    let mut found = Vec::new();
    for item in items.as_array().unwrap().iter().filter(|item| item[0] == "t") {
        let (x, y, width) = (item[1].as_f64().unwrap(), item[2].as_f64().unwrap(), item[7].as_f64().unwrap());
        let at = format!("{{\"document\": 0, \"page\": 0, \"x\": {}, \"y\": {}}}", x + width / 2.0, y - 2.0);
        let answer = served.post("click", &at);
        if answer.status == 200 {
            let place = answer.json();
            let line = source.lines().nth(place["line"].as_u64().unwrap() as usize - 1).unwrap();
            let column = place["column"].as_u64().unwrap() as usize - 1;
            found.push(line.chars().skip(column).collect::<String>());
        }
    }
    for word in
        ["words here", "heading", "emphasis", "item", "code", "quoted", "note on", "Head", "cell", "value", "Last"]
    {
        let near = |rest: &&String| source.contains(rest.as_str()) && word.chars().any(|c| rest.starts_with(c));
        assert!(found.iter().any(|rest| near(&rest)), "{word}: {found:?}");
    }
    // And back: the caret of an editor is shown in every window.
    let mut window = served.window();
    window.next().unwrap();
    let caret = served.post("caret", "{\"path\": \"note.md\", \"line\": 7}").json();
    assert_eq!((caret["document"].as_u64(), caret["page"].as_u64()), (Some(0), Some(0)));
    assert_eq!(window.next().unwrap(), format!("data: {caret}"));
    assert_eq!(served.post("caret", "{\"path\": \"../secret.md\", \"line\": 1}").status, 404);
}

#[test]
fn nobody_else_is_answered() {
    let folder = folder_with("Some words.");
    let served = Served::of(folder.path(), &["note.md"]);
    let (root, port) = (&served.root, served.port);
    let own = format!("Host: 127.0.0.1:{port}");
    let status = |head: String| served.ask(&head, "{\"document\": 0, \"page\": 0, \"x\": 100, \"y\": 200}").status;
    // Another name of this machine, as after DNS rebinding; none; two.
    assert_eq!(status(format!("GET {root}state HTTP/1.1\r\nHost: attacker.example:{port}")), 403);
    assert_eq!(status(format!("GET {root}state HTTP/1.1\r\nHost: 127.0.0.1")), 403);
    assert_eq!(status(format!("GET {root}state HTTP/1.1")), 403);
    assert_eq!(status(format!("GET {root}state HTTP/1.1\r\n{own}\r\nHost: attacker.example")), 403);
    // Another page.
    assert_eq!(status(format!("GET {root}state HTTP/1.1\r\n{own}\r\nOrigin: https://attacker.example")), 403);
    assert_eq!(status(format!("POST {root}click HTTP/1.1\r\n{own}\r\nOrigin: null")), 403);
    assert_eq!(status(format!("POST {root}click HTTP/1.1\r\n{own}\r\nOrigin: http://127.0.0.1:{port}.example")), 403);
    assert_eq!(status(format!("POST {root}click HTTP/1.1\r\n{own}")), 403);
    assert_eq!(status(format!("POST {root}click HTTP/1.1\r\n{own}\r\nOrigin: http://localhost:{port}")), 200);
    // Without the token there is nothing.
    assert_eq!(status(format!("GET / HTTP/1.1\r\n{own}")), 404);
    assert_eq!(status(format!("GET /{}/state HTTP/1.1\r\n{own}", "0".repeat(32))), 404);
    assert_eq!(status(format!("GET {root}../note.md HTTP/1.1\r\n{own}")), 404);
    assert_eq!(status(format!("GET {root}html/..%2fnote.md HTTP/1.1\r\n{own}")), 404);
    assert_eq!(status(format!("DELETE {root}state HTTP/1.1\r\n{own}\r\nOrigin: http://127.0.0.1:{port}")), 405);
    // What is sent is short, and what the page sends.
    assert_eq!(served.post("click", &" ".repeat(10_000)).status, 400);
    assert_eq!(served.post("click", "[").status, 400);
    assert_eq!(served.post("click", "{\"document\": 99, \"page\": 0, \"x\": 1, \"y\": 1}").status, 404);
}

#[test]
fn a_page_may_load_nothing_from_elsewhere() {
    let folder = folder_with("Some words.");
    let served = Served::of(folder.path(), &["note.md"]);
    for path in ["", "html/0", "pdf/0", "state", "desk.js"] {
        let headers = served.get(path).headers;
        for header in ["content-security-policy: default-src 'none'", "nosniff", "no-referrer"] {
            assert!(headers.contains(header), "{path}: {headers}");
        }
        assert!(!headers.contains("access-control-allow"), "{path}: {headers}");
    }
    assert!(served.get("html/0").headers.contains("sandbox"));
    let assets = ["desk.html", "desk.css", "desk.js"];
    for asset in assets {
        let text = std::fs::read_to_string(crate_path("src/cli/serve/assets").join(asset)).unwrap();
        assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("innerHTML = state"), "{asset}");
    }
}

#[test]
fn what_cannot_be_shown_is_refused() {
    let run = |arguments: &[&str]| {
        let folder = folder_with("Some words.");
        let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
        let output = command.arg("serve").args(arguments).current_dir(folder.path()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = run(&["-"]);
    assert!(code == Some(2) && said.contains("standard input"), "{said}");
    let (code, said) = run(&["note.md", "--editor", "vi"]);
    assert!(code == Some(2) && said.contains("{file}"), "{said}");
    let (code, said) = run(&["absent.md"]);
    assert!(code.is_some_and(|code| code != 0) && said.contains("absent.md"), "{said}");
}
