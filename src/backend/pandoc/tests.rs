//! What is written, on documents made by hand.

use super::emit;
use crate::ast::{BlockKind, InlineKind, List, ListItem, ListMarker};
use crate::backend::fixture::{block, document, inline, note, note_use, paragraph, section, text};
use crate::source::Span;
use serde_json::{Value, json};

fn blocks(document: &crate::resolve::Resolved) -> Value {
    let tree: Value = serde_json::from_str(&emit(document)).unwrap_or_default();
    tree["blocks"].clone()
}

#[test]
fn a_section_is_a_header_with_its_number() {
    let blocks = blocks(&document(vec![section("a", 1, Some("1"), "First part", vec![paragraph("Words.")])]));
    let number = json!({"t": "Span", "c": [["", ["number"], []], [{"t": "Str", "c": "1"}]]});
    let title = json!([number, {"t": "Space"}, {"t": "Str", "c": "First"}, {"t": "Space"}, {"t": "Str", "c": "part"}]);
    assert_eq!(
        blocks,
        json!([
            {"t": "Header", "c": [1, ["a", [], []], title]},
            {"t": "Para", "c": [{"t": "Str", "c": "Words."}]},
        ])
    );
}

#[test]
fn a_note_is_told_once() {
    let emphasised = inline(InlineKind::Emphasis(vec![text("See")]));
    let mut document = document(vec![block(BlockKind::Paragraph(vec![emphasised, note_use(0), note_use(0)].into()))]);
    document.notes = vec![note("1", vec![paragraph("Note")])];
    let note = json!({"t": "Note", "c": [{"t": "Para", "c": [{"t": "Str", "c": "Note"}]}]});
    let again = json!({"t": "Superscript", "c": [{"t": "Str", "c": "1"}]});
    let emphasised = json!({"t": "Emph", "c": [{"t": "Str", "c": "See"}]});
    assert_eq!(blocks(&document), json!([{"t": "Para", "c": [emphasised, note, again]}]));
}

#[test]
fn a_task_begins_with_its_box() {
    let item =
        ListItem { task: Some(false), blocks: vec![paragraph("Do")], span: Span::default(), attrs: Default::default() };
    let list = List { marker: ListMarker::Bullet, tight: true, items: vec![item] };
    let words = json!([{"t": "Str", "c": "☐"}, {"t": "Space"}, {"t": "Str", "c": "Do"}]);
    assert_eq!(
        blocks(&document(vec![block(BlockKind::List(list.into()))])),
        json!([{"t": "BulletList", "c": [[{"t": "Plain", "c": words}]]}])
    );
}
