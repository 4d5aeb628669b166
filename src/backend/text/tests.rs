//! What holds for every text edition.

use super::{emit, emit_brief};
use crate::ast::{BlockKind, InlineKind};
use crate::backend::fixture::{block, document, inline, note, note_use, paragraph, section, text};

#[test]
fn a_document_without_words_ends_with_one_line_ending() {
    assert_eq!(emit(&document(vec![])), "A note\n======\n");
    assert_eq!(emit_brief(&document(vec![])), "A note\n======\n");
}

#[test]
fn deep_nesting_stops_at_the_margin() {
    const DEPTH: usize = 90;
    let mut inner = paragraph("words that are nested");
    for _ in 0..DEPTH {
        inner = block(BlockKind::Quote { blocks: vec![inner], attribution: None });
    }
    let edition = emit(&document(vec![inner]));
    assert!(edition.lines().all(|line| line.chars().count() <= super::fill::COLUMNS), "{edition}");
}

#[test]
fn what_cannot_be_shown_is_left_out() {
    let words = paragraph("soft\u{ad}hyphen, \u{202e}turned\u{202c}, bell\u{7}, tab\there");
    assert!(emit(&document(vec![words])).contains("softhyphen, turned, bell, tab here"));
}

#[test]
fn the_brief_gives_the_notes_it_refers_to_and_no_others() {
    let referring = block(BlockKind::Paragraph(vec![text("See"), note_use(1)].into()));
    let mut document = document(vec![referring.clone(), section("a", 1, None, "Then", vec![])]);
    document.notes = vec![note("1", vec![paragraph("First")]), note("2", vec![paragraph("Second")])];
    document.brief.first_paragraph = Some(referring);
    assert_eq!(emit_brief(&document), "A note\n======\n\nSee[2]\n\n\nNotes\n=====\n\n[2] Second\n");
}

#[test]
fn emphasis_is_not_marked_in_headings() {
    let mut heading = section("a", 1, None, "", vec![]);
    if let BlockKind::Stage(crate::resolve::ResolvedBlock::Section(section)) = &mut heading.kind {
        section.title = vec![inline(InlineKind::Strong(vec![text("Loud")]))].into();
    }
    assert_eq!(emit(&document(vec![heading])), "A note\n======\n\nLoud\n====\n");
}
