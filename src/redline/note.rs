//! The notes of both versions.

use super::mark::{self, OLD};
use super::merge::Merger;
use super::number::{Part, each};
use super::{rebuild, text};
use crate::ast::InlineKind;
use crate::language::fill;
use crate::resolve::{ChangeKind, Note, RBlock, RInline, Resolved};

/// Adds the notes of the new version, compared with those called from the same places, then
/// those that are gone.
pub fn add(merger: &mut Merger, document: &mut Resolved) {
    let (old, new) = (merger.old, merger.new);
    for (was, is) in uncalled(old).zip(uncalled(new)) {
        merger.adopter.pair_notes(was, is);
    }
    let mut notes = Vec::new();
    for (at, note) in new.notes.iter().enumerate() {
        merger.adopter.compared_notes = at + 1;
        // Which note it was may be known since the one was compared that calls it.
        let was = merger.adopter.partners.get(&at).and_then(|was| old.notes.get(*was));
        let blocks = match was {
            Some(was) => merger.blocks(&was.blocks, &note.blocks),
            None => merger.adopter.item_blocks(&note.blocks, ChangeKind::Inserted),
        };
        notes.push(Note { blocks, ..note.clone() });
    }
    // Also those that nothing called.
    for at in 0..old.notes.len() {
        if merger.adopter.note_in_both(at).is_none() {
            merger.adopter.note(at);
        }
    }
    // A note that is gone may call others.
    let mut places = Vec::new();
    while let Some(gone) = merger.adopter.gone_notes.get(places.len()).copied() {
        // A call was gone before another was found to be in both versions.
        if let Some(now) = merger.adopter.note_in_both(gone) {
            places.push(now);
            continue;
        }
        let Some(gone) = old.notes.get(gone) else { break };
        places.push(notes.len());
        notes.push(gone_note(merger, gone, notes.len()));
    }
    document.notes = notes;
    let first = new.notes.len();
    if places.iter().enumerate().any(|(at, place)| first + at != *place) {
        let place = |note: &mut usize| {
            let moved = note.checked_sub(first).and_then(|at| places.get(at));
            *note = moved.copied().unwrap_or(*note);
        };
        each_call(document, &place);
    }
}

/// The notes that nothing calls.
fn uncalled(document: &Resolved) -> impl Iterator<Item = usize> {
    document.notes.iter().enumerate().filter(|(_, note)| note.references.is_empty()).map(|(at, _)| at)
}

/// A note of the old version only, placed after `others` other notes.
fn gone_note(merger: &mut Merger, gone: &Note, others: usize) -> Note {
    let name = |id: &String| format!("{OLD}{id}");
    let mut blocks = merger.adopter.item_blocks(&gone.blocks, ChangeKind::Deleted);
    let mut number = gone.number.clone();
    if !merger.is_tracked() {
        // Its number continues the others, so that no two notes have the same number.
        let former = fill(merger.labels.formerly, &[&gone.number]);
        let former = rebuild::change(ChangeKind::Former, vec![text(&format!("({former})"))]);
        blocks.insert(0, mark::paragraph(vec![former], merger.adopter.span(gone.span)));
        number = (others + 1).to_string();
    }
    Note {
        number,
        id: name(&gone.id),
        blocks,
        references: gone.references.iter().map(name).collect(),
        span: merger.adopter.span(gone.span),
    }
}

/// Calls `change` with every note that is called.
fn each_call(document: &mut Resolved, change: &dyn Fn(&mut usize)) {
    in_text(&mut document.title, change);
    for line in document.control.iter_mut().flat_map(|row| &mut row.value) {
        in_text(line, change);
    }
    in_blocks(&mut document.summary, change);
    in_blocks(&mut document.blocks, change);
    document.notes.iter_mut().for_each(|note| in_blocks(&mut note.blocks, change));
}

fn in_blocks(blocks: &mut [RBlock], change: &dyn Fn(&mut usize)) {
    each(blocks, &mut |part| match part {
        Part::Text(text) => in_text(text, change),
        Part::Changed { block, .. } => in_blocks(std::slice::from_mut(block), change),
        Part::Edge => {}
    });
}

fn in_text(text: &mut [RInline], change: &dyn Fn(&mut usize)) {
    for inline in text {
        if let InlineKind::Note(used) = &mut inline.kind {
            change(&mut used.note);
        }
        if let Some(children) = inline.kind.children_mut() {
            in_text(children, change);
        }
    }
}
