//! The live page beside an editor: `chancery lsp` with a browser.

use crate::lsp::Editor;
use crate::serve::Served;
use crate::support::crate_path;
use serde_json::{Value, json};

const FILES: [(&str, &str); 3] = [
    ("chancery.toml", ""),
    ("source/a.md", "# A\n\n🙂 First *words*.\n\n:::include {src=_part.md}\n"),
    ("source/_part.md", "A part of it.\n"),
];

/// An editor that shows files when it is asked to, with its live page.
fn beside() -> (Editor, Served) {
    let mut editor = Editor::start(&FILES, &[], &json!({ "window": { "showDocument": { "support": true } } }));
    editor.open("source/a.md");
    let uri = editor.uri("source/a.md");
    let answer = execute(&mut editor, "chancery.pages", json!({ "uri": uri }));
    let served = Served::at(answer["address"].as_str().unwrap());
    served.wait_for(|state| state["documents"][0]["path"] == "source/a.md");
    (editor, served)
}

fn execute(editor: &mut Editor, command: &str, argument: Value) -> Value {
    editor.ask("workspace/executeCommand", json!({ "command": command, "arguments": [argument] }))
}

/// The next thing that the editor is asked to show.
fn shown(editor: &mut Editor) -> Value {
    loop {
        let message = editor.read();
        if message["method"] == "window/showDocument" {
            return message["params"].clone();
        }
    }
}

#[test]
fn what_is_typed_is_on_the_page_before_it_is_saved() {
    let (mut editor, served) = beside();
    assert!(served.get("html/0").text().contains("First"));
    editor.change("source/a.md", json!([{ "text": "# A\n\nTyped words.\n" }]));
    served.wait_for(|_| served.get("html/0").text().contains("Typed words."));
    assert!(editor.sandbox.read("source/a.md").contains("First"));
    // What another program saves is shown too, and what the editor leaves is as the disk has it.
    editor.sandbox.write("source/b.md", "# B\n\nSaved words.\n");
    served.wait_for(|state| state["documents"][1]["path"] == "source/b.md");
    let uri = editor.uri("source/a.md");
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    served.wait_for(|_| served.get("html/0").text().contains("First"));
    editor.end();
}

#[test]
fn a_place_of_the_text_is_shown_on_the_page_and_the_other_way() {
    let (mut editor, served) = beside();
    let mut window = served.window();
    window.next().unwrap();
    let uri = editor.uri("source/a.md");
    let position = json!({ "line": 2, "character": 1 });
    let place = execute(&mut editor, "chancery.reveal", json!({ "uri": uri, "position": position }));
    assert_eq!(place["page"], 0);
    let told: String = window.find(|line| line.contains("\"y\"")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&told["data: ".len()..]).unwrap()["y"], place["y"]);
    // A part is shown in the document that includes it.
    let part = editor.uri("source/_part.md");
    let of_part = execute(&mut editor, "chancery.reveal", json!({ "uri": part, "position": { "line": 0 } }));
    assert!(of_part["y"].as_f64() > place["y"].as_f64(), "{of_part}");
    // A click on the last word of the line leads to the editor.
    let page = served.get("pages/0").json()[0]["name"].as_str().unwrap().to_owned();
    let items = served.get(&format!("page/0/{page}")).json();
    let line = place["y"].as_f64().unwrap();
    let on_line = |item: &&Value| item[0] == "t" && (item[2].as_f64().unwrap() - line).abs() < 1.0;
    let last = items.as_array().unwrap().iter().rfind(on_line).unwrap();
    let x = last[1].as_f64().unwrap() + 1.0;
    let click = json!({ "document": 0, "page": 0, "x": x, "y": line - 2.0 });
    assert_eq!(served.post("click", &click.to_string()).status, 200);
    let shown = shown(&mut editor);
    assert_eq!(shown["uri"], uri);
    assert_eq!(shown["selection"]["start"]["line"], 2);
    assert!(shown["selection"]["start"]["character"].as_u64() > Some(8), "{shown}");
    editor.end();
}

#[test]
fn the_page_can_be_shown_from_the_beginning() {
    let mut editor = Editor::start(&FILES, &["--serve"], &json!({ "window": { "showDocument": { "support": true } } }));
    editor.open("source/a.md");
    let page = shown(&mut editor);
    assert_eq!(page["external"], true);
    let served = Served::at(page["uri"].as_str().unwrap());
    served.wait_for(|state| state["documents"][0]["path"] == "source/a.md");
    // A panel of an editor may hold it, and no page of the web.
    for path in ["", "html/0"] {
        let headers = served.get(path).headers;
        let frames = headers.split("frame-ancestors ").nth(1).unwrap().lines().next().unwrap();
        assert!(frames.ends_with("vscode-webview: vscode-file:") && !frames.contains("http"), "{frames}");
    }
    editor.end();
    // Who cannot show it is told where it is.
    let mut editor = Editor::start(&FILES, &["--serve"], &json!({}));
    editor.open("source/a.md");
    let message = std::iter::repeat_with(|| editor.read()).find(|message| message["method"] == "window/showMessage");
    assert!(message.unwrap()["params"]["message"].as_str().unwrap().contains("http://127.0.0.1:"));
    editor.end();
}

#[test]
fn a_command_that_cannot_be_carried_out_is_refused() {
    let mut editor = Editor::start(&FILES, &[], &json!({}));
    let params = json!({ "command": "chancery.pages", "arguments": [] });
    let refused = editor.answer("workspace/executeCommand", params);
    assert_eq!(refused["error"]["message"], "no file is open");
    editor.open("source/a.md");
    let refused = editor.answer("workspace/executeCommand", json!({ "command": "chancery.fly" }));
    assert_eq!(refused["error"]["message"], "there is no such command");
    editor.end();
}

#[test]
fn the_grammar_of_an_editor_knows_the_keys() {
    let path = crate_path("editors/vscode/syntaxes/front-matter.json");
    let grammar: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let keys: Vec<&str> = chancery::parse::keys::KEYS.iter().map(|key| key.name).collect();
    assert_eq!(grammar["patterns"][0]["match"], format!("^(?:{})(?=\\s*:)", keys.join("|")));
}
