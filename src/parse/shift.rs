//! Parsed blocks at another place of their file: every span is moved.

use super::Body;
use crate::ast::{
    Attrs, Block, BlockKind, Chart, Condition, DataTable, Inline, InlineKind, Parsed, ParsedBlock, ParsedInline, Row,
};
use crate::source::Span;

/// How far the text moved, in bytes; less than 0 towards the file's beginning.
#[derive(Debug, Clone, Copy)]
pub struct Shift(pub i64);

impl Shift {
    /// Moves all that a part of a text became but problems and hidden places.
    pub fn body(self, body: &mut Body) {
        self.blocks(&mut body.blocks);
        for note in &mut body.notes {
            self.blocks(&mut note.blocks);
            note.only.iter_mut().for_each(|condition| self.condition(condition));
            self.span(&mut note.span);
        }
        for abbreviation in &mut body.abbreviations {
            abbreviation.only.iter_mut().for_each(|condition| self.condition(condition));
            self.span(&mut abbreviation.span);
        }
    }

    fn span(self, span: &mut Span) {
        let moved = |place: u32| u32::try_from(i64::from(place) + self.0).unwrap_or_default();
        (span.start, span.end) = (moved(span.start), moved(span.end));
    }

    fn attrs(self, attrs: &mut Attrs) {
        if !attrs.is_empty() {
            attrs.edit().span.iter_mut().for_each(|span| self.span(span));
        }
    }

    fn condition(self, condition: &mut Condition) {
        self.span(&mut condition.span);
    }

    fn blocks(self, blocks: &mut [Block<Parsed>]) {
        blocks.iter_mut().for_each(|block| self.block(block));
    }

    fn block(self, block: &mut Block<Parsed>) {
        self.span(&mut block.span);
        self.attrs(&mut block.attrs);
        match &mut block.kind {
            BlockKind::Paragraph(content) => self.inlines(content),
            BlockKind::List(list) => {
                for item in &mut list.items {
                    self.span(&mut item.span);
                    self.attrs(&mut item.attrs);
                    self.blocks(&mut item.blocks);
                }
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    self.span(&mut definition.span);
                    definition.terms.iter_mut().for_each(|term| self.inlines(term));
                    definition.details.iter_mut().for_each(|blocks| self.blocks(blocks));
                }
            }
            BlockKind::Quote { blocks, attribution } => {
                self.blocks(blocks);
                self.optional(attribution);
            }
            BlockKind::Admonition { kind: _, title, blocks } => {
                self.optional(title);
                self.blocks(blocks);
            }
            BlockKind::Panel(panel) => {
                self.optional(&mut panel.title);
                self.blocks(&mut panel.blocks);
            }
            BlockKind::Figure(figure) => {
                self.optional(&mut figure.caption);
                self.blocks(&mut figure.blocks);
            }
            BlockKind::Table(table) => {
                self.optional(&mut table.caption);
                table.head.iter_mut().chain(&mut table.body).for_each(|row| self.row(row));
            }
            BlockKind::Group(blocks) => self.blocks(blocks),
            BlockKind::Stage(block) => self.parsed_block(block),
            BlockKind::Code { .. } | BlockKind::Equation(_) | BlockKind::Rule | BlockKind::PageBreak => {}
        }
    }

    fn row(self, row: &mut Row<Parsed>) {
        self.span(&mut row.span);
        for cell in &mut row.cells {
            self.span(&mut cell.span);
            self.attrs(&mut cell.attrs);
            self.blocks(&mut cell.blocks);
        }
    }

    fn parsed_block(self, block: &mut ParsedBlock) {
        match block {
            ParsedBlock::Heading(heading) => self.inlines(&mut heading.content),
            ParsedBlock::Annex(annex) => {
                self.optional(&mut annex.title);
                self.blocks(&mut annex.blocks);
            }
            ParsedBlock::Include { src: _, src_span } => self.span(src_span),
            ParsedBlock::Only { condition, blocks } => {
                self.condition(condition);
                self.blocks(blocks);
            }
            ParsedBlock::DataTable(DataTable { src_span, caption, .. })
            | ParsedBlock::Chart(Chart { src_span, caption, .. }) => {
                self.span(src_span);
                self.optional(caption);
            }
            ParsedBlock::Listing(_) => {}
        }
    }

    fn optional(self, content: &mut Option<Vec<Inline<Parsed>>>) {
        content.iter_mut().for_each(|content| self.inlines(content));
    }

    fn inlines(self, content: &mut [Inline<Parsed>]) {
        for inline in content {
            self.span(&mut inline.span);
            self.attrs(&mut inline.attrs);
            if let InlineKind::Stage(ParsedInline::Citation(citations)) = &mut inline.kind {
                citations.iter_mut().for_each(|citation| self.span(&mut citation.span));
            }
            if let Some(content) = inline.kind.children_mut() {
                self.inlines(content);
            }
        }
    }
}
