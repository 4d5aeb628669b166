//! What documents know of one another: it is what each of them says itself.

use super::{Outcome, resolve_in};
use crate::ast::{BlockKind, InlineKind, plain_text};
use crate::project::Project;

/// The links of a document's first paragraph as words.
fn links(outcome: &Outcome) -> Vec<String> {
    let BlockKind::Paragraph(content) = &outcome.document.blocks[0].kind else { return Vec::new() };
    let link = |kind: &InlineKind<_>| matches!(kind, InlineKind::Link { .. });
    let links = content.iter().filter(|inline| link(&inline.kind));
    links.map(|inline| plain_text(std::slice::from_ref(inline))).collect()
}

/// Files that the documents below are made of.
const PARTS: [(&str, &str); 2] = [
    ("heading.txt", "# From a file {#from-file}\n\nWords[^in-file].\n\n[^in-file]: A [place]{#in-note-of-file}.\n"),
    ("included.md", ":::include {src=heading.txt}\n:::\n"),
];

#[test]
fn a_title_is_the_same_elsewhere() {
    let titles = [
        ("# Plain *words*\n", "Plain words"),
        ("---\ntitle: Given {{version}}\nversion: 2\n---\n\nText.\n", "Given 2"),
        ("---\nversion: 2\n---\n# Heading {{version}}\n", "Heading 2"),
        (
            "---\nx-body: The body\n---\n:::only {audience=press}\n# {{x-body}}, for the press\n:::\n",
            "The body, for the press",
        ),
        (":::only {audience=others}\n# For others\n:::\n\n# For all\n", "For all"),
        (":::include {src=heading.txt}\n:::\n", "From a file"),
        (":::only {audience=press}\n:::include {src=heading.txt}\n:::\n:::\n", "From a file"),
        ("# What [](included.md) says\n", "What From a file says"),
        ("---\nabbreviations:\n  WHO: World Health Organization\n---\n# WHO \"rules\"\n", "WHO “rules”"),
        ("Text alone.\n", "Other"),
    ];
    for (text, title) in titles {
        let files = |first: (&'static str, &'static str), second| [&[first, second][..], &PARTS].concat();
        let (note, other) = (("note.md", "[](other.md)\n"), ("other.md", text));
        let itself = resolve_in(&Project::default(), &["press"], &files(other, note));
        assert_eq!(itself.document.title_text.replace('\u{a0}', " "), title, "{text}");
        let outcome = resolve_in(&Project::default(), &["press"], &files(note, other));
        assert_eq!(links(&outcome), [itself.document.title_text], "{text}");
    }
}

#[test]
fn titles_that_name_titles_say_the_same_elsewhere() {
    // Each names the next; the last one names nobody, itself or one before it.
    let lasts = ["# Five", "# Five [](five.md)", "# Five [](one.md)", "# Five [](four.md) [](two.md)"];
    for last in lasts {
        let titles = [
            ("one.md", "# One [](two.md)"),
            ("two.md", "# Two [](three.md)"),
            ("three.md", "# Three [](four.md)"),
            ("four.md", "---\nabstract: See [](one.md)\n---\n# Four [](five.md)"),
            ("five.md", last),
        ];
        for (at, (path, _)) in titles.into_iter().enumerate() {
            let mut files = titles.to_vec();
            files.swap(0, at);
            let itself = resolve_in(&Project::default(), &[], &files).document.title_text;
            let note = format!("[]({path})\n");
            let files = [&[("note.md", note.as_str())][..], &titles].concat();
            assert_eq!(links(&resolve_in(&Project::default(), &[], &files)), [itself.as_str()], "{path}: {last}");
            assert!(!itself.contains(".md"), "{itself}");
        }
    }
    let files = [("one.md", "# One [](two.md)"), ("two.md", "# Two [](three.md)"), ("three.md", "# Three")];
    assert_eq!(resolve_in(&Project::default(), &[], &files).document.title_text, "One Two Three");
}

#[test]
fn every_id_of_a_document_can_be_led_to() {
    let text = "# Title\n\n## A heading\n\n## Named {#named}\n\n- [item]{#in-item}\n\n  ## Run-in\n\n\
        Text[^a] and^[A [place]{#in-place}].\n\n[^a]: In [a note]{#in-note}.\n\n\
        :::only {audience=press}\n## For the press\n:::\n\n:::include {src=heading.txt}\n:::\n";
    let ids = [
        "a-heading",
        "named",
        "in-item",
        "run-in",
        "in-place",
        "in-note",
        "for-the-press",
        "from-file",
        "in-note-of-file",
    ];
    let note: String = ids.iter().map(|id| format!("[{id}](other.md#{id}) ")).collect();
    let files = [&[("note.md", note.as_str()), ("other.md", text)][..], &PARTS].concat();
    let outcome = resolve_in(&Project::default(), &["press"], &files);
    assert_eq!(outcome.places(), Vec::<String>::new(), "{:?}", outcome.diagnostics);
    assert_eq!(links(&outcome), ids);
}

#[test]
fn nobody_is_told_of_what_a_profile_drops() {
    let text = ":::only {audience=press}\n## Canary {#canary}\n:::\n\nText.\n";
    let files = [("note.md", "[a](other.md#canary) [b](other.md#canry)\n"), ("other.md", text)];
    let outcome = resolve_in(&Project::default(), &[], &files);
    assert_eq!(outcome.places(), ["E0304 1:1", "E0304 1:22"]);
    let hints: Vec<&str> = outcome.diagnostics.iter().filter_map(|problem| problem.hint.as_deref()).collect();
    assert!(!hints.iter().any(|hint| hint.contains("did you mean")), "{hints:?}");
}

#[test]
fn notes_of_files_that_include_one_another_stay_apart() {
    let files = [
        ("note.md", ":::include {src=outer.txt}\n:::\n"),
        ("outer.txt", "Outer[^x].\n\n:::include {src=inner.txt}\n:::\n\n[^x]: Of the outer file.\n"),
        ("inner.txt", "Inner[^x].\n\n[^x]: Of the inner file.\n"),
    ];
    let outcome = resolve_in(&Project::default(), &[], &files);
    assert_eq!(outcome.places(), Vec::<String>::new());
    let words = outcome.document.notes.iter().map(|note| match &note.blocks[0].kind {
        BlockKind::Paragraph(content) => plain_text(content),
        _ => String::new(),
    });
    assert_eq!(words.collect::<Vec<_>>(), ["Of the outer file.", "Of the inner file."]);
}
