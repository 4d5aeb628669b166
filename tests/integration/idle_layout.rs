//! What is told when the writer rests: all that `chancery check` says, and nothing of an older
//! text.

use crate::lsp::Editor;
use crate::serve::Served;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// How often it is looked whether all was told, and how long there is in between.
const LOOKS: usize = 1200;
const BETWEEN: Duration = Duration::from_millis(50);

/// Documents of which the pages meet something, and some of which they do not.
const TEXTS: [(&str, &str); 5] = [
    ("source/letters.md", include_str!("../cases/layout/missing-script.md")),
    ("source/lines.md", include_str!("../cases/layout/overfull.md")),
    ("source/tables.md", include_str!("../cases/layout/too-wide-table.md")),
    (
        "source/long.md",
        "---\ntitle: Long\nlang: en\nlimits: {pages: 1}\n---\n\n:::include {src=\"part.md\"}\n\n# Next\n",
    ),
    ("source/drawing.md", "---\ntitle: Drawn\nlang: en\n---\n\n![Two signs](plan.svg)\n"),
];

/// A drawing with letters that no font has.
const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"20\">\
    <text x=\"2\" y=\"15\">A 丐 漢</text></svg>";

/// Words that a file says, and the bytes of which it says them.
type Told = BTreeMap<String, Vec<(String, String, usize, usize)>>;

/// What the command says.
fn checked(editor: &Editor) -> Told {
    let run = editor.sandbox.run(&["check", "--message-format", "json"]);
    let mut told = Told::new();
    for problem in run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let said = |name: &str| problem[name].as_str().map(str::to_owned);
        let message = said("message").into_iter().chain(said("hint")).collect::<Vec<_>>().join("\n");
        let byte = |end: &str| problem["place"][end]["byte"].as_u64().unwrap_or_default() as usize;
        let path = problem["place"]["path"].as_str().or(problem["document"].as_str()).unwrap().to_owned();
        told.entry(path).or_default().push((said("code").unwrap(), message, byte("start"), byte("end")));
    }
    told.values_mut().for_each(|list| list.sort());
    told
}

/// What the editor was told.
fn told(editor: &Editor) -> Told {
    let mut told = Told::new();
    for path in editor.sandbox.files("source").into_iter().map(|(path, _)| format!("source/{path}")) {
        let (text, uri) = (editor.sandbox.read(&path), editor.uri(&path));
        let place = |place: &Value| {
            let before: usize =
                text.split_inclusive('\n').take(place["line"].as_u64().unwrap() as usize).map(str::len).sum();
            before + place["character"].as_u64().unwrap() as usize
        };
        let said = |problem: &Value, name: &str| problem[name].as_str().unwrap().to_owned();
        let list = editor.problems.get(&uri).into_iter().flatten().map(|problem| {
            let range = &problem["range"];
            (said(problem, "code"), said(problem, "message"), place(&range["start"]), place(&range["end"]))
        });
        let mut list: Vec<_> = list.collect();
        list.sort();
        if !list.is_empty() {
            told.insert(path, list);
        }
    }
    told
}

/// Waits until the editor is told what the command says.
fn rest(editor: &mut Editor) -> Told {
    let wanted = checked(editor);
    for _ in 0..LOOKS {
        editor.at("textDocument/hover", "source/letters.md", 0, 0);
        if told(editor) == wanted {
            break;
        }
        std::thread::sleep(BETWEEN);
    }
    assert_eq!(told(editor), wanted);
    wanted
}

fn count(told: &Told, code: &str) -> usize {
    told.values().flatten().filter(|(said, ..)| said == code).count()
}

#[test]
fn an_editor_at_rest_is_told_what_the_command_says() {
    let part = format!("It is is 丐.\n\n{}", "Words of more than a page.\n\n".repeat(100));
    let others = [("chancery.toml", ""), ("source/part.md", part.as_str()), ("source/plan.svg", DRAWING)];
    let files: Vec<_> = others.into_iter().chain(TEXTS).collect();
    let mut editor = Editor::start(&files, &[], &json!({ "general": { "positionEncodings": ["utf-8"] } }));
    TEXTS.iter().for_each(|(path, _)| editor.open(path));
    let first = rest(&mut editor);
    assert!(["W0401", "W0402", "W0406"].iter().all(|code| count(&first, code) > 0), "{first:?}");
    assert_eq!(first["source/drawing.md"].iter().filter(|(code, ..)| code == "W0401").count(), 2, "{first:?}");
    // Of what has errors there are no pages.
    for (addition, of_pages) in [("\n\nSee [](#nowhere).\n", 0), ("\n\nMore 丐.\n", 4), ("", 4)] {
        let text = format!("{}{addition}", TEXTS[0].1);
        editor.sandbox.write("source/letters.md", &text);
        editor.change("source/letters.md", json!([{ "text": text }]));
        let told = rest(&mut editor);
        assert_eq!(told["source/letters.md"].iter().filter(|(code, ..)| code == "W0401").count(), of_pages);
    }
    editor.end();
}

#[test]
fn problems_of_an_older_text_are_never_told() {
    let text = |letter: &str| format!("---\ntitle: A\nlang: en\ndate: 2026-01-01\n---\n\n{letter} it is.\n");
    let letters = ["丐", "a", "ⵣ", "b", "漢", "c", "丐"];
    let files = [("chancery.toml", ""), ("source/letters.md", &text("d"))];
    let mut editor = Editor::start(&files, &[], &Value::Null);
    editor.open("source/letters.md");
    let uri = editor.uri("source/letters.md");
    let mut told: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for (version, letter) in (1..).zip(letters) {
        let document = json!({ "uri": uri, "version": version });
        editor.tell(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [{ "text": text(letter) }] }),
        );
        let is_odd = !letter.is_ascii();
        // Some are given the time to rest, some are not.
        while version % 3 == 0 || version == letters.len() as u64 {
            let message = editor.read();
            let params = &message["params"];
            let Some(of) = params["version"].as_u64() else { continue };
            let said = params["diagnostics"].as_array().unwrap().iter();
            told.entry(of).or_default().extend(said.map(|problem| problem["message"].as_str().unwrap().to_owned()));
            if of == version && (!is_odd || told[&of].iter().any(|words| words.contains(letter))) {
                break;
            }
        }
    }
    for (version, words) in told {
        let letter = letters[version as usize - 1];
        assert!(words.iter().all(|words| words.contains(letter)), "{letter}: {words:?}");
    }
    editor.end();
}

#[test]
fn the_desk_lists_what_the_pages_meet() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in
        [("chancery.toml", ""), ("source/a.md", "# A\n\nTwo 丐.\n"), ("source/b.md", "# B\n\nThree ⵣ.\n")]
    {
        std::fs::create_dir_all(folder.path().join("source")).unwrap();
        std::fs::write(folder.path().join(path), text).unwrap();
    }
    let served = Served::of(folder.path(), &[]);
    let codes = |document: &Value| {
        let problems = document["problems"].as_array().unwrap();
        problems.iter().filter(|problem| problem["code"] == "W0401").count()
    };
    // Nobody looks at the pages of the other.
    served.get("pages/0");
    let state = served.wait_for(|state| state["documents"].as_array().unwrap().iter().all(|of| codes(of) == 1));
    assert_eq!(state["documents"][1]["problems"].as_array().unwrap().iter().filter(|of| of["line"] == 3).count(), 1);
    std::fs::write(folder.path().join("source/a.md"), "# A\n\nTwo.\n").unwrap();
    served.wait_for(|state| codes(&state["documents"][0]) == 0 && codes(&state["documents"][1]) == 1);
}
