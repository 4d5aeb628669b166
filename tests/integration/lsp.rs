//! `chancery lsp`, talked to as an editor talks to it.

use crate::sandbox::Sandbox;
use chancery::formatting::format;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// An editor with some files.
pub struct Editor {
    pub sandbox: Sandbox,
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: u64,
    /// What was told last of each file, by its address.
    pub problems: BTreeMap<String, Vec<Value>>,
}

impl Editor {
    fn with(files: &[(&str, &str)], encodings: Value) -> Editor {
        Editor::start(files, &[], &json!({ "general": { "positionEncodings": encodings } }))
    }

    /// An editor that can do some things, and its server with some arguments.
    pub fn start(files: &[(&str, &str)], arguments: &[&str], capabilities: &Value) -> Editor {
        let sandbox = Sandbox::with(files);
        let mut server = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .arg("lsp")
            .args(arguments)
            .current_dir(sandbox.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = server.stdin.take().unwrap();
        let output = BufReader::new(server.stdout.take().unwrap());
        let mut editor = Editor { sandbox, server, input, output, next: 0, problems: BTreeMap::new() };
        let answer = editor.ask("initialize", json!({ "capabilities": capabilities }));
        assert_eq!(answer["serverInfo"]["name"], "chancery");
        editor.tell("initialized", json!({}));
        editor
    }

    fn new(files: &[(&str, &str)]) -> Editor {
        Editor::with(files, json!(["utf-16"]))
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    pub fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server has gone");
            match line.trim_end().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None if line.trim_end().is_empty() => break,
                None => {}
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).unwrap();
        let message: Value = serde_json::from_slice(&bytes).unwrap();
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let uri = params["uri"].as_str().unwrap().to_owned();
            self.problems.insert(uri, params["diagnostics"].as_array().unwrap().clone());
        }
        message
    }

    /// The whole answer to a request.
    pub fn answer(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.read();
            if message["id"] == id {
                return message;
            }
        }
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert_eq!(answer.get("error"), None, "{method}");
        answer["result"].clone()
    }

    pub fn uri(&self, path: &str) -> String {
        let root = self.sandbox.path("").canonicalize().unwrap();
        format!("file://{}", root.join(path).display())
    }

    pub fn open(&mut self, path: &str) {
        let text = self.sandbox.read(path);
        let document = json!({ "uri": self.uri(path), "languageId": "markdown", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub fn change(&mut self, path: &str, changes: Value) {
        let document = json!({ "uri": self.uri(path), "version": 2 });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// The codes of a file's problems, once all that was told is read.
    pub fn codes(&mut self, path: &str) -> Vec<String> {
        // Problems of what was sent before are told before this is answered, or right after.
        self.at("textDocument/hover", path, 0, 0);
        self.at("textDocument/hover", path, 0, 0);
        let uri = self.uri(path);
        let problems = self.problems.get(&uri).cloned().unwrap_or_default();
        problems.iter().map(|problem| problem["code"].as_str().unwrap().to_owned()).collect()
    }

    /// Asks for something at a place.
    pub fn at(&mut self, method: &str, path: &str, line: usize, character: usize) -> Value {
        let uri = self.uri(path);
        let position = json!({ "line": line, "character": character });
        self.ask(method, json!({ "textDocument": { "uri": uri }, "position": position }))
    }

    fn of(&mut self, method: &str, path: &str) -> Value {
        let uri = self.uri(path);
        self.ask(method, json!({ "textDocument": { "uri": uri } }))
    }

    pub fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        assert!(self.server.wait().unwrap().success());
    }
}

const A: &str = "---\ntitle: A\nnumbering: {sections: true}\nx-price: 5\n---\n\n## Costs {#costs}\n\nSee [@costs], [b](b.md#aims) and {{x-price}}.[^n]\n\n[^n]: A note.\n\n### More\n\nText.\n";
const B: &str = "# B\n\n## Aims {#aims}\n\nBack to [A](a.md#costs) 🙂 by 5 km.\n";

fn project() -> Editor {
    let mut editor = Editor::new(&[("chancery.toml", ""), ("source/a.md", A), ("source/b.md", B)]);
    editor.open("source/a.md");
    editor
}

#[test]
fn problems_are_those_of_the_text_as_it_is_typed() {
    let mut editor = project();
    assert_eq!(editor.codes("source/a.md"), [""; 0]);
    let range = json!({ "start": { "line": 8, "character": 6 }, "end": { "line": 8, "character": 11 } });
    editor.change("source/a.md", json!([{ "range": range, "text": "csots" }]));
    assert_eq!(editor.codes("source/a.md"), ["E0309"]);
    let uri = editor.uri("source/a.md");
    let problem = editor.problems[&uri][0].clone();
    assert_eq!(problem["range"]["start"], json!({ "line": 8, "character": 5 }));
    assert!(problem["message"].as_str().unwrap().contains("did you mean `costs`?"));
    let params = json!({ "textDocument": { "uri": uri }, "range": problem["range"], "context": { "diagnostics": [] } });
    let actions = editor.ask("textDocument/codeAction", params);
    assert_eq!((&actions[0]["title"], &actions[0]["isPreferred"]), (&json!("Write `costs`"), &json!(true)));
    assert_eq!(actions[0]["edit"]["changes"][&uri][0]["newText"], "costs");
    // Closed, the file is again as the disk has it.
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(editor.codes("source/a.md"), [""; 0]);
    editor.end();
}

#[test]
fn an_open_file_counts_where_it_is_included() {
    let files =
        [("chancery.toml", ""), ("source/a.md", "# A\n\n:::include {src=_part.md}\n"), ("source/_part.md", "Good.\n")];
    let mut editor = Editor::new(&files);
    editor.open("source/a.md");
    editor.open("source/_part.md");
    assert_eq!(editor.codes("source/_part.md"), [""; 0]);
    editor.change("source/_part.md", json!([{ "text": "The tax tax rises.\n" }]));
    assert_eq!(editor.codes("source/_part.md"), ["W0507"]);
    editor.end();
}

#[test]
fn places_count_as_the_editor_counts() {
    for (encodings, character) in [(json!(["utf-8", "utf-16"]), 32), (json!(["utf-16"]), 30)] {
        let mut editor = Editor::with(&[("chancery.toml", ""), ("source/a.md", A), ("source/b.md", B)], encodings);
        editor.open("source/b.md");
        assert_eq!(editor.codes("source/b.md"), ["W0509"]);
        let uri = editor.uri("source/b.md");
        assert_eq!(editor.problems[&uri][0]["range"]["start"], json!({ "line": 4, "character": character }));
        editor.end();
    }
}

#[test]
fn names_lead_to_where_they_are_given() {
    let mut editor = project();
    let own = editor.at("textDocument/definition", "source/a.md", 8, 7);
    assert_eq!((&own["uri"], &own["range"]["start"]["line"]), (&json!(editor.uri("source/a.md")), &json!(6)));
    let other = editor.at("textDocument/definition", "source/a.md", 8, 24);
    assert_eq!((&other["uri"], &other["range"]["start"]["line"]), (&json!(editor.uri("source/b.md")), &json!(2)));
    let note = editor.at("textDocument/definition", "source/a.md", 8, 48);
    assert_eq!(note["range"]["start"], json!({ "line": 10, "character": 2 }));
    let value = editor.at("textDocument/definition", "source/a.md", 8, 38);
    assert_eq!(value["range"]["start"], json!({ "line": 3, "character": 0 }));
    let file = editor.at("textDocument/definition", "source/a.md", 8, 19);
    assert_eq!(file["uri"], json!(editor.uri("source/b.md")));
    let said = editor.at("textDocument/hover", "source/a.md", 8, 7);
    assert_eq!(said["contents"]["value"], "1 Costs");
    let said = editor.at("textDocument/hover", "source/a.md", 1, 2);
    assert_eq!(said["contents"]["value"], "title takes text");
    assert_eq!(editor.at("textDocument/definition", "source/a.md", 14, 1), Value::Null);
    editor.end();
}

#[test]
fn a_name_is_renamed_in_all_documents() {
    let mut editor = project();
    let uri = editor.uri("source/a.md");
    let position = json!({ "line": 6, "character": 12 });
    let params = json!({ "textDocument": { "uri": uri }, "position": position, "newName": "price" });
    let edit = editor.ask("textDocument/rename", params);
    assert_eq!(edit["changes"][&uri].as_array().unwrap().len(), 2);
    let other = editor.uri("source/b.md");
    assert_eq!(edit["changes"][&other][0]["range"]["start"], json!({ "line": 4, "character": 17 }));
    let params = json!({ "textDocument": { "uri": uri }, "position": position, "newName": "two words" });
    let refused = editor.answer("textDocument/rename", params);
    assert!(refused["error"]["message"].as_str().unwrap().contains("cannot be a name"));
    let params =
        json!({ "textDocument": { "uri": uri }, "position": position, "context": { "includeDeclaration": false } });
    assert_eq!(editor.ask("textDocument/references", params).as_array().unwrap().len(), 2);
    editor.end();
}

#[test]
fn a_name_is_renamed_in_what_a_document_includes_and_never_in_code() {
    let part = "## Costs {#costs}\n\nIt is[^n] {{x-price}}.\n\n[^n]: Of @no.\n";
    let whole = "---\ntitle: A\nx-price: 5\n---\n\n:::include {src=_part.md}\n\n[See](#costs) `#costs` {#other}\n\n\
                 ```@costs``` [@costs] <!-- [x](#costs) -->\n\n    [x](#costs)\n\n```math {#eq}\n[x](#costs)\n```\n";
    let files = [("chancery.toml", ""), ("source/a.md", whole), ("source/_part.md", part)];
    for (path, line, character) in [("source/_part.md", 0, 11), ("source/a.md", 7, 8)] {
        let mut editor = Editor::new(&files);
        editor.open("source/a.md");
        editor.open("source/_part.md");
        let uri = editor.uri(path);
        let position = json!({ "line": line, "character": character });
        let rename = |name: &str| json!({ "textDocument": { "uri": uri }, "position": position, "newName": name });
        let edit = editor.ask("textDocument/rename", rename("price"));
        let (a, part) = (editor.uri("source/a.md"), editor.uri("source/_part.md"));
        let starts = |uri: &str| {
            let edits = edit["changes"][uri].as_array().unwrap_or_else(|| panic!("{edit}"));
            edits.iter().map(|edit| edit["range"]["start"].clone()).collect::<Vec<_>>()
        };
        let place = |line: usize, character: usize| json!({ "line": line, "character": character });
        assert_eq!((starts(&a), starts(&part)), (vec![place(7, 7), place(9, 15)], vec![place(0, 11)]));
        let refused = editor.answer("textDocument/rename", rename("eq"));
        assert!(refused["error"]["message"].as_str().unwrap().contains("names something else already"));
        // A value of the document stands in its parts.
        let value = editor.at("textDocument/definition", "source/_part.md", 2, 12);
        assert_eq!((&value["uri"], &value["range"]["start"]), (&json!(a), &place(2, 0)));
        editor.end();
    }
}

#[test]
fn data_and_the_project_count_as_they_are_typed() {
    let files = [
        ("chancery.toml", "[project]\ntitle = \"A\"\n"),
        ("source/a.md", "# A\n\n:::table {src=\"d.csv\" caption=\"C\"}\n:::\n"),
        ("source/d.csv", "Place,Sum\nHere,2\n"),
    ];
    let mut editor = Editor::new(&files);
    ["source/a.md", "source/d.csv", "chancery.toml"].into_iter().for_each(|path| editor.open(path));
    assert_eq!(editor.codes("source/d.csv"), [""; 0]);
    editor.change("source/d.csv", json!([{ "text": "" }]));
    assert!(!editor.codes("source/d.csv").is_empty() || !editor.codes("source/a.md").is_empty());
    editor.change("chancery.toml", json!([{ "text": "[project]\ntitel = \"A\"\n" }]));
    assert_eq!(editor.codes("chancery.toml"), ["W0106"]);
    editor.end();
}

#[test]
fn the_editor_sees_how_a_document_is_made() {
    let mut editor = project();
    let symbols = editor.of("textDocument/documentSymbol", "source/a.md");
    assert_eq!(symbols[0]["name"], "1 Costs");
    assert_eq!(symbols[0]["children"][0]["name"], "1.1 More");
    assert_eq!(symbols[0]["range"]["end"]["line"], 14);
    let folds = editor.of("textDocument/foldingRange", "source/a.md");
    assert!(folds.as_array().unwrap().contains(&json!({ "startLine": 6, "endLine": 14 })));
    assert_eq!(folds[0], json!({ "startLine": 0, "endLine": 4 }));
    let links = editor.of("textDocument/documentLink", "source/a.md");
    assert_eq!(links[0]["target"], json!(editor.uri("source/b.md")));
    let hints = editor.of("textDocument/inlayHint", "source/a.md");
    let labels: Vec<&str> = hints.as_array().unwrap().iter().map(|hint| hint["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["1", "Section\u{a0}1", "1", "1.1"]);
    let uri = editor.uri("source/a.md");
    let positions = json!([{ "line": 14, "character": 1 }]);
    let params = json!({ "textDocument": { "uri": uri }, "positions": positions });
    let grown = editor.ask("textDocument/selectionRange", params);
    assert_eq!(
        grown[0]["range"],
        json!({ "start": { "line": 14, "character": 0 }, "end": { "line": 14, "character": 4 } })
    );
    let found = editor.ask("workspace/symbol", json!({ "query": "aims" }));
    assert_eq!(found[0]["location"]["uri"], json!(editor.uri("source/b.md")));
    editor.end();
}

#[test]
fn what_can_be_written_is_known() {
    let mut editor = project();
    let mut labels = |text: &str| {
        editor.change("source/a.md", json!([{ "text": text }]));
        let line = text.lines().count() - 1;
        let character = text.lines().last().unwrap().chars().count();
        let found = editor.at("textDocument/completion", "source/a.md", line, character);
        let items = found["items"].as_array().unwrap();
        items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let holds = |labels: Vec<String>, label: &str| labels.contains(&label.to_owned());
    assert!(holds(labels("---\ntitle: A\nsta"), "status"));
    assert!(holds(labels("---\nstatus: "), "final"));
    assert!(holds(labels("# A\n\n## B {#here}\n\nSee @h"), "here"));
    assert!(holds(labels("# A\n\n[x](b.md#"), "aims"));
    assert!(holds(labels("# A\n\n[x]("), "b.md"));
    assert!(holds(labels("# A\n\n[^one]: X.\n\nText[^"), "one"));
    assert!(holds(labels("# A\n\n:::wa"), "warning"));
    assert!(holds(labels("# A\n\n:::chart {"), "src"));
    assert!(holds(labels("---\nx-sum: 3\n---\n# A\n\n{{"), "x-sum"));
    assert_eq!(labels("# A\n\nWords"), [""; 0]);
    editor.end();
}

const CITING: &str = "---\ntitle: A\nbibliography: s.bib\nabbreviations: {NGO: organisation}\n---\n\nThe NGO, @nobody and [@mills].\n\n\
                      :::include {src=\"parts/_p.md\"}\n";

/// A document that cites, with a part, in a project that gives short forms.
fn citing() -> Editor {
    let mut editor = Editor::new(&[
        ("chancery.toml", "[abbreviations]\nUN = \"United Nations\"\n"),
        ("source/a.md", CITING),
        ("source/b.md", "# B\n\nThe UN and `UN`. See [the A](a.md) and [it](<a.md>).\n"),
        ("source/parts/_p.md", "The UN, NGOs and [b](../b.md).\n"),
        ("source/s.bib", "@book{mills, author = {Mills, Ann}, title = {Water Mills}, date = {2001}}\n"),
    ]);
    editor.open("source/a.md");
    editor
}

#[test]
fn what_is_cited_and_shortened_is_known() {
    let mut editor = citing();
    let said = editor.at("textDocument/hover", "source/a.md", 6, 24);
    assert_eq!(said["contents"]["value"], "Mills: Water Mills (2001)");
    let said = editor.at("textDocument/hover", "source/a.md", 6, 5);
    assert_eq!(said["contents"]["value"], "organisation");
    let given = editor.at("textDocument/definition", "source/a.md", 6, 22);
    assert_eq!(
        (&given["uri"], &given["range"]["start"]),
        (&json!(editor.uri("source/s.bib")), &json!({ "line": 0, "character": 6 }))
    );
    let given = editor.at("textDocument/definition", "source/a.md", 6, 6);
    assert_eq!(given["range"]["start"], json!({ "line": 3, "character": 16 }));
    let uri = editor.uri("source/a.md");
    let position = json!({ "line": 6, "character": 24 });
    let params = json!({ "textDocument": { "uri": uri }, "position": position, "newName": "miller" });
    let refused = editor.answer("textDocument/rename", params);
    assert!(refused["error"]["message"].as_str().unwrap().contains("a key of the bibliography"), "{refused}");
    let mut labels = |end: &str| {
        editor.change("source/a.md", json!([{ "text": format!("{CITING}\n{end}") }]));
        let found = editor.at("textDocument/completion", "source/a.md", 10, end.len());
        let items = found["items"].as_array().unwrap();
        items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(labels("See @"), ["mills"]);
    assert_eq!(labels("The N"), ["NGO"]);
    assert_eq!(labels("The U"), ["UN"]);
    editor.end();
}

#[test]
fn a_short_form_is_renamed_where_it_counts() {
    let mut editor = citing();
    editor.open("source/b.md");
    let mut rename = |path: &str, line: usize, character: usize, new: &str| {
        let position = json!({ "line": line, "character": character });
        let document = json!({ "uri": editor.uri(path) });
        let params = json!({ "textDocument": document, "position": position, "newName": new });
        let edit = editor.ask("textDocument/rename", params);
        let mut starts: Vec<String> = Vec::new();
        for path in ["chancery.toml", "source/a.md", "source/b.md", "source/parts/_p.md"] {
            for edit in edit["changes"][editor.uri(path)].as_array().into_iter().flatten() {
                let start = &edit["range"]["start"];
                starts.push(format!("{path}:{}:{}", start["line"], start["character"]));
            }
        }
        starts
    };
    // A document's own: in its files.
    assert_eq!(rename("source/a.md", 6, 4, "CSO"), ["source/a.md:3:16", "source/a.md:6:4", "source/parts/_p.md:0:8"]);
    // The project's: in all.
    assert_eq!(rename("source/b.md", 2, 5, "UNO"), ["chancery.toml:1:0", "source/b.md:2:4", "source/parts/_p.md:0:4"]);
    editor.end();
}

/// However the project file writes its table.
#[test]
fn a_short_form_of_the_project_has_its_place() {
    for (file, line, character) in [
        ("abbreviations = { \"UN\" = \"United Nations\" }\n", 0, 19),
        ("abbreviations.UN = \"United Nations\"\n", 0, 14),
        ("[project]\ntitle = \"[abbreviations] UN = x\"\n\n[ abbreviations ]\nUN = \"United Nations\"\n", 4, 0),
    ] {
        let mut editor = Editor::new(&[("chancery.toml", file), ("source/b.md", "# B\n\nThe UN.\n")]);
        editor.open("source/b.md");
        let given = editor.at("textDocument/definition", "source/b.md", 2, 5);
        assert_eq!(given["range"]["start"], json!({ "line": line, "character": character }), "{file}");
        editor.end();
    }
}

#[test]
fn files_are_named_as_they_will_be() {
    let mut editor = citing();
    let mut moved = |old: &str, new: &str| {
        let files = json!([{ "oldUri": editor.uri(old), "newUri": editor.uri(new) }]);
        let edit = editor.ask("workspace/willRenameFiles", json!({ "files": files }));
        let mut edits: Vec<String> = Vec::new();
        for path in ["source/a.md", "source/b.md", "source/parts/_p.md"] {
            for edit in edit["changes"][editor.uri(path)].as_array().into_iter().flatten() {
                edits.push(format!("{path} {}", edit["newText"].as_str().unwrap()));
            }
        }
        edits
    };
    assert_eq!(moved("source/b.md", "source/c.md"), ["source/parts/_p.md ../c.md"]);
    assert_eq!(moved("source/parts", "source/bits"), ["source/a.md bits/_p.md"]);
    assert_eq!(moved("source/s.bib", "source/lists/all.bib"), ["source/a.md lists/all.bib"]);
    // What moves names others from where it will be.
    assert_eq!(
        moved("source/a.md", "source/x y/a.md"),
        ["source/a.md ../s.bib", "source/a.md ../parts/_p.md", "source/b.md x%20y/a.md", "source/b.md x y/a.md"]
    );
    assert_eq!(moved("source/gone.md", "source/new.md"), [""; 0]);
    editor.end();
}

#[test]
fn words_have_colours() {
    let mut editor = citing();
    let uri = editor.uri("source/a.md");
    let whole = editor.of("textDocument/semanticTokens/full", "source/a.md");
    let lines: Vec<&str> = CITING.lines().collect();
    let (mut line, mut character, mut found) = (0, 0, Vec::new());
    let types = ["keyword", "property", "variable", "enumMember", "macro", "parameter", "class"];
    for token in whole["data"].as_array().unwrap().chunks(5) {
        let [down, right, length, of, _] = token.iter().map(|n| n.as_u64().unwrap() as usize).collect::<Vec<_>>()[..]
        else {
            panic!("{token:?}")
        };
        (line, character) = (line + down, if down > 0 { right } else { character + right });
        found.push((&lines[line][character..character + length], types[of]));
    }
    let wanted = [
        ("title", "property"),
        ("bibliography", "property"),
        ("abbreviations", "property"),
        ("NGO", "macro"),
        ("NGO", "macro"),
        ("nobody", "enumMember"),
        ("mills", "enumMember"),
        ("include", "keyword"),
        ("src", "property"),
    ];
    assert_eq!(found, wanted);
    let range = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 2, "character": 3 } });
    let part =
        editor.ask("textDocument/semanticTokens/range", json!({ "textDocument": { "uri": uri }, "range": range }));
    assert_eq!(part["data"], json!([1, 0, 5, 1, 0, 1, 0, 12, 1, 0]));
    editor.end();
}

#[test]
fn formatting_is_that_of_the_command() {
    let text = "#  A\n\n\n*  one\n*  two\n";
    let mut editor = Editor::new(&[("note.md", text)]);
    editor.open("note.md");
    let edits = editor.of("textDocument/formatting", "note.md");
    let [edit] = edits.as_array().unwrap().as_slice() else { panic!("{edits}") };
    let line_starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let byte = |end: &str| {
        let place = &edit["range"][end];
        line_starts[place["line"].as_u64().unwrap() as usize] + place["character"].as_u64().unwrap() as usize
    };
    let mut after = text.to_owned();
    after.replace_range(byte("start")..byte("end"), edit["newText"].as_str().unwrap());
    assert_eq!(after, format("note.md", text).unwrap().text);
    editor.end();
}

#[test]
fn nothing_the_editor_says_ends_the_server() {
    let mut editor = project();
    let uri = editor.uri("source/a.md");
    for (method, params) in [
        ("textDocument/hover", json!({})),
        ("textDocument/hover", json!({ "textDocument": { "uri": "file:///nowhere/x.md" }, "position": 7 })),
        ("textDocument/definition", json!({ "textDocument": { "uri": "untitled:1" } })),
        (
            "textDocument/completion",
            json!({ "textDocument": { "uri": uri }, "position": { "line": 9e9, "character": -1 } }),
        ),
        ("textDocument/rename", json!({ "textDocument": { "uri": uri } })),
        ("textDocument/formatting", json!([1, 2])),
        ("workspace/symbol", json!(null)),
    ] {
        editor.answer(method, params);
    }
    assert_eq!(editor.answer("chancery/unknown", json!({}))["error"]["code"], -32601);
    editor.change("source/a.md", json!([{ "range": { "start": 1 }, "text": "x" }, { "text": 5 }, 7]));
    editor.change("source/z.md", json!([{ "text": "not open" }]));
    editor.tell("textDocument/didOpen", json!({ "textDocument": { "uri": "file:///nowhere/x.md", "text": "# X" } }));
    editor.tell("textDocument/didClose", json!({ "textDocument": {} }));
    editor.tell("$/cancelRequest", json!({ "id": 99 }));
    assert_eq!(editor.codes("source/a.md"), [""; 0]);
    editor.end();
}

#[test]
fn what_is_typed_meanwhile_makes_requests_worthless() {
    let mut editor = project();
    let uri = editor.uri("source/a.md");
    let document = json!({ "uri": uri });
    let position = json!({ "line": 8, "character": 7 });
    let change = |text: &str| {
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": params })
    };
    // It takes so long to compile that the rest has come when that is done.
    let mut messages = vec![change(&format!("{A}\n{}", "Words, [@costs] and *more*.\n\n".repeat(1000)))];
    for (id, method) in [(101, "textDocument/hover"), (102, "textDocument/formatting"), (103, "textDocument/hover")] {
        let params = json!({ "textDocument": document, "position": position });
        messages.push(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
    }
    messages.push(change(&A.replace("Costs", "Prices")));
    messages.push(json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 103 } }));
    let framed = |message: &Value| format!("Content-Length: {}\r\n\r\n{message}", message.to_string().len());
    let written: String = messages.iter().map(framed).collect();
    editor.input.write_all(written.as_bytes()).unwrap();
    let mut answers = BTreeMap::new();
    while answers.len() < 3 {
        let message = editor.read();
        if let Some(id) = message["id"].as_u64() {
            answers.insert(id, message);
        }
    }
    assert_eq!(answers[&101]["result"]["contents"]["value"], "1 Prices");
    assert_eq!(answers[&102]["error"]["code"], -32801);
    assert_eq!(answers[&103]["error"]["code"], -32800);
    editor.end();
}

#[test]
fn problems_are_told_where_they_are_others_or_the_text_is() {
    let mut editor = project();
    editor.open("source/b.md");
    editor.codes("source/b.md");
    let (a, b) = (editor.uri("source/a.md"), editor.uri("source/b.md"));
    editor.change("source/a.md", json!([{ "text": A.replace("Costs", "Prices") }]));
    let mut told = Vec::new();
    editor.send(&json!({ "jsonrpc": "2.0", "id": 100, "method": "workspace/symbol", "params": { "query": "" } }));
    loop {
        let message = editor.read();
        if message["id"] == 100 {
            break;
        }
        told.push((message["params"]["uri"].clone(), message["params"]["version"].clone()));
    }
    // The other text has the problem that it had.
    assert_eq!(told, [(json!(a), json!(2))]);
    assert_eq!(editor.codes("source/b.md"), ["W0509"]);
    assert_eq!(editor.problems[&b].len(), 1);
    editor.end();
}

#[test]
fn an_editor_that_ends_without_waiting_is_no_fault() {
    let mut editor = project();
    let send = |editor: &mut Editor, message: Value| editor.send(&message);
    send(&mut editor, json!({ "jsonrpc": "2.0", "id": 100, "method": "shutdown" }));
    send(&mut editor, json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert!(editor.server.wait().unwrap().success());
    // One that ends without a word is one.
    let mut editor = project();
    editor.tell("exit", Value::Null);
    assert_eq!(editor.server.wait().unwrap().code(), Some(1));
}
