//! Finds blocks of one version only: those with all words in one change.

use super::resolved::{Change, ChangeKind, RBlock, RInline, ResolvedBlock, Side};
use crate::ast::BlockKind;
use crate::ast::InlineKind;

/// The change that all words of something are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    /// Kind of the change: a move if some of them were moved.
    pub kind: ChangeKind,
    /// The move that they are one end of.
    pub pair: Option<u32>,
    /// Whether they are ends of several moves, so that each part is to be looked at.
    pub has_several: bool,
}

/// The change that contains all words of blocks. `None` if some words are unchanged, or there are
/// none.
pub fn change_of<'a>(blocks: impl IntoIterator<Item = &'a RBlock>) -> Option<Whole> {
    let mut found = Found::default();
    blocks.into_iter().for_each(|block| found.block(block));
    found.change()
}

/// The change that contains all words of inlines. `None` if some words are unchanged, or there are
/// none.
pub fn change_of_inlines(inlines: &[RInline]) -> Option<Whole> {
    let mut found = Found::default();
    found.inlines(inlines);
    found.change()
}

/// The inlines of one version.
pub fn said_by(inlines: &[RInline], side: Side) -> Vec<RInline> {
    let mut said = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match &inline.kind {
            InlineKind::Change { change, content } => {
                if change.kind.side() == Some(side) {
                    said.extend(said_by(content, side));
                }
            }
            kind => {
                let mut inline = inline.clone();
                if let Some(children) = inline.kind.children_mut() {
                    *children = said_by(kind.children(), side);
                }
                said.push(inline);
            }
        }
    }
    said
}

#[derive(Default)]
struct Found {
    whole: Option<Whole>,
    /// Whether both versions say something, or each something else.
    is_mixed: bool,
}

impl Found {
    fn change(self) -> Option<Whole> {
        self.whole.filter(|_| !self.is_mixed)
    }

    fn meet(&mut self, change: &Change) {
        let Some(side) = change.kind.side() else {
            // Former numbers are in neither version.
            self.is_mixed |= change.kind != ChangeKind::Former;
            return;
        };
        let met = Whole { kind: change.kind, pair: change.pair, has_several: false };
        match &mut self.whole {
            None => self.whole = Some(met),
            Some(known) if known.kind.side() != Some(side) => self.is_mixed = true,
            Some(known) => {
                if known.pair.is_none() && met.pair.is_some() {
                    (known.kind, known.pair) = (met.kind, met.pair);
                }
            }
        }
    }

    fn inlines(&mut self, inlines: &[RInline]) {
        for inline in inlines {
            if self.is_mixed {
                return;
            }
            match &inline.kind {
                InlineKind::Change { change, .. } => self.meet(change),
                InlineKind::Text(words) => self.is_mixed |= !words.trim().is_empty(),
                InlineKind::SoftBreak | InlineKind::LineBreak => {}
                InlineKind::Span(content) => self.inlines(content),
                kind if kind.children().is_empty() => self.is_mixed = true,
                kind => self.inlines(kind.children()),
            }
        }
    }

    fn blocks(&mut self, blocks: &[RBlock]) {
        for block in blocks {
            if self.is_mixed {
                return;
            }
            self.block(block);
        }
    }

    fn block(&mut self, block: &RBlock) {
        match &block.kind {
            BlockKind::Paragraph(content) => self.apart(content),
            BlockKind::List(list) => list.items.iter().for_each(|item| self.blocks(&item.blocks)),
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    definition.terms.iter().for_each(|term| self.apart(term));
                    definition.details.iter().for_each(|details| self.blocks(details));
                }
            }
            BlockKind::Quote { blocks, attribution } => {
                self.blocks(blocks);
                self.maybe(attribution.as_deref());
            }
            BlockKind::Code { .. } | BlockKind::Equation(_) => self.is_mixed = true,
            BlockKind::Admonition { title, blocks, .. } => {
                self.maybe(title.as_deref());
                self.blocks(blocks);
            }
            BlockKind::Panel(panel) => {
                self.maybe(panel.title.as_deref());
                self.blocks(&panel.blocks);
            }
            BlockKind::Figure(figure) => {
                self.blocks(&figure.blocks);
                self.maybe(figure.caption.as_deref());
            }
            BlockKind::Table(table) => {
                self.maybe(table.caption.as_deref());
                let cells = table.head.iter().chain(&table.body).flat_map(|row| &row.cells);
                cells.for_each(|cell| self.blocks(&cell.blocks));
            }
            BlockKind::Group(blocks) => self.blocks(blocks),
            BlockKind::Rule | BlockKind::PageBreak => {}
            BlockKind::Stage(ResolvedBlock::Section(section)) => {
                // A heading without words, and without a mark in their place, is in both versions.
                self.is_mixed |= section.title.is_empty();
                self.apart(&section.title);
                self.blocks(&section.blocks);
            }
            BlockKind::Stage(ResolvedBlock::NumberedParagraph { content, .. }) => self.apart(content),
            BlockKind::Stage(ResolvedBlock::ForFormats { blocks, .. }) => self.blocks(blocks),
            BlockKind::Stage(ResolvedBlock::Changed { change, .. }) => {
                let mut part = Found::default();
                part.meet(change);
                self.join(part);
            }
            // A list made from the document that goes with a version is marked as a whole.
            BlockKind::Stage(ResolvedBlock::Listing(listing)) => self.is_mixed |= !listing.entries.is_empty(),
        }
    }

    fn maybe(&mut self, inlines: Option<&[RInline]>) {
        self.apart(inlines.unwrap_or_default());
    }

    /// A text that may be moved by itself: some of its own words may be no part of that.
    fn apart(&mut self, inlines: &[RInline]) {
        let mut part = Found::default();
        part.inlines(inlines);
        self.join(part);
    }

    fn join(&mut self, part: Found) {
        self.is_mixed |= part.is_mixed;
        let Some(met) = part.whole else { return };
        match &mut self.whole {
            None => self.whole = Some(met),
            Some(known) => {
                self.is_mixed |= known.kind.side() != met.kind.side();
                known.has_several |= known.pair != met.pair;
            }
        }
    }
}
