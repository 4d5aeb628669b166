//! The first pass. It removes content for other readers and all diagnostics about it, before any
//! other pass reads the document.

use super::walk;
use crate::ast::{
    Block, BlockKind, Condition, Document, Expanded, ExpandedBlock, Inline, InlineKind, PanelRole, Parsed, ParsedBlock,
    Visit, walk_blocks,
};
use crate::diagnostic::{Code, Diagnosed, Diagnostic, Diagnostics};
use crate::source::{Sources, Span};
use std::collections::BTreeSet;

/// Removes `:::only {audience=…}` content without an active profile: blocks,
/// the notes and abbreviations defined in it, diagnostics about it, and its
/// text in the source store, so that no message can quote it.
pub fn apply(parsed: &mut Diagnosed<Document>, profiles: &[String], sources: &mut Sources) {
    let Diagnosed { value: document, diagnostics } = parsed;
    let mut dropped = Vec::new();
    filter(&mut document.blocks, profiles, &mut dropped);
    let for_us = |only: &[Condition]| only.iter().all(|condition| is_for(condition, profiles));
    document.notes.retain(|note| for_us(&note.only));
    for note in &mut document.notes {
        filter(&mut note.blocks, profiles, &mut dropped);
    }
    document.abbreviations.retain(|definition| for_us(&definition.only));
    if dropped.is_empty() {
        return;
    }
    diagnostics.retain(|diagnostic| {
        // Where content for some readers begins is no secret, and its end may be in doubt.
        let opens = |span: Span| dropped.iter().any(|place| (place.file, place.start) == (span.file, span.start));
        if diagnostic.code == Code::NotForAll && diagnostic.span.is_some_and(opens) {
            return true;
        }
        let mut spans = diagnostic.span.into_iter().chain(diagnostic.secondary.iter().map(|(span, _)| *span));
        !spans.any(|span| inside_any(span, &dropped))
    });
    for span in dropped {
        sources.redact(span);
    }
}

fn filter(blocks: &mut Vec<Block<Parsed>>, profiles: &[String], dropped: &mut Vec<Span>) {
    blocks.retain(|block| match &block.kind {
        BlockKind::Stage(ParsedBlock::Only { condition, .. }) if !is_for(condition, profiles) => {
            dropped.push(block.span);
            false
        }
        _ => true,
    });
    for block in blocks {
        walk::child_lists(block, &mut |blocks| filter(blocks, profiles, dropped));
    }
}

/// The audiences for which something in a document is meant.
pub fn audiences(document: &Document) -> BTreeSet<String> {
    struct Finder(BTreeSet<String>);
    impl Visit<Parsed> for Finder {
        fn stage_block(&mut self, block: &ParsedBlock) {
            match block {
                ParsedBlock::Only { condition, blocks } => {
                    self.0.extend(condition.audience.iter().cloned());
                    walk_blocks(blocks, self);
                }
                ParsedBlock::Annex(annex) => walk_blocks(&annex.blocks, self),
                ParsedBlock::Include { .. }
                | ParsedBlock::Heading(_)
                | ParsedBlock::DataTable(_)
                | ParsedBlock::Chart(_)
                | ParsedBlock::Listing(_) => {}
            }
        }
    }
    let mut finder = Finder(BTreeSet::new());
    walk_blocks(&document.blocks, &mut finder);
    for note in &document.notes {
        walk_blocks(&note.blocks, &mut finder);
    }
    let conditions = document.notes.iter().flat_map(|note| &note.only);
    let conditions = conditions.chain(document.abbreviations.iter().flat_map(|definition| &definition.only));
    finder.0.extend(conditions.flat_map(|condition| condition.audience.iter().cloned()));
    finder.0
}

/// Whether one of the audiences of a condition is among the active profiles.
fn is_for(condition: &Condition, profiles: &[String]) -> bool {
    condition.audience.is_empty() || condition.audience.iter().any(|name| profiles.contains(name))
}

fn inside_any(span: Span, places: &[Span]) -> bool {
    places.iter().any(|place| place.file == span.file && place.start <= span.start && span.end <= place.end)
}

/// Reports what counts in content for some formats only: the other editions
/// would differ in their ids, numbers and notes.
pub fn check_formats(blocks: &mut [Block<Expanded>], diagnostics: &mut Diagnostics) {
    for block in blocks {
        if let BlockKind::Stage(ExpandedBlock::ForFormats { blocks, .. }) = &mut block.kind {
            walk::attributes(blocks, &mut |attrs, span| {
                if attrs.id().is_some() {
                    let place = attrs.list().and_then(|list| list.span).unwrap_or(span);
                    diagnostics.push(counts("an id", place));
                }
            });
            check_counting(blocks, diagnostics);
        } else {
            walk::child_lists(block, &mut |blocks| check_formats(blocks, diagnostics));
        }
    }
}

fn check_counting(blocks: &mut [Block<Expanded>], diagnostics: &mut Diagnostics) {
    for block in blocks {
        let what = match &block.kind {
            BlockKind::Stage(ExpandedBlock::Heading(_)) => Some("a heading"),
            BlockKind::Stage(ExpandedBlock::Annex(_)) => Some("an annex"),
            BlockKind::Stage(ExpandedBlock::Chart { chart, .. }) => chart.caption.as_ref().map(|_| "a numbered figure"),
            BlockKind::Figure(figure) => figure.caption.as_ref().map(|_| "a numbered figure"),
            BlockKind::Table(table) => table.caption.as_ref().map(|_| "a numbered table"),
            BlockKind::Panel(panel) if panel.role == PanelRole::Box => panel.title.as_ref().map(|_| "a numbered box"),
            _ => None,
        };
        if let Some(what) = what {
            diagnostics.push(counts(what, block.span));
        }
        walk::runs(block, &mut |run| check_notes(run.inlines(), diagnostics));
        walk::child_lists(block, &mut |blocks| check_counting(blocks, diagnostics));
    }
}

fn check_notes(content: &[Inline<Parsed>], diagnostics: &mut Diagnostics) {
    for inline in content {
        match &inline.kind {
            InlineKind::Note(_) => diagnostics.push(counts("a footnote", inline.span)),
            kind => check_notes(kind.children(), diagnostics),
        }
    }
}

fn counts(what: &str, span: Span) -> Diagnostic {
    let message = format!("content for some formats only holds {what}");
    Diagnostic::new(Code::ProfileContent, span, message).hint("move it out of `:::only`")
}
