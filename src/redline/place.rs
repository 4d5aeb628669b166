//! Places without words, to which links lead. What is compared is words, so that they may be
//! missed.

use super::number::{Part, each};
use crate::ast::{InlineKind, Visit, walk_blocks, walk_inlines};
use crate::resolve::{RInline, Resolved, ResolvedBlock, ResolvedStage};
use crate::source::{FileId, Span};
use std::collections::BTreeSet;

/// Puts the places of the new version that are missing before the words that follow them.
pub fn keep(document: &mut Resolved, new: &Resolved) {
    let mut wanted = Search::default();
    walk_blocks(&new.blocks, &mut wanted);
    if wanted.places.is_empty() {
        return;
    }
    let mut known = Search::default();
    walk_inlines(&document.title, &mut known);
    walk_blocks(&document.blocks, &mut known);
    document.notes.iter().for_each(|note| walk_blocks(&note.blocks, &mut known));
    for (id, span) in wanted.places.into_iter().filter(|(id, _)| !known.ids.contains(id)) {
        let mut place = RInline::new(InlineKind::Span(Vec::new()), span);
        place.attrs.edit().id = Some(id);
        let mut place = Some(place);
        each(&mut document.blocks, &mut |part| {
            let Part::Text(text) = part else { return };
            if start(text, span.file).is_some_and(|start| start >= span.start) {
                text.splice(0..0, place.take());
            }
        });
        // Nothing follows.
        each(&mut document.blocks, &mut |part| {
            if let Part::Text(text) = part {
                text.extend(place.take());
            }
        });
    }
}

/// The byte of a file at which the first words begin that are of it.
fn start(text: &[RInline], file: FileId) -> Option<u32> {
    text.iter().find_map(|inline| match &inline.kind {
        InlineKind::Change { content, .. } => start(content, file),
        _ => (inline.span.file == file).then_some(inline.span.start),
    })
}

#[derive(Default)]
struct Search {
    /// The ids of inlines.
    ids: BTreeSet<String>,
    /// Ids of inlines without words, and their spans.
    places: Vec<(String, Span)>,
}

impl Visit<ResolvedStage> for Search {
    fn inline(&mut self, inline: &RInline) {
        let Some(id) = inline.attrs.id() else { return };
        self.ids.insert(id.to_owned());
        if matches!(&inline.kind, InlineKind::Span(content) if content.is_empty()) {
            self.places.push((id.to_owned(), inline.span));
        }
    }

    fn stage_block(&mut self, block: &ResolvedBlock) {
        match block {
            ResolvedBlock::Section(section) => {
                walk_inlines(&section.title, self);
                walk_blocks(&section.blocks, self);
            }
            ResolvedBlock::ForFormats { blocks, .. } => walk_blocks(blocks, self),
            ResolvedBlock::Changed { block, .. } => walk_blocks(std::slice::from_ref(block), self),
            ResolvedBlock::NumberedParagraph { content, .. } => walk_inlines(content, self),
            ResolvedBlock::Listing(_) => {}
        }
    }
}
