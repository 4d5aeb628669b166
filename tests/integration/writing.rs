//! Laws of what follows a writer: whatever was typed, opened, closed and saved, an editor is told
//! what the command says of the same texts, and the live page shows what a fresh one shows.

use crate::lsp::Editor;
use crate::sandbox::Sandbox;
use crate::serve::Served;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const A: &str = "---\ntitle: A\nnumbering: {sections: true}\nx-price: 5\n---\n\n## Costs {#costs}\n\n\
                 See [@costs], [b](b.md#aims) and {{x-price}}.[^n]\n\n[^n]: A note.\n\n### More\n\nText of *it*.\n";
const B: [&str; 2] = [
    "# B\n\n## Aims {#aims}\n\n:::include {src=_p.md}\n\nBack to [A](a.md#costs) by 5 km.\n",
    "# B\n\n## Aims {#aims}\n\nOnce more.\n\n:::include {src=_p.md}\n",
];
const P: &str = "## Part\n\nThe words of a part.\n";
const C: [&str; 2] = ["# C\n\n## H\n\nText.\n", "# C\n\nThe the text.\n"];
/// Documents that are always open.
const OPEN: [&str; 2] = ["source/a.md", "source/b.md"];

/// What is typed, between two characters; the last ones are mistakes.
const PIECES: [&str; 17] = [
    "tax tax ",
    "5 km ",
    "## H\n\n",
    "𝒙\t",
    "`",
    "\n\n",
    "words ",
    "\r\n",
    "",
    "- item\n",
    "*",
    "| a | b |\n|---|---|\n| c | d |\n\n",
    "[c](c.md#h) ",
    "@nothing ",
    "[^x] ",
    ":::box\n",
    "{{y}}",
];
const MISTAKES: usize = 5;

/// A writer with an editor, and a folder that holds what the editor has.
struct Writer {
    editor: Editor,
    open: BTreeMap<String, String>,
    mirror: Sandbox,
    pieces: &'static [&'static str],
    random: usize,
}

impl Writer {
    fn new(pieces: &'static [&'static str]) -> Writer {
        let files = [("chancery.toml", ""), (OPEN[0], A), (OPEN[1], B[0]), ("source/_p.md", P)];
        let editor = Editor::start(&files, &[], &json!({}));
        let mut writer = Writer { editor, open: BTreeMap::new(), mirror: Sandbox::with(&files), pieces, random: 7 };
        OPEN.into_iter().for_each(|path| writer.open(path));
        writer
    }

    /// A number below another.
    fn below(&mut self, end: usize) -> usize {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % end
    }

    fn open(&mut self, path: &str) {
        self.open.insert(path.to_owned(), self.editor.sandbox.read(path));
        self.editor.open(path);
    }

    /// Does one thing of those that writers do.
    fn act(&mut self, round: usize) {
        match self.below(12) {
            0 => self.write_whole(),
            1 => self.open_or_close(["source/_p.md", "source/c.md"][self.random % 2]),
            2 => {
                let path = OPEN[self.below(2)];
                self.editor.sandbox.write(path, &self.open[path]);
                let uri = self.editor.uri(path);
                self.editor.tell("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
            }
            3 => self.save_beside(round),
            _ => self.typed(),
        }
    }

    /// Some changes at once of a text that is open.
    fn typed(&mut self) {
        let paths: Vec<String> = self.open.keys().filter(|path| *path != OPEN[1]).cloned().collect();
        let path = paths[self.below(paths.len())].clone();
        let mut text = self.open[&path].clone();
        let changes: Vec<Value> = (0..=self.below(3)).map(|_| self.change(&mut text)).collect();
        self.editor.change(&path, changes.into());
        self.mirror.write(&path, &text);
        self.open.insert(path, text);
    }

    /// A change of a text, as it is before.
    fn change(&mut self, text: &mut String) -> Value {
        // No editor names a place within a line ending.
        let is_place = |at: &usize| !(text[..*at].ends_with('\r') && text[*at..].starts_with('\n'));
        let borders = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let borders: Vec<usize> = borders.filter(is_place).collect();
        let at = self.below(borders.len());
        let (start, end) = (borders[at], borders[(at + self.below(7)).min(borders.len() - 1)]);
        let [from, to] = [start, end].map(|at| position(text, at));
        let piece = self.pieces[self.below(self.pieces.len())];
        text.replace_range(start..end, piece);
        json!({ "range": { "start": from, "end": to }, "text": piece })
    }

    /// All of a text at once.
    fn write_whole(&mut self) {
        let (path, text) = match self.below(2) {
            0 => (OPEN[0], A),
            _ => (OPEN[1], B[self.below(B.len())]),
        };
        self.editor.change(path, json!([{ "text": text }]));
        self.mirror.write(path, text);
        self.open.insert(path.to_owned(), text.to_owned());
    }

    fn open_or_close(&mut self, path: &str) {
        if self.open.remove(path).is_some() {
            let uri = self.editor.uri(path);
            self.editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
            // The file is again as the disk has it.
            self.mirror.write(path, self.editor.sandbox.read(path));
        } else if self.editor.sandbox.exists(path) {
            self.open(path);
        }
    }

    /// Another program changes what is not open.
    fn save_beside(&mut self, round: usize) {
        let (path, text) = match self.below(4) {
            0 => ("chancery.toml", Some(format!("[project]\ntitle = \"{round}\"\n"))),
            1 => ("source/c.md", None),
            2 => ("source/_p.md", Some(format!("{P}\nIn round {round}.\n"))),
            _ => ("source/c.md", Some(C[self.below(C.len())].to_owned())),
        };
        if self.open.contains_key(path) {
            return;
        }
        for sandbox in [&self.editor.sandbox, &self.mirror] {
            match &text {
                Some(text) => sandbox.write(path, text),
                None if sandbox.exists(path) => std::fs::remove_file(sandbox.path(path)).unwrap(),
                None => {}
            }
        }
        self.editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    }

    /// What the editor was told last, by files.
    fn told(&mut self) -> BTreeMap<String, BTreeSet<String>> {
        self.editor.codes(OPEN[0]);
        let root = self.editor.uri("");
        let of_file = |(uri, problems): (&String, &Vec<Value>)| {
            let path = uri.strip_prefix(&root).unwrap().to_owned();
            (path, problems.iter().map(of_editor).collect())
        };
        self.editor.problems.iter().filter(|(_, problems)| !problems.is_empty()).map(of_file).collect()
    }

    /// What the command says of the documents that are open.
    fn said(&self) -> BTreeMap<String, BTreeSet<String>> {
        let documents = self.open.keys().map(String::as_str).filter(|path| !path.contains("/_"));
        let arguments = ["check", "--advice", "--message-format", "json"].into_iter().chain(documents);
        let run = self.mirror.run(&arguments.collect::<Vec<_>>());
        let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in run.stdout.lines() {
            let problem: Value = serde_json::from_str(line).unwrap();
            let path = problem["place"]["path"].as_str().or(problem["document"].as_str()).unwrap();
            said.entry(path.to_owned()).or_default().insert(of_command(&problem));
        }
        said
    }
}

/// A place as editors count: lines end at all line endings, characters are UTF-16.
fn position(text: &str, at: usize) -> Value {
    let is_end = |end: &usize| {
        let (before, behind) = text.split_at(*end);
        before.ends_with('\n') || (before.ends_with('\r') && !behind.starts_with('\n'))
    };
    let starts: Vec<usize> = (1..=at).filter(|end| text.is_char_boundary(*end)).filter(is_end).collect();
    let start = starts.last().copied().unwrap_or(0);
    json!({ "line": starts.len(), "character": text[start..at].encode_utf16().count() })
}

/// A problem in one line: its code, line, message and hint.
fn of_editor(problem: &Value) -> String {
    let line = problem["range"]["start"]["line"].as_u64().unwrap() + 1;
    format!("{} {line} {}", problem["code"].as_str().unwrap(), problem["message"].as_str().unwrap())
}

fn of_command(problem: &Value) -> String {
    let line = problem["place"]["start"]["line"].as_u64().unwrap_or(1);
    let words = [&problem["message"], &problem["hint"]].map(|words| words.as_str().unwrap_or_default());
    format!("{} {line} {}", problem["code"].as_str().unwrap(), words.join("\n").trim_end())
}

/// How many things are done; `CHANCERY_EDITS` says how many more than usual.
fn rounds(usual: usize) -> usize {
    std::env::var("CHANCERY_EDITS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

#[test]
fn after_any_edits_the_problems_are_those_of_the_command() {
    let mut writer = Writer::new(&PIECES);
    for round in 0..rounds(300) {
        writer.act(round);
        if round % 5 == 4 {
            assert_eq!(writer.told(), writer.said(), "after {round} edits: {:#?}", writer.open);
        }
    }
    writer.editor.end();
}

/// What a desk shows of its documents, by their paths: the problems, and where there are no
/// errors the pages with their lists and the HTML.
fn shown(served: &Served) -> BTreeMap<String, Value> {
    let state = served.get("state").json();
    let document = |document: &Value| {
        let number = &document["number"];
        let mut shown = json!({ "title": document["title"], "problems": document["problems"], "old": document["old"] });
        if document["old"] == false {
            let pages = served.get(&format!("pages/{number}")).json();
            let name = |page: &Value| page["name"].as_str().unwrap().to_owned();
            let lists = pages.as_array().unwrap().iter().map(|page| {
                let list = served.get(&format!("page/{number}/{}", name(page)));
                (list.status == 200).then(|| list.json())
            });
            shown["lists"] = lists.collect();
            shown["pages"] = pages;
            shown["html"] = served.get(&format!("html/{number}")).text().into();
        }
        (document["path"].as_str().unwrap().to_owned(), shown)
    };
    state["documents"].as_array().unwrap().iter().map(document).collect()
}

#[test]
fn after_any_edits_the_live_page_is_that_of_a_fresh_server() {
    let mut writer = Writer::new(&PIECES[..PIECES.len() - MISTAKES]);
    let uri = writer.editor.uri(OPEN[0]);
    let opened = json!({ "command": "chancery.pages", "arguments": [{ "uri": uri }] });
    let address = writer.editor.ask("workspace/executeCommand", opened);
    let served = Served::at(address["address"].as_str().unwrap());
    // Names of pages mean the same for ever.
    let mut lists: BTreeMap<String, Value> = BTreeMap::new();
    for round in 0..rounds(250) {
        writer.act(round);
        if round % 5 != 4 {
            continue;
        }
        writer.told();
        let fresh = shown(&Served::of(&writer.mirror.path(""), &[]));
        for document in fresh.values().filter(|document| document["old"] == false) {
            for (page, list) in document["pages"].as_array().unwrap().iter().zip(document["lists"].as_array().unwrap())
            {
                let known = lists.entry(page["name"].as_str().unwrap().to_owned()).or_insert_with(|| list.clone());
                assert_eq!(known, list);
            }
        }
        served.wait_for(|_| shown(&served) == fresh);
    }
    assert!(lists.len() > 20, "{}", lists.len());
    writer.editor.end();
}
